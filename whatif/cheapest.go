package whatif

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/takeover"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Acquisition says who wants to control which companies, and which shares can be bought.
// It is plain data.
type Acquisition struct {
	Buyer string `json:"buyer"` // a company or a party of the book
	// Controller is who shall control the targets. By default it is the buyer. It can be the
	// buyer's parent, or a concert by its name of [crossholding.ConcertOf].
	Controller string   `json:"controller,omitempty"`
	Targets    []string `json:"targets"` // companies that shall be controlled, all of them
	// Offers are the shares that can be bought. By default these are all shares with a price
	// in the book's market: of the targets, and of the companies through which they can be
	// controlled.
	Offers []Offer `json:"offers,omitempty"`
	// Budget is the most that may be paid, as in "500 EUR". By default there is no limit.
	Budget string `json:"budget,omitempty"`
	// Currency is that of the costs. By default it is that of the book's market, or else that
	// of the first offer.
	Currency string `json:"currency,omitempty"`
	// MaxBooks is the most sets of purchases that are made and asked who controls whom. 0
	// means 2,000.
	MaxBooks int `json:"max_books,omitempty"`
}

// Offer is shares of one class that one holder sells at one price. A holder who asks for
// more the more it sells has several offers. It is plain data.
type Offer struct {
	Seller      string `json:"seller"`                // a holder, or the float as [crossholding.FloatOf] names it
	Beneficiary string `json:"beneficiary,omitempty"` // whose shares these are, if the seller has several's in its name
	Issuer      string `json:"issuer"`
	Class       string `json:"class,omitempty"` // default: the ordinary class, or the only one
	// Shares is the most that are sold. By default it is all that the seller has.
	Shares ratio.Number `json:"shares,omitempty"`
	// Price is that of one share, as in "568.5 JPY". By default it is that of the market.
	Price string `json:"price,omitempty"`
	// Lot is the number of shares that purchases are a multiple of. By default it is the
	// trading lot of the issuer, or 1 share; of a company known only in percent, 0.01
	// percentage points.
	Lot ratio.Number `json:"lot,omitempty"`
	// Whole says that all Shares are bought together or none.
	Whole bool `json:"whole,omitempty"`
}

// Purchase is shares that are bought. It is plain data.
type Purchase struct {
	Offer  Offer              `json:"offer"`
	Shares ratio.Ratio        `json:"shares"`
	Cost   crossholding.Money `json:"cost"` // in the currency of the acquisition
	// Without says why the targets are not controlled without this purchase. OneLotLess says
	// the same of one lot less.
	Without    string `json:"without"`
	OneLotLess string `json:"one_lot_less"`
}

// Takeover is the answer of [CheapestControl]: purchases that win control, and a bound of
// the cost of all that do. It is plain data.
type Takeover struct {
	Acquisition Acquisition                  `json:"acquisition"`
	Purchases   []Purchase                   `json:"purchases"` // in the order of the offers
	Cost        crossholding.Money           `json:"cost"`
	Control     []crossholding.ControlAnswer `json:"control"` // of each target after the purchases, with its proof
	// Bound is proved: no purchases of the offers that win control cost less.
	Bound   crossholding.Money `json:"bound"`
	Optimal bool               `json:"optimal"` // Cost is Bound
	// Stopped names the cap that ended the search before Bound reached Cost.
	Stopped string                 `json:"stopped,omitempty"`
	Books   int                    `json:"books"` // sets of purchases that were made and asked
	After   *crossholding.Alliance `json:"-"`     // with the purchases made
}

// String returns the answer as a sentence.
func (t Takeover) String() string {
	parts := make([]string, len(t.Purchases))
	for i, p := range t.Purchases {
		parts[i] = fmt.Sprintf("%s shares of %s from %s for %s", p.Shares.Grouped(), p.Offer.Issuer, p.Offer.Seller, grouped(p.Cost))
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		text = "nothing"
	}
	targets := strings.Join(t.Acquisition.Targets, " and ")
	switch {
	case t.Optimal:
		return fmt.Sprintf("%s controls %s by buying %s: %s, and nothing cheaper does", t.Acquisition.controller(), targets, text, grouped(t.Cost))
	default:
		return fmt.Sprintf("%s controls %s by buying %s: %s, and nothing below %s does (%s)", t.Acquisition.controller(), targets, text, grouped(t.Cost), grouped(t.Bound), t.Stopped)
	}
}

// grouped is an amount with its digits in groups.
func grouped(m crossholding.Money) string {
	return m.Amount.GroupedDecimal(6) + " " + m.Currency
}

func (q *Acquisition) controller() string {
	if q.Controller != "" {
		return q.Controller
	}
	return q.Buyer
}

// maxStates is the most sets of controlled companies that one search opens.
const maxStates = 50_000

// These are the texts of [Takeover.Stopped].
var stoppedBy = map[takeover.Cap]string{
	takeover.CapTries:  "the search ended at MaxBooks",
	takeover.CapStates: fmt.Sprintf("the search ended at %d sets of controlled companies", maxStates),
}

// CheapestControl returns the cheapest purchases by which a buyer comes to control its
// targets, directly or through other companies. It can be cheaper to buy the majority of a
// holding company than that of the target: this is the point of pyramids. Purchases are
// made as trades of package scenario, all at one moment, and [crossholding.Control] decides
// on the changed book: votes of several classes, suspended votes, agreements and facts of
// control count as it counts them. Where the law then has several readings, control must
// not depend on them. A purchase that breaks a lock-up, a standstill or a pre-emption is not
// possible.
//
// The answer is exact, and says so, if the search ends. The search does not depend on the
// numbers of shares, but on how many companies and sellers there are, and on what the law
// may suspend: a vote that one company of a loop may lose counts in the bound as if it were
// lost, or not, whichever is cheaper for the buyer. If a cap ends the search, the answer has
// the cheapest purchases that were found, and the bound that was proved. Prices are as
// given: they do not rise with what is bought.
//
// If no purchases win control, or none within the budget, it fails with a
// [*NoControlError]. It fails with a [*crossholding.InputError] that has all faults of the
// acquisition, with [crossholding.ErrTooLarge] for more than 1,000 offers or more than
// 10,000 companies through which the targets can be controlled, with the errors of
// [crossholding.Alliance.Control], and with ctx's error.
//
// Sources: the problem "Company Controls Optimize" of the Third Answer Set Programming
// Competition (2011), for packages that are bought as a whole. S. Vitali, J.B. Glattfelder
// and S. Battiston, The Network of Global Corporate Control, PLoS ONE 6(10), 2011, measure
// control and do not optimise it. J. Nys, M. van den Heuvel, K. Schoors and B. Merlevede,
// Network control by a constrained external agent as a continuous optimization problem,
// Scientific Reports 12, 2022, optimise it by gradients, without a bound.
func CheapestControl(ctx context.Context, a *crossholding.Alliance, q Acquisition, opt Options) (Takeover, error) {
	ctx, a = given(ctx, a)
	out, err := cheapestControl(ctx, a, q, opt)
	var none *NoControlError
	if errors.As(err, &none) {
		return Takeover{}, err
	}
	return out, withPrefix(err)
}

func cheapestControl(ctx context.Context, a *crossholding.Alliance, q Acquisition, opt Options) (Takeover, error) {
	if err := progress.Stopped(ctx, "whatif"); err != nil {
		return Takeover{}, err
	}
	b := &buyout{a: a, draft: a.Draft(), q: q, opt: opt}
	if err := b.prepare(ctx); err != nil {
		return Takeover{}, err
	}
	m, err := b.prepareModel(ctx)
	if err != nil {
		return Takeover{}, err
	}
	limits := takeover.Limits{Tries: q.MaxBooks, States: maxStates, Budget: b.budget}
	if limits.Tries == 0 {
		limits.Tries = 2000
	}
	stage := progress.Count(ctx, "books", 1)
	whole, _ := m.model(make([]int64, len(b.offers)), b.most())
	caller := takeover.Caller{Wins: func(lots []int64) (bool, error) {
		why, err := b.lacks(ctx, lots)
		stage.At(b.books)
		return err == nil && why == "", err
	}}
	if m.law != nil || len(m.caps) > 0 {
		caller.Refine = m.model
	}
	r, err := takeover.Search(ctx, whole, limits, caller)
	if err != nil {
		return Takeover{}, err
	}
	stage.End()
	if r.Lots == nil {
		return Takeover{}, b.none(r)
	}
	return b.answer(ctx, r)
}

// buyout is one question of CheapestControl.
type buyout struct {
	a      *crossholding.Alliance
	draft  *crossholding.Draft // only read
	q      Acquisition
	opt    Options
	offers []pricedOffer
	budget *ratio.Ratio
	books  int
}

func (b *buyout) money(r ratio.Ratio) crossholding.Money {
	return crossholding.Money{Amount: r, Currency: b.q.Currency}
}

// steps are the purchases as trades of one moment.
func (b *buyout) steps(lots []int64) []scenario.Step {
	var out []scenario.Step
	for k, n := range lots {
		if n > 0 {
			out = append(out, b.offers[k].trade(b.q.Buyer, ratio.Int(n)))
		}
	}
	return out
}

// bought returns the book after purchases. A *StepError says that they are not possible.
func (b *buyout) bought(ctx context.Context, lots []int64) (*crossholding.Alliance, error) {
	out, err := scenario.Run(ctx, b.a, scenario.Scenario{Steps: b.steps(lots)})
	if err != nil {
		return nil, err
	}
	return out.After, nil
}

// most is the most lots of each offer.
func (b *buyout) most() []int64 {
	var out []int64
	for i := range b.offers {
		out = append(out, b.offers[i].most)
	}
	return out
}

// lacks returns why purchases do not win control, or nothing if they do.
func (b *buyout) lacks(ctx context.Context, lots []int64) (string, error) {
	b.books++
	after, err := b.bought(ctx, lots)
	if impossible(err) {
		return err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	list, err := b.control(ctx, after)
	if errors.Is(err, crossholding.ErrReadings) {
		return err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	for i := range list {
		if !list[i].Controlled {
			return list[i].String(), nil
		}
	}
	return "", nil
}

// control is the answer for each target, up to the first that is not controlled.
func (b *buyout) control(ctx context.Context, after *crossholding.Alliance) ([]crossholding.ControlAnswer, error) {
	c, err := after.Control(ctx, b.opt.Control)
	if err != nil {
		return nil, err
	}
	var out []crossholding.ControlAnswer
	for _, target := range b.q.Targets {
		w, err := c.Why(ctx, b.q.controller(), target)
		if err != nil {
			return nil, err
		}
		if out = append(out, w); !w.Controlled {
			break
		}
	}
	return out, nil
}

// answer makes the answer with its certificate. It leaves out purchases without which the
// targets are controlled too: these cost nothing, or the search was not complete.
func (b *buyout) answer(ctx context.Context, r takeover.Result) (Takeover, error) {
	lots := slices.Clone(r.Lots)
	out := Takeover{Acquisition: b.q, Purchases: []Purchase{}, Bound: b.money(r.Bound), Stopped: stoppedBy[r.Stopped]}
	without := make([]string, len(lots))
	for again := true; again; {
		again = false
		for k, n := range lots {
			if n == 0 {
				continue
			}
			lots[k] = 0
			why, err := b.lacks(ctx, lots)
			if err != nil {
				return out, err
			}
			if without[k] = why; why == "" {
				again = true
				continue
			}
			lots[k] = n
		}
	}
	for k, n := range lots {
		if n == 0 {
			continue
		}
		o := &b.offers[k]
		lots[k]--
		less, err := b.lacks(ctx, lots)
		if err != nil {
			return out, err
		}
		lots[k] = n
		cost := b.offers[k].cost.Mul(ratio.Int(n))
		out.Cost.Amount = out.Cost.Amount.Add(cost)
		out.Purchases = append(out.Purchases, Purchase{Offer: o.Offer, Shares: o.lot.Mul(ratio.Int(n)), Cost: b.money(cost), Without: without[k], OneLotLess: less})
	}
	out.Cost.Currency = b.q.Currency
	if out.Cost.Amount.Less(r.Bound) {
		out.Bound = out.Cost
	}
	if out.Optimal = out.Cost.Amount.Equal(out.Bound.Amount); out.Optimal {
		out.Stopped = ""
	}
	var err error
	if out.After, err = b.bought(ctx, lots); err != nil {
		return out, err
	}
	out.Control, err = b.control(ctx, out.After)
	out.Books = b.books
	return out, err
}

// none is the error of a search that found nothing.
func (b *buyout) none(r takeover.Result) error {
	e := &NoControlError{Acquisition: b.q, Stopped: stoppedBy[r.Stopped], Books: b.books}
	if !r.Never {
		m := b.money(r.Bound)
		e.Bound = &m
	}
	return e
}

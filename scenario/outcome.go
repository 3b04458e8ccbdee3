package scenario

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// Outcome is the result of a scenario. It is not changed after it is returned.
type Outcome struct {
	Before, After *crossholding.Alliance
	Steps         []StepResult
	Cash          []Cash // sorted by party, then currency; each currency adds up to 0
	Gains         []Gain // realized gains, in the order of steps, then lots
	Dropped       []Dropped
	Breaches      []Breach // of agreements, if the scenario only reports them

	scenario Scenario      // to repeat its steps
	recs     []checkedStep // its steps
	days     []stepDay     // of each step
	kept     keptStates
}

// StepResult is the result of one step.
type StepResult struct {
	Index  int         `json:"index"`
	Step   Step        `json:"step"`
	Shares ratio.Ratio `json:"shares"` // shares that moved
	// Residual is the number of shares by which rounding to whole lots exceeded the exact
	// amount. It is negative if fewer shares moved. From [Everyone] it is that of all holders
	// together. An offer for which too few shares are tendered has none.
	Residual ratio.Ratio `json:"residual"`
	// Paid is all the cash that the step pays. It is not set if the step pays in several
	// currencies: the postings have each payment.
	//
	//   - trade, issue, offer: To pays the price
	//   - buyback: the issuer does
	//   - restate: the beneficiary after it does
	//   - exercise: the holder of the right does
	//   - rights: who takes shares does, and To for what is left
	//   - found: the founders do
	//   - merge: Into pays the cash, and for fractions
	//   - dividend: the issuer pays it; what companies pass on of it is not counted again
	//   - pay: From pays the amount
	//
	// Fractions in cash are paid by the issuer, or if a trade or an offer is paid in shares, by who
	// delivers these, or by the issuer of new ones.
	Paid crossholding.Money `json:"paid"`
	// Fractions are the numbers of shares that the step's ratio gave and that were rounded.
	Fractions []Fraction `json:"fractions,omitempty"`
	// Postings are the entries of the step on the ledger, in the order in which it made them.
	Postings []Posting `json:"postings"`
}

// Fraction is a number of shares that the ratio of a step gave a holder and that was rounded,
// by the rule of [Step].Fractions. It is a plain value.
type Fraction struct {
	Holder string      `json:"holder"` // in whose name the shares are: a holder, a float, or the issuer for its treasury
	Issuer string      `json:"issuer"`
	Class  string      `json:"class"`
	Due    ratio.Ratio `json:"due"`  // shares by the ratio
	Made   ratio.Ratio `json:"made"` // shares after rounding
}

// String returns the fraction as a sentence.
func (f Fraction) String() string {
	return fmt.Sprintf("%s is due %s shares of %s (%s) and gets %s", f.Holder, input.Abbreviate(f.Due.String()), f.Issuer, f.Class, f.Made)
}

// Cash is the amount that one party received in one currency, minus the amount that it
// paid. It is a plain value.
type Cash struct {
	Party string `json:"party"`
	crossholding.Money
}

// String returns the party and the amount, for example "renault 119953500000 JPY".
func (c Cash) String() string { return c.Party + " " + c.Money.String() }

// Gain holds the proceeds of shares of one lot and their cost. It is a plain value.
type Gain struct {
	Step     int                `json:"step"`   // index of the step
	Holder   string             `json:"holder"` // the beneficiary
	Issuer   string             `json:"issuer"`
	Class    string             `json:"class"`
	Lot      date.Date          `json:"lot"` // day on which the shares were bought; empty if not known
	Shares   ratio.Ratio        `json:"shares"`
	Proceeds crossholding.Money `json:"proceeds"`      // as paid
	Cost     crossholding.Money `json:"cost,omitzero"` // as paid when the lot was bought; empty if not known
	Gain     crossholding.Money `json:"gain,omitzero"` // proceeds minus cost, in the cost's currency, at the market's rate on the day of the step
	// Unknown says why Gain is not known; it is nil if Gain is known. It is [crossholding.ErrNoCost],
	// or [crossholding.ErrNoPrice] if the market has no rate between the two currencies. It is a text
	// in JSON.
	Unknown error `json:"-"`
}

// MarshalJSON writes the gain with the reason why it is not known.
func (g Gain) MarshalJSON() ([]byte, error) {
	type plain Gain
	return json.Marshal(struct {
		plain
		Unknown string `json:"unknown,omitempty"`
	}{plain(g), told.Reason(g.Unknown)})
}

// String describes the step in one line.
func (r StepResult) String() string {
	s := r.Step
	shares := r.Shares.GroupedDecimal(12) + " " + s.Issuer + " shares"
	var line string
	switch s.Step {
	case StepTrade:
		line = fmt.Sprintf("%s passes %s to %s", s.giver(), shares, s.To)
		if s.ID != "" {
			line = fmt.Sprintf("right %s to %s passes to %s", s.ID, r.Shares.GroupedDecimal(12)+" shares", s.To)
		}
	case StepEntrust:
		line = fmt.Sprintf("%s entrusts %s to %s", s.From, shares, s.To)
	case StepRelease:
		line = fmt.Sprintf("%s releases %s to %s", s.From, shares, s.To)
	case StepBuyback:
		line = fmt.Sprintf("%s buys back %s from %s", s.Issuer, shares, s.giver())
		if s.Cancel {
			line += " and cancels them"
		}
	case StepCancel:
		line = fmt.Sprintf("%s cancels %s", s.Issuer, shares)
	case StepIssue:
		line = fmt.Sprintf("%s issues %s to %s", s.Issuer, shares, s.To)
	case StepAgree:
		line = fmt.Sprintf("agreement %s begins", s.Agreement.ID)
	case StepEndAgreement:
		line = fmt.Sprintf("agreement %s ends", s.ID)
	case StepAdvanceDate:
		return fmt.Sprintf("the date is %s", s.Date)
	case StepReprice:
		line = "prices change: " + strings.Join(s.quotes(), ", ")
	default:
		line = r.event()
	}
	if !r.Paid.Amount.IsZero() {
		line += fmt.Sprintf(r.paidAs(), r.Paid.Amount.GroupedDecimal(2)+" "+r.Paid.Currency)
	}
	if !r.Residual.IsZero() {
		line += fmt.Sprintf(" (%s shares from the exact amount)", r.Residual.GroupedDecimal(6))
	}
	if s.Date != "" {
		line = string(s.Date) + ": " + line
	}
	return line
}

// giver returns whom the shares come from.
func (s Step) giver() string {
	if s.From == Everyone {
		return "everyone"
	}
	return s.From
}

// paidAs returns how the sentence of the step goes on about the amount that it pays.
func (r StepResult) paidAs() string {
	switch r.Step.Step {
	case StepPay:
		return " of %s"
	case StepDividend:
		if r.Step.In == DividendShares {
			return ", with %s for fractions of a share"
		}
		return " of %s"
	case StepSplit, StepConvert, StepDistribute, StepSpinOff:
		return ", with %s for fractions of a share"
	case StepMerge:
		if !r.Shares.IsZero() {
			return " and %s"
		}
	}
	return " for %s"
}

// event describes a step that is an event of a company.
func (r StepResult) event() string {
	s := r.Step
	n := r.Shares.GroupedDecimal(12)
	switch s.Step {
	case StepRestate:
		return fmt.Sprintf("%s restates %s %s shares", s.From, n, s.Issuer)
	case StepSplit:
		return fmt.Sprintf("%s splits its shares %s, into %s", s.Issuer, s.Ratio, n)
	case StepConvert:
		return fmt.Sprintf("%s converts shares %s, into %s shares of class %s", cmp.Or(s.From, s.Issuer), s.Ratio, n, s.ToClass)
	case StepFound:
		return fmt.Sprintf("%s is founded with %s shares", s.Company.ID, n)
	case StepDistribute:
		return fmt.Sprintf("%s distributes %s %s shares", cmp.Or(s.From, s.Issuer), n, s.Asset)
	case StepSpinOff:
		return fmt.Sprintf("%s spins off %s and distributes %s of its shares", s.Issuer, s.Company.ID, n)
	case StepMerge:
		if r.Shares.IsZero() && !r.Paid.Amount.IsZero() {
			return fmt.Sprintf("%s merges into %s", s.Issuer, s.Into)
		}
		return fmt.Sprintf("%s merges into %s for %s %s shares", s.Issuer, s.Into, n, s.Into)
	case StepRights:
		return fmt.Sprintf("%s issues %s shares to its holders", s.Issuer, n)
	case StepDividend:
		if s.In == DividendShares {
			return fmt.Sprintf("%s pays a dividend of %s shares", s.Issuer, n)
		}
		return s.Issuer + " pays a dividend"
	case StepOffer:
		return fmt.Sprintf("%s buys %s %s shares that are tendered", s.To, n, s.Issuer)
	case StepExercise:
		return fmt.Sprintf("right %s becomes %s shares", s.ID, n)
	case StepGrant:
		return fmt.Sprintf("right %s is granted", s.Right.ID)
	case StepLapse:
		return fmt.Sprintf("right %s lapses for %s shares", s.ID, n)
	case StepLiquidate:
		return s.Issuer + " is wound up"
	case StepAssert, StepRetract:
		verb := "controls"
		if s.Step == StepRetract {
			verb = "no longer controls"
		}
		var list []string
		for _, f := range s.Controls {
			list = append(list, fmt.Sprintf("%s %s %s (%s)", f.Controller, verb, f.Company, f.By))
		}
		return strings.Join(list, ", ")
	case StepClass:
		return fmt.Sprintf("%s has a new class %s", s.Issuer, s.Class)
	case StepAmend:
		return s.Issuer + " changes the terms of its shares"
	case StepPay:
		return fmt.Sprintf("%s makes a payment to %s", s.From, s.To)
	}
	return string(s.Step)
}

func (s Step) quotes() []string {
	var out []string
	for k, v := range s.Prices {
		out = append(out, k+" "+v)
	}
	for k, v := range s.FX {
		out = append(out, k+" "+string(v))
	}
	slices.Sort(out)
	return out
}

var emptyOutcome = sync.OnceValue(func() *Outcome {
	return &Outcome{Before: new(crossholding.Alliance), After: new(crossholding.Alliance)}
})

func (o *Outcome) orEmpty() *Outcome {
	if o.Before == nil || o.After == nil {
		return emptyOutcome()
	}
	return o
}

// stepDay is the day of the book after one step, and whether the step and its day changed votes.
type stepDay struct {
	day                 date.Date
	stepMoves, dayMoves bool
}

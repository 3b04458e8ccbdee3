package crossholding

import (
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/strictjson"
	"github.com/crossholding/crossholding/ratio"
)

// Scenario is a list of changes, made one after the other. Plain data.
type Scenario struct {
	Name  string `json:"name,omitempty"`
	Steps []Step `json:"steps"`
}

// StepKind names what a step does.
type StepKind string

// The kinds of step. Spaces and hyphens may stand for the underscores.
const (
	StepTrade        StepKind = "trade"         // shares go from one holder to another, for cash or for nothing
	StepEntrust      StepKind = "entrust"       // a holder's own shares go into the name of a trust
	StepRelease      StepKind = "release"       // a trust's shares go back into the name of their beneficiary
	StepBuyback      StepKind = "buyback"       // the issuer takes back its own shares
	StepCancel       StepKind = "cancel"        // treasury shares cease to exist
	StepIssue        StepKind = "issue"         // new shares come into being
	StepAgree        StepKind = "agree"         // an agreement is made
	StepEndAgreement StepKind = "end_agreement" // an agreement is ended
	StepAdvanceDate  StepKind = "advance_date"  // time passes
	StepReprice      StepKind = "reprice"       // prices or exchange rates change
)

// Step is one change. Plain data; a key that the kind of step has no use for
// is an error. What each key means:
//
// Every kind takes Date: the day of the step. The book's date moves on to it
// first; it never moves back. A book without date takes it as its date.
//
//   - trade: From, To, Issuer and an amount; Price if it is paid for.
//     From may be a float, and may be the issuer, which then sells treasury
//     shares. To may be a float. With a Price, To pays it to the
//     beneficiary of the shares, whose lots realise their gain, and gets one
//     lot of the step's date. Without, nothing is paid and the lots go with
//     the shares. The shares arrive in To's own name, benefit and vote; votes
//     per share of the seller's own (double votes) end.
//   - entrust: From's own shares go into the name of To, From stays their
//     beneficiary. Nothing is paid; lots go with the shares.
//   - release: shares in the name of From go back into the name of their
//     beneficiary To. Nothing is paid; lots go with the shares.
//   - buyback: the issuer buys from From, which may be a float, and pays Price,
//     if any, to the beneficiary. The shares become treasury, or leave the
//     issued shares if Cancel is set.
//   - cancel: treasury shares leave the issued shares.
//   - issue: To, which may be a float, gets new shares and pays Price, if any,
//     to the issuer.
//   - agree: Agreement is added. end_agreement: the one with ID is removed.
//   - advance_date: only Date.
//   - reprice: Prices and FX replace those that the market has; the others
//     stay. A rate replaces that of the inverse pair.
//
// The amount is one of Shares, Percent, DownTo and UpTo.
type Step struct {
	Step   StepKind  `json:"step"`
	Note   string    `json:"note,omitempty"` // for the reader; changes nothing
	Date   date.Date `json:"date,omitempty"`
	From   string    `json:"from,omitempty"`
	To     string    `json:"to,omitempty"` // of a release: may be left out if From holds for one other only
	Issuer string    `json:"issuer,omitempty"`
	Class  string    `json:"class,omitempty"` // default "ordinary", or the only class

	// Shares is how many shares move, taken as it stands.
	Shares ratio.Number `json:"shares,omitempty"`
	// Percent is how many percent of the class's issued shares move, rounded
	// to whole lots.
	Percent ratio.Number `json:"percent,omitempty"`
	// DownTo is the stake, "15%" or "1/3", to which From comes down; of a
	// cancel, the treasury. What counts is the class's shares in From's name;
	// if it holds for several beneficiaries, those of the one concerned. UpTo
	// is the stake to which To comes up, of all shares in its name. The shares
	// that must move are solved exactly, with the change that the step makes
	// to what the stake is a fraction of, and rounded to whole lots.
	DownTo string `json:"down_to,omitempty"`
	UpTo   string `json:"up_to,omitempty"`
	// Of is what DownTo and UpTo are fractions of.
	Of StakeBase `json:"of,omitempty"`
	// Round says which way shares are rounded to whole lots.
	Round LotRounding `json:"round,omitempty"`
	// Lot is the trading unit in shares. Default: the company's, else 1. In a
	// company known only in percent, shares are rounded to 12 decimals.
	Lot ratio.Number `json:"lot,omitempty"`

	// Price is what is paid for a share, "568.5 JPY"; without currency it is
	// in the issuer's. A price of 0 is a price: the lots realise their cost
	// as a loss.
	Price string `json:"price,omitempty"`
	// Cancel says of a buyback that the shares leave the issued shares at once.
	Cancel bool `json:"cancel,omitempty"`
	// Method says which lots go first. Lots are those that a specific sale names, at
	// most 1,000, each by its date, and by price and currency where they are given;
	// Shares is the part of a lot that is sold, by default all of it. What the lots
	// leave open comes out of shares of unknown cost.
	Method LotMethod `json:"method,omitempty"`
	Lots   []Lot     `json:"lots,omitempty"`
	// Beneficiary says of a trade or buyback from a holder that holds for
	// several whose shares they are.
	Beneficiary string `json:"beneficiary,omitempty"`
	// Voter says who votes the shares that are entrusted; default [Neutral].
	Voter string `json:"voter,omitempty"`
	// Votes and VotesSince are the votes per share of the shares that arrive,
	// as in a [Stake].
	Votes      ratio.Number `json:"votes_per_share,omitempty"`
	VotesSince date.Date    `json:"votes_since,omitempty"`

	Agreement *Agreement              `json:"agreement,omitempty"`
	ID        string                  `json:"id,omitempty"`     // of the agreement that ends
	Prices    map[string]string       `json:"prices,omitempty"` // as in a [Market]
	FX        map[string]ratio.Number `json:"fx,omitempty"`     // as in a [Market]
}

// StakeBase says what a stake to arrive at is a fraction of.
type StakeBase string

// The bases of a stake.
const (
	StakeBaseIssued      StakeBase = "issued"      // all shares of the class; the default
	StakeBaseOutstanding StakeBase = "outstanding" // without treasury
)

// LotRounding says which way a number of shares is rounded to whole lots.
type LotRounding string

// The roundings. None moves more shares than there are: where the last lot is
// not whole, what there is of it goes too.
const (
	LotRoundingReach   LotRounding = "reach"   // up: the stake is reached, or passed by less than one lot; the default
	LotRoundingShort   LotRounding = "short"   // down: the stake is reached, or missed by less than one lot
	LotRoundingNearest LotRounding = "nearest" // whichever is nearer, up if both are
)

// LotMethod says which lots of a stake are sold first. Shares of unknown cost
// count as the oldest.
type LotMethod string

// The methods. Where a holder's shares differ in their votes, those with votes
// of their own go last; the method applies within each kind.
const (
	LotMethodFIFO     LotMethod = "fifo"     // the oldest first; the default
	LotMethodLIFO     LotMethod = "lifo"     // the newest first
	LotMethodAverage  LotMethod = "average"  // all lots at their average cost, if it is known of all shares; needs a price
	LotMethodSpecific LotMethod = "specific" // those that Lots names
)

// ReadScenario reads a scenario as JSON and checks all of it that can be
// checked without a book. Numbers may be JSON strings or numbers; unknown keys
// are errors. Everything wrong is reported in one [*InputError].
func ReadScenario(r io.Reader) (Scenario, error) {
	var s Scenario
	if err := decodeJSON(r, &s); err != nil {
		return Scenario{}, err
	}
	return s.checked()
}

// WriteScenario writes s as JSON in canonical form, one step a line: the same
// scenario gives the same bytes, whatever notation its numbers came in. It
// fails as [ReadScenario] does if the scenario is not valid.
func WriteScenario(w io.Writer, s Scenario) error {
	s, err := s.checked()
	if err != nil {
		return err
	}
	return strictjson.Encode(w, s)
}

// checked returns s in canonical form.
func (s Scenario) checked() (Scenario, error) {
	var f faults
	out := Scenario{Name: s.Name, Steps: make([]Step, len(s.Steps))}
	for i := range s.Steps {
		rec := f.step(fmt.Sprintf("steps[%d]", i), &s.Steps[i])
		out.Steps[i] = rec.Step
	}
	return out, f.err()
}

// A StepError says that a step of a scenario could not be made. Nothing is
// changed then, by this step or by those before it. It unwraps to [ErrStep]
// and to the kind of its reason.
type StepError struct {
	Index  int   // of the step, from 0
	Step   Step  // as given
	Reason error // what was wrong, naming the companies and figures
}

func (e *StepError) Error() string {
	return fmt.Sprintf("crossholding: steps[%d] (%s): %s", e.Index, e.Step.Step, unprefixed(e.Reason))
}

// Unwrap returns [ErrStep] and the reason.
func (e *StepError) Unwrap() []error { return []error{ErrStep, e.Reason} }

func unprefixed(err error) string { return strings.TrimPrefix(err.Error(), "crossholding: ") }

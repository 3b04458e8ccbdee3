package crossholding

import (
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/strictjson"
	"github.com/crossholding/crossholding/ratio"
)

// Scenario is a list of changes, which are made one after another. It is plain data.
type Scenario struct {
	Name  string `json:"name,omitempty"`
	Steps []Step `json:"steps"`
}

// StepKind names what a step does.
type StepKind string

// These are the kinds of steps. A space or a hyphen may replace an underscore.
const (
	StepTrade        StepKind = "trade"         // shares go from one holder to another, for cash or for nothing
	StepEntrust      StepKind = "entrust"       // a holder's own shares go into the name of a trust
	StepRelease      StepKind = "release"       // a trust's shares go back into the name of their beneficiary
	StepBuyback      StepKind = "buyback"       // the issuer takes back its own shares
	StepCancel       StepKind = "cancel"        // treasury shares cease to exist
	StepIssue        StepKind = "issue"         // new shares are created
	StepAgree        StepKind = "agree"         // an agreement is added
	StepEndAgreement StepKind = "end_agreement" // an agreement is ended
	StepAdvanceDate  StepKind = "advance_date"  // the date moves
	StepReprice      StepKind = "reprice"       // prices or exchange rates change
)

// Step is one change. It is plain data. A key that its kind of step does not use is an
// error.
//
// Every kind of step can have a Date: the day of the step. The book's date moves to it
// before the step; it never moves back. A book without a date takes it as its date.
//
//   - trade: shares go from From to To, with Issuer and an amount. From may be a float, or the
//     issuer, which then sells treasury shares. To may be a float. With a Price, To pays it to
//     the beneficiary of the shares; the beneficiary's lots realize their gain, and To gets one
//     lot with the step's date. Without a Price nothing is paid, and the lots go with the
//     shares. To becomes holder, beneficiary and voter of the shares. The seller's own votes
//     per share (double votes) end.
//   - entrust: From's own shares go into the name of To. From stays their beneficiary. Nothing
//     is paid, and the lots go with the shares.
//   - release: shares in the name of From go back into the name of their beneficiary To.
//     Nothing is paid, and the lots go with the shares.
//   - buyback: the issuer takes shares from From, which may be a float. With a Price, the
//     issuer pays it to the beneficiary. The shares become treasury. If Cancel is set, they
//     leave the issued shares instead.
//   - cancel: treasury shares leave the issued shares.
//   - issue: To, which may be a float, gets new shares. With a Price, To pays it to the issuer.
//   - agree: Agreement is added.
//   - end_agreement: the agreement with ID is removed.
//   - advance_date: only the date moves.
//   - reprice: Prices and FX replace the market's prices and rates for the same keys. A rate
//     also replaces the rate of the inverse pair. Other prices and rates stay.
//
// The amount is exactly one of Shares, Percent, DownTo and UpTo.
type Step struct {
	Step   StepKind  `json:"step"`
	Note   string    `json:"note,omitempty"` // for the reader; has no effect
	Date   date.Date `json:"date,omitempty"`
	From   string    `json:"from,omitempty"`
	To     string    `json:"to,omitempty"` // a release may omit it if From holds for only one other
	Issuer string    `json:"issuer,omitempty"`
	Class  string    `json:"class,omitempty"` // default "ordinary", or the only class

	// Shares is the number of shares that move. It is not rounded.
	Shares ratio.Number `json:"shares,omitempty"`
	// Percent is the part of the class's issued shares that moves, in percent. The number
	// of shares is rounded to whole lots.
	Percent ratio.Number `json:"percent,omitempty"`
	// DownTo is From's stake after the step, "15%" or "1/3"; in a cancel, the treasury
	// after the step. It counts the shares of the class in From's name; if From holds for
	// several beneficiaries, those of the beneficiary of this step. UpTo is To's stake
	// after the step and counts all shares in To's name. The number of shares is computed
	// so that the stake is exact after the step, even if an issue or a cancellation
	// changes the total. It is then rounded to whole lots.
	DownTo string `json:"down_to,omitempty"`
	UpTo   string `json:"up_to,omitempty"`
	// Of is the total of which DownTo and UpTo are fractions.
	Of StakeBase `json:"of,omitempty"`
	// Round says how the number of shares is rounded to whole lots.
	Round LotRounding `json:"round,omitempty"`
	// Lot is the trading unit in shares. Default: the company's lot, or else 1. In a
	// company known only in percent, shares are rounded to 12 decimals.
	Lot ratio.Number `json:"lot,omitempty"`

	// Price is the price of one share, such as "568.5 JPY". Without a currency it is in
	// the issuer's currency. If the price is 0, the lots realize their cost as a loss.
	Price string `json:"price,omitempty"`
	// Cancel removes the shares of a buyback from the issued shares at once.
	Cancel bool `json:"cancel,omitempty"`
	// Method says which lots are used first. Lots are the lots of a specific sale, at most
	// 1,000. Each is named by its date, and by Price and Currency if there are several lots
	// of one day. Shares is the part of the lot that is sold, by default all of it.
	// The remaining shares must be shares of unknown cost.
	Method LotMethod `json:"method,omitempty"`
	Lots   []Lot     `json:"lots,omitempty"`
	// Beneficiary is the owner of the shares in a trade or a buyback. It is needed if From
	// holds for several beneficiaries.
	Beneficiary string `json:"beneficiary,omitempty"`
	// Voter is the party that votes the entrusted shares. Default: [Neutral].
	Voter string `json:"voter,omitempty"`
	// Votes and VotesSince are the votes per share that the shares have with To, as in a
	// [Stake].
	Votes      ratio.Number `json:"votes_per_share,omitempty"`
	VotesSince date.Date    `json:"votes_since,omitempty"`

	Agreement *Agreement              `json:"agreement,omitempty"`
	ID        string                  `json:"id,omitempty"`     // the agreement that ends
	Prices    map[string]string       `json:"prices,omitempty"` // as in a [Market]
	FX        map[string]ratio.Number `json:"fx,omitempty"`     // as in a [Market]
}

// StakeBase is the total of which DownTo and UpTo are fractions.
type StakeBase string

// The totals.
const (
	StakeBaseIssued      StakeBase = "issued"      // all shares of the class; the default
	StakeBaseOutstanding StakeBase = "outstanding" // the shares of the class without treasury
)

// LotRounding says how a number of shares is rounded to whole lots.
type LotRounding string

// The roundings. A step never moves more shares than there are: if the last lot is not
// whole, its remaining shares move too.
const (
	LotRoundingReach   LotRounding = "reach"   // up: the stake reaches the target or passes it by less than one lot; the default
	LotRoundingShort   LotRounding = "short"   // down: the stake reaches the target or misses it by less than one lot
	LotRoundingNearest LotRounding = "nearest" // to the nearest lot; up if two are equally near
)

// LotMethod says which lots of a stake are used first. Shares of unknown cost count as the
// oldest lot.
type LotMethod string

// The methods. If a holder has shares with votes per share of their own, these are used
// last. The method applies to each of the two kinds.
const (
	LotMethodFIFO     LotMethod = "fifo"     // the oldest first; the default
	LotMethodLIFO     LotMethod = "lifo"     // the newest first
	LotMethodAverage  LotMethod = "average"  // all lots at their average cost; needs a price and the cost of every share
	LotMethodSpecific LotMethod = "specific" // the lots named in Lots
)

// ReadScenario reads a scenario as JSON and checks everything that does not need a book.
// Numbers may be JSON strings or numbers. Unknown keys are errors. All faults are returned
// in one [*InputError].
func ReadScenario(r io.Reader) (Scenario, error) {
	var s Scenario
	if err := decodeJSON(r, &s); err != nil {
		return Scenario{}, err
	}
	return s.checked()
}

// WriteScenario writes s as JSON in canonical form, with one step on each line. The same
// scenario always gives the same bytes, in whatever notation its numbers were given. If
// the scenario is not valid, the errors are those of [ReadScenario].
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

// A StepError says that a step of a scenario failed. The alliance is not changed by this
// step or by steps before it. It unwraps to [ErrStep] and to the reason.
type StepError struct {
	Index  int   // of the step, from 0
	Step   Step  // as it was given
	Reason error // what is wrong, with the companies and figures
}

func (e *StepError) Error() string {
	return fmt.Sprintf("crossholding: steps[%d] (%s): %s", e.Index, e.Step.Step, unprefixed(e.Reason))
}

// Unwrap returns [ErrStep] and the reason.
func (e *StepError) Unwrap() []error { return []error{ErrStep, e.Reason} }

func unprefixed(err error) string { return strings.TrimPrefix(err.Error(), "crossholding: ") }

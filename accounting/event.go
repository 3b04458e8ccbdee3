package accounting

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// EventKind says what happened to a stake. The zero value is no kind, and [RollForward]
// refuses it.
type EventKind string

// These are the kinds of event.
const (
	Purchase     EventKind = "purchase"      // the investor buys Shares for Amount
	Profit       EventKind = "profit"        // profit (or loss, below 0) of the investee
	OtherIncome  EventKind = "other_income"  // other comprehensive income of the investee
	EquityChange EventKind = "equity_change" // other changes of the investee's net assets
	Dividend     EventKind = "dividend"      // dividend of the investee
	Disposal     EventKind = "disposal"      // the investor sells Shares for Amount
	Issue        EventKind = "issue"         // the investee issues Shares for Amount
	Buyback      EventKind = "buyback"       // the investee cancels Shares that it paid Amount for
	Impairment   EventKind = "impairment"    // the investor writes Amount off
	Reversal     EventKind = "reversal"      // the investor writes Amount of earlier impairment up
	FairValue    EventKind = "fair_value"    // the method ends; what is left is worth Amount
)

// Event is one event in the life of a stake. Which fields count depends on the kind. It is
// plain data, and the zero value is no event.
type Event struct {
	Date date.Date `json:"date,omitempty"` // may be empty; dates must not go back
	Kind EventKind `json:"kind"`
	// Shares are bought, sold, issued or cancelled. Other kinds have none.
	Shares ratio.Ratio `json:"shares,omitzero"`
	// Amount is money. Profit, OtherIncome, EquityChange and Dividend state the whole
	// investee's, and the investor has its interest in it.
	Amount ratio.Ratio `json:"amount"`
	// Own says that Amount is the investor's part already. It is for Profit, OtherIncome,
	// EquityChange and Dividend.
	Own bool `json:"own,omitempty"`
	// Kept says that an OtherIncome never goes to profit, as remeasurements of pensions.
	Kept bool `json:"kept,omitempty"`
	// Taken are those shares of an Issue that the investor takes and pays for, at the same
	// price as everybody.
	Taken ratio.Ratio `json:"taken,omitzero"`
	// NetAssets are the investee's net assets before a Buyback. If they are given, what the
	// investor's part of net assets rises or falls by is profit. If they are 0, the carrying
	// amount stays: the rise of the interest has no cost of its own.
	NetAssets ratio.Ratio `json:"net_assets,omitzero"`
	Note      string      `json:"note,omitempty"`
}

// Position is a stake in one company at one moment. It is plain data. The zero value is no
// stake in a company without shares.
type Position struct {
	Shares      ratio.Ratio `json:"shares"`      // of the investor
	Outstanding ratio.Ratio `json:"outstanding"` // of the investee, above 0; 100 if only percentages are known
	Carrying    ratio.Ratio `json:"carrying"`    // 0 or more
	// OtherIncome is what was taken to other comprehensive income so far and goes to
	// profit when the shares go.
	OtherIncome ratio.Ratio `json:"other_income"`
	Impairment  ratio.Ratio `json:"impairment"` // written off and not reversed, of the shares still held
	// Unrecognised is losses beyond the carrying amount. Later gains count only after they
	// have made up for it.
	Unrecognised ratio.Ratio `json:"unrecognised"`
	Ended        bool        `json:"ended,omitempty"` // the equity method is no longer used
}

// Interest returns the investor's fraction of the shares, and 0 if there are no shares.
func (p Position) Interest() ratio.Ratio {
	if p.Outstanding.IsZero() {
		return ratio.Ratio{}
	}
	return p.Shares.Div(p.Outstanding)
}

// check reports what is wrong with a position.
func (p Position) check(f *faults) {
	const at = "start"
	for _, x := range []struct {
		what string
		r    ratio.Ratio
	}{{"shares", p.Shares}, {"outstanding", p.Outstanding}, {"carrying", p.Carrying}, {"impairment", p.Impairment}, {"unrecognised", p.Unrecognised}} {
		f.positive(at, x.what, x.r)
	}
	f.sized(at, "other income", p.OtherIncome)
	switch {
	case p.Outstanding.IsZero():
		f.add(at, crossholding.ErrMissing, "no outstanding shares are given; give 100 if only percentages are known")
	case p.Shares.IsZero() && !(p.Carrying.IsZero() && p.OtherIncome.IsZero()):
		f.add(at, crossholding.ErrRange, "no shares, but a carrying amount of %s and other income of %s", brief(p.Carrying), brief(p.OtherIncome))
	case p.Outstanding.Less(p.Shares):
		f.add(at, crossholding.ErrRange, "%s shares of %s outstanding", brief(p.Shares), brief(p.Outstanding))
	}
}

// needs says which fields a kind of event has.
type needs struct{ shares, signed, own, kept, taken, netAssets bool }

var kinds = map[EventKind]needs{
	Purchase: {shares: true}, Disposal: {shares: true}, Issue: {shares: true, taken: true}, Buyback: {shares: true, netAssets: true},
	Profit: {signed: true, own: true}, OtherIncome: {signed: true, own: true, kept: true}, EquityChange: {signed: true, own: true},
	Dividend: {own: true}, Impairment: {}, Reversal: {}, FairValue: {},
}

// check reports what is wrong with the form of an event.
func (e Event) check(f *faults, at string) {
	need, ok := kinds[e.Kind]
	if !ok {
		f.add(at, crossholding.ErrUnknown, "kind %s of event", quote(string(e.Kind)))
		return
	}
	if e.Date != "" && !e.Date.Valid() {
		f.add(at, crossholding.ErrDate, "%s is not a day such as 2024-03-28", quote(string(e.Date)))
	}
	if need.signed {
		f.sized(at, "amount", e.Amount)
	} else {
		f.positive(at, "amount", e.Amount)
	}
	f.positive(at, "shares", e.Shares)
	f.positive(at, "shares taken", e.Taken)
	f.sized(at, "net assets", e.NetAssets)
	f.form(e, need, at)
}

// form reports fields that a kind of event needs and does not have, or has and must not.
func (f *faults) form(e Event, need needs, at string) {
	for _, x := range []struct {
		what        string
		given, used bool
	}{{"shares", !e.Shares.IsZero(), need.shares}, {"own", e.Own, need.own}, {"kept", e.Kept, need.kept},
		{"shares taken", !e.Taken.IsZero(), need.taken}, {"net assets", !e.NetAssets.IsZero(), need.netAssets}} {
		if x.given && !x.used {
			f.add(at, crossholding.ErrRange, "an event of kind %s has no %s", e.Kind, x.what)
		}
	}
	if need.shares && e.Shares.IsZero() {
		f.add(at, crossholding.ErrMissing, "how many shares does the %s concern?", e.Kind)
	}
	if e.Shares.Less(e.Taken) {
		f.add(at, crossholding.ErrRange, "the investor takes %s of %s issued shares", brief(e.Taken), brief(e.Shares))
	}
}

// checkEvents reports what is wrong with the form of all events.
func checkEvents(f *faults, events []Event) {
	if len(events) > MaxEvents {
		f.add("events", crossholding.ErrTooLarge, "%d events, and at most %d are allowed", len(events), MaxEvents)
		return
	}
	last := date.Date("")
	for i, e := range events {
		at := place("events", i)
		e.check(f, at)
		if e.Date == "" || !e.Date.Valid() {
			continue
		}
		if e.Date < last {
			f.add(at, crossholding.ErrDate, "%s comes after an event of %s", e.Date, last)
		}
		last = e.Date
	}
}

// String returns the event in a few words, such as "2024-03-28 disposal".
func (e Event) String() string {
	if e.Date == "" {
		return string(e.Kind)
	}
	return fmt.Sprintf("%s %s", e.Date, e.Kind)
}

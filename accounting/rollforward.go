package accounting

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// MaxEvents is the largest number of events of one [RollForward].
const MaxEvents = 10_000

// maxCarryingBits bounds the fractions of a carrying amount. Each disposal and each issue
// can make them longer.
const maxCarryingBits = 1 << 20

// Movement is what one event does to the carrying amount. It is plain data. Its figures
// balance: Change + Cash = Profit + OtherIncome + Equity.
type Movement struct {
	Event    Event       `json:"event"`
	Interest ratio.Ratio `json:"interest"` // of the investor after the event, 0..1
	Opening  ratio.Ratio `json:"opening"`  // carrying amount before
	Change   ratio.Ratio `json:"change"`
	Closing  ratio.Ratio `json:"closing"` // carrying amount after
	Result
	Because string `json:"because"`
}

// Result is where the effects of events go in the investor's accounts. It is plain data.
type Result struct {
	Cash        ratio.Ratio `json:"cash"`         // received; below 0: paid
	Profit      ratio.Ratio `json:"profit"`       // in the income statement
	OtherIncome ratio.Ratio `json:"other_income"` // in other comprehensive income; below 0 when it goes to profit
	Equity      ratio.Ratio `json:"equity"`       // directly in equity
}

// Roll is the history of a carrying amount. It is plain data.
type Roll struct {
	Opening   Position   `json:"opening"`
	Movements []Movement `json:"movements"` // one for each event
	Closing   Position   `json:"closing"`
	Total     Result     `json:"total"`
}

// RollForward follows the carrying amount of a stake by the equity method, from a first
// position through events in their order (IAS 28, 10 and 11; package documentation, Sources).
//
//   - Profit, OtherIncome and EquityChange move the carrying amount by the investor's
//     interest in them. A dividend lowers it. A dividend of more than the carrying amount is
//     profit for the rest (not verified).
//   - The carrying amount does not fall below 0. Losses beyond it are kept unrecognised, and
//     later gains first make up for them (IAS 28, 38; ASC 323-10-35-20 and 35-22).
//   - A disposal takes the carrying amount along in proportion to the shares, and with it
//     the other income so far, which goes to profit. Profit is the proceeds, less the
//     carrying amount, plus this other income.
//   - An issue that lowers the interest counts as a sale of the interest lost (ASC 323-10-40-1,
//     not verified): profit is the new interest in what the investee receives, less the
//     investor's own payment, less the carrying amount of the interest lost. If the interest
//     does not fall, the investor's payment is added to the carrying amount.
//   - A fair value ends the method: what is left is carried at fair value, the difference is
//     profit, and all other income goes to profit (IAS 28, 22 and 23).
//
// The interest is that before the event. An event in two steps, such as a sale of shares to
// the investee that cancels them, is two events. Money paid in later does not make up for
// losses.
//
// It fails with [crossholding.ErrUnknown] for an unknown kind, [crossholding.ErrRange] for figures
// that cannot be, such as more shares sold than held, [crossholding.ErrMissing] for shares that are
// not given, [crossholding.ErrDate] for days that are none or go back, [crossholding.ErrTooLarge]
// beyond [MaxEvents] or for fractions of over a million bits, and with ctx's error when ctx is done.
// Faults in the form of events are reported all at once. An event that the stake cannot have, after
// those before it, is reported alone. It takes time in proportion to the events times the length of
// the fractions, which grow with the disposals and issues.
func RollForward(ctx context.Context, start Position, events []Event) (Roll, error) {
	ctx, err := begin(ctx)
	if err != nil {
		return Roll{}, err
	}
	var f faults
	start.check(&f)
	checkEvents(&f, events)
	if err := f.err(); err != nil {
		return Roll{}, err
	}
	r := Roll{Opening: start, Movements: make([]Movement, 0, len(events))}
	p := start
	stage := progress.Start(ctx, "events", len(events), 1<<8)
	for i, e := range events {
		stage.At(i)
		if err := progress.Stopped(ctx, "accounting"); err != nil {
			return Roll{}, err
		}
		m := Movement{Event: e, Opening: p.Carrying}
		if p.apply(&f, place("events", i), &m); f.err() != nil {
			return Roll{}, f.err() // what follows depends on it
		}
		m.Interest, m.Closing, m.Change = p.Interest(), p.Carrying, p.Carrying.Sub(m.Opening)
		r.Movements = append(r.Movements, m)
		r.Total = r.Total.add(m.Result)
		if bits := p.Carrying.Denom().BitLen(); bits > maxCarryingBits {
			return Roll{}, fmt.Errorf("accounting: events[%d]: the carrying amount needs fractions of %d bits: %w", i, bits, crossholding.ErrTooLarge)
		}
	}
	stage.End()
	r.Closing = p
	return r, nil
}

func (r Result) add(s Result) Result {
	return Result{r.Cash.Add(s.Cash), r.Profit.Add(s.Profit), r.OtherIncome.Add(s.OtherIncome), r.Equity.Add(s.Equity)}
}

// apply carries out one event, and writes what it does into m.
func (p *Position) apply(f *faults, at string, m *Movement) {
	e := m.Event
	switch {
	case p.Ended:
		f.add(at, crossholding.ErrRange, "%s after the equity method ended", e.Kind)
		return
	case p.Shares.IsZero() && !kinds[e.Kind].shares:
		f.add(at, crossholding.ErrRange, "%s of %s, but the investor holds no shares", e.Kind, brief(e.Amount))
		return
	}
	switch e.Kind {
	case Profit, OtherIncome, EquityChange:
		p.income(m)
	case Dividend:
		p.dividend(m)
	case Purchase:
		p.purchase(f, at, m)
	case Disposal:
		p.disposal(f, at, m)
	case Issue:
		p.issue(m)
	case Buyback:
		p.buyback(f, at, m)
	case Impairment, Reversal:
		p.impairment(f, at, m)
	case FairValue:
		p.fairValue(m)
	}
}

// part returns the investor's part of an event's amount, and says how it comes about.
func (p *Position) part(e Event, what string) (ratio.Ratio, string) {
	if e.Own {
		return e.Amount, fmt.Sprintf("the investor's part of the investee's %s is %s", what, figure(e.Amount))
	}
	own := p.Interest().Mul(e.Amount)
	return own, fmt.Sprintf("%s of the investee's %s of %s is %s", p.Interest().ShortPercent(), what, figure(e.Amount), figure(own))
}

// recognise moves the carrying amount by a gain or a loss, as far as it can. It returns how
// much of it counts, and a part of a sentence if that is not all.
func (p *Position) recognise(own ratio.Ratio) (counts ratio.Ratio, because string) {
	if own.Sign() < 0 {
		counts = ratio.Min(own.Neg(), p.Carrying).Neg()
		p.Unrecognised = p.Unrecognised.Add(counts.Sub(own))
	} else {
		madeUp := ratio.Min(own, p.Unrecognised)
		counts, p.Unrecognised = own.Sub(madeUp), p.Unrecognised.Sub(madeUp)
	}
	p.Carrying = p.Carrying.Add(counts)
	if !counts.Equal(own) {
		because = fmt.Sprintf("; %s of it counts, and losses of %s are unrecognised then", figure(counts), figure(p.Unrecognised))
	}
	return counts, because
}

func (p *Position) income(m *Movement) {
	what := map[EventKind]string{Profit: "profit", OtherIncome: "other income", EquityChange: "other change of net assets"}[m.Event.Kind]
	own, because := p.part(m.Event, what)
	counts, less := p.recognise(own)
	m.Because = because + less
	switch m.Event.Kind {
	case Profit:
		m.Profit = counts
	case EquityChange:
		m.Equity = counts
	default:
		m.OtherIncome = counts
		if !m.Event.Kept {
			p.OtherIncome = p.OtherIncome.Add(counts)
		}
	}
}

func (p *Position) dividend(m *Movement) {
	own, because := p.part(m.Event, "dividend")
	m.Cash, m.Because = own, because
	lowers := ratio.Min(own, p.Carrying)
	if m.Profit = own.Sub(lowers); !m.Profit.IsZero() {
		m.Because += fmt.Sprintf("; the carrying amount was %s, so the rest is profit", figure(p.Carrying))
	}
	p.Carrying = p.Carrying.Sub(lowers)
}

func (p *Position) purchase(f *faults, at string, m *Movement) {
	e := m.Event
	if held := p.Shares.Add(e.Shares); p.Outstanding.Less(held) {
		f.add(at, crossholding.ErrRange, "the investor then has %s shares of %s outstanding", brief(held), brief(p.Outstanding))
		return
	}
	p.Shares, p.Carrying = p.Shares.Add(e.Shares), p.Carrying.Add(e.Amount)
	m.Cash = e.Amount.Neg()
	m.Because = fmt.Sprintf("%s shares bought for %s bring the interest to %s", figure(e.Shares), figure(e.Amount), p.Interest().ShortPercent())
}

// shrink takes a fraction out of the carrying amount and all that belongs to it. It returns
// the carrying amount and the other income that go.
func (p *Position) shrink(fraction ratio.Ratio) (carrying, recycled ratio.Ratio) {
	carrying, recycled = p.Carrying.Mul(fraction), p.OtherIncome.Mul(fraction)
	p.Carrying, p.OtherIncome = p.Carrying.Sub(carrying), p.OtherIncome.Sub(recycled)
	p.Impairment = p.Impairment.Sub(p.Impairment.Mul(fraction))
	p.Unrecognised = p.Unrecognised.Sub(p.Unrecognised.Mul(fraction))
	return carrying, recycled
}

func (p *Position) disposal(f *faults, at string, m *Movement) {
	e := m.Event
	if p.Shares.Less(e.Shares) {
		f.add(at, crossholding.ErrRange, "%s shares sold of %s held", brief(e.Shares), brief(p.Shares))
		return
	}
	fraction, held, before := e.Shares.Div(p.Shares), p.Shares, p.Carrying
	carrying, recycled := p.shrink(fraction)
	p.Shares = p.Shares.Sub(e.Shares)
	m.Cash, m.Profit, m.OtherIncome = e.Amount, e.Amount.Sub(carrying).Add(recycled), recycled.Neg()
	m.Because = fmt.Sprintf("%s of %s shares take %s of the carrying amount of %s along and bring %s%s: %s",
		figure(e.Shares), figure(held), figure(carrying), figure(before), figure(e.Amount), fromOther(recycled), gainOrLoss(m.Profit))
}

// fromOther says in a sentence that other income goes to profit.
func fromOther(recycled ratio.Ratio) string {
	if recycled.IsZero() {
		return ""
	}
	return fmt.Sprintf(", and other income of %s goes to profit", figure(recycled))
}

// gainOrLoss names the sign of a profit.
func gainOrLoss(r ratio.Ratio) string {
	switch {
	case r.Sign() < 0:
		return "a loss of " + figure(r.Neg())
	case r.Sign() > 0:
		return "a gain of " + figure(r)
	}
	return "neither gain nor loss"
}

func (p *Position) issue(m *Movement) {
	e, before := m.Event, p.Interest()
	paid := e.Amount.Mul(e.Taken).Div(e.Shares)
	p.Outstanding, p.Shares = p.Outstanding.Add(e.Shares), p.Shares.Add(e.Taken)
	after := p.Interest()
	m.Cash = paid.Neg()
	m.Because = fmt.Sprintf("%s new shares for %s change the interest from %s to %s", figure(e.Shares), figure(e.Amount), before.ShortPercent(), after.ShortPercent())
	if !after.Less(before) {
		p.Carrying = p.Carrying.Add(paid)
		return
	}
	lost, recycled := p.shrink(before.Sub(after).Div(before))
	received := after.Mul(e.Amount)
	p.Carrying = p.Carrying.Add(paid)
	counts, less := p.recognise(received.Sub(paid))
	m.Profit, m.OtherIncome = counts.Sub(lost).Add(recycled), recycled.Neg()
	m.Because += fmt.Sprintf("; its part of the %s is %s%s%s, and the interest lost was carried at %s%s: %s",
		figure(e.Amount), figure(received), paidItself(paid), less, figure(lost), fromOther(recycled), gainOrLoss(m.Profit))
}

// paidItself says in a sentence what the investor pays itself.
func paidItself(paid ratio.Ratio) string {
	if paid.IsZero() {
		return ""
	}
	return fmt.Sprintf(", of which it pays %s itself", figure(paid))
}

func (p *Position) buyback(f *faults, at string, m *Movement) {
	e, before := m.Event, p.Interest()
	left := p.Outstanding.Sub(e.Shares)
	if left.Less(p.Shares) || left.Sign() <= 0 {
		f.add(at, crossholding.ErrRange, "%s shares cancelled of %s, of which the investor has %s", brief(e.Shares), brief(p.Outstanding), brief(p.Shares))
		return
	}
	p.Outstanding = left
	after := p.Interest()
	m.Because = fmt.Sprintf("%s shares cancelled raise the interest from %s to %s", figure(e.Shares), before.ShortPercent(), after.ShortPercent())
	if e.NetAssets.IsZero() {
		return
	}
	then, now := before.Mul(e.NetAssets), after.Mul(e.NetAssets.Sub(e.Amount))
	counts, less := p.recognise(now.Sub(then))
	m.Profit = counts
	m.Because += fmt.Sprintf("; its part of net assets was %s and is %s, since the investee paid %s%s", figure(then), figure(now), figure(e.Amount), less)
}

func (p *Position) impairment(f *faults, at string, m *Movement) {
	e := m.Event
	most, what := p.Carrying, "carrying amount"
	if e.Kind == Reversal {
		most, what = p.Impairment, "impairment not yet reversed"
	}
	if most.Less(e.Amount) {
		f.add(at, crossholding.ErrRange, "%s of %s is more than the %s of %s", e.Kind, brief(e.Amount), what, brief(most))
		return
	}
	change := e.Amount
	if e.Kind == Impairment {
		change = change.Neg()
	}
	p.Carrying, p.Impairment = p.Carrying.Add(change), p.Impairment.Sub(change)
	m.Profit = change
	m.Because = fmt.Sprintf("%s of %s leaves %s", e.Kind, figure(e.Amount), figure(p.Carrying))
}

func (p *Position) fairValue(m *Movement) {
	e, before, recycled := m.Event, p.Carrying, p.OtherIncome
	m.Profit, m.OtherIncome = e.Amount.Sub(before).Add(recycled), recycled.Neg()
	m.Because = fmt.Sprintf("the equity method ends: what was carried at %s is worth %s%s: %s",
		figure(before), figure(e.Amount), fromOther(recycled), gainOrLoss(m.Profit))
	p.Carrying, p.OtherIncome, p.Impairment, p.Unrecognised, p.Ended = e.Amount, ratio.Ratio{}, ratio.Ratio{}, ratio.Ratio{}, true
}

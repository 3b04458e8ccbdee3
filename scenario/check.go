package scenario

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// checkedStep is a step after all checks that do not need a book. It does not change once [Run] has
// made the step, because all who repeat the steps of an outcome read the same one at the same time.
type checkedStep struct {
	*Step                     // in canonical form; in a scenario it is that of the step's result
	amount ratio.Ratio        // the number of Shares, Percent, DownTo or UpTo
	lot    ratio.Ratio        // 0 if not given
	price  crossholding.Money // in input.NoCurrency if it has no currency
	cost   crossholding.Money // likewise
	money  crossholding.Money // of Cash, PerShare, Total or Amount, likewise
	votes  ratio.Ratio
	picks  []ledger.Pick // of Lots

	ratio, forRatio, keep     ratio.Ratio
	classVotes, classDividend ratio.Ratio
	costShares, passOn        map[string]ratio.Ratio
	takes                     map[string]taken // of Takes or Tendered
	founders                  []founderRecord
}

// hasAmount reports whether the step says how many shares it is about.
func (s *checkedStep) hasAmount() bool {
	return s.Shares != "" || s.Percent != "" || s.DownTo != "" || s.UpTo != ""
}

// taken is what a holder takes or tenders.
type taken struct {
	all, percent bool
	n            ratio.Ratio // shares, or the fraction of what is due
}

// of returns the number of shares, of those due.
func (t taken) of(due ratio.Ratio) ratio.Ratio {
	if t.percent {
		return due.Mul(t.n)
	}
	return t.n
}

type founderRecord struct {
	shares      ratio.Ratio
	price, cost crossholding.Money
}

// underscores replaces the blanks and hyphens of a kind of step.
var underscores = strings.NewReplacer(" ", "_", "-", "_")

// step checks a step and sets rec to its canonical form, which shares no memory with in. It
// writes over the step that rec has.
func (f *faults) step(place string, in *Step, rec *checkedStep) {
	*rec.Step = *in
	rec.Step.Step = StepKind(underscores.Replace(string(in.Step)))
	kind := kindOf(rec.Step.Step)
	switch {
	case in.Step == "":
		f.Add(input.Join(place, "step"), crossholding.ErrMissing, "no step: which kind is it?")
	case kind == nil:
		oneOf(f, input.Join(place, "step"), in.Step, kindNames()...)
	case kind.kind == StepTrade && in.ID != "":
		f.stepKeys(place, rec.Step, rightTradeKeys)
	default:
		f.stepKeys(place, rec.Step, kind.keys)
	}
	f.Date(input.Join(place, "date"), in.Date)
	f.stepAmount(place, rec)
	f.stepChoices(place, in)
	f.stepLots(place, rec)
	if in.Price != "" {
		rec.price = crossholding.Money(f.Price(input.Join(place, "price"), in.Price, input.NoCurrency))
		rec.Price = moneyText(rec.price)
	}
	f.Date(input.Join(place, "votes_since"), in.VotesSince)
	rec.votes, rec.Votes = f.count(input.Join(place, "votes_per_share"), in.Votes)
	if in.VotesSince != "" && in.Votes == "" {
		f.Add(input.Join(place, "votes_since"), crossholding.ErrMissing, "votes_since without votes_per_share")
	}
	f.stepTerms(place, rec)
	if in.Agreement != nil {
		a := *in.Agreement
		a.Holders = slices.Sorted(slices.Values(a.Holders))
		rec.Agreement = &a
	}
	rec.Prices, rec.FX = maps.Clone(in.Prices), maps.Clone(in.FX)
	if rec.Step.Step == StepReprice {
		f.stepMarket(place, rec.Step)
	}
}

func (f *faults) stepKeys(place string, s *Step, allowed []string) {
	has := s.keys()
	amounts := 0
	for _, key := range has {
		name := key
		switch key {
		case "shares", "percent":
			name = "amount"
			amounts++
		case "down_to", "up_to":
			amounts++
		case "of", "round", "lot":
			name = "amount"
		case "amount":
			name = "money"
			if s.Step == StepPay {
				name = "amount"
			}
		}
		if !slices.Contains(allowed, name) && !slices.Contains(allowed, name+"*") {
			f.Add(input.Join(place, key), crossholding.ErrSyntax, "%s has no use for this key", s.Step)
		}
	}
	for _, name := range allowed {
		name, must := strings.CutSuffix(name, "*")
		switch {
		case !must:
		case s.Step == StepPay && name == "amount":
			if s.Amount == "" {
				f.Add(input.Join(place, name), crossholding.ErrMissing, "pay without amount")
			}
		case name == "amount" && amounts == 0:
			f.Add(place, crossholding.ErrMissing, "%s: how many shares?", s.Step)
		case name == "date" && s.Date == "":
			f.Add(input.Join(place, name), crossholding.ErrMissing, "%s to which day?", s.Step)
		case name != "amount" && name != "date" && !slices.Contains(has, name):
			f.Add(input.Join(place, name), crossholding.ErrMissing, "%s without %s", s.Step, name)
		}
	}
	if amounts > 1 {
		f.Add(place, crossholding.ErrDuplicate, "%s: more than one of shares, percent, down_to and up_to", s.Step)
	}
	if s.Step == StepReprice && len(has) == 0 {
		f.Add(place, crossholding.ErrMissing, "reprice without prices or fx")
	}
}

// count reads a number that must not be negative, and returns it also in canonical form.
func (f *faults) count(place string, n ratio.Number) (ratio.Ratio, ratio.Number) {
	if n == "" {
		return ratio.Ratio{}, ""
	}
	r, err := n.Ratio()
	if err != nil {
		f.Check(place, err)
		return ratio.Ratio{}, ""
	}
	if r.Sign() < 0 {
		f.Add(place, crossholding.ErrRange, "%s is negative", n)
	}
	return r, r.Number()
}

func (f *faults) stepAmount(place string, rec *checkedStep) {
	s := rec.Step
	if s.Lot != "" {
		rec.lot, s.Lot = f.count(input.Join(place, "lot"), s.Lot)
		if rec.lot.Sign() <= 0 && s.Lot != "" {
			f.Add(input.Join(place, "lot"), crossholding.ErrRange, "a trading unit of %s shares", s.Lot)
		}
	}
	switch {
	case s.Shares != "":
		rec.amount, s.Shares = f.count(input.Join(place, "shares"), s.Shares)
	case s.Percent != "":
		rec.amount, s.Percent = f.count(input.Join(place, "percent"), s.Percent)
	case s.DownTo != "":
		rec.amount, s.DownTo = f.fraction(input.Join(place, "down_to"), s.DownTo)
	case s.UpTo != "":
		rec.amount, s.UpTo = f.fraction(input.Join(place, "up_to"), s.UpTo)
	}
	if s.Of != "" && s.Step != StepRestate && s.DownTo == "" && s.UpTo == "" {
		f.Add(input.Join(place, "of"), crossholding.ErrSyntax, "only down_to and up_to are fractions of something")
	}
	if (s.Round != "" || s.Lot != "") && s.Shares != "" {
		f.Add(input.Join(place, "shares"), crossholding.ErrSyntax, "shares are taken as they stand: nothing to round")
	}
}

func (f *faults) fraction(place, text string) (ratio.Ratio, string) {
	r, err := ratio.Parse(text)
	if err != nil {
		f.Check(place, err)
		return ratio.Ratio{}, ""
	}
	if f.Ambiguous(place, "a stake", text, r) {
		return r, r.PercentString()
	}
	if r.Sign() < 0 || ratio.Int(1).Less(r) {
		f.Add(place, crossholding.ErrRange, "a stake of %s is not within 0 and 1", text)
	}
	return r, r.PercentString()
}

// stepChoices checks the options about the amount and its lots.
func (f *faults) stepChoices(place string, s *Step) {
	if s.Step != StepRestate { // there it is a name
		oneOf(f, input.Join(place, "of"), s.Of, StakeBaseIssued, StakeBaseOutstanding)
	}
	oneOf(f, input.Join(place, "round"), s.Round, LotRoundingReach, LotRoundingShort, LotRoundingNearest)
	oneOf(f, input.Join(place, "method"), s.Method, LotMethodFIFO, LotMethodLIFO, LotMethodHIFO, LotMethodAverage, LotMethodSpecific)
	if s.Method == LotMethodAverage && s.Price == "" && s.For == nil {
		f.Add(input.Join(place, "method"), crossholding.ErrMissing, "average cost needs a price: without one the lots go with the shares")
	}
	if (s.Method == LotMethodSpecific) != (len(s.Lots) > 0) {
		f.Add(input.Join(place, "lots"), crossholding.ErrMissing, "method specific and lots go together")
	}
}

// maxPicks is the largest number of lots that one step names.
const maxPicks = 1000

func (f *faults) stepLots(place string, rec *checkedStep) {
	if len(rec.Lots) > maxPicks {
		f.Add(input.Join(place, "lots"), crossholding.ErrTooLarge, "%d lots named, of at most %d", len(rec.Lots), maxPicks)
		return
	}
	rec.Lots = slices.Clone(rec.Lots)
	for i := range rec.Lots {
		lot := &rec.Lots[i]
		at := input.Join(place, "lots["+ratio.Int(int64(i)).String()+"]")
		f.Date(input.Join(at, "date"), lot.Date)
		f.LotPrice(at, &lot.Price, &lot.Currency)
		pick := ledger.Pick{Date: lot.Date, Currency: lot.Currency}
		var shares, price ratio.Ratio
		if shares, lot.Shares = f.count(input.Join(at, "shares"), lot.Shares); lot.Shares != "" {
			pick.Shares = &shares
		}
		if price, lot.Price = f.count(input.Join(at, "price"), lot.Price); lot.Price != "" {
			pick.Price = &price
		}
		if lot.Currency != "" && !input.IsCurrency(lot.Currency) {
			f.Add(input.Join(at, "currency"), crossholding.ErrCurrency, "%q is not a currency code such as JPY", input.Abbreviate(lot.Currency))
		}
		rec.picks = append(rec.picks, pick)
	}
}

func (f *faults) stepMarket(place string, s *Step) {
	for _, key := range input.Keys(s.Prices) {
		p := crossholding.Money(f.Price(input.Join(place, "prices."+key), s.Prices[key], input.NoCurrency))
		s.Prices[key] = moneyText(p)
	}
	for _, key := range input.Keys(s.FX) {
		r := f.Rate(input.Join(place, "fx."+key), key, s.FX[key])
		s.FX[key] = r.Number()
	}
}

// continues reports whether step i of a list belongs to the moment of the step before.
func continues(steps []Step, i int) bool {
	return i > 0 && i < len(steps) && steps[i].Group != "" && steps[i].Group == steps[i-1].Group
}

// groupDay adds a fault if a step of a group has another date than the step before.
func (f *faults) groupDay(place string, steps []Step, i int) {
	if continues(steps, i) && steps[i].Date != "" && steps[i].Date != steps[i-1].Date {
		f.Add(input.Join(place, "date"), crossholding.ErrDate, "group %s happens at one moment, and %s is not %s", input.Abbreviate(steps[i].Group), steps[i].Date, cmp.Or(string(steps[i-1].Date), "the day of the step before"))
	}
}

// compile checks the steps, writes them into their results in canonical form, and reads their
// numbers.
func (s *Scenario) compile(results []StepResult) ([]checkedStep, error) {
	recs := make([]checkedStep, len(s.Steps))
	var bad CheckError
	var own faults
	own.breachRule(s.Breaches)
	bad.Breaches = own.err()
	for i := range s.Steps {
		var f faults
		results[i].Index, recs[i].Step = i, &results[i].Step
		f.step("", &s.Steps[i], &recs[i])
		f.groupDay("", s.Steps, i)
		switch {
		case f.Count() == 0:
		case len(bad.Steps) == input.MaxFaults:
			bad.More++
		default:
			bad.Steps = append(bad.Steps, &StepError{Index: i, Step: s.Steps[i], Reason: f.err()})
		}
	}
	if bad.Breaches != nil || len(bad.Steps) > 0 {
		return nil, &bad
	}
	return recs, nil
}

package scenario

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// stepTerms checks the terms of steps that are events of companies, and reads their numbers.
func (f *faults) stepTerms(place string, rec *checkedStep) {
	s := rec.Step
	rec.ratio, s.Ratio = f.exchangeRatio(input.Join(place, "ratio"), s.Ratio)
	rec.keep, s.Keep = f.count(input.Join(place, "keep"), s.Keep)
	rec.classVotes, s.ClassVotes = f.count(input.Join(place, "votes"), s.ClassVotes)
	rec.classDividend, s.Dividend = f.count(input.Join(place, "dividend"), s.Dividend)
	rec.cost, s.Cost = f.money(input.Join(place, "cost"), s.Cost)
	for _, m := range []struct {
		key  string
		text *string
	}{{"cash", &s.Cash}, {"per_share", &s.PerShare}, {"total", &s.Total}, {"amount", &s.Amount}} {
		if *m.text != "" {
			rec.money, *m.text = f.money(input.Join(place, m.key), *m.text)
		}
	}
	if s.For != nil {
		pay := *s.For
		s.For = &pay
		if pay.Issuer == "" {
			f.Add(input.Join(place, "for.issuer"), crossholding.ErrMissing, "paid in shares of which company?")
		}
		if pay.Ratio == "" {
			f.Add(input.Join(place, "for.ratio"), crossholding.ErrMissing, "how many shares are paid for one?")
		}
		rec.forRatio, s.For.Ratio = f.exchangeRatio(input.Join(place, "for.ratio"), pay.Ratio)
		oneOf(f, input.Join(place, "for.source"), pay.Source, SupplyNew, SupplyTreasury, SupplyOwn)
	}
	f.stepParts(place, rec)
	f.stepFounders(place, rec)
	if s.Company != nil {
		c := *s.Company
		c.Shares = slices.Clone(c.Shares)
		s.Company = &c
	}
	if s.Right != nil {
		g := *s.Right
		s.Right = &g
	}
	s.Controls = slices.Clone(s.Controls)
	f.stepForm(place, s)
}

// oneOf adds a fault if a choice is none of the given ones. An empty choice is the default.
func oneOf[T ~string](f *faults, place string, given T, choices ...T) {
	if given == "" || slices.Contains(choices, given) {
		return
	}
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = string(c)
	}
	last := len(words) - 1
	f.Add(place, crossholding.ErrUnknown, "%q is not %s or %s", input.Abbreviate(string(given)), strings.Join(words[:last], ", "), words[last])
}

func (f *faults) breachRule(b BreachRule) { oneOf(f, "breaches", b, BreachesFail, BreachesReport) }

// stepForm checks which terms a step has together.
func (f *faults) stepForm(place string, s *Step) {
	oneOf(f, input.Join(place, "fractions"), s.Fractions, FractionsKeep, FractionsDown, FractionsUp, FractionsCash)
	oneOf(f, input.Join(place, "against"), s.Against, AgainstIncome, AgainstCost)
	oneOf(f, input.Join(place, "in"), s.In, DividendCash, DividendShares)
	oneOf(f, input.Join(place, "source"), s.Source, SupplyNew, SupplyTreasury)
	if s.Fractions == FractionsCash && s.Price == "" {
		f.Add(input.Join(place, "price"), crossholding.ErrMissing, "fractions in cash: what is the price of a share?")
	}
	if s.From == Everyone && s.ID == "" && (s.Step == StepTrade || s.Step == StepBuyback) {
		if s.Percent == "" {
			f.Add(input.Join(place, "percent"), crossholding.ErrMissing, "a %s from everyone: which percentage of its shares does each give?", s.Step)
		}
		if p, err := s.Percent.Ratio(); err == nil && ratio.Int(100).Less(p) {
			f.Add(input.Join(place, "percent"), crossholding.ErrRange, "a %s from everyone of %s%% of its shares each", s.Step, s.Percent)
		}
		if s.Beneficiary != "" {
			f.Add(input.Join(place, "beneficiary"), crossholding.ErrSyntax, "a %s from everyone is not from %s alone", s.Step, s.Beneficiary)
		}
	}
	switch s.Step {
	case StepTrade, StepOffer:
		if s.For != nil && s.Price != "" && s.Fractions != FractionsCash {
			f.Add(input.Join(place, "price"), crossholding.ErrDuplicate, "paid in shares and in cash")
		}
	case StepSplit, StepConvert, StepDistribute, StepSpinOff:
		if s.Price != "" && s.Fractions != FractionsCash {
			f.Add(input.Join(place, "price"), crossholding.ErrSyntax, "only fractions in cash have a price in a %s", s.Step)
		}
		if _, whole := s.CostShare[""]; len(s.CostShare) > 1 || len(s.CostShare) == 1 && !whole {
			f.Add(input.Join(place, "cost_share"), crossholding.ErrSyntax, "only a liquidate has a cost_share by asset")
		}
	case StepLiquidate:
		if _, ok := s.CostShare[""]; ok {
			f.Add(input.Join(place, "cost_share"), crossholding.ErrSyntax, "a liquidate has a cost_share by asset")
		}
	case StepMerge:
		if s.Ratio == "" && s.Cash == "" {
			f.Add(input.Join(place, "ratio"), crossholding.ErrMissing, "a merger for how many shares, or how much cash?")
		}
	case StepDividend:
		f.dividendForm(place, s)
	case StepRestate:
		if s.Holder == "" && s.Beneficiary == "" && s.Voter == "" && s.Votes == "" {
			f.Add(place, crossholding.ErrMissing, "restate without holder, beneficiary, voter or votes_per_share")
		}
	case StepIssue:
		if s.Price != "" && s.Cost != "" {
			f.Add(input.Join(place, "cost"), crossholding.ErrDuplicate, "the price is the cost")
		}
	case StepExercise, StepLapse:
		if s.Percent != "" {
			f.Add(input.Join(place, "percent"), crossholding.ErrSyntax, "%s is about a number of shares", s.Step)
		}
	case StepAmend:
		if s.ClassVotes == "" && s.Dividend == "" && s.Lot == "" {
			f.Add(place, crossholding.ErrMissing, "amend without votes, dividend or lot")
		}
		if s.Shares != "" || s.Percent != "" {
			f.Add(place, crossholding.ErrSyntax, "amend moves no shares")
		}
	}
}

func (f *faults) dividendForm(place string, s *Step) {
	if s.In == DividendShares {
		if s.Ratio == "" {
			f.Add(input.Join(place, "ratio"), crossholding.ErrMissing, "a dividend of how many shares?")
		}
		if s.PerShare != "" || s.Total != "" || len(s.PassOn) > 0 || s.Against != "" {
			f.Add(place, crossholding.ErrSyntax, "a dividend in shares has no per_share, total, pass_on or against")
		}
		return
	}
	if (s.PerShare == "") == (s.Total == "") {
		f.Add(place, crossholding.ErrMissing, "a dividend in cash has either per_share or total")
	}
	if s.Ratio != "" || s.Fractions != "" || s.Price != "" {
		f.Add(place, crossholding.ErrSyntax, "only a dividend in shares has ratio, fractions and price")
	}
}

// exchangeRatio reads a ratio of new to old, such as "2:1", and returns it in canonical form.
func (f *faults) exchangeRatio(place, text string) (ratio.Ratio, string) {
	if text == "" {
		return ratio.Ratio{}, ""
	}
	n, d, ok := strings.Cut(text, ":")
	if !ok {
		f.Add(place, crossholding.ErrSyntax, "ratio %q is not of the form new:old, such as \"2:1\"", input.Abbreviate(text))
		return ratio.Ratio{}, text
	}
	fresh, err1 := ratio.ParseNumber(n)
	old, err2 := ratio.ParseNumber(d)
	if err := cmp.Or(err1, err2); err != nil {
		f.Check(place, err)
		return ratio.Ratio{}, text
	}
	if fresh.Sign() <= 0 || old.Sign() <= 0 {
		f.Add(place, crossholding.ErrRange, "ratio %s: both numbers must be above 0", input.Abbreviate(text))
		return ratio.Ratio{}, text
	}
	r := fresh.Div(old)
	return r, fmt.Sprintf("%s:%s", r.Num(), r.Denom())
}

// money reads an amount, which may have no currency, and returns it in canonical form.
func (f *faults) money(place, text string) (crossholding.Money, string) {
	if text == "" {
		return crossholding.Money{}, ""
	}
	m := crossholding.Money(f.Price(place, text, input.NoCurrency))
	return m, moneyText(m)
}

// moneyText returns the amount without rounding, and the currency if it has one.
func moneyText(m crossholding.Money) string {
	return strings.TrimSuffix(m.Amount.String()+" "+m.Currency, " "+input.NoCurrency)
}

// maxParties is the largest number of parties that one step names, and of companies that
// pass on a dividend.
const (
	maxParties = 100_000
	maxPassers = 100
)

// stepParts reads the figures by party.
func (f *faults) stepParts(place string, rec *checkedStep) {
	s := rec.Step
	named := len(s.PassOn) + len(s.Takes) + len(s.Tendered) + len(s.CostShare)
	if len(s.PassOn) > maxPassers || named-len(s.PassOn) > maxParties {
		f.Add(place, crossholding.ErrTooLarge, "%d parties named, of at most %d, or %d that pass on", named, maxParties, maxPassers)
		return
	}
	s.CostShare, s.PassOn, s.Takes, s.Tendered = maps.Clone(s.CostShare), maps.Clone(s.PassOn), maps.Clone(s.Takes), maps.Clone(s.Tendered)
	if named == 0 {
		return
	}
	if len(s.CostShare) > 0 {
		rec.costShares = map[string]ratio.Ratio{}
		for _, key := range input.Keys(s.CostShare) {
			rec.costShares[key], s.CostShare[key] = f.part(input.Join(place, "cost_share"), s.CostShare[key])
		}
	}
	if len(s.PassOn) > 0 {
		rec.passOn = map[string]ratio.Ratio{}
		for _, key := range input.Keys(s.PassOn) {
			rec.passOn[key], s.PassOn[key] = f.part(input.Join(place, "pass_on."+key), s.PassOn[key])
		}
	}
	for _, m := range []struct {
		key   string
		parts map[string]string
	}{{"takes", s.Takes}, {"tendered", s.Tendered}} {
		for _, key := range input.Keys(m.parts) {
			if rec.takes == nil {
				rec.takes = map[string]taken{}
			}
			rec.takes[key], m.parts[key] = f.taken(input.Join(place, m.key+"."+key), m.parts[key])
			if m.key == "tendered" && rec.takes[key].percent {
				f.Add(input.Join(place, m.key+"."+key), crossholding.ErrSyntax, "%s is not all or a number of shares", m.parts[key])
			}
		}
	}
}

// part reads a fraction from 0 to 1, where "1" is all.
func (f *faults) part(place, text string) (ratio.Ratio, string) {
	r, err := ratio.Parse(text)
	if err != nil {
		f.Check(place, err)
		return ratio.Ratio{}, text
	}
	if r.Sign() < 0 || ratio.Int(1).Less(r) {
		f.Add(place, crossholding.ErrRange, "%s is not within 0 and 1", input.Abbreviate(text))
	}
	return r, r.PercentString()
}

// taken reads "all", a number of shares or a percentage.
func (f *faults) taken(place, text string) (taken, string) {
	if text == "all" {
		return taken{all: true}, text
	}
	if strings.HasSuffix(text, "%") {
		r, canonical := f.part(place, text)
		return taken{percent: true, n: r}, canonical
	}
	n, canonical := f.count(place, ratio.Number(text))
	if text == "" {
		f.Add(place, crossholding.ErrMissing, "how many shares: all, a number or a percentage?")
	}
	return taken{n: n}, string(canonical)
}

func (f *faults) stepFounders(place string, rec *checkedStep) {
	s := rec.Step
	if len(s.Founders) > maxParties {
		f.Add(input.Join(place, "founders"), crossholding.ErrTooLarge, "%d founders, of at most %d", len(s.Founders), maxParties)
		return
	}
	s.Founders = slices.Clone(s.Founders)
	for i := range s.Founders {
		in, at := &s.Founders[i], input.Join(place, fmt.Sprintf("founders[%d]", i))
		var out founderRecord
		out.shares, in.Shares = f.count(input.Join(at, "shares"), in.Shares)
		out.price, in.Price = f.money(input.Join(at, "price"), in.Price)
		out.cost, in.Cost = f.money(input.Join(at, "cost"), in.Cost)
		switch {
		case in.Holder == "":
			f.Add(input.Join(at, "holder"), crossholding.ErrMissing, "a founder without a name")
		case in.Shares == "":
			f.Add(input.Join(at, "shares"), crossholding.ErrMissing, "%s: how many shares?", in.Holder)
		case in.Price != "" && in.Cost != "":
			f.Add(input.Join(at, "cost"), crossholding.ErrDuplicate, "%s: the price is the cost", in.Holder)
		}
		rec.founders = append(rec.founders, out)
	}
}

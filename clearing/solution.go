package clearing

import (
	"iter"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Solution is one consistent set of values. It is plain data.
type Solution struct {
	// Firms has the values in the order of the input.
	Firms []Value
	// Waves names the firms that default at the same time, on the way to the greatest solution.
	// A firm of the first wave defaults even if all others pay all their debts. A firm of the
	// next wave defaults because those of the waves before pay only what they can. A solution
	// of [System.Least] has no waves.
	Waves [][]string
	// Places is the number of decimals, or 0 if the values are exact.
	Places int
	// Regimes is the number of linear systems that were solved on the way.
	Regimes int

	s *System
}

// Value is what a firm has and what it pays, in the currency of the input.
type Value struct {
	Name string
	// Assets is the value of all that the firm has, before the costs of default.
	Assets ratio.Ratio
	// Debt is what the firm owes in all.
	Debt ratio.Ratio
	// Costs is what default destroys.
	Costs ratio.Ratio
	// Payments has one entry for each seniority, the most senior first.
	Payments []Payment
	// Equity is the value of all shares of the firm.
	Equity ratio.Ratio
	// Default reports whether the assets are less than the debt.
	Default bool
	// OutsideDebt and OutsideEquity are what creditors and shareholders outside the system
	// get from this firm.
	OutsideDebt, OutsideEquity ratio.Ratio
}

// Paid is what the firm pays on all its debts.
func (v Value) Paid() ratio.Ratio {
	var sum ratio.Ratio
	for _, p := range v.Payments {
		sum = sum.Add(p.Paid)
	}
	return sum
}

// Payment is what a firm pays on its debts of one seniority.
type Payment struct {
	Seniority  int
	Owed, Paid ratio.Ratio
}

// Receipt is what one firm gets from another.
type Receipt struct {
	From, To  string
	Seniority int // of the debt; -1 for shares
	Amount    ratio.Ratio
}

// Defaults names the firms that default, in the order of the input.
func (s *Solution) Defaults() []string {
	var out []string
	for _, f := range s.Firms {
		if f.Default {
			out = append(out, f.Name)
		}
	}
	return out
}

// Receipts lists what each firm gets from each other firm, by payer, seniority and receiver
// in the order of the input. Shares come after debts. If the solution is in decimals, an
// amount is the creditor's part of the rounded payment.
func (s *Solution) Receipts() iter.Seq[Receipt] {
	return func(yield func(Receipt) bool) {
		if s.s == nil {
			return
		}
		for i := range s.s.firms {
			f := &s.s.firms[i]
			for k := range f.tiers {
				t := &f.tiers[k]
				value := s.Firms[i].Equity
				if !t.equity {
					value = s.Firms[i].Payments[k].Paid
				}
				for e, to := range t.column.rows {
					r := Receipt{From: s.s.names[i], To: s.s.names[to], Seniority: t.seniority, Amount: value.Mul(t.column.fraction(e))}
					if !yield(r) {
						return
					}
				}
			}
		}
	}
}

// Find returns the values of a firm, or false if there is no such firm.
func (s *Solution) Find(name string) (Value, bool) {
	at := slices.IndexFunc(s.Firms, func(v Value) bool { return v.Name == name })
	if at < 0 {
		return Value{}, false
	}
	return s.Firms[at], true
}

// rounder states values, exactly or in decimals.
type rounder struct {
	places int
	err    error
}

func (r *rounder) state(v span) ratio.Ratio {
	if r.places == 0 || r.err != nil {
		return v.lo
	}
	lo, hi := v.lo.Round(r.places, ratio.HalfEven), v.hi.Round(r.places, ratio.HalfEven)
	if !lo.Equal(hi) {
		r.err = errUndecided
	}
	return ratio.FromRat(lo.Rat())
}

// solution states the values that were found.
func (v *solving) solution(places int) (*Solution, error) {
	out := &Solution{Firms: make([]Value, len(v.assets)), Places: places, Regimes: v.regimes, s: v.s}
	r := rounder{places: places}
	gross := v.gross()
	for i := range v.s.firms {
		f := &v.s.firms[i]
		value := Value{Name: v.s.names[i], Assets: r.state(gross[i]), Debt: r.state(exactly(f.debt))}
		c, err := v.assets[i].cmp(f.debt)
		if err != nil {
			return nil, err
		}
		value.Default = c < 0 || v.bearing[i]
		if v.bearing[i] {
			value.Costs = r.state(span{gross[i].lo.Sub(v.assets[i].hi), gross[i].hi.Sub(v.assets[i].lo)}.aboveZero())
		}
		var outside span // of debts
		for k := range f.tiers {
			t := &f.tiers[k]
			pays := v.pays(i, k)
			if t.equity {
				value.Equity, value.OutsideEquity = r.state(pays), r.state(pays.times(t.outside))
				continue
			}
			outside = outside.add(pays.times(t.outside))
			value.Payments = append(value.Payments, Payment{Seniority: t.seniority, Owed: r.state(exactly(t.size)), Paid: r.state(pays)})
		}
		value.OutsideDebt = r.state(outside)
		out.Firms[i] = value
	}
	for _, wave := range v.waves {
		var names []string
		for _, i := range wave {
			names = append(names, v.s.names[i])
		}
		out.Waves = append(out.Waves, names)
	}
	return out, r.err
}

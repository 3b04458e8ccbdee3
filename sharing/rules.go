package sharing

import (
	"context"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// term is a part of a cost: the amount is due from a coalition that has a member of one and
// a member of two.
type term struct {
	one, two Coalition
	amount   ratio.Ratio
}

// rules reads the ventures and the assets. It reports all their faults.
func (p Problem) rules(f *faults, index map[string]int) []term {
	if p.Kind.orDefault() != KindCosts {
		f.add("kind", ErrKind, "ventures are rules for costs; for savings, make the game of costs and take its Savings")
	}
	at := map[string]int{}
	ventures := make([]venture, len(p.Ventures))
	for i, v := range p.Ventures {
		place := placed("ventures", i)
		checkName(f, place, at, v.Name, i)
		ventures[i] = v.read(f, place, index)
	}
	assets := map[string]int{}
	var terms []term
	for i, a := range p.Assets {
		place := placed("assets", i)
		checkName(f, place, assets, a.Name, i)
		terms = append(terms, a.read(f, place, index, at, ventures)...)
	}
	for i, v := range ventures {
		if v.saved.Cmp(v.fixed) > 0 {
			f.add(placed("ventures", i), ErrRules, "assets save %s of the fixed cost of %s of %s", brief(v.saved), brief(v.fixed), show(p.Ventures[i].Name))
		}
		if v.savedPerUse.Cmp(v.perUse) > 0 {
			f.add(placed("ventures", i), ErrRules, "assets save %s of the cost per use of %s of %s", brief(v.savedPerUse), brief(v.perUse), show(p.Ventures[i].Name))
		}
		terms = append(terms, term{v.users, v.users, v.fixed})
		for _, u := range v.uses {
			terms = append(terms, term{u.member, u.member, v.perUse.Mul(u.amount)})
		}
	}
	return terms
}

// checkName reports a name that is empty or given before.
func checkName(f *faults, place string, at map[string]int, name string, i int) {
	if first, again := at[name]; again {
		f.add(place+".name", ErrRules, "%s is the name of number %d already", show(name), first)
		return
	}
	if name == "" {
		f.add(place+".name", ErrRules, "the name is missing")
	}
	at[name] = i
}

// venture is a Venture that was read, with what assets save of it.
type venture struct {
	fixed, perUse      ratio.Ratio
	users              Coalition
	uses               []use
	saved, savedPerUse ratio.Ratio
}

type use struct {
	member Coalition
	amount ratio.Ratio
}

func (v Venture) read(f *faults, place string, index map[string]int) venture {
	out := venture{
		fixed:  v.Fixed.readPositive(f, place+".fixed"),
		perUse: v.PerUse.readPositive(f, place+".per_use"),
	}
	if len(v.Uses) == 0 {
		f.add(place+".uses", ErrRules, "nobody uses the venture %s", show(v.Name))
	}
	for i, u := range v.Uses {
		at := placed(place+".uses", i)
		amount := u.read(f, at+".amount")
		m, known := index[u.Member]
		switch {
		case !known:
			f.add(at+".member", ErrMembers, "%s is not a member", show(u.Member))
		case out.users.Has(m):
			f.add(at+".member", ErrMembers, "%s is named twice", show(u.Member))
		default:
			out.users |= alone(m)
			out.uses = append(out.uses, use{alone(m), amount})
		}
	}
	return out
}

func (u Use) read(f *faults, place string) ratio.Ratio {
	if u.Amount == "" {
		return ratio.Int(1)
	}
	r, err := u.Amount.Ratio()
	if err != nil || r.Sign() <= 0 {
		f.add(place, ErrAmount, "%s is not a number or a fraction above 0", show(string(u.Amount)))
	}
	return r
}

func (a Asset) read(f *faults, place string, index, at map[string]int, ventures []venture) []term {
	owners, _ := coalition(f, place+".owners", index, a.Owners)
	if len(a.Owners) == 0 {
		f.add(place+".owners", ErrRules, "nobody owns the asset %s", show(a.Name))
	}
	var terms []term
	seen := map[string]bool{}
	for i, e := range a.Effects {
		place := placed(place+".effects", i)
		fixed := e.Fixed.readPositive(f, place+".fixed")
		perUse := e.PerUse.readPositive(f, place+".per_use")
		k, known := at[e.Venture]
		switch {
		case !known:
			f.add(place+".venture", ErrRules, "%s is not a venture", show(e.Venture))
		case seen[e.Venture]:
			f.add(place+".venture", ErrRules, "the effect on %s is given twice", show(e.Venture))
		case !e.Withheld:
			v := &ventures[k]
			v.saved, v.savedPerUse = v.saved.Add(fixed), v.savedPerUse.Add(perUse)
			terms = append(terms, term{v.users, owners, fixed.Neg()})
			for _, u := range v.uses {
				terms = append(terms, term{u.member, owners, perUse.Mul(u.amount).Neg()})
			}
		}
		seen[e.Venture] = true
	}
	return terms
}

// rulesTable returns the table of the sums of terms for n members.
//
// A coalition has a member of a set unless it lies outside the set. So the amount of a term
// is due from all coalitions, less from those outside one, less from those outside two, and
// once more from those outside both. The sums over all sets that a coalition lies outside of
// are made by one pass for each member. The sums belong to the members that are not in the
// coalition, so the table is reversed in the end.
func rulesTable(terms []term, n int) (*table, error) {
	values := make([]ratio.Ratio, len(terms))
	for i, t := range terms {
		values[i] = t.amount
	}
	amounts, err := newTable(context.Background(), values)
	if err != nil {
		return nil, err
	}
	outside, bound := amounts.outside(terms, n)
	out := &table{den: amounts.den}
	if bound.CmpAbs(big.NewInt(maxSmall)) <= 0 {
		out.small = make([]int64, 1<<n)
		for c, x := range outside {
			if x != nil {
				out.small[c] = x.Int64()
			}
		}
		sumSubsets(out.small, n, func(x, y int64) int64 { return x + y })
		slices.Reverse(out.small)
		return out, nil
	}
	for c, x := range outside {
		if x == nil {
			outside[c] = new(big.Int)
		}
	}
	sumSubsets(outside, n, func(x, y *big.Int) *big.Int { return new(big.Int).Add(x, y) })
	slices.Reverse(outside)
	out.large = outside
	return out, nil
}

// outside returns the numerators due from the coalitions outside each set, nil for 0, and a
// bound on the sums of them. Value i of the table is the amount of term i.
func (t *table) outside(terms []term, n int) ([]*big.Int, *big.Int) {
	out, bound := make([]*big.Int, 1<<n), new(big.Int)
	add := func(c Coalition, x *big.Int) {
		if out[c] == nil {
			out[c] = new(big.Int)
		}
		out[c].Add(out[c], x)
	}
	for i, term := range terms {
		x := t.num(Coalition(i))
		minus := new(big.Int).Neg(x)
		add(0, x)
		add(term.one, minus)
		add(term.two, minus)
		add(term.one|term.two, x)
		bound.Add(bound, new(big.Int).Abs(x))
	}
	return out, bound.Lsh(bound, 2)
}

// sumSubsets replaces the entry of each coalition by the sum over its subsets.
func sumSubsets[T any](table []T, n int, plus func(x, y T) T) {
	for i := range n {
		for c := range table {
			if c>>i&1 == 1 {
				table[c] = plus(table[c], table[c&^(1<<i)])
			}
		}
	}
}

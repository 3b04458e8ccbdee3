package sharing

import (
	"context"

	"github.com/crossholding/crossholding/ratio"
)

// A Division says how much each member pays of the joint cost, or receives of the joint
// saving. It is plain data; a proposed division is written as a literal. The zero value
// divides nothing among nobody.
type Division struct {
	Rule   string  `json:"rule,omitempty"` // the rule that made it, in words
	Kind   Kind    `json:"kind,omitempty"` // that of the game if empty
	Shares []Share `json:"shares"`
}

// A Share is the amount of one member in a division, or the weight of one member in a
// proportion.
type Share struct {
	Member string      `json:"member"`
	Amount ratio.Ratio `json:"amount"`
}

// Of returns the amount of a member. It fails with ErrMembers if the member has none.
func (d Division) Of(member string) (ratio.Ratio, error) {
	for _, s := range d.Shares {
		if s.Member == member {
			return s.Amount, nil
		}
	}
	return ratio.Ratio{}, failure(ErrMembers, "%s has no share in the division", show(member))
}

// Total returns the sum of the amounts.
func (d Division) Total() ratio.Ratio {
	var sum ratio.Ratio
	for _, s := range d.Shares {
		sum = sum.Add(s.Amount)
	}
	return sum
}

// divided makes a division of the game from the amounts of the members in their order.
func (g Game) divided(rule string, amount func(i int) ratio.Ratio) Division {
	d := Division{Rule: rule, Kind: g.Kind(), Shares: make([]Share, len(g.members))}
	for i, m := range g.members {
		d.Shares[i] = Share{m, amount(i)}
	}
	return d
}

// perMember reads one amount for each member of the game, in its order. It reports members
// that are unknown, named twice or missing.
func (g Game) perMember(f *faults, place string, shares []Share) []ratio.Ratio {
	index := g.index()
	out := make([]ratio.Ratio, len(g.members))
	var seen Coalition
	for i, s := range shares {
		m, known := index[s.Member]
		switch {
		case !known:
			f.add(placed(place, i), ErrMembers, "%s is not a member", show(s.Member))
		case seen.Has(m):
			f.add(placed(place, i), ErrMembers, "%s is named twice", show(s.Member))
		default:
			seen |= alone(m)
			out[m] = s.Amount
		}
	}
	if missing := g.all() &^ seen; missing != 0 {
		f.add(place, ErrMembers, "no amount for %s", listed(g.members, missing))
	}
	return out
}

// amounts returns the amounts of a division of the value of all members, in their order. It
// fails if the members differ from those of the game, or if the amounts do not add up.
func (g Game) amounts(d Division) ([]ratio.Ratio, error) {
	var f faults
	out := g.perMember(&f, "shares", d.Shares)
	if d.Kind != "" && d.Kind != g.Kind() {
		f.add("kind", ErrKind, "the division is of %s, and the game of %s", d.Kind, g.Kind())
	}
	if sum := d.Total(); len(f.list) == 0 && !sum.Equal(g.total()) {
		f.add("shares", ErrDivision, "the amounts add up to %s, the value of all members is %s, the difference is %s",
			brief(sum), brief(g.total()), brief(sum.Sub(g.total())))
	}
	return out, f.err()
}

// Equal returns the division into equal amounts. It fails with ErrMembers for the zero Game.
func (g Game) Equal() (Division, error) {
	if err := g.ready(context.Background()); err != nil {
		return Division{}, err
	}
	part := g.total().Div(ratio.Int(int64(len(g.members))))
	return g.divided("equal", func(int) ratio.Ratio { return part }), nil
}

// EqualGains returns the division by which every member gains the same, compared with the
// value that it has alone. It is the centre of the imputations, if there are any. It fails
// with ErrMembers for the zero Game.
func (g Game) EqualGains() (Division, error) {
	if err := g.ready(context.Background()); err != nil {
		return Division{}, err
	}
	gain := g.total()
	for i := range g.members {
		gain = gain.Sub(g.values.at(alone(i)))
	}
	gain = gain.Div(ratio.Int(int64(len(g.members))))
	return g.divided("equal gains", func(i int) ratio.Ratio { return g.values.at(alone(i)).Add(gain) }), nil
}

// Proportional returns the division in proportion to weights, one for each member, such as
// their sales. Without weights it is in proportion to the values that the members have
// alone. It fails with an InputError if the weights do not fit the members or are negative,
// and with ErrUndefined if they add up to 0.
func (g Game) Proportional(weights ...Share) (Division, error) {
	if err := g.ready(context.Background()); err != nil {
		return Division{}, err
	}
	var f faults
	rule, in := "in proportion to the weights", g.standAlone()
	if len(weights) > 0 {
		in = g.perMember(&f, "weights", weights)
	} else {
		rule = "in proportion to the values alone"
	}
	var sum ratio.Ratio
	for i, w := range in {
		if w.Sign() < 0 {
			f.add("weights", ErrAmount, "the weight of %s is %s, it must be at least 0", show(g.members[i]), brief(w))
		}
		sum = sum.Add(w)
	}
	if err := f.err(); err != nil {
		return Division{}, err
	}
	if sum.IsZero() {
		return Division{}, failure(ErrUndefined, "the weights of the members add up to 0")
	}
	unit := g.total().Div(sum)
	return g.divided(rule, func(i int) ratio.Ratio { return in[i].Mul(unit) }), nil
}

// standAlone returns the value that each member has alone.
func (g Game) standAlone() []ratio.Ratio {
	out := make([]ratio.Ratio, len(g.members))
	for i := range out {
		out[i] = g.values.at(alone(i))
	}
	return out
}

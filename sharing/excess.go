package sharing

import (
	"context"
	"iter"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// An Excess says what a set of members would gain by leaving a division. It is plain data.
type Excess struct {
	Members []string    `json:"members"`
	Alone   ratio.Ratio `json:"alone"`  // what the set costs or saves on its own
	Amount  ratio.Ratio `json:"amount"` // what the division gives to the set
	Gain    ratio.Ratio `json:"gain"`   // above 0 if the set does better to leave
}

// Objections are the sets of members that do better to leave a division.
type Objections struct {
	List []Excess `json:"list"` // the 1,000 that gain most, the largest gain first
	More int      `json:"more"` // the number of further sets
}

// Excesses returns the excess of every set of members but the empty one and that of all, in
// the order of Problem.Table. For costs it is what the set pays less what it would cost
// alone. For savings it is what the set would save alone less what it receives. It fails with
// an InputError if the members of the division differ from those of the game, or if the
// amounts do not add up to the value of all members.
func (g Game) Excesses(d Division) (iter.Seq[Excess], error) {
	if err := g.ready(context.Background()); err != nil {
		return nil, err
	}
	amounts, err := g.amounts(d)
	if err != nil {
		return nil, err
	}
	return func(yield func(Excess) bool) {
		for c := Coalition(1); c < g.all(); c++ {
			if !yield(g.excess(c, amounts)) {
				return
			}
		}
	}, nil
}

func (g Game) excess(c Coalition, amounts []ratio.Ratio) Excess {
	e := Excess{Members: namesOf(g.members, c), Alone: g.values.at(c)}
	for ; c != 0; c = c.rest() {
		e.Amount = e.Amount.Add(amounts[c.first()])
	}
	e.Gain = e.Amount.Sub(e.Alone)
	if g.kind == KindSavings {
		e.Gain = e.Gain.Neg()
	}
	return e
}

// Objections returns the sets of members that do better to leave the division: those with an
// excess above 0. Sets with the same excess are in the order of Problem.Table. Its errors are
// those of Excesses.
func (g Game) Objections(ctx context.Context, d Division) (Objections, error) {
	if err := g.ready(ctx); err != nil {
		return Objections{}, err
	}
	amounts, err := g.amounts(d)
	if err != nil {
		return Objections{}, err
	}
	s := g.newScan()
	factor, x := s.whole(amounts)
	if err := s.fill(ctx, factor, x); err != nil {
		return Objections{}, err
	}
	var found []Coalition
	for c := Coalition(1); c < g.all(); c++ {
		if s.positive(c) {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(b, c Coalition) int { return s.compare(c, b) })
	out := Objections{List: []Excess{}}
	for i, c := range found {
		if i >= maxFaults {
			out.More = len(found) - i
			break
		}
		out.List = append(out.List, g.excess(c, amounts))
	}
	return out, nil
}

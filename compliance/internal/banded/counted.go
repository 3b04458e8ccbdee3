package banded

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// With says whose stakes count with a holder's.
type With int

// These are the others.
const (
	Nobody       With = iota
	Subsidiaries      // companies that the holder controls
	Partners          // and those who act in concert with any of these, with what they control
)

// Counted returns the completion in which most counts as a holder's: what it has and casts, and
// what those have and cast whom it controls, by a majority of the exercisable votes or a fact, and with whom
// it acts in concert, as far as with says. The votes come first, because with them the holder
// controls others.
func (b *Book) Counted(ctx context.Context, holder string, with With, voting crossholding.VotingOptions) (Completion, error) {
	var members Seniority
	members.Join(holder)
	rank := func(s *crossholding.Stake) ratio.Ratio {
		switch {
		case members.Has(cmp.Or(s.Voter, s.Holder)):
			return ratio.Int(2).Add(members.Rank(cmp.Or(s.Voter, s.Holder)))
		case members.Has(s.Holder, cmp.Or(s.Beneficiary, s.Holder)):
			return ratio.Int(1)
		}
		return ratio.Ratio{}
	}
	type counted struct{ at Completion }
	next := func(counted) (Completion, error) { return b.Filled(rank), nil }
	ask := func(c Completion) (counted, error) {
		return Ask(b, c, func(a *crossholding.Alliance, at Completion) (counted, error) {
			members.Next()
			if with == Nobody {
				return counted{at}, nil
			}
			return counted{at}, joinCounted(ctx, a, &members, holder, with, voting)
		})
	}
	last, err := ask(b.Lowest())
	if err == nil {
		last, err = Raise(b, last, next, ask)
	}
	return last.at, err
}

// joinCounted adds those to a group who count for a holder in a completion.
func joinCounted(ctx context.Context, a *crossholding.Alliance, members *Seniority, holder string, with With, voting crossholding.VotingOptions) error {
	c, err := a.Control(ctx, crossholding.ControlOptions{Voting: voting, Basis: crossholding.BasisExercisable})
	if err != nil {
		return err
	}
	below, err := c.Controlled(ctx, holder)
	if err != nil {
		return err
	}
	mine := append(below, holder)
	members.Join(mine...)
	if with == Subsidiaries {
		return nil
	}
	g := a.Graph()
	members.Next() // partners come after
	for _, p := range c.Votes().Concerts() {
		ids := g.IDs(p.Members)
		if !slices.ContainsFunc(ids, func(x string) bool { return slices.Contains(mine, x) }) {
			continue
		}
		members.Join(ids...)
		for _, x := range ids {
			below, err := c.Controlled(ctx, x)
			if err != nil {
				return err
			}
			members.Join(below...)
		}
	}
	return nil
}

// Holders yields those of whom a band or votes in doubt can change what counts as theirs: one holder,
// or all who have or may have something of a company of which a stake is a band or votes are in
// doubt.
func (b *Book) Holders(only string, d *DoubtfulVotes) iter.Seq[string] {
	return func(yield func(string) bool) {
		if only != "" {
			yield(only)
			return
		}
		issuers := slices.Collect(maps.Keys(d.In))
		for i := range b.bands {
			issuers = append(issuers, b.bands[i].class.issuer)
		}
		for _, x := range slices.Sorted(maps.Keys(d.Above.Of(issuers...))) {
			if !yield(x) {
				return
			}
		}
	}
}

package compliance

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// byShares returns the question by shares alone, with everybody who may be blocked. It returns
// nil if the regime does not count shares.
func (q *sanctionsBoundsRun) byShares(ctx context.Context, blocked []string, all bool) (*sanctionsBoundsRun, error) {
	if !slices.Contains(q.regime.Bases, law.MeasureShares) {
		return nil, nil
	}
	rule := *q.regime
	rule.Control, rule.Bases, rule.Aggregate = false, []law.Measure{law.MeasureShares}, rule.Aggregate || all
	out := *q
	out.blocked, out.opt.Rule, out.regime = blocked, &rule, &rule
	var err error
	out.least, err = out.try(ctx, q.banded.Lowest())
	return &out, err
}

// byVotes returns bounds of control for each way in which votes can block.
func (q *sanctionsBoundsRun) byVotes(ctx context.Context, voting crossholding.VotingOptions) ([]*crossholding.Bounds, error) {
	var rules []crossholding.ControlOptions
	if q.regime.Control {
		rules = append(rules, crossholding.ControlOptions{Voting: voting})
	}
	if slices.Contains(q.regime.Bases, law.MeasureVotes) {
		rules = append(rules, crossholding.ControlOptions{Voting: voting, Threshold: q.regime.Threshold, AtLeast: q.regime.AtLeast, NoFacts: true})
	}
	out := make([]*crossholding.Bounds, len(rules))
	for i, rule := range rules {
		var err error
		if out[i], err = q.banded.Alliance.Bounds(ctx, crossholding.BoundsOptions{Control: rule}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// findSure finds the companies that are blocked by shares alone, and those of whose votes
// blocked parties have enough in every completion.
func (q *sanctionsBoundsRun) findSure(ctx context.Context, voting crossholding.VotingOptions) error {
	shares, err := q.byShares(ctx, q.blocked, false)
	if err != nil {
		return err
	}
	if shares != nil {
		for _, id := range shares.least.Blocked() {
			q.sure[id] = true
		}
	}
	groups := [][]string{q.blocked}
	if !q.regime.Aggregate {
		groups = slices.Collect(slices.Chunk(q.blocked, 1))
	}
	var bounds []*crossholding.Bounds
	if !q.doubt.Contracts {
		if bounds, err = q.byVotes(ctx, voting); err != nil {
			return err
		}
	}
	for _, group := range groups {
		var own banded.Seniority
		own.Join(group...)
		own.Join(q.allies().JointOf(own.Has)...)
		q.sureByFacts(&own)
		for _, b := range bounds {
			list, err := b.Controlled(ctx, own.Names()...)
			if err != nil {
				return err
			}
			for _, c := range list {
				q.sure[c.Company] = q.sure[c.Company] || c.Answer == crossholding.CertaintyYes
			}
		}
	}
	return nil
}

// sureByFacts finds the companies that a group controls by facts alone, which no votes can change.
// They join the group.
func (q *sanctionsBoundsRun) sureByFacts(group *banded.Seniority) {
	for before := -1; before < group.Len(); {
		before = group.Len()
		for _, c := range q.byFacts(group, q.regime.JointInterests) {
			q.sure[c] = true
			group.Join(c)
		}
		group.Join(q.allies().JointOf(group.Has)...)
	}
}

// byFacts returns the companies that a group controls by facts. With each, a right that several
// have jointly counts for each of them.
func (q *sanctionsBoundsRun) byFacts(group *banded.Seniority, each bool) []string {
	var out []string
	g := q.banded.Alliance.Graph()
	for _, f := range q.facts {
		if _, has := together.Had(g, f, func(x int32) bool { return group.Has(g.ID(x)) }, each); has && q.regime.Control {
			out = append(out, g.ID(f.Company))
		}
	}
	return out
}

// findMay finds the companies that may be blocked if all blocked parties count together, with
// their partners and with all joint holders of which they are one.
func (q *sanctionsBoundsRun) findMay(ctx context.Context, voting crossholding.VotingOptions) error {
	var all banded.Seniority
	all.Join(q.blocked...)
	bounds, err := q.byVotes(ctx, voting)
	if err != nil {
		return err
	}
	for before := -1; before < all.Len(); {
		before = all.Len()
		q.allies().Join(&all, func(_, party string) string { return party })
		q.allies().JoinHolders(&all)
		for _, b := range bounds {
			if q.doubt.Contracts {
				break
			}
			list, err := b.Controlled(ctx, all.Names()...)
			if err != nil {
				return err
			}
			for _, c := range list {
				all.Join(c.Company)
			}
		}
		if err := q.joinByShares(ctx, &all); err != nil {
			return err
		}
		all.Join(q.byFacts(&all, true)...)
		if q.doubt.Contracts { // whatever has doubtful votes may be blocked
			for _, c := range q.banded.Given.Companies {
				if doubt, _ := q.doubt.Concerns(c.ID, q.blocked...); doubt {
					all.Join(c.ID)
				}
			}
		}
	}
	q.may = map[string]bool{}
	for _, x := range all.Names() {
		q.may[x] = q.banded.Alliance.Graph().HasShares(q.node(x))
	}
	for i := range q.facts {
		company := q.banded.Alliance.Graph().ID(q.facts[i].Company)
		if _, may := q.may[company]; may {
			q.may[company] = true
		}
	}
	for _, x := range q.blocked {
		delete(q.may, x)
	}
	return nil
}

// node returns the node of a name of the book.
func (q *sanctionsBoundsRun) node(id string) int32 {
	n, _ := q.banded.Alliance.Graph().Node(id) // it is one
	return n
}

// joinByShares adds the companies that some may own by shares.
func (q *sanctionsBoundsRun) joinByShares(ctx context.Context, all *banded.Seniority) error {
	shares, err := q.byShares(ctx, all.Names(), true)
	if err != nil || shares == nil {
		return err
	}
	return shares.raise(ctx, shares.blocked[0], func(s *sanctioned) { all.Join(s.Blocked()...) })
}

// possible returns the companies where blocked parties have most of them, and the completions
// in which they do.
func (q *sanctionsBoundsRun) possible(ctx context.Context) (map[string]SanctionedCompany, map[string]banded.Completion, error) {
	most, at := map[string]SanctionedCompany{}, map[string]banded.Completion{}
	for _, party := range q.first() {
		err := q.raise(ctx, party, func(s *sanctioned) {
			for _, c := range s.Companies {
				if old, ok := most[c.Company]; !ok || c.stronger(&old) {
					most[c.Company], at[c.Company] = c, s.at
				}
			}
		})
		if err != nil {
			return nil, nil, err
		}
	}
	for id, may := range q.may {
		if _, ok := most[id]; may && !ok {
			var err error
			if most[id], err = q.least.Of(id); err != nil {
				return nil, nil, err
			}
		}
	}
	return most, at, nil
}

// first returns the blocked parties that get as much as they can before the others: if the
// regime adds all up, the order does not matter.
func (q *sanctionsBoundsRun) first() []string {
	if q.regime.Aggregate {
		return q.blocked[:1]
	}
	return q.blocked
}

// raise gives blocked parties, one of them first, as much as the other stakes leave, until no
// company more is blocked. It shows the answer about each completion.
func (q *sanctionsBoundsRun) raise(ctx context.Context, party string, show func(s *sanctioned)) error {
	var own, all banded.Seniority
	if own.Join(party); q.regime.Aggregate {
		own.Join(q.blocked...)
	}
	all.Join(q.blocked...)
	rank := func(s *crossholding.Stake) ratio.Ratio {
		who := []string{cmp.Or(s.Beneficiary, s.Holder)}
		if q.regime.countsVotes() {
			who = append(who, cmp.Or(s.Voter, s.Holder))
		}
		for _, x := range who {
			who = append(who, allyIn(s.Issuer, x))
		}
		switch {
		case own.Has(who...):
			return ratio.Int(3).Add(own.Rank(who...))
		case all.Has(who...):
			return ratio.Int(2).Add(all.Rank(who...))
		case s.Voter == crossholding.Neutral:
			return ratio.Int(1) // fewer votes can move a result
		}
		return ratio.Ratio{}
	}
	next := func(last sanctioned) (banded.Completion, error) {
		show(&last)
		for _, c := range last.Companies {
			if c.Blocked {
				all.Join(c.Company)
				if slices.Contains(c.Through, party) {
					own.Join(c.Company)
				}
			}
		}
		allies := q.allies()
		allies.Through = last.through
		allies.Join(&own, allyIn)
		allies.Join(&all, func(_, party string) string { return party }) // to hold through companies
		own.Next()
		all.Next()
		return q.banded.Filled(rank), nil
	}
	last, err := banded.Raise(q.banded, q.least, next, func(c banded.Completion) (sanctioned, error) { return q.try(ctx, c) })
	if err == nil {
		show(&last)
	}
	return err
}

// allyIn returns the name of a party for a seniority in which it counts only at one company.
func allyIn(company, party string) string { return party + "\x00" + company }

// allies says whose stakes may count for blocked parties.
func (q *sanctionsBoundsRun) allies() *banded.Allies {
	return &banded.Allies{Book: q.banded, Concerts: !q.regime.Aggregate, Each: q.regime.JointInterests,
		IsPartner: func(x string) bool { return q.opt.Joint == JointParties || slices.Contains(q.blocked, x) }}
}

package compliance

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/ratio"
)

// ConsolidationBounds is a parent's group and its other interests in a book of which some
// stakes are known only as bands. It is plain data.
type ConsolidationBounds struct {
	Parent   string        `json:"parent"`
	Entities []EntityBound `json:"entities"` // sorted by company
}

// EntityBound is one company in which a group has or may have votes or money. It is plain
// data.
//
// Least and Most are the company where the group has as few votes as it can, and as many.
// Their figures stay away from an open end of a band by 10^-12 of the band. Least has no
// class if the group may have nothing of the company. If the classes differ, the class may
// also be one between them, and a joint venture if the votes can be exactly half. In a book with
// bands, both count votes as if no statute suspended any.
type EntityBound struct {
	Company string `json:"company"`
	// Subsidiary says whether the parent controls the company. If it depends, Yes and No
	// list stakes that decide, as in [crossholding.ControlBound].
	Subsidiary crossholding.Certainty     `json:"subsidiary"`
	Least      Entity                     `json:"least"`
	Most       Entity                     `json:"most"`
	Yes        []crossholding.BandedStake `json:"yes"`
	No         []crossholding.BandedStake `json:"no"`
	Law        bool                       `json:"law"` // statutes that may suspend votes matter
	// Doubt reports that votes behind the company are in doubt, as for [BoundBeneficialOwners].
	// Subsidiary is then still right, and other classes can be too high or too low.
	Doubt bool `json:"doubt"`
}

// Of returns the companies that have one class in every completion, sorted.
func (c ConsolidationBounds) Of(class InvestmentClass) []string {
	out := []string{}
	for _, e := range c.Entities {
		is := e.Least.Class == class && e.Most.Class == class && e.Subsidiary == crossholding.CertaintyNo && !e.Doubt
		if class == Subsidiary {
			is = e.Subsidiary == crossholding.CertaintyYes
		}
		if is {
			out = append(out, e.Company)
		}
	}
	return out
}

// String returns the entity as a sentence.
func (e EntityBound) String() string {
	class := func(c InvestmentClass) string { return string(cmp.Or(c, "no interest")) }
	s := e.Company + ": " + class(e.Least.Class)
	if e.Least.Class != e.Most.Class {
		s += " to " + class(e.Most.Class)
	}
	return s + banded.Decided("a subsidiary", e.Yes, "not one", e.No, e.Law)
}

// WithNames returns the entity with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (e EntityBound) WithNames(name func(id string) string) EntityBound {
	e.Company, e.Least, e.Most = name(e.Company), e.Least.WithNames(name), e.Most.WithNames(name)
	e.Yes, e.No = banded.NamedStakes(e.Yes, name), banded.NamedStakes(e.No, name)
	return e
}

// BoundConsolidation returns the group of a parent in a book with bands: which companies are
// its subsidiaries in every completion of the book, which in some, and the classes of the
// others where the group has least and most. A completion gives every banded stake one
// figure of its band.
//
// Who controls is what [crossholding.Bounds.Controls] says. In a book without bands, an answer
// that differs between the readings of the law depends. Agreements about votes count as they do
// there; behind a company whose votes they change, Doubt is set. The errors are those of
// [Consolidate] and of [crossholding.Alliance.Bounds].
func BoundConsolidation(ctx context.Context, a *crossholding.Alliance, parent string, opt ConsolidationOptions) (ConsolidationBounds, error) {
	ctx, a = given(ctx, a)
	out, err := boundConsolidation(ctx, a, parent, opt)
	return out, withPrefix(err)
}

func boundConsolidation(ctx context.Context, a *crossholding.Alliance, parent string, opt ConsolidationOptions) (ConsolidationBounds, error) {
	book, err := banded.New(a)
	if err != nil {
		return ConsolidationBounds{}, err
	}
	q := consolidationBoundsRun{parent, opt, book}
	if book.Len() == 0 {
		return q.exactly(ctx)
	}
	out := ConsolidationBounds{Parent: parent, Entities: []EntityBound{}}
	bounds, err := a.Bounds(ctx, crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: opt.Voting,
		Threshold: opt.ControlThreshold, Presumed: opt.Presumed, Basis: opt.Basis, NoFacts: opt.NoFacts}})
	if err != nil {
		return out, err
	}
	doubt := &banded.DoubtfulVotes{}
	if opt.Basis != crossholding.BasisCapital {
		if doubt, err = book.VotesInDoubt(ctx, opt.Voting); err != nil {
			return out, err
		}
		q.opt.Voting.NoLaw = true
	}
	least, err := q.try(ctx, book.Lowest())
	if err != nil {
		return out, err
	}
	most, err := q.raise(ctx, least)
	if err != nil {
		return out, err
	}
	entities, err := q.entities(ctx, bounds, most.Consolidation) // what the group has at least, it has at most too
	if err != nil {
		return out, err
	}
	for _, e := range entities {
		row := newEntityBound(e, least.Consolidation)
		control, err := bounds.Controls(ctx, parent, e.Company)
		if err != nil {
			return out, err
		}
		row.Subsidiary, row.Yes, row.No, row.Law = control.Answer, control.Yes, control.No, control.Law
		row.Doubt, _ = doubt.Concerns(e.Company, parent)
		out.Entities = append(out.Entities, row)
	}
	return out, nil
}

// entities returns the entities where the group has most, and without a class those that the
// parent controls only if statutes suspend votes.
func (q *consolidationBoundsRun) entities(ctx context.Context, bounds *crossholding.Bounds, most Consolidation) ([]Entity, error) {
	list, err := bounds.Controlled(ctx, q.parent)
	if err != nil {
		return nil, err
	}
	out := most.Entities
	for _, c := range list {
		if _, ok := most.entity(c.Company); !ok && c.Company != q.parent {
			out = append(out, Entity{Company: c.Company, Through: []string{}, Proof: crossholding.Proof{Steps: []crossholding.ProofStep{}}, Threshold: cmp.Or(q.opt.InfluenceThreshold, ratio.Of(1, 5))})
		}
	}
	slices.SortFunc(out, func(x, y Entity) int { return cmp.Compare(x.Company, y.Company) })
	return out, nil
}

// newEntityBound returns a row with the entity where the group has most.
func newEntityBound(most Entity, least Consolidation) EntityBound {
	row := EntityBound{Company: most.Company, Most: most, Least: Entity{Company: most.Company, Through: []string{},
		Proof: crossholding.Proof{Steps: []crossholding.ProofStep{}}, Threshold: most.Threshold}}
	if e, ok := least.entity(most.Company); ok {
		row.Least = e
	}
	return row
}

// entity returns the entity of a company.
func (c *Consolidation) entity(company string) (Entity, bool) {
	i := slices.IndexFunc(c.Entities, func(e Entity) bool { return e.Company == company })
	if i < 0 {
		return Entity{}, false
	}
	return c.Entities[i], true
}

// exactly answers for a book without bands, under each reading of the law.
func (q *consolidationBoundsRun) exactly(ctx context.Context) (ConsolidationBounds, error) {
	out := ConsolidationBounds{Parent: q.parent, Entities: []EntityBound{}}
	all, err := reading.Each(q.opt.Voting, func(v crossholding.VotingOptions) (Consolidation, error) {
		opt := q.opt
		opt.Voting = v
		return consolidate(ctx, q.banded.Alliance, q.parent, &opt)
	})
	if err != nil {
		return out, err
	}
	for _, first := range all {
		for _, e := range first.Entities {
			if !slices.ContainsFunc(out.Entities, func(b EntityBound) bool { return b.Company == e.Company }) {
				out.Entities = append(out.Entities, overReadings(e.Company, all))
			}
		}
	}
	slices.SortFunc(out.Entities, func(x, y EntityBound) int { return cmp.Compare(x.Company, y.Company) })
	return out, nil
}

// overReadings returns the row of a company under all readings of the law.
func overReadings(company string, all []Consolidation) EntityBound {
	var found []Entity
	yes := 0
	for _, c := range all {
		if e, ok := c.entity(company); ok {
			found = append(found, e)
			if e.Class == Subsidiary {
				yes++
			}
		}
	}
	slices.SortStableFunc(found, func(x, y Entity) int {
		switch {
		case x.Class == Subsidiary && y.Class != Subsidiary:
			return 1
		case y.Class == Subsidiary && x.Class != Subsidiary:
			return -1
		}
		return x.Votes.Cmp(y.Votes)
	})
	var least Consolidation
	if len(found) == len(all) { // otherwise some reading leaves the group nothing
		least.Entities = found[:1]
	}
	row := newEntityBound(found[len(found)-1], least)
	row.Yes, row.No = []crossholding.BandedStake{}, []crossholding.BandedStake{}
	switch yes {
	case 0:
		row.Subsidiary = crossholding.CertaintyNo
	case len(all):
		row.Subsidiary = crossholding.CertaintyYes
	default:
		row.Subsidiary, row.Law = crossholding.CertaintyDepends, true
	}
	return row
}

// consolidationBoundsRun is one call of [BoundConsolidation].
type consolidationBoundsRun struct {
	parent string
	opt    ConsolidationOptions
	banded *banded.Book
}

// consolidated is a group with its interests in one completion.
type consolidated struct {
	Consolidation
	group []string // sorted
}

// try answers for a completion.
func (q *consolidationBoundsRun) try(ctx context.Context, c banded.Completion) (consolidated, error) {
	return banded.Ask(q.banded, c, func(a *crossholding.Alliance, _ banded.Completion) (consolidated, error) {
		var out consolidated
		opt := q.opt
		run, err := newConsolidationRun(ctx, a, q.parent, &opt)
		if err != nil {
			return out, err
		}
		for y := range run.group.Nodes() {
			out.group = append(out.group, run.g.ID(y))
		}
		slices.Sort(out.group)
		out.Consolidation, err = run.answer(ctx)
		return out, err
	})
}

// raise gives the group as many votes as the other stakes leave, until it stops growing.
func (q *consolidationBoundsRun) raise(ctx context.Context, least consolidated) (consolidated, error) {
	var members banded.Seniority
	members.Join(q.parent)
	rank := func(s *crossholding.Stake) ratio.Ratio {
		who := cmp.Or(s.Voter, s.Holder)
		if q.opt.Basis == crossholding.BasisCapital {
			who = cmp.Or(s.Beneficiary, s.Holder)
		}
		switch {
		case members.Has(who):
			return ratio.Int(3).Add(members.Rank(who))
		case members.Has(cmp.Or(s.Beneficiary, s.Holder)):
			return ratio.Int(2) // it counts for the money
		case s.Voter == crossholding.Neutral:
			return ratio.Int(1) // fewer votes can move a result
		}
		return ratio.Ratio{}
	}
	next := func(last consolidated) (banded.Completion, error) {
		members.Next()
		members.Join(last.group...)
		return q.banded.Filled(rank), nil
	}
	return banded.Raise(q.banded, least, next, func(c banded.Completion) (consolidated, error) { return q.try(ctx, c) })
}

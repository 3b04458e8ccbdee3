package compliance

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// ConsolidationBounds is a parent's group and its other interests in a book of which some
// stakes are known only as bands. It is plain data.
type ConsolidationBounds struct {
	Parent   string        `json:"parent"`
	Entities []EntityBound `json:"entities"` // sorted by company
	Unowned  [][]string    `json:"unowned"`  // as in [Consolidation], in every completion
}

// EntityBound is one company in which a group has or may have votes or money. It is plain
// data.
//
// Least and Most are the company where the group has as few votes as it can, and as many. Their
// figures stay away from an open end of a band by 10^-12 of the band, and their own sentences show
// it. Least has no class if the group may have nothing of the company. If the classes differ, the
// class may also be one between them. A joint venture is not what more votes make of an associate:
// it needs exact halves on both sides, so Joint says apart whether there is one. In a book with
// bands, Least and Most count votes as if no statute suspended any.
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
	// Joint says whether the company is a joint venture. If it depends, JointIf lists stakes with
	// which it is one, whatever the others are. JointIf is empty if no such completion was found:
	// then it may be that there is none.
	Joint   crossholding.Certainty     `json:"joint"`
	JointIf []crossholding.BandedStake `json:"joint_if"`
	// Doubt reports that votes behind the company are in doubt, as for [BoundBeneficialOwners].
	// Subsidiary is then still right, other classes can be too high or too low, and Joint is never
	// certain.
	Doubt bool `json:"doubt"`
}

// Of returns the companies that have one class in every completion, sorted.
func (c ConsolidationBounds) Of(class InvestmentClass) []string {
	out := []string{}
	for _, e := range c.Entities {
		is := e.Least.Class == class && e.Most.Class == class && e.Subsidiary == crossholding.CertaintyNo && e.Joint == crossholding.CertaintyNo && !e.Doubt
		switch class {
		case Subsidiary:
			is = e.Subsidiary == crossholding.CertaintyYes
		case JointVenture:
			is = e.Joint == crossholding.CertaintyYes
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
	low, high := e.Span()
	s := e.Company + ": " + class(low)
	if low != high {
		s += " to " + class(high)
	}
	return s + banded.Decided("a joint venture", e.JointIf, "", nil, false) + banded.Decided("a subsidiary", e.Yes, "not one", e.No, e.Law)
}

// byRank lists the classes from the least to the most.
var byRank = []InvestmentClass{"", Investment, Associate, JointVenture, Subsidiary}

// Span returns the lowest and the highest class that the company can have, in the order of no
// interest, investment, associate, joint venture and subsidiary.
func (e EntityBound) Span() (low, high InvestmentClass) {
	if e.Subsidiary == crossholding.CertaintyYes {
		return Subsidiary, Subsidiary
	}
	found := []int{slices.Index(byRank, e.Least.Class), slices.Index(byRank, e.Most.Class)}
	switch e.Joint {
	case crossholding.CertaintyYes:
		found = []int{slices.Index(byRank, JointVenture)}
	case crossholding.CertaintyDepends:
		found = append(found, slices.Index(byRank, JointVenture))
		if found[0] == found[2] && !e.Least.Votes.Less(e.Least.Threshold) {
			found = append(found, slices.Index(byRank, Associate)) // somebody may control it
		}
	}
	if e.Subsidiary == crossholding.CertaintyDepends {
		found = append(found, slices.Index(byRank, Subsidiary))
	}
	return byRank[max(0, slices.Min(found))], byRank[max(0, slices.Max(found))]
}

// WithNames returns the entity with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (e EntityBound) WithNames(name func(id string) string) EntityBound {
	e.Company, e.Least, e.Most = name(e.Company), e.Least.WithNames(name), e.Most.WithNames(name)
	e.Yes, e.No, e.JointIf = banded.NamedStakes(e.Yes, name), banded.NamedStakes(e.No, name), banded.NamedStakes(e.JointIf, name)
	return e
}

// BoundConsolidation returns the group of a parent in a book with bands: which companies are
// its subsidiaries in every completion of the book, which in some, and the classes of the
// others where the group has least and most. A completion gives every banded stake one
// figure of its band.
//
// A company is a joint venture in the completions in which both groups have exactly half of the
// votes and nobody else controls it alone, as for [Consolidate]. Joint is yes if both have half
// where all have least. It is no if the group cannot have half, if nobody else can, or if another
// surely controls the company by a fact. Otherwise it depends.
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
	q, err := newConsolidationBoundsRun(ctx, a, parent, opt)
	if err != nil {
		return ConsolidationBounds{}, err
	}
	if q.banded.Len() == 0 {
		return q.exactly(ctx)
	}
	least, err := q.try(ctx, q.banded.Lowest())
	if err != nil {
		return ConsolidationBounds{}, err
	}
	out := ConsolidationBounds{Parent: parent, Entities: []EntityBound{}, Unowned: least.Unowned}
	most, err := q.raise(ctx, least)
	if err != nil {
		return out, err
	}
	entities, err := q.entities(ctx, most) // what the group has at least, it has at most too
	if err != nil {
		return out, err
	}
	joint := jointBounds{q, least, most}
	stage := progress.Start(ctx, "entities", len(entities), 1)
	for i, e := range entities {
		stage.At(i)
		row := newEntityBound(e, least.Consolidation)
		control, err := q.bounds.Controls(ctx, parent, e.Company)
		if err != nil {
			return out, err
		}
		row.Subsidiary, row.Law = control.Answer, control.Law
		row.Yes, row.No = append(row.Yes, control.Yes...), append(row.No, control.No...)
		row.Doubt, _ = q.doubt.Concerns(e.Company, parent)
		if err := joint.answer(ctx, &row); err != nil {
			return out, err
		}
		out.Entities = append(out.Entities, row)
	}
	stage.End()
	return out, nil
}

// newConsolidationBoundsRun reads the bands of a book, and bounds who controls whom. A book
// without bands has no bounds.
func newConsolidationBoundsRun(ctx context.Context, a *crossholding.Alliance, parent string, opt ConsolidationOptions) (*consolidationBoundsRun, error) {
	book, err := banded.New(a)
	if err != nil {
		return nil, err
	}
	q := &consolidationBoundsRun{parent: parent, opt: opt, banded: book, doubt: &banded.DoubtfulVotes{}}
	if book.Len() == 0 {
		return q, nil
	}
	control := crossholding.ControlOptions{Voting: opt.Voting, Threshold: opt.ControlThreshold, Presumed: opt.Presumed, Basis: opt.Basis, NoFacts: opt.NoFacts}
	if q.bounds, err = a.Bounds(ctx, crossholding.BoundsOptions{Control: control}); err != nil {
		return nil, err
	}
	control.Threshold, control.AtLeast, control.Presumed = ratio.Of(1, 2), true, ratio.Ratio{}
	if q.halves, err = a.Bounds(ctx, crossholding.BoundsOptions{Control: control}); err != nil {
		return nil, err
	}
	if opt.Basis != crossholding.BasisCapital {
		if q.doubt, err = book.VotesInDoubt(ctx, opt.Voting); err != nil {
			return nil, err
		}
		q.opt.Voting.NoLaw = true
	}
	return q, nil
}

// entities returns the entities where the group has most, with those of companies that the parent
// controls only if statutes suspend votes. The class of these is the one that they have without
// control.
func (q *consolidationBoundsRun) entities(ctx context.Context, most consolidated) ([]Entity, error) {
	list, err := q.bounds.Controlled(ctx, q.parent)
	if err != nil {
		return nil, err
	}
	wide := *most.run
	with := []int32{wide.parent}
	for _, c := range list {
		if _, in := slices.BinarySearch(most.group, c.Company); in {
			continue
		}
		x, err := wide.g.Node(c.Company)
		if err != nil {
			return nil, err
		}
		with = append(with, x)
	}
	if len(with) == 1 {
		return most.Entities, nil
	}
	if wide.group, err = wide.groupOf(ctx, with...); err != nil {
		return nil, err
	}
	all, err := wide.answer(ctx)
	if err != nil {
		return nil, err
	}
	for i, e := range all.Entities {
		if narrow, ok := most.entity(e.Company); ok {
			all.Entities[i] = narrow
		}
	}
	return all.Entities, nil
}

// newEntityBound returns a row with the entity where the group has most.
func newEntityBound(most Entity, least Consolidation) EntityBound {
	none := []crossholding.BandedStake{}
	row := EntityBound{Company: most.Company, Most: most, Joint: crossholding.CertaintyNo, Yes: none, No: none, JointIf: none, Least: Entity{Company: most.Company, Through: []string{},
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
	out.Unowned = all[0].Unowned // money is not what the law has readings of
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
	yes, joint := 0, 0
	for _, c := range all {
		if e, ok := c.entity(company); ok {
			found = append(found, e)
			switch e.Class {
			case Subsidiary:
				yes++
			case JointVenture:
				joint++
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
	row.Subsidiary, row.Joint = inReadings(yes, len(all)), inReadings(joint, len(all))
	row.Law = row.Subsidiary == crossholding.CertaintyDepends || row.Joint == crossholding.CertaintyDepends
	return row
}

// inReadings returns how certain an answer is that is yes in some readings of the law.
func inReadings(yes, all int) crossholding.Certainty {
	switch yes {
	case 0:
		return crossholding.CertaintyNo
	case all:
		return crossholding.CertaintyYes
	}
	return crossholding.CertaintyDepends
}

// consolidationBoundsRun is one call of [BoundConsolidation].
type consolidationBoundsRun struct {
	parent string
	opt    ConsolidationOptions // in completions no statute suspends votes
	banded *banded.Book
	bounds *crossholding.Bounds // who controls whom; nil without bands
	halves *crossholding.Bounds // who has half or more of whom
	doubt  *banded.DoubtfulVotes
}

// consolidated is a group with its interests in one completion.
type consolidated struct {
	Consolidation
	run   *consolidationRun
	at    banded.Completion
	group []string // sorted
}

// try answers for a completion.
func (q *consolidationBoundsRun) try(ctx context.Context, c banded.Completion) (consolidated, error) {
	return banded.Ask(q.banded, c, func(a *crossholding.Alliance, at banded.Completion) (consolidated, error) {
		opt := q.opt
		run, err := newConsolidationRun(ctx, a, q.parent, &opt)
		if err != nil {
			return consolidated{}, err
		}
		out := consolidated{run: run, at: at}
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

package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
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
// also be one between them, and a joint venture if the votes can be exactly half.
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
}

// Of returns the companies that have one class in every completion, sorted.
func (c ConsolidationBounds) Of(class InvestmentClass) []string {
	out := []string{}
	for _, e := range c.Entities {
		if e.Least.Class == class && e.Most.Class == class && e.Subsidiary != crossholding.CertaintyDepends {
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
	for _, side := range []struct {
		word   string
		stakes []crossholding.BandedStake
	}{{"a subsidiary", e.Yes}, {"not one", e.No}} {
		parts := make([]string, len(side.stakes))
		for i, k := range side.stakes {
			parts[i] = fmt.Sprintf("%s has %s of %s", k.Holder, k.Fraction.ShortPercent(), k.Issuer)
		}
		if len(parts) > 0 {
			s += fmt.Sprintf("; %s if %s", side.word, strings.Join(parts, " and "))
		}
	}
	if e.Law {
		s += "; statutes may suspend votes"
	}
	return s
}

// WithNames returns the entity with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (e EntityBound) WithNames(name func(id string) string) EntityBound {
	e.Company, e.Least, e.Most = name(e.Company), e.Least.WithNames(name), e.Most.WithNames(name)
	for _, list := range []*[]crossholding.BandedStake{&e.Yes, &e.No} {
		*list = slices.Clone(*list)
		for i, s := range *list {
			(*list)[i].Holder, (*list)[i].Issuer = name(s.Holder), name(s.Issuer)
		}
	}
	return e
}

// BoundConsolidation returns the group of a parent in a book with bands: which companies are
// its subsidiaries in every completion of the book, which in some, and the classes of the
// others where the group has least and most. A completion gives every banded stake one
// figure of its band.
//
// Who controls is what [crossholding.Bounds.Controls] says. The errors are those of
// [Consolidate] and of [crossholding.Alliance.Bounds], and [crossholding.ErrAgreement] if an
// agreement changes votes. Set VotingOptions.NoContracts to leave these out.
func BoundConsolidation(ctx context.Context, a *crossholding.Alliance, parent string, opt ConsolidationOptions) (ConsolidationBounds, error) {
	ctx, a = given(ctx, a)
	out, err := boundConsolidation(ctx, a, parent, opt)
	return out, withPrefix(err)
}

func boundConsolidation(ctx context.Context, a *crossholding.Alliance, parent string, opt ConsolidationOptions) (ConsolidationBounds, error) {
	out := ConsolidationBounds{Parent: parent, Entities: []EntityBound{}}
	bounds, err := a.Bounds(ctx, crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: opt.Voting,
		Threshold: opt.ControlThreshold, Presumed: opt.Presumed, Basis: opt.Basis, NoFacts: opt.NoFacts}})
	if err != nil {
		return out, err
	}
	banded, err := newBandedBook(a)
	if err != nil {
		return out, err
	}
	q := consolidationBoundsRun{parent, opt, banded}
	least, err := q.try(ctx, banded.lowest())
	if err != nil {
		return out, err
	}
	most, err := q.raise(ctx, least)
	if err != nil {
		return out, err
	}
	for _, e := range most.Entities { // what the group has at least, it has at most too
		row := EntityBound{Company: e.Company, Most: e, Least: Entity{Company: e.Company, Through: []string{},
			Proof: crossholding.Proof{Steps: []crossholding.ProofStep{}}, Threshold: e.Threshold}}
		if i := slices.IndexFunc(least.Entities, func(l Entity) bool { return l.Company == e.Company }); i >= 0 {
			row.Least = least.Entities[i]
		}
		control, err := bounds.Controls(ctx, parent, e.Company)
		if err != nil {
			return out, err
		}
		row.Subsidiary, row.Yes, row.No, row.Law = control.Answer, control.Yes, control.No, control.Law
		out.Entities = append(out.Entities, row)
	}
	return out, nil
}

// consolidationBoundsRun is one call of [BoundConsolidation].
type consolidationBoundsRun struct {
	parent string
	opt    ConsolidationOptions
	banded *bandedBook
}

// consolidated is a group with its interests in one completion.
type consolidated struct {
	Consolidation
	group []string // sorted
}

// try answers for a completion.
func (q *consolidationBoundsRun) try(ctx context.Context, c completion) (consolidated, error) {
	return askAt(q.banded, c, func(a *crossholding.Alliance, _ completion) (consolidated, error) {
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
	var members seniority
	members.join(q.parent)
	rank := func(s *crossholding.Stake) ratio.Ratio {
		who := cmp.Or(s.Voter, s.Holder)
		if q.opt.Basis == crossholding.BasisCapital {
			who = cmp.Or(s.Beneficiary, s.Holder)
		}
		switch {
		case members.has(who):
			return ratio.Int(3).Add(members.rank(who))
		case members.has(cmp.Or(s.Beneficiary, s.Holder)):
			return ratio.Int(2) // it counts for the money
		case s.Voter == crossholding.Neutral:
			return ratio.Int(1) // fewer votes can move a result
		}
		return ratio.Ratio{}
	}
	next := func(last consolidated) (completion, error) {
		members.next()
		members.join(last.group...)
		return q.banded.filled(rank), nil
	}
	return raise(q.banded, least, next, func(c completion) (consolidated, error) { return q.try(ctx, c) })
}

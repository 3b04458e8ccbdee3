package compliance

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/ratio"
)

// jointBounds finds out which companies are joint ventures in a book with bands. A joint venture
// needs exactly half of the votes on both sides, so more of a stake can make it and unmake it.
type jointBounds struct {
	q           *consolidationBoundsRun
	least, most consolidated
}

// answer says whether the company of a row is a joint venture.
func (j *jointBounds) answer(ctx context.Context, row *EntityBound) error {
	if never, err := j.never(ctx, row); err != nil || never {
		return err
	}
	partners, err := j.partners(ctx, row.Company)
	if err != nil || len(partners) == 0 {
		return err
	}
	row.Joint = crossholding.CertaintyDepends
	if row.Doubt {
		return nil
	}
	if sure, err := j.sure(ctx, row); err != nil || sure {
		row.Joint = crossholding.CertaintyYes
		return err
	}
	for _, partner := range partners {
		at, err := j.completion(ctx, row.Company, partner)
		if err != nil {
			return err
		}
		if at != nil {
			row.JointIf, err = j.decide(ctx, row.Company, at)
			return err
		}
	}
	return nil
}

// never reports whether a company is a joint venture in no completion, whoever the partner is:
// because of the group's votes, or because another surely controls it alone.
func (j *jointBounds) never(ctx context.Context, row *EntityBound) (bool, error) {
	half, control := ratio.Of(1, 2), j.q.opt.ControlThreshold
	if row.Subsidiary == crossholding.CertaintyYes || !control.IsZero() && control.Less(half) {
		return true, nil
	}
	if !row.Doubt && (row.Most.Votes.Less(half) || half.Less(row.Least.Votes)) {
		return true, nil
	}
	run := j.least.run
	c, err := run.g.Node(row.Company)
	if err != nil {
		return false, err
	}
	named, _, err := run.controller(ctx, c)
	if err != nil || len(named) == 0 || row.Doubt && len(named) > 1 {
		return false, err
	}
	for _, x := range named {
		if c, err := j.controls(ctx, j.q.bounds, j.q.parent, run.g.ID(x)); err != nil || c != crossholding.CertaintyNo {
			return false, err
		}
	}
	return true, nil
}

// controls returns how certain it is by some bounds that one controls another. Nobody controls a
// person.
func (j *jointBounds) controls(ctx context.Context, bounds *crossholding.Bounds, x, y string) (crossholding.Certainty, error) {
	if x == y {
		return crossholding.CertaintyYes, nil
	}
	c, err := bounds.Controls(ctx, x, y)
	if errors.Is(err, crossholding.ErrUnknown) {
		return crossholding.CertaintyNo, nil
	}
	return c.Answer, err
}

// partners lists those who may have half of a company and do not surely control the parent, sorted.
func (j *jointBounds) partners(ctx context.Context, company string) ([]string, error) {
	var out []string
	g := j.q.banded.Alliance.Graph()
	for _, z := range slices.Sorted(maps.Keys(j.q.banded.Upstream().Of(company))) {
		node, err := g.Node(z)
		if err != nil || z == company || g.Dispersed(node) {
			continue
		}
		if _, surely := slices.BinarySearch(j.least.group, z); surely {
			continue
		}
		half, err := j.controls(ctx, j.q.halves, z, company)
		if err != nil {
			return nil, err
		}
		above, err := j.controls(ctx, j.q.bounds, z, j.q.parent)
		if err != nil {
			return nil, err
		}
		if half == crossholding.CertaintyNo || above == crossholding.CertaintyYes {
			continue
		}
		out = append(out, z)
	}
	return out, nil
}

// sure reports whether a company is a joint venture in every completion: it is one where all have
// least, and then both halves are all that there is. Who controls several others together may do
// so in some completions only.
func (j *jointBounds) sure(ctx context.Context, row *EntityBound) (bool, error) {
	if row.Least.Class != JointVenture || row.Subsidiary != crossholding.CertaintyNo {
		return false, nil
	}
	run := j.least.run
	c, err := run.g.Node(row.Company)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(run.facts[c], func(f crossholding.NodeFact) bool { return !slices.ContainsFunc(f.Controllers, run.hasPart) }) {
		return false, nil
	}
	fractions := run.tally.Fractions(c)
	above, err := run.behind(ctx, c)
	if err != nil {
		return false, err
	}
	for _, x := range above {
		if x == c || run.group.Has(x) || run.g.Dispersed(x) {
			continue
		}
		g, err := run.groupOf(ctx, x)
		if err != nil {
			return false, err
		}
		if !run.isHalf(g, fractions) {
			continue
		}
		if c, err := j.controls(ctx, j.q.bounds, run.g.ID(x), j.q.parent); err != nil || c == crossholding.CertaintyNo {
			return err == nil, err
		}
	}
	return false, nil
}

// completion returns a completion in which a company is a joint venture with a partner, or nil if
// none was found. It tries the groups where each of the two has least and most.
func (j *jointBounds) completion(ctx context.Context, company, partner string) (banded.Completion, error) {
	opt := j.q.opt
	other := &consolidationBoundsRun{parent: partner, opt: opt, banded: j.q.banded}
	theirs, err := other.try(ctx, j.q.banded.Lowest())
	if err != nil {
		return nil, err
	}
	high, err := other.raise(ctx, theirs)
	if err != nil {
		return nil, err
	}
	for _, at := range []banded.Completion{j.least.at, j.most.at, high.at} {
		mine, err := j.q.try(ctx, at)
		if err != nil {
			return nil, err
		}
		if theirs, err = other.try(ctx, at); err != nil {
			return nil, err
		}
		shared, ok, err := j.q.banded.Halved(at, company, opt.Basis, func(holder string) int {
			_, first := slices.BinarySearch(mine.group, holder)
			_, second := slices.BinarySearch(theirs.group, holder)
			switch {
			case holder == company:
				return 0
			case first:
				return 1
			case second:
				return 2
			}
			return 0
		})
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		found, err := j.q.try(ctx, shared)
		if err != nil {
			return nil, err
		}
		if e, _ := found.entity(company); e.Class == JointVenture {
			return found.at, nil
		}
	}
	return nil, nil
}

// decide returns stakes with which a company is a joint venture, whatever the others are: as few
// as there can be of a completion in which it is one.
func (j *jointBounds) decide(ctx context.Context, company string, at banded.Completion) ([]crossholding.BandedStake, error) {
	book, at, err := j.q.banded.About(at, []string{j.q.parent}, company)
	if err != nil {
		return nil, err
	}
	fixed := map[int]ratio.Ratio{}
	for i, shares := range at {
		fixed[i] = shares
	}
	for i, shares := range at {
		delete(fixed, i)
		a, err := book.With(func(k int) (ratio.Ratio, bool) {
			s, ok := fixed[k]
			return s, ok
		})
		if err != nil {
			return nil, err
		}
		sure, err := surelyJoint(ctx, a, j.q.parent, company, j.q.opt)
		if err != nil {
			return nil, err
		}
		if !sure {
			fixed[i] = shares
		}
	}
	out := []crossholding.BandedStake{}
	for i := range at {
		if shares, ok := fixed[i]; ok {
			out = append(out, book.Banded(i, shares))
		}
	}
	return out, nil
}

// surelyJoint reports whether a company is a joint venture in every completion of a book.
func surelyJoint(ctx context.Context, a *crossholding.Alliance, parent, company string, opt ConsolidationOptions) (bool, error) {
	q, err := newConsolidationBoundsRun(ctx, a, parent, opt)
	if err != nil {
		return false, err
	}
	least, err := q.try(ctx, q.banded.Lowest())
	if err != nil {
		return false, err
	}
	e, ok := least.entity(company)
	if !ok || e.Class != JointVenture || q.banded.Len() == 0 {
		return ok && e.Class == JointVenture, nil
	}
	row := newEntityBound(e, least.Consolidation)
	control, err := q.bounds.Controls(ctx, parent, company)
	if err != nil {
		return false, err
	}
	row.Subsidiary = control.Answer
	if row.Doubt, _ = q.doubt.Concerns(company, parent); row.Doubt {
		return false, nil
	}
	j := jointBounds{q: q, least: least}
	return j.sure(ctx, &row)
}

package compliance

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
)

// ownersOf answers for one count of votes. If the rule counts a share that several hold
// jointly for each of them, each member of joint holders behind the company gets a run of its
// own, in which it holds what the joint holders do.
func ownersOf(ctx context.Context, a *crossholding.Alliance, company string, opt *BeneficialOwnerOptions) (BeneficialOwnersReport, error) {
	b, err := newOwnerRun(ctx, a, company, opt, nil)
	if err != nil {
		return BeneficialOwnersReport{}, err
	}
	out, err := b.answer(ctx)
	if err != nil || !b.rule.JointInterests {
		return out, err
	}
	jointly := map[int32]map[int32]int32{} // by member: the joint holders that it is one of
	for joint, members := range b.g.JointHolders() {
		if _, behind := slices.BinarySearch(b.above, joint); !behind {
			continue
		}
		out.remove(b.g.ID(joint))
		for _, m := range members {
			if jointly[m] == nil {
				jointly[m] = map[int32]int32{}
			}
			jointly[m][joint] = m
		}
	}
	for _, m := range slices.Sorted(maps.Keys(jointly)) {
		own, err := newOwnerRun(ctx, a, company, opt, jointly[m])
		if err != nil {
			return out, err
		}
		report, err := own.answer(ctx)
		if err != nil {
			return out, err
		}
		out.takeOver(&report, b.g.ID(m), b.g.HasShares(m), b.g.IDs(slices.Sorted(maps.Keys(jointly[m]))))
	}
	return out, nil
}

// remove takes an owner out of the report.
func (r *BeneficialOwnersReport) remove(id string) {
	r.Owners, r.Unresolved = without(r.Owners, id), without(r.Unresolved, id)
}

// takeOver puts the row of a member of joint holders, as another report has it, in the place of
// its row in this one. If the member is a company, it adds those who only stand behind it.
func (r *BeneficialOwnersReport) takeOver(from *BeneficialOwnersReport, member string, company bool, joint []string) {
	r.remove(member)
	note := func(o *BeneficialOwner) { o.Joint = joint }
	r.Owners = takenOver(r.Owners, from.Owners, member, company, joint, note)
	r.Unresolved = takenOver(r.Unresolved, from.Unresolved, member, company, joint, note)
}

// ownerRow is a row of beneficial owners.
type ownerRow interface{ owner() string }

func (o BeneficialOwner) owner() string      { return o.ID }
func (o BeneficialOwnerBound) owner() string { return o.ID }

// without returns rows without that of one owner.
func without[T ownerRow](rows []T, id string) []T {
	return slices.DeleteFunc(rows, func(o T) bool { return o.owner() == id })
}

// takenOver returns rows with those of a member of joint holders, and with those behind a
// company that is a member and has no row yet.
func takenOver[T ownerRow](rows, from []T, member string, company bool, joint []string, note func(*T)) []T {
	for _, o := range from {
		known := slices.ContainsFunc(rows, func(x T) bool { return x.owner() == o.owner() })
		if o.owner() == member || company && !known && !slices.Contains(joint, o.owner()) {
			note(&o)
			rows = append(rows, o)
		}
	}
	slices.SortFunc(rows, func(x, y T) int { return strings.Compare(x.owner(), y.owner()) })
	return rows
}

// jointHolders puts the members of joint holders in the place of these, as [ownersOf] does: for
// each, it asks about the book in which the member holds what they hold.
func (q *ownerBoundsRun) jointHolders(ctx context.Context, out *BeneficialOwnerBounds) error {
	g := q.wide.run.g
	jointly := map[int32][]string{} // by member: the joint holders that it is one of
	for joint, members := range g.JointHolders() {
		if _, behind := slices.BinarySearch(q.wide.run.above, joint); !behind {
			continue
		}
		id := g.ID(joint)
		out.Owners, out.Unresolved = without(out.Owners, id), without(out.Unresolved, id)
		for _, m := range members {
			jointly[m] = append(jointly[m], id)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(jointly)) {
		id, joint := g.ID(m), jointly[m]
		slices.Sort(joint)
		a, err := heldByMember(q.a, id, joint)
		if err != nil {
			return err
		}
		own, err := newOwnerBoundsRun(ctx, a, q.company, q.opt)
		if err != nil {
			return err
		}
		own.doubt, own.sure = q.doubt, q.sure
		from, err := own.answer(ctx)
		if err != nil {
			return err
		}
		note := func(o *BeneficialOwnerBound) { o.Joint = joint }
		out.Owners = takenOver(without(out.Owners, id), from.Owners, id, g.HasShares(m), joint, note)
		out.Unresolved = takenOver(without(out.Unresolved, id), from.Unresolved, id, g.HasShares(m), joint, note)
	}
	return nil
}

// heldByMember returns the alliance in which a member of joint holders has the money and the
// votes of what they hold.
func heldByMember(a *crossholding.Alliance, member string, joint []string) (*crossholding.Alliance, error) {
	b := a.Book()
	for i := range b.Stakes {
		s := &b.Stakes[i]
		if s.Issuer == member {
			continue
		}
		for _, x := range []*string{&s.Beneficiary, &s.Voter} {
			if slices.Contains(joint, cmp.Or(*x, s.Holder)) {
				*x = member
			}
		}
	}
	return crossholding.New(b)
}

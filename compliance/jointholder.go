package compliance

import (
	"context"
	"fmt"
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

// heldFor returns the tally in which what some holders have counts for other nodes.
func heldFor(t *crossholding.Tally, by map[int32]int32) (*crossholding.Tally, error) {
	if len(by) == 0 {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	for holder, node := range by {
		countFor(t, meetings, t.Issuers(holder), map[int32]bool{holder: true}, node)
	}
	return t.With(meetings)
}

// remove takes an owner out of the report.
func (r *BeneficialOwnersReport) remove(id string) {
	is := func(o BeneficialOwner) bool { return o.ID == id }
	r.Owners, r.Unresolved = slices.DeleteFunc(r.Owners, is), slices.DeleteFunc(r.Unresolved, is)
}

// takeOver puts the row of a member of joint holders, as another report has it, in the place of
// its row in this one. If the member is a company, it adds those who only stand behind it.
func (r *BeneficialOwnersReport) takeOver(from *BeneficialOwnersReport, member string, company bool, joint []string) {
	take := func(to *[]BeneficialOwner, list []BeneficialOwner) {
		for _, o := range list {
			known := slices.ContainsFunc(*to, func(x BeneficialOwner) bool { return x.ID == o.ID })
			if o.ID == member || company && !known && !slices.Contains(joint, o.ID) {
				o.Joint = joint
				*to = append(*to, o)
			}
		}
		slices.SortFunc(*to, func(x, y BeneficialOwner) int { return strings.Compare(x.ID, y.ID) })
	}
	r.remove(member)
	take(&r.Owners, from.Owners)
	take(&r.Unresolved, from.Unresolved)
}

// refuseJoint fails if a book with bands has joint holders and the rule counts what they hold
// for each of them.
func (o *BeneficialOwnerOptions) refuseJoint(a *crossholding.Alliance) error {
	rule, err := o.rule(a.AsOf())
	if err != nil || !rule.JointInterests {
		return err
	}
	for joint := range a.Graph().JointHolders() {
		return fmt.Errorf("%s holds jointly, which is taken apart only in a book without bands: choose figures with WithBandsAt: %w", a.Graph().ID(joint), crossholding.ErrBands)
	}
	return nil
}

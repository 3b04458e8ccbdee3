package interest

import (
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Owners returns the outside owners of company c by one basis, by products along chains. What
// joint holders have counts for each of their members, if the options say so.
func (q *Interests) Owners(ctx context.Context, m *Basis, c int32) ([]crossholding.Holding, error) {
	if list, ok := m.owners[c]; ok || !q.G.HasShares(c) {
		return list, nil
	}
	list, closed, err := m.solver.Owners(ctx, c)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(s crossholding.Holding) bool { return !s.Float && q.G.HasShares(s.Node) })
	if list, err = q.eachMember(ctx, m, c, list); err != nil {
		return nil, err
	}
	m.owners[c], m.closed[c] = list, closed
	return list, nil
}

// Closed returns the parts of the company that closed rings have by one basis.
func (q *Interests) Closed(ctx context.Context, m *Basis) ([]Part, error) {
	if !HasClosed(m.Tally, append(slices.Clone(q.Above), q.Company)) {
		return nil, nil
	}
	_, err := q.Owners(ctx, m, q.Company)
	return m.closed[q.Company], err
}

// eachMember returns the outside owners of company c with their members in the place of joint
// holders.
func (q *Interests) eachMember(ctx context.Context, m *Basis, c int32, list []crossholding.Holding) ([]crossholding.Holding, error) {
	if len(q.holders) == 0 {
		return list, nil
	}
	var out []crossholding.Holding
	alone := map[int32]ratio.Ratio{}
	for _, h := range list {
		if h.Float {
			out = append(out, h)
		} else {
			alone[h.Node] = h.Amount
		}
	}
	for _, x := range q.Above {
		if !q.Outside(x) {
			continue
		}
		amount := alone[x]
		if q.Joint.Direct(q.holders) {
			for _, holder := range q.Joint.Of(x) {
				amount = amount.Add(alone[holder])
			}
		} else {
			worth, err := q.Worth(ctx, m, x)
			if err != nil {
				return nil, err
			}
			amount = worth[c]
		}
		if !amount.IsZero() {
			out = append(out, crossholding.Holding{Node: x, Amount: amount})
		}
	}
	return out, nil
}

// Worth returns what one unit of each node is worth to an outside owner by one basis: 1 for
// itself.
func (q *Interests) Worth(ctx context.Context, m *Basis, x int32) (map[int32]ratio.Ratio, error) {
	if worth, ok := m.worth[x]; ok {
		return worth, nil
	}
	worth, err := q.Joint.Owned(ctx, m.solver, x)
	if err == nil {
		m.worth[x] = worth
	}
	return worth, err
}

// JointOf returns the ids of the joint holders whose shares or rights count for an outside
// owner, sorted.
func (q *Interests) JointOf(ctx context.Context, x int32) ([]string, error) {
	if len(q.holders) == 0 {
		return nil, nil
	}
	counted := map[int32]bool{}
	for _, m := range q.By {
		g, err := q.Group(ctx, m, x)
		if err != nil {
			return nil, err
		}
		for _, holder := range g.Joint {
			if slices.Contains(q.holders, holder) {
				counted[holder] = true
			}
		}
		if q.Joint.Direct(q.holders) {
			continue
		}
		worth, err := q.Worth(ctx, m, x)
		if err != nil {
			return nil, err
		}
		for _, holder := range q.holders {
			if worth[holder].Sign() > 0 {
				counted[holder] = true
			}
		}
	}
	ids := q.G.IDs(slices.Sorted(maps.Keys(counted)))
	slices.Sort(ids)
	return ids, nil
}

// Holders returns the joint holders behind the company whose holdings count for their members,
// ascending.
func (q *Interests) Holders() []int32 { return q.holders }

// CountedFor returns the members for which a joint holder can count where an outside owner is
// asked about, and whether its products are plain: a joint holder that has something of such a
// member makes them otherwise.
func (q *Interests) CountedFor(ctx context.Context, x, holder int32) (members []string, plain bool, err error) {
	if slices.Contains(q.Joint.Of(x), holder) {
		return []string{q.G.ID(x)}, true, nil
	}
	for _, c := range q.Joint.Members(holder) {
		behind, err := q.standsBehind(ctx, x, c)
		if err != nil {
			return nil, false, err
		}
		if !behind {
			continue
		}
		if slices.ContainsFunc(q.By, func(m *Basis) bool { return slices.Contains(m.Tally.Issuers(holder), c) }) {
			return nil, false, nil
		}
		members = append(members, q.G.ID(c))
	}
	return members, true, nil
}

// standsBehind reports whether a party has something of a company that is a member of joint
// holders.
func (q *Interests) standsBehind(ctx context.Context, x, company int32) (bool, error) {
	if !q.G.HasShares(company) {
		return false, nil
	}
	for _, m := range q.By {
		worth, err := q.Worth(ctx, m, x)
		if err != nil || worth[company].Sign() > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

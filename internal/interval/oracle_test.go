package interval_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/ratio"
)

var one = ratio.Int(1)

// company is the classes of a company as a test draws them, before the package
// lowers any upper ends.
type company []interval.Class

func (c company) clone() []interval.Class {
	out := slices.Clone([]interval.Class(c))
	for i := range out {
		out[i].Stakes = slices.Clone(out[i].Stakes)
	}
	return out
}

func (c company) total() ratio.Ratio {
	var sum ratio.Ratio
	for _, k := range c {
		sum = sum.Add(k.Outstanding.Mul(k.Dividend))
	}
	return sum
}

// vertices returns all vertices of the closure of a class: every stake is at an
// end, except that one stake may take what the others leave.
func vertices(k interval.Class) [][]ratio.Ratio {
	var out [][]ratio.Ratio
	add := func(point []ratio.Ratio) {
		same := func(p []ratio.Ratio) bool { return slices.EqualFunc(p, point, ratio.Ratio.Equal) }
		if !slices.ContainsFunc(out, same) {
			out = append(out, slices.Clone(point))
		}
	}
	point := make([]ratio.Ratio, len(k.Stakes))
	var choose func(j, free int, left ratio.Ratio)
	choose = func(j, free int, left ratio.Ratio) {
		if j < len(k.Stakes) {
			s := k.Stakes[j]
			for _, end := range []ratio.Ratio{s.Lo, s.Hi} {
				point[j] = end
				choose(j+1, free, left.Sub(end))
			}
			if free < 0 {
				choose(j+1, j, left)
			}
			return
		}
		if free >= 0 {
			if s := k.Stakes[free]; left.Less(s.Lo) || s.Hi.Less(left) {
				return
			}
			point[free], left = left, ratio.Ratio{}
		}
		if left.Sign() >= 0 {
			add(point)
		}
	}
	choose(0, -1, k.Outstanding)
	return out
}

// points returns all vertices of a company: the combinations of its classes'.
func (c company) points() [][]ratio.Ratio {
	out := [][]ratio.Ratio{nil}
	for _, k := range c {
		var next [][]ratio.Ratio
		for _, head := range out {
			for _, tail := range vertices(k) {
				next = append(next, slices.Concat(head, tail))
			}
		}
		out = next
	}
	return out
}

// middle returns the mean of some points.
func middle(points [][]ratio.Ratio) []ratio.Ratio {
	out := make([]ratio.Ratio, len(points[0]))
	for _, p := range points {
		for j := range p {
			out[j] = out[j].Add(p[j].Div(ratio.Int(int64(len(points)))))
		}
	}
	return out
}

// contains reports whether the company's stakes can be the point, with its ends
// as they were drawn.
func (c company) contains(point []ratio.Ratio) bool {
	n := 0
	for _, k := range c {
		left := k.Outstanding
		for _, s := range k.Stakes {
			v := point[n]
			n++
			left = left.Sub(v)
			if v.Less(s.Lo) || s.Hi.Less(v) || s.LoOpen && v.Equal(s.Lo) || s.HiOpen && v.Equal(s.Hi) {
				return false
			}
		}
		if left.Sign() < 0 {
			return false
		}
	}
	return true
}

// drawCompany draws a company with a few stakes of distinct or equal owners.
// All classes have points: no lower ends are together more than is outstanding.
func drawCompany(r *rand.Rand, owners []int32, bands int) company {
	var c company
	id := int32(0)
	for range 1 + r.IntN(4)/3 {
		k := interval.Class{Outstanding: ratio.Int(12), Dividend: ratio.Int(int64(1 + r.IntN(2)))}
		if r.IntN(8) == 0 {
			k.Dividend = ratio.Ratio{}
		}
		left, open := 12, false
		for range r.IntN(4) {
			lo := r.IntN(min(left, 5) + 1)
			s := interval.Stake{ID: id, Owner: owners[r.IntN(len(owners))], Lo: ratio.Int(int64(lo)), Hi: ratio.Int(int64(lo))}
			if bands > 0 && r.IntN(4) > 0 {
				bands--
				s.Hi = ratio.Int(int64(lo + 1 + r.IntN(8)))
				s.LoOpen, s.HiOpen = r.IntN(3) == 0, r.IntN(3) == 0
				open = open || s.LoOpen
			}
			left -= lo
			id++
			k.Stakes = append(k.Stakes, s)
		}
		if r.IntN(3) == 0 && len(k.Stakes) > 0 { // a class with little float
			last := &k.Stakes[len(k.Stakes)-1]
			if last.IsExact() && left > 1 {
				last.Lo = last.Lo.Add(ratio.Int(int64(left - 1)))
				last.Hi, left = last.Lo, 1
			}
		}
		if left == 0 && open { // an open lower end needs room
			k.Outstanding = k.Outstanding.Add(one)
		}
		c = append(c, k)
	}
	return c
}

// network is a few companies and, after them, outside owners.
type network struct {
	companies []company
	outside   int
}

func drawNetwork(r *rand.Rand) network {
	n := network{outside: 2}
	count := 1 + r.IntN(3)
	var owners []int32
	for i := range int32(count + n.outside) {
		owners = append(owners, i)
	}
	for i := range count {
		others := slices.Delete(slices.Clone(owners), i, i+1)
		n.companies = append(n.companies, drawCompany(r, others, 2))
	}
	return n
}

func (n network) pays(c int32) bool {
	return int(c) < len(n.companies) && n.companies[c].total().Sign() > 0
}

func (n network) model(t testing.TB) *interval.Model {
	sets := make([]interval.FeasibleSet, len(n.companies))
	for i, c := range n.companies {
		sets[i] = interval.NewFeasibleSet(int32(i), c.clone())
	}
	return &interval.Model{
		Stakes: func(c int32) *interval.FeasibleSet {
			require.True(t, n.pays(c), "stakes in %d, which pays no dividends", c)
			return &sets[c]
		},
		PaysDividends: n.pays,
		MaxRounds:     100,
	}
}

// owners lists everyone who can own: companies, outside owners and floats.
func (n network) owners() []exact.Owner {
	var out []exact.Owner
	for i := range int32(len(n.companies) + n.outside) {
		out = append(out, exact.Owner{Node: i})
		if n.pays(i) {
			out = append(out, exact.Owner{Node: i, Float: true})
		}
	}
	return out
}

// shares returns the fraction of company c that each owner has at a point.
func (n network) shares(c int, point []ratio.Ratio) map[exact.Owner]ratio.Ratio {
	out, total, at := map[exact.Owner]ratio.Ratio{}, n.companies[c].total(), 0
	give := func(who exact.Owner, shares ratio.Ratio) {
		if !shares.IsZero() {
			out[who] = out[who].Add(shares.Div(total))
		}
	}
	for _, k := range n.companies[c] {
		left := k.Outstanding
		for _, s := range k.Stakes {
			give(exact.Owner{Node: s.Owner}, point[at].Mul(k.Dividend))
			left = left.Sub(point[at])
			at++
		}
		give(exact.Owner{Node: int32(c), Float: true}, left.Mul(k.Dividend))
	}
	return out
}

// step is one possible choice of a company.
type step struct {
	point  []ratio.Ratio
	shares map[exact.Owner]ratio.Ratio
}

// steps returns every company's choices at vertices; none for those that pay no
// dividends.
func (n network) steps() [][]step {
	out := make([][]step, len(n.companies))
	for c := range n.companies {
		if n.pays(int32(c)) {
			for _, p := range n.companies[c].points() {
				out[c] = append(out[c], step{p, n.shares(c, p)})
			}
		}
	}
	return out
}

// policies calls yield with every choice of one step for each company. Companies
// that pay no dividends have a step to nobody.
func policies(steps [][]step, yield func(policy []step)) {
	policy := make([]step, len(steps))
	var choose func(c int)
	choose = func(c int) {
		if c == len(steps) {
			yield(policy)
			return
		}
		if len(steps[c]) == 0 {
			choose(c + 1)
		}
		for _, s := range steps[c] {
			policy[c] = s
			choose(c + 1)
		}
	}
	choose(0)
}

// solve returns the least solution of x = base + P x, where P is the shares that
// companies have of each company under the policy, and nothing goes on through
// stop.
func solve(policy []step, stop int32, base []ratio.Ratio) []ratio.Ratio {
	n := len(policy)
	leads := make([]bool, n) // whether base can be reached
	share := func(c, k int) ratio.Ratio {
		if int32(k) == stop {
			return ratio.Ratio{}
		}
		return policy[c].shares[exact.Owner{Node: int32(k)}]
	}
	for range n {
		for c := range n {
			leads[c] = leads[c] || !base[c].IsZero()
			for k := range n {
				leads[c] = leads[c] || leads[k] && !share(c, k).IsZero()
			}
		}
	}
	rows := make([][]ratio.Ratio, n)
	for c := range n {
		rows[c] = make([]ratio.Ratio, n+1)
		rows[c][c] = one
		if !leads[c] {
			continue
		}
		for k := range n {
			rows[c][k] = rows[c][k].Sub(share(c, k))
		}
		rows[c][n] = base[c]
	}
	for c := range n {
		pivot := c
		for rows[pivot][c].IsZero() {
			pivot++
		}
		rows[c], rows[pivot] = rows[pivot], rows[c]
		for r := range n {
			if r == c || rows[r][c].IsZero() {
				continue
			}
			times := rows[r][c].Div(rows[c][c])
			for k := range n + 1 {
				rows[r][k] = rows[r][k].Sub(times.Mul(rows[c][k]))
			}
		}
	}
	x := make([]ratio.Ratio, n)
	for c := range n {
		x[c] = rows[c][n].Div(rows[c][c])
	}
	return x
}

// ends reports whether a walk that comes to owner ends there.
func (n network) ends(who exact.Owner, stop int32) bool {
	return who.Float || who.Node == stop || !n.pays(who.Node)
}

// arrivals returns the probability, for each company, that its next step ends at
// who, or ends elsewhere.
func (n network) arrivals(policy []step, who exact.Owner, stop int32, elsewhere bool) []ratio.Ratio {
	base := make([]ratio.Ratio, len(policy))
	for c := range policy {
		for owner, share := range policy[c].shares {
			if n.ends(owner, stop) && (owner == who) != elsewhere {
				base[c] = base[c].Add(share)
			}
		}
	}
	return base
}

// closes reports whether some companies hold one another wholly under the policy.
func (n network) closes(policy []step) bool {
	base := n.arrivals(policy, exact.Owner{Node: -1}, -1, true)
	for c, v := range solve(policy, -1, base) {
		if n.pays(int32(c)) && v.Less(one) {
			return true
		}
	}
	return false
}

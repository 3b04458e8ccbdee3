package compliance

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/ratio"
)

// upperLinks finds links that may exist although no completion with them was found: because
// votes are in doubt, because of loops, or because two links must exist at once.
type upperLinks struct {
	q       *linkBoundsRun
	bases   []crossholding.Basis
	edges   []map[string]map[string]ratio.Ratio // by basis and holder: the most that it can have of each company
	inLoop  map[string]bool                     // companies that were looked at: whether they own themselves through others
	control *crossholding.Bounds                // nil if no votes are in doubt, or if agreements change votes
	holds   *crossholding.Bounds                // the same with the threshold of links
}

func newUpperLinks(ctx context.Context, q *linkBoundsRun) (*upperLinks, error) {
	u := &upperLinks{q: q, bases: []crossholding.Basis{crossholding.BasisExercisable, crossholding.BasisCapital}, inLoop: map[string]bool{}}
	if q.opt.Basis != "" {
		u.bases = []crossholding.Basis{q.opt.Basis}
	}
	var suspended []crossholding.SuspensionBound
	if len(q.doubt.law) > 0 {
		b, err := q.banded.a.Bounds(ctx, crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: q.voting}})
		if err != nil {
			return nil, err
		}
		if suspended, err = b.Suspended(ctx); err != nil {
			return nil, err
		}
	}
	for _, basis := range u.bases {
		edges, err := q.banded.mostOf(basis, q.doubt, suspended)
		if err != nil {
			return nil, err
		}
		u.edges = append(u.edges, edges)
	}
	if len(q.doubt.in) == 0 || q.doubt.contracts {
		return u, nil
	}
	opt := crossholding.ControlOptions{Voting: q.voting, Basis: crossholding.BasisExercisable, Threshold: q.opt.ControlThreshold}
	var err error
	if u.control, err = q.banded.a.Bounds(ctx, crossholding.BoundsOptions{Control: opt}); err != nil {
		return nil, err
	}
	opt.Threshold, opt.AtLeast = q.opt.Threshold, !q.opt.Exceed
	u.holds, err = q.banded.a.Bounds(ctx, crossholding.BoundsOptions{Control: opt})
	return u, err
}

// classVotes returns the votes of a share of each class, or 1 if shares are counted, and the
// outstanding votes of each company.
func (b *bandedBook) classVotes(basis crossholding.Basis) (votes map[classID]ratio.Ratio, total map[string]ratio.Ratio, err error) {
	votes, total = map[classID]ratio.Ratio{}, map[string]ratio.Ratio{}
	for _, c := range b.book.Companies {
		classes := c.Shares
		if len(classes) == 0 {
			classes = []crossholding.ShareClass{{Issued: "100"}}
		}
		for _, k := range classes {
			id, each := classID{c.ID, cmp.Or(k.Class, crossholding.DefaultClass)}, ratio.Int(1)
			if basis != crossholding.BasisCapital && k.Votes != "" {
				if each, err = number(k.Votes); err != nil {
					return nil, nil, err
				}
			}
			votes[id] = each
			total[c.ID] = total[c.ID].Add(b.outstanding[id].Mul(each))
		}
	}
	return votes, total, nil
}

// mostOf returns the largest fraction of each company that each holder can have, whatever the
// others have.
func (b *bandedBook) mostOf(basis crossholding.Basis, doubt *doubtfulVotes, suspended []crossholding.SuspensionBound) (map[string]map[string]ratio.Ratio, error) {
	votes, total, err := b.classVotes(basis) // total becomes the smallest base of each company
	if err != nil {
		return nil, err
	}
	own, byVotes := map[[2]string]ratio.Ratio{}, basis != crossholding.BasisCapital // by holder and company: what the holder can have
	for _, k := range slices.Concat(b.bands, b.exact) {
		s := &b.book.Stakes[k.at]
		who, each := cmp.Or(s.Voter, s.Holder), votes[k.class]
		switch {
		case !byVotes:
			who = cmp.Or(s.Beneficiary, s.Holder)
		case s.Votes != "":
			of, err := number(s.Votes)
			if err != nil {
				return nil, err
			}
			if each.Less(of) {
				each = of // as for others, it would make the base larger
			} else {
				total[s.Issuer] = total[s.Issuer].Sub(each.Sub(of).Mul(k.hi))
			}
		}
		if byVotes && slices.ContainsFunc(suspended, func(x crossholding.SuspensionBound) bool { return x.Holder == s.Holder && x.Issuer == s.Issuer }) {
			total[s.Issuer] = total[s.Issuer].Sub(each.Mul(k.hi))
		}
		own[[2]string{who, s.Issuer}] = own[[2]string{who, s.Issuer}].Add(k.hi.Mul(each))
	}
	out := map[string]map[string]ratio.Ratio{}
	for k, have := range own {
		if have.IsZero() {
			continue
		}
		if out[k[0]] == nil {
			out[k[0]] = map[string]ratio.Ratio{}
		}
		out[k[0]][k[1]] = ratio.Int(1)
		if base := total[k[1]]; have.Less(base) && !(byVotes && doubt.contracts && doubt.in[k[1]]) {
			out[k[0]][k[1]] = have.Div(base)
		}
	}
	return out, nil
}

// sums returns upper bounds of what a party has of others along paths, by basis i.
func (u *upperLinks) sums(ctx context.Context, i int, x string) (map[string]ratio.Ratio, error) {
	g := u.q.banded.a.Graph()
	from, err := g.Node(x)
	if err != nil {
		return nil, err
	}
	sums := map[string]ratio.Ratio{}
	edges := func(n int32) []simplepath.Edge {
		var out []simplepath.Edge
		for company, share := range u.edges[i][g.ID(n)] {
			if c, err := g.Node(company); err == nil {
				out = append(out, simplepath.Edge{To: c, Weight: share.Rat()})
			}
		}
		return out
	}
	err = simplepath.Walk(ctx, from, edges, simplepath.Product, cmp.Or(u.q.opt.MaxSteps, maxSteps), func(path []int32, worth *big.Rat) bool {
		y := g.ID(path[len(path)-1])
		sums[y] = sums[y].Add(ratio.FromRat(worth))
		return true
	})
	return sums, err
}

// of returns the links of a party, and of what it holds, that exist whatever is in doubt, and
// those that may exist although no completion with them was found.
func (u *upperLinks) of(ctx context.Context, x string, low *linksIn, most *mostLinks) (sure, may map[linkKey]bool, err error) {
	direct, err := u.mayHold(ctx, x)
	if err != nil {
		return nil, nil, err
	}
	certain, controlled, err := u.surely(ctx, x)
	if err != nil {
		return nil, nil, err
	}
	sure, may = map[linkKey]bool{}, map[linkKey]bool{}
	for y := range certain {
		sure[linkKey{x, y, ""}] = true
	}
	for y := range direct {
		may[linkKey{x, y, ""}] = true
	}
	delete(may, linkKey{x, x, ""})
	if u.q.opt.Third == ThirdControls {
		controls, err := u.mayControl(ctx, x)
		if err != nil {
			return nil, nil, err
		}
		u.pairs(x, slices.Values(low.group), maps.Keys(most.group), controlled, controls, sure, may)
		return sure, may, nil
	}
	u.pairs(x, heldBy(x, low.links), heldBy(x, most.link), certain, direct, sure, may)
	return sure, may, nil
}

// heldBy yields the parties to whom a party is linked by what it holds.
func heldBy(x string, links map[linkKey]*CloseLink) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range links {
			if k.third == "" && k.a == x && !yield(k.b) {
				return
			}
		}
	}
}

// pairs notes the links between two of those that a third party has or may have.
func (u *upperLinks) pairs(x string, least, most iter.Seq[string], certain, open map[string]bool, sure, may map[linkKey]bool) {
	some, all := maps.Clone(open), maps.Clone(certain)
	for y := range least {
		if doubt, _ := u.q.doubt.concerns(y, x); !doubt {
			all[y] = true
		}
	}
	for y := range most {
		some[y] = true
	}
	maps.Copy(some, all)
	delete(some, x)
	for y := range some {
		for z := range some {
			if y < z {
				may[linkKey{y, z, x}] = true
				if all[y] && all[z] {
					sure[linkKey{y, z, x}] = true
				}
			}
		}
	}
}

// mayHold returns those of whom a party may have enough for a link, as far as votes in doubt or
// loops leave it open.
func (u *upperLinks) mayHold(ctx context.Context, x string) (map[string]bool, error) {
	out := map[string]bool{}
	if u.q.opt.Reading == LinksByControl {
		if err := u.mayHoldByControl(ctx, x, out); err != nil {
			return nil, err
		}
	} else {
		for i := range u.bases {
			sums, err := u.sums(ctx, i, x)
			if err != nil {
				return nil, err
			}
			for y, share := range sums {
				if share.Reaches(u.q.opt.Threshold, !u.q.opt.Exceed) {
					out[y] = true
				}
			}
		}
	}
	for y := range out {
		if doubt, _ := u.q.doubt.concerns(y, x); !doubt && (u.q.opt.Reading == LinksByControl || !u.loops(x, y)) {
			delete(out, y)
		}
	}
	return out, nil
}

func (u *upperLinks) mayHoldByControl(ctx context.Context, x string, out map[string]bool) error {
	group, err := u.mayControl(ctx, x)
	if err != nil {
		return err
	}
	for y := range group {
		out[y] = true
	}
	group[x] = true
	if u.holds != nil {
		list, err := u.holds.Controlled(ctx, x)
		if err != nil {
			return err
		}
		for _, c := range list {
			out[c.Company] = true
		}
	}
	for i := range u.bases {
		sums := map[string]ratio.Ratio{}
		for member := range group {
			for y, share := range u.edges[i][member] {
				sums[y] = sums[y].Add(share)
			}
		}
		for y, share := range sums {
			if share.Reaches(u.q.opt.Threshold, !u.q.opt.Exceed) && (u.bases[i] == crossholding.BasisCapital || u.holds == nil) {
				out[y] = true
			}
		}
	}
	return nil
}

// mayControl returns what a party may control because votes are in doubt.
func (u *upperLinks) mayControl(ctx context.Context, x string) (map[string]bool, error) {
	out := map[string]bool{}
	if u.control == nil {
		if !u.q.doubt.contracts {
			return out, nil
		}
		for _, c := range u.q.banded.book.Companies {
			if doubt, _ := u.q.doubt.concerns(c.ID, x); doubt {
				out[c.ID] = true
			}
		}
		return out, nil
	}
	list, err := u.control.Controlled(ctx, x)
	for _, c := range list {
		out[c.Company] = true
	}
	return out, err
}

// surely returns those to whom a party is linked by shares alone, or by control in every
// completion, and those that it controls so.
func (u *upperLinks) surely(ctx context.Context, x string) (linked, controlled map[string]bool, err error) {
	linked, controlled = map[string]bool{}, map[string]bool{}
	if len(u.q.doubt.in) == 0 {
		return linked, controlled, nil
	}
	if u.control != nil {
		list, err := u.control.Controlled(ctx, x)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range list {
			if c.Answer != crossholding.CertaintyYes {
				continue
			}
			if controlled[c.Company] = true; u.q.opt.Reading == LinksByControl {
				linked[c.Company] = true
			}
		}
	}
	if u.q.opt.Basis != "" && u.q.opt.Basis != crossholding.BasisCapital {
		return linked, controlled, nil
	}
	alone := *u.q
	alone.opt.Basis, alone.opt.ControlThreshold = crossholding.BasisCapital, ratio.Int(1) // nobody has more than all votes
	low, err := alone.try(ctx, u.q.banded.lowest(), x)
	if err != nil {
		return nil, nil, err
	}
	for k := range low.links {
		if k.third == "" && k.a == x {
			linked[k.b] = true
		}
	}
	return linked, controlled, nil
}

// loops reports whether companies between two parties own themselves through others.
func (u *upperLinks) loops(x, y string) bool {
	above := u.q.doubt.above
	for c := range above.of(y) {
		loop, known := u.inLoop[c]
		if !known {
			loop = above.of(above[c]...)[c]
			u.inLoop[c] = loop
		}
		if loop && above.of(c)[x] {
			return true
		}
	}
	return false
}

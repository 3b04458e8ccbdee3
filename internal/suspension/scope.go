// The scope of evaluations, and the tests that have one result in every assignment.

package suspension

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// scope is the candidates of the whole book or of one component, with the meetings in which
// their questions of control are answered and the tests that are decided before any assignment.
// Nobody changes it once [scope.within] has returned it.
type scope struct {
	search     *Search // of the whole book: the rules and the facts
	g          *graph.Graph
	candidates []Candidate
	stakes     []int32   // that some rule may suspend, ascending; the candidates have places in it
	sub        *subgraph // where questions of control are answered
	decided    []decided // of each candidate
	undecided  []int32   // candidates that some rule may apply to

	fixedGroups  map[groupKey]*majority.Group // answers that are the same in every assignment
	fixedForests map[groupKey]*majority.Forest
}

// decided has bits for the first 64 rules of a candidate: whether each applies in every
// assignment, or in none. Further rules are evaluated every time.
type decided struct{ always, never uint64 }

// within returns the scope with its questions of control answered in a subgraph. Tests that are
// decided stay so.
func (sc *scope) within(ctx context.Context, sub *subgraph) (*scope, error) {
	out := &scope{
		search: sc.search, g: sc.g, candidates: sc.candidates, stakes: sc.stakes, sub: sub,
		decided: make([]decided, len(sc.candidates)), undecided: make([]int32, 0, len(sc.candidates)),
	}
	copy(out.decided, sc.decided)
	fixed, err := out.prune(ctx)
	if err == nil && fixed {
		err = out.decideFixed(ctx)
	}
	return out, err
}

// prune marks the rules that apply in no assignment, so that they are not evaluated again.
// It lists the candidates that have other rules in c.undecided. It marks nothing if the
// subgraph is the whole graph, which is then too small to gain by it. It reports whether tests
// are left for decideFixed.
func (sc *scope) prune(ctx context.Context) (fixed bool, err error) {
	for i := range sc.candidates {
		if i&0xff == 0xff && ctx.Err() != nil {
			break
		}
		k := &sc.candidates[i]
		open := sc.sub.number == nil || len(k.Rules) > 64
		for n, r := range k.Rules[:min(64, len(k.Rules))] {
			if sc.sub.number != nil && sc.cannotApply(&sc.search.rules[r], k) {
				sc.decided[i].never |= 1 << n
				continue
			}
			open = true
			fixed = fixed || sc.isOpenFixed(i, n)
		}
		if open {
			sc.undecided = append(sc.undecided, int32(i))
		}
	}
	return fixed, stopped(ctx)
}

// isOpenFixed reports whether the test of a candidate's n-th rule depends on no suspended votes
// and is not decided.
func (sc *scope) isOpenFixed(candidate, n int) bool {
	d := sc.decided[candidate]
	return (d.always|d.never)&(1<<n) == 0 && independent(&sc.search.rules[sc.candidates[candidate].Rules[n]])
}

// decideFixed decides the tests that depend on no suspended votes. It keeps the answers on
// control, which count all votes.
func (sc *scope) decideFixed(ctx context.Context) error {
	j := &evaluation{scope: sc}
	err := sc.eachUndecided(ctx, func(i int32) error {
		k, d := &sc.candidates[i], &sc.decided[i]
		for n, r := range k.Rules[:min(64, len(k.Rules))] {
			if !sc.isOpenFixed(int(i), n) {
				continue
			}
			met, err := j.applies(ctx, &sc.search.rules[r], k)
			switch {
			case err != nil:
				return err
			case met:
				d.always |= 1 << n
			default:
				d.never |= 1 << n
			}
		}
		return nil
	})
	sc.fixedGroups, sc.fixedForests = j.groups, j.forests
	return err
}

// eachUndecided calls visit with the candidates that some rule may apply to.
func (sc *scope) eachUndecided(ctx context.Context, visit func(i int32) error) error {
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	stage := progress.Start(ctx, "statutes", len(sc.undecided), 1<<6)
	for n, i := range sc.undecided {
		if n&0xff == 0xff && ctx.Err() != nil {
			return stopped(ctx)
		}
		stage.At(n)
		if err := visit(i); err != nil {
			return err
		}
	}
	stage.End()
	return nil
}

// cannotApply reports whether s suspends the holder of candidate k in no assignment, as
// far as can be told beforehand.
func (sc *scope) cannotApply(s *law.Statute, k *Candidate) bool {
	if s.Kind == law.TestControls {
		return !sc.sub.mayControl(k.Issuer) || !sc.sub.mayBeControlled(k.Holder)
	}
	return sc.cannotReach(s, k.Issuer, k.Holder) || s.Kind == law.TestMutual && sc.cannotReach(s, k.Holder, k.Issuer)
}

// cannotReach reports whether x's part of y, as s measures it, passes the threshold in no
// assignment. In any assignment x has at most the votes of all companies that its
// component might control, minus those that are suspended. The fraction is largest when
// none of these is suspended and all others that may be suspended are.
func (sc *scope) cannotReach(s *law.Statute, x, y int32) bool {
	if byShares(s) || s.Tiers {
		return false // others than those of the component may count
	}
	g, component := sc.g, sc.search.component
	m, who, base := measured(g, s, y)
	suspended := excludesSuspended(s)
	inside := func(x int32) bool { return x != graph.None && component[x] == component[y] }
	group := s.Group && sc.sub.mayControl(x)
	var have ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		switch z := who[e]; {
		case z == x, group && inside(z) && sc.sub.mayBeControlled(z):
			have = have.Add(g.Stake(m, e))
		case suspended && (inside(g.Holder[e]) || inside(g.Beneficiary[e]) || inside(g.Voter[e])):
			base = base.Sub(g.Stake(m, e))
		}
	}
	return !base.Less(have) && !s.Passed(have, base)
}

// independent reports whether no test depends on votes that a statute can suspend. One
// evaluation then gives the answer.
func (sc *scope) independent() bool {
	for i := range sc.candidates {
		for _, r := range sc.candidates[i].Rules {
			if !independent(&sc.search.rules[r]) {
				return false
			}
		}
	}
	return true
}

// firstOf returns the place in stakes of stake e, or of the first one after it.
func (sc *scope) firstOf(e int32) int {
	at, _ := slices.BinarySearch(sc.stakes, e)
	return at
}

// place returns the place in stakes of a stake that some rule may suspend, and otherwise false.
func (sc *scope) place(e int32) (int, bool) { return slices.BinarySearch(sc.stakes, e) }

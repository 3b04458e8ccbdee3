package suspension

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Input is what a search is about.
type Input struct {
	Graph *graph.Graph
	Rules []law.Statute
	Day   date.Date
	// Component numbers the strongly connected components of the graph, see
	// [graph.Graph.Components]. Nil means that no rule reaches anyone but for own
	// shares.
	Component []int32
	// Company returns what the law looks at in a node, or false if it is no company.
	Company func(node int32) (law.Company, bool)
	// Lots returns the shares of a stake and the dated lots that it came from.
	Lots func(stake int32) (shares ratio.Ratio, lots []Lot)
	// Whole reports whether a company's votes are whole numbers, so that a rule
	// cannot leave a part of one.
	Whole func(node int32) bool
	// WholeBelow is the number of stakes below which questions of control are
	// answered in the whole graph and not in the part that matters; 0 means 1024.
	WholeBelow int
}

// Lot is a number of shares and the day on which they were bought.
type Lot struct {
	Date   date.Date
	Shares ratio.Ratio
}

// Search finds out which votes the statutes silence. Whether a statute bites can
// depend on who controls whom, and control on which votes are suspended; a state
// is a guess at the suspended votes, and a state that the statutes confirm is a
// reading of the law.
type Search struct {
	in         *Input
	g          *graph.Graph
	rules      []law.Statute
	own        []int32 // rules on own shares, in order of the table
	candidates []Candidate
	component  []int32 // of each node, as [Input].Component has it
	stakes     []int32 // stakes that some rule may suspend, ascending

	state     []ratio.Ratio // of each of stakes: votes taken in the reading that holds
	causes    []cause       // of each of stakes: what took them
	possible  []cause       // of each of stakes: what took them in some state that was tried
	sub       *subgraph     // where questions of control are answered
	undecided []int32       // cases in which some rule may bite
}

// Candidate is a company that holds shares of an issuer whose law may suspend it.
type Candidate struct {
	Issuer, Holder int32
	First, End     int32   // the cases of the same issuer
	Rules          []int32 // in order of the table
	Stakes         []int32 // places in law.stakes
	always, never  uint64  // of the first 64 rules: answers that hold in every state
}

// cause is the rule and case that took a stake's votes, each counted from 1;
// the zero value is nothing.
type cause struct{ rule, candidate int32 }

// New finds the cases. A company can be caught only at an issuer that holds
// of it in turn, directly or through others, so outside such circles there are
// no cases and no work.
func New(ctx context.Context, in *Input) (*Search, error) {
	l := &Search{in: in, g: in.Graph, rules: in.Rules, component: in.Component}
	for r := range l.rules {
		if l.rules[r].Kind == law.TestOwnShares {
			l.own = append(l.own, int32(r))
		}
	}
	circle := l.component
	if len(circle) == 0 || slices.Max(circle) == 0 {
		return l, nil
	}
	seen := make([]int32, len(circle))
	heard := progress.Start(ctx, "cases", len(circle), 1<<10)
	for c := range int32(len(circle)) {
		heard.At(int(c))
		if circle[c] == 0 {
			continue
		}
		if ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		about, ok := in.Company(c)
		if !ok {
			continue
		}
		var rules []int32
		for r := range l.rules {
			if s := &l.rules[r]; s.Kind != law.TestOwnShares && s.Reaches(&about, l.in.Day) {
				rules = append(rules, int32(r))
			}
		}
		if len(rules) > 0 {
			first := len(l.candidates)
			l.casesAt(c, &about, rules, circle, seen)
			for k := first; k < len(l.candidates); k++ {
				l.candidates[k].First, l.candidates[k].End = int32(first), int32(len(l.candidates))
			}
		}
	}
	heard.End()
	slices.Sort(l.stakes)
	l.stakes = slices.Compact(l.stakes)
	for i := range l.candidates {
		for j, e := range l.candidates[i].Stakes {
			at, _ := slices.BinarySearch(l.stakes, e)
			l.candidates[i].Stakes[j] = int32(at)
		}
	}
	return l, nil
}

// casesAt adds the companies that hold shares of c, in their own name, for
// their own money or with their own vote. Where a rule on mutual holdings counts
// subsidiaries, those in which c holds are cases too: what they have of c may
// be their subsidiaries'.
//
// Seen is scratch of zeros, one for each node, and left so.
func (l *Search) casesAt(c int32, about *law.Company, rules, circle, seen []int32) {
	g := l.g
	from, to := g.Column(c)
	first := len(l.candidates)
	caseOf := func(y int32) *Candidate {
		if seen[y] == 0 {
			l.candidates = append(l.candidates, Candidate{Issuer: c, Holder: y, Rules: l.against(about, y, rules)})
			seen[y] = int32(len(l.candidates))
		}
		return &l.candidates[seen[y]-1]
	}
	defer func() {
		for _, k := range l.candidates[first:] {
			seen[k.Holder] = 0
		}
	}()
	for e := from; e < to; e++ {
		for _, y := range [...]int32{g.Holder[e], g.Beneficiary[e], g.Voter[e]} {
			if y == graph.None || circle[y] != circle[c] {
				continue
			}
			k := caseOf(y)
			if n := len(k.Stakes); n == 0 || k.Stakes[n-1] != e {
				k.Stakes = append(k.Stakes, e)
				l.stakes = append(l.stakes, e)
			}
		}
	}
	grouped := func(r int32) bool { return l.rules[r].Kind == law.TestMutual && l.rules[r].Group }
	if !slices.ContainsFunc(rules, grouped) {
		return
	}
	for _, held := range [...][]int32{g.ByBeneficiary.Of(c), g.ByVoter.Of(c)} {
		for _, e := range held {
			if y := g.Issuer[e]; circle[y] == circle[c] {
				caseOf(y)
			}
		}
	}
}

// against leaves out the rules that reach only holders of a kind that y is not.
func (l *Search) against(issuer *law.Company, y int32, rules []int32) []int32 {
	if !slices.ContainsFunc(rules, func(r int32) bool { return l.rules[r].SelectsHolders() }) {
		return rules
	}
	var holder *law.Company
	if c, ok := l.in.Company(y); ok {
		holder = &c
	}
	spared := func(r int32) bool { return !l.rules[r].ReachesHolder(issuer, holder) }
	return slices.DeleteFunc(slices.Clone(rules), spared)
}

// OwnShares returns the rule on c's own shares, or nil. A later rule prevails
// over an earlier one, so that a user's own does over the table's.
func (l *Search) OwnShares(c int32) *law.Statute {
	if len(l.own) == 0 {
		return nil
	}
	about, ok := l.in.Company(c)
	for _, r := range slices.Backward(l.own) {
		if ok && l.rules[r].Reaches(&about, l.in.Day) {
			return &l.rules[r]
		}
	}
	return nil
}

// TreasuryCounts reports whether c's own shares stay in the base of its counts.
func (l *Search) TreasuryCounts(c int32) bool {
	for _, r := range l.own {
		if l.rules[r].Treasury {
			s := l.OwnShares(c)
			return s != nil && s.Treasury
		}
	}
	return false
}

// maxRounds bounds the search for a reading; a chain of dependencies settles
// one link a round.
const maxRounds = 1000

// Solve finds the one reading of the law. It returns a doubt where there is none,
// or more than one.
func (l *Search) Solve(ctx context.Context) (*Ambiguity, error) {
	n := len(l.stakes)
	l.state = make([]ratio.Ratio, n)
	if n == 0 {
		return nil, nil
	}
	l.causes, l.possible = make([]cause, n), make([]cause, n)
	if l.sub == nil {
		l.sub = l.subgraph()
	}
	l.prune(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if l.independent() {
		state, err := l.Evaluate(ctx, l.state)
		l.state = state
		return nil, err
	}
	low, err := l.iterate(ctx, l.state, nil)
	if err != nil {
		return nil, err
	}
	by := slices.Clone(l.causes)
	all := make([]ratio.Ratio, n)
	for i, e := range l.stakes {
		all[i] = l.g.Stake(&l.g.Votes, e)
	}
	high, err := l.iterate(ctx, all, low)
	if err != nil {
		return nil, err
	}
	l.state = low.state
	doubtful := low.differences(high)
	if len(doubtful) == 0 {
		if high, doubtful, err = l.otherReadings(ctx, low); err != nil {
			return nil, err
		}
	}
	if len(doubtful) == 0 {
		l.causes = by
		return nil, nil
	}
	return &Ambiguity{l, low, high, doubtful}, nil
}

// upperBound returns the state in which every test is met that is not known to fail
// in every state: all votes are suspended that the law could silence, and no others.
func (l *Search) upperBound(ctx context.Context) ([]ratio.Ratio, error) {
	all := make([]ratio.Ratio, len(l.stakes))
	j := &evaluation{search: l, state: make([]ratio.Ratio, len(l.stakes))}
	raise := func(at int32, votes ratio.Ratio) {
		if all[at].Less(votes) {
			all[at] = votes
		}
	}
	for _, i := range l.undecided {
		k := &l.candidates[i]
		for n, r := range k.Rules {
			if k.never&(1<<n) != 0 {
				continue
			}
			if err := l.raise(ctx, j, &l.rules[r], k, raise); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// raise calls raise with the votes that s could take in case k, in whatever
// state.
func (l *Search) raise(ctx context.Context, j *evaluation, s *law.Statute, k *Candidate, raise func(at int32, votes ratio.Ratio)) error {
	grouped := s.Kind == law.TestMutual && s.Group
	if s.CountsSuspended || !grouped && s.Effect != law.EffectSmaller {
		return j.suspend(ctx, s, k, raise)
	}
	of := [][]int32{k.Stakes}
	if grouped { // whose stakes they are depends on the state
		for _, other := range l.candidates[k.First:k.End] {
			of = append(of, other.Stakes)
		}
	}
	for _, stakes := range of {
		for _, at := range stakes {
			raise(at, l.g.Stake(&l.g.Votes, l.stakes[at]))
		}
	}
	return nil
}

// place returns where a stake is among those that some rule may suspend.
func (l *Search) place(e int32) (int, bool) { return slices.BinarySearch(l.stakes, e) }

// independent reports whether no test looks at votes that a statute can
// silence, so that the first look is the answer.
func (l *Search) independent() bool {
	for i := range l.candidates {
		for _, r := range l.candidates[i].Rules {
			if !independent(&l.rules[r]) {
				return false
			}
		}
	}
	return true
}

// iteration is where applying the statutes again and again led: to a state that
// they confirm, or round a circle of states. Each stake's votes then lie
// between least and most, which are the state itself where it is confirmed.
type iteration struct {
	state       []ratio.Ratio
	fixed       bool
	least, most []ratio.Ratio
}

// differences lists the stakes that the two traces do not agree on.
func (t *iteration) differences(u *iteration) []int {
	var out []int
	for i := range t.state {
		if !t.least[i].Equal(t.most[i]) || !u.least[i].Equal(u.most[i]) || !t.state[i].Equal(u.state[i]) {
			out = append(out, i)
		}
	}
	return out
}

// iterate applies the statutes until the state repeats, or is where an earlier
// search settled.
func (l *Search) iterate(ctx context.Context, state []ratio.Ratio, earlier *iteration) (*iteration, error) {
	mark, left := state, 1 // compare with a state left rounds old at most: Brent's cycle search
	for round, span := 0, 1; round < maxRounds; round++ {
		next, err := l.Evaluate(ctx, state)
		if err != nil {
			return nil, err
		}
		if earlier != nil && earlier.fixed && equal(next, earlier.state) {
			return earlier, nil
		}
		if equal(next, state) {
			return &iteration{state, true, state, state}, nil
		}
		if equal(next, mark) {
			break
		}
		if left--; left == 0 {
			span *= 2
			mark, left = next, span
		}
		state = next
	}
	return l.cycle(ctx, state)
}

// cycle follows the circle of states that state is on. A search that came to
// no end has found no circle; it then looks at as many more states.
func (l *Search) cycle(ctx context.Context, state []ratio.Ratio) (*iteration, error) {
	t := &iteration{state: state, least: slices.Clone(state), most: slices.Clone(state)}
	next := state
	for range maxRounds {
		var err error
		if next, err = l.Evaluate(ctx, next); err != nil {
			return nil, err
		}
		if equal(next, state) {
			break
		}
		for i, v := range next {
			if v.Less(t.least[i]) {
				t.least[i] = v
			} else if t.most[i].Less(v) {
				t.most[i] = v
			}
		}
	}
	return t, nil
}

func equal(a, b []ratio.Ratio) bool { return slices.EqualFunc(a, b, ratio.Ratio.Equal) }

// Evaluate applies every statute to a state and returns the votes that they take.
func (l *Search) Evaluate(ctx context.Context, state []ratio.Ratio) ([]ratio.Ratio, error) {
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	j := &evaluation{search: l, state: state}
	next := make([]ratio.Ratio, len(state))
	clear(l.causes)
	heard := progress.Start(ctx, "statutes", len(l.undecided), 1<<6)
	for n, i := range l.undecided {
		if n&0xff == 0xff && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		heard.At(n)
		if err := j.apply(ctx, int(i), next); err != nil {
			return nil, err
		}
	}
	heard.End()
	return next, nil
}

// stopped is the error of work that ctx ended.
func stopped(ctx context.Context) error { return fmt.Errorf("crossholding: %w", context.Cause(ctx)) }

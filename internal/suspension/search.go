// The search: its input, the candidates, and the way from these to the reading of the law.

package suspension

import (
	"context"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Input is the input of a search. The search does not change it.
type Input struct {
	Graph *graph.Graph
	Rules []law.Statute
	Day   date.Date
	// Component is the number of each node's strongly connected component, from
	// [graph.Graph.Components]. Nil means that only rules on own shares apply.
	Component []int32
	Facts     Facts
	// Controls are facts of control. If there are any that a rule counts, components must be of
	// the graph with these facts, from [graph.Graph.ComponentsWith].
	Controls []Fact
	// WholeBelow is the number of stakes below which questions of control are
	// answered in the whole graph, not in the part that matters. 0 means 1024.
	WholeBelow int
	// Earlier is nil, or a search that has ended. If it is of a graph with the same stakes and
	// the same rules apply, the new one takes over its candidates.
	Earlier *Search
}

// Facts gives the facts that rules need in addition to the graph.
type Facts interface {
	// Company returns the facts about a node. It returns false if the node is not a
	// company.
	Company(node int32) (law.Company, bool)
	// Corporate reports whether a node that issues no shares is a company.
	Corporate(node int32) bool
	// Lots returns the shares of a stake and the lots in which they were bought.
	Lots(stake int32) (shares ratio.Ratio, lots []Lot)
	// Whole reports whether a company's votes are whole numbers. A rule then leaves
	// whole votes too.
	Whole(node int32) bool
}

// Lot is a number of shares and the day on which they were bought.
type Lot struct {
	Date   date.Date
	Shares ratio.Ratio
}

// Search finds the votes that the statutes suspend, see the package documentation. It is
// not safe for concurrent use until [Search.Solve] has returned.
type Search struct {
	in         Input
	g          *graph.Graph
	rules      []law.Statute
	own        []int32 // rules on own shares, in the order of rules
	candidates []Candidate
	component  []int32 // of each node, see [Input]
	stakes     []int32 // stakes that some rule may suspend, ascending

	chosen    verdict                    // the reading with which the search ended
	tried     causes                     // of each of stakes: why its votes were suspended in some assignment that was tried
	facts     map[Counting][]countedFact // the facts that rules count, see listFacts; nil if there are no facts
	sub       *subgraph                  // where questions of control are answered
	undecided []int32                    // candidates that some rule may apply to
	above     *upstream                  // nil if there are no components

	onceShares sync.Once
	shares     *tally.Tally // issued shares by beneficiary, see shareGroup
	tiersMutex sync.Mutex
	tiers      *majority.Forest // who controls whom in the whole graph, see wholeForest
}

// Candidate is an issuer and a company that holds shares of it, where a rule may suspend
// the holder's votes.
type Candidate struct {
	Issuer, Holder int32
	First, End     int32   // candidates of the same issuer
	Rules          []int32 // numbers of rules, ascending
	Stakes         []int32 // places in search.stakes
	always, never  uint64  // bits of the first 64 rules: whether each applies in every assignment, or in none
}

// New finds the candidates. A rule can suspend a holder only at an issuer that holds
// shares of the holder in turn, directly or through others. Outside strongly connected
// components there are therefore no candidates and no work.
func New(ctx context.Context, in Input) (*Search, error) {
	l := &Search{in: in, g: in.Graph, rules: in.Rules, component: in.Component}
	if in.Earlier != nil && graph.SameArray(in.Earlier.rules, l.rules) {
		l.own = in.Earlier.own
	} else {
		l.listOwn()
	}
	l.in.Earlier = nil // so that searches do not keep one another
	component := l.component
	if len(component) == 0 || slices.Max(component) == 0 {
		return l, nil
	}
	if l.listFacts(); l.takeOver(in.Earlier) {
		return l, nil
	}
	l.above = new(upstream)
	seen := make([]int32, len(component))
	var reaching []int32 // the rules that reach each company, one list after the other
	stage := progress.Start(ctx, "candidates", len(component), 1<<10)
	for c := range int32(len(component)) {
		stage.At(int(c))
		if component[c] == 0 {
			continue
		}
		if ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		issuer, ok := in.Facts.Company(c)
		if !ok {
			continue
		}
		from := len(reaching)
		for r := range l.rules {
			if s := &l.rules[r]; s.Kind != law.TestOwnShares && s.Reaches(&issuer, l.in.Day) {
				reaching = append(reaching, int32(r))
			}
		}
		if rules := reaching[from:len(reaching):len(reaching)]; len(rules) > 0 {
			first := len(l.candidates)
			l.addCandidates(c, &issuer, rules, component, seen)
			for k := first; k < len(l.candidates); k++ {
				l.candidates[k].First, l.candidates[k].End = int32(first), int32(len(l.candidates))
			}
		}
	}
	stage.End()
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

// listOwn lists the rules on own shares.
func (l *Search) listOwn() {
	l.own = make([]int32, 0, 16)
	for r := range l.rules {
		if l.rules[r].Kind == law.TestOwnShares {
			l.own = append(l.own, int32(r))
		}
	}
}

// addCandidates adds the companies that hold shares of c, in their own name, for their own
// money or with their own vote. If a rule on mutual holdings counts subsidiaries, the
// companies in which c holds shares are candidates too: their subsidiaries may hold shares
// of c.
//
// seen is scratch memory with one entry a node. It holds zeros before and after.
func (l *Search) addCandidates(c int32, issuer *law.Company, rules, component, seen []int32) {
	g := l.g
	from, to := g.Column(c)
	first := len(l.candidates)
	candidateOf := func(y int32) *Candidate {
		if seen[y] == 0 {
			l.candidates = append(l.candidates, Candidate{Issuer: c, Holder: y, Rules: l.against(issuer, y, rules)})
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
			if y == graph.None || component[y] != component[c] || !g.IssuesShares(y) && !l.in.Facts.Corporate(y) {
				continue
			}
			k := candidateOf(y)
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
			if y := g.Issuer[e]; component[y] == component[c] {
				candidateOf(y)
			}
		}
	}
}

// against returns the rules that reach holder y.
func (l *Search) against(issuer *law.Company, y int32, rules []int32) []int32 {
	if !slices.ContainsFunc(rules, func(r int32) bool { return l.rules[r].SelectsHolders() }) {
		return rules
	}
	var holder *law.Company
	if c, ok := l.in.Facts.Company(y); ok {
		holder = &c
	}
	exempt := func(r int32) bool { return !l.rules[r].ReachesHolder(issuer, holder) }
	return slices.DeleteFunc(slices.Clone(rules), exempt)
}

// firstOf returns the place in stakes of stake e, or of the first one after it.
func (l *Search) firstOf(e int32) int {
	at, _ := slices.BinarySearch(l.stakes, e)
	return at
}

// OwnShares returns the rule on c's own shares, or nil. If several reach c, the last one
// in the table is returned, so that a user's rule replaces a built-in one.
func (l *Search) OwnShares(c int32) *law.Statute {
	if len(l.own) == 0 {
		return nil
	}
	issuer, ok := l.in.Facts.Company(c)
	if !ok {
		return nil
	}
	return l.ownShares(&issuer)
}

func (l *Search) ownShares(issuer *law.Company) *law.Statute {
	for _, r := range slices.Backward(l.own) {
		if l.rules[r].Reaches(issuer, l.in.Day) {
			return &l.rules[r]
		}
	}
	return nil
}

// TreasuryCounts reports whether c's own shares stay in the denominator of its counts.
func (l *Search) TreasuryCounts(c int32) bool {
	var issuer law.Company
	known := false
	for _, r := range l.own {
		if !l.rules[r].Treasury { // only another is worth a look at the company
			continue
		}
		if !known {
			if issuer, known = l.in.Facts.Company(c); !known {
				return false
			}
		}
		if l.rules[r].Reaches(&issuer, l.in.Day) {
			return l.ownShares(&issuer).Treasury
		}
	}
	return false
}

// TreasuryCounter returns [Search.TreasuryCounts] for one company after the other. It reads the
// rules once for companies in a row to which they apply alike.
func (l *Search) TreasuryCounter() func(c int32) bool {
	some := func(is func(s *law.Statute) bool) bool {
		return slices.ContainsFunc(l.own, func(r int32) bool { return is(&l.rules[r]) })
	}
	if !some(func(s *law.Statute) bool { return s.Treasury }) {
		return func(int32) bool { return false }
	}
	byID := some(func(s *law.Statute) bool { return s.Issuer != "" })
	var last law.Company
	known, counts := false, false
	return func(c int32) bool {
		issuer, ok := l.in.Facts.Company(c)
		if !ok {
			return false
		}
		if !byID {
			issuer.ID = ""
		}
		if !known || issuer != last {
			s := l.ownShares(&issuer)
			last, known, counts = issuer, true, s != nil && s.Treasury
		}
		return counts
	}
}

// maxRounds bounds the evaluations of one iteration. A chain of dependencies needs one
// evaluation for each of its links.
const maxRounds = 1000

// Solve finds the reading of the law. It returns an [Ambiguity] if there is no reading or
// more than one.
func (l *Search) Solve(ctx context.Context) (*Ambiguity, error) {
	n := len(l.stakes)
	none := make([]ratio.Ratio, n)
	l.chosen.votes = none
	if n == 0 {
		return nil, nil
	}
	if l.sub == nil {
		l.sub = l.subgraph()
	}
	l.prune(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if err := l.decideFixed(ctx); err != nil {
		return nil, err
	}
	if l.independent() {
		v, err := l.evaluate(ctx, none)
		l.chosen = v
		return nil, err
	}
	l.tried = make(causes, n)
	low, err := l.iterate(ctx, none, nil)
	if err != nil {
		return nil, err
	}
	all := make([]ratio.Ratio, n)
	for i, e := range l.stakes {
		all[i] = l.g.Stake(&l.g.Votes, e)
	}
	high, err := l.iterate(ctx, all, low)
	if err != nil {
		return nil, err
	}
	l.chosen = low.last
	differing := low.differences(high)
	b, others, err := l.openBounds(ctx, differing)
	if err != nil {
		return nil, err
	}
	if len(differing)+len(others) == 0 {
		return nil, nil
	}
	searches, err := l.enumerate(ctx, low, high, b, differing, others)
	if err != nil {
		return nil, err
	}
	return l.settle(ctx, searches)
}

// settle takes the reading of each component that has just one. It returns the components
// that have none or several. Where the two runs of the iteration end in one reading and
// the search for others could not try all assignments, that reading stands.
func (l *Search) settle(ctx context.Context, searches []*enumerator) (*Ambiguity, error) {
	assignment := slices.Clone(l.chosen.votes)
	var open []*enumerator
	for _, s := range l.split(searches) {
		switch n := len(s.found); {
		case n == 1 && (s.complete || !s.differing):
			s.assign(assignment, 0)
		case n == 0 && !s.complete && !s.differing:
		default:
			open = append(open, s)
		}
	}
	if len(open) > 0 {
		l.chosen = verdict{votes: assignment}
		return &Ambiguity{l, open}, nil
	}
	return nil, l.choose(ctx, assignment)
}

// choose ends the search with an assignment.
func (l *Search) choose(ctx context.Context, assignment []ratio.Ratio) error {
	v, err := l.evaluate(ctx, assignment)
	if err == nil {
		l.chosen = verdict{assignment, v.causes}
	}
	return err
}

// upperBound returns the votes that the law could suspend at most. It assumes that every
// test is met that is not known to fail in every assignment.
func (l *Search) upperBound(ctx context.Context) ([]ratio.Ratio, error) {
	all := make([]ratio.Ratio, len(l.stakes))
	j := &evaluation{search: l, assignment: make([]ratio.Ratio, len(l.stakes))}
	raise := func(at int32, votes ratio.Ratio) {
		all[at] = ratio.Max(all[at], votes)
	}
	for _, i := range l.undecided {
		k := &l.candidates[i]
		for n, r := range k.Rules {
			if k.never&(1<<n) != 0 {
				continue
			}
			if err := l.suspendMost(ctx, j, &l.rules[r], k, raise); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// suspendMost calls raise with the most votes that s could suspend for candidate k in any
// assignment.
func (l *Search) suspendMost(ctx context.Context, j *evaluation, s *law.Statute, k *Candidate, raise func(at int32, votes ratio.Ratio)) error {
	grouped := s.Kind == law.TestMutual && s.Group
	if s.CountsSuspended || !grouped && s.Effect != law.EffectSmaller {
		return j.suspend(ctx, s, k, raise)
	}
	of := [][]int32{k.Stakes}
	if grouped { // the assignment decides whose stakes are suspended
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

// place returns the index in l.stakes of a stake that some rule may suspend, and otherwise
// false.
func (l *Search) place(e int32) (int, bool) { return slices.BinarySearch(l.stakes, e) }

// independent reports whether no test depends on votes that a statute can suspend. One
// evaluation then gives the answer.
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

// iteration is the end of repeated evaluations: a reading, or a cycle of assignments. The
// votes of each stake lie between least and most. Both are those of the last verdict if it is
// a reading.
type iteration struct {
	last        verdict // without causes if it is no reading
	fixed       bool
	least, most []ratio.Ratio
}

// differences lists the stakes on which two iterations differ.
func (t *iteration) differences(u *iteration) []int {
	var out []int
	for i := range t.last.votes {
		if !t.least[i].Equal(t.most[i]) || !u.least[i].Equal(u.most[i]) || !t.last.votes[i].Equal(u.last.votes[i]) {
			out = append(out, i)
		}
	}
	return out
}

// iterate evaluates the statutes until the assignment repeats, or equals the reading that
// an earlier iteration found.
func (l *Search) iterate(ctx context.Context, assignment []ratio.Ratio, earlier *iteration) (*iteration, error) {
	mark, left := assignment, 1 // Brent's cycle detection: compare with an earlier assignment, renewed after 1, 2, 4 ... rounds
	for round, span := 0, 1; round < maxRounds; round++ {
		v, err := l.evaluate(ctx, assignment)
		if err != nil {
			return nil, err
		}
		l.tried.note(v)
		next := v.votes
		if earlier != nil && earlier.fixed && equal(next, earlier.last.votes) {
			return earlier, nil
		}
		if equal(next, assignment) {
			return &iteration{v, true, next, next}, nil
		}
		if equal(next, mark) {
			break
		}
		if left--; left == 0 {
			span *= 2
			mark, left = next, span
		}
		assignment = next
	}
	return l.cycle(ctx, assignment)
}

// cycle follows the cycle on which the given assignment lies. If the iteration was cut
// short, there may be no cycle; it then follows maxRounds further assignments.
func (l *Search) cycle(ctx context.Context, assignment []ratio.Ratio) (*iteration, error) {
	t := &iteration{last: verdict{votes: assignment}, least: slices.Clone(assignment), most: slices.Clone(assignment)}
	next := assignment
	for range maxRounds {
		v, err := l.evaluate(ctx, next)
		if err != nil {
			return nil, err
		}
		l.tried.note(v)
		next = v.votes
		if equal(next, assignment) {
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

// stopped returns the error of a context that has ended, and otherwise nil.
func stopped(ctx context.Context) error { return progress.Stopped(ctx, "crossholding") }

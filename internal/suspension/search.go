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

	facts  map[Counting][]countedFact // the facts that rules count, see listFacts; nil if there are no facts
	above  *upstream                  // nil if there are no components
	scope  *scope                     // of the whole book, where questions are answered; nil before Solve
	chosen verdict                    // the reading with which the search ended

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
	Stakes         []int32 // places in the stakes of the search
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

// Solve finds the reading of the law. It returns an [Ambiguity] if there is no reading or
// more than one.
func (l *Search) Solve(ctx context.Context) (*Ambiguity, error) {
	none := make([]ratio.Ratio, len(l.stakes))
	l.chosen = verdict{votes: none}
	if len(none) == 0 {
		return nil, nil
	}
	all := &scope{search: l, g: l.g, candidates: l.candidates, stakes: l.stakes}
	c, err := all.within(ctx, all.subgraph())
	if err != nil {
		return nil, err
	}
	l.scope = c
	if c.independent() {
		l.chosen, err = c.evaluate(ctx, none)
		return nil, err
	}
	r, err := c.run(ctx, none)
	if err != nil {
		return nil, err
	}
	l.chosen = r.low.last
	c, b, err := c.bounds(ctx, r, none)
	if err != nil {
		return nil, err
	}
	l.scope = c
	open := openStakes{r.differing, c.others(b, r)}
	if len(open.differing)+len(open.others) == 0 {
		return nil, nil
	}
	results, err := c.enumerate(ctx, r, b, open)
	if err != nil {
		return nil, err
	}
	return l.settle(ctx, r, results)
}

// settle takes the reading of each component that has just one. It returns the components
// that have none or several. Where the two runs of the iteration end in one reading and
// the search for others could not try all assignments, that reading stands.
func (l *Search) settle(ctx context.Context, r runs, results []*result) (*Ambiguity, error) {
	assignment := slices.Clone(r.low.last.votes)
	var open []*result
	for _, s := range l.split(results) {
		switch n := len(s.readings); {
		case n == 1 && (s.complete || !s.differing):
			s.assign(assignment, 0)
		case n == 0 && !s.complete && !s.differing:
		default:
			open = append(open, s)
		}
	}
	if len(open) > 0 {
		l.chosen = verdict{votes: assignment}
		return &Ambiguity{l, assignment, r.tried, open}, nil
	}
	return nil, l.choose(ctx, assignment)
}

// choose ends the search with an assignment.
func (l *Search) choose(ctx context.Context, assignment []ratio.Ratio) error {
	v, err := l.scope.evaluate(ctx, assignment)
	if err == nil {
		l.chosen = verdict{assignment, v.causes}
	}
	return err
}

// componentOf returns the number of the strongly connected component of stake i's issuer.
func (l *Search) componentOf(i int) int32 { return l.component[l.g.Issuer[l.stakes[i]]] }

// stopped returns the error of a context that has ended, and otherwise nil.
func stopped(ctx context.Context) error { return progress.Stopped(ctx, "crossholding") }

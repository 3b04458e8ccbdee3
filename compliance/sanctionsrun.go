package compliance

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// sanctionsRun is one call of [Sanctions].
type sanctionsRun struct {
	g        crossholding.Graph
	regime   SanctionsRegime
	joint    JointReading
	votes    *crossholding.Votes // nil if nothing depends on votes
	limits   []blockingLimit
	behind   map[int32][]int32      // by party to a concert: the companies through which it holds
	together *together.Arrangements // concerts, if the regime adds up by them, and joint holders
	blocked  []int32                // sorted
	groups   [][]int32              // blocked parties that count together
	in       []bool                 // of each node: a member of the group that is spread
	found    []finding
	foundAt  []int32                      // of each node: 1 + the index of what was found, or 0
	stakes   []int32                      // the stakes of all findings
	facts    map[int32]*crossholding.Fact // by company that a fact blocks
	others   map[int32][]int32            // by company: who count by a joint arrangement

	seeds [][]string // the ids of each group that found anything
}

// blockingLimit is one way in which a company can count as blocked.
type blockingLimit struct {
	basis   law.Measure
	tally   *crossholding.Tally
	rule    crossholding.Rule
	control bool    // it is control, and not ownership
	repeats bool    // it adds nothing to the limit before it, but in companies that they count differently
	differs []bool  // of each stake, if repeats: its company is counted differently; nil if none is
	apart   []int32 // the stakes of parts, if repeats, of so many members of the group
	of      int
}

func newSanctionsRun(ctx context.Context, a *crossholding.Alliance, blocked []string, opt *SanctionsOptions) (*sanctionsRun, error) {
	s := &sanctionsRun{g: a.Graph(), joint: opt.Joint}
	s.in, s.foundAt = make([]bool, s.g.Len()), make([]int32, s.g.Len())
	s.facts, s.others = map[int32]*crossholding.Fact{}, map[int32][]int32{}
	if opt.Joint != JointBlocked && opt.Joint != JointParties {
		return nil, unknownOption("reading of joint arrangements", opt.Joint, JointParties)
	}
	if err := s.choose(ctx, a, opt); err != nil {
		return nil, err
	}
	if len(blocked) == 0 {
		return nil, fmt.Errorf("no blocked parties: %w", crossholding.ErrMissing)
	}
	for _, id := range blocked {
		i, err := s.g.Node(id)
		if err != nil {
			return nil, err
		}
		s.blocked = append(s.blocked, i)
	}
	slices.Sort(s.blocked)
	s.blocked = slices.Compact(s.blocked)
	var concerts []crossholding.Concert
	s.groups = [][]int32{s.blocked}
	if !s.regime.Aggregate {
		concerts = s.votes.Concerts()
		s.groups = together.Concerted(concerts, s.blocked)
	}
	s.together = together.NewArrangements(s.g, concerts, s.regime.JointInterests)
	if err := s.followPartners(ctx, concerts); err != nil {
		return nil, err
	}
	if s.regime.Control {
		s.together.ListFacts(s.limits[len(s.limits)-1].tally)
	}
	return s, s.limitRepeats(ctx)
}

// followPartners finds the companies through which parties to concerts hold: those that would be
// blocked if such a party alone were.
func (s *sanctionsRun) followPartners(ctx context.Context, concerts []crossholding.Concert) error {
	s.behind = map[int32][]int32{}
	for _, p := range concerts {
		for _, x := range p.Members {
			if _, known := s.behind[x]; known || !s.isPartner(x) {
				continue
			}
			members := []int32{x}
			for size := 0; size < len(members); {
				size = len(members)
				for i := range s.limits {
					g, err := s.limits[i].tally.Group(ctx, s.limits[i].rule, members...)
					if err != nil {
						return err
					}
					for node, level := range g.Nodes() {
						if level > 0 {
							members = append(members, node)
						}
					}
				}
			}
			s.behind[x] = members[1:]
		}
	}
	s.together.Follow(s.behind)
	return nil
}

// choose fills in the regime and its limits.
func (s *sanctionsRun) choose(ctx context.Context, a *crossholding.Alliance, opt *SanctionsOptions) error {
	if opt.Rule != nil {
		s.regime = *opt.Rule
	} else {
		name := cmp.Or(opt.Regime, RegimeOFAC)
		regime, ok := regimeOn(a.AsOf(), name)
		if !ok {
			return fmt.Errorf("no sanctions regime %q in force (book of %s): %w", name, cmp.Or(string(a.AsOf()), "no date"), crossholding.ErrUnknown)
		}
		s.regime = regime
	}
	var err error
	if s.regime.Threshold, err = fraction("Threshold", s.regime.Threshold, ratio.Of(1, 2)); err != nil {
		return err
	}
	if s.regime.Bases = slices.Clone(s.regime.Bases); len(s.regime.Bases) == 0 {
		s.regime.Bases = []law.Measure{law.MeasureShares}
	}
	for _, m := range s.regime.Bases {
		if m != law.MeasureShares && m != law.MeasureVotes {
			return fmt.Errorf("basis %q of sanctions, which can be %s or %s: %w", m, law.MeasureShares, law.MeasureVotes, crossholding.ErrUnknown)
		}
		l := blockingLimit{basis: m, rule: crossholding.Rule{Threshold: s.regime.Threshold, AtLeast: s.regime.AtLeast, NoFacts: true}}
		if err := s.add(ctx, a, l, opt); err != nil {
			return err
		}
	}
	if !s.regime.Control {
		return nil
	}
	return s.add(ctx, a, blockingLimit{basis: law.MeasureVotes, rule: crossholding.Rule{Threshold: ratio.Of(1, 2)}, control: true}, opt)
}

// add adds a limit with its tally.
func (s *sanctionsRun) add(ctx context.Context, a *crossholding.Alliance, l blockingLimit, opt *SanctionsOptions) (err error) {
	if s.votes == nil && (l.basis == law.MeasureVotes || !s.regime.Aggregate) {
		if s.votes, err = a.Votes(ctx, opt.Voting); err != nil {
			return err
		}
	}
	if i := slices.IndexFunc(s.limits, func(other blockingLimit) bool { return other.basis == l.basis }); i >= 0 {
		l.tally = s.limits[i].tally
	} else if l.basis == law.MeasureShares {
		if s.regime.Treasury {
			l.tally, err = s.g.IssuedShares()
		} else {
			l.tally, err = a.Tally(ctx, crossholding.BasisCapital, opt.Voting)
		}
	} else {
		l.tally, err = s.votes.Tally("")
	}
	s.limits = append(s.limits, l)
	return err
}

// limitRepeats finds the limits that add nothing to the one before them but in some companies: a
// limit with a rule that is no weaker adds nothing in companies that it counts in the same way.
// It does so only without joint arrangements and joint holders, which count for one limit
// after another.
func (s *sanctionsRun) limitRepeats(ctx context.Context) error {
	if !s.together.None() {
		return nil
	}
	for i := 1; i < len(s.limits); i++ {
		l, before := &s.limits[i], &s.limits[i-1]
		threshold := before.rule.Threshold.Cmp(l.rule.Threshold)
		if threshold > 0 || threshold == 0 && l.rule.AtLeast && !before.rule.AtLeast || !l.rule.NoFacts && together.HasFacts(l.tally) {
			continue
		}
		l.repeats = true
		if l.tally != before.tally {
			l.differs = together.Differing(l.tally, before.tally)
			if _, err := l.tally.Group(ctx, l.rule); err != nil { // lists the stakes of each node
				return err
			}
		}
	}
	return nil
}

// parts returns the stakes that members of a group have, ascending: those in companies that
// the limit before does not count in the same way, if the limit repeats it.
func (s *sanctionsRun) parts(l *blockingLimit, members []int32) ([]int32, error) {
	if !l.repeats {
		t, err := s.jointly(members).Counted(l.tally)
		if err != nil {
			return nil, err
		}
		return t.Held(members...), nil
	}
	if l.differs != nil && l.of != len(members) {
		l.apart, l.of = slices.DeleteFunc(l.tally.Held(members...), func(e int32) bool { return !l.differs[e] }), len(members)
	}
	return l.apart, nil
}

// jointly returns who counts for members of the group by joint arrangements and as joint holders.
func (s *sanctionsRun) jointly(members []int32) *together.Group {
	return s.together.For(members, s.in, s.isPartner)
}

// isPartner reports whether a concert adds what a party to it has.
func (s *sanctionsRun) isPartner(x int32) bool {
	_, blocked := slices.BinarySearch(s.blocked, x)
	return blocked || s.joint == JointParties
}

// skips reports whether a limit that repeats the one before it adds no company to the members.
func (s *sanctionsRun) skips(l *blockingLimit, members []int32) bool {
	if !l.repeats {
		return false
	}
	stakes, _ := s.parts(l, members) // no error: it repeats
	for c, part := range l.tally.ByCompany(stakes) {
		if base := l.tally.Base(c); !s.in[c] && !base.IsZero() && part.Sum.Reaches(base.Mul(l.rule.Threshold), l.rule.AtLeast) {
			return false
		}
	}
	return true
}

// spread finds what one group of blocked parties owns or controls. Each limit adds companies
// in turn until none adds any.
func (s *sanctionsRun) spread(ctx context.Context, group int) error {
	members := slices.Clone(s.groups[group])
	for i := range s.limits {
		s.limits[i].of = 0
	}
	s.mark(members, true)
	defer func() { s.mark(members, false) }()
	members = s.joinWhole(members, members)
	for i, exhausted := 0, 0; exhausted < len(s.limits); i = (i + 1) % len(s.limits) {
		exhausted++
		if s.skips(&s.limits[i], members) {
			continue
		}
		found, err := s.gained(ctx, group, i, members)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		members = s.joinWhole(append(members, found...), found)
		if exhausted = 1; !s.together.None() {
			exhausted = 0 // the arrangements of the new companies count for this limit too
		}
	}
	return s.noteParts(group, members)
}

// gained notes and marks the companies that the members of a group own or control by one limit,
// and returns them.
func (s *sanctionsRun) gained(ctx context.Context, group, limit int, members []int32) ([]int32, error) {
	l, jointly := &s.limits[limit], s.jointly(members)
	t, err := jointly.Counted(l.tally)
	if err != nil {
		return nil, err
	}
	g, err := t.Group(ctx, l.rule, members...)
	if err != nil {
		return nil, err
	}
	var found []int32
	if g.Len() > len(members) {
		for node, level := range g.Nodes() {
			if level > 0 {
				found = append(found, node)
			}
		}
	}
	s.mark(found, true)
	for _, node := range found {
		stakes := g.Stakes(node)
		s.note(limit, group, node, g, nil, stakes, together.Sum(l.tally, stakes))
	}
	if l.rule.NoFacts {
		return found, nil
	}
	for f := range jointly.Facts(s.g) {
		if node := f.Company; !s.in[node] {
			s.in[node], found = true, append(found, node)
			stakes := g.Stakes(node)
			s.note(limit, group, node, g, &f.Fact, stakes, together.Sum(l.tally, stakes))
		}
	}
	return found, nil
}

// joinWhole adds the joint holders to the members of which all are now members. It looks at those
// of which one of the nodes is a member.
func (s *sanctionsRun) joinWhole(members, nodes []int32) []int32 {
	whole := s.together.Whole(nodes, s.in)
	s.mark(whole, true)
	return append(members, whole...)
}

// noteParts records what a group has of the companies that it does not own or control.
func (s *sanctionsRun) noteParts(group int, members []int32) error {
	for i := range s.limits {
		l := &s.limits[i]
		if l.control {
			continue // what does not control is no ground
		}
		stakes, err := s.parts(l, members)
		if err != nil {
			return err
		}
		some := make([]partOf, 0, 64)
		for c, part := range l.tally.ByCompany(stakes) {
			if some = append(some, partOf{c, part}); len(some) == cap(some) {
				s.noteSome(i, group, some)
				some = some[:0]
			}
		}
		s.noteSome(i, group, some)
	}
	return nil
}

// partOf is what a group has of one company.
type partOf struct {
	company int32
	crossholding.CompanyStakes
}

// noteSome records parts of companies. It first reads what is known of all of them, so that the
// processor waits for that memory together.
func (s *sanctionsRun) noteSome(limit, group int, some []partOf) {
	known := int32(0)
	for i := range some {
		if c := some[i].company; !s.in[c] {
			known += s.foundAt[c]
		}
	}
	runtime.KeepAlive(known)
	for i := range some {
		if p := &some[i]; !s.in[p.company] {
			s.note(limit, group, p.company, nil, nil, p.Stakes, p.Sum)
		}
	}
}

// mark notes which nodes are members of the group.
func (s *sanctionsRun) mark(nodes []int32, in bool) {
	for _, x := range nodes {
		s.in[x] = in
	}
}

func (c *SanctionedCompany) stronger(old *SanctionedCompany) bool {
	switch {
	case c.Blocked != old.Blocked:
		return c.Blocked
	case c.Control != old.Control:
		return !c.Control
	}
	return old.Fraction.Less(c.Fraction)
}

package compliance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// sanctionsRun is one call of [Sanctions].
type sanctionsRun struct {
	g        crossholding.Graph
	regime   SanctionsRegime
	joint    JointReading
	limits   []blockingLimit
	concerts []crossholding.Concert // joint arrangements, if the regime adds up by them
	held     map[int32][]int32      // joint holders and their members, if the regime counts the whole for each
	blocked  []int32                // sorted
	groups   [][]int32              // blocked parties that count together
	in       []bool                 // of each node: a member of the group that is spread
	rows     []SanctionedCompany
	noted    []int32 // the companies of rows
	rowAt    []int32 // of each node: 1 + the index of its row, or 0

	seeds   []string // the ids of one group,
	seedsOf int32    // and its first member
}

// blockingLimit is one way in which a company can count as blocked.
type blockingLimit struct {
	basis   law.Measure
	tally   *crossholding.Tally
	rule    crossholding.Rule
	control bool // it is control, and not ownership
}

func newSanctionsRun(ctx context.Context, a *crossholding.Alliance, blocked []string, opt *SanctionsOptions) (*sanctionsRun, error) {
	s := &sanctionsRun{g: a.Graph(), joint: opt.Joint}
	s.in, s.rowAt = make([]bool, s.g.Len()), make([]int32, s.g.Len())
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
	if s.regime.JointInterests {
		s.held = maps.Collect(s.g.JointHolders())
	}
	s.groups = [][]int32{s.blocked}
	if s.regime.Aggregate {
		return s, nil
	}
	v, err := a.Votes(ctx, opt.Voting)
	if err != nil {
		return nil, err
	}
	s.concerts = v.Concerts()
	s.groups = concerted(s.concerts, s.blocked)
	return s, nil
}

// choose fills in the regime and its limits.
func (s *sanctionsRun) choose(ctx context.Context, a *crossholding.Alliance, opt *SanctionsOptions) error {
	if opt.Rule != nil {
		s.regime = *opt.Rule
	} else {
		regime, ok := regimeOn(a.AsOf(), cmp.Or(opt.Regime, RegimeOFAC))
		if !ok {
			return fmt.Errorf("no sanctions regime %q in force (book of %s): %w", opt.Regime, cmp.Or(string(a.AsOf()), "no date"), crossholding.ErrUnknown)
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
		l := blockingLimit{basis: m, rule: crossholding.Rule{Threshold: s.regime.Threshold, AtLeast: s.regime.AtLeast}}
		if err := s.add(ctx, a, l, opt); err != nil {
			return err
		}
	}
	if !s.regime.Control {
		return nil
	}
	return s.add(ctx, a, blockingLimit{basis: law.MeasureVotes, rule: crossholding.Rule{Threshold: ratio.Of(1, 2), Facts: true}, control: true}, opt)
}

// add adds a limit with its tally.
func (s *sanctionsRun) add(ctx context.Context, a *crossholding.Alliance, l blockingLimit, opt *SanctionsOptions) error {
	var basis crossholding.Basis
	if l.basis == law.MeasureShares {
		basis = crossholding.BasisCapital
	}
	for _, other := range s.limits {
		if other.basis == l.basis {
			l.tally = other.tally
			s.limits = append(s.limits, l)
			return nil
		}
	}
	var err error
	l.tally, err = a.Tally(ctx, basis, opt.Voting)
	s.limits = append(s.limits, l)
	return err
}

// spread finds what one group of blocked parties owns or controls. Each limit adds companies
// in turn until none adds any.
func (s *sanctionsRun) spread(ctx context.Context, seeds []int32) error {
	members := slices.Clone(seeds)
	s.mark(seeds, true)
	defer func() { s.mark(members, false) }()
	for i, exhausted := 0, 0; exhausted < len(s.limits); i = (i + 1) % len(s.limits) {
		t, err := s.jointly(s.limits[i].tally, members)
		if err != nil {
			return err
		}
		g, err := t.Group(ctx, s.limits[i].rule, members...)
		if err != nil {
			return err
		}
		exhausted++
		if g.Len() == len(members) {
			continue
		}
		found := len(members)
		for node, level := range g.Nodes() {
			if level > 0 {
				members = append(members, node)
			}
		}
		s.mark(members[found:], true)
		for _, node := range members[found:] {
			s.note(i, seeds, node, g, g.Stakes(node))
		}
		if exhausted = 1; len(s.concerts) > 0 || len(s.held) > 0 {
			exhausted = 0 // the arrangements of the new companies count for this limit too
		}
	}
	for i, l := range s.limits {
		if l.control {
			continue // what does not control is no ground
		}
		t, err := s.jointly(l.tally, members)
		if err != nil {
			return err
		}
		held := t.Held(members...)
		for from, to := 0, 0; from < len(held); from = to {
			c := s.g.Stake(held[from]).Issuer
			_, end := s.g.Stakes(c)
			for to = from + 1; to < len(held) && held[to] < end; {
				to++
			}
			if !s.in[c] {
				s.note(i, seeds, c, nil, held[from:to])
			}
		}
	}
	return nil
}

// mark notes which nodes are members of the group.
func (s *sanctionsRun) mark(nodes []int32, in bool) {
	for _, x := range nodes {
		s.in[x] = in
	}
}

// note records a group's interest in company c by one limit if it is stronger than the
// recorded one. The company is blocked if g, which blocks it, is not nil. Blocked is stronger than not blocked, then ownership than control, and then
// the larger fraction.
func (s *sanctionsRun) note(limit int, seeds []int32, c int32, g *crossholding.NodeGroup, stakes []int32) {
	blocked := g != nil
	l := s.limits[limit]
	row := SanctionedCompany{Company: s.g.ID(c), Blocked: blocked, Control: blocked && l.control, Basis: l.basis, Holders: []Share{},
		Threshold: l.rule.Threshold, AtLeast: l.rule.AtLeast}
	base := l.tally.Base(c)
	var others []int32 // who count by a joint arrangement
	var held []holderAmount
	if !base.IsZero() {
		var sum ratio.Ratio
		for _, e := range stakes {
			who, amount := l.tally.Stake(e)
			if who == crossholding.NoNode || amount.IsZero() {
				continue
			}
			held = append(held, holderAmount{who, amount})
			sum = sum.Add(amount)
			if !s.in[who] {
				others = append(others, who)
			}
		}
		row.Fraction = sum.Div(base)
	}
	enough := !base.IsZero() && row.Fraction.Reaches(l.rule.Threshold, l.rule.AtLeast)
	if blocked && l.control && !enough {
		if facts := g.Facts(c); len(facts) > 0 {
			row.Fact = &facts[0].Fact
		}
	}
	if row.Fact == nil && row.Fraction.IsZero() || l.control && !blocked {
		return
	}
	at := s.rowAt[c] - 1
	if at >= 0 && !row.stronger(&s.rows[at]) {
		return
	}
	row.Through = s.through(seeds, others)
	row.Holders = s.shares(held, base)
	if at >= 0 {
		s.rows[at] = row
		return
	}
	s.rows, s.noted = append(s.rows, row), append(s.noted, c)
	s.rowAt[c] = int32(len(s.rows))
}

// holderAmount is what one holder has of a company.
type holderAmount struct {
	node   int32
	amount ratio.Ratio
}

// shares returns what each holder has as a fraction of base, sorted.
func (s *sanctionsRun) shares(held []holderAmount, base ratio.Ratio) []Share {
	slices.SortStableFunc(held, func(a, b holderAmount) int { return cmp.Compare(a.node, b.node) }) // ids are sorted as nodes are
	out := make([]Share, 0, len(held))
	for i, h := range held {
		if i > 0 && held[i-1].node == h.node {
			last := &out[len(out)-1]
			last.Fraction = last.Fraction.Add(h.amount.Div(base))
			continue
		}
		out = append(out, Share{s.g.ID(h.node), h.amount.Div(base)})
	}
	return out
}

// through returns the ids of a group of blocked parties and of others who count with them,
// sorted. A thousand parties can be behind a million rows, so rows without others share one
// list.
func (s *sanctionsRun) through(seeds, others []int32) []string {
	if len(others) == 0 {
		if s.seeds == nil || s.seedsOf != seeds[0] {
			s.seeds, s.seedsOf = s.g.IDs(seeds), seeds[0]
		}
		return s.seeds
	}
	all := slices.Concat(seeds, others)
	slices.Sort(all)
	return s.g.IDs(slices.Compact(all))
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

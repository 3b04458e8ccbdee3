package compliance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// SanctionsOptions says which rule decides whether companies count as blocked. The zero
// value is OFAC's 50 percent rule.
type SanctionsOptions struct {
	// Regime is a built-in regime, by default [RegimeOFAC], or the id of one version
	// of a regime, such as "EU-2018". If it is a regime, the version in force on the
	// book's day applies, or the last version if the book is undated.
	Regime string
	// Rule, if not nil, is used instead of a built-in regime.
	Rule *SanctionsRegime
	// Voting says how votes are counted if a regime counts votes.
	Voting crossholding.VotingOptions
	// Joint says whose holdings a joint arrangement adds to those of a blocked party, in a
	// regime that does not add up all blocked parties.
	Joint JointReading
}

// JointReading says whose holdings a joint arrangement adds up. A joint arrangement is an
// agreement of kind [crossholding.AgreementConcert], about one company or about all.
type JointReading string

// These are the readings. Guidance speaks of designated persons. SI 2019/855, Sch. 1 para.
// 3(1), as made, treats each party to the arrangement as holding the shares of all.
const (
	JointBlocked JointReading = ""        // those of the blocked parties to it
	JointParties JointReading = "parties" // those of all parties to it
)

// SanctionsReport lists the companies that blocked parties own. It is plain data.
type SanctionsReport struct {
	Regime SanctionsRegime `json:"regime"`
	// Companies are the companies of which blocked parties have a part, without the
	// blocked parties themselves, sorted by id.
	Companies []SanctionedCompany `json:"companies"`

	g      crossholding.Graph
	listed []string
}

// SanctionedCompany holds the interest of blocked parties in one company. It is plain
// data.
type SanctionedCompany struct {
	Company   string             `json:"company"`
	Blocked   bool               `json:"blocked"`        // it counts as blocked
	Listed    bool               `json:"listed"`         // it is one of the blocked parties itself; the rest is then empty
	Through   []string           `json:"through"`        // the parties concerned, sorted: all blocked ones, or one with those of its joint arrangements
	Basis     law.Measure        `json:"basis"`          // what Fraction counts
	Control   bool               `json:"control"`        // the ground is control, by votes or by Fact, and not ownership
	Fact      *crossholding.Fact `json:"fact,omitempty"` // the fact of control that is the ground
	Fraction  ratio.Ratio        `json:"fraction"`       // the fraction that they and the companies they own have, 0..1, of outstanding shares or of votes
	Holders   []Share            `json:"holders"`        // the holders of Fraction, sorted; of a blocked company, those blocked before it
	Threshold ratio.Ratio        `json:"threshold"`      // the threshold of the regime
	AtLeast   bool               `json:"at_least"`       // reaching the threshold is enough
}

// Blocked returns the companies that count as blocked, sorted.
func (s SanctionsReport) Blocked() []string {
	out := []string{}
	for _, c := range s.Companies {
		if c.Blocked {
			out = append(out, c.Company)
		}
	}
	return out
}

// Of returns the answer for one company or party. If blocked parties have nothing of it, its
// Fraction is 0. It fails with [crossholding.ErrUnknown] for a name that is not in the book.
func (s SanctionsReport) Of(company string) (SanctionedCompany, error) {
	i, ok := slices.BinarySearchFunc(s.Companies, company, func(c SanctionedCompany, id string) int { return cmp.Compare(c.Company, id) })
	if ok {
		return s.Companies[i], nil
	}
	if _, err := s.g.Node(company); err != nil {
		return SanctionedCompany{}, withPrefix(err)
	}
	_, listed := slices.BinarySearch(s.listed, company)
	return SanctionedCompany{Company: company, Blocked: listed, Listed: listed, Through: []string{}, Holders: []Share{},
		Threshold: s.Regime.Threshold, AtLeast: s.Regime.AtLeast}, nil
}

// String returns the answer as a sentence.
func (c SanctionedCompany) String() string {
	switch {
	case c.Listed:
		return c.Company + " is a blocked party itself"
	case c.Fact != nil:
		return fmt.Sprintf("%s is controlled by %s: %s", c.Company, strings.Join(c.Through, " with "), c.Fact)
	case c.Fraction.IsZero():
		return fmt.Sprintf("%s is not owned by blocked parties: they have nothing of it", c.Company)
	}
	parts := make([]string, len(c.Holders))
	for i, h := range c.Holders {
		parts[i] = fmt.Sprintf("%s %s", h.Holder, h.Fraction.ShortPercent())
	}
	verdict := "is not owned by"
	if c.Blocked {
		verdict = "is owned by"
		if c.Control {
			verdict = "is controlled by"
		}
	}
	return fmt.Sprintf("%s %s %s: %s of its %s (%s), where %s is needed", c.Company, verdict, strings.Join(c.Through, " with "),
		c.Fraction.ShortPercent(), c.Basis, strings.Join(parts, ", "), condition(c.Threshold, c.AtLeast))
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (c SanctionedCompany) WithNames(name func(id string) string) SanctionedCompany {
	c.Company, c.Through, c.Holders = name(c.Company), named(c.Through, name), slices.Clone(c.Holders)
	if c.Fact != nil {
		fact := c.Fact.WithNames(name)
		c.Fact = &fact
	}
	for i, h := range c.Holders {
		c.Holders[i].Holder = name(h.Holder)
	}
	return c
}

// Sanctions returns the companies that count as blocked because blocked parties own or, if
// the regime says so, control them. These are the least set that contains the blocked
// parties and every company of which the members of the set together have enough (OFAC FAQ
// 401). Shares are counted by beneficiary, as a fraction of the outstanding shares. Votes
// are those that can move a result.
//
// If the regime does not add up all blocked parties, each counts with those with whom it
// has a joint arrangement, in the company that the arrangement is about; what it owns with
// them it owns, and so what that company owns.
//
// It fails with a [*crossholding.BandsError] for a book with bands, with
// [crossholding.ErrMissing] without blocked parties, with [crossholding.ErrUnknown]
// for an unknown party or reading, or for a regime that is unknown or not in force, and with
// [crossholding.ErrRange] for a threshold outside 0..1. If the regime counts votes, it
// also fails with the errors of [crossholding.Alliance.Votes]. Several readings of the law are
// no error if the answer is the same under each.
func Sanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt SanctionsOptions) (SanctionsReport, error) {
	ctx, a = given(ctx, a)
	r, err := underReadings(opt.Voting, func(v crossholding.VotingOptions) (SanctionsReport, error) {
		opt := opt
		opt.Voting = v
		return sanctions(ctx, a, blocked, &opt)
	})
	return r, withPrefix(err)
}

func sanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt *SanctionsOptions) (SanctionsReport, error) {
	s, err := newSanctionsRun(ctx, a, blocked, opt)
	if err != nil {
		return SanctionsReport{}, err
	}
	stage := progress.Start(ctx, "blocked groups", len(s.groups), 1)
	for i, seeds := range s.groups {
		stage.At(i)
		if err := s.spread(ctx, seeds); err != nil {
			return SanctionsReport{}, err
		}
	}
	stage.End()
	out := SanctionsReport{Regime: s.regime, Companies: make([]SanctionedCompany, 0, len(s.rows)), g: s.g, listed: s.g.IDs(s.blocked)}
	slices.Sort(s.noted)
	for _, c := range s.noted {
		if _, listed := slices.BinarySearch(s.blocked, c); !listed {
			out.Companies = append(out.Companies, s.rows[s.rowAt[c]-1])
		}
	}
	return out, nil
}

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

// concerted divides parties into groups that act in concert in all companies.
func concerted(concerts []crossholding.Concert, seeds []int32) [][]int32 {
	group := make(map[int32]int32, len(seeds)) // party to the first of its group
	for _, i := range seeds {
		group[i] = i
	}
	for _, p := range concerts {
		if p.Over != crossholding.NoNode {
			continue
		}
		first := crossholding.NoNode
		for _, n := range p.Members {
			root, ok := group[n]
			if !ok {
				continue
			}
			if first == crossholding.NoNode {
				first = root
			}
			low, high := min(first, root), max(first, root)
			for _, j := range seeds {
				if group[j] == high {
					group[j] = low
				}
			}
			first = low
		}
	}
	var out [][]int32
	for _, i := range seeds {
		if group[i] != i {
			continue
		}
		var members []int32
		for _, j := range seeds {
			if group[j] == i {
				members = append(members, j)
			}
		}
		out = append(out, members)
	}
	return out
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

// jointly returns the tally in which stakes of others count for a member of the group where
// both are parties to a joint arrangement.
func (s *sanctionsRun) jointly(t *crossholding.Tally, members []int32) (*crossholding.Tally, error) {
	if len(s.held) == 0 && len(s.concerts) == 0 {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	for joint, list := range s.held {
		if i := slices.IndexFunc(list, func(x int32) bool { return slices.Contains(members, x) }); i >= 0 {
			countFor(t, meetings, t.Issuers(joint), map[int32]bool{joint: true}, list[i])
		}
	}
	for _, p := range s.concerts {
		first, partners := crossholding.NoNode, map[int32]bool{}
		for _, x := range p.Members {
			_, blocked := slices.BinarySearch(s.blocked, x)
			switch {
			case slices.Contains(members, x):
				if first == crossholding.NoNode {
					first = x
				}
			case blocked || s.joint == JointParties:
				partners[x] = true
			}
		}
		if first == crossholding.NoNode || len(partners) == 0 {
			continue
		}
		about := []int32{p.Over}
		if p.Over == crossholding.NoNode {
			about = t.Issuers(slices.Sorted(maps.Keys(partners))...)
		}
		countFor(t, meetings, about, partners, first)
	}
	return t.With(meetings)
}

// countFor makes what holders have in companies count for one node.
func countFor(t *crossholding.Tally, meetings map[int32]crossholding.Meeting, companies []int32, holders map[int32]bool, node int32) {
	for _, c := range companies {
		m, ok := meetings[c]
		if !ok {
			m = meetingOf(t, c)
			meetings[c] = m
		}
		for k, x := range m.Voters {
			if holders[x] {
				m.Voters[k] = node
			}
		}
	}
}

// meetingOf returns a copy of a company's meeting in a tally.
func meetingOf(t *crossholding.Tally, c int32) crossholding.Meeting {
	m := crossholding.Meeting{Base: t.Base(c)}
	from, to := t.Graph().Stakes(c)
	for e := from; e < to; e++ {
		who, amount := t.Stake(e)
		m.Voters, m.Votes = append(m.Voters, who), append(m.Votes, amount)
	}
	return m
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

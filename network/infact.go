package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// TurnoutOptions gives the expected turnout of meetings. The zero value expects all
// votes, so control in fact is the same as majority control. It is plain data.
type TurnoutOptions struct {
	// Turnout is the expected attendance of each company's meeting, as a fraction
	// 0..1 of the votes that can move a result.
	Turnout map[string]ratio.Ratio
	// Default is the expected attendance of companies that Turnout does not list. 0
	// means 1.
	Default ratio.Ratio
	// Threshold is the fraction of the votes present that must be exceeded for control.
	// 0 means 1/2. With AtLeast reaching it is enough.
	Threshold ratio.Ratio
	AtLeast   bool
	// Voting says how votes are counted.
	Voting crossholding.VotingOptions
}

// ControlInFact answers who controls meetings at which not all votes are present. This
// is control in fact, "determining the decisions by the votes one has" (Code de commerce,
// art. L.233-3, I, 3°; Codice civile, art. 2359, no. 2; IFRS 10, B42).
// [NewControlInFact] makes it. It is immutable and safe for concurrent use.
//
// The holders that the book names come to every meeting. If the expected attendance
// is larger than their votes, the rest are votes of the float and of parties of
// [crossholding.KindPublic]. So only one of the named holders can have more than half
// of the votes present.
type ControlInFact struct {
	g         crossholding.Graph
	all       *crossholding.Tally // of the votes that can move a result
	present   *crossholding.Tally // the same votes as fractions of those present
	control   *crossholding.Control
	rule      crossholding.Rule
	threshold ratio.Ratio
	named     []ratio.Ratio // of each company: the votes of named holders
}

// Position holds the votes of one holder in one meeting, and the votes that it needs for
// control. It is plain data. Votes include those of companies that the holder controls
// in fact by other ways than through this company.
type Position struct {
	Holder   string      `json:"holder"`
	Company  string      `json:"company"`
	Votes    ratio.Ratio `json:"votes"`
	Base     ratio.Ratio `json:"base"`     // all votes that can move a result
	Named    ratio.Ratio `json:"named"`    // votes of the holders that the book names, without the public
	Present  ratio.Ratio `json:"present"`  // votes expected to be present
	Required ratio.Ratio `json:"required"` // the votes that control must exceed, or reach with AtLeast
	Controls bool        `json:"controls"`
	// ControlsBelow is the turnout below which the holder has control if nothing else
	// changes, as a fraction of Base. With AtLeast it has control at that turnout too.
	// It is 0 if the other named holders prevent control at any turnout, and 1 or more
	// if the holder has control even when all votes are present.
	ControlsBelow ratio.Ratio `json:"controls_below"`
}

// String returns the position as a sentence.
func (p Position) String() string {
	if p.Base.IsZero() {
		return fmt.Sprintf("%s does not control %s: no votes can be cast there", p.Holder, p.Company)
	}
	verb := "does not control"
	if p.Controls {
		verb = "controls"
	}
	text := fmt.Sprintf("%s %s %s in fact: %s of the %s votes expected (%s turnout), ", p.Holder, verb, p.Company,
		p.Votes.Grouped(), p.Present.Grouped(), p.Present.Div(p.Base).ShortPercent())
	switch {
	case p.ControlsBelow.IsZero():
		return text + "and at no turnout, as the other holders named have too many"
	case ratio.Int(1).Cmp(p.ControlsBelow) <= 0:
		return text + "and at any turnout"
	}
	return text + "and with a turnout below " + p.ControlsBelow.ShortPercent()
}

// WithNames returns the position with ids replaced by names, as by
// [crossholding.Alliance.Name].
func (p Position) WithNames(name func(id string) string) Position {
	p.Holder, p.Company = name(p.Holder), name(p.Company)
	return p
}

// NewControlInFact returns control in fact in an alliance. It fails with
// [crossholding.ErrUnknown] for an unknown company in Turnout, with
// [crossholding.ErrRange] for fractions outside 0..1, and with the errors of
// [crossholding.Alliance.Votes].
func NewControlInFact(ctx context.Context, a *crossholding.Alliance, opt TurnoutOptions) (*ControlInFact, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	c := &ControlInFact{g: a.Graph()}
	turnout, err := c.turnouts(&opt)
	if err != nil {
		return nil, err
	}
	if c.threshold, err = fraction("Threshold", opt.Threshold, ratio.Of(1, 2)); err != nil {
		return nil, err
	}
	c.rule = crossholding.Rule{Threshold: c.threshold, AtLeast: opt.AtLeast, NoFacts: true}
	if c.all, err = a.Tally(ctx, "", opt.Voting); err != nil {
		return nil, err
	}
	changed := map[int32]crossholding.Meeting{}
	c.named = make([]ratio.Ratio, c.g.Len())
	stage := progress.Start(ctx, "meetings", len(c.named), 1<<10)
	for y := range int32(len(c.named)) {
		if y&0xff == 0 && ctx.Err() != nil {
			return nil, ctxError(ctx)
		}
		stage.At(int(y))
		if !c.g.HasShares(y) {
			continue
		}
		c.named[y] = c.namedVotes(y)
		base := c.all.Base(y)
		if present := expected(turnout(y), base, c.named[y]); !present.Equal(base) {
			changed[y] = meeting(c.all, y, present)
		}
	}
	stage.End()
	if c.present, err = c.all.With(changed); err != nil {
		return nil, err
	}
	c.control, err = c.present.Control(c.rule)
	return c, err
}

// namedVotes returns the votes at y that named holders cast.
func (c *ControlInFact) namedVotes(y int32) (sum ratio.Ratio) {
	from, to := c.g.Stakes(y)
	for e := from; e < to; e++ {
		if who, votes := c.all.Stake(e); who != crossholding.NoNode && !c.g.Dispersed(who) {
			sum = sum.Add(votes)
		}
	}
	return sum
}

// meeting returns the votes at y with another base.
func meeting(t *crossholding.Tally, y int32, base ratio.Ratio) crossholding.Meeting {
	from, to := t.Graph().Stakes(y)
	m := crossholding.Meeting{Voters: make([]int32, to-from), Votes: make([]ratio.Ratio, to-from), Base: base}
	for i := range m.Voters {
		m.Voters[i], m.Votes[i] = t.Stake(from + int32(i))
	}
	return m
}

// expected returns the votes that are expected to be present. They follow from the
// turnout, but are at least those of the named holders.
func expected(turnout, base, named ratio.Ratio) ratio.Ratio {
	present := turnout.Mul(base)
	if present.Less(named) {
		return named
	}
	return present
}

// turnouts checks the options and returns the turnout of each company.
func (c *ControlInFact) turnouts(opt *TurnoutOptions) (func(int32) ratio.Ratio, error) {
	def, err := fraction("Default", opt.Default, ratio.Int(1))
	errs := []error{err}
	given := map[int32]ratio.Ratio{}
	for _, id := range slices.Sorted(maps.Keys(opt.Turnout)) {
		y, err := c.g.Company(id)
		if err == nil {
			_, err = fraction("Turnout of "+id, opt.Turnout[id], ratio.Ratio{})
		}
		errs = append(errs, err)
		given[y] = opt.Turnout[id]
	}
	return func(y int32) ratio.Ratio {
		if t, ok := given[y]; ok {
			return t
		}
		return def
	}, errors.Join(errs...)
}

// Control returns who controls whom in fact, with proofs. Its votes are fractions of
// those present.
func (c *ControlInFact) Control() *crossholding.Control { return c.control }

// Position returns the position of holder in the meeting of company. It fails with
// [crossholding.ErrUnknown] for unknown names, with [crossholding.ErrRange] for a float,
// and with ctx's error when ctx is done.
func (c *ControlInFact) Position(ctx context.Context, holder, company string) (Position, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return Position{}, ctxError(ctx)
	}
	x, err := c.g.Node(holder)
	if err != nil {
		return Position{}, err
	}
	y, err := c.g.Company(company)
	if err != nil {
		return Position{}, err
	}
	group, err := c.present.Group(ctx, c.rule, x)
	if err != nil {
		return Position{}, err
	}
	m := &meetingRun{ControlInFact: c, company: y}
	apart, err := m.apart(ctx, x, group)
	if err != nil {
		return Position{}, err
	}
	return m.position(x, group, apart.Votes(y)), nil
}

// Largest returns the position of the holder that has the most votes at company's
// meeting, together with the companies that it controls in fact. If several have equal
// votes, it is the one that controls most companies, then the first by name. The public
// is not a holder here. The position is empty if nobody else has a vote. The errors are
// those of [ControlInFact.Position].
func (c *ControlInFact) Largest(ctx context.Context, company string) (Position, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return Position{}, ctxError(ctx)
	}
	y, err := c.g.Company(company)
	if err != nil {
		return Position{}, err
	}
	m := &meetingRun{ControlInFact: c, company: y, votes: map[int32]ratio.Ratio{}, covered: map[int32]bool{}}
	for _, h := range c.present.Holdings(y) {
		m.votes[h.Node] = h.Amount
	}
	holders, err := m.holdersFirst(ctx)
	if err != nil {
		return Position{}, err
	}
	for _, x := range holders {
		if x == y || m.covered[x] || c.g.Dispersed(x) {
			continue
		}
		if err := m.compare(ctx, x); err != nil {
			return Position{}, err
		}
	}
	return m.best, nil
}

// meetingRun is one call about the meeting of one company.
type meetingRun struct {
	*ControlInFact
	company int32
	closed  *crossholding.Tally   // in which nobody can control the company; made on first use
	votes   map[int32]ratio.Ratio // of each voter at the meeting
	covered map[int32]bool        // companies that have no more votes than a holder that controls them
	best    Position
	size    int // of the group of best
}

// apart returns holder x's group as if nobody could control the company, because votes
// that come from control of the company cannot help to control it.
func (m *meetingRun) apart(ctx context.Context, x int32, group *crossholding.NodeGroup) (*crossholding.NodeGroup, error) {
	if !group.Controls(m.company) {
		return group, nil
	}
	if m.closed == nil {
		var err error
		nobody := map[int32]crossholding.Meeting{m.company: meeting(m.present, m.company, ratio.Ratio{})}
		if m.closed, err = m.present.With(nobody); err != nil {
			return nil, err
		}
	}
	return m.closed.Group(ctx, m.rule, x)
}

// position returns the position of holder x with the given group and votes.
func (m *meetingRun) position(x int32, group *crossholding.NodeGroup, votes ratio.Ratio) Position {
	y := m.company
	p := Position{Holder: m.g.ID(x), Company: m.g.ID(y), Votes: votes, Base: m.all.Base(y), Named: m.named[y],
		Present: m.present.Base(y), Controls: group.Controls(y)}
	p.Required = p.Present.Mul(m.threshold)
	if !p.Base.IsZero() && p.Votes.Reaches(p.Named.Mul(m.threshold), m.rule.AtLeast) {
		p.ControlsBelow = p.Votes.Div(m.threshold).Div(p.Base)
	}
	return p
}

// compare makes holder x the best if it has more votes than the best so far.
func (m *meetingRun) compare(ctx context.Context, x int32) error {
	group, err := m.present.Group(ctx, m.rule, x)
	if err != nil {
		return err
	}
	if group.Controls(m.company) && m.cast(group).Less(m.best.Votes) {
		return nil // its votes without control of the company are not more
	}
	apart, err := m.apart(ctx, x, group)
	if err != nil {
		return err
	}
	m.cover(group, apart)
	v := m.cast(apart)
	if !v.IsZero() && cmp.Or(v.Cmp(m.best.Votes), cmp.Compare(group.Len(), m.size), strings.Compare(m.best.Holder, m.g.ID(x))) > 0 {
		m.best, m.size = m.position(x, group, v), group.Len()
	}
	return nil
}

// cast returns the votes at the meeting that all members of a group cast.
func (m *meetingRun) cast(group *crossholding.NodeGroup) (sum ratio.Ratio) {
	for x := range group.Nodes() {
		sum = sum.Add(m.votes[x])
	}
	return sum
}

// cover marks the companies that a holder controls without the company of the meeting.
// They have no more votes there than the holder and control fewer companies, unless
// one of them controls the holder in turn. None of them does if no company that the
// holder controls votes in the holder's own meeting.
func (m *meetingRun) cover(group, apart *crossholding.NodeGroup) {
	for x, level := range group.Nodes() {
		if level > 0 {
			break // the holder comes first
		}
		for _, h := range m.present.Holdings(x) {
			if group.Has(h.Node) {
				return
			}
		}
	}
	for x, level := range apart.Nodes() {
		if level > 0 {
			m.covered[x] = true
		}
	}
}

// holdersFirst lists the nodes that have votes at the company, directly or through
// others. Holders come before the companies that they hold, except in rings.
func (m *meetingRun) holdersFirst(ctx context.Context) ([]int32, error) {
	type visit struct {
		node int32
		left []crossholding.Holding
	}
	seen := map[int32]bool{m.company: true}
	var order []int32
	path := []visit{{m.company, m.present.Holdings(m.company)}}
	for len(path) > 0 {
		at := &path[len(path)-1]
		if len(at.left) == 0 {
			if order = append(order, at.node); len(order)&0xff == 0 && ctx.Err() != nil {
				return nil, ctxError(ctx)
			}
			path = path[:len(path)-1]
			continue
		}
		next := at.left[0].Node
		at.left = at.left[1:]
		if !seen[next] {
			seen[next] = true
			path = append(path, visit{next, m.present.Holdings(next)})
		}
	}
	return order, nil
}

package crossholding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// ControlOptions says what control is. The zero value is the majority of the
// votes that can move a result.
type ControlOptions struct {
	// Voting says how votes are counted before control is looked for.
	Voting VotingOptions
	// Threshold is the fraction of the base that gives control. 0 means 1/2.
	Threshold ratio.Ratio
	// AtLeast makes reaching the threshold enough. By default it must be exceeded.
	AtLeast bool
	// Presumed, if not 0, is a lower threshold. More than it is enough if nobody else
	// has as many votes. It is 2/5 for France's L.233-3.
	Presumed ratio.Ratio
	// Basis is the total of which votes are a fraction: by default the votes that can
	// move a result, otherwise [BasisExercisable] or [BasisTheoretical] votes. With
	// [BasisCapital], shares are counted by beneficiary, as a fraction of issued shares.
	Basis Basis
	// NoFacts leaves out control by other means than votes: the facts of control of the
	// book, and agreements that together appoint more than half of a board.
	NoFacts bool
	// Strict makes [Alliance.Control] fail if the law has several readings. By default,
	// control is found under each of them, and only questions fail with a [*ReadingsError]
	// whose answer differs. There can be at most 64 readings of the whole book.
	Strict bool
}

// Control answers who controls whom. [Alliance.Control] makes it. It is immutable and
// safe for concurrent use.
//
// x controls y when x, with all that it controls, has enough of y's votes. x also controls y when it
// has, with all that it controls, control of y by a fact: a [ControlFact] of the book, or agreements
// of kind [AgreementDirectors] that together appoint more than half of the board. An agreement
// counts for those who have all of its holders. The companies that x controls are the least set with
// this property. So companies that control only one another give nobody control.
type Control struct {
	a     *Alliance
	votes *Votes // nil on a capital basis
	tally *tally.Tally
	rule  majority.Rule // with the facts
	facts *factIndex
	opt   ControlOptions

	everyone *everyone

	others []*Control // under the other readings of the law, if it has several
	doubt  error      // what a question fails with if its answer differs between them
}

// Control returns who controls whom. The errors are those of [Alliance.Votes],
// [ErrRange] for thresholds outside 0..1 and [ErrUnknown] for another basis. It
// returns all errors together.
func (a *Alliance) Control(ctx context.Context, opt ControlOptions) (*Control, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if err := a.requireExact("Bounds.Controls"); err != nil {
		return nil, err
	}
	rule, err := opt.rule()
	switch opt.Basis {
	case "", BasisCapital, BasisExercisable, BasisTheoretical:
	default:
		err = errors.Join(err, unknownOption("basis", opt.Basis, BasisExercisable, BasisTheoretical, BasisCapital))
	}
	if err != nil {
		return nil, err
	}
	if opt.Basis == BasisCapital {
		return a.controlBy(a.issuedShares(), nil, rule, opt), nil
	}
	v, err := a.Votes(ctx, opt.Voting)
	if err != nil {
		return a.controlUnderReadings(ctx, opt, err)
	}
	return a.controlBy(v.countFor(opt.Basis), v, rule, opt), nil
}

// controlBy returns who controls whom by a count. The votes are nil if shares are counted.
func (a *Alliance) controlBy(t *tally.Tally, v *Votes, rule majority.Rule, opt ControlOptions) *Control {
	c := &Control{a: a, votes: v, tally: t, rule: rule, opt: opt, everyone: new(everyone)}
	c.addFacts()
	return c
}

// addFacts adds the facts of control to the rule.
func (c *Control) addFacts() {
	if c.facts = c.a.facts(c.votes); !c.opt.NoFacts {
		c.rule.Facts = c.facts.engine
	}
}

func (o *ControlOptions) rule() (majority.Rule, error) {
	threshold, err := fraction("Threshold", o.Threshold, ratio.Of(1, 2))
	presumed, err2 := fraction("Presumed", o.Presumed, ratio.Ratio{})
	if err = errors.Join(err, err2); err != nil {
		return majority.Rule{}, err
	}
	r := tally.Rule(threshold, !o.AtLeast)
	if !presumed.IsZero() {
		r.Presume = tally.Presumption(presumed)
	}
	return r, nil
}

// countFor returns the votes as a tally for questions of control.
func (v *Votes) countFor(basis Basis) *tally.Tally {
	g := &v.a.graph
	base := func(m *meeting) ratio.Ratio {
		switch basis {
		case BasisExercisable:
			return m.exercisable()
		case BasisTheoretical:
			return m.total
		}
		return m.counted()
	}
	bases := tally.AllVotes(&g.Votes)
	if basis != BasisTheoretical {
		bases = tally.OutstandingVotes(g, &g.Votes, basis == "").Given()
	}
	changed := make(map[int32]tally.Column, len(v.special))
	for c, m := range v.special {
		changed[c] = tally.Column{Voter: m.voter, Units: m.free, Base: base(m)}
	}
	if v.law != nil && basis == "" {
		counts := v.law.TreasuryCounter()
		big := len(g.Votes.Big) > 0
		for c, units := range g.Votes.TreasuryUnits {
			c := int32(c)
			if units == 0 && (!big || g.Votes.Big[c] == nil) {
				continue // most companies of a register
			}
			if _, ok := changed[c]; !ok && g.Votes.Treasury(c).Sign() > 0 && counts(c) {
				m := v.plain(c)
				changed[c] = tally.Column{Voter: m.voter, Units: m.free, Base: base(m)}
			}
		}
	}
	return tally.New(g, &g.Votes, g.Voter, &g.ByVoter, bases, changed)
}

// Votes returns the votes that decide control, or nil if shares decide it. If the law has
// several readings, they are those of the first, see [Votes.Choices].
func (c *Control) Votes() *Votes { return c.votes }

// Tally returns the votes or shares that decide control, as [Control.Votes] does. It is part
// of the low-level view, see [Graph].
func (c *Control) Tally() *Tally {
	c = c.orEmpty()
	return &Tally{a: c.a, v: c.votes, t: c.tally}
}

// party returns the index of a possible controller.
func (c *Control) party(id string) (int32, error) {
	i, float, err := c.a.holder(id)
	if err == nil && float {
		err = fmt.Errorf("crossholding: %q is dispersed and controls nobody: %w", id, ErrRange)
	}
	return i, err
}

// Group returns one or more holders with all that they control together. A holder can
// be a concert of the book, by its name of [ConcertOf].
func (c *Control) Group(ctx context.Context, holders ...string) (*Group, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		return c.agreedGroup(ctx, holders)
	}
	if len(holders) == 0 {
		return nil, fmt.Errorf("crossholding: a group needs at least one holder: %w", ErrMissing)
	}
	seeds := make([]int32, 0, len(holders))
	for _, h := range holders {
		if _, ok := IsConcert(h); ok {
			p, err := c.concert(h)
			if err != nil {
				return nil, err
			}
			if len(holders) == 1 {
				return c.concertGroup(ctx, p)
			}
			if p.Over != graph.None {
				return nil, fmt.Errorf("crossholding: %s acts in %s only and cannot be part of a group: %w", h, c.a.graph.IDs.At(p.Over), ErrAgreement)
			}
			seeds = append(seeds, p.Members...)
			continue
		}
		n, err := c.party(h)
		if err != nil {
			return nil, err
		}
		seeds = append(seeds, n)
	}
	g, err := c.tally.Engine.Group(ctx, c.rule, seeds...)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return &Group{c: c, g: g, holders: slices.Clone(holders), over: graph.None}, nil
}

// Group is one holder, or several in concert, with all that they control.
// [Control.Group] makes it. It is immutable and safe for concurrent use.
type Group struct {
	c       *Control
	g       *majority.Group
	holders []string
	over    int32           // the one company that a concert is about, or none
	below   *majority.Group // the group of that company, if the concert controls it
}

// Companies returns the companies that the group controls, sorted.
func (g *Group) Companies() []string {
	g = g.orEmpty()
	return g.c.a.graph.Names(g.companies())
}

// Controls reports whether the group controls company.
func (g *Group) Controls(company string) (bool, error) {
	g = g.orEmpty()
	y, err := g.c.a.controllable(company)
	return err == nil && g.controls(y), err
}

// Controls reports whether controller controls company.
func (c *Control) Controls(ctx context.Context, controller, company string) (bool, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return false, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreed(c, func(c *Control) (bool, error) { return c.Controls(ctx, controller, company) })
	}
	g, err := c.Group(ctx, controller)
	if err != nil {
		return false, err
	}
	return g.Controls(company)
}

// Controlled returns the companies that controller controls, sorted.
func (c *Control) Controlled(ctx context.Context, controller string) ([]string, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreed(c, func(c *Control) ([]string, error) { return c.Controlled(ctx, controller) })
	}
	g, err := c.Group(ctx, controller)
	if err != nil {
		return nil, err
	}
	return g.Companies(), nil
}

// ControlAnswer says whether a company is controlled. If it is, the answer has a proof.
// Otherwise it has the votes and the other figures below. It is plain data.
type ControlAnswer struct {
	Controllers []string `json:"controllers"` // one, or a concert
	Company     string   `json:"company"`
	Controlled  bool     `json:"controlled"`
	Proof       Proof    `json:"proof"` // empty if the company is not controlled

	Votes ratio.Ratio `json:"votes"` // of the controllers with all that they control
	Base  ratio.Ratio `json:"base"`  // the total of which the votes are a fraction
	// Needed is the smallest number of votes that would be enough. With MoreThan, any number
	// above Needed would be enough: parts of a vote can be gained, because the company is
	// known only in percent or has parts of shares or of votes.
	Needed   ratio.Ratio `json:"needed"`
	MoreThan bool        `json:"more_than"`
	// Rival is the strongest other group, with RivalVotes, if control can be presumed.
	Rival      string      `json:"rival,omitempty"`
	RivalVotes ratio.Ratio `json:"rival_votes"`
	// HeldByOthers lists the votes of shares held for the controllers' money that others
	// cast or that are neutral, such as the votes of a trust.
	HeldByOthers []Reason `json:"held_by_others"`
}

// String returns the answer as a sentence.
func (a ControlAnswer) String() string {
	who := strings.Join(a.Controllers, " with ")
	if a.Controlled {
		return fmt.Sprintf("%s controls %s: %s", who, a.Company, a.Proof)
	}
	if a.Base.IsZero() {
		return fmt.Sprintf("%s does not control %s: no votes can be cast there", who, a.Company)
	}
	lacks := a.Needed.Sub(a.Votes).Grouped()
	if a.MoreThan {
		lacks = "more than " + lacks
	}
	s := fmt.Sprintf("%s does not control %s: it has %s of %s votes (%s) and lacks %s", who, a.Company,
		a.Votes.Grouped(), a.Base.Grouped(), a.Votes.Div(a.Base).ShortPercent(), lacks)
	if a.Rival != "" {
		s += fmt.Sprintf("; %s has %s", a.Rival, a.RivalVotes.Grouped())
	}
	for _, r := range a.HeldByOthers {
		s += "; " + r.String()
	}
	return s
}

// WithNames returns the answer with ids replaced by names, as by [Alliance.Name].
func (a ControlAnswer) WithNames(name func(id string) string) ControlAnswer {
	a.Controllers = slices.Clone(a.Controllers)
	for i, id := range a.Controllers {
		a.Controllers[i] = name(id)
	}
	a.Company, a.Proof = name(a.Company), a.Proof.WithNames(name)
	if a.Rival != "" {
		a.Rival = name(a.Rival)
	}
	a.HeldByOthers = slices.Clone(a.HeldByOthers)
	for i, r := range a.HeldByOthers {
		a.HeldByOthers[i] = r.WithNames(name)
	}
	return a
}

// Why answers whether controller controls company. If it does, the answer has a
// minimal proof. Otherwise it has the missing votes.
func (c *Control) Why(ctx context.Context, controller, company string) (ControlAnswer, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ControlAnswer{}, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		list, err := agreedWhy(c, func(c *Control) ([]ControlAnswer, error) {
			a, err := c.Why(ctx, controller, company)
			return []ControlAnswer{a}, err
		})
		if err != nil {
			return ControlAnswer{}, err
		}
		return list[0], nil
	}
	g, err := c.Group(ctx, controller)
	if err != nil {
		return ControlAnswer{}, err
	}
	return g.Why(company)
}

// Why answers whether the group controls company, as [Control.Why] does.
func (g *Group) Why(company string) (ControlAnswer, error) {
	g = g.orEmpty()
	y, err := g.c.a.controllable(company)
	if err != nil {
		return ControlAnswer{}, err
	}
	out := ControlAnswer{Controllers: slices.Clone(g.holders), Company: company, Controlled: g.controls(y),
		Proof: Proof{Steps: []ProofStep{}}, HeldByOthers: []Reason{}}
	b := g.c.tally
	if out.Controlled {
		out.Proof = g.proof(y)
		return out, nil
	}
	t := g.deciding(y).Tally(y)
	out.Votes, out.Base, out.Needed = b.Amount(y, t.Votes), b.Amount(y, t.Base), b.Amount(y, t.Needed)
	if t.Rival != majority.None {
		out.Rival, out.RivalVotes = g.c.a.graph.IDs.At(t.Rival), b.Amount(y, t.RivalVotes)
	}
	if g.c.divisible(y) && !out.Base.IsZero() {
		out.Needed, out.MoreThan = g.c.limit(out)
	}
	out.HeldByOthers = g.heldByOthers(y)
	return out, nil
}

// divisible reports whether parts of a vote, or of a share, can be gained in y.
func (c *Control) divisible(y int32) bool {
	if !c.tally.Amount(y, majority.Amount{Units: 1}).IsInt() {
		return true
	}
	rec := c.a.bookCompany(y)
	return rec != nil && (rec.percentCompany() || slices.ContainsFunc(rec.classes, func(k classRecord) bool { return k.fractions }))
}

// limit returns the votes that are enough for the controllers of a no, and whether more
// than these are needed.
func (c *Control) limit(no ControlAnswer) (votes ratio.Ratio, moreThan bool) {
	threshold, moreThan := c.opt.Threshold, !c.opt.AtLeast
	if threshold.IsZero() {
		threshold = ratio.Of(1, 2)
	}
	votes = no.Base.Mul(threshold)
	if c.opt.Presumed.IsZero() {
		return votes, moreThan
	}
	presumed := ratio.Max(no.Base.Mul(c.opt.Presumed), no.RivalVotes)
	if presumed.Less(votes) {
		return presumed, true
	}
	return votes, moreThan
}

// Concerts answers whether the holders of each concert control company together, in
// the order of the book. It uses the agreements of kind [AgreementConcert] in force
// that are about company or about all companies, and those that control company
// through others. On a capital basis, which counts no votes, it leaves out concerts
// that depend on suspended votes.
func (c *Control) Concerts(ctx context.Context, company string) ([]ControlAnswer, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreedWhy(c, func(c *Control) ([]ControlAnswer, error) { return c.Concerts(ctx, company) })
	}
	y, err := c.a.controllable(company)
	if err != nil {
		return nil, err
	}
	var out []ControlAnswer
	for _, p := range c.concerts() {
		g, err := c.concertGroup(ctx, p)
		if err != nil {
			return nil, err
		}
		if p.Over != NoNode && p.Over != y && !g.controls(y) {
			continue
		}
		answer, err := g.Why(company)
		if err != nil {
			return nil, err
		}
		out = append(out, answer)
	}
	return out, nil
}

// heldByOthers lists the votes in y of shares held for the group's money that the group
// does not cast.
func (g *Group) heldByOthers(y int32) []Reason {
	if g.c.votes == nil {
		return []Reason{}
	}
	gr, in := &g.c.a.graph, g.deciding(y)
	m := g.c.votes.meeting(y)
	out := []Reason{}
	for i, votes := range m.votes {
		e := m.from + int32(i)
		who := m.voter[i]
		if votes.IsZero() || !in.Has(gr.Beneficiary[e]) || who != graph.None && in.Has(who) {
			continue
		}
		r := Reason{Holder: gr.IDs.At(gr.Holder[e]), Issuer: gr.IDs.At(y), Rule: ReasonVoter, Votes: votes}
		r.because = func(name naming) string {
			if who == graph.None {
				return fmt.Sprintf("%s holds them for another's money, and they are neutral", name(gr.IDs.At(gr.Holder[e])))
			}
			return fmt.Sprintf("%s holds them for another's money, and %s casts them", name(gr.IDs.At(gr.Holder[e])), name(gr.IDs.At(who)))
		}
		out = append(out, r)
	}
	return out
}

var emptyControl = sync.OnceValue(func() *Control { return must(empty().Control(context.Background(), ControlOptions{})) })

func (c *Control) orEmpty() *Control {
	if c.a == nil {
		return emptyControl()
	}
	return c
}

var emptyGroup = sync.OnceValue(func() *Group {
	c := emptyControl()
	return &Group{c: c, g: must(c.tally.Engine.Group(context.Background(), c.rule)), over: graph.None}
})

func (g *Group) orEmpty() *Group {
	if g.c == nil {
		return emptyGroup()
	}
	return g
}

// everyone holds control of all companies. It is computed on first use and kept, unless
// the context is done before.
type everyone struct {
	one       await.Mutex
	done      bool
	hierarchy *majority.Hierarchy // where the votes alone make chains of controllers
	listed    [][]int32           // otherwise: the controllers of each node; controllers of others come last

	concerts []Concert
	jointly  map[int32][]int // by company: indices in concerts of the concerts that control it if no member does alone
}

// first returns a group's one seed.
func first(g *majority.Group) int32 {
	for m := range g.Members() {
		return m.Node
	}
	return graph.None
}

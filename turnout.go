package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// TurnoutOptions says who is expected at meetings. The zero value expects
// everyone, which makes control in fact the same as majority control.
type TurnoutOptions struct {
	// Turnout is the expected attendance of each company's meeting, as a
	// fraction 0..1 of the votes that can move a result.
	Turnout map[string]ratio.Ratio
	// Default is that of companies not listed, 0 meaning 1.
	Default ratio.Ratio
	// Threshold is the fraction of the votes present that gives control, 0
	// meaning 1/2. It must be passed unless OrMore is set.
	Threshold ratio.Ratio
	OrMore    bool
	// Voting says how votes are counted.
	Voting VotingOptions
}

// DeFacto answers who controls meetings to which not everyone comes: control
// in fact, "determining the decisions by the votes one has" (Code de commerce,
// art. L.233-3, I, 3°; Codice civile, art. 2359, no. 2; IFRS 10, B42). Get it
// from [Alliance.DeFacto]. It is immutable and safe for concurrent use.
//
// The holders that the book names come to every meeting; the float and parties
// of [KindPublic] come only as far as the expected attendance asks for more
// than these have. So of those named, whoever has more than half of those
// present is the only one.
type DeFacto struct {
	c         *Control
	threshold ratio.Ratio
	orMore    bool
	base      map[int32]ratio.Ratio // of companies: all votes that can move a result
	named     map[int32]ratio.Ratio // those of named holders
}

// Standing is how one holder stands in one meeting. Plain data. Votes are
// counted with those of the companies that the holder controls in fact without
// the help of this one.
type Standing struct {
	Holder, Company string
	Votes           ratio.Ratio // votes
	Base            ratio.Ratio // all votes that can move a result
	Named           ratio.Ratio // those of holders that the book names, the public apart
	Present         ratio.Ratio // those expected
	Floor           ratio.Ratio // the votes that control must pass (or reach)
	Controls        bool
	// Below is the turnout, a fraction of Base, under which the holder
	// controls (or at which, if reaching the threshold is enough), all else as
	// it is. It is 0 if the other named holders prevent control at any
	// turnout, and 1 or more if the holder controls even when all come.
	Below ratio.Ratio
}

// String returns the standing as a sentence.
func (s Standing) String() string {
	if s.Base.IsZero() {
		return fmt.Sprintf("%s does not control %s: no votes can be cast there", s.Holder, s.Company)
	}
	verb := "does not control"
	if s.Controls {
		verb = "controls"
	}
	text := fmt.Sprintf("%s %s %s in fact: %s of the %s votes expected (%s), ", s.Holder, verb, s.Company,
		s.Votes.Grouped(), s.Present.Grouped(), turnoutText(s.Present.Div(s.Base)))
	switch {
	case s.Below.IsZero():
		return text + "and at no turnout, as the other holders named have too many"
	case ratio.Int(1).Cmp(s.Below) <= 0:
		return text + "and at any turnout"
	}
	return text + "and with a turnout below " + s.Below.ShortPercent()
}

// Renamed returns the standing with its ids replaced, as by [Alliance.Name].
func (s Standing) Renamed(name func(id string) string) Standing {
	s.Holder, s.Company = name(s.Holder), name(s.Company)
	return s
}

func turnoutText(r ratio.Ratio) string { return r.ShortPercent() + " turnout" }

// DeFacto prepares the question of control in fact. Errors: [ErrUnknown] for
// a company in Turnout that is not there, [ErrRange] for fractions outside
// 0..1, and those of [Alliance.Votes].
func (a *Alliance) DeFacto(ctx context.Context, opt TurnoutOptions) (*DeFacto, error) {
	ctx = orBackground(ctx)
	if err := a.settled(); err != nil {
		return nil, err
	}
	turnout, err := a.turnouts(ctx, &opt)
	if err != nil {
		return nil, err
	}
	copt := ControlOptions{Voting: opt.Voting, Threshold: opt.Threshold, OrMore: opt.OrMore}
	rule, err := copt.rule()
	if err != nil {
		return nil, err
	}
	v, err := a.Votes(ctx, opt.Voting)
	if err != nil {
		return nil, err
	}
	d := &DeFacto{threshold: opt.Threshold, orMore: opt.OrMore, base: map[int32]ratio.Ratio{}, named: map[int32]ratio.Ratio{}}
	if d.threshold.IsZero() {
		d.threshold = ratio.Of(1, 2)
	}
	g := &a.graph
	changed := map[int32]tally.Column{}
	heard := progress.Start(ctx, "meetings", len(g.IDs), 1<<10)
	for c := range int32(len(g.IDs)) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		heard.At(int(c))
		if !g.IssuesShares(c) {
			continue
		}
		m := v.meeting(c)
		base := m.counted()
		var named ratio.Ratio
		for i, who := range m.caster {
			if who != graph.None && !a.dispersed(who) {
				named = named.Add(m.free[i])
			}
		}
		d.base[c], d.named[c] = base, named
		present := expected(turnout(c), base, named)
		if !m.plain || m.treasuryCounts || !present.Equal(base) {
			changed[c] = tally.Column{Voter: m.caster, Units: m.free, Base: present}
		}
	}
	heard.End()
	d.c = &Control{a: a, votes: v, rule: rule, opt: copt, everyone: new(everyone),
		ballot: tally.New(g, &g.Votes, g.Voter, &g.ByVoter, tally.OutstandingVotes(g, &g.Votes, true), changed)}
	return d, nil
}

// expected returns the votes that come: what the turnout says, and never fewer
// than those of the holders named.
func expected(turnout, base, named ratio.Ratio) ratio.Ratio {
	present := turnout.Mul(base)
	if present.Less(named) {
		return named
	}
	return present
}

// turnouts checks the options and returns the turnout of each company.
func (a *Alliance) turnouts(ctx context.Context, opt *TurnoutOptions) (func(int32) ratio.Ratio, error) {
	def, err := fraction("Default", opt.Default, ratio.Int(1))
	errs := []error{err}
	given := map[int32]ratio.Ratio{}
	for _, id := range slices.Sorted(maps.Keys(opt.Turnout)) {
		c, err := a.company(id)
		if err == nil {
			_, err = fraction("Turnout of "+id, opt.Turnout[id], ratio.Ratio{})
		}
		errs = append(errs, err)
		given[c] = opt.Turnout[id]
	}
	return func(c int32) ratio.Ratio {
		if t, ok := given[c]; ok {
			return t
		}
		return def
	}, errors.Join(errs...)
}

// Control returns the answers of who controls whom in fact, proofs included;
// the votes there are counted against those present.
func (d *DeFacto) Control() *Control { return d.c }

// Standing returns how holder stands in the meeting of company. It fails with
// [ErrUnknown] for names that are not there and [ErrRange] for a float.
func (d *DeFacto) Standing(ctx context.Context, holder, company string) (Standing, error) {
	ctx = orBackground(ctx)
	g, err := d.c.Group(ctx, holder)
	if err != nil {
		return Standing{}, err
	}
	c, err := d.c.a.company(company)
	if err != nil {
		return Standing{}, err
	}
	without, err := d.c.apart(ctx, g, c)
	if err != nil {
		return Standing{}, err
	}
	return d.standing(holder, g, c, d.c.ballot.Amount(c, without.Tally(c).Votes)), nil
}

// standing is how group g, of one holder, stands with some votes at company c.
func (d *DeFacto) standing(holder string, g *Group, c int32, votes ratio.Ratio) Standing {
	s := Standing{Holder: holder, Company: d.c.a.graph.IDs[c], Votes: votes, Base: d.base[c], Named: d.named[c],
		Present: d.c.ballot.Base(c), Controls: g.g.Controls(c)}
	s.Floor = s.Present.Mul(d.threshold)
	if s.Base.IsZero() || d.threshold.IsZero() {
		return s
	}
	if enough(s.Votes, s.Named.Mul(d.threshold), !d.orMore) {
		s.Below = s.Votes.Div(d.threshold).Div(s.Base)
	}
	return s
}

// apart returns a group as if company y could not be controlled: what control of
// y itself brings cannot help to control it.
func (c *Control) apart(ctx context.Context, g *Group, y int32) (*majority.Group, error) {
	if !g.g.Controls(y) {
		return g.g, nil
	}
	in := c.ballot.In
	in.Base = slices.Clone(in.Base)
	in.Base[y] = 0
	if w := in.Wide[y]; w != nil {
		in.Wide = maps.Clone(in.Wide)
		in.Wide[y] = &majority.WideColumn{Base: new(big.Int), Units: w.Units}
	}
	engine, err := majority.New(in)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	var seeds []int32
	for m := range g.g.Members() {
		if m.Level == 0 {
			seeds = append(seeds, m.Node)
		}
	}
	without, err := engine.Group(ctx, c.rule, seeds...)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return without, nil
}

// Largest returns the standing of whoever has the most votes at company's
// meeting, with the companies controlled in fact; of several the one that
// controls most, then the first by name. The public is nobody here, and the
// answer is empty if nobody else has a vote.
func (d *DeFacto) Largest(ctx context.Context, company string) (Standing, error) {
	ctx = orBackground(ctx)
	c, err := d.c.a.company(company)
	if err != nil {
		return Standing{}, err
	}
	votes := d.c.ballot.GroupVotes(c)
	var best Standing
	size := 0
	covered := map[int32]bool{}
	line, err := d.c.ballot.Downstream(ctx, c)
	if err != nil {
		return Standing{}, err
	}
	for _, x := range line {
		if x == c || covered[x] || d.c.a.dispersed(x) {
			continue
		}
		id := d.c.a.graph.IDs[x]
		g, err := d.c.Group(ctx, id)
		if err != nil {
			return Standing{}, err
		}
		if g.g.Controls(c) && votes(g.g).Less(best.Votes) {
			continue // and what it has apart from c is no more
		}
		without, err := d.c.apart(ctx, g, c)
		if err != nil {
			return Standing{}, err
		}
		d.cover(covered, g, without)
		v := votes(without)
		if !v.IsZero() && cmp.Or(v.Cmp(best.Votes), cmp.Compare(g.g.Len(), size), strings.Compare(best.Holder, id)) > 0 {
			best, size = d.standing(id, g, c, v), g.g.Len()
		}
	}
	return best, nil
}

// cover marks the companies that a holder controls apart from the company whose
// meeting it is: they have no more votes there than the holder, and control
// less, unless one of them might control the holder in turn. None does where
// none of all that the holder controls votes in its meeting.
func (d *DeFacto) cover(covered map[int32]bool, g *Group, without *majority.Group) {
	for m := range g.g.Members() {
		if m.Level > 0 {
			break // seeds come first
		}
		for _, h := range d.c.ballot.Holdings(m.Node) {
			if g.g.Has(h.Node) {
				return
			}
		}
	}
	for m := range without.Controlled() {
		covered[m.Node] = true
	}
}

package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
)

// Differences lists what differs between two alliances: two snapshots, or before and after
// a scenario. It is immutable. All lists are sorted by holder, then issuer.
type Differences struct {
	Figures   []Change[SixFigures] `json:"figures"`   // the holders of which a figure changed, with floats
	Suspended []Reason             `json:"suspended"` // votes that a statute suspends only after
	Restored  []Reason             `json:"restored"`  // votes that a statute suspended only before
	Gained    []ControlRelation    `json:"gained"`    // control that exists only after
	Lost      []ControlRelation    `json:"lost"`      // control that existed only before
	Values    []Change[StakeValue] `json:"values"`    // stakes whose shares, cost or value changed, each on the market of its day
}

// Sentences returns one sentence for each change of control and of suspended votes. The
// function name gives the names of parties, for example [Alliance.Name]. If it is nil,
// the sentences have ids.
func (d *Differences) Sentences(name func(id string) string) []string {
	if name == nil {
		name = func(id string) string { return id }
	}
	var out []string
	for _, p := range d.Gained {
		out = append(out, fmt.Sprintf("%s gains control of %s", name(p.Controller), name(p.Company)))
	}
	for _, p := range d.Lost {
		out = append(out, fmt.Sprintf("%s loses control of %s", name(p.Controller), name(p.Company)))
	}
	for _, r := range d.Suspended {
		out = append(out, fmt.Sprintf("%s votes of %s in %s are suspended from now on: %s (%s)",
			r.Votes.Grouped(), name(r.Holder), name(r.Issuer), r.WithNames(name).Because(), r.Citation))
	}
	for _, r := range d.Restored {
		out = append(out, fmt.Sprintf("%s votes of %s in %s are no longer suspended (%s)", r.Votes.Grouped(), name(r.Holder), name(r.Issuer), r.Citation))
	}
	return out
}

// suspensions compares the suspended votes before and after. If votes of a stake are
// suspended both before and after, it adds no difference. The figures show a changed
// number.
func (d *Differences) suspensions(before, after *Votes) {
	type key struct{ holder, issuer, rule string }
	list := func(v *Votes) map[key]Reason {
		out := map[key]Reason{}
		if v.law == nil {
			return out
		}
		for i, s := range v.law.Suspensions() {
			r := v.lawReason(i, s)
			k := key{r.Holder, r.Issuer, r.Rule}
			r.Votes = r.Votes.Add(out[k].Votes)
			out[k] = r
		}
		return out
	}
	was, is := list(before), list(after)
	only := func(a, b map[key]Reason) []Reason {
		out := []Reason{}
		for k, r := range a {
			if _, ok := b[k]; !ok {
				out = append(out, r)
			}
		}
		slices.SortFunc(out, func(a, b Reason) int {
			return cmp.Or(strings.Compare(a.Holder, b.Holder), strings.Compare(a.Issuer, b.Issuer), strings.Compare(a.Rule, b.Rule))
		})
		return out
	}
	d.Suspended, d.Restored = only(is, was), only(was, is)
}

// Change is a figure of one holder in one company, before and after.
type Change[T any] struct {
	Holder string `json:"holder"`
	Issuer string `json:"issuer"`
	Before T      `json:"before"`
	After  T      `json:"after"`
}

// Differences compares an alliance with a later one: the six figures, control and value.
// Values are stated in each book's currency; without a market, stakes have costs only.
// Errors are those of [Alliance.Control].
func (a *Alliance) Differences(ctx context.Context, after *Alliance, opt ControlOptions) (*Differences, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	a, after = a.orEmpty(), after.orEmpty()
	first, last := a.besides(after), after.besides(a)
	was, err := lookAt(ctx, first, opt)
	if err != nil {
		return nil, err
	}
	is, err := was.after(ctx, last)
	if err != nil {
		return nil, err
	}
	d := &Differences{Figures: []Change[SixFigures]{}, Gained: []ControlRelation{}, Lost: []ControlRelation{}, Values: []Change[StakeValue]{}}
	g := &last.graph
	heard := progress.Start(ctx, "differences", g.IDs.Len(), 1)
	for c := range int32(g.IDs.Len()) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		heard.At(int(c))
		if g.IssuesShares(c) || first.graph.IssuesShares(c) {
			d.figures(g, c, was.votes.meetingCounts(c), is.votes.meetingCounts(c))
		}
	}
	heard.End()
	slices.SortFunc(d.Figures, func(a, b Change[SixFigures]) int {
		return comparePairs(ControlRelation{a.Holder, a.Issuer}, ControlRelation{b.Holder, b.Issuer})
	})
	d.suspensions(was.votes, is.votes)
	// One side runs on another goroutine, which must not report progress.
	quiet := progress.With(ctx, nil)
	if d.Gained, d.Lost, err = changes(was.control.Pairs(quiet), is.control.Pairs(ctx)); err != nil {
		return nil, err
	}
	if err := d.values(ctx, a, after); err != nil {
		return nil, err
	}
	return d, nil
}

// besides returns the alliance with the companies that only the other one has, as companies
// without shares. The two then have the same nodes.
func (a *Alliance) besides(other *Alliance) *Alliance {
	if a.graph.IDs.Equal(&other.graph.IDs) {
		return a
	}
	l := a.whole().clone()
	for _, id := range other.graph.IDs.All() {
		if _, found := a.node(id); !found {
			l.companies = append(l.companies, companyRecord{Company: Company{ID: id}})
		}
	}
	slices.SortFunc(l.companies, func(a, b companyRecord) int { return strings.Compare(a.ID, b.ID) })
	return index(l)
}

// view is one alliance with the data that is compared.
type view struct {
	votes   *Votes
	control *Control
}

func lookAt(ctx context.Context, a *Alliance, opt ControlOptions) (v view, err error) {
	opt.Strict = true // the answer has the votes of one reading too
	if v.control, err = a.Control(ctx, opt); err != nil {
		return v, err
	}
	if v.votes = v.control.Votes(); v.votes == nil { // control by capital
		v.votes, err = a.Votes(ctx, opt.Voting)
	}
	return v, err
}

// after looks at an alliance that may come from that of v by changes. What they leave as it is is
// not counted again.
func (v view) after(ctx context.Context, a *Alliance) (out view, err error) {
	opt := v.control.opt
	if opt.Basis == BasisCapital {
		return lookAt(ctx, a, opt)
	}
	if out.votes, err = v.votes.After(ctx, a); err != nil {
		return out, err
	}
	out.control = a.controlBy(out.votes.countFor(opt.Basis), out.votes, v.control.rule, opt)
	return out, nil
}

func (d *Differences) figures(g *graph.Graph, c int32, before, after *meetingCounts) {
	nodes := slices.Concat(before.nodes, after.nodes)
	slices.Sort(nodes)
	for _, who := range slices.Compact(nodes) {
		f := Change[SixFigures]{Before: before.figures(who), After: after.figures(who)}
		if !f.Before.Equal(f.After) {
			f.Holder, f.Issuer = holderName(g, who, c), g.IDs.At(c)
			d.Figures = append(d.Figures, f)
		}
	}
}

func comparePairs(a, b ControlRelation) int {
	if d := strings.Compare(a.Controller, b.Controller); d != 0 {
		return d
	}
	return strings.Compare(a.Company, b.Company)
}

// changes merges two sorted lists of pairs.
func changes(before, after iter.Seq2[ControlRelation, error]) (gained, lost []ControlRelation, err error) {
	gained, lost = []ControlRelation{}, []ControlRelation{}
	next, stop := iter.Pull2(before)
	defer stop()
	old, err, more := next()
	for pair, err := range after {
		if err != nil {
			return nil, nil, err
		}
		for more && err == nil && comparePairs(old, pair) < 0 {
			lost = append(lost, old)
			old, err, more = next()
		}
		if err != nil {
			return nil, nil, err
		}
		if more && old == pair {
			old, err, more = next()
			if err != nil {
				return nil, nil, err
			}
			continue
		}
		gained = append(gained, pair)
	}
	for ; more && err == nil; old, err, more = next() {
		lost = append(lost, old)
	}
	return gained, lost, err
}

func (d *Differences) values(ctx context.Context, before, after *Alliance) error {
	was, err := before.valueOwn()
	if err != nil {
		return err
	}
	is, err := after.valueOwn()
	if err != nil {
		return err
	}
	next, stop := iter.Pull(was.Stakes())
	defer stop()
	old, more := next()
	emit := func(b, a StakeValue) {
		who, what := a.Holder, a.Issuer
		if who == "" {
			who, what = b.Holder, b.Issuer
		}
		d.Values = append(d.Values, Change[StakeValue]{who, what, b, a})
	}
	count := 0
	for s := range is.Stakes() {
		if count++; count&0xfff == 0 && ctx.Err() != nil {
			return stopped(ctx)
		}
		at := ControlRelation{s.Holder, s.Issuer}
		for more && comparePairs(ControlRelation{old.Holder, old.Issuer}, at) < 0 {
			emit(old, StakeValue{})
			old, more = next()
		}
		b := StakeValue{}
		if more && comparePairs(ControlRelation{old.Holder, old.Issuer}, at) == 0 {
			b = old
			old, more = next()
		}
		if !b.same(s) {
			emit(b, s)
		}
	}
	for ; more; old, more = next() {
		emit(old, StakeValue{})
	}
	return nil
}

// same reports whether two stakes have the same shares, costs and value.
func (s StakeValue) same(t StakeValue) bool {
	return s.Currency == t.Currency && s.Shares.Equal(t.Shares) && s.Covered.Equal(t.Covered) &&
		(s.noValue == nil) == (t.noValue == nil) && s.value.Equal(t.value) &&
		(s.noRate == nil) == (t.noRate == nil) && s.cost.Equal(t.cost) &&
		slices.EqualFunc(s.Paid, t.Paid, func(a, b Money) bool { return a.Currency == b.Currency && a.Amount.Equal(b.Amount) })
}

package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// OwnershipOptions says how ownership is computed. The zero value is the
// default.
type OwnershipOptions struct {
	// MaxBits limits the denominators of exact answers. 0 means 131,072, which is
	// enough for a ring of 4,000 companies. If a denominator is larger, a question
	// fails with [ErrTooLarge]. Use certified decimals then.
	MaxBits int
	// Strict makes [Alliance.Ownership] fail if any company has no outside owner. By
	// default, only questions about such companies fail, and questions about companies
	// that they own.
	Strict bool
}

// Ownership answers who owns what, directly and through others. [Alliance.Ownership]
// makes it; the zero value is not ready for use. It is immutable and safe for
// concurrent use. It computes an answer when a method is called, and keeps data that
// later calls can use.
//
// Let a(i,j) be the economic interest of i in j, and V = (I-A)^-1. Integrated
// ownership is Y = A·V (Brioschi, Buzzacchi and Colombo, 1989). First-passage
// ownership is Y(i,j)/V(i,i) (Baldone, Brioschi and Paleari, 1998), which counts no
// path that returns to i. All figures are exact fractions of the company, 0..1. Only
// the integrated ownership of a company in a cycle can be above 1.
type Ownership struct {
	a       *Alliance
	solver  *exact.Solver
	changed map[int32]*changedStakes // by company, of an ownership that [Ownership.WithChanges] made
	strict  bool
}

// Interest holds the figures of one holder in one company, as fractions of the company.
type Interest struct {
	Holder       string      `json:"holder"`
	Issuer       string      `json:"issuer"`
	Capital      ratio.Ratio `json:"capital"`       // shares in the holder's name / issued
	Economic     ratio.Ratio `json:"economic"`      // dividend-weighted shares for the holder's money / outstanding
	Integrated   ratio.Ratio `json:"integrated"`    // direct and through others, with loops counted in full
	FirstPassage ratio.Ratio `json:"first_passage"` // the same, without paths that return to the holder
}

// BySize compares two interests by integrated ownership, the largest first. Use it as in
// slices.SortStableFunc(owners, crossholding.BySize).
func BySize(x, y Interest) int { return y.Integrated.Cmp(x.Integrated) }

// Attribution splits integrated ownership: Integrated = Direct + the sum of
// Through + Loops.
type Attribution struct {
	Holder     string      `json:"holder"`
	Issuer     string      `json:"issuer"`
	Integrated ratio.Ratio `json:"integrated"`
	Direct     ratio.Ratio `json:"direct"`            // the holder's own stake
	Through    []Portion   `json:"through,omitempty"` // the part that first reaches Issuer through each company held, by id
	Loops      ratio.Ratio `json:"loops"`             // the part that returns to Issuer through shares that it holds in itself, directly or through others
}

// Ownership returns who owns what. With [OwnershipOptions].Strict it fails with a
// [*NoOutsideOwnerError] if companies of the book have no outside owner. It fails with
// ctx's error when ctx is done. A later call can then do the rest of the work.
func (a *Alliance) Ownership(ctx context.Context, opt OwnershipOptions) (*Ownership, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if opt.MaxBits < 0 {
		return nil, fmt.Errorf("crossholding: MaxBits %d: %w", opt.MaxBits, ErrRange)
	}
	if err := a.requireExact("Bounds.FirstPassage"); err != nil {
		return nil, err
	}
	o := &Ownership{a: a, strict: opt.Strict}
	if opt.MaxBits == 0 {
		o.solver = a.solver()
	} else {
		o.solver = exact.NewSolver(ownershipMatrix(&a.graph), exact.Limits{Bits: opt.MaxBits})
	}
	if err := o.check(ctx); err != nil {
		return nil, err
	}
	return o, nil
}

// check looks for companies without an outside owner. It is also what takes long in the
// making of an Ownership, and keeps what later questions need.
func (o *Ownership) check(ctx context.Context) error {
	err := o.solver.Check(ctx)
	var ring *exact.RingError
	if errors.As(err, &ring) && !o.strict {
		return nil
	}
	return nameSolverError(o.a, err)
}

// solver returns the alliance's solver, made on first use.
func (a *Alliance) solver() *exact.Solver {
	a.cache.solver.Do(func() { a.cache.exact = exact.NewSolver(ownershipMatrix(&a.graph), exact.Limits{}) })
	return a.cache.exact
}

// ownershipMatrix returns the matrix of economic interests. It shares the graph's arrays.
func ownershipMatrix(g *graph.Graph) *matrix.Matrix {
	m := &g.Dividends
	total := m.TotalUnits
	if slices.ContainsFunc(m.TreasuryUnits, func(u int64) bool { return u != 0 }) {
		total = make([]int64, len(m.TotalUnits))
		for c := range total {
			total[c] = m.TotalUnits[c] - m.TreasuryUnits[c]
		}
	}
	x := &matrix.Matrix{
		ColStart: g.Columns, Row: g.Beneficiary, Units: m.Units, Total: total,
		RowStart: g.ByBeneficiary.First, RowEntry: g.ByBeneficiary.Stakes, EntryCol: g.Issuer,
	}
	if len(m.Big) == 0 {
		return x
	}
	x.Total = slices.Clone(total)
	x.Wide = make(map[int32]*matrix.WideColumn, len(m.Big))
	for c, w := range m.Big {
		units, all, own := w.Integers()
		x.Wide[c] = &matrix.WideColumn{Total: all.Sub(all, own), Units: units}
		x.Total[c] = 1 // any number above 0: the wide column counts
		if all.Sign() == 0 {
			delete(x.Wide, c)
			x.Total[c] = 0
		}
	}
	return x
}

func (o *Ownership) ends(holder, issuer string) (exact.Owner, int32, error) {
	i, float, err := o.a.holder(holder)
	if err != nil {
		return exact.Owner{}, 0, err
	}
	c, err := o.a.company(issuer)
	return exact.Owner{Node: i, Float: float}, c, err
}

// Capital returns the shares in holder's name as a fraction of all issued
// shares of issuer, treasury included.
func (o *Ownership) Capital(holder, issuer string) (ratio.Ratio, error) {
	o = o.orEmpty()
	who, c, err := o.ends(holder, issuer)
	if err != nil {
		return ratio.Ratio{}, err
	}
	return o.capital(who, c), nil
}

// Direct returns the economic interest a(holder, issuer): dividend-weighted
// shares held for holder's money / all that are outstanding.
func (o *Ownership) Direct(holder, issuer string) (ratio.Ratio, error) {
	o = o.orEmpty()
	who, c, err := o.ends(holder, issuer)
	if err != nil {
		return ratio.Ratio{}, err
	}
	return o.economic(who, c), nil
}

func (o *Ownership) capital(who exact.Owner, c int32) ratio.Ratio {
	if w := o.changed[c]; w != nil {
		return w.by(w.holder, w.byHolder, who, c).Div(w.issued)
	}
	return capitalShare(&o.a.graph, who, c)
}

func (o *Ownership) economic(who exact.Owner, c int32) ratio.Ratio {
	if w := o.changed[c]; w != nil {
		return w.by(w.owner, w.byOwner, who, c).Div(w.total)
	}
	return economicShare(&o.a.graph, who, c)
}

// capitalShare returns the fraction of company c's issued shares in the name of who. A
// company's stakes are sorted by holder, and a binary search is fast for registers whose
// companies have 100,000 stakes.
func capitalShare(g *graph.Graph, who exact.Owner, c int32) ratio.Ratio {
	base := g.Capital.Issued(c)
	if who.Float || base.IsZero() {
		return floatShare(g, &g.Capital, who, c, base)
	}
	var sum ratio.Ratio
	from, to := g.Column(c)
	at, _ := slices.BinarySearch(g.Holder[from:to], who.Node)
	for e := from + int32(at); e < to && g.Holder[e] == who.Node; e++ {
		sum = sum.Add(g.Stake(&g.Capital, e))
	}
	return sum.Div(base)
}

// economicShare returns the fraction of company c's dividends that goes to who.
func economicShare(g *graph.Graph, who exact.Owner, c int32) ratio.Ratio {
	base := g.Dividends.Outstanding(c)
	if who.Float || base.IsZero() {
		return floatShare(g, &g.Dividends, who, c, base)
	}
	var sum ratio.Ratio
	from, to := g.Column(c)
	owned := g.ByBeneficiary.Of(who.Node)
	at, _ := slices.BinarySearch(owned, from)
	for _, e := range owned[at:] {
		if e >= to {
			break
		}
		sum = sum.Add(g.Stake(&g.Dividends, e))
	}
	return sum.Div(base)
}

// floatShare returns the fraction of company c that a float has. It is 0 for the float
// of another company.
func floatShare(g *graph.Graph, m *graph.Weighting, who exact.Owner, c int32, base ratio.Ratio) ratio.Ratio {
	if !who.Float || who.Node != c || base.IsZero() {
		return ratio.Ratio{}
	}
	return g.Float(m, c).Div(base)
}

// Integrated returns Y(holder, issuer): what holder owns of issuer directly and through
// others, with loops counted in full.
func (o *Ownership) Integrated(ctx context.Context, holder, issuer string) (ratio.Ratio, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ratio.Ratio{}, stopped(ctx)
	}
	o = o.orEmpty()
	who, c, err := o.ends(holder, issuer)
	if err != nil {
		return ratio.Ratio{}, err
	}
	if o.idle(who) {
		return ratio.Ratio{}, nil
	}
	y, err := o.solver.Pair(ctx, who, c)
	if err != nil {
		return ratio.Ratio{}, nameSolverError(o.a, err)
	}
	return ratio.FromRat(y), nil
}

// FirstPassage returns Y(holder, issuer)/V(holder, holder). For an outside
// owner it is the integrated ownership.
func (o *Ownership) FirstPassage(ctx context.Context, holder, issuer string) (ratio.Ratio, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ratio.Ratio{}, stopped(ctx)
	}
	o = o.orEmpty()
	y, err := o.Integrated(ctx, holder, issuer)
	if err != nil || strings.HasPrefix(holder, floatPrefix) {
		return y, err
	}
	v, err := o.LoopMultiplier(ctx, holder)
	if err != nil {
		return ratio.Ratio{}, err
	}
	return y.Div(v), nil
}

// LoopMultiplier returns V(i,i). It is 1 for a company in no cycle and for a party that
// is not a company. In a cycle it is 1 plus the integrated ownership of the company in
// itself.
func (o *Ownership) LoopMultiplier(ctx context.Context, company string) (ratio.Ratio, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ratio.Ratio{}, stopped(ctx)
	}
	o = o.orEmpty()
	i, float, err := o.a.holder(company)
	if err != nil {
		return ratio.Ratio{}, err
	}
	if float {
		return ratio.Int(1), nil
	}
	v, err := o.solver.Diagonal(ctx, i)
	if err != nil {
		return ratio.Ratio{}, nameSolverError(o.a, err)
	}
	return ratio.FromRat(v), nil
}

// Owners returns all owners of company, direct and through others, sorted by holder.
// These are outside owners and floats, whose integrated shares sum to exactly 1, and the
// companies between them and company. The sum is less if companies that earn for nobody
// have a part of it, see [Diagnosis].
func (o *Ownership) Owners(ctx context.Context, company string) ([]Interest, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	o = o.orEmpty()
	c, err := o.a.company(company)
	if err != nil {
		return nil, err
	}
	line, err := o.solver.Column(ctx, c)
	if err != nil {
		return nil, nameSolverError(o.a, err)
	}
	out := make([]Interest, 0, len(line.Shares))
	heard := progress.Start(ctx, "loops", len(line.Shares), 1)
	for i, s := range line.Shares {
		heard.At(i)
		in := o.interest(s.Owner, c, ratio.FromRat(s.Value))
		if !s.Float {
			v, err := o.solver.Diagonal(ctx, s.Node)
			if err != nil {
				return nil, nameSolverError(o.a, err)
			}
			in.FirstPassage = in.Integrated.Div(ratio.FromRat(v))
		}
		out = append(out, in)
	}
	heard.End()
	slices.SortFunc(out, func(a, b Interest) int { return strings.Compare(a.Holder, b.Holder) })
	return out, nil
}

// Ultimate returns the outside owners of company, sorted by holder: parties, companies
// without shares and floats. Their integrated shares sum to exactly 1, or less as those of
// [Ownership.Owners].
func (o *Ownership) Ultimate(ctx context.Context, company string) ([]Interest, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	o = o.orEmpty()
	all, err := o.Owners(ctx, company)
	return slices.DeleteFunc(all, func(in Interest) bool { return o.a.inside(in.Holder) }), err
}

// Holdings returns everything that holder owns, directly and through others, sorted by
// company.
func (o *Ownership) Holdings(ctx context.Context, holder string) ([]Interest, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	o = o.orEmpty()
	i, float, err := o.a.holder(holder)
	if err != nil {
		return nil, err
	}
	who := exact.Owner{Node: i, Float: float}
	if o.idle(who) {
		return nil, nil
	}
	line, err := o.solver.Row(ctx, who)
	if err != nil {
		return nil, nameSolverError(o.a, err)
	}
	loop := ratio.FromRat(line.Diagonal)
	out := make([]Interest, 0, len(line.Shares))
	for _, s := range line.Shares {
		in := o.interest(who, s.Node, ratio.FromRat(s.Value))
		in.FirstPassage = in.Integrated.Div(loop)
		out = append(out, in)
	}
	return out, nil
}

func (o *Ownership) interest(who exact.Owner, c int32, y ratio.Ratio) Interest {
	g := &o.a.graph
	in := Interest{Holder: g.IDs.At(who.Node), Issuer: g.IDs.At(c), Integrated: y, FirstPassage: y}
	if who.Float {
		in.Holder = FloatOf(in.Holder)
	}
	in.Capital, in.Economic = o.capital(who, c), o.economic(who, c)
	return in
}

// Explain splits holder's ownership of issuer into its own stake, the parts that come
// through each company that it holds, and the part that comes through loops.
func (o *Ownership) Explain(ctx context.Context, holder, issuer string) (Attribution, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return Attribution{}, stopped(ctx)
	}
	o = o.orEmpty()
	who, c, err := o.ends(holder, issuer)
	if err != nil {
		return Attribution{}, err
	}
	out := Attribution{Holder: holder, Issuer: issuer}
	if o.idle(who) {
		return out, nil
	}
	terms, err := o.solver.Terms(ctx, who, c)
	if err != nil {
		return Attribution{}, nameSolverError(o.a, err)
	}
	diagonal, err := o.solver.Diagonal(ctx, c)
	if err != nil {
		return Attribution{}, nameSolverError(o.a, err)
	}
	loop := ratio.FromRat(diagonal)
	var first ratio.Ratio
	for _, t := range terms {
		term := ratio.FromRat(t.Value)
		out.Integrated = out.Integrated.Add(term)
		once := term.Div(loop)
		first = first.Add(once)
		if t.Node == c {
			out.Direct = once
		} else {
			out.Through = append(out.Through, Portion{o.a.graph.IDs.At(t.Node), once})
		}
	}
	out.Loops = out.Integrated.Sub(first)
	return out, nil
}

// inside reports whether id is a company with shares, not an outside owner.
func (a *Alliance) inside(id string) bool {
	if strings.HasPrefix(id, floatPrefix) {
		return false
	}
	i, ok := a.node(id)
	return ok && a.graph.IssuesShares(i)
}

// idle reports whether who is the float of a company that pays no dividend on any
// share. Such a float holds shares but owns nothing.
func (o *Ownership) idle(who exact.Owner) bool {
	return who.Float && !o.a.graph.Dividends.AnyOutstanding(who.Node)
}

var emptyOwnership = sync.OnceValue(func() *Ownership { return must(empty().Ownership(context.Background(), OwnershipOptions{})) })

func (o *Ownership) orEmpty() *Ownership {
	if o.a == nil {
		return emptyOwnership()
	}
	return o
}

// changedStakes holds the stakes in one company after changes.
type changedStakes struct {
	holder, owner []int32
	shares        []ratio.Ratio
	total, issued ratio.Ratio // outstanding shares, and issued shares

	byHolder, byOwner []int32 // positions in the lists above, sorted by holder and by beneficiary
}

// by adds up the shares of one holder or beneficiary. The argument list is the holders or
// the beneficiaries, and order sorts it.
func (w *changedStakes) by(list, order []int32, who exact.Owner, c int32) ratio.Ratio {
	if who.Float {
		if who.Node != c {
			return ratio.Ratio{}
		}
		return w.total.Sub(w.held())
	}
	var sum ratio.Ratio
	at, _ := slices.BinarySearchFunc(order, who.Node, func(i, node int32) int { return cmp.Compare(list[i], node) })
	for _, i := range order[at:] {
		if list[i] != who.Node {
			break
		}
		sum = sum.Add(w.shares[i])
	}
	return sum
}

func (w *changedStakes) held() ratio.Ratio {
	var sum ratio.Ratio
	for _, s := range w.shares {
		sum = sum.Add(s)
	}
	return sum
}

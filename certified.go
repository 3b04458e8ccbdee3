package crossholding

import (
	"context"
	"fmt"
	"iter"
	"math/big"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// CertifiedOptions says how ownership is rounded to decimals. The zero value is 12
// places, half to even.
type CertifiedOptions struct {
	Places   int // 0 means 12; at most 1,000
	Rounding ratio.Rounding
	// FirstPassage makes [CertifiedOwnership.Holdings] and [CertifiedOwnership.Owners] return
	// first-passage ownership instead of integrated ownership.
	FirstPassage bool
}

// CertifiedOwnership answers who owns what in decimals. Each decimal is the exact
// value, correctly rounded. It is fast enough for registers of millions of stakes: a
// question reads only the companies that it needs, and fixed-point arithmetic has a
// proved bound on its error until the rounding is certain. [Ownership.Certified]
// makes it. It is immutable and safe for concurrent use. Its methods return ctx's
// error when ctx is done.
type CertifiedOwnership struct {
	o      *Ownership
	places int
	mode   rounding.Mode
	round  ratio.Rounding // the same
	first  bool
}

// Certified returns the ownership of o in certified decimals. It fails with
// [ErrRange] if the places are not within 0 and 1,000.
func (o *Ownership) Certified(opt CertifiedOptions) (*CertifiedOwnership, error) {
	o = o.orEmpty()
	c := &CertifiedOwnership{o: o, places: opt.Places, round: opt.Rounding, first: opt.FirstPassage}
	if c.places == 0 {
		c.places = 12
	}
	if c.places < 0 || c.places > exact.MaxPlaces {
		return nil, fmt.Errorf("crossholding: %d places are not within 0 and %d: %w", opt.Places, exact.MaxPlaces, ErrRange)
	}
	switch opt.Rounding { // figures are never below 0
	case ratio.HalfEven:
		c.mode = rounding.HalfEven
	case ratio.HalfUp:
		c.mode = rounding.HalfUp
	case ratio.TowardZero, ratio.Floor:
		c.mode = rounding.Down
	case ratio.AwayFromZero, ratio.Ceiling:
		c.mode = rounding.Up
	default:
		return nil, fmt.Errorf("crossholding: rounding %d: %w", opt.Rounding, ErrUnknown)
	}
	return c, nil
}

func (c *CertifiedOwnership) decimal(f exact.Fixed) decimal.Decimal {
	if u, ok := f.Uint64(); ok && u < 1<<63 {
		return decimal.New(int64(u), -int32(c.places))
	}
	return decimal.NewFromBigInt(f.Big(), -int32(c.places))
}

// exactly returns a certified decimal as a fraction.
func (c *CertifiedOwnership) exactly(f exact.Fixed) ratio.Ratio {
	if u, ok := f.Uint64(); ok && u < 1<<63 {
		return c.fraction(int64(u))
	}
	return ratio.FromRat(c.decimal(f).Rat())
}

// fraction returns a certified decimal that is given as a whole number.
func (c *CertifiedOwnership) fraction(figure int64) ratio.Ratio {
	if c.places <= smallPlaces {
		return ratio.Of(figure, graph.PowersOfTen[c.places])
	}
	return ratio.FromRat(decimal.New(figure, -int32(c.places)).Rat())
}

// Integrated returns Y(holder, issuer).
func (c *CertifiedOwnership) Integrated(ctx context.Context, holder, issuer string) (decimal.Decimal, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return decimal.Decimal{}, stopped(ctx)
	}
	c = c.orEmpty()
	return c.pair(ctx, holder, issuer, c.o.solver.PairFixed)
}

// FirstPassage returns Y(holder, issuer)/V(holder, holder).
func (c *CertifiedOwnership) FirstPassage(ctx context.Context, holder, issuer string) (decimal.Decimal, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return decimal.Decimal{}, stopped(ctx)
	}
	c = c.orEmpty()
	return c.pair(ctx, holder, issuer, c.o.solver.FirstPairFixed)
}

// pair asks the solver for one figure.
func (c *CertifiedOwnership) pair(ctx context.Context, holder, issuer string, ask func(context.Context, exact.Owner, int32, int, rounding.Mode) (*big.Int, error)) (decimal.Decimal, error) {
	who, i, err := c.o.ends(holder, issuer)
	if err != nil {
		return decimal.Decimal{}, err
	}
	if c.o.idle(who) {
		return decimal.New(0, -int32(c.places)), nil
	}
	z, err := ask(ctx, who, i, c.places, c.mode)
	if err != nil {
		return decimal.Decimal{}, nameSolverError(c.o.a, err)
	}
	return decimal.NewFromBigInt(z, -int32(c.places)), nil
}

// Row holds the shares of one holder in many companies, or of many owners in one
// company, in certified decimals. It is immutable and safe for concurrent use.
type Row struct {
	c        *CertifiedOwnership
	line     *exact.FixedLine
	retained *exact.Retained // of holdings
}

// Len returns the number of figures.
func (l *Row) Len() int { return l.orEmpty().line.Len() }

// Of returns the figure for one company or owner, or 0 if there is none.
func (l *Row) Of(id string) (decimal.Decimal, error) {
	l = l.orEmpty()
	i, float, err := l.c.o.a.holder(id)
	if err != nil {
		return decimal.Decimal{}, err
	}
	z, _ := l.line.Find(exact.Owner{Node: i, Float: float})
	return l.c.decimal(z), nil
}

// All yields every company or owner with its share, sorted by name. A share that is
// too small for the places is 0.
func (l *Row) All() iter.Seq2[string, decimal.Decimal] {
	l = l.orEmpty()
	return func(yield func(string, decimal.Decimal) bool) {
		var floats []exact.Owner // floats are adjacent in the order of names, with nodes before and after
		for o := range l.line.All() {
			if o.Float {
				floats = append(floats, o)
			}
		}
		g := &l.c.o.a.graph
		rest := func(before string) bool {
			for len(floats) > 0 && (before == "" || FloatOf(g.IDs.At(floats[0].Node)) < before) {
				z, _ := l.line.Find(floats[0])
				if !yield(FloatOf(g.IDs.At(floats[0].Node)), l.c.decimal(z)) {
					return false
				}
				floats = floats[1:]
			}
			return true
		}
		for o, z := range l.line.All() {
			if !o.Float && (!rest(g.IDs.At(o.Node)) || !yield(g.IDs.At(o.Node), l.c.decimal(z))) {
				return
			}
		}
		rest("")
	}
}

// Holdings returns what holder owns of every company, directly and through others.
func (c *CertifiedOwnership) Holdings(ctx context.Context, holder string) (*Row, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	i, float, err := c.o.a.holder(holder)
	if err != nil {
		return nil, err
	}
	who := exact.Owner{Node: i, Float: float}
	if c.o.idle(who) {
		return &Row{c: c, line: &exact.FixedLine{Places: c.places}}, nil
	}
	if c.first {
		line, err := c.o.solver.FirstRowFixed(ctx, who, c.places, c.mode)
		return c.line(line, err)
	}
	r, err := c.o.solver.Retain(ctx, who, c.places, c.mode)
	if err != nil {
		return nil, nameSolverError(c.o.a, err)
	}
	return &Row{c, r.Line(), r}, nil
}

// Owners returns all owners of company, direct and through others.
func (c *CertifiedOwnership) Owners(ctx context.Context, company string) (*Row, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	i, err := c.o.a.company(company)
	if err != nil {
		return nil, err
	}
	ask := c.o.solver.ColumnFixed
	if c.first {
		ask = c.o.solver.FirstColumnFixed
	}
	line, err := ask(ctx, i, c.places, c.mode)
	return c.line(line, err)
}

func (c *CertifiedOwnership) line(line *exact.FixedLine, err error) (*Row, error) {
	if err != nil {
		return nil, nameSolverError(c.o.a, err)
	}
	return &Row{c: c, line: line}, nil
}

// Check computes, in one solution, what all outside owners and floats together own
// of every company. It fails with [ErrBalance] if that is not exactly 1 at the given
// places, and names the first such companies. It also fails if companies earn for nobody,
// because what they own has no outside owner then.
func (c *CertifiedOwnership) Check(ctx context.Context) error {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	c = c.orEmpty()
	if none := c.o.a.earnForNobody(); len(none) > 0 {
		return fmt.Errorf("crossholding: %s: no outstanding share has a dividend, so nobody owns them: %w", text.Some(none, 10), ErrBalance)
	}
	line, err := c.o.solver.OutsideFixed(ctx, c.places)
	if err != nil {
		return nameSolverError(c.o.a, err)
	}
	one := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.places)), nil)
	var wrong []string
	for o, z := range line.All() {
		if z.Big().Cmp(one) != 0 && len(wrong) < 10 {
			wrong = append(wrong, fmt.Sprintf("%s: %s", c.o.a.graph.IDs.At(o.Node), c.decimal(z)))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("crossholding: outside owners: %s: %w", strings.Join(wrong, ", "), ErrBalance)
	}
	return nil
}

// Update returns the holdings for an ownership that [Ownership.WithChanges] made from
// the one of l. The figures are those of [CertifiedOwnership.Holdings], but only the
// companies that the changes reach are computed again.
func (l *Row) Update(ctx context.Context, c *CertifiedOwnership) (*Row, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	l, c = l.orEmpty(), c.orEmpty()
	if l.retained == nil || c.first {
		return nil, fmt.Errorf("crossholding: only integrated holdings can be updated: %w", ErrRange)
	}
	if l.c.places != c.places || l.c.mode != c.mode {
		return nil, fmt.Errorf("crossholding: holdings to %d places, updated to %d: %w", l.c.places, c.places, ErrRange)
	}
	r, err := l.retained.Update(ctx, c.o.solver)
	if err != nil {
		return nil, nameSolverError(c.o.a, err)
	}
	return &Row{c, r.Line(), r}, nil
}

var emptyCertified = sync.OnceValue(func() *CertifiedOwnership { return must(emptyOwnership().Certified(CertifiedOptions{})) })

func (c *CertifiedOwnership) orEmpty() *CertifiedOwnership {
	if c == nil || c.o == nil {
		return emptyCertified()
	}
	return c
}

func (l *Row) orEmpty() *Row {
	if l.c == nil {
		return &Row{c: emptyCertified(), line: new(exact.FixedLine)}
	}
	return l
}

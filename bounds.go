package crossholding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/ratio"
)

// BoundsOptions says how bounds are computed. The zero value is the default.
type BoundsOptions struct {
	// Control says what control is. Presumed must be 0, because a presumption of control
	// has no bounds.
	Control ControlOptions
	// MaxBits limits the size of the denominators of exact answers, see
	// [OwnershipOptions].
	MaxBits int
	// MaxRounds limits the rounds of the search for the extreme completion of a book. 0
	// means 10,000. Most books need fewer than ten.
	MaxRounds int
}

const defaultRounds = 10_000

// Bounds answers questions about a book that knows some stakes only as bands.
// [Alliance.Bounds] makes it. It is immutable and safe for concurrent use.
//
// A completion of a book gives every banded stake one figure of its band. No class is then
// held beyond its outstanding shares, and the rest of a class is dispersed float. The
// stakes in one company do not limit the stakes in another.
//
// Bounds on ownership are exact: they are the least upper and the greatest lower bound
// over all completions in which every company has an outside owner. An end is closed if
// some completion reaches it, or if the only completions that reach it lack an outside
// owner because of a cycle through the holder itself. Otherwise it is open.
//
// Answers on control are exact too: yes and no hold in every completion, and for "depends"
// there are completions of both kinds. If a statute may suspend votes, the answer can be
// "depends" although exact figures of suspended votes would decide it, see [ControlBound].
type Bounds struct {
	a      *Alliance
	opt    BoundsOptions
	rule   majority.Rule
	exact  *Control           // for a book without bands
	law    *suspension.Search // nil if there are no statutes
	stakes sync.Map           // from company to *issuerStakes
	model  interval.Model

	mutex     await.Mutex
	evaluated bool // whether suspended is set
	suspended map[int32]suspendedIn

	facts     *majority.Facts // facts of control that count; nil if there are none
	contracts *boundContracts // agreements about votes; nil if none count
}

// Bound holds the bounds of one holder's ownership of one company. It is a plain value.
type Bound struct {
	Holder       string         `json:"holder"`
	Issuer       string         `json:"issuer"`
	Integrated   ratio.Interval `json:"integrated"`    // direct and through others, with loops counted in full
	FirstPassage ratio.Interval `json:"first_passage"` // the same, without paths that return to the holder
}

// Bounds prepares answers about a book with bands. In a book without bands every interval
// is one figure. The errors are those of [Alliance.Control], and [ErrRange] for a
// presumption of control. Several readings of the law are no error, unless ControlOptions.Strict
// is set and the book has no bands: an answer that differs between them is "depends".
func (a *Alliance) Bounds(ctx context.Context, opt BoundsOptions) (*Bounds, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if opt.MaxBits < 0 || opt.MaxRounds < 0 {
		return nil, fmt.Errorf("crossholding: MaxBits %d and MaxRounds %d: %w", opt.MaxBits, opt.MaxRounds, ErrRange)
	}
	if opt.MaxRounds == 0 {
		opt.MaxRounds = defaultRounds
	}
	if !opt.Control.Presumed.IsZero() {
		return nil, fmt.Errorf("crossholding: Presumed %s: who holds the most has no bounds: %w", opt.Control.Presumed, ErrRange)
	}
	b := &Bounds{a: a, opt: opt}
	b.model = interval.Model{Stakes: b.feasible, PaysDividends: b.earns, MaxBits: opt.MaxBits, MaxRounds: opt.MaxRounds}
	var err error
	if b.rule, err = opt.Control.rule(); err != nil {
		return nil, err
	}
	if len(a.Banded()) == 0 {
		if b.exact, err = a.Control(ctx, opt.Control); err != nil {
			return nil, err
		}
		return b, nil
	}
	switch opt.Control.Basis {
	case BasisCapital, "", BasisExercisable, BasisTheoretical:
	default:
		return nil, unknownOption("basis", opt.Control.Basis, BasisExercisable, BasisTheoretical, BasisCapital)
	}
	if !opt.Control.NoFacts {
		b.facts = a.facts(nil).engine
	}
	voting := &b.opt.Control.Voting
	if err := voting.check(ctx, a); err != nil {
		return nil, err
	}
	if !voting.NoContracts && opt.Control.Basis != BasisCapital {
		b.contracts = newBoundContracts(a)
	}
	if !voting.NoLaw && opt.Control.Basis != BasisCapital {
		var err error
		if b.law, err = a.lawSearch(ctx, voting); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// stakesIn returns the possible stakes in company c.
func (b *Bounds) stakesIn(c int32) *issuerStakes {
	if v, ok := b.stakes.Load(c); ok {
		return v.(*issuerStakes)
	}
	v, _ := b.stakes.LoadOrStore(c, b.a.stakesIn(c))
	return v.(*issuerStakes)
}

// feasible returns the possible stakes in company c for the engine.
func (b *Bounds) feasible(c int32) *interval.FeasibleSet { return &b.stakesIn(c).FeasibleSet }

// Integrated returns the bounds of Y(holder, issuer): the fraction of issuer that holder
// owns directly and through others, with loops counted in full. If the holder is a company
// in a cycle that some completions leave without an outside owner, there is no upper
// bound. It fails with a [*NoOutsideOwnerError] if companies behind one of the two have no outside
// owner in any completion, and with [ErrSearchLimit] if MaxRounds is reached.
func (b *Bounds) Integrated(ctx context.Context, holder, issuer string) (ratio.Interval, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ratio.Interval{}, stopped(ctx)
	}
	b = b.orEmpty()
	out, err := b.of(ctx, holder, issuer)
	return out.Integrated, err
}

// FirstPassage returns the bounds of Y(holder, issuer)/V(holder, holder), which lie
// between 0 and 1. The errors are those of [Bounds.Integrated].
func (b *Bounds) FirstPassage(ctx context.Context, holder, issuer string) (ratio.Interval, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ratio.Interval{}, stopped(ctx)
	}
	b = b.orEmpty()
	out, err := b.of(ctx, holder, issuer)
	return out.FirstPassage, err
}

func (b *Bounds) of(ctx context.Context, holder, issuer string) (Bound, error) {
	i, float, err := b.a.holder(holder)
	if err != nil {
		return Bound{}, err
	}
	c, err := b.a.company(issuer)
	if err != nil {
		return Bound{}, err
	}
	if err := b.checkOwned(ctx, i, c); err != nil {
		return Bound{}, err
	}
	return b.bound(ctx, exact.Owner{Node: i, Float: float}, c)
}

// Owners returns the bounds of all possible owners of company, sorted by holder: parties,
// companies and floats.
func (b *Bounds) Owners(ctx context.Context, company string) ([]Bound, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	b = b.orEmpty()
	c, err := b.a.company(company)
	if err != nil {
		return nil, err
	}
	if err := b.checkOwned(ctx, c); err != nil {
		return nil, err
	}
	owners := b.model.Owners(c)
	var out []Bound
	stage := progress.Start(ctx, "bounds", len(owners), 1)
	for i, who := range owners {
		stage.At(i)
		row, err := b.bound(ctx, who, c)
		if err != nil {
			return nil, err
		}
		if row.FirstPassage.Hi.Sign() > 0 {
			out = append(out, row)
		}
	}
	stage.End()
	slices.SortFunc(out, func(a, b Bound) int { return strings.Compare(a.Holder, b.Holder) })
	return out, nil
}

// checkOwned fails if companies behind a node have no outside owner in any completion. They
// are companies without one when every stake has its lower end: all their shares are then held
// among themselves, so no band has room to move.
func (b *Bounds) checkOwned(ctx context.Context, nodes ...int32) error {
	err := b.a.solver().Check(ctx)
	var rings *exact.RingError
	if !errors.As(err, &rings) {
		return nameSolverError(b.a, err)
	}
	above := map[int32]bool{}
	for at := 0; at < len(nodes); at++ {
		c := nodes[at]
		if above[c] || !b.a.graph.IssuesShares(c) {
			continue
		}
		above[c] = true
		for s := range b.stakesIn(c).All() {
			if s.Hi.Sign() > 0 {
				nodes = append(nodes, s.Owner)
			}
		}
	}
	behind := &exact.RingError{}
	for _, ring := range rings.Rings {
		if above[ring[0]] { // and so are the others
			behind.Rings = append(behind.Rings, ring)
		}
	}
	if len(behind.Rings) == 0 {
		return nil
	}
	return nameSolverError(b.a, behind)
}

// bound computes both intervals of one pair.
func (b *Bounds) bound(ctx context.Context, who exact.Owner, j int32) (Bound, error) {
	g := &b.a.graph
	out := Bound{Holder: g.IDs.At(who.Node), Issuer: g.IDs.At(j)}
	if who.Float {
		out.Holder = FloatOf(out.Holder)
	}
	owned, err := b.model.Ownership(ctx, who, j)
	switch {
	case errors.Is(err, interval.ErrRounds):
		return Bound{}, fmt.Errorf("crossholding: bounds on %s: no result after %d rounds: %w", out.Issuer, b.opt.MaxRounds, ErrSearchLimit)
	case err != nil:
		return Bound{}, nameSolverError(b.a, err)
	}
	out.Integrated, out.FirstPassage = owned.Integrated, owned.FirstPassage
	return out, nil
}

// earns reports whether company c has outstanding shares that receive dividends.
func (b *Bounds) earns(c int32) bool { return b.a.graph.Dividends.AnyOutstanding(c) }

var emptyBounds = sync.OnceValue(func() *Bounds { return must(empty().Bounds(context.Background(), BoundsOptions{})) })

func (b *Bounds) orEmpty() *Bounds {
	if b.a == nil {
		return emptyBounds()
	}
	return b
}

package crossholding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/ratio"
)

// BoundsOptions says how bounds are computed. The zero value is the default.
type BoundsOptions struct {
	// Control says what control is. A presumption has no bounds: Presumed
	// must be 0.
	Control ControlOptions
	// MaxBits bounds the denominators of exact answers, as in
	// [OwnershipOptions].
	MaxBits int
	// MaxRounds bounds the search for the extreme completion of a book; 0
	// means 10,000. Few books take ten.
	MaxRounds int
}

const defaultRounds = 10_000

// Bounds answers questions about a book with stakes that are known only within
// bounds. Get it from [Alliance.Bounds]. It is immutable and safe for
// concurrent use.
//
// A completion of the book gives every banded stake one figure of its band so
// that no class is held beyond what is outstanding; who owns the rest of it is
// dispersed float. What a company's stakes are says nothing of another's.
//
// What is exact: a bound on ownership is the least upper (or greatest lower)
// bound over the completions that leave no companies to themselves in a closed
// ring. It is open if no completion reaches it, because ends of bands are open
// or a ring would close; closed if one does, or if only a ring through the
// holder itself stands against it. A yes or a no on control holds in
// every completion, and of a "depends" there are completions of both kinds,
// open and closed ends counted exactly. Only where a statute may suspend votes
// can a "depends" be more careful than it need be: see [ControlBound].
type Bounds struct {
	a      *Alliance
	opt    BoundsOptions
	rule   majority.Rule
	exact  *Control           // of a book without bands
	law    *suspension.Search // nil without statutes
	stakes sync.Map           // company to *issuerStakes
	model  interval.Model

	judging   ctxMutex
	judged    bool // the statutes, on first use
	suspended map[int32]suspendedIn
}

// Bound is what is known of one holder's ownership of one company.
type Bound struct {
	Holder       string         `json:"holder"`
	Issuer       string         `json:"issuer"`
	Integrated   ratio.Interval `json:"integrated"`    // direct and through others, loops counted in full
	FirstPassage ratio.Interval `json:"first_passage"` // the same, no path through the holder counted twice
}

// Bounds prepares questions about a book with bands. It serves books without
// any too: every interval is then one figure. Errors are those of
// [Alliance.Control], and [ErrRange] for a presumption of control.
func (a *Alliance) Bounds(ctx context.Context, opt BoundsOptions) (*Bounds, error) {
	ctx = orBackground(ctx)
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
	if a.requireExact() == nil {
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
	voting := &b.opt.Control.Voting
	if err := voting.check(ctx); err != nil {
		return nil, err
	}
	if !voting.NoLaw && opt.Control.Basis != BasisCapital {
		var err error
		if b.law, err = a.lawSearch(ctx, voting); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// stakesIn returns what the stakes in company c can be.
func (b *Bounds) stakesIn(c int32) *issuerStakes {
	if v, ok := b.stakes.Load(c); ok {
		return v.(*issuerStakes)
	}
	v, _ := b.stakes.LoadOrStore(c, b.a.stakesIn(c))
	return v.(*issuerStakes)
}

// feasible returns the same for the engine.
func (b *Bounds) feasible(c int32) *interval.FeasibleSet { return &b.stakesIn(c).FeasibleSet }

// Integrated returns the bounds of Y(holder, issuer), what holder owns of
// issuer directly and through others, loops counted in full, as a fraction of
// the company. There is no upper bound if the holder is a company in a ring
// that may close. It fails with a [*NoOutsideOwnerError] if a ring is closed in every
// completion, and with [ErrSearchLimit] if MaxRounds is reached.
func (b *Bounds) Integrated(ctx context.Context, holder, issuer string) (ratio.Interval, error) {
	ctx = orBackground(ctx)
	b = b.orEmpty()
	out, err := b.of(ctx, holder, issuer)
	return out.Integrated, err
}

// FirstPassage returns the bounds of Y(holder, issuer)/V(holder, holder). They
// lie within 0 and 1. Errors are those of [Bounds.Integrated].
func (b *Bounds) FirstPassage(ctx context.Context, holder, issuer string) (ratio.Interval, error) {
	ctx = orBackground(ctx)
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
	if err := b.noRing(ctx); err != nil {
		return Bound{}, err
	}
	return b.bound(ctx, exact.Owner{Node: i, Float: float}, c)
}

// Owners returns everyone who may own something of company in the end, sorted
// by holder: parties, companies and floats.
func (b *Bounds) Owners(ctx context.Context, company string) ([]Bound, error) {
	ctx = orBackground(ctx)
	b = b.orEmpty()
	c, err := b.a.company(company)
	if err != nil {
		return nil, err
	}
	if err := b.noRing(ctx); err != nil {
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

// noRing reports the rings that are closed in every completion. They are those
// of the least stakes: a ring that is closed there has all its shares held
// inside already, and what is outstanding leaves them no room to move.
func (b *Bounds) noRing(ctx context.Context) error {
	if err := b.a.solver().Check(ctx); err != nil {
		return nameSolverError(b.a, err)
	}
	return nil
}

// bound works out both intervals of one pair.
func (b *Bounds) bound(ctx context.Context, who exact.Owner, j int32) (Bound, error) {
	g := &b.a.graph
	out := Bound{Holder: g.IDs[who.Node], Issuer: g.IDs[j]}
	if who.Float {
		out.Holder = FloatOf(out.Holder)
	}
	owned, err := b.model.Ownership(ctx, who, j)
	switch {
	case errors.Is(err, interval.ErrRounds):
		return Bound{}, fmt.Errorf("crossholding: bounds on %s: no end after %d rounds: %w", out.Issuer, b.opt.MaxRounds, ErrSearchLimit)
	case err != nil:
		return Bound{}, nameSolverError(b.a, err)
	}
	out.Integrated, out.FirstPassage = owned.Integrated, owned.FirstPassage
	return out, nil
}

// earns reports whether company c has shares that dividends are paid on.
func (b *Bounds) earns(c int32) bool { return b.a.graph.Dividends.Outstanding(c).Sign() > 0 }

var emptyBounds = sync.OnceValue(func() *Bounds { return must(empty().Bounds(context.Background(), BoundsOptions{})) })

func (b *Bounds) orEmpty() *Bounds {
	if b.a == nil {
		return emptyBounds()
	}
	return b
}

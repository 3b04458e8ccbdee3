package value

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Claim is what a holder has of a company's own business, directly and through others. It is
// plain data.
type Claim struct {
	Company  string             `json:"company"`
	Fraction ratio.Ratio        `json:"fraction"` // of the own business; of one's own it can be above 1
	Value    crossholding.Money `json:"value"`    // Fraction × the value of the own business
}

// Portfolio is what a holder owns after looking through all companies. It is an immutable
// value. The zero value has no claims.
type Portfolio struct {
	Holder string             `json:"holder"`
	Claims []Claim            `json:"claims"` // sorted by company
	Total  crossholding.Money `json:"total"`  // of the claims
}

// Portfolio returns the look-through portfolio of a company, a party or a float (see
// [crossholding.FloatOf]): what it has of the own business of each company, with all that
// goes round the loops. The total of a company is its gross value; that of an outside owner
// is the value of its stakes. With C the fractions of value that companies have of one
// another and f the holder's own, the fractions are f·(I-C)^-1; for a company they are the
// row of (I-C)^-1 itself, which begins with its own business.
//
// It fails with [crossholding.ErrUnknown] for an unknown holder, with
// [crossholding.ErrNoPrice] if a figure that it needs is missing, with a
// [*crossholding.NoOutsideOwnerError] if companies own one another completely, and with the
// context's error when it ends.
func (l *LookThrough) Portfolio(ctx context.Context, holder string) (Portfolio, error) {
	ctx = progress.OrBackground(ctx)
	s, err := l.solver(ctx)
	if err != nil {
		return Portfolio{}, err
	}
	fractions, err := l.claims(ctx, s, holder)
	if err != nil {
		return Portfolio{}, err
	}
	p := Portfolio{Holder: holder, Claims: []Claim{}, Total: money(ratio.Ratio{}, l.currency)}
	for _, e := range l.equity {
		f, ok := fractions[e.Company]
		if !ok {
			continue
		}
		own, err := e.Own()
		if err != nil {
			return Portfolio{}, fmt.Errorf("%w (portfolio of %s)", err, holder)
		}
		own.Amount = own.Amount.Mul(f)
		p.Claims = append(p.Claims, Claim{e.Company, f, own})
		p.Total.Amount = p.Total.Amount.Add(own.Amount)
	}
	return p, nil
}

// claims returns the fractions of own businesses that a holder has.
func (l *LookThrough) claims(ctx context.Context, s *crossholding.Solver, holder string) (map[string]ratio.Ratio, error) {
	out := map[string]ratio.Ratio{}
	for _, e := range l.equity {
		if holder == crossholding.FloatOf(e.Company) {
			return out, l.floatClaims(ctx, s, e, out)
		}
	}
	i, err := l.g.Node(holder)
	if err != nil {
		return nil, fail(crossholding.ErrUnknown, "holder %q", input.Abbreviate(holder))
	}
	if l.g.HasShares(i) {
		return out, l.rowOf(ctx, s, i, one, out)
	}
	for _, e := range l.equity {
		j, err := l.g.Company(e.Company)
		if err != nil {
			return nil, err
		}
		if f := l.fractionOf(i, j); !f.IsZero() {
			if err := l.rowOf(ctx, s, j, f, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// rowOf adds f times the row of (I-C)^-1 of company i to out.
func (l *LookThrough) rowOf(ctx context.Context, s *crossholding.Solver, i int32, f ratio.Ratio, out map[string]ratio.Ratio) error {
	row, _, err := s.Holdings(ctx, i)
	if err != nil {
		return err
	}
	id := l.g.ID(i)
	out[id] = out[id].Add(f)
	for _, h := range row {
		id := l.g.ID(h.Node)
		out[id] = out[id].Add(f.Mul(h.Amount))
	}
	return nil
}

// floatClaims adds the claims of the float of a company.
func (l *LookThrough) floatClaims(ctx context.Context, s *crossholding.Solver, e Equity, out map[string]ratio.Ratio) error {
	j, err := l.g.Company(e.Company)
	if err != nil {
		return err
	}
	f := one.Sub(e.Held)
	for _, h := range l.others[j] {
		f = f.Sub(h.Amount)
	}
	if f.IsZero() {
		return nil
	}
	return l.rowOf(ctx, s, j, f, out)
}

// fractionOf returns the fraction of company j that an owner outside has.
func (l *LookThrough) fractionOf(i, j int32) ratio.Ratio {
	for _, h := range l.others[j] {
		if h.Node == i {
			return h.Amount
		}
	}
	return ratio.Ratio{}
}

// solver solves for the fractions of value that companies have of one another.
func (l *LookThrough) solver(ctx context.Context) (*crossholding.Solver, error) {
	if err := stopped(ctx); err != nil {
		return nil, err
	}
	return l.g.Solver(ctx, func(j int32) ([]crossholding.Holding, ratio.Ratio) { return l.held[j], one }, crossholding.OwnershipOptions{})
}

// Condition says how strongly errors of the figures can be magnified. It is plain data.
type Condition struct {
	// Number is the condition number of I-C in the norm of the largest column sum: added up
	// over all companies, the relative error of the gross values is at most Number times that
	// of the own values.
	Number ratio.Ratio `json:"number"`
	// Multiplier is the largest column sum of (I-C)^-1: how often the business of Company is
	// counted in the gross values of all companies together. It is 1 without holdings.
	Multiplier ratio.Ratio `json:"multiplier"`
	Company    string      `json:"company"`
}

// Condition returns the condition figure of the equations. Its errors are those of
// [LookThrough.Portfolio], but no figure is needed.
func (l *LookThrough) Condition(ctx context.Context) (Condition, error) {
	ctx = progress.OrBackground(ctx)
	s, err := l.solver(ctx)
	if err != nil {
		return Condition{}, err
	}
	var c Condition
	norm := ratio.Ratio{}
	for _, e := range l.equity {
		if column := one.Add(e.Held); norm.Less(column) {
			norm = column
		}
		j, err := l.g.Company(e.Company)
		if err != nil {
			return Condition{}, err
		}
		owners, _, err := s.Owners(ctx, j)
		if err != nil {
			return Condition{}, err
		}
		times := one
		for _, h := range owners {
			if !h.Float && l.g.HasShares(h.Node) {
				times = times.Add(h.Amount)
			}
		}
		if c.Multiplier.Less(times) {
			c.Multiplier, c.Company = times, e.Company
		}
	}
	c.Number = norm.Mul(c.Multiplier)
	return c, nil
}

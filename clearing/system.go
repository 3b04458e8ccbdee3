package clearing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/ratio"
)

// System is a checked [Input]. [New] makes it. It is immutable and safe for concurrent use.
// The zero value has no firms.
type System struct {
	names []string
	firms []firm
	unit  *big.Int // common denominator of all costs
}

// firm is what a firm has and how it passes its money on.
type firm struct {
	assets ratio.Ratio
	costs  Costs
	tiers  []tier // debts by seniority, and the shares as the last
	debt   ratio.Ratio

	claimRate, shareRate *big.Int // what default leaves of claims and of shares, in units
}

// costly reports whether a default of the firm destroys something.
func (f *firm) costly() bool { return f.debt.Sign() > 0 && !f.costs.none() }

// shares is the index of the tier of shares.
func (f *firm) shares() int { return len(f.tiers) - 1 }

// top is the sum of the debts up to tier k, and 0 for k = -1. The tier of shares has no top.
func (f *firm) top(k int) ratio.Ratio {
	if k < 0 {
		return ratio.Ratio{}
	}
	return f.tiers[k].top
}

// tier is all debt of one seniority, or the shares.
type tier struct {
	seniority int
	equity    bool
	size      ratio.Ratio // of the debt; 1 for shares
	top       ratio.Ratio // sum of the debts up to here
	column    column      // what firms of the system get of it
	outside   ratio.Ratio // fraction that nobody in the system gets
}

// parts lists the parts of a tier that firms of the system hold, by holder.
type parts struct {
	rows  []int32
	parts []ratio.Ratio // in the unit of the tier's size
}

// New checks an input. Its error is an [InputError] with all faults: [ErrName], [ErrAmount],
// [ErrHolding] and [ErrRing].
func New(in Input) (*System, error) {
	var c checker
	c.names(len(in.Firms), func(i int) string { return in.Firms[i].Name })
	c.costs(named("costs of all firms"), in.Costs)
	s := &System{firms: make([]firm, len(in.Firms))}
	for i, f := range in.Firms {
		s.names = append(s.names, f.Name)
		where := place{"firm", i, f.Name}
		c.amount(where, "the value of the external assets", f.Assets)
		s.firms[i] = firm{assets: f.Assets, costs: in.Costs}
		if f.Costs != nil {
			c.costs(where, *f.Costs)
			s.firms[i].costs = *f.Costs
		}
	}
	debts := s.readDebts(&c, in.Debts)
	held := readHoldings(&c, s.names, in.Holdings)
	c.common(&c.amounts, "assets and debts of all firms")
	c.common(&c.rates, "costs of all firms")
	if len(c.faults) > 0 {
		return nil, c.err()
	}
	for i := range s.firms {
		s.firms[i].build(debts[i], held[i])
	}
	s.setRates()
	cols := make([]*column, len(s.firms))
	for i := range s.firms {
		cols[i] = &s.firms[i].tiers[s.firms[i].shares()].column
	}
	if err := checkRings(s.names, cols); err != nil {
		return nil, err
	}
	return s, nil
}

// setRates writes what default leaves as whole numbers over one unit.
func (s *System) setRates() {
	s.unit = big.NewInt(1)
	for i := range s.firms {
		lcm(s.unit, s.firms[i].costs.Claims.Denom())
		lcm(s.unit, s.firms[i].costs.Shares.Denom())
	}
	for i := range s.firms {
		f := &s.firms[i]
		f.claimRate = times(left(f.costs.Claims), s.unit)
		f.shareRate = times(left(f.costs.Shares), s.unit)
	}
}

// claim is a part of a debt or of shares, by holder; -1 is outside.
type claim struct {
	seniority int
	holder    int32
	amount    ratio.Ratio
}

// readDebts returns the debts of each firm.
func (s *System) readDebts(c *checker, debts []Debt) [][]claim {
	out := make([][]claim, len(s.firms))
	for at, d := range debts {
		where := between{"debt", at, d.Debtor, d.Creditor}
		from, to := c.firm(where, "debtor", d.Debtor), int32(-1)
		if d.Creditor != "" {
			to = c.firm(where, "creditor", d.Creditor)
		}
		if from >= 0 && from == to {
			c.add(ErrName, where, "a firm cannot owe itself")
		}
		if d.Seniority < 0 {
			c.add(ErrAmount, where, "the seniority %d is below 0", d.Seniority)
		}
		if c.amount(where, "the amount", d.Amount) && from >= 0 && !d.Amount.IsZero() {
			out[from] = append(out[from], claim{d.Seniority, to, d.Amount})
		}
	}
	return out
}

// readHoldings returns who holds the shares of each firm.
func readHoldings(c *checker, names []string, holdings []Holding) [][]claim {
	out := make([][]claim, len(names))
	sum := make([]ratio.Ratio, len(names))
	common := make([]denominator, len(names))
	for at, h := range holdings {
		where := between{"holding", at, h.Holder, h.Issuer}
		from, to := c.firm(where, "holder", h.Holder), c.firm(where, "issuer", h.Issuer)
		if from >= 0 && from == to {
			c.add(ErrName, where, "a firm cannot hold its own shares")
		}
		if c.fraction(ErrHolding, where, "the share", h.Share) && from >= 0 && to >= 0 && !h.Share.IsZero() {
			out[to] = append(out[to], claim{0, from, h.Share})
			if common[to].add(h.Share) {
				sum[to] = sum[to].Add(h.Share)
			}
		}
	}
	for i, total := range sum {
		c.common(&common[i], "holdings of "+quote(names[i]))
		if ratio.Int(1).Less(total) {
			c.add(ErrHolding, named("holdings of "+quote(names[i])), "they add up to %s, more than 1", show(total))
		}
	}
	return out
}

// build arranges the debts by seniority and holder, and the shares after them.
func (f *firm) build(debts, held []claim) {
	order := func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.seniority, b.seniority), cmp.Compare(a.holder, b.holder))
	}
	slices.SortStableFunc(debts, order)
	slices.SortStableFunc(held, order)
	for len(debts) > 0 {
		end := 0
		t := tier{seniority: debts[0].seniority}
		for end < len(debts) && debts[end].seniority == t.seniority {
			t.size = t.size.Add(debts[end].amount)
			end++
		}
		f.debt = f.debt.Add(t.size)
		t.top = f.debt
		t.column = newColumn(t.size, merge(debts[:end]))
		t.outside = t.column.outside()
		f.tiers = append(f.tiers, t)
		debts = debts[end:]
	}
	shares := tier{seniority: -1, equity: true, size: ratio.Int(1)}
	shares.column = newColumn(shares.size, merge(held))
	shares.outside = shares.column.outside()
	f.tiers = append(f.tiers, shares)
}

// merge adds up claims of the same holder, and leaves out those outside. The claims are
// sorted by holder.
func merge(claims []claim) parts {
	var p parts
	for _, c := range claims {
		if c.holder < 0 {
			continue
		}
		if last := len(p.rows) - 1; last >= 0 && p.rows[last] == c.holder {
			p.parts[last] = p.parts[last].Add(c.amount)
			continue
		}
		p.rows = append(p.rows, c.holder)
		p.parts = append(p.parts, c.amount)
	}
	return p
}

// checkRings refuses firms that hold all of one another's shares.
func checkRings(names []string, cols []*column) error {
	rings, err := closedRings(context.Background(), cols)
	if err != nil {
		return err
	}
	var fs faults
	for _, ring := range rings {
		fs.add(ErrRing, named("holdings of "+nameList(names, ring)), "these firms hold all of one another's shares")
	}
	return fs.err()
}

// closedRings lists the sets of nodes that hold one another's columns wholly.
func closedRings(ctx context.Context, cols []*column) ([][]int32, error) {
	solver := exact.NewSolver(matrixOf(cols, nil), exact.Limits{})
	err := solver.Check(ctx)
	var rings *exact.RingError
	if errors.As(err, &rings) {
		return rings.Rings, nil
	}
	return nil, err
}

// nameList names up to ten nodes.
func nameList(names []string, nodes []int32) string {
	const most = 10
	var quoted []string
	for _, i := range nodes[:min(len(nodes), most)] {
		quoted = append(quoted, quote(names[i]))
	}
	if more := len(nodes) - most; more > 0 {
		quoted = append(quoted, fmt.Sprintf("%d more", more))
	}
	return strings.Join(quoted, ", ")
}

// Names returns the names of the firms, in the order of the input. Solutions have the same
// order.
func (s *System) Names() []string { return slices.Clone(s.names) }

// Package matrix has the sparse matrix of who holds how many units of whom, by issuer, with counts of
// any size.
package matrix

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// Matrix lists who holds how many units of whom, by issuer. The stakes in node j are the
// entries from ColStart[j] to ColStart[j+1]-1. Row is the holder of an entry, and Units is
// the number of units that it holds.
// Total[j] is the number of outstanding units of j. A node with total 0 is an outside
// owner: nobody can hold it. A holder may occur several times in one column.
//
// A solver reads the slices without a copy. They must not change while it uses them. The
// zero value has no nodes.
type Matrix struct {
	ColStart []int32 // of length nodes+1, ascending from 0
	Row      []int32 // holder of each entry
	Units    []int64 // of each entry, 0 or more
	Total    []int64 // of each node; 0 for an outside owner

	// RowStart and RowEntry list the same entries by holder:
	// RowEntry[RowStart[i]:RowStart[i+1]] are the entries held by i. Both may
	// be nil. Then the first call that needs them makes them.
	RowStart []int32
	RowEntry []int32
	// EntryCol is the issuer of each entry. It may be nil. Then the first
	// call that needs it makes it.
	EntryCol []int32

	// Wide holds the columns with a total of 2^62 or more, whose counts do
	// not fit. Their Units are ignored and their Total must be above 0.
	Wide map[int32]*WideColumn
}

// WideColumn is a column of counts that are too large for machine integers. Units are in
// the order of the column's entries. The solver does not change it.
type WideColumn struct {
	Total *big.Int
	Units []*big.Int
}

// ErrMalformed means that a matrix breaks the rules of [Matrix.Validate].
var ErrMalformed = errors.New("exact: malformed matrix")

// MaxTotal is the largest total of a column that is not wide.
const MaxTotal = 1<<62 - 1

// Nodes returns the number of nodes.
func (m *Matrix) Nodes() int { return len(m.Total) }

// Validate returns an error that joins the first 20 faults of the matrix: lengths that
// disagree, holders that do not exist, negative counts, a stake in oneself, or a column
// that holds more than its total. It reads all entries once. The solver does not call it.
func (m *Matrix) Validate() error {
	n := len(m.Total)
	if n == 0 && len(m.ColStart)+len(m.Row)+len(m.Units) == 0 {
		return nil
	}
	if len(m.ColStart) != n+1 || len(m.Row) != len(m.Units) || m.ColStart[0] != 0 || int(m.ColStart[n]) != len(m.Row) {
		return fmt.Errorf("%w: %d nodes, %d column starts, %d holders, %d counts", ErrMalformed, n, len(m.ColStart), len(m.Row), len(m.Units))
	}
	var faults []error
	for j := range n {
		if len(faults) >= 20 {
			break
		}
		if lo, hi := m.ColStart[j], m.ColStart[j+1]; lo > hi || int(hi) > len(m.Row) {
			return errors.Join(append(faults, fmt.Errorf("%w: column %d is from entry %d to %d of %d", ErrMalformed, j, lo, hi, len(m.Row)))...)
		}
		if err := m.Column(int32(j)).Validate(int32(j), n); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) == 0 {
		faults = append(faults, m.validIndex())
	}
	return errors.Join(faults...)
}

// validIndex checks the entries by holder, if they are given.
func (m *Matrix) validIndex() error {
	if m.EntryCol != nil {
		if len(m.EntryCol) != len(m.Row) {
			return fmt.Errorf("%w: EntryCol has %d entries, Row has %d", ErrMalformed, len(m.EntryCol), len(m.Row))
		}
		for j := range m.Total {
			for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
				if m.EntryCol[e] != int32(j) {
					return fmt.Errorf("%w: entry %d is in column %d, but EntryCol says %d", ErrMalformed, e, j, m.EntryCol[e])
				}
			}
		}
	}
	if m.RowStart == nil || m.RowEntry == nil {
		return nil
	}
	n := len(m.Total)
	if len(m.RowStart) != n+1 || len(m.RowEntry) != len(m.Row) || m.RowStart[0] != 0 || int(m.RowStart[n]) != len(m.Row) {
		return fmt.Errorf("%w: %d row starts and %d entries by holder for %d nodes and %d entries", ErrMalformed, len(m.RowStart), len(m.RowEntry), n, len(m.Row))
	}
	for i := range m.Total {
		lo, hi := m.RowStart[i], m.RowStart[i+1]
		if lo > hi || int(hi) > len(m.Row) {
			return fmt.Errorf("%w: row %d is from entry %d to %d of %d", ErrMalformed, i, lo, hi, len(m.Row))
		}
		before := int32(-1) // entries ascend, so none occurs twice
		for _, e := range m.RowEntry[lo:hi] {
			if e <= before || int(e) >= len(m.Row) || m.Row[e] != int32(i) {
				return fmt.Errorf("%w: row %d lists entry %d, which belongs to another holder or is out of order", ErrMalformed, i, e)
			}
			before = e
		}
	}
	return nil
}

// Validate returns the first fault of the column of node j, in a matrix of n nodes.
func (c Column) Validate(j int32, n int) error {
	for e, i := range c.Rows {
		switch {
		case i < 0 || int(i) >= n:
			return fmt.Errorf("%w: column %d names holder %d of %d nodes", ErrMalformed, j, i, n)
		case i == j:
			return fmt.Errorf("%w: node %d holds itself", ErrMalformed, j)
		case c.Wide == nil && c.Units[e] < 0:
			return fmt.Errorf("%w: holder %d has %d units of %d", ErrMalformed, i, c.Units[e], j)
		}
	}
	if w := c.Wide; w != nil {
		if w.Total == nil || w.Total.Sign() <= 0 || c.Total <= 0 || len(w.Units) != len(c.Rows) {
			return fmt.Errorf("%w: wide column %d needs a total above 0 and one count for each of its %d entries", ErrMalformed, j, len(c.Rows))
		}
		if i := slices.IndexFunc(w.Units, func(u *big.Int) bool { return u == nil || u.Sign() < 0 }); i >= 0 {
			return fmt.Errorf("%w: wide column %d has a missing or negative count for holder %d", ErrMalformed, j, c.Rows[i])
		}
		if leak := c.BigLeak(); leak.Sign() < 0 {
			return fmt.Errorf("%w: column %d exceeds its total by %v", ErrMalformed, j, leak.Neg(leak))
		}
		return nil
	}
	if c.Total < 0 || c.Total > MaxTotal || c.Total == 0 && len(c.Rows) > 0 {
		return fmt.Errorf("%w: column %d has %d entries and a total of %d", ErrMalformed, j, len(c.Rows), c.Total)
	}
	left := c.Total
	for _, u := range c.Units {
		if left -= u; left < 0 {
			return fmt.Errorf("%w: column %d holds more than its total %d", ErrMalformed, j, c.Total)
		}
	}
	return nil
}

// Column lists the stakes in one company, from the matrix or from a change.
type Column struct {
	Rows  []int32
	Units []int64
	Total int64
	Wide  *WideColumn
}

// Column returns the stakes in company j.
func (m *Matrix) Column(j int32) Column {
	lo, hi := m.ColStart[j], m.ColStart[j+1]
	c := Column{Rows: m.Row[lo:hi], Units: m.Units[lo:hi], Total: m.Total[j]}
	if m.Wide != nil {
		c.Wide = m.Wide[j]
	}
	return c
}

// BigTotal returns the total. The caller must not change it.
func (c Column) BigTotal() *big.Int {
	if c.Wide != nil {
		return c.Wide.Total
	}
	return big.NewInt(c.Total)
}

// SetUnits sets z to entry e's count and returns it, or returns the wide count. The caller
// must not change the result.
func (c Column) SetUnits(z *big.Int, e int) *big.Int {
	if c.Wide != nil {
		return c.Wide.Units[e]
	}
	return z.SetInt64(c.Units[e])
}

// Leak returns the units that no entry holds. The column must not be wide.
func (c Column) Leak() int64 {
	left := c.Total
	for _, u := range c.Units {
		left -= u
	}
	return left
}

// BigLeak returns the units that no entry holds.
func (c Column) BigLeak() *big.Int {
	if c.Wide == nil {
		return big.NewInt(c.Leak())
	}
	left := new(big.Int).Set(c.Wide.Total)
	for _, u := range c.Wide.Units {
		left.Sub(left, u)
	}
	return left
}

// Index is the matrix by holder. It is made from the columns if the caller gave none.
type Index struct {
	RowStart, RowEntry, EntryCol []int32
}

// Index lists the entries by holder.
func (m *Matrix) Index(ctx context.Context) (*Index, error) {
	x := &Index{m.RowStart, m.RowEntry, m.EntryCol}
	steps := 0
	and := func() error {
		if steps++; steps&0xfff != 0 {
			return nil
		}
		return progress.Stopped(ctx, "stopped")
	}
	if x.EntryCol == nil {
		x.EntryCol = make([]int32, len(m.Row))
		for j := range m.Total {
			if err := and(); err != nil {
				return nil, err
			}
			for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
				x.EntryCol[e] = int32(j)
			}
		}
	}
	if x.RowStart == nil || x.RowEntry == nil {
		x.RowStart = make([]int32, len(m.Total)+1)
		for _, i := range m.Row {
			if err := and(); err != nil {
				return nil, err
			}
			x.RowStart[i+1]++
		}
		for i := range m.Total {
			x.RowStart[i+1] += x.RowStart[i]
		}
		next := slices.Clone(x.RowStart)
		x.RowEntry = make([]int32, len(m.Row))
		for e, i := range m.Row {
			if err := and(); err != nil {
				return nil, err
			}
			x.RowEntry[next[i]] = int32(e)
			next[i]++
		}
	}
	return x, nil
}

// Held reports whether entry e holds any units.
func (c Column) Held(e int) bool {
	if c.Wide != nil {
		return c.Wide.Units[e].Sign() > 0
	}
	return c.Units[e] > 0
}

// SameHolders reports whether the same nodes hold units of two columns.
func SameHolders(a, b Column) bool {
	return slices.Equal(a.holders(), b.holders())
}

// holders returns the nodes that hold units, ascending.
func (c Column) holders() []int32 {
	list := make([]int32, 0, len(c.Rows))
	for e, h := range c.Rows {
		if c.Held(e) {
			list = append(list, h)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Fraction returns entry e's share of the total, or an upper bound if the numbers are too
// large for floating point.
func (c Column) Fraction(e int) float64 {
	if c.Wide == nil {
		return float64(c.Units[e]) / float64(c.Total)
	}
	if c.Wide.Total.BitLen() > 1000 {
		return 1
	}
	u, _ := new(big.Float).SetInt(c.Wide.Units[e]).Float64()
	t, _ := new(big.Float).SetInt(c.Wide.Total).Float64()
	return u / t
}

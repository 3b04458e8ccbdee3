package exact

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Matrix lists who holds how many units of whom, by issuer. The stakes in node j are the
// entries from ColStart[j] to ColStart[j+1]-1. Row is the holder of an entry, and Units is
// the number of units that it holds.
// Total[j] is the number of outstanding units of j. A node with total 0 is an outside
// owner: nobody can hold it. A holder may occur several times in one column.
//
// A [Solver] reads the slices without a copy. They must not change while it uses them. The
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

// MaxTotal is the largest total of a column that is not wide.
const MaxTotal = 1<<62 - 1

// Nodes returns the number of nodes.
func (m *Matrix) Nodes() int { return len(m.Total) }

// Validate returns an error that joins the first 20 faults of the matrix: lengths that
// disagree, holders that do not exist, negative counts, a stake in oneself, or a column
// that holds more than its total. It reads all entries once. [NewSolver] does not call it.
func (m *Matrix) Validate() error {
	n := len(m.Total)
	if n == 0 && len(m.ColStart)+len(m.Row)+len(m.Units) == 0 {
		return nil
	}
	if len(m.ColStart) != n+1 || len(m.Row) != len(m.Units) || m.ColStart[0] != 0 || int(m.ColStart[n]) != len(m.Row) {
		return fmt.Errorf("%w: %d nodes, %d column starts, %d holders, %d counts", ErrMatrix, n, len(m.ColStart), len(m.Row), len(m.Units))
	}
	var faults []error
	for j := range n {
		if len(faults) >= 20 {
			break
		}
		if lo, hi := m.ColStart[j], m.ColStart[j+1]; lo > hi || int(hi) > len(m.Row) {
			return errors.Join(append(faults, fmt.Errorf("%w: column %d is from entry %d to %d of %d", ErrMatrix, j, lo, hi, len(m.Row)))...)
		}
		if err := validColumn(int32(j), m.column(int32(j)), n); err != nil {
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
			return fmt.Errorf("%w: EntryCol has %d entries, Row has %d", ErrMatrix, len(m.EntryCol), len(m.Row))
		}
		for j := range m.Total {
			for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
				if m.EntryCol[e] != int32(j) {
					return fmt.Errorf("%w: entry %d is in column %d, but EntryCol says %d", ErrMatrix, e, j, m.EntryCol[e])
				}
			}
		}
	}
	if m.RowStart == nil || m.RowEntry == nil {
		return nil
	}
	n := len(m.Total)
	if len(m.RowStart) != n+1 || len(m.RowEntry) != len(m.Row) || m.RowStart[0] != 0 || int(m.RowStart[n]) != len(m.Row) {
		return fmt.Errorf("%w: %d row starts and %d entries by holder for %d nodes and %d entries", ErrMatrix, len(m.RowStart), len(m.RowEntry), n, len(m.Row))
	}
	for i := range m.Total {
		lo, hi := m.RowStart[i], m.RowStart[i+1]
		if lo > hi || int(hi) > len(m.Row) {
			return fmt.Errorf("%w: row %d is from entry %d to %d of %d", ErrMatrix, i, lo, hi, len(m.Row))
		}
		before := int32(-1) // entries ascend, so none occurs twice
		for _, e := range m.RowEntry[lo:hi] {
			if e <= before || int(e) >= len(m.Row) || m.Row[e] != int32(i) {
				return fmt.Errorf("%w: row %d lists entry %d, which belongs to another holder or is out of order", ErrMatrix, i, e)
			}
			before = e
		}
	}
	return nil
}

func validColumn(j int32, c Column, n int) error {
	for e, i := range c.Rows {
		switch {
		case i < 0 || int(i) >= n:
			return fmt.Errorf("%w: column %d names holder %d of %d nodes", ErrMatrix, j, i, n)
		case i == j:
			return fmt.Errorf("%w: node %d holds itself", ErrMatrix, j)
		case c.Wide == nil && c.Units[e] < 0:
			return fmt.Errorf("%w: holder %d has %d units of %d", ErrMatrix, i, c.Units[e], j)
		}
	}
	if w := c.Wide; w != nil {
		if w.Total == nil || w.Total.Sign() <= 0 || c.Total <= 0 || len(w.Units) != len(c.Rows) {
			return fmt.Errorf("%w: wide column %d needs a total above 0 and one count for each of its %d entries", ErrMatrix, j, len(c.Rows))
		}
		if i := slices.IndexFunc(w.Units, func(u *big.Int) bool { return u == nil || u.Sign() < 0 }); i >= 0 {
			return fmt.Errorf("%w: wide column %d has a missing or negative count for holder %d", ErrMatrix, j, c.Rows[i])
		}
		if leak := c.BigLeak(); leak.Sign() < 0 {
			return fmt.Errorf("%w: column %d exceeds its total by %v", ErrMatrix, j, leak.Neg(leak))
		}
		return nil
	}
	if c.Total < 0 || c.Total > MaxTotal || c.Total == 0 && len(c.Rows) > 0 {
		return fmt.Errorf("%w: column %d has %d entries and a total of %d", ErrMatrix, j, len(c.Rows), c.Total)
	}
	left := c.Total
	for _, u := range c.Units {
		if left -= u; left < 0 {
			return fmt.Errorf("%w: column %d holds more than its total %d", ErrMatrix, j, c.Total)
		}
	}
	return nil
}

// column lists the stakes in one company, from the matrix or from a change.
type Column struct {
	Rows  []int32
	Units []int64
	Total int64
	Wide  *WideColumn
}

func (m *Matrix) column(j int32) Column {
	lo, hi := m.ColStart[j], m.ColStart[j+1]
	c := Column{Rows: m.Row[lo:hi], Units: m.Units[lo:hi], Total: m.Total[j]}
	if m.Wide != nil {
		c.Wide = m.Wide[j]
	}
	return c
}

// bigTotal returns the total. The caller must not change it.
func (c Column) BigTotal() *big.Int {
	if c.Wide != nil {
		return c.Wide.Total
	}
	return big.NewInt(c.Total)
}

// setUnits sets z to entry e's count and returns it, or returns the wide count. The caller
// must not change the result.
func (c Column) setUnits(z *big.Int, e int) *big.Int {
	if c.Wide != nil {
		return c.Wide.Units[e]
	}
	return z.SetInt64(c.Units[e])
}

// leak returns the units that no entry holds. The column must not be wide.
func (c Column) leak() int64 {
	left := c.Total
	for _, u := range c.Units {
		left -= u
	}
	return left
}

// bigLeak returns the units that no entry holds.
func (c Column) BigLeak() *big.Int {
	if c.Wide == nil {
		return big.NewInt(c.leak())
	}
	left := new(big.Int).Set(c.Wide.Total)
	for _, u := range c.Wide.Units {
		left.Sub(left, u)
	}
	return left
}

// index is the matrix by holder. It is made from the columns if the caller gave none.
type index struct {
	rowStart, rowEntry, entryCol []int32
}

func (m *Matrix) index(ctx context.Context) (*index, error) {
	x := &index{m.RowStart, m.RowEntry, m.EntryCol}
	var now pace
	if x.entryCol == nil {
		x.entryCol = make([]int32, len(m.Row))
		for j := range m.Total {
			if err := now.and(ctx); err != nil {
				return nil, err
			}
			for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
				x.entryCol[e] = int32(j)
			}
		}
	}
	if x.rowStart == nil || x.rowEntry == nil {
		x.rowStart = make([]int32, len(m.Total)+1)
		for _, i := range m.Row {
			if err := now.and(ctx); err != nil {
				return nil, err
			}
			x.rowStart[i+1]++
		}
		for i := range m.Total {
			x.rowStart[i+1] += x.rowStart[i]
		}
		next := slices.Clone(x.rowStart)
		x.rowEntry = make([]int32, len(m.Row))
		for e, i := range m.Row {
			if err := now.and(ctx); err != nil {
				return nil, err
			}
			x.rowEntry[next[i]] = int32(e)
			next[i]++
		}
	}
	return x, nil
}

package power

import (
	"context"
	"math/big"
)

// marked is a calculation that makes one table for each mark modulo each prime,
// and adds up the values that it reads from the tables.
type marked struct {
	primes []uint64
	marks  int   // tables for each prime
	size   int64 // words of the table of one worker
	count  int   // number of sums
}

// sums makes the calculation on the workers and returns the sums as whole
// numbers. prepare prepares prime k. read makes the table of mark j modulo
// prime k in the given words, and adds the values to the sums.
func (m marked) sums(ctx context.Context, o Options, prepare func(k int) error, read func(table []uint64, k, j int, sums []uint64) error) ([]*big.Int, error) {
	tasks := len(m.primes) * m.marks
	workers := min(o.Workers, tasks)
	if err := o.fits(tableNeed(m.size, workers, len(m.primes), m.marks, m.count), Weights); err != nil {
		return nil, err
	}
	for k := range m.primes {
		if err := prepare(k); err != nil {
			return nil, err
		}
	}
	tables := make([][]uint64, workers)
	partial := make([][][]uint64, workers) // by worker, prime, sum
	for w := range partial {
		partial[w] = make([][]uint64, len(m.primes))
	}
	err := o.run(ctx, tasks, func(w, task int) error {
		k, j := task/m.marks, task%m.marks
		if tables[w] == nil {
			tables[w] = make([]uint64, m.size)
		}
		if partial[w][k] == nil {
			partial[w][k] = make([]uint64, m.count)
		}
		return read(tables[w], k, j, partial[w][k])
	})
	if err != nil {
		return nil, err
	}
	residues := make([][]uint64, len(m.primes))
	for k, p := range m.primes {
		f := field{p: p}
		residues[k] = make([]uint64, m.count)
		for _, sums := range partial {
			for i, v := range sums[k] {
				residues[k][i] = f.add(residues[k][i], v)
			}
		}
	}
	return combine(m.primes, residues), nil
}

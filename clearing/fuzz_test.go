package clearing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/ratio"
)

// FuzzNew builds systems from bytes, good and bad. What New accepts has two fair solutions.
func FuzzNew(f *testing.F) {
	f.Add([]byte{3, 10, 10, 10, 0, 1, 20, 0, 0, 2, 10, 0, 1, 0, 5, 0, 1, 2, 24, 0, 2, 0, 10, 0})
	f.Add([]byte{2, 0, 0, 0, 1, 9, 0, 1, 0, 9, 0})
	f.Add([]byte{2, 1, 1, 0, 1, 200, 9, 1, 0, 200, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		in := fuzzInput(data)
		s, err := clearing.New(in)
		if err != nil {
			var input *clearing.InputError
			require.ErrorAs(t, err, &input)
			return
		}
		c, err := s.Clear(t.Context(), clearing.Options{})
		require.NoError(t, err)
		requireFair(t, in, c.Greatest)
		requireFair(t, in, c.Least)
		requireNotLess(t, c.Least, c.Greatest)
	})
}

// fuzzInput reads a number of firms, their assets, and then stakes of four bytes: from, to,
// amount, and a kind.
func fuzzInput(data []byte) clearing.Input {
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b)
	}
	var in clearing.Input
	names := []string{"a", "b", "c", "d", "e", "", "x"}
	name := func(i int) string { return names[i%len(names)] }
	for i := range next() % 6 {
		in.Firms = append(in.Firms, clearing.Firm{Name: name(i), Assets: ratio.Int(int64(next()) - 3)})
	}
	in.Costs = clearing.Costs{External: ratio.Of(int64(next()%9), 8), Claims: ratio.Of(int64(next()%9), 8)}
	for len(data) > 0 {
		from, to, amount, kind := name(next()), name(next()), int64(next()), next()
		if kind%8 > 5 {
			in.Holdings = append(in.Holdings, clearing.Holding{Holder: from, Issuer: to, Share: ratio.Of(amount-2, 100)})
			continue
		}
		in.Debts = append(in.Debts, clearing.Debt{Debtor: from, Creditor: to, Amount: ratio.Of(amount-1, 3), Seniority: kind%8 - 1})
	}
	return in
}

package gen_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/gen"
)

func TestCyclic(t *testing.T) {
	for _, n := range []int{1, 2, 5, 30, 120} {
		for _, density := range []float64{0, 0.05, 0.5, 1} {
			t.Run(fmt.Sprintf("n=%d/density=%.2f", n, density), func(t *testing.T) {
				for seed := range uint64(20) {
					net, err := gen.Cyclic(seed, n, density)
					require.NoError(t, err)
					require.NoError(t, net.Check())
					require.Empty(t, shapeOf(net).ownerless)
					again, err := gen.Cyclic(seed, n, density)
					require.NoError(t, err)
					require.Equal(t, net, again)
				}
			})
		}
	}
}

func TestCyclicDensity(t *testing.T) {
	net, err := gen.Cyclic(1, 200, 0.25)
	require.NoError(t, err)
	pairs := 0
	for _, h := range net.Holder {
		if int(h) < net.Companies() {
			pairs++
		}
	}
	require.InDelta(t, 0.25, float64(pairs)/(200*199), 0.02)
}

func TestDense(t *testing.T) {
	for _, n := range []int{2, 3, 40, 300} {
		net, err := gen.Dense(uint64(n), n)
		require.NoError(t, err)
		require.NoError(t, net.Check())
		pairs := 0
		for _, h := range net.Holder {
			if int(h) < n {
				pairs++
			}
		}
		require.Equal(t, n*(n-1), pairs)
		s := shapeOf(net)
		require.Len(t, s.parts, 1)
		require.Empty(t, s.ownerless)
	}
}

func TestRing(t *testing.T) {
	tests := []struct {
		n            int
		issued, leak int64
		closed       bool
	}{
		{2, 100, 1, false}, {2, 1, 0, true}, {6, 1_000_000_000, 1, false}, {100, 10_000_000_000, 10, false}, {5, 100, 0, true},
	}
	for _, test := range tests {
		net, err := gen.Ring(test.n, test.issued, test.leak)
		require.NoError(t, err)
		require.NoError(t, net.Check())
		s := shapeOf(net)
		require.Len(t, s.parts, 1)
		require.Len(t, s.parts[0], test.n)
		if test.closed {
			require.Len(t, s.ownerless, test.n)
			require.Equal(t, s.parts, net.Closed)
			continue
		}
		require.Empty(t, s.ownerless)
		last := net.Stakes() - 1
		require.Equal(t, "P0000000", net.ID(net.Holder[last]))
		require.Equal(t, test.leak, net.Shares[last])
	}
}

// TestIllConditioned requires one part, two clusters joined by at most 100
// shares each way, and at most 200 shares that leave n companies of 10^10.
func TestIllConditioned(t *testing.T) {
	for _, n := range []int{4, 5, 9, 50, 200} {
		net, err := gen.IllConditioned(uint64(n), n)
		require.NoError(t, err)
		require.NoError(t, net.Check())
		s := shapeOf(net)
		require.Len(t, s.parts, 1)
		require.Len(t, s.parts[0], n)
		require.Empty(t, s.ownerless)
		bridges, left := 0, int64(n)*10_000_000_000
		for k, h := range net.Holder {
			if int(h) < n {
				left -= net.Shares[k]
				if (int(h) < n/2) != (int(net.Issuer[k]) < n/2) {
					bridges++
					require.LessOrEqual(t, net.Shares[k], int64(100))
				}
			}
		}
		require.Equal(t, 2, bridges)
		require.Positive(t, left)
		require.LessOrEqual(t, left, int64(200))
	}
}

func TestSmallBadArguments(t *testing.T) {
	tests := []struct {
		name  string
		make  func() (*gen.Network, error)
		names []string
	}{
		{"cyclic n", func() (*gen.Network, error) { return gen.Cyclic(0, 0, 0.5) }, []string{"n"}},
		{"cyclic large", func() (*gen.Network, error) { return gen.Cyclic(0, 10_001, 0.5) }, []string{"n"}},
		{"cyclic both", func() (*gen.Network, error) { return gen.Cyclic(0, -1, math.NaN()) }, []string{"n", "density"}},
		{"cyclic density", func() (*gen.Network, error) { return gen.Cyclic(0, 3, 1.01) }, []string{"density"}},
		{"dense", func() (*gen.Network, error) { return gen.Dense(0, 1) }, []string{"n"}},
		{"ring of one", func() (*gen.Network, error) { return gen.Ring(1, 100, 1) }, []string{"n"}},
		{"ring issued", func() (*gen.Network, error) { return gen.Ring(2, 0, 0) }, []string{"issued"}},
		{"ring leak", func() (*gen.Network, error) { return gen.Ring(2, 100, 100) }, []string{"leak"}},
		{"ring negative leak", func() (*gen.Network, error) { return gen.Ring(0, 100, -1) }, []string{"n", "leak"}},
		{"ill-conditioned", func() (*gen.Network, error) { return gen.IllConditioned(0, 3) }, []string{"n"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			net, err := test.make()
			require.Nil(t, net)
			require.ErrorIs(t, err, gen.ErrOption)
			require.Equal(t, test.names, optionNames(err))
		})
	}
}

func FuzzSmall(f *testing.F) {
	f.Add(uint64(1), 10, 0.3, int64(1_000), int64(1))
	f.Add(uint64(2), math.MaxInt32, 2.0, int64(-5), int64(1<<62))
	f.Fuzz(func(t *testing.T, seed uint64, n int, density float64, issued, leak int64) {
		if n <= 10_000 {
			n %= 150
		}
		all := make([]*gen.Network, 4)
		errs := make([]error, 4)
		all[0], errs[0] = gen.Cyclic(seed, n, density)
		all[1], errs[1] = gen.Dense(seed, n)
		all[2], errs[2] = gen.Ring(n, issued, leak)
		all[3], errs[3] = gen.IllConditioned(seed, n)
		for k, err := range errs {
			if err != nil {
				require.ErrorIs(t, err, gen.ErrOption)
				require.NotEmpty(t, optionNames(err))
				continue
			}
			require.NoError(t, all[k].Check())
		}
	})
}

func ExampleRing() {
	n, err := gen.Ring(3, 10_000_000_000, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	for s, holder := range n.Holder {
		fmt.Println(n.ID(holder), n.ID(n.Issuer[s]), n.Shares[s])
	}
	// Output:
	// C0000002 C0000000 9999999990
	// C0000000 C0000001 10000000000
	// C0000001 C0000002 10000000000
	// P0000000 C0000000 10
}

func ExampleDense() {
	n, err := gen.Dense(1, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	between := 0
	for _, holder := range n.Holder {
		if int(holder) < n.Companies() {
			between++
		}
	}
	fmt.Println(n.Companies(), "companies,", between, "stakes between them")
	// Output: 100 companies, 9900 stakes between them
}

func ExampleCyclic() {
	n, err := gen.Cyclic(1, 5, 0.5)
	if err != nil {
		fmt.Println(err)
		return
	}
	for s, holder := range n.Holder[:4] {
		fmt.Println(n.ID(holder), n.ID(n.Issuer[s]), n.Shares[s])
	}
	// Output:
	// C0000001 C0000000 55589215
	// C0000002 C0000000 283262951
	// C0000003 C0000000 499622834
	// C0000000 C0000001 2017
}

func ExampleIllConditioned() {
	n, err := gen.IllConditioned(1, 50)
	if err != nil {
		fmt.Println(err)
		return
	}
	for s, holder := range n.Holder {
		if int(holder) >= n.Companies() {
			fmt.Println(n.ID(holder), "holds", n.Shares[s], "of", n.Issued[n.Issuer[s]], "shares of", n.ID(n.Issuer[s]))
		}
	}
	// Output: P0000000 holds 1 of 10000000000 shares of C0000025
}

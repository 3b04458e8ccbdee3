package crossholding_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func TestDiagnose(t *testing.T) {
	a := booktest.New(t, booktest.Percents(
		[3]string{"a", "b", "30"}, [3]string{"b", "c", "40"}, [3]string{"c", "a", "35"}, // smallest 30
		[3]string{"b", "a", "20"},                              // a-b-a: smallest 20
		[3]string{"x", "y", "100"}, [3]string{"y", "x", "100"}, // closed
		[3]string{"anna", "d", "100"},
	))
	d, err := a.Diagnose(context.Background())
	require.NoError(t, err)
	require.Equal(t, [][]string{{"x", "y"}}, d.Unowned)
	require.Equal(t, []string{"d", "x", "y"}, d.NoFloat)
	require.Equal(t, []int{6, 1, 7}, []int{d.Companies, d.Others, d.Stakes})
	require.Equal(t, []string{
		"3 companies with 4 stakes in one another: a holds 30% of b, b holds 40% of c, c holds 35% of a",
		"2 companies with 2 stakes in one another: x holds 100% of y, y holds 100% of x",
	}, []string{d.Components[0].String(), d.Components[1].String()})
}

// No cycle of a random part has a larger smallest stake than the one reported.
func TestDiagnoseWidestCycle(t *testing.T) {
	for seed := range uint64(testkit.Cases(40)) {
		n, err := gen.Cyclic(seed, 6, 0.4)
		require.NoError(t, err)
		a := booktest.Register(t, n, crossholding.RegisterOptions{})
		d, err := a.Diagnose(context.Background())
		require.NoError(t, err)
		o := ownership(t, a)
		for _, p := range d.Components {
			smallest := ratio.Int(1)
			for i, l := range p.Cycle {
				direct, err := o.Direct(l.Name, p.Cycle[(i+1)%len(p.Cycle)].Name)
				require.NoError(t, err)
				require.True(t, direct.Equal(l.Figure))
				if l.Figure.Less(smallest) {
					smallest = l.Figure
				}
			}
			best := widest(t, o, p.Companies, nil, ratio.Int(1))
			require.Truef(t, best.Equal(smallest), "%v: %s, by enumeration %s", p, smallest, best)
		}
	}
}

// widest enumerates all cycles of a small set through its path so far.
func widest(t *testing.T, o *crossholding.Ownership, all, path []string, smallest ratio.Ratio) (best ratio.Ratio) {
	for _, next := range all {
		if len(path) == 0 {
			if b := widest(t, o, all, []string{next}, smallest); best.Less(b) {
				best = b
			}
			continue
		}
		if next == path[len(path)-1] {
			continue
		}
		share, err := o.Direct(path[len(path)-1], next)
		require.NoError(t, err)
		if smallest.Less(share) {
			share = smallest
		}
		b := share
		if next != path[0] {
			if share.IsZero() || contains(path, next) {
				continue
			}
			b = widest(t, o, all, append(path[:len(path):len(path)], next), share)
		}
		if best.Less(b) {
			best = b
		}
	}
	return best
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func ExampleAlliance_Diagnose() {
	a, err := crossholding.New(booktest.Percents([3]string{"renault", "nissan", "43.4"}, [3]string{"nissan", "renault", "15"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := a.Diagnose(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Components[0])
	// Output: 2 companies with 2 stakes in one another: nissan holds 15% of renault, renault holds 43.4% of nissan
}

package exact_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/stretchr/testify/require"
)

// stake is one entry of a matrix under test.
type stake struct {
	holder, issuer int32
	units          int64
}

// build compresses stakes; totals of 0 mark outside owners. The stakes in a
// company keep their order.
func build(totals []int64, stakes []stake) *matrix.Matrix {
	m := &matrix.Matrix{
		ColStart: make([]int32, len(totals)+1), Total: totals,
		Row: make([]int32, len(stakes)), Units: make([]int64, len(stakes)),
	}
	for _, s := range stakes {
		m.ColStart[s.issuer+1]++
	}
	for j := range totals {
		m.ColStart[j+1] += m.ColStart[j]
	}
	next := slices.Clone(m.ColStart)
	for _, s := range stakes {
		e := next[s.issuer]
		next[s.issuer]++
		m.Row[e], m.Units[e] = s.holder, s.units
	}
	return m
}

// reference is V by Gauss-Jordan elimination in big.Rat, nil where I-A is
// singular. It shares nothing with the package but the matrix.
type reference struct {
	n int
	a [][]*big.Rat
	v [][]*big.Rat
	// leak of each column as a fraction
	leak []*big.Rat
}

func units(m *matrix.Matrix, j, e int32) *big.Int {
	if w := m.Wide[j]; w != nil {
		return w.Units[e-m.ColStart[j]]
	}
	return big.NewInt(m.Units[e])
}

func newReference(m *matrix.Matrix) *reference {
	n := len(m.Total)
	g := &reference{n: n}
	aug := make([][]*big.Rat, n)
	g.a = make([][]*big.Rat, n)
	g.leak = make([]*big.Rat, n)
	for i := range n {
		aug[i] = make([]*big.Rat, 2*n)
		g.a[i] = make([]*big.Rat, n)
		for j := range 2 * n {
			aug[i][j] = new(big.Rat)
			if j == i || j == n+i {
				aug[i][j].SetInt64(1)
			}
		}
		for j := range n {
			g.a[i][j] = new(big.Rat)
		}
	}
	for j := range int32(n) {
		g.leak[j] = new(big.Rat)
		if m.Total[j] == 0 {
			continue
		}
		total := big.NewInt(m.Total[j])
		if w := m.Wide[j]; w != nil {
			total = w.Total
		}
		g.leak[j].SetInt64(1)
		for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
			x := new(big.Rat).SetFrac(units(m, j, e), total)
			i := m.Row[e]
			g.a[i][j].Add(g.a[i][j], x)
			aug[i][j].Sub(aug[i][j], x)
			g.leak[j].Sub(g.leak[j], x)
		}
	}
	for c := range n {
		p := c
		for p < n && aug[p][c].Sign() == 0 {
			p++
		}
		if p == n {
			return nil
		}
		aug[p], aug[c] = aug[c], aug[p]
		inv := new(big.Rat).Inv(aug[c][c])
		for j := range aug[c] {
			aug[c][j].Mul(aug[c][j], inv)
		}
		for i := range n {
			if i == c || aug[i][c].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Set(aug[i][c])
			for j := range aug[i] {
				if aug[c][j].Sign() != 0 {
					aug[i][j].Sub(aug[i][j], new(big.Rat).Mul(f, aug[c][j]))
				}
			}
		}
	}
	for i := range n {
		g.v = append(g.v, aug[i][n:])
	}
	return g
}

// y returns integrated ownership of company j by o.
func (g *reference) y(o exact.Owner, j int32) *big.Rat {
	v := new(big.Rat).Set(g.v[o.Node][j])
	if o.Float {
		return v.Mul(v, g.leak[o.Node])
	}
	if o.Node == j {
		v.Sub(v, big.NewRat(1, 1))
	}
	return v
}

// shape says what random matrices look like.
type shape struct {
	companies, outsiders int
	degree               int   // stakes per company, on average
	total                int64 // outstanding, at most
	leak                 int64 // units left to the float where near is drawn
	near                 bool  // columns are filled up to leak
	cycles               bool  // else holders come before issuers
}

// random draws a matrix of the shape. Holders among the companies are as
// likely as outsiders.
func random(rng *rand.Rand, sh shape) *matrix.Matrix {
	n := sh.companies + sh.outsiders
	totals := make([]int64, n)
	var stakes []stake
	perm := rng.Perm(n) // so that node numbers tell nothing
	for c := range sh.companies {
		j := int32(perm[c])
		total := 1 + rng.Int64N(sh.total)
		if sh.near {
			total = sh.total
		}
		totals[j] = total
		left := total
		if sh.near {
			left -= min(sh.leak, left)
		}
		k := rng.IntN(2*sh.degree + 1)
		if sh.near {
			k = 1 + rng.IntN(2*sh.degree)
		}
		for x := range k {
			pool := n
			if sh.near && rng.IntN(10) != 0 {
				pool = sh.companies
			}
			h := rng.IntN(pool)
			if !sh.cycles && h < sh.companies {
				if c == 0 {
					continue
				}
				h = rng.IntN(c)
			}
			if h == c {
				continue
			}
			u := rng.Int64N(left + 1)
			if sh.near && x == k-1 {
				u = left
			}
			left -= u
			stakes = append(stakes, stake{int32(perm[h]), j, u})
		}
	}
	return build(totals, stakes)
}

// fraction compares by value.
func fraction(t *testing.T, want, got *big.Rat, what ...any) {
	t.Helper()
	if want.Cmp(got) != 0 {
		require.Equal(t, want.RatString(), got.RatString(), what...)
	}
}

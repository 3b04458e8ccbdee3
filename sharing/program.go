package sharing

import (
	"errors"
	"math/big"
)

// program is a linear program in the middle of the simplex method, with exact numbers. It
// maximises the cost of columns with weights of at least 0 whose weighted sum is the right
// side. The costs of the weighted columns have prices: one for each row.
//
// All vectors are in the coordinates of the first basis, so that its inverse begins as the
// identity. The inverse is kept as whole numbers over the determinant (J. Edmonds, Systems of
// Distinct Representatives and Linear Algebra, 1967: integer pivoting; not verified in the
// article). The lexicographic rule for the column that leaves makes the method finite
// (G.B. Dantzig, A. Orden and P. Wolfe, 1955; not verified in the article).
type program struct {
	det     *big.Int     // above 0
	inverse [][]*big.Int // det times the inverse of the basis
	weights []*big.Int   // det times the weights of the basic columns; at least 0
	costs   []*big.Int   // of the basic columns
	columns []column     // the basic columns
}

// column says what a column of a program stands for.
type column struct {
	kind      columnKind
	coalition Coalition
}

type columnKind uint8

const (
	excessOf     columnKind = iota // the excess of a coalition is at most the bound
	atLeast                        // a member has at least its lower limit
	atMostFixed                    // a coalition has at most its fixed amount
	atLeastFixed                   // a coalition has at least its fixed amount
)

// newProgram starts with a basis and its weights, which must be at least 0.
func newProgram(columns []column, costs, weights []*big.Int) *program {
	p := &program{det: big.NewInt(1), columns: columns, costs: costs, weights: weights}
	for r := range columns {
		row := make([]*big.Int, len(columns))
		for i := range row {
			row[i] = new(big.Int)
		}
		row[r].SetInt64(1)
		p.inverse = append(p.inverse, row)
	}
	return p
}

// prices returns det times the price of each row.
func (p *program) prices() []*big.Int {
	out := make([]*big.Int, len(p.columns))
	t := new(big.Int)
	for i := range out {
		out[i] = new(big.Int)
		for r, cost := range p.costs {
			if cost.Sign() != 0 && p.inverse[r][i].Sign() != 0 {
				out[i].Add(out[i], t.Mul(cost, p.inverse[r][i]))
			}
		}
	}
	return out
}

// errUnbounded would be a fault of this package: its programs have bounds.
var errUnbounded = errors.New("sharing: a linear program without a bound")

// enter brings a column into the basis. Its cost must be above the price of its entries.
func (p *program) enter(c column, entries []int64, cost *big.Int) error {
	d := make([]*big.Int, len(p.columns))
	t := new(big.Int)
	leaves := -1
	for r, row := range p.inverse {
		d[r] = new(big.Int)
		for i, e := range entries {
			if e != 0 {
				d[r].Add(d[r], t.Mul(row[i], t.SetInt64(e)))
			}
		}
		if d[r].Sign() > 0 && (leaves < 0 || p.before(r, d[r], leaves, d[leaves])) {
			leaves = r
		}
	}
	if leaves < 0 {
		return errUnbounded
	}
	p.pivot(leaves, d)
	p.columns[leaves], p.costs[leaves] = c, cost
	return nil
}

// before reports whether row r over d is lexicographically less than row q over e.
func (p *program) before(r int, d *big.Int, q int, e *big.Int) bool {
	a, b := new(big.Int), new(big.Int)
	if c := a.Mul(p.weights[r], e).Cmp(b.Mul(p.weights[q], d)); c != 0 {
		return c < 0
	}
	for i := range p.inverse[r] {
		if c := a.Mul(p.inverse[r][i], e).Cmp(b.Mul(p.inverse[q][i], d)); c != 0 {
			return c < 0
		}
	}
	return false
}

// pivot makes a column with the entries d, in terms of the basis, the basic column of row q.
func (p *program) pivot(q int, d []*big.Int) {
	t := new(big.Int)
	eliminate := func(x, y, factor *big.Int) {
		x.Mul(x, d[q])
		x.Sub(x, t.Mul(y, factor))
		x.Quo(x, p.det) // without a rest
	}
	for r, row := range p.inverse {
		if r == q {
			continue
		}
		for i, x := range row {
			eliminate(x, p.inverse[q][i], d[r])
		}
		eliminate(p.weights[r], p.weights[q], d[r])
	}
	p.det = d[q]
}

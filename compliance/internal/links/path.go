package links

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/ratio"
)

// holdings are what all have of one another, counted in one way.
type holdings struct {
	basis     crossholding.Basis
	tally     *crossholding.Tally
	fractions [][]crossholding.Holding // of each company: who has which fraction of it
	out       [][]simplepath.Edge      // of each node: what it holds
}

func newHoldings(ctx context.Context, basis crossholding.Basis, tally *crossholding.Tally) (*holdings, error) {
	n := tally.Graph().Len()
	b := &holdings{basis, tally, make([][]crossholding.Holding, n), make([][]simplepath.Edge, n)}
	for c := range int32(n) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, progress.Cause(ctx)
		}
		b.fractions[c] = tally.Fractions(c)
		for _, h := range b.fractions[c] {
			b.out[h.Node] = append(b.out[h.Node], simplepath.Edge{To: c, Weight: h.Amount.Rat()})
		}
	}
	return b, nil
}

// walk visits all simple paths from x.
func (b *holdings) walk(ctx context.Context, x int32, steps int, visit func(path []int32, worth *big.Rat)) error {
	return simplepath.Walk(ctx, x, func(i int32) []simplepath.Edge { return b.out[i] }, simplepath.Product, steps,
		func(path []int32, worth *big.Rat) bool {
			visit(path, worth)
			return true
		})
}

// sums adds up the products along all simple paths from x. It counts the steps.
func (b *holdings) sums(ctx context.Context, x int32, steps int) (sums map[int32]ratio.Ratio, used int, err error) {
	worths := map[int32]*big.Rat{}
	err = b.walk(ctx, x, steps, func(path []int32, worth *big.Rat) {
		used++
		y := path[len(path)-1]
		if worths[y] == nil {
			worths[y] = new(big.Rat)
		}
		worths[y].Add(worths[y], worth)
	})
	sums = make(map[int32]ratio.Ratio, len(worths))
	for y, sum := range worths {
		sums[y] = ratio.FromRat(sum)
	}
	return sums, used, err
}

// note adds a path to the link. If there are too many, it drops the weakest paths.
func (l *Link) note(nodes []string, worth *big.Rat) {
	l.Paths = append(l.Paths, Path{nodes, ratio.FromRat(worth)})
	if len(l.Paths) >= 2*maxPaths {
		l.trim()
	}
}

// trim keeps the strongest paths, in order.
func (l *Link) trim() {
	slices.SortFunc(l.Paths, func(x, y Path) int {
		return cmp.Or(y.Product.Cmp(x.Product), slices.Compare(x.Nodes, y.Nodes))
	})
	if len(l.Paths) > maxPaths {
		l.More += len(l.Paths) - maxPaths
		l.Paths = l.Paths[:maxPaths]
	}
}

package whatif

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/progress"
)

// Simulation asks for figures of value on random markets. A market is that of the book with
// some prices and rates changed, either by lognormal factors or by rows of a table. It is
// plain data.
//
// Draw number i depends only on Seed and i. So any part of the draws can be made anywhere.
type Simulation struct {
	Figures []Figure `json:"figures"` // kinds of value
	Goals   []Goal   `json:"goals"`   // conditions on such figures
	// Factors are prices and rates that change at random. They are correlated by
	// Correlations, and otherwise independent.
	Factors      []Factor      `json:"factors,omitempty"`
	Correlations []Correlation `json:"correlations,omitempty"`
	// Table is drawn from in place of Factors: one of its rows at a time, each as likely.
	Table *Table `json:"table,omitempty"`
	Seed  uint64 `json:"seed"`
	First int    `json:"first"` // index of the first draw
	Draws int    `json:"draws"`
}

// Factor is a price or a rate that is multiplied by e^x, x being normal. It is plain data.
type Factor struct {
	Key        string  `json:"key"`             // "prices.nissan" or "fx.EUR/JPY", which the market of the book must have
	Volatility float64 `json:"volatility"`      // standard deviation of x, above 0: 0.3 for 30% over the whole period
	Drift      float64 `json:"drift,omitempty"` // mean of x. With 0, half of the draws are below the price of the book
}

// Correlation is the correlation of the logarithms of two factors, -1..1. It is plain data.
type Correlation struct {
	A           string  `json:"a"` // key of a factor
	B           string  `json:"b"`
	Coefficient float64 `json:"coefficient"`
}

// Table is a list of changes that happened together, such as those of past years. It is
// plain data.
type Table struct {
	Keys []string    `json:"keys"` // as in a [Factor]
	Rows [][]float64 `json:"rows"` // for each key the price after / the price before: 1.02 is a rise of 2%
}

// Draw is one random market with its estimates. It is plain data.
type Draw struct {
	Index     int       `json:"index"`
	Factors   []float64 `json:"factors"`   // by which the prices and rates changed, in the order of the simulation
	Estimates []float64 `json:"estimates"` // of the figures
}

// Keys returns the prices and rates that change, in the order of [Draw.Factors].
func (s Simulation) Keys() []string {
	if s.Table != nil {
		return slices.Clone(s.Table.Keys)
	}
	keys := make([]string, len(s.Factors))
	for i, f := range s.Factors {
		keys[i] = f.Key
	}
	return keys
}

// Shard returns part i of n of the simulation, i from 0. The parts have all draws, and each
// draw once. It fails with [crossholding.ErrRange] if i is not within 0 and n-1.
func (s Simulation) Shard(i, n int) (Simulation, error) {
	if n < 1 || i < 0 || i >= n {
		return Simulation{}, withPrefix(fmt.Errorf("shard %d of %d: %w", i, n, crossholding.ErrRange))
	}
	size, rest := s.Draws/n, s.Draws%n
	s.First += i*size + min(i, rest)
	s.Draws = size
	if i < rest {
		s.Draws++
	}
	return s, nil
}

// maxDraws is the largest number of a draw, if an int can hold it.
const maxDraws = min(1<<40, math.MaxInt)

// covariance is the covariance of the logarithms of the factors, which were checked.
func (s Simulation) covariance() *mat.SymDense {
	c := mat.NewSymDense(len(s.Factors), nil)
	for i, f := range s.Factors {
		c.SetSym(i, i, f.Volatility*f.Volatility)
	}
	keys := s.Keys()
	for _, r := range s.Correlations {
		i, j := slices.Index(keys, r.A), slices.Index(keys, r.B)
		c.SetSym(i, j, r.Coefficient*s.Factors[i].Volatility*s.Factors[j].Volatility)
	}
	return c
}

// simulator makes draws of one simulation. Each goroutine has its own.
type simulator struct {
	sim     Simulation
	source  *rand.PCG
	random  *rand.Rand
	root    [][]float64 // lower triangle: its product with its transpose is the covariance
	normals []float64
	figures []linear
	goals   []linear
	limits  []float64
}

func newSimulator(ctx context.Context, a *crossholding.Alliance, sim Simulation, opt Options) (*simulator, error) {
	if err := progress.Stopped(ctx, "whatif"); err != nil {
		return nil, err
	}
	var bad faults
	sim.check(&bad, "")
	r, err := newRevaluation(ctx, a, sim.Keys(), opt)
	bad.wrap("", err)
	if err := bad.err(); err != nil {
		return nil, err
	}
	s := &simulator{sim: sim}
	for i, f := range sim.Figures {
		l, err := r.linear(f)
		bad.wrap(fmt.Sprintf("figures[%d]", i), err)
		s.figures = append(s.figures, l)
	}
	for i, g := range sim.Goals {
		l, err := r.linear(g.Figure)
		bad.wrap(fmt.Sprintf("goals[%d]", i), err)
		s.goals, s.limits = append(s.goals, l), append(s.limits, g.Limit.Float64())
	}
	if sim.Table == nil {
		var root [][]float64
		var wrong error
		if err := await.Run(ctx, func() { root, wrong = sim.root() }); err != nil {
			return nil, err
		}
		s.root = root
		bad.wrap("correlations", wrong)
	}
	if err := bad.err(); err != nil {
		return nil, err
	}
	return s.fresh(), nil
}

// root is the Cholesky factor of the covariance.
func (s Simulation) root() ([][]float64, error) {
	var factor mat.Cholesky
	if !factor.Factorize(s.covariance()) {
		return nil, fmt.Errorf("the correlations contradict one another, or are 1 or -1: %w", crossholding.ErrRange)
	}
	var lower mat.TriDense
	factor.LTo(&lower)
	out := make([][]float64, len(s.Factors))
	for i := range out {
		for j := range i + 1 {
			out[i] = append(out[i], lower.At(i, j))
		}
	}
	return out, nil
}

// fresh returns a simulator for another goroutine.
func (s *simulator) fresh() *simulator {
	out := *s
	out.source = rand.NewPCG(0, 0)
	out.random = rand.New(out.source)
	out.normals = make([]float64, len(s.root))
	return &out
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, 2014). It makes the states of
// neighbouring draws unlike one another.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// factors writes the factors of a draw.
func (s *simulator) factors(index int, out []float64) {
	const golden = 0x9e3779b97f4a7c15
	i := uint64(index)
	s.source.Seed(mix(s.sim.Seed+(2*i+1)*golden), mix(mix(s.sim.Seed)+(2*i+2)*golden))
	if t := s.sim.Table; t != nil {
		copy(out, t.Rows[s.random.IntN(len(t.Rows))])
		return
	}
	for k := range s.normals {
		s.normals[k] = s.random.NormFloat64()
	}
	for k, row := range s.root {
		x := s.sim.Factors[k].Drift
		for j, c := range row {
			x += c * s.normals[j]
		}
		out[k] = math.Exp(x)
	}
}

// meets is Goal.Holds for an estimate.
func (s *simulator) meets(g int, x float64) bool {
	return s.sim.Goals[g].Is.holds(cmp.Compare(x, s.limits[g]))
}

// estimate is a figure of a draw. It fails if the figure is too large for a float.
func estimate(l *linear, factors []float64, index int) (float64, error) {
	x := l.at(factors) + 0 // no negative zero
	if !(math.Abs(x) < 1e150) {
		return 0, fmt.Errorf("draw %d: a %s of %g: %w", index, l.kind, x, crossholding.ErrTooLarge)
	}
	return x, nil
}

// blockSize is the number of draws that a goroutine makes at a time.
const blockSize = 1024

// blocks is the number of blocks of a simulation.
func (s Simulation) blocks() int { return (s.Draws + blockSize - 1) / blockSize }

// block is the range of draws of one block.
func (s Simulation) block(i int) (from, to int) {
	return s.First + i*blockSize, min(s.First+(i+1)*blockSize, s.First+s.Draws)
}

// Markets yields the draws of a simulation one after another. The estimates are floats.
// They do not depend on [Options.Workers], and a bounded number of draws is in memory. The
// errors are those of [Simulate]. If there is an error, the draw is empty and the sequence
// ends.
func Markets(ctx context.Context, a *crossholding.Alliance, sim Simulation, opt Options) iter.Seq2[Draw, error] {
	ctx, a = given(ctx, a)
	return func(yield func(Draw, error) bool) {
		first, err := newSimulator(ctx, a, sim, opt)
		if err != nil {
			yield(Draw{}, withPrefix(err))
			return
		}
		stage := progress.Start(ctx, "random markets", sim.Draws, 1)
		work := func(i int) ([]Draw, error) { return first.draws(ctx, i) }
		for block, err := range inOrder(0, sim.blocks(), opt.workers(sim.blocks()), work) {
			if err != nil {
				yield(Draw{}, withPrefix(err))
				return
			}
			for _, d := range block {
				stage.At(d.Index - sim.First + 1)
				if !yield(d, nil) {
					return
				}
			}
		}
		stage.End()
	}
}

// weight is the number of products of one draw.
func (s *simulator) weight() int {
	n := len(s.root) * len(s.root)
	for _, list := range [][]linear{s.figures, s.goals} {
		for i := range list {
			n += len(list[i].value) + len(list[i].cost)
		}
	}
	return n
}

// look returns the error of a context that has ended, before the n-th draw of a block. It looks only
// now and then, as often as draws take long.
func (s *simulator) look(ctx context.Context, n int) error {
	if n%max(1, 1<<20/(s.weight()+1<<10)) != 0 {
		return nil
	}
	return progress.Stopped(ctx, "whatif")
}

// draws are the draws of one block.
func (s *simulator) draws(ctx context.Context, block int) ([]Draw, error) {
	own := s.fresh()
	from, to := s.sim.block(block)
	out := make([]Draw, 0, to-from)
	for i := from; i < to; i++ {
		if err := own.look(ctx, i-from); err != nil {
			return nil, err
		}
		d := Draw{Index: i, Factors: make([]float64, len(s.sim.Keys())), Estimates: make([]float64, len(s.figures))}
		own.factors(i, d.Factors)
		for f := range own.figures {
			x, err := estimate(&own.figures[f], d.Factors, i)
			if err != nil {
				return nil, err
			}
			d.Estimates[f] = x
		}
		out = append(out, d)
	}
	return out, nil
}

// part is what one goroutine has gathered.
type part struct {
	figures []gathering
	trues   []int
	count   int
}

// gather adds the draws of one block.
func (s *simulator) gather(ctx context.Context, p *part, block int, factors []float64) error {
	from, to := s.sim.block(block)
	for i := from; i < to; i++ {
		if err := s.look(ctx, i-from); err != nil {
			return err
		}
		s.factors(i, factors)
		for f := range s.figures {
			x, err := estimate(&s.figures[f], factors, i)
			if err != nil {
				return err
			}
			p.figures[f].add(x)
		}
		for g := range s.goals {
			x, err := estimate(&s.goals[g], factors, i)
			if err != nil {
				return err
			}
			if s.meets(g, x) {
				p.trues[g]++
			}
		}
		p.count++
	}
	return nil
}

// Simulate makes the draws of a simulation and returns their summary: quantiles, means and
// probabilities. A stake's value is linear in each price and rate, so shares and costs are
// computed once, exactly, and each draw only multiplies floats. Memory does not grow with
// the number of draws. The summary does not depend on [Options.Workers], and the summaries
// of shards merge to the same bytes.
//
// It fails with [crossholding.ErrUnknown] for a figure that does not depend on prices, and
// for a key that is neither a price nor a rate, with [crossholding.ErrNoPrice] if the market
// of the book does not have it, with [crossholding.ErrNoCost] if a cost is not known, with
// [crossholding.ErrRange], [crossholding.ErrMissing] or [crossholding.ErrDuplicate] for
// malformed factors, with [crossholding.ErrTooLarge] for estimates of 10^150 and more, and
// with ctx's error.
func Simulate(ctx context.Context, a *crossholding.Alliance, sim Simulation, opt Options) (*Summary, error) {
	ctx, a = given(ctx, a)
	first, err := newSimulator(ctx, a, sim, opt)
	if err != nil {
		return nil, withPrefix(err)
	}
	parts, err := first.all(ctx, opt.workers(sim.blocks()))
	if err != nil {
		return nil, withPrefix(err)
	}
	out := &Summary{Simulation: sim, Draws: []DrawRange{}, Goals: []Frequency{}}
	out.Simulation.First, out.Simulation.Draws = 0, 0
	if sim.Draws > 0 {
		out.Draws = append(out.Draws, DrawRange{sim.First, sim.First + sim.Draws})
	}
	out.Estimates = make([]Distribution, len(sim.Figures))
	share(len(sim.Figures), len(parts), func(i int) {
		all := &parts[0].figures[i]
		for _, p := range parts[1:] {
			all.merge(&p.figures[i])
		}
		out.Estimates[i] = all.distribution(sim.Figures[i])
	})
	for i, g := range sim.Goals {
		f := Frequency{Goal: g}
		for _, p := range parts {
			f.Count, f.True = f.Count+p.count, f.True+p.trues[i]
		}
		out.Goals = append(out.Goals, f)
	}
	return out, nil
}

// all makes all blocks on some goroutines, and returns what each gathered.
func (s *simulator) all(ctx context.Context, workers int) ([]*part, error) {
	var group sync.WaitGroup
	var guard sync.Mutex
	var failed error
	next, done := 0, 0
	stage := progress.Start(ctx, "random markets", s.sim.Draws, 1)
	// claim says that the last block is done, and returns the next one, or -1.
	claim := func(made int, err error) int {
		guard.Lock()
		defer guard.Unlock()
		if failed == nil {
			failed = err
		}
		done += made
		stage.At(done)
		if failed != nil || next == s.sim.blocks() {
			return -1
		}
		next++
		return next - 1
	}
	parts := make([]*part, workers)
	for w := range parts {
		p := &part{figures: make([]gathering, len(s.figures)), trues: make([]int, len(s.goals))}
		parts[w] = p
		group.Go(func() {
			own, factors := s.fresh(), make([]float64, len(s.sim.Keys()))
			var err error
			for made, b := 0, claim(0, nil); b >= 0; b = claim(made, err) {
				from, to := s.sim.block(b)
				made = to - from
				err = own.gather(ctx, p, b, factors)
			}
		})
	}
	group.Wait()
	if failed == nil {
		stage.End()
	}
	return parts, failed
}

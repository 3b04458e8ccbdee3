package power

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// EstimateOptions says how to draw samples, and how many. The zero value is the
// default.
type EstimateOptions struct {
	// Samples is the number of orderings or coalitions that are drawn; 0 means
	// 100,000.
	Samples int
	// Seed starts the random numbers. The same seed gives the same estimate,
	// for any number of workers.
	Seed uint64
	// Confidence is the probability that all the intervals contain their exact
	// figures at the same time; 0 means 0.99.
	Confidence float64
	// Workers and Progress are as in Options.
	Workers  int
	Progress func(done, total int)
}

// Estimate is an index that is estimated from random samples. Every figure has
// the same interval. The zero value has no players.
type Estimate struct {
	values     []float64
	halfWidth  float64
	confidence float64
	samples    int
}

// Values returns the estimated figures, in the order of the players.
func (e Estimate) Values() []float64 { return append([]float64(nil), e.values...) }

// HalfWidth returns a bound on the distance of the exact figures from the
// estimates. With the probability Confidence, all of them are within it. It is the
// bound of W. Hoeffding, Probability Inequalities for Sums of Bounded Random
// Variables, JASA 58, 1963, over all players: sqrt(ln(2 players /
// (1-confidence)) / (2 samples)).
func (e Estimate) HalfWidth() float64 { return e.halfWidth }

// Confidence returns the probability that all intervals contain their exact
// figures at the same time.
func (e Estimate) Confidence() float64 { return e.confidence }

// Samples returns the number of samples that were drawn.
func (e Estimate) Samples() int { return e.samples }

// EstimateShapleyShubik draws random orderings and returns how often each
// player is pivotal. It takes any game that is not listed. The exact methods
// never use it.
func (g Game) EstimateShapleyShubik(ctx context.Context, o EstimateOptions) (Estimate, error) {
	return g.estimate(ctx, o, func(r *rand.Rand, s *sampler) {
		r.Shuffle(len(s.order), func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
		clear(s.sums)
		for _, i := range s.order {
			s.join(i)
			if s.wins() {
				s.counts[i]++
				return
			}
		}
	})
}

// EstimateBanzhaf draws random coalitions and returns how often each player
// would swing the coalition of the others. This estimates the absolute Banzhaf
// index. It takes any game that is not listed.
func (g Game) EstimateBanzhaf(ctx context.Context, o EstimateOptions) (Estimate, error) {
	return g.estimate(ctx, o, func(r *rand.Rand, s *sampler) {
		clear(s.sums)
		var word uint64
		for i := range s.in {
			if i&63 == 0 {
				word = r.Uint64()
			}
			s.in[i] = word>>(i&63)&1 == 1
			if s.in[i] {
				s.join(i)
			}
		}
		won := s.wins()
		for i, in := range s.in {
			if in != won {
				continue // adding a player cannot make it lose, and removing one cannot make it win
			}
			if in {
				s.leave(i)
			} else {
				s.join(i)
			}
			if s.wins() != won {
				s.counts[i]++
			}
			if in {
				s.join(i)
			} else {
				s.leave(i)
			}
		}
	})
}

// sampler is the state of one goroutine.
type sampler struct {
	rule   *rule
	leaves []*rule
	sums   []int64
	vs     []verdict
	in     []bool
	order  []int
	counts []int64
}

func (s *sampler) join(i int) {
	for k, l := range s.leaves {
		s.sums[k] += l.weights[i]
	}
}

func (s *sampler) leave(i int) {
	for k, l := range s.leaves {
		s.sums[k] -= l.weights[i]
	}
}

func (s *sampler) wins() bool {
	for k, l := range s.leaves {
		s.vs[k] = no
		if s.sums[k] >= l.quota {
			s.vs[k] = yes
		}
	}
	v, _ := s.rule.decide(s.vs)
	return v == yes
}

const samplesAChunk = 1000

func (g Game) estimate(ctx context.Context, e EstimateOptions, draw func(*rand.Rand, *sampler)) (Estimate, error) {
	o, err := g.begin([]Options{{Workers: e.Workers, Progress: e.Progress}})
	if err != nil {
		return Estimate{}, err
	}
	if g.rule.hasList() {
		return Estimate{}, fmt.Errorf("%w: a listed game cannot be estimated", ErrOptions)
	}
	if e.Samples == 0 {
		e.Samples = 100_000
	}
	if e.Confidence == 0 {
		e.Confidence = 0.99
	}
	if e.Samples < 0 || !(e.Confidence > 0 && e.Confidence < 1) {
		return Estimate{}, fmt.Errorf("%w: %d samples, confidence %v", ErrOptions, e.Samples, e.Confidence)
	}
	n := g.players
	samplers := make([]*sampler, o.Workers)
	chunks := (e.Samples-1)/samplesAChunk + 1
	err = o.run(ctx, chunks, func(worker, chunk int) error {
		if samplers[worker] == nil {
			leaves := g.rule.leaves(nil)
			s := &sampler{
				rule: g.rule, leaves: leaves, sums: make([]int64, len(leaves)), vs: make([]verdict, len(leaves)),
				in: make([]bool, n), order: make([]int, n), counts: make([]int64, n),
			}
			samplers[worker] = s
		}
		s := samplers[worker]
		for i := range s.order {
			s.order[i] = i
		}
		r := rand.New(rand.NewPCG(e.Seed, uint64(chunk)))
		for range min(samplesAChunk, e.Samples-chunk*samplesAChunk) {
			draw(r, s)
		}
		return nil
	})
	if err != nil {
		return Estimate{}, err
	}
	out := Estimate{values: make([]float64, n), confidence: e.Confidence, samples: e.Samples}
	for i := range n {
		var count int64
		for _, s := range samplers {
			if s != nil {
				count += s.counts[i]
			}
		}
		out.values[i] = float64(count) / float64(e.Samples)
	}
	out.halfWidth = math.Sqrt(math.Log(2*float64(n)/(1-e.Confidence)) / (2 * float64(e.Samples)))
	return out, nil
}

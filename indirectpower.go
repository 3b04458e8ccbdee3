package crossholding

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// IndirectOptions bounds the measures of power through other companies. The
// zero value is the default.
type IndirectOptions struct {
	// Cap bounds how many voters' coalitions are looked at one by one, 0
	// meaning 20 voters, a million coalitions; at most 24. Beyond it a
	// measure fails with [ErrCap].
	Cap int
}

// PowerOver is the power of one holder, in the measure asked for.
type PowerOver struct {
	Holder string
	Power  ratio.Ratio
}

// senate is a small network in which every coalition can be looked at: a
// coalition carries the companies in which it, with all that it carries, has
// more than half of the votes cast by known holders. A dispersed float splits
// evenly and decides nothing.
type senate struct {
	nodes    []int32         // bit i stands for nodes[i]; ascending
	players  uint64          // those whose coalitions are formed
	meetings []senateCompany // in order of bit
}

type senateCompany struct {
	bit   int
	who   []int   // bits
	votes []int64 // of who, in the company's unit
	half  int64   // the votes cast; more than half of them carries
}

// senate gathers the nodes whose votes lead to company top, or all of them.
func (v *Votes) senate(top []int32, players func(int32) bool, opt IndirectOptions) (*senate, error) {
	limit := opt.Cap
	if limit == 0 {
		limit = 20
	}
	if limit < 0 || limit > 24 {
		return nil, fmt.Errorf("crossholding: Cap %d is not within 0 and 24: %w", opt.Cap, ErrRange)
	}
	nodes, err := v.upstream(top)
	if err != nil {
		return nil, err
	}
	s := &senate{nodes: nodes}
	for i, x := range nodes {
		if players(x) {
			s.players |= 1 << i
		}
	}
	if n := bits.OnesCount64(s.players); n > limit {
		return nil, fmt.Errorf("crossholding: coalitions of %d voters, with a cap of %d: %w", n, limit, ErrCap)
	}
	for bit, x := range nodes {
		if err := s.add(v, bit, x); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// upstream lists top and all whose votes lead to it, ascending; at most 64.
func (v *Votes) upstream(top []int32) ([]int32, error) {
	nodes := slices.Clone(top)
	seen := map[int32]bool{}
	for _, x := range top {
		seen[x] = true
	}
	for at := 0; at < len(nodes); at++ {
		if !v.a.graph.IssuesShares(nodes[at]) {
			continue
		}
		m := v.meeting(nodes[at])
		for i, who := range m.caster {
			if who != graph.None && !m.free[i].IsZero() && !seen[who] {
				seen[who] = true
				nodes = append(nodes, who)
			}
		}
		if len(nodes) > 64 {
			return nil, fmt.Errorf("crossholding: votes of more than 64 holders lead to one another: %w", ErrCap)
		}
	}
	slices.Sort(nodes)
	return nodes, nil
}

func (s *senate) add(v *Votes, bit int, x int32) error {
	if !v.a.graph.IssuesShares(x) {
		return nil
	}
	m := v.meeting(x)
	var who []int
	var figures []ratio.Ratio
	var sum ratio.Ratio
	for i, caster := range m.caster {
		if caster == graph.None || caster == x || m.free[i].IsZero() {
			continue
		}
		at, _ := slices.BinarySearch(s.nodes, caster)
		who, figures, sum = append(who, at), append(figures, m.free[i]), sum.Add(m.free[i])
	}
	if len(who) == 0 {
		return nil
	}
	units, all, _ := graph.WholeUnits(figures, sum)
	if !all.IsInt64() || all.Int64() >= graph.MaxUnits {
		return fmt.Errorf("crossholding: votes in %s have too many digits to count every coalition: %w", v.a.graph.IDs[x], ErrTooLarge)
	}
	c := senateCompany{bit: bit, who: who, half: all.Int64()}
	for _, u := range units {
		c.votes = append(c.votes, u.Int64())
	}
	s.meetings = append(s.meetings, c)
	return nil
}

// carries returns all companies that a coalition carries, members of the
// coalition among them if the others' votes suffice.
func (s *senate) carries(coalition uint64) uint64 {
	var carried uint64
	for {
		before := carried
		for i := range s.meetings {
			c := &s.meetings[i]
			if carried>>c.bit&1 == 1 {
				continue
			}
			var sum int64
			for j, b := range c.who {
				if (coalition|carried)>>b&1 == 1 {
					sum += c.votes[j]
				}
			}
			if 2*sum > c.half {
				carried |= 1 << c.bit
			}
		}
		if carried == before {
			return carried
		}
	}
}

// coalitions calls each with every coalition of the players, in order of their
// bits packed together.
func (s *senate) coalitions(ctx context.Context, each func(coalition uint64)) error {
	heard := progress.Start(ctx, "coalitions", 1<<bits.OnesCount64(s.players), 1)
	set := uint64(0)
	for n := 0; ; n++ {
		if n&0xff == 0 && ctx.Err() != nil {
			return stopped(ctx)
		}
		heard.At(n)
		each(set)
		if set == s.players {
			heard.End()
			return nil
		}
		set = (set - s.players) & s.players // the next subset
	}
}

// CompoundPower measures what outside holders can decide at a company through
// all that stands between: each coalition of them carries companies, whose
// votes carry others, and a holder's power is the part of all coalitions of
// the others that it turns, the absolute Banzhaf index of the compound game of
// Crama and Leruth (2007; the article was not read, the definition is this
// sentence). In cycles a coalition carries the least set of companies that its
// votes, with theirs, carry. Floats split evenly. Every coalition is looked
// at: see [IndirectOptions]. Sorted by holder; those without power are listed.
func (v *Votes) CompoundPower(ctx context.Context, company string, opt IndirectOptions) ([]PowerOver, error) {
	ctx = orBackground(ctx)
	c, err := v.a.company(company)
	if err != nil {
		return nil, err
	}
	s, err := v.senate([]int32{c}, func(x int32) bool { return !v.a.graph.IssuesShares(x) }, opt)
	if err != nil {
		return nil, err
	}
	target, _ := slices.BinarySearch(s.nodes, c)
	var bit []int // of each player
	for rest := s.players; rest != 0; rest &= rest - 1 {
		bit = append(bit, bits.TrailingZeros64(rest))
	}
	out := make([]PowerOver, len(bit))
	for i, b := range bit {
		out[i].Holder = v.a.graph.IDs[s.nodes[b]]
	}
	if s.carries(s.players)>>target&1 == 0 {
		return out, nil // not even all together decide there
	}
	heard, listed := progress.Start(ctx, "coalitions", 1<<len(bit), 1), 0
	game, err := power.Listed(ctx, len(bit), func(in []bool) bool {
		heard.At(listed)
		listed++
		var set uint64
		for i, yes := range in {
			if yes {
				set |= 1 << bit[i]
			}
		}
		return s.carries(set)>>target&1 == 1
	})
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	heard.End()
	banzhaf, err := counted(ctx, game.Banzhaf)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	for i, r := range banzhaf.Absolute().All() {
		out[i].Power = r
	}
	return out, nil
}

// ControlPower measures everyone's place in a network of mutual control by
// the index that Karos and Peters single out (Indirect Control and Power in
// Mutual Control Structures, Games and Economic Behavior 92, 2015): what a
// player has of the Shapley-Shubik power over every company, less the power
// that all have over it. It is below 0 for who is more controlled than
// controlling and adds up to 0. Coalitions control what they carry in the
// invariant structure: with all that they control. The players are all
// companies and holders; every coalition is looked at, see [IndirectOptions].
// (The index is as their abstract of 2013 states it; the article was not read.)
func (v *Votes) ControlPower(ctx context.Context, opt IndirectOptions) ([]PowerOver, error) {
	ctx = orBackground(ctx)
	all := make([]int32, 0, 64)
	for i := range int32(len(v.a.graph.IDs)) {
		if len(all) > 64 {
			return nil, fmt.Errorf("crossholding: coalitions of more than 64 players: %w", ErrCap)
		}
		all = append(all, i)
	}
	s, err := v.senate(all, func(int32) bool { return true }, opt)
	if err != nil {
		return nil, err
	}
	n := len(s.nodes)
	// gains[i][size] counts the pairs of a coalition without i, of that size,
	// and a company that it carries with i and not without.
	gains := make([][]int64, n)
	for i := range gains {
		gains[i] = make([]int64, n+1)
	}
	err = s.coalitions(ctx, func(set uint64) {
		carried, size := int64(bits.OnesCount64(s.carries(set))), bits.OnesCount64(set)
		if carried == 0 {
			return
		}
		for i := range n {
			if set>>i&1 == 1 {
				gains[i][size-1] += carried
			} else {
				gains[i][size] -= carried
			}
		}
	})
	if err != nil {
		return nil, err
	}
	under := s.carries(s.players)
	weights := shapleyWeights(n)
	out := make([]PowerOver, n)
	for i, x := range s.nodes {
		var sum ratio.Ratio
		for size := range n {
			sum = sum.Add(weights[size].Mul(ratio.Int(gains[i][size])))
		}
		out[i] = PowerOver{v.a.graph.IDs[x], sum.Sub(ratio.Int(int64(under >> i & 1)))}
	}
	return out, nil
}

// shapleyWeights returns, for each size of a coalition without a player, the
// chance that just it comes before the player in a random order of n.
func shapleyWeights(n int) []ratio.Ratio {
	out := make([]ratio.Ratio, n)
	for size := range n {
		choose := new(big.Int).Binomial(int64(n-1), int64(size))
		out[size] = ratio.FromRat(new(big.Rat).SetFrac(big.NewInt(1), choose.Mul(choose, big.NewInt(int64(n)))))
	}
	return out
}

// NetworkPower measures who holds the power over each company in the end: the
// network power index of Mizuno, Doi and Kurizaki (2020). A company takes on
// the label of the shareholder that turns a random order of its meeting, again
// and again; the index is the part of the time that it bears the label of each
// ultimate holder. With new orders drawn each time, labels walk up the network
// as a chain whose steps are Shapley-Shubik indices, so that the exact answer
// is an ownership: of the network in which those indices are the stakes. (The
// article was not read; the definition is this paragraph.)
//
// It returns, for the company, everyone outside with a share of the power over
// it, floats among them, sorted by name; the shares add up to exactly 1.
func (v *Votes) NetworkPower(ctx context.Context, company string) ([]PowerOver, error) {
	ctx = orBackground(ctx)
	c, err := v.a.company(company)
	if err != nil {
		return nil, err
	}
	g := &v.a.graph
	ready, err := v.pivots(ctx, c)
	if err != nil {
		return nil, err
	}
	m, err := tally.MatrixOf(ctx, len(g.IDs), func(x int32) ([]tally.Holding, ratio.Ratio) {
		if held, ok := ready[x]; ok {
			return held, ratio.Int(1)
		}
		return nil, ratio.Ratio{}
	})
	if err != nil {
		return nil, err
	}
	line, err := exact.NewSolver(m, exact.Limits{}).Column(ctx, c)
	if err != nil {
		return nil, nameSolverError(v.a, err)
	}
	var out []PowerOver
	for _, s := range line.Shares {
		switch {
		case s.Float:
			out = append(out, PowerOver{Float(g.IDs[s.Node]), ratio.FromRat(s.Value)})
		case !g.IssuesShares(s.Node):
			out = append(out, PowerOver{g.IDs[s.Node], ratio.FromRat(s.Value)})
		}
	}
	slices.SortFunc(out, func(a, b PowerOver) int { return comparePairs(Pair{Controller: a.Holder}, Pair{Controller: b.Holder}) })
	return out, nil
}

// pivots works out, for c and every company above it, how often each holder
// turns its meeting; what is left is the float's.
func (v *Votes) pivots(ctx context.Context, c int32) (map[int32][]tally.Holding, error) {
	g := &v.a.graph
	out := map[int32][]tally.Holding{}
	heard := progress.Count(ctx, "pivots", 1)
	for queue := []int32{c}; len(queue) > 0; queue = queue[1:] {
		heard.At(len(out))
		x := queue[0]
		if _, done := out[x]; done {
			continue
		}
		p, err := v.Power(ctx, g.IDs[x], PowerOptions{Ungrouped: true})
		if err != nil {
			return nil, err
		}
		held := []tally.Holding{}
		for _, voter := range p.Voters {
			i, float, err := v.a.holder(voter.Name)
			if err != nil {
				return nil, err
			}
			if float || voter.ShapleyShubik.IsZero() {
				continue
			}
			held = append(held, tally.Holding{Node: i, Amount: voter.ShapleyShubik})
			if g.IssuesShares(i) {
				queue = append(queue, i)
			}
		}
		out[x] = held
	}
	return out, nil
}

// EstimateNetworkPower estimates [Votes.NetworkPower] where it is too large to
// be worked out in fractions: walks up the network from company, draws of them
// from a generator with the given seed. It returns the part of the walks that
// ended at each holder; each is within sqrt(ln(2/a)/(2·draws)) of the index
// with a probability of at least 1-a (Hoeffding, 1963). A walk longer than
// 10,000 steps is an [ErrCap].
func (v *Votes) EstimateNetworkPower(ctx context.Context, company string, draws int, seed uint64) ([]PowerOver, error) {
	ctx = orBackground(ctx)
	c, err := v.a.company(company)
	if err != nil {
		return nil, err
	}
	if draws <= 0 || draws > 1e9 {
		return nil, fmt.Errorf("crossholding: %d draws are not within 1 and 1,000,000,000: %w", draws, ErrRange)
	}
	ready, err := v.pivots(ctx, c)
	if err != nil {
		return nil, err
	}
	g := &v.a.graph
	steps := make(map[int32][]float64, len(ready)) // cumulated chances
	for x, held := range ready {
		sum := 0.0
		for _, h := range held {
			f := h.Amount.Float64()
			sum += f
			steps[x] = append(steps[x], sum)
		}
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	ends := map[string]int64{}
	heard := progress.Start(ctx, "draws", draws, 1<<10)
	for n := range draws {
		if n&0xfff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		heard.At(n)
		name, err := climb(g, c, ready, steps, rng)
		if err != nil {
			return nil, err
		}
		ends[name]++
	}
	heard.End()
	var out []PowerOver
	for name, n := range ends {
		out = append(out, PowerOver{name, ratio.Of(n, int64(draws))})
	}
	slices.SortFunc(out, func(a, b PowerOver) int { return comparePairs(Pair{Controller: a.Holder}, Pair{Controller: b.Holder}) })
	return out, nil
}

// climb follows the turning shareholder up from x to one outside.
func climb(g *graph.Graph, x int32, ready map[int32][]tally.Holding, steps map[int32][]float64, rng *rand.Rand) (string, error) {
	for range 10_000 {
		draw := rng.Float64()
		at, _ := slices.BinarySearch(steps[x], draw)
		if at == len(steps[x]) {
			return Float(g.IDs[x]), nil
		}
		if x = ready[x][at].Node; !g.IssuesShares(x) {
			return g.IDs[x], nil
		}
	}
	return "", fmt.Errorf("crossholding: a walk up from %s does not end: %w", g.IDs[x], ErrCap)
}

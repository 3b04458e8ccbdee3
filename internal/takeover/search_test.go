package takeover_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/takeover"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// world is a small network of whole votes, from which a model is made. The tests decide
// control in it with big.Rat alone.
type world struct {
	companies int       // nodes 0.. are companies, those after them outside holders
	votes     [][]int64 // votes[h][y]: of holder h in company y
	float     []int64
	offers    []sale
	threshold *big.Rat
	strict    bool
	targets   []int
	buyer     int
	facts     [][3]int // two controllers and a company
	seats     [][3]int // a holder, the percentage of the board that it appoints, and a company
}

// sale is votes that a holder, or the float with -1, sells in lots.
type sale struct {
	from, in, lot int
	most          int64
	cost          int
}

// controlled finds what the buyer controls after some purchases.
func (w *world) controlled(lots []int64) map[int]bool {
	n := len(w.votes)
	own := make([][]int64, n)
	for h := range own {
		own[h] = append([]int64{}, w.votes[h]...)
	}
	total := make([]int64, w.companies)
	for y := range total {
		total[y] = w.float[y]
		for h := range n {
			total[y] += w.votes[h][y]
		}
	}
	for k, o := range w.offers {
		own[w.buyer][o.in] += lots[k] * int64(o.lot)
		if o.from >= 0 {
			own[o.from][o.in] -= lots[k] * int64(o.lot)
		}
	}
	in := map[int]bool{w.buyer: true}
	for again := true; again; {
		again = false
		for y := range w.companies {
			var sum int64
			for h := range in {
				sum += own[h][y]
			}
			need := new(big.Rat).Mul(w.threshold, big.NewRat(total[y], 1))
			d := big.NewRat(sum, 1).Cmp(need)
			byFact := false
			for _, f := range w.facts {
				byFact = byFact || f[2] == y && in[f[0]] && in[f[1]]
			}
			board := 0
			for _, s := range w.seats {
				if s[2] == y && in[s[0]] {
					board += s[1]
				}
			}
			byFact = byFact || board > 50
			if !in[y] && (byFact || d > 0 || d == 0 && !w.strict && total[y] > 0) {
				in[y], again = true, true
			}
		}
	}
	return in
}

func (w *world) wins(lots []int64) bool {
	in := w.controlled(lots)
	for _, y := range w.targets {
		if !in[y] {
			return false
		}
	}
	return true
}

func (w *world) model() *takeover.Model {
	m := &takeover.Model{Nodes: len(w.votes), Start: []int{w.buyer}, Targets: w.targets, Threshold: ratio.FromRat(w.threshold), Strict: w.strict}
	for y := range w.companies {
		meeting := takeover.Meeting{Node: y, Base: ratio.Int(w.float[y])}
		for h := range w.votes {
			if v := w.votes[h][y]; v > 0 {
				meeting.Base = meeting.Base.Add(ratio.Int(v))
				meeting.Blocks = append(meeting.Blocks, takeover.Block{Voters: []int{h}, Votes: ratio.Int(v)})
			}
		}
		m.Meetings = append(m.Meetings, meeting)
	}
	for _, o := range w.offers {
		offer := takeover.Offer{Meeting: o.in, Cost: ratio.Int(int64(o.cost)), Most: o.most, New: ratio.Int(int64(o.lot))}
		if o.from >= 0 {
			offer.From = []int{o.from}
		}
		m.Offers = append(m.Offers, offer)
	}
	for _, f := range w.facts {
		m.Facts = append(m.Facts, takeover.Fact{Controllers: []int{f[0], f[1]}, Node: f[2]})
	}
	for y := range w.companies {
		f := takeover.Fact{Node: y}
		for _, s := range w.seats {
			if s[2] == y {
				f.Seats = append(f.Seats, takeover.Seats{Holders: []int{s[0]}, Part: ratio.Of(int64(s[1]), 100)})
			}
		}
		if f.Seats != nil {
			m.Facts = append(m.Facts, f)
		}
	}
	return m
}

func randomWorld(r *rand.Rand) *world {
	w := &world{companies: 1 + r.IntN(4), strict: r.IntN(4) > 0, threshold: big.NewRat(1, 2)}
	if r.IntN(4) == 0 {
		w.threshold = big.NewRat(int64(1+r.IntN(5)), 6)
	}
	n := w.companies + 1 + r.IntN(3)
	w.buyer = n - 1
	w.votes = make([][]int64, n)
	for h := range w.votes {
		w.votes[h] = make([]int64, w.companies)
		for y := range w.companies {
			if h != y && r.IntN(2) == 0 {
				w.votes[h][y] = int64(r.IntN(9))
			}
		}
	}
	for range w.companies {
		w.float = append(w.float, int64(r.IntN(7)))
	}
	if r.IntN(4) == 0 {
		w.facts = append(w.facts, [3]int{r.IntN(n), r.IntN(n), r.IntN(w.companies)})
		w.seats = append(w.seats, [3]int{r.IntN(n), 10 * r.IntN(5), r.IntN(w.companies)}, [3]int{r.IntN(n), 20 + 5*r.IntN(4), r.IntN(w.companies)})
	}
	for range 1 + r.IntN(4) {
		o := sale{from: r.IntN(n), in: r.IntN(w.companies), lot: 1 + r.IntN(3), cost: r.IntN(7)}
		have := w.float[o.in]
		if r.IntN(3) == 0 || o.from == w.buyer {
			o.from = -1
		} else {
			have = w.votes[o.from][o.in]
		}
		for _, other := range w.offers {
			if other.from == o.from && other.in == o.in {
				have = 0
			}
		}
		if o.most = int64(have) / int64(o.lot); o.most > 0 {
			w.offers = append(w.offers, o)
		}
	}
	for len(w.targets) == 0 || r.IntN(4) == 0 {
		w.targets = append(w.targets, r.IntN(w.companies))
	}
	return w
}

// cheapest tries every number of lots.
func (w *world) cheapest(wins func([]int64) bool) (cost int64, found bool) {
	lots := make([]int64, len(w.offers))
	for {
		var sum int64
		for k, o := range w.offers {
			sum += lots[k] * int64(o.cost)
		}
		if (!found || sum < cost) && wins(lots) {
			cost, found = sum, true
		}
		k := 0
		for ; k < len(lots) && lots[k] == w.offers[k].most; k++ {
			lots[k] = 0
		}
		if k == len(lots) {
			return cost, found
		}
		lots[k]++
	}
}

var wide = takeover.Limits{Tries: 1 << 20, States: 1 << 20}

// TestCheapestOfAll compares with all purchases: where control is what the model says, and
// where some purchases do not win for another reason.
func TestCheapestOfAll(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	won, lost, asked := 0, 0, 0
	for range testkit.Cases(3000) {
		w := randomWorld(r)
		odd := int64(1 + r.IntN(4))
		for name, wins := range map[string]func([]int64) bool{
			"as in the model": w.wins,
			"not all of them": func(lots []int64) bool {
				var sum int64
				for k, n := range lots {
					sum += n * int64(k+2)
				}
				return sum%(odd+1) != odd && w.wins(lots)
			},
		} {
			cost, found := w.cheapest(wins)
			out, err := takeover.Search(t.Context(), w.model(), wide, takeover.Caller{Wins: func(lots []int64) (bool, error) { return wins(lots), nil }})
			require.NoError(t, err)
			require.Empty(t, out.Stopped)
			asked += out.Tries
			if !found {
				lost++
				require.Nil(t, out.Lots, "%s: %+v", name, w)
				require.True(t, out.Never)
				continue
			}
			won++
			require.NotNil(t, out.Lots, "%s: %+v", name, w)
			require.True(t, wins(out.Lots))
			require.Equal(t, fmt.Sprint(cost), out.Cost.String(), "%s: %+v", name, w)
			require.True(t, out.Optimal())
			require.False(t, out.Never || out.Over)
			if name == "as in the model" {
				require.LessOrEqual(t, out.Tries, 1, "the model is exact: %+v", w)
			}
		}
	}
	t.Logf("%d won, %d not possible, %d tries", won, lost, asked)
	require.Positive(t, won)
	require.Positive(t, lost)
}

// TestBudgetsAndCaps: a budget cuts what costs more, and a search that ends early has a
// bound that holds.
func TestBudgetsAndCaps(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	stopped := map[takeover.Cap]int{}
	for range testkit.Cases(1500) {
		w := randomWorld(r)
		odd := func(lots []int64) bool {
			var sum int64
			for k, n := range lots {
				sum += n * int64(k+1)
			}
			return sum%2 == 0 && w.wins(lots)
		}
		cost, found := w.cheapest(odd)
		ask := takeover.Caller{Wins: func(lots []int64) (bool, error) { return odd(lots), nil }}
		budget := ratio.Int(cost + int64(r.IntN(3)) - 1)
		out, err := takeover.Search(t.Context(), w.model(), takeover.Limits{Tries: 1 << 20, States: 1 << 20, Budget: &budget}, ask)
		require.NoError(t, err)
		switch {
		case !found:
			require.Nil(t, out.Lots)
		case budget.Less(ratio.Int(cost)):
			require.Nil(t, out.Lots)
			require.True(t, out.Over || out.Never)
			if out.Over {
				require.True(t, budget.Less(out.Bound))
				require.LessOrEqual(t, out.Bound.Cmp(ratio.Int(cost)), 0, "%+v", w)
			}
		default:
			require.Equal(t, ratio.Int(cost).String(), out.Cost.String())
		}
		for _, limits := range []takeover.Limits{{Tries: r.IntN(4), States: 1 << 20}, {Tries: 1 << 20, States: r.IntN(3)}} {
			out, err := takeover.Search(t.Context(), w.model(), limits, ask)
			require.NoError(t, err)
			stopped[out.Stopped]++
			require.LessOrEqual(t, out.Tries, limits.Tries)
			if out.Lots != nil {
				require.True(t, odd(out.Lots))
				require.LessOrEqual(t, out.Bound.Cmp(out.Cost), 0)
			}
			if found && !out.Never {
				require.LessOrEqual(t, out.Bound.Cmp(ratio.Int(cost)), 0, "%+v", w)
			}
			require.False(t, found && out.Never)
		}
	}
	require.Positive(t, stopped[takeover.CapTries])
	require.Positive(t, stopped[takeover.CapStates])
	require.Positive(t, stopped[""])
}

// TestManyLots: the numbers of lots do not matter, only how many kinds there are.
func TestManyLots(t *testing.T) {
	w := &world{companies: 2, strict: true, threshold: big.NewRat(1, 2), buyer: 2, targets: []int{1},
		votes: [][]int64{{0, 40_000_000_001}, {0, 0}, {0, 0}}, float: []int64{3_000_000_000, 50_000_000_000},
		offers: []sale{{-1, 0, 1, 3_000_000_000, 90}, {-1, 1, 1, 50_000_000_000, 7}, {0, 1, 1, 40_000_000_001, 7}}}
	out, err := takeover.Search(t.Context(), w.model(), wide, takeover.Caller{Wins: func(lots []int64) (bool, error) { return w.wins(lots), nil }})
	require.NoError(t, err)
	// 1,500,000,001 votes of company 0 bring 40,000,000,001 of 90,000,000,001: 5,000,000,000 are
	// lacking. That is 135,000,000,090 and 35,000,000,000, less than 45,000,000,001 at 7.
	require.Equal(t, []int64{1_500_000_001, 5_000_000_000, 0}, out.Lots)
	require.Equal(t, "170000000090", out.Cost.String())
	require.True(t, out.Optimal())
}

func TestEnds(t *testing.T) {
	w := randomWorld(rand.New(rand.NewPCG(1, 1)))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := takeover.Search(ended, w.model(), wide, takeover.Caller{Wins: func([]int64) (bool, error) { return true, nil }})
	require.ErrorIs(t, err, context.Canceled)
	broken := fmt.Errorf("broken")
	w = &world{companies: 1, strict: true, threshold: big.NewRat(1, 2), buyer: 1, targets: []int{0},
		votes: [][]int64{{0}, {0}}, float: []int64{3}, offers: []sale{{-1, 0, 1, 3, 1}}}
	_, err = takeover.Search(t.Context(), w.model(), wide, takeover.Caller{Wins: func([]int64) (bool, error) { return false, broken }})
	require.ErrorIs(t, err, broken)
}

package whatif

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Distribution summarises the estimates of one figure over random markets. It is plain
// data. Its sums are exact sums of the estimates, so that parts merge to the same bytes. Squares
// below 10^-280 can be rounded.
type Distribution struct {
	Figure   Figure      `json:"figure"`
	Count    int         `json:"count"`
	Sum      ratio.Ratio `json:"sum"`     // of the estimates
	Squares  ratio.Ratio `json:"squares"` // sum of the squares of the estimates
	Least    float64     `json:"least"`
	Greatest float64     `json:"greatest"`
	Bins     []Bin       `json:"bins"` // ascending
}

// Bin counts the estimates from Low to less than High. High is less than 0.1% further from
// 0 than Low, or the other way round for negative estimates. It is plain data.
type Bin struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Count int     `json:"count"`
}

// String returns the distribution as a sentence. Its numbers are rounded to four digits, or to
// whole units from 1,000 on.
func (d Distribution) String() string {
	if d.Count == 0 {
		return fmt.Sprintf("%s: no estimates", d.Figure)
	}
	quantile := func(p ratio.Ratio) string {
		_, high, _ := d.Quantile(p) // there are estimates
		return rounded(high)
	}
	return fmt.Sprintf("%s in %s markets: mean %s, standard deviation %s; at most %s in 5%% of them, %s in half, %s in 95%%",
		d.Figure, ratio.Int(int64(d.Count)).Grouped(), rounded(d.Mean()), rounded(d.StandardDeviation()),
		quantile(ratio.Of(1, 20)), quantile(ratio.Of(1, 2)), quantile(ratio.Of(19, 20)))
}

// Mean returns the mean of the estimates, or 0 if there are none.
func (d Distribution) Mean() float64 {
	if d.Count == 0 {
		return 0
	}
	return d.Sum.Div(ratio.Int(int64(d.Count))).Float64()
}

// StandardDeviation returns the standard deviation of the estimates, with n-1 in the
// denominator, or 0 for fewer than two.
func (d Distribution) StandardDeviation() float64 {
	if d.Count < 2 {
		return 0
	}
	n := ratio.Int(int64(d.Count))
	v := d.Squares.Sub(d.Sum.Mul(d.Sum).Div(n)).Div(n.Sub(ratio.Int(1)))
	return math.Sqrt(max(0, v.Float64()))
}

// Quantile returns two numbers between which the p-quantile of the estimates lies: the
// smallest estimate such that at least the fraction p of all is not above it. They are less
// than 0.1% apart. It fails with [crossholding.ErrRange] if p is not within 0 and 1, and
// with [crossholding.ErrMissing] without estimates.
func (d Distribution) Quantile(p ratio.Ratio) (low, high float64, err error) {
	switch {
	case p.Sign() < 0 || ratio.Int(1).Less(p):
		return 0, 0, withPrefix(fmt.Errorf("a quantile of %s is not within 0 and 1: %w", p, crossholding.ErrRange))
	case d.Count == 0:
		return 0, 0, withPrefix(fmt.Errorf("%s has no estimates: %w", d.Figure, crossholding.ErrMissing))
	}
	need := p.Mul(ratio.Int(int64(d.Count)))
	seen := 0
	for _, b := range d.Bins {
		seen += b.Count
		if b.Count > 0 && !ratio.Int(int64(seen)).Less(need) {
			return max(b.Low, d.Least), min(b.High, d.Greatest), nil
		}
	}
	return d.Greatest, d.Greatest, nil
}

// Frequency counts the random markets in which a condition is true. It is plain data.
type Frequency struct {
	Goal  Goal `json:"goal"`
	Count int  `json:"count"`
	True  int  `json:"true"`
}

// Probability returns the fraction of the markets in which the condition is true. It is an
// estimate of the probability, and 0 without markets.
func (f Frequency) Probability() ratio.Ratio {
	if f.Count == 0 {
		return ratio.Ratio{}
	}
	return ratio.Of(int64(f.True), int64(f.Count))
}

// StandardError returns the standard error of the probability: the root of p(1-p)/n.
func (f Frequency) StandardError() float64 {
	if f.Count == 0 {
		return 0
	}
	p := f.Probability().Float64()
	return math.Sqrt(p * (1 - p) / float64(f.Count))
}

// String returns the frequency as a sentence.
func (f Frequency) String() string {
	return fmt.Sprintf("%s in %s of %s markets: probability %s, standard error %s", f.Goal, ratio.Int(int64(f.True)).Grouped(),
		ratio.Int(int64(f.Count)).Grouped(), rounded(f.Probability().Float64()), rounded(f.StandardError()))
}

// rounded is an estimate in four digits, or in whole units from 1,000 on.
func rounded(x float64) string {
	if math.Abs(x) < 1000 {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	return ratio.FromRat(new(big.Rat).SetFloat64(x)).GroupedDecimal(0)
}

// exactSum adds floats without rounding. Word i counts units of 2^(32i-1074).
type exactSum struct {
	words [68]int64
	adds  int
}

func (s *exactSum) add(x float64) {
	bits := math.Float64bits(x)
	exponent := int(bits >> 52 & 0x7ff)
	mantissa := bits & (1<<52 - 1)
	if exponent == 0 {
		exponent = 1
	} else {
		mantissa |= 1 << 52
	}
	shift := exponent - 1
	word, by := shift/32, shift%32
	low := mantissa << by
	high := mantissa >> (64 - by) // 0 if by is 0
	parts := [3]int64{int64(low & (1<<32 - 1)), int64(low >> 32), int64(high)}
	for i, p := range parts {
		if x < 0 {
			p = -p
		}
		s.words[word+i] += p
	}
	if s.adds++; s.adds == 1<<30 {
		s.carry()
	}
}

// carry brings all words but the last within 32 bits.
func (s *exactSum) carry() {
	for i := range len(s.words) - 1 {
		s.words[i+1] += s.words[i] >> 32
		s.words[i] &= 1<<32 - 1
	}
	s.adds = 0
}

// merge adds another sum.
func (s *exactSum) merge(other *exactSum) {
	s.carry()
	other.carry()
	for i, w := range other.words {
		s.words[i] += w
	}
	s.carry()
}

func (s *exactSum) ratio() ratio.Ratio {
	total := new(big.Int)
	for i := len(s.words) - 1; i >= 0; i-- {
		total.Lsh(total, 32).Add(total, big.NewInt(s.words[i]))
	}
	return ratio.FromRat(new(big.Rat).SetFrac(total, new(big.Int).Lsh(big.NewInt(1), 1074)))
}

// gathering collects estimates of one figure.
type gathering struct {
	sum, squares    exactSum
	count           int
	least, greatest float64
	pages           [1 << (64 - binShift - pageBits)]*[1 << pageBits]int // counts by key of a bin, nil if all are 0
}

// The key of a bin is the sign, the exponent and the first 10 bits of the mantissa of its
// floats. A page has the bins of one sign and exponent.
const (
	pageBits = 10
	binShift = 52 - pageBits
)

func (g *gathering) add(x float64) {
	if g.count == 0 {
		g.least, g.greatest = x, x
	}
	g.count++
	g.sum.add(x)
	square := x * x
	g.squares.add(square)
	g.squares.add(math.FMA(x, x, -square)) // what the product rounds off
	g.least, g.greatest = min(g.least, x), max(g.greatest, x)
	key := math.Float64bits(x) >> binShift
	page := g.pages[key>>pageBits]
	if page == nil {
		page = new([1 << pageBits]int)
		g.pages[key>>pageBits] = page
	}
	page[key%(1<<pageBits)]++
}

// merge adds what another goroutine has gathered.
func (g *gathering) merge(other *gathering) {
	switch {
	case other.count == 0:
		return
	case g.count == 0:
		g.least, g.greatest = other.least, other.greatest
	}
	g.sum.merge(&other.sum)
	g.squares.merge(&other.squares)
	g.count += other.count
	g.least, g.greatest = min(g.least, other.least), max(g.greatest, other.greatest)
	for i, theirs := range other.pages {
		switch mine := g.pages[i]; {
		case theirs == nil:
		case mine == nil:
			g.pages[i] = theirs
		default:
			for j, n := range theirs {
				mine[j] += n
			}
		}
	}
}

func (g *gathering) distribution(f Figure) Distribution {
	d := Distribution{Figure: f, Count: g.count, Sum: g.sum.ratio(), Squares: g.squares.ratio(), Least: g.least, Greatest: g.greatest, Bins: []Bin{}}
	for i, page := range g.pages {
		if page == nil {
			continue
		}
		for j, n := range page {
			if n > 0 {
				d.Bins = append(d.Bins, binOf(uint64(i)<<pageBits|uint64(j), n))
			}
		}
	}
	slices.SortFunc(d.Bins, compareBins)
	return d
}

func binOf(key uint64, n int) Bin {
	near, far := math.Float64frombits(key<<binShift), math.Float64frombits((key+1)<<binShift)
	if key>>(63-binShift) == 0 {
		return Bin{near, far, n}
	}
	return Bin{far, near, n}
}

func compareBins(x, y Bin) int { return cmp.Or(cmp.Compare(x.Low, y.Low), cmp.Compare(x.High, y.High)) }

// merge returns both distributions together.
func (d Distribution) merge(e Distribution) Distribution {
	if d.Count == 0 {
		return e
	}
	if e.Count == 0 {
		return d
	}
	counts := map[[2]float64]int{}
	for _, b := range slices.Concat(d.Bins, e.Bins) {
		counts[[2]float64{b.Low, b.High}] += b.Count
	}
	out := Distribution{
		Figure: d.Figure, Count: d.Count + e.Count, Sum: d.Sum.Add(e.Sum), Squares: d.Squares.Add(e.Squares),
		Least: min(d.Least, e.Least), Greatest: max(d.Greatest, e.Greatest), Bins: []Bin{},
	}
	for ends := range maps.Keys(counts) {
		out.Bins = append(out.Bins, Bin{ends[0], ends[1], counts[ends]})
	}
	slices.SortFunc(out.Bins, compareBins)
	return out
}

// Summary is what is kept of random markets: it is small, however many there are. It is
// plain data.
type Summary struct {
	// Simulation is the question, without the range of draws.
	Simulation Simulation     `json:"simulation"`
	Draws      []DrawRange    `json:"draws"` // which draws are counted: ascending and apart
	Estimates  []Distribution `json:"estimates"`
	Goals      []Frequency    `json:"goals"`
}

// DrawRange is the draws from First to one before End. It is plain data.
type DrawRange struct {
	First int `json:"first"`
	End   int `json:"end"`
}

// Merge returns the summary of the draws of both. The result is the same as if one program
// had made all draws, byte for byte, in whatever order parts are merged. It fails with
// [crossholding.ErrSyntax] if the simulations differ, and with [crossholding.ErrDuplicate]
// if both have the same draw.
func (s *Summary) Merge(other *Summary) (*Summary, error) {
	if s == nil || other == nil {
		return nil, withPrefix(fmt.Errorf("a summary is missing: %w", crossholding.ErrMissing))
	}
	mine, err := json.Marshal(s.Simulation)
	if err != nil {
		return nil, withPrefix(err)
	}
	theirs, err := json.Marshal(other.Simulation)
	if err != nil {
		return nil, withPrefix(err)
	}
	if string(mine) != string(theirs) || len(s.Estimates) != len(other.Estimates) || len(s.Goals) != len(other.Goals) {
		return nil, withPrefix(fmt.Errorf("summaries of two different simulations: %w", crossholding.ErrSyntax))
	}
	out := &Summary{Simulation: s.Simulation, Estimates: []Distribution{}, Goals: []Frequency{}}
	if out.Draws, err = joinRanges(s.Draws, other.Draws); err != nil {
		return nil, withPrefix(err)
	}
	for i, d := range s.Estimates {
		out.Estimates = append(out.Estimates, d.merge(other.Estimates[i]))
	}
	for i, f := range s.Goals {
		g := other.Goals[i]
		out.Goals = append(out.Goals, Frequency{f.Goal, f.Count + g.Count, f.True + g.True})
	}
	return out, nil
}

func joinRanges(x, y []DrawRange) ([]DrawRange, error) {
	out := []DrawRange{}
	all := slices.Concat(x, y)
	slices.SortFunc(all, func(a, b DrawRange) int { return cmp.Or(a.First-b.First, a.End-b.End) })
	for _, r := range all {
		n := len(out)
		switch {
		case r.First >= r.End:
		case n > 0 && r.First < out[n-1].End:
			return nil, fmt.Errorf("draw %d is in both summaries: %w", r.First, crossholding.ErrDuplicate)
		case n > 0 && r.First == out[n-1].End:
			out[n-1].End = r.End
		default:
			out = append(out, r)
		}
	}
	return out, nil
}

package takeover

import (
	"github.com/crossholding/crossholding/ratio"
)

// Model is the votes of some meetings, and the lots that are on offer. It is plain data, and
// is not changed by a search.
type Model struct {
	Nodes    int   // nodes are numbered from 0
	Start    []int // the nodes that the group has from the beginning
	Targets  []int // the nodes that it shall control, all of them
	Meetings []Meeting
	Facts    []Fact
	Offers   []Offer

	Threshold ratio.Ratio // the fraction of the base that gives control, 0..1
	Strict    bool        // the threshold must be passed; otherwise it is enough to reach it
}

// Meeting is the votes that decide who controls a node. It is plain data.
type Meeting struct {
	Node   int
	Base   ratio.Ratio // the total of which votes are a fraction, without purchases
	Blocks []Block
}

// Block is votes that count for the group as soon as it has one of the voters. It is plain
// data.
type Block struct {
	Voters []int
	Votes  ratio.Ratio
	Extra  ratio.Ratio // what the base grows by if the votes count for the group
}

// Fact says that the group controls a node as soon as it has all of the controllers. If there are
// seats, it does as soon as it has more than half of the board by them. It is plain data.
type Fact struct {
	Controllers []int
	Node        int
	Seats       []Seats
}

// Seats is a part of a board that the group appoints as soon as it has all of the holders. It is
// plain data.
type Seats struct {
	Holders []int
	Part    ratio.Ratio // 0..1
}

// met reports whether a set controls the node by the fact.
func (f *Fact) met(has set) bool {
	if f.Seats == nil {
		return has.all(f.Controllers)
	}
	var sum ratio.Ratio
	for i := range f.Seats {
		if has.all(f.Seats[i].Holders) {
			sum = sum.Add(f.Seats[i].Part)
		}
	}
	return sum.Reaches(ratio.Of(1, 2), false)
}

// Offer is lots that can be bought. It is plain data.
type Offer struct {
	Meeting int         // its number in [Model.Meetings]
	Cost    ratio.Ratio // of one lot, not negative
	Most    int64       // lots

	// A lot brings New votes, and the base grows by Base. If the group had one of the voters
	// From already, it brings Held votes, and the base grows by HeldBase.
	New, Base      ratio.Ratio
	From           []int
	Held, HeldBase ratio.Ratio
}

// gain is what a lot adds to the votes less the threshold times the base.
func (m *Model) gain(o *Offer, has set) ratio.Ratio {
	votes, base := o.New, o.Base
	if has.any(o.From) {
		votes, base = o.Held, o.HeldBase
	}
	return votes.Sub(m.Threshold.Mul(base))
}

// margin returns the votes of a group in a meeting less the threshold times the base, with
// some lots bought, and whether the group has votes there.
func (m *Model) margin(y *Meeting, has set, offers []int, bought []int64) (margin ratio.Ratio, some bool) {
	margin = m.Threshold.Mul(y.Base).Neg()
	for i := range y.Blocks {
		if b := &y.Blocks[i]; has.any(b.Voters) {
			margin = margin.Add(b.Votes).Sub(m.Threshold.Mul(b.Extra))
			some = some || b.Votes.Sign() > 0
		}
	}
	for _, k := range offers {
		if bought[k] > 0 {
			margin = margin.Add(m.gain(&m.Offers[k], has).Mul(ratio.Int(bought[k])))
			some = some || m.Offers[k].New.Sign() > 0
		}
	}
	return margin, some
}

// passes reports whether a margin is enough.
func (m *Model) passes(margin ratio.Ratio, some bool) bool {
	return margin.Sign() > 0 || !m.Strict && some && margin.IsZero()
}

// set is a set of nodes, as bits.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }

func (s set) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s set) any(list []int) bool {
	for _, i := range list {
		if s.has(i) {
			return true
		}
	}
	return false
}

func (s set) all(list []int) bool {
	for _, i := range list {
		if !s.has(i) {
			return false
		}
	}
	return true
}

// key is the set as text, to look it up.
func (s set) key() string {
	b := make([]byte, 0, 8*len(s))
	for _, w := range s {
		for i := range 8 {
			b = append(b, byte(w>>(8*i)))
		}
	}
	return string(b)
}

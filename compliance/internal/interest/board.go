package interest

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Boards are the agreements by which nodes appoint a part of a company's board. A nil pointer
// has none.
type Boards struct {
	of    map[int32][]board
	joint *Joint
}

// board is one agreement on a board.
type board struct {
	holders []int32
	seats   ratio.Ratio // 0..1
}

// NewBoards returns the agreements on boards in force. Those that wait until votes are
// suspended are left out, because a count of votes decides whether they are in force. What is
// held jointly says for whom an agreement of several counts.
func NewBoards(g crossholding.Graph, joint *Joint) (*Boards, error) {
	b := &Boards{map[int32][]board{}, joint}
	for ag := range g.Agreements() {
		if ag.Kind != crossholding.AgreementDirectors || ag.WhileSuspended != "" {
			continue
		}
		company, err := g.Node(ag.Issuer)
		if err != nil {
			return nil, err
		}
		seats, err := ratio.Parse(ag.Max)
		if err != nil {
			return nil, err
		}
		d := board{seats: seats}
		for _, id := range ag.Holders {
			x, err := g.Node(id)
			if err != nil {
				return nil, err
			}
			d.holders = append(d.holders, x)
		}
		b.of[company] = append(b.of[company], d)
	}
	return b, nil
}

// Holders returns the nodes that appoint some of a company's board.
func (b *Boards) Holders(company int32) []int32 {
	if b == nil {
		return nil
	}
	var out []int32
	for _, d := range b.of[company] {
		out = append(out, d.holders...)
	}
	return out
}

// Seats returns the fraction of a company's board that some nodes appoint. A company does not
// appoint its own board.
func (b *Boards) Seats(company int32, has func(int32) bool) ratio.Ratio {
	var sum ratio.Ratio
	if b == nil {
		return sum
	}
	for _, d := range b.of[company] {
		if b.joint.Has(d.holders, func(x int32) bool { return x != company && has(x) }) {
			sum = sum.Add(d.seats)
		}
	}
	return sum
}

package interest

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
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
	holders  []int32
	seats    ratio.Ratio // 0..1
	from, to date.Date   // the days of the agreement in an undated book, and otherwise empty
}

// on reports whether the agreement is in force on the first day of another.
func (d *board) on(first date.Date) bool { return d.from <= first && (d.to == "" || first <= d.to) }

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
		if g.Alliance().AsOf() == "" {
			d.from, d.to = ag.From, ag.To
		}
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
// appoint its own board. In an undated book it is the largest fraction of any day.
func (b *Boards) Seats(company int32, has func(int32) bool) (most ratio.Ratio) {
	if b == nil {
		return most
	}
	var theirs []board
	for _, d := range b.of[company] {
		if b.joint.Has(d.holders, func(x int32) bool { return x != company && has(x) }) {
			theirs = append(theirs, d)
		}
	}
	for _, first := range theirs { // a sum is largest when an agreement begins
		var sum ratio.Ratio
		for _, d := range theirs {
			if d.on(first.from) {
				sum = sum.Add(d.seats)
			}
		}
		most = ratio.Max(most, sum)
	}
	return most
}

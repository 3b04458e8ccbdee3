package crossholding

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/ratio"
)

// NodeSeats is a right to appoint a part of a board, with nodes instead of ids.
type NodeSeats struct {
	Holders   []int32     // in order of node; all of them are needed
	Seats     ratio.Ratio // the fraction of the board, 0..1
	Agreement string      // its id
}

// appointsMost reports whether an agreement, or several together, appoint more than half of a
// board.
func appointsMost(list ...*agreementRecord) bool { return seatsOf(list).Reaches(ratio.Of(1, 2), false) }

// seatsOf returns the fraction of a board that agreements appoint together, at most 1.
func seatsOf(list []*agreementRecord) ratio.Ratio {
	var sum ratio.Ratio
	for _, ag := range list {
		sum = sum.Add(ag.max)
	}
	if one := ratio.Int(1); one.Less(sum) {
		return one
	}
	return sum
}

// boardFacts returns the facts of agreements on boards: those that appoint more than half by
// themselves, in their order, then for each company, by id, those that appoint more than half
// only together. In an undated book, agreements add up only if some day is in the terms of all.
func boardFacts(boards []*agreementRecord, day date.Date) []factRecord {
	var out []factRecord
	var parts []*agreementRecord
	for _, ag := range boards {
		if appointsMost(ag) {
			out = append(out, factRecord{boards: []*agreementRecord{ag}})
		} else if !ag.max.IsZero() {
			parts = append(parts, ag)
		}
	}
	slices.SortStableFunc(parts, func(a, b *agreementRecord) int {
		return cmp.Or(strings.Compare(a.Issuer, b.Issuer), strings.Compare(a.ID, b.ID))
	})
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && parts[n].Issuer == parts[0].Issuer {
			n++
		}
		one := parts[:n:n]
		if parts = parts[n:]; !appointsMost(one...) {
			continue
		}
		together := [][]*agreementRecord{one}
		if day == "" {
			together = inForceTogether(one)
		}
		for _, list := range together {
			if appointsMost(list...) {
				out = append(out, factRecord{boards: list})
			}
		}
	}
	return out
}

// inForceTogether returns the lists of agreements that are in force on one day, without lists
// that are part of another.
func inForceTogether(list []*agreementRecord) [][]*agreementRecord {
	ends := func(ag *agreementRecord) date.Date { return cmp.Or(ag.To, "9999-12-31") }
	var starts []date.Date
	for _, ag := range list {
		starts = append(starts, ag.From)
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var out [][]*agreementRecord
	for i, day := range starts {
		var on []*agreementRecord
		last := i == len(starts)-1 // otherwise all may still be in force when the next begin
		for _, ag := range list {
			if ag.From <= day && day <= ends(ag) {
				on = append(on, ag)
				last = last || ends(ag) < starts[i+1]
			}
		}
		if last {
			out = append(out, on)
		}
	}
	return out
}

// rights returns the agreements of a record as rights that add up, or nil if there is only one.
func (a *Alliance) rights(list []*agreementRecord) *majority.Rights {
	if len(list) < 2 {
		return nil
	}
	scale := big.NewInt(1)
	for _, ag := range list {
		d := ag.max.Denom()
		scale.Mul(scale, d.Div(d, new(big.Int).GCD(nil, nil, scale, d)))
	}
	half := new(big.Int).Rsh(scale, 1)
	out := &majority.Rights{Need: amountOf(half.Add(half, big.NewInt(1)))}
	for _, ag := range list {
		units := ag.max.Num()
		units.Mul(units, new(big.Int).Div(scale, ag.max.Denom()))
		out.List = append(out.List, majority.Right{Holders: a.boardHolders(ag), Units: amountOf(units)})
	}
	return out
}

// amountOf returns a count in the form of the engine.
func amountOf(n *big.Int) majority.Amount {
	if n.BitLen() < 50 { // so that sums do not overflow
		return majority.Amount{Units: n.Int64()}
	}
	return majority.Amount{Wide: n}
}

// boardHolders returns the nodes of the holders of an agreement on a board, in order.
func (a *Alliance) boardHolders(ag *agreementRecord) []int32 {
	out := make([]int32, len(ag.Holders))
	for i, h := range ag.Holders {
		out[i], _ = a.node(h)
	}
	slices.Sort(out)
	return out
}

// boardFact returns agreements on one board as one fact.
func boardFact(list []*agreementRecord) Fact {
	f := Fact{Company: list[0].Issuer, By: ControlByAppointment, Seats: seatsOf(list)}
	ids := make([]string, len(list))
	for i, ag := range list {
		ids[i] = ag.ID
		f.Controllers = append(f.Controllers, ag.Holders...)
	}
	slices.Sort(f.Controllers)
	f.Controllers, f.Agreement = slices.Compact(f.Controllers), strings.Join(ids, ", ")
	return f
}

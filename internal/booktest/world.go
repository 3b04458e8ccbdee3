package booktest

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// World is a random book with the fractions from which it was made. Held[i][j] is
// the fraction of company j that node i holds. The last nodes are persons.
type World struct {
	IDs       []string
	Companies int          // the number of companies, which come first in IDs
	Held      [][]*big.Rat // by holder and company
	Book      crossholding.Book
}

// RandomWorld makes a book of the given companies and persons. Shares are
// whole percents, often round ones, so that thresholds are met exactly.
func RandomWorld(r *rand.Rand, companies, persons int) World {
	w := World{Companies: companies}
	for i := range companies {
		w.IDs = append(w.IDs, fmt.Sprintf("c%02d", i))
		w.Book.Companies = append(w.Book.Companies, crossholding.Company{ID: w.IDs[i]})
	}
	for i := range persons {
		w.IDs = append(w.IDs, fmt.Sprintf("p%02d", i))
		w.Book.Parties = append(w.Book.Parties, crossholding.Party{ID: w.IDs[companies+i]})
	}
	n := len(w.IDs)
	w.Held = make([][]*big.Rat, n)
	for i := range w.Held {
		w.Held[i] = make([]*big.Rat, n)
		for j := range w.Held[i] {
			w.Held[i][j] = new(big.Rat)
		}
	}
	for j := range companies {
		left := 98 // a float of 2% gives every ring an outside owner
		for range 1 + r.IntN(4) {
			i := r.IntN(n)
			pct := []int{1, 5, 10, 20, 25, 30, 40, 50, 51, 60, 1 + r.IntN(70)}[r.IntN(11)]
			if i == j || pct > left {
				continue
			}
			left -= pct
			w.Held[i][j].Add(w.Held[i][j], big.NewRat(int64(pct), 100))
			w.Book.Stakes = append(w.Book.Stakes, crossholding.Stake{Adds: true, Holder: w.IDs[i], Issuer: w.IDs[j], Percent: ratio.Number(fmt.Sprint(pct))})
		}
		if left == 98 { // every company is held by someone
			i := (j + 1) % n
			w.Held[i][j].SetFrac64(7, 100)
			w.Book.Stakes = append(w.Book.Stakes, crossholding.Stake{Holder: w.IDs[i], Issuer: w.IDs[j], Percent: "7"})
		}
	}
	return w
}

// Alliance returns the alliance of the book.
func (w World) Alliance(t testing.TB) *crossholding.Alliance {
	t.Helper()
	return New(t, w.Book)
}

// Renamed returns the book with its rows shuffled and with names in reverse order,
// and the map from old to new names.
func (w World) Renamed(r *rand.Rand) (crossholding.Book, map[string]string) {
	names := map[string]string{}
	for i, id := range w.IDs {
		names[id] = fmt.Sprintf("%s-%02d", string(rune('z'-i%26)), len(w.IDs)-i)
	}
	b := crossholding.Book{}
	for _, c := range w.Book.Companies {
		c.ID = names[c.ID]
		b.Companies = append(b.Companies, c)
	}
	for _, p := range w.Book.Parties {
		p.ID = names[p.ID]
		b.Parties = append(b.Parties, p)
	}
	for _, s := range w.Book.Stakes {
		s.Holder, s.Issuer = names[s.Holder], names[s.Issuer]
		b.Stakes = append(b.Stakes, s)
	}
	for _, f := range w.Book.Controls {
		f.Controller, f.Company = names[f.Controller], names[f.Company]
		b.Controls = append(b.Controls, f)
	}
	r.Shuffle(len(b.Companies), func(i, j int) { b.Companies[i], b.Companies[j] = b.Companies[j], b.Companies[i] })
	r.Shuffle(len(b.Stakes), func(i, j int) { b.Stakes[i], b.Stakes[j] = b.Stakes[j], b.Stakes[i] })
	return b, names
}

// Fixpoint returns the set that grows from the seeds: a company joins when the
// members together have enough of it.
func (w World) Fixpoint(seeds []int, enough func(share *big.Rat, company int) bool) []bool {
	in := make([]bool, len(w.IDs))
	for _, s := range seeds {
		in[s] = true
	}
	for again := true; again; {
		again = false
		for j := range w.Companies {
			sum := new(big.Rat)
			for i := range w.IDs {
				if in[i] && i != j {
					sum.Add(sum, w.Held[i][j])
				}
			}
			if !in[j] && enough(sum, j) {
				in[j], again = true, true
			}
		}
	}
	return in
}

// Names lists the ids of the nodes that are in, in order, without those in but.
func (w World) Names(in []bool, but ...int) []string {
	var out []string
	for i, ok := range in {
		if ok && !slices.Contains(but, i) {
			out = append(out, w.IDs[i])
		}
	}
	slices.Sort(out)
	return out
}

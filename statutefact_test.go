package crossholding_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// factStatute silences controlled companies in a country without law of its own.
var factStatute = law.Statute{
	ID: "x-control", Citation: "x", Country: "AQ", Kind: law.TestControls, Threshold: ratio.Of(1, 2),
	Facts: []law.ControlMeans{law.ControlByVoting}, HolderFacts: []law.ControlMeans{law.ControlByAppointment},
}

// factWorld is a small book of control by votes and facts, told again without the library.
type factWorld struct {
	n     int
	votes [][]int // votes[y][x]: what x holds of y, of 100
	facts []factOf
}

type factOf struct {
	by   law.ControlMeans
	who  []int
	over int

	seats []int // of each of who, in percent of a board, if they need not be together
}

func randomFactWorld(rnd *rand.Rand) (*factWorld, crossholding.Book) {
	w := &factWorld{n: 3 + rnd.IntN(3)}
	name := func(i int) string { return fmt.Sprintf("c%d", i) }
	var b crossholding.Book
	for y := range w.n {
		b.Companies = append(b.Companies, crossholding.Company{ID: name(y), Country: "AQ"})
		w.votes = append(w.votes, make([]int, w.n))
		for left := 100; left > 0 && rnd.IntN(5) > 0; {
			x := rnd.IntN(w.n)
			if x == y || w.votes[y][x] > 0 {
				break
			}
			part := min(left, []int{10, 40, 50, 51, 30}[rnd.IntN(5)])
			left -= part
			w.votes[y][x] = part
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: name(x), Issuer: name(y), Percent: ratio.Number(fmt.Sprint(part))})
		}
	}
	for range 1 + rnd.IntN(3) {
		f := factOf{by: []law.ControlMeans{law.ControlByVoting, law.ControlByAppointment, law.ControlByContractual}[rnd.IntN(3)], who: []int{rnd.IntN(w.n)}, over: rnd.IntN(w.n)}
		same := func(o factOf) bool { return o.by == f.by && o.over == f.over && slices.Equal(o.who, f.who) }
		if f.who[0] == f.over || slices.ContainsFunc(w.facts, same) {
			continue
		}
		w.facts = append(w.facts, f)
		b.Controls = append(b.Controls, crossholding.ControlFact{Controller: name(f.who[0]), Company: name(f.over), By: f.by})
	}
	if rnd.IntN(2) == 0 { // two parties appoint a board together
		x, z, y := rnd.IntN(w.n), rnd.IntN(w.n), rnd.IntN(w.n)
		if x != y && z != y && x != z {
			w.facts = append(w.facts, factOf{by: law.ControlByAppointment, who: []int{x, z}, over: y})
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "board", Kind: crossholding.AgreementDirectors, Holders: []string{name(x), name(z)}, Issuer: name(y), Max: "60%"})
		}
	}
	if rnd.IntN(2) == 0 { // several appoint parts of a board
		f := factOf{by: law.ControlByAppointment, over: rnd.IntN(w.n)}
		for i := range 2 + rnd.IntN(2) {
			x, part := rnd.IntN(w.n), []int{20, 30, 30, 50}[rnd.IntN(4)]
			if x == f.over {
				continue
			}
			f.who, f.seats = append(f.who, x), append(f.seats, part)
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("seats", i), Kind: crossholding.AgreementDirectors, Holders: []string{name(x)}, Issuer: name(f.over), Max: fmt.Sprint(part, "%")})
		}
		if f.who != nil {
			w.facts = append(w.facts, f)
		}
	}
	return w, b
}

// controls returns what x controls if some stakes are silent.
func (w *factWorld) controls(x int, silent map[[2]int]bool) map[int]bool {
	in := map[int]bool{x: true}
	counts := func(f factOf) bool {
		if f.by == law.ControlByVoting {
			return true
		}
		return f.by == law.ControlByAppointment && !slices.ContainsFunc(f.who, func(x int) bool { return w.votes[f.over][x] == 0 })
	}
	for grew := true; grew; {
		grew = false
		for y := range w.n {
			if in[y] {
				continue
			}
			base, have := 100, 0
			for z, votes := range w.votes[y] {
				switch {
				case silent[[2]int{z, y}]:
					base -= votes
				case in[z]:
					have += votes
				}
			}
			byFact := slices.ContainsFunc(w.facts, func(f factOf) bool {
				if f.seats != nil {
					sum := 0
					for i, z := range f.who {
						if in[z] && w.votes[f.over][z] > 0 {
							sum += f.seats[i]
						}
					}
					return f.over == y && sum > 50
				}
				return f.over == y && counts(f) && !slices.ContainsFunc(f.who, func(x int) bool { return !in[x] })
			})
			if have > 0 && (2*have > base) || byFact {
				in[y], grew = true, true
			}
		}
	}
	delete(in, x)
	return in
}

// readings returns every set of silent stakes that is what the statute makes of itself.
func (w *factWorld) readings() []string {
	var stakes [][2]int
	for y := range w.n {
		for x, votes := range w.votes[y] {
			if votes > 0 {
				stakes = append(stakes, [2]int{x, y})
			}
		}
	}
	var out []string
	for set := range 1 << len(stakes) {
		silent, next := map[[2]int]bool{}, map[[2]int]bool{}
		for i, s := range stakes {
			if set>>i&1 == 1 {
				silent[s] = true
			}
		}
		under := make([]map[int]bool, w.n)
		for x := range w.n {
			under[x] = w.controls(x, silent)
		}
		for _, s := range stakes {
			if under[s[1]][s[0]] {
				next[s] = true
			}
		}
		if maps.Equal(silent, next) {
			var list []crossholding.Reason
			for s := range silent {
				list = append(list, crossholding.Reason{Holder: fmt.Sprintf("c%d", s[0]), Issuer: fmt.Sprintf("c%d", s[1]), Votes: ratio.Int(int64(w.votes[s[1]][s[0]]))})
			}
			out = append(out, suspends(list))
		}
	}
	slices.Sort(out)
	return out
}

// Votes has the readings that trying every set of silent stakes finds, and every policy takes one
// of them.
func TestStatutesWithFactsByBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 1))
	number, byFact := map[int]int{}, 0
	for i := range testkit.Cases(2000) {
		w, b := randomFactWorld(rnd)
		if i%64 == 0 { // in a large book, questions of control are answered in a part of it
			b.Companies = append(b.Companies, crossholding.Company{ID: "large", Country: "AQ"})
			for k := range 1100 {
				p := fmt.Sprint("p", k)
				b.Parties = append(b.Parties, crossholding.Party{ID: p})
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: p, Issuer: "large", Percent: "0.01"})
			}
		}
		want := w.readings()
		opt := crossholding.VotingOptions{Statutes: []law.Statute{factStatute}}
		a := booktest.New(t, b)
		v, err := a.Votes(t.Context(), opt)
		var e *crossholding.ReadingsError
		switch {
		case errors.As(err, &e):
			require.Equal(t, want, readings(e.Readings), "%+v", b)
			for _, policy := range []crossholding.Policy{crossholding.PolicyFewest, crossholding.PolicyMost} {
				opt.Circular = policy
				if v, err := a.Votes(t.Context(), opt); len(want) > 0 {
					require.NoError(t, err)
					require.Contains(t, want, suspends(silentRows(v)))
				} else {
					require.ErrorIs(t, err, crossholding.ErrReadings)
				}
			}
		default:
			require.NoError(t, err)
			require.Equal(t, want, []string{suspends(silentRows(v))}, "%+v", b)
			w.facts = nil
			if alone := w.readings(); !slices.Equal(want, alone) {
				byFact++
			}
			for n := range v.Rows() {
				for _, r := range n.Reasons {
					require.Contains(t, r.Because(), n.Issuer+" controls "+n.Holder+": ")
				}
			}
			requireAfterRetract(t, a, v, b.Controls)
		}
		number[len(want)]++
	}
	t.Log(number, byFact)
	require.Positive(t, byFact)
	require.Greater(t, number[1], 0)
	require.Greater(t, number[2], 0)
}

// requireAfterRetract requires that votes that are counted after a fact has ended are those that
// are counted anew.
func requireAfterRetract(t *testing.T, a *crossholding.Alliance, v *crossholding.Votes, facts []crossholding.ControlFact) {
	t.Helper()
	if len(facts) == 0 {
		return
	}
	d := a.Draft()
	require.NoError(t, d.Retract(facts[0]))
	later := d.Alliance()
	opt := crossholding.VotingOptions{Statutes: []law.Statute{factStatute}}
	anew, err := later.Votes(t.Context(), opt)
	after, errAfter := v.After(t.Context(), later)
	if err != nil {
		require.EqualError(t, errAfter, err.Error())
		return
	}
	require.NoError(t, errAfter)
	require.Equal(t, suspends(silentRows(anew)), suspends(silentRows(after)))
}

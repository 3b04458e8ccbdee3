package crossholding_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// boardBook is a book without votes: the fund controls its arm, and both appoint directors.
func boardBook(agreements ...crossholding.Agreement) crossholding.Book {
	b := crossholding.Book{AsOf: "2025-06-30", Companies: []crossholding.Company{{ID: "works"}, {ID: "arm"}, {ID: "sub"}},
		Parties: []crossholding.Party{{ID: "fund"}, {ID: "bank"}},
		Stakes:  []crossholding.Stake{{Holder: "fund", Issuer: "arm", Percent: "60"}, {Holder: "works", Issuer: "sub", Percent: "60"}}}
	for _, ag := range agreements {
		ag.Kind, ag.Issuer = crossholding.AgreementDirectors, "works"
		b.Agreements = append(b.Agreements, ag)
	}
	return b
}

func seats(id, max string, holders ...string) crossholding.Agreement {
	return crossholding.Agreement{ID: id, Max: max, Holders: holders}
}

// A fund appoints 30% of a board by one agreement, and a company that it controls appoints as much
// by another.
func ExampleNodeFact() {
	a, err := crossholding.New(boardBook(seats("d1", "30%", "fund"), seats("d2", "30%", "arm")))
	if err != nil {
		log.Fatal(err)
	}
	c, err := a.Control(context.Background(), crossholding.ControlOptions{})
	if err != nil {
		log.Fatal(err)
	}
	why, err := c.Why(context.Background(), "fund", "works")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(why)
	for f := range c.Tally().Facts() {
		fmt.Println(f.Fact)
		for _, s := range f.Seats {
			fmt.Println(s.Agreement, a.Graph().IDs(s.Holders), s.Seats.PercentString())
		}
	}
	// Output:
	// fund controls works: fund casts 60 of 100 votes in arm (60%); arm and fund appoint 60% of the board of works (d1, d2)
	// arm and fund appoint 60% of the board of works (d1, d2)
	// d1 [fund] 30%
	// d2 [arm] 30%
}

// Rights to appoint add up, whoever has them and by how many agreements.
func TestBoardsAddUp(t *testing.T) {
	with := func(ag crossholding.Agreement, from, to string) crossholding.Agreement {
		ag.From, ag.To = date.Date(from), date.Date(to)
		return ag
	}
	for _, c := range []struct {
		name string
		book crossholding.Book
		want string // why the fund controls the works, or empty
	}{
		{"two of one party", boardBook(seats("d1", "30%", "fund"), seats("d2", "30%", "fund")), "fund appoints 60% of the board of works (d1, d2)"},
		{"exactly half", boardBook(seats("d1", "30%", "fund"), seats("d2", "20%", "fund")), ""},
		{"thirds", boardBook(seats("d1", "1/3", "fund"), seats("d2", "1/6", "fund")), ""},
		{"more than thirds", boardBook(seats("d1", "1/3", "fund"), seats("d2", "1/5", "fund")), "fund appoints 8/15 of the board of works (d1, d2)"},
		{"one is enough", boardBook(seats("d1", "60%", "fund"), seats("d2", "30%", "fund")), "fund appoints 60% of the board of works (d1)"},
		{"of two parties", boardBook(seats("d1", "30%", "fund"), seats("d2", "30%", "bank")), ""},
		{"one of them jointly", boardBook(seats("d1", "30%", "fund"), seats("d2", "30%", "bank", "fund")), ""},
		{"jointly with its own company", boardBook(seats("d1", "30%", "fund"), seats("d2", "30%", "arm", "fund")),
			"fund casts 60 of 100 votes in arm (60%); arm and fund appoint 60% of the board of works (d1, d2)"},
		{"without what is not needed", boardBook(seats("d1", "30%", "fund"), seats("d2", "10%", "arm"), seats("d3", "30%", "fund"), seats("d4", "20%", "bank")),
			"fund appoints 60% of the board of works (d1, d3)"},
		{"one has ended", boardBook(seats("d1", "30%", "fund"), with(seats("d2", "30%", "fund"), "", "2024-12-31")), ""},
		{"both in force", boardBook(with(seats("d1", "30%", "fund"), "2020-01-01", ""), with(seats("d2", "30%", "fund"), "", "2025-12-31")),
			"fund appoints 60% of the board of works (d1, d2)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := booktest.New(t, c.book)
			control, err := a.Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			why, err := control.Why(t.Context(), "fund", "works")
			require.NoError(t, err)
			require.Equal(t, c.want, why.Proof.String())
			for _, company := range []string{"works", "sub"} {
				yes, err := control.Controls(t.Context(), "fund", company)
				require.NoError(t, err)
				require.Equal(t, c.want != "", yes)
				top, err := control.Ultimate(t.Context(), company)
				require.NoError(t, err)
				require.Equal(t, c.want != "", slices.Contains(top, "fund"))
				bounds, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
				require.NoError(t, err)
				answer, err := bounds.Controls(t.Context(), "fund", company)
				require.NoError(t, err)
				require.Equal(t, c.want != "", answer.Answer == crossholding.CertaintyYes)
			}
		})
	}
}

// In an undated book agreements add up only if some day is in the terms of all.
func TestBoardsOfUndatedBook(t *testing.T) {
	from := func(from, to date.Date, ag crossholding.Agreement) crossholding.Agreement {
		ag.From, ag.To = from, to
		return ag
	}
	d1 := from("2019-01-01", "2021-12-31", seats("d1", "30%", "fund"))
	for _, c := range []struct {
		name  string
		other []crossholding.Agreement
		want  string
	}{
		{"one after the other", []crossholding.Agreement{from("2022-01-01", "", seats("d2", "30%", "fund"))}, ""},
		{"on one day", []crossholding.Agreement{from("2021-12-31", "", seats("d2", "30%", "fund"))}, "fund appoints 60% of the board of works (d1, d2)"},
		{"pairs on different days", []crossholding.Agreement{from("2021-01-01", "2023-12-31", seats("d2", "20%", "fund")), from("2023-01-01", "", seats("d3", "20%", "fund"))}, ""},
		{"always", []crossholding.Agreement{seats("d2", "21%", "fund")}, "fund appoints 51% of the board of works (d1, d2)"},
		{"the later two", []crossholding.Agreement{from("2022-01-01", "", seats("d2", "30%", "fund")), from("2023-01-01", "", seats("d3", "21%", "fund"))}, "fund appoints 51% of the board of works (d2, d3)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := boardBook(append(c.other, d1)...)
			b.AsOf = ""
			control, err := booktest.New(t, b).Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			why, err := control.Why(t.Context(), "fund", "works")
			require.NoError(t, err)
			require.Equal(t, c.want, why.Proof.String())
		})
	}
}

// Control by votes, facts and rights to appoint is the least fixpoint, whatever the names.
func TestBoardsAgainstFixpoint(t *testing.T) {
	byBoard := 0
	for seed := range testkit.Cases(3000) {
		rnd := rand.New(rand.NewPCG(uint64(seed), 31))
		n := 3 + rnd.IntN(5)
		order := rnd.Perm(n)
		name := func(i int) string { return fmt.Sprintf("c%d", order[i]) }
		var b crossholding.Book
		held := make([][]int, n)
		type right struct{ holders, seats []int } // one figure
		rights := make([][]right, n)
		for y := range n {
			b.Companies = append(b.Companies, crossholding.Company{ID: name(y)})
			held[y] = make([]int, n)
			for left := 100; left > 0 && rnd.IntN(3) > 0; {
				x := rnd.IntN(n)
				if x == y || held[y][x] > 0 {
					break
				}
				part := 1 + rnd.IntN(left)
				left, held[y][x] = left-part, part
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: name(x), Issuer: name(y), Percent: ratio.Number(fmt.Sprint(part))})
			}
			for left := 100; left > 0 && rnd.IntN(4) > 0; {
				r := right{seats: []int{min(left, []int{10, 20, 25, 30, 50, 51}[rnd.IntN(6)])}}
				left -= r.seats[0]
				ag := crossholding.Agreement{ID: fmt.Sprintf("d%d-%d", y, len(rights[y])), Kind: crossholding.AgreementDirectors, Issuer: name(y), Max: fmt.Sprint(r.seats[0], "%")}
				for x := range n {
					if x != y && (rnd.IntN(n) == 0 || x == (y+1+rnd.IntN(2))%n && r.holders == nil) {
						r.holders, ag.Holders = append(r.holders, x), append(ag.Holders, name(x))
					}
				}
				if r.holders != nil {
					rights[y], b.Agreements = append(rights[y], r), append(b.Agreements, ag)
				}
			}
		}
		var want []string
		for x := range n {
			in := map[int]bool{x: true}
			for grown := true; grown; {
				grown = false
				for y := range n {
					votes, board := 0, 0
					for z := range in {
						votes += held[y][z]
					}
					for _, r := range rights[y] {
						if !slices.ContainsFunc(r.holders, func(z int) bool { return !in[z] }) {
							board += r.seats[0]
						}
					}
					if !in[y] && (votes > 50 || board > 50) {
						in[y], grown = true, true
						want = append(want, name(x)+">"+name(y))
						if votes <= 50 {
							byBoard++
						}
					}
				}
			}
		}
		slices.Sort(want)
		c, err := booktest.New(t, b).Control(t.Context(), crossholding.ControlOptions{})
		require.NoError(t, err)
		var got []string
		for p, err := range c.Pairs(t.Context()) {
			require.NoError(t, err)
			got = append(got, p.Controller+">"+p.Company)
			why, err := c.Why(t.Context(), p.Controller, p.Company)
			require.NoError(t, err)
			require.True(t, why.Controlled)
			for _, s := range why.Proof.Steps {
				require.True(t, s.Fact == nil || ratio.Of(1, 2).Less(s.Fact.Seats), why.String())
			}
		}
		slices.Sort(got)
		require.Equal(t, want, got, "%+v", b)
	}
	require.Greater(t, byBoard, testkit.Cases(3000)/2)
}

// The number of coalitions does not matter: each of many parties appoints an equal part.
func TestBoardOfMany(t *testing.T) {
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "works"}, {ID: "top"}}}
	for i := range 4001 {
		id := fmt.Sprintf("h%d", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: id})
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "d" + id, Kind: crossholding.AgreementDirectors, Holders: []string{id}, Issuer: "works", Max: "1/4001"})
		if i <= 2000 {
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "top", Issuer: id, Percent: "51"})
		}
	}
	start := time.Now()
	c, err := booktest.New(t, b).Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	top, err := c.Ultimate(t.Context(), "works")
	require.NoError(t, err)
	require.Equal(t, []string{"top"}, top)
	yes, err := c.Controls(t.Context(), "top", "works")
	require.NoError(t, err)
	require.True(t, yes)
	require.Less(t, time.Since(start), 10*time.Second*testkit.Slowdown)
}

// In a book with bands, rights add up as far as control is sure.
func TestBoardsWithBands(t *testing.T) {
	for band, want := range map[string]crossholding.Certainty{"(50%,75%]": crossholding.CertaintyYes, "[40%,75%]": crossholding.CertaintyDepends, "[25%,50%]": crossholding.CertaintyNo} {
		b := boardBook(seats("d1", "30%", "fund"), seats("d2", "30%", "arm"))
		b.Stakes[0].Percent, b.Stakes[0].Between = "", band
		bounds, err := booktest.New(t, b).Bounds(t.Context(), crossholding.BoundsOptions{})
		require.NoError(t, err)
		answer, err := bounds.Controls(t.Context(), "fund", "sub")
		require.NoError(t, err)
		require.Equal(t, want, answer.Answer, band)
	}
}

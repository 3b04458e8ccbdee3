package together_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
)

func TestConcerted(t *testing.T) {
	all, about := crossholding.NoNode, int32(9)
	for _, tc := range []struct {
		name     string
		concerts []crossholding.Concert
		seeds    []int32
		groups   [][]int32
	}{
		{"nobody", nil, nil, nil},
		{"no concert", nil, []int32{1, 2}, [][]int32{{1}, {2}}},
		{"two of three", []crossholding.Concert{{Over: all, Members: []int32{3, 1}}}, []int32{1, 2, 3}, [][]int32{{1, 3}, {2}}},
		{"about one company", []crossholding.Concert{{Over: about, Members: []int32{1, 2}}}, []int32{1, 2}, [][]int32{{1}, {2}}},
		{"over a partner who is no seed", []crossholding.Concert{{Over: all, Members: []int32{1, 7}}, {Over: all, Members: []int32{7, 2}}}, []int32{1, 2}, [][]int32{{1}, {2}}},
		{"a chain of concerts", []crossholding.Concert{{Over: all, Members: []int32{4, 3}}, {Over: all, Members: []int32{2, 1}}, {Over: all, Members: []int32{3, 2}}}, []int32{1, 2, 3, 4}, [][]int32{{1, 2, 3, 4}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.groups, together.Concerted(tc.concerts, tc.seeds))
		})
	}
}

// The groups are those of all pairs of partners, taken together until nothing changes.
func TestConcertedAgainstPairs(t *testing.T) {
	for seed := range testkit.Cases(500) {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		var seeds []int32
		for i := range int32(12) {
			if r.IntN(4) > 0 {
				seeds = append(seeds, i)
			}
		}
		var concerts []crossholding.Concert
		for range r.IntN(6) {
			c := crossholding.Concert{Over: crossholding.NoNode}
			for range 2 + r.IntN(3) {
				c.Members = append(c.Members, int32(r.IntN(12)))
			}
			concerts = append(concerts, c)
		}
		group := map[int32]int32{}
		for _, i := range seeds {
			group[i] = i
		}
		for changed := true; changed; {
			changed = false
			for _, c := range concerts {
				for _, x := range c.Members {
					for _, y := range c.Members {
						gx, okX := group[x]
						gy, okY := group[y]
						if okX && okY && gx > gy {
							group[x], changed = gy, true
						}
					}
				}
			}
		}
		var want [][]int32
		for _, first := range seeds {
			if group[first] == first {
				want = append(want, slices.DeleteFunc(slices.Clone(seeds), func(i int32) bool { return group[i] != first }))
			}
		}
		require.Equal(t, want, together.Concerted(concerts, seeds), fmt.Sprint("seed ", seed))
	}
}

// The time does not grow with parties times concerts.
func TestConcertedOfMany(t *testing.T) {
	var concerts []crossholding.Concert
	var seeds []int32
	for i := range int32(200_000) {
		seeds = append(seeds, i)
		concerts = append(concerts, crossholding.Concert{Over: crossholding.NoNode, Members: []int32{i, (i + 1) % 200_000}})
	}
	start := time.Now()
	require.Len(t, together.Concerted(concerts, seeds), 1)
	require.Less(t, time.Since(start), 5*time.Second*testkit.Slowdown)
}

// A joint right counts for all of its holders, or for each of them. Rights add up.
func TestHad(t *testing.T) {
	b := booktest.Book(t)
	b.Companies = []crossholding.Company{{ID: "z"}}
	b.Parties = []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	board := func(id, max string, holders ...string) crossholding.Agreement {
		return crossholding.Agreement{ID: id, Kind: crossholding.AgreementDirectors, Issuer: "z", Max: max, Holders: holders}
	}
	for _, tc := range []struct {
		name       string
		agreements []crossholding.Agreement
		who        string
		all, each  string
	}{
		{"all of one", []crossholding.Agreement{board("d", "60%", "a", "b")}, "ab", "a and b appoint 60% of the board of z (d)", "a and b appoint 60% of the board of z (d)"},
		{"one of two", []crossholding.Agreement{board("d", "60%", "a", "b")}, "a", "", "a and b appoint 60% of the board of z (d)"},
		{"another", []crossholding.Agreement{board("d", "60%", "a", "b")}, "c", "", ""},
		{"sum", []crossholding.Agreement{board("d1", "30%", "a"), board("d2", "30%", "b"), board("d3", "30%", "c")}, "ab",
			"a and b appoint 60% of the board of z (d1, d2)", "a and b appoint 60% of the board of z (d1, d2)"},
		{"sum with a joint right", []crossholding.Agreement{board("d1", "30%", "a"), board("d2", "30%", "b", "c")}, "a", "", ""},
		{"sum with its own joint right", []crossholding.Agreement{board("d1", "30%", "a"), board("d2", "30%", "a", "b")}, "a", "", "a and b appoint 60% of the board of z (d1, d2)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b.Agreements = tc.agreements
			c, err := booktest.New(t, b).Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			g := c.Tally().Graph()
			counts := func(x int32) bool { return strings.Contains(tc.who, g.ID(x)) }
			for f := range c.Tally().Facts() {
				for i, want := range []string{tc.all, tc.each} {
					got, ok := together.Had(g, f, counts, i == 1)
					require.Equal(t, want != "", ok)
					if ok {
						require.Equal(t, want, got.Fact.String())
					}
				}
			}
		})
	}
}

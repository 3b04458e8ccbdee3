package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
)

// Partners count for one another at the company that their concert is about, and what they
// control together reaches down the chain. Apart, they do not.
func TestCloseLinksTogether(t *testing.T) {
	concert := func(issuer string, holders ...string) []crossholding.Agreement {
		return []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Issuer: issuer, Holders: holders}}
	}
	for _, c := range []struct {
		name   string
		stakes []string
		pact   []crossholding.Agreement
		want   []string // without links by a third party
	}{
		{"control", []string{"A 30 Z", "B 30 Z", "Z 60 S"}, concert("Z", "A", "B"),
			[]string{"A S 60", "A Z 60", "B S 60", "B Z 60", "Z S 60"}},
		{"exactly half does not control", []string{"A 25 Z", "B 25 Z", "Z 60 S"}, concert("Z", "A", "B"),
			[]string{"A Z 50", "B Z 50", "Z S 60"}},
		{"a holding", []string{"A 12 Z", "B 8 Z"}, concert("", "A", "B"), []string{"A Z 20", "B Z 20"}},
		{"too little", []string{"A 12 Z", "B 7 Z"}, concert("", "A", "B"), nil},
		{"elsewhere", []string{"A 30 Z", "B 30 Z", "Z 60 S"}, concert("S", "A", "B"), []string{"A S 60", "B S 60", "A Z 30", "B Z 30", "Z S 60"}[2:]},
		{"a company is party to it", []string{"A 60 H", "H 30 Z", "B 30 Z"}, concert("Z", "H", "B"),
			[]string{"A H 60", "A Z 60", "B Z 60", "H Z 60"}},
		{"who holds nothing", []string{"B 60 Z"}, concert("Z", "A", "B"), []string{"A Z 60", "B Z 60"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := booktest.Book(t, c.stakes...)
			book.Agreements = c.pact
			for _, x := range []string{"A", "B"} {
				if !slices.ContainsFunc(book.Parties, func(p crossholding.Party) bool { return p.ID == x }) {
					book.Parties = append(book.Parties, crossholding.Party{ID: x, Kind: crossholding.KindPerson})
				}
			}
			got := linksOf(t, booktest.New(t, book), compliance.ConcertsTogether)
			require.ElementsMatch(t, c.want, got)
			book.Agreements = nil
			require.ElementsMatch(t, linksOf(t, booktest.New(t, book), compliance.ConcertsTogether),
				linksOf(t, booktest.New(t, book), compliance.ConcertsApart))
		})
	}
	_, err := compliance.CloseLinks(t.Context(), booktest.Alliance(t, "A 30 Z"), compliance.CloseLinkOptions{Concerts: "x"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = compliance.BoundCloseLinks(t.Context(), booktest.New(t, booktest.Banded()), compliance.CloseLinkOptions{Concerts: compliance.ConcertsTogether})
	require.ErrorIs(t, err, crossholding.ErrAgreement)
}

// linksOf returns the links by control and by holdings.
func linksOf(t *testing.T, a *crossholding.Alliance, concerts compliance.ConcertReading) []string {
	list, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl, Concerts: concerts})
	require.NoError(t, err)
	got := []string{}
	for _, l := range list {
		if l.Kind != compliance.LinkThird {
			got = append(got, linkText(l))
		}
	}
	return got
}

// Control together is the least set that holds what its members and their partners have most of.
func TestCloseLinksTogetherAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 38))
	for range testkit.Cases(100) {
		n := 3 + r.IntN(5)
		name := func(i int) string { return fmt.Sprintf("n%d", i) }
		held := make([][]int, n) // by issuer and holder, in percent
		var stakes []string
		for y := range n {
			held[y] = make([]int, n)
			left := 100
			for range 1 + r.IntN(3) {
				if x, part := r.IntN(n), 1+r.IntN(45); x != y && held[y][x] == 0 && part <= left {
					held[y][x], left = part, left-part
					stakes = append(stakes, fmt.Sprintf("%s %d %s", name(x), part, name(y)))
				}
			}
		}
		if len(stakes) == 0 {
			continue
		}
		book := booktest.Book(t, stakes...)
		known := map[string]bool{}
		for _, c := range book.Companies {
			known[c.ID] = true
		}
		for _, p := range book.Parties {
			known[p.ID] = true
		}
		type pact struct {
			over    int
			members []int
		}
		var pacts []pact
		for i := range 1 + r.IntN(2) {
			p := pact{r.IntN(n+1) - 1, r.Perm(n)[:2]}
			if p.over >= 0 && (!known[name(p.over)] || slices.Max(held[p.over]) == 0) || slices.ContainsFunc(p.members, func(x int) bool { return !known[name(x)] || x == p.over }) {
				continue
			}
			pacts = append(pacts, p)
			ag := crossholding.Agreement{ID: fmt.Sprintf("pact%d", i), Kind: crossholding.AgreementConcert, Holders: []string{name(p.members[0]), name(p.members[1])}}
			if p.over >= 0 {
				ag.Issuer = name(p.over)
			}
			book.Agreements = append(book.Agreements, ag)
		}
		var want []string
		for x := range n {
			in := make([]bool, n)
			in[x] = true
			for grown := true; grown; {
				grown = false
				for y := range n {
					sum := 0
					for h := range n {
						partner := slices.ContainsFunc(pacts, func(p pact) bool {
							return (p.over == y || p.over < 0) && slices.Contains(p.members, h) && slices.ContainsFunc(p.members, func(m int) bool { return in[m] })
						})
						if h != y && (in[h] || partner) {
							sum += held[y][h]
						}
					}
					if !in[y] && sum > 50 {
						in[y], grown = true, true
						want = append(want, name(x)+" "+name(y))
					}
				}
			}
		}
		list, err := compliance.CloseLinks(t.Context(), booktest.New(t, book), compliance.CloseLinkOptions{
			Reading: compliance.LinksByControl, Concerts: compliance.ConcertsTogether, Voting: crossholding.VotingOptions{NoLaw: true}})
		require.NoError(t, err)
		var got []string
		for _, l := range list {
			if l.Kind == compliance.LinkControl {
				got = append(got, l.A+" "+l.B)
			}
		}
		require.ElementsMatch(t, want, got, "%v %v", stakes, pacts)
	}
}

// TestLinksOfRingInConcert: a partner whose votes a group has only by a concert can be a member of a
// ring of control, so that the concert brings it into the group.
func TestLinksOfRingInConcert(t *testing.T) {
	for _, issuer := range []string{"b", ""} {
		b := booktest.Book(t, "a 60 b", "b 60 a")
		b.Parties = append(b.Parties, crossholding.Party{ID: "p"})
		b.Agreements = []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"a", "p"}, Issuer: issuer}}
		for _, reading := range []compliance.CloseLinkReading{compliance.LinksByPaths, compliance.LinksByControl} {
			links, err := compliance.CloseLinks(t.Context(), booktest.New(t, b), compliance.CloseLinkOptions{Reading: reading, Concerts: compliance.ConcertsTogether})
			require.NoError(t, err)
			var got []string
			for _, l := range links {
				if l.Kind == compliance.LinkControl {
					got = append(got, l.A+l.B)
				}
			}
			require.Equal(t, []string{"ab", "ba", "pa", "pb"}, got)
		}
	}
}

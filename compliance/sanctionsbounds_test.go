package compliance_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// bandBook has blocked parties x and y, and z who is not.
func bandBook(stakes ...[3]string) crossholding.Book {
	b := crossholding.Book{Parties: []crossholding.Party{{ID: "x"}, {ID: "y"}, {ID: "z"}}}
	seen := map[string]bool{"x": true, "y": true, "z": true}
	for _, s := range stakes {
		for _, id := range s[:2] {
			if !seen[id] {
				seen[id] = true
				b.Companies = append(b.Companies, crossholding.Company{ID: id})
			}
		}
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: s[0], Issuer: s[1], Between: s[2]})
	}
	return b
}

// A register knows that two blocked persons each have more than a quarter of a company.
func ExampleBoundSanctions() {
	a, err := crossholding.New(bandBook([3]string{"x", "first", "(25%,50%]"}, [3]string{"y", "first", "(25%,50%]"},
		[3]string{"first", "second", "[50%,75%)"}, [3]string{"x", "third", "[25%,75%]"}, [3]string{"y", "fourth", "[0%,25%]"}))
	if err != nil {
		log.Fatal(err)
	}
	r, err := compliance.BoundSanctions(context.Background(), a, []string{"x", "y"}, compliance.SanctionsOptions{Regime: compliance.RegimeOFAC})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range r.Companies {
		fmt.Println(c.Company, c.Answer)
	}
	fmt.Println(r.Of(crossholding.CertaintyYes))
	// Output:
	// first yes
	// fourth no
	// second yes
	// third depends
	// [first second]
}

func TestBoundSanctions(t *testing.T) {
	ask := func(regime string, blocked []string, stakes ...[3]string) map[string]crossholding.Certainty {
		t.Helper()
		r, err := compliance.BoundSanctions(t.Context(), booktest.New(t, bandBook(stakes...)), blocked, compliance.SanctionsOptions{Regime: regime})
		require.NoError(t, err)
		out := map[string]crossholding.Certainty{}
		for _, c := range r.Companies {
			out[c.Company] = c.Answer
			require.NotEmpty(t, c.String())
		}
		return out
	}
	both := []string{"x", "y"}
	closed := [][3]string{{"x", "c", "[25%,30%]"}, {"y", "c", "[25%,30%]"}}
	require.Equal(t, crossholding.CertaintyYes, ask(compliance.RegimeOFAC, both, closed...)["c"], "50% is enough")
	require.Equal(t, crossholding.CertaintyNo, ask(compliance.RegimeUK, both, closed...)["c"], "nobody alone has more than 30%")
	require.Equal(t, crossholding.CertaintyDepends, ask(compliance.RegimeOFAC, both, [3]string{"x", "c", "[20%,30%]"}, [3]string{"y", "c", "[20%,30%]"})["c"])
	// What the other has leaves too little.
	require.Equal(t, crossholding.CertaintyNo, ask(compliance.RegimeOFAC, both, [3]string{"x", "c", "[0%,90%]"}, [3]string{"z", "c", "(50%,60%]"})["c"])
	require.Equal(t, crossholding.CertaintyDepends, ask(compliance.RegimeOFAC, both, [3]string{"x", "c", "[0%,90%]"}, [3]string{"z", "c", "[50%,60%]"})["c"])
	// Under the British regime each party gets its own most.
	require.Equal(t, crossholding.CertaintyDepends, ask(compliance.RegimeUK, both, [3]string{"x", "c", "[0%,60%]"}, [3]string{"y", "c", "[0%,60%]"})["c"])

	a := booktest.New(t, bandBook(closed...))
	_, err := compliance.BoundSanctions(t.Context(), a, nil, compliance.SanctionsOptions{})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	_, err = compliance.BoundSanctions(t.Context(), a, []string{"nobody"}, compliance.SanctionsOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = compliance.BoundSanctions(ended, a, both, compliance.SanctionsOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

// A figure at an open end of a band is told as the end.
func TestBoundSanctionsAtOpenEnds(t *testing.T) {
	a := booktest.New(t, bandBook([3]string{"x", "first", "(25%,50%]"}, [3]string{"y", "first", "(25%,50%]"}, [3]string{"x", "third", "(25%,75%)"}, [3]string{"y", "third", "(0%,25%)"}))
	r, err := compliance.BoundSanctions(t.Context(), a, []string{"x", "y"}, compliance.SanctionsOptions{Regime: compliance.RegimeOFAC})
	require.NoError(t, err)
	var said []string
	for _, c := range r.Companies {
		said = append(said, c.String())
	}
	require.Equal(t, []string{
		"first is owned by x with y: more than 50% of its shares (x more than 25%, y more than 25%), where at least 50% is needed",
		"third depends: at least, third is not owned by x with y: more than 25% of its shares (x more than 25%, y more than 0%), where at least 50% is needed; " +
			"at most, third is owned by x with y: less than 100% of its shares (x less than 75%, y less than 25%), where at least 50% is needed; " +
			"blocked if y has just under 25% of third; not blocked if x has 37.5% of third and y has 6.25% of third"}, said)
	links, err := compliance.BoundCloseLinks(t.Context(), a, compliance.CloseLinkOptions{})
	require.NoError(t, err)
	require.Equal(t, "first and third are closely linked: x has more than 25% and more than 25% of them", links[0].String())
}

// Completions at random agree with the bounds: what is certain is so in each of them, and what
// depends is so in one of the two ends.
func TestBoundSanctionsByCompletions(t *testing.T) {
	for seed := range testkit.Cases(150) {
		rng := rand.New(rand.NewPCG(uint64(seed), 11))
		names := []string{"x", "y", "z", "a", "b", "c"}
		var stakes [][3]string
		type ends struct{ lo, hi int }
		var bands []ends
		room := map[string]int{"a": 100, "b": 100, "c": 100}
		for _, issuer := range []string{"a", "b", "c"} {
			for _, holder := range names {
				if holder == issuer || rng.IntN(2) == 0 {
					continue
				}
				lo := rng.IntN(min(60, room[issuer]) + 1)
				room[issuer] -= lo
				hi := min(100, lo+rng.IntN(50))
				stakes = append(stakes, [3]string{holder, issuer, fmt.Sprintf("[%d%%,%d%%]", lo, hi)})
				bands = append(bands, ends{lo, hi})
			}
		}
		book := bandBook(stakes...)
		a, err := crossholding.New(book)
		if err != nil || len(stakes) == 0 {
			continue
		}
		for _, regime := range []string{compliance.RegimeOFAC, compliance.RegimeUK} {
			opt := compliance.SanctionsOptions{Regime: regime}
			bounds, err := compliance.BoundSanctions(t.Context(), a, []string{"x", "y"}, opt)
			require.NoError(t, err)
			yes, no := bounds.Of(crossholding.CertaintyYes), bounds.Of(crossholding.CertaintyNo)
			for range 12 {
				done := book
				done.Stakes = slices.Clone(book.Stakes)
				for i := range done.Stakes {
					s := &done.Stakes[i]
					at := bands[i].lo + rng.IntN(bands[i].hi-bands[i].lo+1)
					if rng.IntN(2) == 0 {
						at = []int{bands[i].lo, bands[i].hi}[rng.IntN(2)]
					}
					s.Between, s.Percent = "", ratio.Number(fmt.Sprint(at))
				}
				c, err := crossholding.New(done)
				if err != nil {
					continue // the stakes are more than there is
				}
				r, err := compliance.Sanctions(t.Context(), c, []string{"x", "y"}, opt)
				require.NoError(t, err)
				blocked := r.Blocked()
				for _, id := range yes {
					require.Contains(t, blocked, id, "seed %d, %s: %v", seed, regime, done.Stakes)
				}
				for _, id := range no {
					require.NotContains(t, blocked, id, "seed %d, %s: %v", seed, regime, done.Stakes)
				}
				for _, id := range blocked {
					require.True(t, slices.ContainsFunc(bounds.Companies, func(b compliance.SanctionedCompanyBound) bool { return b.Company == id }), id)
				}
			}
		}
	}
}

// In a ring of bands, those who are in the group for certain get the room first. Otherwise the
// companies that join because of them would take it away from them.
func TestRaiseInARing(t *testing.T) {
	a := booktest.New(t, bandBook([3]string{"c", "b", "[11%,57%]"}, [3]string{"b", "c", "[36%,53%]"}, [3]string{"x", "b", "[24%,69%]"}, [3]string{"x", "c", "[47%,85%]"}))
	r, err := compliance.BoundSanctions(t.Context(), a, []string{"x"}, compliance.SanctionsOptions{Regime: compliance.RegimeOFAC})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "c"}, r.Of(crossholding.CertaintyDepends))
	c, err := compliance.BoundConsolidation(t.Context(), a, "x", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	for _, e := range c.Entities {
		require.Equal(t, compliance.Subsidiary, e.Most.Class, e.Company)
	}
}

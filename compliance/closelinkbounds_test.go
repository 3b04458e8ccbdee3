package compliance_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// A bank has between a tenth and a quarter of an insurer, and more than half of a fund.
func ExampleBoundCloseLinks() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "bank"}, {ID: "fund"}, {ID: "insurer"}},
		Stakes: []crossholding.Stake{
			{Holder: "bank", Issuer: "fund", Between: "[60%,75%)"},
			{Holder: "bank", Issuer: "insurer", Between: "[10%,25%]"},
			{Holder: "fund", Issuer: "insurer", Percent: "5"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	links, err := compliance.BoundCloseLinks(context.Background(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl})
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range links {
		fmt.Println(l)
	}
	// Output:
	// bank and fund are closely linked: bank controls fund with 60% of it
	// bank and insurer may be closely linked; yes if bank has 17.5% of insurer; no if bank has 13.75% of insurer
	// fund and insurer may be closely linked by bank; yes if bank has 17.5% of insurer; no if bank has 13.75% of insurer
}

func linkBound(l compliance.CloseLinkBound) string {
	return fmt.Sprintf("%s %s %s %s", l.A, l.B, l.Third, l.Answer)
}

func TestBoundCloseLinks(t *testing.T) {
	ask := func(opt compliance.CloseLinkOptions, b crossholding.Book) []string {
		t.Helper()
		links, err := compliance.BoundCloseLinks(t.Context(), booktest.New(t, b), opt)
		require.NoError(t, err)
		out := []string{}
		for _, l := range links {
			require.NotEmpty(t, l.String())
			require.Equal(t, "T", l.WithNames(func(string) string { return "T" }).B)
			out = append(out, linkBound(l))
		}
		return out
	}
	paths, control := compliance.CloseLinkOptions{}, compliance.CloseLinkOptions{Reading: compliance.LinksByControl}
	closed := bandBook([3]string{"x", "c", "[20%,30%]"})
	require.Equal(t, []string{"x c  yes"}, ask(paths, closed), "20% is enough")
	require.Equal(t, []string{"x c  depends"}, ask(compliance.CloseLinkOptions{Exceed: true}, closed), "more than 20%")
	require.Empty(t, ask(paths, bandBook([3]string{"x", "c", "(0%,20%)"})))
	// 40% to 60% of h, which has half of c: a product of 20% to 30%, and control or not.
	chain := bandBook([3]string{"x", "h", "[40%,60%]"}, [3]string{"h", "c", "[50%,50%]"})
	require.Equal(t, []string{"c h x yes", "h c  yes", "x c  yes", "x h  yes"}, ask(paths, chain))
	require.Equal(t, []string{"c h x depends", "h c  yes", "x c  depends", "x h  yes"}, ask(control, chain))
	// What the others leave.
	require.Equal(t, []string{"z c  yes"}, ask(paths, bandBook([3]string{"x", "c", "[0%,90%]"}, [3]string{"z", "c", "(80%,90%]"})))
	// A third party can have 20% of both at once.
	require.Equal(t, []string{"d e x depends", "x d  depends", "x e  depends"}, ask(paths, bandBook([3]string{"x", "d", "[0%,30%]"}, [3]string{"x", "e", "[0%,30%]"})))
	require.Equal(t, []string{"x d  depends"}, ask(compliance.CloseLinkOptions{Of: "d", Threshold: ratio.Of(1, 4)}, bandBook([3]string{"x", "d", "[0%,30%]"}, [3]string{"z", "d", "[0%,20%]"})))

	_, err := compliance.BoundCloseLinks(t.Context(), booktest.New(t, closed), compliance.CloseLinkOptions{Of: "nobody"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = compliance.BoundCloseLinks(t.Context(), booktest.New(t, closed), compliance.CloseLinkOptions{MaxLinks: -1})
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = compliance.BoundCloseLinks(t.Context(), booktest.New(t, chain), compliance.CloseLinkOptions{MaxLinks: 1})
	require.ErrorIs(t, err, crossholding.ErrSearchLimit)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = compliance.BoundCloseLinks(ended, booktest.New(t, closed), paths)
	require.ErrorIs(t, err, context.Canceled)
}

// What is certain of a book is so in every completion and every reading of the law, and so are
// answers with the stakes that decide.
func TestBoundCloseLinksAgainstCompletions(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 38))
	readings := []compliance.CloseLinkReading{compliance.LinksByPaths, compliance.LinksByControl}
	thirds := []compliance.ThirdPartyTest{compliance.ThirdHolds, compliance.ThirdControls}
	bases := []crossholding.Basis{"", crossholding.BasisCapital, crossholding.BasisExercisable}
	count := map[string]int{}
	for n := range testkit.Size(60, 2000) {
		book := randomBanded(r, someBands)
		if n%3 == 0 {
			book = bookOfDoubt(r)
		}
		book = withRandomFact(r, book)
		a, err := crossholding.New(book)
		if err != nil {
			continue // the lower ends are too much
		}
		opt := compliance.CloseLinkOptions{Reading: readings[n%2], Third: thirds[n/2%2], Basis: bases[n/4%3], Exceed: n%5 == 0}
		links, err := compliance.BoundCloseLinks(t.Context(), a, opt)
		require.NoError(t, err, "%v", book)
		exactly := func(a *crossholding.Alliance, voting crossholding.VotingOptions) (map[string]bool, error) {
			opt.Voting = voting
			found := map[string]bool{}
			list, err := compliance.CloseLinks(t.Context(), a, opt)
			for _, l := range list {
				found[fmt.Sprintf("%s %s %s", l.A, l.B, l.Third)] = true
			}
			return found, err
		}
		answers := map[string]crossholding.Certainty{}
		for _, l := range links {
			key := fmt.Sprintf("%s %s %s", l.A, l.B, l.Third)
			answers[key] = l.Answer
			count[string(l.Answer)]++
			if l.Answer == crossholding.CertaintyDepends && l.Most == nil {
				count["not found"]++
			}
			requireDecisive(t, r, book, l.String(), l.Yes, l.No, count, func(a *crossholding.Alliance, voting crossholding.VotingOptions) (bool, error) {
				found, err := exactly(a, voting)
				return found[key], err
			})
		}
		inCompletions(t, r, book, nil, 12, func(a *crossholding.Alliance, voting crossholding.VotingOptions, note string) {
			found, err := exactly(a, voting)
			require.NoError(t, err)
			for key := range found {
				require.NotEmpty(t, answers[key], "%s %+v: %s", key, opt, note)
			}
			for key, answer := range answers {
				require.True(t, answer != crossholding.CertaintyYes || found[key], "%s %+v: %s", key, opt, note)
			}
		})
	}
	t.Log(count)
	require.Greater(t, count["decided"], 20)
}

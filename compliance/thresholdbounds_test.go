package compliance_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/compliance/bounded"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
)

// boundRules are rules with limits close to one another, in several ways of counting.
func boundRules() []law.Threshold {
	limits, all := partsOf(20), everyGround()
	return []law.Threshold{
		{ID: "all", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, AtLeast: true, Bases: []law.ThresholdBase{law.OfCapital, law.OfTheoretical}, Counts: all},
		{ID: "casts", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, Bases: []law.ThresholdBase{law.OfExercisable}, Counts: []law.Attribution{law.CastAtWill, law.OfSubsidiaries}},
		{ID: "money", Kind: law.BidThreshold, Citation: "-", Limits: limits, Bases: []law.ThresholdBase{law.OfCapital}},
		{ID: "sum", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, AtLeast: true, Bases: []law.ThresholdBase{law.OfCapital}, Counts: all, Aggregate: true},
	}
}

// TestBoundedThresholdsAgainstCompletions compares the limits that are reached surely, perhaps and
// never with those of random completions, under every reading of the law.
func TestBoundedThresholdsAgainstCompletions(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 35))
	opt := compliance.ThresholdOptions{Thresholds: boundRules()}
	count := map[crossholding.Certainty]int{}
	for n := range testkit.Size(24, 400) {
		var book crossholding.Book
		if n%2 == 0 {
			if book = bookOfDoubt(r); n%4 == 0 { // statutes are the only doubt
				book.Agreements, book.Parties = nil, book.Parties[:3]
				book.Stakes = slices.DeleteFunc(book.Stakes, func(s crossholding.Stake) bool { return s.Holder == "both" })
				for i := range book.Stakes {
					s := &book.Stakes[i]
					s.Votes, s.VotesSince, s.Voter, s.Beneficiary = "", "", "", ""
				}
			}
		} else {
			book = randomBanded(r, []string{"(0%,25%]", "(25%,50%]", "(50%,75%)", "[20%,30%]", "[25%,40%)", "[0%,60%]", "(45%,55%)"})
		}
		if n%3 == 0 && len(book.Parties) > 1 {
			book.Agreements = append(book.Agreements, crossholding.Agreement{ID: "together", Kind: crossholding.AgreementConcert, Holders: []string{book.Parties[0].ID, book.Parties[1].ID}})
		}
		a, err := crossholding.New(book)
		if err != nil {
			continue // the lower ends are too much
		}
		bounds, err := bounded.Thresholds(t.Context(), a, opt)
		require.NoError(t, err, "%v", book)
		inCompletions(t, r, book, nil, 12, func(a *crossholding.Alliance, voting crossholding.VotingOptions, note string) {
			one := opt
			one.Voting = voting
			list, err := compliance.Thresholds(t.Context(), a, one)
			require.NoError(t, err)
			for _, p := range list {
				if p.Kind == law.ReciprocityThreshold {
					continue
				}
				i := slices.IndexFunc(bounds, func(b bounded.Position) bool {
					return b.Most.Holder == p.Holder && b.Most.Issuer == p.Issuer && b.Most.Rule == p.Rule && b.Most.Base == p.Base
				})
				if len(p.Reached) > 0 {
					require.GreaterOrEqual(t, i, 0, "%s has no bounds: %s", p, note)
				}
				if i < 0 {
					continue
				}
				for _, limit := range opt.Thresholds[0].Limits {
					answer, reached := bounds[i].Answer(limit), slices.ContainsFunc(p.Reached, limit.Equal)
					count[answer]++
					if answer != crossholding.CertaintyDepends {
						require.Equal(t, answer == crossholding.CertaintyYes, reached, "%s, %s: %s; %s\n%v", limit, p, bounds[i], note, book)
					}
				}
			}
			for _, b := range bounds { // a sure limit needs a position
				if len(b.Reached) > 0 {
					require.True(t, slices.ContainsFunc(list, func(p compliance.Position) bool {
						return b.Most.Holder == p.Holder && b.Most.Issuer == p.Issuer && b.Most.Rule == p.Rule && b.Most.Base == p.Base
					}), "%s: %s", b, note)
				}
			}
		})
	}
	t.Log(count)
	require.Greater(t, count[crossholding.CertaintyYes], 500)
	require.Greater(t, count[crossholding.CertaintyDepends], 500)
}

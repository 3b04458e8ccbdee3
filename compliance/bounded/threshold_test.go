package bounded_test

import (
	"context"
	"fmt"
	"log"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/compliance/bounded"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

func ExampleThresholds() {
	a, err := crossholding.New(crossholding.Book{
		AsOf:      "2024-01-02",
		Companies: []crossholding.Company{{ID: "AG", Country: "DE", Listed: true}, {ID: "Fonds", Country: "DE"}},
		Parties:   []crossholding.Party{{ID: "Ada"}},
		Stakes: []crossholding.Stake{
			{Holder: "Ada", Issuer: "AG", Between: "(10%,15%)"}, {Holder: "Fonds", Issuer: "AG", Percent: "6"},
			{Holder: "Ada", Issuer: "Fonds", Between: "[40%,60%]"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	list, err := bounded.Thresholds(context.Background(), a, compliance.ThresholdOptions{Holder: "Ada", Issuer: "AG"})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range list {
		if p.Most.Rule == "DE-33" {
			fmt.Println(p)
			fmt.Println(p.Answer(ratio.Of(1, 10)), p.Answer(ratio.Of(3, 20)), p.Answer(ratio.Of(1, 5)), p.Answer(ratio.Of(1, 4)))
		}
	}
	// Output:
	// Ada in AG has 10% to 21% of theoretical, disclosure (DE-33); at least 10%; perhaps at least 15%; yes if Ada has 55% of Fonds; no if Ada has 50% of Fonds; perhaps at least 20%; yes if Ada has 14.69% of AG and Ada has 55% of Fonds; no if Ada has 50% of Fonds
	// yes depends depends no
}

func ExamplePosition_Answer() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "SA", Country: "FR", Listed: true}}, Parties: []crossholding.Party{{ID: "Eve"}},
		Stakes: []crossholding.Stake{{Holder: "Eve", Issuer: "SA", Percent: "5", Rounded: true}},
	})
	if err != nil {
		log.Fatal(err)
	}
	list, err := bounded.Thresholds(context.Background(), a, compliance.ThresholdOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range list {
		if p.Most.Rule == "FR-233-7" {
			fmt.Println(p.Most.Base, p.Answer(ratio.Of(1, 20)), p.Answer(ratio.Of(1, 10)))
		}
	}
	// Output:
	// capital depends no
	// theoretical depends no
}

func ExamplePosition_WithNames() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "x"}}, Parties: []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "x", Between: "(50%,75%]"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	list, err := bounded.Thresholds(context.Background(), a, compliance.ThresholdOptions{Holder: "p"})
	if err != nil {
		log.Fatal(err)
	}
	names := map[string]string{"p": "Ada", "x": "Works"}
	for _, p := range list {
		if p.Most.Rule == "majority" {
			fmt.Println(p.WithNames(func(id string) string { return names[id] }))
		}
	}
	// Output: Ada in Works has 50% to 75% of exercisable, majority (majority); more than 50%
}

// The stakes that decide do so.
func TestDecisiveStakes(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x"}, {ID: "y"}}, Parties: []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "x", Between: "(10%,15%)"}, {Holder: "y", Issuer: "x", Percent: "6"}, {Holder: "p", Issuer: "y", Between: "[40%,60%]"}},
	}
	rule := law.Threshold{ID: "all", Kind: law.DisclosureThreshold, Citation: "-", AtLeast: true, Bases: []law.ThresholdBase{law.OfCapital, law.OfTheoretical},
		Limits: []ratio.Ratio{ratio.Of(1, 20), ratio.Of(1, 10), ratio.Of(3, 20), ratio.Of(1, 5), ratio.Of(1, 4)},
		Counts: []law.Attribution{law.InOwnName, law.ForOwnMoney, law.CastAtWill, law.OfSubsidiaries}}
	opt := compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}, Holder: "p", Issuer: "x"}
	list, err := bounded.Thresholds(t.Context(), booktest.New(t, book), opt)
	require.NoError(t, err)
	require.Len(t, list, 2)
	for _, b := range list {
		require.Equal(t, []ratio.Ratio{ratio.Of(1, 20), ratio.Of(1, 10)}, b.Reached)
		require.Len(t, b.Depends, 2)
		for _, d := range b.Depends {
			require.NotEmpty(t, d.Yes, "%s", b)
			require.NotEmpty(t, d.No, "%s", b)
			for want, stakes := range map[crossholding.Certainty][]crossholding.BandedStake{crossholding.CertaintyYes: d.Yes, crossholding.CertaintyNo: d.No} {
				fixed, err := bounded.Thresholds(t.Context(), booktest.New(t, fixedAt(book, stakes)), opt)
				require.NoError(t, err)
				for _, f := range fixed {
					require.Equal(t, want, f.Answer(d.Limit), "%s at %s: %v", b, d.Limit, stakes)
				}
			}
		}
	}
}

// fixedAt returns a book in which some stakes have the figures of an answer.
func fixedAt(b crossholding.Book, stakes []crossholding.BandedStake) crossholding.Book {
	b.Stakes = slices.Clone(b.Stakes)
	for _, k := range stakes {
		for i := range b.Stakes {
			if s := &b.Stakes[i]; s.Holder == k.Holder && s.Issuer == k.Issuer && s.Between != "" {
				s.Between, s.Shares = "", ratio.Number(k.Shares.String())
			}
		}
	}
	return b
}

// TestThresholdsBehindSuspendedVotes: a holder who may gain a company because a statute suspends the
// votes of others is listed, also where no band is behind it.
func TestThresholdsBehindSuspendedVotes(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "c1", Country: "DE", Listed: true}, {ID: "c2", Country: "FR"}, {ID: "w"}}, Parties: []crossholding.Party{{ID: "k"}, {ID: "u"}},
		Stakes: []crossholding.Stake{{Holder: "c2", Issuer: "c1", Percent: "51"}, {Holder: "c1", Issuer: "c2", Percent: "15"},
			{Holder: "k", Issuer: "c2", Percent: "50"}, {Holder: "u", Issuer: "w", Between: "[1%,2%]"}},
	}
	a := booktest.New(t, book)
	all, err := bounded.Thresholds(t.Context(), a, compliance.ThresholdOptions{})
	require.NoError(t, err)
	one, err := bounded.Thresholds(t.Context(), a, compliance.ThresholdOptions{Holder: "k", Issuer: "c1"})
	require.NoError(t, err)
	require.NotEmpty(t, one)
	for _, p := range one {
		require.True(t, slices.ContainsFunc(all, func(q bounded.Position) bool {
			return q.Most.Holder == "k" && q.Most.Issuer == "c1" && q.Most.Rule == p.Most.Rule && q.Most.Base == p.Most.Base
		}), p.String())
	}
}

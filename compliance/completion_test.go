package compliance_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
)

// someBands are bands of registers, and some around thresholds.
var someBands = []string{"(0%,25%]", "(25%,50%]", "(50%,75%)", "[75%,100%]", "[20%,30%]", "[25%,40%)", "[0%,60%]", "(45%,55%)", "(0%,20%)", "[10%,20%]", "[50%,60%]"}

// bookOfDoubt returns a random book with bands in which votes may not be those of shares: by
// law, by contract, because shares have votes of their own, or because several hold jointly.
func bookOfDoubt(r *rand.Rand) crossholding.Book {
	b := randomBanded(r, someBands)
	b.AsOf = "2024-06-30"
	if r.IntN(2) == 0 {
		rules := law.Statutes()
		country := rules[r.IntN(len(rules))].Country
		for i := range b.Companies {
			b.Companies[i].Country, b.Companies[i].Listed = country, r.IntN(2) == 0
		}
		if n := len(b.Companies); n > 1 && country != "" { // the subsidiary of c0 holds c0
			b.Stakes = slices.DeleteFunc(b.Stakes, func(s crossholding.Stake) bool {
				return s.Holder == "c0" && s.Issuer == "c1" || s.Holder == "c1" && s.Issuer == "c0"
			})
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "c0", Issuer: "c1", Between: someBands[r.IntN(len(someBands))]},
				crossholding.Stake{Holder: "c1", Issuer: "c0", Between: someBands[r.IntN(len(someBands))]})
		}
	}
	for i := range b.Stakes {
		if s := &b.Stakes[i]; r.IntN(6) == 0 && s.Voter == "" {
			s.Votes, s.VotesSince = "2", "2020-01-01"
		}
	}
	if r.IntN(4) == 0 {
		b.Parties = append(b.Parties, crossholding.Party{ID: "both", Kind: crossholding.KindJoint, Members: []string{"p0", "p1"}})
		s := &b.Stakes[r.IntN(len(b.Stakes))]
		s.Holder, s.Voter, s.Beneficiary = "both", "", ""
	}
	if r.IntN(5) == 0 {
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "limit", Kind: crossholding.AgreementCap, Holders: []string{"p0"}, Issuer: "c0", Max: "10%"})
	}
	return b
}

// withRandomFact adds a fact of control, or a right to appoint the board, to some books.
func withRandomFact(r *rand.Rand, b crossholding.Book) crossholding.Book {
	x, c := b.Stakes[r.IntN(len(b.Stakes))].Holder, b.Companies[r.IntN(len(b.Companies))].ID
	switch r.IntN(4) {
	case 0:
		if x != c {
			b.Controls = append(b.Controls, crossholding.ControlFact{Controller: x, Company: c, By: crossholding.ControlByContractual})
		}
	case 1:
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "board", Kind: crossholding.AgreementDirectors, Holders: []string{"p0", "p1"}, Issuer: c, Max: "60%"})
	}
	return b
}

// inCompletions visits random completions of a book under each reading of the law.
func inCompletions(t *testing.T, r *rand.Rand, book crossholding.Book, given []crossholding.BandedStake, n int, visit func(a *crossholding.Alliance, opt crossholding.VotingOptions, note string)) {
	t.Helper()
	for range n {
		c := sample(r, book, given)
		a, err := crossholding.New(c)
		if err != nil {
			continue // the stakes are more than there is
		}
		var opt crossholding.VotingOptions
		var e *crossholding.ReadingsError
		_, err = a.Votes(t.Context(), opt)
		if !errors.As(err, &e) {
			require.NoError(t, err)
			visit(a, opt, fmt.Sprintf("%v\n%v", book, c.Stakes))
			continue
		}
		for k := range e.Readings {
			opt.Reading = k + 1
			visit(a, opt, fmt.Sprintf("%v\n%v\nreading %d", book, c.Stakes, k+1))
		}
	}
}

// What is certain of a book of doubtful votes is so in every completion and every reading of
// the law.
func TestBoundsOfDoubtfulVotes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	readings := []compliance.BeneficialOwnerReading{compliance.ReadingPSC, compliance.ReadingAMLR, compliance.ReadingDirective, compliance.ReadingControl}
	regimes := []string{compliance.RegimeUK, compliance.RegimeEU, compliance.RegimeOFAC}
	joints := []compliance.JointReading{compliance.JointBlocked, compliance.JointParties}
	count := map[string]int{}
	for n := range testkit.Size(60, 2000) {
		book := withRandomFact(r, bookOfDoubt(r))
		a, err := crossholding.New(book)
		if err != nil {
			continue // the lower ends are too much
		}
		oopt := compliance.BeneficialOwnerOptions{Reading: readings[n%len(readings)]}
		owners, err := compliance.BoundBeneficialOwners(t.Context(), a, "c0", oopt)
		require.NoError(t, err, "%v", book)
		sopt := compliance.SanctionsOptions{Regime: regimes[n%len(regimes)], Joint: joints[n/3%2]}
		blocked := []string{"p0", "p2"}[:1+n%2]
		sanctions, err := compliance.BoundSanctions(t.Context(), a, blocked, sopt)
		require.NoError(t, err, "%v", book)
		group, err := compliance.BoundConsolidation(t.Context(), a, "p0", compliance.ConsolidationOptions{})
		require.NoError(t, err, "%v", book)
		for _, c := range sanctions.Companies {
			requireDecisive(t, r, book, c.String(), c.Yes, c.No, count, func(a *crossholding.Alliance, opt crossholding.VotingOptions) (bool, error) {
				sopt.Voting = opt
				report, err := compliance.Sanctions(t.Context(), a, blocked, sopt)
				return slices.Contains(report.Blocked(), c.Company), err
			})
		}
		inCompletions(t, r, book, nil, 12, func(a *crossholding.Alliance, opt crossholding.VotingOptions, note string) {
			oopt.Voting, sopt.Voting = opt, opt
			if report, err := compliance.BeneficialOwners(t.Context(), a, "c0", oopt); err == nil {
				requireOwners(t, owners, report, count, string(oopt.Reading)+" "+note)
			}
			if report, err := compliance.Sanctions(t.Context(), a, blocked, sopt); err == nil {
				requireBlocked(t, sanctions, report, count, fmt.Sprint(sopt.Regime, sopt.Joint, blocked, note))
			}
			if whole, err := compliance.Consolidate(t.Context(), a, "p0", compliance.ConsolidationOptions{Voting: opt}); err == nil {
				requireGroup(t, group, whole, count, note)
			}
		})
	}
	t.Log(count)
	require.Greater(t, count["decided"], 20)
}

// requireDecisive requires that lists of stakes decide an answer in random completions.
func requireDecisive(t *testing.T, r *rand.Rand, book crossholding.Book, row string, yes, no []crossholding.BandedStake, count map[string]int, ask func(a *crossholding.Alliance, opt crossholding.VotingOptions) (bool, error)) {
	t.Helper()
	for i, stakes := range [][]crossholding.BandedStake{yes, no} {
		if len(stakes) == 0 {
			continue
		}
		inCompletions(t, r, book, stakes, 6, func(a *crossholding.Alliance, opt crossholding.VotingOptions, note string) {
			if got, err := ask(a, opt); err == nil {
				count["decided"]++
				require.Equal(t, i == 0, got, "%s: %s", row, note)
			}
		})
	}
}

func requireOwners(t *testing.T, bounds compliance.BeneficialOwnerBounds, report compliance.BeneficialOwnersReport, count map[string]int, note string) {
	t.Helper()
	is := append(beneficialIDs(report.Owners), beneficialIDs(report.Unresolved)...)
	answers := map[string]crossholding.Certainty{}
	for _, o := range append(slices.Clone(bounds.Owners), bounds.Unresolved...) {
		answers[o.ID] = o.Answer
		count["owner "+string(o.Answer)]++
	}
	for _, id := range is {
		if _, float := crossholding.IsFloat(id); !float {
			require.NotEmpty(t, answers[id], "%s: %s", id, note)
		}
	}
	for id, answer := range answers {
		require.False(t, answer == crossholding.CertaintyYes && !slices.Contains(is, id), "%s: %s", id, note)
	}
}

func requireBlocked(t *testing.T, bounds compliance.SanctionsBounds, report compliance.SanctionsReport, count map[string]int, note string) {
	t.Helper()
	blocked := report.Blocked()
	for _, id := range bounds.Of(crossholding.CertaintyYes) {
		require.Contains(t, blocked, id, note)
		count["blocked yes"]++
	}
	may := bounds.Of(crossholding.CertaintyDepends)
	count["blocked depends"] += len(may)
	may = append(may, bounds.Of(crossholding.CertaintyYes)...)
	for _, id := range blocked {
		require.Contains(t, may, id, note)
	}
}

func requireGroup(t *testing.T, bounds compliance.ConsolidationBounds, group compliance.Consolidation, count map[string]int, note string) {
	t.Helper()
	subsidiaries, joint := group.Of(compliance.Subsidiary), group.Of(compliance.JointVenture)
	for _, e := range bounds.Entities {
		is := slices.Contains(subsidiaries, e.Company)
		count["subsidiary "+string(e.Subsidiary)]++
		require.False(t, is && e.Subsidiary == crossholding.CertaintyNo, "%s: %s", e, note)
		require.False(t, !is && e.Subsidiary == crossholding.CertaintyYes, "%s: %s", e, note)
		is = slices.Contains(joint, e.Company)
		count["joint "+string(e.Joint)]++
		require.False(t, is && e.Joint == crossholding.CertaintyNo, "%s: %s", e, note)
		require.False(t, !is && e.Joint == crossholding.CertaintyYes, "%s: %s", e, note)
	}
	for _, id := range subsidiaries {
		require.True(t, slices.ContainsFunc(bounds.Entities, func(e compliance.EntityBound) bool { return e.Company == id }), "%s: %s", id, note)
	}
}

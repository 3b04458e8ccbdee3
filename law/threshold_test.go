package law_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

func TestWhomAThresholdReaches(t *testing.T) {
	listed := law.Company{ID: "x", Country: "DE", Listed: true}
	for _, c := range []struct {
		name string
		rule law.Threshold
		day  date.Date
		want bool
	}{
		{"everywhere", law.Threshold{}, "", true},
		{"the country", law.Threshold{Country: "DE"}, "", true},
		{"another country", law.Threshold{Country: "FR"}, "", false},
		{"the issuer", law.Threshold{Issuer: "x"}, "", true},
		{"another issuer", law.Threshold{Issuer: "y"}, "", false},
		{"the issuer, not yet", law.Threshold{Issuer: "x", From: "2024-01-02"}, "2024-01-01", false},
		{"the issuer, on the day", law.Threshold{Issuer: "x", From: "2024-01-02"}, "2024-01-02", true},
		{"the issuer, listed", law.Threshold{Issuer: "x", Listed: true}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, c.rule.Reaches(&listed, c.day)) })
	}
	require.False(t, (&law.Threshold{Issuer: "x", Listed: true}).Reaches(&law.Company{ID: "x"}, ""))
}

func TestThresholdOfCountryOrIssuer(t *testing.T) {
	rule := law.Threshold{ID: "x-9", Citation: "-", Issuer: "x", Limits: []ratio.Ratio{ratio.Of(1, 10)}, Bases: []law.ThresholdBase{law.OfCapital}}
	require.Empty(t, law.CheckThresholds([]law.Threshold{rule}))
	rule.Country = "DE"
	faults := law.CheckThresholds([]law.Threshold{rule})
	require.Len(t, faults, 1)
	require.Equal(t, `threshold "x-9" wants a country or an issuer, not both`, faults[0].Reason)
	require.ErrorIs(t, faults[0].Kind, law.ErrRule)
}

// A rule of increases is crossed by a rise, and never by a fall.
func TestRisingThreshold(t *testing.T) {
	for _, atLeast := range []bool{false, true} {
		r := law.Threshold{AtLeast: atLeast, Rising: true}
		both := law.Threshold{AtLeast: atLeast}
		limit := ratio.Of(1, 20)
		for was := int64(3); was < 8; was++ {
			require.Equal(t, both.CanFall(ratio.Of(was, 100), limit), was >= 5, was)
			require.False(t, r.CanFall(ratio.Of(was, 100), limit), was)
			for is := int64(3); is < 8; is++ {
				was, is := ratio.Of(was, 100), ratio.Of(is, 100)
				require.Equal(t, both.Rises(was, is, limit), r.Rises(was, is, limit))
				require.False(t, r.Falls(was, is, limit))
			}
		}
	}
}

func TestFaultsOfNewFields(t *testing.T) {
	statute := law.Statute{ID: "x", Citation: "-", Country: "US", Kind: law.TestControls, Threshold: ratio.Of(1, 2)}
	threshold := law.Threshold{ID: "x", Citation: "-", Bases: []law.ThresholdBase{law.OfCapital}, AtLeast: true, AtMost: true, Ladder: &law.Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 100)}}
	require.Empty(t, law.CheckStatutes([]law.Statute{statute}))
	require.Empty(t, law.CheckThresholds([]law.Threshold{threshold}))
	for says, change := range map[string]func(s *law.Statute, r *law.Threshold){
		`"CA" is no part of "US"`:               func(s *law.Statute, _ *law.Threshold) { s.Parts = []string{"CA"} },
		`"US" is no part of "US"`:               func(s *law.Statute, _ *law.Threshold) { s.Parts = []string{"US"} },
		`"US-" is no country of ISO 3166`:       func(s *law.Statute, _ *law.Threshold) { s.Parts = []string{"US-"} },
		`"maybe" is not exempt or uninstructed`: func(s *law.Statute, _ *law.Threshold) { s.Fiduciary = "maybe" },
		`"heads" is not votes or shares`:        func(s *law.Statute, _ *law.Threshold) { s.Kind, s.Group, s.GroupBy = law.TestHolds, true, "heads" },
		"group_by belongs to group":             func(s *law.Statute, _ *law.Threshold) { s.Kind, s.GroupBy = law.TestHolds, law.MeasureShares },
		"tiers belongs to holds":                func(s *law.Statute, _ *law.Threshold) { s.Tiers = true },
		"own_votes belongs to a test of votes": func(s *law.Statute, _ *law.Threshold) {
			s.Kind, s.Measure, s.OwnVotes = law.TestHolds, law.MeasureShares, true
		},
		"sell_within belongs to second to cross": func(s *law.Statute, _ *law.Threshold) { s.SellWithin = 12 },
		"-1 months are not within 0 and 12000": func(s *law.Statute, _ *law.Threshold) {
			s.Kind, s.Effect, s.SellWithin = law.TestMutual, law.EffectSecondToCross, -1
		},
		"or with limits and a ladder":              func(_ *law.Statute, r *law.Threshold) { r.Limits = []ratio.Ratio{ratio.Of(1, 20)} },
		"from 2 is not within 0 and 1":             func(_ *law.Statute, r *law.Threshold) { r.Ladder.From = ratio.Int(2) },
		"step -1 is not within 0 and 1":            func(_ *law.Statute, r *law.Threshold) { r.Ladder.Step = ratio.Int(-1) },
		"the ladder ends at 0.04, below its start": func(_ *law.Statute, r *law.Threshold) { r.Ladder.To = ratio.Of(1, 25) },
		"a step of 0 is any increase":              func(_ *law.Statute, r *law.Threshold) { r.Ladder.Step = ratio.Ratio{} },
		"99999 months are not within 0 and 12000":  func(_ *law.Statute, r *law.Threshold) { r.Ladder.Months = 99999 },
		"a ladder that counts decreases":           func(_ *law.Statute, r *law.Threshold) { r.Ladder.FromKnown, r.Ladder.Rising = true, true },
		"a ladder says so itself":                  func(_ *law.Statute, r *law.Threshold) { r.Rising = true },
		`threshold "x" adds up votes and instruments, and does not count both`: func(_ *law.Statute, r *law.Threshold) {
			r.Aggregate, r.Ladder, r.Limits = true, nil, []ratio.Ratio{ratio.Of(1, 20)}
		},
		`threshold "x" adds up votes and instruments: it wants limits, not a ladder`: func(_ *law.Statute, r *law.Threshold) {
			r.Aggregate, r.Counts = true, []law.Attribution{law.InOwnName, law.CashSettled}
		},
		`"by chance" is no ground of attribution`: func(_ *law.Statute, r *law.Threshold) { r.Counts = []law.Attribution{"by chance"} },
	} {
		t.Run(says, func(t *testing.T) {
			s, r := statute, threshold
			ladder := *threshold.Ladder
			r.Ladder = &ladder
			change(&s, &r)
			faults := append(law.CheckStatutes([]law.Statute{s}), law.CheckThresholds([]law.Threshold{r})...)
			require.NotEmpty(t, faults)
			require.Contains(t, faults[0].Reason, says)
		})
	}
}

// Whoever changes a list of the law changes a copy.
func TestLawIsCopied(t *testing.T) {
	for _, j := range law.Jurisdictions() {
		for i := range j.Thresholds {
			if r := &j.Thresholds[i]; r.Ladder != nil {
				r.Ladder.Step = ratio.Int(1)
			}
			if c := j.Thresholds[i].Counts; len(c) > 0 {
				c[0] = "changed"
			}
		}
		for i := range j.Statutes {
			if p := j.Statutes[i].Parts; len(p) > 0 {
				p[0] = "changed"
			}
		}
	}
	require.Empty(t, law.CheckThresholds(law.Thresholds()))
	require.Empty(t, law.CheckStatutes(law.Statutes()))
	for _, r := range law.Thresholds() {
		if r.Ladder != nil {
			require.True(t, r.Ladder.Step.Less(ratio.Of(1, 10)), r.ID)
		}
	}
}

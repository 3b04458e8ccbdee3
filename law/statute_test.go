package law_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

func TestInForce(t *testing.T) {
	for _, c := range []struct {
		day, from, to date.Date
		want          bool
	}{
		{"2010-06-01", "", "", true},
		{"2010-05-31", "2010-06-01", "", false},
		{"2010-06-01", "2010-06-01", "", true},
		{"2010-06-01", "", "2010-06-01", true},
		{"2010-06-02", "", "2010-06-01", false},
		{"2010-06-01", "2010-06-01", "2010-06-01", true},
		{"", "", "", true},
		{"", "2010-06-01", "", true},
		{"", "", "2010-06-01", false},
		{"", "2009-01-01", "2010-06-01", false},
	} {
		require.Equal(t, c.want, law.InForce(c.day, c.from, c.to), "%+v", c)
	}
}

func TestReaches(t *testing.T) {
	us, ca := "US", "US-CA"
	for _, c := range []struct {
		name            string
		country         string
		listed          bool
		company         law.Company
		statute, stakes bool // whether a statute and a threshold reach it
	}{
		{"its country", us, false, law.Company{Country: "US"}, true, true},
		{"another country", us, false, law.Company{Country: "UY"}, false, false},
		{"a part of its country", us, false, law.Company{Country: "US-CA"}, true, true},
		{"the part itself", ca, false, law.Company{Country: "US-CA"}, true, true},
		{"the country of a part", ca, false, law.Company{Country: "US"}, false, false},
		{"another part", ca, false, law.Company{Country: "US-DE"}, false, false},
		{"no country", us, false, law.Company{}, false, false},
		{"under its law", us, false, law.Company{Country: "NL", Law: "US"}, true, true},
		{"under another's law", us, false, law.Company{Country: "US", Law: "NL"}, false, false},
		{"under no law", us, false, law.Company{Country: "US", Law: "none"}, false, false},
		{"not listed", us, true, law.Company{Country: "US"}, false, false},
		{"listed", us, true, law.Company{Country: "US", Listed: true}, true, true},
		{"listed, and need not be", us, false, law.Company{Country: "US", Listed: true}, true, true},
		{"everywhere", "", false, law.Company{Country: "NL"}, false, true},
		{"everywhere, even under no law", "", false, law.Company{Law: "none"}, false, true},
	} {
		s := law.Statute{Country: c.country, Listed: c.listed}
		r := law.Threshold{Country: c.country, Listed: c.listed}
		require.Equal(t, c.statute, s.Reaches(&c.company, "2020-01-01"), c.name)
		require.Equal(t, c.stakes, r.Reaches(&c.company, "2020-01-01"), c.name)
	}
}

func TestReachesByDay(t *testing.T) {
	x := &law.Company{ID: "x", Country: "FR"}
	for day, want := range map[date.Date]bool{
		"": false, "1999-12-31": false, "2000-01-01": true, "2000-12-31": true, "2001-01-01": false,
	} {
		s := law.Statute{Country: "FR", From: "2000-01-01", To: "2000-12-31"}
		r := law.Threshold{Country: "FR", From: "2000-01-01", To: "2000-12-31"}
		require.Equal(t, want, s.Reaches(x, day), day)
		require.Equal(t, want, r.Reaches(x, day), day)
	}
	s := law.Statute{Country: "FR", From: "2000-01-01"}
	require.True(t, s.Reaches(x, ""), "undated: today's law")
}

func TestReachesOneIssuer(t *testing.T) {
	s := law.Statute{Issuer: "x"}
	require.True(t, s.Reaches(&law.Company{ID: "x", Law: "none"}, ""), "articles bind under no law too")
	require.False(t, s.Reaches(&law.Company{ID: "y"}, ""))
}

func TestReachesHolder(t *testing.T) {
	issuer := &law.Company{ID: "x", Country: "IT", Listed: true}
	domestic := law.Statute{Country: "IT", Kind: law.TestHolds, Domestic: true}
	own := law.Statute{Issuer: "x", Kind: law.TestHolds, Domestic: true}
	mutual := law.Statute{Country: "IT", Kind: law.TestMutual, Listed: true}
	holds := law.Statute{Country: "IT", Kind: law.TestHolds, Listed: true}
	for _, c := range []struct {
		name   string
		rule   law.Statute
		holder *law.Company
		want   bool
	}{
		{"domestic", domestic, &law.Company{Country: "IT"}, true},
		{"from a part of the country", domestic, &law.Company{Country: "IT-25"}, true},
		{"foreign", domestic, &law.Company{Country: "FR"}, false},
		{"foreign under the law", domestic, &law.Company{Country: "FR", Law: "IT"}, true},
		{"domestic under no law", domestic, &law.Company{Country: "IT", Law: "none"}, true},
		{"no company", domestic, nil, false},
		{"one issuer's rule, domestic", own, &law.Company{Country: "IT"}, true},
		{"one issuer's rule, foreign", own, &law.Company{Country: "FR"}, false},
		{"mutual, listed", mutual, &law.Company{Country: "FR", Listed: true}, true},
		{"mutual, not listed", mutual, &law.Company{Country: "IT"}, false},
		{"mutual, no company", mutual, nil, false},
		{"only the issuer need be listed", holds, &law.Company{Country: "IT"}, true},
		{"any holder", holds, nil, true},
	} {
		require.Equal(t, c.want, c.rule.ReachesHolder(issuer, c.holder), c.name)
	}
	require.True(t, mutual.BothListed())
	require.False(t, holds.BothListed())
	require.True(t, mutual.SelectsHolders())
	require.True(t, domestic.SelectsHolders())
	require.False(t, holds.SelectsHolders())
}

func TestPassed(t *testing.T) {
	quarter, hundred := ratio.Of(1, 4), ratio.Int(100)
	for _, atLeast := range []bool{false, true} {
		s := law.Statute{Threshold: quarter, AtLeast: atLeast}
		r := law.Threshold{Limits: []ratio.Ratio{quarter}, AtLeast: atLeast}
		for have, want := range map[int64]bool{24: false, 25: atLeast, 26: true} {
			require.Equal(t, want, s.Passed(ratio.Int(have), hundred), "%d, at least: %v", have, atLeast)
			require.Equal(t, want, r.Passed(ratio.Of(have, 100), quarter), "%d, at least: %v", have, atLeast)
		}
	}
	s := law.Statute{Threshold: ratio.Of(1, 3)}
	require.False(t, s.Passed(ratio.Int(33), ratio.Int(99)), "one third exactly")
	require.True(t, s.Passed(ratio.MustParse("33.0000000000000000000001"), ratio.Int(99)))
	every := law.Statute{}
	require.True(t, every.Passed(ratio.Int(1), hundred), "any stake at all")
	require.False(t, every.Passed(ratio.Ratio{}, hundred))
	require.False(t, every.Passed(ratio.Int(1), ratio.Ratio{}), "nothing is enough of nothing")
}

func TestCheckStatutes(t *testing.T) {
	require.Empty(t, law.CheckStatutes(law.Statutes()), "the built-in law keeps its own rules")
	require.Empty(t, law.CheckStatutes(nil))
	half := ratio.Of(1, 2)
	good := law.Statute{ID: "ok", Citation: "a book", Country: "CH", Kind: law.TestControls, Threshold: half}
	require.Empty(t, law.CheckStatutes([]law.Statute{good}))
	for _, c := range []struct {
		place  string
		kind   error
		change func(*law.Statute)
	}{
		{".id", law.ErrRule, func(s *law.Statute) { s.ID = "" }},
		{".id", law.ErrRule, func(s *law.Statute) { s.ID = "ok" }},
		{".citation", law.ErrRule, func(s *law.Statute) { s.Citation = "" }},
		{".country", law.ErrCountry, func(s *law.Statute) { s.Country = "XX" }},
		{"", law.ErrRule, func(s *law.Statute) { s.Issuer = "x" }},
		{".from", law.ErrDay, func(s *law.Statute) { s.From = "2020-13-01" }},
		{".to", law.ErrDay, func(s *law.Statute) { s.To = "never" }},
		{"", law.ErrDay, func(s *law.Statute) { s.From, s.To = "2020-01-02", "2020-01-01" }},
		{".verified", law.ErrRule, func(s *law.Statute) { s.Verified = "yes" }},
		{".kind", law.ErrRule, func(s *law.Statute) { s.Kind = "owns" }},
		{".measure", law.ErrRule, func(s *law.Statute) { s.Measure = "seats" }},
		{".effect", law.ErrRule, func(s *law.Statute) { s.Effect = "fine" }},
		{".threshold", law.ErrRule, func(s *law.Statute) { s.Threshold = ratio.Of(1, 3) }},
		{".threshold", law.ErrRule, func(s *law.Statute) { s.Threshold = ratio.Int(2) }},
		{".presumed", law.ErrRule, func(s *law.Statute) { s.Presumed = half }},
		{".max_fraction", law.ErrRule, func(s *law.Statute) { s.MaxFraction = half }},
		{".per_share", law.ErrRule, func(s *law.Statute) { s.Kind, s.Measure, s.PerShare = law.TestHolds, law.MeasureShares, true }},
		{".doubts[0].if", law.ErrRule, func(s *law.Statute) { s.Doubts = []law.Doubt{{}} }},
		{".doubts[1].rule", law.ErrRule, func(s *law.Statute) { s.Doubts = []law.Doubt{{If: "a"}, {If: "b", Rule: &good}} }},
		{".doubts[0].rule.threshold", law.ErrRule, func(s *law.Statute) {
			other := *s
			other.Threshold = ratio.Of(1, 3)
			s.Doubts = []law.Doubt{{If: "a", Rule: &other}}
		}},
	} {
		bad := good
		bad.ID = "bad"
		c.change(&bad)
		faults := law.CheckStatutes([]law.Statute{good, bad})
		require.Len(t, faults, 1, "%v", faults)
		require.Equal(t, "statutes[1]"+c.place, faults[0].Place)
		require.Equal(t, c.kind, faults[0].Kind, faults[0].Reason)
		require.NotEmpty(t, faults[0].Reason)
	}
	require.Greater(t, len(law.CheckStatutes([]law.Statute{{}})), 2, "all faults at once")
}

func TestCheckThresholds(t *testing.T) {
	require.Empty(t, law.CheckThresholds(law.Thresholds()), "the built-in law keeps its own rules")
	good := law.Threshold{ID: "ok", Citation: "a book", Limits: []ratio.Ratio{ratio.Of(1, 20)}, Bases: []law.ThresholdBase{law.OfCapital}}
	for _, c := range []struct {
		place  string
		kind   error
		change func(*law.Threshold)
	}{
		{"", law.ErrRule, func(r *law.Threshold) { r.ID = "" }},
		{".id", law.ErrRule, func(r *law.Threshold) { r.ID = "ok" }},
		{"", law.ErrRule, func(r *law.Threshold) { r.Citation = "" }},
		{".country", law.ErrCountry, func(r *law.Threshold) { r.Country = "??" }},
		{".from", law.ErrDay, func(r *law.Threshold) { r.From = "never" }},
		{"", law.ErrDay, func(r *law.Threshold) { r.From, r.To = "2020-01-02", "2020-01-01" }},
		{"", law.ErrRule, func(r *law.Threshold) { r.Limits = nil }},
		{"", law.ErrRule, func(r *law.Threshold) { r.Bases = nil }},
		{".limits", law.ErrRule, func(r *law.Threshold) { r.Limits = []ratio.Ratio{{}} }},
		{".limits", law.ErrRule, func(r *law.Threshold) { r.Limits = []ratio.Ratio{ratio.Int(2)} }},
		{".bases", law.ErrRule, func(r *law.Threshold) { r.Bases = []law.ThresholdBase{"seats"} }},
	} {
		bad := good
		bad.ID = "bad"
		c.change(&bad)
		faults := law.CheckThresholds([]law.Threshold{good, bad})
		require.Len(t, faults, 1, "%v", faults)
		require.Equal(t, "thresholds[1]"+c.place, faults[0].Place)
		require.Equal(t, c.kind, faults[0].Kind, faults[0].Reason)
	}
}

// The rules of a jurisdiction are of its country, and the tables are theirs in
// order.
func TestJurisdictions(t *testing.T) {
	all := law.Jurisdictions()
	require.True(t, slices.IsSortedFunc(all, func(a, b law.Jurisdiction) int { return strings.Compare(a.Country, b.Country) }))
	var statutes []law.Statute
	var thresholds []law.Threshold
	for _, j := range all {
		require.NotEmpty(t, j.Name)
		require.NotZero(t, len(j.Statutes)+len(j.Thresholds), j.Name)
		for _, s := range j.Statutes {
			require.Equal(t, j.Country, s.Country, s.ID)
			require.True(t, strings.HasPrefix(s.ID, j.Country+"-"), s.ID)
			require.Contains(t, []string{"read", "secondary", "not verified"}, s.Verified, s.ID)
		}
		for _, r := range j.Thresholds {
			require.Equal(t, j.Country, r.Country, r.ID)
			require.Contains(t, []string{"read", "secondary", "not verified"}, r.Verified, r.ID)
		}
		statutes, thresholds = append(statutes, j.Statutes...), append(thresholds, j.Thresholds...)
	}
	require.Equal(t, law.Statutes(), statutes)
	require.Equal(t, law.Thresholds(), thresholds)
}

func TestCallersHaveCopies(t *testing.T) {
	before := law.Jurisdictions()
	mine := law.Jurisdictions()
	for i := range mine {
		j := &mine[i]
		j.Country, j.Name = "ZW", "Zimbabwe"
		for k := range j.Statutes {
			j.Statutes[k] = law.Statute{}
		}
		for k := range j.Thresholds {
			clear(j.Thresholds[k].Limits)
			clear(j.Thresholds[k].Bases)
			j.Thresholds[k].ID = "mine"
		}
		clear(j.Omitted)
	}
	statutes, thresholds := law.Statutes(), law.Thresholds()
	clear(statutes)
	for _, r := range thresholds {
		clear(r.Limits)
		clear(r.Bases)
	}
	clear(thresholds)
	require.Equal(t, before, law.Jurisdictions())
}

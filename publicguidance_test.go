package crossholding_test

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
)

// publicGuidance are the cases of published guidance on sanctions, owners and disclosure.
var publicGuidance = map[string]func(c publicCase){
	"amlr-layers": func(c publicCase) {
		a := c.book("book")
		for company, want := range map[string][]string{"a1": {"p"}, "a2": nil, "a3": {"p"}, "a4": nil, "a5": {"p"}, "a6": {"p"}} {
			c.owners(a, company, compliance.ReadingAMLR, want...)
		}
		c.owns(a, "p a5 1/4", "p a6 1/4")
	},
	"board-of-a-holder": func(c publicCase) {
		for _, rule := range []string{"x DE-33", "y FR-233-7", "z GB-5.1.2"} {
			var issuer, id string
			_, err := fmt.Sscan(rule, &issuer, &id)
			require.NoError(c.t, err)
			c.has(c.book("book"), "p", issuer, id, "3/50")
			c.has(c.book("without"), "p", issuer, id, "0")
		}
	},
	"eu-half": func(c publicCase) {
		c.blocked(c.book("before"), compliance.RegimeEU, []string{"p", "q"})
		c.blocked(c.book("after"), compliance.RegimeEU, []string{"p", "q"}, "a", "b")
		c.blocked(c.book("after"), compliance.RegimeEU, []string{"p"}, "a")
	},
	"five-percent-rule-fall": func(c publicCase) {
		a := c.book("book")
		require.Empty(c.t, c.discloses(a, "fall-6"))
		require.Equal(c.t, []string{"0 p JP-27-25 capital below 0.045", "1 p KR-147-change theoretical below 0.045"}, c.discloses(a, "fall-10"))
		require.Equal(c.t, []string{"2 p JP-27-25 capital below 0.045", "3 p KR-147-change theoretical below 0.045"}, c.discloses(a, "parts"))
		require.Equal(c.t, []string{"2 p JP-27-23 capital above 0.05", "3 p KR-147 theoretical above 0.05"}, c.discloses(a, "rise"), "down to 5% and 4.9%, and up")
	},
	"fr-cash-settled": func(c publicCase) {
		c.has(c.book("before"), "p", "x", "FR-233-7-2011", "0")
		c.has(c.book("after"), "p", "x", "FR-233-7", "3/50")
	},
	"ofac-ring": func(c publicCase) {
		c.blocked(c.book("book"), compliance.RegimeOFAC, []string{"x"})
		c.blocked(c.book("half"), compliance.RegimeOFAC, []string{"x"}, "a", "c")
	},
	"ofac-sum": func(c publicCase) {
		a := c.book("book")
		c.blocked(a, compliance.RegimeOFAC, []string{"x", "y", "z"}, "a")
		c.blocked(a, compliance.RegimeUK, []string{"x", "y", "z"}, "v")
	},
	"own-shares-of-a-subsidiary": func(c publicCase) {
		require.Equal(c.t, []string{"0 p DE-21 theoretical above 0.75"}, c.discloses(c.book("old"), "scenario"))
		require.Equal(c.t, []string{"0 p DE-33 theoretical above 0.75"}, c.discloses(c.book("new"), "scenario"))
	},
	"partner-of-a-subsidiary": func(c publicCase) {
		for _, holder := range []string{"p", "q", "s"} {
			c.has(c.book("book"), holder, "x", "DE-33", "7/200")
		}
	},
	"psc-chain": func(c publicCase) {
		a := c.book("book")
		for company, want := range map[string][]string{"a": {"p"}, "b": {"s"}, "c": nil, "e": {"t", "u"}} {
			c.owners(a, company, compliance.ReadingPSC, want...)
		}
	},
	"quarter-exactly": func(c publicCase) {
		c.owners(c.book("before"), "a", compliance.ReadingOfDay)
		c.owners(c.book("after"), "a", compliance.ReadingOfDay, "p")
	},
	"sast-fall": func(c publicCase) {
		a := c.book("book")
		require.Empty(c.t, c.discloses(a, "fall-6"))
		require.Empty(c.t, c.discloses(a, "fall-20"))
		require.Equal(c.t, []string{"0 p IN-29-2 voting below 0.035"}, c.discloses(a, "fall-21"))
	},
	"three-in-a-ring": func(c publicCase) {
		for _, country := range []string{"DE", "JP", "KR"} {
			c.casts(c.book(country), "a b 3/10", "b c 3/10", "c a 3/10")
		}
		c.casts(c.book("JP-group"), "b a 0")
		c.casts(c.book("KR-group"), "b a 0")
	},
	"tw-43-1": func(c publicCase) {
		require.Equal(c.t, []string{"1 p TW-43-1-tenth capital above 0.1"}, c.discloses(c.book("before"), "scenario"))
		require.Equal(c.t, []string{"0 p TW-43-1 capital above 0.05"}, c.discloses(c.book("after"), "scenario"))
	},
	"uk-owned": func(c publicCase) {
		a := c.book("book")
		c.blocked(a, compliance.RegimeUK, []string{"d"}, "a", "b", "j", "n")
		r, err := compliance.Sanctions(c.t.Context(), a, []string{"d"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK, Joint: compliance.JointParties})
		require.NoError(c.t, err)
		require.ElementsMatch(c.t, []string{"a", "b", "j", "n", "w"}, r.Blocked())
	},
}

// has requires what counts as a holder's by a rule, on each of its bases.
func (c publicCase) has(a *crossholding.Alliance, holder, issuer, rule, want string) {
	list, err := compliance.Thresholds(c.t.Context(), a, compliance.ThresholdOptions{Holder: holder, Issuer: issuer})
	require.NoError(c.t, err)
	list = slices.DeleteFunc(list, func(p compliance.Position) bool { return p.Rule != rule })
	require.Equal(c.t, want == "0", len(list) == 0, "%s %s", holder, rule)
	for _, p := range list {
		booktest.RequireRatio(c.t, want, p.Fraction, holder, rule, p.Base)
	}
}

// discloses returns the limits of disclosure that the steps of a scenario cross.
func (c publicCase) discloses(a *crossholding.Alliance, file string) []string {
	out, err := c.run(a, file)
	require.NoError(c.t, err)
	list, err := compliance.Crossings(c.t.Context(), out, compliance.ThresholdOptions{})
	require.NoError(c.t, err)
	got := []string{}
	for _, x := range slices.DeleteFunc(list, func(x compliance.Crossing) bool { return x.Kind != law.DisclosureThreshold }) {
		way := map[bool]string{true: "above", false: "below"}[x.Up]
		got = append(got, fmt.Sprintf("%d %s %s %s %s %s", x.Step, x.Holder, x.Rule, x.Base, way, x.Limit))
	}
	return got
}

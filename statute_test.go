package crossholding_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/lawcase"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// The forms of what the law makes of a book, see law/testdata/README.md.
var (
	saysCasts  = regexp.MustCompile(`^(\w+) casts (\S+) in (\w+)$`)
	saysCounts = regexp.MustCompile(`^(\w+) counts (\d+) of (\d+); (\w+) (controls|does not control) (\w+)$`)
	saysTrades = regexp.MustCompile(`^(\w+) (buys|sells|gets a right to|gives up right\d+ to) (\d+) of (\w+): (.+)$`)
)

// The cases that lie beside the law come out as they say, and every rule has one
// in which it does something, or a reason why it has none.
func TestStatuteAndThresholdCases(t *testing.T) {
	all, untested, err := lawcase.Read(os.DirFS("law/testdata"))
	require.NoError(t, err)
	seen := map[string]bool{} // rules that took votes or were crossed
	for _, c := range all {
		t.Run(strings.Join(c.Rules, ",")+"/"+c.Name, func(t *testing.T) {
			t.Log(c.Place)
			var did []string
			if m := saysCasts.FindStringSubmatch(c.Says); m != nil {
				did = runCastCase(t, c, m[1], m[2], m[3])
			} else if m := saysCounts.FindStringSubmatch(c.Says); m != nil {
				did = runCountCase(t, c, m[1:])
			} else if m := saysTrades.FindStringSubmatch(c.Says); m != nil {
				did = runTradeCase(t, c, m[1:])
			} else {
				t.Fatalf("no form has %q", c.Says)
			}
			for _, rule := range did {
				seen[rule] = true
			}
		})
	}
	for _, u := range untested {
		require.False(t, seen[u.Rule], "%s: %s has cases", u.File, u.Rule)
		seen[u.Rule] = true
	}
	for _, s := range law.Statutes() {
		require.True(t, seen[s.ID], "no case in which %s takes votes", s.ID)
	}
	for _, r := range law.Thresholds() {
		require.True(t, seen[r.ID], "no case in which %s is crossed", r.ID)
	}
}

// runCastCase counts what a holder can cast, and returns the rules that took votes.
func runCastCase(t *testing.T, c lawcase.Case, holder, votes, issuer string) (did []string) {
	n := votesOf(t, c.Book, holder, issuer, crossholding.VotingOptions{})
	require.Equal(t, votes, n.Exercisable.String(), "%v", ruleNames(n))
	taken := ratio.Ratio{}
	for _, r := range n.Reasons {
		if r.Rule == "voter" {
			continue
		}
		taken = taken.Add(r.Votes)
		require.NotEmpty(t, r.Citation)
		require.NotEmpty(t, r.Because())
		require.Equal(t, c.Rules, []string{r.Rule})
		did = append(did, r.Rule)
	}
	require.True(t, n.Theoretical.Sub(taken).Equal(n.Exercisable))
	return did
}

// runCountCase counts the meeting of a company that has issued 100 shares and holds
// 10 of them itself, and returns the rule that took the votes of those.
func runCountCase(t *testing.T, c lawcase.Case, says []string) []string {
	x, counted, of, h := says[0], says[1], says[2], says[3]
	require.Equal(t, x, says[5])
	a := lawAlliance(t, c.Book)
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	m, err := v.Meeting(x)
	require.NoError(t, err)
	require.Equal(t, "100", of)
	require.Equal(t, []string{of, "10", "0", "90", counted},
		[]string{m.Theoretical.String(), m.Treasury.String(), m.Suspended.String(), m.Exercisable.String(), m.Counted.String()})
	n, err := v.Of(x, x)
	require.NoError(t, err)
	require.Len(t, c.Rules, 1)
	require.Equal(t, []string{c.Rules[0] + " 10"}, ruleNames(n))
	require.Equal(t, "x's own shares do not vote", n.Reasons[0].Because())
	require.Equal(t, "10", n.Theoretical.String())
	require.Equal(t, "0", n.Exercisable.String())
	ctl, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	yes, err := ctl.Controls(t.Context(), h, x)
	require.NoError(t, err)
	require.Equal(t, says[4] == "controls", yes)
	return c.Rules
}

// runTradeCase buys shares from the float, sells them to the float, gets a right to shares of the
// holder named writer, or gives a right up. It returns the rules that were crossed.
func runTradeCase(t *testing.T, c lawcase.Case, says []string) (did []string) {
	who, shares, issuer, crossed := says[0], says[2], says[3], says[4]
	book := lawBook(t, c.Book)
	step := scenario.Step{Step: "trade", From: "float:" + issuer, To: who, Issuer: issuer, Shares: ratio.Number(shares)}
	switch {
	case says[1] == "sells":
		step.From, step.To = step.To, step.From
	case says[1] == "gets a right to":
		right := lawRight(t, "new", []string{who + ">" + issuer, shares, "writer=writer"})
		step = scenario.Step{Step: "grant", Right: &right}
	case says[1] != "buys":
		step = scenario.Step{Step: "lapse", ID: strings.Fields(says[1])[2]}
	}
	want := []string{}
	for _, w := range strings.Split(crossed, ", ") {
		if crossed == "nothing" {
			break
		}
		by, side, rule := who, "above", w
		if other, falls, ok := strings.Cut(w, " falls below "); ok {
			by, side, rule = other, "below", falls
		}
		words := strings.Fields(rule)
		require.Len(t, words, 3, w)
		want = append(want, fmt.Sprintf("0 %s %s %s %s %s", by, words[0], words[1], side, ratio.MustParse(words[2])))
		did = append(did, words[0])
	}
	out := booktest.Run(t, book, step)
	list, err := compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{})
	require.NoError(t, err)
	got := []string{}
	for _, x := range list {
		side := "below"
		if x.Up {
			side = "above"
		}
		got = append(got, fmt.Sprintf("%d %s %s %s %s %s", x.Step, x.Holder, x.Rule, x.Base, side, x.Limit))
	}
	require.Equal(t, want, got)
	return did
}

func TestStatutesTable(t *testing.T) {
	table := law.Statutes()
	require.True(t, slices.IsSortedFunc(table, func(a, b law.Statute) int {
		return strings.Compare(a.Country, b.Country)
	}))
	for _, s := range table {
		require.True(t, strings.HasPrefix(s.ID, s.Country+"-"), s.ID)
		require.NotEmpty(t, s.Citation, s.ID)
		require.Contains(t, []string{"read", "secondary", "not verified"}, s.Verified, s.ID)
	}
	_, err := lawAlliance(t, "").Votes(t.Context(), crossholding.VotingOptions{Statutes: table})
	require.NoError(t, err, "the table keeps its own rules")
	table[0].Country = "ZW"
	require.NotEqual(t, table[0], law.Statutes()[0], "the caller has a copy")
}

func TestOwnRule(t *testing.T) {
	one := func(text string) ratio.Ratio { return ratio.MustParse(text) }
	base := law.Statute{ID: "R", Citation: "articles, art. 9", Kind: law.TestHolds, Threshold: one("5%"), CountsSuspended: true}
	at := func(change func(*law.Statute)) law.Statute {
		s := base
		change(&s)
		return s
	}
	book := "x AE; y AE; z AE; x>y 6; y>x 10; x>z 6; z>x 10; y>z 6; z>y 10"
	cases := []struct {
		name string
		rule law.Statute
		want map[string]string
	}{
		{"for one issuer", at(func(s *law.Statute) { s.Issuer = "x" }), map[string]string{"y>x": "0", "z>x": "0", "z>y": "10"}},
		{"for a country", at(func(s *law.Statute) { s.Country = "AE" }), map[string]string{"y>x": "0", "z>x": "0", "z>y": "0"}},
		{"for another", at(func(s *law.Statute) { s.Country = "AT" }), map[string]string{"y>x": "10", "z>y": "10"}},
		{"at the threshold", at(func(s *law.Statute) { s.Country, s.Threshold = "AE", one("6%") }), map[string]string{"y>x": "10"}},
		{"reaching it", at(func(s *law.Statute) { s.Country, s.Threshold, s.AtLeast = "AE", one("6%"), true }), map[string]string{"y>x": "0"}},
		{"any holding at all", at(func(s *law.Statute) { s.Country, s.Threshold = "AE", one("0") }), map[string]string{"y>x": "0", "x>y": "0"}},
		{"a part", at(func(s *law.Statute) {
			s.Country, s.Effect, s.MaxFraction = "AE", law.EffectPart, one("1/3")
		}), map[string]string{"y>x": "10/3"}},
		{"a cap", at(func(s *law.Statute) {
			s.Country, s.Effect, s.MaxFraction = "AE", law.EffectCap, one("7%")
		}), map[string]string{"y>x": "7"}},
		{"the excess", at(func(s *law.Statute) {
			s.Country, s.Effect = "AE", law.EffectExcess
		}), map[string]string{"y>x": "5"}},
		{"control by two thirds", at(func(s *law.Statute) {
			s.Country, s.Kind, s.Threshold = "AE", law.TestControls, one("2/3")
		}), map[string]string{"y>x": "10"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for who, want := range c.want {
				holder, issuer, _ := strings.Cut(who, ">")
				n := votesOf(t, book, holder, issuer, crossholding.VotingOptions{Extra: []law.Statute{c.rule}})
				require.Equal(t, want, n.Exercisable.String(), who)
				if want != n.Theoretical.String() {
					require.Equal(t, "articles, art. 9", n.Reasons[0].Citation)
				}
			}
		})
	}
	t.Run("control at a threshold of its own", func(t *testing.T) {
		for have, want := range map[string]string{"66": "10", "67": "0"} {
			rule := at(func(s *law.Statute) {
				s.Issuer, s.Kind, s.Threshold = "x", law.TestControls, one("2/3")
			})
			n := votesOf(t, "x AE; y AE; x>y "+have+"; y>x 10", "y", "x", crossholding.VotingOptions{Extra: []law.Statute{rule}})
			require.Equal(t, want, n.Exercisable.String(), have)
		}
	})
	t.Run("own shares prevail over the table", func(t *testing.T) {
		rule := law.Statute{ID: "R", Citation: "articles, art. 9", Issuer: "x", Kind: law.TestOwnShares, Treasury: true}
		v, err := lawAlliance(t, "x JP treasury=10; h; h>x 1").Votes(t.Context(), crossholding.VotingOptions{Extra: []law.Statute{rule}})
		require.NoError(t, err)
		m, err := v.Meeting("x")
		require.NoError(t, err)
		require.Equal(t, "100", m.Counted.String())
	})
	t.Run("instead of the table", func(t *testing.T) {
		rule := at(func(s *law.Statute) { s.Country = "JP" })
		opt := crossholding.VotingOptions{Statutes: []law.Statute{rule}}
		require.Equal(t, "0", votesOf(t, "x JP; y JP; x>y 6; y>x 10", "y", "x", opt).Exercisable.String())
		opt.Statutes = []law.Statute{}
		require.Equal(t, "10", votesOf(t, "x JP; y JP; x>y 30; y>x 10", "y", "x", opt).Exercisable.String(), "an empty table")
	})
	t.Run("5% for an Italian SME", func(t *testing.T) {
		table := law.Statutes()
		for i := range table {
			if table[i].ID == "IT-121" {
				table[i].Threshold = one("5%")
			}
		}
		book := "x IT listed; y IT listed; x>y 6; y>x 4"
		require.Equal(t, "4", votesOf(t, book, "y", "x", crossholding.VotingOptions{Statutes: table}).Exercisable.String())
		require.Equal(t, "3", votesOf(t, book, "y", "x", crossholding.VotingOptions{}).Exercisable.String())
	})
}

func TestBadRules(t *testing.T) {
	half, ok := ratio.MustParse("1/2"), "a book"
	good := law.Statute{ID: "ok", Citation: ok, Country: "AE", Kind: law.TestControls, Threshold: half}
	bad := []struct {
		change func(*law.Statute)
		want   string
	}{
		{func(s *law.Statute) { s.ID = "" }, "a rule without id"},
		{func(s *law.Statute) { s.ID = "ok" }, `rule "ok" twice`},
		{func(s *law.Statute) { s.Citation = "" }, "without citation"},
		{func(s *law.Statute) { s.Country = "XX" }, `"XX" is no country of ISO 3166`},
		{func(s *law.Statute) { s.Country = "" }, "wants either a country or an issuer"},
		{func(s *law.Statute) { s.Issuer = "x" }, "wants either a country or an issuer"},
		{func(s *law.Statute) { s.From = "2020-13-01" }, "is not a date"},
		{func(s *law.Statute) { s.From, s.To = "2020-01-01", "2019-01-01" }, "before it begins"},
		{func(s *law.Statute) { s.Verified = "yes" }, `"yes" is not read`},
		{func(s *law.Statute) { s.Kind = "owns" }, `"owns" is no kind of test`},
		{func(s *law.Statute) { s.Measure = "seats" }, `"seats" is not votes or shares`},
		{func(s *law.Statute) { s.Effect = "fine" }, `"fine" is no effect`},
		{func(s *law.Statute) { s.Threshold = ratio.Int(2) }, "threshold 2 is not within 0 and 1"},
		{func(s *law.Statute) { s.Threshold = ratio.Int(-1) }, "threshold -1 is not within 0 and 1"},
		{func(s *law.Statute) { s.Threshold = ratio.MustParse("1/3") }, "control below one half"},
		{func(s *law.Statute) { s.Presumed = half }, "presumed is not below the threshold"},
		{func(s *law.Statute) { s.Kind, s.Presumed = law.TestHolds, half }, "only control is presumed"},
		{func(s *law.Statute) { s.Measure = law.MeasureShares }, "control is by votes"},
		{func(s *law.Statute) { s.Treasury = true }, "control is by votes"},
		{func(s *law.Statute) {
			s.Kind, s.Threshold, s.AtLeast = law.TestHolds, ratio.Ratio{}, true
		}, "whoever holds nothing reaches 0"},
		{func(s *law.Statute) { s.MaxFraction = half }, "max_fraction belongs to cap and part"},
		{func(s *law.Statute) { s.Effect = law.EffectSecondToCross }, "second to cross belongs to mutual"},
		{func(s *law.Statute) { s.Effect = law.EffectSmaller }, "smaller belongs to holds"},
		{func(s *law.Statute) { s.Effect = law.EffectExcess }, "excess belongs to holds and mutual"},
		{func(s *law.Statute) { s.Threshold = ratio.MustParse("0.9000000000000000000000001") }, "finer than 64 bits"},
		{func(s *law.Statute) {
			s.Kind, s.Effect = law.TestOwnShares, law.EffectPart
		}, "all votes of own shares are suspended"},
	}
	list := []law.Statute{good}
	for i, b := range bad {
		s := good
		s.ID = fmt.Sprintf("bad%d", i)
		b.change(&s)
		list = append(list, s)
	}
	_, err := lawAlliance(t, "x AE").Votes(t.Context(), crossholding.VotingOptions{Statutes: list})
	var all *crossholding.InputError
	require.ErrorAs(t, err, &all)
	for i, b := range bad {
		place := fmt.Sprintf("statutes[%d]", i+1)
		require.True(t, slices.ContainsFunc(all.Faults, func(f crossholding.Fault) bool {
			kind := errors.Is(f, law.ErrRule) || errors.Is(f, crossholding.ErrUnknown) || errors.Is(f, crossholding.ErrDate)
			return kind && strings.HasPrefix(f.Place, place) && strings.Contains(f.Reason, b.want)
		}), "%s: %s\nin %v", place, b.want, err)
	}
	require.NotContains(t, err.Error(), "statutes[0]", "the good one")
}

// TestUndatedLaw: an undated book is under today's version of a rule alone.
func TestUndatedLaw(t *testing.T) {
	old := law.Statute{ID: "old", Citation: "a law of yore", Country: "AE", To: "2001-12-31", Kind: law.TestControls, Threshold: ratio.MustParse("1/2")}
	for book, votes := range map[string]string{"": "10", "@2001-12-31; ": "0", "@2002-01-01; ": "10"} {
		n := votesOf(t, book+"x AE; y AE; x>y 51; y>x 10", "y", "x", crossholding.VotingOptions{Extra: []law.Statute{old}})
		require.Equal(t, votes, n.Exercisable.String(), book)
	}
}

// A fault of an added rule has its place in Extra, and a rule for a company that is not in
// the book is a fault.
func TestFaultsOfExtraStatutes(t *testing.T) {
	a := booktest.New(t, booktest.Percents([3]string{"p", "x", "40"}))
	rule := law.Statute{ID: "own", Citation: "articles", Issuer: "x", Kind: law.TestHolds, Threshold: ratio.Of(1, 10)}
	other, high := rule, rule
	other.Issuer, high.Threshold = "ghost", ratio.Int(2)
	_, err := a.Votes(t.Context(), crossholding.VotingOptions{Extra: []law.Statute{rule}})
	require.NoError(t, err)
	_, err = a.Votes(t.Context(), crossholding.VotingOptions{Extra: []law.Statute{other}})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	require.ErrorContains(t, err, `Extra[0].issuer: rule "own": "ghost" is not a company with shares of the book`)
	_, err = a.Votes(t.Context(), crossholding.VotingOptions{Extra: []law.Statute{high}})
	require.ErrorContains(t, err, "Extra[0].threshold")
	_, err = a.Votes(t.Context(), crossholding.VotingOptions{Statutes: []law.Statute{high}, Extra: []law.Statute{}})
	require.ErrorContains(t, err, "statutes[0].threshold")
}

package crossholding_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// readingsOf counts the votes of a book whose law has no reading or more than one.
func readingsOf(t *testing.T, text string) *crossholding.ReadingsError {
	t.Helper()
	_, err := lawAlliance(t, text).Votes(t.Context(), crossholding.VotingOptions{})
	var e *crossholding.ReadingsError
	require.ErrorAs(t, err, &e, text)
	require.ErrorIs(t, err, crossholding.ErrReadings)
	return e
}

// suspends writes a reading as "y>x 10", sorted, a holder's stakes together.
func suspends(list []crossholding.Reason) string {
	sum := map[string]ratio.Ratio{}
	for _, s := range list {
		who := s.Holder + ">" + s.Issuer
		sum[who] = sum[who].Add(s.Votes)
	}
	var out []string
	for who, votes := range sum {
		if !votes.IsZero() {
			out = append(out, who+" "+votes.String())
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func readings(list []crossholding.Reading) []string {
	var out []string
	for _, r := range list {
		out = append(out, suspends(r.Suspended))
	}
	slices.Sort(out)
	return out
}

func TestReadings(t *testing.T) {
	cases := []struct {
		name, book string
		doubtful   string
		readings   []string
	}{
		{"Delaware, 60 of each other", "x US-DE; y US-DE; x>y 60; y>x 60", "x>y 60, y>x 60", []string{"x>y 60", "y>x 60"}},
		// If c is suspended in a, then b controls c through nobody …: one of the three.
		{
			"a ring of three", "a US-DE; b US-DE; c US-DE; a>b 60; b>c 60; c>a 60", "a>b 60, b>c 60, c>a 60",
			[]string{"a>b 60", "b>c 60", "c>a 60"},
		},
		{
			"a ring of four", "a US-DE; b US-DE; c US-DE; d US-DE; a>b 60; b>c 60; c>d 60; d>a 60", "a>b 60, b>c 60, c>d 60, d>a 60",
			[]string{"a>b 60", "b>c 60", "c>d 60", "d>a 60"},
		},
		{"California, 30 of each other", "x US-CA; y US-CA; x>y 30; y>x 30", "x>y 30, y>x 30", []string{"x>y 30", "y>x 30"}},
		{"Italy's votes that can be cast", "x IT; y IT; x>y 60; y>x 60", "x>y 60, y>x 60", []string{"x>y 60", "y>x 60"}},
		{
			"a bystander is in no doubt", "x US-DE; y US-DE; j JP; k JP; x>y 60; y>x 60; j>k 30; k>j 10", "x>y 60, y>x 60",
			[]string{"k>j 10, x>y 60", "k>j 10, y>x 60"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := readingsOf(t, c.book)
			require.Equal(t, c.doubtful, suspends(e.Doubtful))
			require.Equal(t, c.readings, readings(e.Readings))
			require.False(t, e.Incomplete)
			require.Len(t, e.Components, 1)
			for _, s := range e.Doubtful {
				require.NotEmpty(t, s.Citation)
				require.Contains(t, e.Error(), s.Citation)
			}
			for i := range e.Readings {
				require.Contains(t, e.Error(), fmt.Sprintf("reading %d: suspended: ", i+1))
			}
		})
	}
}

func TestOneReading(t *testing.T) {
	cases := []struct {
		name, book string
		silent     string
	}{
		{"Germany's mutual majorities", "x DE; y DE; x>y 60; y>x 60", "x>y 60, y>x 60"},
		{"Japan's mutual quarters", "x JP; y JP; x>y 30; y>x 30", "x>y 30, y>x 30"},
		{"Korea's mutual tenths", "x KR; y KR; x>y 60; y>x 60", "x>y 60, y>x 60"},
		{"a ring that one weak link breaks", "a US-DE; b US-DE; c US-DE; a>b 60; b>c 60; c>a 40", "c>a 40"},
		// Nissan's silence in Renault rests on Renault's votes in Nissan, and
		// those on Nissan's share of Renault's: 15% is under Japan's quarter.
		{"the alliance", "renault FR; nissan JP; renault>nissan 43.4; nissan>renault 15", "nissan>renault 15"},
		// At a quarter Japan suspends Renault in Nissan whatever France does
		// (suspended votes are counted), and Renault then controls nothing.
		{"the alliance, Nissan at 25%", "renault FR; nissan JP; renault>nissan 43.4; nissan>renault 25", "renault>nissan 43.4"},
		{"the alliance, Nissan just below", "renault FR; nissan JP; renault>nissan 43.4; nissan>renault 24.999", "nissan>renault 24.999"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v, err := lawAlliance(t, c.book).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			require.Equal(t, c.silent, suspends(silentRows(v)))
			checkSums(t, v)
		})
	}
}

func TestPolicies(t *testing.T) {
	a := lawAlliance(t, "x US-DE; y US-DE; z US-DE; j JP; k JP; x>y 60; y>x 70; z>x 5; j>k 30; k>j 10")
	for name, c := range map[string]struct {
		opt           crossholding.VotingOptions
		chosen        int
		y, x          string // exercisable votes of x in y, and of y in x
		doubtful, why string
	}{
		"fewest":   {crossholding.VotingOptions{Circular: crossholding.PolicyFewest}, 2, "0", "70", "y>x 70", "fewest"},
		"most":     {crossholding.VotingOptions{Circular: crossholding.PolicyMost}, 1, "60", "0", "y>x 70", "most"},
		"prefer y": {crossholding.VotingOptions{Circular: crossholding.PolicyPrefer, Prefer: "y"}, 2, "0", "70", "y>x 70", "prefer"},
		"prefer x": {crossholding.VotingOptions{Circular: crossholding.PolicyPrefer, Prefer: "x"}, 1, "60", "0", "y>x 70", "prefer"},
		"prefer z": {crossholding.VotingOptions{Circular: crossholding.PolicyPrefer, Prefer: "z"}, 2, "0", "70", "y>x 70", "prefer"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := a.Votes(t.Context(), c.opt)
			require.NoError(t, err)
			inY, err := v.Of("x", "y")
			require.NoError(t, err)
			require.Equal(t, c.y, inY.Exercisable.String())
			inX, err := v.Of("y", "x")
			require.NoError(t, err)
			require.Equal(t, c.x, inX.Exercisable.String())
			require.Equal(t, c.doubtful, suspends(inX.Doubtful))
			says := fmt.Sprintf("the law has 2 readings here, and policy %q chose reading %d", c.why, c.chosen)
			require.Equal(t, "70 votes of y in x are in doubt: "+says+" (8 Del. C. § 160(c))", inX.Doubtful[0].String())
			silent := inY
			if c.y != "0" {
				silent = inX
			}
			require.Equal(t, []string{"US-DE-160c"}, []string{silent.Reasons[0].Rule})
			require.Contains(t, silent.Reasons[0].Because(), "; "+says)

			choices := v.Choices()
			require.Len(t, choices, 1)
			require.Equal(t, c.chosen, choices[0].Chosen)
			require.Equal(t, []string{"x>y 60", "y>x 70"}, readings(choices[0].Readings))

			n, err := v.Of("k", "j")
			require.NoError(t, err)
			require.Equal(t, "0", n.Exercisable.String(), "no doubt about Japan")
			require.Empty(t, n.Doubtful)
			require.Contains(t, n.Reasons[0].Because(), "j has 30 of 100 votes of k, 30%, suspended votes counted: at least 25%")
			checkSums(t, v)
		})
	}
	for want, opt := range map[string]crossholding.VotingOptions{
		`policy "toss" is not fewest, most or prefer`: {Circular: "toss"},
		"policy prefer needs a holder":                {Circular: crossholding.PolicyPrefer},
		`"nobody" is no holder`:                       {Circular: crossholding.PolicyPrefer, Prefer: "nobody"},
		`holder "x" is for policy prefer`:             {Circular: crossholding.PolicyMost, Prefer: "x"},
		`"burns" is not stays or leaves`:              {CapExcess: "burns"},
	} {
		_, err := a.Votes(t.Context(), opt)
		require.ErrorContains(t, err, want)
	}
	// Of three that each suspend one of the others' votes, equal readings go by name.
	ring := lawAlliance(t, "c US-DE; b US-DE; a US-DE; a>b 60; b>c 60; c>a 60")
	for _, policy := range []crossholding.Policy{crossholding.PolicyFewest, crossholding.PolicyMost} {
		v, err := ring.Votes(t.Context(), crossholding.VotingOptions{Circular: policy})
		require.NoError(t, err)
		require.Equal(t, "c>a 60", suspends(silentRows(v)))
	}
}

// Books made to take long answer quickly, and say what was not tried.
func TestReadingsAreBounded(t *testing.T) {
	pairs := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "x%03d US-DE; y%03d US-DE; x%03d>y%03d 60; y%03d>x%03d 60;", i, i, i, i, i, i)
		}
		return b.String()
	}
	ring := func(n int, law string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "c%04d %s; c%04d>c%04d 60;", i, law, i, (i+1)%n)
		}
		return b.String()
	}
	all := func(n int, law string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "c%03d %s issued=%d;", i, law, n)
			for j := range n {
				if i != j {
					fmt.Fprintf(&b, "c%03d>c%03d 1;", j, i)
				}
			}
		}
		return b.String()
	}
	cases := []struct {
		name, book     string
		circles, shown int
		partial        bool
	}{
		{"30 pairs", pairs(30), 30, 64, true},
		{"4 pairs", pairs(4), 4, 16, false},
		{"ring of 10", ring(10, "US-DE"), 1, 10, false},
		{"long ring", ring(testkit.Size(70, 100), "US-DE"), 1, 64, true},
		{"very long ring", ring(testkit.Size(600, 1000), "US-DE"), 1, -1, true},
		{"long ring in Italy", ring(testkit.Size(71, 99), "IT"), 1, -1, true},
		{"40 that all hold each other", all(40, "US-CA"), 0, 0, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := lawAlliance(t, c.book)
			start := time.Now()
			_, err := a.Votes(t.Context(), crossholding.VotingOptions{})
			took := time.Since(start)
			require.Less(t, took, 20*time.Second, "generous: the machine may be busy")
			t.Log(took)
			if c.circles == 0 {
				require.NoError(t, err)
				return
			}
			var e *crossholding.ReadingsError
			require.ErrorAs(t, err, &e)
			require.Len(t, e.Components, c.circles)
			require.Equal(t, c.partial, e.Incomplete)
			if c.shown >= 0 {
				require.Len(t, e.Readings, c.shown)
			}
			require.Less(t, len(err.Error()), 20_000)
			for _, k := range e.Components {
				if k.Incomplete {
					require.NotEmpty(t, k.Doubtful)
					require.Contains(t, err.Error(), "not every reading was tried")
				}
			}
			for _, policy := range []crossholding.Policy{crossholding.PolicyFewest, crossholding.PolicyMost}[:testkit.Size(1, 2)] {
				v, err := a.Votes(t.Context(), crossholding.VotingOptions{Circular: policy})
				if c.shown == 0 {
					require.ErrorIs(t, err, crossholding.ErrReadings)
					continue
				}
				require.NoError(t, err)
				checkSums(t, v)
			}
		})
	}
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := lawAlliance(t, pairs(3)).Votes(ctx, crossholding.VotingOptions{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

// A reading that neither end leads to is found all the same: where c1's 49 votes
// in c0 are suspended, c2 has 36 of 51 there.
func TestHiddenReading(t *testing.T) {
	a := lawAlliance(t, "x FR lot=1; c AE lot=1; y FR lot=1; p;"+
		"c>x 49; y>x 36; x>c 50; x>y 45 money=p")
	_, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	var e *crossholding.ReadingsError
	require.ErrorAs(t, err, &e)
	require.Equal(t, []string{"c>x 49, x>y 45", "c>x 49, y>x 36"}, readings(e.Readings))
	require.Equal(t, "x>y 45, y>x 36", suspends(e.Doubtful))
	for policy, want := range map[crossholding.Policy]string{
		crossholding.PolicyFewest: "c>x 49, y>x 36",
		crossholding.PolicyMost:   "c>x 49, x>y 45",
	} {
		v, err := a.Votes(t.Context(), crossholding.VotingOptions{Circular: policy})
		require.NoError(t, err)
		require.Equal(t, want, suspends(silentRows(v)))
	}
}

// A rule that counts a group names the companies whose stakes it counts, and no others.
func TestReasonOfAGroup(t *testing.T) {
	for name, tc := range map[string]struct{ book, holder, issuer, want string }{
		"one subsidiary": {"ct KR; electronics KR; life KR; ct>electronics 60; electronics>life 8; ct>life 5; life>ct 7", "life", "ct",
			"ct with electronics has 13 of 100 shares of life, 13%: more than 10%"},
		"no stake there": {"ct KR; electronics KR; life KR; ct>electronics 60; ct>life 12; life>ct 7", "life", "ct",
			"ct has 12 of 100 shares of life, 12%: more than 10%"},
		"both ways": {"x ES; c ES; d ES; y ES; x>c 60; c>d 58; d>y 18; y>x 12", "y", "x",
			"x with d has 18 of 100 shares of y, 18%: more than 10%, and y has 12 of 100 shares of x, 12%: more than 10%; votes above 10% are suspended"},
		"votes": {"j JP; s JP; k JP; j>s 60; s>k 30; k>j 10", "k", "j",
			"j with s has 30 of 100 votes of k, 30%, suspended votes counted: at least 25%"},
		"control": {"p DE; s DE; p>s 60; s>p 20", "s", "p", "p controls s: p casts 60 of 100 votes in s (60%), suspended votes counted"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := lawAlliance(t, tc.book).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			n, err := v.Of(tc.holder, tc.issuer)
			require.NoError(t, err)
			require.NotEmpty(t, n.Reasons)
			require.Equal(t, tc.want, n.Reasons[0].Because())
		})
	}
}

// One stake alone can be silent, and both readings are consistent. By hand: h controls q by a fact, so
// with q it has 60 of 100 votes in x, and the rule on cross-holdings does not apply within a group.
// Without h's own 40, it has q's 20 of 60, and the rule applies.
func TestReadingsOfOneStake(t *testing.T) {
	company := func(id string, listed bool) crossholding.Company {
		return crossholding.Company{ID: id, Country: "FR", Listed: listed, Shares: []crossholding.ShareClass{{Issued: "100"}}}
	}
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{company("h", true), company("p", false), company("q", false), company("x", true)},
		Stakes: []crossholding.Stake{
			{Holder: "h", Issuer: "x", Shares: "40"}, {Holder: "p", Issuer: "x", Shares: "35"}, {Holder: "q", Issuer: "x", Shares: "20"},
			{Holder: "x", Issuer: "h", Shares: "15"}, {Holder: "x", Issuer: "p", Shares: "1"},
		},
		Controls: []crossholding.ControlFact{{Controller: "h", Company: "q", By: crossholding.ControlByAppointment}},
	})
	rule := law.Statute{ID: "cross", Citation: "-", Issuer: "x", Kind: law.TestMutual, Measure: law.MeasureShares, Threshold: ratio.Of(1, 10),
		NotWithinGroup: true, Listed: true, Facts: []law.ControlMeans{crossholding.ControlByAppointment}}
	_, err := a.Votes(t.Context(), crossholding.VotingOptions{Statutes: []law.Statute{rule}})
	var e *crossholding.ReadingsError
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Components, 1)
	require.Len(t, e.Components[0].Readings, 2)
}

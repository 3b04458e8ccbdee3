package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
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

// randomLawBook is a book full of cross-holdings under the laws of the table.
func randomLawBook(rnd *rand.Rand) crossholding.Book { return randomLawBookOf(rnd, 2+rnd.IntN(5)) }

func randomLawBookOf(rnd *rand.Rand, n int) crossholding.Book {
	laws := []string{"FR", "JP", "DE", "IT", "ES", "KR", "TW", "TR", "GB", "IN", "BR", "US-DE", "US-CA", "US-NY", "US-GA", "AT", "AU", "BE", "CH", "CN", "HK", "NL", "SE", "SG", "AE", ""}
	var b crossholding.Book
	some := laws[rnd.IntN(len(laws))]
	for i := range n {
		c := crossholding.Company{ID: fmt.Sprintf("c%d", i), Country: some, Listed: rnd.IntN(2) == 0}
		if rnd.IntN(3) == 0 {
			c.Country = laws[rnd.IntN(len(laws))]
		}
		issued := []string{"100", "60", "997"}[rnd.IntN(3)]
		c.Shares = []crossholding.ShareClass{{Issued: ratio.Number(issued)}}
		if rnd.IntN(4) == 0 {
			c.Shares[0].Treasury = "5"
		}
		if rnd.IntN(4) == 0 {
			c.Shares = append(c.Shares, crossholding.ShareClass{Class: "b", Issued: "40", Votes: ratio.Number([]string{"0", "2", "0.5"}[rnd.IntN(3)])})
		}
		b.Companies = append(b.Companies, c)
	}
	b.Parties = []crossholding.Party{{ID: "p"}, {ID: "q"}}
	who := func() string {
		if i := rnd.IntN(n + 1); i < n {
			return fmt.Sprintf("c%d", i)
		}
		return []string{"p", "q"}[rnd.IntN(2)]
	}
	for i := range n {
		c := &b.Companies[i]
		for k := range c.Shares {
			free := 0
			fmt.Sscan(string(c.Shares[k].Issued), &free)
			if c.Shares[k].Treasury != "" {
				free -= 5
			}
			for range rnd.IntN(5) {
				s := crossholding.Stake{Adds: true, Holder: who(), Issuer: c.ID, Class: c.Shares[k].Class}
				part := min(free, 1+rnd.IntN(max(1, free)))
				switch rnd.IntN(10) {
				case 0:
					s.Voter = who()
				case 1:
					s.Voter = crossholding.Neutral
				case 2:
					s.Beneficiary = who()
				case 3:
					s.Votes = "2"
				}
				if part == 0 || s.Holder == c.ID || s.Voter == c.ID || s.Beneficiary == c.ID {
					continue
				}
				s.Shares = ratio.Number(fmt.Sprint(part))
				free -= part
				b.Stakes = append(b.Stakes, s)
			}
		}
	}
	return b
}

// Names and the order of input change nothing but names.
func TestReadingsHeedNoNames(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	circles := 0
	for range testkit.Cases(1500) {
		b := randomLawBook(rnd)
		swap := rnd.Perm(len(b.Companies))
		name := func(id string) string {
			if strings.HasPrefix(id, "c") {
				return fmt.Sprintf("z%d", swap[id[1]-'0'])
			}
			return id
		}
		other := crossholding.Book{Parties: b.Parties}
		for _, c := range b.Companies {
			c.ID = name(c.ID)
			other.Companies = append(other.Companies, c)
		}
		for _, s := range b.Stakes {
			s.Holder, s.Issuer, s.Voter, s.Beneficiary = name(s.Holder), name(s.Issuer), name(s.Voter), name(s.Beneficiary)
			other.Stakes = append(other.Stakes, s)
		}
		rnd.Shuffle(len(other.Stakes), func(i, j int) { other.Stakes[i], other.Stakes[j] = other.Stakes[j], other.Stakes[i] })
		rnd.Shuffle(len(other.Companies), func(i, j int) {
			other.Companies[i], other.Companies[j] = other.Companies[j], other.Companies[i]
		})
		v, err1 := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		w, err2 := booktest.New(t, other).VotesWithin(t.Context(), crossholding.VotingOptions{}, false)
		if err1 != nil {
			circles++
			var e1, e2 *crossholding.ReadingsError
			require.ErrorAs(t, err1, &e1)
			require.ErrorAs(t, err2, &e2)
			for i := range e1.Doubtful {
				e1.Doubtful[i].Holder, e1.Doubtful[i].Issuer = name(e1.Doubtful[i].Holder), name(e1.Doubtful[i].Issuer)
			}
			require.Equal(t, suspends(e1.Doubtful), suspends(e2.Doubtful))
			require.Equal(t, len(e1.Readings), len(e2.Readings))
			continue
		}
		require.NoError(t, err2)
		checkSums(t, v)
		for n := range v.Rows() {
			if strings.HasPrefix(n.Holder, "float:") {
				continue
			}
			m, err := w.Of(name(n.Holder), name(n.Issuer))
			require.NoError(t, err)
			lost := n.Free.Sub(m.Free) // whole votes left over go by name among equals
			require.True(t, ratio.Int(-2).Less(lost) && lost.Less(ratio.Int(2)), "%s in %s: %s or %s", n.Holder, n.Issuer, n.Free, m.Free)
		}
	}
	t.Logf("%d circles", circles)
	require.Positive(t, circles)
}

// The readings under Delaware's statute are those that trying every set of
// suspended votes finds, and where there is an answer it is the only one.
func TestReadingsByBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	circular, checked := 0, 0
	for range testkit.Cases(2500) {
		b := randomLawBook(rnd)
		for i := range b.Companies {
			b.Companies[i].Country = "US-DE"
		}
		w := newBrute(b)
		pairs := w.ownedPairs()
		if len(pairs) > 7 {
			continue
		}
		checked++
		want := w.allReadings(pairs)
		v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		if err != nil {
			circular++
			var e *crossholding.ReadingsError
			require.ErrorAs(t, err, &e)
			require.False(t, e.Incomplete)
			require.Equal(t, want, append([]string{}, readings(e.Readings)...), "%v", b)
			continue
		}
		require.Equal(t, want, []string{suspends(silentRows(v))}, "%v", b)
	}
	t.Logf("%d books, %d with circles", checked, circular)
	require.Greater(t, circular, testkit.Cases(20))
}

// silentRows lists the votes that the law takes, own shares apart.
func silentRows(v *crossholding.Votes) []crossholding.Reason {
	var out []crossholding.Reason
	for n := range v.Rows() {
		if lost := n.Theoretical.Sub(n.Exercisable); n.Holder != n.Issuer && !lost.IsZero() {
			out = append(out, crossholding.Reason{Holder: n.Holder, Issuer: n.Issuer, Votes: lost})
		}
	}
	return out
}

// In larger books too, the readings are those that trying every set of suspended votes
// finds. Every reading is one that the statute confirms, and where the iteration from no
// suspended votes ends, there is a reading.
func TestReadingsOfLargerBooks(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 6))
	number := map[string]int{}
	for range testkit.Cases(400) {
		b := randomLawBookOf(rnd, 2+rnd.IntN(12))
		for i := range b.Companies {
			b.Companies[i].Country = "US-DE"
			for k := range b.Companies[i].Shares { // every stake has votes
				b.Companies[i].Shares[k].Votes = ""
			}
		}
		for i := range b.Stakes { // and an owner by name
			b.Stakes[i].Beneficiary = ""
		}
		w := newBrute(b)
		pairs := w.ownedPairs()
		v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		got := []string{}
		if err == nil {
			got = append(got, suspends(silentRows(v)))
			number["one"]++
		} else {
			var e *crossholding.ReadingsError
			require.ErrorAs(t, err, &e)
			require.False(t, e.Incomplete)
			got = append(got, readings(e.Readings)...)
			for _, r := range e.Readings {
				silent := w.silentIn(r)
				require.True(t, maps.Equal(silent, w.delaware(silent, pairs)), "%s", r)
			}
			number["none or several"]++
		}
		if low, ok := w.settle(map[[2]string]bool{}, pairs); ok {
			require.Contains(t, got, w.suspended(low), "%v", b)
			number["settled"]++
		}
		if len(pairs) <= testkit.Size(8, 10) {
			require.Equal(t, w.allReadings(pairs), got, "%v", b)
			number["tried all"]++
		}
	}
	t.Log(number)
	for _, n := range []string{"one", "none or several", "settled", "tried all"} {
		require.GreaterOrEqual(t, number[n], testkit.Cases(10), n)
	}
}

// allReadings tries every set of suspended stakes, and returns those that Delaware's
// statute confirms.
func (w *brute) allReadings(pairs [][2]string) []string {
	out := []string{}
	for mask := range 1 << len(pairs) {
		silent := map[[2]string]bool{}
		for bit, p := range pairs {
			if mask>>bit&1 == 1 {
				silent[p] = true
			}
		}
		if maps.Equal(w.delaware(silent, pairs), silent) {
			out = append(out, w.suspended(silent))
		}
	}
	slices.Sort(out)
	return out
}

// silentIn is the owners and issuers of the stakes that a reading suspends.
func (w *brute) silentIn(r crossholding.Reading) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, s := range w.stakes {
		for _, lost := range r.Suspended {
			if lost.Holder == s.holder && lost.Issuer == s.issuer {
				out[[2]string{s.owner, s.issuer}] = true
			}
		}
	}
	return out
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

// Whatever rule a user writes, the answer is a count that adds up or an error
// that shows the circle.
func TestRandomRules(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	counted, circles := 0, 0
	for range testkit.Cases(1500) {
		b := randomLawBook(rnd)
		for i := range b.Companies {
			b.Companies[i].Country = "AE"
		}
		s := law.Statute{ID: "R", Citation: "R", Country: "AE",
			Kind:      law.TestKind(pick("controls", "holds", "mutual")),
			Measure:   law.Measure(pick("votes", "shares")),
			Effect:    law.EffectKind(pick("all", "excess", "second to cross", "cap", "part", "smaller")),
			Threshold: ratio.MustParse(pick("0", "1/10", "1/4", "1/3", "1/2", "2/3")),
			AtLeast:   rnd.IntN(2) == 0, Treasury: rnd.IntN(2) == 0, CountsSuspended: rnd.IntN(4) == 0,
			Group: rnd.IntN(2) == 0, NotWithinGroup: rnd.IntN(2) == 0, Fiduciary: law.FiduciaryKind(pick("", "exempt", "uninstructed")),
		}
		s.Tiers = s.Kind == law.TestHolds && rnd.IntN(3) == 0
		s.OwnVotes = s.Measure == law.MeasureVotes && rnd.IntN(3) == 0
		if s.Group {
			s.GroupBy = law.Measure(pick("votes", "shares"))
		}
		if s.Effect == law.EffectSecondToCross {
			s.SellWithin = 12 * rnd.IntN(2)
		}
		if s.Effect == law.EffectCap || s.Effect == law.EffectPart {
			s.MaxFraction = ratio.MustParse(pick("0", "1/4", "1"))
		}
		a := booktest.New(t, b)
		opt := crossholding.VotingOptions{Extra: []law.Statute{s}}
		v, err := a.Votes(t.Context(), opt)
		var bad *crossholding.InputError
		if errors.As(err, &bad) {
			continue // a rule that contradicts itself
		}
		if err != nil {
			circles++
			var e *crossholding.ReadingsError
			require.ErrorAs(t, err, &e)
			require.NotEmpty(t, e.Doubtful)
			opt.Circular = crossholding.Policy(pick("fewest", "most"))
			v, err = a.Votes(t.Context(), opt)
			if len(e.Readings) == 0 {
				require.ErrorIs(t, err, crossholding.ErrReadings)
				continue
			}
			require.NoError(t, err)
			if !e.Incomplete {
				require.Contains(t, readings(e.Readings), suspends(silentRows(v)))
			}
		}
		counted++
		checkSums(t, v)
		for n := range v.Rows() {
			require.GreaterOrEqual(t, n.Free.Sign(), 0)
			require.GreaterOrEqual(t, n.Exercisable.Sign(), 0)
			require.False(t, n.Theoretical.Less(n.Exercisable))
		}
	}
	t.Logf("%d counts, %d circles", counted, circles)
	require.Greater(t, counted, testkit.Cases(300))
	require.Positive(t, circles)
}

// Copies of a book beside one another change nothing in any of them: where
// there are many cases, control is found for all of them at once instead of one
// by one.
func TestCopiesDoNotMeet(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	circles, silent := 0, 0
	for range testkit.Cases(250) {
		b := randomLawBook(rnd)
		var many crossholding.Book
		for k := range 9 {
			name := func(id string) string {
				if id == "" || id == crossholding.Neutral {
					return id
				}
				return fmt.Sprintf("%s-%d", id, k)
			}
			for _, c := range b.Companies {
				c.ID = name(c.ID)
				many.Companies = append(many.Companies, c)
			}
			for _, p := range b.Parties {
				many.Parties = append(many.Parties, crossholding.Party{ID: name(p.ID)})
			}
			for _, s := range b.Stakes {
				s.Holder, s.Issuer, s.Voter, s.Beneficiary = name(s.Holder), name(s.Issuer), name(s.Voter), name(s.Beneficiary)
				many.Stakes = append(many.Stakes, s)
			}
		}
		v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		w, errs := booktest.New(t, many).Votes(t.Context(), crossholding.VotingOptions{})
		if err != nil {
			circles++
			var one, nine *crossholding.ReadingsError
			require.ErrorAs(t, err, &one)
			require.ErrorAs(t, errs, &nine)
			require.Len(t, nine.Components, 9*len(one.Components))
			require.Equal(t, len(one.Components[0].Readings), len(nine.Components[0].Readings))
			continue
		}
		require.NoError(t, errs)
		for n := range v.Rows() {
			for _, k := range []int{0, 8} {
				m, err := w.Of(fmt.Sprintf("%s-%d", n.Holder, k), fmt.Sprintf("%s-%d", n.Issuer, k))
				require.NoError(t, err)
				require.True(t, n.Exercisable.Equal(m.Exercisable), "%s in %s: %s, or %s among others", n.Holder, n.Issuer, n.Exercisable, m.Exercisable)
				require.Equal(t, ruleNames(n), ruleNames(m))
			}
			if !n.Theoretical.Equal(n.Exercisable) {
				silent++
			}
		}
	}
	t.Logf("%d circles, %d silent holdings", circles, silent)
	require.Positive(t, circles)
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

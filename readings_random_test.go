package crossholding_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

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

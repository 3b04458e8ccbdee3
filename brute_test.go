package crossholding_test

import (
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// brute counts votes straight from a book, with math/big and maps and nothing
// of the package: a second opinion.
type brute struct {
	companies []string
	stakes    []bruteStake
	total     map[string]*big.Rat // votes issued, treasury too
	treasury  map[string]*big.Rat
	issued    map[string]*big.Rat // shares
}

type bruteStake struct {
	holder, owner, caster, issuer string // caster "" for neutral votes
	votes, shares                 *big.Rat
}

func bigRat(text string) *big.Rat {
	if text == "" {
		return big.NewRat(1, 1)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return r
}

// newBrute reads an undated book in shares.
func newBrute(b crossholding.Book) *brute {
	w := &brute{total: map[string]*big.Rat{}, treasury: map[string]*big.Rat{}, issued: map[string]*big.Rat{}}
	perShare := map[[2]string]*big.Rat{}
	for _, c := range b.Companies {
		w.companies = append(w.companies, c.ID)
		w.total[c.ID], w.treasury[c.ID], w.issued[c.ID] = new(big.Rat), new(big.Rat), new(big.Rat)
		for _, k := range c.Shares {
			votes := bigRat(string(k.Votes))
			perShare[[2]string{c.ID, k.Class}] = votes
			w.issued[c.ID].Add(w.issued[c.ID], bigRat(string(k.Issued)))
			w.total[c.ID].Add(w.total[c.ID], new(big.Rat).Mul(bigRat(string(k.Issued)), votes))
			if k.Treasury != "" {
				w.treasury[c.ID].Add(w.treasury[c.ID], new(big.Rat).Mul(bigRat(string(k.Treasury)), votes))
			}
		}
	}
	slices.Sort(w.companies)
	for _, s := range b.Stakes {
		votes := perShare[[2]string{s.Issuer, s.Class}]
		shares := bigRat(string(s.Shares))
		k := bruteStake{holder: s.Holder, owner: s.Holder, caster: s.Holder, issuer: s.Issuer}
		if s.Votes != "" {
			own := bigRat(string(s.Votes))
			more := new(big.Rat).Sub(own, votes)
			w.total[s.Issuer].Add(w.total[s.Issuer], more.Mul(more, shares))
			votes = own
		}
		if s.Beneficiary != "" {
			k.owner = s.Beneficiary
		}
		switch s.Voter {
		case "":
		case crossholding.Neutral:
			k.caster = ""
		default:
			k.caster = s.Voter
		}
		k.shares = shares
		k.votes = new(big.Rat).Mul(shares, votes)
		w.stakes = append(w.stakes, k)
	}
	return w
}

// controlled returns what x controls: the least fixpoint, company by company,
// of more than num/den of the votes cast and not silent. Neutral votes leave
// the base if out says so.
func (w *brute) controlled(x string, num, den int64, neutralOut bool, silent func(bruteStake) bool) map[string]bool {
	in := map[string]bool{x: true}
	for grew := true; grew; {
		grew = false
		for _, y := range w.companies {
			if in[y] {
				continue
			}
			base, have := w.tally(y, in, neutralOut, silent)
			have.Mul(have, big.NewRat(den, num))
			if base.Sign() > 0 && have.Cmp(base) > 0 {
				in[y], grew = true, true
			}
		}
	}
	delete(in, x)
	return in
}

func (w *brute) tally(y string, in map[string]bool, neutralOut bool, silent func(bruteStake) bool) (base, have *big.Rat) {
	base, have = new(big.Rat).Sub(w.total[y], w.treasury[y]), new(big.Rat)
	for _, s := range w.stakes {
		switch {
		case s.issuer != y:
		case silent(s), neutralOut && s.caster == "":
			base.Sub(base, s.votes)
		case s.caster != "" && in[s.caster]:
			have.Add(have, s.votes)
		}
	}
	return base, have
}

// ownedPairs lists who owns shares of whom among companies.
func (w *brute) ownedPairs() [][2]string {
	pairs := map[[2]string]bool{}
	for _, s := range w.stakes {
		if slices.Contains(w.companies, s.owner) {
			pairs[[2]string{s.owner, s.issuer}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(pairs), func(a, b [2]string) int {
		return strings.Compare(a[0]+a[1], b[0]+b[1])
	})
}

// delaware returns which holdings 8 Del. C. § 160(c) suspends where those of
// silent are.
func (w *brute) delaware(silent map[[2]string]bool, pairs [][2]string) map[[2]string]bool {
	next := map[[2]string]bool{}
	for _, p := range pairs {
		under := w.controlled(p[1], 1, 2, false, func(s bruteStake) bool { return silent[[2]string{s.owner, s.issuer}] })
		if under[p[0]] {
			next[p] = true
		}
	}
	return next
}

// settle applies delaware until nothing moves, or gives up.
func (w *brute) settle(silent map[[2]string]bool, pairs [][2]string) (map[[2]string]bool, bool) {
	for range 100 {
		next := w.delaware(silent, pairs)
		if maps.Equal(next, silent) {
			return silent, true
		}
		silent = next
	}
	return silent, false
}

// suspended writes the suspended votes as suspends does.
func (w *brute) suspended(silent map[[2]string]bool) string {
	var list []crossholding.Reason
	for _, s := range w.stakes {
		if silent[[2]string{s.owner, s.issuer}] {
			list = append(list, crossholding.Reason{Holder: s.holder, Issuer: s.issuer, Votes: ratio.FromRat(s.votes)})
		}
	}
	return suspends(list)
}

func audible(bruteStake) bool { return false }

// held returns x with the companies of which it has more than half of the issued shares,
// itself or through such companies.
func (w *brute) held(x string) map[string]bool {
	in := map[string]bool{x: true}
	for grew := true; grew; {
		grew = false
		for _, y := range w.companies {
			sum := new(big.Rat)
			for _, s := range w.stakes {
				if s.issuer == y && in[s.owner] {
					sum.Add(sum, s.shares)
				}
			}
			if !in[y] && sum.Mul(sum, big.NewRat(2, 1)).Cmp(w.issued[y]) > 0 {
				in[y], grew = true, true
			}
		}
	}
	return in
}

// holds sums what x and its subsidiaries have of y, by who casts votes or by whose money
// shares are. What makes a subsidiary is counted in the same way.
func (w *brute) holds(x, y string, shares bool) *big.Rat {
	in := w.held(x)
	if !shares {
		in = w.controlled(x, 1, 2, false, audible)
		in[x] = true
	}
	sum := new(big.Rat)
	for _, s := range w.stakes {
		switch {
		case s.issuer != y:
		case shares && in[s.owner]:
			sum.Add(sum, s.shares)
		case !shares && s.caster != "" && in[s.caster]:
			sum.Add(sum, s.votes)
		}
	}
	return sum
}

// Statutes whose tests no silent vote changes, against the second opinion: in
// Japan a quarter or more of the votes, in Korea more than a tenth of issued
// shares, in India control, each with subsidiaries.
func TestStatutesByBruteForce(t *testing.T) {
	bites := map[string]func(w *brute, x, y string) bool{
		"JP": func(w *brute, x, y string) bool {
			base, _ := w.tally(y, nil, false, audible)
			have := w.holds(x, y, false)
			return base.Sign() > 0 && have.Mul(have, big.NewRat(4, 1)).Cmp(base) >= 0
		},
		"KR": func(w *brute, x, y string) bool {
			have := w.holds(x, y, true)
			return have.Mul(have, big.NewRat(10, 1)).Cmp(w.issued[y]) > 0
		},
		"IN": func(w *brute, x, y string) bool { return w.controlled(x, 1, 2, false, audible)[y] },
	}
	for law, bite := range bites {
		t.Run(law, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(5, 5))
			silent := 0
			for range testkit.Cases(250) {
				b := randomLawBookOf(rnd, 2+rnd.IntN(12))
				for i := range b.Companies {
					b.Companies[i].Country = law
				}
				w := newBrute(b)
				v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
				require.NoError(t, err)
				caught := map[[2]string]bool{}
				for _, x := range w.companies {
					for _, y := range w.companies {
						caught[[2]string{x, y}] = x != y && bite(w, x, y)
					}
				}
				left := map[[2]string]*big.Rat{}
				for _, s := range w.stakes {
					key := [2]string{s.holder, s.issuer}
					if left[key] == nil {
						left[key] = new(big.Rat)
					}
					lost := caught[[2]string{s.issuer, s.owner}]
					if law != "IN" { // India leaves what is held for another alone
						lost = lost || caught[[2]string{s.issuer, s.holder}] || caught[[2]string{s.issuer, s.caster}]
					}
					if lost {
						silent++
					} else {
						left[key].Add(left[key], s.votes)
					}
				}
				for key, want := range left {
					n, err := v.Of(key[0], key[1])
					require.NoError(t, err)
					require.Zero(t, n.Exercisable.Rat().Cmp(want), "%v: %s, want %s", key, n.Exercisable, want)
				}
				checkSums(t, v)
			}
			t.Logf("%d silent stakes", silent)
			require.Greater(t, silent, testkit.Cases(100))
		})
	}
}

// Votes without law or contract, and control by more than half, two thirds or
// a third of them, agree with the second opinion on books full of circles.
func TestVotesAndControlByBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	yes, no := 0, 0
	for range testkit.Cases(2200) {
		b := randomLawBook(rnd)
		w := newBrute(b)
		a := booktest.New(t, b)
		voting := crossholding.VotingOptions{NoLaw: true}
		v, err := a.Votes(t.Context(), voting)
		require.NoError(t, err)
		checkPlainVotes(t, w, v)
		num, den := int64(1), int64([]int{2, 3, 3}[rnd.IntN(3)])
		if den == 3 {
			num = 1 + rnd.Int64N(2)
		}
		threshold := ratio.Of(num, den)
		c, err := a.Control(t.Context(), crossholding.ControlOptions{Voting: voting, Threshold: threshold})
		require.NoError(t, err)
		pairs := map[crossholding.ControlRelation]bool{}
		for p, err := range c.Pairs(t.Context()) {
			require.NoError(t, err)
			pairs[p] = true
		}
		for _, x := range append([]string{"p", "q"}, w.companies...) {
			want := w.controlled(x, num, den, true, audible)
			got, err := c.Controlled(t.Context(), x)
			require.NoError(t, err)
			if len(want) == 0 {
				require.Empty(t, got)
			} else {
				require.Equal(t, slices.Sorted(maps.Keys(want)), got)
			}
			for _, y := range w.companies {
				if x == y {
					continue
				}
				require.Equal(t, want[y], pairs[crossholding.ControlRelation{Controller: x, Company: y}])
				why, err := c.Why(t.Context(), x, y)
				require.NoError(t, err)
				require.Equal(t, want[y], why.Controlled)
				if why.Controlled {
					yes++
					checkProof(t, w, why.Proof, x, y, num, den)
				} else {
					no++
					checkMissing(t, w, why, x, y, threshold)
					if no%16 == 0 {
						checkGiven(t, b, why, x, y, threshold)
					}
				}
			}
		}
	}
	t.Logf("%d yes, %d no", yes, no)
	require.Greater(t, yes, testkit.Cases(1000))
}

func checkPlainVotes(t *testing.T, w *brute, v *crossholding.Votes) {
	t.Helper()
	checkSums(t, v)
	for _, c := range w.companies {
		m, err := v.Meeting(c)
		require.NoError(t, err)
		require.Zero(t, m.Theoretical.Rat().Cmp(w.total[c]))
		require.Zero(t, m.Treasury.Rat().Cmp(w.treasury[c]))
		base, _ := w.tally(c, nil, true, audible)
		require.Zero(t, m.Counted.Rat().Cmp(base))
		for _, who := range append([]string{"p", "q"}, w.companies...) {
			if who == c {
				continue
			}
			held, free, neutral := new(big.Rat), new(big.Rat), new(big.Rat)
			for _, s := range w.stakes {
				if s.issuer != c {
					continue
				}
				if s.holder == who {
					held.Add(held, s.votes)
					if s.caster == "" {
						neutral.Add(neutral, s.votes)
					}
				}
				if s.caster == who {
					free.Add(free, s.votes)
				}
			}
			n, err := v.Of(who, c)
			require.NoError(t, err)
			require.Zero(t, n.Theoretical.Rat().Cmp(held))
			require.Zero(t, n.Exercisable.Rat().Cmp(held))
			require.Zero(t, n.Free.Rat().Cmp(free))
			require.Zero(t, n.Neutral.Rat().Cmp(neutral))
		}
	}
}

// checkProof follows a proof step by step: each rests on the holder and earlier
// steps, its votes are there in the book and pass, and without any one of the
// votes of any step the rest proves nothing.
func checkProof(t *testing.T, w *brute, p crossholding.Proof, x, y string, num, den int64) {
	t.Helper()
	require.Equal(t, x, p.Controller)
	require.Equal(t, y, p.Steps[len(p.Steps)-1].Company)
	for _, s := range p.Steps {
		base, _ := w.tally(s.Company, nil, true, audible)
		require.Zero(t, s.Base.Rat().Cmp(base))
		sum := new(big.Rat)
		for _, v := range s.Votes {
			require.Equal(t, 1, v.Figure.Sign())
			cast := new(big.Rat)
			for _, k := range w.stakes {
				if k.issuer == s.Company && k.caster == v.Name {
					cast.Add(cast, k.votes)
				}
			}
			require.LessOrEqual(t, v.Figure.Rat().Cmp(cast), 0)
			sum.Add(sum, v.Figure.Rat())
		}
		require.Zero(t, s.Sum.Rat().Cmp(sum))
	}
	require.True(t, proves(p, x, y, num, den, -1, -1))
	for i, s := range p.Steps {
		for j := range s.Votes {
			require.False(t, proves(p, x, y, num, den, i, j), "%s: %s is not needed in %s", p, s.Votes[j].Name, s.Company)
		}
	}
}

// proves replays a proof without votes j of step i.
func proves(p crossholding.Proof, x, y string, num, den int64, i, j int) bool {
	in := map[string]bool{x: true}
	for at, s := range p.Steps {
		have := new(big.Rat)
		for k, v := range s.Votes {
			if in[v.Name] && (at != i || k != j) {
				have.Add(have, v.Figure.Rat())
			}
		}
		have.Mul(have, big.NewRat(den, num))
		if have.Cmp(s.Base.Rat()) > 0 {
			in[s.Company] = true
		}
	}
	return in[y]
}

// checkMissing checks the figures of a no against the second opinion.
func checkMissing(t *testing.T, w *brute, why crossholding.ControlAnswer, x, y string, threshold ratio.Ratio) {
	t.Helper()
	m := why
	group := w.controlled(x, threshold.Rat().Num().Int64(), threshold.Rat().Denom().Int64(), true, audible)
	group[x] = true
	base, have := w.tally(y, group, true, audible)
	require.Zero(t, m.Votes.Rat().Cmp(have))
	require.Zero(t, m.Base.Rat().Cmp(base))
	if base.Sign() == 0 {
		return
	}
	limit := threshold.Mul(m.Base)
	require.False(t, limit.Less(m.Votes))
	if m.MoreThan {
		require.Equal(t, limit, m.Needed)
		require.Contains(t, why.String(), "lacks more than "+m.Needed.Sub(m.Votes).String())
		return
	}
	require.True(t, limit.Less(m.Needed), "%s of %s are no more than %s", m.Needed, m.Base, threshold)
	require.False(t, limit.Less(m.Needed.Sub(ratio.Int(1))), "no whole vote too many")
	require.Contains(t, why.String(), "lacks "+m.Needed.Sub(m.Votes).String())
}

// checkGiven gives the holder the votes that it is said to lack, out of the
// float if that has as many: the answer becomes yes.
func checkGiven(t *testing.T, b crossholding.Book, why crossholding.ControlAnswer, x, y string, threshold ratio.Ratio) {
	t.Helper()
	if why.Base.IsZero() {
		return
	}
	b.Stakes = slices.Clone(b.Stakes)
	var one crossholding.ShareClass
	for _, c := range b.Companies {
		if c.ID == y {
			one = c.Shares[0]
		}
	}
	free := new(big.Rat).Set(bigRat(string(one.Issued)))
	if one.Treasury != "" {
		free.Sub(free, bigRat(string(one.Treasury)))
	}
	for _, s := range b.Stakes {
		if s.Issuer == y && s.Class == one.Class {
			free.Sub(free, bigRat(string(s.Shares)))
		}
	}
	missing := why.Needed.Sub(why.Votes)
	if why.MoreThan {
		missing = missing.Mul(ratio.Int(1000)).Floor().Add(ratio.Int(1)).Div(ratio.Int(1000))
	}
	if missing.Rat().Cmp(free) > 0 {
		return
	}
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: x, Issuer: y, Class: one.Class, Shares: ratio.Number(missing.String())})
	a, err := crossholding.New(b)
	require.NoError(t, err)
	c, err := a.Control(t.Context(), crossholding.ControlOptions{Voting: crossholding.VotingOptions{NoLaw: true}, Threshold: threshold})
	require.NoError(t, err)
	yes, err := c.Controls(t.Context(), x, y)
	require.NoError(t, err)
	require.True(t, yes, why.String())
}

package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// capCase is a random meeting of 100 or 1,000 votes with caps whose excess leaves the base.
type capCase struct {
	book crossholding.Book
	have []int64       // of the holders of each cap
	max  []ratio.Ratio // of each cap
	all  int64
}

func randomCaps(rnd *rand.Rand, whole bool) capCase {
	c := capCase{all: 100}
	x := crossholding.Company{ID: "x", Country: "CH"}
	if whole {
		c.all = 1000
		x.Shares = []crossholding.ShareClass{{Issued: "1000"}}
	}
	c.book.Companies = []crossholding.Company{x}
	left := c.all
	for n := range 1 + rnd.IntN(8) {
		cap := crossholding.Agreement{ID: fmt.Sprintf("k%d", n), Kind: crossholding.AgreementCap, Issuer: "x", Excess: crossholding.CapExcessLeaves}
		max := []int64{0, 5, 10, 15, 20, 33, 45, 50, 100}[rnd.IntN(9)]
		cap.Max = fmt.Sprintf("%d%%", max)
		var have int64
		for h := range 1 + rnd.IntN(2) { // one holder, or a concert of two
			id := fmt.Sprintf("p%d-%d", n, h)
			c.book.Parties = append(c.book.Parties, crossholding.Party{ID: id})
			cap.Holders = append(cap.Holders, id)
			if votes := rnd.Int64N(1 + left/2); votes > 0 {
				left -= votes
				have += votes
				s := crossholding.Stake{Holder: id, Issuer: "x", Percent: ratio.Number(fmt.Sprint(votes))}
				if whole {
					s.Shares, s.Percent = s.Percent, ""
				}
				c.book.Stakes = append(c.book.Stakes, s)
			}
		}
		c.have, c.max = append(c.have, have), append(c.max, ratio.Of(max, 100))
		c.book.Agreements = append(c.book.Agreements, cap)
	}
	return c
}

// cast adds up the free votes of each cap's holders.
func (c *capCase) cast(t *testing.T, v *crossholding.Votes) []ratio.Ratio {
	out := make([]ratio.Ratio, len(c.have))
	for n, a := range c.book.Agreements {
		for _, h := range a.Holders {
			count, err := v.Of(h, "x")
			require.NoError(t, err)
			out[n] = out[n].Add(count.Free)
		}
	}
	return out
}

// The base of caps is the one that trying every set of binding caps finds.
func TestCapsAgainstAllSubsets(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 15))
	binding := 0
	for range testkit.Cases(4000) {
		c := randomCaps(rnd, false)
		if len(c.book.Stakes) == 0 {
			continue // x would have no shares
		}
		v, err := booktest.New(t, c.book).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		m, err := v.Meeting("x")
		require.NoError(t, err)
		var bases []ratio.Ratio
		for set := range 1 << len(c.have) {
			rest, sum := ratio.Int(c.all), ratio.Ratio{}
			for n, have := range c.have {
				if set>>n&1 != 0 {
					rest, sum = rest.Sub(ratio.Int(have)), sum.Add(c.max[n])
				}
			}
			if !sum.Less(ratio.Int(1)) {
				continue
			}
			base := rest.Div(ratio.Int(1).Sub(sum))
			consistent := true
			for n, have := range c.have {
				consistent = consistent && c.max[n].Mul(base).Less(ratio.Int(have)) == (set>>n&1 != 0)
			}
			if consistent {
				bases = append(bases, base)
			}
		}
		largest := ratio.Ratio{}
		for _, b := range bases {
			if largest.Less(b) {
				largest = b
			}
		}
		if len(bases) > 0 {
			require.True(t, largest.Equal(m.Counted), "%v: %v, not %s", c.book, bases, m.Counted)
		}
		for n, votes := range c.cast(t, v) {
			limit := c.max[n].Mul(m.Counted)
			if limit.Less(ratio.Int(c.have[n])) {
				binding++
				require.True(t, votes.Equal(limit), "%v", c.book)
			} else {
				require.True(t, votes.Equal(ratio.Int(c.have[n])), "%v", c.book)
			}
		}
		checkSums(t, v)
	}
	require.Greater(t, binding, testkit.Cases(1000))
}

// In whole votes nobody casts more than its cap of the votes that are cast, and no larger
// numbers of votes are consistent.
func TestCapsInWholeVotes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 16))
	for range testkit.Cases(4000) {
		c := randomCaps(rnd, true)
		v, err := booktest.New(t, c.book).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		m, err := v.Meeting("x")
		require.NoError(t, err)
		base := ratio.Int(c.all) // the largest base comes first
		for ; ; base = base.Sub(ratio.Int(1)) {
			sum := ratio.Int(c.all)
			for n, have := range c.have {
				if limit := c.max[n].Mul(base).Floor(); limit.Less(ratio.Int(have)) {
					sum = sum.Sub(ratio.Int(have)).Add(limit)
				}
			}
			if sum.Equal(base) {
				break
			}
		}
		require.True(t, base.Equal(m.Counted), "%v: %s, not %s", c.book, base, m.Counted)
		for n, votes := range c.cast(t, v) {
			require.True(t, votes.IsInt())
			require.False(t, c.max[n].Mul(m.Counted).Less(votes), "%v: %s of %s", c.book, votes, m.Counted)
		}
	}
}

// TestCapOnEveryone: a cap without holders counts as one cap for each voter whom no other cap
// names.
func TestCapOnEveryone(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 17))
	for range testkit.Cases(2000) {
		c := randomCaps(rnd, rnd.IntN(2) == 0)
		named := map[string]bool{}
		for i := range c.book.Agreements {
			c.book.Agreements[i].Excess = []crossholding.CapExcess{crossholding.CapExcessLeaves, crossholding.CapExcessStays}[rnd.IntN(2)]
		}
		c.book.Agreements = c.book.Agreements[:rnd.IntN(len(c.book.Agreements))+1]
		for _, a := range c.book.Agreements {
			for _, h := range a.Holders {
				named[h] = true
			}
		}
		if len(c.book.Stakes) > 0 && rnd.IntN(3) == 0 {
			c.book.Stakes[0].Voter = crossholding.Neutral
		}
		everyone := crossholding.Agreement{ID: "articles", Kind: crossholding.AgreementCap, Issuer: "x",
			Max: []string{"1%", "5%", "20%", "1/3"}[rnd.IntN(4)], Excess: c.book.Agreements[0].Excess}
		one, each := c.book, c.book
		one.Agreements = append(slices.Clone(one.Agreements), everyone)
		each.Agreements = slices.Clone(each.Agreements)
		for _, p := range c.book.Parties {
			if !named[p.ID] {
				own := everyone
				own.ID, own.Holders = "articles-"+p.ID, []string{p.ID}
				each.Agreements = append(each.Agreements, own)
			}
		}
		if len(c.book.Stakes) == 0 {
			continue
		}
		counts := func(b crossholding.Book) (out []string) {
			v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			checkSums(t, v)
			for _, p := range b.Parties {
				count, err := v.Of(p.ID, "x")
				require.NoError(t, err)
				out = append(out, count.Free.String())
			}
			m, err := v.Meeting("x")
			require.NoError(t, err)
			return append(out, m.Counted.String())
		}
		require.Equal(t, counts(each), counts(one), "%v", one)
	}
}

// TestCapOfArticles: a company whose articles cap everyone at 20%, as Volkswagen's did, with a
// State that they leave free. A majority of the shares gives no control, and who buys later is
// bound too.
func TestCapOfArticles(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "vw", Country: "CH", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "fund"}, {ID: "holding"}, {ID: "state"}},
		Stakes:    []crossholding.Stake{{Holder: "holding", Issuer: "vw", Shares: "530"}, {Holder: "state", Issuer: "vw", Shares: "210"}},
		Agreements: []crossholding.Agreement{
			{ID: "articles", Kind: crossholding.AgreementCap, Issuer: "vw", Max: "20%"},
			{ID: "state-free", Kind: crossholding.AgreementCap, Issuer: "vw", Max: "100%", Holders: []string{"state"}},
		},
	}
	out := booktest.Run(t, b, scenario.Step{Step: "trade", From: "float:vw", To: "fund", Issuer: "vw", Shares: "250"})
	for _, tc := range []struct {
		a    *crossholding.Alliance
		want [3]int64
	}{{out.Before, [3]int64{0, 200, 210}}, {out.After, [3]int64{200, 200, 210}}} {
		v, err := tc.a.Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		for i, p := range b.Parties {
			count, err := v.Of(p.ID, "vw")
			require.NoError(t, err)
			require.Equal(t, ratio.Int(tc.want[i]).String(), count.Free.String(), p.ID)
		}
		c, err := tc.a.Control(t.Context(), crossholding.ControlOptions{})
		require.NoError(t, err)
		yes, err := c.Controls(t.Context(), "holding", "vw")
		require.NoError(t, err)
		require.False(t, yes)
	}
	b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "again", Kind: crossholding.AgreementCap, Issuer: "vw", Max: "10%"})
	_, err := crossholding.New(b)
	require.ErrorIs(t, err, crossholding.ErrAgreement)
	require.ErrorContains(t, err, "everyone in vw is capped twice: 10% (again) and 20% (articles)")
}

// TestEndOfTheLastHolder: a cap whose last holder is gone ends, and does not come to bind
// everyone.
func TestEndOfTheLastHolder(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Country: "CH", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "y", Country: "CH", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Parties: []crossholding.Party{{ID: "p"}},
		Stakes:  []crossholding.Stake{{Holder: "y", Issuer: "x", Shares: "300"}, {Holder: "p", Issuer: "y", Shares: "100"}},
		Agreements: []crossholding.Agreement{
			{ID: "cap", Kind: crossholding.AgreementCap, Issuer: "x", Max: "10%", Holders: []string{"y"}},
		},
	}
	out := booktest.Run(t, b, scenario.Step{Step: "liquidate", Issuer: "y"})
	v, err := out.After.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	count, err := v.Of("p", "x")
	require.NoError(t, err)
	require.Equal(t, "300", count.Free.String())
	b.Agreements[0].Holders = nil
	out = booktest.Run(t, b, scenario.Step{Step: "liquidate", Issuer: "y"})
	v, err = out.After.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	count, err = v.Of("p", "x")
	require.NoError(t, err)
	require.Equal(t, "100", count.Free.String())
}

// A cap for everyone takes one pass, however many vote.
func TestCapOnManyVoters(t *testing.T) {
	n := testkit.Size(20_000, 100_000)
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: ratio.Number(fmt.Sprint(4 * n))}}}}}
	for i := range n {
		id := fmt.Sprintf("p%06d", i)
		b.Parties = append(b.Parties, crossholding.Party{ID: id})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: id, Issuer: "x", Shares: ratio.Number(fmt.Sprint(2 + i%2*4))})
	}
	b.Agreements = []crossholding.Agreement{{ID: "all", Kind: crossholding.AgreementCap, Issuer: "x", Max: fmt.Sprintf("5/%d", 4*n)}}
	v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	for id, want := range map[string]string{"p000000": "2", "p000001": "5"} {
		c, err := v.Of(id, "x")
		require.NoError(t, err)
		require.Equal(t, want, c.Free.String())
	}
}

package crossholding_test

import (
	"fmt"
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

func factBook() crossholding.Book {
	return crossholding.Book{
		AsOf:      "2024-06-30",
		Companies: []crossholding.Company{{ID: "works"}, {ID: "holding"}, {ID: "sub"}},
		Parties: []crossholding.Party{{ID: "foundation", Kind: crossholding.KindTrust}, {ID: "office", Kind: crossholding.KindCompany},
			{ID: "ann", Kind: crossholding.KindPerson}, {ID: "state", Kind: crossholding.KindState}},
		Stakes: []crossholding.Stake{
			{Holder: "foundation", Issuer: "holding", Percent: "30"}, {Holder: "holding", Issuer: "works", Percent: "60"},
			{Holder: "ann", Issuer: "holding", Percent: "21"}, {Holder: "works", Issuer: "sub", Percent: "40"}, {Holder: "ann", Issuer: "sub", Percent: "15"},
		},
		Controls: []crossholding.ControlFact{
			{Controller: "ann", Company: "foundation", By: crossholding.ControlByAppointment, Source: "statutes, art. 4"},
			{Controller: "state", Company: "works", By: crossholding.ControlByContractual, From: "2024-01-01", To: "2024-12-31"},
		},
	}
}

// A fact of control counts with the votes: Ann appoints the foundation's council, and has
// with its 30% more than half of the holding.
func TestControlByFact(t *testing.T) {
	ctx := t.Context()
	a := booktest.New(t, factBook())
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	require.NoError(t, err)
	for company, want := range map[string]string{"foundation": "ann", "holding": "ann", "works": "ann state", "sub": "ann"} {
		top, err := c.Ultimate(ctx, company)
		require.NoError(t, err)
		require.Equal(t, want, strings.Join(top, " "), company)
	}
	why, err := c.Why(ctx, "ann", "works")
	require.NoError(t, err)
	require.Equal(t, "ann controls works: ann controls foundation by fact (appointment: statutes, art. 4); "+
		"ann casts 21 and foundation casts 30 of 100 votes in holding, together 51 (51%); holding casts 60 of 100 votes in works (60%)", why.String())
	require.Equal(t, "statutes, art. 4", why.Proof.Steps[0].Fact.Source)
	why, err = c.Why(ctx, "state", "works")
	require.NoError(t, err)
	require.Equal(t, "state controls works: state controls works by fact (contractual)", why.String())
	why, err = c.Why(ctx, "state", "sub") // by fact and by votes: 40 of 100
	require.NoError(t, err)
	require.False(t, why.Controlled)

	without, err := a.Control(ctx, crossholding.ControlOptions{NoFacts: true})
	require.NoError(t, err)
	for _, company := range []string{"holding", "works"} {
		yes, err := without.Controls(ctx, "ann", company)
		require.NoError(t, err)
		require.False(t, yes, company)
	}
	// After its last day the fact is not in force.
	later := factBook()
	later.AsOf = "2025-01-01"
	c, err = booktest.New(t, later).Control(ctx, crossholding.ControlOptions{})
	require.NoError(t, err)
	yes, err := c.Controls(ctx, "state", "works")
	require.NoError(t, err)
	require.False(t, yes)
	// The order of the book changes nothing, and the book is written as it was read.
	turned := factBook()
	slices.Reverse(turned.Controls)
	require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, booktest.New(t, turned)))
	require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, booktest.New(t, a.Book())))
}

func TestFactsOfControlFaults(t *testing.T) {
	fact := func(f crossholding.ControlFact) crossholding.Book {
		b := factBook()
		b.Controls = append(b.Controls, f)
		return b
	}
	good := factBook().Controls[0]
	for name, c := range map[string]struct {
		change func(f *crossholding.ControlFact)
		kind   error
		want   string
	}{
		"unknown controller": {func(f *crossholding.ControlFact) { f.Controller = "nobody" }, crossholding.ErrUnknown, `"nobody" is neither a company nor a party`},
		"unknown company":    {func(f *crossholding.ControlFact) { f.Company = "nowhere" }, crossholding.ErrUnknown, `"nowhere" is neither`},
		"a person":           {func(f *crossholding.ControlFact) { f.Company = "ann"; f.Controller = "state" }, crossholding.ErrRange, "whom nobody controls"},
		"itself":             {func(f *crossholding.ControlFact) { f.Controller = "foundation" }, crossholding.ErrSelfStake, "cannot control itself"},
		"no means":           {func(f *crossholding.ControlFact) { f.By = "" }, crossholding.ErrMissing, "by what means?"},
		"unknown means":      {func(f *crossholding.ControlFact) { f.By = "magic" }, crossholding.ErrUnknown, `"magic" is not voting`},
		"wrong period":       {func(f *crossholding.ControlFact) { f.From, f.To = "2024-02-01", "2024-01-01" }, crossholding.ErrDate, ""},
		"twice":              {func(*crossholding.ControlFact) {}, crossholding.ErrDuplicate, "ann controls foundation twice"},
	} {
		t.Run(name, func(t *testing.T) {
			f := good
			c.change(&f)
			_, err := crossholding.New(fact(f))
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// Facts of control of a register count as those of its book.
func TestRegisterFacts(t *testing.T) {
	r, err := readRegister(t, "anna,top,400\nben,top,300\ntop,mid,300\n", crossholding.RegisterOptions{
		Controls: []crossholding.ControlFact{{Controller: "anna", Company: "ben", By: crossholding.ControlByTrust}}})
	require.NoError(t, err)
	c, err := r.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	top, err := c.Ultimate(t.Context(), "mid")
	require.NoError(t, err)
	require.Equal(t, []string{"anna"}, top)
	_, err = readRegister(t, "anna,top,400\n", crossholding.RegisterOptions{
		Controls: []crossholding.ControlFact{{Controller: "anna", Company: "nowhere", By: crossholding.ControlByTrust}}})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

// Control by votes and facts is the least fixpoint, whatever the order of the input.
func TestFactsAgainstFixpoint(t *testing.T) {
	ctx := t.Context()
	rnd := rand.New(rand.NewPCG(7, 7))
	byFact := 0
	for range testkit.Cases(5000) {
		n := 3 + rnd.IntN(6)
		name := func(i int) string { return fmt.Sprintf("c%d", i) }
		b := crossholding.Book{Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}}}
		votes := map[string]map[string]int{} // of each company, by holder
		for i := range n {
			b.Companies = append(b.Companies, crossholding.Company{ID: name(i)})
			votes[name(i)] = map[string]int{}
			for left := 100; left > 0 && rnd.IntN(4) > 0; {
				holder := []string{"p", "q", name(rnd.IntN(n)), name(rnd.IntN(n))}[rnd.IntN(4)]
				if holder == name(i) || votes[name(i)][holder] > 0 {
					break
				}
				part := 1 + rnd.IntN(left)
				left -= part
				votes[name(i)][holder] = part
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: holder, Issuer: name(i), Percent: ratio.Number(fmt.Sprint(part))})
			}
		}
		facts := map[[2]string]bool{}
		for range rnd.IntN(4) {
			f := [2]string{[]string{"p", "q", name(rnd.IntN(n))}[rnd.IntN(3)], name(rnd.IntN(n))}
			if f[0] != f[1] && !facts[f] {
				facts[f] = true
				b.Controls = append(b.Controls, crossholding.ControlFact{Controller: f[0], Company: f[1], By: crossholding.ControlByVoting})
			}
		}
		rnd.Shuffle(len(b.Controls), func(i, j int) { b.Controls[i], b.Controls[j] = b.Controls[j], b.Controls[i] })
		c, err := booktest.New(t, b).Control(ctx, crossholding.ControlOptions{})
		require.NoError(t, err)
		var got []string
		for p, err := range c.Pairs(ctx) {
			require.NoError(t, err)
			got = append(got, p.Controller+">"+p.Company)
		}
		var want []string
		for _, x := range append([]string{"p", "q"}, names(n, name)...) {
			in := map[string]bool{x: true}
			for grown := true; grown; {
				grown = false
				for i := range n {
					y, sum, fact := name(i), 0, false
					for holder, v := range votes[y] {
						if in[holder] {
							sum += v
						}
					}
					for f := range facts {
						fact = fact || f[1] == y && in[f[0]]
					}
					if !in[y] && (sum > 50 || fact) {
						in[y], grown = true, true
						want = append(want, x+">"+y)
						if sum <= 50 {
							byFact++
						}
					}
				}
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(t, want, got, "%v", b)
		for i := range n { // the ultimate controllers are those that nobody controls
			free := func(x string) bool {
				return !slices.ContainsFunc(want, func(p string) bool { return strings.HasSuffix(p, ">"+x) })
			}
			var tops []string
			for _, p := range want {
				if x, y, _ := strings.Cut(p, ">"); y == name(i) && free(x) {
					tops = append(tops, x)
				}
			}
			slices.Sort(tops)
			top, err := c.Ultimate(ctx, name(i))
			if len(votes[name(i)]) == 0 && err != nil {
				continue // nobody holds shares of it, and no fact names it
			}
			require.NoError(t, err)
			require.Equal(t, strings.Join(tops, " "), strings.Join(top, " "), "%v", b)
		}
	}
	require.Positive(t, byFact)
}

func names(n int, name func(int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = name(i)
	}
	return out
}

package compliance_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func linkText(l compliance.CloseLink) string {
	if l.Kind == compliance.LinkThird {
		return fmt.Sprintf("%s %s by %s", l.A, l.B, l.Third)
	}
	return fmt.Sprintf("%s %s %s", l.A, l.B, l.Fraction.Percent(9))
}

func TestCloseLinkCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name                   string
			Stakes, Paths, Control []string
		}
	}
	booktest.Load(t, "compliance/testdata/closelinks.json", &file)
	for _, c := range file.Cases {
		for reading, want := range map[compliance.CloseLinkReading][]string{
			compliance.LinksByPaths: c.Paths, compliance.LinksByControl: c.Control,
		} {
			t.Run(c.Name+"/"+string(reading), func(t *testing.T) {
				links, err := compliance.CloseLinks(t.Context(), booktest.Alliance(t, c.Stakes...), compliance.CloseLinkOptions{Reading: reading})
				require.NoError(t, err)
				got := []string{}
				for _, l := range links {
					got = append(got, linkText(l))
				}
				require.ElementsMatch(t, want, got)
			})
		}
	}
}

// Control by a fact is a link in each reading, without a stake too, and so is a third party that
// controls: a controls b by the right to appoint its board and has nothing of it.
func TestCloseLinksOfControl(t *testing.T) {
	b := booktest.Book(t, "b 30 c", "a 20 d", "z 70 b")
	b.Controls = []crossholding.ControlFact{{Controller: "a", Company: "b", By: crossholding.ControlByAppointment}}
	for reading, want := range map[compliance.CloseLinkReading][]string{
		compliance.LinksByPaths: {
			"a and b are closely linked: a controls b",
			"a and d are closely linked: a has 20% of d: a > d 20%",
			"b and c are closely linked: b has 30% of c: b > c 30%",
			"b and c are closely linked: z has 70% and 21% of them",
			"b and d are closely linked: a has control and 20% of them",
			"z and b are closely linked: z controls b with 70% of it: z > b 70%",
			"z and c are closely linked: z has 21% of c: z > b > c 21%",
		},
		compliance.LinksByControl: {
			"a and b are closely linked: a controls b",
			"a and c are closely linked: a has 30% of c through b",
			"a and d are closely linked: a has 20% of d",
			"b and c are closely linked: b has 30% of c",
			"b and c are closely linked: a has control and 30% of them",
			"b and c are closely linked: z has 70% and 30% of them",
			"b and d are closely linked: a has control and 20% of them",
			"c and d are closely linked: a has 30% and 20% of them",
			"z and b are closely linked: z controls b with 70% of it",
			"z and c are closely linked: z has 30% of c through b",
		},
	} {
		links, err := compliance.CloseLinks(t.Context(), booktest.New(t, b), compliance.CloseLinkOptions{Reading: reading})
		require.NoError(t, err)
		got := []string{}
		for _, l := range links {
			got = append(got, l.String())
		}
		require.Equal(t, want, got)
	}
}

func TestCloseLinksByThirdControl(t *testing.T) {
	a := booktest.Alliance(t, "T 51 A", "T 20 B", "T 60 C")
	links, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl, Third: compliance.ThirdControls})
	require.NoError(t, err)
	var thirds []string
	for _, l := range links {
		if l.Kind == compliance.LinkThird {
			thirds = append(thirds, l.String())
		}
	}
	require.Equal(t, []string{"A and C are closely linked: T has 51% and 60% of them"}, thirds)
	links, err = compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Of: "B"})
	require.NoError(t, err)
	require.Len(t, links, 3)
}

// pathSums adds the products over simple paths from x by recursion.
func pathSums(w booktest.World, x int) []*big.Rat {
	out := make([]*big.Rat, len(w.IDs))
	for i := range out {
		out[i] = new(big.Rat)
	}
	on := make([]bool, len(w.IDs))
	var walk func(i int, worth *big.Rat)
	walk = func(i int, worth *big.Rat) {
		on[i] = true
		for j := range w.Companies {
			if !on[j] && w.Held[i][j].Sign() > 0 {
				next := new(big.Rat).Mul(worth, w.Held[i][j])
				out[j].Add(out[j], next)
				walk(j, next)
			}
		}
		on[i] = false
	}
	walk(x, big.NewRat(1, 1))
	return out
}

// withFacts adds random facts of control to a world, and returns them by company.
func withFacts(r *rand.Rand, w *booktest.World) map[int][]int {
	facts := map[int][]int{}
	for range r.IntN(4) {
		x, c := r.IntN(len(w.IDs)), r.IntN(w.Companies)
		if x != c && !slices.Contains(facts[c], x) {
			facts[c] = append(facts[c], x)
			w.Book.Controls = append(w.Book.Controls, crossholding.ControlFact{Controller: w.IDs[x], Company: w.IDs[c], By: crossholding.ControlByAppointment})
		}
	}
	return facts
}

// controlled returns a node with all that it controls by votes and facts.
func controlled(w *booktest.World, facts map[int][]int, seeds ...int) []bool {
	in := w.Fixpoint(seeds, overHalf)
	for c, by := range facts {
		if !in[c] && slices.ContainsFunc(by, func(x int) bool { return in[x] }) {
			return controlled(w, facts, append(seeds, c)...)
		}
	}
	return in
}

func TestCloseLinksAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 138))
	fifth := big.NewRat(1, 5)
	for n := range testkit.Cases(2000) {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 1+r.IntN(3))
		facts := withFacts(r, &w)
		opt := compliance.CloseLinkOptions{}
		if n%2 == 0 {
			opt.Reading = compliance.LinksByControl
		}
		if n%3 == 0 {
			opt.Third = compliance.ThirdControls
		}
		reading := opt.Reading
		var want []string
		for x := range w.IDs {
			sums, in := pathSums(w, x), controlled(&w, facts, x)
			if reading == compliance.LinksByControl {
				for y := range sums {
					sums[y] = new(big.Rat)
					for i := range w.IDs {
						if in[i] && i != y {
							sums[y].Add(sums[y], w.Held[i][y])
						}
					}
				}
			}
			var has []int
			for y, s := range sums {
				if y != x && (s.Cmp(fifth) >= 0 || in[y]) {
					if opt.Third == compliance.ThirdHolds || in[y] {
						has = append(has, y)
					}
					kind := compliance.LinkHolding
					if in[y] {
						kind = compliance.LinkControl
					}
					want = append(want, fmt.Sprintf("%s %s %s %s", w.IDs[x], w.IDs[y], ratio.FromRat(s).Percent(9), kind))
				}
			}
			for i, y := range has {
				for _, z := range has[i+1:] {
					want = append(want, fmt.Sprintf("%s %s by %s", w.IDs[y], w.IDs[z], w.IDs[x]))
				}
			}
		}
		links, err := compliance.CloseLinks(t.Context(), w.Alliance(t), opt)
		require.NoError(t, err)
		var got []string
		for _, l := range links {
			text := linkText(l)
			if l.Kind != compliance.LinkThird {
				text += " " + string(l.Kind)
			}
			got = append(got, text)
			if reading == compliance.LinksByPaths && l.Kind != compliance.LinkThird {
				sum := ratio.Ratio{}
				for _, p := range l.Paths {
					sum = sum.Add(p.Product)
				}
				require.True(t, sum.Equal(l.Fraction), l.String())
			}
		}
		require.ElementsMatch(t, want, got, "%v", w.Book.Stakes)

		of := w.IDs[r.IntN(len(w.IDs))]
		opt.Of = of
		some, err := compliance.CloseLinks(t.Context(), w.Alliance(t), opt)
		opt.Of = ""
		require.NoError(t, err)
		wanted := []compliance.CloseLink{}
		for _, l := range links {
			if l.A == of || l.B == of {
				wanted = append(wanted, l)
			}
		}
		require.Equal(t, wanted, some)

		other, names := w.Renamed(r)
		a, err := crossholding.New(other)
		require.NoError(t, err)
		again, err := compliance.CloseLinks(t.Context(), a, opt)
		require.NoError(t, err)
		require.Len(t, again, len(links))
		for _, l := range links {
			require.True(t, slices.ContainsFunc(again, func(m compliance.CloseLink) bool {
				same := m.A == names[l.A] && m.B == names[l.B] || l.Kind == compliance.LinkThird && m.A == names[l.B] && m.B == names[l.A]
				return same && m.Kind == l.Kind && m.Fraction.Equal(l.Fraction) && m.Third == names[l.Third]
			}), l.String())
		}
	}
}

func TestCloseLinkCaps(t *testing.T) {
	var stakes []string
	for i := range 14 {
		for j := range 14 {
			if i != j {
				stakes = append(stakes, fmt.Sprintf("c%d 6 c%d", i, j))
			}
		}
	}
	a := booktest.Alliance(t, stakes...)
	_, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{MaxSteps: 10_000})
	require.ErrorIs(t, err, crossholding.ErrSearchLimit)
	require.ErrorContains(t, err, "c0")
	links, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl})
	require.NoError(t, err)
	require.Empty(t, links)
	stakes = nil
	for i := range 60 {
		stakes = append(stakes, fmt.Sprintf("A 40 m%02d", i), fmt.Sprintf("m%02d 1 B", i))
	}
	links, err = compliance.CloseLinks(t.Context(), booktest.Alliance(t, stakes...), compliance.CloseLinkOptions{Of: "B"})
	require.NoError(t, err)
	require.Len(t, links, 1+60) // A and B, and by A every m and B
	for _, l := range links {
		if l.Kind == compliance.LinkHolding {
			booktest.RequireRatio(t, "0.24", l.Fraction)
			require.Len(t, l.Paths, 20)
			require.Equal(t, 40, l.More)
			require.Equal(t, []string{"A", "m00", "B"}, l.Paths[0].Nodes)
		}
	}
	_, err = compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl, Threshold: ratio.MustParse("0.05"), MaxLinks: 100})
	require.ErrorIs(t, err, crossholding.ErrSearchLimit)
}

func TestCloseLinkErrors(t *testing.T) {
	a := booktest.Alliance(t, "A 20 B")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name string
		opt  compliance.CloseLinkOptions
		want error
	}{
		{"reading", compliance.CloseLinkOptions{Reading: "guess"}, crossholding.ErrUnknown},
		{"third", compliance.CloseLinkOptions{Third: "guess"}, crossholding.ErrUnknown},
		{"threshold", compliance.CloseLinkOptions{Threshold: ratio.Int(3)}, crossholding.ErrRange},
		{"control", compliance.CloseLinkOptions{ControlThreshold: ratio.Int(3)}, crossholding.ErrRange},
		{"steps", compliance.CloseLinkOptions{MaxSteps: -1}, crossholding.ErrRange},
		{"of", compliance.CloseLinkOptions{Of: "Z"}, crossholding.ErrUnknown},
		{"basis", compliance.CloseLinkOptions{Basis: "hats"}, crossholding.ErrUnknown},
		{"context", compliance.CloseLinkOptions{}, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := t.Context()
			if c.name == "context" {
				asked = ctx
			}
			_, err := compliance.CloseLinks(asked, a, c.opt)
			require.ErrorIs(t, err, c.want)
		})
	}
}

func ExampleCloseLinks() {
	ctx := context.Background()
	// A bank holds 60% of a company that holds 20% of an issuer: linked if
	// what is controlled counts in full, not linked if stakes are multiplied.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "bank"}, {ID: "holding"}, {ID: "issuer"}},
		Stakes: []crossholding.Stake{
			{Holder: "bank", Issuer: "holding", Percent: "60"},
			{Holder: "holding", Issuer: "issuer", Percent: "20"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, reading := range []compliance.CloseLinkReading{compliance.LinksByPaths, compliance.LinksByControl} {
		links, err := compliance.CloseLinks(ctx, a, compliance.CloseLinkOptions{Reading: reading, Of: "bank"})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, l := range links {
			fmt.Println(l)
		}
		fmt.Println("-")
	}
	// Output:
	// bank and holding are closely linked: bank controls holding with 60% of it: bank > holding 60%
	// -
	// bank and holding are closely linked: bank controls holding with 60% of it
	// bank and issuer are closely linked: bank has 20% of issuer through holding
	// -
}

// Votes or capital, whichever reaches; control is always by votes.
func TestCloseLinksByVotesOrCapital(t *testing.T) {
	classes := []crossholding.ShareClass{{Issued: "100"}, {Class: "pref", Issued: "100", Votes: "0"}}
	for _, c := range []struct {
		name           string
		ordinary, pref ratio.Number
		want           string // with the control reading
	}{
		{"votes alone", "20", "", "a b 20 exercisable holding"},
		{"less than 20% of the votes", "19", "", ""},
		{"capital alone", "", "40", "a b 20 capital holding"},
		{"less than 20% of the capital", "", "39", ""},
		{"both, more of the capital", "20", "60", "a b 40 capital holding"},
		{"a majority of the votes", "51", "", "a b 51 exercisable control"},
		{"a majority of the capital is no control", "10", "100", "a b 55 capital holding"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := crossholding.Book{Companies: []crossholding.Company{{ID: "b", Shares: classes}}, Parties: []crossholding.Party{{ID: "a"}}}
			for class, shares := range map[string]ratio.Number{"ordinary": c.ordinary, "pref": c.pref} {
				if shares != "" {
					b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "a", Issuer: "b", Class: class, Shares: shares})
				}
			}
			for _, reading := range []compliance.CloseLinkReading{compliance.LinksByControl, compliance.LinksByPaths} {
				links, err := compliance.CloseLinks(t.Context(), booktest.New(t, b), compliance.CloseLinkOptions{Reading: reading})
				require.NoError(t, err)
				got := ""
				for _, l := range links {
					kind := l.Kind
					if reading == compliance.LinksByPaths {
						require.NotEmpty(t, l.Paths)
					}
					got += fmt.Sprintf("%s %s %s %s %s", l.A, l.B, l.Fraction.Percent(2), l.Basis, kind)
				}
				require.Equal(t, c.want, got)
			}
			only, err := compliance.CloseLinks(t.Context(), booktest.New(t, b), compliance.CloseLinkOptions{Basis: crossholding.BasisCapital})
			require.NoError(t, err)
			for _, l := range only {
				require.Equal(t, crossholding.BasisCapital, l.Basis)
			}
		})
	}
}

package compliance_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func beneficialIDs(list []compliance.BeneficialOwner) []string {
	out := []string{}
	for _, o := range list {
		out = append(out, o.ID)
	}
	return out
}

// ruled returns options with a built-in rule that was changed.
func ruled(t *testing.T, reading compliance.BeneficialOwnerReading, change func(*compliance.BeneficialOwnerRule)) compliance.BeneficialOwnerOptions {
	t.Helper()
	r, err := compliance.BeneficialOwnerRuleOn("", reading)
	require.NoError(t, err)
	change(&r)
	return compliance.BeneficialOwnerOptions{Rule: &r}
}

func TestBeneficialCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Source string
			Stakes       []string
			Products     map[string]string
			Owners       map[string][]string
		}
	}
	booktest.Load(t, "compliance/testdata/beneficial.json", &file)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			a := booktest.Alliance(t, c.Stakes...)
			for reading, want := range c.Owners {
				opt := compliance.BeneficialOwnerOptions{Reading: compliance.BeneficialOwnerReading(strings.TrimPrefix(reading, "amlr"))}
				got, err := compliance.BeneficialOwners(t.Context(), a, "C", opt)
				require.NoError(t, err)
				require.Equal(t, want, beneficialIDs(got.Owners), reading)
			}
			all, err := compliance.BeneficialOwners(t.Context(), a, "C", ruled(t, compliance.ReadingProduct, func(r *compliance.BeneficialOwnerRule) { r.Threshold = ratio.MustParse("0.0001") }))
			require.NoError(t, err)
			require.Len(t, all.Owners, len(c.Products))
			for _, o := range all.Owners {
				require.True(t, ratio.MustParse(c.Products[o.ID]+"%").Decimal(12).Equal(o.Shares.Decimal(12)), "%s has %s", o.ID, o.Shares)
				require.True(t, o.Shares.Equal(o.Votes))
				require.True(t, o.Shares.Equal(o.Profits))
			}
		})
	}
}

// ownedOf returns what everyone owns of company c in the end: column c of
// A(I - A)^-1, by plain elimination.
func ownedOf(w booktest.World, c int) []*big.Rat {
	n := w.Companies // x_k: what one unit of company k is worth in units of c
	m := make([][]*big.Rat, n)
	for i := range m {
		m[i] = make([]*big.Rat, n+1)
		for j := range n {
			m[i][j] = new(big.Rat).Neg(w.Held[i][j])
			if i == j {
				m[i][j].Add(m[i][j], big.NewRat(1, 1))
			}
		}
		m[i][n] = new(big.Rat).Set(w.Held[i][c])
	}
	for p := range n {
		for m[p][p].Sign() == 0 {
			panic("needs a pivot")
		}
		for i := range n {
			if i == p {
				continue
			}
			f := new(big.Rat).Quo(m[i][p], m[p][p])
			for j := p; j <= n; j++ {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(f, m[p][j]))
			}
		}
	}
	out := make([]*big.Rat, len(w.IDs))
	for i := range w.IDs {
		if i < n {
			out[i] = new(big.Rat).Quo(m[i][n], m[i][i])
			continue
		}
		out[i] = new(big.Rat).Set(w.Held[i][c])
		for k := range n {
			out[i].Add(out[i], new(big.Rat).Mul(w.Held[i][k], new(big.Rat).Quo(m[k][n], m[k][k])))
		}
	}
	return out
}

func overHalf(sum *big.Rat, _ int) bool { return sum.Cmp(big.NewRat(1, 2)) > 0 }

func TestBeneficialAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1624))
	quarter := big.NewRat(1, 4)
	for range testkit.Cases(300) {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 1+r.IntN(4))
		c := r.IntN(w.Companies)
		owned := ownedOf(w, c)
		var want []string
		for x := w.Companies; x < len(w.IDs); x++ {
			in := w.Fixpoint([]int{x}, overHalf)
			held, through := new(big.Rat), false
			for i := range w.IDs {
				if in[i] {
					held.Add(held, w.Held[i][c])
					through = through || i < w.Companies && w.Held[i][c].Sign() > 0 && i != c
				}
			}
			is := owned[x].Cmp(quarter) >= 0 || in[c] || through && held.Cmp(quarter) >= 0
			for h := range w.Companies {
				is = is || h != c && w.Fixpoint([]int{h}, overHalf)[c] && ownedOf(w, h)[x].Cmp(quarter) >= 0
			}
			if is {
				want = append(want, w.IDs[x])
			}
		}
		got, err := compliance.BeneficialOwners(t.Context(), w.Alliance(t), w.IDs[c], compliance.BeneficialOwnerOptions{})
		require.NoError(t, err)
		require.ElementsMatch(t, want, beneficialIDs(got.Owners), "%s of %v", w.IDs[c], w.Book.Stakes)

		other, names := w.Renamed(r)
		a, err := crossholding.New(other)
		require.NoError(t, err)
		again, err := compliance.BeneficialOwners(t.Context(), a, names[w.IDs[c]], compliance.BeneficialOwnerOptions{})
		require.NoError(t, err)
		require.Len(t, again.Owners, len(got.Owners))
		for _, o := range got.Owners {
			require.Contains(t, beneficialIDs(again.Owners), names[o.ID])
		}
	}
}

func TestBeneficialByAgreement(t *testing.T) {
	base := booktest.Book(t, "I 20 C", "J 20 H", "K 60 H", "H 35 C", "L 10 C")
	for _, c := range []struct {
		name string
		ag   crossholding.Agreement
		want map[string]string
	}{
		{"concert with a company", crossholding.Agreement{Kind: crossholding.AgreementConcert, Holders: []string{"I", "H"}},
			map[string]string{"I": "controls it in concert (pact) by 55% of the votes (Regulation (EU) 2024/1624, art. 53(3)(a))"}},
		{"concert of too few", crossholding.Agreement{Kind: crossholding.AgreementConcert, Holders: []string{"I", "L"}}, nil},
		{"concert elsewhere", crossholding.Agreement{Kind: crossholding.AgreementConcert, Holders: []string{"I", "H"}, Issuer: "H"}, nil},
		{"board through a company", crossholding.Agreement{Kind: crossholding.AgreementDirectors, Holders: []string{"H"}, Issuer: "C", Max: "2/3"},
			map[string]string{"K": "appoints 2/3 of its board (pact) through H (Regulation (EU) 2024/1624, art. 53(3)(b))"}},
		{"board of one's own", crossholding.Agreement{Kind: crossholding.AgreementDirectors, Holders: []string{"L"}, Issuer: "C", Max: "51%"},
			map[string]string{"L": "appoints 51% of its board (pact) (Regulation (EU) 2024/1624, art. 53(3)(b))"}},
		{"half the board", crossholding.Agreement{Kind: crossholding.AgreementDirectors, Holders: []string{"L"}, Issuer: "C", Max: "50%"}, nil},
		{"board shared by two", crossholding.Agreement{Kind: crossholding.AgreementDirectors, Holders: []string{"I", "L"}, Issuer: "C", Max: "80%"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := base
			c.ag.ID = "pact"
			b.Agreements = []crossholding.Agreement{c.ag}
			owners, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "C", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingControl})
			require.NoError(t, err)
			got := map[string]string{}
			for _, o := range owners.Owners {
				require.Len(t, o.Grounds, 1)
				got[o.ID] = o.Grounds[0].String()
			}
			require.Equal(t, len(c.want), len(got), got)
			for id, ground := range c.want {
				require.Equal(t, ground, got[id])
			}
		})
	}
}

func TestBeneficialUnresolved(t *testing.T) {
	b := booktest.Book(t, "state 40 C", "fund 30 C", "person 30 C")
	b.Parties[0].Kind, b.Parties[1].Kind = crossholding.KindState, crossholding.KindFund
	a, err := crossholding.New(b)
	require.NoError(t, err)
	got, err := compliance.BeneficialOwners(t.Context(), a, "C", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"person"}, beneficialIDs(got.Owners))
	require.Equal(t, []string{"fund", "state"}, beneficialIDs(got.Unresolved))
}

func TestBeneficialErrors(t *testing.T) {
	a := booktest.Alliance(t, "I 50 C")
	_, err := compliance.BeneficialOwners(t.Context(), a, "I", compliance.BeneficialOwnerOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = compliance.BeneficialOwners(t.Context(), a, "C", compliance.BeneficialOwnerOptions{Reading: "tea leaves"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = compliance.BeneficialOwners(t.Context(), a, "C", ruled(t, "", func(r *compliance.BeneficialOwnerRule) { r.Threshold = ratio.Int(-1) }))
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = compliance.BeneficialOwners(t.Context(), a, "C", ruled(t, "", func(r *compliance.BeneficialOwnerRule) { r.ControlThreshold = ratio.Int(2) }))
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = compliance.BeneficialOwners(t.Context(), a, "C", compliance.BeneficialOwnerOptions{MaxBits: -1})
	require.ErrorIs(t, err, crossholding.ErrRange)
	ring := booktest.Alliance(t, "A 100 B", "B 100 A")
	_, err = compliance.BeneficialOwners(t.Context(), ring, "A", compliance.BeneficialOwnerOptions{})
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
}

func ExampleBeneficialOwners() {
	ctx := context.Background()
	// Ines has only 18% of the target when chains are multiplied, but she
	// controls the company that holds 30% of it.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holding"}, {ID: "target"}},
		Parties:   []crossholding.Party{{ID: "ines"}, {ID: "joan"}},
		Stakes: []crossholding.Stake{
			{Holder: "ines", Issuer: "holding", Percent: "60"},
			{Holder: "joan", Issuer: "holding", Percent: "40"},
			{Holder: "holding", Issuer: "target", Percent: "30"},
			{Holder: "joan", Issuer: "target", Percent: "13"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	owners, err := compliance.BeneficialOwners(ctx, a, "target", compliance.BeneficialOwnerOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range owners.Owners {
		for _, g := range o.Grounds[:1] {
			fmt.Println(o.ID, g)
		}
	}
	// Output:
	// ines controls companies that, with its own stake, hold 30% of the shares directly through holding, at least 25% (Regulation (EU) 2024/1624, art. 54(a))
	// joan has 25% of the shares, chains multiplied, at least 25% (Regulation (EU) 2024/1624, art. 52(1))
}

// The regulation applies from 2027-07-10: 25% or more. Before, the directive asks for more
// than 25%. An undated book is under the regulation.
func TestBeneficialOwnersOfTheDay(t *testing.T) {
	for day, c := range map[date.Date]struct {
		shares ratio.Number
		owners int
	}{
		"":           {"25", 1},
		"2025-06-30": {"25", 0},
		"2027-07-09": {"25", 0},
		"2027-07-10": {"25", 1},
		"2027-07-08": {"25.01", 1},
	} {
		b := crossholding.Book{
			AsOf:      day,
			Companies: []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "100", Fractions: true}}}},
			Parties:   []crossholding.Party{{ID: "p"}},
			Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "a", Shares: c.shares}},
		}
		r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "a", compliance.BeneficialOwnerOptions{})
		require.NoError(t, err)
		require.Len(t, r.Owners, c.owners, day)
	}
}

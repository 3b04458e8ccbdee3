package compliance_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// halfBook is a random book of few companies, in which halves, closed rings, facts of control and
// joint rights to appoint a board are common.
type halfBook struct {
	crossholding.Book
	ids   []string
	held  map[string]map[string]int // by issuer and holder, in percent
	facts map[string][][]string     // by company
}

func newHalfBook(r *rand.Rand) *halfBook {
	b := &halfBook{held: map[string]map[string]int{}, facts: map[string][][]string{}}
	for i := range 4 {
		id := fmt.Sprint("c", i)
		b.ids, b.held[id] = append(b.ids, id), map[string]int{}
		b.Companies = append(b.Companies, crossholding.Company{ID: id})
	}
	for _, id := range []string{"p", "q"} {
		b.ids, b.Parties = append(b.ids, id), append(b.Parties, crossholding.Party{ID: id})
	}
	parts := [][]int{{50, 50}, {50, 25, 25}, {100}, {50, 30}, {20, 50}, {51, 49}, {10, 40, 50}, {30, 20}}
	for _, c := range b.Companies {
		for _, percent := range parts[r.IntN(len(parts))] {
			holder := b.ids[r.IntN(len(b.ids))]
			if holder == c.ID || b.held[c.ID][holder] > 0 {
				continue
			}
			b.held[c.ID][holder] = percent
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: holder, Issuer: c.ID, Percent: ratio.Number(fmt.Sprint(percent))})
		}
	}
	for n := range r.IntN(3) {
		x, y, c := b.ids[r.IntN(len(b.ids))], b.ids[r.IntN(len(b.ids))], b.Companies[r.IntN(4)].ID
		switch {
		case x == c || y == c || x == y && len(b.Controls) > 0:
		case x == y:
			b.Controls = append(b.Controls, crossholding.ControlFact{Controller: x, Company: c, By: crossholding.ControlByContractual})
			b.facts[c] = append(b.facts[c], []string{x})
		default:
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("board", n), Kind: crossholding.AgreementDirectors, Holders: []string{x, y}, Issuer: c, Max: "51%"})
			b.facts[c] = append(b.facts[c], []string{x, y})
		}
	}
	return b
}

// votes adds up what a set has of a company, in percent, without what others have.
func (b *halfBook) votes(in, others map[string]bool, company string) (sum int) {
	for holder, percent := range b.held[company] {
		if in[holder] && !others[holder] {
			sum += percent
		}
	}
	return sum
}

// group returns a party with all that it controls.
func (b *halfBook) group(seed string, noFacts bool) map[string]bool {
	in := map[string]bool{seed: true}
	for again := true; again; {
		again = false
		for _, c := range b.Companies {
			byFact := !noFacts && slices.ContainsFunc(b.facts[c.ID], func(all []string) bool {
				return !slices.ContainsFunc(all, func(x string) bool { return !in[x] })
			})
			if !in[c.ID] && (byFact || b.votes(in, nil, c.ID) > 50) {
				in[c.ID], again = true, true
			}
		}
	}
	return in
}

// class returns what a company is for a group, by the rule that the documentation states.
func (b *halfBook) class(parent, company string, noFacts bool) compliance.InvestmentClass {
	in := b.group(parent, noFacts)
	votes := b.votes(in, nil, company)
	partner, controlled := false, false
	for _, z := range b.ids {
		other := b.group(z, noFacts)
		partner = partner || !in[z] && !other[parent] && b.votes(other, in, company) == 50
		controlled = controlled || !noFacts && slices.ContainsFunc(b.facts[company], func(all []string) bool {
			return !slices.ContainsFunc(all, func(x string) bool { return in[x] || !other[x] })
		})
	}
	switch {
	case in[company]:
		return compliance.Subsidiary
	case votes == 50 && partner && !controlled:
		return compliance.JointVenture
	case votes >= 20:
		return compliance.Associate
	}
	return compliance.Investment
}

// money returns the first-passage interests of a parent in floats, by adding up rounds until they
// change nothing more.
func (b *halfBook) money(parent string) map[string]float64 {
	has := make([]float64, len(b.ids))
	for changed := true; changed; {
		changed = false
		for i, c := range b.ids {
			next := 0.0
			for k, holder := range b.ids {
				next += has[k] * float64(b.held[c][holder]) / 100
			}
			if c == parent {
				next = 1
			}
			changed = changed || math.Abs(next-has[i]) > 1e-12
			has[i] = next
		}
	}
	out := map[string]float64{}
	for i, id := range b.ids {
		out[id] = has[i]
	}
	return out
}

func TestConsolidationAgainstRule(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 7))
	count := map[compliance.InvestmentClass]int{}
	for n := range testkit.Size(1500, 6000) {
		b := newHalfBook(r)
		a, err := crossholding.New(b.Book)
		require.NoError(t, err)
		parent, opt := b.ids[r.IntN(len(b.ids))], compliance.ConsolidationOptions{NoFacts: n%5 == 0}
		got, err := compliance.Consolidate(t.Context(), a, parent, opt)
		require.NoError(t, err, "%v", b.Book)
		listed, money := map[string]bool{}, b.money(parent)
		for _, e := range got.Entities {
			want := b.class(parent, e.Company, opt.NoFacts)
			require.Equal(t, want, e.Class, "%s of %s: %v", e, parent, b.Book)
			require.InDelta(t, money[e.Company], e.Economic.Float64(), 1e-6, "%s of %s: %v", e, parent, b.Book)
			require.Equal(t, e.Class == compliance.JointVenture, e.Partner != "", e.String())
			listed[e.Company] = true
			count[e.Class]++
			if e.Controller != "" {
				count["controlled by another"]++
			}
		}
		in := b.group(parent, opt.NoFacts)
		for _, c := range b.Companies {
			has := in[c.ID] || b.votes(in, nil, c.ID) > 0
			require.Equal(t, has && c.ID != parent, listed[c.ID], "%s: %v", c.ID, b.Book)
		}
		opt.Strict = true
		strict, err := compliance.Consolidate(t.Context(), a, parent, opt)
		if errors.Is(err, crossholding.ErrNoOutsideOwner) {
			count["closed ring"]++
			require.True(t, slices.ContainsFunc(got.Unowned, func(ring []string) bool { return slices.Contains(ring, parent) }), "%v", got.Unowned)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, got, strict)
	}
	t.Log(count)
	for _, class := range append([]compliance.InvestmentClass{"controlled by another", "closed ring"}, classes...) {
		require.Positive(t, count[class], class)
	}
}

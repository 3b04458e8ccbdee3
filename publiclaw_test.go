package crossholding_test

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
)

// publicLaw are the cases about rules, facts, bands and rings.
var publicLaw = map[string]func(c publicCase){
	"bc-25": func(c publicCase) {
		c.owners(c.book("book"), "y", compliance.ReadingAMLR, "q", "r")
	},
	"board15": func(c publicCase) {
		a := c.book("book")
		for _, reading := range []compliance.BeneficialOwnerReading{compliance.ReadingAMLR, compliance.ReadingDirective} {
			c.owners(a, "k", reading, "p")
		}
	},
	"gleif-two-parents": func(c publicCase) {
		a := c.book("book")
		c.controls(a, "D: C", "U: C")
		_, err := c.read("bands")
		require.ErrorContains(c.t, err, "C", "two stakes of more than half")
	},
	"golden-share": func(c publicCase) {
		a := c.book("book")
		c.owns(a, "state energy 1/100000001")
		c.casts(a, "state energy 1/100000001")
		c.controls(a, "state: energy")
	},
	"mutual-majority": func(c publicCase) {
		a := c.book("book")
		c.owns(a, "family jm 20000/110947", "family js 16340/110947")
		c.controls(a, "jm: js", "js: jm")
		require.Contains(c.t, warningText(a), "BM")
		k, err := c.book("GB").Control(c.t.Context(), crossholding.ControlOptions{})
		require.NoError(c.t, err)
		_, err = k.Controls(c.t.Context(), "jm", "js")
		var readings *crossholding.ReadingsError
		require.ErrorAs(c.t, err, &readings)
		require.Len(c.t, readings.Readings, 2)
	},
	"ofac-chain-trust": func(c publicCase) {
		a := c.book("book")
		c.blocked(a, compliance.RegimeOFAC, []string{"sdn-a", "sdn-b", "sdn-d", "sdn-f"}, "a", "b", "d", "e")
		c.owns(a, "sdn-b a 987/5000", "sdn-f a 243/1250", "sdn-d a 611/5000", "person-c a 611/5000", "sdn-a a 3/100", "person-e a 57/1250",
			"trust a 13/50", "float:b a 141/5000")
	},
	"psc-natures": func(c publicCase) {
		b, err := c.book("book").Bounds(c.t.Context(), crossholding.BoundsOptions{})
		require.NoError(c.t, err)
		for holder, want := range map[string]crossholding.Certainty{"p": crossholding.CertaintyYes, "q": crossholding.CertaintyNo} {
			got, err := b.Controls(c.t.Context(), holder, "y")
			require.NoError(c.t, err)
			require.Equal(c.t, want, got.Answer, holder)
		}
		part, err := b.Integrated(c.t.Context(), "p", "y")
		require.NoError(c.t, err)
		require.Equal(c.t, "(25%,50%)", part.String(), "q has more than half")
		b, err = c.book("exact-and-band").Bounds(c.t.Context(), crossholding.BoundsOptions{})
		require.NoError(c.t, err)
		part, err = b.Integrated(c.t.Context(), "p", "y")
		require.NoError(c.t, err)
		require.True(c.t, strings.HasPrefix(part.String(), "(49.99999975%"), part)
		b, err = c.book("mixed").Bounds(c.t.Context(), crossholding.BoundsOptions{})
		require.NoError(c.t, err)
		got, err := b.Controls(c.t.Context(), "p", "y")
		require.NoError(c.t, err)
		require.Equal(c.t, crossholding.CertaintyYes, got.Answer, "the board decides")
	},
	"ring-elsewhere": func(c publicCase) {
		for _, file := range []string{"book", "mutual"} {
			a := c.book(file)
			c.owns(a, "p d 3/5", "float:c d 2/5")
			c.owners(a, "d", compliance.ReadingAMLR, "p")
			c.blocked(a, compliance.RegimeUK, []string{"p"}, "c", "d")
			got, err := compliance.Consolidate(c.t.Context(), a, "p", compliance.ConsolidationOptions{})
			require.NoError(c.t, err)
			require.Equal(c.t, []string{"c", "d"}, got.Of(compliance.Subsidiary))
		}
		self := c.book("self")
		c.owns(self, "p d 3/5")
		require.Contains(c.t, warningText(self), "a in itself: 100%")
		var companies, stakes string
		c.text("companies.csv", &companies)
		c.text("stakes.csv", &stakes)
		a, err := crossholding.ReadRegister(c.t.Context(), strings.NewReader(companies), strings.NewReader(stakes), crossholding.RegisterOptions{})
		require.NoError(c.t, err)
		c.owns(a, "p d 3/5")
	},
	"sub-holds-parent": func(c publicCase) {
		a := c.book("book")
		c.owns(a, "p par 1/2", "q par 1/2")
		c.casts(a, "p par 48/95", "q par 47/95", "sub par 0")
	},
	"uk-eu-control": func(c publicCase) {
		for _, file := range []string{"book", "uk"} {
			a := c.book(file)
			c.blocked(a, compliance.RegimeUK, []string{"l"}, "z", "sub")
			c.blocked(a, compliance.RegimeEU, []string{"l"}, "z", "sub")
			c.blocked(a, compliance.RegimeOFAC, []string{"l"})
		}
		votes := c.book("votes")
		c.casts(votes, "l z 10/19")
		c.blocked(votes, compliance.RegimeUK, []string{"l"}, "z")
		c.blocked(votes, compliance.RegimeEU, []string{"l"}, "z")
		c.blocked(votes, compliance.RegimeOFAC, []string{"l"})
	},
}

// text reads a file that is text.
func (c publicCase) text(file string, s *string) {
	require.NoError(c.t, json.NewDecoder(bytes.NewReader(c.Files[file])).Decode(s))
}

// warningText returns the warnings of a book.
func warningText(a *crossholding.Alliance) string {
	var parts []string
	for _, w := range a.Warnings() {
		parts = append(parts, w.String())
	}
	return strings.Join(parts, "; ")
}

package ident_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ident"
)

func TestShape(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"ASCII":                         {"renault", "renault", true},
		"letter with an accent":         {"Soci\u00e9t\u00e9", "Socie\u0301te\u0301", true},
		"one of two":                    {"Soci\u00e9t\u00e9", "Socie\u0301t\u00e9", true},
		"another letter":                {"Soci\u00e9t\u00e9", "Soci\u00e8t\u00e9", false},
		"no accent":                     {"Soci\u00e9te", "Societe", false},
		"two accents":                   {"Vi\u1ec7t", "Vie\u0323\u0302t", true},
		"two accents, the other way":    {"Vi\u1ec7t", "Vie\u0302\u0323t", true},
		"\u00c5ngstr\u00f6m sign":       {"\u212b", "A\u030a", true},
		"kana":                          {"\u30b0\u30eb\u30fc\u30d7", "\u30af\u3099\u30eb\u30fc\u30d5\u309a", true},
		"a syllable of two":             {"\uac00", "\u1100\u1161", true},
		"a syllable of three":           {"\ud55c\uad6d", "\u1112\u1161\u11ab\u1100\u116e\u11a8", true},
		"the last syllable":             {"\ud7a3", "\u1112\u1175\u11c2", true},
		"compatibility ideograph":       {"\ufa19", "\u795e", true},
		"an accent first":               {"\u0301a", "a\u0301", false},
		"letters of two scripts differ": {"\u0430", "a", false},
		"not UTF-8":                     {"\xff\u00e9", "\xffe\u0301", true},
	} {
		require.Equal(t, c.same, ident.Shape(c.a) == ident.Shape(c.b), name)
	}
}

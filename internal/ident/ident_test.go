package ident_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ident"
)

func TestFault(t *testing.T) {
	const form = " is over 200 bytes, or holds a control character or bytes that are not UTF-8"
	for id, want := range map[string]string{
		"":                       "",
		"renault":                "",
		"Mr X":                   "",
		"日産 自動車":                 "",
		"Société Générale":       "",
		strings.Repeat("x", 200): "",
		strings.Repeat("x", 201): `"` + strings.Repeat("x", 40) + `"` + form,
		strings.Repeat(" ", 201): `"` + strings.Repeat(" ", 40) + `"` + form,
		"a\nb":                   `"a\nb"` + form,
		"a\x7f":                  `"a\x7f"` + form,
		"a\u0085":                `"a\u0085"` + form,
		"a\tb":                   `"a\tb"` + form,
		"\xff":                   `"\xff"` + form,
		" Mr X":                  `" Mr X" begins or ends with a blank: without blanks it is "Mr X"`,
		"Mr X  ":                 `"Mr X  " begins or ends with a blank: without blanks it is "Mr X"`,
		" ":                      `" " begins or ends with a blank: without blanks it is ""`,
		"Mr X\u00a0":             `"Mr X\u00a0" begins or ends with a blank: without blanks it is "Mr X"`,
		"\u3000日産":               `"\u3000日産" begins or ends with a blank: without blanks it is "日産"`,
		"Mr\u200b X":             `"Mr\u200b X" holds the invisible character U+200B: without such it is "Mr X"`,
		"\u202eX rM":             `"\u202eX rM" holds the invisible character U+202E: without such it is "X rM"`,
		"\ufeff日産":               `"\ufeff\u65e5\u7523" holds the invisible character U+FEFF: without such it is "日産"`,
		"co\u00adop ":            `"co\u00adop " holds the invisible character U+00AD: without such it is "coop"`,
		" \u2066a\u2069":         `" \u2066a\u2069" holds the invisible character U+2066: without such it is "a"`,
	} {
		require.Equal(t, want, ident.Fault(id))
	}
}

func TestReserved(t *testing.T) {
	for id, want := range map[string]bool{
		"neutral": true, "float:": true, "float:nissan": true, "": false, "Neutral": false, "float": false, "neutral:a": false,
	} {
		require.Equal(t, want, ident.Reserved(id), id)
	}
}

func FuzzFault(f *testing.F) {
	for _, id := range []string{"renault", " Mr X", "Mr\u200bX", "\xff", "日産 "} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		fault := ident.Fault(id)
		for _, r := range fault {
			require.False(t, unicode.Is(unicode.Cf, r) || unicode.IsControl(r), "%+q", fault)
		}
		if fault == "" {
			require.True(t, utf8.ValidString(id))
			require.Equal(t, strings.TrimSpace(id), id)
		}
	})
}

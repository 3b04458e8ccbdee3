package ident_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/testkit"
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
		"LG\u3164":               `"LG\u3164" holds the invisible character U+3164: without such it is "LG"`,
		"\uffa0LG":               `"\uffa0LG" holds the invisible character U+FFA0: without such it is "LG"`,
		"Mr\u2800X":              `"Mr\u2800X" holds the invisible character U+2800: without such it is "MrX"`,
		"Mr X\ufe0f":             `"Mr X\ufe0f" holds the invisible character U+FE0F: without such it is "Mr X"`,
		"葛\U000e0100城":           `"\u845b\U000e0100\u57ce" holds the invisible character U+E0100: without such it is "葛城"`,
		"a\u034fb":               `"a\u034fb" holds the invisible character U+034F: without such it is "ab"`,
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

// Sound finds what Fault finds.
func TestSound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "Z9", " ", "~", "\x7f", "\x1f", "\t", "é", "\u00a0", "\u0085", "\u00ad", "\u0600", "\u05ff", "\u2003", "\u202e", "\u3000", "\u3001", "日", "\ufeff", "\ufefe", "𐀀", "\U000110bd", "\xff", "\xe6\x97", "12345678", strings.Repeat("k", 90)}
	for range testkit.Cases(20_000) {
		var id string
		for range r.IntN(7) {
			id += parts[r.IntN(len(parts))]
		}
		require.Equal(t, ident.Fault(id) == "", ident.Sound([]byte(id)), "%q", id)
	}
	for c := range rune(0xE0200) {
		if 0x20000 <= c && c < 0xE0000 && c%101 != 0 { // ideographs, and characters that nobody has given out
			continue
		}
		for _, id := range []string{string(c), "a" + string(c) + "b", string(c) + "abcdefgh"} {
			if (ident.Fault(id) == "") != ident.Sound([]byte(id)) {
				t.Fatalf("%q", id)
			}
		}
	}
}

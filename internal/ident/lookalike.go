package ident

import (
	_ "embed" // the decompositions
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed decomposition.txt
var decompositionText string

// decompositions are the parts of characters that have canonical decompositions. They are read
// when the first id needs them.
var decompositions = sync.OnceValue(func() map[rune]string {
	out := make(map[rune]string, 2100)
	for line := range strings.Lines(decompositionText) {
		if line[0] == '#' {
			continue
		}
		fields := strings.Fields(line)
		var parts strings.Builder
		for _, f := range fields[1:] {
			parts.WriteRune(hex(f))
		}
		out[hex(fields[0])] = parts.String()
	}
	return out
})

// hex reads the number of a character in our own table.
func hex(text string) rune {
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil {
		panic("ident: bad table of decompositions: " + err.Error())
	}
	return rune(n)
}

// Shape returns a text that is the same for two ids if Unicode takes their characters for the
// same: é as one character, and as e with an accent (UAX 15, canonical equivalence). It does
// not look at the order of several accents on one letter, so that more ids than these can have
// one shape. An id of ASCII characters is its own shape.
func Shape(id string) string {
	i := strings.IndexFunc(id, func(r rune) bool { return r >= utf8.RuneSelf })
	if i < 0 {
		return id
	}
	parts := []rune(id[:i])
	for _, r := range id[i:] {
		parts = decompose(parts, r)
	}
	for from := 0; from < len(parts); from++ {
		to := from
		for to < len(parts) && unicode.Is(unicode.Mn, parts[to]) {
			to++
		}
		if to > from {
			slices.Sort(parts[from:to])
			from = to
		}
	}
	return string(parts)
}

// These are the figures of UAX 15 for syllables of Hangul, which have two or three parts.
const (
	hangul, hangulEnd           = 0xAC00, 0xD7A3
	initial, vowel, final       = 0x1100, 0x1161, 0x11A7
	vowels, finals        int32 = 21, 28
)

// decompose appends the parts of a character, or the character if it has none.
func decompose(out []rune, r rune) []rune {
	if hangul <= r && r <= hangulEnd {
		n := r - hangul
		out = append(out, initial+n/(vowels*finals), vowel+n/finals%vowels)
		if last := n % finals; last > 0 {
			out = append(out, final+last)
		}
		return out
	}
	if parts, ok := decompositions()[r]; ok {
		return append(out, []rune(parts)...)
	}
	return append(out, r)
}

// Package ident checks the ids of companies, parties, share classes and
// agreements.
//
// A reader takes two ids that look alike for one holder, but a program takes them
// for two. So an id has no blanks at its ends and no invisible characters.
package ident

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The reserved ids have a special meaning. No company or party can have them.
const (
	Neutral       = "neutral"  // the voter of votes that never move a result
	FloatPrefix   = "float:"   // before a company's id: its float
	ConcertPrefix = "concert:" // before an agreement's id: its holders together
)

// visible8 reports whether eight bytes are visible ASCII characters without blanks.
func visible8(w uint64) bool {
	const each = 0x0101010101010101
	return ((w-each*'!')|(w+each)|w)&(each*0x80) == 0
}

// maxBytes is the largest length of an id.
const maxBytes = 200

// Reserved reports whether id has a special meaning.
func Reserved[T string | []byte](id T) bool {
	if len(id) == 0 || id[0] != 'n' && id[0] != 'f' && id[0] != 'c' {
		return false // nearly all ids end here
	}
	s := string(id)
	return s == Neutral || strings.HasPrefix(s, FloatPrefix) || strings.HasPrefix(s, ConcertPrefix)
}

// Sound reports whether [Fault] finds nothing wrong with an id. It makes no text.
func Sound(id []byte) bool {
	if len(id) > maxBytes {
		return false
	}
	if len(id) > 0 && (id[0] == ' ' || id[len(id)-1] == ' ') {
		return false
	}
	i := 0
	for ; i+8 <= len(id) && visible8(binary.LittleEndian.Uint64(id[i:])); i += 8 {
	}
	for i < len(id) {
		if c := id[i]; c < utf8.RuneSelf {
			if c < ' ' || c > '~' {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(id[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return false
		case 0xAE <= r && r <= 0x34E || 0x350 <= r && r <= 0x5FF || 0x3001 <= r && r <= 0x3163 || 0x3165 <= r && r <= 0xFDFF: // visible, and no blank
		case unicode.IsControl(r), invisible(r), unicode.IsSpace(r) && (i == 0 || i+n == len(id)):
			return false
		}
		i += n
	}
	return true
}

// Fault returns what is wrong with the characters of an id, or "" if the id is
// valid. The text begins with the id in quotes and can follow the word "id". If the
// id looks like another id, the text names that id too. An empty id is valid here.
func Fault(id string) string {
	ascii := len(id) <= maxBytes
	for i := 0; ascii && i < len(id); i++ {
		ascii = ' ' <= id[i] && id[i] <= '~'
	}
	if ascii && (id == "" || id[0] != ' ' && id[len(id)-1] != ' ') {
		return "" // nearly all ids end here
	}
	if len(id) > maxBytes || !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl) {
		return fmt.Sprintf("%.40q is over %d bytes, or holds a control character or bytes that are not UTF-8", id, maxBytes)
	}
	if i := strings.IndexFunc(id, invisible); i >= 0 {
		r, _ := utf8.DecodeRuneInString(id[i:])
		return fmt.Sprintf("%+q holds the invisible character %U: without such it is %q", id, r, strings.TrimSpace(visible(id)))
	}
	if trimmed := strings.TrimSpace(id); trimmed != id {
		return fmt.Sprintf("%q begins or ends with a blank: without blanks it is %q", id, trimmed)
	}
	return ""
}

// blankBraille is U+2800, a pattern of Braille without dots. Unicode calls it no blank.
const blankBraille = '\u2800'

// invisible reports whether r shows nothing itself. Such characters format the text around
// them, such as U+200B (no space at all) and U+202E (text from right to left), fill a place, such
// as U+3164 (of Hangul), or say how the character before them is drawn, such as U+FE0F.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == blankBraille
}

// visible returns id without invisible characters.
func visible(id string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, id)
}

package holdings

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/crossholding/crossholding"
)

// maxID is the largest length of an id in bytes.
const maxID = 200

// IDFault returns what is wrong with an id, or "" if a book can have it.
func IDFault(id string) string {
	hidden := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	_, concert := crossholding.IsConcert(id)
	_, float := crossholding.IsFloat(id)
	switch {
	case id == "":
		return "is empty"
	case len(id) > maxID:
		return "has over 200 bytes"
	case !plain(id) && (!utf8.ValidString(id) || strings.ContainsFunc(id, hidden)):
		return "holds a character that cannot be seen"
	case strings.TrimSpace(id) != id:
		return "begins or ends with a blank"
	case id == crossholding.Neutral || concert || float:
		return "has a special meaning in a book"
	}
	return ""
}

// plain reports whether a text is of ASCII characters that can be seen, and of blanks.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

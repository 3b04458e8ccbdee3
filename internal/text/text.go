// Package text prepares text for reading and for messages: it skips a byte order
// mark, shortens long names and joins lists.
package text

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// SkipBOM returns a reader of r that leaves out a byte order mark at the start.
// Some programs, Excel among them, begin a file with one.
func SkipBOM(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3) // cannot fail: Peek has read them
	}
	return b
}

// Truncate shortens s to at most n bytes that end in "...". It does not cut a
// character in two. It returns s itself if s is short enough.
func Truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("...")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}

// Unite returns the parts of two lists, each once and in order. A list is a text of parts
// between separators.
func Unite(sep, a, b string) string {
	if a == b {
		return a
	}
	list := append(strings.Split(a, sep), strings.Split(b, sep)...)
	slices.Sort(list)
	return strings.Join(slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" }), sep)
}

// Some joins the first names of a list and says how many more there are.
func Some(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

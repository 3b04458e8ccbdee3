// Package format holds what the readers of other people's files have in common: the report of
// what a reader made of a file, and the faults of a file by line. Each format is a package
// below it.
package format

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/crossholding/crossholding/internal/text"
)

// Report says what a reader made of a file. Nothing of a file is left out in silence: what is
// not in the book is in Dropped. It is plain data. The zero value is the report of an empty
// file.
type Report struct {
	Lines int `json:"lines"` // lines of the file, or rows or statements of formats that have no lines
	Read  int `json:"read"`  // those of them that are in the book
	// Guessed lists what the file does not say and the reader took for granted by a rule, such
	// as the company that an owner without a number stands for.
	Guessed Notes `json:"guessed"`
	// Dropped lists what the file says and the book does not hold, such as a record that has
	// ended.
	Dropped Notes `json:"dropped"`
	// Conflicts lists what the file says in two ways, with the one that was taken.
	Conflicts Notes `json:"conflicts"`
}

// String returns the numbers of the report: "6 of 8 lines read; guessed: 1 issued; dropped: 2
// ceased".
func (r Report) String() string {
	out := fmt.Sprintf("%d of %d lines read", r.Read, r.Lines)
	for _, list := range []struct {
		name  string
		notes Notes
	}{{"guessed", r.Guessed}, {"dropped", r.Dropped}, {"conflicts", r.Conflicts}} {
		var counts []string
		for _, rule := range slices.Sorted(maps.Keys(list.notes.Counts)) {
			counts = append(counts, fmt.Sprintf("%d %s", list.notes.Counts[rule], rule))
		}
		if counts != nil {
			out += "; " + list.name + ": " + strings.Join(counts, ", ")
		}
	}
	return out
}

// Note is one remark of a report. It is plain data.
type Note struct {
	Line int    `json:"line,omitempty"` // counted from 1, or 0 if the note is about the whole file
	Rule string `json:"rule"`           // a short name for what happened, the same for all notes of this kind: "ceased"
	Text string `json:"text"`           // what happened here, with names and figures
}

// String returns the note as "line 4: ...".
func (n Note) String() string {
	if n.Line == 0 {
		return n.Text
	}
	return fmt.Sprintf("line %d: %s", n.Line, n.Text)
}

// maxNotes is the largest number of notes that one list holds.
const maxNotes = 1000

// Notes is a list of notes in the order of the file. It holds the first 1,000 and counts
// all. It is plain data. The zero value has no notes.
type Notes struct {
	List   []Note         `json:"list"`
	More   int            `json:"more"`   // notes beyond the first 1,000
	Counts map[string]int `json:"counts"` // the number of all notes of each rule
}

// Add adds a note of a rule. The text is that of [fmt.Sprintf]. Texts among args are shortened
// if they are long, and characters that would break a line are replaced by question marks.
func (n *Notes) Add(line int, rule, format string, args ...any) {
	if n.Counts == nil {
		n.Counts = map[string]int{}
	}
	n.Counts[rule]++
	if len(n.List) >= maxNotes {
		n.More++
		return
	}
	n.List = append(n.List, Note{Line: line, Rule: rule, Text: sentence(format, args)})
}

// CountIfFull counts a note of a rule if the list is full, so that the text of the note is not
// needed. It returns false, and counts nothing, if the list has room for the note.
func (n *Notes) CountIfFull(rule string) bool {
	if len(n.List) < maxNotes {
		return false
	}
	if n.Counts == nil {
		n.Counts = map[string]int{}
	}
	n.Counts[rule]++
	n.More++
	return true
}

// Len returns the number of all notes.
func (n Notes) Len() int { return len(n.List) + n.More }

// MarshalJSON writes an empty list as [] and no counts as {}.
func (n Notes) MarshalJSON() ([]byte, error) {
	type plain Notes
	p := plain(n)
	if p.List == nil {
		p.List = []Note{}
	}
	if p.Counts == nil {
		p.Counts = map[string]int{}
	}
	return json.Marshal(p)
}

// maxText is the largest length of a text of the file in a note or a fault.
const maxText = 200

// sentence formats a text of bounded length on one line.
func sentence(format string, args []any) string {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = text.Truncate(s, maxText)
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return '?'
		}
		return r
	}, fmt.Sprintf(format, args...))
}

// Package lawcase reads the test cases of the law, which lie beside it as text:
// one case a line, with fields between vertical bars. law/testdata/README.md has the form.
package lawcase

import (
	"bufio"
	"fmt"
	"io/fs"
	"strings"
)

// Case is one line: a small book, and what the law makes of it.
type Case struct {
	Place string   // file and line, "FR.txt:12"
	Rules []string // ids of the rules it is about
	Name  string
	Book  string // in the notation of README.md
	Says  string // "y casts 0 in x"
}

// Untested is a rule that a file says has no case.
type Untested struct{ File, Rule, Reason string }

// Read returns the cases of the .txt files of a directory, in the order of file
// and line. It fails with the place of a line that is not of the form.
func Read(dir fs.FS) ([]Case, []Untested, error) {
	names, err := fs.Glob(dir, "*.txt")
	if err != nil {
		return nil, nil, err
	}
	var cases []Case
	var untested []Untested
	for _, name := range names {
		f, err := dir.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			text := strings.TrimSpace(lines.Text())
			if text == "" || text[0] == '#' {
				continue
			}
			place := fmt.Sprintf("%s:%d", name, n)
			fields := strings.Split(text, "|")
			for i := range fields {
				if fields[i] = strings.TrimSpace(fields[i]); fields[i] == "" {
					return nil, nil, fmt.Errorf("%s: an empty field", place)
				}
			}
			switch {
			case len(fields) == 3 && fields[1] == "no case":
				untested = append(untested, Untested{name, fields[0], fields[2]})
			case len(fields) == 4:
				rules := strings.Split(fields[0], ",")
				for i := range rules {
					rules[i] = strings.TrimSpace(rules[i])
				}
				cases = append(cases, Case{place, rules, fields[1], fields[2], fields[3]})
			default:
				return nil, nil, fmt.Errorf("%s: %d fields, not 4", place, len(fields))
			}
		}
		if err := lines.Err(); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return cases, untested, nil
}

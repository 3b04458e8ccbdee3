// Package told words the errors of a package that stands on others: each error has the
// prefix of the package that returns it, and no second one.
package told

import (
	"fmt"
	"strings"
)

// By returns err with the prefix of a package in place of that of a package below it. It
// returns nil for nil. The result unwraps to err.
func By(pkg string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", pkg, Bare{err})
}

// Bare is an error whose text has no prefix of a package of this module.
type Bare struct{ Err error }

func (e Bare) Error() string {
	text := e.Err.Error()
	for _, pkg := range []string{"crossholding: ", "scenario: ", "compliance: ", "network: ", "value: ", "whatif: "} {
		text = strings.TrimPrefix(text, pkg)
	}
	return text
}

// Unwrap returns the error with its prefix.
func (e Bare) Unwrap() error { return e.Err }

// Reason returns the text of an error without the prefix of a package, and nothing for nil.
func Reason(err error) string {
	if err == nil {
		return ""
	}
	return Bare{err}.Error()
}

// Choice is the text for an option whose value is none of the possible ones. The empty value
// is possible too.
func Choice[T ~string](what string, given T, choices ...T) string {
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = string(c)
	}
	return fmt.Sprintf("%s %q, which can be %s or nothing", what, given, strings.Join(words, ", "))
}

// Package reading asks questions under each reading of the law, where the law has several.
package reading

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/crossholding/crossholding"
)

// Agreed asks a question about votes. If the law has several readings, it asks under
// each, and answers if all answers are the same. Otherwise it fails with the readings.
func Agreed[T any](voting crossholding.VotingOptions, ask func(v crossholding.VotingOptions) (T, error)) (T, error) {
	out, err := ask(voting)
	var e *crossholding.ReadingsError
	if !errors.As(err, &e) || e.Incomplete || len(e.Readings) < 2 || voting.Reading > 0 || voting.Circular != crossholding.PolicyError {
		return out, err
	}
	var first []byte
	for n := range e.Readings {
		voting.Reading = n + 1
		answer, err2 := ask(voting)
		if err2 != nil {
			return out, err
		}
		text, err2 := json.Marshal(answer)
		switch {
		case err2 != nil:
			return out, err
		case n == 0:
			out, first = answer, text
		case !bytes.Equal(first, text):
			var none T
			return none, err
		}
	}
	return out, nil
}

// Each asks a question about votes under each reading of the law.
func Each[T any](voting crossholding.VotingOptions, ask func(v crossholding.VotingOptions) (T, error)) ([]T, error) {
	first, err := ask(voting)
	var e *crossholding.ReadingsError
	if !errors.As(err, &e) || e.Incomplete || len(e.Readings) < 2 {
		return []T{first}, err
	}
	out := make([]T, len(e.Readings))
	for n := range e.Readings {
		voting.Reading = n + 1
		if out[n], err = ask(voting); err != nil {
			return nil, err
		}
	}
	return out, nil
}

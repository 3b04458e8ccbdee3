package compliance

import (
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Share is the fraction of a company that one holder has. It is plain data. The zero
// value has no holder.
type Share struct {
	Holder   string      `json:"holder"`
	Fraction ratio.Ratio `json:"fraction"` // 0..1
}

// fraction checks an option that must lie within 0 and 1. It returns def for 0.
func fraction(name string, r, def ratio.Ratio) (ratio.Ratio, error) {
	if _, _, small := r.Small(); r.Sign() < 0 || ratio.Int(1).Less(r) || !small {
		return r, fmt.Errorf("%s %s is not within 0 and 1: %w", name, r, crossholding.ErrRange)
	}
	if r.IsZero() {
		return def, nil
	}
	return r, nil
}

// condition returns in words when a figure is enough.
func condition(threshold ratio.Ratio, atLeast bool) string {
	if atLeast {
		return "at least " + threshold.PercentString()
	}
	return "more than " + threshold.PercentString()
}

// through names the companies through which something is held.
func through(companies []string) string {
	if len(companies) == 0 {
		return ""
	}
	return " through " + strings.Join(companies, ", ")
}

// named returns a copy of ids with their names in place of them.
func named(ids []string, name func(id string) string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = name(id)
	}
	return out
}

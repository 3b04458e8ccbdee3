package crossholding

import (
	"fmt"

	"github.com/crossholding/crossholding/ratio"
)

// fraction checks an option that must lie within 0 and 1. It returns def for 0.
func fraction(name string, r, def ratio.Ratio) (ratio.Ratio, error) {
	if _, _, small := r.Small(); r.Sign() < 0 || ratio.Int(1).Less(r) || !small {
		return r, fmt.Errorf("crossholding: %s %s is not within 0 and 1: %w", name, r, ErrRange)
	}
	if r.IsZero() {
		return def, nil
	}
	return r, nil
}

// margin returns a threshold in words.
func margin(threshold ratio.Ratio, strict bool) string {
	if strict {
		return "more than " + threshold.PercentString()
	}
	return "at least " + threshold.PercentString()
}

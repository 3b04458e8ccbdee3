package crossholding

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/crossholding/crossholding/internal/input"
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

// fractionForm matches a percentage that is written as a fraction: "1/3", "33 1/3%".
var fractionForm = regexp.MustCompile(`^(?:([0-9]{1,18}) +)?([0-9]{1,18})/([0-9]{1,18}) *(%?)$`)

// percentAsFraction reports a percentage that is written as a fraction, with what to write in
// its place. It returns false for other texts.
func (p *parser) percentAsFraction(place string, in *Stake) bool {
	if !strings.Contains(string(in.Percent), "/") {
		return false
	}
	m := fractionForm.FindStringSubmatch(strings.TrimSpace(string(in.Percent)))
	if m == nil {
		return false
	}
	part, err := ratio.Parse(m[2] + "/" + m[3])
	if err != nil {
		return false
	}
	ways := []string{}
	if whole, err := ratio.Number(m[1]).Ratio(); err == nil {
		ways = append(ways, percentText(whole.Add(part)))
	}
	if m[1] == "" && m[4] == "" { // a third of one percent, or a third of all
		ways = append([]string{percentText(part.Mul(ratio.Int(100))) + " for a part of all shares"}, ways[0]+" for a part of one percent")
	}
	p.Add(place+".percent", ratio.ErrNumber, "%s in %s: percent %q is a fraction; write %s, or the number of shares",
		in.Holder, in.Issuer, input.Abbreviate(string(in.Percent)), strings.Join(ways, ", "))
	return true
}

// percentText says how to write a percentage.
func percentText(r ratio.Ratio) string {
	if r.IsDecimal() {
		return fmt.Sprintf("%q", r.String())
	}
	return fmt.Sprintf("%q with \"rounded\": true", r.Decimal(2).StringFixed(2))
}

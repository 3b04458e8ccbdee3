package crossholding

import "fmt"

// fraction checks an option that must lie within 0 and 1, 0 meaning def.
func fraction(name string, r, def Ratio) (Ratio, error) {
	if r.Sign() < 0 || Int(1).Less(r) || r.wide != nil {
		return r, fmt.Errorf("crossholding: %s %s is not within 0 and 1: %w", name, r, ErrRange)
	}
	if r.IsZero() {
		return def, nil
	}
	return r, nil
}

// enough reports whether a figure reaches the threshold, or passes it if that
// is what strict asks for.
func enough(figure, threshold Ratio, strict bool) bool {
	c := figure.Cmp(threshold)
	return c > 0 || c == 0 && !strict
}

// margin says a threshold in words.
func margin(threshold Ratio, strict bool) string {
	if strict {
		return "more than " + percentText(threshold)
	}
	return "at least " + percentText(threshold)
}

// shareText writes a fraction as a percentage of two decimals, and of as many
// more as it takes not to look round when it is not: 49.9996% is not 50%.
func shareText(r Ratio) string {
	const most = 12
	percent := r.mul(Int(100))
	d := percent.Round(2, HalfEven)
	for places := 3; places <= most && d.IsInteger() && !percent.IsInt(); places++ {
		d = percent.Round(places, HalfEven)
	}
	text := d.String() + "%"
	if d.IsInteger() {
		switch percent.rat().Cmp(d.Rat()) {
		case -1:
			return "just under " + text
		case 1:
			return "just over " + text
		}
	}
	return text
}

// percentText writes a fraction as a percentage if that is a decimal which can
// be read again, else as it is.
func percentText(t Ratio) string {
	if percent := t.mul(Int(100)); percent.ends() {
		return percent.String() + "%"
	}
	return t.String()
}

package holdings

import (
	"regexp"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// unstated lists the words that stand for no figure.
var unstated = map[string]bool{"": true, "-": true, "–": true, "n/a": true, "na": true, "none": true, "unknown": true, "null": true, "?": true}

var mixedFraction = regexp.MustCompile(`^(\d{1,3}) (\d{1,9})/(\d{1,9}) ?%?$`)

// Written reads a percentage as people write it. A number without "%" is a percentage too. It
// reads these forms, in any capitals:
//
//	25.5, 25.5 %, 25,5 %                 a figure; a comma is a decimal comma
//	33 1/3                               a figure with a fraction
//	75 - 100%, 25%-50%, from 25 to 50%   a band with both ends
//	>50%, more than 50%, at least 75%    the forms of [ratio.ParseInterval] with one end or two
//	50%+, 50+                            50% or more
//	n/a, unknown, -, or nothing          a size that is not stated
//
// It fails with the errors of [ratio.ParseInterval] for any other text.
func Written(text string) (Size, error) {
	s := strings.ToLower(strings.Join(strings.Fields(text), " "))
	if unstated[s] {
		return Size{}, nil
	}
	if m := mixedFraction.FindStringSubmatch(s); m != nil && strings.Trim(m[3], "0") != "" {
		whole, part := ratio.MustParse(m[1]), ratio.MustParse(m[2]+"/"+m[3])
		percent := ratio.Exactly(whole.Add(part).Div(ratio.Int(100)))
		return Between(percent)
	}
	s = strings.ReplaceAll(strings.TrimPrefix(s, "from "), " %", "%")
	if strings.Contains(s, ",") && !strings.ContainsAny(s, ".[(") {
		s = strings.ReplaceAll(s, ",", ".")
	}
	if number, ok := strings.CutSuffix(s, "%"); ok || strings.Trim(s, "0123456789.") == "" {
		if size, err := Decimal(number); err == nil {
			return size, nil
		}
	}
	if rest, ok := strings.CutSuffix(s, "+"); ok {
		s = strings.TrimSpace(rest) + " or more"
	}
	if last := strings.LastIndexAny(s, "0123456789"); last >= 0 && !strings.ContainsAny(s, "%/") {
		s = s[:last+1] + "%" + s[last+1:]
	}
	v, err := ratio.ParseInterval(s)
	if err != nil {
		return Size{}, err
	}
	return Between(v)
}

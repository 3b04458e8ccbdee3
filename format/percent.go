package format

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// ErrNotStated is the error of a text that says that a figure is not known, such as "n/a".
var ErrNotStated = errors.New("not stated")

// ErrAmbiguous is the error of a text that people write for two figures, such as "1/3": a third
// of all, or a third of a percent.
var ErrAmbiguous = errors.New("it has two meanings")

// Percent is a percentage as people write it. It is plain data. The zero value is 0%.
type Percent struct {
	ratio.Interval              // as fractions within 0 and 1; exact if the text has one figure
	About          bool         // the text says that the figure is approximate: "~30%"
	Figure         ratio.Number // a single figure in percent, with the digits of the text: "33.30"; empty if it has none
}

var (
	figure  = regexp.MustCompile(`^[0-9]{1,30}(\.[0-9]{1,30})?$`)
	mixed   = regexp.MustCompile(`^([0-9]{1,3} )?([0-9]{1,30}/[0-9]{1,30})$`)
	dash    = regexp.MustCompile(` *[-‐‑‒–—−－] *`)
	around  = regexp.MustCompile(`^(~|≈|約|约|(ca|c|approx|approximately|about|around|circa|rund|environ|alrededor de)[. ] *) *`)
	plus    = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?)(%)?\+(%)?$`)
	missing = regexp.MustCompile(`^(|-|\?|n/?a|n\.a\.|k\.a\.|n\.d\.|s/?d|none|null|unknown|unbekannt|inconnu|desconocido|ignoto|不明|該当なし)$`)
	comma   = regexp.MustCompile(`([0-9]),([0-9])`)
)

// alike writes characters and words as those that [ParsePercent] knows.
var alike = strings.NewReplacer("％", "%", "＜", "<", "＞", ">", "，", ",", "percent", "%", "prozent", "%")

// plainFigure returns the figure of a text such as "25,5 %", as "25.5". It returns false for
// any text that is not so plain.
func plainFigure(text string) (string, bool) {
	s := strings.TrimRight(strings.TrimSuffix(strings.TrimSpace(text), "%"), " ")
	digits, point := 0, -1
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case (c == '.' || c == ',') && point < 0 && i > 0 && i+1 < len(s):
			point = i
		default:
			return "", false
		}
	}
	if digits == 0 || digits > 18 {
		return "", false
	}
	if point >= 0 && s[point] == ',' {
		s = s[:point] + "." + s[point+1:]
	}
	return s, true
}

// ParsePercent reads a percentage in one of these forms. The percent sign may be missing. A
// comma between digits is a decimal comma, because no percentage has thousands.
//
//	25.5%, 25,5 %, 100.00            a figure
//	33 1/3, 100/3, 1/3%              a figure with a fraction of a percent
//	75 - 100%, 25%-50%, 50%+, 50+    a band, and 50% or more
//	>50%, less than 5%, <0.01%, ...  the forms of [ratio.ParseInterval]
//	~30%, ca. 30, about 30%          a figure that is said to be approximate
//
// It fails with [ErrNotStated] for "n/a" and the like, with [ErrAmbiguous] for "1/3" alone, with
// [ratio.ErrRange] for what is not within 0% and 100%, and with [ratio.ErrNumber] for any other
// text.
func ParsePercent(text string) (Percent, error) {
	if len(text) > 200 {
		return Percent{}, fmt.Errorf("%.40q... is too long for a percentage: %w", text, ratio.ErrNumber)
	}
	if plain, ok := plainFigure(text); ok {
		r, err := ratio.ParseNumber(plain)
		return Percent{Figure: ratio.Number(plain)}.exactly(text, r, err)
	}
	return parsePercent(text)
}

// parsePercent reads any percentage.
func parsePercent(text string) (Percent, error) {
	s := alike.Replace(strings.ToLower(strings.Join(strings.Fields(text), " ")))
	if missing.MatchString(s) {
		return Percent{}, fmt.Errorf("%q: %w", text, ErrNotStated)
	}
	if strings.HasPrefix(s, "(") || strings.HasPrefix(s, "[") {
		v, err := ratio.ParseInterval(s)
		return Percent{Interval: v}, err
	}
	p := Percent{}
	if rest := around.ReplaceAllString(s, ""); rest != s {
		s, p.About = rest, true
	}
	s = comma.ReplaceAllString(strings.ReplaceAll(dash.ReplaceAllString(s, "-"), " %", "%"), "$1.$2")
	plain := strings.TrimSuffix(s, "%")
	if figure.MatchString(plain) {
		r, err := ratio.ParseNumber(plain)
		p.Figure = ratio.Number(plain)
		return p.exactly(text, r, err)
	}
	if m := mixed.FindStringSubmatch(plain); m != nil {
		r, err := ratio.Parse(m[2])
		if err == nil && m[1] != "" {
			whole, _ := ratio.ParseNumber(strings.TrimSpace(m[1])) // cannot fail: it is digits
			r = r.Add(whole)
		}
		if err == nil && m[1] == "" && plain == s && !ratio.Int(1).Less(r) {
			return Percent{}, fmt.Errorf("%.40q may be a part of all or of a percent, which is written with %%: %w", text, ErrAmbiguous)
		}
		return p.exactly(text, r, err)
	}
	if m := plus.FindStringSubmatch(s); m != nil {
		s = m[1] + "% or more"
	}
	if !strings.Contains(s, "%") {
		s += "%"
	}
	v, err := ratio.ParseInterval(s)
	p.Interval = v
	return p, err
}

// exactly returns p with one figure, which is in percent.
func (p Percent) exactly(text string, percent ratio.Ratio, err error) (Percent, error) {
	if err != nil {
		return Percent{}, fmt.Errorf("%.40q is no percentage: %w", text, ratio.ErrNumber)
	}
	r := percent.Div(ratio.Int(100))
	if ratio.Int(1).Less(r) {
		return Percent{}, fmt.Errorf("%.40q is above 100%%: %w", text, ratio.ErrRange)
	}
	p.Interval = ratio.Exactly(r)
	return p, nil
}

package whatif

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Comparison says how a figure is compared with a limit.
type Comparison string

// These are the comparisons. True and False are for figures that say yes or no, such as
// [Control] and [Suspended]: a figure is true if it is not 0. They have no limit.
const (
	AtLeast  Comparison = "at least"
	MoreThan Comparison = "more than"
	AtMost   Comparison = "at most"
	LessThan Comparison = "less than"
	True     Comparison = "true"
	False    Comparison = "false"
)

// Goal is a condition that is true or false of an alliance. It is plain data.
type Goal struct {
	Figure
	Is    Comparison  `json:"is"`
	Limit ratio.Ratio `json:"limit,omitzero"` // as text: "15%", "1/2" or "1000"; within 0 and 1 for a figure that is a part of a whole
}

// String returns the condition in words.
func (g Goal) String() string {
	switch g.Is {
	case True, False:
		return fmt.Sprintf("%s is %s", g.Figure, g.Is)
	}
	return fmt.Sprintf("%s is %s %s", g.Figure, g.Is, g.Limit)
}

// Holds reports whether a value of the figure meets the condition.
func (g Goal) Holds(figure ratio.Ratio) bool {
	return g.Is.holds(figure.Cmp(g.Limit))
}

// holds reports whether a figure that is less than the limit (-1), equal to it (0) or greater (+1)
// meets the condition. The limit of [True] and [False] is 0.
func (c Comparison) holds(sign int) bool {
	switch c {
	case AtLeast:
		return sign >= 0
	case MoreThan:
		return sign > 0
	case AtMost:
		return sign <= 0
	case LessThan:
		return sign < 0
	case True:
		return sign != 0
	}
	return sign == 0
}

// text is a figure with at most 12 decimals. If the condition is another one of the rounded
// figure, it says on which side of that the figure is.
func (g Goal) text(figure ratio.Ratio) string {
	text := figure.GroupedDecimal(12)
	rounded, err := ratio.FromDecimal(figure.Decimal(12))
	if err != nil || g.Holds(rounded) == g.Holds(figure) {
		return text
	}
	return map[int]string{-1: "just below ", 1: "just above "}[figure.Cmp(rounded)] + text
}

// check adds the faults of a goal that do not depend on an alliance.
func (g Goal) check(bad *faults, place string) {
	g.Figure.check(bad, place)
	switch g.Is {
	case AtLeast, MoreThan, AtMost, LessThan:
		if g.Kind.isPart() && (g.Limit.Sign() < 0 || ratio.Int(1).Less(g.Limit)) {
			bad.Add(input.Join(place, "limit"), crossholding.ErrRange, "%s is within 0 and 1, and the limit %s is not: a percentage is written as %q", g.Figure, g.Limit, g.Limit.String()+"%")
		}
	case True, False:
		if !g.Limit.IsZero() {
			bad.Add(input.Join(place, "limit"), crossholding.ErrSyntax, "%s: %q has no use for the limit %s", g.Figure, g.Is, g.Limit)
		}
	case "":
		bad.Add(input.Join(place, "is"), crossholding.ErrMissing, "the goal has no comparison")
	default:
		bad.Add(input.Join(place, "is"), crossholding.ErrUnknown, "%s is %q, and not at least, more than, at most, less than, true or false", g.Figure, clip(string(g.Is)))
	}
}

package holdings

import (
	"errors"
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/ratio"
)

// Size is how large a part of a company's shares or votes somebody holds. It is a plain value.
// The zero value is a size that is not stated.
type Size struct {
	ratio.Interval
	Stated bool
	// Figure is the percentage as it was written, if it is one figure. A figure can be rounded
	// at its last digit.
	Figure  ratio.Number
	rounded bool // the size is taken as rounded
}

// Some is the size of a holding of which nothing is known but that it exists.
var some = ratio.Interval{Hi: ratio.Int(1), LoOpen: true}

// any is the size of a holding that need not exist.
var anySize = ratio.Interval{Hi: ratio.Int(1)}

// Exactly returns the size of a figure that is known exactly.
func Exactly(r ratio.Ratio) Size { return Size{Interval: ratio.Exactly(r), Stated: true} }

// Between returns the size of a band. It fails with [crossholding.ErrRange] if the band holds
// nothing or passes 0 or 1.
func Between(v ratio.Interval) (Size, error) {
	one := ratio.Int(1)
	if order := v.Lo.Cmp(v.Hi); order > 0 || order == 0 && (v.LoOpen || v.HiOpen) || v.Lo.Sign() < 0 || one.Less(v.Hi) || v.Unbounded {
		return Size{}, fmt.Errorf("from %s to %s is no part of 100%%: %w", v.Lo.PercentString(), v.Hi.PercentString(), crossholding.ErrRange)
	}
	return Size{Interval: v, Stated: true}, nil
}

// Decimal returns the size of a percentage that is written as a decimal number, such as
// "33.34". It fails if the text is no such number, or not within 0 and 100.
func Decimal(text string) (Size, error) {
	percent, err := ratio.Number(text).Ratio()
	if err != nil {
		return Size{}, err
	}
	if percent.Sign() < 0 || ratio.Int(100).Less(percent) {
		return Size{}, fmt.Errorf("%s%% is not within 0%% and 100%%: %w", text, crossholding.ErrRange)
	}
	size := Exactly(percent.Div(ratio.Int(100)))
	if !strings.ContainsAny(text, "eE") {
		size.Figure = ratio.Number(text)
	}
	return size, nil
}

// Written returns the size of a percentage as people write it, see [format.ParsePercent]. It is
// not stated if the text says so. About reports whether the text says that it is approximate:
// the size is then taken as rounded.
func Written(text string) (size Size, about bool, err error) {
	p, err := format.ParsePercent(text)
	switch {
	case errors.Is(err, format.ErrNotStated):
		return Size{}, false, nil
	case err != nil:
		return Size{}, false, err
	}
	if size, err = Between(p.Interval); err == nil && p.IsExact() {
		size.Figure = p.Figure
	}
	size.rounded = p.About && size.Figure != ""
	return size, p.About, err
}

// wide returns all sizes that are written as the figure, or the band itself.
func (s Size) wide() ratio.Interval {
	if s.Figure == "" {
		return s.Interval
	}
	v, err := s.Figure.RoundedPercent()
	if err != nil {
		return s.Interval
	}
	return v
}

// same reports whether two intervals have the same ends.
func same(a, b ratio.Interval) bool {
	return a.Lo.Equal(b.Lo) && a.Hi.Equal(b.Hi) && a.LoOpen == b.LoOpen && a.HiOpen == b.HiOpen
}

// Hull returns the smallest band that holds both sizes. If one is not stated, it returns the
// other.
func Hull(a, b Size) Size {
	switch {
	case !a.Stated:
		return b
	case !b.Stated || same(a.Interval, b.Interval):
		return a
	}
	out := Size{Interval: a.Interval, Stated: true}
	if order := b.Lo.Cmp(a.Lo); order < 0 || order == 0 && !b.LoOpen {
		out.Lo, out.LoOpen = b.Lo, b.LoOpen
	}
	if order := b.Hi.Cmp(a.Hi); order > 0 || order == 0 && !b.HiOpen {
		out.Hi, out.HiOpen = b.Hi, b.HiOpen
	}
	return out
}

package power

import (
	"context"
	"fmt"
	"math"

	"github.com/crossholding/crossholding/ratio"
)

// DegreeOfControl returns the probability that the side of the given holders
// wins, exactly, when they vote together and every other player votes by the
// toss of a coin. It is from 1/2, for holders who never decide, to 1, for
// holders who always decide. A side that votes against the motion wins if the
// motion fails.
//
// It is the degree of control of J. Cubbin and D. Leech, The Effect of
// Shareholding Dispersion on the Degree of Control in British Companies,
// Economic Journal 93, 1983, for the rule of this game (as summed up by Leech,
// Warwick Economic Research Paper 564; the formulas are not verified in the
// article). Its errors are those of Bloc and Banzhaf.
func (g Game) DegreeOfControl(ctx context.Context, holders []int, opts ...Options) (ratio.Ratio, error) {
	b, err := g.Bloc(holders...)
	if err != nil {
		return ratio.Ratio{}, err
	}
	x, err := b.Banzhaf(ctx, opts...)
	if err != nil {
		return ratio.Ratio{}, err
	}
	degree, _ := x.Rae().Of(b.players - 1)
	return degree, nil
}

// DegreeOfControlNormal returns the degree of control of large holders beside
// dispersed ones, for a simple majority of the votes cast, in the normal
// approximation of Cubbin and Leech. It is Phi(w / sqrt(H)). Here w is the
// weight of the given large holders together and H is the sum of the squares of
// all other weights. An ocean adds nothing to H. A crowd of n holders adds n
// times the square of the weight of one.
//
// The figure is an approximation in floating point. It is good if no other
// holder is large. If there are no other votes, it is 1.
func (d Dispersed) DegreeOfControlNormal(holders ...int) (float64, error) {
	if d.unit == nil {
		return 0, ErrEmpty
	}
	in := make([]bool, len(d.large))
	for _, i := range holders {
		if i < 0 || i >= len(in) || in[i] {
			return 0, fmt.Errorf("%w: holder %d of %d large holders does not exist or is named twice", ErrPlayers, i, len(in))
		}
		in[i] = true
	}
	if len(holders) == 0 {
		return 0, fmt.Errorf("%w: the bloc has no members", ErrPlayers)
	}
	own, squares := 0.0, float64(d.count)*float64(d.each)*float64(d.each)
	for i, w := range d.large {
		if in[i] {
			own += float64(w)
		} else {
			squares += float64(w) * float64(w)
		}
	}
	if squares == 0 {
		if own == 0 {
			return 0.5, nil
		}
		return 1, nil
	}
	return math.Erfc(-own/math.Sqrt(2*squares)) / 2, nil
}

package interval

import "github.com/crossholding/crossholding/ratio"

// Linear is a linear function on the points of a [FeasibleSet]. The zero value
// fits a set without classes. It is plain data.
type Linear struct {
	Constant ratio.Ratio
	Stakes   []ratio.Ratio // value of one share of each stake, in the order of points
	Floats   []ratio.Ratio // value of one share of each class's float
}

// Negated returns the function with all signs changed.
func (f Linear) Negated() Linear {
	out := Linear{Constant: f.Constant.Neg()}
	for _, r := range f.Stakes {
		out.Stakes = append(out.Stakes, r.Neg())
	}
	for _, r := range f.Floats {
		out.Floats = append(out.Floats, r.Neg())
	}
	return out
}

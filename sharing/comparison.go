package sharing

import "github.com/crossholding/crossholding/ratio"

// A Change is the amount of one member in two divisions.
type Change struct {
	Member string      `json:"member"`
	Before ratio.Ratio `json:"before"`
	After  ratio.Ratio `json:"after"`
	Change ratio.Ratio `json:"change"` // after less before
}

// Compare returns how the amount of each member changes from one division to another, in the
// order of the first. The divisions can be of two games, such as one in which a member
// withholds a technology. It fails with an InputError if the members of the divisions differ
// or if one is of costs and the other of savings.
func Compare(before, after Division) ([]Change, error) {
	var f faults
	if b, a := before.Kind, after.Kind; b != "" && a != "" && b != a {
		f.add("", ErrKind, "one division is of %s and the other of %s", b, a)
	}
	amounts := map[string]ratio.Ratio{}
	for i, s := range after.Shares {
		if _, twice := amounts[s.Member]; twice {
			f.add(placed("after.shares", i), ErrMembers, "%s is named twice", show(s.Member))
		}
		amounts[s.Member] = s.Amount
	}
	out := make([]Change, 0, len(before.Shares))
	seen := map[string]bool{}
	for i, s := range before.Shares {
		amount, known := amounts[s.Member]
		switch {
		case seen[s.Member]:
			f.add(placed("before.shares", i), ErrMembers, "%s is named twice", show(s.Member))
		case !known:
			f.add(placed("before.shares", i), ErrMembers, "%s has no share after", show(s.Member))
		}
		seen[s.Member] = true
		out = append(out, Change{s.Member, s.Amount, amount, amount.Sub(s.Amount)})
	}
	for i, s := range after.Shares {
		if !seen[s.Member] {
			f.add(placed("after.shares", i), ErrMembers, "%s has no share before", show(s.Member))
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return out, nil
}

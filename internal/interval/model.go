package interval

import (
	"errors"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
)

// Model describes companies whose stakes may be known only within bands.
//
// Companies and holders are numbers of the caller's choice. A Model is not
// changed by its methods. It is safe for concurrent use if its functions are.
// They must give the same answer each time.
type Model struct {
	// Stakes returns what the stakes in company c can be. It is called only for
	// numbers of which PaysDividends is true.
	Stakes func(c int32) *FeasibleSet
	// PaysDividends reports whether c is a company whose outstanding shares
	// receive dividends. A number of which it is false is an outside owner.
	PaysDividends func(c int32) bool

	MaxBits   int // limit on the denominators of exact fractions, as in [exact.Limits]
	MaxRounds int // limit on the policies that are evaluated for one extreme
}

// ErrRounds says that policy iteration did not end within [Model.MaxRounds].
var ErrRounds = errors.New("interval: no end within the limit of rounds")

// Owners returns everyone who may own a part of company c in some completion.
// Floats come first, in the order in which their companies are found. Other
// holders follow in ascending order.
func (m *Model) Owners(c int32) []exact.Owner {
	holders := map[int32]bool{}
	var out []exact.Owner
	for _, k := range m.process(graph.None, c).companies {
		out = append(out, exact.Owner{Node: k, Float: true})
		for s := range m.Stakes(k).All() {
			if s.Hi.Sign() > 0 {
				holders[s.Owner] = true
			}
		}
	}
	for _, i := range slices.Sorted(maps.Keys(holders)) {
		out = append(out, exact.Owner{Node: i})
	}
	return out
}

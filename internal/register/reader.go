package register

import (
	"math"

	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/ratio"
)

// reader gathers the rows of both files as columns. Companies have numbers in the order of
// their file, and stakes in the order of theirs.
type reader struct {
	Faults
	ids       *intern.Parts // of companies, with their numbers as references, and holders
	faulty    *intern.Table // ids with a fault that is noted
	companies int
	full      bool // there are more companies than numbers

	listed intern.List[company]  // by company
	blocks []*idBlock            // the ids of companies
	exact  map[int32]figures     // of companies whose figures are not small whole numbers
	own    map[int32]ratio.Ratio // shares that a company is listed to hold in itself

	stakes      stakeList
	units       []int64       // of the stakes in order of the graph, once they are placed
	exactShares []ratio.Ratio // shares that are not small whole numbers

	maxStakes int // so that a stake has a number of 31 bits
	workers   int // goroutines that parse or index at the same time
}

// newReader returns a reader that has read nothing.
func newReader(workers int) *reader {
	return &reader{ids: intern.NewParts(workers), stakes: newStakeList(), faulty: intern.New(), exact: map[int32]figures{}, own: map[int32]ratio.Ratio{},
		maxStakes: math.MaxInt32 - 1, workers: workers}
}

// checkID notes what is wrong with an id, once for each id.
func (r *reader) checkID(place, id string) {
	fault := ident.Fault(id)
	if fault == "" {
		return
	}
	known := r.faulty.Len()
	if _, ok := r.faulty.PutString(id); !ok || r.faulty.Len() > known {
		r.add(place, OutOfRange, "id %s", fault)
	}
}

// shares returns the shares that units stand for.
func (r *reader) shares(units int64) ratio.Ratio {
	if units < 0 {
		return r.exactShares[^units]
	}
	return ratio.Int(units)
}

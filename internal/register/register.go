// Package register reads a shareholder register of any size into index arrays.
//
// A register is two CSV files. The companies' file has the header
// id,issued,treasury,votes and the stakes' file has the header
// holder,issuer,shares. A holder that is not a company is an outside owner. The
// package stores rows as entries of arrays, not as structs.
package register

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Excess says what to do with an over-allocated company: one of which holders have
// more shares than are outstanding.
type Excess int

// These are the ways to treat an over-allocated company.
const (
	Reject  Excess = iota // it is a fault
	KeepOut               // count the stakes in it as 0
	Scale                 // reduce the stakes in it pro rata to the outstanding shares
)

// Register is the content of a register. It belongs to the caller.
type Register struct {
	Graph         graph.Graph      // without Record
	OverAllocated []OverAllocation // sorted by company
	Joined        Joined
	Own           []OwnShares // sorted by company; they count in the treasury
	// Unissued lists the companies, in order of node, that have issued no shares
	// and in which nobody holds a stake. They are outside owners in the graph.
	Unissued []int32
}

// OverAllocation is a company of which holders have more shares than are
// outstanding. Snapshots have its JSON form, and those of [OwnShares] and [Joined].
type OverAllocation struct {
	Company     string      `json:"company"`
	Held        ratio.Ratio `json:"held"`        // shares
	Outstanding ratio.Ratio `json:"outstanding"` // shares
}

// OwnShares are the shares that a company is listed to hold in itself.
type OwnShares struct {
	Company string      `json:"company"`
	Shares  ratio.Ratio `json:"shares"`
}

// Joined describes rows that have the same holder and issuer as another row, such
// as several accounts of one holder. Their shares are added up.
type Joined struct {
	Rows  int           `json:"rows"`            // the number of such rows, without the first of each holder and issuer
	First []JoinedStake `json:"first,omitempty"` // the first 20, sorted by issuer, then holder
}

// JoinedStake describes the rows of one holder in one issuer.
type JoinedStake struct {
	Holder string      `json:"holder"`
	Issuer string      `json:"issuer"`
	Rows   int         `json:"rows"`
	Shares ratio.Ratio `json:"shares"` // of all the rows together
}

// maxJoined bounds the joined stakes that are listed.
const maxJoined = 20

// Read reads a register. If the register has faults, Read returns all of them and no
// register. The graph's nodes are sorted by id. It has one stake for each row, but
// ignores rows with zero shares. Stakes of one holder in one issuer are in the order of their
// shares, so the order of rows has no effect.
//
// A wrong header or a row that is too long is a fault, too. It is the last one, because nothing is
// read after it. Read fails if a file cannot be read, and with ctx's cause within 50 ms after ctx
// is done.
func Read(ctx context.Context, companies, stakes io.Reader, excess Excess) (*Register, Faults, error) {
	return read(ctx, companies, stakes, excess, runtime.GOMAXPROCS(0))
}

// read reads a register with a number of goroutines, which has no effect on the result.
func read(ctx context.Context, companies, stakes io.Reader, excess Excess, workers int) (*Register, Faults, error) {
	r := newReader(workers)
	err := r.readCompanies(ctx, companies)
	if err == nil {
		err = r.readStakes(ctx, stakes)
	}
	var form Fault
	switch {
	case errors.As(err, &form):
		r.add(form.Place, form.Kind, "%s", form.Reason)
	case err != nil:
		return nil, Faults{}, err
	}
	if !r.none() {
		return nil, r.Faults, nil
	}
	out, err := r.register(ctx, excess)
	if err != nil {
		return nil, Faults{}, err
	}
	if !r.none() {
		return nil, r.Faults, nil
	}
	return out, Faults{}, nil
}

// register makes a register from the rows that were read. It reuses their memory.
func (r *reader) register(ctx context.Context, excess Excess) (*Register, error) {
	out := &Register{}
	g := &out.Graph
	var ranks *intern.Ranks
	passes := []func(){
		func() {
			out.Own = r.countOwn()
			r.blocks = nil
			r.clean()
		},
		func() {
			ranks = r.ids.Ranks(r.workers)
			r.ids = nil
			r.clean()
		},
		func() { r.placeStakes(g, ranks); r.clean() },
		func() {
			var wait sync.WaitGroup
			wait.Go(g.ListRows) // while other figures of the graph are filled
			out.Joined = r.joined(g)
			out.OverAllocated = r.weigh(g, ranks.Numbers, excess)
			wait.Wait()
		},
		func() {
			out.Unissued, _ = r.inParts(g, func(c int32) (odd, plain bool) {
				return int(ranks.Numbers[c]) < r.companies && !g.IssuesShares(c), true
			})
		},
	}
	stage := progress.Start(ctx, "index", len(passes), 1)
	for i, pass := range passes {
		stage.At(i)
		if err := await.Run(ctx, pass); err != nil {
			return nil, err
		}
	}
	stage.End()
	return out, nil
}

// joined finds the stakes that have several rows. These rows are adjacent.
func (r *reader) joined(g *graph.Graph) Joined {
	var out Joined
	for e := 1; e < len(g.Holder); e++ {
		if g.Holder[e] != g.Holder[e-1] || g.Issuer[e] != g.Issuer[e-1] {
			continue
		}
		s := JoinedStake{Holder: g.IDs.At(g.Holder[e]), Issuer: g.IDs.At(g.Issuer[e]), Rows: 1, Shares: r.shares(r.units[e-1])}
		for ; e < len(g.Holder) && g.Holder[e] == g.Holder[e-1] && g.Issuer[e] == g.Issuer[e-1]; e++ {
			s.Rows++
			if len(out.First) < maxJoined {
				s.Shares = s.Shares.Add(r.shares(r.units[e]))
			}
		}
		out.Rows += s.Rows - 1
		if len(out.First) < maxJoined {
			out.First = append(out.First, s)
		}
	}
	return out
}

package beam

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// packShard sends the rows of components that fit to the bin of the component. A bin is solved
// as one register, which has the answers of its components.
func packShard(w *worker, _ []record) error {
	kept, err := w.kept("labels")
	if err != nil {
		return err
	}
	rows, err := w.kept("rows")
	if err != nil {
		return err
	}
	label := labels(kept)
	for _, r := range rows {
		company := r[3]
		if r[0] == stakeRow {
			company = r[4]
		}
		l := label(company)
		if _, giant := slices.BinarySearch(w.Giants, l); !giant {
			w.out.put(place(l, w.Bins), r...)
		}
	}
	return nil
}

// solved are the figures of a bin.
type solved struct {
	Owners    []string // of the question, who occur in the bin
	Undecided []string // figures whose digits the bounds do not decide
}

// solveBin answers for the components of a bin.
func solveBin(w *worker, in []record) error {
	sortRows(in)
	a, err := newSheet(in, false).read(w)
	if err != nil {
		return err
	}
	if w.Control {
		if err := w.answer("control", func(put func(...string) error) error { return w.control(a, put) }); err != nil {
			return err
		}
	}
	var found solved
	if len(w.Owners) > 0 {
		err = w.answer("holdings", func(put func(...string) error) error {
			found.Owners, err = w.holdings(a, put)
			return err
		})
	}
	if err != nil {
		return err
	}
	return w.note("solved", found)
}

// answer writes the rows of an answer, which come in order.
func (w *worker) answer(name string, rows func(put func(...string) error) error) error {
	return create(w.ctx, w.path("answers/"+name, w.shard), func(to io.Writer) error {
		out := csv.NewWriter(to)
		if err := rows(func(row ...string) error { return out.Write(row) }); err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	})
}

// control lists all pairs of control.
func (w *worker) control(a *crossholding.Alliance, put func(...string) error) error {
	c, err := a.Control(w.ctx, crossholding.ControlOptions{})
	if err != nil {
		return err
	}
	for p, err := range c.Pairs(w.ctx) {
		if err == nil {
			err = put(p.Controller, p.Company)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holdings lists what the owners of the question have, and returns those who occur.
func (w *worker) holdings(a *crossholding.Alliance, put func(...string) error) (known []string, err error) {
	c, err := certified(w.ctx, a, w.Places, ratio.HalfEven, false)
	if err != nil {
		return nil, err
	}
	for _, owner := range w.Owners {
		row, err := c.Holdings(w.ctx, owner)
		if errors.Is(err, crossholding.ErrUnknown) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("holdings of %s: %w", owner, err)
		}
		known = append(known, owner)
		for company, share := range row.All() {
			if err := put(owner, company, share.StringFixed(int32(w.Places))); err != nil {
				return nil, err
			}
		}
	}
	return known, nil
}

// certified is the ownership of a register in decimals.
func certified(ctx context.Context, a *crossholding.Alliance, places int, mode ratio.Rounding, first bool) (*crossholding.CertifiedOwnership, error) {
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		return nil, err
	}
	return o.Certified(crossholding.CertifiedOptions{Places: places, Rounding: mode, FirstPassage: first})
}

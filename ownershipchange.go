package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// WithChanges returns the ownership with some stakes changed. It does not change o. A change has a
// Holder, an Issuer and the Shares of the whole stake after the change, 0 for none. Of a company
// known only in percent, a share is a percentage point. Its other fields must be empty. The holder
// owns these shares for its own money, and the issuer must have one class of shares. The result
// shares with o all data that the changes leave as they are. All faults of the changes are returned
// in one error.
func (o *Ownership) WithChanges(ctx context.Context, changes ...Stake) (*Ownership, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	o = o.orEmpty()
	var f faults
	g := &o.a.graph
	columns := map[int32]*changedStakes{}
	for i, x := range changes {
		at := fmt.Sprintf("changes[%d]", i)
		holder, float, err := o.a.holder(x.Holder)
		c, err2 := o.a.company(x.Issuer)
		if err != nil || err2 != nil {
			for _, e := range []error{err, err2} {
				if e != nil {
					f.Add(at, ErrUnknown, "%s", told.Reason(e))
				}
			}
			continue
		}
		shares, err := ratio.ParseNumber(string(x.Shares))
		switch {
		case x.Percent != "" && o.a.Graph().InPercent(c):
			f.Add(at+".percent", ErrRange, "%s in %s: write percentage points in Shares, as %s is known only in percent", x.Holder, x.Issuer, x.Issuer)
		case x.Percent != "":
			f.Add(at+".percent", ErrRange, "%s in %s: write the number of shares in Shares, not percent", x.Holder, x.Issuer)
		case x.Shares == "" && !hasMore(x):
			f.Add(at+".shares", ErrMissing, "%s in %s: no Shares: write the shares after the change, 0 for none", x.Holder, x.Issuer)
		case hasMore(x):
			f.Add(at, ErrRange, "%s in %s: a change has a holder, an issuer and shares, and no more", x.Holder, x.Issuer)
		case err != nil:
			f.Check(at+".shares", err)
		case shares.Sign() < 0:
			f.Add(at+".shares", ErrRange, "%s in %s: %s is negative", x.Holder, x.Issuer, x.Shares)
		case float:
			f.Add(at+".holder", ErrRange, "%s is what the others leave: change their stakes", x.Holder)
		case holder == c:
			f.Add(at+".holder", ErrSelfStake, "%s cannot hold a stake in itself: its own shares are its treasury", x.Holder)
		case g.Dividends.Outstanding(c).IsZero():
			f.Add(at+".issuer", ErrRange, "%s earns for nobody: it has no outstanding shares with a dividend", x.Issuer)
		case !o.a.oneClass(c):
			f.Add(at+".issuer", ErrRange, "%s has several classes of shares", x.Issuer)
		default:
			if columns[c] == nil {
				columns[c] = o.column(c)
			}
			columns[c].set(holder, shares)
		}
	}
	var list []exact.Change
	for _, c := range sortedKeys(columns) {
		w := columns[c]
		w.index()
		if over := w.held().Sub(w.total); over.Sign() > 0 {
			f.Add("companies."+g.IDs.At(c), ErrOverAllocated, "%s: holders would have %s of %s outstanding shares: %s too many",
				g.IDs.At(c), w.held(), w.total, over)
			continue
		}
		list = append(list, w.change(c))
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	solver, err := o.solver.With(list...)
	if err != nil {
		return nil, nameSolverError(o.a, err)
	}
	out := &Ownership{a: o.a, solver: solver, changed: maps.Clone(o.changed), strict: o.strict}
	if out.changed == nil {
		out.changed = make(map[int32]*changedStakes, len(columns))
	}
	maps.Copy(out.changed, columns)
	if err := out.check(ctx); err != nil {
		return nil, err
	}
	return out, nil
}

// column returns a copy of the stakes in c, to be changed.
func (o *Ownership) column(c int32) *changedStakes {
	if w := o.changed[c]; w != nil {
		return &changedStakes{holder: slices.Clone(w.holder), owner: slices.Clone(w.owner), shares: slices.Clone(w.shares), total: w.total, issued: w.issued}
	}
	g := &o.a.graph
	from, to := g.Column(c)
	w := &changedStakes{holder: slices.Clone(g.Holder[from:to]), owner: slices.Clone(g.Beneficiary[from:to]), shares: make([]ratio.Ratio, to-from),
		total: g.Capital.Outstanding(c), issued: g.Capital.Issued(c)}
	for e := from; e < to; e++ {
		w.shares[e-from] = g.Stake(&g.Capital, e)
	}
	return w
}

// set gives a holder that many shares of its own.
func (w *changedStakes) set(holder int32, shares ratio.Ratio) {
	done := false
	for i, h := range w.holder {
		if h == holder && w.owner[i] == holder {
			w.shares[i] = shares
			if done {
				w.shares[i] = ratio.Ratio{} // the holder had two stakes; keep one
			}
			done = true
		}
	}
	if !done {
		w.holder, w.owner, w.shares = append(w.holder, holder), append(w.owner, holder), append(w.shares, shares)
	}
}

// index sorts the stakes for by.
func (w *changedStakes) index() {
	w.byHolder, w.byOwner = sorted(w.holder), sorted(w.owner)
}

// sorted returns the positions of a list in the order of its values.
func sorted(list []int32) []int32 {
	order := make([]int32, len(list))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(list[a], list[b]) })
	return order
}

// change returns the stakes in whole units for the solver.
func (w *changedStakes) change(c int32) exact.Change {
	x := exact.Change{Node: c, Rows: w.owner}
	column := &graph.Weighting{Units: make([]int64, len(w.shares)), TotalUnits: make([]int64, 1), TreasuryUnits: make([]int64, 1), Scale: make([]uint8, 1)}
	column.Store(0, 0, w.shares, w.total, ratio.Ratio{})
	if wide := column.Big[0]; wide != nil {
		units, total, _ := wide.Integers()
		x.Wide = &matrix.WideColumn{Total: total, Units: units}
		return x
	}
	x.Units, x.Total = column.Units, column.TotalUnits[0]
	return x
}

func (a *Alliance) oneClass(c int32) bool {
	rec := a.bookCompany(c)
	return rec == nil || len(rec.classes) == 1
}

func sortedKeys[V any](m map[int32]V) []int32 {
	keys := make([]int32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// hasMore reports whether a stake says more than who has how many shares of whom.
func hasMore(x Stake) bool {
	return len(x.Lots) > 0 || !reflect.DeepEqual(x, Stake{Holder: x.Holder, Issuer: x.Issuer, Shares: x.Shares, Lots: x.Lots})
}

package register

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// reader gathers the rows of both files as columns, in order of appearance.
// Companies and holders have the numbers of their ids in the string table.
type reader struct {
	Faults
	ids       *intern.Table
	companies int // the number of companies; their ids come first

	listed intern.List[company]  // by company
	exact  map[int32]figures     // of companies whose figures are not small whole numbers
	own    map[int32]ratio.Ratio // shares that a company is listed to hold in itself

	stakes      intern.List[stake] // in order of rows
	issuer      int32              // of the last stake
	inOrder     bool               // the last issuers are in the order of the companies' file
	units       []int64            // of the stakes in order of the graph, once they are placed
	exactShares []ratio.Ratio      // shares that are not small whole numbers

	maxStakes int      // so that a stake has a number of 31 bits
	workers   int      // goroutines that parse or index at the same time
	hashes    []uint64 // scratch
}

// newReader returns a reader that has read nothing.
func newReader(workers int) *reader {
	return &reader{ids: intern.New(), exact: map[int32]figures{}, own: map[int32]ratio.Ratio{}, maxStakes: math.MaxInt32 - 1, workers: workers}
}

// company has the figures of one company: shares, shares, votes per share. If a figure is
// not a whole number below the bound of counts, issued is -1 and the figures are in exact.
type company struct{ issued, treasury, votes int64 }

// stake is one row of the stakes' file.
type stake struct {
	holder, issuer int32
	units          int64 // shares; ^k stands for exactShares[k] of the reader
}

// figures are the numbers that a register gives of one company.
type figures struct {
	issued, treasury ratio.Ratio // shares
	votes            ratio.Ratio // per share
}

func (f figures) outstanding() ratio.Ratio { return f.issued.Sub(f.treasury) }

// maxVotes bounds the votes per share of a company that is not in exact.
const maxVotes = 1 << 20

// companyFields and stakeFields are the numbers of fields of a row.
const companyFields, stakeFields = 4, 3

// readCompanies reads the companies' file.
func (r *reader) readCompanies(ctx context.Context, in io.Reader) error {
	t, err := openTable(in, r.workers, "companies", "id", "issued", "treasury", "votes")
	if err != nil {
		return err
	}
	return t.each(ctx, r, func(p *piece, from, to int) {
		r.hashes = r.hashes[:0]
		for i := range p.rows[from:to] {
			r.hashes = append(r.hashes, p.rows[from+i].first)
		}
		r.ids.Prefetch(r.hashes)
		for i := from; i < to; i++ {
			r.company(p, i)
		}
	})
}

// company adds the company of row i.
func (r *reader) company(p *piece, i int) {
	row := &p.rows[i]
	place := func() string { return fmt.Sprintf("companies:%d", p.line+int(row.line)) }
	id := p.bytes(i, companyFields, 0)
	if row.flags&noHolder != 0 {
		r.add(place(), OutOfRange, "id %q is empty or reserved", string(id))
		return
	}
	c := r.number(place, id, row)
	if int(c) < r.companies {
		r.add(place(), Repeated, "company %q is given twice", string(id))
		return
	}
	issued, treasury, votes := row.count, int64(0), int64(1)
	if s := p.bytes(i, companyFields, 2); len(s) > 0 {
		treasury = count(s)
	}
	if s := p.bytes(i, companyFields, 3); len(s) > 0 {
		votes = count(s)
	}
	if issued < 0 || treasury < 0 || votes < 0 || votes > maxVotes {
		issued = -1
		r.exact[c] = r.figures(place(), p, i)
	} else if treasury > issued {
		r.add(place(), OutOfRange, "%s: treasury %d of only %d issued", string(id), treasury, issued)
	}
	r.listed.Add(company{issued, treasury, votes})
	r.companies = r.ids.Len()
}

// number returns the number of a row's first field, an id. It checks an id that is new.
func (r *reader) number(place func() string, id []byte, row *row) int32 {
	known := r.ids.Len()
	i, ok := r.ids.Add(id, row.first)
	if !ok {
		r.add(place(), TooLarge, "no room for the id %q", text.Truncate(string(id), 60))
	} else if row.flags&plainID == 0 && r.ids.Len() > known {
		if fault := ident.Fault(string(id)); fault != "" {
			r.add(place(), OutOfRange, "id %s", fault)
		}
	}
	return i
}

// figures reads the figures of a company that are not all small whole numbers.
func (r *reader) figures(place string, p *piece, i int) figures {
	id, issued := string(p.bytes(i, companyFields, 0)), string(p.bytes(i, companyFields, 1))
	f := figures{
		issued:   r.figure(place+".issued", issued, ratio.Ratio{}),
		treasury: r.figure(place+".treasury", string(p.bytes(i, companyFields, 2)), ratio.Ratio{}),
		votes:    r.figure(place+".votes", string(p.bytes(i, companyFields, 3)), ratio.Int(1)),
	}
	if issued == "" {
		r.add(place+".issued", Missing, "%s: how many shares are issued?", id)
	} else if f.issued.Less(f.treasury) {
		r.add(place, OutOfRange, "%s: treasury %s of only %s issued", id, f.treasury, f.issued)
	}
	return f
}

// figure reads a number that must not be negative. An empty text means def.
func (r *reader) figure(place, s string, def ratio.Ratio) ratio.Ratio {
	if s == "" {
		return def
	}
	x, err := ratio.ParseNumber(s)
	if err != nil {
		reason := err.Error()
		if bad := (*ratio.ParseError)(nil); errors.As(err, &bad) {
			reason = bad.Message()
		}
		r.add(place, NotNumber, "%s", reason)
		return def
	}
	if x.Sign() < 0 {
		r.add(place, OutOfRange, "%s is negative", s)
		return def
	}
	return x
}

// readStakes reads the stakes' file. The companies must have been read.
func (r *reader) readStakes(ctx context.Context, in io.Reader) error {
	t, err := openTable(in, r.workers, "stakes", "holder", "issuer", "shares")
	if err != nil {
		return err
	}
	return r.stakesOf(ctx, t)
}

// stakesOf reads the rows of the stakes' file.
func (r *reader) stakesOf(ctx context.Context, t *table) error {
	return t.each(ctx, r, func(p *piece, from, to int) {
		r.hashes = r.hashes[:0]
		for i := from; i < to; i++ {
			row := &p.rows[i]
			r.hashes = append(r.hashes, row.first)
			if !r.inOrder && row.flags&sameSecond == 0 {
				r.hashes = append(r.hashes, row.second)
			}
		}
		r.ids.Prefetch(r.hashes)
		known := false
		for i := from; i < to; i++ {
			if i == from || p.rows[i].flags&sameSecond == 0 {
				known = r.findIssuer(p.bytes(i, stakeFields, 1), p.rows[i].second)
			}
			r.stake(p, i, r.issuer, known)
		}
	})
}

// findIssuer sets the reader's issuer to the company with an id. It returns false if
// there is none. Registers often list issuers in the order of the companies' file, so
// it looks at the next company first if the last issuers were in this order.
func (r *reader) findIssuer(id []byte, hash uint64) bool {
	last := r.issuer
	if r.inOrder && int(last)+1 < r.companies && bytes.Equal(r.ids.At(last+1), id) {
		r.issuer++
		return true
	}
	c, ok := r.ids.Lookup(id, hash)
	if !ok || int(c) >= r.companies {
		return false
	}
	r.issuer, r.inOrder = c, last <= c && c < last+16
	return true
}

// stake adds the stake of row i in an issuer, which is known to be a company or not.
func (r *reader) stake(p *piece, i int, issuer int32, known bool) {
	row := &p.rows[i]
	place := func() string { return fmt.Sprintf("stakes:%d", p.line+int(row.line)) }
	field := func(k int) string { return string(p.bytes(i, stakeFields, k)) }
	switch {
	case !known:
		r.add(place(), Unknown, "issuer %q is not among the companies", field(1))
		return
	case row.flags&noHolder != 0:
		r.add(place(), OutOfRange, "holder %q is empty or reserved", field(0))
		return
	}
	n := row.count
	if n < 0 {
		var ok bool
		if n, ok = r.exactCount(field(2)); !ok {
			r.add(place(), NotNumber, "%s in %s: %q is not a number of shares", field(0), field(1), text.Truncate(field(2), 60))
			return
		}
	}
	if row.flags&sameBoth != 0 {
		r.own[issuer] = r.own[issuer].Add(r.shares(n))
		return
	}
	holder := r.number(place, p.bytes(i, stakeFields, 0), row)
	switch {
	case n == 0: // the holder is known, but holds nothing
	case r.stakes.Len >= r.maxStakes:
		r.add(place(), TooLarge, "a register has at most %d stakes", r.maxStakes)
	default:
		r.stakes.Add(stake{holder, issuer, n})
	}
}

// exactCount returns the units of a number of shares that is no count.
func (r *reader) exactCount(s string) (units int64, ok bool) {
	x, err := ratio.ParseNumber(s)
	if err != nil || x.Sign() < 0 {
		return 0, false
	}
	if x.IsZero() {
		return 0, true
	}
	r.exactShares = append(r.exactShares, x)
	return ^int64(len(r.exactShares) - 1), true
}

// shares returns the shares that units stand for.
func (r *reader) shares(units int64) ratio.Ratio {
	if units < 0 {
		return r.exactShares[^units]
	}
	return ratio.Int(units)
}

// parseCount reads a whole number that leaves room for sums. It returns false for
// any other text.
func parseCount(s []byte) (int64, bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, n < graph.MaxUnits
}

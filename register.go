package crossholding

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// RegisterOptions says how a register is read. The zero value is the default.
type RegisterOptions struct {
	AsOf    date.Date
	Country string // of every company, for the statutes; none if empty
	// OverAllocated says what to do with companies of which more is held
	// than is outstanding; by default they are an error.
	OverAllocated Excess
	// Agreements among the holders.
	Agreements []Agreement
}

// Excess is a way to treat a company of which more is held than is outstanding.
type Excess string

// The ways.
const (
	ExcessError    Excess = ""          // reject the register
	ExcessKeepOut  Excess = "keep out"  // count the stakes in it as 0: all of it is then its float
	ExcessScaleOff Excess = "scale off" // shrink its stakes pro rata to what is outstanding
)

// Register is a register that was read: the alliance, and what was wrong with
// companies that it kept out or scaled. Get it from [ReadRegister]; the zero
// value is not ready for use. It is immutable and safe for concurrent use.
type Register struct {
	*Alliance
	OverAllocated []OverAllocation // sorted by company
}

// OverAllocation is a company of which more is held than is outstanding.
type OverAllocation struct {
	Company           string
	Held, Outstanding ratio.Ratio // shares
}

// ReadRegister reads a pair of CSV files: companies with the header
// id,issued,treasury,votes (shares, shares, votes per share; the last two may
// be empty, for 0 and 1) and stakes with the header holder,issuer,shares. A
// holder that is no company is an outside owner and needs no row. It streams:
// rows become index arrays, never structs.
//
// A bad row is a fault that names it; the first 1,000 are kept and the rest
// counted, so that memory stays bounded. The work ends with ctx's error within
// 50 ms of its end; [WithProgress] has its progress told.
func ReadRegister(ctx context.Context, companies, stakes io.Reader, opt RegisterOptions) (*Register, error) {
	ctx = orBackground(ctx)
	r := &registerReader{opt: opt, ids: newInterner()}
	r.date("AsOf", opt.AsOf)
	var p parser
	p.country("Country", opt.Country)
	r.list = append(r.list, p.list...)
	if err := r.companies(ctx, companies); err != nil {
		return nil, err
	}
	if err := r.stakes(ctx, stakes); err != nil {
		return nil, err
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return r.build(ctx)
}

// registerReader gathers rows as columns in order of appearance.
type registerReader struct {
	faults
	opt RegisterOptions

	ids   *interner
	firms int   // the first of ids are companies
	last  int32 // issuer of the stake before: registers come in that order

	whole []int64 // of each company: issued; -1 if not a plain whole number
	own   []int64 // of each company: treasury
	votes []int64 // of each company: votes per share

	holder, issuer []int32
	units          []int64       // of each stake: shares; ^k if they are odd[k]
	odd            []ratio.Ratio // shares that are not plain whole numbers
	oddFirms       map[int32]classRec
}

// block is some rows read ahead: fields of consecutive records, and of each
// record its line and the hash of its first field, an id.
type block struct {
	fields []string
	lines  []int32
	hashes []uint64
	faults []Fault
	err    error // the last block's: io.EOF at the end of the file
}

// blockRows is few enough that what warm loads for a block is still in the cache
// when its rows are read.
const blockRows = 256

// maxRow bounds the bytes of one row: a quote that is never closed would
// otherwise take the whole file for one field.
const maxRow = 1 << 20

// rowBound is a reader that gives no more than left bytes.
type rowBound struct {
	r    io.Reader
	left int
}

func (b *rowBound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("a row of over %d bytes: %w", maxRow, ErrTooLarge)
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

// readBlocks parses the file on its own goroutine, so that parsing and indexing
// go on at once, until it ends, fails or done is closed.
func readBlocks(cr *csv.Reader, bound *rowBound, seed maphash.Seed, width int, stage string, blocks chan<- block, done <-chan struct{}) {
	for {
		b := block{
			fields: make([]string, 0, blockRows*width), lines: make([]int32, 0, blockRows), hashes: make([]uint64, 0, blockRows),
		}
		for len(b.lines) < blockRows && len(b.faults) < blockRows && b.err == nil {
			bound.left = maxRow
			rec, err := cr.Read()
			var bad *csv.ParseError
			switch {
			case err == nil:
				line, _ := cr.FieldPos(0)
				b.fields, b.lines = append(b.fields, rec...), append(b.lines, int32(line))
				b.hashes = append(b.hashes, maphash.String(seed, rec[0]))
			case errors.As(err, &bad):
				b.faults = append(b.faults, Fault{fmt.Sprintf("%s:%d", stage, bad.Line), bad.Err.Error(), ErrSyntax})
			default:
				b.err = err
			}
		}
		select {
		case blocks <- b:
		case <-done:
			return
		}
		if b.err != nil {
			return
		}
	}
}

// rows calls row for every record after the header.
func (r *registerReader) rows(ctx context.Context, in io.Reader, stage string, header []string, row func(line int, rec []string, hash uint64)) error {
	bound := &rowBound{r: text.SkipBOM(in), left: maxRow}
	cr := csv.NewReader(bound)
	cr.ReuseRecord = true
	cr.FieldsPerRecord = len(header)
	first, err := cr.Read()
	var bad *csv.ParseError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &bad) {
		return fmt.Errorf("crossholding: %s: %w", stage, err)
	}
	if err != nil || !slices.Equal(first, header) {
		return fmt.Errorf("crossholding: %s: the header is %q, not %q: %w", stage,
			abbreviate(strings.Join(first, ",")), strings.Join(header, ","), ErrSyntax)
	}
	blocks, done := make(chan block, 64), make(chan struct{})
	defer close(done)
	go readBlocks(cr, bound, r.ids.seed, len(header), stage, blocks, done)
	heard := progress.Count(ctx, stage, 1)
	for n := 0; ; {
		var b block
		select {
		case b = <-blocks:
		case <-ctx.Done():
		}
		if err := r.alive(ctx, stage, n); err != nil {
			return err
		}
		for _, f := range b.faults {
			r.add(f.Place, f.Kind, "%s", f.Reason)
		}
		r.ids.warm(b.hashes)
		for i, line := range b.lines {
			row(int(line), b.fields[i*len(header):(i+1)*len(header)], b.hashes[i])
		}
		n += len(b.lines)
		heard.At(n)
		if errors.Is(b.err, io.EOF) {
			return nil
		}
		if b.err != nil {
			return fmt.Errorf("crossholding: %s row %d: %w", stage, n, b.err)
		}
	}
}

func (r *registerReader) alive(ctx context.Context, stage string, n int) error {
	if ctx.Err() != nil {
		return fmt.Errorf("crossholding: %s row %d: %w", stage, n, context.Cause(ctx))
	}
	return nil
}

func (r *registerReader) companies(ctx context.Context, in io.Reader) error {
	r.oddFirms = map[int32]classRec{}
	return r.rows(ctx, in, "companies", []string{"id", "issued", "treasury", "votes"}, func(line int, rec []string, hash uint64) {
		place := func() string { return fmt.Sprintf("companies:%d", line) }
		id := rec[0]
		if id == "" || ident.Reserved(id) {
			r.add(place(), ErrRange, "id %q is empty or reserved", id)
			return
		}
		i := r.intern(place, id, hash)
		if int(i) < r.firms {
			r.add(place(), ErrDuplicate, "company %q is given twice", id)
			return
		}
		issued, ok1 := plainCount(rec[1])
		treasury, ok2 := plainCount(cmp.Or(rec[2], "0"))
		votes, ok3 := plainCount(cmp.Or(rec[3], "1"))
		if !ok1 || !ok2 || !ok3 || votes > 1<<20 {
			issued = -1
			r.oddCompany(place(), i, rec)
		} else if treasury > issued {
			r.add(place(), ErrRange, "%s: treasury %d of only %d issued", id, treasury, issued)
		}
		r.whole, r.own, r.votes = append(r.whole, issued), append(r.own, treasury), append(r.votes, votes)
		r.firms = r.ids.len()
	})
}

// oddCompany reads a company whose numbers are not plain whole ones.
func (r *registerReader) oddCompany(place string, i int32, rec []string) {
	var p parser
	k := classRec{
		name:     defaultClass,
		issued:   p.number(place+".issued", ratio.Number(rec[1]), ratio.Ratio{}),
		treasury: p.number(place+".treasury", ratio.Number(rec[2]), ratio.Ratio{}),
		votes:    p.number(place+".votes", ratio.Number(rec[3]), ratio.Int(1)),
		dividend: ratio.Int(1),
	}
	if rec[1] == "" {
		p.add(place+".issued", ErrMissing, "%s: how many shares are issued?", r.ids.at(i))
	} else if k.issued.Less(k.treasury) {
		p.add(place, ErrRange, "%s: treasury %s of only %s issued", r.ids.at(i), k.treasury, k.issued)
	}
	for _, f := range p.list {
		r.add(f.Place, f.Kind, "%s", f.Reason)
	}
	r.oddFirms[i] = k
}

// plainCount reads a whole number that leaves room for sums.
func plainCount(s string) (int64, bool) {
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

func (r *registerReader) intern(place func() string, id string, hash uint64) int32 {
	known := r.ids.len()
	i, ok := r.ids.add(id, hash)
	if !ok {
		r.add(place(), ErrTooLarge, "no room for the id %q", abbreviate(id))
	} else if r.ids.len() > known {
		if fault := ident.Fault(id); fault != "" {
			r.add(place(), ErrRange, "id %s", fault)
		}
	}
	return i
}

func (r *registerReader) stakes(ctx context.Context, in io.Reader) error {
	return r.rows(ctx, in, "stakes", []string{"holder", "issuer", "shares"}, func(line int, rec []string, hash uint64) {
		place := func() string { return fmt.Sprintf("stakes:%d", line) }
		c, ok := r.last, r.firms > 0
		if ok && string(r.ids.at(c)) != rec[1] {
			c, ok = r.ids.lookup(rec[1])
		}
		switch {
		case !ok || int(c) >= r.firms:
			r.add(place(), ErrUnknown, "issuer %q is not among the companies", rec[1])
			return
		case rec[0] == rec[1]:
			r.add(place(), ErrSelfStake, "%s cannot hold a stake in itself: its own shares are its treasury", rec[0])
			return
		case rec[0] == "" || ident.Reserved(rec[0]):
			r.add(place(), ErrRange, "holder %q is empty or reserved", rec[0])
			return
		}
		r.last = c
		n, ok := plainCount(rec[2])
		if !ok {
			x, err := ratio.ParseNumber(rec[2])
			if err != nil || x.Sign() < 0 {
				r.add(place(), ratio.ErrNumber, "%s in %s: %q is no number of shares", rec[0], rec[1], abbreviate(rec[2]))
				return
			}
			if !x.IsZero() {
				n = ^int64(len(r.odd))
				r.odd = append(r.odd, x)
			}
		}
		who := r.intern(place, rec[0], hash)
		if n == 0 {
			return // a stake of nothing is none, as in a book
		}
		r.holder = append(r.holder, who)
		r.issuer = append(r.issuer, c)
		r.units = append(r.units, n)
	})
}

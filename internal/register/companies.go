package register

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/ratio"
)

// company has the figures of one company: shares, shares, votes per share. If a figure is
// not a whole number below the bound of counts, issued is -1 and the figures are in exact.
type company struct{ issued, treasury, votes int64 }

// figures are the numbers that a register gives of one company.
type figures struct {
	issued, treasury ratio.Ratio // shares
	votes            ratio.Ratio // per share
}

func (f figures) outstanding() ratio.Ratio { return f.issued.Sub(f.treasury) }

// maxVotes bounds the votes per share of a company that is not in exact.
const maxVotes = 1 << 20

// companyFields is the number of fields of a row of the companies' file.
const companyFields = 4

// idBlock has the ids of companies whose rows follow one another in the file.
type idBlock struct {
	first  int32    // the number of the first company
	starts []uint32 // where each id begins in text, and the end of the last
	text   []byte
	line   int     // of the file, of the piece with these rows
	lines  []int32 // of the piece: of each company
}

func (b *idBlock) at(k int) []byte { return b.text[b.starts[k]:b.starts[k+1]] }

// blockOf returns the block that has company c.
func (r *reader) blockOf(c int32) int {
	i, ok := slices.BinarySearchFunc(r.blocks, c, func(b *idBlock, c int32) int { return int(b.first - c) })
	if !ok {
		i--
	}
	return i
}

// idOf returns the id of company c, and the line of its row.
func (r *reader) idOf(c int32) (id string, line int) {
	b := r.blocks[r.blockOf(c)]
	return string(b.at(int(c - b.first))), b.line + int(b.lines[c-b.first])
}

// companyPiece is what becomes of a piece of the companies' file.
type companyPiece struct {
	ids   *idBlock
	list  []company   // of the companies of ids
	to    [][]company // where the figures belong
	taken int         // companies that were taken, all or none
}

// companyRows fills in the rows of the companies' file. Which companies are given twice is known
// only after the last row. So what is wrong or unusual waits until then.
type companyRows struct {
	*reader
	later []laterRow
}

// laterRow is a row that is looked at after the last one.
type laterRow struct {
	line   int
	number int32 // of the company, or -1 if the row has none
	reason string
	fields [companyFields]string
}

// readCompanies reads the companies' file.
func (r *reader) readCompanies(ctx context.Context, in io.Reader) error {
	t, err := openTable(ctx, in, r.workers, "companies", "id", "issued", "treasury", "votes")
	if err != nil {
		return err
	}
	rows := &companyRows{reader: r}
	err = t.each(ctx, rows)
	if err != nil && !errors.As(err, new(Fault)) {
		return err
	}
	return cmp.Or(await.Run(ctx, rows.finish), err)
}

// The flags of a row.
const (
	noHolder  = 1 << iota // the first field is empty or reserved
	faultyID              // the first field has a fault as an id
	notNumber             // the last field is no number of shares
	noIssuer              // the second field is no company
	ownShares             // the first field is the second
)

// idFlags returns the flags of an id.
func idFlags(id []byte) uint8 {
	switch {
	case len(id) == 0 || ident.Reserved(id):
		return noHolder
	case !ident.Sound(id):
		return faultyID
	}
	return 0
}

func (f *companyRows) describe(p *piece) {
	b := &idBlock{line: p.line}
	size := 0
	for i := range p.rows {
		id := p.bytes(i, companyFields, 0)
		p.rows[i].flags = idFlags(id)
		if p.rows[i].flags&noHolder == 0 {
			size += len(id)
		}
	}
	b.text, b.starts = make([]byte, 0, size), make([]uint32, 1, len(p.rows)+1)
	b.lines, p.companies.list = make([]int32, 0, len(p.rows)), p.companies.list[:0]
	for i := range p.rows {
		row, k := &p.rows[i], p.company(i)
		if row.flags&noHolder == 0 {
			b.text = append(b.text, p.bytes(i, companyFields, 0)...)
			b.starts, b.lines = append(b.starts, uint32(len(b.text))), append(b.lines, row.line)
			p.companies.list = append(p.companies.list, k)
		}
		if row.flags != 0 || k.issued < 0 || k.treasury > k.issued {
			p.odd = append(p.odd, int32(i))
		}
	}
	p.companies.ids = b
}

// company returns the figures of the company of row i. If they are not small whole numbers,
// issued is -1.
func (p *piece) company(i int) company {
	k := company{count(p.bytes(i, companyFields, 1)), 0, 1}
	if s := p.bytes(i, companyFields, 2); len(s) > 0 {
		k.treasury = count(s)
	}
	if s := p.bytes(i, companyFields, 3); len(s) > 0 {
		k.votes = count(s)
	}
	if k.treasury < 0 || k.votes < 0 || k.votes > maxVotes {
		k.issued = -1
	}
	return k
}

func (f *companyRows) take(p *piece) {
	b := p.companies.ids
	n := len(b.lines)
	p.companies.taken = 0
	if n == 0 {
		return
	}
	if n > math.MaxInt32-1-f.companies {
		f.full = true
		return
	}
	b.first, p.companies.taken = int32(f.companies), n
	f.blocks = append(f.blocks, b)
	f.companies += n
	p.companies.to = f.listed.Extend(n, p.err == nil)
}

func (f *companyRows) fill(w int, p *piece) {
	if p.companies.taken == 0 {
		return
	}
	list, b, writer := p.companies.list, p.companies.ids, f.ids.Writer(w)
	for _, to := range p.companies.to {
		list = list[copy(to, list):]
	}
	for k := range b.lines {
		id := b.at(k)
		writer.Put(f.ids.Hash(id), uint32(int(b.first)+k), id)
	}
}

func (f *companyRows) odd(p *piece, i int) {
	later := laterRow{line: p.line + int(p.rows[i].line), number: -1}
	for k := range later.fields {
		later.fields[k] = string(p.bytes(i, companyFields, k))
	}
	if p.rows[i].flags&noHolder == 0 {
		b := p.companies.ids
		k, _ := slices.BinarySearch(b.lines, p.rows[i].line)
		later.number = b.first + int32(k)
	}
	f.later = append(f.later, later)
}

func (f *companyRows) bad(line int, reason string) {
	f.later = append(f.later, laterRow{line: line, number: -1, reason: reason})
}

// finish looks at the rows that waited, in order, when it knows which companies are given twice.
func (f *companyRows) finish() {
	again, ok := f.ids.Define(f.workers)
	f.clean()
	if !ok || f.full {
		f.add("companies", TooLarge, "no room for the ids of so many companies")
		return
	}
	slices.Sort(again)
	twice := func() {
		id, line := f.idOf(int32(again[0]))
		f.add(fmt.Sprintf("companies:%d", line), Repeated, "company %q is given twice", id)
		again = again[1:]
	}
	for _, row := range f.later {
		for len(again) > 0 {
			if _, line := f.idOf(int32(again[0])); line >= row.line {
				break
			}
			twice()
		}
		if len(again) > 0 && row.number == int32(again[0]) {
			twice()
			continue
		}
		f.look(row)
	}
	for len(again) > 0 {
		twice()
	}
	f.later = nil
}

// look notes what is wrong with a row, or the figures of its company.
func (f *companyRows) look(row laterRow) {
	place, id := fmt.Sprintf("companies:%d", row.line), row.fields[0]
	switch {
	case row.reason != "":
		f.add(place, Syntax, "%s", row.reason)
		return
	case row.number < 0:
		f.add(place, OutOfRange, "id %q is empty or reserved", id)
		return
	}
	f.checkID(place, id)
	if k := f.listed.At(row.number); k.issued < 0 {
		f.exact[row.number] = f.figures(place, row.fields)
	} else if k.treasury > k.issued {
		f.add(place, OutOfRange, "%s: treasury %d of only %d issued", id, k.treasury, k.issued)
	}
}

// figures reads the figures of a company that are not all small whole numbers.
func (r *reader) figures(place string, fields [companyFields]string) figures {
	id, issued := fields[0], fields[1]
	f := figures{
		issued:   r.figure(place+".issued", issued, ratio.Ratio{}),
		treasury: r.figure(place+".treasury", fields[2], ratio.Ratio{}),
		votes:    r.figure(place+".votes", fields[3], ratio.Int(1)),
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

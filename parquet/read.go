package parquet

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	pq "github.com/parquet-go/parquet-go"
)

// File is a Parquet file: its bytes, and how many there are. An [os.File] and its Size of Stat
// make one.
type File struct {
	Bytes io.ReaderAt
	Size  int64 // in bytes
}

// Columns are the names of the columns of a register. A name that is empty stands for the name
// in the register's CSV form, which is the field's name in small letters. A column inside of a
// group is named by its path with dots. If a file has no column of the default name for Treasury
// or Votes, every company has 0 treasury shares or 1 vote a share.
type Columns struct {
	ID, Issued, Treasury, Votes string // of the companies
	Holder, Issuer, Shares      string // of the stakes
}

// Options says how a register is read. The zero value is the default.
type Options struct {
	Columns  Columns
	Register crossholding.RegisterOptions
}

// ReadRegister reads a register from a file of companies (id; issued and treasury in shares;
// votes of each share) and a file of stakes (holder, issuer, shares), as
// [crossholding.ReadRegister] reads it from CSV.
//
// Ids are text, whole numbers or UUIDs. Figures are decimal numbers as text, whole
// numbers or DECIMAL. A float is read if it is a whole number below 2^53 (2^24 for a
// FLOAT), because others need not be the figure that was meant. Nothing (null) is an empty
// field.
//
// A fault names the file and the row, as in "stakes row 12", where the first row is 1. A file
// that is not Parquet, or damaged, gives [ErrFormat], and a column that is missing or of another
// type [crossholding.ErrMissing] or [crossholding.ErrSyntax].
func ReadRegister(ctx context.Context, companies, stakes File, opt Options) (*crossholding.Alliance, error) {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, "parquet"); err != nil {
		return nil, err
	}
	c := opt.Columns
	files := []*table{
		{file: companies, name: "companies", header: "id,issued,treasury,votes", wanted: []wanted{
			{c.ID, "id", name, false}, {c.Issued, "issued", figure, false},
			{c.Treasury, "treasury", figure, true}, {c.Votes, "votes", figure, true},
		}},
		{file: stakes, name: "stakes", header: "holder,issuer,shares", wanted: []wanted{
			{c.Holder, "holder", name, false}, {c.Issuer, "issuer", name, false}, {c.Shares, "shares", figure, false},
		}},
	}
	var all faults
	for _, t := range files {
		if err := t.open(&all); err != nil {
			return nil, err
		}
	}
	if err := all.err(); err != nil {
		return nil, err
	}
	return build(ctx, files[0], files[1], opt.Register)
}

// build reads the rows of both files as CSV, without a file between.
func build(ctx context.Context, companies, stakes *table, opt crossholding.RegisterOptions) (*crossholding.Alliance, error) {
	var work sync.WaitGroup
	var ends []*io.PipeReader
	for _, t := range []*table{companies, stakes} {
		in, out := io.Pipe()
		ends = append(ends, in)
		work.Go(func() { out.CloseWithError(t.write(ctx, out)) })
	}
	a, err := crossholding.ReadRegister(ctx, ends[0], ends[1], opt)
	for _, in := range ends {
		in.CloseWithError(errEnough)
	}
	work.Wait()
	if err := progress.Stopped(ctx, "parquet"); err != nil {
		return nil, err
	}
	var form faults
	for _, t := range []*table{companies, stakes} {
		for _, f := range t.faults.Faults {
			form.add(f.Place, f.Kind, "%s", f.Reason)
		}
		form.More += t.faults.More
	}
	if err := form.err(); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, by(inRows(err))
	}
	return a, nil
}

// errEnough tells a writer that nobody reads the rest.
var errEnough = errors.New("the rest is not read")

// linePlace is the place of a fault, as in "companies:2.issued".
var linePlace = regexp.MustCompile(`^(companies|stakes):(\d+)\.?(.*)$`)

// inRows names rows of the files where err names lines of CSV. Line 1 is the heading, and every
// row is one line.
func inRows(err error) error {
	var e *crossholding.InputError
	if !errors.As(err, &e) {
		return err
	}
	out := &crossholding.InputError{More: e.More}
	for _, f := range e.Faults {
		if m := linePlace.FindStringSubmatch(f.Place); m != nil {
			line, err := strconv.Atoi(m[2])
			if err == nil {
				f.Place = strings.TrimSuffix(fmt.Sprintf("%s row %d, %s", m[1], line-1, m[3]), ", ")
			}
		}
		out.Faults = append(out.Faults, f)
	}
	return out
}

// A table is one of the files of a register.
type table struct {
	file    File
	name    string
	header  string // of its CSV form
	wanted  []wanted
	parquet *pq.File
	columns []*column // nil for a column that is not there
	faults  faults    // of rows that have no CSV form
}

// A wanted column is one that a register needs.
type wanted struct {
	given, usual string // its name
	role         role
	optional     bool
}

// open reads the file's metadata and finds its columns.
func (t *table) open(all *faults) (err error) {
	defer t.damaged(&err)
	if t.file.Bytes == nil {
		return fmt.Errorf("parquet: %s: no file: %w", t.name, ErrFormat)
	}
	if err := checkFooter(t.file); err != nil {
		return fmt.Errorf("parquet: %s: %w: %w", t.name, ErrFormat, err)
	}
	t.parquet, err = pq.OpenFile(t.file.Bytes, t.file.Size, pq.SkipPageIndex(true), pq.SkipBloomFilters(true))
	if err != nil {
		return fmt.Errorf("parquet: %s: %w: %w", t.name, ErrFormat, err)
	}
	schema := t.parquet.Schema()
	for _, w := range t.wanted {
		c, err := findColumn(schema, cmp.Or(w.given, w.usual), w.role)
		switch {
		case errors.Is(err, errNoColumn) && w.optional && w.given == "":
		case errors.Is(err, errNoColumn):
			all.add(t.name, crossholding.ErrMissing, "no column %q, but %s", cmp.Or(w.given, w.usual), columnNames(schema))
		case err != nil:
			all.add(t.name, crossholding.ErrSyntax, "%v", err)
		}
		t.columns = append(t.columns, c)
	}
	return nil
}

// checkFooter checks the size that a file states of its footer, because the decoder makes room
// for it.
func checkFooter(f File) error {
	const frame = 8 // the size of the footer, and a magic word
	if f.Size < frame {
		return fmt.Errorf("%d bytes: %w", f.Size, io.ErrUnexpectedEOF)
	}
	var end [frame]byte
	if _, err := f.Bytes.ReadAt(end[:], f.Size-frame); err != nil && err != io.EOF {
		return err
	}
	if size := int64(binary.LittleEndian.Uint32(end[:])); size > f.Size-frame {
		return fmt.Errorf("a footer of %d bytes in a file of %d", size, f.Size)
	}
	return nil
}

// damaged makes an error of a panic of the decoder, which trusts what a file says of itself.
func (t *table) damaged(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("parquet: %s: %w: %v", t.name, ErrFormat, r)
	}
}

// write writes the rows as CSV, each on one line. Rows with a fault are left out.
func (t *table) write(ctx context.Context, to io.Writer) (err error) {
	defer t.damaged(&err)
	out := bufio.NewWriterSize(to, 256<<10)
	fmt.Fprintln(out, t.header)
	row, line := 0, []byte(nil)
	for _, group := range t.parquet.RowGroups() {
		if err := t.writeGroup(ctx, group, out, &row, line); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (t *table) writeGroup(ctx context.Context, group pq.RowGroup, out *bufio.Writer, row *int, line []byte) error {
	defer func() {
		for _, c := range t.columns {
			if c != nil {
				c.close()
			}
		}
	}()
	for _, c := range t.columns {
		if c != nil {
			c.open(group)
		}
	}
	for n := group.NumRows(); n > 0; n-- {
		if *row++; *row%batch == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var err error
		if line, err = t.line(line[:0], *row); err != nil {
			return fmt.Errorf("%s row %d: %w: %w", t.name, *row, ErrFormat, err)
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// line appends the next row as a line of CSV, or nothing if the row has no such form.
func (t *table) line(to []byte, row int) ([]byte, error) {
	bad := false
	for i, c := range t.columns {
		if i > 0 {
			to = append(to, ',')
		}
		if c == nil {
			continue
		}
		v, err := c.next()
		if err != nil {
			return nil, err
		}
		if v.IsNull() {
			continue
		}
		start := len(to)
		if to, err = c.append(to, v); err != nil {
			bad = true
			t.faults.add(fmt.Sprintf("%s row %d", t.name, row), crossholding.ErrRange, "%s %v", c.name, err)
			continue
		}
		switch marks(to[start:]) {
		case lineEnds:
			bad = true
			t.faults.add(fmt.Sprintf("%s row %d", t.name, row), crossholding.ErrSyntax,
				"%s %s has the end of a line in it", c.name, strconv.QuoteToASCII(shortened(to[start:])))
		case separators:
			to = quoted(to, start)
		}
	}
	if bad {
		return to[:0], nil
	}
	return append(to, '\n'), nil
}

// shortened is the beginning of a text, for a message.
func shortened(b []byte) string {
	const most = 60
	return string(b[:min(len(b), most)])
}

// A mark is a kind of byte that has a meaning in CSV.
type mark uint8

const (
	separators mark = 1 + iota // the field needs quotes
	lineEnds                   // the field would take more than one line
)

var markOf = [256]mark{',': separators, '"': separators, '\r': lineEnds, '\n': lineEnds}

// marks returns the highest mark of the bytes of a field.
func marks(field []byte) (most mark) {
	for _, b := range field {
		most = max(most, markOf[b])
	}
	return most
}

// quoted puts the field of a line that begins at start into quotes.
func quoted(line []byte, start int) []byte {
	field := bytes.ReplaceAll(line[start:], []byte(`"`), []byte(`""`))
	return append(append(append(line[:start], '"'), field...), '"')
}

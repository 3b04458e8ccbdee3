package register

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
)

// batch holds some rows of a file that were read ahead.
type batch struct {
	fields []string // of all rows, one after the other
	lines  []int32  // of each row: its line in the file
	hashes []uint64 // of each row: the hash of its first field, an id
	faults []Fault
	err    error // set in the last batch: why reading ended; io.EOF at the end of the file
}

// batchRows is small enough that what prefetch loads for a batch is still in the
// cache when its rows are read.
const batchRows = 256

// maxRowBytes is the largest size of a row. Without it, a quote that is never closed
// would put the rest of the file into one field.
const maxRowBytes = 1 << 20

// limitReader fails after it has read left bytes. The caller resets left for each
// row.
type limitReader struct {
	r    io.Reader
	left int
}

func (l *limitReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, Fault{Reason: fmt.Sprintf("a row of over %d bytes", maxRowBytes), Kind: TooLarge}
	}
	n, err := l.r.Read(p)
	l.left -= n
	return n, err
}

// table reads the rows of one CSV file.
type table struct {
	file   string // "companies" or "stakes"
	header []string
	csv    *csv.Reader
	limit  *limitReader
}

// openTable reads the header of a file.
func openTable(in io.Reader, file string, header ...string) (*table, error) {
	limit := &limitReader{r: text.SkipBOM(in), left: maxRowBytes}
	t := &table{file: file, header: header, csv: csv.NewReader(limit), limit: limit}
	t.csv.ReuseRecord = true
	t.csv.FieldsPerRecord = len(header)
	first, err := t.csv.Read()
	var bad *csv.ParseError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &bad) {
		return nil, unreadable(file, err)
	}
	if err != nil || !slices.Equal(first, header) {
		return nil, Fault{file, fmt.Sprintf("the header is %q, not %q",
			text.Truncate(strings.Join(first, ","), 60), strings.Join(header, ",")), Syntax}
	}
	return t, nil
}

// unreadable returns the error of a file that cannot be read any further.
func unreadable(place string, err error) error {
	var tooLarge Fault
	if errors.As(err, &tooLarge) {
		tooLarge.Place = place
		return tooLarge
	}
	return fmt.Errorf("%s: %w", place, err)
}

// each calls row for every row after the header. Another goroutine parses the file,
// a few batches ahead.
func (t *table) each(ctx context.Context, r *reader, row func(line int, fields []string, hash uint64)) error {
	batches, done := make(chan batch, 64), make(chan struct{})
	defer close(done)
	go t.parse(r.ids.seed, batches, done)
	stage := progress.Count(ctx, t.file, 1)
	width := len(t.header)
	for n := 0; ; {
		var b batch
		select {
		case b = <-batches:
		case <-ctx.Done():
		}
		place := func() string { return fmt.Sprintf("%s row %d", t.file, n) }
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", place(), progress.Cause(ctx))
		}
		for _, f := range b.faults {
			r.add(f.Place, f.Kind, "%s", f.Reason)
		}
		r.ids.prefetch(b.hashes)
		for i, line := range b.lines {
			row(int(line), b.fields[i*width:(i+1)*width], b.hashes[i])
		}
		n += len(b.lines)
		stage.At(n)
		if errors.Is(b.err, io.EOF) {
			return nil
		}
		if b.err != nil {
			return unreadable(place(), b.err)
		}
	}
}

// parse sends the rows of the file in batches until the file ends, reading fails
// or done is closed.
func (t *table) parse(seed maphash.Seed, batches chan<- batch, done <-chan struct{}) {
	for {
		b := t.batch(seed)
		select {
		case batches <- b:
		case <-done:
			return
		}
		if b.err != nil {
			return
		}
	}
}

// batch reads the next batch.
func (t *table) batch(seed maphash.Seed) batch {
	b := batch{
		fields: make([]string, 0, batchRows*len(t.header)), lines: make([]int32, 0, batchRows), hashes: make([]uint64, 0, batchRows),
	}
	for len(b.lines) < batchRows && len(b.faults) < batchRows && b.err == nil {
		t.limit.left = maxRowBytes
		fields, err := t.csv.Read()
		var bad *csv.ParseError
		switch {
		case err == nil:
			line, _ := t.csv.FieldPos(0)
			b.fields, b.lines = append(b.fields, fields...), append(b.lines, int32(line))
			b.hashes = append(b.hashes, maphash.String(seed, fields[0]))
		case errors.As(err, &bad):
			b.faults = append(b.faults, Fault{fmt.Sprintf("%s:%d", t.file, bad.Line), bad.Err.Error(), Syntax})
		default:
			b.err = err
		}
	}
	return b
}

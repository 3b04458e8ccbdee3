package register

import (
	"bytes"
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

// batchRows is small enough that what prefetch loads for some rows is still in the
// cache when they are read.
const batchRows = 256

// piecesAhead bounds the pieces that are read ahead, and so the memory.
const piecesAhead = 8

// table reads the rows of one CSV file.
type table struct {
	file    string // "companies" or "stakes"
	width   int    // fields of a row
	source  *source
	first   piece // the rest of the piece with the header
	workers int   // goroutines that parse
}

// openTable reads the header of a file.
func openTable(in io.Reader, workers int, file string, header ...string) (*table, error) {
	t := &table{file: file, width: len(header), source: &source{in: text.SkipBOM(in), line: 1}, workers: workers}
	rows, line, err := t.source.next(nil)
	if err != nil && !errors.Is(err, io.EOF) && len(rows) == 0 {
		return nil, unreadable(file, err)
	}
	end := 0 // of the header
	for blank := true; blank && end < len(rows); {
		n, _ := rowEnd(rows[end:], true)
		blank = n <= 2 && len(bytes.TrimRight(rows[end:end+n], "\r\n")) == 0
		end += n
	}
	lines := bytes.Count(rows[:end], []byte("\n"))
	r := csv.NewReader(bytes.NewReader(rows[:end]))
	r.FieldsPerRecord = len(header)
	first, bad := r.Read()
	if bad != nil || !slices.Equal(first, header) {
		return nil, Fault{file, fmt.Sprintf("the header is %q, not %q",
			text.Truncate(strings.Join(first, ","), 60), strings.Join(header, ",")), Syntax}
	}
	t.first = piece{text: rows[end:], line: line + lines, err: err, ready: make(chan struct{}, 1)}
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

// each calls batch for up to 256 rows at a time, from row from to before row to of a
// piece, for all rows after the header in order. Other goroutines read and parse the
// file, a few pieces ahead.
func (t *table) each(ctx context.Context, r *reader, batch func(p *piece, from, to int)) error {
	pieces, done := make(chan *piece, piecesAhead), make(chan struct{})
	used := make(chan *piece, 2*piecesAhead)
	defer close(done)
	go t.read(r.ids.Seed(), pieces, used, done)
	stage := progress.Count(ctx, t.file, 1)
	for n := 0; ; {
		p := waitFor(ctx, pieces)
		place := func() string { return fmt.Sprintf("%s row %d", t.file, n) }
		if p == nil {
			return fmt.Errorf("%s: %w", place(), progress.Cause(ctx))
		}
		t.batches(r, p, batch)
		n += len(p.rows)
		stage.At(n)
		if errors.Is(p.err, io.EOF) {
			return nil
		}
		if p.err != nil {
			return unreadable(place(), p.err)
		}
		used <- p
	}
}

// waitFor returns the next piece when it is parsed, or nil if ctx is done.
func waitFor(ctx context.Context, pieces <-chan *piece) *piece {
	var p *piece
	select {
	case p = <-pieces:
	case <-ctx.Done():
		return nil
	}
	select {
	case <-p.ready:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return nil
	}
	return p
}

// batches calls batch for the rows of a piece, and notes its faults between them.
func (t *table) batches(r *reader, p *piece, batch func(p *piece, from, to int)) {
	faults := p.faults
	for from := 0; from < len(p.rows) || len(faults) > 0; {
		for len(faults) > 0 && faults[0].before == from {
			r.add(fmt.Sprintf("%s:%d", t.file, faults[0].line), Syntax, "%s", faults[0].reason)
			faults = faults[1:]
		}
		to := min(from+batchRows, len(p.rows))
		if len(faults) > 0 {
			to = min(to, faults[0].before)
		}
		if from < to {
			batch(p, from, to)
		}
		from = to
	}
}

// read sends the pieces of the file until it ends, reading fails or done is closed.
// Workers parse them.
func (t *table) read(seed maphash.Seed, pieces chan<- *piece, used <-chan *piece, done <-chan struct{}) {
	work := make(chan *piece, piecesAhead)
	defer close(work)
	for range t.workers {
		go func() {
			for p := range work {
				p.parse(t.width, seed)
				p.ready <- struct{}{}
			}
		}()
	}
	for p := &t.first; ; {
		select {
		case pieces <- p:
		case <-done:
			return
		}
		work <- p
		if p.err != nil {
			return
		}
		select {
		case p = <-used:
		default:
			p = &piece{ready: make(chan struct{}, 1)}
		}
		p.text, p.line, p.err = t.source.next(p.text)
	}
}

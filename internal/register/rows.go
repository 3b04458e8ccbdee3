package register

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
)

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

// openTable reads the header of a file. It returns ctx's cause when ctx is done, also while the
// file keeps the reader waiting.
func openTable(ctx context.Context, in io.Reader, workers int, file string, header ...string) (*table, error) {
	type opened struct {
		table *table
		err   error
	}
	out := new(opened) // nobody looks at it after ctx is done
	if err := await.Run(ctx, func() { out.table, out.err = readHeader(in, workers, file, header) }); err != nil {
		return nil, err
	}
	return out.table, out.err
}

// readHeader does openTable for a context that is never done.
func readHeader(in io.Reader, workers int, file string, header []string) (*table, error) {
	t := &table{file: file, width: len(header), source: &source{in: text.SkipBOM(in), line: 1}, workers: workers}
	rows, line, err := t.source.next(nil)
	if err != nil && !errors.Is(err, io.EOF) && len(rows) == 0 {
		return nil, unreadable(file, file, line, err)
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

// unreadable returns the error of a file that cannot be read any further, because of the row
// at a line or for another reason.
func unreadable(place, file string, line int, err error) error {
	var tooLarge Fault
	if errors.As(err, &tooLarge) {
		tooLarge.Place = fmt.Sprintf("%s:%d", file, line)
		return tooLarge
	}
	return fmt.Errorf("%s: %w", place, err)
}

// filler takes the rows of a file.
type filler interface {
	// describe finds out what it can about the rows of a piece that is parsed. It lists those that
	// odd must see. Several goroutines call it at the same time.
	describe(p *piece)
	// take makes room for the rows of a piece. It is called for one piece after another.
	take(p *piece)
	// fill stores the rows of a piece. Goroutine w calls it, others do at the same time.
	fill(w int, p *piece)
	// odd is called for the rows that describe listed, and bad for those that cannot be split into
	// fields, one after another, by the goroutine that called each.
	odd(p *piece, i int)
	bad(line int, reason string)
}

// each gives all rows after the header to a filler. Other goroutines read and parse the file, a
// few pieces ahead. The error is a [Fault] if a row is too long, and the filler then has all rows
// before it.
func (t *table) each(ctx context.Context, to filler) error {
	pieces, done := make(chan *piece, piecesAhead), make(chan struct{})
	used := make(chan *piece, 2*piecesAhead)
	defer close(done)
	go t.read(to, pieces, used, done)
	stage := progress.Count(ctx, t.file, 1)
	for n := 0; ; {
		p := waitFor(ctx, pieces)
		place := func() string { return fmt.Sprintf("%s row %d", t.file, n) }
		if p == nil {
			return fmt.Errorf("%s: %w", place(), progress.Cause(ctx))
		}
		p.tell(to)
		n += len(p.rows)
		stage.At(n)
		if errors.Is(p.err, io.EOF) {
			return nil
		}
		if p.err != nil {
			return unreadable(place(), t.file, p.line, p.err)
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

// tell calls odd and bad in the order of rows.
func (p *piece) tell(to filler) {
	faults := p.faults
	for _, i := range p.odd {
		for ; len(faults) > 0 && faults[0].before <= int(i); faults = faults[1:] {
			to.bad(faults[0].line, faults[0].reason)
		}
		to.odd(p, int(i))
	}
	for _, f := range faults {
		to.bad(f.line, f.reason)
	}
}

// read sends the pieces of the file until it ends, reading fails or done is closed.
// Workers parse them and fill in their rows.
func (t *table) read(to filler, pieces chan<- *piece, used <-chan *piece, done <-chan struct{}) {
	work := make(chan *piece, piecesAhead)
	defer close(work)
	turn := newTurns()
	for w := range t.workers {
		go func() {
			for p := range work {
				p.parse(t.width)
				to.describe(p)
				turn.take(p.number, func() { to.take(p) })
				to.fill(w, p)
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
		number := p.number + 1
		select {
		case p = <-used:
		default:
			p = &piece{ready: make(chan struct{}, 1)}
		}
		p.number = number
		p.text, p.line, p.err = t.source.next(p.text)
	}
}

// turns lets goroutines do something in the order of numbers from 0.
type turns struct {
	lock sync.Mutex
	next int
	on   *sync.Cond
}

func newTurns() *turns {
	t := &turns{}
	t.on = sync.NewCond(&t.lock)
	return t
}

// take calls do when it was called for all lower numbers.
func (t *turns) take(number int, do func()) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for t.next != number {
		t.on.Wait()
	}
	do()
	t.next++
	t.on.Broadcast()
}

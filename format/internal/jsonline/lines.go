// Package jsonline reads files that have one JSON object on each line, as fast as the bytes
// allow: the values that a reader does not ask for are checked and skipped.
package jsonline

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/crossholding/crossholding/internal/progress"
)

// MaxLine is the largest length of a line in bytes.
const MaxLine = 1 << 20

// ErrLong is the error of a line that is longer than [MaxLine].
var ErrLong = errors.New("the line has more than 1,048,576 bytes")

// Each gives read the lines of r that are not blank, each with its number and without its end.
// The bytes are valid until read returns. A line that is too long is given as nothing, with
// [ErrLong]. Each fails with the error of r and with that of the context, with the prefix name
// and after all lines before, and reports its progress as the stage name. It returns the number
// of the last line that it gave or failed on.
func Each(ctx context.Context, r io.Reader, name string, read func(number int, line []byte, fault error)) (last int, err error) {
	stage := progress.Count(ctx, name, 1<<14)
	lines := NewLines(r)
	for given := 0; ; given++ {
		if given%1024 == 0 && ctx.Err() != nil {
			return last, progress.Stopped(ctx, name)
		}
		line, err := lines.Next()
		if err == io.EOF {
			stage.End()
			return last, nil
		}
		last = lines.Number()
		stage.At(last)
		if err != nil && !errors.Is(err, ErrLong) {
			return last, fmt.Errorf("%s: line %d: %w", name, last+1, err)
		}
		read(last, line, err)
	}
}

// Lines reads a file line by line. It keeps one line in memory.
type Lines struct {
	r      *bufio.Reader
	buf    []byte
	number int
}

// NewLines returns the lines of r.
func NewLines(r io.Reader) *Lines {
	return &Lines{r: bufio.NewReaderSize(r, 1<<16)}
}

// Number returns the number of the line that was read last, counted from 1.
func (l *Lines) Number() int { return l.number }

// Next returns the next line that is not blank, without its end. The bytes are valid until
// the next call. It fails with [io.EOF] after the last line, with [ErrLong] for a line that is
// too long, after which the next line can be read, and with the error of the source.
func (l *Lines) Next() ([]byte, error) {
	for {
		line, err := l.line()
		if err != nil {
			return nil, err
		}
		if line = bytes.TrimRight(line, " \t\r\n"); len(line) > 0 {
			return line, nil
		}
	}
}

func (l *Lines) line() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if len(line) == 0 && err != nil {
		return nil, err
	}
	l.number++
	if err == nil || err == io.EOF {
		return line, nil
	}
	l.buf = append(l.buf[:0], line...)
	long := false
	for err == bufio.ErrBufferFull {
		line, err = l.r.ReadSlice('\n')
		if long = long || len(l.buf)+len(line) > MaxLine; !long {
			l.buf = append(l.buf, line...)
		}
	}
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case long:
		return nil, ErrLong
	}
	return l.buf, nil
}

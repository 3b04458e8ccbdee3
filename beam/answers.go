package beam

import (
	"container/heap"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/shopspring/decimal"
)

// ControlPairs yields every controller with every company that it controls, sorted by
// controller, then company, as [crossholding.Control.Pairs] does. If there is an error, the pair
// is empty and the sequence ends.
func (a *Answers) ControlPairs(ctx context.Context) iter.Seq2[crossholding.ControlRelation, error] {
	return func(yield func(crossholding.ControlRelation, error) bool) {
		for row, err := range a.merged(ctx, "control", a.question.Control) {
			if err != nil {
				yield(crossholding.ControlRelation{}, err)
				return
			}
			if !yield(crossholding.ControlRelation{Controller: row[0], Company: row[1]}, nil) {
				return
			}
		}
	}
}

// A Holding is what an owner has of a company, directly and through others.
type Holding struct {
	Owner   string          `json:"owner"`
	Company string          `json:"company"`
	Share   decimal.Decimal `json:"share"` // integrated ownership: a fraction of the company, correctly rounded
}

// Holdings yields what the owners of the question have of every company, sorted by owner, then
// company, as [crossholding.CertifiedOwnership.Holdings] does. If there is an error, the holding
// is empty and the sequence ends.
func (a *Answers) Holdings(ctx context.Context) iter.Seq2[Holding, error] {
	return func(yield func(Holding, error) bool) {
		for row, err := range a.merged(ctx, "holdings", len(a.question.Holdings) > 0) {
			var share decimal.Decimal
			if err == nil {
				share, err = decimal.NewFromString(row[2])
			}
			if err != nil {
				yield(Holding{}, err)
				return
			}
			if !yield(Holding{row[0], row[1], share}, nil) {
				return
			}
		}
	}
}

// merged yields the rows of the files of an answer in order. Each file is in order, and one row
// of each is in memory.
func (a *Answers) merged(ctx context.Context, name string, asked bool) iter.Seq2[[]string, error] {
	ctx = progress.OrBackground(ctx)
	return func(yield func([]string, error) bool) {
		if !asked {
			yield(nil, fmt.Errorf("beam: %s was not asked for: %w", name, crossholding.ErrMissing))
			return
		}
		err := a.merge(ctx, name, func(row []string) bool { return yield(row, nil) })
		if err != nil {
			yield(nil, err)
		}
	}
}

// merge calls visit for each row until it returns false.
func (a *Answers) merge(ctx context.Context, name string, visit func([]string) bool) (err error) {
	paths, err := list(ctx, a.work+"/answers/"+name+"-*")
	if err != nil {
		return fmt.Errorf("beam: %w", err)
	}
	var h streams
	defer func() {
		for _, s := range h {
			s.file.Close()
		}
	}()
	for _, p := range paths {
		s, err := open(ctx, p)
		if err != nil {
			return fmt.Errorf("beam: %s: %w", p, err)
		}
		if s != nil {
			h = append(h, s)
		}
	}
	heap.Init(&h)
	for n := 0; len(h) > 0; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return progress.Stopped(ctx, "beam")
		}
		if !visit(h[0].row) {
			return nil
		}
		more, err := h[0].next()
		if err != nil {
			return fmt.Errorf("beam: %s: %w", h[0].path, err)
		}
		if more {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	return nil
}

// A stream is a file of an answer at one of its rows.
type stream struct {
	path string
	file io.ReadCloser
	rows *csv.Reader
	row  []string
}

// open opens a file at its first row. It returns nil for an empty file.
func open(ctx context.Context, path string) (*stream, error) {
	f, err := read(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &stream{path: path, file: f, rows: csv.NewReader(f)}
	more, err := s.next()
	if err != nil || !more {
		f.Close()
		return nil, err
	}
	return s, nil
}

// next goes to the next row, and closes the file at its end.
func (s *stream) next() (bool, error) {
	row, err := s.rows.Read()
	if errors.Is(err, io.EOF) {
		return false, s.file.Close()
	}
	s.row = row
	return err == nil, err
}

// streams are a heap of streams by their rows.
type streams []*stream

func (h streams) Len() int           { return len(h) }
func (h streams) Less(i, j int) bool { return slices.Compare(h[i].row, h[j].row) < 0 }
func (h streams) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *streams) Push(x any)        { *h = append(*h, x.(*stream)) }

// Pop removes the last stream.
func (h *streams) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	*h = (*h)[:last]
	return s
}

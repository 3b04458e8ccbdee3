package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/strictjson"
)

// Book is a dated snapshot of companies, the parties beside them and who holds
// what. It is plain data: a Go literal, a JSON file and what tests write. The
// zero value is an empty book. [New] checks it.
//
// The ids of companies, parties, classes and agreements have at most 200 bytes of
// UTF-8, no blanks at their ends, and no control or invisible characters: no two
// of them look alike for such a reason. Names may have any text.
type Book struct {
	AsOf       date.Date   `json:"as_of,omitempty"`
	Companies  []Company   `json:"companies,omitempty"`
	Parties    []Party     `json:"parties,omitempty"`
	Stakes     []Stake     `json:"stakes,omitempty"`
	Agreements []Agreement `json:"agreements,omitempty"`
	Market     *Market     `json:"market,omitempty"`
}

// Alliance is a checked and indexed book. Get one from [New] or [ReadBook]. It
// is immutable and safe for concurrent use; the zero value holds nobody.
type Alliance struct {
	ledger   *ledger
	graph    graph.Graph
	register *registerFacts // nil if the alliance came from a book
	cache    cache
}

// cache is what an alliance works out on first use and keeps.
type cache struct {
	solver, whole sync.Once
	exact         *exact.Solver
	ledger        *ledger

	parts ctxMutex
	part  []int32 // of each node: its circle, as [Alliance.components] has it
}

// New checks b and returns it indexed. It keeps nothing of b. Everything wrong
// with the book is reported in one [*InputError]: each fault names its place,
// the companies and the figures.
func New(b Book) (*Alliance, error) {
	l, err := parseBook(&b)
	if err != nil {
		return nil, err
	}
	return index(l), nil
}

// ReadBook reads a book as JSON and builds the alliance. Numbers may be JSON
// strings or numbers and are taken from their text; unknown keys are errors;
// the file is bounded in size and depth. Errors are as for [New].
func ReadBook(r io.Reader) (*Alliance, error) {
	var b Book
	err := decodeJSON(r, &b)
	var shape *InputError
	if err != nil && !errors.As(err, &shape) {
		return nil, err
	}
	a, err := New(b)
	if shape == nil {
		return a, err
	}
	var content *InputError
	if errors.As(err, &content) {
		shape = shape.with(content)
	}
	return nil, shape
}

// Book returns the alliance as plain data in canonical order: companies,
// parties and agreements by id, stakes by holder and issuer, numbers in their
// shortest form. Stakes are in shares, but in percent where the company is
// known only in percent, and bands stay bands.
func (a *Alliance) Book() Book {
	if a.ledger == nil {
		return Book{}
	}
	return a.whole().book()
}

// WriteBook writes b as JSON in canonical form: the same book gives the same
// bytes, whatever order and notation it came in. It fails as [New] does if the
// book is not valid.
func WriteBook(w io.Writer, b Book) error {
	a, err := New(b)
	if err != nil {
		return err
	}
	return a.WriteBook(w)
}

// WriteBook writes the alliance's book as the function [WriteBook] does.
func (a *Alliance) WriteBook(w io.Writer) error { return strictjson.Encode(w, a.Book()) }

// Name returns what the book calls a company or party: its name, or its id
// where it has none; of a company's float, "the float of" that. What is not in
// the book keeps its id.
func (a *Alliance) Name(id string) string {
	if company, ok := strings.CutPrefix(id, floatPrefix); ok {
		return "the float of " + a.Name(company)
	}
	if agreement, ok := IsConcert(id); ok {
		return "the concert " + agreement
	}
	if a.ledger == nil {
		return id
	}
	if c := a.ledger.company(id); c != nil {
		return cmp.Or(c.Name, id)
	}
	if p := a.ledger.party(id); p != nil {
		return cmp.Or(p.Name, id)
	}
	return id
}

// AsOf returns the day of the snapshot; it may be undated.
func (a *Alliance) AsOf() date.Date {
	if a.ledger == nil {
		return ""
	}
	return a.ledger.asOf
}

const floatPrefix = ident.FloatPrefix

// FloatOf returns the name of a company's float: the dispersed outside owner of
// the shares that nobody in the book holds.
func FloatOf(company string) string { return floatPrefix + company }

// IsFloat returns the company that a name of [FloatOf] is about, or false if the name
// is of something else.
func IsFloat(name string) (company string, ok bool) { return strings.CutPrefix(name, floatPrefix) }

// node returns the index of an id.
func (a *Alliance) node(id string) (int32, bool) {
	i, ok := slices.BinarySearch(a.graph.IDs, id)
	return int32(i), ok
}

// company returns the index of a company that has shares.
func (a *Alliance) company(id string) (int32, error) {
	i, ok := a.node(id)
	switch {
	case !ok:
		return 0, unknown("company", id)
	case !a.graph.IssuesShares(i):
		return 0, unknown("company with shares", id)
	}
	return i, nil
}

// holder returns the index of anyone who can hold shares. For a float it is
// that of its company, and float is true.
func (a *Alliance) holder(id string) (i int32, float bool, err error) {
	if c, ok := strings.CutPrefix(id, floatPrefix); ok {
		i, err = a.company(c)
		if err != nil {
			err = unknown("holder", id)
		}
		return i, true, err
	}
	i, ok := a.node(id)
	if !ok {
		return 0, false, unknown("holder", id)
	}
	return i, false, nil
}

// party returns the index of someone who can act: not a float.
func (a *Alliance) party(id string) (int32, error) {
	i, float, err := a.holder(id)
	if err == nil && float {
		err = fmt.Errorf("crossholding: %q is dispersed and acts as nobody: %w", id, ErrRange)
	}
	return i, err
}

// dispersed reports whether a node is many holders who act apart: a party of
// [KindPublic]. Floats are dispersed too but are no nodes.
func (a *Alliance) dispersed(i int32) bool {
	if a.register != nil || i == graph.None {
		return false
	}
	p := a.ledger.party(a.graph.IDs[i])
	return p != nil && p.Kind == KindPublic
}

// empty is what the zero value of a type that is got from a question answers for: it
// answers, and does not panic.
func empty() *Alliance { return must(New(Book{})) }

// must returns what an empty book answers, which is never an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Warnings returns what was read in a way that the author of the book may not expect. In a
// book, in the order of its stakes: a stake in percent of a class that was rounded to whole
// shares, and a stake that is listed more than once. In a register: companies of which more
// is held than is outstanding, and rows that were added up, see [ReadRegister].
func (a *Alliance) Warnings() []Warning {
	out := []Warning{}
	if a.register != nil {
		out = append(out, a.register.warnings()...)
	}
	if a.ledger != nil {
		out = append(out, a.ledger.warnings...)
	}
	return out
}

// size is the number of companies, other holders, stakes and lots.
func (a *Alliance) size() int {
	n := len(a.graph.IDs) + len(a.graph.Holder)
	if a.ledger != nil {
		n += a.ledger.size()
	}
	return n
}

// components numbers the circles of the alliance: companies that hold of one
// another, directly or through others, in name, for their money or with their
// vote, have the same number from 1, and 0 is in no circle. They are the strongly
// connected parts, by Tarjan's algorithm (1972) without recursion.
//
// They are found once and kept; a search that ctx ends leaves it to the next.
func (a *Alliance) components(ctx context.Context) ([]int32, error) {
	if err := a.cache.parts.enter(ctx); err != nil {
		return nil, err
	}
	defer a.cache.parts.leave()
	if a.cache.part == nil {
		part, err := a.graph.Components(ctx)
		if err != nil {
			return nil, err
		}
		a.cache.part = part
	}
	return a.cache.part, nil
}

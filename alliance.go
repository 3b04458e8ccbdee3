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
	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/strictjson"
)

// Book is a dated snapshot of companies, other parties, and the stakes that they
// hold. It is plain data for Go literals, JSON files and tests. The zero value is an
// empty book. [New] checks it.
//
// The ids of companies, parties, classes and agreements have at most 200 bytes of
// UTF-8, no blanks at their ends, and no control or invisible characters, because
// such ids would look alike. Names may have any text.
type Book struct {
	AsOf       date.Date     `json:"as_of,omitempty"`
	Source     string        `json:"source,omitempty"` // where the stakes come from, if they do not say otherwise
	Companies  []Company     `json:"companies,omitempty"`
	Parties    []Party       `json:"parties,omitempty"`
	Stakes     []Stake       `json:"stakes,omitempty"`
	Agreements []Agreement   `json:"agreements,omitempty"`
	Controls   []ControlFact `json:"controls,omitempty"`
	Rights     []Right       `json:"rights,omitempty"` // to shares that are not yet issued
	Market     *Market       `json:"market,omitempty"`
}

// Alliance is a checked and indexed book. [New], [ReadBook] or [ReadRegister] makes it. It is
// immutable and safe for concurrent use. The zero value has no companies or parties.
type Alliance struct {
	ledger   *ledger
	graph    graph.Graph
	register *registerFacts // nil if the alliance came from a book
	cache    cache
}

// cache holds what an alliance computes on first use and keeps.
type cache struct {
	solver, whole sync.Once
	exact         *exact.Solver
	ledger        *ledger

	facts factCache

	parts await.Mutex
	part  []int32 // of each node: its strongly connected component, see [Alliance.components]
}

// New checks b and returns it as an alliance. It keeps no reference to b. It returns
// all faults of the book in one [*InputError]. Each fault names its place, the
// companies and the figures.
func New(b Book) (*Alliance, error) {
	l, err := parseBook(&b)
	if err != nil {
		return nil, err
	}
	return index(l), nil
}

// ReadBook reads a book as JSON and returns the alliance. Numbers may be JSON
// strings or numbers, and are read exactly. Unknown keys are errors. The size and
// the depth of the file are limited. The errors are those of [New].
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
// parties and agreements by id, stakes by holder and issuer, facts of control by
// controller and company, numbers in their shortest form. Stakes are in shares, or in percent if the company is known only
// in percent. Bands stay bands.
func (a *Alliance) Book() Book {
	if a.ledger == nil {
		return Book{}
	}
	return a.whole().book()
}

// WriteBook writes b as JSON in canonical form. Equal books give the same bytes, in
// whatever order and notation they were given. It fails with the errors of [New] if
// the book is not valid.
func WriteBook(w io.Writer, b Book) error {
	a, err := New(b)
	if err != nil {
		return err
	}
	return a.WriteBook(w)
}

// WriteBook writes the alliance's book as the function [WriteBook] does.
func (a *Alliance) WriteBook(w io.Writer) error { return strictjson.Encode(w, a.Book()) }

// Name returns the name of a company or party in the book, or its id if it has no
// name. For a company's float, it returns "the float of" and that name. For an id
// that is not in the book, it returns the id.
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

// AsOf returns the day of the snapshot. It is empty if the book is undated.
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

// IsFloat returns the company of a name that [FloatOf] made, or false for another
// name.
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
		return 0, fmt.Errorf("crossholding: %q is a party, or a company that has issued no shares: %w", id, ErrUnknown)
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

// dispersed reports whether a node is a party of [KindPublic], which is many holders
// who act independently. Floats are dispersed too but are not nodes.
func (a *Alliance) dispersed(i int32) bool {
	if a.register != nil || i == graph.None {
		return false
	}
	p := a.ledger.party(a.graph.IDs[i])
	return p != nil && p.Kind == KindPublic
}

// empty returns an empty alliance. Zero values of other types use it, so that their
// methods do not panic.
func empty() *Alliance { return must(New(Book{})) }

// orEmpty returns a, or an empty alliance for nil and for the zero value.
func (a *Alliance) orEmpty() *Alliance {
	if a == nil || a.ledger == nil {
		return empty()
	}
	return a
}

// must returns v. It is for questions about an empty book, which never fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Warnings lists what was read in a way that the author of the book may not expect. For a
// book, these are stakes with noise of floating-point arithmetic, and stakes in percent that
// were rounded to whole shares, in the order of stakes. After them come stakes of companies in
// themselves, and companies of which rounded percentages add up to more than there is. For a register, these are companies of
// which more shares are held than outstanding, and rows that were added up, see
// [ReadRegister]. For both, these are companies that earn for nobody, see [Diagnosis], and
// companies under no built-in statute: they have no country, or their country has no rule in
// [law.Statutes]. A book warns of these only if they hold one another, and a register only of
// a country that it names.
func (a *Alliance) Warnings() []Warning {
	out := []Warning{}
	if a.register != nil {
		out = append(out, a.register.warnings()...)
	}
	if a.ledger != nil {
		out = append(out, a.ledger.warnings...)
	}
	out = append(out, a.lawWarnings()...)
	if none := a.earnForNobody(); len(none) > 0 {
		out = append(out, Warning{Text: fmt.Sprintf("%s: no outstanding share has a dividend, so nobody has an economic interest", nameSome(none, 10))})
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

// components returns the number of each node's strongly connected component, from 1,
// or 0 for a node in none. Companies of one component hold shares of one another,
// directly or through others: in their own name, for their own money or with their own
// vote (see [graph.Graph.Components]).
//
// The first call finds the components and keeps them. If ctx is done before, the next
// call finds them.
func (a *Alliance) components(ctx context.Context) ([]int32, error) {
	if a.cache.parts.Lock(ctx) != nil {
		return nil, stopped(ctx)
	}
	defer a.cache.parts.Unlock()
	if a.cache.part == nil {
		part, err := a.graph.Components(ctx)
		if err != nil {
			return nil, err
		}
		a.cache.part = part
	}
	return a.cache.part, nil
}

// decodeJSON reads the file of a book into the struct that into points
// to. It fails with an [InputError] that holds all faults of the file's form.
func decodeJSON(r io.Reader, into any) error {
	var f faults
	if err := f.Decode(r, into, nil, "max", "min", "price", "prices"); err != nil {
		return err
	}
	return f.err()
}

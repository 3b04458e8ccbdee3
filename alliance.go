package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/tally"
)

// Alliance is a checked and indexed book. [New], [ReadBook] or [ReadRegister] makes it. It is
// immutable and safe for concurrent use. The zero value has no companies or parties.
type Alliance struct {
	ledger   *ledger
	graph    graph.Graph
	register *registerFacts // nil if the alliance came from a book
	cache    cache

	companyOf []int32 // of each node of a book: the place of its company in the ledger, from 1; 0 for a party
}

// cache holds what an alliance computes on first use and keeps.
type cache struct {
	solver, whole, capital, issued sync.Once
	exact                          *exact.Solver
	ledger                         *ledger
	shares                         *tally.Tally // outstanding shares by beneficiary
	issuedShares                   *tally.Tally // the same as parts of issued shares

	facts factCache

	parts     await.Mutex
	part      []int32 // of each node: its strongly connected component, see [Alliance.components]
	jointPart []int32 // the same with facts of control, see [Alliance.componentsWith]
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
	i, ok := a.graph.IDs.Find(id)
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
	p := a.ledger.party(a.graph.IDs.At(i))
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

// size is the number of companies, other holders, stakes and lots.
func (a *Alliance) size() int {
	n := a.graph.IDs.Len() + len(a.graph.Holder)
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

// keptComponents returns the components if they were found, and otherwise nil.
func (a *Alliance) keptComponents() []int32 {
	if a.cache.parts.Lock(context.Background()) != nil {
		return nil
	}
	defer a.cache.parts.Unlock()
	return a.cache.part
}

// takeComponents takes over the components of an alliance with the same stakes, if they were found.
func (a *Alliance) takeComponents(before *Alliance) {
	part := before.keptComponents()
	if part == nil || a.cache.parts.Lock(context.Background()) != nil {
		return
	}
	defer a.cache.parts.Unlock()
	if a.cache.part == nil {
		a.cache.part = part
	}
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

// nameSolverError puts names on the solver's errors.
func nameSolverError(a *Alliance, err error) error {
	var ring *exact.RingError
	switch {
	case errors.As(err, &ring):
		e := &NoOutsideOwnerError{}
		for _, r := range ring.Rings {
			e.Components = append(e.Components, a.graph.Names(r))
		}
		return e
	case errors.Is(err, exact.ErrSize):
		return fmt.Errorf("crossholding: exact fractions: %w: %w", ErrTooLarge, err)
	case err != nil:
		return fmt.Errorf("crossholding: %w", err)
	}
	return nil
}

const concertPrefix = ident.ConcertPrefix

// ConcertOf returns the name of a concert as a controller: "concert:" and the id of
// the agreement. Questions of control accept and return it like the id of a holder.
func ConcertOf(agreement string) string { return concertPrefix + agreement }

// IsConcert returns the id of the agreement of a name that [ConcertOf] made, or false
// for another name.
func IsConcert(name string) (agreement string, ok bool) {
	return strings.CutPrefix(name, concertPrefix)
}

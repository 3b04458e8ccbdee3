package sharing

import (
	"context"
	"iter"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/crossholding/crossholding/ratio"
)

// Game is a cooperative game: a value for each set of members, who can bind themselves and
// pay one another. New, FromTable and FromFunc make a Game.
//
// The zero value has no members, and every question to it fails with ErrMembers. A Game is
// immutable and safe for concurrent use.
type Game struct {
	kind    Kind
	members []string
	values  *table
}

// New checks a problem and makes its game. It fails with an InputError that holds all faults
// of the problem, and with ErrTooLarge for values that need too many digits. Making the game
// takes time and memory in proportion to the 2^n sets of n members.
func New(p Problem) (Game, error) {
	var f faults
	checkKind(&f, p.Kind)
	index := checkMembers(&f, p.Members)
	var values []ratio.Ratio
	var rules []term
	switch form := p.form(); {
	case form == "":
		f.add("", ErrTable, "the values need exactly one form: values, table, or ventures with assets")
	case index == nil:
		// The forms below need the members.
	case form == "ventures":
		rules = p.rules(&f, index)
	case form == "table":
		values = p.readTable(&f)
	default:
		values = p.readValues(&f, index)
	}
	if err := f.err(); err != nil {
		return Game{}, err
	}
	var made *table
	var err error
	if rules != nil {
		made, err = rulesTable(rules, len(p.Members))
	} else {
		made, err = newTable(context.Background(), values)
	}
	if err != nil {
		return Game{}, err
	}
	return Game{p.Kind.orDefault(), slices.Clone(p.Members), made}, nil
}

// form returns the form in which the values are given, or "" if they have none or several.
func (p Problem) form() string {
	var given []string
	if len(p.Values) > 0 {
		given = append(given, "values")
	}
	if len(p.Table) > 0 {
		given = append(given, "table")
	}
	if len(p.Ventures) > 0 || len(p.Assets) > 0 {
		given = append(given, "ventures")
	}
	if len(given) != 1 {
		return ""
	}
	return given[0]
}

func checkKind(f *faults, kind Kind) {
	if k := kind.orDefault(); k != KindCosts && k != KindSavings {
		f.add("kind", ErrKind, "%s is not costs or savings", show(string(k)))
	}
}

// checkMembers reports the faults of a list of members. It returns the place of each, or nil
// if their number or a name is at fault.
func checkMembers(f *faults, members []string) map[string]int {
	before := len(f.list) + f.more
	if len(members) == 0 {
		f.add("members", ErrMembers, "there are no members")
	}
	if len(members) > MaxMembers {
		f.add("members", ErrTooLarge, "%d members, at most %d are allowed", len(members), MaxMembers)
	}
	index := make(map[string]int, len(members))
	for i, m := range members {
		place := placed("members", i)
		switch first, again := index[m]; {
		case m == "" || strings.TrimSpace(m) != m || !utf8.ValidString(m):
			f.add(place, ErrMembers, "%s is not a name: it is empty, has a blank at an end, or is not UTF-8", show(m))
		case again:
			f.add(place, ErrMembers, "%s is member %d already", show(m), first)
		default:
			index[m] = i
		}
	}
	if len(f.list)+f.more > before {
		return nil
	}
	return index
}

// readTable reads the form Table.
func (p Problem) readTable(f *faults) []ratio.Ratio {
	if want := 1 << len(p.Members); len(p.Table) != want {
		f.add("table", ErrTable, "%d values, but %d members need %d", len(p.Table), len(p.Members), want)
		return nil
	}
	values := make([]ratio.Ratio, len(p.Table))
	for i, a := range p.Table {
		if a == "" {
			f.add(placed("table", i), ErrTable, "the value of %s is missing", p.named(Coalition(i)))
			continue
		}
		values[i] = a.read(f, placed("table", i))
		if i == 0 {
			checkNobody(f, "table[0]", values[0])
		}
	}
	return values
}

func checkNobody(f *faults, place string, v ratio.Ratio) {
	if !v.IsZero() {
		f.add(place, ErrNobody, "the value of nobody is %s, it must be 0", brief(v))
	}
}

// readValues reads the form Values.
func (p Problem) readValues(f *faults, index map[string]int) []ratio.Ratio {
	values := make([]ratio.Ratio, 1<<len(p.Members))
	given := make([]bool, len(values))
	for i, v := range p.Values {
		place := placed("values", i)
		c, ok := coalition(f, place+".members", index, v.Members)
		if v.Amount == "" {
			f.add(place+".amount", ErrAmount, "the amount is missing")
		}
		amount := v.Amount.read(f, place+".amount")
		switch {
		case !ok:
		case given[c]:
			f.add(place, ErrTable, "the value of %s is given twice", p.named(c))
		case c == 0:
			checkNobody(f, place, amount)
			given[c] = true
		default:
			values[c], given[c] = amount, true
		}
	}
	for c := 1; c < len(given); c++ {
		switch {
		case given[c]:
		case len(f.list) >= maxFaults:
			f.more++ // without its name, since there can be many
		default:
			f.add("values", ErrTable, "the value of %s is missing", p.named(Coalition(c)))
		}
	}
	return values
}

// coalition returns the set of the named members. It reports names that are unknown or given
// twice.
func coalition(f *faults, place string, index map[string]int, names []string) (Coalition, bool) {
	var c Coalition
	ok := true
	for i, name := range names {
		m, known := index[name]
		switch {
		case !known:
			f.add(placed(place, i), ErrMembers, "%s is not a member", show(name))
		case c.Has(m):
			f.add(placed(place, i), ErrMembers, "%s is named twice", show(name))
		default:
			c |= alone(m)
			continue
		}
		ok = false
	}
	return c, ok
}

func (p Problem) named(c Coalition) string { return listed(p.Members, c) }

// listed returns the names of a coalition for a message.
func listed(members []string, c Coalition) string {
	if c == 0 {
		return "nobody"
	}
	names := namesOf(members, c)
	for i, n := range names {
		names[i] = show(n)
	}
	return strings.Join(names, ", ")
}

func namesOf(members []string, c Coalition) []string {
	names := make([]string, 0, c.Len())
	for ; c != 0; c = c.rest() {
		names = append(names, members[c.first()])
	}
	return names
}

// FromTable returns the game with the given values of the 2^n sets of n members, in the order
// of Problem.Table. Its errors are those of New.
func FromTable(kind Kind, members []string, values []ratio.Ratio) (Game, error) {
	var f faults
	checkKind(&f, kind)
	if checkMembers(&f, members) != nil && len(values) != 1<<len(members) {
		f.add("table", ErrTable, "%d values, but %d members need %d", len(values), len(members), 1<<len(members))
	}
	if len(values) > 0 {
		checkNobody(&f, "table[0]", values[0])
	}
	if err := f.err(); err != nil {
		return Game{}, err
	}
	made, err := newTable(context.Background(), values)
	if err != nil {
		return Game{}, err
	}
	return Game{kind.orDefault(), slices.Clone(members), made}, nil
}

// FromFunc returns the game whose values a function returns. It calls the function once for
// each of the 2^n sets of n members, in the order of Problem.Table. Its errors are those of
// New and that of the context.
func FromFunc(ctx context.Context, kind Kind, members []string, value func(Coalition) ratio.Ratio) (Game, error) {
	var f faults
	checkKind(&f, kind)
	checkMembers(&f, members)
	if err := f.err(); err != nil {
		return Game{}, err
	}
	values := make([]ratio.Ratio, 1<<len(members))
	for c := range values {
		if err := stopped(ctx); err != nil {
			return Game{}, err
		}
		values[c] = value(Coalition(c))
	}
	return FromTable(kind, members, values)
}

// Kind returns what the values of the game are.
func (g Game) Kind() Kind { return g.kind.orDefault() }

// Members returns the names of the members, in the order of the problem.
func (g Game) Members() []string { return slices.Clone(g.members) }

// Value returns what the named members cost or save on their own, and 0 for no names. It
// fails with an InputError if a name is unknown or given twice.
func (g Game) Value(members ...string) (ratio.Ratio, error) {
	var f faults
	c, _ := coalition(&f, "members", g.index(), members)
	if err := f.err(); err != nil {
		return ratio.Ratio{}, err
	}
	if c == 0 {
		return ratio.Ratio{}, nil
	}
	return g.values.at(c), nil
}

// Savings returns the game of what each set of members saves by acting together: the sum of
// the costs that its members have alone, less the cost of the set. It fails with ErrKind if
// the game is one of savings already.
func (g Game) Savings(ctx context.Context) (Game, error) {
	if err := g.ready(ctx); err != nil {
		return Game{}, err
	}
	if g.kind != KindCosts {
		return Game{}, failure(ErrKind, "the game is one of savings already")
	}
	// A scan takes costs as negative savings.
	s := g.newScan()
	x := make([]*big.Int, len(g.members))
	for i := range x {
		x[i] = s.value(alone(i))
	}
	if err := s.fill(ctx, big.NewInt(1), x); err != nil {
		return Game{}, err
	}
	made := &table{den: g.values.den}
	if s.fitsWord {
		made.small = s.small
	} else {
		made.large = s.large
	}
	return Game{KindSavings, g.members, made}, nil
}

// A Difference is a set of members whose value differs between two games. It is plain data.
type Difference struct {
	Members []string    `json:"members"`
	Before  ratio.Ratio `json:"before"`
	After   ratio.Ratio `json:"after"`
}

// Differences returns the sets of members whose values differ in another game, in the order
// of Problem.Table. It fails with ErrMembers if the games do not have the same members in the
// same order, and with ErrKind if they are of different kinds.
func (g Game) Differences(after Game) (iter.Seq[Difference], error) {
	if !slices.Equal(g.members, after.members) {
		return nil, failure(ErrMembers, "the games have %d and %d members, or other names or another order", len(g.members), len(after.members))
	}
	if g.Kind() != after.Kind() {
		return nil, failure(ErrKind, "one game is of %s and the other of %s", g.Kind(), after.Kind())
	}
	return func(yield func(Difference) bool) {
		for c := Coalition(1); int(c) < 1<<len(g.members); c++ {
			d := Difference{Before: g.values.at(c), After: after.values.at(c)}
			if d.Before.Equal(d.After) {
				continue
			}
			d.Members = namesOf(g.members, c)
			if !yield(d) {
				return
			}
		}
	}, nil
}

// ready reports whether the game has members and the context has not ended.
func (g Game) ready(ctx context.Context) error {
	if len(g.members) == 0 {
		return failure(ErrMembers, "the game has no members")
	}
	return stopped(ctx)
}

func (g Game) index() map[string]int {
	index := make(map[string]int, len(g.members))
	for i, m := range g.members {
		index[m] = i
	}
	return index
}

// all returns the coalition of all members.
func (g Game) all() Coalition { return everyone(len(g.members)) }

// total returns the value of all members.
func (g Game) total() ratio.Ratio { return g.values.at(g.all()) }

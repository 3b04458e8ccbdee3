package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// oracle works ownership out anew from the plain book: dense fractions and an
// inverse by Gauss and Jordan.
type oracle struct {
	ids     []string // companies, then parties, then floats
	firms   int
	outside map[string]bool
	direct  [][]*big.Rat // of each id in each company
	inverse [][]*big.Rat // (I-A)^-1 among companies
}

func plain(t *testing.T, n ratio.Number, def string) *big.Rat {
	t.Helper()
	if n == "" {
		n = ratio.Number(def)
	}
	r, ok := new(big.Rat).SetString(string(n))
	require.True(t, ok)
	return r
}

func newOracle(t *testing.T, b crossholding.Book) *oracle {
	t.Helper()
	o := &oracle{outside: map[string]bool{}, firms: len(b.Companies)}
	at := map[string]int{}
	add := func(id string) { at[id] = len(o.ids); o.ids = append(o.ids, id) }
	for _, c := range b.Companies {
		add(c.ID)
	}
	for _, p := range b.Parties {
		add(p.ID)
		o.outside[p.ID] = true
	}
	for _, c := range b.Companies {
		add(crossholding.FloatOf(c.ID))
		o.outside[crossholding.FloatOf(c.ID)] = true
	}
	o.direct = square(len(o.ids), o.firms)
	hundred := big.NewRat(100, 1)
	for j, c := range b.Companies {
		classes := c.Shares
		held := slices.ContainsFunc(b.Stakes, func(s crossholding.Stake) bool { return s.Issuer == c.ID })
		if len(classes) == 0 && held {
			classes = []crossholding.ShareClass{{Issued: "100"}}
		}
		o.outside[c.ID] = len(classes) == 0
		all := new(big.Rat)
		rest := o.direct[at[crossholding.FloatOf(c.ID)]][j]
		for _, k := range classes {
			weight := plain(t, k.Dividend, "1")
			out := new(big.Rat).Sub(plain(t, k.Issued, "0"), plain(t, k.Treasury, "0"))
			out.Mul(out, weight)
			all.Add(all, out)
			rest.Add(rest, out)
			for _, s := range b.Stakes {
				if s.Issuer != c.ID || s.Class != k.Class {
					continue
				}
				n := plain(t, s.Shares, "0")
				if s.Percent != "" {
					n.Mul(plain(t, s.Percent, "0"), plain(t, k.Issued, "0"))
					n.Quo(n, hundred)
				}
				n.Mul(n, weight)
				owner := s.Holder
				if s.Beneficiary != "" {
					owner = s.Beneficiary
				}
				rest.Sub(rest, n)
				if owner != c.ID {
					o.direct[at[owner]][j].Add(o.direct[at[owner]][j], n)
				}
			}
		}
		for i := range o.ids {
			if all.Sign() != 0 {
				o.direct[i][j].Quo(o.direct[i][j], all)
			}
		}
	}
	o.inverse = invert(o.direct, o.firms)
	return o
}

func square(rows, columns int) [][]*big.Rat {
	m := make([][]*big.Rat, rows)
	for i := range m {
		m[i] = make([]*big.Rat, columns)
		for j := range m[i] {
			m[i][j] = new(big.Rat)
		}
	}
	return m
}

// invert returns (I-A)^-1 for the first n rows and columns of a.
func invert(a [][]*big.Rat, n int) [][]*big.Rat {
	m, inv := square(n, n), square(n, n)
	for i := range n {
		inv[i][i].SetInt64(1)
		for j := range n {
			m[i][j].Sub(inv[i][j], a[i][j])
		}
	}
	for p := range n {
		r := p
		for m[r][p].Sign() == 0 {
			r++
		}
		m[p], m[r], inv[p], inv[r] = m[r], m[p], inv[r], inv[p]
		pivot := new(big.Rat).Inv(m[p][p])
		for j := range n {
			m[p][j].Mul(m[p][j], pivot)
			inv[p][j].Mul(inv[p][j], pivot)
		}
		for i := range n {
			if i == p || m[i][p].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Set(m[i][p])
			for j := range n {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(f, m[p][j]))
				inv[i][j].Sub(inv[i][j], new(big.Rat).Mul(f, inv[p][j]))
			}
		}
	}
	return inv
}

func (o *oracle) integrated(i, j int) *big.Rat {
	sum := new(big.Rat)
	for k := range o.firms {
		sum.Add(sum, new(big.Rat).Mul(o.direct[i][k], o.inverse[k][j]))
	}
	return sum
}

const randomBooks = 250

// Every figure of random books agrees with a dense inverse, with the other
// figures, and with what must hold of them all.
func TestOwnershipOfRandomBooks(t *testing.T) {
	cycles, outsiders := 0, 0
	for seed := range uint64(testkit.Cases(randomBooks)) {
		b := booktest.RandomCrossBook(rand.New(rand.NewPCG(seed, 3)))
		o, err := booktest.New(t, b).Ownership(t.Context(), crossholding.OwnershipOptions{})
		require.NoError(t, err, "seed %d", seed)
		want := newOracle(t, b)
		all := map[[2]string]crossholding.Interest{}
		for in, err := range o.Interests(t.Context()) {
			require.NoError(t, err)
			key := [2]string{in.Holder, in.Issuer}
			require.NotContains(t, all, key, "twice")
			all[key] = in
		}
		for j, c := range b.Companies {
			if want.outside[c.ID] {
				outsiders++
				continue
			}
			checkColumn(t, o, want, j, all)
		}
		for i, holder := range want.ids {
			if checkRow(t, o, want, i, holder, all) {
				cycles++
			}
		}
		require.Empty(t, all, "seed %d: interests that no column has", seed)
	}
	require.Greater(t, cycles, testkit.Cases(300), "companies in cycles")
	require.Greater(t, outsiders, testkit.Cases(10)-1, "companies without shares")
}

// checkColumn checks who owns company j.
func checkColumn(t *testing.T, o *crossholding.Ownership, want *oracle, j int, all map[[2]string]crossholding.Interest) {
	t.Helper()
	issuer := want.ids[j]
	owners, err := o.Owners(t.Context(), issuer)
	require.NoError(t, err)
	require.True(t, slices.IsSortedFunc(owners, func(a, b crossholding.Interest) int { return strings.Compare(a.Holder, b.Holder) }))
	listed := map[string]crossholding.Interest{}
	for _, in := range owners {
		require.Equal(t, issuer, in.Issuer)
		listed[in.Holder] = in
		require.Equal(t, fmt.Sprint(in), fmt.Sprint(all[[2]string{in.Holder, issuer}]), "Owners and Interests")
	}
	var sum ratio.Ratio
	ultimate, err := o.Ultimate(t.Context(), issuer)
	require.NoError(t, err)
	for _, in := range ultimate {
		require.True(t, want.outside[in.Holder], in.Holder)
		require.True(t, in.FirstPassage.Equal(in.Integrated))
		sum = sum.Add(in.Integrated)
	}
	booktest.RequireRatio(t, "1", sum)
	for i, holder := range want.ids {
		y := want.integrated(i, j)
		in, ok := listed[holder]
		require.Equal(t, y.Sign() != 0, ok, "%s of %s: %s", holder, issuer, y)
		checkPair(t, o, want, i, j, y, in, ok)
	}
}

func checkPair(t *testing.T, o *crossholding.Ownership, want *oracle, i, j int, y *big.Rat, in crossholding.Interest, listed bool) {
	t.Helper()
	holder, issuer := want.ids[i], want.ids[j]
	got, err := o.Integrated(t.Context(), holder, issuer)
	if strings.HasPrefix(holder, "float:") && want.outside[strings.TrimPrefix(holder, "float:")] {
		require.ErrorIs(t, err, crossholding.ErrUnknown) // the float of a company without shares
		return
	}
	require.NoError(t, err)
	require.Zero(t, y.Cmp(got.Rat()), "%s of %s: want %s, got %s", holder, issuer, y, got)
	direct, err := o.Direct(holder, issuer)
	require.NoError(t, err)
	require.Zero(t, want.direct[i][j].Cmp(direct.Rat()), "%s directly of %s", holder, issuer)
	first, err := o.FirstPassage(t.Context(), holder, issuer)
	require.NoError(t, err)
	factor, err := o.LoopMultiplier(t.Context(), holder)
	require.NoError(t, err)
	require.True(t, first.Mul(factor).Equal(got))
	require.False(t, ratio.Int(1).Less(first), "%s has %s of %s", holder, first, issuer)
	if i < want.firms {
		require.Zero(t, want.inverse[i][i].Cmp(factor.Rat()))
	} else {
		booktest.RequireRatio(t, "1", factor)
	}
	parts, err := o.Explain(t.Context(), holder, issuer)
	require.NoError(t, err)
	sum := parts.Direct.Add(parts.Loops)
	for _, via := range parts.Through {
		sum = sum.Add(via.Figure)
		require.Positive(t, via.Figure.Sign())
	}
	require.True(t, slices.IsSortedFunc(parts.Through, func(a, b crossholding.Portion) int { return strings.Compare(a.Name, b.Name) }))
	require.True(t, sum.Equal(got), "%s of %s: %+v", holder, issuer, parts)
	require.True(t, parts.Integrated.Equal(got))
	require.True(t, parts.Direct.Equal(direct))
	if listed {
		capital, err := o.Capital(holder, issuer)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(crossholding.Interest{Holder: holder, Issuer: issuer, Capital: capital, Economic: direct, Integrated: got, FirstPassage: first}), fmt.Sprint(in))
	}
}

// checkRow checks what holder i has, takes it out of all, and reports whether
// the holder is in a cycle.
func checkRow(t *testing.T, o *crossholding.Ownership, want *oracle, i int, holder string, all map[[2]string]crossholding.Interest) bool {
	t.Helper()
	rows, err := o.Holdings(t.Context(), holder)
	if err != nil {
		require.ErrorIs(t, err, crossholding.ErrUnknown)
		require.True(t, strings.HasPrefix(holder, "float:"))
		return false
	}
	require.True(t, slices.IsSortedFunc(rows, func(a, b crossholding.Interest) int { return strings.Compare(a.Issuer, b.Issuer) }))
	n := 0
	for j := range want.firms {
		if want.integrated(i, j).Sign() == 0 {
			in, ok := all[[2]string{holder, want.ids[j]}]
			require.Equal(t, ok, in.Capital.Sign() > 0, "only shares in its name for others")
		} else {
			require.Equal(t, fmt.Sprint(rows[n]), fmt.Sprint(all[[2]string{holder, want.ids[j]}]), "Holdings and Interests")
			n++
		}
		delete(all, [2]string{holder, want.ids[j]})
	}
	require.Len(t, rows, n)
	return i < want.firms && want.inverse[i][i].Cmp(big.NewRat(1, 1)) > 0
}

// Other names and another order change no figure.
func TestRenamingChangesNoFigure(t *testing.T) {
	for seed := range uint64(testkit.Cases(200)) {
		rng := rand.New(rand.NewPCG(seed, 4))
		b := booktest.RandomCrossBook(rng)
		ids := slices.Concat(namesOf(b.Companies, func(c crossholding.Company) string { return c.ID }), namesOf(b.Parties, func(p crossholding.Party) string { return p.ID }))
		to := map[string]string{"": "", crossholding.Neutral: crossholding.Neutral}
		for i, p := range rng.Perm(len(ids)) {
			to[ids[i]] = fmt.Sprintf("n%02d", p)
			to[crossholding.FloatOf(ids[i])] = crossholding.FloatOf(to[ids[i]])
		}
		before := figuresOf(t, b, func(id string) string { return to[id] })
		for i := range b.Companies {
			b.Companies[i].ID = to[b.Companies[i].ID]
		}
		for i := range b.Parties {
			b.Parties[i].ID = to[b.Parties[i].ID]
		}
		for i := range b.Stakes {
			s := &b.Stakes[i]
			s.Holder, s.Issuer, s.Beneficiary, s.Voter = to[s.Holder], to[s.Issuer], to[s.Beneficiary], to[s.Voter]
		}
		rng.Shuffle(len(b.Companies), func(i, j int) { b.Companies[i], b.Companies[j] = b.Companies[j], b.Companies[i] })
		rng.Shuffle(len(b.Parties), func(i, j int) { b.Parties[i], b.Parties[j] = b.Parties[j], b.Parties[i] })
		rng.Shuffle(len(b.Stakes), func(i, j int) { b.Stakes[i], b.Stakes[j] = b.Stakes[j], b.Stakes[i] })
		require.Equal(t, before, figuresOf(t, b, func(id string) string { return id }), "seed %d", seed)
	}
}

func namesOf[T any](list []T, id func(T) string) (out []string) {
	for _, x := range list {
		out = append(out, id(x))
	}
	return out
}

// figuresOf lists who has what and who votes and controls, under other names.
func figuresOf(t *testing.T, b crossholding.Book, call func(string) string) []string {
	t.Helper()
	a := booktest.New(t, b)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	out := map[string]bool{}
	for in, err := range o.Interests(t.Context()) {
		require.NoError(t, err)
		in.Holder, in.Issuer = call(in.Holder), call(in.Issuer)
		out[fmt.Sprint(in)] = true
	}
	c, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	for v := range c.Votes().Rows() {
		out[fmt.Sprint(call(v.Holder), call(v.Issuer), v.Theoretical, v.Exercisable, v.Free, v.Neutral)] = true
	}
	for p, err := range c.Pairs(t.Context()) {
		require.NoError(t, err)
		out[call(p.Controller)+" controls "+call(p.Company)] = true
	}
	return slices.Sorted(maps.Keys(out))
}

func TestClosedRings(t *testing.T) {
	ring := func(pairs ...string) (b crossholding.Book) {
		seen := map[string]bool{}
		for _, p := range pairs {
			f := strings.Fields(p)
			for _, id := range f[:2] {
				if !seen[id] {
					seen[id] = true
					b.Companies = append(b.Companies, crossholding.Company{ID: id})
				}
			}
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: f[0], Issuer: f[1], Percent: ratio.Number(f[2])})
		}
		return b
	}
	for _, c := range []struct {
		name string
		book crossholding.Book
		want [][]string
	}{
		{"two", ring("a b 100", "b a 100"), [][]string{{"a", "b"}}},
		{"three with shares across", ring("c a 50", "b a 50", "a b 100", "b c 100"), [][]string{{"a", "b", "c"}}},
		{"several", ring("z y 100", "y z 100", "b a 100", "a b 100", "p q 10"), [][]string{{"a", "b"}, {"y", "z"}}},
		{"below a sound parent", ring("parent child 40", "a child 60", "b a 100", "a b 100"), [][]string{{"a", "b"}}},
		{"that owns others", ring("a b 100", "b a 100", "b low 70"), [][]string{{"a", "b"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := booktest.New(t, c.book).Ownership(t.Context(), crossholding.OwnershipOptions{Strict: true})
			var got *crossholding.NoOutsideOwnerError
			require.ErrorAs(t, err, &got)
			require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
			require.Equal(t, c.want, got.Components)
			for _, r := range c.want {
				require.ErrorContains(t, err, strings.Join(r, ", "))
			}
		})
	}
	// The least share outside opens a ring.
	o, err := booktest.New(t, ring("a b 100", "b a 99.999999999999999999999999999999")).Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	factor, err := o.LoopMultiplier(t.Context(), "a")
	require.NoError(t, err)
	booktest.RequireRatio(t, "1e32", factor)
	owners, err := o.Ultimate(t.Context(), "b")
	require.NoError(t, err)
	require.Len(t, owners, 1)
	booktest.RequireRatio(t, "1", owners[0].Integrated)
}

// Companies that pay nothing to anybody are owned by nobody, and say so.
func TestCompanyWithoutDividends(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "club", Shares: []crossholding.ShareClass{{Issued: "10", Dividend: "0"}}},
			{ID: "own", Shares: []crossholding.ShareClass{{Issued: "10", Treasury: "10"}}},
			{ID: "firm"},
		},
		Parties: []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "club", Shares: "6"}, {Holder: "club", Issuer: "firm", Percent: "30"},
			{Holder: "own", Issuer: "firm", Percent: "20"}},
	}
	o, err := booktest.New(t, b).Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	capital, err := o.Capital("p", "club")
	require.NoError(t, err)
	booktest.RequireRatio(t, "60%", capital)
	direct := func(_ context.Context, holder, issuer string) (ratio.Ratio, error) { return o.Direct(holder, issuer) }
	for _, ask := range []func(context.Context, string, string) (ratio.Ratio, error){direct, o.Integrated, o.FirstPassage} {
		for _, issuer := range []string{"club", "firm"} {
			y, err := ask(t.Context(), "p", issuer)
			require.NoError(t, err)
			require.True(t, y.IsZero())
		}
	}
	owners, err := o.Owners(t.Context(), "club")
	require.NoError(t, err)
	require.Empty(t, owners)
	owners, err = o.Owners(t.Context(), "firm")
	require.NoError(t, err)
	require.Len(t, owners, 3) // the club, the company without outstanding shares, the float
}

func TestOwnershipErrors(t *testing.T) {
	a := readBook(t, "before")
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	for name, ask := range map[string]func() error{
		"holder":       func() error { _, err := o.Integrated(t.Context(), "ghost", "nissan"); return err },
		"issuer":       func() error { _, err := o.Integrated(t.Context(), "nissan", "ghost"); return err },
		"party":        func() error { _, err := o.Direct("nissan", "french-state"); return err },
		"float":        func() error { _, err := o.Capital("float:ghost", "nissan"); return err },
		"float of one": func() error { _, err := o.FirstPassage(t.Context(), "float:trust", "nissan"); return err },
		"owners":       func() error { _, err := o.Owners(t.Context(), "ghost"); return err },
		"ultimate":     func() error { _, err := o.Ultimate(t.Context(), "trust"); return err },
		"holdings":     func() error { _, err := o.Holdings(t.Context(), "ghost"); return err },
		"explain":      func() error { _, err := o.Explain(t.Context(), "ghost", "nissan"); return err },
		"loop":         func() error { _, err := o.LoopMultiplier(t.Context(), "ghost"); return err },
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, ask(), crossholding.ErrUnknown) })
	}
	_, err = a.Ownership(t.Context(), crossholding.OwnershipOptions{MaxBits: -1})
	require.ErrorIs(t, err, crossholding.ErrRange)
	small, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{MaxBits: 8})
	require.NoError(t, err)
	_, err = small.Integrated(t.Context(), "french-state", "nissan")
	require.ErrorIs(t, err, crossholding.ErrTooLarge)

	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("enough")
	cancel(cause)
	_, err = o.Owners(ctx, "nissan")
	require.ErrorIs(t, err, cause)
	for _, err := range o.Interests(ctx) {
		require.ErrorIs(t, err, cause)
	}
	var none context.Context
	_, err = o.Owners(none, "nissan")
	require.NoError(t, err)
}

// Interests can be left early.
func TestInterestsStop(t *testing.T) {
	o, err := readBook(t, "before").Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	n := 0
	for range o.Interests(t.Context()) {
		if n++; n == 3 {
			break
		}
	}
	require.Equal(t, 3, n)
}

// A trust holds in its name what is another's: capital here, money there.
func TestTrustOwnsNothing(t *testing.T) {
	o, err := readBook(t, "2023-11-08").Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	seen := false
	for in, err := range o.Interests(t.Context()) {
		require.NoError(t, err)
		if in.Holder == "trust" {
			seen = true
			require.Equal(t, "nissan", in.Issuer)
			require.Equal(t, "28.4", in.Capital.Percent(1).String())
			require.True(t, in.Economic.IsZero() && in.Integrated.IsZero() && in.FirstPassage.IsZero())
		}
	}
	require.True(t, seen)
}

func BenchmarkAlliance(b *testing.B) {
	a := readBook(b, "before")
	book := a.Book()
	o, err := a.Ownership(b.Context(), crossholding.OwnershipOptions{})
	require.NoError(b, err)
	var sink any
	for _, c := range []struct {
		name string
		f    func() (any, error)
	}{
		{"build", func() (any, error) { return crossholding.New(book) }},
		{"ownership/prepare", func() (any, error) { return a.Ownership(b.Context(), crossholding.OwnershipOptions{}) }},
		{"ownership/integrated", func() (any, error) { return o.Integrated(b.Context(), "french-state", "nissan") }},
		{"ownership/first-passage", func() (any, error) { return o.FirstPassage(b.Context(), "nissan", "mitsubishi") }},
		{"ownership/owners", func() (any, error) { return o.Owners(b.Context(), "nissan") }},
		{"ownership/holdings", func() (any, error) { return o.Holdings(b.Context(), "french-state") }},
		{"ownership/explain", func() (any, error) { return o.Explain(b.Context(), "renault", "mitsubishi") }},
		{"votes", func() (any, error) { return a.Votes(b.Context(), crossholding.VotingOptions{}) }},
		{"control", func() (any, error) { return a.Control(b.Context(), crossholding.ControlOptions{}) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if sink, err = c.f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	_ = sink
}

// Shares that earn no dividend are held all the same: they are a part of the
// capital, in a holder's name or nobody's.
func TestInterestsWithoutDividend(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "mixed", Shares: []crossholding.ShareClass{{Issued: "100"}, {Class: "votes", Issued: "300", Dividend: "0"}}},
			{ID: "none", Shares: []crossholding.ShareClass{{Issued: "100", Dividend: "0"}}},
		},
		Parties: []crossholding.Party{{ID: "anna"}, {ID: "ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "anna", Issuer: "mixed", Shares: "100"},
			{Holder: "ben", Issuer: "mixed", Class: "votes", Shares: "120"},
			{Holder: "mixed", Issuer: "none", Shares: "40"},
		},
	})
	want := []string{"anna mixed 0.25 1 1 1", "ben mixed 0.3 0 0 0", "float:mixed mixed 0.45 0 0 0", "float:none none 0.6 0 0 0", "mixed none 0.4 0 0 0"}
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	var got []string
	for in, err := range o.Interests(t.Context()) {
		require.NoError(t, err)
		got = append(got, fmt.Sprint(in.Holder, " ", in.Issuer, " ", in.Capital, " ", in.Economic, " ", in.Integrated, " ", in.FirstPassage))
	}
	require.Equal(t, want, got)
	c, err := o.Certified(crossholding.CertifiedOptions{Places: 12})
	require.NoError(t, err)
	got = nil
	for in, err := range c.Interests(t.Context()) {
		require.NoError(t, err)
		got = append(got, fmt.Sprint(in.Holder, " ", in.Issuer, " ", in.Capital, " ", in.Economic, " ", in.Integrated, " ", in.FirstPassage))
	}
	require.Equal(t, want, got)
	y, err := o.Integrated(t.Context(), "float:none", "none")
	require.NoError(t, err, "a float that earns nothing is asked about like any other")
	booktest.RequireRatio(t, "0", y)
	for _, issuer := range []string{"none", "mixed"} { // none itself has nothing of mixed; its float neither
		z, err := c.Integrated(t.Context(), "float:none", issuer)
		require.NoError(t, err)
		require.True(t, z.IsZero())
		x, err := o.Explain(t.Context(), "float:none", issuer)
		require.NoError(t, err)
		booktest.RequireRatio(t, "0", x.Integrated)
	}
	line, err := c.Holdings(t.Context(), "float:none")
	require.NoError(t, err)
	require.Zero(t, line.Len())
	held, err := o.Holdings(t.Context(), "float:none")
	require.NoError(t, err)
	require.Empty(t, held)
}

func TestCompanyWithoutShares(t *testing.T) {
	a, err := crossholding.New(crossholding.Book{Companies: []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "0"}}}}})
	require.NoError(t, err)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	_, err = o.Owners(t.Context(), "a")
	require.EqualError(t, err, `crossholding: "a" is a party, or a company that has issued no shares: unknown name`)
	_, err = o.Owners(t.Context(), "b")
	require.EqualError(t, err, `crossholding: company "b": unknown name`)
}

func TestRingErrorIsBounded(t *testing.T) {
	var e crossholding.NoOutsideOwnerError
	for i := range 1000 {
		ring := make([]string, 100)
		for j := range ring {
			ring[j] = fmt.Sprintf("c%d-%d", i, j)
		}
		e.Components = append(e.Components, ring)
	}
	require.Contains(t, e.Error(), "c0-0, c0-1, ")
	require.Contains(t, e.Error(), "c0-19 and 80 more; c1-0")
	require.Contains(t, e.Error(), "; 980 more components: companies that nobody outside owns")
	require.Less(t, len(e.Error()), 10_000)
}

package compliance_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// list returns a list that is not nil, as results have.
func list[T any](in []T) []T { return append([]T{}, in...) }

func newAlliance(t *testing.T, b crossholding.Book) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	return a
}

// loadCases reads testdata/NAME.json into v.
func loadCases(t *testing.T, name string, v any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, v))
}

// bookOf makes a book of stakes written "holder percent issuer". Whoever is
// held is a company, the others are persons.
func bookOf(t *testing.T, stakes ...string) crossholding.Book {
	t.Helper()
	var b crossholding.Book
	issuers := map[string]bool{}
	for _, s := range stakes {
		f := strings.Fields(s)
		require.Len(t, f, 3, s)
		issuers[f[2]] = true
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: f[0], Percent: ratio.Number(f[1]), Issuer: f[2]})
	}
	seen := map[string]bool{}
	for _, s := range b.Stakes {
		for _, id := range []string{s.Holder, s.Issuer} {
			switch {
			case seen[id]:
			case issuers[id]:
				b.Companies = append(b.Companies, crossholding.Company{ID: id})
			default:
				b.Parties = append(b.Parties, crossholding.Party{ID: id})
			}
			seen[id] = true
		}
	}
	return b
}

func allianceOf(t *testing.T, stakes ...string) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(bookOf(t, stakes...))
	require.NoError(t, err)
	return a
}

func r(t *testing.T, s string) ratio.Ratio {
	t.Helper()
	r, err := ratio.Parse(s)
	require.NoError(t, err)
	return r
}

func requireRatio(t *testing.T, want string, got ratio.Ratio, note ...any) {
	t.Helper()
	require.Truef(t, r(t, want).Equal(got), "want %s, got %s %s", want, got, fmt.Sprint(note...))
}

// world is a random book with the fractions that it was made from: a[i][j] is
// what node i holds of company j. The last nodes are persons.
type world struct {
	ids       []string
	companies int
	a         [][]*big.Rat
	book      crossholding.Book
}

// randomWorld makes a book of the given companies and persons. Shares are
// whole percents, often round ones, so that thresholds are met exactly.
func randomWorld(r *rand.Rand, companies, persons int) world {
	w := world{companies: companies}
	for i := range companies {
		w.ids = append(w.ids, fmt.Sprintf("c%02d", i))
		w.book.Companies = append(w.book.Companies, crossholding.Company{ID: w.ids[i]})
	}
	for i := range persons {
		w.ids = append(w.ids, fmt.Sprintf("p%02d", i))
		w.book.Parties = append(w.book.Parties, crossholding.Party{ID: w.ids[companies+i]})
	}
	n := len(w.ids)
	w.a = make([][]*big.Rat, n)
	for i := range w.a {
		w.a[i] = make([]*big.Rat, n)
		for j := range w.a[i] {
			w.a[i][j] = new(big.Rat)
		}
	}
	for j := range companies {
		left := 98 // a float of 2% opens every ring
		for range 1 + r.IntN(4) {
			i := r.IntN(n)
			pct := []int{1, 5, 10, 20, 25, 30, 40, 50, 51, 60, 1 + r.IntN(70)}[r.IntN(11)]
			if i == j || pct > left {
				continue
			}
			left -= pct
			w.a[i][j].Add(w.a[i][j], big.NewRat(int64(pct), 100))
			w.book.Stakes = append(w.book.Stakes, crossholding.Stake{Holder: w.ids[i], Issuer: w.ids[j], Percent: ratio.Number(fmt.Sprint(pct))})
		}
		if left == 98 { // every company is held by someone
			i := (j + 1) % n
			w.a[i][j].SetFrac64(7, 100)
			w.book.Stakes = append(w.book.Stakes, crossholding.Stake{Holder: w.ids[i], Issuer: w.ids[j], Percent: "7"})
		}
	}
	return w
}

func (w world) alliance(t *testing.T) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(w.book)
	require.NoError(t, err)
	return a
}

// renamed returns the book with its rows shuffled and its names turned round,
// and the new names.
func (w world) renamed(r *rand.Rand) (crossholding.Book, map[string]string) {
	names := map[string]string{}
	for i, id := range w.ids {
		names[id] = fmt.Sprintf("%s-%02d", string(rune('z'-i%26)), len(w.ids)-i)
	}
	b := crossholding.Book{}
	for _, c := range w.book.Companies {
		c.ID = names[c.ID]
		b.Companies = append(b.Companies, c)
	}
	for _, p := range w.book.Parties {
		p.ID = names[p.ID]
		b.Parties = append(b.Parties, p)
	}
	for _, s := range w.book.Stakes {
		s.Holder, s.Issuer = names[s.Holder], names[s.Issuer]
		b.Stakes = append(b.Stakes, s)
	}
	r.Shuffle(len(b.Companies), func(i, j int) { b.Companies[i], b.Companies[j] = b.Companies[j], b.Companies[i] })
	r.Shuffle(len(b.Stakes), func(i, j int) { b.Stakes[i], b.Stakes[j] = b.Stakes[j], b.Stakes[i] })
	return b, names
}

// fixpoint is who belongs to the seeds when a company joins once its members
// together have enough of it.
func (w world) fixpoint(seeds []int, enough func(share *big.Rat, company int) bool) []bool {
	in := make([]bool, len(w.ids))
	for _, s := range seeds {
		in[s] = true
	}
	for again := true; again; {
		again = false
		for j := range w.companies {
			sum := new(big.Rat)
			for i := range w.ids {
				if in[i] && i != j {
					sum.Add(sum, w.a[i][j])
				}
			}
			if !in[j] && enough(sum, j) {
				in[j], again = true, true
			}
		}
	}
	return in
}

func (w world) names(in []bool, but ...int) []string {
	var out []string
	for i, ok := range in {
		if ok && !slices.Contains(but, i) {
			out = append(out, w.ids[i])
		}
	}
	slices.Sort(out)
	return out
}

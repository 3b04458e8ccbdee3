package crossholding_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/ratio"
)

// loadCases reads testdata/control/NAME.json into v.
func loadCases(t *testing.T, name string, v any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "control", name+".json"))
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

// forms answers every form of the question for a book and renders the answers.
func forms(t *testing.T, a *crossholding.Alliance, company, holder string) []string {
	t.Helper()
	var out []string
	say := func(err error, answers ...any) {
		require.NoError(t, err)
		out = append(out, fmt.Sprint(answers...))
	}
	for _, reading := range []crossholding.WeakestLinkReading{crossholding.LinkWidest, crossholding.LinkSum} {
		u, err := a.WeakestLinks(t.Context(), company, crossholding.WeakestLinkOptions{Reading: reading, CashFlow: true})
		say(err, u)
	}
	for _, model := range []crossholding.NetworkModel{crossholding.ModelLinear, crossholding.ModelThreshold, crossholding.ModelThresholdRest, crossholding.ModelRelative} {
		n, err := a.NetworkControl(t.Context(), crossholding.NetworkOptions{Model: model})
		require.NoError(t, err)
		rank, err := n.Rank(t.Context())
		say(err, rank)
	}
	d, err := a.DeFacto(t.Context(), crossholding.TurnoutOptions{Default: r(t, "0.7")})
	require.NoError(t, err)
	largest, err := d.Largest(t.Context(), company)
	say(err, largest.Holder, largest.Controls, largest.Below)
	return out
}

// TestFormsOnHugeCounts gives a book in percent and again in share counts of
// over 40 digits: no answer may change.
func TestFormsOnHugeCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 40 {
		w := randomWorld(r, 2+r.IntN(5), 2)
		huge := crossholding.Book{Parties: w.book.Parties}
		zeros := strings.Repeat("0", 17+24*r.IntN(2))
		for _, c := range w.book.Companies {
			c.Shares = []crossholding.ShareClass{{Issued: ratio.Number("100" + zeros)}}
			huge.Companies = append(huge.Companies, c)
		}
		for _, s := range w.book.Stakes {
			s.Shares, s.Percent = s.Percent+ratio.Number(zeros), ""
			huge.Stakes = append(huge.Stakes, s)
		}
		a, err := crossholding.New(huge)
		require.NoError(t, err)
		company, holder := w.ids[r.IntN(w.companies)], w.ids[r.IntN(len(w.ids))]
		require.Equal(t, forms(t, w.alliance(t), company, holder), forms(t, a, company, holder))
	}
}

// TestFormsOfARegister: a register answers as the book that it stands for.
func TestFormsOfARegister(t *testing.T) {
	for seed := range uint64(3) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 120, Core: 4, Funds: 3})
		require.NoError(t, err)
		a := registerOf(t, n).Alliance
		e := 17 * int(seed+1)
		company, holder := n.ID(n.Issuer[e]), n.ID(n.Holder[e])
		require.Equal(t, forms(t, newAlliance(t, a.Book()), company, holder), forms(t, a, company, holder))
	}
}

// TestFormsInOrder turns the rows of a book round: no answer may change.
func TestFormsInOrder(t *testing.T) {
	for _, file := range []string{"before", "2023-11-08", "2024-11-29"} {
		a := readBook(t, file)
		b := a.Book()
		slices.Reverse(b.Companies)
		slices.Reverse(b.Parties)
		slices.Reverse(b.Stakes)
		slices.Reverse(b.Agreements)
		turned, err := crossholding.New(b)
		require.NoError(t, err)
		require.Equal(t, forms(t, a, "mitsubishi", "renault"), forms(t, turned, "mitsubishi", "renault"))
	}
}

// TestFormsAtOnce asks one value from many goroutines.
func TestFormsAtOnce(t *testing.T) {
	a := readBook(t, "2023-11-08")
	n, err := a.NetworkControl(t.Context(), crossholding.NetworkOptions{})
	require.NoError(t, err)
	d, err := a.DeFacto(t.Context(), crossholding.TurnoutOptions{Default: r(t, "0.6")})
	require.NoError(t, err)
	answers := make([]string, 8)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() {
			rank, err1 := n.Rank(t.Context())
			largest, err2 := d.Largest(t.Context(), "renault")
			answers[i] = fmt.Sprint(rank, largest, err1, err2)
		})
	}
	wait.Wait()
	for _, x := range answers {
		require.Equal(t, answers[0], x)
	}
}

// TestFormsAndThePublic: many small holders under one name are not one holder.
func TestFormsAndThePublic(t *testing.T) {
	b := bookOf(t, "P 30 C", "crowd 60 C")
	b.Parties[1].Kind = crossholding.KindPublic
	a := newAlliance(t, b)
	d, err := a.DeFacto(t.Context(), crossholding.TurnoutOptions{Default: r(t, "55%")})
	require.NoError(t, err)
	s, err := d.Largest(t.Context(), "C")
	require.NoError(t, err)
	require.Equal(t, "P controls C in fact: 30 of the 55 votes expected (55% turnout), and with a turnout below 60%", s.String())
	owners, err := a.WeakestLinks(t.Context(), "C", crossholding.WeakestLinkOptions{})
	require.NoError(t, err)
	require.Len(t, owners, 1)
	require.Equal(t, "P", owners[0].Owner)
	n, err := a.NetworkControl(t.Context(), crossholding.NetworkOptions{Model: crossholding.ModelRelative})
	require.NoError(t, err)
	h, err := n.Of(t.Context(), "P")
	require.NoError(t, err)
	requireRatio(t, "1", h.Control)
}

func TestFormsOfNothing(t *testing.T) {
	var a crossholding.Alliance
	_, err := a.WeakestLinks(t.Context(), "x", crossholding.WeakestLinkOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	n, err := a.NetworkControl(t.Context(), crossholding.NetworkOptions{})
	require.NoError(t, err)
	rank, err := n.Rank(t.Context())
	require.NoError(t, err)
	require.Empty(t, rank)
	d, err := a.DeFacto(t.Context(), crossholding.TurnoutOptions{})
	require.NoError(t, err)
	_, err = d.Largest(t.Context(), "x")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

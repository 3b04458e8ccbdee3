package booktest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/ratio"
)

// Answers returns the answers of all questions under test about one company and one
// holder, as text.
type Answers func(t *testing.T, a *crossholding.Alliance, company, holder string) []string

// HugeCounts requires equal answers of a book in percent and of the same book in share
// counts of 20 to 43 digits.
func (ask Answers) HugeCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 40 {
		w := RandomWorld(r, 2+r.IntN(5), 2)
		huge := crossholding.Book{Parties: w.Book.Parties}
		zeros := strings.Repeat("0", 17+24*r.IntN(2))
		for _, c := range w.Book.Companies {
			c.Shares = []crossholding.ShareClass{{Issued: ratio.Number("100" + zeros)}}
			huge.Companies = append(huge.Companies, c)
		}
		for _, s := range w.Book.Stakes {
			s.Shares, s.Percent = s.Percent+ratio.Number(zeros), ""
			huge.Stakes = append(huge.Stakes, s)
		}
		a, err := crossholding.New(huge)
		require.NoError(t, err)
		company, holder := w.IDs[r.IntN(w.Companies)], w.IDs[r.IntN(len(w.IDs))]
		require.Equal(t, ask(t, w.Alliance(t), company, holder), ask(t, a, company, holder))
	}
}

// OfARegister requires equal answers of a register and of a book with the same stakes.
func (ask Answers) OfARegister(t *testing.T) {
	for seed := range uint64(3) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 120, Core: 4, Funds: 3})
		require.NoError(t, err)
		a := Register(t, n, crossholding.RegisterOptions{})
		e := 17 * int(seed+1)
		company, holder := n.ID(n.Issuer[e]), n.ID(n.Holder[e])
		require.Equal(t, ask(t, New(t, a.Book()), company, holder), ask(t, a, company, holder))
	}
}

// InOrder requires equal answers of a book and of the same book with its rows reversed.
func (ask Answers) InOrder(t *testing.T) {
	for _, file := range []string{"before", "2023-11-08", "2024-11-29"} {
		a, err := Renault(file)
		require.NoError(t, err)
		b := a.Book()
		slices.Reverse(b.Companies)
		slices.Reverse(b.Parties)
		slices.Reverse(b.Stakes)
		slices.Reverse(b.Agreements)
		require.Equal(t, ask(t, a, "mitsubishi", "renault"), ask(t, New(t, b), "mitsubishi", "renault"))
	}
}

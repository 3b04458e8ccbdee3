// Package booktest makes books and alliances for the tests of this module, and
// compares figures. Only tests import it.
package booktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/ratio"
)

// New returns the alliance of a valid book.
func New(t testing.TB, b crossholding.Book) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	return a
}

// Book makes a book of stakes written "holder percent issuer". Issuers are
// companies, and all others are persons.
func Book(t testing.TB, stakes ...string) crossholding.Book {
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

// Percents makes a book of stakes {holder, issuer, percent}, in which everybody is a
// company. Those in which nobody holds a stake are outside owners then.
func Percents(stakes ...[3]string) crossholding.Book {
	var b crossholding.Book
	seen := map[string]bool{}
	for _, s := range stakes {
		for _, id := range s[:2] {
			if !seen[id] {
				seen[id] = true
				b.Companies = append(b.Companies, crossholding.Company{ID: id})
			}
		}
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: s[0], Issuer: s[1], Percent: ratio.Number(s[2])})
	}
	return b
}

// Alliance returns the alliance of a [Book].
func Alliance(t testing.TB, stakes ...string) *crossholding.Alliance {
	t.Helper()
	return New(t, Book(t, stakes...))
}

// Register reads a generated network through its CSV pair.
func Register(t testing.TB, n *gen.Network, opt crossholding.RegisterOptions) *crossholding.Alliance {
	t.Helper()
	var companies, stakes bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &stakes))
	r, err := crossholding.ReadRegister(t.Context(), &companies, &stakes, opt)
	require.NoError(t, err)
	return r
}

// Renault reads one of the books of Renault, Nissan and Mitsubishi Motors,
// such as "before" or "2023-11-08".
func Renault(name string) (*crossholding.Alliance, error) {
	f, err := open("testdata/alliance/" + name + ".json")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return crossholding.ReadBook(f)
}

// MitsubishiMotors is the book of Mitsubishi Motors at the end of 2022.
func MitsubishiMotors() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "mitsubishi-motors", Country: "JP", Shares: []crossholding.ShareClass{{Issued: "1490282496", Treasury: "3300000"}}},
			{ID: "nissan", Country: "JP"}, {ID: "mitsubishi-corporation", Country: "JP"},
		},
		Stakes: []crossholding.Stake{
			{Holder: "nissan", Issuer: "mitsubishi-motors", Shares: "506620577"},
			{Holder: "mitsubishi-corporation", Issuer: "mitsubishi-motors", Shares: "298012214"},
		},
	}
}

// Load reads a JSON file, by its path in the module, into v.
func Load(t testing.TB, path string, v any) {
	t.Helper()
	f, err := open(path)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, json.NewDecoder(f).Decode(v))
}

// open opens a file of the module. A test runs in the folder of its package.
func open(path string) (*os.File, error) {
	dir := "."
	for range 5 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Join(dir, "..")
	}
	return os.Open(filepath.Join(dir, filepath.FromSlash(path)))
}

// RequireRatio requires a figure to have a value.
func RequireRatio(t testing.TB, want string, got ratio.Ratio, note ...any) {
	t.Helper()
	require.Truef(t, ratio.MustParse(want).Equal(got), "want %s, got %s %s", want, got, fmt.Sprint(note...))
}

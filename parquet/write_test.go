package parquet_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/parquet"
	"github.com/crossholding/crossholding/ratio"
	"github.com/stretchr/testify/require"
)

// A ring: a holds half of b, b a third of a, and the others hold the rest.
func ring(t testing.TB) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.ReadRegister(t.Context(), strings.NewReader("id,issued,treasury,votes\na,300,,\nb,200,,\n"),
		strings.NewReader("holder,issuer,shares\np,a,200\nb,a,100\na,b,100\nq,b,100\n"), crossholding.RegisterOptions{})
	require.NoError(t, err)
	return a
}

// What is written is what the question gave, rounded to the places.
func TestWriteInterests(t *testing.T) {
	o, err := ring(t).Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	var want [][]string
	for i, err := range o.Interests(t.Context()) {
		require.NoError(t, err)
		want = append(want, []string{i.Holder, i.Issuer, figureOf(i.Capital), figureOf(i.Economic), figureOf(i.Integrated), figureOf(i.FirstPassage)})
	}
	var out bytes.Buffer
	n, err := parquet.WriteInterests(t.Context(), &out, o.Interests(t.Context()), parquet.WriteOptions{Places: 3})
	require.NoError(t, err)
	columns, got := rows(t, out.Bytes())
	require.EqualValues(t, len(got), n)
	require.Equal(t, []string{"holder", "issuer", "capital", "economic", "integrated", "first_passage"}, columns)
	require.Equal(t, want, got)
	require.Contains(t, want, []string{"p", "b", "0.000", "0.000", "0.400", "0.400"}) // by hand: 2/3 x 1/2 / (1 - 1/6)

	owners, err := o.Owners(t.Context(), "b")
	require.NoError(t, err)
	out.Reset()
	n, err = parquet.WriteInterests(t.Context(), &out, parquet.Listed(owners), parquet.WriteOptions{Places: 3})
	require.NoError(t, err)
	_, got = rows(t, out.Bytes())
	require.EqualValues(t, len(owners), n)
	require.Len(t, got, len(owners))
}

func figureOf(r ratio.Ratio) string { return r.Decimal(3).StringFixed(3) }

func TestWriteRow(t *testing.T) {
	o, err := ring(t).Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	c, err := o.Certified(crossholding.CertifiedOptions{Places: 12})
	require.NoError(t, err)
	row, err := c.Owners(t.Context(), "a")
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = parquet.WriteRow(t.Context(), &out, row, parquet.WriteOptions{Places: 4})
	require.NoError(t, err)
	columns, got := rows(t, out.Bytes())
	require.Equal(t, []string{"name", "share"}, columns)
	require.Contains(t, got, []string{"p", "0.8000"}) // by hand: 2/3 / (1 - 1/6)
	require.Contains(t, got, []string{"q", "0.2000"})
}

func TestWriteControl(t *testing.T) {
	a, err := crossholding.ReadRegister(t.Context(), strings.NewReader("id,issued,treasury,votes\na,100,,\nb,100,,\n"),
		strings.NewReader("holder,issuer,shares\np,a,51\na,b,60\n"), crossholding.RegisterOptions{})
	require.NoError(t, err)
	c, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	var out bytes.Buffer
	n, err := parquet.WriteControl(t.Context(), &out, c.Pairs(t.Context()))
	require.NoError(t, err)
	require.EqualValues(t, 3, n)
	columns, got := rows(t, out.Bytes())
	require.Equal(t, []string{"controller", "company"}, columns)
	require.Equal(t, [][]string{{"a", "b"}, {"p", "a"}, {"p", "b"}}, got)
}

// A list without rows is a whole file.
func TestWriteNothing(t *testing.T) {
	var out bytes.Buffer
	n, err := parquet.WriteInterests(noContext, &out, parquet.Listed(nil), parquet.WriteOptions{})
	require.NoError(t, err)
	require.Zero(t, n)
	_, got := rows(t, out.Bytes())
	require.Empty(t, got)
}

func TestWriteFaults(t *testing.T) {
	one := parquet.Listed([]crossholding.Interest{{Holder: "p", Issuer: "a", Integrated: ratio.MustParse("10")}})
	write := func(opt parquet.WriteOptions) error {
		_, err := parquet.WriteInterests(t.Context(), io.Discard, one, opt)
		return err
	}
	require.NoError(t, write(parquet.WriteOptions{Places: 36}))
	err := write(parquet.WriteOptions{Places: 37})
	require.ErrorIs(t, err, crossholding.ErrRange)
	require.EqualError(t, err, `parquet: row 1: 10 (p, a) does not fit into 38 digits with 37 places: out of range`)
	for _, places := range []int{-1, 38, 1000} {
		require.ErrorIs(t, write(parquet.WriteOptions{Places: places}), crossholding.ErrRange, places)
	}

	why := errors.New("enough")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, err = parquet.WriteInterests(ended, io.Discard, one, parquet.WriteOptions{})
	require.ErrorIs(t, err, why)

	full := errors.New("disk full")
	_, err = parquet.WriteInterests(t.Context(), fullDisk{full}, one, parquet.WriteOptions{})
	require.ErrorIs(t, err, full)
}

type fullDisk struct{ err error }

func (f fullDisk) Write([]byte) (int, error) { return 0, f.err }

// A company without an answer ends the file, or is left out if the caller says so.
func TestUnanswered(t *testing.T) {
	a, err := crossholding.ReadRegister(t.Context(), strings.NewReader("id,issued,treasury,votes\na,1,,\nx,1,,\ny,1,,\n"),
		strings.NewReader("holder,issuer,shares\np,a,1\nx,y,1\ny,x,1\n"), crossholding.RegisterOptions{})
	require.NoError(t, err)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	c, err := o.Certified(crossholding.CertifiedOptions{Places: 12})
	require.NoError(t, err)
	list := func() (bytes.Buffer, []string, error) {
		var out bytes.Buffer
		var left []string
		_, err := parquet.WriteInterests(t.Context(), &out, c.OwnersAbove(t.Context(), ratio.Of(1, 4), true), parquet.WriteOptions{
			Unanswered: func(company string, err error) error { left = append(left, company); return nil },
		})
		return out, left, err
	}
	out, left, err := list()
	require.NoError(t, err)
	_, got := rows(t, out.Bytes())
	require.Len(t, got, 1)
	require.Equal(t, []string{"x", "y"}, left)
	_, err = parquet.WriteInterests(t.Context(), io.Discard, c.OwnersAbove(t.Context(), ratio.Of(1, 4), true), parquet.WriteOptions{})
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
}

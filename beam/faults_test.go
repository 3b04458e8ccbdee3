package beam_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sdk "github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/beam"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/ratio"
	"github.com/stretchr/testify/require"
)

// All faults of all files are returned at once, with file and line.
func TestFaultsNameFileAndLine(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("c1.csv", "id,issued,treasury,votes\na,100,,\nb,ten,,\na,5,,\n\nneutral,1,,\n")
	write("c2.csv", "id,issued\n")
	write("s1.csv", "holder,issuer,shares\np,a,70\nq,a,60\np,nobody,1\n\"p\",a,-1\np,a\np,\"a,1\n")
	f := beam.Files{Companies: filepath.Join(dir, "c*.csv"), Stakes: filepath.Join(dir, "s1.csv")}
	for _, shards := range []int{1, 7} {
		_, err := beam.Solve(noContext, f, beam.Question{Control: true}, beam.Options{Work: t.TempDir(), Shards: shards})
		var bad *crossholding.InputError
		require.ErrorAs(t, err, &bad)
		var got []string
		for _, x := range bad.Faults {
			got = append(got, strings.ReplaceAll(x.Error(), dir+"/", ""))
		}
		require.Equal(t, []string{
			`c1.csv:3.issued: "ten" is not a decimal number: bad number`,
			`c1.csv:4: company "a" is given twice`,
			`c1.csv:6: id "neutral" is empty or reserved`,
			`c2.csv:1: the header is "id,issued", not "id,issued,treasury,votes"`,
			`s1.csv:4: issuer "nobody" is not among the companies`,
			`s1.csv:5: p in a: "-1" is not a number of shares`,
			`s1.csv:6: wrong number of fields`,
			`s1.csv:7: extraneous or missing " in quoted-field`,
		}, got)
		for _, kind := range []error{ratio.ErrNumber, crossholding.ErrDuplicate, crossholding.ErrRange, crossholding.ErrSyntax, crossholding.ErrUnknown} {
			require.ErrorIs(t, err, kind)
		}
	}
}

// The first 1,000 faults are listed and the others counted, whatever shard found them. A quote that
// is not closed is named by the line where its row begins.
func TestManyFaults(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("c.csv", "id,issued,treasury,votes\na,100,,\n")
	write("s1.csv", "holder,issuer,shares\n"+strings.Repeat("p,a\np,nobody,1\n", 400)) // lines 2 to 801
	write("s2.csv", "holder,issuer,shares\n"+strings.Repeat("p,a\n", 1000)+"\"p,a,1\n\n")
	f := beam.Files{Companies: filepath.Join(dir, "c.csv"), Stakes: filepath.Join(dir, "s*.csv")}
	for _, shards := range []int{1, 5} {
		_, err := beam.Solve(noContext, f, beam.Question{Control: true}, beam.Options{Work: t.TempDir(), Shards: shards})
		var bad *crossholding.InputError
		require.ErrorAs(t, err, &bad)
		require.Len(t, bad.Faults, 1000)
		require.Equal(t, 801, bad.More)
		for i, x := range bad.Faults {
			place := fmt.Sprintf("%s/s1.csv:%d", dir, i+2)
			if i >= 800 {
				place = fmt.Sprintf("%s/s2.csv:%d", dir, i-800+2)
			}
			require.Equal(t, place, x.Place)
		}
	}
	write("s2.csv", "holder,issuer,shares\np,a,1\n\"p,a,1\n\n")
	write("s1.csv", "\""+strings.Repeat("x", 1<<20))
	_, err := beam.Solve(noContext, f, beam.Question{Control: true}, beam.Options{Work: t.TempDir(), Shards: 2})
	require.ErrorContains(t, err, "s1.csv:1: a row of over 1048576 bytes: is a quote not closed?")
	require.ErrorContains(t, err, `s2.csv:3: extraneous or missing " in quoted-field, on line 4`)
}

func TestSolveRefuses(t *testing.T) {
	ok := files(t, "id,issued,treasury,votes\na,100,,\nb,100,,\n", "holder,issuer,shares\np,a,60\na,b,60\nb,a,20\n", 1)
	over := files(t, "id,issued,treasury,votes\na,100,,\n", "holder,issuer,shares\np,a,60\nq,a,60\n", 1)
	full := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(full, "x"), nil, 0o600))
	ended, end := context.WithCancelCause(context.Background())
	cause := errors.New("enough")
	end(cause)
	broken := errors.New("no workers")
	q := beam.Question{Control: true}
	for _, c := range []struct {
		name  string
		ctx   context.Context
		files beam.Files
		q     beam.Question
		opt   beam.Options
		want  error
		text  string
	}{
		{"no folder", nil, ok, q, beam.Options{}, crossholding.ErrMissing, "Work"},
		{"no question", nil, ok, beam.Question{}, beam.Options{Work: t.TempDir()}, crossholding.ErrMissing, "no question"},
		{"no files", nil, beam.Files{}, q, beam.Options{Work: t.TempDir()}, crossholding.ErrMissing, "needs files"},
		{"no such file", nil, beam.Files{Companies: "/nowhere/*", Stakes: "/nowhere/*"}, q, beam.Options{Work: t.TempDir()}, crossholding.ErrMissing, "/nowhere/*"},
		{"a folder with files", nil, ok, q, beam.Options{Work: full}, crossholding.ErrRange, "not empty"},
		{"shards", nil, ok, q, beam.Options{Work: t.TempDir(), Shards: -1}, crossholding.ErrRange, "Shards -1"},
		{"places", nil, ok, beam.Question{Control: true, Places: 21}, beam.Options{Work: t.TempDir()}, crossholding.ErrRange, "Places 21"},
		{"policy", nil, ok, q, beam.Options{Work: t.TempDir(), OverAllocated: "ignore"}, crossholding.ErrUnknown, `"ignore"`},
		{"an owner", nil, ok, beam.Question{Holdings: []string{"p", "zoe"}}, beam.Options{Work: t.TempDir()}, crossholding.ErrUnknown, "zoe"},
		{"over-allocated", nil, over, q, beam.Options{Work: t.TempDir()}, crossholding.ErrOverAllocated, "a: "},
		{"a loop that does not fit", nil, ok, beam.Question{Holdings: []string{"p"}}, beam.Options{Work: t.TempDir(), Largest: 2}, crossholding.ErrTooLarge, "a and 1 other companies"},
		{"the end", ended, ok, q, beam.Options{Work: t.TempDir()}, cause, "beam: enough"},
		{"a runner that fails", nil, ok, q, beam.Options{Work: t.TempDir(), Run: func(context.Context, *sdk.Pipeline) error { return broken }}, broken, "pipeline of read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := beam.Solve(c.ctx, c.files, c.q, c.opt)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.text)
		})
	}
}

// Solve returns when ctx is done, also while a pipeline runs.
func TestSolveEnds(t *testing.T) {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	running := make(chan struct{})
	opt := beam.Options{Work: t.TempDir(), Run: func(ctx context.Context, _ *sdk.Pipeline) error {
		close(running)
		<-ctx.Done()
		return ctx.Err()
	}}
	go func() {
		<-running
		end()
	}()
	companies, stakes := generated(t, gen.Options{Stakes: 10})
	_, err := beam.Solve(ctx, files(t, companies, stakes, 1), beam.Question{Control: true}, opt)
	require.ErrorIs(t, err, context.Canceled)
}

// An answer that was not asked for is an error.
func TestAnswersThatWereNotAskedFor(t *testing.T) {
	companies, stakes := generated(t, gen.Options{Stakes: 10})
	a, err := beam.Solve(noContext, files(t, companies, stakes, 1), beam.Question{Control: true}, beam.Options{Work: t.TempDir(), Shards: 2})
	require.NoError(t, err)
	for _, err := range a.Holdings(noContext) {
		require.ErrorIs(t, err, crossholding.ErrMissing)
	}
}

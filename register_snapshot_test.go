package crossholding_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/internal/snapshot"
	"github.com/crossholding/crossholding/internal/testkit"
)

// answers asks everything of a register that can be asked of all its companies, as text.
func answers(t *testing.T, a *crossholding.Alliance) (out []string) {
	t.Helper()
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	ctx := t.Context()
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		say("control: %v", err)
		c, err = a.Control(ctx, crossholding.ControlOptions{Voting: crossholding.VotingOptions{NoLaw: true}})
		require.NoError(t, err)
	}
	for p, err := range c.Pairs(ctx) {
		say("%s controls %s %v", p.Controller, p.Company, err)
	}
	for p, err := range c.Ultimates(ctx) {
		say("%s is above %s %v", p.Controller, p.Company, err)
	}
	v, err := a.Votes(ctx, crossholding.VotingOptions{Circular: crossholding.PolicyMost})
	say("votes: %v", err)
	if err == nil {
		for row := range v.Rows() {
			say("%+v", row)
		}
	}
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	require.NoError(t, err)
	for in, err := range certified(t, o, crossholding.CertifiedOptions{}).Interests(ctx) {
		say("%+v %v", in, err)
	}
	d, err := a.Diagnose(ctx)
	say("%+v %v", d, err)
	for _, w := range a.Warnings() {
		say("%+v", w)
	}
	return append(out, booktest.Bytes(t, a))
}

// hostileRows returns the rows of a small register with all that a reader must treat: rows of
// one holder in one issuer, own shares, fractions, votes, treasuries, companies over-allocated
// and without shares, and ids in other scripts.
func hostileRows(r *rand.Rand) (companies, stakes string) {
	var c, s strings.Builder
	c.WriteString("id,issued,treasury,votes\n")
	s.WriteString("holder,issuer,shares\n")
	n := 1 + r.IntN(12)
	for i := range n {
		fmt.Fprintf(&c, "c%d,%d%s,%d,%s\n", i, 100+r.IntN(900), []string{"", "", ".5", "000000000000000000000"}[r.IntN(4)], r.IntN(9), []string{"", "1", "2", "0.1", "0"}[r.IntN(5)])
	}
	c.WriteString("idle,0,,\n")
	for range n * r.IntN(5) {
		fmt.Fprintf(&s, "%s%d,c%d,%d%s\n", []string{"c", "p", "日産"}[r.IntN(3)], r.IntN(n), r.IntN(n), r.IntN(60), []string{"", "", ".25"}[r.IntN(3)])
	}
	return c.String(), s.String()
}

// Every answer of a register that was read from its snapshot is that of the register itself,
// byte for byte, and so is the snapshot of the snapshot.
func TestSnapshotAnswersAsItsRegister(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 13))
	asked := 0
	check := func(companies, stakes string) {
		opt := crossholding.RegisterOptions{Country: []string{"", "FR", "DE", "US-CA"}[r.IntN(4)], AsOf: "2024-01-01",
			OverAllocated: []crossholding.OverAllocationPolicy{crossholding.OverAllocationKeepOut, crossholding.OverAllocationScale}[r.IntN(2)]}
		want, err := crossholding.ReadRegister(t.Context(), strings.NewReader(companies), strings.NewReader(stakes), opt)
		if err != nil {
			return // more own shares than issued
		}
		asked++
		var file, again bytes.Buffer
		require.NoError(t, want.WriteSnapshot(t.Context(), &file))
		got, err := crossholding.ReadSnapshot(t.Context(), bytes.NewReader(file.Bytes()), opt)
		require.NoError(t, err)
		require.NoError(t, got.WriteSnapshot(t.Context(), &again))
		require.Equal(t, file.Bytes(), again.Bytes())
		require.Equal(t, answers(t, want), answers(t, got))
	}
	for range testkit.Cases(1000) {
		check(hostileRows(r))
	}
	require.Greater(t, asked, testkit.Cases(1000)/2)
	n, err := gen.Register(gen.Options{Seed: 3, Stakes: testkit.Size(300, 3000)})
	require.NoError(t, err)
	var companies, stakes bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &stakes))
	check(companies.String(), stakes.String())
}

// A snapshot is read from a file, from the middle of one, and from a pipe.
func TestReadSnapshotFromAnyReader(t *testing.T) {
	a, err := readRegister(t, "anna,top,600\n", crossholding.RegisterOptions{})
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "register.snapshot")
	var b bytes.Buffer
	require.NoError(t, a.WriteSnapshot(t.Context(), &b))
	require.NoError(t, os.WriteFile(name, append([]byte("before"), b.Bytes()...), 0o600))
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.Seek(int64(len("before")), io.SeekStart)
	require.NoError(t, err)
	in, out, err := os.Pipe()
	require.NoError(t, err)
	defer in.Close()
	go func() {
		_, _ = out.Write(b.Bytes())
		_ = out.Close()
	}()
	for _, r := range []io.Reader{f, in, strings.NewReader(b.String()), bytes.NewBuffer(b.Bytes()), io.MultiReader(bytes.NewReader(b.Bytes()))} {
		got, err := crossholding.ReadSnapshot(t.Context(), r, crossholding.RegisterOptions{})
		require.NoError(t, err)
		require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, got))
		n, err := r.Read(make([]byte, 1))
		require.Zero(t, n)
		require.ErrorIs(t, err, io.EOF) // it was read to its end
	}
}

func TestSnapshotErrors(t *testing.T) {
	a, err := readRegister(t, "anna,top,600\n", crossholding.RegisterOptions{})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, a.WriteSnapshot(t.Context(), &file))
	altered := bytes.Clone(file.Bytes())
	altered[70] ^= 1
	scale := crossholding.RegisterOptions{OverAllocated: crossholding.OverAllocationScale}
	for _, c := range []struct {
		name string
		file []byte
		opt  crossholding.RegisterOptions
		kind error
		text string
	}{
		{"truncated", file.Bytes()[:100], crossholding.RegisterOptions{}, crossholding.ErrSyntax, "it has 100 bytes, and by its header"},
		{"altered", altered, crossholding.RegisterOptions{}, crossholding.ErrSyntax, "of the lengths of ids, or their checksum were altered"},
		{"foreign", []byte("id,issued,treasury,votes\n" + strings.Repeat("a", 100)), crossholding.RegisterOptions{}, crossholding.ErrSyntax, "it does not begin like a snapshot"},
		{"short and foreign", []byte("hello"), crossholding.RegisterOptions{}, crossholding.ErrSyntax, "it does not begin like a snapshot"},
		{"short", file.Bytes()[:20], crossholding.RegisterOptions{}, crossholding.ErrSyntax, "it ends too early"},
		{"empty", nil, crossholding.RegisterOptions{}, crossholding.ErrSyntax, "it ends too early"},
		{"another policy", file.Bytes(), scale, crossholding.ErrUnknown, `the snapshot was made with "", not "scale"`},
		{"options", file.Bytes(), crossholding.RegisterOptions{AsOf: "2024-13-01", Country: "XX"}, crossholding.ErrUnknown, "AsOf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := crossholding.ReadSnapshot(t.Context(), bytes.NewReader(c.file), c.opt)
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.text)
		})
	}
	// a policy that does not exist, in a file that is otherwise right
	var odd bytes.Buffer
	in, faults, err := register.Read(t.Context(), strings.NewReader("id,issued,treasury,votes\na,1,,\n"), strings.NewReader("holder,issuer,shares\n"), register.Reject)
	require.NoError(t, err)
	require.Empty(t, faults)
	require.NoError(t, snapshot.Write(t.Context(), &odd, &snapshot.Snapshot{Register: in, Policy: "keep"}))
	_, err = crossholding.ReadSnapshot(t.Context(), &odd, crossholding.RegisterOptions{})
	require.ErrorIs(t, err, crossholding.ErrSyntax)
	require.EqualError(t, err, `crossholding: snapshot: its policy for over-allocated companies is "keep": bad file`)

	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	_, err = crossholding.ReadSnapshot(ctx, &file, crossholding.RegisterOptions{})
	require.ErrorIs(t, err, cause)
	book := booktest.New(t, crossholding.Book{})
	require.ErrorIs(t, book.WriteSnapshot(t.Context(), io.Discard), crossholding.ErrUnknown)
	require.ErrorIs(t, (&crossholding.Alliance{}).WriteSnapshot(t.Context(), io.Discard), crossholding.ErrUnknown)
}

// Renault and Nissan at the end of 2022, as a register.
const (
	allianceCompanies = "id,issued,treasury,votes\nrenault,295722284,,\nnissan,4220715112,28900000,\n"
	allianceStakes    = "holder,issuer,shares\nnissan,renault,44358343\nrenault,nissan,1831837027\n"
)

func ExampleAlliance_WriteSnapshot() {
	ctx := context.Background()
	a, err := crossholding.ReadRegister(ctx, strings.NewReader(allianceCompanies), strings.NewReader(allianceStakes), crossholding.RegisterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or a file of package os
	if err := a.WriteSnapshot(ctx, &file); err != nil {
		log.Fatal(err)
	}
	fmt.Println(file.Len(), "bytes")
	// Output: 264 bytes
}

// The date and the country are not in the file. They are given when it is read.
func ExampleReadSnapshot() {
	ctx := context.Background()
	a, err := crossholding.ReadRegister(ctx, strings.NewReader(allianceCompanies), strings.NewReader(allianceStakes), crossholding.RegisterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := a.WriteSnapshot(ctx, &file); err != nil {
		log.Fatal(err)
	}
	again, err := crossholding.ReadSnapshot(ctx, &file, crossholding.RegisterOptions{AsOf: "2022-12-31", Country: "FR"})
	if err != nil {
		log.Fatal(err)
	}
	votes, err := again.Votes(ctx, crossholding.VotingOptions{})
	if err != nil {
		log.Fatal(err)
	}
	nissan, err := votes.Of("nissan", "renault")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s of %s votes count\n", again.AsOf(), nissan.Exercisable, nissan.Theoretical)
	// Output: 2022-12-31: 0 of 44358343 votes count
}

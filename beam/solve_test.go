package beam_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/beam"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/stretchr/testify/require"
)

var noContext context.Context // nil means Background

// files writes a register as several files of companies and of stakes.
func files(t testing.TB, companies, stakes string, parts int) beam.Files {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		header, rows, _ := strings.Cut(text, "\n")
		lines := strings.SplitAfter(strings.TrimSuffix(rows, "\n"), "\n")
		for i := range parts {
			from, to := len(lines)*i/parts, len(lines)*(i+1)/parts
			part := header + "\n" + strings.Join(lines[from:to], "")
			require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%03d.csv", name, i)), []byte(part), 0o600))
		}
	}
	write("companies", companies)
	write("stakes", stakes)
	return beam.Files{Companies: filepath.Join(dir, "companies-*.csv"), Stakes: filepath.Join(dir, "stakes-*.csv")}
}

// generated is a register as CSV.
func generated(t testing.TB, opt gen.Options) (companies, stakes string) {
	t.Helper()
	n, err := gen.Register(opt)
	require.NoError(t, err)
	var c, s bytes.Buffer
	require.NoError(t, n.WriteCSV(&c, &s))
	return c.String(), s.String()
}

// alone answers on one machine, as text.
func alone(t testing.TB, companies, stakes string, q beam.Question, policy crossholding.OverAllocationPolicy) string {
	t.Helper()
	a, err := crossholding.ReadRegister(noContext, strings.NewReader(companies), strings.NewReader(stakes),
		crossholding.RegisterOptions{OverAllocated: policy})
	require.NoError(t, err)
	var out bytes.Buffer
	if q.Control {
		c, err := a.Control(noContext, crossholding.ControlOptions{})
		require.NoError(t, err)
		for p, err := range c.Pairs(noContext) {
			require.NoError(t, err)
			fmt.Fprintln(&out, p.Controller, p.Company)
		}
	}
	o, err := a.Ownership(noContext, crossholding.OwnershipOptions{})
	require.NoError(t, err)
	c, err := o.Certified(crossholding.CertifiedOptions{Places: q.Places})
	require.NoError(t, err)
	for _, owner := range slices.Sorted(slices.Values(q.Holdings)) {
		row, err := c.Holdings(noContext, owner)
		require.NoError(t, err)
		for company, share := range row.All() {
			fmt.Fprintln(&out, owner, company, share)
		}
	}
	return out.String()
}

// together is what alone is, by pipelines.
func together(t testing.TB, f beam.Files, q beam.Question, opt beam.Options) (string, *beam.Answers) {
	t.Helper()
	opt.Work = t.TempDir()
	answers, err := beam.Solve(noContext, f, q, opt)
	require.NoError(t, err)
	var out bytes.Buffer
	if q.Control {
		for p, err := range answers.ControlPairs(noContext) {
			require.NoError(t, err)
			fmt.Fprintln(&out, p.Controller, p.Company)
		}
	}
	if len(q.Holdings) > 0 {
		for h, err := range answers.Holdings(noContext) {
			require.NoError(t, err)
			fmt.Fprintln(&out, h.Owner, h.Company, h.Share)
		}
	}
	return out.String(), answers
}

// owners are of all kinds: persons, a company in a loop, one above others, and floats.
var owners = []string{"C0000001", "C0000700", "C0000701", "P0000001", "P0000005", "float:C0000003", "float:C0000701"}

// The number of shards and of files has no effect.
func TestShardsHaveNoEffect(t *testing.T) {
	companies, stakes := generated(t, gen.Options{Seed: 1, Stakes: 3000})
	q := beam.Question{Control: true, Holdings: owners}
	want := alone(t, companies, stakes, q, "")
	for _, shards := range []int{1, 2, 7, 64} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			got, answers := together(t, files(t, companies, stakes, min(shards, 7)), q, beam.Options{Shards: shards})
			require.Equal(t, want, got)
			require.Equal(t, [3]int{1200, 3000, 369}, [3]int{answers.Companies, answers.Stakes, answers.Components})
			require.Zero(t, answers.Rounds+answers.Divided)
		})
	}
}

// Registers of all kinds have the same answers, also if components do not fit: those are solved
// by slabs, and are found by stars.
func TestSameAsOneMachine(t *testing.T) {
	const header, noStakes = "id,issued,treasury,votes\n", "holder,issuer,shares\n"
	small := func(n *gen.Network, err error) [2]string {
		require.NoError(t, err)
		var c, s bytes.Buffer
		require.NoError(t, n.WriteCSV(&c, &s))
		return [2]string{c.String(), s.String()}
	}
	register := func(seed uint64, stakes int) [2]string {
		c, s := generated(t, gen.Options{Seed: seed, Stakes: stakes, Shuffle: true})
		return [2]string{c, s}
	}
	scaled := [2]string{header + "a,100,,\nb,100,10,2\nc,64,,\n", noStakes + "p,a,90\nq,a,30\na,b,60\nb,b,5\nb,c,40\nq,c,1.5\n"}
	for _, c := range []struct {
		name     string
		register [2]string
		owners   []string
		policy   crossholding.OverAllocationPolicy
		opt      beam.Options
		divided  bool
	}{
		{"nothing", [2]string{header, noStakes}, nil, "", beam.Options{Shards: 3}, false},
		{"one stake", [2]string{header + "a,10,,\n", noStakes + "p,a,6\n"}, []string{"p", "a", "float:a"}, "", beam.Options{}, false},
		{"a holder without shares", [2]string{header + "a,10,,\nb,0,,\n", noStakes + "p,a,0\nb,a,6\n\"x,\"\"y\"\"\",a,1\n"}, []string{"p", "b", "x,\"y\""}, "", beam.Options{}, false},
		{"one company that does not fit", [2]string{header + "a,10,,\n", noStakes + "p,a,6\nq,a,1\n"}, nil, "", beam.Options{Largest: 1}, true},
		{"rows of one holder", [2]string{header + "a,10,1,3\nb,100,,\n", noStakes + "p,a,3\na,b,30\np,a,2\na,b,21\na,a,1\n"}, []string{"p", "a"}, "", beam.Options{Largest: 4}, true},
		{"kept out", scaled, []string{"p", "q", "a", "b"}, crossholding.OverAllocationKeepOut, beam.Options{Largest: 3}, true},
		{"scaled", scaled, []string{"p", "q", "a", "b"}, crossholding.OverAllocationScale, beam.Options{}, false},
		{"scaled, divided", scaled, []string{"p", "q", "float:b"}, crossholding.OverAllocationScale, beam.Options{Largest: 3}, true},
		{"a ring", small(gen.Ring(9, 1000, 7)), []string{"P0000000", "C0000004"}, "", beam.Options{Shards: 2}, false},
		{"a ring, by rounds", small(gen.Ring(9, 1000, 7)), nil, "", beam.Options{Shards: 2, Largest: 5}, true},
		{"a closed ring", small(gen.Ring(9, 1000, 0)), nil, "", beam.Options{Shards: 2}, false},
		{"cycles, by rounds", small(gen.Cyclic(3, 40, 0.05)), nil, "", beam.Options{Shards: 3, Largest: 30}, true},
		{"levels 1", register(1, 2000), owners, "", beam.Options{Shards: 5, Largest: 300}, true},
		{"levels 2", register(2, 2000), owners, "", beam.Options{Shards: 5, Largest: 400}, true},
		{"by rounds", register(4, 1000), nil, "", beam.Options{Shards: 5, Largest: 20}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := beam.Question{Control: true, Holdings: c.owners}
			want := alone(t, c.register[0], c.register[1], q, c.policy)
			c.opt.OverAllocated = c.policy
			got, answers := together(t, files(t, c.register[0], c.register[1], 2), q, c.opt)
			require.Equal(t, want, got)
			require.Equal(t, c.divided, answers.Divided > 0, "%+v", answers)
		})
	}
}

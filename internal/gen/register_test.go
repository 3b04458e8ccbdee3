package gen_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/gen"
)

var registers = []struct {
	name    string
	options gen.Options
	hash    string // first 16 digits of the SHA-256 of both files
}{
	{"zero value", gen.Options{}, "3d821ba28baa971b"},
	{"one stake", gen.Options{Stakes: 1}, "bbe0a1db38b33d75"},
	{"a hundred", gen.Options{Seed: 5, Stakes: 100}, "43107034d9e6bcc3"},
	{"a thousand", gen.Options{Seed: 1, Stakes: 1_000}, "b7e97c1838bc1d47"},
	{"a hundred thousand", gen.Options{Seed: 2, Stakes: 100_000}, "9984f5fb1253ceaf"},
	{"shuffled", gen.Options{Seed: 1, Stakes: 1_000, Shuffle: true}, "1ad00fe38e979eef"},
	{"closed rings", gen.Options{Seed: 3, Stakes: 20_000, ClosedRings: 25}, "b963e08fe2851e76"},
	{"no structure", gen.Options{Stakes: 5_000, Depth: -1, Rings: -1, Core: -1, Funds: -1}, "f7a5b645ab3d0067"},
	{"full core", gen.Options{Stakes: 20_000, Companies: 2_000, Core: 100, CoreDensity: 1}, "dc164a7ff23557df"},
	{"core of two", gen.Options{Stakes: 1_000, Core: 2, Rings: 50}, "b499b1154942a537"},
	{"deep", gen.Options{Stakes: 30_000, Depth: 1_000, Pyramids: 3}, "2b2f0d7313245fda"},
	{"crowded", gen.Options{Stakes: 100_000, Companies: 10}, "97e8bd063ee2ef79"},
	{"sparse", gen.Options{Stakes: 2_000, Companies: 20_000, Core: 20, Rings: 20}, "85f92d82acc7ee31"},
}

// fingerprint hashes the two files of a network.
func fingerprint(t *testing.T, n *gen.Network) string {
	t.Helper()
	h := sha256.New()
	require.NoError(t, n.WriteCSV(h, h))
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// sorted returns rings in the form in which shapeOf lists parts.
func sorted(lists ...[]int32) [][]int32 {
	var all [][]int32
	for _, list := range lists {
		if len(list) > 0 {
			list = slices.Clone(list)
			slices.Sort(list)
			all = append(all, list)
		}
	}
	slices.SortFunc(all, func(a, b []int32) int { return int(a[0] - b[0]) })
	return all
}

func TestRegister(t *testing.T) {
	for _, test := range registers {
		t.Run(test.name, func(t *testing.T) {
			n, err := gen.Register(test.options)
			require.NoError(t, err)
			require.NoError(t, n.Check())
			want := test.options.Stakes
			if want == 0 {
				want = 10_000
			}
			require.Equal(t, want, n.Stakes())
			checkStructure(t, n)
			require.Equal(t, test.hash, fingerprint(t, n), "another network than before")
			again, err := gen.Register(test.options)
			require.NoError(t, err)
			require.Equal(t, n, again)
		})
	}
}

// checkStructure requires that the parts are those the network states, and
// that exactly the closed rings have no owner.
func checkStructure(t *testing.T, n *gen.Network) {
	t.Helper()
	s := shapeOf(n)
	parts := append(append([][]int32{n.Core}, n.Rings...), n.Closed...)
	require.Equal(t, sorted(parts...), s.parts)
	require.Equal(t, slices.Sorted(slices.Values(slices.Concat(n.Closed...))), s.ownerless)
	for _, degree := range s.outDegree[n.Companies()+n.Funds:] {
		require.Positive(t, degree, "a person who holds nothing")
	}
}

func TestRegisterSeedsDiffer(t *testing.T) {
	seen := map[string]uint64{}
	for seed := range uint64(20) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 500})
		require.NoError(t, err)
		seen[fingerprint(t, n)] = seed
	}
	require.Len(t, seen, 20)
}

func TestRegisterShuffleKeepsStakes(t *testing.T) {
	plain, err := gen.Register(gen.Options{Stakes: 3_000})
	require.NoError(t, err)
	mixed, err := gen.Register(gen.Options{Stakes: 3_000, Shuffle: true})
	require.NoError(t, err)
	require.NotEqual(t, plain.Issuer, mixed.Issuer)
	list := func(n *gen.Network) []string {
		var all []string
		for s := range n.Holder {
			all = append(all, fmt.Sprint(n.Issuer[s], n.Holder[s], n.Shares[s]))
		}
		slices.Sort(all)
		return all
	}
	require.Equal(t, list(plain), list(mixed))
	require.True(t, slices.IsSorted(plain.Issuer))
}

// TestRegisterLooksNational checks the shape that the package promises on a
// network of 400,000 stakes.
func TestRegisterLooksNational(t *testing.T) {
	n, err := gen.Register(gen.Options{Seed: 7, Stakes: 400_000})
	require.NoError(t, err)
	s := shapeOf(n)
	companies := float64(n.Companies())
	require.Equal(t, 160_000, n.Companies())
	require.Equal(t, 30, s.depth)
	require.Len(t, n.Core, 1_500)
	require.Len(t, n.Rings, 800)
	for _, ring := range n.Rings {
		require.True(t, len(ring) >= 2 && len(ring) <= 6)
	}

	inside := 0
	isCore := make([]bool, n.Nodes())
	for _, c := range n.Core {
		isCore[c] = true
	}
	for k, h := range n.Holder {
		if isCore[h] && isCore[n.Issuer[k]] {
			inside++
		}
	}
	require.InDelta(t, 0.02, float64(inside)/(1_500*1_499), 0.002, "density of the core")

	treasury, round, least, most := 0, 0, n.Issued[0], n.Issued[0]
	for c, issued := range n.Issued {
		if n.Treasury[c] > 0 {
			treasury++
			require.LessOrEqual(t, n.Treasury[c]*10, issued)
		}
		figures := issued
		for figures%10 == 0 {
			figures /= 10
		}
		if figures < 100 {
			round++
		}
		least, most = min(least, issued), max(most, issued)
	}
	require.InDelta(t, 0.1, float64(treasury)/companies, 0.01)
	require.InDelta(t, 0.65, float64(round)/companies, 0.05)
	require.Equal(t, int64(100), least)
	require.InDelta(t, 1e10, float64(most), 2e8)
	require.LessOrEqual(t, most, int64(10_000_000_000))

	hubs := slices.Clone(s.outDegree)
	slices.Sort(hubs)
	slices.Reverse(hubs)
	require.Greater(t, hubs[0], 2_000, "an index fund in thousands of companies")
	groups := slices.Clone(s.outDegree[:n.Companies()])
	slices.Sort(groups)
	require.Greater(t, groups[len(groups)-1], 500, "a group of hundreds of companies")
	require.Equal(t, 0, groups[len(groups)/2], "most companies hold nothing")
	require.Greater(t, slices.Max(s.inDegree), 200, "a company with hundreds of holders")
	checkFunds(t, n)
}

// checkFunds requires that funds hold small stakes only.
func checkFunds(t *testing.T, n *gen.Network) {
	t.Helper()
	for k, h := range n.Holder {
		if int(h) >= n.Companies() && int(h) < n.Companies()+n.Funds {
			out := n.Issued[n.Issuer[k]] - n.Treasury[n.Issuer[k]]
			require.LessOrEqual(t, n.Shares[k]*1_000, out*31, "%s in %s", n.ID(h), n.ID(n.Issuer[k]))
		}
	}
}

func TestRegisterBadOptions(t *testing.T) {
	tests := []struct {
		name    string
		options gen.Options
		names   []string
	}{
		{"negative stakes", gen.Options{Stakes: -1}, []string{"Stakes"}},
		{"too many stakes", gen.Options{Stakes: gen.MaxCount + 1, Companies: 5}, []string{"Stakes"}},
		{"negative companies", gen.Options{Companies: -4}, []string{"Companies"}},
		{"too many companies", gen.Options{Companies: gen.MaxCount + 1}, []string{"Companies"}},
		{"density above one", gen.Options{CoreDensity: 1.5}, []string{"CoreDensity"}},
		{"negative density", gen.Options{CoreDensity: -0.1}, []string{"CoreDensity"}},
		{"no density", gen.Options{CoreDensity: math.NaN()}, []string{"CoreDensity"}},
		{"core of one", gen.Options{Core: 1}, []string{"Core"}},
		{"core too large", gen.Options{Stakes: 1_000, Core: 401}, []string{"Core"}},
		{"too deep", gen.Options{Depth: 10_001}, []string{"Depth"}},
		{"too many funds", gen.Options{Funds: 10_001}, []string{"Funds"}},
		{"too many rings", gen.Options{Stakes: 1_000, Rings: 401, ClosedRings: 402, Pyramids: 403}, []string{"Pyramids", "Rings", "ClosedRings"}},
		{"parts do not fit", gen.Options{Stakes: 1_000, Rings: 100}, []string{"Companies"}},
		{"stakes do not fit", gen.Options{Stakes: 100, Companies: 1_000, Core: 50, CoreDensity: 1}, []string{"Stakes"}},
		{"several at once", gen.Options{Core: 1, CoreDensity: 2, Funds: 20_000}, []string{"Funds", "Core", "CoreDensity"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, err := gen.Register(test.options)
			require.Nil(t, n)
			require.ErrorIs(t, err, gen.ErrOption)
			require.Equal(t, test.names, optionNames(err))
		})
	}
}

// optionNames lists the options that a joined error names.
func optionNames(err error) []string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var names []string
		for _, e := range joined.Unwrap() {
			names = append(names, optionNames(e)...)
		}
		return names
	}
	var bad *gen.OptionError
	if !errors.As(err, &bad) {
		return nil
	}
	return []string{bad.Option}
}

// TestRegisterOnlyClosedRing has one closed ring among six companies: where it
// takes all of them, no company is left for further stakes.
func TestRegisterOnlyClosedRing(t *testing.T) {
	made, refused := 0, 0
	for seed := range uint64(50) {
		o := gen.Options{Seed: seed, Stakes: 100, Companies: 6, ClosedRings: 1, Core: -1, Rings: -1, Depth: -1}
		n, err := gen.Register(o)
		if err != nil {
			require.Equal(t, []string{"Stakes"}, optionNames(err))
			refused++
			continue
		}
		require.NoError(t, n.Check())
		require.Equal(t, 100, n.Stakes())
		checkStructure(t, n)
		made++
	}
	require.Positive(t, made)
	require.Positive(t, refused)
}

// FuzzRegister asks for small networks with any options: each is valid, or an
// error names the options at fault.
func FuzzRegister(f *testing.F) {
	f.Add(uint64(1), 1_000, 400, 30, 1, 2, 0, 20, 0.02, 24, false)
	f.Add(uint64(2), 50, 0, -1, 0, -1, 3, -1, 1.0, -1, true)
	f.Add(uint64(3), math.MaxInt32, -1, math.MaxInt32, math.MaxInt32, math.MaxInt32, math.MaxInt32, math.MaxInt32, -1.0, math.MaxInt32, false)
	f.Fuzz(func(t *testing.T, seed uint64, stakes, companies, depth, pyramids, rings, closed, core int, density float64, funds int, shuffle bool) {
		if stakes <= gen.MaxCount && companies <= gen.MaxCount { // keep what is legal small
			stakes, companies = stakes%20_000, companies%20_000
		}
		n, err := gen.Register(gen.Options{
			Seed: seed, Stakes: stakes, Companies: companies, Depth: depth, Pyramids: pyramids, Rings: rings,
			ClosedRings: closed, Core: core, CoreDensity: density, Funds: funds, Shuffle: shuffle,
		})
		if err != nil {
			require.ErrorIs(t, err, gen.ErrOption)
			require.NotEmpty(t, optionNames(err))
			return
		}
		require.NoError(t, n.Check())
		if stakes > 0 {
			require.Equal(t, stakes, n.Stakes())
		}
		checkStructure(t, n)
	})
}

func BenchmarkRegister(b *testing.B) {
	for _, stakes := range []int{10_000, 100_000, 1_000_000, 4_000_000} {
		b.Run(fmt.Sprintf("stakes=%d", stakes), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := gen.Register(gen.Options{Stakes: stakes}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(stakes), "ns/stake")
		})
	}
}

func ExampleRegister() {
	n, err := gen.Register(gen.Options{Seed: 1, Stakes: 1_000})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Companies(), "companies,", n.Stakes(), "stakes")
	fmt.Println(n.ID(n.Holder[0]), "holds", n.Shares[0], "of the", n.Issued[n.Issuer[0]], "shares of", n.ID(n.Issuer[0]))
	// Output:
	// 400 companies, 1000 stakes
	// C0000032 holds 1370 of the 5000 shares of C0000000
}

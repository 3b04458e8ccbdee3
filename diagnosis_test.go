package crossholding_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func TestDiagnose(t *testing.T) {
	a := booktest.New(t, booktest.Percents(
		[3]string{"a", "b", "30"}, [3]string{"b", "c", "40"}, [3]string{"c", "a", "35"}, // smallest 30
		[3]string{"b", "a", "20"},                              // a-b-a: smallest 20
		[3]string{"x", "y", "100"}, [3]string{"y", "x", "100"}, // closed
		[3]string{"anna", "d", "100"},
	))
	d, err := a.Diagnose(context.Background())
	require.NoError(t, err)
	require.Equal(t, [][]string{{"x", "y"}}, d.Unowned)
	require.Equal(t, []string{"d", "x", "y"}, d.NoFloat)
	require.Equal(t, []int{6, 1, 7}, []int{d.Companies, d.Others, d.Stakes})
	require.Equal(t, []string{
		"3 companies with 4 stakes in one another; one loop, whose smallest stake is largest: a holds 30% of b, b holds 40% of c, c holds 35% of a",
		"2 companies with 2 stakes in one another: x holds 100% of y, y holds 100% of x",
	}, []string{d.Components[0].String(), d.Components[1].String()})
}

// No cycle of a random part has a larger smallest stake than the one reported.
func TestDiagnoseWidestCycle(t *testing.T) {
	for seed := range uint64(testkit.Cases(40)) {
		n, err := gen.Cyclic(seed, 6, 0.4)
		require.NoError(t, err)
		a := booktest.Register(t, n, crossholding.RegisterOptions{})
		d, err := a.Diagnose(context.Background())
		require.NoError(t, err)
		o := ownership(t, a)
		for _, p := range d.Components {
			smallest := ratio.Int(1)
			for i, l := range p.Cycle {
				direct, err := o.Direct(l.Name, p.Cycle[(i+1)%len(p.Cycle)].Name)
				require.NoError(t, err)
				require.True(t, direct.Equal(l.Figure))
				if l.Figure.Less(smallest) {
					smallest = l.Figure
				}
			}
			best := widest(t, o, p.Companies, nil, ratio.Int(1))
			require.Truef(t, best.Equal(smallest), "%v: %s, by enumeration %s", p, smallest, best)
		}
	}
}

// widest enumerates all cycles of a small set through its path so far.
func widest(t *testing.T, o *crossholding.Ownership, all, path []string, smallest ratio.Ratio) (best ratio.Ratio) {
	for _, next := range all {
		if len(path) == 0 {
			if b := widest(t, o, all, []string{next}, smallest); best.Less(b) {
				best = b
			}
			continue
		}
		if next == path[len(path)-1] {
			continue
		}
		share, err := o.Direct(path[len(path)-1], next)
		require.NoError(t, err)
		if smallest.Less(share) {
			share = smallest
		}
		b := share
		if next != path[0] {
			if share.IsZero() || contains(path, next) {
				continue
			}
			b = widest(t, o, all, append(path[:len(path):len(path)], next), share)
		}
		if best.Less(b) {
			best = b
		}
	}
	return best
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func ExampleAlliance_Diagnose() {
	a, err := crossholding.New(booktest.Percents([3]string{"renault", "nissan", "43.4"}, [3]string{"nissan", "renault", "15"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := a.Diagnose(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Components[0])
	// Output: 2 companies with 2 stakes in one another: nissan holds 15% of renault, renault holds 43.4% of nissan
}

// A closed ring leaves no answer for its companies and for what they own, and takes no
// other company's answer with it. A company that earns for nobody is named.
func TestPartsWithoutAnAnswer(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "hen"}, {ID: "egg"}, {ID: "farm"}, {ID: "mill"}, {ID: "shell", Shares: []crossholding.ShareClass{{Issued: "100", Dividend: "0"}}}},
		Parties:   []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{
			{Holder: "hen", Issuer: "egg", Percent: "100"}, {Holder: "egg", Issuer: "hen", Percent: "100"},
			{Holder: "hen", Issuer: "farm", Percent: "30"}, {Holder: "p", Issuer: "farm", Percent: "60"},
			{Holder: "p", Issuer: "mill", Percent: "75"}, {Holder: "p", Issuer: "shell", Shares: "60"}, {Holder: "shell", Issuer: "mill", Percent: "25"},
		},
	})
	_, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{Strict: true})
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
	o := ownership(t, a)
	owners, err := o.Ultimate(t.Context(), "mill")
	require.NoError(t, err)
	require.Len(t, owners, 1)
	booktest.RequireRatio(t, "3/4", owners[0].Integrated) // the shell has the rest, for nobody
	y, err := o.Integrated(t.Context(), "p", "mill")
	require.NoError(t, err)
	booktest.RequireRatio(t, "3/4", y)
	for _, company := range []string{"hen", "egg", "farm"} {
		_, err := o.Owners(t.Context(), company)
		require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner, company)
		require.ErrorContains(t, err, "egg, hen")
	}
	var rows, failed []string
	for in, err := range o.Interests(t.Context()) {
		if err != nil {
			failed = append(failed, in.Holder)
			continue
		}
		rows = append(rows, in.Holder+">"+in.Issuer)
	}
	require.Equal(t, []string{"egg", "hen"}, failed)
	require.Equal(t, []string{"float:farm>farm", "float:shell>shell", "p>farm", "p>mill", "p>shell", "shell>mill"}, rows)

	c, err := o.Certified(crossholding.CertifiedOptions{})
	require.NoError(t, err)
	failed = nil
	for in, err := range c.OwnersAbove(t.Context(), ratio.Ratio{}, true) {
		if err != nil {
			failed = append(failed, in.Issuer)
		}
	}
	require.ElementsMatch(t, []string{"egg", "farm", "hen"}, failed)

	d, err := a.Diagnose(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"shell"}, d.NoEarnings)
	require.Equal(t, [][]string{{"egg", "hen"}}, d.Unowned)
	require.Contains(t, a.Warnings()[len(a.Warnings())-1].Text, "shell: no outstanding share has a dividend")
	require.ErrorContains(t, c.Check(t.Context()), "shell")
	require.ErrorIs(t, c.Check(t.Context()), crossholding.ErrBalance)
	_, err = o.WithChanges(t.Context(), crossholding.Stake{Holder: "p", Issuer: "shell", Shares: "50"})
	require.ErrorContains(t, err, "shell earns for nobody")
	var in *crossholding.InputError
	require.ErrorAs(t, err, &in)
}

package sharing_test

import (
	"bytes"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/sharing"
)

// places returns the places of the faults of an error.
func places(t *testing.T, err error) []string {
	t.Helper()
	var input *sharing.InputError
	require.ErrorAs(t, err, &input)
	var out []string
	for _, f := range input.Faults {
		require.NotEmpty(t, f.Reason)
		require.ErrorIs(t, err, f.Kind)
		out = append(out, f.Place)
	}
	return out
}

func TestFaults(t *testing.T) {
	two := []string{"a", "b"}
	one := func(v sharing.Venture) []sharing.Venture { return []sharing.Venture{v} }
	for _, c := range []struct {
		name    string
		problem sharing.Problem
		kind    error
		text    string
	}{
		{"nothing", sharing.Problem{}, sharing.ErrMembers, `sharing: members: there are no members
the values need exactly one form: values, table, or ventures with assets`},
		{"two forms", sharing.Problem{Members: two, Table: []sharing.Amount{"0"}, Values: []sharing.Value{{}}}, sharing.ErrTable,
			`sharing: the values need exactly one form: values, table, or ventures with assets`},
		{"kind", sharing.Problem{Kind: "profit", Members: two, Table: []sharing.Amount{"0", "1", "1", "1"}}, sharing.ErrKind,
			`sharing: kind: "profit" is not costs or savings`},
		{"members", sharing.Problem{Members: []string{"a", "", "a", " b"}, Table: []sharing.Amount{"0"}}, sharing.ErrMembers,
			`sharing: members[1]: "" is not a name: it is empty, has a blank at an end, or is not UTF-8
members[2]: "a" is member 0 already
members[3]: " b" is not a name: it is empty, has a blank at an end, or is not UTF-8`},
		{"too many", sharing.Problem{Members: names(21), Table: []sharing.Amount{"0"}}, sharing.ErrTooLarge,
			`sharing: members: 21 members, at most 20 are allowed`},
		{"short table", sharing.Problem{Members: two, Table: []sharing.Amount{"0", "1", "1"}}, sharing.ErrTable,
			`sharing: table: 3 values, but 2 members need 4`},
		{"nobody", sharing.Problem{Members: two, Table: []sharing.Amount{"3", "1", "x", ""}}, sharing.ErrNobody,
			`sharing: table[0]: the value of nobody is 3, it must be 0
table[2]: "x" is not a number or a fraction
table[3]: the value of "a", "b" is missing`},
		{"values", sharing.Problem{Members: two, Values: []sharing.Value{
			{Members: nil, Amount: "1"}, {Members: []string{"a"}, Amount: "1"}, {Members: []string{"a"}, Amount: "2"},
			{Members: []string{"c", "b", "b"}, Amount: "1"}, {Members: []string{"b", "a"}},
		}}, sharing.ErrTable, `sharing: values[0]: the value of nobody is 1, it must be 0
values[2]: the value of "a" is given twice
values[3].members[0]: "c" is not a member
values[3].members[2]: "b" is named twice
values[4].amount: the amount is missing
values: the value of "b" is missing`},
		{"ventures", sharing.Problem{Kind: "savings", Members: two, Ventures: []sharing.Venture{
			{Name: "engine", Fixed: "-1", PerUse: "5%"},
			{Name: "engine", Uses: []sharing.Use{{Member: "a", Amount: "0"}, {Member: "a"}, {Member: "c"}}},
			{Uses: []sharing.Use{{Member: "a"}}},
		}}, sharing.ErrRules, `sharing: kind: ventures are rules for costs; for savings, make the game of costs and take its Savings
ventures[0].fixed: -1 is below 0
ventures[0].per_use: "5%" is not a number or a fraction
ventures[0].uses: nobody uses the venture "engine"
ventures[1].name: "engine" is the name of number 0 already
ventures[1].uses[0].amount: "0" is not a number or a fraction above 0
ventures[1].uses[1].member: "a" is named twice
ventures[1].uses[2].member: "c" is not a member
ventures[2].name: the name is missing`},
		{"assets", sharing.Problem{
			Members: two, Ventures: one(sharing.Venture{Name: "engine", Fixed: "10", PerUse: "1", Uses: []sharing.Use{{Member: "a"}}}),
			Assets: []sharing.Asset{
				{Name: "hybrid", Owners: []string{"c"}, Effects: []sharing.Effect{{Venture: "engine", Fixed: "8"}, {Venture: "engine"}, {Venture: "body"}}},
				{Name: "hybrid", Effects: []sharing.Effect{{Venture: "engine", Fixed: "3", PerUse: "2"}}},
			},
		}, sharing.ErrRules, `sharing: assets[0].owners[0]: "c" is not a member
assets[0].effects[1].venture: the effect on "engine" is given twice
assets[0].effects[2].venture: "body" is not a venture
assets[1].name: "hybrid" is the name of number 0 already
assets[1].owners: nobody owns the asset "hybrid"
ventures[0]: assets save 11 of the fixed cost of 10 of "engine"
ventures[0]: assets save 2 of the cost per use of 1 of "engine"`},
		{"assets without ventures", sharing.Problem{Members: two, Assets: []sharing.Asset{{Name: "hybrid", Owners: two, Effects: []sharing.Effect{{Venture: "engine"}}}}},
			sharing.ErrRules, `sharing: assets[0].effects[0].venture: "engine" is not a venture`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sharing.New(c.problem)
			require.EqualError(t, err, c.text)
			require.ErrorIs(t, err, c.kind)
			require.Len(t, places(t, err), strings.Count(c.text, "\n")+1)
		})
	}
}

// An error holds a thousand faults and counts the others.
func TestManyFaults(t *testing.T) {
	_, err := sharing.New(sharing.Problem{Members: names(11), Values: []sharing.Value{{Members: names(1), Amount: "1"}}})
	var input *sharing.InputError
	require.ErrorAs(t, err, &input)
	require.Len(t, input.Faults, 1000)
	require.Equal(t, 1<<11-2-1000, input.More)
	require.True(t, strings.HasSuffix(err.Error(), "and 1046 more"))
}

// Values that share no denominator would need a table without bound.
func TestTooLarge(t *testing.T) {
	values := make([]ratio.Ratio, 1<<12)
	p := int64(1000)
	for c := range values[1:] {
		for p++; !big.NewInt(p).ProbablyPrime(20); p++ {
		}
		values[c+1] = ratio.Of(1, p)
	}
	_, err := sharing.FromTable(sharing.KindCosts, names(12), values)
	require.ErrorIs(t, err, sharing.ErrTooLarge)
	wide := ratio.FromRat(new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 5000)))
	_, err = sharing.FromTable(sharing.KindCosts, names(1), []ratio.Ratio{{}, wide})
	require.ErrorIs(t, err, sharing.ErrTooLarge)
	values = make([]ratio.Ratio, 1<<17)
	g, err := sharing.FromTable(sharing.KindCosts, names(17), values)
	require.NoError(t, err)
	_, err = g.Nucleolus(ctx)
	require.EqualError(t, err, "sharing: 17 members, the nucleolus takes at most 16")
	require.ErrorIs(t, err, sharing.ErrTooLarge)
}

func TestFromTableFaults(t *testing.T) {
	_, err := sharing.FromTable("x", []string{"a", "a"}, []ratio.Ratio{ratio.Int(4)})
	require.Equal(t, []string{"kind", "members[1]", "table[0]"}, places(t, err))
	_, err = sharing.FromTable(sharing.KindCosts, []string{"a"}, make([]ratio.Ratio, 3))
	require.EqualError(t, err, "sharing: table: 3 values, but 1 members need 2")
	_, err = sharing.FromFunc(ctx, sharing.KindSavings, names(2), func(sharing.Coalition) ratio.Ratio { return ratio.Int(7) })
	require.EqualError(t, err, "sharing: table[0]: the value of nobody is 7, it must be 0")
	_, err = sharing.FromFunc(ctx, sharing.KindSavings, names(21), func(sharing.Coalition) ratio.Ratio { return ratio.Int(7) })
	require.ErrorIs(t, err, sharing.ErrTooLarge)
}

// The zero Game answers every question with an error.
func TestZeroGame(t *testing.T) {
	var g sharing.Game
	require.Empty(t, g.Members())
	require.Equal(t, sharing.KindCosts, g.Kind())
	for name, rule := range rules {
		_, err := rule(g)
		require.ErrorIs(t, err, sharing.ErrMembers, name)
	}
	_, err := g.Core(ctx)
	require.ErrorIs(t, err, sharing.ErrMembers)
	_, err = g.Savings(ctx)
	require.ErrorIs(t, err, sharing.ErrMembers)
	_, err = g.Excesses(sharing.Division{})
	require.ErrorIs(t, err, sharing.ErrMembers)
	_, err = g.Objections(ctx, sharing.Division{})
	require.ErrorIs(t, err, sharing.ErrMembers)
	_, err = g.Value("a")
	require.ErrorIs(t, err, sharing.ErrMembers)
	v, err := g.Value()
	require.NoError(t, err)
	require.True(t, v.IsZero())
	none, err := g.Differences(g)
	require.NoError(t, err)
	require.Empty(t, slices.Collect(none))
}

// A game of one member gives it everything.
func TestOneMember(t *testing.T) {
	for _, kind := range []sharing.Kind{sharing.KindCosts, sharing.KindSavings} {
		g := game(t, kind, []ratio.Ratio{{}, ratio.Of(7, 3)})
		for name, rule := range rules {
			d, err := rule(g)
			if name == "separable" && kind == sharing.KindSavings {
				require.ErrorIs(t, err, sharing.ErrKind)
				continue
			}
			require.NoError(t, err, name)
			require.Equal(t, "7/3", d.Shares[0].Amount.String(), name)
		}
		core, err := g.Core(ctx)
		require.NoError(t, err)
		checkCore(t, g, core)
	}
}

func TestDivisionFaults(t *testing.T) {
	g := game(t, sharing.KindCosts, wholeTable([]int64{0, 3, 4, 5}))
	share := func(m string, a int64) sharing.Share { return sharing.Share{Member: m, Amount: ratio.Int(a)} }
	division := func(s ...sharing.Share) sharing.Division { return sharing.Division{Shares: s} }
	for _, c := range []struct {
		name string
		err  func() error
		kind error
		text string
	}{
		{"sum", func() error { _, err := g.Excesses(division(share("m00", 1), share("m01", 2))); return err }, sharing.ErrDivision,
			"sharing: shares: the amounts add up to 3, the value of all members is 5, the difference is -2"},
		{"members", func() error {
			_, err := g.Objections(ctx, division(share("x", 1), share("m01", 2), share("m01", 2)))
			return err
		}, sharing.ErrMembers,
			`sharing: shares[0]: "x" is not a member
shares[2]: "m01" is named twice
shares: no amount for "m00"`},
		{"kind", func() error {
			d := division(share("m00", 1), share("m01", 4))
			d.Kind = sharing.KindSavings
			_, err := g.Excesses(d)
			return err
		}, sharing.ErrKind, "sharing: kind: the division is of savings, and the game of costs"},
		{"weights", func() error { _, err := g.Proportional(share("m00", -1), share("m01", 2)); return err }, sharing.ErrAmount,
			`sharing: weights: the weight of "m00" is -1, it must be at least 0`},
		{"no weights", func() error { _, err := g.Proportional(share("m00", 0), share("m01", 0)); return err }, sharing.ErrUndefined,
			"sharing: the weights of the members add up to 0"},
		{"missing weight", func() error { _, err := g.Proportional(share("m00", 1)); return err }, sharing.ErrMembers,
			`sharing: weights: no amount for "m01"`},
		{"benefits", func() error {
			_, err := g.SeparableCosts(share("m02", 1), share("m00", 1), share("m01", 1))
			return err
		}, sharing.ErrMembers,
			`sharing: benefits[0]: "m02" is not a member`},
		{"no benefits", func() error { _, err := g.SeparableCosts(share("m00", 0), share("m01", 0)); return err }, sharing.ErrUndefined,
			"sharing: the joint cost is 2 and no member has a remaining benefit"},
		{"blocks", func() error { _, err := g.Owen(ctx, [][]string{{"m00", "x"}, {}, {"m00"}}); return err }, sharing.ErrBlocks,
			`sharing: blocks[0][1]: "x" is not a member
blocks[1]: the block has no members
blocks[2]: "m00" is in an earlier block`},
		{"no imputation", func() error {
			_, err := game(t, sharing.KindCosts, wholeTable([]int64{0, 3, 4, 8})).Nucleolus(ctx)
			return err
		}, sharing.ErrNoImputation, "sharing: alone the members have 7 together, and the value of all is 8"},
		{"savings", func() error {
			_, err := game(t, sharing.KindSavings, wholeTable([]int64{0, 3, 4, 8})).Savings(ctx)
			return err
		}, sharing.ErrKind, "sharing: the game is one of savings already"},
		{"other members", func() error {
			_, err := g.Differences(game(t, sharing.KindCosts, wholeTable([]int64{0, 1})))
			return err
		}, sharing.ErrMembers,
			"sharing: the games have 2 and 1 members, or other names or another order"},
		{"other kind", func() error {
			_, err := g.Differences(game(t, sharing.KindSavings, wholeTable([]int64{0, 1, 1, 1})))
			return err
		}, sharing.ErrKind, "sharing: one game is of costs and the other of savings"},
		{"compare", func() error {
			_, err := sharing.Compare(sharing.Division{Kind: sharing.KindCosts, Shares: []sharing.Share{share("a", 1), share("a", 1), share("b", 1)}}, sharing.Division{Kind: sharing.KindSavings, Shares: []sharing.Share{share("a", 1), share("c", 1), share("c", 1)}})
			return err
		}, sharing.ErrMembers, `sharing: one division is of costs and the other of savings
after.shares[2]: "c" is named twice
before.shares[1]: "a" is named twice
before.shares[2]: "b" has no share after
after.shares[1]: "c" has no share before
after.shares[2]: "c" has no share before`},
		{"of", func() error { _, err := division(share("a", 1)).Of("b"); return err }, sharing.ErrMembers, `sharing: "b" has no share in the division`},
		{"withhold", func() error { _, err := sharing.Problem{}.Withhold("a", "b"); return err }, sharing.ErrRules,
			`sharing: the asset "a" has no effect on the venture "b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.err()
			require.EqualError(t, err, c.text)
			require.ErrorIs(t, err, c.kind)
		})
	}
}

func TestReadFaults(t *testing.T) {
	_, err := sharing.Read(strings.NewReader(`{"members": ["a"], "tables": []}`))
	require.EqualError(t, err, "sharing: tables: unknown key")
	require.ErrorIs(t, err, sharing.ErrSyntax)
	_, err = sharing.Read(strings.NewReader(`[]`))
	require.ErrorIs(t, err, sharing.ErrSyntax)
	p, err := sharing.Read(strings.NewReader(`{"members": ["a"], "table": [0, 1e400000]}`))
	require.NoError(t, err)
	_, err = sharing.New(p)
	require.ErrorIs(t, err, sharing.ErrAmount)
	_, err = sharing.Read(strings.NewReader(`{"members": ["a"], "table": [0, ""]}`))
	require.ErrorIs(t, err, sharing.ErrAmount)
	broken := errors.New("broken")
	_, err = sharing.Read(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

// Withhold and Contribute change a copy.
func TestWithholdLeavesTheProblem(t *testing.T) {
	p := sharing.Problem{
		Members:  []string{"a", "b"},
		Ventures: []sharing.Venture{{Name: "v", Fixed: "10", Uses: []sharing.Use{{Member: "a"}}}},
		Assets:   []sharing.Asset{{Name: "t", Owners: []string{"b"}, Effects: []sharing.Effect{{Venture: "v", Fixed: "4"}}}},
	}
	var before, after bytes.Buffer
	require.NoError(t, p.Write(&before))
	w, err := p.Withhold("t", "v")
	require.NoError(t, err)
	require.True(t, w.Assets[0].Effects[0].Withheld)
	require.NoError(t, p.Write(&after))
	require.Equal(t, before.String(), after.String())
	back, err := w.Contribute("t", "v")
	require.NoError(t, err)
	require.Equal(t, p, back)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"members": ["a", "b"], "table": [0, 1, "1/3", 2.5]}`))
	f.Add([]byte(`{"kind": "savings", "members": ["a"], "values": [{"members": ["a"], "amount": 4}]}`))
	f.Add([]byte(`{"members": ["a", "b"], "ventures": [{"name": "v", "fixed": 4, "per_use": "1/2", "uses": [{"member": "a", "amount": 2}]}], "assets": [{"name": "t", "owners": ["b"], "effects": [{"venture": "v", "fixed": 1, "withheld": true}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := sharing.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		var out bytes.Buffer
		require.NoError(t, p.Write(&out))
		again, err := sharing.Read(&out)
		require.NoError(t, err)
		if len(p.Members) > 6 {
			return
		}
		g, err := sharing.New(p)
		_, errAgain := sharing.New(again)
		require.Equal(t, err == nil, errAgain == nil)
		if err != nil {
			return
		}
		total, err := g.Value(g.Members()...)
		require.NoError(t, err)
		for name, rule := range rules {
			d, err := rule(g)
			if err != nil {
				require.True(t, known(err), "%s: %v", name, err)
				continue
			}
			require.True(t, total.Equal(d.Total()), name)
		}
		core, err := g.Core(ctx)
		require.NoError(t, err)
		checkCore(t, g, core)
	})
}

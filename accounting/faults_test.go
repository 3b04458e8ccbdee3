package accounting_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/accounting"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

var start = accounting.Position{Shares: ratio.Int(25), Outstanding: ratio.Int(100), Carrying: ratio.Int(100)}

func TestFaultsOfEvents(t *testing.T) {
	n := ratio.Int
	long := ratio.Int(3)
	for range 10 {
		long = long.Mul(long)
	}
	for _, c := range []struct {
		name  string
		event accounting.Event
		kind  error
		says  string
	}{
		{"no kind", accounting.Event{}, crossholding.ErrUnknown, `kind "" of event`},
		{"no shares", accounting.Event{Kind: accounting.Purchase}, crossholding.ErrMissing, "how many shares does the purchase concern"},
		{"shares of a profit", accounting.Event{Kind: accounting.Profit, Shares: n(1)}, crossholding.ErrRange, "an event of kind profit has no shares"},
		{"own part of an issue", accounting.Event{Kind: accounting.Issue, Shares: n(1), Own: true}, crossholding.ErrRange, "has no own"},
		{"a negative dividend", accounting.Event{Kind: accounting.Dividend, Amount: n(-1)}, crossholding.ErrRange, "amount -1 is below 0"},
		{"more taken than issued", accounting.Event{Kind: accounting.Issue, Shares: n(1), Taken: n(2)}, crossholding.ErrRange, "takes 2 of 1 issued"},
		{"a bad day", accounting.Event{Kind: accounting.Profit, Date: "2023-02-30"}, crossholding.ErrDate, `"2023-02-30" is not a day`},
		{"a long figure", accounting.Event{Kind: accounting.Profit, Amount: long}, crossholding.ErrTooLarge, "bits"},
		{"too many sold", accounting.Event{Kind: accounting.Disposal, Shares: n(26)}, crossholding.ErrRange, "26 shares sold of 25 held"},
		{"too many bought", accounting.Event{Kind: accounting.Purchase, Shares: n(76)}, crossholding.ErrRange, "101 shares of 100 outstanding"},
		{"too many cancelled", accounting.Event{Kind: accounting.Buyback, Shares: n(76)}, crossholding.ErrRange, "76 shares cancelled of 100, of which the investor has 25"},
		{"too much impaired", accounting.Event{Kind: accounting.Impairment, Amount: n(101)}, crossholding.ErrRange, "impairment of 101 is more than the carrying amount of 100"},
		{"nothing to reverse", accounting.Event{Kind: accounting.Reversal, Amount: n(1)}, crossholding.ErrRange, "reversal of 1 is more than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := accounting.RollForward(t.Context(), start, []accounting.Event{c.event})
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, "accounting: events[0]: ")
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestFaultsOfRollForward(t *testing.T) {
	_, err := accounting.RollForward(t.Context(), accounting.Position{Shares: ratio.Int(1), Carrying: ratio.Int(-1)}, []accounting.Event{{Kind: "gift"}, {Kind: "loan"}})
	for _, says := range []string{"start: carrying -1 is below 0", "start: no outstanding shares", `events[0]: kind "gift"`, `events[1]: kind "loan"`} {
		require.ErrorContains(t, err, says, "all faults at once")
	}
	_, err = accounting.RollForward(t.Context(), start, []accounting.Event{{Kind: accounting.Profit, Date: "2024-02-01"}, {Kind: accounting.Profit, Date: "2024-01-31"}})
	require.ErrorIs(t, err, crossholding.ErrDate)
	_, err = accounting.RollForward(t.Context(), start, []accounting.Event{{Kind: accounting.FairValue}, {Kind: accounting.Profit}})
	require.ErrorContains(t, err, "profit after the equity method ended")
	_, err = accounting.RollForward(t.Context(), start, []accounting.Event{{Kind: accounting.Disposal, Shares: start.Shares}, {Kind: accounting.Profit, Own: true, Amount: ratio.Int(7)}})
	require.ErrorContains(t, err, "events[1]: profit of 7, but the investor holds no shares")
	_, err = accounting.RollForward(t.Context(), accounting.Position{Outstanding: ratio.Int(1), Carrying: ratio.Int(5)}, nil)
	require.ErrorContains(t, err, "no shares, but a carrying amount of 5")
	_, err = accounting.RollForward(t.Context(), start, make([]accounting.Event, accounting.MaxEvents+1))
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	_, err = accounting.RollForward(t.Context(), start, make([]accounting.Event, accounting.MaxEvents))
	require.ErrorContains(t, err, "and 9000 more faults")
	var none context.Context
	_, err = accounting.RollForward(none, start, nil)
	require.NoError(t, err)
}

func TestFaultsOfBooks(t *testing.T) {
	_, err := accounting.CompareBooks(ratio.Int(2), ratio.Int(-1), accounting.Carried{Book: "a", Shares: ratio.Int(1)}, accounting.Carried{Book: "a", Shares: ratio.Int(3)}, accounting.Carried{})
	for _, kind := range []error{crossholding.ErrRange, crossholding.ErrDuplicate, crossholding.ErrMissing} {
		require.ErrorIs(t, err, kind)
	}
	require.ErrorContains(t, err, `2 shares sold of 1 that "a" has`)
	_, err = accounting.CompareBooks(ratio.Ratio{}, ratio.Ratio{})
	require.ErrorContains(t, err, "no shares are sold")
}

func TestFaultsOfGroups(t *testing.T) {
	half := ratio.Of(1, 2)
	for _, c := range []struct {
		name string
		g    accounting.Group
		kind error
		says string
	}{
		{"no parent", accounting.Group{}, crossholding.ErrUnknown, `parent: "" is not among the members`},
		{"a name twice", accounting.Group{Parent: "a", Members: []accounting.Member{{Name: "a"}, {Name: "a"}}}, crossholding.ErrDuplicate, `same name "a"`},
		{"no name", accounting.Group{Parent: "a", Members: []accounting.Member{{Name: "a"}, {}}}, crossholding.ErrMissing, "no name"},
		{"an unknown holder", with(accounting.Holding{Holder: "x", Issuer: "b", Share: half}), crossholding.ErrUnknown, `holdings[0]: "x" is not`},
		{"a stake in oneself", with(accounting.Holding{Holder: "b", Issuer: "b", Share: half}), crossholding.ErrSelfStake, "treasury shares"},
		{"a negative share", with(accounting.Holding{Holder: "a", Issuer: "b", Share: half.Neg()}), crossholding.ErrRange, "share -0.5 is below 0"},
		{"more than all", with(accounting.Holding{Holder: "a", Issuer: "b", Share: ratio.Of(3, 4)}, accounting.Holding{Holder: "a", Issuer: "b", Share: half}), crossholding.ErrOverAllocated, `125% of "b" is held: ["a" 125%]`},
		{"a dealing of nothing", accounting.Group{Parent: "a", Members: []accounting.Member{{Name: "a"}, {Name: "b"}}, Dealings: []accounting.Dealing{{Kind: accounting.Balance, From: "a", To: "b"}}}, crossholding.ErrMissing, "no amount"},
		{"a dealing of no kind", accounting.Group{Parent: "a", Members: []accounting.Member{{Name: "a"}, {Name: "b"}}, Dealings: []accounting.Dealing{{From: "a", To: "b", Amount: half}}}, crossholding.ErrUnknown, "kind"},
		{"an earlier balance", accounting.Group{Parent: "a", Members: []accounting.Member{{Name: "a"}, {Name: "b"}}, Dealings: []accounting.Dealing{{Kind: accounting.Balance, From: "a", To: "b", Amount: half, Earlier: true}}}, crossholding.ErrRange, "only a profit"},
		{"too many", accounting.Group{Parent: "a", Members: make([]accounting.Member, accounting.MaxMembers+1)}, crossholding.ErrTooLarge, "501"},
		{"a ring with the parent", group("a", [3]string{"a", "c", "1"}, [3]string{"c", "a", "1"}), crossholding.ErrNoOutsideOwner, "accounting: a, c"},
		{"a ring that nobody owns", group("a", [3]string{"b", "c", "1"}, [3]string{"c", "b", "1"}), crossholding.ErrNoOutsideOwner, "b, c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := accounting.Consolidate(t.Context(), c.g, accounting.ConsolidateOptions{})
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.says)
			_, err = accounting.Attribute(t.Context(), c.g, nil)
			require.ErrorIs(t, err, c.kind)
		})
	}
	_, err := accounting.Attribute(t.Context(), group("a"), map[string]ratio.Ratio{"x": half, "y": half})
	require.ErrorContains(t, err, `"x" is not among`)
	require.ErrorContains(t, err, `"y" is not among`)
	_, err = accounting.Consolidate(t.Context(), group("a"), accounting.ConsolidateOptions{Method: "cost"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = accounting.Division{}.Of("a")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

// with is the group of a and b with holdings.
func with(holdings ...accounting.Holding) accounting.Group {
	return accounting.Group{Parent: "a", Members: []accounting.Member{{Name: "a"}, {Name: "b"}}, Holdings: holdings}
}

func TestEndedContext(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	bad := accounting.Group{Parent: "nobody"}
	a := booktest.Alliance(t, "p 60 s")
	for name, ask := range map[string]func() error{
		"roll":      func() error { _, err := accounting.RollForward(ctx, start, []accounting.Event{{}}); return err },
		"attribute": func() error { _, err := accounting.Attribute(ctx, bad, nil); return err },
		"consolidate": func() error {
			_, err := accounting.Consolidate(ctx, bad, accounting.ConsolidateOptions{Method: "?"})
			return err
		},
		"group": func() error {
			_, _, err := accounting.GroupOf(ctx, a, "nobody", compliance.ConsolidationOptions{})
			return err
		},
	} {
		err := ask()
		require.ErrorIs(t, err, cause, name)
		require.ErrorIs(t, err, context.Canceled, name)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestTables(t *testing.T) {
	require.ErrorIs(t, accounting.Roll{}.WriteCSV(broken{}), io.ErrClosedPipe)
	c, err := accounting.Consolidate(t.Context(), group("a", [3]string{"a", "b", "1/3"}), accounting.ConsolidateOptions{})
	require.NoError(t, err)
	require.Empty(t, c.Entries, "without amounts there is nothing to eliminate")
	g := group("a", [3]string{"a", "b, the second", "1/3"})
	g.Members[1].Equity = ratio.Int(1)
	c, err = accounting.Consolidate(t.Context(), g, accounting.ConsolidateOptions{})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, c.WriteCSV(&b))
	require.Equal(t, `entry,kind,company,account,of,debit,credit,because
1,non_controlling,"b, the second",equity,,2/3,,"net assets: owners of b, the second outside the group have 66.67% of 1: about 0.67"
1,non_controlling,"b, the second",non-controlling interest,,,2/3,"net assets: owners of b, the second outside the group have 66.67% of 1: about 0.67"
`, b.String())
}

// The group of an alliance has the interests that its ownership has, also with loops.
func TestGroupOfAnAlliance(t *testing.T) {
	a := booktest.Alliance(t, "p 70 s", "s 60 t", "t 10 p", "t 30 joint", "q 20 joint", "x 90 p", "p 25 associate")
	g, scope, err := accounting.GroupOf(t.Context(), a, "p", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"s", "t"}, scope.Of(compliance.Subsidiary))
	require.Len(t, g.Members, 3)
	require.Len(t, g.Holdings, 3)
	got, err := accounting.Attribute(t.Context(), g, map[string]ratio.Ratio{"t": ratio.Int(1)})
	require.NoError(t, err)
	require.True(t, got.Mutual)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	x, err := o.Integrated(t.Context(), "x", "t")
	require.NoError(t, err)
	equal(t, x, got.Simultaneous.Parent) // x is all outside owners of p
	equal(t, ratio.Of(42, 100), got.Treasury.Parent)

	_, _, err = accounting.GroupOf(t.Context(), a, "nobody", compliance.ConsolidationOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

func TestLoopsOfSubsidiaries(t *testing.T) {
	got, err := accounting.Attribute(t.Context(), group("p", [3]string{"p", "a", "0.6"}, [3]string{"p", "b", "0.6"}, [3]string{"a", "b", "0.1"}, [3]string{"b", "a", "0.1"}), nil)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"a", "b"}}, got.Loops)
	require.False(t, got.Mutual)
}

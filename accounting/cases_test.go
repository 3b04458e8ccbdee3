package accounting_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/accounting"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// published is testdata/cases.json.
type published struct {
	Groups   []groupCase
	Dilution struct{ Held, Outstanding, Issued, Before, After ratio.Ratio }
	Renault  struct {
		CostYen   ratio.Ratio `json:"cost_yen"`
		CostRate  ratio.Ratio `json:"cost_rate"`
		Disposals []struct {
			Date                            date.Date
			Shares, Yen, Rate, Cash, Within ratio.Ratio
			Statutory, Group                *ratio.Ratio
			Corrects                        string
			Planned                         *struct{ Shares, Cash, Loss ratio.Ratio }
		}
		Accretion struct {
			Shares, Outstanding, Cancelled, Paid, Rate ratio.Ratio
			NetAssets                                  []ratio.Ratio `json:"net_assets"`
			Expected                                   []ratio.Ratio
		}
		End struct {
			Shares, Outstanding, Rate, Loss, Within ratio.Ratio
			Carrying                                ratio.Ratio `json:"carrying_yen"`
			Fair                                    ratio.Ratio `json:"fair_yen"`
		}
		Year struct{ Opening, Profit, Closing, Other ratio.Ratio } `json:"year_2020"`
	}
}

type groupCase struct {
	ID, Source, Figures, Parent string
	Own                         map[string]ratio.Ratio
	Holdings                    [][3]string
	ParentsPart                 struct{ Simultaneous, Treasury ratio.Ratio } `json:"parents_part"`
	Member                      map[string]struct{ Amount, Total, Interest *ratio.Ratio }
	Exact                       *ratio.Ratio
	Places                      int
}

func readCases(t *testing.T) published {
	t.Helper()
	text, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	var p published
	require.NoError(t, json.Unmarshal(text, &p))
	return p
}

// group makes the group of stakes {holder, issuer, fraction}.
func group(parent string, stakes ...[3]string) accounting.Group {
	g := accounting.Group{Parent: parent}
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			g.Members = append(g.Members, accounting.Member{Name: name})
		}
	}
	add(parent)
	for _, s := range stakes {
		add(s[0])
		add(s[1])
		g.Holdings = append(g.Holdings, accounting.Holding{Holder: s[0], Issuer: s[1], Share: ratio.MustParse(s[2])})
	}
	return g
}

func equal(t testing.TB, want, got ratio.Ratio, about ...any) {
	t.Helper()
	if !want.Equal(got) {
		require.Failf(t, "figures differ", "want %s, got %s: %v", want, got, about)
	}
}

// near checks that a figure is within a fraction of what is published.
func near(t testing.TB, want, got, within ratio.Ratio, about ...any) {
	t.Helper()
	off := got.Sub(want).Div(want)
	if off.Sign() < 0 {
		off = off.Neg()
	}
	if within.Less(off) {
		require.Failf(t, "too far off", "published %s, got %s, off by %s: %v", want, got.Decimal(3), off.ShortPercent(), about)
	}
}

func TestPublishedGroups(t *testing.T) {
	for _, c := range readCases(t).Groups {
		t.Run(c.ID, func(t *testing.T) {
			got, err := accounting.Attribute(t.Context(), group(c.Parent, c.Holdings...), c.Own)
			require.NoError(t, err)
			rounded := func(want, got ratio.Ratio) {
				t.Helper()
				require.True(t, want.Decimal(c.Places).Equal(got.Decimal(c.Places)), "want %s, got %s", want, got)
			}
			rounded(c.ParentsPart.Simultaneous, got.Simultaneous.Parent)
			rounded(c.ParentsPart.Treasury, got.Treasury.Parent)
			if c.Exact != nil {
				equal(t, *c.Exact, got.Simultaneous.Parent)
			}
			for name, want := range c.Member {
				part, err := got.Simultaneous.Of(name)
				require.NoError(t, err)
				for _, x := range []struct {
					want *ratio.Ratio
					got  ratio.Ratio
				}{{want.Amount, part.Amount}, {want.Total, part.Total}, {want.Interest, part.Interest}} {
					if x.want != nil {
						rounded(*x.want, x.got)
					}
				}
			}
		})
	}
}

// 70% of 60% is consolidated in full, and 58% of it belongs to others.
func TestNonControllingInterestThroughASubsidiary(t *testing.T) {
	got, err := accounting.Attribute(t.Context(), group("A", [3]string{"A", "B", "0.7"}, [3]string{"B", "C", "0.6"}), map[string]ratio.Ratio{"C": ratio.Int(100)})
	require.NoError(t, err)
	equal(t, ratio.Int(58), got.Simultaneous.NonControlling)
	require.False(t, got.Mutual)
	b, err := got.Simultaneous.Of("B")
	require.NoError(t, err)
	equal(t, ratio.Int(18), b.Amount) // 30% of the 60 that B has
	require.Equal(t, "owners of B outside the group have 30% of 60 (0 its own, 60 of other members): 18", b.String())
}

// The subsidiary's profit has its dividends of the parent, and the parent's does not have
// what it pays to the subsidiary. The figures are by hand.
func TestTreasuryStockMethodKeepsTheDividendsOfTheParent(t *testing.T) {
	n := ratio.Int
	g := group("Pace", [3]string{"Pace", "Salt", "0.9"}, [3]string{"Salt", "Pace", "0.1"})
	// Separate profits of 60,000 and 40,000, and dividends of 30,000 and 20,000.
	g.Members[0].Profit, g.Members[0].Dividends = n(60_000+18_000), n(30_000)
	g.Members[1].Profit, g.Members[1].Dividends = n(40_000+3_000), n(20_000)
	c, err := accounting.Consolidate(t.Context(), g, accounting.ConsolidateOptions{Method: accounting.TreasuryStock})
	require.NoError(t, err)
	equal(t, n(95_700), c.Profit.Treasury.Parent) // 60,000 + 90% of 43,000 - 3,000
	equal(t, n(4_300), c.Profit.Treasury.NonControlling)
	require.Equal(t, "94945", c.Profit.Simultaneous.Parent.Decimal(0).String())
	require.Equal(t, "5055", c.Profit.Simultaneous.NonControlling.Decimal(0).String())
	equal(t, n(100_000), c.Profit.Whole)
}

func TestDilution(t *testing.T) {
	d := readCases(t).Dilution
	start := accounting.Position{Shares: d.Held, Outstanding: d.Outstanding}
	equal(t, d.Before, start.Interest())
	r, err := accounting.RollForward(t.Context(), start, []accounting.Event{{Kind: accounting.Issue, Shares: d.Issued}})
	require.NoError(t, err)
	equal(t, d.After, r.Movements[0].Interest)
	require.Equal(t, "0.17", d.After.Percent(2).String())
}

// Renault's disposals: cash, and gain or loss in the statutory and in the group's books.
func TestRenaultsDisposals(t *testing.T) {
	c := readCases(t).Renault
	million := ratio.Int(1_000_000)
	cost := c.CostYen.Div(c.CostRate) // of a share, in euros
	for _, d := range c.Disposals {
		t.Run(string(d.Date), func(t *testing.T) {
			near(t, d.Cash, d.Shares.Mul(d.Yen).Div(d.Rate).Div(million), d.Within, "cash")
			books := []accounting.Carried{{Book: "statutory", Shares: d.Shares, Carrying: d.Shares.Mul(cost).Div(million)}}
			if p := d.Planned; p != nil {
				share := p.Cash.Add(p.Loss).Div(p.Shares) // carrying amount of a share
				books = append(books, accounting.Carried{Book: "group", Shares: d.Shares, Carrying: d.Shares.Mul(share)})
			}
			gains, err := accounting.CompareBooks(d.Shares, d.Cash, books...)
			require.NoError(t, err)
			if d.Statutory != nil {
				within := ratio.Of(3, 200)
				if d.Corrects != "" {
					within = ratio.Of(6, 100)
				}
				near(t, *d.Statutory, gains[0].Gain, within, d.Corrects)
			}
			if d.Group != nil {
				near(t, *d.Group, gains[1].Gain, ratio.Of(3, 200))
				require.Equal(t, 1, gains[0].Gain.Sign())
				require.Equal(t, -1, gains[1].Gain.Sign())
			}
		})
	}
}

func TestRenaultsAccretion(t *testing.T) {
	c := readCases(t).Renault.Accretion
	for i, net := range c.NetAssets {
		r, err := accounting.RollForward(t.Context(), accounting.Position{Shares: c.Shares, Outstanding: c.Outstanding, Carrying: net}, []accounting.Event{
			{Kind: accounting.Disposal, Shares: c.Cancelled, Amount: c.Paid},
			{Kind: accounting.Buyback, Shares: c.Cancelled, Amount: c.Paid, NetAssets: net},
		})
		require.NoError(t, err)
		near(t, c.Expected[i], r.Movements[1].Profit.Div(c.Rate), ratio.Of(1, 100))
	}
}

func TestRenaultEndsTheEquityMethod(t *testing.T) {
	c := readCases(t).Renault.End
	euros := c.Shares.Div(c.Rate).Div(ratio.Int(1_000_000))
	r, err := accounting.RollForward(t.Context(), accounting.Position{Shares: c.Shares, Outstanding: c.Outstanding, Carrying: euros.Mul(c.Carrying)},
		[]accounting.Event{{Date: "2025-06-30", Kind: accounting.FairValue, Amount: euros.Mul(c.Fair)}})
	require.NoError(t, err)
	near(t, c.Loss, r.Total.Profit.Neg(), c.Within)
	require.True(t, r.Closing.Ended)
}

func TestRenaultsYear2020(t *testing.T) {
	c := readCases(t).Renault.Year
	r, err := accounting.RollForward(t.Context(), accounting.Position{Shares: ratio.MustParse("43.4"), Outstanding: ratio.Int(100), Carrying: c.Opening},
		[]accounting.Event{{Kind: accounting.Profit, Own: true, Amount: c.Profit}, {Kind: accounting.OtherIncome, Own: true, Amount: c.Other}})
	require.NoError(t, err)
	equal(t, c.Closing, r.Closing.Carrying)
	equal(t, c.Profit, r.Total.Profit)
}

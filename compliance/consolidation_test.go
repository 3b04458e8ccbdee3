package compliance_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

var classes = []compliance.InvestmentClass{
	compliance.Subsidiary, compliance.JointVenture, compliance.Associate, compliance.Investment,
}

func TestConsolidationCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Source                              string
			Stakes, Subsidiary, Associate, Investment []string
			Joint                                     []string `json:"joint venture"`
			Economic, Votes                           map[string]string
		}
	}
	booktest.Load(t, "compliance/testdata/consolidation.json", &file)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			got, err := compliance.Consolidate(t.Context(), booktest.Alliance(t, c.Stakes...), "P", compliance.ConsolidationOptions{})
			require.NoError(t, err)
			for i, want := range [][]string{c.Subsidiary, c.Joint, c.Associate, c.Investment} {
				require.Equal(t, append([]string{}, want...), got.Of(classes[i]), classes[i])
			}
			for _, e := range got.Entities {
				if want, ok := c.Economic[e.Company]; ok {
					booktest.RequireRatio(t, want+"%", e.Economic)
					booktest.RequireRatio(t, c.Votes[e.Company]+"%", e.Votes)
				}
			}
		})
	}
}

func TestConsolidationByBoard(t *testing.T) {
	b := booktest.Book(t, "P 30 B", "Q 60 B", "P 51 S", "S 20 C", "B 40 C")
	b.Agreements = []crossholding.Agreement{{ID: "board-pact", Kind: crossholding.AgreementDirectors, Holders: []string{"P", "S"}, Issuer: "B", Max: "60%"}}
	a, err := crossholding.New(b)
	require.NoError(t, err)
	got, err := compliance.Consolidate(t.Context(), a, "P", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B", "C", "S"}, got.Of(compliance.Subsidiary))
	require.Equal(t, "P casts 51 of 100 votes in S (51%); P and S appoint 60% of the board of B (board-pact)", got.Entities[0].Because())
	got, err = compliance.Consolidate(t.Context(), a, "P", compliance.ConsolidationOptions{NoFacts: true})
	require.NoError(t, err)
	require.Equal(t, []string{"S"}, got.Of(compliance.Subsidiary))
	got, err = compliance.Consolidate(t.Context(), a, "Q", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B"}, got.Of(compliance.Subsidiary))

	for _, change := range []func(*crossholding.Agreement){
		func(ag *crossholding.Agreement) { ag.Max = "50%" },
		func(ag *crossholding.Agreement) { ag.Holders = []string{"P", "Q"} },
		func(ag *crossholding.Agreement) { ag.From = "2024-01-01" },
	} {
		b := b
		b.AsOf = "2023-01-01"
		b.Agreements = []crossholding.Agreement{b.Agreements[0]}
		change(&b.Agreements[0])
		a, err := crossholding.New(b)
		require.NoError(t, err)
		got, err := compliance.Consolidate(t.Context(), a, "P", compliance.ConsolidationOptions{})
		require.NoError(t, err)
		require.Equal(t, []string{"S"}, got.Of(compliance.Subsidiary))
	}
}

// TestConsolidationByDirection: votes that another directs are the leader's.
func TestConsolidationByDirection(t *testing.T) {
	b := booktest.Book(t, "P 25 B", "Q 30 B", "B 40 C", "Q 15 C")
	b.Agreements = []crossholding.Agreement{{ID: "follow", Kind: crossholding.AgreementFollow, Holders: []string{"Q"}, Leader: "P"}}
	got, err := compliance.Consolidate(t.Context(), booktest.New(t, b), "P", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B", "C"}, got.Of(compliance.Subsidiary))
	booktest.RequireRatio(t, "0.55", got.Entities[1].Votes)
	booktest.RequireRatio(t, "0.1", got.Entities[1].Economic)
}

func TestConsolidationAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 28))
	fifth := big.NewRat(1, 5)
	for range testkit.Cases(400) {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 1+r.IntN(3))
		x := r.IntN(len(w.IDs))
		in := w.Fixpoint([]int{x}, overHalf)
		want := map[string]compliance.InvestmentClass{}
		for j := range w.Companies {
			sum := new(big.Rat)
			for i := range w.IDs {
				if in[i] && i != j {
					sum.Add(sum, w.Held[i][j])
				}
			}
			switch {
			case j == x || sum.Sign() == 0:
			case in[j]:
				want[w.IDs[j]] = compliance.Subsidiary
			case sum.Cmp(fifth) >= 0:
				want[w.IDs[j]] = compliance.Associate
			default:
				want[w.IDs[j]] = compliance.Investment
			}
		}
		got, err := compliance.Consolidate(t.Context(), w.Alliance(t), w.IDs[x], compliance.ConsolidationOptions{})
		require.NoError(t, err)
		classOf := map[string]compliance.InvestmentClass{}
		for _, e := range got.Entities {
			classOf[e.Company] = e.Class
		}
		// A float of 2% is left in every company, so no two have half each.
		require.Equal(t, want, classOf, "%s of %v", w.IDs[x], w.Book.Stakes)

		other, names := w.Renamed(r)
		a, err := crossholding.New(other)
		require.NoError(t, err)
		again, err := compliance.Consolidate(t.Context(), a, names[w.IDs[x]], compliance.ConsolidationOptions{})
		require.NoError(t, err)
		require.Len(t, again.Entities, len(got.Entities))
		for _, e := range again.Entities {
			for old, id := range names {
				if id == e.Company {
					require.Equal(t, want[old], e.Class)
				}
			}
		}
	}
}

func TestConsolidationErrors(t *testing.T) {
	a := booktest.Alliance(t, "P 20 B")
	for _, c := range []struct {
		name, parent string
		opt          compliance.ConsolidationOptions
		want         error
	}{
		{"parent", "Z", compliance.ConsolidationOptions{}, crossholding.ErrUnknown},
		{"float", "float:B", compliance.ConsolidationOptions{}, crossholding.ErrRange},
		{"control", "P", compliance.ConsolidationOptions{ControlThreshold: ratio.Int(2)}, crossholding.ErrRange},
		{"influence", "P", compliance.ConsolidationOptions{InfluenceThreshold: ratio.Int(2)}, crossholding.ErrRange},
		{"basis", "P", compliance.ConsolidationOptions{Basis: "hats"}, crossholding.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compliance.Consolidate(t.Context(), a, c.parent, c.opt)
			require.ErrorIs(t, err, c.want)
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := compliance.Consolidate(ctx, a, "P", compliance.ConsolidationOptions{})
	require.ErrorIs(t, err, context.Canceled)
	ring := booktest.Alliance(t, "A 100 B", "B 100 A")
	_, err = compliance.Consolidate(t.Context(), ring, "A", compliance.ConsolidationOptions{Strict: true})
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
	_, err = compliance.BoundConsolidation(t.Context(), ring, "A", compliance.ConsolidationOptions{Strict: true})
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
}

// A ring that nobody outside owns is one of two holders: its members have first-passage interests
// as anybody else has, and the ring is named.
func TestConsolidationOfClosedRing(t *testing.T) {
	b := booktest.Book(t, "r1 100 r2", "r2 100 r1", "r1 40 x", "a 40 x", "x 10 x", "x 50 y", "r2 20 y", "s1 100 s2", "s2 100 s1", "s1 20 y")
	got, err := compliance.Consolidate(t.Context(), booktest.New(t, b), "r1", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"r1", "r2"}}, got.Unowned)
	require.Equal(t, []string{"r2"}, got.Of(compliance.Subsidiary))
	alone, err := compliance.Consolidate(t.Context(), booktest.New(t, b), "a", compliance.ConsolidationOptions{Strict: true})
	require.NoError(t, err)
	require.Empty(t, alone.Unowned)
	economic := map[string]ratio.Ratio{}
	for _, e := range got.Entities {
		economic[e.Company] = e.Economic
	}
	booktest.RequireRatio(t, "1", economic["r2"])
	booktest.RequireRatio(t, alone.Entities[0].Economic.String(), economic["x"]) // both hold 40%
	require.True(t, economic["x"].Mul(ratio.Of(1, 2)).Add(ratio.Of(1, 5)).Equal(economic["y"]), "%v", economic)
}

// Joint control needs that nobody else controls the company alone: IFRS 11, 7. P and Q have half of
// J each, and Z has nothing of it.
func TestNoJointVentureUnderControl(t *testing.T) {
	fact := func(controller, company string) func(*crossholding.Book) {
		return func(b *crossholding.Book) {
			b.Controls = append(b.Controls, crossholding.ControlFact{Controller: controller, Company: company, By: crossholding.ControlByContractual})
		}
	}
	board := func(holders ...string) func(*crossholding.Book) {
		return func(b *crossholding.Book) {
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "board", Kind: crossholding.AgreementDirectors, Holders: holders, Issuer: "J", Max: "60%"})
		}
	}
	for _, c := range []struct {
		name   string
		change []func(*crossholding.Book)
		opt    compliance.ConsolidationOptions
		want   string
	}{
		{"nobody controls", nil, compliance.ConsolidationOptions{}, "joint venture: 50% of the votes, as much as Q"},
		{"the partner controls by a fact", []func(*crossholding.Book){fact("Q", "J")}, compliance.ConsolidationOptions{}, "associate: 50% of the votes, at least 20%, and Q controls it"},
		{"a fact that does not count", []func(*crossholding.Book){fact("Q", "J")}, compliance.ConsolidationOptions{NoFacts: true}, "joint venture: 50% of the votes, as much as Q"},
		{"a third party controls", []func(*crossholding.Book){fact("Z", "J")}, compliance.ConsolidationOptions{}, "associate: 50% of the votes, at least 20%, and Z controls it"},
		{"the partner appoints the board", []func(*crossholding.Book){board("Q")}, compliance.ConsolidationOptions{}, "associate: 50% of the votes, at least 20%, and Q controls it"},
		{"two appoint it, and one controls the other", []func(*crossholding.Book){board("Q", "Z"), fact("Z", "Q")}, compliance.ConsolidationOptions{}, "associate: 50% of the votes, at least 20%, and Z controls it"},
		{"two appoint it who are strangers", []func(*crossholding.Book){board("Q", "Z")}, compliance.ConsolidationOptions{}, "joint venture: 50% of the votes, as much as Q"},
		{"the two appoint it together", []func(*crossholding.Book){board("P", "Q")}, compliance.ConsolidationOptions{}, "joint venture: 50% of the votes, as much as Q"},
		{"the parent controls by a fact", []func(*crossholding.Book){fact("P", "J"), fact("Q", "J")}, compliance.ConsolidationOptions{}, "subsidiary: P controls J by fact (contractual)"},
		{"who controls both controls through the parent", []func(*crossholding.Book){fact("Z", "P"), fact("Z", "Q")}, compliance.ConsolidationOptions{}, "joint venture: 50% of the votes, as much as Q"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.Book(t, "P 50 J", "Q 50 J")
			b.Companies = append(b.Companies, crossholding.Company{ID: "P"}, crossholding.Company{ID: "Q"})
			b.Parties = []crossholding.Party{{ID: "Z"}}
			for _, change := range c.change {
				change(&b)
			}
			got, err := compliance.Consolidate(t.Context(), booktest.New(t, b), "P", c.opt)
			require.NoError(t, err)
			require.Len(t, got.Entities, 1)
			e := got.Entities[0]
			require.Equal(t, c.want, string(e.Class)+": "+e.Because())
			bounds, err := compliance.BoundConsolidation(t.Context(), booktest.New(t, b), "P", c.opt)
			require.NoError(t, err)
			require.Equal(t, []string{"J"}, bounds.Of(e.Class))
		})
	}
	// Two halves of a group that is one by facts alone.
	b := booktest.Book(t, "P 50 J", "Q 25 J", "R 25 J")
	b.Companies = append(b.Companies, crossholding.Company{ID: "Q"}, crossholding.Company{ID: "R"})
	b.Parties = []crossholding.Party{{ID: "P"}, {ID: "Z"}}
	fact("Z", "Q")(&b)
	fact("Z", "R")(&b)
	got, err := compliance.Consolidate(t.Context(), booktest.New(t, b), "P", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, "50% of the votes, as much as Z", got.Entities[0].Because())
}

func ExampleConsolidate() {
	ctx := context.Background()
	// The alliance at the end of 2022. French law suspends the votes that
	// Nissan's finance company has in Renault, so that 15% of the money is no
	// influence.
	b := booktest.MitsubishiMotors()
	b.Companies[1].Shares = []crossholding.ShareClass{{Issued: "4220715112", Treasury: "28900000"}}
	b.Companies = append(b.Companies,
		crossholding.Company{ID: "renault", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "295722284", Treasury: "4562561"}}},
		crossholding.Company{ID: "nissan-finance", Country: "JP"})
	b.Stakes = append(b.Stakes,
		crossholding.Stake{Holder: "renault", Issuer: "nissan", Shares: "1831837027"},
		crossholding.Stake{Holder: "nissan", Issuer: "nissan-finance", Percent: "100"},
		crossholding.Stake{Holder: "nissan-finance", Issuer: "renault", Shares: "44358343"})
	a, err := crossholding.New(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, parent := range []string{"nissan", "renault"} {
		group, err := compliance.Consolidate(ctx, a, parent, compliance.ConsolidationOptions{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("The interests of", parent)
		for _, e := range group.Entities {
			fmt.Println(" ", e)
		}
	}
	// Output:
	// The interests of nissan
	//   mitsubishi-motors: associate (34.07% of the votes, 34.07% of the money): 34.07% of the votes, at least 20%
	//   nissan-finance: subsidiary (100% of the votes, 100% of the money): nissan casts 100 of 100 votes in nissan-finance (100%)
	//   renault: investment (0% of the votes, 15.24% of the money): 0% of the votes, less than 20%
	// The interests of renault
	//   nissan: associate (43.7% of the votes, 43.7% of the money): 43.7% of the votes, at least 20%
}

// TestConsolidateWithJointRights: what the two venturers hold jointly gives nobody else control.
func TestConsolidateWithJointRights(t *testing.T) {
	for _, c := range []struct{ joint, facts, boards string }{
		{"j p q", "", "j 60% z"}, {"j p q", "j z management", ""}, {"", "", "p q 60% z"}, {"j p q", "", "j 30% z, p 30% z"},
	} {
		b := linked(t, "p 50 z, q 50 z", c.joint, c.facts, "", c.boards, "")
		for _, parent := range []string{"p", "q"} {
			r, err := compliance.Consolidate(t.Context(), booktest.New(t, b), parent, compliance.ConsolidationOptions{})
			require.NoError(t, err)
			require.Equal(t, []string{"z"}, r.Of(compliance.JointVenture), "%+v: %v", c, r.Entities)
		}
	}
	for _, boards := range []string{"r 30% z, s 30% z", "p 20% z, r 60% z"} {
		b := linked(t, "p 50 z, q 50 z, x 60 y", "", "x r management, x s management", "", boards, "r company, s company")
		r, err := compliance.Consolidate(t.Context(), booktest.New(t, b), "p", compliance.ConsolidationOptions{})
		require.NoError(t, err)
		require.Equal(t, []string{"z"}, r.Of(compliance.Associate), "%s: %v", boards, r.Entities)
	}
}

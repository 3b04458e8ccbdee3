package crossholding_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// familyBook has a founder with 30% of a company whose other shares are spread,
// and who casts the votes of a foundation's 10% too.
func familyBook() *crossholding.Alliance {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}, {ID: "trading"}},
		Parties:   []crossholding.Party{{ID: "founder"}, {ID: "foundation", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "founder", Issuer: "works", Percent: "30"},
			{Holder: "foundation", Issuer: "works", Percent: "10", Voter: "founder"},
			{Holder: "works", Issuer: "trading", Percent: "60"},
		},
	})
	check(err)
	return a
}

// A measure of one's own: control in fact, where only 70% of a meeting's votes
// come. Votes stay as they are; what they are counted against is smaller.
func ExampleTally_With() {
	ctx, a := context.Background(), familyBook()
	votes, err := a.Tally(ctx, "", crossholding.VotingOptions{})
	check(err)
	g, meetings := a.Graph(), map[int32]crossholding.Meeting{}
	for c := range int32(g.Len()) {
		var m crossholding.Meeting
		from, to := g.Stakes(c)
		for e := from; e < to; e++ {
			node, n := votes.Stake(e)
			m.Voters, m.Votes = append(m.Voters, node), append(m.Votes, n)
		}
		m.Base = votes.Base(c).Mul(ratio.MustParse("70%"))
		meetings[c] = m
	}
	present, err := votes.With(meetings)
	check(err)
	founder, err := g.Node("founder")
	check(err)
	group, err := present.Group(ctx, crossholding.Rule{}, founder)
	check(err)
	for node, level := range group.Nodes() {
		fmt.Println(level, g.ID(node))
	}
	works, err := g.Company("works")
	check(err)
	fmt.Println(group.Proof(works))
	// Output:
	// 0 founder
	// 1 works
	// 2 trading
	// founder casts 40 of 70 votes in works (57.14%)
}

// What fractions of one's own come to, directly and through others.
func ExampleGraph_Solver() {
	ctx, a := context.Background(), familyBook()
	g := a.Graph()
	shares, err := a.Tally(ctx, crossholding.Capital, crossholding.VotingOptions{})
	check(err)
	solver, err := g.Solver(ctx, func(company int32) ([]crossholding.Holding, ratio.Ratio) {
		return shares.Holdings(company), shares.Base(company)
	}, crossholding.SolverOptions{})
	check(err)
	founder, err := g.Node("founder")
	check(err)
	all, _, err := solver.Holdings(ctx, crossholding.Owner{Node: founder})
	check(err)
	for _, x := range all {
		fmt.Println(g.ID(x.Node), x.Share.PercentString())
	}
	// Output:
	// trading 18%
	// works 30%
}

func ExampleAlliance_Graph() {
	g := familyBook().Graph()
	for node := range int32(g.Len()) {
		fmt.Println(node, g.ID(node), g.HasShares(node))
	}
	// Output:
	// 0 foundation false
	// 1 founder false
	// 2 trading true
	// 3 works true
}

func ExampleGraph_Stake() {
	g := familyBook().Graph()
	works, err := g.Company("works")
	check(err)
	from, to := g.Stakes(works)
	for e := from; e < to; e++ {
		s := g.Stake(e)
		fmt.Println(g.ID(s.Holder), g.Shares(e), "voted by", g.ID(s.Voter))
	}
	// Output:
	// foundation 10 voted by founder
	// founder 30 voted by founder
}

func ExampleTally_Fractions() {
	a := familyBook()
	votes, err := a.Tally(context.Background(), crossholding.Exercisable, crossholding.VotingOptions{})
	check(err)
	g := votes.Graph()
	works, err := g.Company("works")
	check(err)
	for _, h := range votes.Fractions(works) {
		fmt.Println(g.ID(h.Node), h.Amount.PercentString())
	}
	// Output: founder 40%
}

func ExampleTally_Chains() {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.Capital, crossholding.VotingOptions{})
	check(err)
	chains, err := shares.Chains(ctx, crossholding.Rule{})
	check(err)
	g := a.Graph()
	trading, err := g.Company("trading")
	check(err)
	fmt.Println(g.IDs(slices.Collect(chains.Controllers(trading))))
	// Output: [works]
}

func ExampleVotes_Stakes() {
	ctx, a := context.Background(), familyBook()
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	check(err)
	g := a.Graph()
	works, err := g.Company("works")
	check(err)
	for e, votes := range v.Stakes(works) {
		fmt.Println(g.ID(g.Stake(e).Holder), votes.Exercisable, "cast by", g.ID(votes.Voter))
	}
	// Output:
	// foundation 10 cast by founder
	// founder 30 cast by founder
}

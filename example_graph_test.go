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

// All answers of control, on votes of one's own: here the founder casts nothing.
func ExampleTally_Control() {
	ctx, a := context.Background(), familyBook()
	votes, err := a.Tally(ctx, "", crossholding.VotingOptions{})
	check(err)
	works, err := a.Graph().Company("works")
	check(err)
	silent, err := votes.With(map[int32]crossholding.Meeting{works: {
		Voters: []int32{crossholding.NoNode, crossholding.NoNode},
		Votes:  []ratio.Ratio{ratio.Int(10), ratio.Int(30)},
		Base:   ratio.Int(60),
	}})
	check(err)
	control, err := silent.Control(crossholding.Rule{})
	check(err)
	ultimate, err := control.Ultimate(ctx, "trading")
	check(err)
	fmt.Println(ultimate)
	why, err := control.Why(ctx, "founder", "trading")
	check(err)
	fmt.Println(why)
	// Output:
	// [works]
	// founder does not control trading: it has 0 of 100 votes (0%) and lacks more than 50
}

// What fractions of one's own come to, directly and through others.
func ExampleGraph_Solver() {
	ctx, a := context.Background(), familyBook()
	g := a.Graph()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	solver, err := g.Solver(ctx, func(company int32) ([]crossholding.Holding, ratio.Ratio) {
		return shares.Holdings(company), shares.Base(company)
	}, crossholding.OwnershipOptions{})
	check(err)
	founder, err := g.Node("founder")
	check(err)
	all, _, err := solver.Holdings(ctx, founder)
	check(err)
	for _, x := range all {
		fmt.Println(g.ID(x.Node), x.Amount.PercentString())
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
	votes, err := a.Tally(context.Background(), crossholding.BasisExercisable, crossholding.VotingOptions{})
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
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	chains, err := shares.Chains(ctx, crossholding.Rule{})
	check(err)
	g := a.Graph()
	trading, err := g.Company("trading")
	check(err)
	works := chains.Ultimate(trading)
	fmt.Println(g.IDs(chains.Controllers(trading)), g.IDs(works), chains.Controls(works[0], trading))
	// Output: [works] [works] true
}

func ExampleChains_Pairs() {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	chains, err := shares.Chains(ctx, crossholding.Rule{})
	check(err)
	g := a.Graph()
	for p, err := range chains.Pairs(ctx) {
		check(err)
		fmt.Println(g.ID(p.Controller), "has most shares of", g.ID(p.Company))
	}
	// Output: works has most shares of trading
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

func ExampleAlliance_Tally() {
	a := familyBook()
	shares, err := a.Tally(context.Background(), crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	works, err := a.Graph().Company("works")
	check(err)
	fmt.Println(shares.Base(works), "shares outstanding")
	for _, h := range shares.Holdings(works) {
		fmt.Println(a.Graph().ID(h.Node), h.Amount)
	}
	// Output:
	// 100 shares outstanding
	// foundation 10
	// founder 30
}

func ExampleVotes_Tally() {
	ctx, a := context.Background(), familyBook()
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	check(err)
	votes, err := v.Tally(crossholding.BasisTheoretical)
	check(err)
	works, err := a.Graph().Company("works")
	check(err)
	fmt.Println(len(votes.Holdings(works)), "voter of", votes.Base(works))
	// Output: 1 voter of 100
}

func ExampleGraph_Dividends() {
	g := familyBook().Graph()
	dividends, err := g.Dividends()
	check(err)
	trading, err := g.Company("trading")
	check(err)
	fmt.Println(dividends.Fractions(trading)[0].Amount.PercentString())
	// Output: 60%
}

// Treasury shares are issued, and not outstanding.
func ExampleGraph_IssuedShares() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Shares: []crossholding.ShareClass{{Issued: "100", Treasury: "20"}}}},
		Parties:   []crossholding.Party{{ID: "anna"}},
		Stakes:    []crossholding.Stake{{Holder: "anna", Issuer: "works", Shares: "24"}},
	})
	check(err)
	outstanding, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	issued, err := a.Graph().IssuedShares()
	check(err)
	works, err := a.Graph().Company("works")
	check(err)
	fmt.Println(outstanding.Fractions(works)[0].Amount.PercentString(), issued.Fractions(works)[0].Amount.PercentString())
	// Output: 30% 24%
}

// Which companies a node has something of, and who is above a company.
func ExampleTally_Upstream() {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	g := shares.Graph()
	trading, err := g.Company("trading")
	check(err)
	above, err := shares.Upstream(ctx, trading)
	check(err)
	fmt.Println(g.IDs(above))
	// Output: [foundation founder trading works]
}

func ExampleTally_Issuers() {
	a := familyBook()
	shares, err := a.Tally(context.Background(), crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	founder, err := a.Graph().Node("founder")
	check(err)
	fmt.Println(a.Graph().IDs(shares.Issuers(founder)))
	// Output: [works]
}

func ExampleTally_Held() {
	a := familyBook()
	shares, err := a.Tally(context.Background(), crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	g := a.Graph()
	founder, err := g.Node("founder")
	check(err)
	for _, e := range shares.Held(founder) {
		_, amount := shares.Stake(e)
		fmt.Println(g.ID(g.Stake(e).Issuer), amount)
	}
	// Output: works 30
}

func exampleGroup() (crossholding.Graph, *crossholding.NodeGroup) {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	works, err := a.Graph().Company("works")
	check(err)
	group, err := shares.Group(ctx, crossholding.Rule{Threshold: ratio.MustParse("60%"), AtLeast: true}, works)
	check(err)
	return a.Graph(), group
}

// Works has exactly 60% of trading: enough where reaching the threshold is.
func ExampleTally_Group() {
	g, group := exampleGroup()
	trading, err := g.Company("trading")
	check(err)
	fmt.Println(group.Controls(trading), group.Votes(trading), group.Stakes(trading))
	// Output: true 60 [0]
}

func ExampleNodeGroup_Controls() {
	g, group := exampleGroup()
	works, err := g.Company("works")
	check(err)
	fmt.Println(group.Has(works), group.Controls(works), group.Len())
	// Output: true false 2
}

func ExampleNodeGroup_Nodes() {
	g, group := exampleGroup()
	for node, level := range group.Nodes() {
		fmt.Println(level, g.ID(node))
	}
	// Output:
	// 0 works
	// 1 trading
}

func ExampleNodeGroup_Proof() {
	g, group := exampleGroup()
	trading, err := g.Company("trading")
	check(err)
	fmt.Println(group.Proof(trading))
	// Output: works casts 60 of 100 votes in trading (60%)
}

func ExampleTally_Solver() {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	solver, err := shares.Solver(ctx, crossholding.OwnershipOptions{})
	check(err)
	g := a.Graph()
	trading, err := g.Company("trading")
	check(err)
	owners, _, err := solver.Owners(ctx, trading)
	check(err)
	for _, o := range owners {
		fmt.Println(g.ID(o.Node), o.Float, o.Amount.PercentString())
	}
	foundation, err := g.Node("foundation")
	check(err)
	share, err := solver.Share(ctx, foundation, trading)
	check(err)
	fmt.Println("foundation", share.PercentString())
	// Output:
	// foundation false 6%
	// founder false 18%
	// trading true 40%
	// works false 60%
	// works true 36%
	// foundation 6%
}

func ExampleGraph_Agreements() {
	a, err := crossholding.New(crossholding.Book{
		AsOf:      "2024-01-01",
		Companies: []crossholding.Company{{ID: "works"}},
		Parties:   []crossholding.Party{{ID: "ann"}, {ID: "ben"}},
		Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "works", Percent: "30"}, {Holder: "ben", Issuer: "works", Percent: "30"}},
		Agreements: []crossholding.Agreement{
			{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"ann", "ben"}, From: "2020-01-01"},
			{ID: "old pact", Kind: crossholding.AgreementConcert, Holders: []string{"ann", "ben"}, To: "2019-12-31"},
		},
	})
	check(err)
	for ag := range a.Graph().Agreements() {
		fmt.Println(ag.ID)
	}
	// Output: pact
}

func ExampleGraph_HeldBy() {
	g := familyBook().Graph()
	founder, err := g.Node("founder")
	check(err)
	for e := range g.HeldBy(founder) {
		fmt.Println(g.ID(g.Stake(e).Holder), "in", g.ID(g.Stake(e).Issuer))
	}
	// Output:
	// founder in works
	// foundation in works
}

func ExampleGraph_Party() {
	g := familyBook().Graph()
	foundation, err := g.Node("foundation")
	check(err)
	fmt.Println(g.Party(foundation).Kind, g.Dispersed(foundation))
	_, isCompany := g.Law(foundation)
	fmt.Println(isCompany)
	// Output:
	// trust false
	// false
}

func ExampleGraph_Issued() {
	g := familyBook().Graph()
	works, err := g.Company("works")
	check(err)
	issued, treasury := g.Issued(works)
	fmt.Println(issued, treasury, "of", g.Alliance().Name("works"))
	// Output: 100 0 of works
}

func ExampleVotes_Graph() {
	v, err := familyBook().Votes(context.Background(), crossholding.VotingOptions{})
	check(err)
	fmt.Println(v.Graph().Len())
	// Output: 4
}

// Which companies are known in percent alone?
func ExampleGraph_InPercent() {
	g := alliance().Graph()
	for node := range int32(g.Len()) {
		if g.HasShares(node) {
			fmt.Println(g.ID(node), g.InPercent(node))
		}
	}
	// Output:
	// mitsubishi false
	// nissan false
	// nissan-finance true
	// renault false
}

// Where every share earns the same, dividends need not be counted beside shares.
func ExampleTally_Equal() {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	votes, err := a.Tally(ctx, "", crossholding.VotingOptions{})
	check(err)
	dividends, err := a.Graph().Dividends()
	check(err)
	fmt.Println(shares.Equal(dividends), shares.Equal(votes))
	// Output: true false
}

func ExampleTally_ByCompany() {
	ctx, a := context.Background(), familyBook()
	g := a.Graph()
	votes, err := a.Tally(ctx, "", crossholding.VotingOptions{})
	check(err)
	founder, err := g.Node("founder")
	check(err)
	for c, held := range votes.ByCompany(votes.Held(founder)) {
		fmt.Println(g.ID(c), held.Sum, "of", votes.Base(c), "in", len(held.Stakes), "stakes")
	}
	// Output: works 40 of 100 in 2 stakes
}

func ExampleTally_Differ() {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	votes, err := a.Tally(ctx, "", crossholding.VotingOptions{})
	check(err)
	g := a.Graph()
	for _, c := range votes.Differ(shares) {
		for e, to := g.Stakes(c); e < to; e++ {
			owner, amount := shares.Stake(e)
			if voter, _ := votes.Stake(e); voter != owner {
				fmt.Println(amount, "of", g.ID(c), "are held for", g.ID(owner), "and voted by", g.ID(voter))
			}
		}
	}
	// Output: 10 of works are held for foundation and voted by founder
}

func ExampleControl_Tally() {
	ctx, a := context.Background(), familyBook()
	control, err := a.Control(ctx, crossholding.ControlOptions{})
	check(err)
	works, err := a.Graph().Company("works")
	check(err)
	for _, h := range control.Tally().Holdings(works) {
		fmt.Println(a.Graph().ID(h.Node), h.Amount, "of", control.Tally().Base(works))
	}
	// Output: founder 40 of 100
}

// Law takes votes in Renault, where Nissan's do not count.
func ExampleVotes_Changed() {
	a := alliance()
	v, err := a.Votes(context.Background(), crossholding.VotingOptions{})
	check(err)
	fmt.Println(a.Graph().IDs(slices.Collect(v.Changed())))
	// Output: [renault]
}

func ExampleProof_WithNames() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "w", Name: "Works Ltd"}},
		Parties:   []crossholding.Party{{ID: "f", Name: "Ada Founder"}},
		Stakes:    []crossholding.Stake{{Holder: "f", Issuer: "w", Percent: "60"}},
	})
	check(err)
	control, err := a.Control(ctx, crossholding.ControlOptions{})
	check(err)
	why, err := control.Why(ctx, "f", "w")
	check(err)
	fmt.Println(why.Proof.WithNames(a.Name))
	// Output: Ada Founder casts 60 of 100 votes in Works Ltd (60%)
}

func ExampleGraph_VotesApart() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "ltd", Shares: []crossholding.ShareClass{{Class: "capital", Issued: "100", Votes: "0"}, {Class: "votes", Issued: "100", Dividend: "0"}}},
			{ID: "plc", Shares: []crossholding.ShareClass{{Class: "A", Issued: "100", Votes: "10"}, {Class: "B", Issued: "900"}}},
		},
	})
	check(err)
	g := a.Graph()
	for node := range int32(g.Len()) {
		fmt.Println(g.ID(node), g.VotesApart(node))
	}
	// Output:
	// ltd true
	// plc false
}

// One stake changes, and control of the company with it.
func ExampleVotes_After() {
	ctx, a := context.Background(), familyBook()
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	check(err)
	d := a.Draft()
	shares := d.Classes("trading")
	shares[0].Stakes[0].Shares = ratio.Int(45)
	check(d.SetClasses(shares))
	next, err := v.After(ctx, d.Alliance())
	check(err)
	for _, v := range []*crossholding.Votes{v, next} {
		n, err := v.Of("works", "trading")
		check(err)
		fmt.Println("works casts", n.Free, "votes,", n.FreeShare.PercentString())
	}
	// Output:
	// works casts 60 votes, 60%
	// works casts 45 votes, 45%
}

func ExampleChains_After() {
	ctx, a := context.Background(), familyBook()
	shares, err := a.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	chains, err := shares.Chains(ctx, crossholding.Rule{})
	check(err)
	d := a.Draft()
	fewer := d.Classes("trading")
	fewer[0].Stakes[0].Shares = ratio.Int(45)
	check(d.SetClasses(fewer))
	after := d.Alliance()
	shares, err = after.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	check(err)
	next, err := chains.After(ctx, shares)
	check(err)
	trading, err := a.Graph().Company("trading")
	check(err)
	fmt.Println(a.Graph().IDs(chains.Controllers(trading)), after.Graph().IDs(next.Controllers(trading)))
	// Output: [works] []
}

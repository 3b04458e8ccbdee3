package whatif

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/takeover"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// modeller makes the model of a buyout: all votes count for the group that could, and votes
// of others that could leave the total do.
type modeller struct {
	*buyout
	g      crossholding.Graph
	buyer  int32
	plain  *crossholding.Tally // without law and contracts
	all    *crossholding.Tally // the same, with neutral votes in the totals
	now    *crossholding.Control
	nodes  map[int32]int // of the book to those of the model
	lists  []int32       // the companies of the meetings
	voters map[int32][]int32
	leaves map[int32]bool // stakes whose votes an agreement can take out of the total
	given  []crossholding.NodeFact
	sales  []sale // of each offer
	caps   map[int32][]crossholding.Agreement
	law    *boxLaw // nil if no statute can suspend votes
}

// sale is what the purchase of one lot of an offer moves, without law and contracts.
type sale struct {
	company int32
	stakes  []int32     // of the seller; none for the float
	votes   ratio.Ratio // that the buyer gets
	base    ratio.Ratio // that the total grows by; from the float
}

// sold is the votes of a lot in the seller's stake e.
func (m *modeller) sold(k int, e int32) ratio.Ratio {
	_, votes := m.all.Stake(e)
	return votes.Div(m.g.Shares(e)).Mul(m.offers[k].lot)
}

// plainly are options of control without law and contracts. Only voters that stakes name
// count.
func (b *buyout) plainly() crossholding.ControlOptions {
	opt := b.opt.Control
	opt.Voting = crossholding.VotingOptions{NoLaw: true, NoContracts: true}
	return opt
}

// prepareModel counts what the model of any range of lots needs.
func (b *buyout) prepareModel(ctx context.Context) (*modeller, error) {
	m := &modeller{buyout: b, g: b.a.Graph(), nodes: map[int32]int{}, voters: map[int32][]int32{}, leaves: map[int32]bool{}}
	var err error
	if m.buyer, err = m.g.Node(b.q.Buyer); err != nil {
		return nil, err
	}
	plain, err := b.a.Control(ctx, b.plainly())
	if err != nil {
		return nil, err
	}
	if m.now, err = b.a.Control(ctx, b.opt.Control); err != nil {
		return nil, err
	}
	m.plain, m.all = plain.Tally(), plain.Tally()
	if b.opt.Control.Basis == "" {
		if m.all, err = b.a.Tally(ctx, crossholding.BasisExercisable, b.plainly().Voting); err != nil {
			return nil, err
		}
	}
	m.lists, err = b.upstream(ctx, func(e int32, voters []int32, leaves bool) { m.voters[e], m.leaves[e] = voters, leaves })
	if err != nil {
		return nil, err
	}
	m.given = slices.Concat(b.facts(m.plain), b.facts(m.now.Tally()))
	var kept []pricedOffer
	for i := range b.offers {
		o := b.offers[i]
		if o.most, err = m.possible(ctx, &o); err != nil {
			return nil, err
		}
		if o.most == 0 {
			continue
		}
		s, err := m.saleOf(ctx, &o)
		if err != nil {
			return nil, err
		}
		kept, m.sales = append(kept, o), append(m.sales, s)
	}
	b.offers = kept
	m.caps = m.capsInForce()
	m.law, err = newBoxLaw(ctx, m)
	return m, err
}

// model is the model for numbers of lots within a range, and the offers that leave it in
// doubt what the law suspends, and where caps lie.
func (m *modeller) model(low, high []int64) (*takeover.Model, []int) {
	out := &takeover.Model{}
	m.start(out)
	suspended := m.law.within(low, high)
	caps := m.capsWithin(low, high)
	at := map[int32]int{}
	for _, y := range m.lists {
		at[y] = len(out.Meetings)
		out.Meetings = append(out.Meetings, m.meeting(y, suspended, caps[y]))
	}
	for _, f := range m.given {
		fact := takeover.Fact{Node: m.node(f.Company)}
		for _, c := range f.Controllers {
			fact.Controllers = append(fact.Controllers, m.node(c))
		}
		for _, s := range f.Seats {
			seats := takeover.Seats{Part: s.Seats}
			for _, x := range s.Holders {
				seats.Holders = append(seats.Holders, m.node(x))
			}
			fact.Seats = append(fact.Seats, seats)
		}
		out.Facts = append(out.Facts, fact)
	}
	for k := range m.offers {
		out.Offers = append(out.Offers, m.offer(k, at, suspended, caps[m.sales[k].company]))
	}
	out.Nodes = len(m.nodes)
	return out, append(m.law.doubts(suspended), m.capDoubts()...)
}

// node is the number of a node of the book in the model.
func (m *modeller) node(n int32) int {
	i, ok := m.nodes[n]
	if !ok {
		i = len(m.nodes)
		m.nodes[n] = i
	}
	return i
}

// start sets who is in the group from the beginning, the targets and the threshold. The
// buyer always is: if it turns out not to be of the controller's group, the purchases do not
// win.
func (m *modeller) start(out *takeover.Model) {
	ids := []string{m.q.Buyer, m.q.controller()}
	if id, ok := crossholding.IsConcert(m.q.controller()); ok {
		for ag := range m.g.Agreements() {
			if ag.ID == id {
				ids = append(ids, ag.Holders...)
			}
		}
	}
	for _, id := range ids {
		if n, err := m.g.Node(id); err == nil && !slices.Contains(out.Start, m.node(n)) {
			out.Start = append(out.Start, m.node(n))
		}
	}
	for _, id := range m.q.Targets {
		if n, err := m.g.Node(id); err == nil {
			out.Targets = append(out.Targets, m.node(n))
		}
	}
	o := &m.opt.Control
	if out.Threshold = o.Threshold; o.Threshold.IsZero() {
		out.Threshold = ratio.Of(1, 2)
	}
	out.Strict = !o.AtLeast
	if p := o.Presumed; !p.IsZero() && p.Less(out.Threshold) {
		out.Threshold, out.Strict = p, true
	}
}

// counted reports whether the votes of a stake are in the total without law and contracts.
func (m *modeller) counted(e int32) bool {
	node, _ := m.plain.Stake(e)
	return node != crossholding.NoNode || m.opt.Control.Basis != ""
}

// meeting is the meeting of a company. Votes that are surely suspended are left out of it.
func (m *modeller) meeting(y int32, suspended map[int32]verdict, caps []voteCap) takeover.Meeting {
	out := takeover.Meeting{Node: m.node(y), Base: m.plain.Base(y)}
	contracts := false
	from, to := m.g.Stakes(y)
	for e := from; e < to; e++ {
		_, votes := m.plain.Stake(e)
		if votes.IsZero() {
			continue
		}
		contracts = contracts || m.leaves[e]
		leaves := m.leaves[e] || suspended[e] != never
		if leaves && m.counted(e) {
			out.Base = out.Base.Sub(votes)
		}
		b := takeover.Block{Votes: votes}
		if leaves || !m.counted(e) {
			b.Extra = votes
		}
		for _, v := range m.voters[e] {
			b.Voters = append(b.Voters, m.node(v))
		}
		if limit, ok := m.capOf(e, caps); ok {
			b.Votes, b.Extra = ratio.Min(b.Votes, limit), ratio.Min(b.Extra, limit)
		}
		if len(b.Voters) > 0 && suspended[e] != always {
			out.Blocks = append(out.Blocks, b)
		}
	}
	if limit, ok := m.buyersCap(caps); ok { // in place of all that the buyer has, and buys
		buyer := m.node(m.buyer)
		out.Blocks = slices.DeleteFunc(out.Blocks, func(b takeover.Block) bool { return slices.Equal(b.Voters, []int{buyer}) })
		out.Blocks = append(out.Blocks, takeover.Block{Voters: []int{buyer}, Votes: limit})
	}
	if !contracts {
		out.Base = out.Base.Add(m.treasuryKept(y))
	}
	return out
}

// treasuryKept is the votes of treasury shares that the law leaves in the total.
func (m *modeller) treasuryKept(y int32) ratio.Ratio {
	if m.opt.Control.Basis != "" || m.now.Votes() == nil {
		return ratio.Ratio{}
	}
	c, err := m.now.Votes().Meeting(m.g.ID(y))
	if err != nil {
		return ratio.Ratio{}
	}
	return c.Counted.Sub(c.Exercisable.Sub(c.Neutral))
}

// offer is an offer in the model. If the seller has several stakes, whose votes can differ,
// a lot takes the most from the total that any of them has, and nothing from the group.
func (m *modeller) offer(k int, at map[int32]int, suspended map[int32]verdict, caps []voteCap) takeover.Offer {
	s, o := &m.sales[k], &m.offers[k]
	out := takeover.Offer{Meeting: at[s.company], Cost: o.cost, Most: o.most, New: s.votes, Base: s.base}
	_, capped := m.buyersCap(caps)
	var left ratio.Ratio // what the buyer cannot cast, and the total loses
	if capped {
		out.New = ratio.Ratio{}
		deals := contracts{m.g, slices.Collect(m.g.Agreements()), m.opt.Control.Voting}
		if _, leaves := deals.leaders(o.Issuer, []string{m.q.Buyer}); leaves {
			left = s.votes
		}
	}
	if len(s.stakes) == 0 {
		out.Base = s.base.Sub(left)
		return out
	}
	var taken ratio.Ratio
	for _, e := range s.stakes {
		if votes := m.sold(k, e); m.counted(e) && !m.leaves[e] && suspended[e] == never && taken.Less(votes) {
			taken = votes
		}
	}
	out.Base = s.votes.Sub(taken).Sub(left)
	e := s.stakes[0]
	if _, limited := m.capOf(e, caps); len(s.stakes) == 1 && suspended[e] != always && !limited && !capped {
		out.Held = s.votes.Sub(m.sold(k, e))
		out.HeldBase = out.Held
		for _, v := range m.voters[e] {
			out.From = append(out.From, m.node(v))
		}
	}
	return out
}

// saleOf buys one lot and counts.
func (m *modeller) saleOf(ctx context.Context, o *pricedOffer) (sale, error) {
	out := sale{}
	var err error
	if out.company, err = m.g.Company(o.Issuer); err != nil {
		return out, err
	}
	step := o.trade(m.q.Buyer, ratio.Int(1))
	after, err := scenario.Run(ctx, m.a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: []scenario.Step{step}})
	if err != nil {
		return out, err
	}
	c, err := after.After.Control(ctx, m.plainly())
	if err != nil {
		return out, err
	}
	votes := func(t *crossholding.Tally) (sum ratio.Ratio) {
		for _, h := range t.Holdings(out.company) {
			if !h.Float && t.Graph().ID(h.Node) == m.q.Buyer {
				sum = sum.Add(h.Amount)
			}
		}
		return sum
	}
	out.votes = votes(c.Tally()).Sub(votes(m.plain))
	out.base = c.Tally().Base(out.company).Sub(m.plain.Base(out.company))
	from, to := m.g.Stakes(out.company)
	var own ratio.Ratio // the most that the buyer casts already of the shares it buys
	for e := from; e < to; e++ {
		s := m.g.Stake(e)
		if m.g.ID(s.Holder) != o.Seller || m.g.ID(s.Beneficiary) != o.Beneficiary || s.CashSettled {
			continue
		}
		out.stakes = append(out.stakes, e)
		node, all := m.plain.Stake(e)
		if each := all.Div(m.g.Shares(e)).Mul(o.lot); node == m.buyer && own.Less(each) {
			own = each
		}
	}
	out.votes = out.votes.Add(own)
	return out, nil
}

// possible is the most lots that agreements let the seller sell and the buyer buy.
func (m *modeller) possible(ctx context.Context, o *pricedOffer) (int64, error) {
	low, high := int64(0), o.most+1
	for n := o.most; high-low > 1; n = low + (high-low)/2 {
		_, err := scenario.Run(ctx, m.a, scenario.Scenario{Steps: []scenario.Step{o.trade(m.q.Buyer, ratio.Int(n))}})
		switch {
		case err == nil:
			low = n
		case impossible(err):
			high = n
		default:
			return 0, err
		}
	}
	return low, nil
}

package whatif

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/takeover"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// maxMeetings is the largest number of companies through which targets can be controlled.
const maxMeetings = 10_000

// plain are the options of control without law and contracts. Only voters that stakes name
// count.
func (b *buyout) plain() crossholding.ControlOptions {
	opt := b.opt.Control
	opt.Voting = crossholding.VotingOptions{NoLaw: true, NoContracts: true}
	return opt
}

// contracts is what agreements on votes can do in one book.
type contracts struct {
	g    crossholding.Graph
	list []crossholding.Agreement
	opt  crossholding.VotingOptions
}

// voters returns who may come to cast the votes of a stake, and whether an agreement can
// take its votes out of the total.
func (c *contracts) voters(e, voter int32) (out []int32, leaves bool) {
	s := c.g.Stake(e)
	ids := []string{c.g.ID(s.Holder), c.g.ID(s.Beneficiary)}
	if voter != crossholding.NoNode {
		out = append(out, voter)
		ids = append(ids, c.g.ID(voter))
	}
	leaders, leaves := c.leaders(c.g.ID(s.Issuer), ids)
	return append(out, leaders...), leaves
}

// leaders returns who may come to cast votes of some holders in a company by agreement, and
// whether an agreement can take their votes out of the total.
func (c *contracts) leaders(issuer string, holders []string) (out []int32, leaves bool) {
	if c.opt.NoContracts {
		return nil, false
	}
	ids := slices.Clone(holders)
	for again := true; again; {
		again = false
		for i := range c.list {
			ag := &c.list[i]
			if ag.Issuer != "" && ag.Issuer != issuer || !slices.ContainsFunc(ag.Holders, func(h string) bool { return slices.Contains(ids, h) }) {
				continue
			}
			switch ag.Kind {
			case crossholding.AgreementFollow, crossholding.AgreementProxy:
				leaves = true
				if n, err := c.g.Node(ag.Leader); err == nil && !slices.Contains(out, n) {
					out, ids, again = append(out, n), append(ids, ag.Leader), true
				}
			case crossholding.AgreementNeutral:
				leaves = true
			case crossholding.AgreementCap:
				leaves = leaves || ag.Excess == crossholding.CapExcessLeaves || ag.Excess == "" && c.opt.CapExcess == crossholding.CapExcessLeaves
			}
		}
	}
	return out, leaves
}

// facts returns who controls what by other means than votes, now or as soon as an agreement
// is in force.
func (b *buyout) facts(t *crossholding.Tally) []crossholding.NodeFact {
	if b.opt.Control.NoFacts {
		return nil
	}
	out := slices.Collect(t.Facts())
	g := b.a.Graph()
	for ag := range g.Agreements() {
		if ag.Kind != crossholding.AgreementDirectors {
			continue
		}
		f := crossholding.NodeFact{}
		var err error
		if f.Company, err = g.Node(ag.Issuer); err != nil {
			continue
		}
		for _, h := range ag.Holders {
			if n, err := g.Node(h); err == nil {
				f.Controllers = append(f.Controllers, n)
			}
		}
		if max, err := ratio.Parse(ag.Max); err == nil && ratio.Of(1, 2).Less(max) {
			out = append(out, f)
		}
	}
	return out
}

// upstream returns the companies through which the targets can be controlled, with the
// targets and the issuers of the offers, in order of node. The function visit, if there is one, is called with each
// stake in them and its possible voters.
func (b *buyout) upstream(ctx context.Context, visit func(e int32, voters []int32, leaves bool)) ([]int32, error) {
	c, err := b.a.Control(ctx, b.plain())
	if err != nil {
		return nil, err
	}
	t, g := c.Tally(), b.a.Graph()
	deals := contracts{g, slices.Collect(g.Agreements()), b.opt.Control.Voting}
	behind := map[int32][]int32{}
	for _, f := range b.facts(t) {
		behind[f.Company] = append(behind[f.Company], f.Controllers...)
	}
	var out []int32
	seen := map[int32]bool{}
	add := func(list ...int32) {
		for _, n := range list {
			if !seen[n] && g.HasShares(n) {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	for _, id := range b.q.Targets {
		n, err := g.Company(id)
		if err != nil {
			return nil, err
		}
		add(n)
	}
	for i := range b.offers {
		n, err := g.Company(b.offers[i].Issuer)
		if err != nil {
			return nil, err
		}
		add(n)
	}
	for next := 0; next < len(out); next++ {
		if err := progress.Stopped(ctx, "whatif"); err != nil {
			return nil, err
		}
		if len(out) > maxMeetings {
			return nil, fmt.Errorf("more than %d companies through which %v can be controlled: %w", maxMeetings, b.q.Targets, crossholding.ErrTooLarge)
		}
		add(behind[out[next]]...)
		leaders, _ := deals.leaders(g.ID(out[next]), []string{b.q.Buyer}) // of the shares to be bought
		add(leaders...)
		from, to := g.Stakes(out[next])
		for e := from; e < to; e++ {
			node, _ := t.Stake(e)
			voters, leaves := deals.voters(e, node)
			add(voters...)
			if visit != nil {
				visit(e, voters, leaves)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// modeller makes the model of a buyout.
type modeller struct {
	*buyout
	g       crossholding.Graph
	plain   *crossholding.Tally // without law and contracts
	real    *crossholding.Tally
	nodes   map[int32]int // of the book to those of the model
	voters  map[int32][]int32
	leaves  map[int32]bool // stakes whose votes an agreement or a statute can take out of the total
	meeting map[int32]int
}

// model makes the optimistic model of the buyout: all votes count that could, and votes of
// others that could leave the total do.
func (b *buyout) model(ctx context.Context) error {
	m := &modeller{buyout: b, g: b.a.Graph(), nodes: map[int32]int{}, voters: map[int32][]int32{}, leaves: map[int32]bool{}, meeting: map[int32]int{}}
	plain, err := b.a.Control(ctx, b.plain())
	if err != nil {
		return err
	}
	now, err := b.a.Control(ctx, b.opt.Control)
	if err != nil {
		return err
	}
	m.plain, m.real = plain.Tally(), now.Tally()
	companies, err := b.upstream(ctx, func(e int32, voters []int32, leaves bool) { m.voters[e], m.leaves[e] = voters, leaves })
	if err != nil {
		return err
	}
	if err := m.suspensible(ctx, companies); err != nil {
		return err
	}
	m.start()
	for _, y := range companies {
		m.addMeeting(y)
	}
	for _, f := range slices.Concat(b.facts(m.plain), b.facts(m.real)) {
		fact := takeover.Fact{Node: m.node(f.Company)}
		for _, c := range f.Controllers {
			fact.Controllers = append(fact.Controllers, m.node(c))
		}
		b.votes.Facts = append(b.votes.Facts, fact)
	}
	var kept []pricedOffer
	for i := range b.offers {
		ok, err := m.addOffer(ctx, &b.offers[i])
		if err != nil {
			return err
		}
		if ok {
			kept = append(kept, b.offers[i])
		}
	}
	b.offers = kept
	b.votes.Nodes = len(m.nodes)
	return nil
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
func (m *modeller) start() {
	ids := []string{m.q.Buyer, m.q.controller()}
	if id, ok := crossholding.IsConcert(m.q.controller()); ok {
		for ag := range m.g.Agreements() {
			if ag.ID == id {
				ids = append(ids, ag.Holders...)
			}
		}
	}
	for _, id := range ids {
		if n, err := m.g.Node(id); err == nil && !slices.Contains(m.votes.Start, m.node(n)) {
			m.votes.Start = append(m.votes.Start, m.node(n))
		}
	}
	for _, id := range m.q.Targets {
		if n, err := m.g.Node(id); err == nil {
			m.votes.Targets = append(m.votes.Targets, m.node(n))
		}
	}
	o := &m.opt.Control
	if m.votes.Threshold = o.Threshold; o.Threshold.IsZero() {
		m.votes.Threshold = ratio.Of(1, 2)
	}
	m.votes.Strict = !o.AtLeast
	if p := o.Presumed; !p.IsZero() && p.Less(m.votes.Threshold) {
		m.votes.Threshold, m.votes.Strict = p, true
	}
}

// counted reports whether the votes of a stake are in the total without law and contracts.
func (m *modeller) counted(e int32) bool {
	node, _ := m.plain.Stake(e)
	return node != crossholding.NoNode || m.opt.Control.Basis != ""
}

func (m *modeller) addMeeting(y int32) {
	out := takeover.Meeting{Node: m.node(y), Base: m.plain.Base(y)}
	certain := true
	from, to := m.g.Stakes(y)
	for e := from; e < to; e++ {
		_, votes := m.plain.Stake(e)
		if votes.IsZero() {
			continue
		}
		b := takeover.Block{Votes: votes}
		if m.leaves[e] {
			certain = false
			if m.counted(e) {
				out.Base = out.Base.Sub(votes)
			}
		}
		if m.leaves[e] || !m.counted(e) {
			b.Extra = votes
		}
		for _, v := range m.voters[e] {
			b.Voters = append(b.Voters, m.node(v))
		}
		if len(b.Voters) > 0 {
			out.Blocks = append(out.Blocks, b)
		}
	}
	if certain {
		out.Base = m.real.Base(y) // it can have treasury shares that the law leaves in
	}
	m.meeting[y] = len(m.votes.Meetings)
	m.votes.Meetings = append(m.votes.Meetings, out)
}

// suspensible marks the stakes whose votes a statute may suspend, with these purchases or
// others. Statutes on the votes of others than the issuer itself only reach holders that are
// in a loop with the issuer.
func (m *modeller) suspensible(ctx context.Context, companies []int32) error {
	o := &m.opt.Control
	if o.Voting.NoLaw || o.Basis == crossholding.BasisCapital || o.Basis == crossholding.BasisTheoretical {
		return nil // votes that are suspended stay in these totals
	}
	table := o.Voting.Statutes
	if table == nil {
		table = law.Statutes()
	}
	table = slices.Concat(table, o.Voting.Extra)
	table = slices.DeleteFunc(table, func(s law.Statute) bool { return s.Kind == law.TestOwnShares })
	var reached []int32
	for _, y := range companies {
		c, ok := m.g.Law(y)
		if ok && slices.ContainsFunc(table, func(s law.Statute) bool { return s.Reaches(&c, m.a.AsOf()) }) {
			reached = append(reached, y)
		}
	}
	if len(reached) == 0 {
		return nil
	}
	holds := m.holds()
	for _, y := range reached {
		if err := progress.Stopped(ctx, "whatif"); err != nil {
			return err
		}
		below := map[int32]bool{}
		for queue := []int32{y}; len(queue) > 0; queue = queue[1:] {
			for _, n := range holds[queue[0]] {
				if !below[n] {
					below[n] = true
					queue = append(queue, n)
				}
			}
		}
		from, to := m.g.Stakes(y)
		for e := from; e < to; e++ {
			s := m.g.Stake(e)
			m.leaves[e] = m.leaves[e] || below[s.Holder] || below[s.Beneficiary] || below[s.Voter]
		}
	}
	return nil
}

// holds lists the companies in which each node has a stake, in any role, or could buy one.
func (m *modeller) holds() map[int32][]int32 {
	out := map[int32][]int32{}
	for y := range int32(m.g.Len()) {
		if !m.g.HasShares(y) {
			continue
		}
		from, to := m.g.Stakes(y)
		for e := from; e < to; e++ {
			s := m.g.Stake(e)
			for _, n := range []int32{s.Holder, s.Beneficiary, s.Voter} {
				if list := out[n]; n != crossholding.NoNode && (len(list) == 0 || list[len(list)-1] != y) {
					out[n] = append(list, y)
				}
			}
		}
	}
	if buyer, err := m.g.Node(m.q.Buyer); err == nil {
		for i := range m.offers {
			if n, err := m.g.Node(m.offers[i].Issuer); err == nil {
				out[buyer] = append(out[buyer], n)
			}
		}
	}
	return out
}

// addOffer adds an offer to the model. It returns false if not even one lot can be
// bought.
func (m *modeller) addOffer(ctx context.Context, o *pricedOffer) (bool, error) {
	y, err := m.g.Company(o.Issuer)
	if err != nil {
		return false, err
	}
	if o.most, err = m.possible(ctx, o); err != nil || o.most == 0 {
		return false, err
	}
	out := takeover.Offer{Meeting: m.meeting[y], Cost: o.cost, Most: o.most}
	gained, err := m.gained(ctx, o, y)
	if err != nil {
		return false, err
	}
	// One stake is sold from, or several of which each has its own votes.
	var stakes []int32
	from, to := m.g.Stakes(y)
	for e := from; e < to; e++ {
		if s := m.g.Stake(e); m.g.ID(s.Holder) == o.Seller && m.g.ID(s.Beneficiary) == o.Beneficiary && !s.CashSettled {
			stakes = append(stakes, e)
		}
	}
	buyer, err := m.g.Node(m.q.Buyer)
	if err != nil {
		return false, err
	}
	var old, counted ratio.Ratio // the most votes that the seller's shares have, and that leave the total
	for _, e := range stakes {
		node, votes := m.plain.Stake(e)
		each := votes.Div(m.g.Shares(e)).Mul(o.lot)
		if node == buyer && old.Less(each) {
			old = each
		}
		if m.counted(e) && !m.leaves[e] && counted.Less(each) {
			counted = each
		}
	}
	out.New = gained.votes.Add(old)
	switch {
	case len(stakes) == 0: // the float
		out.Base = gained.base
	case len(stakes) == 1:
		out.Base = out.New.Sub(counted)
		_, votes := m.plain.Stake(stakes[0])
		out.Held = out.New.Sub(votes.Div(m.g.Shares(stakes[0])).Mul(o.lot))
		out.HeldBase = out.Held
		for _, v := range m.voters[stakes[0]] {
			out.From = append(out.From, m.node(v))
		}
	default:
		out.Base = out.New.Sub(counted)
	}
	m.votes.Offers = append(m.votes.Offers, out)
	return true, nil
}

// change is what one lot adds to the votes of the buyer and to the total.
type change struct{ votes, base ratio.Ratio }

// gained buys one lot and counts, without law and contracts.
func (m *modeller) gained(ctx context.Context, o *pricedOffer, y int32) (change, error) {
	step := o.trade(m.q.Buyer, ratio.Int(1))
	out, err := scenario.Run(ctx, m.a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: []scenario.Step{step}})
	if err != nil {
		return change{}, err
	}
	c, err := out.After.Control(ctx, m.buyout.plain())
	if err != nil {
		return change{}, err
	}
	of := func(t *crossholding.Tally) (votes ratio.Ratio) {
		for _, h := range t.Holdings(y) {
			if !h.Float && t.Graph().ID(h.Node) == m.q.Buyer {
				votes = votes.Add(h.Amount)
			}
		}
		return votes
	}
	t := c.Tally()
	return change{of(t).Sub(of(m.plain)), t.Base(y).Sub(m.plain.Base(y))}, nil
}

// possible is the most lots that agreements let the seller sell and the buyer buy.
func (m *modeller) possible(ctx context.Context, o *pricedOffer) (int64, error) {
	can := func(n int64) (bool, error) {
		_, err := scenario.Run(ctx, m.a, scenario.Scenario{Steps: []scenario.Step{o.trade(m.q.Buyer, ratio.Int(n))}})
		if impossible(err) {
			return false, nil
		}
		return err == nil, err
	}
	low, high := int64(0), o.most+1
	for n := o.most; high-low > 1; n = low + (high-low)/2 {
		ok, err := can(n)
		switch {
		case err != nil:
			return 0, err
		case ok:
			low = n
		default:
			high = n
		}
	}
	return low, nil
}

package scenario

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/maxflow"
	"github.com/crossholding/crossholding/ratio"
)

// noteMoved keeps the postings of shares with a right of pre-emption. A step that treats all
// shares of its issuer alike moves none of them from one party to another.
func (r *executor) noteMoved(s *checkedStep) {
	issuers := map[string]bool{}
	for i := range r.promises {
		if a := r.promises[i].agreement; a.Kind == crossholding.AgreementPreemption && !(s.treatsAllAlike() && a.Issuer == s.Issuer) {
			issuers[a.Issuer] = true
		}
	}
	if len(issuers) == 0 {
		return
	}
	for _, p := range r.shares.Postings {
		if p.Kind <= ledger.Transform && (issuers[p.Issuer] || issuers[p.IntoIssuer]) {
			r.moved = append(r.moved, p)
		}
	}
}

// ownerOf returns the party whose shares an account has, or "" for new shares and for those that
// cease to exist.
func ownerOf(a ledger.Account) string { return cmp.Or(a.Beneficiary, a.Holder) }

// shift is shares of one issuer that passed from one party to another. An empty party stands for
// shares that did not exist before, or do not exist after.
type shift struct {
	from, to string
	n        ratio.Ratio
}

// shifts lists the shares of an issuer that changed their owner in the moment. It also returns by
// how many the shares of an owner became more, or fewer, by a conversion of its own.
func (r *executor) shifts(issuer string) (out []shift, converted map[string]ratio.Ratio) {
	converted = map[string]ratio.Ratio{}
	for i := range r.moved {
		p := &r.moved[i]
		from, to, n := ownerOf(p.From), ownerOf(p.To), p.Shares
		if p.Kind == ledger.Transform {
			switch {
			case p.Issuer != issuer:
				continue // new shares are nobody's before
			case p.IntoIssuer != issuer:
				to = ""
			default:
				converted[from] = converted[from].Add(p.Into.Sub(p.Shares))
				n = p.Into
			}
		}
		if p.Issuer == issuer && from != to {
			out = append(out, shift{from, to, n})
		}
	}
	return out, converted
}

// sides says on the side of which holder of an agreement parties are: the holders themselves, and
// companies that one of them controls, other than the issuer. A holder that another one controls is
// on the side of that one. Control is as it is now.
func (r *executor) sides(holders []string, issuer string, parties iter.Seq[string]) (map[string]string, error) {
	side := map[string]string{}
	for _, h := range holders {
		side[h] = h
	}
	companies := slices.Clone(holders)
	for x := range parties {
		if _, ok := r.book.Company(x); ok && x != issuer && side[x] == "" {
			companies = append(companies, x)
		}
	}
	if len(companies) == len(holders) {
		return side, nil
	}
	t, err := r.tally()
	if err != nil {
		return nil, err
	}
	controls := make([]func(string) bool, len(holders))
	for i, h := range holders {
		if controls[i], err = controlBy(t, h); err != nil {
			return nil, err
		}
		if controls[i] == nil {
			controls[i] = func(string) bool { return false } // the holder is gone
		}
	}
	var tops []int
	for i, h := range holders {
		under := false
		for j, g := range holders { // of two that control each other, the first is on top
			under = under || i != j && controls[j](h) && !(controls[i](g) && i < j)
		}
		if !under {
			tops = append(tops, i)
		}
	}
	for _, x := range companies {
		if i := slices.IndexFunc(tops, func(i int) bool { return x == holders[i] || controls[i](x) }); i >= 0 {
			side[x] = holders[tops[i]]
		}
	}
	return side, nil
}

// parting is how the shares of holders with a right of pre-emption passed on in a moment. What a
// side has is what its holder and the companies that it controls have.
type parting struct {
	side   map[string]string      // of parties after the moment
	before map[string]ratio.Ratio // by side, of the parties that the moment concerns
	after  map[string]ratio.Ratio
	lost   map[string]ratio.Ratio // of before, what rounding took

	dropped map[string]ratio.Ratio // what rounding took, by party
	rounded ratio.Ratio            // of the shares that sides gave to outsiders, what rounding took
	own     map[string]string      // of these parties, the side on which they were
	had     map[string]ratio.Ratio // stakes of all parties before
	now     map[string]ratio.Ratio
	shifts  []shift
	flow    maxflow.Network
	nodes   map[string]int
}

// These are nodes of the network. The others have names.
const (
	source = iota
	sink
	named
)

// node returns the node of a party, or of what a side had before or has after.
func (x *parting) node(what, name string) int {
	at, ok := x.nodes[what+name]
	if !ok {
		at = named + len(x.nodes)
		x.nodes[what+name] = at
	}
	return at
}

// The first words of names of nodes. No id has a control character.
const (
	sideBefore = "before\x00"
	sideAfter  = "after\x00"
	ofParty    = "party\x00"
)

// partingOf follows the shares of the holders of an agreement through the moment.
func (r *executor) partingOf(p *restriction) (*parting, error) {
	issuer := p.agreement.Issuer
	x := &parting{before: map[string]ratio.Ratio{}, after: map[string]ratio.Ratio{}, lost: map[string]ratio.Ratio{}, own: map[string]string{}, nodes: map[string]int{}}
	x.had, x.now = map[string]ratio.Ratio{}, r.stakesOf(issuer).sums()
	shifts, converted := r.shifts(issuer)
	for _, s := range shifts {
		x.shifts = append(x.shifts, shift{r.heir(s.from), r.heir(s.to), s.n})
	}
	before := p.before.sums()
	concerned, err := r.concernedBy(p, x, before)
	if err != nil {
		return nil, err
	}
	dropped := r.dropped[issuer].sums()
	x.dropped = map[string]ratio.Ratio{}
	for who, n := range dropped {
		x.dropped[r.heir(who)] = x.dropped[r.heir(who)].Add(n)
	}
	for _, who := range slices.Sorted(maps.Keys(before)) {
		party, h := r.heir(who), p.side[who]
		had := before[who].Add(converted[who]).Add(dropped[who])
		x.had[party] = x.had[party].Add(had)
		if h != "" && concerned[party] {
			h = x.sideOf(r.heir(h))
			x.own[party] = h
			x.before[h], x.lost[h] = x.before[h].Add(had), x.lost[h].Add(dropped[who])
			x.flow.Edge(x.node(sideBefore, h), x.node(ofParty, party), had)
		}
	}
	for who := range concerned {
		if h := x.side[who]; h != "" {
			x.after[h] = x.after[h].Add(x.now[who])
			x.flow.Edge(x.node(ofParty, who), x.node(sideAfter, h), x.now[who])
		}
	}
	for _, s := range x.shifts {
		x.flow.Edge(x.node(ofParty, s.from), x.node(ofParty, s.to), s.n)
	}
	return x, nil
}

// concernedBy finds the sides after the moment, and returns the parties that gave or got shares or
// that are on another side than before. The shares of all others stay where they are.
func (r *executor) concernedBy(p *restriction, x *parting, before map[string]ratio.Ratio) (map[string]bool, error) {
	issuer := p.agreement.Issuer
	concerned := map[string]bool{} // whether shares passed to or from it
	for _, stakes := range []map[string]ratio.Ratio{before, x.now} {
		for who := range stakes {
			concerned[r.heir(who)] = false
		}
	}
	for _, s := range x.shifts {
		concerned[s.from], concerned[s.to] = true, true
	}
	var heirs []string
	for _, h := range p.agreement.Holders {
		if heir := r.heir(h); heir != issuer && !slices.Contains(heirs, heir) {
			heirs = append(heirs, heir)
		}
	}
	var err error
	if x.side, err = r.sides(heirs, issuer, maps.Keys(concerned)); err != nil {
		return nil, err
	}
	was := map[string]string{} // the side, as it is now, on which a party was before
	for who := range before {
		if h := p.side[who]; h != "" {
			was[r.heir(who)] = x.sideOf(r.heir(h))
		}
	}
	for who, moved := range concerned {
		concerned[who] = (moved || x.side[who] != was[who]) && who != issuer
	}
	maps.DeleteFunc(concerned, func(_ string, in bool) bool { return !in })
	return concerned, nil
}

// sideOf returns the side after the moment of a holder, which is its own if it is gone.
func (x *parting) sideOf(holder string) string { return cmp.Or(x.side[holder], holder) }

// missing returns how many of the shares that the sides had before none of them can have now,
// though rounding did not take them. What a side lost and gained counts as one.
func (x *parting) missing() ratio.Ratio {
	var sum, lost ratio.Ratio
	for h, n := range x.before {
		if n.Sign() <= 0 {
			continue
		}
		sum, lost = sum.Add(n), lost.Add(x.lost[h])
		x.flow.Edge(source, x.node(sideBefore, h), n)
		x.flow.Edge(x.node(sideBefore, h), x.node(sideAfter, h), n)
	}
	for h, n := range x.after {
		x.flow.Edge(x.node(sideAfter, h), sink, n)
	}
	kept := x.flow.Flow(source, sink)
	for party, n := range x.dropped {
		x.flow.Edge(x.node(ofParty, party), sink, n)
	}
	rounded := x.flow.Flow(source, sink)
	x.rounded = ratio.Max(rounded.Sub(lost), ratio.Ratio{})
	return sum.Sub(kept).Sub(rounded)
}

// leaks returns the shares that sides gave to outsiders who kept some, or passed them on to such.
func (x *parting) leaks() map[string]ratio.Ratio {
	givers := map[string][]string{} // outsiders, by who got shares of them
	for _, s := range x.shifts {
		if x.own[s.from] == "" {
			givers[s.to] = append(givers[s.to], s.from)
		}
	}
	keepers := []string{""} // what ceases to exist is with nobody
	for party, n := range x.now {
		if x.side[party] == "" && x.had[party].Less(n) {
			keepers = append(keepers, party)
		}
	}
	keeps := map[string]bool{}
	for len(keepers) > 0 {
		last := keepers[len(keepers)-1]
		keepers = keepers[:len(keepers)-1]
		if !keeps[last] {
			keeps[last] = true
			keepers = append(keepers, givers[last]...)
		}
	}
	reached := func(party string) bool { return x.flow.Reaches(x.node(ofParty, party)) }
	out := map[string]ratio.Ratio{}
	for party, h := range x.own {
		if x.side[party] == "" && reached(party) {
			out[h] = out[h].Add(x.now[party]) // somebody else controls it now
		}
	}
	for _, s := range x.shifts {
		if h := x.own[s.from]; h != "" && x.own[s.to] == "" && keeps[s.to] && reached(s.from) && reached(s.to) {
			out[h] = out[h].Add(s.n)
		}
	}
	return out
}

// preempted returns who broke a pre-emption, and how. What the holders and the companies that
// they control had before the moment is to be with them after it. Shares are alike: who gets some
// and gives some may have passed them on. So as many shares are missing as the largest flow leaves
// behind, from the stakes before along the postings of the moment to the stakes after.
func (r *executor) preempted(p *restriction) (holders, texts []string, err error) {
	x, err := r.partingOf(p)
	if err != nil {
		return nil, nil, err
	}
	missing := x.missing()
	if missing.IsZero() {
		return nil, nil, nil
	}
	parted := map[string]ratio.Ratio{}
	leaks := x.leaks()
	var sum ratio.Ratio
	for h, n := range x.before {
		lost := n.Sub(x.lost[h]).Sub(x.after[h])
		leak := ratio.Min(leaks[h], missing)
		if len(leaks) == 0 || leak.Sign() > 0 {
			parted[h] = ratio.Max(lost, leak)
			sum = sum.Add(parted[h])
		}
	}
	ag := p.agreement
	sum = ratio.Max(sum, missing)
	got := ratio.Max(sum.Sub(missing).Sub(x.rounded), ratio.Ratio{})
	for _, h := range slices.Sorted(maps.Keys(parted)) {
		if parted[h].Sign() <= 0 {
			continue
		}
		of := fmt.Sprintf("of the %s that the holders part with, those with a right of pre-emption get %s", sum, got)
		if len(parted) == 1 {
			of = fmt.Sprintf("the others with a right of pre-emption get %s of them", got)
		}
		holders = append(holders, h)
		texts = append(texts, fmt.Sprintf("%s parts with %s shares of %s, and %s (%s)", h, parted[h], ag.Issuer, of, ag.ID))
	}
	return holders, texts, nil
}

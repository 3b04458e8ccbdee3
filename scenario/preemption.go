package scenario

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/ledger"
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

// passageOf returns how shares passed on in the moment, of the issuer of an agreement.
func (r *executor) passageOf(p *restriction) passage {
	issuer := p.agreement.Issuer
	x := passage{had: map[string]ratio.Ratio{}, now: r.stakesOf(issuer).sums(), dropped: map[string]ratio.Ratio{}}
	shifts, converted := r.shifts(issuer)
	for _, s := range shifts {
		x.shifts = append(x.shifts, shift{r.heir(s.from), r.heir(s.to), s.n})
	}
	before, dropped := p.before.sums(), r.dropped[issuer].sums()
	for _, who := range slices.Sorted(maps.Keys(before)) {
		h := holding{party: r.heir(who), n: before[who].Add(converted[who]).Add(dropped[who]), lost: dropped[who]}
		if side := p.side[who]; side != "" {
			h.side = r.heir(side)
		}
		x.holdings = append(x.holdings, h)
		x.had[h.party] = x.had[h.party].Add(h.n)
	}
	for who, n := range dropped {
		x.dropped[r.heir(who)] = x.dropped[r.heir(who)].Add(n)
	}
	return x
}

// standingOf returns on which sides of an agreement parties were before the moment and are after it.
func (r *executor) standingOf(p *restriction, x *passage) (standing, error) {
	issuer := p.agreement.Issuer
	parties := x.parties()
	var heirs []string
	for _, h := range p.agreement.Holders {
		if heir := r.heir(h); heir != issuer && !slices.Contains(heirs, heir) {
			heirs = append(heirs, heir)
		}
	}
	side, err := r.sides(heirs, issuer, maps.Keys(parties))
	if err != nil {
		return standing{}, err
	}
	s := standing{is: side, was: map[string]string{}, concerned: map[string]bool{}}
	was := map[string]string{}
	for _, h := range x.holdings {
		if h.side != "" {
			was[h.party] = s.sideOf(h.side)
		}
	}
	for who, moved := range parties {
		if s.concerned[who] = (moved || side[who] != was[who]) && who != issuer; s.concerned[who] && was[who] != "" {
			s.was[who] = was[who]
		}
	}
	return s, nil
}

// preempted returns who broke a pre-emption, and how. What the holders and the companies that
// they control had before the moment is to be with them after it. Shares are alike: who gets some
// and gives some may have passed them on. So as many shares are missing as the largest flow leaves
// behind, from the stakes before along the postings of the moment to the stakes after.
func (r *executor) preempted(p *restriction) (holders, texts []string, err error) {
	x := r.passageOf(p)
	s, err := r.standingOf(p, &x)
	if err != nil {
		return nil, nil, err
	}
	sums := s.sums(&x)
	f := flowOf(&x, &s, &sums)
	if f.missing.IsZero() {
		return nil, nil, nil
	}
	parted, got := partsOf(&sums, &f, leaks(&x, &s, f.reached))
	ag := p.agreement
	for _, h := range slices.Sorted(maps.Keys(parted)) {
		if parted[h].Sign() <= 0 {
			continue
		}
		of := fmt.Sprintf("of the %s that the holders part with, those with a right of pre-emption get %s", got.of, got.n)
		if len(parted) == 1 {
			of = fmt.Sprintf("the others with a right of pre-emption get %s of them", got.n)
		}
		holders = append(holders, h)
		texts = append(texts, fmt.Sprintf("%s parts with %s shares of %s, and %s (%s)", h, parted[h], ag.Issuer, of, ag.ID))
	}
	return holders, texts, nil
}

package compliance

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding"
)

// doubtfulVotes are the companies of a book with bands in which more shares may be fewer votes,
// or in which votes and money may compete for the same shares.
type doubtfulVotes struct {
	in    map[string]bool // the companies
	law   map[string]bool // those of them in which a statute may suspend votes
	above upstream

	contracts bool // agreements change votes
}

// votesInDoubt returns the companies in which votes are in doubt.
func (b *bandedBook) votesInDoubt(ctx context.Context, voting crossholding.VotingOptions) (*doubtfulVotes, error) {
	d := &doubtfulVotes{in: map[string]bool{}, law: map[string]bool{}, above: b.upstream()}
	if len(b.bands) == 0 {
		return d, nil
	}
	bounds, err := b.a.Bounds(ctx, crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: voting}})
	if err != nil {
		return nil, err
	}
	suspended, err := bounds.Suspended(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range suspended {
		d.in[s.Issuer], d.law[s.Issuer] = true, true
	}
	for i := range b.bands {
		s := &b.book.Stakes[b.bands[i].at]
		if s.Votes != "" || cmp.Or(s.Voter, s.Holder) != cmp.Or(s.Beneficiary, s.Holder) {
			d.in[s.Issuer] = true
		}
	}
	if !voting.NoContracts {
		d.addContracts(b)
	}
	return d, nil
}

// concerns reports whether doubtful votes are behind a company, and whether statutes are why. If
// parties are named, only votes count that one of them is behind.
func (d *doubtfulVotes) concerns(company string, parties ...string) (doubt, byLaw bool) {
	if len(d.in) == 0 {
		return false, false
	}
	for c := range d.above.of(company) {
		if !d.in[c] {
			continue
		}
		if above := d.above.of(c); len(parties) == 0 || slices.ContainsFunc(parties, func(x string) bool { return above[x] }) {
			doubt, byLaw = true, byLaw || d.law[c]
		}
	}
	return doubt, byLaw
}

// addContracts notes the companies in which agreements change votes.
func (d *doubtfulVotes) addContracts(b *bandedBook) {
	for ag := range b.a.Graph().Agreements() {
		switch ag.Kind {
		case crossholding.AgreementFollow, crossholding.AgreementProxy, crossholding.AgreementNeutral, crossholding.AgreementCap:
		default:
			continue
		}
		d.contracts = true
		for i := range b.book.Stakes {
			s := &b.book.Stakes[i]
			if ag.Issuer == s.Issuer || ag.Issuer == "" && slices.Contains(ag.Holders, cmp.Or(s.Voter, s.Holder)) {
				d.in[s.Issuer] = true
			}
		}
	}
}

package banded

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
)

// DoubtfulVotes are the companies of a book with bands in which more shares may be fewer votes,
// or in which votes and money may compete for the same shares.
type DoubtfulVotes struct {
	In    map[string]bool // the companies
	Law   map[string]bool // those of them in which a statute may suspend votes
	Above Upstream

	Suspended map[[2]string]bool // by holder and company: a statute may suspend votes of stakes

	Contracts bool // agreements change votes

	other map[string]bool // the companies that are in doubt for another reason than a statute
	apart map[string]bool // the companies that are in doubt for one reason: a band of which one has the money and another the votes
}

// VotesInDoubt returns the companies in which votes are in doubt.
func (b *Book) VotesInDoubt(ctx context.Context, voting crossholding.VotingOptions) (*DoubtfulVotes, error) {
	d := &DoubtfulVotes{In: map[string]bool{}, Law: map[string]bool{}, Above: b.Upstream(), Suspended: map[[2]string]bool{},
		other: map[string]bool{}, apart: map[string]bool{}}
	if len(b.bands) == 0 {
		return d, nil
	}
	bounds, err := b.Alliance.Bounds(ctx, crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: voting}})
	if err != nil {
		return nil, err
	}
	suspended, err := bounds.Suspended(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range suspended {
		d.In[s.Issuer], d.Law[s.Issuer] = true, true
		d.Suspended[[2]string{s.Holder, s.Issuer}] = true
	}
	apart := map[string]bool{}
	for i := range b.bands {
		s := &b.Given.Stakes[b.bands[i].at]
		if s.Votes == "" && s.Voter != crossholding.Neutral && cmp.Or(s.Voter, s.Holder) != cmp.Or(s.Beneficiary, s.Holder) {
			apart[s.Issuer] = true
			continue
		}
		if s.Votes != "" || cmp.Or(s.Voter, s.Holder) != cmp.Or(s.Beneficiary, s.Holder) {
			d.In[s.Issuer], d.other[s.Issuer] = true, true
		}
	}
	if !voting.NoContracts {
		d.addContracts(b)
	}
	for c := range apart {
		d.apart[c], d.In[c], d.other[c] = !d.In[c], true, true
	}
	return d, nil
}

// Fewer returns the companies in which more shares may be fewer votes.
func (d *DoubtfulVotes) Fewer() *DoubtfulVotes {
	out := *d
	out.In = maps.Clone(d.In)
	maps.DeleteFunc(out.In, func(c string, _ bool) bool { return d.apart[c] })
	return &out
}

// Concerns reports whether doubtful votes are behind a company, and whether statutes are why. If
// parties are named, only votes count that one of them is behind.
func (d *DoubtfulVotes) Concerns(company string, parties ...string) (doubt, byLaw bool) {
	if len(d.In) == 0 {
		return false, false
	}
	for c := range d.Above.Of(company) {
		if !d.In[c] {
			continue
		}
		if above := d.Above.Of(c); len(parties) == 0 || slices.ContainsFunc(parties, func(x string) bool { return above[x] }) {
			doubt, byLaw = true, byLaw || d.Law[c]
		}
	}
	return doubt, byLaw
}

// OnlyByLaw reports whether statutes that may suspend votes are the only reason why votes are in
// doubt that are behind a company and that a party is behind.
func (d *DoubtfulVotes) OnlyByLaw(company, party string) bool {
	for c := range d.Above.Of(company) {
		if d.other[c] && d.Above.Of(c)[party] {
			return false
		}
	}
	return true
}

// addContracts notes the companies in which agreements change votes.
func (d *DoubtfulVotes) addContracts(b *Book) {
	for ag := range b.Alliance.Graph().Agreements() {
		switch ag.Kind {
		case crossholding.AgreementFollow, crossholding.AgreementProxy, crossholding.AgreementNeutral, crossholding.AgreementCap:
		default:
			continue
		}
		d.Contracts = true
		for i := range b.Given.Stakes {
			s := &b.Given.Stakes[i]
			if ag.Issuer == s.Issuer || ag.Issuer == "" && slices.Contains(ag.Holders, cmp.Or(s.Voter, s.Holder)) {
				d.In[s.Issuer], d.other[s.Issuer] = true, true
			}
		}
	}
}

package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
)

// doubtfulVotes are the companies of a book with bands in which more shares may be fewer votes,
// or in which votes and money may compete for the same shares.
type doubtfulVotes struct {
	in    map[string]bool     // the companies
	law   map[string]bool     // those of them in which a statute may suspend votes
	above map[string][]string // by company or party: those who have or may have something of it
}

// votesInDoubt returns the companies in which votes are in doubt.
func (b *bandedBook) votesInDoubt(ctx context.Context, voting crossholding.VotingOptions) (*doubtfulVotes, error) {
	d := &doubtfulVotes{in: map[string]bool{}, law: map[string]bool{}, above: map[string][]string{}}
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
	d.findAbove(b)
	return d, nil
}

// findAbove notes who may have something of whom: by stakes, by facts of control, by agreements
// and by shares held jointly.
func (d *doubtfulVotes) findAbove(b *bandedBook) {
	for i := range b.book.Stakes {
		s := &b.book.Stakes[i]
		d.above[s.Issuer] = append(d.above[s.Issuer], s.Holder)
		for _, x := range []string{s.Beneficiary, s.Voter} {
			if x != "" && x != crossholding.Neutral && x != s.Holder {
				d.above[s.Issuer] = append(d.above[s.Issuer], x)
			}
		}
	}
	for _, f := range b.book.Controls {
		d.above[f.Company] = append(d.above[f.Company], f.Controller)
	}
	for _, p := range b.book.Parties {
		d.above[p.ID] = append(d.above[p.ID], p.Members...)
	}
	for ag := range b.a.Graph().Agreements() {
		if ag.Issuer != "" {
			d.above[ag.Issuer] = append(append(d.above[ag.Issuer], ag.Holders...), ag.Leader)
			continue
		}
		for _, x := range ag.Holders {
			d.above[x] = append(append(d.above[x], ag.Holders...), ag.Leader)
		}
	}
}

// behind returns a company with all who may have something of it, directly or through others.
func (d *doubtfulVotes) behind(company string) map[string]bool {
	seen := map[string]bool{company: true}
	line := []string{company}
	for at := 0; at < len(line); at++ {
		for _, x := range d.above[line[at]] {
			if x != "" && !seen[x] {
				seen[x] = true
				line = append(line, x)
			}
		}
	}
	return seen
}

// concerns reports whether doubtful votes are behind a company, and whether statutes are why.
func (d *doubtfulVotes) concerns(company string) (doubt, byLaw bool) {
	if len(d.in) == 0 {
		return false, false
	}
	for c := range d.behind(company) {
		doubt, byLaw = doubt || d.in[c], byLaw || d.law[c]
	}
	return doubt, byLaw
}

// refuseContracts fails if an agreement changes votes, because more of a stake can then be
// fewer votes.
func refuseContracts(a *crossholding.Alliance, voting crossholding.VotingOptions) error {
	if voting.NoContracts {
		return nil
	}
	for ag := range a.Graph().Agreements() {
		if slices.Contains([]crossholding.AgreementKind{crossholding.AgreementFollow, crossholding.AgreementProxy, crossholding.AgreementNeutral, crossholding.AgreementCap}, ag.Kind) {
			return fmt.Errorf("agreement %q changes votes: no bounds with contracts: %w", ag.ID, crossholding.ErrAgreement)
		}
	}
	return nil
}

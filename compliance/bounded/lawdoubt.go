package bounded

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// lawDoubt says what is known of stakes although statutes may suspend votes: a statute takes no
// shares away, and takes votes from known stakes only.
type lawDoubt struct {
	doubt     *banded.DoubtfulVotes
	others    bool                              // concerts, rights or joint holders can make others' stakes count
	at        map[[2]string]bool                // by party and company: it has something of it; true if a stake is not wholly its own
	suspended map[[2]string]bool                // the same, of stakes that a statute may suspend
	below     map[string][]string               // by party: what it may control
	most      map[string]map[string]ratio.Ratio // by party and company: the most that it can have of the exercisable votes
}

// counting says whose stakes can count as a holder's at a company.
type counting int

const (
	unknown counting = iota // others' too, or votes are in doubt for another reason
	own                     // only its own
	nothing                 // nobody's
)

func newLawDoubt(ctx context.Context, book *banded.Book, doubt *banded.DoubtfulVotes, voting crossholding.VotingOptions) (*lawDoubt, error) {
	l := &lawDoubt{doubt: doubt, at: map[[2]string]bool{}, suspended: map[[2]string]bool{}, below: map[string][]string{}}
	if len(doubt.Law) == 0 {
		return l, nil
	}
	b, err := book.Alliance.Bounds(ctx, crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: voting, Basis: crossholding.BasisExercisable}})
	if err != nil {
		return nil, err
	}
	if l.most, err = book.Most(crossholding.BasisExercisable, doubt); err != nil {
		return nil, err
	}
	given := &book.Given
	l.others = len(given.Rights) > 0 || slices.ContainsFunc(given.Agreements, func(a crossholding.Agreement) bool { return a.Kind == crossholding.AgreementConcert }) ||
		slices.ContainsFunc(given.Parties, func(p crossholding.Party) bool { return len(p.Members) > 0 })
	for i := range given.Stakes {
		s := &given.Stakes[i]
		may := doubt.Suspended[[2]string{s.Holder, s.Issuer}]
		who := []string{s.Holder, cmp.Or(s.Beneficiary, s.Holder), cmp.Or(s.Voter, s.Holder)}
		for _, x := range who {
			key := [2]string{x, s.Issuer}
			l.at[key] = l.at[key] || who[1] != who[0] || who[2] != who[0]
			l.suspended[key] = l.suspended[key] || may
			if _, ok := l.below[x]; ok {
				continue
			}
			list, err := b.Controlled(ctx, x)
			if err != nil && !errors.Is(err, crossholding.ErrUnknown) { // nobody controls with neutral votes
				return nil, err
			}
			l.below[x] = []string{}
			for _, c := range list {
				l.below[x] = append(l.below[x], c.Company)
			}
		}
	}
	return l, nil
}

// counts says whose stakes can count as a holder's at a company.
func (l *lawDoubt) counts(holder, company string) counting {
	below, known := l.below[holder]
	if l.others || !known || !l.doubt.OnlyByLaw(company, holder) {
		return unknown
	}
	split, has := l.at[[2]string{holder, company}]
	for _, x := range below {
		if _, too := l.at[[2]string{x, company}]; too && x != company {
			return unknown
		}
	}
	switch {
	case split:
		return unknown
	case has:
		return own
	}
	return nothing
}

// limits says which limits a holder reaches by stakes of its own in the votes that statutes leave.
// It has least if its votes are suspended, or else if no others are.
func (l *lawDoubt) limits(row *Position, rule *law.Threshold) {
	p := &row.Most
	low, high := row.Least.Fraction, l.most[p.Holder][p.Issuer]
	row.Reached, row.Depends = []ratio.Ratio{}, []Limit{}
	for _, limit := range slices.SortedFunc(slices.Values(rule.Limits), ratio.Ratio.Cmp) {
		switch {
		case rule.Passed(low, limit):
			row.Reached = append(row.Reached, limit)
		case rule.Passed(high, limit):
			row.Depends = append(row.Depends, Limit{limit, []crossholding.BandedStake{}, []crossholding.BandedStake{}})
		}
	}
}

// mayHaveNone reports whether the holder of a position may have nothing of its base.
func (l *lawDoubt) mayHaveNone(p *compliance.Position) bool {
	switch l.counts(p.Holder, p.Issuer) {
	case own:
		return p.Base == law.OfExercisable && l.suspended[[2]string{p.Holder, p.Issuer}]
	case nothing:
		return false
	}
	return true
}

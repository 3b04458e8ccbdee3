package compliance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// SanctionsBounds says which companies count as blocked in a book of which some stakes are
// known only as bands. It is plain data.
type SanctionsBounds struct {
	Regime    SanctionsRegime          `json:"regime"`
	Companies []SanctionedCompanyBound `json:"companies"` // in which blocked parties have or may have something, by company
}

// SanctionedCompanyBound is the answer for one company. It is plain data.
//
// Least and Most are the company where blocked parties, and the companies that they own, have
// as little of it as they can, and as much. Their figures stay away from an open end of a band
// by 10^-12 of the band.
type SanctionedCompanyBound struct {
	Company string                 `json:"company"`
	Answer  crossholding.Certainty `json:"answer"` // whether it is blocked
	Least   SanctionedCompany      `json:"least"`
	Most    SanctionedCompany      `json:"most"`
}

// Of returns the companies with an answer, sorted.
func (s SanctionsBounds) Of(answer crossholding.Certainty) []string {
	out := []string{}
	for _, c := range s.Companies {
		if c.Answer == answer {
			out = append(out, c.Company)
		}
	}
	return out
}

// String returns the answer as a sentence.
func (c SanctionedCompanyBound) String() string {
	if c.Answer == crossholding.CertaintyDepends {
		return fmt.Sprintf("%s depends: at least, %s; at most, %s", c.Company, c.Least, c.Most)
	}
	if c.Answer == crossholding.CertaintyYes {
		return c.Least.String()
	}
	return c.Most.String()
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (c SanctionedCompanyBound) WithNames(name func(id string) string) SanctionedCompanyBound {
	c.Company, c.Least, c.Most = name(c.Company), c.Least.WithNames(name), c.Most.WithNames(name)
	return c
}

// BoundSanctions returns the companies that count as blocked in every completion of a book
// with bands, in some, and in none of those in which blocked parties have something. A
// completion gives every banded stake one figure of its band. Open ends are kept: "more than
// 25%" twice is more than 50%.
//
// More of any stake of a blocked party blocks more, and never less, as long as the votes of
// shares are their own. If a regime counts votes or control, and in the completions looked at
// a statute or an agreement changes votes, then an answer that rests on votes is "depends".
//
// The errors are those of [Sanctions].
func BoundSanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt SanctionsOptions) (SanctionsBounds, error) {
	ctx, a = given(ctx, a)
	banded, err := newBandedBook(a)
	if err != nil {
		return SanctionsBounds{}, withPrefix(err)
	}
	q := sanctionsBoundsRun{blocked: blocked, opt: opt, banded: banded}
	out, err := q.answer(ctx)
	return out, withPrefix(err)
}

// sanctionsBoundsRun is one call of [BoundSanctions].
type sanctionsBoundsRun struct {
	blocked []string
	opt     SanctionsOptions
	banded  *bandedBook
	changed bool // a statute or an agreement changes votes in a completion
}

func (q *sanctionsBoundsRun) answer(ctx context.Context) (SanctionsBounds, error) {
	least, err := q.try(ctx, q.banded.lowest())
	if err != nil {
		return SanctionsBounds{}, err
	}
	most := map[string]SanctionedCompany{}
	for _, party := range q.first(least.Regime) {
		report, err := q.raise(ctx, least, party)
		if err != nil {
			return SanctionsBounds{}, err
		}
		for _, c := range report.Companies {
			if old, ok := most[c.Company]; !ok || !old.Blocked && (c.Blocked || old.Fraction.Less(c.Fraction)) {
				most[c.Company] = c
			}
		}
	}
	out := SanctionsBounds{Regime: least.Regime, Companies: []SanctionedCompanyBound{}}
	for _, id := range slices.Sorted(maps.Keys(most)) {
		row := SanctionedCompanyBound{Company: id, Most: most[id]}
		if row.Least, err = least.Of(id); err != nil {
			return SanctionsBounds{}, err
		}
		row.Answer = q.certainty(&least.Regime, &row)
		out.Companies = append(out.Companies, row)
	}
	return out, nil
}

// first returns the blocked parties that get as much as they can before the others: if the
// regime adds all up, the order does not matter.
func (q *sanctionsBoundsRun) first(r SanctionsRegime) []string {
	if r.Aggregate {
		return q.blocked[:1]
	}
	return q.blocked
}

// certainty returns whether a company is blocked.
func (q *sanctionsBoundsRun) certainty(r *SanctionsRegime, row *SanctionedCompanyBound) crossholding.Certainty {
	byVotes := r.Control || slices.Contains(r.Bases, law.MeasureVotes)
	switch {
	case row.Least.Blocked && (!q.changed || row.Least.Basis == law.MeasureShares && !row.Least.Control || row.Least.Fact != nil):
		return crossholding.CertaintyYes
	case !row.Most.Blocked && !(q.changed && byVotes):
		return crossholding.CertaintyNo
	}
	return crossholding.CertaintyDepends
}

// raise gives blocked parties, one of them first, as much as the other stakes leave, until no
// company more is blocked.
func (q *sanctionsBoundsRun) raise(ctx context.Context, least SanctionsReport, party string) (SanctionsReport, error) {
	var own, all seniority
	own.join(party)
	all.join(q.blocked...)
	rank := func(s *crossholding.Stake) ratio.Ratio {
		who := []string{cmp.Or(s.Beneficiary, s.Holder), cmp.Or(s.Voter, s.Holder)}
		switch {
		case own.has(who...):
			return ratio.Int(3).Add(own.rank(who...))
		case all.has(who...):
			return ratio.Int(2).Add(all.rank(who...))
		case s.Voter == crossholding.Neutral:
			return ratio.Int(1) // fewer votes can move a result
		}
		return ratio.Ratio{}
	}
	next := func(report SanctionsReport) (completion, error) {
		for _, c := range report.Companies {
			if c.Blocked {
				all.join(c.Company)
				if slices.Contains(c.Through, party) {
					own.join(c.Company)
				}
			}
		}
		own.next()
		all.next()
		return q.banded.filled(rank), nil
	}
	return raise(q.banded, least, next, func(c completion) (SanctionsReport, error) { return q.try(ctx, c) })
}

// try answers for a completion.
func (q *sanctionsBoundsRun) try(ctx context.Context, c completion) (SanctionsReport, error) {
	return askAt(q.banded, c, func(a *crossholding.Alliance, _ completion) (SanctionsReport, error) {
		out, err := Sanctions(ctx, a, q.blocked, q.opt)
		if err != nil {
			return out, err
		}
		v, err := a.Votes(ctx, q.opt.Voting)
		if err != nil {
			return out, err
		}
		for range v.Changed() {
			q.changed = true
			break
		}
		return out, nil
	})
}

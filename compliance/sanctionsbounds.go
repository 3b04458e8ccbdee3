package compliance

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/reading"
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
// by 10^-12 of the band, and their own sentences show it; the sentence of the bound says "more
// than 25%" of such a figure. In a book with bands, they count votes as if no statute suspended
// any.
//
// If the answer is "depends", Yes and No list stakes that decide it, as in
// [BeneficialOwnerBound]. Both are empty if the answer depends on suspended votes, or on stakes
// of which one has the money and another the votes.
type SanctionedCompanyBound struct {
	Company string                     `json:"company"`
	Answer  crossholding.Certainty     `json:"answer"` // whether it is blocked
	Least   SanctionedCompany          `json:"least"`
	Most    SanctionedCompany          `json:"most"`
	Yes     []crossholding.BandedStake `json:"yes"`
	No      []crossholding.BandedStake `json:"no"`
	Law     bool                       `json:"law"` // the answer depends, and statutes that may suspend votes matter
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
	switch c.Answer {
	case crossholding.CertaintyYes:
		if !c.Least.Blocked {
			return c.Company + " is owned or controlled by blocked parties, whatever votes are suspended"
		}
		return c.Least.sentence(banded.Percent)
	case crossholding.CertaintyNo:
		if c.Most.Blocked {
			return c.Company + " is not owned or controlled by blocked parties, whatever votes are suspended"
		}
		return c.Most.sentence(banded.Percent)
	}
	return fmt.Sprintf("%s depends: at least, %s; at most, %s%s", c.Company, c.Least.sentence(banded.Percent), c.Most.sentence(banded.Percent), banded.Decided("blocked", c.Yes, "not blocked", c.No, c.Law))
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (c SanctionedCompanyBound) WithNames(name func(id string) string) SanctionedCompanyBound {
	c.Company, c.Least, c.Most = name(c.Company), c.Least.WithNames(name), c.Most.WithNames(name)
	c.Yes, c.No = banded.NamedStakes(c.Yes, name), banded.NamedStakes(c.No, name)
	return c
}

// BoundSanctions returns the companies that count as blocked in every completion of a book
// with bands, in some, and in none of those in which blocked parties have something. A
// completion gives every banded stake one figure of its band. Open ends are kept: "more than
// 25%" twice is more than 50%.
//
// More of any stake of a blocked party blocks more, and never less, as long as the votes of
// shares are their own. So an answer can be "depends" although exact figures would decide it,
// if the regime counts votes and one of these is behind the company: votes that a statute may
// suspend or an agreement changes, a band whose shares have votes of their own, or one of which
// one party has the money and another the votes. In a book without bands, an answer that differs
// between the readings of the law depends.
//
// The errors are those of [Sanctions].
func BoundSanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt SanctionsOptions) (SanctionsBounds, error) {
	ctx, a = given(ctx, a)
	q, err := newSanctionsBoundsRun(ctx, a, blocked, opt)
	if err != nil {
		return SanctionsBounds{}, withPrefix(err)
	}
	out, err := q.answer(ctx)
	return out, withPrefix(err)
}

// sanctionsBoundsRun is one call of [BoundSanctions].
type sanctionsBoundsRun struct {
	blocked []string
	opt     SanctionsOptions
	banded  *banded.Book
	doubt   *banded.DoubtfulVotes
	sure    map[string]bool // the companies that are blocked whatever is in doubt
	may     map[string]bool // the companies that are blocked perhaps
	facts   []crossholding.NodeFact
	least   sanctioned
	regime  *SanctionsRegime
}

// sanctioned is the answer for one completion.
type sanctioned struct {
	SanctionsReport
	at banded.Completion
}

func newSanctionsBoundsRun(ctx context.Context, a *crossholding.Alliance, blocked []string, opt SanctionsOptions) (*sanctionsBoundsRun, error) {
	q := &sanctionsBoundsRun{blocked: blocked, opt: opt, doubt: &banded.DoubtfulVotes{}, sure: map[string]bool{}}
	var err error
	if q.banded, err = banded.New(a); err != nil {
		return nil, err
	}
	if q.banded.Len() == 0 {
		return q, nil
	}
	voting := opt.Voting
	q.opt.Voting.NoLaw = true
	if q.least, err = q.try(ctx, q.banded.Lowest()); err != nil {
		return nil, err
	}
	q.regime = &q.least.Regime
	if !q.regime.countsVotes() {
		return q, nil
	}
	if q.doubt, err = q.banded.VotesInDoubt(ctx, voting); err != nil || len(q.doubt.In) == 0 {
		return q, err
	}
	if err := q.findFacts(ctx); err != nil {
		return nil, err
	}
	if err := q.findSure(ctx, voting); err != nil {
		return nil, err
	}
	return q, q.findMay(ctx, voting)
}

// findFacts lists the facts of control, which are the same in all completions.
func (q *sanctionsBoundsRun) findFacts(ctx context.Context) error {
	a, err := q.banded.Alliance.WithBandsAt(ratio.Ratio{})
	if err != nil {
		return err
	}
	t, err := a.Tally(ctx, crossholding.BasisExercisable, crossholding.VotingOptions{NoLaw: true, NoContracts: true})
	if err == nil {
		q.facts = slices.Collect(t.Facts())
	}
	return err
}

// countsVotes reports whether votes can block a company.
func (r *SanctionsRegime) countsVotes() bool {
	return r.Control || slices.Contains(r.Bases, law.MeasureVotes)
}

func (q *sanctionsBoundsRun) answer(ctx context.Context) (SanctionsBounds, error) {
	if q.banded.Len() == 0 {
		return q.exactly(ctx)
	}
	most, at, err := q.possible(ctx)
	if err != nil {
		return SanctionsBounds{}, err
	}
	out := SanctionsBounds{Regime: *q.regime, Companies: []SanctionedCompanyBound{}}
	for _, id := range slices.Sorted(maps.Keys(most)) {
		row := SanctionedCompanyBound{Company: id, Most: most[id], Yes: []crossholding.BandedStake{}, No: []crossholding.BandedStake{}}
		if row.Least, err = q.least.Of(id); err != nil {
			return SanctionsBounds{}, err
		}
		doubt, byLaw := q.doubt.Concerns(id, q.blocked...)
		switch {
		case q.sure[id] || row.Least.Blocked && !doubt:
			row.Answer = crossholding.CertaintyYes
		case doubt && !q.may[id] || !doubt && !row.Most.Blocked:
			row.Answer = crossholding.CertaintyNo
		default:
			row.Answer, row.Law = crossholding.CertaintyDepends, byLaw
			if !doubt {
				err = q.decide(ctx, &row, at[id])
			}
		}
		if err != nil {
			return SanctionsBounds{}, err
		}
		out.Companies = append(out.Companies, row)
	}
	return out, nil
}

// exactly answers for a book without bands, under each reading of the law.
func (q *sanctionsBoundsRun) exactly(ctx context.Context) (SanctionsBounds, error) {
	out := SanctionsBounds{Companies: []SanctionedCompanyBound{}}
	reports, err := reading.Each(q.opt.Voting, func(v crossholding.VotingOptions) (SanctionsReport, error) {
		opt := q.opt
		opt.Voting = v
		return Sanctions(ctx, q.banded.Alliance, q.blocked, opt)
	})
	if err != nil {
		return out, err
	}
	rows := map[string]*SanctionedCompanyBound{}
	for _, r := range reports {
		for _, c := range r.Companies {
			rows[c.Company] = nil
		}
	}
	out.Regime = reports[0].Regime
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		row := SanctionedCompanyBound{Company: id, Yes: []crossholding.BandedStake{}, No: []crossholding.BandedStake{}}
		for i, r := range reports {
			c, err := r.Of(id)
			if err != nil {
				return out, err
			}
			if i == 0 || !c.stronger(&row.Least) {
				row.Least = c
			}
			if i == 0 || c.stronger(&row.Most) {
				row.Most = c
			}
		}
		switch row.Answer = crossholding.CertaintyNo; {
		case row.Least.Blocked:
			row.Answer = crossholding.CertaintyYes
		case row.Most.Blocked:
			row.Answer, row.Law = crossholding.CertaintyDepends, true
		}
		out.Companies = append(out.Companies, row)
	}
	return out, nil
}

// decide finds the stakes that decide the answer for a company.
func (q *sanctionsBoundsRun) decide(ctx context.Context, row *SanctionedCompanyBound, at banded.Completion) error {
	book, at, err := q.banded.About(at, q.blocked, row.Company)
	if err != nil {
		return err
	}
	d := banded.Decider{Book: book, Behind: book.All(), Is: func(c banded.Completion) (bool, error) {
		run := *q
		run.banded = book
		last, err := run.try(ctx, c)
		if err != nil {
			return false, err
		}
		got, err := last.Of(row.Company)
		return got.Blocked, err
	}, Never: func(a *crossholding.Alliance) (bool, error) {
		run, err := newSanctionsBoundsRun(ctx, a, q.blocked, q.opt)
		if err != nil {
			return false, err
		}
		may, err := run.mayBlock(ctx, row.Company)
		return !may, err
	}}
	row.Yes, row.No, err = d.Decide(at)
	return err
}

// mayBlock reports whether a company is blocked in some completion.
func (q *sanctionsBoundsRun) mayBlock(ctx context.Context, company string) (bool, error) {
	if q.banded.Len() == 0 {
		out, err := q.exactly(ctx)
		return slices.ContainsFunc(out.Companies, func(c SanctionedCompanyBound) bool { return c.Company == company && c.Most.Blocked }), err
	}
	most, _, err := q.possible(ctx)
	return most[company].Blocked || q.may[company], err
}

// try answers for a completion.
func (q *sanctionsBoundsRun) try(ctx context.Context, c banded.Completion) (sanctioned, error) {
	return banded.Ask(q.banded, c, func(a *crossholding.Alliance, at banded.Completion) (sanctioned, error) {
		report, err := Sanctions(ctx, a, q.blocked, q.opt)
		return sanctioned{report, at}, err
	})
}

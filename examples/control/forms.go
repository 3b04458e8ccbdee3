package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

var (
	errHolder = errors.New("-holder: this form asks about a holder")
)

// companies returns the company asked about, or all that have holders.
func (q *query) companies() []string {
	if q.company != "" {
		return []string{q.company}
	}
	var out []string
	issuers := map[string]bool{}
	b := q.book.Book()
	for _, s := range b.Stakes {
		issuers[s.Issuer] = true
	}
	for _, c := range b.Companies {
		if issuers[c.ID] {
			out = append(out, c.ID)
		}
	}
	return out
}

// holder returns the one holder asked about.
func (q *query) holder() (string, error) {
	if len(q.holders) != 1 {
		return "", fmt.Errorf("%w, and one only", errHolder)
	}
	return q.holders[0], nil
}

// text turns answers into lines.
func text[T fmt.Stringer](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.String()
	}
	return out
}

func (q *query) control(ctx context.Context) ([]string, error) {
	opt := crossholding.ControlOptions{Threshold: q.threshold, AtLeast: q.orMore, Basis: q.basis}
	if q.form == "presumption" {
		opt.Threshold = ratio.Ratio{}
		opt.Presumed = q.threshold
		if q.threshold.IsZero() {
			opt.Presumed = ratio.MustParse("2/5")
		}
	}
	c, err := q.book.Control(ctx, opt)
	if err != nil {
		return nil, err
	}
	return q.answers(ctx, c)
}

func (q *query) inFact(ctx context.Context) ([]string, error) {
	q.turnout.Threshold, q.turnout.AtLeast = q.threshold, q.orMore
	d, err := network.NewControlInFact(ctx, q.book, q.turnout)
	if err != nil {
		return nil, err
	}
	if len(q.holders) > 0 {
		return q.answers(ctx, d.Control())
	}
	var out []string
	for _, c := range q.companies() {
		s, err := d.Largest(ctx, c)
		if err != nil {
			return nil, err
		}
		if s.Holder == "" {
			out = append(out, "nobody named has votes in "+q.book.Name(c))
			continue
		}
		out = append(out, s.WithNames(q.book.Name).String())
	}
	return out, nil
}

// answers tells who controls what, with the proof or what is missing.
func (q *query) answers(ctx context.Context, c *crossholding.Control) ([]string, error) {
	if len(q.holders) > 0 {
		g, err := c.Group(ctx, q.holders...)
		if err != nil {
			return nil, err
		}
		asked := []string{q.company}
		if q.company == "" {
			asked = g.Companies()
		}
		names := make([]string, len(q.holders))
		for i, h := range q.holders {
			names[i] = q.book.Name(h)
		}
		return q.explain(asked, g.Why, strings.Join(names, " with ")+" controls nothing")
	}
	var out []string
	for _, company := range q.companies() {
		who, err := c.Controllers(ctx, company)
		if err != nil {
			return nil, err
		}
		why := func(x string) (crossholding.ControlAnswer, error) { return c.Why(ctx, x, company) }
		lines, err := q.explain(who, why, "nobody controls "+q.book.Name(company))
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
		if len(who) == 0 && q.company != "" {
			if lines, err = q.nobody(ctx, c); err != nil {
				return nil, err
			}
			out = append(out, lines...)
		}
	}
	return out, nil
}

// nobody tells more of a company that nobody controls: the concerts of the
// book, who has the most votes and what that lacks, and whose votes the law
// suspends.
func (q *query) nobody(ctx context.Context, c *crossholding.Control) ([]string, error) {
	answers, err := c.Concerts(ctx, q.company)
	if err != nil || c.Votes() == nil {
		return text(answers), err
	}
	var most crossholding.ControlAnswer
	var silent []string
	for n := range c.Votes().Rows() {
		if n.Issuer != q.company || n.Holder == q.company || n.Holder == crossholding.FloatOf(q.company) {
			continue
		}
		answer, err := c.Why(ctx, n.Holder, q.company)
		if err != nil {
			return nil, err
		}
		if most.Votes.Less(answer.Votes) {
			most = answer
		}
		for _, r := range n.Reasons {
			if r.Citation != "" {
				silent = append(silent, r.WithNames(q.book.Name).String())
			}
		}
	}
	if most.Company != "" {
		answers = append(answers, most)
	}
	var out []string
	for _, a := range answers {
		out = append(out, a.WithNames(q.book.Name).String())
	}
	return append(out, silent...), nil
}

func (q *query) explain(list []string, why func(string) (crossholding.ControlAnswer, error), none string) ([]string, error) {
	var out []string
	for _, x := range list {
		answer, err := why(x)
		if err != nil {
			return nil, err
		}
		out = append(out, answer.WithNames(q.book.Name).String())
	}
	if len(out) == 0 {
		out = append(out, none)
	}
	return out, nil
}

func (q *query) sanctions(ctx context.Context) ([]string, error) {
	if len(q.holders) == 0 {
		return nil, errHolder
	}
	opt := compliance.SanctionsOptions{Regime: q.regime}
	if !q.threshold.IsZero() {
		opt.Rule = &compliance.SanctionsRegime{ID: "own", Threshold: q.threshold, AtLeast: !q.strict, Aggregate: true}
	}
	s, err := compliance.Sanctions(ctx, q.book, q.holders, opt)
	if err != nil {
		return nil, err
	}
	if q.company == "" {
		return text(s.Companies), nil
	}
	row, err := s.Of(q.company)
	if err != nil {
		return nil, err
	}
	return []string{row.String()}, nil
}

func (q *query) beneficial(ctx context.Context) ([]string, error) {
	rule, err := compliance.BeneficialOwnerRuleOn(q.book.AsOf(), compliance.BeneficialOwnerReading(q.reading))
	if err != nil {
		return nil, err
	}
	rule.Threshold, rule.AtLeast = q.threshold, rule.AtLeast && !q.strict
	opt := compliance.BeneficialOwnerOptions{Rule: &rule}
	var out []string
	for _, company := range q.companies() {
		owners, err := compliance.BeneficialOwners(ctx, q.book, company, opt)
		if err != nil {
			return nil, err
		}
		n := len(out)
		for _, o := range owners.Owners {
			out = append(out, fmt.Sprintf("%s is a beneficial owner of %s: %s", o.ID, company, strings.Join(text(o.Grounds), "; ")))
		}
		for _, o := range owners.Unresolved {
			out = append(out, fmt.Sprintf("%s, no natural person, stands behind %s: %s", o.ID, company, strings.Join(text(o.Grounds), "; ")))
		}
		out = append(out, text(owners.Rings)...)
		if len(out) == n {
			out = append(out, fmt.Sprintf("nobody is a beneficial owner of %s", company))
		}
	}
	return out, nil
}

func (q *query) closeLinks(ctx context.Context) ([]string, error) {
	opt := compliance.CloseLinkOptions{Reading: compliance.CloseLinkReading(q.reading), Threshold: q.threshold, Exceed: q.strict,
		Basis: q.basis, Of: q.company, MaxSteps: q.steps}
	if q.company == "" && len(q.holders) > 0 {
		var err error
		if opt.Of, err = q.holder(); err != nil {
			return nil, err
		}
	}
	links, err := compliance.CloseLinks(ctx, q.book, opt)
	if err == nil && len(links) == 0 {
		return []string{"no close links"}, nil
	}
	return text(links), err
}

func (q *query) weakestLink(ctx context.Context) ([]string, error) {
	opt := network.WeakestLinkOptions{Method: network.WeakestLinkMethod(q.reading), Threshold: q.threshold, Exceed: q.strict,
		Basis: q.basis, MaxSteps: q.steps}
	var out []string
	for _, company := range q.companies() {
		owners, err := network.WeakestLinks(ctx, q.book, company, opt)
		if err != nil {
			return nil, err
		}
		if len(owners) == 0 {
			out = append(out, company+" has no ultimate owner")
		}
		out = append(out, text(owners)...)
	}
	return out, nil
}

func (q *query) network(ctx context.Context) ([]string, error) {
	opt := network.ControlOptions{Model: network.ControlModel(q.reading), Threshold: q.threshold, Basis: q.basis}
	if q.company != "" {
		opt.Values = map[string]ratio.Ratio{q.company: ratio.Int(1)}
	}
	n, err := network.NewControl(ctx, q.book, opt)
	if err != nil {
		return nil, err
	}
	if len(q.holders) == 0 {
		rank, err := n.Rank(ctx)
		return text(rank), err
	}
	var out []string
	for _, h := range q.holders {
		row, err := n.Of(ctx, h)
		if err != nil {
			return nil, err
		}
		out = append(out, row.String())
	}
	return out, nil
}

func (q *query) group(ctx context.Context) ([]string, error) {
	parent, err := q.holder()
	if err != nil {
		return nil, err
	}
	group, err := compliance.Consolidate(ctx, q.book, parent, compliance.ConsolidationOptions{ControlThreshold: q.threshold, Basis: q.basis})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range group.Entities {
		if q.company == "" || e.Company == q.company {
			out = append(out, e.String())
		}
	}
	if len(out) == 0 {
		out = append(out, parent+" has no such interest")
	}
	return out, nil
}

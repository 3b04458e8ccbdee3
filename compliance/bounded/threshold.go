// Package bounded answers questions of package compliance about books of which some stakes are known
// only as bands.
//
// [Thresholds] says which limits on the size of a stake a holder reaches in every completion of a
// book, and which in some. The other questions are in package compliance: BoundBeneficialOwners,
// BoundSanctions, BoundConsolidation and BoundCloseLinks.
package bounded

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Position compares the stake of one holder with the limits of one rule, in a book of which
// some stakes are known only as bands. It is plain data.
//
// Least and Most are the position where the least and the most counts as the holder's. Their
// figures stay away from an open end of a band by 10^-12 of the band. In a book with bands they
// count votes as if no statute suspended any. Least has an amount of 0 if the rule may not reach
// the holder, or if a statute may suspend all of its votes.
type Position struct {
	Least   compliance.Position `json:"least"`
	Most    compliance.Position `json:"most"`
	Reached []ratio.Ratio       `json:"reached"` // the limits that are reached in every completion, ascending
	Depends []Limit             `json:"depends"` // the limits that are reached in some completions, ascending
	// Doubt reports that votes are in doubt behind the company, as for [compliance.BoundBeneficialOwners].
	// Limits then depend without stakes: all of them, or those that the holder can reach by stakes of
	// its own if statutes are the only reason and nobody else's stake can count as the holder's.
	// Shares, and votes that a statute suspends, still count where the rule's base has them, so
	// there is no doubt about such a holder.
	Doubt bool `json:"doubt"`
}

// Limit is a limit that a holder reaches in some completions of a book. It is plain data. Yes
// and No list stakes that decide, as in [compliance.BeneficialOwnerBound].
type Limit struct {
	Limit ratio.Ratio                `json:"limit"`
	Yes   []crossholding.BandedStake `json:"yes"`
	No    []crossholding.BandedStake `json:"no"`
}

// Answer reports whether a limit of the rule is reached.
func (p Position) Answer(limit ratio.Ratio) crossholding.Certainty {
	switch {
	case slices.ContainsFunc(p.Reached, limit.Equal):
		return crossholding.CertaintyYes
	case slices.ContainsFunc(p.Depends, func(d Limit) bool { return d.Limit.Equal(limit) }):
		return crossholding.CertaintyDepends
	}
	return crossholding.CertaintyNo
}

// String returns the position as a sentence. Of the limits that are reached in every completion it
// names the highest, and of those that depend on the same stakes the lowest and the highest.
func (p Position) String() string {
	least := "more than "
	if p.Most.AtLeast {
		least = "at least "
	}
	share := p.Most.Fraction.Percent(4).String() + "%"
	if !p.Least.Fraction.Equal(p.Most.Fraction) {
		share = p.Least.Fraction.Percent(4).String() + "% to " + share
	}
	s := fmt.Sprintf("%s in %s has %s of %s, %s (%s)", p.Most.Holder, p.Most.Issuer, share, p.Most.Base, p.Most.Kind, p.Most.Rule)
	if n := len(p.Reached); n > 0 {
		s += "; " + least + p.Reached[n-1].PercentString()
	}
	for from := 0; from < len(p.Depends); {
		to, why := from+1, p.Depends[from].because()
		for to < len(p.Depends) && p.Depends[to].because() == why {
			to++
		}
		if s += "; perhaps " + least + p.Depends[from].Limit.PercentString(); to > from+1 {
			s += " to " + p.Depends[to-1].Limit.PercentString()
		}
		s, from = s+why, to
	}
	if len(p.Reached)+len(p.Depends) == 0 {
		s += "; no limit"
	}
	if p.Doubt {
		s += "; votes are in doubt"
	}
	return s
}

// because returns in words which stakes decide.
func (l *Limit) because() string { return banded.Decided("yes", l.Yes, "no", l.No, false) }

// WithNames returns the position with ids replaced by names, as by [crossholding.Alliance.Name].
func (p Position) WithNames(name func(id string) string) Position {
	p.Least, p.Most, p.Depends = p.Least.WithNames(name), p.Most.WithNames(name), slices.Clone(p.Depends)
	for i, d := range p.Depends {
		p.Depends[i].Yes, p.Depends[i].No = banded.NamedStakes(d.Yes, name), banded.NamedStakes(d.No, name)
	}
	return p
}

// Thresholds compares stakes with the limits of the rules in force, in a book with bands:
// which limits a holder reaches in every completion of the book, and which in some. A completion
// gives every banded stake one figure of its band. A limit in neither list is reached in none. The
// list is sorted by holder, issuer, rule and base.
//
// Holders and rules are those of [compliance.Thresholds]. Ladders are left out, because they measure changes.
// So are rules on reciprocity in a book with bands, because votes are then counted as if no
// statute suspended any. Where one may, or where an agreement or a band whose shares have votes of
// their own can make fewer votes of more shares, Doubt is set, unless the base has suspended votes
// too and only stakes of the holder's own can count. In a book without bands, a limit
// that differs between the readings of the law depends.
//
// The stakes that decide are listed if the options name a holder and an issuer. Without a holder,
// the book is counted several times for each holder that bands are behind. The errors are those
// of [compliance.Thresholds].
func Thresholds(ctx context.Context, a *crossholding.Alliance, opt compliance.ThresholdOptions) ([]Position, error) {
	if ctx = progress.OrBackground(ctx); ctx.Err() != nil {
		return nil, told.By("bounded", progress.Cause(ctx))
	}
	if a == nil {
		a = new(crossholding.Alliance)
	}
	out, err := bound(ctx, a, opt, opt.Holder != "" && opt.Issuer != "")
	return out, told.By("bounded", err)
}

// bound answers for a book, and finds the stakes that decide if it is asked to.
func bound(ctx context.Context, a *crossholding.Alliance, opt compliance.ThresholdOptions, decide bool) ([]Position, error) {
	q := &run{opt: opt, rows: map[[4]string]*Position{}}
	var err error
	if q.book, err = banded.New(a); err != nil {
		return nil, err
	}
	if q.book.Len() == 0 {
		all, err := reading.Each(opt.Voting, func(v crossholding.VotingOptions) ([]compliance.Position, error) {
			opt := opt
			opt.Voting = v
			return compliance.Thresholds(ctx, a, opt)
		})
		if err != nil {
			return nil, err
		}
		return q.overReadings(all), nil
	}
	return q.banded(ctx, decide)
}

// run is one call of [Thresholds].
type run struct {
	opt  compliance.ThresholdOptions // in completions no statute suspends votes
	book *banded.Book
	law  *lawDoubt
	rows map[[4]string]*Position // by holder, issuer, rule and base
}

// add takes account of a position in one completion or reading. The first is where least counts.
func (q *run) add(p *compliance.Position, first bool) {
	key := [4]string{p.Holder, p.Issuer, p.Rule, string(p.Base)}
	row := q.rows[key]
	if p.Ladder != nil {
		return
	}
	if row == nil {
		row = &Position{Least: *p, Most: *p, Depends: []Limit{}}
		if row.Reached = p.Reached; !first {
			row.Least.Amount, row.Least.Fraction, row.Least.Below, row.Least.Above = ratio.Ratio{}, ratio.Ratio{}, nil, nil
			row.Least.With, row.Least.Reached, row.Reached = []string{}, []ratio.Ratio{}, []ratio.Ratio{}
		}
		q.rows[key] = row
	}
	if p.Fraction.Less(row.Least.Fraction) {
		row.Least = *p
	}
	if row.Most.Fraction.Less(p.Fraction) {
		row.Most = *p
	}
	row.Reached = row.Least.Reached
}

// sorted returns the rows with the limits that depend.
func (q *run) sorted() []Position {
	out := []Position{}
	for _, row := range q.rows {
		for _, limit := range row.Most.Reached {
			if !slices.ContainsFunc(row.Reached, limit.Equal) {
				row.Depends = append(row.Depends, Limit{limit, []crossholding.BandedStake{}, []crossholding.BandedStake{}})
			}
		}
		out = append(out, *row)
	}
	slices.SortFunc(out, func(x, y Position) int {
		a, b := &x.Most, &y.Most
		return cmp.Or(strings.Compare(a.Holder, b.Holder), strings.Compare(a.Issuer, b.Issuer), strings.Compare(a.Rule, b.Rule), strings.Compare(string(a.Base), string(b.Base)))
	})
	return out
}

// overReadings answers for a book without bands, from the positions in each reading of the law.
func (q *run) overReadings(all [][]compliance.Position) []Position {
	count := map[[4]string]int{}
	for _, list := range all {
		for i := range list {
			q.add(&list[i], true)
			count[[4]string{list[i].Holder, list[i].Issuer, list[i].Rule, string(list[i].Base)}]++
		}
	}
	for key, row := range q.rows {
		if count[key] < len(all) {
			row.Reached = []ratio.Ratio{}
		}
	}
	return q.sorted()
}

// banded answers for a book with bands.
func (q *run) banded(ctx context.Context, decide bool) ([]Position, error) {
	doubt, err := q.book.VotesInDoubt(ctx, q.opt.Voting)
	if err != nil {
		return nil, err
	}
	if q.law, err = newLawDoubt(ctx, q.book, doubt, q.opt.Voting); err != nil {
		return nil, err
	}
	q.opt.Voting.NoLaw = true
	all := q.opt
	all.Holder = ""
	least, err := q.try(ctx, q.book.Lowest(), all)
	if err != nil {
		return nil, err
	}
	for i := range least {
		if q.opt.Holder == "" || q.opt.Holder == least[i].Holder {
			q.add(&least[i], true)
		}
	}
	some, err := q.try(ctx, q.book.AboveLowest(), all) // a band from 0 has a position too
	if err != nil {
		return nil, err
	}
	at := map[[4]string]banded.Completion{}
	for x := range q.book.Holders(q.opt.Holder, doubt) {
		for _, way := range q.ways(x) {
			c, err := q.book.Counted(ctx, way.first, way.with, q.opt.Voting)
			if err != nil {
				return nil, err
			}
			one := q.opt
			one.Holder = x
			most, err := q.try(ctx, c, one)
			if err != nil {
				return nil, err
			}
			for i := range most {
				q.add(&most[i], false)
				key := [4]string{x, most[i].Issuer, most[i].Rule, string(most[i].Base)}
				if row := q.rows[key]; row != nil && row.Most.Fraction.Equal(most[i].Fraction) {
					at[key] = c
				}
			}
		}
		for i := range some { // a rule of which somebody has a position
			p := compliance.Position{Holder: x, Issuer: some[i].Issuer, With: []string{}, Rule: some[i].Rule, Kind: some[i].Kind, Citation: some[i].Citation, Verified: some[i].Verified,
				Base: some[i].Base, Ladder: some[i].Ladder, AtLeast: some[i].AtLeast, AtMost: some[i].AtMost, Of: some[i].Of, Reached: []ratio.Ratio{}}
			unsure, _ := doubt.Fewer().Concerns(p.Issuer, x)
			if unsure && x != p.Issuer && q.law.mayHaveNone(&p) {
				q.add(&p, false)
			}
		}
	}
	return q.finish(ctx, doubt, at, decide)
}

// way is a completion in which much counts as a holder's: first gets what it can, with others.
type way struct {
	first string
	with  banded.With
}

// ways lists the completions in which the most can count as a holder's. A partner in a concert may
// control companies only where the holder does not take the votes first.
func (q *run) ways(holder string) []way {
	out := []way{{holder, banded.Nobody}}
	if q.opt.Alone {
		return out
	}
	out = append(out, way{holder, banded.Subsidiaries}, way{holder, banded.Partners})
	seen := map[string]bool{holder: true}
	for _, ag := range q.book.Given.Agreements {
		if ag.Kind != crossholding.AgreementConcert || !slices.Contains(ag.Holders, holder) {
			continue
		}
		for _, x := range ag.Holders {
			if !seen[x] {
				seen[x] = true
				out = append(out, way{x, banded.Subsidiaries}, way{x, banded.Partners})
			}
		}
	}
	return out
}

// try answers for a completion.
func (q *run) try(ctx context.Context, c banded.Completion, opt compliance.ThresholdOptions) ([]compliance.Position, error) {
	return banded.Ask(q.book, c, func(a *crossholding.Alliance, _ banded.Completion) ([]compliance.Position, error) {
		return compliance.Thresholds(ctx, a, opt)
	})
}

// through reports whether a holder has something of a company that has shares of the issuer,
// directly or through others: then bands decide whether it has enough votes of that company. The
// issuer is such a company only if the holder may have more than enough of it.
func (q *run) through(p *compliance.Position, enough ratio.Ratio) bool {
	g := q.book.Alliance.Graph()
	x, err := g.Node(p.Issuer)
	who, errHolder := g.Node(p.Holder)
	if err != nil || errHolder != nil {
		return true
	}
	behind := func(y int32) (out []int32) {
		from, to := g.Stakes(y)
		for e := from; e < to; e++ {
			s := g.Stake(e)
			out = append(out, s.Holder, s.Beneficiary, s.Voter)
		}
		return out
	}
	seen := map[int32]bool{crossholding.NoNode: true, who: true}
	next := behind(x)
	if seen[x] = !enough.Less(p.Fraction); !seen[x] {
		if _, treasury := g.Issued(x); treasury.Sign() > 0 {
			next = append(next, x)
		}
	}
	for len(next) > 0 {
		y := next[len(next)-1]
		if next = next[:len(next)-1]; seen[y] || !g.HasShares(y) {
			continue
		}
		seen[y] = true
		above := behind(y)
		if slices.Contains(above, who) {
			return true
		}
		next = append(next, above...)
	}
	return false
}

// finish marks what is in doubt, and finds the stakes that decide.
func (q *run) finish(ctx context.Context, doubt *banded.DoubtfulVotes, at map[[4]string]banded.Completion, decide bool) ([]Position, error) {
	rules := slices.Concat(q.opt.Thresholds, q.opt.Extra)
	if q.opt.Thresholds == nil {
		rules = slices.Concat(law.Thresholds(), q.opt.Extra)
	}
	out := q.sorted()
	for i := range out {
		p := &out[i].Most
		rule := rules[slices.IndexFunc(rules, func(r law.Threshold) bool { return r.ID == p.Rule })]
		of := doubt.Fewer()
		if !slices.Contains(rule.Counts, law.CastAtWill) {
			of = doubt // votes and money may compete for the same shares
		}
		out[i].Doubt, _ = of.Concerns(p.Issuer, p.Holder)
		out[i].Doubt = out[i].Doubt || rule.Aggregate && !slices.Equal(p.With, out[i].Least.With)
		through := slices.Contains(rule.Counts, law.ThroughStakes) && !q.opt.Alone && q.through(p, rule.Deemed.Share)
		out[i].Doubt = out[i].Doubt || through
		if out[i].Doubt && !rule.Aggregate && !through && q.law.counts(p.Holder, p.Issuer) == own {
			if out[i].Doubt = p.Base == law.OfExercisable; out[i].Doubt {
				q.law.limits(&out[i], &rule)
				continue
			}
		}
		if out[i].Doubt {
			out[i].Reached, out[i].Depends = []ratio.Ratio{}, []Limit{}
			for _, limit := range slices.SortedFunc(slices.Values(rule.Limits), ratio.Ratio.Cmp) {
				out[i].Depends = append(out[i].Depends, Limit{limit, []crossholding.BandedStake{}, []crossholding.BandedStake{}})
			}
			continue
		}
		for j := range out[i].Depends {
			if decide {
				if err := q.decide(ctx, p, &out[i].Depends[j], at[[4]string{p.Holder, p.Issuer, p.Rule, string(p.Base)}]); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// decide finds the stakes that decide whether a limit is reached.
func (q *run) decide(ctx context.Context, p *compliance.Position, of *Limit, at banded.Completion) (err error) {
	same := func(o *compliance.Position) bool { return o.Rule == p.Rule && o.Base == p.Base }
	d := banded.Decider{Book: q.book, Behind: q.book.All(), Is: func(c banded.Completion) (bool, error) {
		list, err := q.try(ctx, c, q.opt)
		return slices.ContainsFunc(list, func(o compliance.Position) bool { return same(&o) && slices.ContainsFunc(o.Reached, of.Limit.Equal) }), err
	}, Never: func(a *crossholding.Alliance) (bool, error) {
		list, err := bound(ctx, a, q.opt, false)
		return !slices.ContainsFunc(list, func(o Position) bool { return same(&o.Most) && o.Answer(of.Limit) != crossholding.CertaintyNo }), err
	}}
	of.Yes, of.No, err = d.Decide(at)
	return err
}

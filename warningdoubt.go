package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// doubtWarnings counts the votes again under each doubt of a rule that reaches a company of the
// book, and warns where others count. A register is too large for this.
func (v *Votes) doubtWarnings(ctx context.Context, table []law.Statute) (out []Warning, err error) {
	if v.a.ledger == nil || v.a.register != nil {
		return nil, nil
	}
	var was map[[2]int32]ratio.Ratio
	for i := range table {
		s := &table[i]
		if len(s.Doubts) == 0 || !v.a.reaches(s) {
			continue
		}
		if was == nil {
			was = v.exercisable()
		}
		for k := range s.Doubts {
			opt := v.opt
			opt.Statutes, opt.Extra = s.Doubts[k].Apply(table, s.ID), nil
			other, err := v.a.Votes(ctx, opt)
			if ctx.Err() != nil {
				return nil, stopped(ctx)
			}
			if err != nil {
				out = append(out, Warning{Text: fmt.Sprintf("rule %s can be another, if %s: the votes cannot then be counted: %s",
					s.ID, s.Doubts[k].If, strings.TrimPrefix(err.Error(), "crossholding: "))})
				continue
			}
			if w, ok := v.doubtWarning(s, &s.Doubts[k], was, other.exercisable()); ok {
				out = append(out, w)
			}
		}
	}
	return out, nil
}

// reaches reports whether a statute is law in a company of the book with shares.
func (a *Alliance) reaches(s *law.Statute) bool {
	return slices.ContainsFunc(a.ledger.companies, func(c companyRecord) bool {
		issuer := c.lawOf()
		n, ok := a.node(issuer.ID)
		return ok && a.graph.IssuesShares(n) && s.Reaches(&issuer, a.AsOf())
	})
}

// exercisable adds up the votes that the law leaves, by company and by holder.
func (v *Votes) exercisable() map[[2]int32]ratio.Ratio {
	out := map[[2]int32]ratio.Ratio{}
	g := v.a.Graph()
	for x := range int32(g.Len()) {
		for e, k := range v.Stakes(x) {
			at := [2]int32{x, g.Stake(e).Holder}
			out[at] = out[at].Add(k.Exercisable)
		}
	}
	return out
}

// doubtWarning names the holders of which other votes count if a doubt holds, or returns false if
// there are none.
func (v *Votes) doubtWarning(s *law.Statute, d *law.Doubt, was, is map[[2]int32]ratio.Ratio) (Warning, bool) {
	g := v.a.Graph()
	differ := func(at [2]int32) bool { return !was[at].Equal(is[at]) }
	at := slices.SortedFunc(maps.Keys(was), func(p, q [2]int32) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
	if at = slices.DeleteFunc(at, func(k [2]int32) bool { return !differ(k) }); len(at) == 0 {
		return Warning{}, false
	}
	list := make([]string, len(at))
	for i, k := range at {
		list[i] = fmt.Sprintf("%s has %s votes in %s instead of %s", g.ID(k[1]), is[k].Grouped(), g.ID(k[0]), was[k].Grouped())
	}
	w := Warning{Text: fmt.Sprintf("rule %s can be another, if %s: then %s", s.ID, d.If, text.Some(list, 5))}
	if len(at) == 1 {
		w.Holder, w.Issuer = g.ID(at[0][1]), g.ID(at[0][0])
	}
	return w, true
}

// tierWarnings warns of companies whose votes count in another under the same controller, if a
// rule takes the place of the issuer by its controllers: it is tested only where the two hold each
// other, directly or through others.
func (v *Votes) tierWarnings(ctx context.Context, table []law.Statute) (out []Warning, err error) {
	i := slices.IndexFunc(table, func(s law.Statute) bool { return s.Tiers && v.a.ledger != nil && v.a.reaches(&s) }) // a register names no company
	if i < 0 {
		return nil, nil
	}
	t, err := v.Tally(BasisExercisable)
	if err != nil {
		return nil, err
	}
	over, err := t.Chains(ctx, Rule{NoFacts: true})
	if err != nil {
		return nil, err
	}
	part, err := v.a.components(ctx)
	if err != nil {
		return nil, err
	}
	g := v.a.Graph()
	for at, votes := range v.exercisable() {
		x, y := at[0], at[1]
		issuer, ok := v.a.lawOf(x)
		if !ok || !g.HasShares(y) || votes.Sign() == 0 || !table[i].Reaches(&issuer, v.a.AsOf()) || part[x] != 0 && part[x] == part[y] || over.Controls(y, x) {
			continue
		}
		for _, p := range over.Controllers(x) {
			if p != y && over.Controls(p, y) {
				out = append(out, Warning{Holder: g.ID(y), Issuer: g.ID(x), Text: fmt.Sprintf("%s controls %s and %s, and %s votes of %s in %s count: rule %s is not tested between companies that hold shares one way",
					g.ID(p), g.ID(x), g.ID(y), votes.Grouped(), g.ID(y), g.ID(x), table[i].ID)})
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b Warning) int { return cmp.Compare(a.Text, b.Text) })
	return out, nil
}

// perShareWarnings warns of companies of which the classes have different votes, where a rule counts
// votes and the law counts shares that can vote: where the issuer and the company hold each other.
func (v *Votes) perShareWarnings(ctx context.Context, table []law.Statute) ([]Warning, error) {
	if v.a.ledger == nil {
		return nil, nil
	}
	part, err := v.a.components(ctx)
	if err != nil {
		return nil, err
	}
	g := v.a.Graph()
	mixed := map[string][]string{} // by rule
	for i := range v.a.ledger.companies {
		c := &v.a.ledger.companies[i]
		y, ok := v.a.node(c.ID)
		if !ok || part[y] == 0 || !c.mixedVotes() {
			continue
		}
		for s := range table {
			if rule := &table[s]; rule.PerShare && slices.ContainsFunc(v.a.ledger.companies, func(o companyRecord) bool {
				issuer := o.lawOf()
				x, ok := v.a.node(o.ID)
				return ok && x != y && part[x] == part[y] && g.HasShares(x) && rule.Reaches(&issuer, v.a.AsOf())
			}) {
				mixed[rule.ID] = append(mixed[rule.ID], c.ID)
			}
		}
	}
	var out []Warning
	for _, id := range slices.Sorted(maps.Keys(mixed)) {
		out = append(out, aboutCompanies(mixed[id], fmt.Sprintf("shares have different votes: rule %s counts votes, and its article shares that can vote", id)))
	}
	return out, nil
}

// mixedVotes reports whether two classes with shares have different votes, and neither has none.
func (c *companyRecord) mixedVotes() bool {
	var votes ratio.Ratio
	for i := range c.classes {
		k := &c.classes[i]
		switch {
		case k.issued.Sign() == 0 || k.votes.Sign() == 0:
		case votes.Sign() == 0:
			votes = k.votes
		case !votes.Equal(k.votes):
			return true
		}
	}
	return false
}

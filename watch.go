package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// watch looks for crossings.
type watch struct {
	table []law.Threshold
	laws  []law.Statute
	noLaw bool
	alone bool
	found []Crossing
	above *majority.Forest     // who controls whom by majority, after the last step
	last  map[int32]*standings // after that step, where they were counted
}

// look is one company's meeting on either side of a step.
type look struct {
	step     int
	c        int32
	g        *graph.Graph
	old, now *standings
}

// turns reports whether other rules are in force on a day than on the one before.
func (w *watch) turns(day, before date.Date) bool {
	amended := func(from, to date.Date) bool { return law.InForce(day, from, to) != law.InForce(before, from, to) }
	return day != before && (slices.ContainsFunc(w.laws, func(s law.Statute) bool { return amended(s.From, s.To) }) ||
		slices.ContainsFunc(w.table, func(t law.Threshold) bool { return amended(t.From, t.To) }))
}

// step compares two counts.
func (w *watch) step(ctx context.Context, i int, issuer string, dated bool, before, after *Votes) error {
	g := &after.a.graph
	above, err := after.majorities(ctx)
	if err != nil {
		return err
	}
	first, next := len(w.found), map[int32]*standings{}
	for n, c := range w.touched(issuer, dated, before, after, above) {
		if n&0xff == 0xff && ctx.Err() != nil {
			return stopped(ctx)
		}
		if !g.IssuesShares(c) && !before.a.graph.IssuesShares(c) {
			continue
		}
		k := look{step: i, c: c, g: g, old: w.last[c], now: after.standings(c)}
		if k.old == nil {
			k.old = before.standings(c)
			k.old.gather(c, w.above)
		}
		k.now.gather(c, above)
		next[c] = k.now
		w.company(&k, after, above)
	}
	w.above, w.last = above, next
	slices.SortFunc(w.found[first:], func(a, b Crossing) int {
		return cmp.Or(strings.Compare(a.Holder, b.Holder), strings.Compare(a.Issuer, b.Issuer),
			strings.Compare(a.Rule, b.Rule), strings.Compare(string(a.Base), string(b.Base)), a.Limit.Cmp(b.Limit))
	})
	return nil
}

// touched returns the companies in which a stake can have changed: the issuer
// that the step was about, meetings that law or contract touch, and those in
// which a company holds that is now under others than before; on a day on which
// rules change, all.
func (w *watch) touched(issuer string, dated bool, before, after *Votes, above *majority.Forest) []int32 {
	g := &after.a.graph
	var at []int32
	for y := range int32(len(g.IDs)) {
		if dated {
			at = append(at, y)
		} else if g.IssuesShares(y) && !slices.Equal(slices.Collect(w.above.Controllers(y)), slices.Collect(above.Controllers(y))) {
			for _, e := range slices.Concat(g.ByBeneficiary.Of(y), g.ByVoter.Of(y)) {
				at = append(at, g.Issuer[e])
			}
		}
	}
	if c, ok := after.a.node(issuer); ok {
		at = append(at, c)
	}
	at = slices.AppendSeq(at, maps.Keys(before.special))
	at = slices.AppendSeq(at, maps.Keys(after.special))
	slices.Sort(at)
	return slices.Compact(at)
}

func (w *watch) company(k *look, after *Votes, above *majority.Forest) {
	about, _ := after.a.lawOf(k.c)
	nodes := slices.Concat(k.old.nodes, k.now.nodes)
	nodes = slices.AppendSeq(nodes, maps.Keys(k.old.under))
	nodes = slices.AppendSeq(nodes, maps.Keys(k.now.under))
	slices.Sort(nodes)
	nodes = slices.DeleteFunc(slices.Compact(nodes), func(who int32) bool {
		return who == k.c || k.old.same(k.now, who) // the float, and most others at most steps
	})
	if len(nodes) == 0 {
		return
	}
	for t := range w.table {
		rule := &w.table[t]
		if !rule.Reaches(&about, after.a.AsOf()) {
			continue
		}
		for _, who := range nodes {
			for _, base := range rule.Bases {
				w.compare(k, who, rule, base, w.alone)
			}
		}
	}
	if !w.noLaw {
		w.reciprocity(k, nodes, after.a, above)
	}
}

// reciprocity compares stakes in the company with the limits of the statutes
// under which the holder's meeting silences the company's votes there, and
// those of companies under it.
func (w *watch) reciprocity(k *look, nodes []int32, a *Alliance, above *majority.Forest) {
	for _, who := range nodes {
		if !k.g.IssuesShares(who) {
			continue
		}
		through := holds(k.g, k.c, who, above)
		if through == 0 {
			continue
		}
		meeting, _ := a.lawOf(who)
		issuer, _ := a.lawOf(k.c)
		for i := range w.laws {
			s := &w.laws[i]
			if s.Kind == law.TestOwnShares || !s.Reaches(&meeting, a.AsOf()) || !s.ReachesHolder(&meeting, &issuer) {
				continue
			}
			if through == 2 && s.Kind != law.TestControls && (s.Kind != law.TestMutual || !s.Group) {
				continue // the rule asks about the holder itself
			}
			rule := law.Threshold{
				ID: s.ID, Kind: law.ReciprocityThreshold, Citation: s.Citation, Verified: s.Verified, AtLeast: s.AtLeast,
				Limits: []ratio.Ratio{s.Threshold}, Cast: s.Measure != law.MeasureShares,
			}
			if !s.Presumed.IsZero() {
				rule.Limits = []ratio.Ratio{s.Presumed, s.Threshold}
			}
			base := law.OfExercisable
			switch {
			case s.Measure == law.MeasureShares && s.Treasury:
				base = law.OfCapital
			case s.Measure == law.MeasureShares:
				base = law.OfShares
			case s.CountsSuspended && s.Treasury:
				base = law.OfTheoretical
			case s.CountsSuspended:
				base = law.OfVoting
			}
			w.compare(k, who, &rule, base, w.alone || s.Kind != law.TestControls && !s.Group)
		}
	}
}

// holds returns 1 if c has a stake in who, in its name, for its money or with
// its vote; 2 if only companies have that it controls; else 0.
func holds(g *graph.Graph, c, who int32, above *majority.Forest) int {
	from, to := g.Column(who)
	through := 0
	for e := from; e < to; e++ {
		for _, y := range [...]int32{g.Holder[e], g.Beneficiary[e], g.Voter[e]} {
			switch {
			case y == c:
				return 1
			case y != graph.None && above.Controls(c, y):
				through = 2
			}
		}
	}
	return through
}

// compare adds the limits of one rule that lie between two figures of one holder.
func (w *watch) compare(k *look, who int32, rule *law.Threshold, base law.ThresholdBase, alone bool) {
	was, is := k.old.share(who, base, rule.Cast, alone), k.now.share(who, base, rule.Cast, alone)
	if was.Equal(is) {
		return
	}
	for _, limit := range rule.Limits {
		up := rule.Passed(is, limit)
		if up == rule.Passed(was, limit) {
			continue
		}
		at := Crossing{
			Step: k.step, Holder: k.g.IDs[who], Issuer: k.g.IDs[k.c],
			Rule: rule.ID, Kind: rule.Kind, Citation: rule.Citation, Verified: rule.Verified,
			Base: base, Limit: limit, AtLeast: rule.AtLeast, Up: up, Before: was, After: is,
		}
		if !alone {
			at.With = k.g.Names(k.with(who, rule.Cast))
		}
		w.found = append(w.found, at)
	}
}

// with returns the companies under who that have something of what a rule
// counts, before or after.
func (k *look) with(who int32, cast bool) []int32 {
	var out []int32
	for _, s := range [...]*standings{k.old, k.now} {
		for _, y := range s.under[who] {
			if !s.get(y).claim(cast).shares.IsZero() {
				out = append(out, y)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// majorities returns who controls whom by a majority of exercisable votes.
func (v *Votes) majorities(ctx context.Context) (*majority.Forest, error) {
	f, err := v.ballot(Exercisable).Engine.Forest(ctx, tally.Rule(ratio.Of(1, 2), true))
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return f, nil
}

package crossholding

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/law"
)

// lawControls returns the facts of control in force, in the order of [Tally.Facts], if some rule
// counts one of them, and otherwise nil. It leaves out agreements on boards that depend on
// suspended votes: the law decides about these.
func (a *Alliance) lawControls(rules []law.Statute) []suspension.Fact {
	x := a.facts(nil)
	if x.engine.Len() == 0 {
		return nil
	}
	out := make([]suspension.Fact, len(x.list))
	counted := map[ControlMeans]bool{}
	some := false
	for i := range x.list {
		f, by := x.engine.Fact(int32(i)), ControlByAppointment
		if x.list[i].fact != nil {
			by = x.list[i].fact.By
		}
		out[i] = suspension.Fact{Controllers: f.Controllers, Node: f.Node, By: by, Rights: f.Rights}
		if _, known := counted[by]; !known {
			counted[by] = suspension.Counted(rules, by)
		}
		some = some || counted[by]
	}
	if !some {
		return nil
	}
	return out
}

// componentsWith numbers the strongly connected components of companies that stakes and facts of
// control join. The first call finds them and keeps them.
func (a *Alliance) componentsWith(ctx context.Context, facts []suspension.Fact) ([]int32, error) {
	if len(facts) == 0 {
		return a.components(ctx)
	}
	if a.cache.parts.Lock(ctx) != nil {
		return nil, stopped(ctx)
	}
	defer a.cache.parts.Unlock()
	if a.cache.jointPart == nil {
		above := map[int32][]int32{}
		for _, f := range facts { // the same in every call: those in force
			above[f.Node] = append(above[f.Node], f.Controllers...)
		}
		part, err := a.graph.ComponentsWith(ctx, above)
		if err != nil {
			return nil, err
		}
		a.cache.jointPart = part
	}
	return a.cache.jointPart, nil
}

// corporate reports whether a node that issues no shares is a company: one that nobody holds, a
// party of this kind, or one of a register that a fact of control is about.
func (a *Alliance) corporate(c int32) bool {
	if a.register != nil {
		return a.register.named[c]
	}
	if a.bookCompany(c) != nil {
		return true
	}
	p := a.ledger.party(a.graph.IDs.At(c))
	return p != nil && p.Kind == KindCompany
}

// lawProofFacts returns the facts that a statute counts, by their numbers in the groups of the
// law's search.
func (v *Votes) lawProofFacts(s *law.Statute) *factIndex {
	all := v.a.facts(nil).list
	out := &factIndex{a: v.a}
	for _, i := range v.law.FactsOf(s) {
		out.list = append(out.list, all[i])
	}
	return out
}

// factText names the facts of control by which x controls companies, in the sense of a statute.
func (v *Votes) factText(ctx context.Context, s *law.Statute, x int32, under []int32, name naming) (text string) {
	facts := v.lawProofFacts(s)
	if len(facts.list) == 0 {
		return ""
	}
	var seen []string
	for _, y := range under {
		votes, group, in, err := v.law.Control(ctx, s, x, y)
		if err != nil || !group.Controls(in) {
			continue
		}
		for _, step := range proofOf(votes, facts, group, in, s.Presumed).Steps {
			if step.Fact == nil {
				continue
			}
			if said := step.Fact.WithNames(name).String(); !slices.Contains(seen, said) {
				seen = append(seen, said)
				text += "; " + said
			}
		}
	}
	return text
}

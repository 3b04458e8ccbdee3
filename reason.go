package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Reason says which of a holder's votes do not count, and why. It is immutable.
type Reason struct {
	Holder   string      `json:"holder"`
	Issuer   string      `json:"issuer"`
	Rule     string      `json:"rule"`               // id of the statute or agreement, [ReasonTreasury] or [ReasonVoter]
	Citation string      `json:"citation,omitempty"` // article of law; empty for contracts
	Votes    ratio.Ratio `json:"votes"`              // the number of votes that the rule takes
	because  func(name naming) string
	name     naming
	doubtful bool // readings of the law differ on these votes, and a policy chose
}

// These are the rules of reasons that are neither a statute nor an agreement.
const (
	ReasonTreasury = "treasury" // the issuer's own shares
	ReasonVoter    = "voter"    // the stake names another voter
)

// Because returns the reason as a sentence with the figures of the test.
func (r Reason) Because() string {
	if r.because == nil {
		return ""
	}
	if r.name == nil {
		return r.because(func(id string) string { return id })
	}
	return r.because(r.name)
}

// String returns the reason as a sentence with the votes, whose they are, and the article or
// the agreement. Of a company known only in percent, a vote is a percentage point.
func (r Reason) String() string {
	name := r.name
	if name == nil {
		name = func(id string) string { return id }
	}
	if r.because == nil {
		return fmt.Sprintf("%s's %s votes in %s (%s)", name(r.Holder), r.Votes.Grouped(), name(r.Issuer), cmp.Or(r.Citation, r.Rule))
	}
	votes := r.Votes.Grouped() + " votes"
	verdict := "do not count"
	switch one := r.Votes.Equal(ratio.Int(1)); {
	case one && r.doubtful:
		votes, verdict = "1 vote", "is in doubt"
	case r.doubtful:
		verdict = "are in doubt"
	case one:
		votes, verdict = "1 vote", "does not count"
	}
	return fmt.Sprintf("%s of %s in %s %s: %s (%s)", votes, name(r.Holder), name(r.Issuer), verdict, r.Because(), cmp.Or(r.Citation, r.Rule))
}

// WithNames returns the reason with ids replaced by names in its sentence, as by
// [Alliance.Name].
func (r Reason) WithNames(name func(id string) string) Reason {
	r.name = name
	return r
}

// naming returns the name for an id in a sentence.
type naming func(id string) string

// name sets the holder and the issuer of each reason.
func (c *VoteCount) name() {
	for i := range c.Reasons {
		c.Reasons[i].Holder, c.Reasons[i].Issuer = c.Holder, c.Issuer
	}
}

// gather joins equal reasons of several stakes and adds up their votes. Reasons of law
// come first.
func (c *VoteCount) gather() {
	if len(c.Reasons) < 2 {
		return
	}
	times := make(map[string]int, len(c.Reasons))
	for _, r := range c.Reasons {
		times[r.Rule]++
	}
	at := make(map[[2]string]int)
	out := c.Reasons[:0]
	for _, r := range c.Reasons {
		if times[r.Rule] > 1 {
			key := [2]string{r.Rule, r.Because()}
			if i, ok := at[key]; ok {
				out[i].Votes = out[i].Votes.Add(r.Votes)
				continue
			}
			at[key] = len(out)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Reason) int {
		return cmp.Compare(min(len(b.Citation), 1), min(len(a.Citation), 1))
	})
	c.Reasons = out
}

// voterReason returns the reason for a stake that names another voter.
func (v *Votes) voterReason(e int32, votes ratio.Ratio) []Reason {
	g := &v.a.graph
	if g.Voter[e] == g.Holder[e] || votes.IsZero() {
		return nil
	}
	return []Reason{{Rule: ReasonVoter, Votes: votes, because: func(name naming) string {
		if g.Voter[e] == graph.None {
			return fmt.Sprintf("%s's votes are cast so that they never move a result", name(g.IDs.At(g.Holder[e])))
		}
		return fmt.Sprintf("%s's votes are cast by %s", name(g.IDs.At(g.Holder[e])), name(g.IDs.At(g.Voter[e])))
	}}}
}

func (v *Votes) treasuryReason(m *meeting, c int32) []Reason {
	if m.treasury.IsZero() {
		return []Reason{}
	}
	r := Reason{Rule: ReasonTreasury, Votes: m.treasury}
	if v.law != nil {
		if s := v.law.OwnShares(c); s != nil {
			r.Rule, r.Citation = s.ID, s.Citation
		}
	}
	id := v.a.graph.IDs.At(c)
	r.because = func(name naming) string { return fmt.Sprintf("%s's own shares do not vote", name(id)) }
	return []Reason{r}
}

// lawReason returns why votes are suspended in the reading that applies.
func (v *Votes) lawReason(i int, taken suspension.Suspended) Reason {
	r := Reason{Holder: v.a.graph.IDs.At(v.a.graph.Holder[taken.Stake]), Issuer: v.a.graph.IDs.At(v.a.graph.Issuer[taken.Stake]), Rule: taken.Rule.ID, Citation: taken.Rule.Citation, Votes: taken.Votes}
	rule, issuer, holder := v.law.Cause(i)
	r.because = func(name naming) string { return v.lawTest(rule, issuer, holder, name) }
	if c := v.choiceOf(taken.Stake); c != nil {
		r.because = func(name naming) string {
			return v.lawTest(rule, issuer, holder, name) + "; " + c.String()
		}
	}
	return r
}

// lawTest returns the test of a statute in words, with its figures.
func (v *Votes) lawTest(s *law.Statute, issuer, holder int32, name naming) string {
	ctx := context.Background()
	g := &v.a.graph
	if s.Kind == law.TestControls {
		votes, group, in, err := v.law.Control(ctx, s, issuer, holder)
		if err != nil {
			return err.Error()
		}
		text := fmt.Sprintf("%s controls %s: %s", name(g.IDs.At(issuer)), name(g.IDs.At(holder)), proofOf(votes, v.lawProofFacts(s), group, in, s.Presumed).WithNames(name))
		if s.CountsSuspended {
			text += ", suspended votes counted"
		}
		return text
	}
	text := v.holdingText(ctx, s, issuer, holder, name)
	if tier, above, err := v.law.Above(ctx, s, issuer, holder); err != nil {
		return err.Error()
	} else if above {
		text = fmt.Sprintf("%s controls %s; %s", name(g.IDs.At(tier.Company)), name(g.IDs.At(issuer)), v.tierText(s, tier, holder, name))
	}
	if s.Kind == law.TestMutual {
		text += ", and " + v.holdingText(ctx, s, holder, issuer, name)
	}
	switch s.Effect {
	case law.EffectExcess, law.EffectSecondToCross:
		text += fmt.Sprintf("; votes above %s are suspended", s.Threshold.PercentString())
	case law.EffectCap:
		text += fmt.Sprintf("; at most %s of the votes may be cast", s.MaxFraction.PercentString())
	case law.EffectPart:
		text += fmt.Sprintf("; at most %s of its own votes may be cast", s.MaxFraction.PercentString())
	case law.EffectSmaller:
		text += "; the smaller of the two holdings is suspended, and of equal ones what is above the limit"
	}
	return text
}

// holdingText returns in words what x has of y, as a statute measures it.
func (v *Votes) holdingText(ctx context.Context, s *law.Statute, x, y int32, name naming) string {
	have, base, err := v.law.Holding(ctx, s, x, y)
	if err != nil || base.IsZero() {
		return ""
	}
	under, err := v.law.Subsidiaries(ctx, s, x, y)
	if err != nil {
		return ""
	}
	return v.tierText(s, suspension.Tier{Company: x, Under: under, Have: have, Base: base}, y, name) + v.factText(ctx, s, x, under, name)
}

// tierText returns in words what a company has of y with companies under it.
func (v *Votes) tierText(s *law.Statute, x suspension.Tier, y int32, name naming) string {
	g := &v.a.graph
	what := "votes"
	if s.Measure == law.MeasureShares {
		what = "shares"
	}
	names := make([]string, len(x.Under))
	for i, c := range x.Under {
		names[i] = name(g.IDs.At(c))
	}
	with := ""
	if len(names) > 0 {
		with = " with " + text.Some(names, 5)
	}
	counted := ""
	if s.CountsSuspended && s.Measure != law.MeasureShares {
		counted = ", suspended votes counted"
	}
	return fmt.Sprintf("%s%s has %s of %s %s of %s, %s%s: %s", name(g.IDs.At(x.Company)), with, x.Have.Grouped(), x.Base.Grouped(), what, name(g.IDs.At(y)),
		x.Have.Div(x.Base).ShortPercent(), counted, margin(s.Threshold, !s.AtLeast))
}

package crossholding

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/suspension"
)

// After counts the votes of another alliance with the options of v. The result is that of
// [Alliance.Votes]. If the other alliance comes from that of v by changes, such as one step of a
// scenario, After takes over what they leave as it is: the rules that reach the companies, the
// answer of the law, and whole meetings. That is faster. The errors are those of
// [Alliance.Votes].
func (v *Votes) After(ctx context.Context, a *Alliance) (*Votes, error) {
	v, a = v.orEmpty(), a.orEmpty()
	if !v.a.sameNodesAs(a) {
		return a.Votes(ctx, v.opt)
	}
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if err := a.requireExact("Bounds.Controls and Bounds.Suspended"); err != nil {
		return nil, err
	}
	a.takeComponents(v.a)
	return a.countVotes(ctx, v.opt, v)
}

// sameNodesAs reports whether an alliance comes from another by changes of figures and terms
// alone, so that both number the same companies, parties and stakes alike.
func (a *Alliance) sameNodesAs(b *Alliance) bool {
	g, h := &a.graph, &b.graph
	return a.register == nil && b.register == nil && graph.SameArray(g.Columns, h.Columns) && graph.SameArray(g.Record, h.Record)
}

// keeper takes over meetings from earlier votes of an alliance with the same nodes. The zero
// value but for v takes over nothing.
type keeper struct {
	v, earlier *Votes
	sameLaw    bool // the law gives the earlier answer
	sameTerms  bool // the agreements in force are the earlier ones
}

// lawAnswers reports whether the law gives the earlier answer to a question. If it does not, the
// search for the answer may still take over something.
func (k *keeper) lawAnswers(in *suspension.Input) bool {
	if k.earlier == nil || k.earlier.law == nil {
		return false
	}
	in.Rules, in.Earlier = k.earlier.law.Rules(), k.earlier.law // the options are the same
	return len(k.earlier.choices) == 0 && k.earlier.law.Answers(in)
}

// keepMeetings takes over the meetings that law or contract changes and that are as before.
func (k *keeper) keepMeetings() {
	if k.earlier == nil {
		return
	}
	if k.sameTerms = k.sameAgreements(); !k.sameTerms {
		return
	}
	for c, m := range k.earlier.special {
		if k.sameMeeting(c) {
			if k.v.special == nil {
				k.v.special = make(map[int32]*meeting, len(k.earlier.special))
			}
			k.v.special[c] = m
		}
	}
}

// kept reports whether the meeting of a company was taken over.
func (k *keeper) kept(c int32) bool {
	m := k.v.special[c]
	return m != nil && k.earlier != nil && m == k.earlier.special[c]
}

// sameMeeting reports whether the votes at a company, and what law and contract make of them,
// are as before. The agreements are.
func (k *keeper) sameMeeting(c int32) bool {
	a, before := k.v.a, k.earlier.a
	if !before.graph.SameFigures(&a.graph, c) || before.wholeVotes(c) != a.wholeVotes(c) {
		return false
	}
	if k.sameLaw || k.v.law == nil {
		return true
	}
	return !k.suspends(k.earlier.law, c) && !k.suspends(k.v.law, c) && k.earlier.law.TreasuryCounts(c) == k.v.law.TreasuryCounts(c)
}

// suspends reports whether the law suspends votes at a company.
func (k *keeper) suspends(law *suspension.Search, c int32) bool {
	for _, s := range law.Suspensions() {
		if k.v.a.graph.Issuer[s.Stake] == c {
			return true
		}
	}
	return false
}

// sameAgreements reports whether the agreements in force are the earlier ones.
func (k *keeper) sameAgreements() bool {
	return slices.EqualFunc(k.v.agreements, k.earlier.agreements, (*agreementRecord).same)
}

// same reports whether two agreements say the same of votes.
func (a *agreementRecord) same(b *agreementRecord) bool {
	return a == b || a.ID == b.ID && a.Kind == b.Kind && slices.Equal(a.Holders, b.Holders) && a.Issuer == b.Issuer && a.Leader == b.Leader &&
		a.max.Equal(b.max) && a.Of == b.Of && a.Excess == b.Excess
}

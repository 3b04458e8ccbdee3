// Questions of the whole graph. Some rules ask who holds more than half of the issued shares, or
// who controls a company from outside its component. Both questions are answered in the whole
// graph, with all votes: the answers are the same in every assignment.

package suspension

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// byShares reports whether s finds the companies of a group by shares.
func byShares(s *law.Statute) bool { return s.GroupBy == law.MeasureShares }

// shareGroup returns node x of the whole graph with the companies of which it holds more
// than half of the issued shares, itself or through such companies.
func (j *evaluation) shareGroup(ctx context.Context, x int32) (*majority.Group, error) {
	l := j.scope.search
	l.onceShares.Do(func() {
		l.shares = tally.New(l.g, &l.g.Capital, l.g.Beneficiary, &l.g.ByBeneficiary, tally.AllVotes(&l.g.Capital), nil)
	})
	if g := j.shareGroups[x]; g != nil {
		return g, nil
	}
	g, err := l.shares.Engine.Group(ctx, tally.Rule(ratio.Of(1, 2), true), x)
	if err != nil {
		return nil, fmt.Errorf("crossholding: shares held by %s: %w", l.g.IDs.At(x), err)
	}
	if j.shareGroups == nil {
		j.shareGroups = make(map[int32]*majority.Group)
	}
	j.shareGroups[x] = g
	return g, nil
}

// Tier is a company that controls an issuer, with what it has of a holder together with the
// companies that it controls.
type Tier struct {
	Company    int32
	Under      []int32 // the controlled companies that have some of it, in order of node
	Have, Base ratio.Ratio
}

// tier returns the first company above the issuer that has as much of the holder as s
// requires. It returns false if there is none, or if s has no tiers.
func (j *evaluation) tier(ctx context.Context, s *law.Statute, issuer, holder int32) (Tier, bool, error) {
	if !s.Tiers {
		return Tier{}, false, nil
	}
	l := j.scope.search
	tiers, err := l.wholeForest(ctx)
	if err != nil {
		return Tier{}, false, err
	}
	m, who, base := measured(l.g, s, holder)
	for x := range tiers.Controllers(issuer) {
		if _, company := l.in.Facts.Company(x); !company || x == holder {
			continue
		}
		above := Tier{Company: x, Base: base}
		from, to := l.g.Column(holder)
		for e := from; e < to; e++ {
			if y := who[e]; (y == x || y != graph.None && tiers.Controls(x, y)) && countsFor(s, l.g, e) {
				above.Have = above.Have.Add(l.g.Stake(m, e))
				if y != x {
					above.Under = append(above.Under, y)
				}
			}
		}
		if s.Passed(above.Have, base) {
			slices.Sort(above.Under)
			above.Under = slices.Compact(above.Under)
			return above, true, nil
		}
	}
	return Tier{}, false, nil
}

// wholeForest returns who controls whom in the whole graph by all votes.
func (l *Search) wholeForest(ctx context.Context) (*majority.Forest, error) {
	l.tiersMutex.Lock()
	defer l.tiersMutex.Unlock()
	if l.tiers == nil {
		votes := tally.New(l.g, &l.g.Votes, l.g.Voter, &l.g.ByVoter, tally.OutstandingVotes(l.g, &l.g.Votes, false), nil)
		f, err := votes.Engine.Forest(ctx, tally.Rule(ratio.Of(1, 2), true))
		if err != nil {
			return nil, fmt.Errorf("crossholding: %w", err)
		}
		l.tiers = f
	}
	return l.tiers, nil
}

// Above returns the company above the issuer for which a rule with tiers reaches the
// holder. It returns false if the issuer itself meets the test, or if there is none.
func (l *Search) Above(ctx context.Context, rule *law.Statute, issuer, holder int32) (Tier, bool, error) {
	if !rule.Tiers {
		return Tier{}, false, nil
	}
	j := &evaluation{scope: l.scope, assignment: l.chosen.votes}
	have, base, err := j.holding(ctx, rule, issuer, holder)
	if err != nil || rule.Passed(have, base) {
		return Tier{}, false, err
	}
	return j.tier(ctx, rule, issuer, holder)
}

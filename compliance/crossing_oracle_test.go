package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// oracleRules are rules for every company, with limits close to one another, on all bases and
// grounds. They are in force on all days.
func oracleRules() []law.Threshold {
	limits, all := partsOf(40), everyGround()
	return []law.Threshold{
		{ID: "all", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, AtLeast: true, Bases: []law.ThresholdBase{law.OfCapital, law.OfVoting}, Counts: all},
		{ID: "deemed", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, Bases: []law.ThresholdBase{law.OfShares}, Counts: all,
			Rights: law.RightsRule{Shares: law.RightsToNew, Within: 60, InBase: true}},
		{ID: "sum", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, AtLeast: true, Bases: []law.ThresholdBase{law.OfCapital}, Counts: all, Aggregate: true},
		{ID: "paper", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, AtLeast: true, Bases: []law.ThresholdBase{law.OfCapital},
			Counts: []law.Attribution{law.OfSubsidiaries, law.InConcert, law.RightsToShares, law.CashSettled}},
		{ID: "money", Kind: law.BidThreshold, Citation: "-", Limits: limits, AtMost: true, Bases: []law.ThresholdBase{law.OfTheoretical, law.OfExercisable}},
	}
}

// partsOf returns the fractions 1/n to (n-1)/n.
func partsOf(n int64) (out []ratio.Ratio) {
	for k := int64(1); k < n; k++ {
		out = append(out, ratio.Of(k, n))
	}
	return out
}

// everyGround returns all grounds of attribution.
func everyGround() []law.Attribution {
	return []law.Attribution{law.InOwnName, law.ForOwnMoney, law.CastAtWill, law.OfSubsidiaries, law.InConcert, law.RightsToShares, law.CashSettled}
}

// eventStory runs random steps and events, some of them at one moment, on a random book.
func eventStory(t *testing.T, rng *rand.Rand) *scenario.Outcome {
	t.Helper()
	b := booktest.RandomBook(rng)
	a := booktest.New(t, b)
	out := booktest.Run(t, b)
	var steps []scenario.Step
	for i := range 7 {
		if len(a.Book().Companies) == 0 {
			break // all were wound up
		}
		next := booktest.RandomEvent(rng, a.Book())
		switch rng.IntN(8) {
		case 0, 1:
			next = booktest.RandomStep(rng, a.Book())
		case 2:
			next = scenario.Step{Step: "agree", Agreement: randomPact(rng, a.Book(), i)}
		case 3:
			next = scenario.Step{Step: "end_agreement", ID: fmt.Sprintf("pact%d", rng.IntN(i+1))}
		case 4:
			next = scenario.Step{Step: "assert", Controls: []crossholding.ControlFact{randomFact(rng, a.Book())}}
		case 5:
			if list := a.Book().Controls; len(list) > 0 {
				next = scenario.Step{Step: "retract", Controls: list[:1]}
			}
		}
		next.Group = []string{"", "", "a", "b"}[rng.IntN(4)]
		o, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: append(slices.Clone(steps), next), Breaches: scenario.BreachesReport})
		if err == nil {
			out, steps, a = o, append(steps, next), o.After
		}
	}
	return out
}

// randomFact returns a fact of control of a company.
func randomFact(rng *rand.Rand, b crossholding.Book) crossholding.ControlFact {
	f := crossholding.ControlFact{Company: b.Companies[rng.IntN(len(b.Companies))].ID, By: crossholding.ControlByAppointment}
	if n := rng.IntN(len(b.Companies) + len(b.Parties)); n < len(b.Companies) {
		f.Controller = b.Companies[n].ID
	} else {
		f.Controller = b.Parties[n-len(b.Companies)].ID
	}
	return f
}

// randomPact returns an agreement of a random kind between two parties.
func randomPact(rng *rand.Rand, b crossholding.Book, i int) *crossholding.Agreement {
	var ids []string
	for _, c := range b.Companies {
		ids = append(ids, c.ID)
	}
	companies := len(ids)
	for _, p := range b.Parties {
		ids = append(ids, p.ID)
	}
	k := &crossholding.Agreement{ID: fmt.Sprintf("pact%d", i), Holders: []string{ids[rng.IntN(len(ids))]}, Issuer: ids[rng.IntN(companies)]}
	switch k.Kind = []crossholding.AgreementKind{"concert", "proxy", "cap", "neutral", "lock-up", "directors"}[rng.IntN(6)]; k.Kind {
	case crossholding.AgreementConcert:
		k.Holders = append(k.Holders, ids[rng.IntN(len(ids))])
	case crossholding.AgreementProxy:
		k.Leader = ids[rng.IntN(len(ids))]
	case crossholding.AgreementCap:
		k.Max = "10%"
	case crossholding.AgreementLockUp:
		k.Min = "10%"
	case crossholding.AgreementDirectors:
		k.Max = "60%"
	}
	return k
}

// place is where a stake is measured.
type place struct {
	holder, issuer, rule string
	base                 law.ThresholdBase
}

// fresh returns the fractions of all stakes in a state, of which a new book is made.
func fresh(t *testing.T, a *crossholding.Alliance, opt compliance.ThresholdOptions) (map[place]ratio.Ratio, error) {
	t.Helper()
	list, err := compliance.Thresholds(t.Context(), booktest.New(t, a.Book()), opt)
	out := map[place]ratio.Ratio{}
	for _, p := range list {
		if p.Kind == law.ReciprocityThreshold {
			continue
		}
		out[place{p.Holder, p.Issuer, p.Rule, p.Base}] = p.Fraction
	}
	return out, err
}

// TestCrossingsAgainstFreshThresholds compares every crossing of random scenarios with the
// thresholds of both states, each of which is counted as a whole.
func TestCrossingsAgainstFreshThresholds(t *testing.T) {
	rules := oracleRules()
	opt := compliance.ThresholdOptions{Thresholds: rules, Voting: crossholding.VotingOptions{Circular: crossholding.PolicyFewest}}
	found := 0
	for seed := range uint64(testkit.Cases(3000)) {
		rng := rand.New(rand.NewPCG(seed, 11))
		out := eventStory(t, rng)
		if seed%3 == 0 {
			out = randomStory(t, rng)
		}
		opt.Alone = seed%5 == 0
		list, err := compliance.Crossings(t.Context(), out, opt)
		require.NoError(t, err)
		list = slices.DeleteFunc(list, func(c compliance.Crossing) bool { return c.Kind == law.ReciprocityThreshold })
		var got, want []string
		for _, c := range list {
			got = append(got, fmt.Sprintf("%d %s %s %s %s %s %t %s %s", c.Step, c.Holder, c.Issuer, c.Rule, c.Base, c.Limit, c.Up, c.Before, c.After))
		}
		was, err := fresh(t, out.Before, opt)
		require.NoError(t, err)
		for s := range out.States() {
			if s.Within {
				continue
			}
			a, err := s.Alliance(t.Context())
			require.NoError(t, err)
			is, err := fresh(t, a, opt)
			require.NoError(t, err)
			want = append(want, crossed(s.Step, rules, was, is)...)
			was = is
		}
		slices.Sort(got)
		slices.Sort(want)
		require.Equal(t, want, got, "seed %d: %v", seed, out.Steps)
		found += len(got)
	}
	require.Greater(t, found, testkit.Cases(3000))
}

// crossed lists the limits that lie between two lists of fractions.
func crossed(step int, rules []law.Threshold, was, is map[place]ratio.Ratio) []string {
	places := map[place]bool{}
	for p := range was {
		places[p] = true
	}
	for p := range is {
		places[p] = true
	}
	var out []string
	for p := range places {
		i := slices.IndexFunc(rules, func(r law.Threshold) bool { return r.ID == p.rule })
		figure := p
		if rules[i].Aggregate {
			figure.rule = "all" // which has the same figures, and speaks of every holder
		}
		for _, limit := range rules[i].Limits {
			up, down := rules[i].Rises(was[figure], is[figure], limit), rules[i].Falls(was[figure], is[figure], limit)
			if up || down {
				out = append(out, fmt.Sprintf("%d %s %s %s %s %s %t %s %s", step, p.holder, p.issuer, p.rule, p.base, limit, up, was[figure], is[figure]))
			}
		}
	}
	return out
}

package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/ratio"
)

// Policy chooses one of several readings of the law, see [VotingOptions]. It chooses for
// each strongly connected component by itself. Of readings that are equal under the
// policy, it takes the first by the names of the issuers and holders whose votes are
// suspended.
type Policy string

// The policies. Votes of all companies are added up.
const (
	PolicyError  Policy = ""       // choose none: several readings are an error
	PolicyFewest Policy = "fewest" // the reading that suspends the fewest votes
	PolicyMost   Policy = "most"   // the reading that suspends the most votes
	PolicyPrefer Policy = "prefer" // the reading that suspends the fewest votes of one holder; if equal, the fewest of all
)

func (o *VotingOptions) checkPolicy(f *faults, a *Alliance) {
	switch o.Circular {
	case PolicyError, PolicyFewest, PolicyMost, PolicyPrefer:
	default:
		f.Add("Circular", ErrUnknown, "policy %q is not fewest, most or prefer", o.Circular)
	}
	switch {
	case o.Reading < 0:
		f.Add("Reading", ErrRange, "reading %d", o.Reading)
	case o.Reading > 0 && o.Circular != PolicyError:
		f.Add("Reading", ErrRange, "reading %d and policy %q: one of the two chooses", o.Reading, string(o.Circular))
	}
	switch {
	case o.Circular == PolicyPrefer && o.Prefer == "":
		f.Add("Prefer", ErrMissing, "policy prefer needs a holder")
	case o.Circular != PolicyPrefer && o.Prefer != "":
		f.Add("Prefer", ErrRange, "holder %q is for policy prefer", input.Abbreviate(o.Prefer))
	case o.Prefer != "":
		if _, _, err := a.holder(o.Prefer); err != nil {
			f.Add("Prefer", ErrUnknown, "%q is no holder of the book", input.Abbreviate(o.Prefer))
		}
	}
}

// choice is the reading that a policy chose for one component.
type choice struct {
	AmbiguousComponent
	policy   Policy
	doubtful []suspension.Suspended // sorted by stake
}

// String says what was chosen.
func (c *choice) String() string {
	who := fmt.Sprintf("policy %q", string(c.policy))
	if c.policy == PolicyError {
		who = "the question"
	}
	return fmt.Sprintf("the law has %d readings here, and %s chose reading %d", len(c.Readings), who, c.Chosen)
}

// choose chooses a reading of each component by the policy. It returns false if a component
// has none.
func (v *Votes) choose(ctx context.Context, doubt *suspension.Ambiguity) (bool, error) {
	g := &v.a.graph
	parts := doubt.Components()
	numbers, known := doubt.Numbers(v.opt.Reading)
	if !known {
		return false, fmt.Errorf("crossholding: reading %d: the law has fewer: %w", v.opt.Reading, ErrRange)
	}
	ok, err := doubt.Choose(ctx, func(i int, found [][]suspension.Suspended) int {
		best := 0
		for k := range found {
			if v.opt.Reading == 0 && v.compareReadings(found[k], found[best]) < 0 {
				best = k
			}
		}
		if v.opt.Reading > 0 {
			best = numbers[i]
		}
		c := choice{namedComponent(g, &parts[i]), v.opt.Circular, parts[i].Ambiguous}
		c.Chosen = best + 1
		v.choices = append(v.choices, c)
		return best
	})
	if err != nil || !ok {
		v.choices = nil
	}
	return ok, err
}

// compareReadings orders readings by the policy.
func (v *Votes) compareReadings(a, b []suspension.Suspended) int {
	g := &v.a.graph
	sum := func(list []suspension.Suspended, of func(stake int32) bool) (n ratio.Ratio) {
		for _, s := range list {
			if of(s.Stake) {
				n = n.Add(s.Votes)
			}
		}
		return n
	}
	all := func(int32) bool { return true }
	preferred := func(e int32) bool { return g.IDs.At(g.Holder[e]) == v.opt.Prefer }
	names := func(list []suspension.Suspended) string {
		var s strings.Builder
		for _, x := range list {
			fmt.Fprintf(&s, "%s\x00%s\x00", g.IDs.At(g.Issuer[x.Stake]), g.IDs.At(g.Holder[x.Stake]))
		}
		return s.String()
	}
	fewest := sum(a, all).Cmp(sum(b, all))
	switch v.opt.Circular {
	case PolicyMost:
		fewest = -fewest
	case PolicyPrefer:
		fewest = cmp.Or(sum(a, preferred).Cmp(sum(b, preferred)), fewest)
	}
	return cmp.Or(fewest, strings.Compare(names(a), names(b)))
}

// Choices returns the components for which the policy of [VotingOptions] chose a reading,
// with all readings and the number of the chosen one. It is empty if the law has one
// reading.
func (v *Votes) Choices() []AmbiguousComponent {
	out := []AmbiguousComponent{}
	for _, c := range v.orEmpty().choices {
		out = append(out, c.AmbiguousComponent)
	}
	return out
}

// choiceOf returns the choice that decided about a stake's votes, or nil.
func (v *Votes) choiceOf(stake int32) *choice {
	for i := range v.choices {
		if _, ok := v.choices[i].find(stake); ok {
			return &v.choices[i]
		}
	}
	return nil
}

func (c *choice) find(stake int32) (int, bool) {
	return slices.BinarySearchFunc(c.doubtful, stake, func(s suspension.Suspended, e int32) int { return cmp.Compare(s.Stake, e) })
}

// doubtful says which votes of a stake count, or do not, by choice alone.
func (v *Votes) doubtful(stake int32) []Reason {
	c := v.choiceOf(stake)
	if c == nil {
		return nil
	}
	i, _ := c.find(stake)
	r := c.Doubtful[i]
	r.because, r.doubtful = func(naming) string { return c.String() }, true
	return []Reason{r}
}

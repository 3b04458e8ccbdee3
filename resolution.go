package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Majorities returns the majorities that company laws require most often: more than
// one half for an ordinary resolution, at least two thirds, and at least three quarters.
// The articles of a company can require others, such as four fifths at Volkswagen.
func Majorities() []Rule {
	return []Rule{
		{Name: "ordinary", Threshold: ratio.Of(1, 2)},
		{Name: "two thirds", Threshold: ratio.Of(2, 3), AtLeast: true},
		{Name: "three quarters", Threshold: ratio.Of(3, 4), AtLeast: true},
	}
}

// Resolution says who can pass and who can block a resolution in the meeting of a
// company. It is plain data.
type Resolution struct {
	Company  string            `json:"company"`
	Majority Rule              `json:"majority"`
	Base     ratio.Ratio       `json:"base"`   // votes that count: see [MeetingCount]
	Voters   []ResolutionVoter `json:"voters"` // most votes first, then by name
}

// ResolutionVoter is a voter in a meeting, with all whose votes it decides. It is a holder,
// or a concert (see [ConcertOf]). It is plain data.
type ResolutionVoter struct {
	Voter string `json:"voter"`
	// With lists the others who cast votes here that Voter decides, sorted: companies that
	// Voter controls, and the holders of a concert.
	With     []string    `json:"with"`
	Votes    ratio.Ratio `json:"votes"`
	Fraction ratio.Ratio `json:"fraction"` // of Base, 0..1
	Passes   bool        `json:"passes"`   // alone
	Blocks   bool        `json:"blocks"`   // alone: all others together do not pass
	// PassesWith and BlocksWith list the smallest number of others with whom the voter
	// passes or blocks a resolution, most votes first. A list is empty if the voter does
	// so alone, or if all voters together do not.
	PassesWith []string `json:"passes_with"`
	BlocksWith []string `json:"blocks_with"`
}

// String returns what the voter can do, as a sentence.
func (v ResolutionVoter) String() string {
	can := func(verb string, alone bool, with []string) string {
		switch {
		case alone:
			return "can " + verb + " alone"
		case len(with) > 0:
			return "can " + verb + " with " + strings.Join(with, ", ")
		}
		return "cannot " + verb
	}
	who := strings.Join(append([]string{v.Voter}, v.With...), " with ")
	return fmt.Sprintf("%s, with %s of the votes, %s and %s", who, v.Fraction.ShortPercent(),
		can("pass it", v.Passes, v.PassesWith), can("block it", v.Blocks, v.BlocksWith))
}

// passes reports whether votes are enough of base.
func (r Rule) passes(votes, base ratio.Ratio) bool {
	return votes.Reaches(base.Mul(r.Threshold), r.AtLeast)
}

// Resolutions says, for each of the given majorities, who can pass and who can block
// a resolution of company. If no majorities are given, it uses those of [Majorities].
// It assumes that all votes that count are cast.
//
// The ultimate controller of a company decides its votes. It has more than 1/2 of the votes
// of that company, directly or through others. So a holder votes with all companies that it
// controls. Companies controlled by company itself vote as one, under its name, unless
// someone controls it. Companies that control one another vote as one, under the first of
// their names. Holders in concert vote as one, with what they control. A holder in several
// concerts votes with the first, by id. The votes of the float and of parties of
// [KindPublic] count, but these holders do not act together.
//
// It fails with [ErrUnknown] for an unknown company, with [ErrRange] for a threshold
// outside 0..1, and with ctx's error when ctx is done. The first call finds control for
// everyone, as [Control.Ultimates] does. Later calls use it again.
func (v *Votes) Resolutions(ctx context.Context, company string, majorities ...Rule) ([]Resolution, error) {
	ctx = progress.OrBackground(ctx)
	v = v.orEmpty()
	c, err := v.a.company(company)
	if err != nil {
		return nil, err
	}
	if len(majorities) == 0 {
		majorities = Majorities()
	}
	majorities = slices.Clone(majorities)
	wrong := make([]error, len(majorities))
	for i := range majorities {
		m := &majorities[i]
		m.Threshold, wrong[i] = fraction(fmt.Sprintf("Threshold of majority %q", m.Name), m.Threshold, ratio.Of(1, 2))
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	voters, base, err := v.resolutionVoters(ctx, c)
	if err != nil {
		return nil, err
	}
	out := make([]Resolution, len(majorities))
	for i, m := range majorities {
		out[i] = Resolution{Company: company, Majority: m, Base: base, Voters: slices.Clone(voters)}
		for n := range out[i].Voters {
			m.judge(out[i].Voters, n, base)
		}
	}
	return out, nil
}

// judge sets what voter n can pass and block.
func (r Rule) judge(voters []ResolutionVoter, n int, base ratio.Ratio) {
	v := &voters[n]
	blocks := func(votes ratio.Ratio) bool { return !base.IsZero() && !r.passes(base.Sub(votes), base) }
	passes := func(votes ratio.Ratio) bool { return !base.IsZero() && r.passes(votes, base) }
	fewest := func(enough func(ratio.Ratio) bool) []string {
		sum, with := v.Votes, []string{}
		for k := range voters {
			if enough(sum) {
				return with
			}
			if k != n {
				sum, with = sum.Add(voters[k].Votes), append(with, voters[k].Voter)
			}
		}
		if enough(sum) {
			return with
		}
		return []string{}
	}
	v.Passes, v.Blocks = passes(v.Votes), blocks(v.Votes)
	v.PassesWith, v.BlocksWith = fewest(passes), fewest(blocks)
}

// resolutionVoters returns who votes in company c, most votes first, and the votes
// that count.
func (v *Votes) resolutionVoters(ctx context.Context, c int32) ([]ResolutionVoter, ratio.Ratio, error) {
	m, g := v.meeting(c), &v.a.graph
	decides, err := v.deciders(ctx, c)
	if err != nil {
		return nil, ratio.Ratio{}, err
	}
	sums, with := map[string]ratio.Ratio{}, map[string][]string{}
	for i, x := range m.voter {
		if x == graph.None || x == c || v.a.dispersed(x) || m.free[i].IsZero() {
			continue
		}
		who := decides(x)
		sums[who] = sums[who].Add(m.free[i])
		if id := g.IDs.At(x); id != who && !slices.Contains(with[who], id) {
			with[who] = append(with[who], id)
		}
	}
	base := m.counted()
	voters := make([]ResolutionVoter, 0, len(sums))
	for who, votes := range sums {
		slices.Sort(with[who])
		voters = append(voters, ResolutionVoter{Voter: who, With: append([]string{}, with[who]...), Votes: votes, Fraction: over(votes, base)})
	}
	slices.SortFunc(voters, func(a, b ResolutionVoter) int { return cmp.Or(b.Votes.Cmp(a.Votes), strings.Compare(a.Voter, b.Voter)) })
	return voters, base, nil
}

// deciders returns who decides the votes of a node in the meeting of company c: the name
// of the node itself, of its ultimate controller or of a concert.
func (v *Votes) deciders(ctx context.Context, c int32) (func(x int32) string, error) {
	e, err := v.majority.of(ctx, v)
	if err != nil {
		return nil, err
	}
	concert := map[int32]string{} // of those at the top
	for _, p := range e.concerts {
		if p.Over != graph.None && p.Over != c {
			continue
		}
		for _, x := range p.Members {
			if top := e.top(v.a, x); concert[top] == "" {
				concert[top] = p.name()
			}
		}
	}
	return func(x int32) string {
		if jointly := e.jointly[x]; len(jointly) > 0 {
			return e.concerts[jointly[0]].name()
		}
		top := e.top(v.a, x)
		return cmp.Or(concert[top], v.a.graph.IDs.At(top))
	}, nil
}

// top returns who decides for x: its one ultimate controller, or x itself if nobody
// controls it or several do by fact. At the end of a chain of companies that control one
// another it is the first of these. Holders who cannot act do not count.
func (e *everyone) top(a *Alliance, x int32) int32 {
	acts := func(list []int32) []int32 { return slices.DeleteFunc(slices.Clone(list), a.dispersed) }
	switch tops := acts(e.ultimate(nil, x)); {
	case len(tops) == 1:
		return tops[0]
	case len(tops) > 1:
		return x
	}
	top := x
	for _, y := range acts(e.controllers(x)) {
		above := e.controllers(y)
		mutual := !slices.ContainsFunc(above, func(z int32) bool { return z != y && !slices.Contains(e.controllers(z), y) })
		if mutual && (top == x && !slices.Contains(e.controllers(y), x) || y < top) {
			top = y
		}
	}
	return top
}

func (m *majorityControl) of(ctx context.Context, v *Votes) (*everyone, error) {
	if m.one.Lock(ctx) != nil {
		return nil, stopped(ctx)
	}
	if m.c == nil {
		var o ControlOptions
		rule, err := o.rule()
		if err != nil {
			m.one.Unlock()
			return nil, err
		}
		facts := v.a.facts(v)
		rule.Facts = facts.engine
		m.c = &Control{a: v.a, votes: v, tally: v.countFor(""), rule: rule, facts: facts, everyone: new(everyone)}
	}
	m.one.Unlock()
	return m.c.all(ctx)
}

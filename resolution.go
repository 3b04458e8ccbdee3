package crossholding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
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

// ResolutionVoter is a voter in a meeting: a holder, or a concert (see [ConcertOf]).
type ResolutionVoter struct {
	Voter    string      `json:"voter"`
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
	return fmt.Sprintf("%s, with %s of the votes, %s and %s", v.Voter, v.Fraction.ShortPercent(),
		can("pass it", v.Passes, v.PassesWith), can("block it", v.Blocks, v.BlocksWith))
}

// passes reports whether votes are enough of base.
func (m Rule) passes(votes, base ratio.Ratio) bool {
	return votes.Reaches(base.Mul(m.Threshold), m.AtLeast)
}

// Resolutions says, for each of the given majorities, who can pass and who can block
// a resolution of company. If no majorities are given, it uses those of [Majorities].
// It assumes that all votes that count are cast. Holders in concert vote as one. The
// votes of the float and of parties of [KindPublic] count, but these holders do not act
// together.
//
// It fails with [ErrUnknown] for an unknown company, and with [ErrRange] for a threshold
// outside 0..1.
func (v *Votes) Resolutions(company string, majorities ...Rule) ([]Resolution, error) {
	v = v.orEmpty()
	c, err := v.a.company(company)
	if err != nil {
		return nil, err
	}
	if len(majorities) == 0 {
		majorities = Majorities()
	}
	for _, m := range majorities {
		if m.Threshold.Sign() < 0 || ratio.Int(1).Less(m.Threshold) {
			return nil, fmt.Errorf("crossholding: majority %q of %s is not within 0 and 1: %w", m.Name, m.Threshold, ErrRange)
		}
	}
	voters, base := v.resolutionVoters(c)
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
func (m Rule) judge(voters []ResolutionVoter, n int, base ratio.Ratio) {
	v := &voters[n]
	blocks := func(votes ratio.Ratio) bool { return !base.IsZero() && !m.passes(base.Sub(votes), base) }
	passes := func(votes ratio.Ratio) bool { return !base.IsZero() && m.passes(votes, base) }
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
func (v *Votes) resolutionVoters(c int32) ([]ResolutionVoter, ratio.Ratio) {
	m, g := v.meeting(c), &v.a.graph
	name := map[int32]string{}
	for _, p := range v.a.pacts(v) {
		if p.over != graph.None && p.over != c {
			continue
		}
		for _, x := range p.members {
			if name[x] == "" { // a holder in several concerts votes with the first
				name[x] = p.name()
			}
		}
	}
	sums := map[string]ratio.Ratio{}
	for i, x := range m.voter {
		if x == graph.None || x == c || v.a.dispersed(x) || m.free[i].IsZero() {
			continue
		}
		who := cmp.Or(name[x], g.IDs[x])
		sums[who] = sums[who].Add(m.free[i])
	}
	base := m.counted()
	voters := make([]ResolutionVoter, 0, len(sums))
	for who, votes := range sums {
		voters = append(voters, ResolutionVoter{Voter: who, Votes: votes, Fraction: over(votes, base)})
	}
	slices.SortFunc(voters, func(a, b ResolutionVoter) int { return cmp.Or(b.Votes.Cmp(a.Votes), strings.Compare(a.Voter, b.Voter)) })
	return voters, base
}

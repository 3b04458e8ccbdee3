package crossholding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// Proof shows why a company is controlled. Each step uses only votes and facts of the
// holder itself and of companies of earlier steps. It is minimal: no holder in it can be left
// out. It is plain data.
type Proof struct {
	Controller string      `json:"controller"`
	Company    string      `json:"company"`
	Steps      []ProofStep `json:"steps"` // the last step is that of Company
}

// ProofStep shows why one company is controlled.
type ProofStep struct {
	Company string      `json:"company"`
	Votes   []Portion   `json:"votes"` // the votes that decide, with all votes of each holder
	Sum     ratio.Ratio `json:"sum"`   // of Votes
	Base    ratio.Ratio `json:"base"`  // the votes of which Sum is a fraction
	// Fact is the fact by which the company is controlled, if it is not by votes. Votes
	// is then empty, and Sum and Base are 0.
	Fact *Fact `json:"fact,omitempty"`
	// Presumed is a lower threshold. If it is not 0, the votes decide only because
	// they pass it and nobody else has as many. Rival has the next most votes,
	// RivalVotes. Rival may be empty.
	Presumed   ratio.Ratio `json:"presumed"` // 0 if the votes decide without it
	Rival      string      `json:"rival"`
	RivalVotes ratio.Ratio `json:"rival_votes"`
}

// Portion is a figure of one holder or company: votes that it casts, or a part of
// an ownership that goes through it. It is plain data.
type Portion struct {
	Name   string      `json:"name"`
	Figure ratio.Ratio `json:"figure"`
}

// String returns the proof as a sentence.
func (p Proof) String() string {
	parts := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		parts[i] = s.String()
	}
	return strings.Join(parts, "; ")
}

func (s ProofStep) String() string {
	if s.Fact != nil {
		return s.Fact.String()
	}
	parts := make([]string, len(s.Votes))
	for i, v := range s.Votes {
		parts[i] = fmt.Sprintf("%s casts %s", v.Name, v.Figure.Grouped())
	}
	text := fmt.Sprintf("%s of %s votes in %s", strings.Join(parts, " and "), s.Base.Grouped(), s.Company)
	if len(s.Votes) > 1 {
		text += ", together " + s.Sum.Grouped()
	}
	if !s.Base.IsZero() {
		text += fmt.Sprintf(" (%s)", s.Sum.Div(s.Base).ShortPercent())
	}
	switch {
	case s.Presumed.IsZero():
	case s.Rival == "":
		text += fmt.Sprintf(", more than %s and nobody else has as many", s.Presumed.PercentString())
	default:
		text += fmt.Sprintf(", more than %s and nobody else has as many: %s has %s", s.Presumed.PercentString(), s.Rival, s.RivalVotes.Grouped())
	}
	return text
}

// WithNames returns the proof with ids replaced by names, as by [Alliance.Name].
func (p Proof) WithNames(name func(id string) string) Proof {
	if p.Company == "" {
		return p
	}
	p.Controller, p.Company, p.Steps = name(p.Controller), name(p.Company), slices.Clone(p.Steps)
	for i, s := range p.Steps {
		s.Company, s.Votes = name(s.Company), slices.Clone(s.Votes)
		for n, v := range s.Votes {
			s.Votes[n].Name = name(v.Name)
		}
		if s.Rival != "" {
			s.Rival = name(s.Rival)
		}
		if s.Fact != nil {
			fact := s.Fact.WithNames(name)
			s.Fact = &fact
		}
		p.Steps[i] = s
	}
	return p
}

// proofOf returns the proof that a group controls company y.
func proofOf(b *tally.Tally, facts *factIndex, group *majority.Group, y int32, presumed ratio.Ratio) Proof {
	p := Proof{Company: b.Graph.IDs.At(y), Steps: []ProofStep{}}
	for m := range group.Members() {
		if m.Level == 0 {
			p.Controller = b.Graph.IDs.At(m.Node)
			break
		}
	}
	for _, s := range group.Proof(y) {
		p.Steps = append(p.Steps, proofStepOf(b, facts, s, presumed))
	}
	return p
}

func proofStepOf(b *tally.Tally, facts *factIndex, s majority.Step, presumed ratio.Ratio) ProofStep {
	out := ProofStep{Company: b.Graph.IDs.At(s.Node), Sum: b.Amount(s.Node, s.Votes), Base: b.Amount(s.Node, s.Base), Votes: []Portion{}}
	if s.Fact != majority.None {
		fact := facts.list[s.Fact].plain(s.Rights)
		out.Fact = &fact
		return out
	}
	if s.Presumed {
		out.Presumed = presumed
	}
	if s.Rival != majority.None {
		out.Rival, out.RivalVotes = b.Graph.IDs.At(s.Rival), b.Amount(s.Node, s.RivalVotes)
	}
	at := make(map[int32]int, len(s.Entries))
	for _, e := range s.Entries {
		node, votes := b.Stake(e)
		n, ok := at[node]
		if !ok {
			n = len(out.Votes)
			at[node] = n
			out.Votes = append(out.Votes, Portion{Name: b.Graph.IDs.At(node)})
		}
		out.Votes[n].Figure = out.Votes[n].Figure.Add(votes)
	}
	return out
}

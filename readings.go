package crossholding

import (
	"fmt"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/suspension"
)

// A ReadingsError says that suspended votes and control depend on each other, so the
// law has no reading or more than one. It lists the consistent readings; there may be
// none. It unwraps to [ErrReadings].
type ReadingsError struct {
	Doubtful   []Reason             // stakes that are suspended under one assumption and not under another
	Readings   []Reading            // the first 64 consistent readings of the whole book
	Components []AmbiguousComponent // the components; a reading of the whole combines one reading of each
	Incomplete bool                 // there are more readings than in Readings, or too many to try
}

// AmbiguousComponent is a strongly connected component in which suspended votes and control
// depend on each other. Components do not depend on one another, so every combination of
// one reading of each is a reading of the whole.
type AmbiguousComponent struct {
	Doubtful []Reason  `json:"doubtful"`
	Readings []Reading `json:"readings"` // of this component; none if no reading is consistent, or none was found
	// Chosen is the number of the reading that a policy chose, counted from 1. It is 0 if
	// none was chosen.
	Chosen     int  `json:"chosen"`
	Incomplete bool `json:"incomplete"` // there were too many doubtful stakes to try every reading
}

// Reading is one consistent set of suspended votes.
type Reading struct {
	Suspended []Reason `json:"suspended"` // sorted by issuer, then holder
}

func (r Reading) String() string {
	if len(r.Suspended) == 0 {
		return "all votes count"
	}
	return "suspended: " + listed(r.Suspended)
}

// listed returns the first ten elements as text.
func listed[T fmt.Stringer](list []T) string {
	parts := make([]string, 0, 11)
	for i, s := range list {
		if i == 10 {
			parts = append(parts, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		parts = append(parts, s.String())
	}
	return strings.Join(parts, ", ")
}

func (c AmbiguousComponent) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "in doubt: %s", listed(c.Doubtful))
	for i, r := range c.Readings {
		if i == 10 {
			fmt.Fprintf(&b, "; %d more readings", len(c.Readings)-i)
			break
		}
		fmt.Fprintf(&b, "; reading %d: %s", i+1, r)
	}
	switch {
	case c.Incomplete:
		b.WriteString("; not every reading was tried")
	case len(c.Readings) == 0:
		b.WriteString("; no reading is consistent")
	}
	return b.String()
}

func (e *ReadingsError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "crossholding: %v: suspended votes and control depend on each other; ", ErrReadings)
	if len(e.Components) == 1 {
		b.WriteString(e.Components[0].String())
		return b.String()
	}
	for i, c := range e.Components {
		if i == 10 {
			fmt.Fprintf(&b, "\nand %d components more", len(e.Components)-i)
			break
		}
		fmt.Fprintf(&b, "\ncomponent %d: %s", i+1, c)
	}
	return b.String()
}

// Unwrap returns [ErrReadings].
func (e *ReadingsError) Unwrap() error { return ErrReadings }

// newReadingsError returns the error that lists the readings that a search found.
func newReadingsError(g *graph.Graph, d *suspension.Ambiguity) error {
	whole, more := d.Whole()
	e := &ReadingsError{Incomplete: more}
	for _, c := range d.Components() {
		k := namedComponent(g, &c)
		e.Components = append(e.Components, k)
		e.Doubtful = append(e.Doubtful, k.Doubtful...)
	}
	for _, found := range whole {
		e.Readings = append(e.Readings, Reading{namedVotes(g, found)})
	}
	return e
}

// namedComponent names the companies of a component's readings.
func namedComponent(g *graph.Graph, c *suspension.Component) AmbiguousComponent {
	out := AmbiguousComponent{Doubtful: namedVotes(g, c.Ambiguous), Readings: []Reading{}, Incomplete: c.Incomplete}
	for _, found := range c.Found {
		out.Readings = append(out.Readings, Reading{namedVotes(g, found)})
	}
	return out
}

func namedVotes(g *graph.Graph, list []suspension.Suspended) []Reason {
	out := make([]Reason, 0, len(list))
	for _, s := range list {
		out = append(out, Reason{Holder: g.IDs.At(g.Holder[s.Stake]), Issuer: g.IDs.At(g.Issuer[s.Stake]), Votes: s.Votes,
			Rule: s.Rule.ID, Citation: s.Rule.Citation})
	}
	return out
}

package law

import "slices"

// Doubt is another rule that can be the law in place of a [Statute]: the article turns on
// something that a book does not say, or it can be read in two ways. It is a plain value.
//
// The warnings of package crossholding name the votes that a doubt would change.
type Doubt struct {
	If   string   `json:"if"`             // when the other rule is the law, in words that can follow "if"
	Rule *Statute `json:"rule,omitempty"` // the other rule, without doubts of its own; nil: no votes are suspended
}

// Apply returns a table of statutes as it is if the doubt holds: with the other rule in place of the
// rule of an id, or without the rule. The result is a new list.
func (d *Doubt) Apply(table []Statute, id string) []Statute {
	out := make([]Statute, 0, len(table))
	for i := range table {
		switch {
		case table[i].ID != id:
			out = append(out, table[i])
		case d.Rule != nil:
			out = append(out, *d.Rule)
		}
	}
	return out
}

// or returns the rule with a doubt: if it holds, the rule is as change makes it.
func (s Statute) or(when string, change func(*Statute)) Statute {
	other := s
	other.Doubts = nil
	change(&other)
	s.Doubts = append(slices.Clip(s.Doubts), Doubt{If: when, Rule: &other})
	return s
}

// orNone returns the rule with a doubt: if it holds, the rule takes no votes from the holder.
func (s Statute) orNone(when string) Statute {
	s.Doubts = append(slices.Clip(s.Doubts), Doubt{If: when})
	return s
}

// cloneDoubts returns a copy of doubts.
func cloneDoubts(list []Doubt) []Doubt {
	list = slices.Clone(list)
	for i := range list {
		if r := list[i].Rule; r != nil {
			other := *r
			other.Parts = slices.Clone(r.Parts)
			list[i].Rule = &other
		}
	}
	return list
}

package banded

import (
	"slices"

	"github.com/crossholding/crossholding"
)

// Upstream lists, by company or party, those who have or may have something of it: by stakes,
// by facts of control, by agreements and by shares held jointly.
type Upstream map[string][]string

// Upstream returns who has or may have something of whom.
func (b *Book) Upstream() Upstream {
	u := Upstream{}
	for i := range b.Given.Stakes {
		s := &b.Given.Stakes[i]
		u[s.Issuer] = append(u[s.Issuer], s.Holder)
		for _, x := range []string{s.Beneficiary, s.Voter} {
			if x != "" && x != crossholding.Neutral && x != s.Holder {
				u[s.Issuer] = append(u[s.Issuer], x)
			}
		}
	}
	for _, f := range b.Given.Controls {
		u[f.Company] = append(u[f.Company], f.Controller)
	}
	for _, p := range b.Given.Parties {
		u[p.ID] = append(u[p.ID], p.Members...)
	}
	for _, ag := range b.Given.Agreements {
		about := ag.Holders
		if ag.Issuer != "" {
			about = []string{ag.Issuer}
		}
		for _, x := range about {
			if u[x] = append(u[x], ag.Holders...); ag.Leader != "" {
				u[x] = append(u[x], ag.Leader)
			}
		}
	}
	return u
}

// Of returns companies or parties with all who may have something of them, directly or through
// others.
func (u Upstream) Of(names ...string) map[string]bool {
	seen := map[string]bool{}
	line := slices.Clone(names)
	for at := 0; at < len(line); at++ {
		if x := line[at]; !seen[x] {
			seen[x] = true
			line = append(line, u[x]...)
		}
	}
	return seen
}

// About returns the part of the book that is behind some companies, with others who are asked
// about, and with a completion of it if one is given. Who is behind a company decides whose votes
// count there, and who owns and controls it.
func (b *Book) About(at Completion, others []string, companies ...string) (*Book, Completion, error) {
	keep := b.Upstream().Of(companies...)
	part := b.Given
	part.Stakes, part.Market, part.Rights = nil, nil, nil
	for _, s := range b.Given.Stakes {
		if keep[s.Issuer] {
			part.Stakes = append(part.Stakes, s)
		}
	}
	var out Completion
	for i := range b.bands {
		if at != nil && keep[b.bands[i].class.issuer] {
			out = append(out, at[i])
		}
	}
	for x := range b.Upstream().Of(others...) {
		keep[x] = true
	}
	kept := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(x string) bool { return x != "" && !keep[x] })
	}
	part.Companies = slices.DeleteFunc(slices.Clone(part.Companies), func(c crossholding.Company) bool { return !keep[c.ID] })
	part.Parties = slices.DeleteFunc(slices.Clone(part.Parties), func(p crossholding.Party) bool { return !keep[p.ID] })
	part.Controls = slices.DeleteFunc(slices.Clone(part.Controls), func(f crossholding.ControlFact) bool { return !kept(f.Company, f.Controller) })
	part.Agreements = slices.DeleteFunc(slices.Clone(part.Agreements), func(ag crossholding.Agreement) bool { return !kept(ag.Issuer, ag.Leader) || !kept(ag.Holders...) })
	a, err := crossholding.New(part)
	if err != nil {
		return nil, nil, err
	}
	banded, err := New(a)
	return banded, out, err
}

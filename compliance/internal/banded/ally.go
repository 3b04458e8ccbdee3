package banded

import (
	"slices"

	"github.com/crossholding/crossholding"
)

// Allies says whose stakes may count for others: partners in concerts, and joint holders for
// their members.
type Allies struct {
	Book      *Book
	Concerts  bool                // whether concerts count
	Each      bool                // whether what joint holders have counts for each of their members
	IsPartner func(x string) bool // whether a concert counts what a party to it has
	Through   map[string][]string // by such a party: the companies through which it holds
}

// Join adds those whose stakes may count for those who have joined: joint holders, and partners
// in concerts with their joint holders, by their names at the company that the concert is about.
func (a *Allies) Join(own *Seniority, at func(company, party string) string) {
	own.Join(a.JointOf(own.Has)...)
	if !a.Concerts {
		return
	}
	for ag := range a.Book.Alliance.Graph().Agreements() {
		if ag.Kind != crossholding.AgreementConcert || !own.Has(ag.Holders...) {
			continue
		}
		for _, x := range ag.Holders {
			if !a.counts(x) {
				continue
			}
			counted := append([]string{x}, a.Through[x]...)
			if a.Each {
				counted = append(counted, a.JointOf(func(names ...string) bool { return slices.Contains(names, x) })...)
			}
			for _, x := range counted {
				if ag.Issuer != "" {
					x = at(ag.Issuer, x)
				}
				own.Join(x)
			}
		}
	}
}

// counts reports whether a concert counts what a party to it, or a member of it, has.
func (a *Allies) counts(party string) bool {
	return a.IsPartner(party) || a.Each && slices.ContainsFunc(a.Book.Given.Parties, func(p crossholding.Party) bool {
		return p.ID == party && slices.ContainsFunc(p.Members, a.IsPartner)
	})
}

// JointOf returns the joint holders that count for others. Has reports whether one of some names
// is among these.
func (a *Allies) JointOf(has func(names ...string) bool) []string {
	var out []string
	for _, p := range a.Book.Given.Parties {
		counts := a.Each && has(p.Members...)
		if !a.Each && len(p.Members) > 0 {
			counts = !slices.ContainsFunc(p.Members, func(m string) bool { return !has(m) })
		}
		if counts {
			out = append(out, p.ID)
		}
	}
	return out
}

// JoinHolders adds those who appoint directors together with those who have joined, if a joint
// right counts for each.
func (a *Allies) JoinHolders(all *Seniority) {
	for _, ag := range a.Book.Given.Agreements {
		if a.Each && ag.Kind == crossholding.AgreementDirectors && all.Has(ag.Holders...) {
			all.Join(ag.Holders...)
		}
	}
}

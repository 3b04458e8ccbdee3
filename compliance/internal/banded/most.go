package banded

import (
	"cmp"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// classVotes returns the votes of a share of each class, or 1 if shares are counted, and the
// outstanding votes of each company.
func (b *Book) classVotes(basis crossholding.Basis) (votes map[classID]ratio.Ratio, total map[string]ratio.Ratio, err error) {
	votes, total = map[classID]ratio.Ratio{}, map[string]ratio.Ratio{}
	for _, c := range b.Given.Companies {
		classes := c.Shares
		if len(classes) == 0 {
			classes = []crossholding.ShareClass{{Issued: "100"}}
		}
		for _, k := range classes {
			id, each := classID{c.ID, cmp.Or(k.Class, crossholding.DefaultClass)}, ratio.Int(1)
			if basis != crossholding.BasisCapital && k.Votes != "" {
				if each, err = number(k.Votes); err != nil {
					return nil, nil, err
				}
			}
			votes[id] = each
			total[c.ID] = total[c.ID].Add(b.outstanding[id].Mul(each))
		}
	}
	return votes, total, nil
}

// Most returns the largest fraction of each company that each holder can have, by holder and
// company, whatever the others have.
func (b *Book) Most(basis crossholding.Basis, doubt *DoubtfulVotes) (map[string]map[string]ratio.Ratio, error) {
	votes, total, err := b.classVotes(basis) // total becomes the smallest base of each company
	if err != nil {
		return nil, err
	}
	own, byVotes := map[[2]string]ratio.Ratio{}, basis != crossholding.BasisCapital // by holder and company: what the holder can have
	for _, k := range slices.Concat(b.bands, b.exact) {
		s := &b.Given.Stakes[k.at]
		who, each := cmp.Or(s.Voter, s.Holder), votes[k.class]
		switch {
		case !byVotes:
			who = cmp.Or(s.Beneficiary, s.Holder)
		case s.Votes != "":
			of, err := number(s.Votes)
			if err != nil {
				return nil, err
			}
			if each.Less(of) {
				each = of // as for others, it would make the base larger
			} else {
				total[s.Issuer] = total[s.Issuer].Sub(each.Sub(of).Mul(k.hi))
			}
		}
		if byVotes && doubt.Suspended[[2]string{s.Holder, s.Issuer}] {
			total[s.Issuer] = total[s.Issuer].Sub(each.Mul(k.hi))
		}
		own[[2]string{who, s.Issuer}] = own[[2]string{who, s.Issuer}].Add(k.hi.Mul(each))
	}
	out := map[string]map[string]ratio.Ratio{}
	for k, have := range own {
		if have.IsZero() {
			continue
		}
		if out[k[0]] == nil {
			out[k[0]] = map[string]ratio.Ratio{}
		}
		out[k[0]][k[1]] = ratio.Int(1)
		if base := total[k[1]]; have.Less(base) && !(byVotes && doubt.Contracts && doubt.In[k[1]]) {
			out[k[0]][k[1]] = have.Div(base)
		}
	}
	return out, nil
}

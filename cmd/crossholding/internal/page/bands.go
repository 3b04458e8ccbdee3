package page

import (
	"context"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/inspect"
)

// bounded fills a view of a book of which some stakes are known only as bands: what is certain,
// and what depends on their exact figures.
func (v *View) bounded(ctx context.Context, a *crossholding.Alliance, companies []string) error {
	r, err := inspect.Bounds(ctx, a)
	if err != nil {
		return err
	}
	v.Warnings = r.Warnings
	direct := map[[2]string][]string{}
	at := map[string]int{}
	for _, company := range companies {
		v.Control = append(v.Control, controlBounds(a, company, r.Control)...)
		at[company] = len(v.Owners)
		v.Owners, v.Meetings = append(v.Owners, Owners{Company: a.Name(company)}), append(v.Meetings, Meeting{Company: a.Name(company)})
	}
	for _, h := range r.Holdings {
		capital := h.Capital
		if x, err := a.Graph().Company(h.Issuer); err == nil && a.Graph().VotesApart(x) {
			capital = h.Economic
		}
		key := [2]string{h.Holder, h.Issuer}
		direct[key] = append(direct[key], capital.ShortPercent())
		m := &v.Meetings[at[h.Issuer]]
		if len(m.Rows) == maxRows {
			continue
		}
		row := Votes{Holder: a.Name(h.Holder), Theoretical: h.Votes.ShortPercent()}
		switch {
		case h.Voter == crossholding.Neutral:
			row.Reasons = append(row.Reasons, "neutral")
		case h.Voter != h.Holder:
			row.Reasons = append(row.Reasons, "cast by "+a.Name(h.Voter))
		}
		if h.Law {
			row.Reasons = append(row.Reasons, "the law may suspend some")
		}
		m.Rows = append(m.Rows, row)
	}
	for _, o := range r.Ownership {
		list := &v.Owners[at[o.Issuer]]
		switch {
		case o.Holder == o.Issuer:
		case len(list.Rows) == maxRows:
			list.More++
		default:
			_, err := a.Graph().Company(o.Holder)
			list.Rows = append(list.Rows, Owner{a.Name(o.Holder), strings.Join(direct[[2]string{o.Holder, o.Issuer}], "; "), o.FirstPassage.ShortPercent(), err == nil})
		}
	}
	for i := range v.Owners {
		slices.SortStableFunc(v.Owners[i].Rows, func(x, y Owner) int { // outside owners first
			switch {
			case x.Between == y.Between:
				return 0
			case x.Between:
				return 1
			}
			return -1
		})
	}
	v.Meetings = slices.DeleteFunc(v.Meetings, func(m Meeting) bool { return len(m.Rows) == 0 })
	return nil
}

// controlBounds says who controls a company whatever the exact figures are, and who may.
func controlBounds(a *crossholding.Alliance, company string, list []crossholding.ControlBound) []Control {
	var out []Control
	controlled := func(who string) bool {
		return slices.ContainsFunc(list, func(v crossholding.ControlBound) bool {
			return v.Company == who && v.Answer == crossholding.CertaintyYes
		})
	}
	var sure []string
	above := func(who string) bool { // it controls, or may control, one who surely controls the company
		return slices.ContainsFunc(list, func(v crossholding.ControlBound) bool {
			return v.Controller == who && slices.Contains(sure, v.Company)
		})
	}
	for _, answer := range []crossholding.Certainty{crossholding.CertaintyYes, crossholding.CertaintyDepends} {
		for _, v := range list {
			if v.Company != company || v.Answer != answer || controlled(v.Controller) || answer == crossholding.CertaintyDepends && above(v.Controller) {
				continue
			}
			if answer == crossholding.CertaintyYes {
				sure = append(sure, v.Controller)
			}
			row := Control{a.Name(company), a.Name(v.Controller), "whatever the exact figures are"}
			if answer == crossholding.CertaintyDepends {
				row.Controller = "perhaps " + row.Controller
				row.Because = v.WithNames(a.Name).String()
			}
			out = append(out, row)
		}
	}
	if len(out) == 0 {
		out = append(out, Control{a.Name(company), "", "nobody in the book has enough votes, whatever the exact figures are"})
	}
	return out
}

// boundedSentences says what changed between two alliances of which some stakes are known only as
// bands: who controls whom for certain, and who may.
func boundedSentences(ctx context.Context, before, after *crossholding.Alliance) ([]string, error) {
	was, err := inspect.Bounds(ctx, before)
	if err != nil {
		return nil, err
	}
	is, err := inspect.Bounds(ctx, after)
	if err != nil {
		return nil, err
	}
	answers := func(list []crossholding.ControlBound) map[[2]string]crossholding.Certainty {
		out := map[[2]string]crossholding.Certainty{}
		for _, v := range list {
			out[[2]string{v.Controller, v.Company}] = v.Answer
		}
		return out
	}
	old, now := answers(was.Control), answers(is.Control)
	var out []string
	for _, v := range is.Control {
		if old[[2]string{v.Controller, v.Company}] != v.Answer {
			v.Yes, v.No = nil, nil
			out = append(out, "now "+v.WithNames(after.Name).String())
		}
	}
	for _, v := range was.Control {
		if now[[2]string{v.Controller, v.Company}] == "" {
			out = append(out, after.Name(v.Controller)+" no longer controls "+after.Name(v.Company)+", whatever the exact figures are")
		}
	}
	return out, nil
}

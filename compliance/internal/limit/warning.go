package limit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/law"
)

// Warnings warns of companies whose law has no threshold in the table, or none yet on the day of
// the book, and of companies with several classes of shares that their law tests by themselves.
func (b *Book) Warnings(a *crossholding.Alliance) []crossholding.Warning {
	g, day := a.Graph(), a.AsOf()
	found := map[string][]string{} // the companies of each text
	told := map[law.Company][]string{}
	var classed []law.Company
	placed := false
	for c := range int32(g.Len()) {
		issuer, ok := g.Law(c)
		if !ok || !g.HasShares(c) {
			continue
		}
		placed = placed || issuer.Country != "" || issuer.Law != ""
		kind := issuer
		kind.ID = b.named(issuer.ID)
		if _, known := told[kind]; !known { // companies of one law are told the same
			told[kind] = b.missing(&kind, day)
		}
		for _, what := range told[kind] {
			found[what] = append(found[what], issuer.ID)
		}
		if b.byClass(&issuer, day) {
			classed = append(classed, issuer)
		}
	}
	if !placed { // the book is not about law
		delete(found, noCountry)
	}
	if len(classed) > 0 {
		b.classes(a, classed, day, found)
	}
	out := []crossholding.Warning{}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		w := crossholding.Warning{Text: text.Some(found[what], 5) + ": " + what}
		if len(found[what]) == 1 {
			w.Issuer = found[what][0]
		}
		out = append(out, w)
	}
	return out
}

// noCountry is what is said of a company whose book says where others are.
const noCountry = "no country: only thresholds of no country are tested"

// named returns the id of a company of which a rule is about it alone, and "" for all others.
func (b *Book) named(id string) string {
	if slices.ContainsFunc(b.thresholds, func(t law.Threshold) bool { return t.Issuer == id }) {
		return id
	}
	return ""
}

// missing says what the table does not have of an issuer's law.
func (b *Book) missing(issuer *law.Company, day date.Date) (out []string) {
	under := cmp.Or(issuer.Law, issuer.Country)
	switch {
	case under == "none":
		return nil
	case law.CoversThresholds(b.thresholds, issuer):
	case under == "":
		out = append(out, noCountry)
	default:
		out = append(out, fmt.Sprintf("no threshold of the table is law in %s: only those of no country are tested", under))
	}
	for _, t := range law.ThresholdsBefore(b.thresholds, issuer, day) {
		out = append(out, fmt.Sprintf("%s is before the first day of threshold %s, %s: of its kind, the table has no rule on earlier days", day, t.ID, t.From))
	}
	return out
}

// byClass reports whether a threshold in force tests each class of the issuer's shares by itself.
func (b *Book) byClass(issuer *law.Company, day date.Date) bool {
	return slices.ContainsFunc(b.thresholds, func(t law.Threshold) bool { return t.Classes != "" && t.Reaches(issuer, day) })
}

// classes adds the companies of which a rule tests several classes by themselves.
func (b *Book) classes(a *crossholding.Alliance, issuers []law.Company, day date.Date, found map[string][]string) {
	counts := map[string][2]int{} // all classes with shares, and those with votes
	for _, c := range a.Book().Companies {
		var n [2]int
		for _, k := range c.Shares {
			if k.Issued == "0" {
				continue
			}
			n[0]++
			if k.Votes != "0" {
				n[1]++
			}
		}
		counts[c.ID] = n
	}
	for i := range b.thresholds {
		t := &b.thresholds[i]
		for k := range issuers {
			n := counts[issuers[k].ID][0]
			if t.Classes == law.EachVotingClass {
				n = counts[issuers[k].ID][1]
			}
			if t.Classes != "" && n > 1 && t.Reaches(&issuers[k], day) {
				what := fmt.Sprintf("several classes of shares: threshold %s counts them together, and its law tests %s by itself", t.ID, t.Classes)
				found[what] = append(found[what], issuers[k].ID)
			}
		}
	}
}

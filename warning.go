package crossholding

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/law"
)

// lawWarnings warns of companies under no built-in statute. In a book it names only those
// that hold one another, directly or through others: a statute suspends votes in no other.
func (a *Alliance) lawWarnings() []Warning {
	if a.register != nil {
		country := a.register.country
		if country == "" || law.Covers(builtinStatutes, &law.Company{Country: country}) {
			return nil
		}
		return []Warning{{Text: fmt.Sprintf("no built-in statute is law in %s: no votes are suspended", country)}}
	}
	if a.ledger == nil {
		return nil
	}
	part, err := a.components(context.Background())
	if err != nil { // only the end of a context
		return nil
	}
	var placeless []string
	without, placed := map[string][]string{}, false
	for i := range a.ledger.companies {
		c := a.ledger.companies[i].lawOf()
		under := c.Law
		if under == "" {
			under = c.Country
		}
		placed = placed || under != ""
		switch n, ok := a.node(c.ID); {
		case !ok || part[n] == 0 || under == "none":
		case under == "":
			placeless = append(placeless, c.ID)
		case len(without[under]) > 0 || !law.Covers(builtinStatutes, &c):
			without[under] = append(without[under], c.ID)
		}
	}
	var out []Warning
	switch {
	case len(placeless) > 0 && !placed:
		out = append(out, Warning{Text: "no company has a country: no statute suspends votes of companies that hold one another"})
	case len(placeless) > 0:
		out = append(out, aboutCompanies(placeless, "no country: no statute suspends votes there"))
	}
	for _, country := range slices.Sorted(maps.Keys(without)) {
		out = append(out, aboutCompanies(without[country], fmt.Sprintf("no built-in statute is law in %s: no votes are suspended there", country)))
	}
	return out
}

// aboutCompanies returns a warning that names companies.
func aboutCompanies(ids []string, text string) Warning {
	w := Warning{Text: nameSome(ids, 5) + ": " + text}
	if len(ids) == 1 {
		w.Issuer = ids[0]
	}
	return w
}

// nameSome joins the first names of a list and says how many more there are.
func nameSome(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

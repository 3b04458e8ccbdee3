package crossholding

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/text"
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
func aboutCompanies(ids []string, what string) Warning {
	w := Warning{Text: text.Some(ids, 5) + ": " + what}
	if len(ids) == 1 {
		w.Issuer = ids[0]
	}
	return w
}

// Warnings lists what was read in a way that the author of the book may not expect. For a
// book, these are stakes with noise of floating-point arithmetic, and stakes in percent that
// were rounded to whole shares, in the order of stakes. After them come stakes of companies in
// themselves, and companies of which rounded percentages add up to more than there is. For a register, these are companies of
// which more shares are held than outstanding, and rows that were added up, see
// [ReadRegister]. For both, these are companies that earn for nobody, see [Diagnosis], and
// companies under no built-in statute: they have no country, or their country has no rule in
// [law.Statutes]. A book warns of these only if they hold one another, and a register only of
// a country that it names.
func (a *Alliance) Warnings() []Warning {
	out := []Warning{}
	if a.register != nil {
		out = append(out, a.register.warnings()...)
	}
	if a.ledger != nil {
		out = append(out, a.ledger.warnings...)
	}
	out = append(out, a.lawWarnings()...)
	if none := a.earnForNobody(); len(none) > 0 {
		out = append(out, Warning{Text: fmt.Sprintf("%s: no outstanding share has a dividend, so nobody has an economic interest", text.Some(none, 10))})
	}
	return out
}

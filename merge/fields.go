package merge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// fieldReports collects reports by id and field.
type fieldReports struct {
	by map[[2]string][]report[string]
}

// add notes that a book gives a field. An empty text is no report.
func (f *fieldReports) add(b *crossholding.Book, id, field, text string) {
	if text == "" {
		return
	}
	if f.by == nil {
		f.by = map[[2]string][]report[string]{}
	}
	key := [2]string{id, field}
	f.by[key] = append(f.by[key], report[string]{value: text, Report: Report{Text: strings.ReplaceAll(canonicalText(text), "\n", ", "), Source: b.Source, AsOf: b.AsOf}})
}

// take chooses one text of a field, "" if no book gives it.
func (f *fieldReports) take(m *merger, what, id, field string) string {
	list := f.by[[2]string{id, field}]
	if len(list) == 0 {
		return ""
	}
	return choose(m, fmt.Sprintf("%s %s: %s", what, id, field), list)
}

// canonicalText writes the numbers in a text in one form, so that 568.50 JPY is 568.5 JPY.
func canonicalText(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if r, err := ratio.ParseNumber(w); err == nil {
			words[i] = r.String()
		}
	}
	if len(words) == 0 || words[0] == text {
		return strings.Join(words, " ")
	}
	if _, err := ratio.ParseNumber(strings.Fields(text)[0]); err != nil {
		return text // a name, in which blanks may matter
	}
	return strings.Join(words, " ")
}

// companies merges companies and parties. What one book calls a company is one, also if
// another book has it as a party.
func (m *merger) companies(books []crossholding.Book) {
	var f fieldReports
	company, listed := map[string]bool{}, map[string]bool{}
	parties := map[string]bool{}
	for i := range books {
		b := &books[i]
		for j := range b.Companies {
			c := &b.Companies[j]
			company[c.ID] = true
			listed[c.ID] = listed[c.ID] || c.Listed
			for field, text := range map[string]string{"name": c.Name, "country": c.Country, "law": c.Law, "currency": c.Currency, "lot": string(c.Lot)} {
				f.add(b, c.ID, field, text)
			}
		}
		for _, p := range b.Parties {
			parties[p.ID] = true
			for field, text := range map[string]string{"name": p.Name, "country": p.Country, "kind": string(p.Kind), "members": listText(p.Members)} {
				f.add(b, p.ID, field, text)
			}
		}
	}
	classes := m.classes(books)
	for _, id := range slices.Sorted(maps.Keys(company)) {
		c := crossholding.Company{ID: id, Listed: listed[id], Shares: classes[id],
			Name: f.take(m, "company", id, "name"), Country: f.take(m, "company", id, "country"), Law: f.take(m, "company", id, "law"),
			Currency: f.take(m, "company", id, "currency"), Lot: ratio.Number(f.take(m, "company", id, "lot"))}
		m.noteKind(id, f.by[[2]string{id, "kind"}])
		m.out.Book.Companies = append(m.out.Book.Companies, c)
	}
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		if !company[id] {
			m.out.Book.Parties = append(m.out.Book.Parties, crossholding.Party{ID: id, Name: f.take(m, "party", id, "name"),
				Kind: crossholding.PartyKind(f.take(m, "party", id, "kind")), Country: f.take(m, "party", id, "country"),
				Members: listOf(f.take(m, "party", id, "members"))})
		}
	}
}

// listText writes a list of ids in one form, and listOf reads it. No id has a line break.
func listText(ids []string) string { return strings.Join(slices.Sorted(slices.Values(ids)), "\n") }

func listOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// noteKind notes that some books have a company as a party of another kind.
func (m *merger) noteKind(id string, kinds []report[string]) {
	c := Conflict{About: fmt.Sprintf("company %s: kind", id), Taken: Report{Text: string(crossholding.KindCompany)}}
	slices.SortFunc(kinds, func(a, b report[string]) int { return better(m, a, b) })
	for _, k := range kinds {
		if k.value != string(crossholding.KindCompany) && !slices.Contains(c.Left, k.Report) {
			c.Left = append(c.Left, k.Report)
		}
	}
	if len(c.Left) > 0 {
		m.out.Conflicts = append(m.out.Conflicts, c)
	}
}

// classes merges the share classes of each company. All that a book says of a class is one
// report.
func (m *merger) classes(books []crossholding.Book) map[string][]crossholding.ShareClass {
	found := map[[2]string][]report[crossholding.ShareClass]{}
	for i := range books {
		b := &books[i]
		for j := range b.Companies {
			c := &b.Companies[j]
			for _, k := range c.Shares {
				key := [2]string{c.ID, cmp.Or(k.Class, crossholding.DefaultClass)}
				if k.Class == crossholding.DefaultClass {
					k.Class = ""
				}
				found[key] = append(found[key], report[crossholding.ShareClass]{value: k, Report: Report{Text: classText(&k), Source: b.Source, AsOf: b.AsOf}})
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(found), func(a, b [2]string) int {
		return cmp.Or(strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1]))
	})
	out := map[string][]crossholding.ShareClass{}
	for _, key := range keys {
		k := choose(m, fmt.Sprintf("company %s: class %s", key[0], key[1]), found[key])
		out[key[0]] = append(out[key[0]], k)
	}
	return out
}

// classText says what a class is, with its defaults.
func classText(k *crossholding.ShareClass) string {
	number := func(n ratio.Number, def string) string { return canonicalText(cmp.Or(string(n), def)) }
	text := fmt.Sprintf("%s issued, %s treasury, votes %s, dividend %s", number(k.Issued, "?"), number(k.Treasury, "0"),
		number(k.Votes, "1"), number(k.Dividend, "1"))
	if k.Fractions {
		text += ", with fractions"
	}
	return text
}

// agreements merges agreements by their ids. An agreement is taken whole.
func (m *merger) agreements(books []crossholding.Book) {
	found := map[string][]report[crossholding.Agreement]{}
	for i := range books {
		b := &books[i]
		for _, a := range b.Agreements {
			a.Holders = slices.Sorted(slices.Values(a.Holders))
			for _, f := range []*string{&a.Max, &a.Min} {
				if r, err := ratio.Parse(*f); err == nil && strings.ContainsAny(*f, "%/.") {
					if _, err := ratio.Parse(r.PercentString()); err == nil { // it is not too long
						*f = r.PercentString()
					}
				}
			}
			text, err := json.Marshal(a)
			if err != nil {
				continue // an agreement is plain text, so this does not happen
			}
			found[a.ID] = append(found[a.ID], report[crossholding.Agreement]{value: a, Report: Report{Text: string(text), Source: b.Source, AsOf: b.AsOf}})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		m.out.Book.Agreements = append(m.out.Book.Agreements, choose(m, "agreement "+id, found[id]))
	}
}

// controls takes all facts of control. The same fact with the same source is taken once.
func (m *merger) controls(books []crossholding.Book) {
	var out []crossholding.ControlFact
	for i := range books {
		for _, f := range books[i].Controls {
			f.Source = cmp.Or(f.Source, books[i].Source)
			out = append(out, f)
		}
	}
	slices.SortFunc(out, crossholding.ControlFact.Compare)
	m.out.Book.Controls = slices.Compact(out)
}

// rights merges rights by their ids. A right is taken whole.
func (m *merger) rights(books []crossholding.Book) {
	found := map[string][]report[crossholding.Right]{}
	for i := range books {
		b := &books[i]
		for _, g := range b.Rights {
			g.Shares = ratio.Number(canonicalText(string(g.Shares)))
			text, err := json.Marshal(g)
			if err != nil {
				continue // a right is plain text, so this does not happen
			}
			found[g.ID] = append(found[g.ID], report[crossholding.Right]{value: g, Report: Report{Text: string(text), Source: b.Source, AsOf: b.AsOf}})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		m.out.Book.Rights = append(m.out.Book.Rights, choose(m, "right "+id, found[id]))
	}
}

// withCurrency writes a price of a company, or of its class, with the currency that it has by
// default in the book. currency has that of each company.
func withCurrency(currency map[string]string, id, price string) string {
	if _, err := ratio.ParseNumber(strings.TrimSpace(price)); err != nil {
		return price
	}
	if c, ok := currency[id]; ok {
		return strings.TrimSpace(price + " " + c)
	}
	if i := strings.LastIndex(id, "/"); i >= 0 {
		return strings.TrimSpace(price + " " + currency[id[:i]])
	}
	return price
}

// market merges prices and rates one by one.
func (m *merger) market(books []crossholding.Book) {
	var f fieldReports
	out := crossholding.Market{Prices: map[string]string{}, FX: map[string]ratio.Number{}}
	any := false
	for i := range books {
		b := &books[i]
		if b.Market == nil {
			continue
		}
		any = true
		currency := make(map[string]string, len(b.Companies))
		for j := range b.Companies {
			currency[b.Companies[j].ID] = b.Companies[j].Currency
		}
		f.add(b, "market", "currency", b.Market.Currency)
		for id, price := range b.Market.Prices {
			out.Prices[id] = ""
			f.add(b, "price", id, withCurrency(currency, id, price))
		}
		for pair, rate := range b.Market.FX {
			out.FX[pair] = ""
			f.add(b, "rate", pair, string(rate))
		}
	}
	if !any {
		return
	}
	out.Currency = f.take(m, "the", "market", "currency")
	for _, id := range slices.Sorted(maps.Keys(out.Prices)) {
		out.Prices[id] = f.take(m, "market", "price", id)
	}
	for _, pair := range slices.Sorted(maps.Keys(out.FX)) {
		out.FX[pair] = ratio.Number(f.take(m, "market", "rate", pair))
	}
	m.out.Book.Market = &out
}

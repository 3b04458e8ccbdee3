package crossholding

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Warnings names the companies whose votes no law looked at, because the table of statutes
// has no rule for their law: none of their votes is suspended, which need not be what their law
// says. It names every company with shares whose law or country has no rule, once for each law.
// Companies that state neither are named only if they hold one another, because a statute
// suspends votes hardly anywhere else. Those of [Company] whose Law is "none" are not named, and
// nothing is if [VotingOptions].NoLaw is set. The warnings of a register are about the country
// of [RegisterOptions].
//
// A book can be dated before the first day of a rule, and the table have no earlier rule of the
// same kind. Warnings then names the rule and the companies.
//
// It also names the votes of a company in an issuer that controls it by a fact of control and not
// by votes, if a statute suspends those of controlled companies and does not count the fact. And
// it counts the votes again under each doubt of a rule, see [law.Doubt], and names those that would
// change. It fails with ctx's error when ctx is done.
func (v *Votes) Warnings(ctx context.Context) ([]Warning, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	v = v.orEmpty()
	out := []Warning{}
	if v.opt.NoLaw {
		return out, nil
	}
	table, which := v.opt.Statutes, "no statute of the given table"
	if table == nil {
		table, which = builtinStatutes, "no built-in statute"
	}
	table = slices.Concat(table, v.opt.Extra)
	out = append(out, v.a.lawWarnings(table, which)...)
	for _, warn := range []func(context.Context, []law.Statute) ([]Warning, error){v.factWarnings, v.doubtWarnings, v.tierWarnings, v.perShareWarnings} {
		found, err := warn(ctx, table)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// factWarnings warns of votes that count although the issuer controls the company that has them,
// by a fact.
func (v *Votes) factWarnings(ctx context.Context, table []law.Statute) ([]Warning, error) {
	if v.a.facts(v).engine.Len() == 0 {
		return nil, nil
	}
	t, err := v.Tally(BasisExercisable)
	if err != nil {
		return nil, err
	}
	byVotes, err := t.Chains(ctx, Rule{NoFacts: true})
	if err != nil {
		return nil, err
	}
	over, err := t.Chains(ctx, Rule{})
	if err != nil {
		return nil, err
	}
	var out []Warning
	g := v.a.Graph()
	for x := range int32(g.Len()) {
		var votes map[int32]ratio.Ratio
		for e, k := range v.Stakes(x) {
			if y := g.Stake(e).Holder; over.Controls(x, y) && !byVotes.Controls(x, y) && k.Exercisable.Sign() > 0 {
				if votes == nil {
					votes = map[int32]ratio.Ratio{}
				}
				votes[y] = votes[y].Add(k.Exercisable)
			}
		}
		for _, y := range slices.Sorted(maps.Keys(votes)) {
			if s := v.a.silences(table, x, y); s != nil {
				out = append(out, Warning{Holder: g.ID(y), Issuer: g.ID(x), Text: fmt.Sprintf(
					"%s controls %s by a fact, and %s votes of %s in %s count: rule %s does not count this fact", g.ID(x), g.ID(y), votes[y].Grouped(), g.ID(y), g.ID(x), s.ID)})
			}
		}
	}
	return out, nil
}

// silences returns the first rule that suspends the votes of companies that x controls, if it is
// about y as a holder.
func (a *Alliance) silences(table []law.Statute, x, y int32) *law.Statute {
	issuer, _ := a.lawOf(x)
	var holder *law.Company
	if c, ok := a.lawOf(y); ok {
		holder = &c
	}
	for i := range table {
		if s := &table[i]; s.Kind == law.TestControls && s.Reaches(&issuer, a.AsOf()) && s.ReachesHolder(&issuer, holder) {
			return s
		}
	}
	return nil
}

// lawWarnings warns of companies under no statute of a table, which has a name.
func (a *Alliance) lawWarnings(table []law.Statute, which string) []Warning {
	if a.register != nil {
		country := a.register.country
		if country == "" {
			return nil
		}
		every := &law.Company{Country: country}
		if !law.Covers(table, every) {
			return []Warning{{Text: fmt.Sprintf("%s is law in %s: no votes are suspended", which, country)}}
		}
		var out []Warning
		for _, s := range law.Before(table, every, a.AsOf()) {
			out = append(out, Warning{Text: tooEarly(a.AsOf(), s.ID, s.From)})
		}
		return out
	}
	if a.ledger == nil {
		return nil
	}
	part, err := a.components(context.Background())
	if err != nil { // only the end of a context
		return nil
	}
	var placeless []string
	without, early, placed := map[string][]string{}, map[string][]string{}, false
	for i := range a.ledger.companies {
		c := a.ledger.companies[i].lawOf()
		under := c.Law
		if under == "" {
			under = c.Country
		}
		placed = placed || under != ""
		switch n, ok := a.node(c.ID); {
		case !ok || !a.graph.IssuesShares(n) || under == "none":
		case under == "" && part[n] != 0:
			placeless = append(placeless, c.ID)
		case under == "":
		case len(without[under]) > 0 || !law.Covers(table, &c):
			without[under] = append(without[under], c.ID)
		default:
			for _, s := range law.Before(table, &c, a.ledger.asOf) {
				what := tooEarly(a.ledger.asOf, s.ID, s.From)
				early[what] = append(early[what], c.ID)
			}
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
		out = append(out, aboutCompanies(without[country], fmt.Sprintf("%s is law in %s: no votes are suspended there", which, country)))
	}
	for _, what := range slices.Sorted(maps.Keys(early)) {
		out = append(out, aboutCompanies(early[what], what))
	}
	return out
}

// tooEarly says that a day is before the first day of a rule.
func tooEarly(day date.Date, rule string, from date.Date) string {
	return fmt.Sprintf("%s is before the first day of rule %s, %s: of its kind, the table has no rule on earlier days", day, rule, from)
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
// themselves, companies of which rounded percentages add up to more than there is, and ids that
// look alike because Unicode writes their characters in two ways, such as é and e with an accent.
// For a register, these are companies of
// which more shares are held than outstanding, and rows that were added up, see
// [ReadRegister]. For both, these are companies that earn for nobody, see [Diagnosis], and
// companies under no built-in statute, as [Votes.Warnings] names them.
func (a *Alliance) Warnings() []Warning {
	out := []Warning{}
	if a.register != nil {
		out = append(out, a.register.warnings()...)
	}
	if a.ledger != nil {
		out = append(out, a.ledger.warnings...)
	}
	if a.register == nil { // a register has too many ids to compare
		out = append(out, a.lookAlikes()...)
	}
	out = append(out, a.lawWarnings(builtinStatutes, "no built-in statute")...)
	if none := a.earnForNobody(); len(none) > 0 {
		out = append(out, Warning{Text: fmt.Sprintf("%s: no outstanding share has a dividend, so nobody has an economic interest", text.Some(none, 10))})
	}
	return out
}

// lookAlikes warns of companies and parties whose ids a reader cannot tell apart. The readers of
// books do not make such ids one: a file can mean two parties.
func (a *Alliance) lookAlikes() (out []Warning) {
	byShape := map[string]string{}
	g := a.Graph()
	for i := range int32(g.Len()) {
		id := g.ID(i)
		if !strings.ContainsFunc(id, func(r rune) bool { return r >= utf8.RuneSelf }) {
			continue // no other id has its shape
		}
		shape := ident.Shape(id)
		if other, ok := byShape[shape]; ok {
			out = append(out, Warning{Text: fmt.Sprintf("ids %+q and %+q look alike: Unicode takes their characters for the same, and the book takes them for two", other, id)})
			continue
		}
		byShape[shape] = id
	}
	return out
}

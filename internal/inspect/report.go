// Package inspect has the answers about a book as tables: who owns what, whose votes count,
// who controls whom and what it is worth, and for a scenario the same before and after it,
// with what its steps did. Programs print it as text or as JSON.
package inspect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Report is the four answers for one alliance. Fractions are decimal strings
// of 12 places, percents of 10; counts and money are exact where they end.
type Report struct {
	Companies []Company   `json:"companies"`
	Ownership []Ownership `json:"ownership"`
	Votes     []Votes     `json:"votes"`
	Control   []Control   `json:"control"`
	Ultimate  []Ultimate  `json:"ultimate"`
	Valuation []Value     `json:"valuation"`
	Warnings  []string    `json:"warnings"`
}

// Company is a class of a company's shares.
type Company struct {
	ID       string `json:"id"`
	Class    string `json:"class"`
	Issued   string `json:"issued"`
	Treasury string `json:"treasury"`
}

// Ownership is the interest of a holder in a company.
type Ownership struct {
	Holder       string `json:"holder"`
	Issuer       string `json:"issuer"`
	Shares       string `json:"shares"` // in the holder's name, of all classes
	Capital      string `json:"capital"`
	Economic     string `json:"economic"`
	Integrated   string `json:"integrated"`
	FirstPassage string `json:"first_passage"`
}

// Votes is the votes of a holder at a company's meeting.
type Votes struct {
	Holder             string   `json:"holder"`
	Issuer             string   `json:"issuer"`
	Theoretical        string   `json:"theoretical"`
	Exercisable        string   `json:"exercisable"`
	Free               string   `json:"free"`
	Neutral            string   `json:"neutral"`
	PercentExercisable string   `json:"percent_exercisable"`
	PercentFree        string   `json:"percent_free"`
	Reasons            []Reason `json:"reasons"`
}

// Reason is why votes do not count, or are cast by another.
type Reason struct {
	Rule     string `json:"rule"`
	Citation string `json:"citation"`
	Votes    string `json:"votes"`
	Because  string `json:"because"`
}

// Control is a controller with the proof.
type Control struct {
	Controller string `json:"controller"`
	Company    string `json:"company"`
	Because    string `json:"because"`
}

// Ultimate is the ultimate controller of a company, empty if there is not exactly one.
type Ultimate struct {
	Company    string `json:"company"`
	Controller string `json:"controller"`
}

// Value is the value and the cost of a stake.
type Value struct {
	Holder   string  `json:"holder"`
	Issuer   string  `json:"issuer"`
	Cost     *string `json:"cost"` // null where it is not known
	Value    *string `json:"value"`
	Gain     *string `json:"gain"`
	Ratio    *string `json:"ratio"`
	Currency string  `json:"currency"`
}

const places = 12 // of fractions

func fraction(r ratio.Ratio) string { return r.Decimal(places).StringFixed(places) }

func percent(r ratio.Ratio) string { return r.Percent(10).StringFixed(10) }

// exact writes a count or an amount: all of its digits if they end.
func exact(r ratio.Ratio) string {
	if d := r.Decimal(60); r.Sub(mustRatio(d.String())).IsZero() {
		return d.String()
	}
	return fraction(r)
}

func mustRatio(s string) ratio.Ratio {
	r, err := ratio.Parse(s)
	if err != nil {
		return ratio.Ratio{}
	}
	return r
}

// Alliance returns the report on an alliance, of which all stakes must be known exactly.
func Alliance(ctx context.Context, a *crossholding.Alliance) (*Report, error) {
	r := &Report{Companies: []Company{}, Ownership: []Ownership{}, Votes: []Votes{}, Control: []Control{},
		Ultimate: []Ultimate{}, Valuation: []Value{}, Warnings: []string{}}
	for _, w := range a.Warnings() {
		r.Warnings = append(r.Warnings, w.String())
	}
	held, err := r.companies(a.Book())
	if err != nil {
		return nil, err
	}
	if err := r.ownership(ctx, a, held); err != nil {
		return nil, err
	}
	if err := r.votesAndControl(ctx, a); err != nil {
		return nil, err
	}
	if err := r.valuation(a); err != nil {
		return nil, err
	}
	return r, nil
}

// companies lists the classes of a book and returns the shares in each name, floats too, by
// holder and issuer.
func (r *Report) companies(b crossholding.Book) (map[[2]string]ratio.Ratio, error) {
	held, issuers := map[[2]string]ratio.Ratio{}, map[string]ratio.Ratio{}
	for _, s := range b.Stakes {
		n := s.Shares
		if n == "" {
			n = s.Percent
		}
		shares, err := n.Ratio()
		if err != nil {
			return nil, err
		}
		key := [2]string{s.Holder, s.Issuer}
		held[key] = held[key].Add(shares)
		issuers[s.Issuer] = issuers[s.Issuer].Add(shares)
	}
	for _, c := range b.Companies {
		classes := c.Shares
		if _, issues := issuers[c.ID]; issues {
			classes = classesOf(c)
		}
		left := issuers[c.ID].Neg()
		for _, k := range classes {
			issued, err := k.Issued.Ratio()
			if err != nil {
				return nil, err
			}
			treasury, err := k.Treasury.Ratio()
			if err != nil {
				return nil, err
			}
			r.Companies = append(r.Companies, Company{c.ID, cmp.Or(k.Class, crossholding.DefaultClass), exact(issued), exact(treasury)})
			left = left.Add(issued).Sub(treasury)
		}
		held[[2]string{crossholding.FloatOf(c.ID), c.ID}] = left
	}
	return held, nil
}

// classesOf returns the classes of a company that has shares. Of a company that is known only in
// percent, a hundred are issued.
func classesOf(c crossholding.Company) []crossholding.ShareClass {
	if len(c.Shares) == 0 {
		return []crossholding.ShareClass{{Class: crossholding.DefaultClass, Issued: "100"}}
	}
	return c.Shares
}

func (r *Report) ownership(ctx context.Context, a *crossholding.Alliance, held map[[2]string]ratio.Ratio) error {
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		return err
	}
	c, err := o.Certified(crossholding.CertifiedOptions{Places: places})
	if err != nil {
		return err
	}
	for row, err := range c.Interests(ctx) {
		if errors.Is(err, crossholding.ErrNoOutsideOwner) {
			r.Warnings = append(r.Warnings, row.Holder+": no ownership: "+strings.TrimPrefix(err.Error(), "crossholding: "))
			continue
		}
		if err != nil {
			return err
		}
		r.Ownership = append(r.Ownership, Ownership{row.Holder, row.Issuer, exact(held[[2]string{row.Holder, row.Issuer}]), fraction(row.Capital),
			fraction(row.Economic), fraction(row.Integrated), fraction(row.FirstPassage)})
	}
	return nil
}

func (r *Report) votesAndControl(ctx context.Context, a *crossholding.Alliance) error {
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		return err
	}
	doubts, err := c.Votes().Warnings(ctx)
	if err != nil {
		return err
	}
	for _, w := range doubts {
		if text := w.String(); !slices.Contains(r.Warnings, text) {
			r.Warnings = append(r.Warnings, text)
		}
	}
	seen, undecided := map[string]bool{}, map[string]bool{}
	for _, choice := range c.Votes().Choices() { // the law has several readings: none is chosen here
		r.Warnings = append(r.Warnings, "several readings of the law: "+choice.String())
		for _, d := range choice.Doubtful {
			undecided[d.Issuer] = true
		}
	}
	for v := range c.Votes().Rows() {
		if undecided[v.Issuer] {
			continue
		}
		row := Votes{v.Holder, v.Issuer, exact(v.Theoretical), exact(v.Exercisable), exact(v.Free), exact(v.Neutral),
			percent(v.ExercisableShare), percent(v.FreeShare), []Reason{}}
		for _, reason := range v.Reasons {
			row.Reasons = append(row.Reasons, Reason{reason.Rule, reason.Citation, exact(reason.Votes), reason.Because()})
			r.warnUnverified(reason.Rule, seen)
		}
		r.Votes = append(r.Votes, row)
	}
	for p, err := range c.Pairs(ctx) {
		if errors.Is(err, crossholding.ErrReadings) {
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s controls %s in some readings of the law and not in others", p.Controller, p.Company))
			continue
		}
		if err != nil {
			return err
		}
		why, err := c.Why(ctx, p.Controller, p.Company)
		if err != nil {
			return err
		}
		r.Control = append(r.Control, Control{p.Controller, p.Company, why.Proof.String()})
	}
	rings, err := c.Warnings(ctx)
	if err != nil && !errors.Is(err, crossholding.ErrReadings) {
		return err
	}
	for _, w := range rings {
		r.Warnings = append(r.Warnings, w.String())
	}
	for p, err := range c.Ultimates(ctx) {
		if errors.Is(err, crossholding.ErrReadings) {
			continue // the pairs tell it
		}
		if err != nil {
			return err
		}
		r.Ultimate = append(r.Ultimate, Ultimate{p.Company, p.Controller})
	}
	return nil
}

// warnUnverified says when a statute that took votes could not be checked
// against its text.
func (r *Report) warnUnverified(rule string, seen map[string]bool) {
	for _, s := range law.Statutes() {
		if s.ID == rule && s.Verified != "read" && !seen[rule] {
			seen[rule] = true
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s (%s): the text of the law was %s", s.ID, s.Citation, s.Verified))
		}
	}
}

func (r *Report) valuation(a *crossholding.Alliance) error {
	val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	if err != nil {
		return err
	}
	priced := priced(a.Market())
	for s := range val.Stakes() {
		row := Value{Holder: s.Holder, Issuer: s.Issuer, Currency: s.Currency}
		var missing []string
		money := func(m crossholding.Money, err error) *string {
			if err != nil {
				missing = append(missing, err.Error())
				return nil
			}
			text := exact(m.Amount)
			return &text
		}
		row.Cost, row.Value = money(s.Cost()), money(s.Value())
		if row.Cost == nil && row.Value == nil && s.Covered.IsZero() && !priced[s.Issuer] {
			continue // nobody said anything of its worth
		}
		if row.Cost != nil && row.Value != nil {
			row.Gain = money(s.Gain())
		}
		if ratio, err := s.Ratio(); err == nil {
			text := fraction(ratio)
			row.Ratio = &text
		}
		r.Valuation = append(r.Valuation, row)
		r.Warnings = append(r.Warnings, missing...)
	}
	return nil
}

// priced tells the companies of which the market has a price: its keys are a
// company, or a company and a class.
func priced(m crossholding.Market) map[string]bool {
	out := map[string]bool{}
	for key := range m.Prices {
		out[key] = true
		for i := range key {
			if key[i] == '/' {
				out[key[:i]] = true
			}
		}
	}
	return out
}

// Print writes the report as text.
func (r *Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "OWNERS\tof\tcapital\teconomic\tintegrated\tfirst passage")
	for _, o := range r.Ownership {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", o.Holder, o.Issuer, o.Capital, o.Economic, o.Integrated, o.FirstPassage)
	}
	fmt.Fprintln(t, "\nVOTES of\tin\ttheoretical\texercisable\tfree\tneutral\t% exercisable\t% free")
	for _, v := range r.Votes {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", v.Holder, v.Issuer, v.Theoretical, v.Exercisable, v.Free, v.Neutral, v.PercentExercisable, v.PercentFree)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, v := range r.Votes {
		for _, reason := range v.Reasons {
			fmt.Fprintf(w, "  %s in %s: %s votes: %s%s\n", v.Holder, v.Issuer, reason.Votes, reason.Because, bracket(reason.Citation))
		}
	}
	fmt.Fprintln(w, "\nCONTROL")
	for _, c := range r.Control {
		fmt.Fprintf(w, "  %s controls %s: %s\n", c.Controller, c.Company, c.Because)
	}
	for _, u := range r.Ultimate {
		if u.Controller == "" {
			u.Controller = "(a ring or several)"
		}
		fmt.Fprintf(w, "  ultimate controller of %s: %s\n", u.Company, u.Controller)
	}
	fmt.Fprintln(t, "\nVALUE of\tin\tcost\tvalue\tgain\tratio\tcurrency")
	for _, v := range r.Valuation {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", v.Holder, v.Issuer, known(v.Cost), known(v.Value), known(v.Gain), known(v.Ratio), v.Currency)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, line := range r.Warnings {
		fmt.Fprintln(w, "warning:", line)
	}
	return nil
}

func bracket(s string) string {
	if s == "" {
		return ""
	}
	return " [" + s + "]"
}

func known(s *string) string {
	if s == nil {
		return "?"
	}
	return *s
}

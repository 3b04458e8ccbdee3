// Package page shows an alliance as a page for a browser: a chart, who controls whom and why,
// owners, votes, values and warnings. A page needs nothing from the network.
package page

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Draw draws an alliance as SVG. If before is not nil, it shows what changed since then.
type Draw func(ctx context.Context, a, before *crossholding.Alliance) (template.HTML, error)

// View is what a page shows of one alliance. It is plain data.
type View struct {
	Day      string
	Bounds   bool // some stakes are known only as bands, and figures are ranges
	Chart    template.HTML
	Control  []Control
	Owners   []Owners
	Meetings []Meeting
	Values   []Value
	Warnings []string
	Sources  []string
}

// Control says who controls a company, and why. Without a controller, Because says so.
type Control struct{ Company, Controller, Because string }

// Owners lists the owners of a company, the largest first.
type Owners struct {
	Company string
	Rows    []Owner
	More    int // owners who are not in Rows
}

// Owner is one owner of a company. Capital is empty for an owner through others only.
type Owner struct {
	Holder, Capital, Total string
	Between                bool // it is a company with owners of its own
}

// Meeting is the votes at a company's meeting.
type Meeting struct {
	Company string
	Rows    []Votes
}

// Votes is the votes of one holder. The percentages are of exercisable votes, and of votes
// that can move a result. In a view of ranges, Theoretical is the part of all votes, and the
// percentages are empty.
type Votes struct {
	Holder, Theoretical, Exercisable, Free string
	Reasons                                []string // why votes do not count
}

// Value is what a stake is worth.
type Value struct{ Holder, Issuer, Value, Cost, Gain string }

// maxRows is the largest number of owners or voters of one company that a page lists, and
// maxCompanies the largest number of companies.
const (
	maxRows      = 25
	maxCompanies = 500
)

// ErrTooLarge says that a book has too many companies for a page.
var ErrTooLarge = errors.New("too many companies for a page")

// New returns the view of an alliance.
func New(ctx context.Context, a, before *crossholding.Alliance, draw Draw) (*View, error) {
	v := &View{Day: string(a.AsOf())}
	g := a.Graph()
	var companies []string
	for node := range int32(g.Len()) {
		if g.HasShares(node) {
			companies = append(companies, g.ID(node))
		}
	}
	if len(companies) > maxCompanies {
		return nil, ErrTooLarge
	}
	var err error
	if v.Chart, err = draw(ctx, a, before); err != nil {
		return nil, err
	}
	v.Sources = sources(a.Book())
	if v.Bounds = len(a.Banded()) > 0; v.Bounds {
		return v, v.bounded(ctx, a, companies)
	}
	if err := v.owners(ctx, a, companies); err != nil {
		return nil, err
	}
	if err := v.control(ctx, a, companies); err != nil {
		return nil, err
	}
	if err := v.values(a); err != nil {
		return nil, err
	}
	for _, w := range a.Warnings() {
		v.Warnings = append(v.Warnings, w.String())
	}
	return v, nil
}

// percent writes a fraction as a percentage of two decimals, and marks one that is rounded to
// nothing.
func percent(r ratio.Ratio) string {
	if text := r.Percent(2).StringFixed(2); text != "0.00" || r.IsZero() {
		return text + "%"
	}
	return "<0.01%"
}

func (v *View) owners(ctx context.Context, a *crossholding.Alliance, companies []string) error {
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		return err
	}
	for _, c := range companies {
		list, err := o.Owners(ctx, c)
		if errors.Is(err, crossholding.ErrNoOutsideOwner) {
			v.Warnings = append(v.Warnings, a.Name(c)+": "+strings.TrimPrefix(err.Error(), "crossholding: "))
			continue
		}
		if err != nil {
			return err
		}
		v.Owners = append(v.Owners, ownersOf(a, c, list))
	}
	return nil
}

// ownersOf lists the owners of one company: those outside first, whose parts add up to all of
// it, then the companies between, each list by size.
func ownersOf(a *crossholding.Alliance, company string, list []crossholding.Interest) Owners {
	g := a.Graph()
	between := func(id string) bool {
		_, err := g.Company(id)
		return err == nil
	}
	slices.SortStableFunc(list, func(x, y crossholding.Interest) int {
		if p, q := between(x.Holder), between(y.Holder); p != q {
			if p {
				return 1
			}
			return -1
		}
		return y.FirstPassage.Cmp(x.FirstPassage)
	})
	out := Owners{Company: a.Name(company)}
	for _, x := range list {
		if x.Holder == company {
			continue // what it has of itself, through others
		}
		if len(out.Rows) == maxRows {
			out.More++
			continue
		}
		row := Owner{Holder: a.Name(x.Holder), Total: percent(x.FirstPassage), Between: between(x.Holder)}
		capital := x.Capital
		if node, err := g.Company(company); err == nil && g.VotesApart(node) {
			capital = x.Economic
		}
		if !capital.IsZero() {
			row.Capital = percent(capital)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (v *View) control(ctx context.Context, a *crossholding.Alliance, companies []string) error {
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		return err
	}
	for _, choice := range c.Votes().Choices() {
		v.Warnings = append(v.Warnings, "several readings of the law: "+choice.String())
	}
	rings, err := c.Warnings(ctx)
	if err != nil {
		return err
	}
	for _, w := range rings {
		v.Warnings = append(v.Warnings, w.String())
	}
	for _, company := range companies {
		rows, err := controllers(ctx, a, c, company)
		if err != nil {
			return err
		}
		v.Control = append(v.Control, rows...)
	}
	at := map[string]int{}
	for n := range c.Votes().Rows() {
		i, ok := at[n.Issuer]
		if !ok {
			i = len(v.Meetings)
			at[n.Issuer] = i
			v.Meetings = append(v.Meetings, Meeting{Company: a.Name(n.Issuer)})
		}
		if len(v.Meetings[i].Rows) == maxRows {
			continue
		}
		row := Votes{a.Name(n.Holder), n.Theoretical.GroupedDecimal(2), percent(n.ExercisableShare), percent(n.FreeShare), nil}
		for _, r := range n.Reasons {
			text := r.WithNames(a.Name).Because()
			if r.Citation != "" {
				text += " (" + r.Citation + ")"
			}
			row.Reasons = append(row.Reasons, r.Votes.GroupedDecimal(2)+" votes: "+text)
		}
		v.Meetings[i].Rows = append(v.Meetings[i].Rows, row)
	}
	return nil
}

// controllers says who controls a company in the end, and by what.
func controllers(ctx context.Context, a *crossholding.Alliance, c *crossholding.Control, company string) ([]Control, error) {
	list, err := c.Ultimate(ctx, company)
	if errors.Is(err, crossholding.ErrReadings) {
		return []Control{{a.Name(company), "", "the readings of the law differ"}}, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Control
	for _, who := range list {
		if who == company {
			continue
		}
		why, err := c.Why(ctx, who, company)
		if err != nil {
			return nil, err
		}
		out = append(out, Control{a.Name(company), a.Name(who), why.WithNames(a.Name).String()})
	}
	if len(out) == 0 {
		out = append(out, Control{a.Name(company), "", "nobody in the book has enough votes"})
	}
	return out, nil
}

func (v *View) values(a *crossholding.Alliance) error {
	val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	if err != nil {
		return err
	}
	money := func(m crossholding.Money, err error) string {
		if err != nil {
			return ""
		}
		return m.Round(ratio.HalfEven).Amount.Grouped() + " " + m.Currency
	}
	for s := range val.Stakes() {
		row := Value{a.Name(s.Holder), a.Name(s.Issuer), money(s.Value()), money(s.Cost()), money(s.Gain())}
		if row.Value != "" || row.Cost != "" {
			v.Values = append(v.Values, row)
		}
	}
	return nil
}

// sources lists where the figures of a book come from.
func sources(b crossholding.Book) []string {
	found := map[string]bool{}
	add := func(s string) {
		if s != "" {
			found[s] = true
		}
	}
	add(b.Source)
	for _, s := range b.Stakes {
		add(cmp.Or(s.Source, b.Source))
	}
	for _, f := range b.Controls {
		add(f.Source)
	}
	return slices.Sorted(maps.Keys(found))
}

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
)

// Bounded is what is certain of an alliance of which some stakes are known only as bands, and
// what depends on their exact figures.
type Bounded struct {
	Companies []Company                   `json:"companies"`
	Holdings  []crossholding.HoldingBound `json:"holdings"`  // direct, by company
	Ownership []crossholding.Bound        `json:"ownership"` // direct and through others, by company
	Control   []crossholding.ControlBound `json:"control"`   // yes and depends, by company and controller
	Warnings  []string                    `json:"warnings"`

	name func(string) string
}

// Answers are answers about an alliance that can be printed as text, or as JSON by their fields.
type Answers interface{ Print(io.Writer) error }

// Of returns the answers about an alliance: a [Report], or a [Bounded] if some stakes are known
// only as bands.
func Of(ctx context.Context, a *crossholding.Alliance) (Answers, error) {
	if len(a.Banded()) > 0 {
		return Bounds(ctx, a)
	}
	return Alliance(ctx, a)
}

// Bounds returns what is certain of an alliance, and what depends.
func Bounds(ctx context.Context, a *crossholding.Alliance) (*Bounded, error) {
	r := &Bounded{Companies: []Company{}, Holdings: []crossholding.HoldingBound{}, Ownership: []crossholding.Bound{}, Control: []crossholding.ControlBound{}, Warnings: []string{}, name: a.Name}
	for _, w := range a.Warnings() {
		r.Warnings = append(r.Warnings, w.String())
	}
	g := a.Graph()
	b, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		return nil, err
	}
	classes := a.Book().Companies
	for node := range int32(g.Len()) {
		if err := r.controlled(ctx, b, g.ID(node)); err != nil {
			return nil, err
		}
		if !g.HasShares(node) {
			continue
		}
		if err := r.company(ctx, b, g.ID(node), classes); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(r.Control, func(x, y crossholding.ControlBound) int { return strings.Compare(x.Company, y.Company) })
	return r, nil
}

// controlled adds what somebody controls or may control.
func (r *Bounded) controlled(ctx context.Context, b *crossholding.Bounds, id string) error {
	list, err := b.Controlled(ctx, id)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.Answer == crossholding.CertaintyDepends {
			if v, err = b.Controls(ctx, v.Controller, v.Company); err != nil { // with what decides it
				return err
			}
		}
		r.Control = append(r.Control, v)
	}
	return nil
}

// company adds who holds and owns a company.
func (r *Bounded) company(ctx context.Context, b *crossholding.Bounds, id string, companies []crossholding.Company) error {
	i, _ := slices.BinarySearchFunc(companies, id, func(c crossholding.Company, id string) int { return strings.Compare(c.ID, id) })
	for _, k := range classesOf(companies[i]) {
		issued, err := k.Issued.Ratio()
		if err != nil {
			return err
		}
		treasury, err := k.Treasury.Ratio()
		if err != nil {
			return err
		}
		r.Companies = append(r.Companies, Company{id, cmp.Or(k.Class, crossholding.DefaultClass), exact(issued), exact(treasury)})
	}
	held, err := b.Holdings(ctx, id)
	if err != nil {
		return err
	}
	r.Holdings = append(r.Holdings, held...)
	owned, err := b.Owners(ctx, id)
	if errors.Is(err, crossholding.ErrNoOutsideOwner) {
		r.Warnings = append(r.Warnings, r.name(id)+": no ownership: "+strings.TrimPrefix(err.Error(), "crossholding: "))
		return nil
	}
	r.Ownership = append(r.Ownership, owned...)
	return err
}

// Print writes the report as text, with names.
func (r *Bounded) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "HOLDER\tof\tcapital\tprofits\tvotes, before the law suspends any")
	for _, h := range r.Holdings {
		holder := r.name(h.Holder)
		if h.Beneficiary != h.Holder {
			holder += " for " + r.name(h.Beneficiary)
		}
		votes := h.Votes.ShortPercent()
		switch {
		case h.Voter == crossholding.Neutral:
			votes += ", neutral"
		case h.Voter != h.Holder:
			votes += ", cast by " + r.name(h.Voter)
		}
		if h.Law {
			votes += ", which the law may suspend"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", holder, r.name(h.Issuer), h.Capital.ShortPercent(), h.Economic.ShortPercent(), votes)
	}
	fmt.Fprintln(t, "\nOWNER\tof\tdirectly and through others")
	for _, o := range r.Ownership {
		if o.Holder != o.Issuer {
			fmt.Fprintf(t, "%s\t%s\t%s\n", r.name(o.Holder), r.name(o.Issuer), o.FirstPassage.ShortPercent())
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nCONTROL")
	for _, v := range r.Control {
		fmt.Fprintf(w, "  %s\n", v.WithNames(r.name))
	}
	if len(r.Control) == 0 {
		fmt.Fprintln(w, "  nobody controls a company, whatever the exact figures are")
	}
	for _, line := range r.Warnings {
		fmt.Fprintln(w, "warning:", line)
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// pairs are the stakes that the history follows.
var pairs = []struct{ holder, issuer string }{
	{"renault", "nissan"}, {"trust", "nissan"}, {"nissan-finance", "renault"}, {"french-state", "renault"},
	{"nissan", "mitsubishi"}, {"renault", "horse"}, {"geely", "horse"}, {"aramco", "horse"}, {"renault", "ampere"},
}

// kinds are the figures of each stake.
var kinds = []whatif.FigureKind{whatif.Capital, whatif.Economic, whatif.Theoretical, whatif.Exercisable, whatif.Free}

// options ask who controls whom with the French presumption: more than 40%, and nobody
// else has as many votes (Code de commerce, article L.233-3).
var options = whatif.Options{Control: crossholding.ControlOptions{Presumed: ratio.Of(2, 5)}}

// tell writes the history, one day after another.
func (h *history) tell(ctx context.Context, w io.Writer) error {
	var control string
	var last date.Date
	for _, day := range h.timeline.Dates() {
		a, err := h.timeline.At(ctx, day)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\n", day)
		h.done(w, day)
		if err := h.table(ctx, w, a, day); err != nil {
			return err
		}
		who, err := controllers(ctx, a)
		if err != nil {
			return err
		}
		if who != control {
			fmt.Fprintf(w, "  Who controls whom, with the presumption above 40%%:\n%s", who)
			control = who
		}
		if last != "" {
			if err := h.changes(ctx, w, last, day); err != nil {
				return err
			}
		}
		fmt.Fprintln(w)
		last = day
	}
	return nil
}

// done writes the steps of a day.
func (h *history) done(w io.Writer, day date.Date) {
	for _, s := range h.out.Steps {
		if s.Step.Date != day || s.Step.Step == scenario.StepReprice {
			continue
		}
		fmt.Fprintf(w, "  - %s\n", s)
		if s.Step.Note != "" {
			fmt.Fprintf(w, "      (%s)\n", s.Step.Note)
		}
	}
}

// table writes the figures of the stakes, and why votes do not count.
func (h *history) table(ctx context.Context, w io.Writer, a *crossholding.Alliance, day date.Date) error {
	votes, err := a.Votes(ctx, options.Control.Voting)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "  stake\tcapital\teconomic\ttheoretical\texercisable\tfree\t")
	var because []string
	for _, p := range pairs {
		if !has(a, p.holder, p.issuer) {
			continue
		}
		fmt.Fprintf(t, "  %s in %s\t", p.holder, p.issuer)
		for _, kind := range kinds {
			f := whatif.Figure{Kind: kind, Holder: p.holder, Issuer: p.issuer}
			r, err := f.At(ctx, a, options)
			if err != nil {
				return err
			}
			fmt.Fprintf(t, "%s%s\t", r.ShortPercent(), h.note(day, f))
		}
		fmt.Fprintln(t)
		count, err := votes.Of(p.holder, p.issuer)
		if err != nil {
			return err
		}
		for _, r := range count.Reasons {
			because = append(because, fmt.Sprintf("  Votes: %s\n", r))
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err = io.WriteString(w, strings.Join(because, ""))
	return err
}

// note is the published figure in brackets, if there is one.
func (h *history) note(day date.Date, f whatif.Figure) string {
	for _, p := range h.published {
		if p.Date == day && p.Figure == f {
			return " [" + p.Percent + "%]"
		}
	}
	return ""
}

// has reports whether a holder has a stake in a company of the book.
func has(a *crossholding.Alliance, holder, issuer string) bool {
	return slices.ContainsFunc(a.Book().Stakes, func(s crossholding.Stake) bool { return s.Holder == holder && s.Issuer == issuer })
}

// controllers lists who controls whom, each with its proof.
func controllers(ctx context.Context, a *crossholding.Alliance) (string, error) {
	c, err := a.Control(ctx, options.Control)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for p, err := range c.Pairs(ctx) {
		if err != nil {
			return "", err
		}
		why, err := c.Why(ctx, p.Controller, p.Company)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "    %s\n", why)
	}
	return out.String(), nil
}

// changes writes which steps changed which figure since the day before, and by how much.
// Figures of one stake that changed alike are on one line.
func (h *history) changes(ctx context.Context, w io.Writer, from, to date.Date) error {
	a, err := h.timeline.At(ctx, from)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if !a.Draft().Has(p.issuer) {
			continue // founded on this day
		}
		var texts []string
		figures := map[string][]string{}
		for _, kind := range kinds {
			f := whatif.Figure{Kind: kind, Holder: p.holder, Issuer: p.issuer}
			e, err := h.timeline.Explain(ctx, whatif.Period{Figure: f, From: from, To: to, InOrder: true}, options)
			if err != nil {
				return err
			}
			if e.After.Equal(e.Before) {
				continue
			}
			text := explained(e)
			if figures[text] == nil {
				texts = append(texts, text)
			}
			figures[text] = append(figures[text], string(kind))
		}
		for _, text := range texts {
			fmt.Fprintf(w, "  Changed: %s in %s, %s: %s\n", p.holder, p.issuer, strings.Join(figures[text], ", "), text)
		}
	}
	return nil
}

// explained is a change with what each step made of it, in percentage points.
func explained(e whatif.Explanation) string {
	var parts []string
	for _, part := range e.Parts {
		if !part.Amount.IsZero() {
			parts = append(parts, fmt.Sprintf("%s by %s", points(part.Amount), part.Steps[0].Step))
		}
	}
	return fmt.Sprintf("%s -> %s (%s)", e.Before.ShortPercent(), e.After.ShortPercent(), strings.Join(parts, ", "))
}

// points is a change of a fraction in percentage points.
func points(r ratio.Ratio) string {
	text := r.Percent(2).StringFixed(2)
	if r.Sign() > 0 {
		text = "+" + text
	}
	return text
}

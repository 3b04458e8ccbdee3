package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/crossholding/crossholding/sharing"
)

// report prints what each set of members costs or saves alone, the divisions, and who
// objects to them.
func report(ctx context.Context, w io.Writer, g sharing.Game) error {
	divisions, err := divide(ctx, w, g)
	if err != nil {
		return err
	}
	if err := table(w, g, divisions); err != nil {
		return err
	}
	for _, d := range divisions {
		if err := objections(ctx, w, g, d); err != nil {
			return err
		}
	}
	return core(ctx, w, g)
}

// divide makes the divisions that the game has. It says why there are not others.
func divide(ctx context.Context, w io.Writer, g sharing.Game) ([]sharing.Division, error) {
	var out []sharing.Division
	for _, rule := range []func() (sharing.Division, error){
		func() (sharing.Division, error) { return g.Shapley(ctx) },
		func() (sharing.Division, error) { return g.Nucleolus(ctx) },
		func() (sharing.Division, error) {
			s, err := g.SeparableCosts()
			return s.Division, err
		},
		func() (sharing.Division, error) { return g.Proportional() },
		g.Equal,
	} {
		d, err := rule()
		var input *sharing.InputError
		switch {
		case err == nil:
			out = append(out, d)
		case errors.As(err, &input):
			fmt.Fprintf(w, "  %s\n", strings.TrimPrefix(err.Error(), "sharing: "))
		default:
			return nil, err
		}
	}
	return out, nil
}

func table(w io.Writer, g sharing.Game, divisions []sharing.Division) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\talone\t")
	for _, d := range divisions {
		fmt.Fprintf(t, "%s\t", heading(d.Rule))
	}
	fmt.Fprintln(t)
	row := func(name string, members ...string) error {
		v, err := g.Value(members...)
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%s\t%s\t", name, v.GroupedDecimal(1))
		return nil
	}
	for i, m := range g.Members() {
		if err := row(m, m); err != nil {
			return err
		}
		for _, d := range divisions {
			fmt.Fprintf(t, "%s\t", d.Shares[i].Amount.GroupedDecimal(1))
		}
		fmt.Fprintln(t)
	}
	if err := row("all", g.Members()...); err != nil {
		return err
	}
	for _, d := range divisions {
		fmt.Fprintf(t, "%s\t", d.Total().GroupedDecimal(1))
	}
	fmt.Fprintln(t)
	return t.Flush()
}

// heading shortens the name of a rule for a column.
func heading(rule string) string {
	switch rule {
	case "Shapley value":
		return "Shapley"
	case "separable costs, remaining benefits":
		return "separable"
	case "in proportion to the values alone":
		return "proportional"
	}
	return rule
}

func objections(ctx context.Context, w io.Writer, g sharing.Game, d sharing.Division) error {
	o, err := g.Objections(ctx, d)
	if err != nil {
		return err
	}
	for i, e := range o.List {
		if i == 5 {
			fmt.Fprintf(w, "  %s: and %d sets more\n", d.Rule, len(o.List)-i+o.More)
			break
		}
		fmt.Fprintf(w, "  %s: %s would do better to leave, by %s\n", d.Rule, strings.Join(e.Members, " with "), e.Gain.GroupedDecimal(1))
	}
	if len(o.List) == 0 {
		fmt.Fprintf(w, "  %s: nobody would do better to leave\n", d.Rule)
	}
	return nil
}

func core(ctx context.Context, w io.Writer, g sharing.Game) error {
	c, err := g.Core(ctx)
	if err != nil {
		return err
	}
	if !c.Empty {
		fmt.Fprintf(w, "  There are divisions that nobody would leave. That holds until the value of all is worse by %s.\n", c.Margin.GroupedDecimal(1))
		return nil
	}
	fmt.Fprintf(w, "  Somebody would do better to leave any division, unless %s came from outside:\n", c.Margin.Neg().GroupedDecimal(1))
	for _, b := range c.Blocking {
		fmt.Fprintf(w, "  %s, with the weight %s, have %s alone\n", strings.Join(b.Members, " with "), b.Weight, b.Alone.GroupedDecimal(1))
	}
	return nil
}

// changes prints how the Shapley value changes from one game to another.
func changes(ctx context.Context, w io.Writer, before, after sharing.Game) error {
	b, err := before.Shapley(ctx)
	if err != nil {
		return err
	}
	a, err := after.Shapley(ctx)
	if err != nil {
		return err
	}
	list, err := sharing.Compare(b, a)
	if err != nil {
		return err
	}
	for _, c := range list {
		fmt.Fprintf(w, "  %s pays %s instead of %s: %s\n", c.Member, c.After.GroupedDecimal(1), c.Before.GroupedDecimal(1), c.Change.GroupedDecimal(1))
	}
	return nil
}

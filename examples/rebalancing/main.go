// Rebalancing tells how Renault and Nissan became equals in 2023, and what
// followed, as one table a day: who owns, who votes, who controls, what it is
// worth, and which thresholds were crossed. Every figure is computed from the
// book of 2022 and the scenario that leads from it.
//
//	go run ./examples/rebalancing
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	ch "github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func main() {
	dir := flag.String("dir", "testdata/alliance", "the `folder` that holds before.json and rebalancing.json")
	flag.Parse()
	if err := tell(context.Background(), *dir, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func tell(ctx context.Context, dir string, w io.Writer) error {
	a, err := read(filepath.Join(dir, "before.json"), ch.ReadBook)
	if err != nil {
		return err
	}
	moves, err := read(filepath.Join(dir, "rebalancing.json"), scenario.Read)
	if err != nil {
		return err
	}
	out, err := scenario.Run(ctx, a, moves)
	if err != nil {
		return err
	}
	crossings, err := compliance.Crossings(ctx, out, compliance.ThresholdOptions{})
	if err != nil {
		return err
	}
	s := &story{Writer: w, out: out, crossings: crossings}
	if err := s.opening(ctx, a); err != nil {
		return err
	}
	last, first := a, 0
	for state := range out.States() {
		if state.Step > first && state.Date != last.AsOf() { // a new day: tell the one before
			if err := s.day(ctx, last, first, state.Step); err != nil {
				return err
			}
			first = state.Step
		}
		if last, err = state.Alliance(ctx); err != nil {
			return err
		}
	}
	if err := s.day(ctx, last, first, len(out.Steps)); err != nil {
		return err
	}
	if err := s.ending(ctx); err != nil {
		return err
	}
	_, err = io.WriteString(w, legend)
	return err
}

func read[T any](name string, from func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(name)
	if err != nil {
		var none T
		return none, err
	}
	defer f.Close()
	return from(f)
}

// story writes the tables.
type story struct {
	io.Writer
	out       *scenario.Outcome
	crossings []compliance.Crossing
}

func (s *story) printf(format string, args ...any) { fmt.Fprintf(s, format, args...) }

// opening is the alliance before, and the press's figure for Mitsubishi.
func (s *story) opening(ctx context.Context, a *ch.Alliance) error {
	s.printf("%s, before\n", a.AsOf())
	if err := s.table(ctx, a); err != nil {
		return err
	}
	v, err := a.Votes(ctx, ch.VotingOptions{})
	if err != nil {
		return err
	}
	suspended, err := v.Of("nissan-finance", "renault")
	if err != nil {
		return err
	}
	for _, r := range suspended.Reasons {
		s.printf("  Why Nissan cannot vote: %s [%s]\n", r.Because(), r.Citation)
	}
	return s.mitsubishi(a)
}

// mitsubishi holds the reported worth of Nissan's third of Mitsubishi against
// what it cost, at the rates of the day of signing and of the day of closing.
func (s *story) mitsubishi(a *ch.Alliance) error {
	for _, rate := range []struct{ day, yen string }{{"2016-05-12", "109.316"}, {"2016-10-20", "103.607"}} {
		val, err := a.Value(ch.Market{Currency: "JPY", FX: map[string]ratio.Number{"USD/JPY": ratio.Number(rate.yen)}}, ch.ValuationOptions{})
		if err != nil {
			return err
		}
		stake, err := val.Stake("nissan", "mitsubishi")
		if err != nil {
			return err
		}
		cost, err := stake.Cost()
		if err != nil {
			return err
		}
		worth, err := val.Convert(ch.Money{Amount: ratio.Int(950_000_000), Currency: "USD"}, "JPY")
		if err != nil {
			return err
		}
		ratio := worth.Amount.Div(cost.Amount)
		s.printf("  Nissan's third of Mitsubishi, reported worth $950m, is %s%% of the ¥%sbn that it cost (%s yen a dollar, %s)\n",
			ratio.Percent(1), billions(cost.Amount), rate.yen, rate.day)
	}
	return nil
}

// day is one chapter: the steps from first to last, and where they lead.
func (s *story) day(ctx context.Context, a *ch.Alliance, first, last int) error {
	s.printf("\n%s\n", a.AsOf())
	val, err := a.Value(a.Market(), ch.ValuationOptions{Currency: "EUR"})
	if err != nil {
		return err
	}
	for _, step := range s.out.Steps[first:last] {
		s.printf("  - %s", step)
		if !step.Paid.Amount.IsZero() {
			euros, err := val.Convert(step.Paid, "EUR")
			if err != nil {
				return err
			}
			s.printf(", €%sm", millions(euros.Amount))
		}
		s.printf("\n")
		if step.Step.Note != "" {
			s.printf("      (%s)\n", step.Step.Note)
		}
	}
	if err := s.table(ctx, a); err != nil {
		return err
	}
	for _, x := range s.crossings {
		if first <= x.Step && x.Step < last && !s.toldOfParent(x) {
			s.printf("  Crossed: %s\n", x)
		}
	}
	for _, g := range s.out.Gains {
		if first <= g.Step && g.Step < last && g.Unknown == nil {
			s.printf("  Realised: %s %s ¥%sbn on %s shares bought in %s\n", g.Holder, gainOrLoss(g.Gain.Amount),
				billions(g.Gain.Amount), g.Issuer, string(g.Lot)[:4])
		}
	}
	return nil
}

// toldOfParent reports whether a crossing is told of a company above its holder,
// whose stake is the same.
func (s *story) toldOfParent(x compliance.Crossing) bool {
	return slices.ContainsFunc(s.crossings, func(y compliance.Crossing) bool {
		return y.Step == x.Step && y.Issuer == x.Issuer && y.Rule == x.Rule && y.Base == x.Base && y.Limit.Equal(x.Limit) &&
			slices.Contains(y.With, x.Holder) && y.After.Equal(x.After)
	})
}

// pairs are the stakes that the story follows. With is one whose shares and votes
// are shown together with the holder's.
var pairs = []struct{ holder, with, issuer, name string }{
	{"renault", "", "nissan", "Renault in Nissan"},
	{"trust", "", "nissan", "its trust"},
	{"renault", "trust", "nissan", "Renault with its trust"},
	{"nissan-finance", "", "renault", "Nissan in Renault"},
	{"french-state", "", "renault", "French State in Renault"},
	{"french-state", "", "nissan", "and so in Nissan"},
	{"nissan", "", "mitsubishi", "Nissan in Mitsubishi"},
	{"mitsubishi-corporation", "", "mitsubishi", "Mitsubishi Corporation there"},
}

func (s *story) table(ctx context.Context, a *ch.Alliance) error {
	o, err := a.Ownership(ctx, ch.OwnershipOptions{})
	if err != nil {
		return err
	}
	// The French presumption, more than 40% and nobody larger, is the form of
	// control that the alliance turned on.
	c, err := a.Control(ctx, ch.ControlOptions{Presumed: ratio.MustParse("40%")})
	if err != nil {
		return err
	}
	val, err := a.Value(a.Market(), ch.ValuationOptions{Currency: "JPY"})
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(s, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tshares\towned\tvotes\tvotes, of\tfree, of\tfree, of\t\t\tworth,\t")
	fmt.Fprintln(t, "stake\tof issued\tin the end\texercisable\texercisable\texercisable\tdeciding\tcontrols\tworth\tof cost\t")
	for _, p := range pairs {
		r, err := s.row(ctx, o, c, p.holder, p.issuer)
		if err != nil {
			return err
		}
		controls, err := c.Controls(ctx, p.holder, p.issuer)
		if err != nil {
			return err
		}
		stake, err := val.Stake(p.holder, p.issuer)
		if err != nil {
			return err
		}
		says, value, cost := yesNo(controls), worth(stake), percentOfCost(stake)
		if p.with != "" {
			other, err := s.row(ctx, o, c, p.with, p.issuer)
			if err != nil {
				return err
			}
			for i := range r {
				r[i] = r[i].Add(other[i])
			}
			says, value, cost = "-", "-", "-"
		}
		fmt.Fprintf(t, "%s\t%.2f%%\t%.2f%%\t%s\t%.2f%%\t%.2f%%\t%.2f%%\t%s\t%s\t%s\t\n", p.name, percent(r[0]), percent(r[1]),
			r[2].Grouped(), percent(r[3]), percent(r[4]), percent(r[5]), says, value, cost)
	}
	return t.Flush()
}

func percent(r ratio.Ratio) ratio.Ratio { return r.Mul(ratio.Int(100)) }

// row is a holder's figures at a company: shares of issued, owned in the end,
// exercisable votes, these of all exercisable ones, free votes of all exercisable
// ones, and free votes of those that can move a result.
func (s *story) row(ctx context.Context, o *ch.Ownership, c *ch.Control, holder, issuer string) (row [6]ratio.Ratio, err error) {
	var errs [4]error
	row[0], errs[0] = o.Capital(holder, issuer)
	row[1], errs[1] = o.FirstPassage(ctx, holder, issuer)
	votes, err := c.Votes().Of(holder, issuer)
	errs[2] = err
	meeting, err := c.Votes().Meeting(issuer)
	errs[3] = err
	row[2], row[3], row[5] = votes.Exercisable, votes.ExercisableShare, votes.FreeShare
	if !meeting.Exercisable.IsZero() {
		row[4] = votes.Free.Div(meeting.Exercisable)
	}
	return row, errors.Join(errs[:]...)
}

// legend says what the columns are.
const legend = `
Shares of issued: in the holder's name. Owned in the end: for the holder's money, directly
and through others, of what is outstanding. Votes: those that the law leaves, also as a
part of all such votes. Free: what the holder casts as it likes, after contracts; the two
agreed that this is at most 15% of exercisable votes. Deciding votes are those that can move
a result: a trust's neutral votes are not among them, so the same votes are a greater part.
Controls: a majority, or over 40% with nobody as large. Worth: at the day's price, where one
is known, and as a part of what the shares had cost.
`

// ending asks what the law would say if Renault, not neutrality, cast the
// trust's votes when Renault's whole holding was 40.42%.
func (s *story) ending(ctx context.Context) error {
	for state := range s.out.States() {
		if state.Date != "2023-12-15" {
			continue
		}
		a, err := state.Alliance(ctx)
		if err != nil {
			return err
		}
		s.printf("\nWhat if Renault cast the trust's votes on %s?\n", a.AsOf())
		for _, voter := range []string{ch.Neutral, "renault"} {
			book := a.Book()
			for i := range book.Stakes {
				if book.Stakes[i].Holder == "trust" {
					book.Stakes[i].Voter = voter
				}
			}
			if err := s.nissanVotes(ctx, book, voter); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

func (s *story) nissanVotes(ctx context.Context, book ch.Book, voter string) error {
	a, err := ch.New(book)
	if err != nil {
		return err
	}
	v, err := a.Votes(ctx, ch.VotingOptions{})
	if err != nil {
		return err
	}
	n, err := v.Of("nissan-finance", "renault")
	if err != nil {
		return err
	}
	s.printf("  voter %s: Nissan has %s exercisable votes in Renault\n", voter, n.Exercisable.Grouped())
	if n.Exercisable.IsZero() {
		for _, r := range n.Reasons {
			s.printf("    %s [%s]\n", r.Because(), r.Citation)
		}
		return nil
	}
	c, err := a.Control(ctx, ch.ControlOptions{Presumed: ratio.MustParse("40%")})
	if err != nil {
		return err
	}
	why, err := c.Why(ctx, "renault", "nissan")
	if err != nil {
		return err
	}
	s.printf("    %s\n", why)
	return nil
}

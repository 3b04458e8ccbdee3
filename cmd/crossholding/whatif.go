package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/inspect"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// maxQuestion is the largest size of a file of steps or of a question, in bytes.
const maxQuestion = 16 << 20

func whatifCommand() *cobra.Command {
	var from source
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "whatif FILE MOVES",
		Short: "Print what changes if shares move, or how far a step must go",
		Long: `Whatif makes the steps of MOVES on FILE and prints what they change: control,
suspended votes, crossed thresholds, broken agreements, gains, cash and dropped cost. MOVES is
a scenario:

  {"steps": [{"step": "trade", "from": "renault", "to": "float:nissan", "issuer": "nissan", "down_to": "15%"}]}

MOVES can also be a question. How far must a step go until a condition becomes true?

  {"goal": {"figure": "capital", "holder": "renault", "issuer": "nissan", "is": "at most", "limit": "15%"},
   "lever": {"steps": [{"step": "trade", "from": "renault", "to": "float:nissan", "issuer": "nissan"}]}}

Which purchases win control at the least cost?

  {"acquisition": {"buyer": "nissan", "targets": ["mitsubishi"],
                   "offers": [{"seller": "float:mitsubishi", "issuer": "mitsubishi", "price": "500 JPY"}]}}

What are figures for several numbers?

  {"grid": {"steps": [{"step": "trade", "from": "renault", "to": "float:nissan", "issuer": "nissan"}],
            "axes": [{"step": 0, "key": "percent", "values": [5, 10, 15]}],
            "figures": [{"figure": "free", "holder": "renault", "issuer": "nissan"}]}}

How likely is a condition on random markets? The market of FILE has the prices to start from.

  {"simulation": {"factors": [{"key": "prices.nissan", "volatility": 0.4}, {"key": "fx.EUR/JPY", "volatility": 0.1}],
                  "goals": [{"figure": "value_over_cost", "holder": "renault", "issuer": "nissan", "is": "less than", "limit": "50%"}],
                  "figures": [{"figure": "value_over_cost", "holder": "renault", "issuer": "nissan"}], "seed": 1, "draws": 10000}}

Which steps changed a figure between two days?

  {"period": {"figure": {"figure": "capital", "holder": "renault", "issuer": "nissan"}, "from": "2022-12-31", "to": "2023-12-31"},
   "history": {"steps": [{"step": "trade", "date": "2023-06-30", "from": "renault", "to": "float:nissan", "issuer": "nissan", "percent": 5}]}}`,
		Example: `  crossholding whatif testdata/alliance/before.json testdata/alliance/rebalancing.json
  crossholding whatif --json testdata/alliance/before.json testdata/alliance/rebalancing.json`,
		Args: files(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == "-" && args[1] == "-" {
				return &usageError{errors.New("FILE and MOVES cannot both be the standard input")}
			}
			ctx := withProgress(cmd)
			a, err := from.alliance(ctx, cmd, args[0])
			if err != nil {
				return err
			}
			in, err := open(cmd, args[1])
			if err != nil {
				return &fileError{args[1], plain(err)}
			}
			defer in.Close()
			text, err := io.ReadAll(io.LimitReader(in, maxQuestion))
			if err != nil {
				return err
			}
			p, err := answer(cmd, a, text)
			if err != nil {
				return &fileError{args[1], err}
			}
			return print(cmd, p, asJSON)
		},
	}
	from.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// answer answers a file of moves: a scenario, or a question.
func answer(cmd *cobra.Command, a *crossholding.Alliance, text []byte) (inspect.Answers, error) {
	ctx := withProgress(cmd)
	if isQuestion(text) {
		q, err := whatif.Read(bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		return ask(ctx, a, &q)
	}
	s, err := scenario.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	s.Breaches = scenario.BreachesReport
	out, err := scenario.Run(ctx, a, s)
	if err != nil {
		return nil, err
	}
	c := &changes{out: out, Steps: []string{}, Crossings: []string{}, Breaches: []string{}, Gains: []string{}, Cash: []string{}, Dropped: []string{}}
	return c, c.fill(cmd)
}

// changes is what a scenario changed, in sentences.
type changes struct {
	out       *scenario.Outcome
	Steps     []string `json:"steps"`
	Changes   []string `json:"changes"` // of control and of suspended votes
	Holdings  []string `json:"holdings"`
	Crossings []string `json:"crossings"`
	Breaches  []string `json:"breaches"`
	Gains     []string `json:"gains"`
	Cash      []string `json:"cash"`
	Dropped   []string `json:"dropped"` // cost that left the book without a sale
}

func (c *changes) fill(cmd *cobra.Command) error {
	ctx, out := withProgress(cmd), c.out
	for _, s := range out.Steps {
		c.Steps = append(c.Steps, s.String())
	}
	d, err := out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})
	if err != nil {
		return err
	}
	if c.Changes = d.Sentences(out.After.Name); c.Changes == nil {
		c.Changes = []string{}
	}
	c.Holdings = holdings(out.After, d)
	list, err := compliance.Crossings(ctx, out, compliance.ThresholdOptions{})
	if err != nil {
		return err
	}
	for _, x := range list {
		c.Crossings = append(c.Crossings, fmt.Sprintf("after step %d: %s", x.Step+1, x))
	}
	for _, b := range out.Breaches {
		c.Breaches = append(c.Breaches, fmt.Sprintf("step %d: %s", b.Step+1, b))
	}
	for _, g := range out.Gains {
		gain := g.Gain.String()
		if g.Unknown != nil {
			gain = strings.TrimPrefix(g.Unknown.Error(), "crossholding: ")
		}
		c.Gains = append(c.Gains, fmt.Sprintf("step %d: %s on %s shares of %s: %s", g.Step+1, g.Holder, g.Shares.GroupedDecimal(6), g.Issuer, gain))
	}
	for _, p := range out.Cash {
		c.Cash = append(c.Cash, p.String())
	}
	for _, x := range out.Dropped {
		c.Dropped = append(c.Dropped, fmt.Sprintf("step %d: %s on %s shares of %s: %s", x.Step+1, x.Holder, x.Shares.GroupedDecimal(6), x.Issuer, x.Cost))
	}
	return nil
}

// holdings says which holders have another part of the capital, or of the votes that can move
// a result.
func holdings(a *crossholding.Alliance, d *crossholding.Differences) []string {
	out := []string{}
	for _, f := range d.Figures {
		if _, float := crossholding.IsFloat(f.Holder); float {
			continue
		}
		var parts []string
		for _, x := range []struct {
			name        string
			before, now ratio.Ratio
		}{{"capital", f.Before.Capital, f.After.Capital}, {"deciding votes", f.Before.Free, f.After.Free}} {
			if !x.before.Equal(x.now) {
				parts = append(parts, fmt.Sprintf("%s %s, from %s", x.name, x.now.ShortPercent(), x.before.ShortPercent()))
			}
		}
		if len(parts) > 0 {
			out = append(out, fmt.Sprintf("%s in %s: %s", a.Name(f.Holder), a.Name(f.Issuer), strings.Join(parts, "; ")))
		}
	}
	return out
}

// Print writes the changes as text.
func (c *changes) Print(w io.Writer) error {
	what := c.Changes
	if len(what) == 0 {
		what = []string{"nothing of control and of suspended votes"}
	}
	for _, part := range []struct {
		title string
		lines []string
	}{{"Steps", c.Steps}, {"What changes", what}, {"Holdings", c.Holdings}, {"Thresholds crossed", c.Crossings}, {"Agreements broken", c.Breaches}, {"Gains", c.Gains}, {"Cash", c.Cash}, {"Cost dropped without a sale", c.Dropped}} {
		if len(part.lines) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\n  %s\n", part.title, strings.Join(part.lines, "\n  ")); err != nil {
			return err
		}
	}
	return nil
}

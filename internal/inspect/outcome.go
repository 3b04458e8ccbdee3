package inspect

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

// Change is a scenario's report: the alliance before and after, and what the
// steps did.
type Change struct {
	Before  *Report `json:"before"`
	After   *Report `json:"after"`
	Outcome Outcome `json:"outcome"`
}

// Outcome is what the steps of a scenario did.
type Outcome struct {
	Steps     []Step     `json:"steps"`
	Crossings []Crossing `json:"crossings"`
	Cash      []Cash     `json:"cash"`
	Gains     []Gain     `json:"gains"`
}

// Step is one step of a scenario.
type Step struct {
	Index    int    `json:"index"`
	Step     string `json:"step"`
	Shares   string `json:"shares"`
	Residual string `json:"residual"`
	Text     string `json:"text"`
}

// Cash is what a party received less what it paid.
type Cash struct {
	Party    string `json:"party"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// Gain is the gain on the shares of one lot.
type Gain struct {
	Step             int     `json:"step"`
	Holder           string  `json:"holder"`
	Issuer           string  `json:"issuer"`
	Lot              string  `json:"lot"`
	Shares           string  `json:"shares"`
	Proceeds         string  `json:"proceeds"`
	ProceedsCurrency string  `json:"proceeds_currency"`
	Cost             *string `json:"cost"` // null where it is not known
	Gain             *string `json:"gain"`
	Currency         string  `json:"currency"` // of cost and gain
}

// Scenario returns the report on a scenario that was made.
func Scenario(ctx context.Context, out *scenario.Outcome) (*Change, error) {
	before, err := Alliance(ctx, out.Before)
	if err != nil {
		return nil, err
	}
	after, err := Alliance(ctx, out.After)
	if err != nil {
		return nil, err
	}
	c := &Change{Before: before, After: after}
	c.Outcome.Steps, c.Outcome.Cash, c.Outcome.Gains = []Step{}, []Cash{}, []Gain{}
	for _, s := range out.Steps {
		c.Outcome.Steps = append(c.Outcome.Steps, Step{s.Index, string(s.Step.Step), exact(s.Shares), exact(s.Residual), s.String()})
	}
	for _, p := range out.Cash {
		c.Outcome.Cash = append(c.Outcome.Cash, Cash{p.Party, exact(p.Amount), p.Currency})
	}
	for _, g := range out.Gains {
		row := Gain{Step: g.Step, Holder: g.Holder, Issuer: g.Issuer, Lot: string(g.Lot), Shares: exact(g.Shares),
			Proceeds: exact(g.Proceeds.Amount), ProceedsCurrency: g.Proceeds.Currency, Currency: g.Cost.Currency}
		if !errors.Is(g.Unknown, crossholding.ErrNoCost) {
			cost := exact(g.Cost.Amount)
			row.Cost = &cost
		}
		if g.Unknown == nil {
			gain := exact(g.Gain.Amount)
			row.Gain = &gain
		}
		c.Outcome.Gains = append(c.Outcome.Gains, row)
	}
	return c, c.crossings(ctx, out)
}

// Print writes the report as text.
func (c *Change) Print(w io.Writer) error {
	fmt.Fprintln(w, "BEFORE")
	if err := c.Before.Print(w); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nSTEPS")
	for _, s := range c.Outcome.Steps {
		fmt.Fprintf(w, "  %d. %s\n", s.Index+1, s.Text)
	}
	for _, x := range c.Outcome.Crossings {
		fmt.Fprintf(w, "  after step %d: %s\n", x.Step+1, x.Text)
	}
	for _, p := range c.Outcome.Cash {
		fmt.Fprintf(w, "  cash of %s: %s %s\n", p.Party, p.Amount, p.Currency)
	}
	for _, g := range c.Outcome.Gains {
		if g.Gain == nil {
			fmt.Fprintf(w, "  step %d: what %s gains on %s shares of %s is not known\n", g.Step+1, g.Holder, g.Shares, g.Issuer)
			continue
		}
		fmt.Fprintf(w, "  step %d: %s gains %s %s on %s shares of %s\n", g.Step+1, g.Holder, *g.Gain, g.Currency, g.Shares, g.Issuer)
	}
	fmt.Fprintln(w, "\nAFTER")
	return c.After.Print(w)
}

package inspect

import (
	"context"

	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/scenario"
)

// Crossing is a threshold that a step crossed.
type Crossing struct {
	Step      int      `json:"step"`
	Holder    string   `json:"holder"`
	With      []string `json:"with,omitempty"` // companies under the holder whose stakes count too
	Issuer    string   `json:"issuer"`
	Kind      string   `json:"kind"`
	Rule      string   `json:"rule"`
	Citation  string   `json:"citation"`
	Base      string   `json:"base"`
	Threshold string   `json:"threshold"`
	Direction string   `json:"direction"` // up or down
	Before    string   `json:"before"`
	After     string   `json:"after"`
	Passive   bool     `json:"passive"` // only the total changed
	Text      string   `json:"text"`
}

func (c *Change) crossings(ctx context.Context, out *scenario.Outcome) error {
	c.Outcome.Crossings = []Crossing{}
	list, err := compliance.Crossings(ctx, out, compliance.ThresholdOptions{})
	if err != nil {
		return err
	}
	missing, err := compliance.ThresholdWarnings(out.Before, compliance.ThresholdOptions{})
	if err != nil {
		return err
	}
	for _, w := range missing {
		c.Before.Warnings = append(c.Before.Warnings, w.String())
	}
	for _, x := range list {
		direction := "down"
		if x.Up {
			direction = "up"
		}
		c.Outcome.Crossings = append(c.Outcome.Crossings, Crossing{x.Step, x.Holder, x.With, x.Issuer, string(x.Kind), x.Rule,
			x.Citation, string(x.Base), fraction(x.Limit), direction, fraction(x.Before), fraction(x.After), x.Passive, x.String()})
	}
	return nil
}

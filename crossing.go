package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// CrossingOptions says which thresholds are looked at. The zero value is the
// default.
type CrossingOptions struct {
	// Thresholds replaces the built-in table; nil stands for [law.Thresholds].
	Thresholds []law.Threshold
	// Extra adds rules to the table.
	Extra []law.Threshold
	// Voting says how votes are counted; its statutes give the thresholds of
	// reciprocity.
	Voting VotingOptions
	// Alone leaves out what companies hold that are under the holder.
	Alone bool
}

// Crossing is one threshold crossed by one holder at one step. Plain data.
type Crossing struct {
	Step           int // index
	Holder, Issuer string
	With           []string // companies under Holder whose stakes count with its own, before or after; sorted
	Rule           string   // id of the threshold, or of the statute for reciprocity
	Kind           law.ThresholdKind
	Citation       string
	Verified       string // how well the rule's text could be checked
	Base           law.ThresholdBase
	Limit          ratio.Ratio
	AtLeast        bool
	Up             bool        // the limit was crossed upwards
	Before, After  ratio.Ratio // the holder's figure on either side of the step
}

// String returns the crossing as a sentence.
func (c Crossing) String() string {
	verb := "falls to"
	if c.Up {
		verb = "rises to"
	}
	who := strings.Join(append([]string{c.Holder}, c.With...), " with ")
	return fmt.Sprintf("%s in %s %s %s%% of %s, from %s%%: %s at %s (%s)", who, c.Issuer, verb,
		c.After.Percent(4), c.Base, c.Before.Percent(4), c.Kind, c.Limit.PercentString(), c.Citation)
}

// Crossings returns the thresholds that were crossed at each step, under the
// rules in force on the step's day: sorted by step, holder, issuer, rule and
// limit.
//
// A holder has what is held for its money or, where the rule says so, what it
// casts. With it counts what companies have that it controls by a majority of
// exercisable votes, as laws on disclosure and bids ask (C. com., art. L.233-9,
// I, 2°; § 34 Abs. 1 Nr. 1 WpHG, from secondary sources); the company under it
// crosses by itself too. For reciprocity that is so where the statute's test is
// of control or of a group. Concerts do not count, nor what floats hold.
//
// A rule that comes into force is not crossed by that. Errors are those of
// [Alliance.Votes], and an [*InputError] on thresholds that are not well formed.
func (o *Outcome) Crossings(ctx context.Context, opt CrossingOptions) ([]Crossing, error) {
	ctx = orBackground(ctx)
	table, err := opt.table()
	if err != nil {
		return nil, err
	}
	before, err := o.Before.Votes(ctx, opt.Voting)
	if err != nil {
		return nil, err
	}
	w := watch{table: table, laws: slices.Concat(opt.Voting.table(), opt.Voting.Extra), noLaw: opt.Voting.NoLaw, alone: opt.Alone}
	if w.above, err = before.majorities(ctx); err != nil {
		return nil, err
	}
	heard := progress.Start(ctx, "crossings", len(o.Steps), 1)
	day := o.Before.AsOf()
	for s := range o.States() {
		heard.At(s.Step)
		dated := s.DayMoves || w.turns(s.Date, day)
		if day = s.Date; !dated && !s.StepMoves {
			continue
		}
		a, err := s.Alliance(ctx)
		if err != nil {
			return nil, err
		}
		step := &o.Steps[s.Step].Step
		after, err := a.Votes(ctx, opt.Voting)
		if err != nil {
			return nil, &StepError{Index: s.Step, Step: *step, Reason: err}
		}
		if err := w.step(ctx, s.Step, step.Issuer, dated, before, after); err != nil {
			return nil, err
		}
		before = after
	}
	heard.End()
	return w.found, nil
}

// table returns the thresholds to look at, checked if any are the user's.
func (o *CrossingOptions) table() ([]law.Threshold, error) {
	if o.Thresholds == nil && len(o.Extra) == 0 {
		return builtinThresholds, nil
	}
	table := o.Thresholds
	if table == nil {
		table = builtinThresholds
	}
	table = slices.Concat(table, o.Extra)
	return table, ruleFault(law.CheckThresholds(table))
}

package whatif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Open names a number of a scenario that can vary. It is plain data. The zero value is the
// number of shares of the first step.
type Open struct {
	// Step is the index of the step, from 0.
	Step int `json:"step"`
	// Key is the JSON key of the number in the step, by default "shares". Further keys are
	// "price", "percent", "down_to", "up_to", "amount" and "per_share". A number below a key
	// has both keys with a point between them: "prices.nissan", "fx.EUR/JPY", "right.shares",
	// "takes.renault". A price or an amount stays in the currency that it has in the step. What
	// has a percent sign in the step is a fraction, 0.15 for "15%", and so is what is always a
	// fraction, such as "down_to". A ratio is its first number over its second: 2.5 for "5:2".
	Key string `json:"key,omitempty"`
}

// key returns the key with its default.
func (o Open) key() string {
	if o.Key == "" {
		return "shares"
	}
	return o.Key
}

// String returns the step and the key, as in "steps[0].shares".
func (o Open) String() string { return fmt.Sprintf("steps[%d].%s", o.Step, o.key()) }

// isMarket reports whether the number is a price or a rate.
func (o Open) isMarket() bool {
	k := o.key()
	return k == "price" || strings.HasPrefix(k, "prices.") || strings.HasPrefix(k, "fx.")
}

// isFraction reports whether the number is always a fraction, of which steps refuse a whole
// number without a percent sign.
func (o Open) isFraction() bool {
	top, _, _ := strings.Cut(o.key(), ".")
	return slices.Contains([]string{"down_to", "up_to", "cost_share", "pass_on", "agreement"}, top)
}

// isRatio reports whether the number is a ratio such as "5:2".
func (o Open) isRatio() bool { return o.key() == "ratio" || strings.HasSuffix(o.key(), ".ratio") }

// knob writes numbers into one place of one step.
type knob struct {
	open    Open
	top     string // key of the step
	under   string // key below it, or empty
	suffix  string // currency of a price, with a blank before it
	percent bool   // the step has a percentage
}

// knob returns the knob of o in a list of steps.
func (o Open) knob(steps []scenario.Step) (*knob, error) {
	if o.Step < 0 || o.Step >= len(steps) {
		return nil, fmt.Errorf("%s: the scenario has %d steps: %w", o, len(steps), crossholding.ErrRange)
	}
	k := &knob{open: o}
	var below bool
	if k.top, k.under, below = strings.Cut(o.key(), "."); below && k.under == "" {
		return nil, k.noNumber()
	}
	words, err := k.text(steps)
	if err != nil {
		return nil, err
	}
	if _, currency, ok := strings.Cut(strings.TrimSpace(words), " "); ok {
		k.suffix = " " + strings.TrimSpace(currency)
	}
	k.percent = o.isFraction() || strings.HasSuffix(strings.TrimSpace(words), "%")
	set, err := k.set(steps, ratio.Int(1))
	if err != nil {
		return nil, err
	}
	if ok, err := k.stands(set); err != nil || !ok { // as of a key in another case
		return nil, errors.Join(err, k.noNumber())
	}
	if k.under == "" && !k.isNumber(steps) { // but a name or a day
		return nil, k.noNumber()
	}
	return k, nil
}

// isNumber reports whether a step, without a book, has fewer faults with some number at the knob
// than with text. What stands below a key is looked at only with a book.
func (k *knob) isNumber(steps []scenario.Step) bool {
	faults := func(words string) (n int) {
		with, err := k.write(steps, words)
		if err != nil {
			return math.MaxInt
		}
		var bad *scenario.CheckError
		if !errors.As(scenario.Scenario{Steps: with}.Check(), &bad) {
			return 0
		}
		for _, step := range bad.Steps {
			var in *crossholding.InputError
			if step.Index == k.open.Step && errors.As(step.Reason, &in) {
				for _, x := range in.Faults {
					if x.Place == k.top {
						n++
					}
				}
			}
		}
		return n
	}
	text := faults("no number")
	return slices.ContainsFunc([]ratio.Ratio{ratio.Int(1), ratio.Of(1, 2), ratio.Int(100)}, func(n ratio.Ratio) bool {
		words, err := k.words(n)
		return err == nil && faults(words) < text
	})
}

// noNumber is the error of a key under which steps have no number.
func (k *knob) noNumber() error {
	return fmt.Errorf("%s is no number of a step: %w", k.open, crossholding.ErrUnknown)
}

// stands reports whether something stands at the knob.
func (k *knob) stands(steps []scenario.Step) (ok bool, err error) {
	fields, below, err := k.keys(steps)
	if _, ok = fields[k.top]; ok && k.under != "" {
		_, ok = below[k.under]
	}
	return ok, err
}

// keys returns the keys of the step, and those below the knob's first key.
func (k *knob) keys(steps []scenario.Step) (fields, below map[string]json.RawMessage, err error) {
	text, err := json.Marshal(steps[k.open.Step])
	if err == nil {
		err = json.Unmarshal(text, &fields)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", k.open, err)
	}
	if present := fields[k.top]; k.under != "" && len(present) > 0 {
		if json.Unmarshal(present, &below) != nil {
			return nil, nil, fmt.Errorf("%s: %s has no keys below it: %w", k.open, k.top, crossholding.ErrUnknown)
		}
	}
	if below == nil {
		below = map[string]json.RawMessage{}
	}
	return fields, below, nil
}

// text returns what stands at the knob, or nothing.
func (k *knob) text(steps []scenario.Step) (string, error) {
	fields, below, err := k.keys(steps)
	key := k.top
	if k.under != "" {
		fields, key = below, k.under
	}
	var words string
	if json.Unmarshal(fields[key], &words) != nil {
		words = ""
	}
	return words, err
}

// set returns steps with the number at the knob replaced. It does not change steps.
func (k *knob) set(steps []scenario.Step, n ratio.Ratio) ([]scenario.Step, error) {
	words, err := k.words(n)
	if err != nil {
		return nil, err
	}
	return k.write(steps, words)
}

// write returns steps with a text at the knob. It does not change steps.
func (k *knob) write(steps []scenario.Step, words string) ([]scenario.Step, error) {
	text, err := json.Marshal(words)
	if err != nil {
		return nil, err
	}
	fields, below, err := k.keys(steps)
	if err != nil {
		return nil, err
	}
	if k.under != "" {
		below[k.under] = text
		if text, err = json.Marshal(below); err != nil {
			return nil, err
		}
	}
	fields[k.top] = text
	if text, err = json.Marshal(fields); err != nil {
		return nil, err
	}
	var step scenario.Step
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&step); err != nil {
		return nil, k.noNumber()
	}
	out := slices.Clone(steps)
	out[k.open.Step] = step
	return out, nil
}

// words is a number as the step has it.
func (k *knob) words(n ratio.Ratio) (string, error) {
	if k.open.isRatio() {
		return fmt.Sprintf("%s:%s", n.Num(), n.Denom()), nil
	}
	if !k.percent {
		return n.String() + k.suffix, nil
	}
	percent := n.Mul(ratio.Int(100)).String()
	switch {
	case !strings.Contains(percent, "/"):
		return percent + "%", nil
	case k.open.isFraction():
		return n.String(), nil
	}
	return "", fmt.Errorf("%s: %s is a percentage without an end: %w", k.open, n, crossholding.ErrRange)
}

// present returns the number that stands at the knob, or false if there is none.
func (k *knob) present(steps []scenario.Step) (ratio.Ratio, bool) {
	words, err := k.text(steps)
	if err != nil {
		return ratio.Ratio{}, false
	}
	words = strings.TrimSpace(strings.TrimSuffix(words, k.suffix))
	if first, second, ok := strings.Cut(words, ":"); ok && k.open.isRatio() {
		words = strings.TrimSpace(first) + "/" + strings.TrimSpace(second)
	}
	n, err := ratio.Parse(words)
	return n, err == nil
}

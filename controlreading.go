package crossholding

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"slices"
)

// controlUnderReadings returns control under all readings of the law, if the error is that
// there are several, and otherwise the error.
func (a *Alliance) controlUnderReadings(ctx context.Context, opt ControlOptions, err error) (*Control, error) {
	var e *ReadingsError
	if !errors.As(err, &e) || opt.Strict || e.Incomplete || len(e.Readings) < 2 || opt.Voting.Reading > 0 || opt.Voting.Circular != PolicyError {
		return nil, err
	}
	var out *Control
	for n := range e.Readings {
		opt.Voting.Reading = n + 1
		c, err := a.Control(ctx, opt)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = c
		} else {
			out.others = append(out.others, c)
		}
	}
	out.doubt = e
	return out, nil
}

// alone returns control under the first reading.
func (c *Control) alone() *Control {
	one := *c
	one.others = nil
	return &one
}

// readings returns control under each reading.
func (c *Control) readings() []*Control { return append([]*Control{c.alone()}, c.others...) }

// agreed asks a question under each reading. If the answers are not equal, it fails with the
// readings.
func agreed[T any](c *Control, ask func(c *Control) (T, error)) (T, error) {
	first, err := ask(c.alone())
	if err != nil {
		return first, err
	}
	for _, o := range c.others {
		answer, err := ask(o)
		if err == nil && !reflect.DeepEqual(answer, first) {
			err = c.doubt
		}
		if err != nil {
			var none T
			return none, err
		}
	}
	return first, nil
}

// agreedGroup returns a group under the first reading if it controls the same companies under
// all.
func (c *Control) agreedGroup(ctx context.Context, holders []string) (*Group, error) {
	if _, err := agreed(c, func(c *Control) ([]string, error) {
		g, err := c.Group(ctx, holders...)
		if err != nil {
			return nil, err
		}
		return g.Companies(), nil
	}); err != nil {
		return nil, err
	}
	return c.alone().Group(ctx, holders...)
}

// agreedWhy returns the answers under the first reading if those under the others say the
// same of the same controllers.
func agreedWhy(c *Control, ask func(c *Control) ([]ControlAnswer, error)) ([]ControlAnswer, error) {
	type verdict struct {
		controllers []string
		controlled  bool
	}
	var first []ControlAnswer
	_, err := agreed(c, func(c *Control) ([]verdict, error) {
		answers, err := ask(c)
		if first == nil {
			first = answers
		}
		var out []verdict
		for _, a := range answers {
			out = append(out, verdict{a.Controllers, a.Controlled})
		}
		return out, err
	})
	if err != nil {
		return nil, err
	}
	return first, nil
}

// agreedRelations yields the relations of all readings in order. Beside one that only some
// readings have, it yields the readings as an error.
func agreedRelations(c *Control, list func(c *Control) iter.Seq2[ControlRelation, error], order func(a, b ControlRelation) int) iter.Seq2[ControlRelation, error] {
	return func(yield func(ControlRelation, error) bool) {
		count := map[ControlRelation]int{}
		for _, c := range c.readings() {
			for p, err := range list(c) {
				if err != nil {
					yield(ControlRelation{}, err)
					return
				}
				count[p]++
			}
		}
		all := make([]ControlRelation, 0, len(count))
		for p := range count {
			all = append(all, p)
		}
		slices.SortFunc(all, order)
		for _, p := range all {
			var err error
			if count[p] <= len(c.others) {
				err = c.doubt
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

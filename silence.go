package crossholding

import (
	"maps"
	"slices"
)

// silence is what statutes do to a stake's votes over all completions.
type silence uint8

const (
	neverSilent  silence = iota
	maybeSilent          // in part or wholly, in some completions
	alwaysSilent         // wholly, in all
)

// silences judges the statutes for all completions at once, with every vote
// that some statute may take counted as suits the doubt. A statute that asks
// for control or for a holding that no completion has never bites; one that
// asks for control always does where that is sure. The rest stays in doubt.
func (b *Bounds) silences() (map[int32]silence, error) {
	b.judged.Do(func() {
		if b.law == nil || len(b.law.cases) == 0 {
			return
		}
		c := &court{Bounds: &Bounds{a: b.a, law: b.law, opt: b.opt}, groups: map[int32]reach{}}
		b.silent, b.silentErr = c.judge()
	})
	return b.silent, b.silentErr
}

// court is bounds by the statutes' own idea of control: a majority of the
// votes that the law leaves.
type court struct {
	*Bounds
	groups map[int32]reach
}

// reach is what one company surely and possibly controls.
type reach struct{ sure, possible *boundGroup }

func (c *court) judge() (map[int32]silence, error) {
	c.rule.Num, c.rule.Den, c.rule.Strict = 1, 2, true
	c.opt.Control.Basis = Exercisable
	c.silent = make(map[int32]silence, len(c.law.stakes))
	for _, e := range c.law.stakes {
		c.silent[e] = maybeSilent
	}
	c.judged.Do(func() {})
	// What is settled may settle more. Nothing becomes doubtful again, so the
	// rounds end.
	for {
		found, err := c.round()
		if err != nil || maps.Equal(found, c.silent) {
			return found, err
		}
		c.silent = found
		clear(c.groups)
	}
}

func (c *court) round() (map[int32]silence, error) {
	found := make(map[int32]silence, len(c.law.stakes))
	for i := range c.law.cases {
		k := &c.law.cases[i]
		worst := neverSilent
		for _, r := range k.rules {
			s, err := c.rules(&c.law.rules[r], k)
			if err != nil {
				return nil, err
			}
			worst = max(worst, s)
		}
		for _, at := range k.stakes {
			e := c.law.stakes[at]
			found[e] = max(found[e], worst)
		}
	}
	return found, nil
}

// rules says what statute s does to the holder of case k.
func (c *court) rules(s *Statute, k *lawCase) (silence, error) {
	if s.Kind != TestControls {
		may, err := c.mayHold(s, k.issuer, k.holder)
		if err == nil && may && s.Kind == TestMutual {
			may, err = c.mayHold(s, k.holder, k.issuer)
		}
		if err != nil || may {
			return maybeSilent, err
		}
		return neverSilent, nil
	}
	g, err := c.reach(k.issuer)
	switch {
	case err != nil:
		return maybeSilent, err
	case !g.possible.has(k.holder) && s.Presumed.IsZero():
		return neverSilent, nil
	case g.sure.has(k.holder) && !s.Apart && slices.Contains([]EffectKind{"", EffectAll}, s.Effect):
		return alwaysSilent, nil
	}
	return maybeSilent, nil
}

func (c *court) reach(x int32) (reach, error) {
	if g, ok := c.groups[x]; ok {
		return g, nil
	}
	sure, possible, err := c.extremes(x)
	c.groups[x] = reach{sure, possible}
	return c.groups[x], err
}

// mayHold reports whether x may hold as much of y as s asks for.
func (c *court) mayHold(s *Statute, x, y int32) (bool, error) {
	test := &Bounds{a: c.a, law: c.law, opt: c.opt, silent: c.silent}
	none := c.a.graph.capital.treasury(y).IsZero() // issued and outstanding are one
	switch {
	case s.Limit.wide != nil:
		return true, nil
	case s.Measure == MeasureShares && (s.Treasury || none):
		test.opt.Control.Basis = Capital
		test.silent = nil // shares are not silenced
	case s.Measure == MeasureShares || s.Treasury && !none:
		return true, nil
	}
	test.rule.Num, test.rule.Den, test.rule.Strict = s.Limit.num, s.Limit.den1+1, !s.OrMore
	group := &boundGroup{in: map[int32]bool{x: true}}
	if s.Group {
		g, err := c.reach(x)
		if err != nil {
			return true, err
		}
		group.in = g.possible.in
	}
	_, may := test.passes(group, y, possibly)
	return may, nil
}

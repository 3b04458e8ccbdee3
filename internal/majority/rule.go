package majority

import (
	"fmt"
	"math/big"
	"math/bits"
)

// Rule says when votes give control of a meeting: if they exceed the fraction Num/Den of
// the base (Strict), or if they reach it. Num/Den lies between 0 and 1. If it is 0, it must
// be strict, and any vote passes. The zero value means more than one half.
type Rule struct {
	Num, Den int64
	Strict   bool

	// Presume, if not nil, also gives control below Num/Den to the largest group.
	Presume *Presumption

	// Facts, if not nil, also give control. They are among the nodes of the engine.
	Facts *Facts
}

// Presumption is control by the largest group: its votes pass Num/Den and no other group
// has as many. An example is France's Code de commerce L.233-3 II with 40 %, strict. The
// article says that no other holder may have a larger fraction, directly or indirectly.
// The auditors' body reads it so that an equal fraction defeats the presumption too (CNCC,
// EJ 2020-65: two holders of 49 % each).
//
// The other groups are the remaining holders, grouped by their ultimate controller by
// plain majority (more than one half). Votes of the group under test count only for that
// group, even if another node controls its seeds. Neutral votes, and votes of the base
// that no entry holds, belong to no group.
type Presumption struct {
	Num, Den int64
	Strict   bool
}

// String returns the rule as a condition, such as "> 1/2" or "> 1/2 or > 2/5 and the
// most".
func (r Rule) String() string {
	s := threshold{r.Num, r.Den, r.Strict}.String()
	if r.votes() == (Rule{}) {
		s = plainMajority.String()
	}
	if r.Presume != nil {
		s += " or " + r.Presume.threshold().String() + " and the most"
	}
	if r.Facts.Len() > 0 {
		s += " or by fact"
	}
	return s
}

// votes returns the rule without its facts.
func (r Rule) votes() Rule {
	r.Facts = nil
	return r
}

// threshold is a fraction of the base that votes must exceed or reach.
type threshold struct {
	num, den int64
	strict   bool
}

func (p *Presumption) threshold() threshold { return threshold{p.Num, p.Den, p.Strict} }

var plainMajority = threshold{1, 2, true}

func (t threshold) String() string {
	if t.strict {
		return fmt.Sprintf("> %d/%d", t.num, t.den)
	}
	return fmt.Sprintf(">= %d/%d", t.num, t.den)
}

// compiled is a checked rule.
type compiled struct {
	main     threshold
	presumed threshold
	presume  bool
	facts    *Facts // nil if there are none
}

// compile checks the rule and fills in its defaults.
func (e *Engine) compile(r Rule) (compiled, error) {
	c := compiled{main: threshold{r.Num, r.Den, r.Strict}}
	if r.Facts.Len() > 0 {
		if r.Facts.nodes != e.n {
			return compiled{}, &RuleError{r, fmt.Sprintf("its facts are among %d nodes, not %d", r.Facts.nodes, e.n)}
		}
		c.facts = r.Facts
	}
	if r.Num == 0 && r.Den == 0 && !r.Strict {
		c.main = plainMajority
	}
	if why := c.main.fault(); why != "" {
		return compiled{}, &RuleError{r, why}
	}
	if r.Presume != nil {
		c.presume, c.presumed = true, r.Presume.threshold()
		if why := c.presumed.fault(); why != "" {
			return compiled{}, &RuleError{r, "presumption: " + why}
		}
	}
	return c, nil
}

// fault returns why the threshold cannot be applied, or "".
func (t threshold) fault() string {
	switch {
	case t.den <= 0:
		return "the denominator is not positive"
	case t.num < 0:
		return "the fraction is negative"
	case t.num > t.den:
		return "the fraction is above 1"
	case t.num == 0 && !t.strict:
		return "no votes at all would control"
	}
	return ""
}

// passes reports whether votes pass the threshold of base. It is exact.
func (t threshold) passes(votes, base int64) bool {
	if base <= 0 {
		return false
	}
	h1, l1 := bits.Mul64(uint64(votes), uint64(t.den))
	h2, l2 := bits.Mul64(uint64(base), uint64(t.num))
	if h1 != h2 {
		return h1 > h2
	}
	return l1 > l2 || l1 == l2 && !t.strict
}

// needed returns the fewest votes that pass, for a positive base.
func (t threshold) needed(base int64) int64 {
	if t.num == 1 && t.den == 2 {
		if t.strict {
			return base>>1 + 1
		}
		return (base + 1) >> 1
	}
	hi, lo := bits.Mul64(uint64(base), uint64(t.num))
	quo, rem := bits.Div64(hi, lo, uint64(t.den)) // hi < den: num <= den
	if t.strict || rem != 0 {
		quo++
	}
	return int64(quo)
}

// passesBig is passes in big integers.
func (t threshold) passesBig(votes, base *big.Int) bool {
	return base.Sign() > 0 && votes.Cmp(t.neededBig(base)) >= 0
}

// neededBig is needed in big integers.
func (t threshold) neededBig(base *big.Int) *big.Int {
	quo, rem := new(big.Int).Mul(base, big.NewInt(t.num)), new(big.Int)
	quo.QuoRem(quo, big.NewInt(t.den), rem)
	if t.strict || rem.Sign() != 0 {
		quo.Add(quo, big.NewInt(1))
	}
	return quo
}

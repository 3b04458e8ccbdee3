package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/attribution"
	"github.com/crossholding/crossholding/compliance/internal/limit"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Position compares the stake of one holder with the limits of one rule, counted in
// one way. It is plain data.
type Position struct {
	Holder   string            `json:"holder"`
	Issuer   string            `json:"issuer"`
	With     []string          `json:"with"` // others whose stakes count with Holder's, sorted
	Rule     string            `json:"rule"` // id of the threshold, or of the statute for reciprocity
	Kind     law.ThresholdKind `json:"kind"`
	Citation string            `json:"citation"`
	Verified string            `json:"verified"` // how well the rule's text could be checked
	Base     law.ThresholdBase `json:"base"`     // the shares or votes that Fraction is a fraction of
	Ladder   *law.Ladder       `json:"ladder"`   // the creeping threshold; nil if the rule has limits
	AtLeast  bool              `json:"at_least"` // upwards, reaching a limit is enough; otherwise it must be exceeded
	AtMost   bool              `json:"at_most"`  // downwards, coming down to a limit is enough; otherwise the stake must fall below it
	Amount   ratio.Ratio       `json:"amount"`   // shares or votes of the holder
	Of       ratio.Ratio       `json:"of"`       // all shares or votes of the base
	Fraction ratio.Ratio       `json:"fraction"` // Amount / Of, 0..1
	Reached  []ratio.Ratio     `json:"reached"`  // the limits that are reached or exceeded, ascending; none of a ladder
	Below    *Distance         `json:"below"`    // to the limit that the holder crosses first if it loses; nil if there is none, or if only increases count
	Above    *Distance         `json:"above"`    // to the limit that the holder crosses first if it gains; nil if there is none
}

// Distance is the number of shares or votes between a holder and a limit, if the base
// does not change. It is plain data.
type Distance struct {
	Limit ratio.Ratio `json:"limit"` // a fraction, 0..1
	// Exact is the number of shares or votes that leads exactly to the limit.
	Exact ratio.Ratio `json:"exact"`
	// Fewest is the smallest whole number of shares or votes that crosses the limit, gained for a
	// limit above and lost for a limit below. It is 0 if the company is known only in percent. Exact
	// is then in percentage points.
	Fewest ratio.Ratio `json:"fewest"`
}

// unit returns the word for what is counted.
func (p Position) unit() string {
	if p.Base == law.OfCapital || p.Base == law.OfShares {
		return "shares"
	}
	return "votes"
}

// amount returns the shares or votes of a distance in words. Beyond says that the exact
// number of them is not enough.
func (p Position) amount(d *Distance, beyond bool) string {
	switch {
	case !d.Fewest.IsZero():
		return d.Fewest.Grouped() + " " + p.unit()
	case beyond:
		return "more than " + d.Exact.GroupedDecimal(4) + " percentage points"
	}
	return d.Exact.GroupedDecimal(4) + " percentage points"
}

// String returns the position as a sentence.
func (p Position) String() string {
	text := fmt.Sprintf("%s in %s has %s%% of %s, %s: ", strings.Join(append([]string{p.Holder}, p.With...), " with "), p.Issuer,
		p.Fraction.Percent(4), p.Base, p.Kind)
	var parts []string
	if p.Ladder != nil {
		return text + p.steps() + " (" + p.Citation + ")"
	}
	if n := len(p.Reached); n > 0 && p.Below == nil { // a rule of increases only
		parts = append(parts, condition(p.Reached[n-1], p.AtLeast))
	} else if p.Below != nil {
		parts = append(parts, fmt.Sprintf("%s unless it loses %s", condition(p.Below.Limit, !p.AtMost), p.amount(p.Below, !p.AtMost)))
	}
	if p.Above != nil {
		parts = append(parts, fmt.Sprintf("%s if it gains %s", condition(p.Above.Limit, p.AtLeast), p.amount(p.Above, !p.AtLeast)))
	}
	return text + strings.Join(parts, ", ") + " (" + p.Citation + ")"
}

// steps returns the next steps of a ladder in words.
func (p Position) steps() string {
	step := p.Ladder.Step.PercentString()
	var parts []string
	if p.Below != nil {
		parts = append(parts, fmt.Sprintf("%s less if it loses %s", step, p.amount(p.Below, !p.AtMost)))
	}
	if p.Above != nil {
		parts = append(parts, fmt.Sprintf("%s more if it gains %s", step, p.amount(p.Above, !p.AtLeast)))
	}
	if p.Ladder.Months > 0 {
		parts = append(parts, fmt.Sprintf("within %d months", p.Ladder.Months))
	}
	return strings.Join(parts, ", ")
}

// WithNames returns the position with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (p Position) WithNames(name func(id string) string) Position {
	p.Holder, p.Issuer, p.With = name(p.Holder), name(p.Issuer), named(p.With, name)
	return p
}

// Thresholds compares every stake with the limits of the rules in force on the book's
// day. For each rule it returns the limits that are reached, and how many shares or votes
// the holder must gain or lose to cross the next limit. The list is sorted by holder,
// issuer, rule and base.
//
// Holders and their stakes are those of [Crossings]. Holders that have nothing are left
// out. If neither direction of a rule takes reaching for enough, a holder exactly at a
// limit crosses the same limit by gaining and by losing. The next limits of a ladder are a
// step away from the present stake, as if that were the last one made known. A ladder
// leaves out holders whose stakes are too small or too large for it.
//
// A distance is a number of shares or votes that the holder buys from, or sells to, holders
// whose shares count in the base. If crossing a limit suspends votes, the base changes.
// Distances do not consider this.
//
// It fails with the errors of [crossholding.Alliance.Votes], with a
// [*crossholding.InputError] for malformed thresholds, and with
// [crossholding.ErrUnknown] for an unknown holder or issuer.
func Thresholds(ctx context.Context, a *crossholding.Alliance, opt ThresholdOptions) ([]Position, error) {
	ctx, a = given(ctx, a)
	list, err := thresholds(ctx, a, &opt)
	return list, orBounds(err, "bounded.Thresholds")
}

func thresholds(ctx context.Context, a *crossholding.Alliance, opt *ThresholdOptions) ([]Position, error) {
	rules, err := limit.New(opt.Thresholds, opt.Extra, &opt.Voting, opt.Alone)
	if err != nil {
		return nil, err
	}
	asked, err := limit.NewScope(a.Graph(), opt.Holder, opt.Issuer)
	if err != nil {
		return nil, err
	}
	s, err := attribution.NewState(ctx, a, &opt.Voting)
	if err != nil {
		return nil, err
	}
	rules.Deem(s)
	out := []Position{}
	stage := progress.Start(ctx, "thresholds", s.Graph.Len(), 1)
	for c := range int32(s.Graph.Len()) {
		stage.At(int(c))
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, progress.Cause(ctx)
		}
		if !s.Graph.HasShares(c) || !asked.AsksOf(c) {
			continue
		}
		if out, err = positions(ctx, out, &asked, rules, s, c); err != nil {
			return nil, err
		}
	}
	stage.End()
	slices.SortFunc(out, func(x, y Position) int {
		return cmp.Or(strings.Compare(x.Holder, y.Holder), strings.Compare(x.Issuer, y.Issuer),
			strings.Compare(x.Rule, y.Rule), strings.Compare(string(x.Base), string(y.Base)))
	})
	return out, nil
}

// positions appends the positions of all holders at one company.
func positions(ctx context.Context, out []Position, asked *limit.Scope, b *limit.Book, s *attribution.State, c int32) ([]Position, error) {
	k, err := s.NewCounts(ctx, c)
	if err != nil {
		return nil, err
	}
	m := limit.At(s, c)
	looks := b.Looks(nil, m)
	fixed := len(looks)
	found := make([]attribution.Figures, len(b.Reaches))
	known := make([]bool, len(b.Reaches))
	var w attribution.Scratch
	for _, who := range k.Holders() {
		if !asked.Asks(who) {
			continue
		}
		looks = b.Reciprocity(looks[:fixed], m, who)
		clear(known)
		figures := func(reach int) *attribution.Figures {
			if !known[reach] {
				found[reach], known[reach] = k.Figures(&w, who, b.Reaches[reach]), true
			}
			return &found[reach]
		}
		for _, l := range looks {
			if l.Silent(figures) {
				continue
			}
			if p, ok := position(m, who, l, k, figures(l.Reach)); ok {
				p.With = m.Graph.IDs(k.With(&w, who, b.Reaches[l.Reach]))
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// position returns the position of a holder, or false if it has nothing or a ladder does
// not reach it.
func position(m *limit.Meeting, who int32, l limit.Look, k *attribution.Counts, f *attribution.Figures) (Position, bool) {
	have, base := f.Of(k, l.Base)
	if have.IsZero() || base.IsZero() {
		return Position{}, false
	}
	p := Position{
		Holder: m.Graph.ID(who), Issuer: m.Graph.ID(m.Company),
		Rule: l.Rule.ID, Kind: l.Rule.Kind, Citation: l.Rule.Citation, Verified: l.Rule.Verified,
		Base: l.Base, Ladder: copied(l.Rule.Ladder), AtLeast: l.Rule.AtLeast, AtMost: l.Rule.AtMost,
		Amount: have, Of: base, Fraction: have.Div(base), Reached: []ratio.Ratio{},
	}
	whole := !m.Graph.InPercent(m.Company)
	above := func(limit ratio.Ratio) { p.Above = distance(limit, limit.Mul(base).Sub(have), whole, !p.AtLeast) }
	below := func(limit ratio.Ratio) { p.Below = distance(limit, have.Sub(limit.Mul(base)), whole, !p.AtMost) }
	if ladder := l.Rule.Ladder; ladder != nil {
		if !ladder.Reaches(p.Fraction) {
			return Position{}, false
		}
		if limit := ladder.Above(p.Fraction); !ratio.Int(1).Less(limit) {
			above(limit)
		}
		if limit, ok := ladder.Below(p.Fraction); ok {
			below(limit)
		}
	} else {
		for _, limit := range slices.SortedFunc(slices.Values(l.Rule.Limits), ratio.Ratio.Cmp) {
			if l.Rule.Passed(p.Fraction, limit) {
				p.Reached = append(p.Reached, limit)
			} else if p.Above == nil {
				above(limit)
			}
			if l.Rule.CanFall(p.Fraction, limit) {
				below(limit)
			}
		}
	}
	return p, true
}

// distance returns the distance to a limit. The exact number of shares or votes crosses
// the limit. If beyond is true, only more than this number crosses it.
func distance(limit, exact ratio.Ratio, whole, beyond bool) *Distance {
	d := &Distance{Limit: limit, Exact: exact}
	if whole {
		if d.Fewest = exact.Floor(); beyond || !exact.IsInt() {
			d.Fewest = d.Fewest.Add(ratio.Int(1))
		}
	}
	return d
}

package crossholding

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Certainty is an answer that may depend on what is not known.
type Certainty string

// The answers.
const (
	CertaintyYes     Certainty = "yes"     // in every completion of the book
	CertaintyNo      Certainty = "no"      // in none
	CertaintyDepends Certainty = "depends" // in some and not in others
)

// ControlBound is the answer whether one controls another. Plain data.
//
// Of a "depends", Yes is a set of stakes that would make it a yes: found to be
// as given there, they leave x in control whatever all others are within their
// bands. It is minimal: without any one of them the rest does not do. No is
// such a set that would make it a no. Both are found in the same way each
// time; other sets may serve as well.
//
// Law says that statutes which may or may not suspend votes bear on the
// answer; Yes and No are then empty where no figures of stakes settle it
// whatever the statutes take. Every vote that a statute may take counts as
// taken or not, whichever is worse for a yes or a no, so those two remain
// true, but a "depends" may be one that the exact law would settle.
type ControlBound struct {
	Controller string       `json:"controller"`
	Company    string       `json:"company"`
	Answer     Certainty    `json:"answer"`
	Yes        []Assumption `json:"yes,omitempty"` // of a Depends
	No         []Assumption `json:"no,omitempty"`
	Law        bool         `json:"law"`
}

// Assumption is a banded stake with a figure that it may prove to have.
type Assumption struct {
	BandedStake
	Shares ratio.Ratio `json:"shares"`
	At     ratio.Ratio `json:"at"` // Shares as a fraction of the class's issued shares, within Band
}

// DecisiveStakes returns the stakes of both sets, sorted by issuer, then holder:
// those to find out about.
func (v ControlBound) DecisiveStakes() []BandedStake {
	var out []BandedStake
	for _, f := range slices.Concat(v.Yes, v.No) {
		out = append(out, f.BandedStake)
	}
	slices.SortStableFunc(out, compareBanded)
	return slices.CompactFunc(out, func(a, b BandedStake) bool { return compareBanded(a, b) == 0 })
}

func compareBanded(a, b BandedStake) int {
	for _, d := range [...]int{
		strings.Compare(a.Issuer, b.Issuer), strings.Compare(a.Holder, b.Holder),
		strings.Compare(a.Class, b.Class), strings.Compare(a.Given.String(), b.Given.String()),
	} {
		if d != 0 {
			return d
		}
	}
	return 0
}

// String returns the verdict as a sentence.
func (v ControlBound) String() string {
	switch v.Answer {
	case CertaintyYes:
		return fmt.Sprintf("%s controls %s", v.Controller, v.Company)
	case CertaintyNo:
		return fmt.Sprintf("%s does not control %s", v.Controller, v.Company)
	}
	s := fmt.Sprintf("%s may control %s", v.Controller, v.Company)
	for _, side := range []struct {
		answer   Certainty
		findings []Assumption
	}{{CertaintyYes, v.Yes}, {CertaintyNo, v.No}} {
		var parts []string
		for _, f := range side.findings {
			parts = append(parts, fmt.Sprintf("%s has %s of %s", f.Holder, f.At.PercentString(), f.Issuer))
		}
		if len(parts) > 0 {
			s += fmt.Sprintf("; %s if %s", side.answer, strings.Join(parts, " and "))
		}
	}
	if v.Law {
		s += "; statutes may suspend votes"
	}
	return s
}

// Controls answers whether controller controls company in every completion of
// the book, in none, or in some. It fails with [ErrAgreement] if the book has
// agreements about votes in force, which have no bounds, unless the options
// leave contracts out; what stakes themselves say of their voters counts.
func (b *Bounds) Controls(ctx context.Context, controller, company string) (ControlBound, error) {
	ctx = orBackground(ctx)
	b = b.orEmpty()
	x, y, err := b.pair(controller, company)
	if err != nil {
		return ControlBound{}, err
	}
	out := ControlBound{Controller: controller, Company: company, Answer: CertaintyNo}
	if b.exact != nil {
		yes, err := b.exact.Controls(ctx, controller, company)
		if yes {
			out.Answer = CertaintyYes
		}
		return out, err
	}
	sure, possible, err := b.extremes(ctx, x)
	if err != nil {
		return ControlBound{}, err
	}
	switch {
	case x == y || !possible.has(y):
	case sure.has(y):
		out.Answer = CertaintyYes
	default:
		out.Answer = CertaintyDepends
		err = b.decide(ctx, &out, y, sure, possible)
	}
	return out, err
}

// Controlled returns the companies that controller controls, or may control,
// sorted. The stakes that would decide are left to [Bounds.Controls]. Errors
// are those of Controls.
func (b *Bounds) Controlled(ctx context.Context, controller string) ([]ControlBound, error) {
	ctx = orBackground(ctx)
	b = b.orEmpty()
	x, _, err := b.pair(controller, "")
	if err != nil {
		return nil, err
	}
	var out []ControlBound
	if b.exact != nil {
		names, err := b.exact.Controlled(ctx, controller)
		for _, y := range names {
			out = append(out, ControlBound{Controller: controller, Company: y, Answer: CertaintyYes})
		}
		return out, err
	}
	sure, possible, err := b.extremes(ctx, x)
	if err != nil {
		return nil, err
	}
	for _, y := range slices.Sorted(slices.Values(possible.order[1:])) {
		v := ControlBound{Controller: controller, Company: b.a.graph.IDs[y], Answer: CertaintyDepends}
		if sure.has(y) {
			v.Answer = CertaintyYes
		}
		out = append(out, v)
	}
	return out, nil
}

// pair returns the ends of a question; an empty company is none.
func (b *Bounds) pair(controller, company string) (x, y int32, err error) {
	if x, err = (&Control{a: b.a}).party(controller); err != nil {
		return
	}
	if company != "" {
		if y, err = b.a.company(company); err != nil {
			return
		}
	}
	if b.exact != nil || b.opt.Control.Basis == BasisCapital || b.opt.Control.Voting.NoContracts {
		return
	}
	l := b.a.ledger
	for i := range l.agreements {
		if ag := &l.agreements[i]; ag.votes() && date.Within(l.asOf, ag.From, ag.To) {
			return x, y, fmt.Errorf("crossholding: agreement %q changes votes: no bounds with contracts: %w", ag.ID, ErrAgreement)
		}
	}
	return
}

// side is what is asked of every meeting while a group grows.
type side bool

// The sides.
const (
	surely   side = false // the votes pass whatever the stakes are
	possibly side = true  // the votes pass for some stakes
)

// boundGroup is a seed with all that it controls, surely or possibly.
type boundGroup struct {
	in    map[int32]bool
	order []int32                 // in order of joining
	point map[int32][]ratio.Ratio // of possibly: the point at which a company joined
	law   bool                    // a vote that may be suspended was looked at

	at    map[int32]ratio.Ratio   // stakes fixed at a number of shares
	fixed map[int32]*issuerStakes // companies with them
}

func (g *boundGroup) has(y int32) bool { return g.in[y] }

// extremes returns what x controls in every completion, and in some.
//
// Surely: y joins when the votes of those inside pass at every point of y's
// feasible set. In any completion these are controlled, by induction, since more
// members never cast fewer votes. And there is one completion in which no
// others are: for each of them a point at which the votes of those inside do
// not pass. The group is then closed under control there.
//
// Possibly: y joins when the votes of those inside pass at some point. No
// completion has others, by induction; and the points at which the members
// joined make one completion in which all are controlled.
//
// Both hold because one company's point does not limit another's. So a yes and a
// no are exact, but for the votes that a statute may suspend, which are taken
// from each count as suits it.
func (b *Bounds) extremes(ctx context.Context, x int32) (sure, possible *boundGroup, err error) {
	if _, err = b.suspensions(ctx); err != nil {
		return nil, nil, err
	}
	if sure, err = b.grow(ctx, x, surely, nil); err == nil {
		possible, err = b.grow(ctx, x, possibly, nil)
	}
	return
}

// grow finds x's group with the given stakes fixed.
func (b *Bounds) grow(ctx context.Context, x int32, how side, at map[int32]ratio.Ratio) (*boundGroup, error) {
	g := &boundGroup{in: map[int32]bool{x: true}, order: []int32{x}, at: at,
		point: map[int32][]ratio.Ratio{}, fixed: map[int32]*issuerStakes{}}
	rows := &b.a.graph.ByVoter
	if b.opt.Control.Basis == BasisCapital {
		rows = &b.a.graph.ByBeneficiary
	}
	stage := progress.Count(ctx, "joining", 1)
	for next := 0; next < len(g.order); next++ {
		if ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		stage.At(next)
		for _, e := range rows.Of(g.order[next]) {
			y := b.a.graph.Issuer[e]
			if g.in[y] {
				continue
			}
			point, ok := b.passes(g, y, how)
			if ok {
				g.in[y], g.point[y] = true, point
				g.order = append(g.order, y)
			}
		}
	}
	return g, nil
}

// stakesWith returns what the stakes in company c can be, with those that the
// group has fixed.
func (b *Bounds) stakesWith(g *boundGroup, c int32) *issuerStakes {
	in := b.stakesIn(c)
	if in.IsExact() || len(g.at) == 0 {
		return in
	}
	if g.fixed[c] == nil {
		g.fixed[c] = &issuerStakes{FeasibleSet: in.With(g.at), recs: in.recs}
	}
	return g.fixed[c]
}

// passes reports whether the votes of those inside pass in y's meeting,
// surely or possibly; then at which point.
func (b *Bounds) passes(g *boundGroup, y int32, how side) ([]ratio.Ratio, bool) {
	set := b.stakesWith(g, y)
	m, base := b.margin(g, set, how)
	strict := b.rule.Strict
	if how == possibly {
		point, ok := set.Witness(m, !strict)
		if !ok {
			return nil, false
		}
		// Nothing is no part of nothing: there must be votes to count against.
		_, some := set.Witness(base, false)
		return point, some
	}
	// Surely: no point has a margin of 0 or less (below 0, if 0 will do).
	if _, fails := set.Witness(m.Negated(), strict); fails {
		return nil, false
	}
	if strict {
		return nil, true
	}
	_, empty := set.Witness(base.Negated(), true)
	return nil, !empty
}

// margin returns the votes by which those inside pass, as a function of y's
// stakes: their votes less the threshold times the base, and the base. Both
// are linear, since figures a stake may be counted in (its votes, those it
// adds to the total where it has its own, those it takes from the base where
// they are neutral) are its shares times a constant.
//
// A stake that a statute may suspend, in part or wholly, counts as what is
// worst for the side that is asked for, at most all or nothing.
func (b *Bounds) margin(g *boundGroup, set *issuerStakes, how side) (margin, base interval.Linear) {
	opt := b.opt.Control
	network := &b.a.graph
	limit := ratio.Of(b.rule.Num, b.rule.Den)
	capital := opt.Basis == BasisCapital
	for i := range set.Classes {
		k, rec := &set.Classes[i], &set.recs[i]
		votes := rec.votes
		if capital {
			votes = ratio.Int(1)
		}
		counted := k.Outstanding
		if capital || opt.Basis == BasisTheoretical || opt.Basis == "" && b.law != nil && b.law.TreasuryCounts(set.Company) {
			counted = rec.issued
		}
		base.Constant = base.Constant.Add(counted.Mul(votes))
		for j := range k.Stakes {
			s := &k.Stakes[j]
			each := b.a.votesPerShare(rec, s.ID)
			mine, inBase := each, each.Sub(votes)
			who := network.Voter[s.ID]
			if capital {
				mine, inBase, who = votes, ratio.Ratio{}, network.Beneficiary[s.ID]
			}
			if who == graph.None && opt.Basis == "" {
				inBase = inBase.Sub(each)
			}
			worth := limit.Mul(inBase).Neg()
			suspended := worth
			if who != graph.None && g.in[who] {
				worth = worth.Add(mine)
			}
			if doubt := b.suspended[s.ID]; doubt != neverSuspended {
				drop := each // what the base loses
				if opt.Basis == BasisTheoretical || opt.Basis == "" && who == graph.None {
					drop = ratio.Ratio{}
				}
				suspended = suspended.Add(limit.Mul(drop))
				d := suspended.Cmp(worth)
				if doubt == maybeSuspended && d != 0 {
					g.law = true
				}
				if doubt == alwaysSuspended || d < 0 && how == surely || d > 0 && how == possibly {
					worth = suspended
				}
				if doubt == alwaysSuspended || how == surely {
					inBase = inBase.Sub(drop)
				}
			}
			margin.Stakes, base.Stakes = append(margin.Stakes, worth), append(base.Stakes, inBase)
		}
		margin.Floats, base.Floats = append(margin.Floats, ratio.Ratio{}), append(base.Floats, ratio.Ratio{})
	}
	margin.Constant = limit.Mul(base.Constant).Neg()
	return margin, base
}

// decide finds the stakes that would settle whether y, possibly controlled but
// not surely, is.
func (b *Bounds) decide(ctx context.Context, out *ControlBound, y int32, sure, possible *boundGroup) error {
	out.Law = sure.law || possible.law
	x := possible.order[0]
	toYes, toNo := map[int32]ratio.Ratio{}, map[int32]ratio.Ratio{}
	for _, c := range possible.order[1:] {
		if sure.has(c) {
			continue
		}
		set := b.stakesIn(c)
		set.take(toYes, possible.point[c])
		set.take(toNo, b.failing(sure, set))
	}
	var err error
	out.Yes, err = b.least(toYes, func(at map[int32]ratio.Ratio) (bool, error) {
		g, err := b.grow(ctx, x, surely, at)
		return err == nil && g.has(y), err
	})
	if err != nil {
		return err
	}
	out.No, err = b.least(toNo, func(at map[int32]ratio.Ratio) (bool, error) {
		g, err := b.grow(ctx, x, possibly, at)
		return err == nil && !g.has(y), err
	})
	return err
}

// failing returns a point at which the votes of those inside do not pass.
func (b *Bounds) failing(g *boundGroup, set *issuerStakes) []ratio.Ratio {
	m, base := b.margin(g, set, surely)
	if point, ok := set.Witness(m.Negated(), b.rule.Strict); ok {
		return point
	}
	point, _ := set.Witness(base.Negated(), true)
	return point
}

// take notes the figures of the banded stakes at a point.
func (set *issuerStakes) take(at map[int32]ratio.Ratio, point []ratio.Ratio) {
	next := 0
	for s := range set.All() {
		if !s.IsExact() {
			at[s.ID] = point[next]
		}
		next++
	}
}

// least cuts a set of figures that settles the question down to a minimal one.
// Fewer fixed stakes leave more completions, so a stake that cannot be spared
// once can never be; larger parts are tried first to save time.
func (b *Bounds) least(at map[int32]ratio.Ratio, settles func(map[int32]ratio.Ratio) (bool, error)) ([]Assumption, error) {
	if ok, err := settles(at); err != nil || !ok {
		return nil, err
	}
	keep := slices.Sorted(maps.Keys(at))
	for size := (len(keep) + 1) / 2; size > 0; size /= 2 {
		for from := 0; from < len(keep); {
			to := min(from+size, len(keep))
			less := maps.Clone(at)
			for _, e := range keep[from:to] {
				delete(less, e)
			}
			ok, err := settles(less)
			if err != nil {
				return nil, err
			}
			if ok {
				at, keep = less, slices.Delete(keep, from, to)
			} else {
				from = to
			}
		}
	}
	var out []Assumption
	for _, e := range keep {
		out = append(out, b.finding(e, at[e]))
	}
	return out, nil
}

func (b *Bounds) finding(e int32, shares ratio.Ratio) Assumption {
	set := b.stakesIn(b.a.graph.Issuer[e])
	for i := range set.Classes {
		k := &set.Classes[i]
		for j := range k.Stakes {
			if s := &k.Stakes[j]; s.ID == e {
				rec := &set.recs[i]
				return Assumption{b.a.bandedStake(rec, s), shares, shares.Div(rec.issued)}
			}
		}
	}
	panic("crossholding: a stake that its company does not list") // the arrays are our own
}

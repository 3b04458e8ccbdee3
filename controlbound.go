package crossholding

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Certainty is an answer that may depend on figures that are not known.
type Certainty string

// These are the answers.
const (
	CertaintyYes     Certainty = "yes"     // in every completion of the book
	CertaintyNo      Certainty = "no"      // in no completion
	CertaintyDepends Certainty = "depends" // in some completions and not in others
)

// ControlBound is the answer to whether Controller controls Company. It is a plain value.
//
// If the answer is "depends", Yes lists stakes that would make it "yes": if they have the
// figures given there, the controller controls the company whatever the other banded
// stakes are. The list is minimal: no stake of it can be left out. No lists stakes that
// would make the answer "no" in the same way. Both are the same for the same book. There
// may be other such lists.
//
// Law reports that statutes which may suspend votes matter for the answer. A vote that may
// be suspended is counted in the way that is worse for the answer. So "yes" and "no" are
// correct, but the exact law might decide a "depends". Yes or No is empty if no figures of
// stakes decide the answer whatever the statutes suspend. In a book without bands, an answer
// that differs between the readings of the law is "depends", with Law.
//
// Agreements that say who casts votes, or that make them neutral, count as they do in
// [Alliance.Control]. So do caps in companies of which all stakes are known and where no statute
// suspends votes. In other meetings with a cap, and in those with an agreement that waits for a
// suspension, the votes of the controller may be enough or not, whatever the figures are. So "yes"
// and "no" are correct, and Contracts says that the exact agreements might decide a "depends".
type ControlBound struct {
	Controller string        `json:"controller"`
	Company    string        `json:"company"`
	Answer     Certainty     `json:"answer"`
	Yes        []BandedStake `json:"yes"` // if Answer is "depends"
	No         []BandedStake `json:"no"`
	Law        bool          `json:"law"`
	// Contracts reports that a meeting matters in which a cap, or an agreement that is in force
	// only while votes are suspended, depends on figures that are not known.
	Contracts bool `json:"contracts"`
}

// DecisiveStakes returns the stakes of Yes and No, sorted by issuer, then holder. To know
// these stakes exactly is enough to decide the answer.
func (v ControlBound) DecisiveStakes() []BandedStake {
	var out []BandedStake
	for _, f := range slices.Concat(v.Yes, v.No) {
		f.Shares, f.Fraction = ratio.Ratio{}, ratio.Ratio{}
		out = append(out, f)
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

// String returns the answer as a sentence.
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
		findings []BandedStake
	}{{CertaintyYes, v.Yes}, {CertaintyNo, v.No}} {
		var parts []string
		for _, f := range side.findings {
			parts = append(parts, fmt.Sprintf("%s has %s of %s", f.Holder, f.Fraction.PercentString(), f.Issuer))
		}
		if len(parts) > 0 {
			s += fmt.Sprintf("; %s if %s", side.answer, strings.Join(parts, " and "))
		}
	}
	if v.Law {
		s += "; statutes may suspend votes"
	}
	if v.Contracts {
		s += "; agreements may take votes away"
	}
	return s
}

// WithNames returns the answer with ids replaced by names, as by [Alliance.Name]. Lists stay in
// the order of ids.
func (v ControlBound) WithNames(name func(id string) string) ControlBound {
	v.Controller, v.Company = name(v.Controller), name(v.Company)
	for _, list := range []*[]BandedStake{&v.Yes, &v.No} {
		*list = slices.Clone(*list)
		for i, s := range *list {
			(*list)[i].Holder, (*list)[i].Issuer = name(s.Holder), name(s.Issuer)
		}
	}
	return v
}

// Controls reports whether controller controls company in every completion of the book, in
// none, or in some. The voters that stakes name count, and so do agreements about votes unless
// VotingOptions.NoContracts is set, see [ControlBound].
func (b *Bounds) Controls(ctx context.Context, controller, company string) (ControlBound, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ControlBound{}, stopped(ctx)
	}
	b = b.orEmpty()
	x, y, err := b.pair(controller, company)
	if err != nil {
		return ControlBound{}, err
	}
	out := ControlBound{Controller: controller, Company: company, Answer: CertaintyNo, Yes: []BandedStake{}, No: []BandedStake{}}
	if b.exact != nil {
		yes, err := b.exact.Controls(ctx, controller, company)
		switch {
		case errors.Is(err, ErrReadings):
			out.Answer, out.Law, err = CertaintyDepends, true, nil
		case yes:
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
		err = b.findDecisive(ctx, &out, y, sure, possible)
	}
	return out, err
}

// Controlled returns the companies that controllers control or may control, sorted. Several
// controllers act together in all companies, as in [Control.Group], and the companies among
// them are not listed. It does not list the decisive stakes: use [Bounds.Controls] for them. The
// errors are those of Controls, and [ErrMissing] without controllers.
func (b *Bounds) Controlled(ctx context.Context, controllers ...string) ([]ControlBound, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	b = b.orEmpty()
	if len(controllers) == 0 {
		return nil, fmt.Errorf("crossholding: a group needs at least one holder: %w", ErrMissing)
	}
	seeds := make([]int32, len(controllers))
	for i, id := range controllers {
		var err error
		if seeds[i], _, err = b.pair(id, ""); err != nil {
			return nil, err
		}
	}
	if b.exact != nil {
		return b.exactlyControlled(ctx, controllers)
	}
	sure, possible, err := b.extremes(ctx, seeds...)
	if err != nil {
		return nil, err
	}
	var out []ControlBound
	for y := range possible.in {
		if slices.Contains(seeds, y) {
			continue
		}
		v := ControlBound{Controller: strings.Join(controllers, " with "), Company: b.a.graph.IDs.At(y), Answer: CertaintyDepends, Yes: []BandedStake{}, No: []BandedStake{}}
		if sure.has(y) {
			v.Answer = CertaintyYes
		} else {
			v.Contracts = sure.contracts || possible.contracts
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(x, y ControlBound) int { return strings.Compare(x.Company, y.Company) })
	return out, nil
}

// exactlyControlled returns what controllers control in a book without bands, in every reading
// of the law or in some.
func (b *Bounds) exactlyControlled(ctx context.Context, controllers []string) ([]ControlBound, error) {
	count, readings := map[string]int{}, b.exact.readings()
	for _, c := range readings {
		g, err := c.Group(ctx, controllers...)
		if err != nil {
			return nil, err
		}
		for _, y := range g.Companies() {
			count[y]++
		}
	}
	var out []ControlBound
	for _, y := range slices.Sorted(maps.Keys(count)) {
		v := ControlBound{Controller: strings.Join(controllers, " with "), Company: y, Answer: CertaintyYes, Yes: []BandedStake{}, No: []BandedStake{}}
		if count[y] < len(readings) {
			v.Answer, v.Law = CertaintyDepends, true
		}
		out = append(out, v)
	}
	return out, nil
}

// pair returns the nodes of a question. It ignores an empty company.
func (b *Bounds) pair(controller, company string) (x, y int32, err error) {
	if x, err = (&Control{a: b.a}).party(controller); err != nil {
		return
	}
	if company != "" {
		if y, err = b.a.controllable(company); err != nil {
			return
		}
	}
	return
}

// mode says which votes are enough for a company to join a growing group.
type mode bool

// These are the modes.
const (
	surely   mode = false // the votes pass whatever the stakes are
	possibly mode = true  // the votes pass for some stakes
)

// boundGroup is a company, or several, with all that it controls, surely or possibly.
type boundGroup struct {
	in    map[int32]bool
	order []int32                 // in the order of joining
	point map[int32][]ratio.Ratio // if possibly: the point at which a company joined by votes
	law   bool                    // whether a vote that may be suspended mattered

	contracts bool // whether a contract mattered that depends on figures

	at    map[int32]ratio.Ratio   // stakes fixed at a number of shares
	fixed map[int32]*issuerStakes // companies with such stakes
}

func (g *boundGroup) has(y int32) bool { return g.in[y] }

// extremes returns what x controls in every completion, and what it controls in some. x can be
// several who act together.
//
// Surely: y joins when the votes of the members pass at every point of y's feasible set, or
// when the members control it by fact.
// By induction x controls the members in any completion, since more members never cast
// fewer votes. In one completion it controls no others: choose for each other company a
// point at which the votes of the members do not pass. The group is then closed under
// control.
//
// Possibly: y joins when the votes of the members pass at some point, or by fact. By induction no
// completion has other members. The points at which the members joined make one completion
// in which x controls all of them.
//
// Both hold because one company's point does not limit another's. So yes and no are exact
// except for votes that a statute may suspend. These are counted in the way that is worse
// for the answer.
func (b *Bounds) extremes(ctx context.Context, x ...int32) (sure, possible *boundGroup, err error) {
	if _, err = b.suspensions(ctx); err != nil {
		return nil, nil, err
	}
	if err = b.settle(ctx); err != nil {
		return nil, nil, err
	}
	if sure, err = b.grow(ctx, surely, nil, x...); err == nil {
		possible, err = b.grow(ctx, possibly, nil, x...)
	}
	return
}

// grow returns the group of those who act together, with the given stakes fixed.
func (b *Bounds) grow(ctx context.Context, how mode, at map[int32]ratio.Ratio, seeds ...int32) (*boundGroup, error) {
	g := &boundGroup{in: map[int32]bool{}, at: at, point: map[int32][]ratio.Ratio{}, fixed: map[int32]*issuerStakes{}}
	for _, x := range seeds {
		if !g.in[x] {
			g.in[x] = true
			g.order = append(g.order, x)
		}
	}
	stage := progress.Count(ctx, "joining", 1)
	for next := 0; next < len(g.order); next++ {
		if ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		stage.At(next)
		for _, e := range b.touches(g.order[next]) {
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
		for _, f := range b.facts.By(g.order[next]) {
			if y := b.facts.Fact(f).Node; !g.in[y] && b.facts.Met(f, func(x int32) bool { return g.in[x] }) {
				g.in[y] = true
				g.order = append(g.order, y)
			}
		}
	}
	return g, nil
}

// stakesWith returns the possible stakes in company c, with those fixed that the group
// fixes.
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

// passes reports whether the votes of the members pass in y's meeting, surely or possibly.
// If possibly, it also returns a point at which they pass.
func (b *Bounds) passes(g *boundGroup, y int32, how mode) ([]ratio.Ratio, bool) {
	if b.contracts.openAt(y) {
		return nil, b.passesOpen(g, y, how)
	}
	set := b.stakesWith(g, y)
	m, base := b.margin(g, set, how)
	strict := b.rule.Strict
	if how == possibly {
		point, ok := set.Witness(m, !strict)
		if !ok {
			return nil, false
		}
		// There must be votes in the denominator: 0 of 0 votes do not pass.
		_, some := set.Witness(base, false)
		return point, some
	}
	// Surely: no point has a margin of 0 or less, or of less than 0 if 0 is enough.
	if _, fails := set.Witness(m.Negated(), strict); fails {
		return nil, false
	}
	if strict {
		return nil, true
	}
	_, empty := set.Witness(base.Negated(), true)
	return nil, !empty
}

// margin returns the votes by which the members pass, as a function of y's stakes, and the
// denominator. The margin is the members' votes minus the threshold times the denominator.
// Both are linear, because the votes of a stake, and its effect on the denominator, are its
// shares times a constant.
//
// A stake that a statute may suspend, in part or completely, counts in the way that is
// worst for the question asked: with all of its votes or with none.
func (b *Bounds) margin(g *boundGroup, set *issuerStakes, how mode) (margin, base interval.Linear) {
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
			who := b.contracts.voterOf(network, s.ID)
			if capital {
				mine, inBase, who = votes, ratio.Ratio{}, network.Beneficiary[s.ID]
			}
			if who == graph.None && opt.Basis == "" {
				inBase = inBase.Sub(each)
			}
			value := limit.Mul(inBase).Neg()
			suspended := value
			if who != graph.None && g.in[who] {
				value = value.Add(mine)
			}
			if effect := b.suspended[s.ID]; effect != neverSuspended {
				drop := each // the votes by which the denominator decreases
				if opt.Basis == BasisTheoretical || opt.Basis == "" && who == graph.None {
					drop = ratio.Ratio{}
				}
				suspended = suspended.Add(limit.Mul(drop))
				d := suspended.Cmp(value)
				if effect == maybeSuspended && d != 0 {
					g.law = true
				}
				if effect == alwaysSuspended || d < 0 && how == surely || d > 0 && how == possibly {
					value = suspended
				}
				if effect == alwaysSuspended || how == surely {
					inBase = inBase.Sub(drop)
				}
			}
			margin.Stakes, base.Stakes = append(margin.Stakes, value), append(base.Stakes, inBase)
		}
		margin.Floats, base.Floats = append(margin.Floats, ratio.Ratio{}), append(base.Floats, ratio.Ratio{})
	}
	margin.Constant = limit.Mul(base.Constant).Neg()
	return margin, base
}

package compliance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// ConsolidationOptions says which companies are subsidiaries and associates. With the
// zero value, a subsidiary needs more than half of the votes that can move a result
// (IFRS 10, B35), and an associate needs 20% of them or more (IAS 28, 5).
type ConsolidationOptions struct {
	// ControlThreshold is the fraction of the votes that must be exceeded for
	// control. 0 means 1/2.
	ControlThreshold ratio.Ratio
	// Presumed, if not 0, is a lower threshold of control, as in
	// [crossholding.ControlOptions]: 2/5 for France's L.233-3.
	Presumed ratio.Ratio
	// InfluenceThreshold is the fraction of the votes at which significant influence
	// is presumed. 0 means 1/5. For listed companies in Italy, 1/10 is usual
	// (Codice civile, art. 2359, comma 3).
	InfluenceThreshold ratio.Ratio
	// NoFacts ignores control by other means than votes, as in
	// [crossholding.ControlOptions]. By default a group also has control by a fact, and if it
	// holds all rights of agreements that together appoint more than half of a board (IFRS 10, B15).
	NoFacts bool
	// Strict makes [Consolidate] fail if the parent is one of companies that own one another
	// completely. By default they are listed, see [Consolidation].
	Strict bool
	// Basis says what is counted and what it is a fraction of, as in
	// [crossholding.ControlOptions].
	Basis crossholding.Basis
	// Voting says how votes are counted.
	Voting crossholding.VotingOptions
}

// InvestmentClass says how a group accounts for its interest in a company. The zero
// value is no class.
type InvestmentClass string

// These are the classes.
const (
	Subsidiary   InvestmentClass = "subsidiary"    // controlled: consolidated in full
	JointVenture InvestmentClass = "joint venture" // half of the votes; one other group has the other half, and nobody else controls it alone
	Associate    InvestmentClass = "associate"     // significant influence is presumed
	Investment   InvestmentClass = "investment"    // no significant influence is presumed
)

// Consolidation is a parent's group and its other interests. It is plain data.
type Consolidation struct {
	Parent   string   `json:"parent"`
	Entities []Entity `json:"entities"` // sorted by company
	// Unowned lists the companies, with the parent among them, that own one another completely,
	// so that nobody outside owns them: each list is sorted. The parent has first-passage
	// interests all the same.
	Unowned [][]string `json:"unowned"`
}

// Entity is one company in which a group has votes or money. It is plain data.
type Entity struct {
	Company string          `json:"company"`
	Class   InvestmentClass `json:"class"`
	Votes   ratio.Ratio     `json:"votes"` // of the parent and its subsidiaries, as a fraction of the basis
	// Economic is the parent's integrated interest, direct and through others, 0..1.
	// For a parent in a loop it is first-passage.
	Economic ratio.Ratio `json:"economic"`
	Through  []string    `json:"through"`           // subsidiaries that cast some of Votes, sorted
	Partner  string      `json:"partner,omitempty"` // of a joint venture: the head of the group with the other half
	// Controller is who controls the company by a fact, of an associate of which the group has
	// exactly half of the votes.
	Controller string             `json:"controller,omitempty"`
	Proof      crossholding.Proof `json:"proof"`     // of a subsidiary: the votes and facts that control it
	Threshold  ratio.Ratio        `json:"threshold"` // of significant influence
}

// Of returns the companies of one class, sorted.
func (c Consolidation) Of(class InvestmentClass) []string {
	out := []string{}
	for _, e := range c.Entities {
		if e.Class == class {
			out = append(out, e.Company)
		}
	}
	return out
}

// String returns the entity as a sentence.
func (e Entity) String() string {
	return fmt.Sprintf("%s: %s (%s of the votes, %s of the money): %s", e.Company, cmp.Or(e.Class, "no interest"), e.Votes.ShortPercent(), e.Economic.ShortPercent(), e.Because())
}

// Because returns the reason for the class as a sentence.
func (e Entity) Because() string {
	have := fmt.Sprintf("%s of the votes%s", e.Votes.ShortPercent(), through(e.Through))
	switch {
	case e.Class == Subsidiary:
		return e.Proof.String()
	case e.Class == JointVenture:
		return have + ", as much as " + e.Partner
	case e.Class == Associate && e.Controller != "":
		return have + ", " + condition(e.Threshold, true) + ", and " + e.Controller + " controls it"
	case e.Class == Associate:
		return have + ", " + condition(e.Threshold, true)
	}
	return have + ", less than " + e.Threshold.PercentString()
}

// WithNames returns the entity with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids. The ids of agreements
// are not replaced.
func (e Entity) WithNames(name func(id string) string) Entity {
	e.Company, e.Through, e.Proof = name(e.Company), named(e.Through, name), e.Proof.WithNames(name)
	for _, id := range []*string{&e.Partner, &e.Controller} {
		if *id != "" {
			*id = name(*id)
		}
	}
	return e
}

// Consolidate returns the group of a parent: the subsidiaries that it controls
// directly and through others, its joint ventures, its associates, and its other
// investments.
//
// [BoundConsolidation] answers for books with bands.
//
// A company is a joint venture if the group has exactly half of its votes, one other group has
// the other half, and nobody outside the group controls it alone. Joint control is the sharing of
// control, which requires the unanimous consent of those who share it (IFRS 11, 7). Where the
// partner, or a third party, controls the company by a fact or by the rights to appoint more than
// half of the board, nothing is shared, and half of the votes is significant influence. Rights of
// which the group has a part give nobody else control. With NoFacts no fact counts.
//
// Facts that no book holds can rebut the presumptions. IAS 28, 5 was read in
// quotations, and so were parts of IFRS 10, B35 and B15, and IFRS 11, 7. It is a rule of thumb
// that exactly half and half is a joint venture, because joint control needs a contract.
//
// It fails with [crossholding.ErrUnknown] for an unknown parent or basis, with
// [crossholding.ErrRange] for a float and for thresholds outside 0..1, and with the
// errors of [crossholding.Alliance.Votes]. With Strict, it fails with a
// [*crossholding.NoOutsideOwnerError] for a parent that nobody outside owns. Several
// readings of the law are no error if the answer is the same under each.
func Consolidate(ctx context.Context, a *crossholding.Alliance, parent string, opt ConsolidationOptions) (Consolidation, error) {
	ctx, a = given(ctx, a)
	c, err := reading.Agreed(opt.Voting, func(v crossholding.VotingOptions) (Consolidation, error) {
		opt := opt // a run fills in the defaults
		opt.Voting = v
		return consolidate(ctx, a, parent, &opt)
	})
	return c, orBounds(err, "compliance.BoundConsolidation")
}

func consolidate(ctx context.Context, a *crossholding.Alliance, parent string, opt *ConsolidationOptions) (Consolidation, error) {
	q, err := newConsolidationRun(ctx, a, parent, opt)
	if err != nil {
		return Consolidation{}, err
	}
	return q.answer(ctx)
}

// answer finds the entities of the group.
func (q *consolidationRun) answer(ctx context.Context) (Consolidation, error) {
	companies := q.companies()
	out := Consolidation{Parent: q.g.ID(q.parent), Entities: make([]Entity, 0, len(companies)), Unowned: q.unowned}
	stage := progress.Start(ctx, "entities", len(companies), 1)
	for i, c := range companies {
		stage.At(i)
		if ctx.Err() != nil {
			return Consolidation{}, progress.Cause(ctx)
		}
		e, err := q.entity(ctx, c)
		if err != nil {
			return Consolidation{}, err
		}
		out.Entities = append(out.Entities, e)
	}
	stage.End()
	return out, nil
}

// consolidationRun is one call of [Consolidate].
type consolidationRun struct {
	g        crossholding.Graph
	opt      *ConsolidationOptions
	parent   int32
	tally    *crossholding.Tally
	economic map[int32]ratio.Ratio // of each company: the parent's first-passage interest
	unowned  [][]string            // the companies, with the parent, that nobody outside owns
	group    *crossholding.NodeGroup
	facts    map[int32][]crossholding.NodeFact // of each company: by which somebody controls it
	joint    map[int32][]int32                 // members of joint holders
}

func newConsolidationRun(ctx context.Context, a *crossholding.Alliance, parent string, opt *ConsolidationOptions) (*consolidationRun, error) {
	q := &consolidationRun{g: a.Graph(), opt: opt, unowned: [][]string{}}
	var err error
	if opt.InfluenceThreshold, err = fraction("InfluenceThreshold", opt.InfluenceThreshold, ratio.Of(1, 5)); err != nil {
		return nil, err
	}
	if opt.ControlThreshold, err = fraction("ControlThreshold", opt.ControlThreshold, ratio.Of(1, 2)); err != nil {
		return nil, err
	}
	if q.parent, err = q.g.Node(parent); err != nil {
		return nil, err
	}
	control, err := a.Control(ctx, crossholding.ControlOptions{Voting: opt.Voting, Strict: true, Threshold: opt.ControlThreshold, Presumed: opt.Presumed, Basis: opt.Basis})
	if err != nil {
		return nil, err
	}
	q.tally = control.Tally()
	if err := q.interests(ctx); err != nil {
		return nil, err
	}
	if !opt.NoFacts {
		q.facts, q.joint = map[int32][]crossholding.NodeFact{}, maps.Collect(q.g.JointHolders())
		for f := range q.tally.Facts() {
			q.facts[f.Company] = append(q.facts[f.Company], f)
		}
	}
	q.group, err = q.groupOf(ctx, q.parent)
	return q, err
}

// interests finds the parent's first-passage interests. Of a parent that nobody outside owns they
// are counted without the shares in the parent, which is the same.
func (q *consolidationRun) interests(ctx context.Context) error {
	dividends, err := q.g.Dividends()
	if err != nil {
		return err
	}
	solver, err := dividends.Solver(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		return err
	}
	shares, self, err := solver.Holdings(ctx, q.parent)
	var ring *crossholding.NoOutsideOwnerError
	if errors.As(err, &ring) && !q.opt.Strict {
		q.unowned = ring.Components
		if solver, err = q.withoutOwners(ctx, dividends); err != nil {
			return err
		}
		shares, self, err = solver.Holdings(ctx, q.parent)
	}
	if err != nil {
		return err
	}
	q.economic = make(map[int32]ratio.Ratio, len(shares))
	for _, h := range shares {
		q.economic[h.Node] = h.Amount.Div(self)
	}
	return nil
}

// withoutOwners returns the solver of dividends in which nobody owns the parent.
func (q *consolidationRun) withoutOwners(ctx context.Context, dividends *crossholding.Tally) (*crossholding.Solver, error) {
	return q.g.Solver(ctx, func(company int32) ([]crossholding.Holding, ratio.Ratio) {
		if company == q.parent {
			return nil, ratio.Ratio{}
		}
		return dividends.Holdings(company), dividends.Base(company)
	}, crossholding.OwnershipOptions{})
}

// groupOf returns nodes with all that they control.
func (q *consolidationRun) groupOf(ctx context.Context, nodes ...int32) (*crossholding.NodeGroup, error) {
	return q.tally.Group(ctx, crossholding.Rule{Threshold: q.opt.ControlThreshold, Presumed: q.opt.Presumed, NoFacts: q.opt.NoFacts}, nodes...)
}

// companies lists the companies in which the group has votes or money.
func (q *consolidationRun) companies() []int32 {
	var members, out []int32
	for node := range q.group.Nodes() {
		members = append(members, node)
		for e := range q.g.HeldBy(node) {
			if s := q.g.Stake(e); s.Beneficiary == node {
				out = append(out, s.Issuer)
			}
		}
	}
	out = append(append(out, members...), q.tally.Issuers(members...)...)
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(c int32) bool { return c == q.parent })
}

func (q *consolidationRun) entity(ctx context.Context, c int32) (Entity, error) {
	e := Entity{Company: q.g.ID(c), Class: Investment, Through: []string{}, Threshold: q.opt.InfluenceThreshold, Proof: crossholding.Proof{Steps: []crossholding.ProofStep{}}}
	e.Economic = q.economic[c]
	fractions := q.tally.Fractions(c)
	for _, h := range fractions {
		if !q.group.Has(h.Node) || h.Node == c {
			continue
		}
		e.Votes = e.Votes.Add(h.Amount)
		if h.Node != q.parent {
			e.Through = append(e.Through, q.g.ID(h.Node))
		}
	}
	if q.group.Controls(c) {
		e.Class, e.Proof = Subsidiary, q.group.Proof(c)
		return e, nil
	}
	if e.Votes.Equal(ratio.Of(1, 2)) {
		var err error
		if _, e.Controller, err = q.controller(ctx, c); err != nil {
			return e, err
		}
		if e.Controller == "" {
			if e.Partner, err = q.otherHalf(ctx, c, fractions); err != nil {
				return e, err
			}
		}
	}
	switch {
	case e.Partner != "":
		e.Class = JointVenture
	case e.Votes.Reaches(q.opt.InfluenceThreshold, true):
		e.Class = Associate
	}
	return e, nil
}

// behind lists the nodes that have votes of a node, directly or through others, or control one of
// these by fact, with the node itself.
func (q *consolidationRun) behind(ctx context.Context, node int32) ([]int32, error) {
	seen, err := together.Behind(ctx, []*crossholding.Tally{q.tally}, nil, nil, node)
	return slices.Sorted(maps.Keys(seen)), err
}

// controller returns who controls company c by a fact in which the group has no part: the
// controllers that the fact names, and the one of them, or the one above all of them, that
// controls alone. It returns "" if nobody does.
func (q *consolidationRun) controller(ctx context.Context, c int32) (named []int32, alone string, err error) {
	for _, f := range q.facts[c] {
		others := slices.DeleteFunc(slices.Clone(f.Controllers), q.hasPart)
		if len(others) < len(f.Controllers) && f.Seats == nil {
			continue
		}
		if len(others) == 1 && f.Seats == nil {
			return others, q.g.ID(others[0]), nil
		}
		for _, y := range others {
			above, err := q.behind(ctx, y)
			if err != nil {
				return nil, "", err
			}
			for _, x := range above {
				g, err := q.groupOf(ctx, x)
				if err != nil {
					return nil, "", err
				}
				if _, has := together.Had(q.g, f, g.Has, false); has && !q.group.Has(x) {
					return others, q.g.ID(x), nil
				}
			}
			if f.Seats == nil {
				break // who has all is above each of them
			}
		}
	}
	return nil, "", nil
}

// hasPart reports whether the group has a right of a node: it is the node, or one of the joint
// holders.
func (q *consolidationRun) hasPart(x int32) bool {
	return q.group.Has(x) || slices.ContainsFunc(q.joint[x], q.group.Has)
}

// otherHalf returns the holder that has the other half of c's votes, with all that it
// controls. If there are several, it returns the one that controls most companies. It
// returns "" if there is none.
func (q *consolidationRun) otherHalf(ctx context.Context, c int32, fractions []crossholding.Holding) (string, error) {
	partner, size := "", 0
	above, err := q.behind(ctx, c)
	if err != nil {
		return "", err
	}
	for _, x := range above {
		if x == c || q.group.Has(x) || q.g.Dispersed(x) {
			continue
		}
		g, err := q.groupOf(ctx, x)
		if err != nil {
			return "", err
		}
		if !g.Has(q.parent) && q.isHalf(g, fractions) && g.Len() > size {
			partner, size = q.g.ID(x), g.Len()
		}
	}
	return partner, nil
}

// isHalf reports whether a group, without the parent's, has half of the votes.
func (q *consolidationRun) isHalf(g *crossholding.NodeGroup, fractions []crossholding.Holding) bool {
	var sum ratio.Ratio
	for _, h := range fractions {
		if g.Has(h.Node) && !q.group.Has(h.Node) {
			sum = sum.Add(h.Amount)
		}
	}
	return sum.Equal(ratio.Of(1, 2))
}

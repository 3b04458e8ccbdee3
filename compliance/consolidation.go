package compliance

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/reading"
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
	JointVenture InvestmentClass = "joint venture" // half of the votes; one other group has the other half
	Associate    InvestmentClass = "associate"     // significant influence is presumed
	Investment   InvestmentClass = "investment"    // no significant influence is presumed
)

// Consolidation is a parent's group and its other interests. It is plain data.
type Consolidation struct {
	Parent   string   `json:"parent"`
	Entities []Entity `json:"entities"` // sorted by company
}

// Entity is one company in which a group has votes or money. It is plain data.
type Entity struct {
	Company string          `json:"company"`
	Class   InvestmentClass `json:"class"`
	Votes   ratio.Ratio     `json:"votes"` // of the parent and its subsidiaries, as a fraction of the basis
	// Economic is the parent's integrated interest, direct and through others, 0..1.
	// For a parent in a loop it is first-passage.
	Economic  ratio.Ratio        `json:"economic"`
	Through   []string           `json:"through"`           // subsidiaries that cast some of Votes, sorted
	Partner   string             `json:"partner,omitempty"` // of a joint venture: the head of the group with the other half
	Proof     crossholding.Proof `json:"proof"`             // of a subsidiary: the votes and facts that control it
	Threshold ratio.Ratio        `json:"threshold"`         // of significant influence
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
	return fmt.Sprintf("%s: %s (%s of the votes, %s of the money): %s", e.Company, e.Class, e.Votes.ShortPercent(), e.Economic.ShortPercent(), e.Because())
}

// Because returns the reason for the class as a sentence.
func (e Entity) Because() string {
	have := fmt.Sprintf("%s of the votes%s", e.Votes.ShortPercent(), through(e.Through))
	switch {
	case e.Class == Subsidiary:
		return e.Proof.String()
	case e.Class == JointVenture:
		return have + ", as much as " + e.Partner
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
	if e.Partner != "" {
		e.Partner = name(e.Partner)
	}
	return e
}

// Consolidate returns the group of a parent: the subsidiaries that it controls
// directly and through others, its joint ventures, its associates, and its other
// investments.
//
// [BoundConsolidation] answers for books with bands.
//
// Facts that no book holds can rebut the presumptions. IAS 28, 5 was read in
// quotations, and so were parts of IFRS 10, B35 and B15. It is a rule of thumb that
// exactly half and half is a joint venture, because joint control needs a contract
// (IFRS 11).
//
// It fails with [crossholding.ErrUnknown] for an unknown parent or basis, with
// [crossholding.ErrRange] for a float and for thresholds outside 0..1, and with the
// errors of [crossholding.Alliance.Votes] and [crossholding.Ownership.Holdings]. Several
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
	out := Consolidation{Parent: q.g.ID(q.parent), Entities: make([]Entity, 0, len(companies))}
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
	economic map[string]ratio.Ratio // of each company: the parent's first-passage interest
	group    *crossholding.NodeGroup
}

func newConsolidationRun(ctx context.Context, a *crossholding.Alliance, parent string, opt *ConsolidationOptions) (*consolidationRun, error) {
	q := &consolidationRun{g: a.Graph(), opt: opt}
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
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		return nil, err
	}
	holdings, err := o.Holdings(ctx, parent)
	if err != nil {
		return nil, err
	}
	q.economic = make(map[string]ratio.Ratio, len(holdings))
	for _, h := range holdings {
		q.economic[h.Issuer] = h.FirstPassage
	}
	q.group, err = q.groupOf(ctx, q.parent)
	return q, err
}

// groupOf returns nodes with all that they control.
func (q *consolidationRun) groupOf(ctx context.Context, nodes ...int32) (*crossholding.NodeGroup, error) {
	return q.tally.Group(ctx, crossholding.Rule{Threshold: q.opt.ControlThreshold, Presumed: q.opt.Presumed, Facts: !q.opt.NoFacts}, nodes...)
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
	e := Entity{Company: q.g.ID(c), Class: Investment, Through: []string{}, Threshold: q.opt.InfluenceThreshold}
	e.Economic = q.economic[e.Company]
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
	switch {
	case q.group.Controls(c):
		e.Class, e.Proof = Subsidiary, q.group.Proof(c)
		return e, nil
	case e.Votes.Equal(ratio.Of(1, 2)):
		var err error
		if e.Partner, err = q.otherHalf(ctx, c, fractions); err != nil {
			return e, err
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

// otherHalf returns the holder that has the other half of c's votes, with all that it
// controls. If there are several, it returns the one that controls most companies. It
// returns "" if there is none.
func (q *consolidationRun) otherHalf(ctx context.Context, c int32, fractions []crossholding.Holding) (string, error) {
	partner, size := "", 0
	above, err := q.tally.Upstream(ctx, c)
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

package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// ConsolidationOptions says what makes a subsidiary and an associate. The zero
// value is more than half of the votes that can move a result (IFRS 10, B35)
// and 20% of them (IAS 28, 5).
type ConsolidationOptions struct {
	// Control is the fraction of the votes that must be passed for control,
	// 0 meaning 1/2.
	Control ratio.Ratio
	// Presumed, if not 0, is a lower threshold of control as in
	// [ControlOptions]: 2/5 for France's L.233-3.
	Presumed ratio.Ratio
	// Influence is the fraction at which significant influence is presumed,
	// 0 meaning 1/5; 1/10 is usual for listed companies in Italy (Codice
	// civile, art. 2359, comma 3).
	Influence ratio.Ratio
	// NoDirectors leaves agreements of kind [Directors] out. By default the
	// right to appoint more than half of a board, of a group that holds all
	// the rights of the agreement, is control too (IFRS 10, B15).
	NoDirectors bool
	// Basis is what votes are counted against, as in [ControlOptions].
	Basis VoteBase
	// Voting says how votes are counted.
	Voting VotingOptions
}

// InvestmentClass says how a group's interest in a company is accounted for.
type InvestmentClass string

// The classes.
const (
	Subsidiary   InvestmentClass = "subsidiary"    // controlled: consolidated in full
	JointVenture InvestmentClass = "joint venture" // half of the votes, one other group having the other half
	Associate    InvestmentClass = "associate"     // significant influence is presumed
	Investment   InvestmentClass = "investment"    // less
)

// Consolidation is a parent's group and its other interests. Plain data.
type Consolidation struct {
	Parent   string
	Entities []Entity // sorted by company
}

// Entity is one company in which a group has votes or money. Plain data.
type Entity struct {
	Company string
	Class   InvestmentClass
	Votes   ratio.Ratio // of the parent and its subsidiaries, as a fraction of the basis
	// Economic is the parent's integrated interest, direct and through
	// others, 0..1; for a parent in a loop first-passage.
	Economic ratio.Ratio
	Through  []string // subsidiaries that cast some of Votes, sorted
	Partner  string   // of a joint venture: who heads the other half
	Because  string   // the reason as a sentence
}

// Of returns the companies of one class, sorted.
func (c Consolidation) Of(class InvestmentClass) []string {
	var out []string
	for _, e := range c.Entities {
		if e.Class == class {
			out = append(out, e.Company)
		}
	}
	return out
}

// String returns the entity as a sentence.
func (e Entity) String() string {
	return fmt.Sprintf("%s: %s (%s of the votes, %s of the money): %s", e.Company, e.Class, e.Votes.ShortPercent(), e.Economic.ShortPercent(), e.Because)
}

// Consolidate lists the group of a parent: what it controls, directly and
// through what it controls; its halves of joint ventures; what it has
// significant influence over; and its other investments. The presumptions can
// be rebutted by facts that no book holds. IAS 28, 5 was seen quoted; IFRS 10,
// B35 and B15 in part; that exactly half and half is a joint venture is a rule
// of thumb, as joint control needs a contract (IFRS 11).
//
// Errors: [ErrUnknown] for a parent or a basis that is not there, [ErrRange]
// for a float and for thresholds outside 0..1, and those of [Alliance.Votes]
// and [Alliance.Ownership].
func (a *Alliance) Consolidate(ctx context.Context, parent string, opt ConsolidationOptions) (Consolidation, error) {
	ctx = orBackground(ctx)
	if err := a.settled(); err != nil {
		return Consolidation{}, err
	}
	q, err := newConsolidating(ctx, a, parent, &opt)
	if err != nil {
		return Consolidation{}, err
	}
	out := Consolidation{Parent: parent}
	companies := q.companies()
	heard := progress.Start(ctx, "entities", len(companies), 1)
	for i, c := range companies {
		heard.At(i)
		if ctx.Err() != nil {
			return Consolidation{}, stopped(ctx)
		}
		e, err := q.entity(ctx, c)
		if err != nil {
			return Consolidation{}, err
		}
		out.Entities = append(out.Entities, e)
	}
	heard.End()
	return out, nil
}

// consolidating is one run of the question.
type consolidating struct {
	a        *Alliance
	opt      *ConsolidationOptions
	parent   int32
	c        *Control
	economic map[string]ratio.Ratio // of each company: the parent's first-passage interest
	group    *Group
	board    map[int32]*agreementRec // companies controlled by appointing their board
}

func newConsolidating(ctx context.Context, a *Alliance, parent string, opt *ConsolidationOptions) (*consolidating, error) {
	q := &consolidating{a: a, opt: opt, board: map[int32]*agreementRec{}}
	var err error
	if opt.Influence, err = fraction("Influence", opt.Influence, ratio.Of(1, 5)); err != nil {
		return nil, err
	}
	if q.parent, err = a.party(parent); err != nil {
		return nil, err
	}
	if q.c, err = a.Control(ctx, ControlOptions{Voting: opt.Voting, Threshold: opt.Control, Presumed: opt.Presumed, Basis: opt.Basis}); err != nil {
		return nil, err
	}
	o, err := a.Ownership(ctx, OwnershipOptions{})
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
	return q, q.grow(ctx)
}

// grow finds the group: votes first, then boards, until nothing is added.
func (q *consolidating) grow(ctx context.Context) error {
	heads := []string{q.a.graph.IDs[q.parent]}
	for {
		var err error
		if q.group, err = q.c.Group(ctx, heads...); err != nil {
			return err
		}
		if q.opt.NoDirectors {
			return nil
		}
		added := false
		for i := range q.a.ledger.agreements {
			ag := &q.a.ledger.agreements[i]
			c, ok := q.a.node(ag.Issuer)
			if ag.Kind != Directors || !ok || c == q.parent || q.group.g.Has(c) || !date.Within(q.a.ledger.asOf, ag.From, ag.To) || !q.appoints(ag) {
				continue
			}
			q.board[c] = ag
			heads = append(heads, ag.Issuer)
			added = true
			break // what the board brings may make the next agreement needless
		}
		if !added {
			return nil
		}
	}
}

// appoints reports whether the group holds all rights of an agreement that
// appoints more than half of a board.
func (q *consolidating) appoints(ag *agreementRec) bool {
	for _, h := range ag.Holders {
		if n, ok := q.a.node(h); !ok || !q.group.g.Has(n) {
			return false
		}
	}
	return enough(ag.max, ratio.Of(1, 2), true)
}

// companies lists the companies in which the group has votes or money.
func (q *consolidating) companies() []int32 {
	var members, out []int32
	for m := range q.group.g.Members() {
		members = append(members, m.Node)
		for _, e := range q.a.graph.ByBeneficiary.Of(m.Node) {
			out = append(out, q.a.graph.Issuer[e])
		}
	}
	out = append(append(out, members...), q.c.ballot.Issuers(members...)...)
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(c int32) bool { return c == q.parent })
}

func (q *consolidating) entity(ctx context.Context, c int32) (Entity, error) {
	e := Entity{Company: q.a.graph.IDs[c], Class: Investment}
	e.Economic = q.economic[e.Company]
	for _, h := range q.c.ballot.Shares(c) {
		if !q.group.g.Has(h.Node) || h.Node == c {
			continue
		}
		e.Votes = e.Votes.Add(h.Amount)
		if h.Node != q.parent {
			e.Through = append(e.Through, q.a.graph.IDs[h.Node])
		}
	}
	half := ratio.Of(1, 2)
	switch ag := q.board[c]; {
	case ag != nil:
		e.Class = Subsidiary
		e.Because = fmt.Sprintf("%s appoint %s of the board (%s)", strings.Join(ag.Holders, " and "), ag.max.PercentString(), ag.ID)
		return e, nil
	case q.group.g.Controls(c):
		e.Class = Subsidiary
		answer, err := q.group.Why(e.Company)
		e.Because = answer.Proof.String()
		return e, err
	case e.Votes.Equal(half):
		partner, err := q.otherHalf(ctx, c)
		if err != nil {
			return e, err
		}
		e.Partner = partner
	}
	have := fmt.Sprintf("%s of the votes%s", e.Votes.ShortPercent(), via(e.Through))
	switch {
	case e.Partner != "":
		e.Class = JointVenture
		e.Because = have + ", as much as " + e.Partner
	case enough(e.Votes, q.opt.Influence, false):
		e.Class = Associate
		e.Because = have + ", " + margin(q.opt.Influence, false)
	default:
		e.Because = have + ", less than " + q.opt.Influence.PercentString()
	}
	return e, nil
}

// otherHalf returns who has the other half of c's votes, with all that it
// controls; of several who do, the one that controls most. Empty if nobody.
func (q *consolidating) otherHalf(ctx context.Context, c int32) (string, error) {
	partner, size := "", 0
	above, err := q.c.ballot.Upstream(ctx, c)
	if err != nil {
		return "", err
	}
	for _, x := range above {
		if x == c || q.group.g.Has(x) || q.a.dispersed(x) {
			continue
		}
		g, err := q.c.Group(ctx, q.a.graph.IDs[x])
		if err != nil {
			return "", err
		}
		if !g.g.Has(q.parent) && q.halfOf(g.g, c) && g.g.Len() > size {
			partner, size = q.a.graph.IDs[x], g.g.Len()
		}
	}
	return partner, nil
}

// halfOf reports whether a group has half of c's votes.
func (q *consolidating) halfOf(g *majority.Group, c int32) bool {
	var sum ratio.Ratio
	for _, h := range q.c.ballot.Shares(c) {
		if g.Has(h.Node) && !q.group.g.Has(h.Node) {
			sum = sum.Add(h.Amount)
		}
	}
	return sum.Equal(ratio.Of(1, 2))
}

func via(companies []string) string {
	if len(companies) == 0 {
		return ""
	}
	return " through " + strings.Join(companies, ", ")
}

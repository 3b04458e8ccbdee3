package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// BeneficialGround is one reason why someone is a beneficial owner. Plain data.
type BeneficialGround struct {
	Citation string
	Measure  string      // "shares", "votes", "profits" or "board"
	Share    ratio.Ratio // the figure that passed
	Through  []string    // companies concerned, sorted; none for a plain product
	Because  string      // the figures in words
}

// String returns the ground as a sentence about the owner.
func (g BeneficialGround) String() string { return g.Because + " (" + g.Citation + ")" }

// The articles.
const (
	citeProduct   = "Regulation (EU) 2024/1624, art. 52(1)"
	citeControl   = "Regulation (EU) 2024/1624, art. 53(2)"
	citeConcert   = "Regulation (EU) 2024/1624, art. 53(3)(a)"
	citeBoard     = "Regulation (EU) 2024/1624, art. 53(3)(b)"
	citeHolders   = "Regulation (EU) 2024/1624, art. 54(a)"
	citeOver      = "Regulation (EU) 2024/1624, art. 54(b)"
	citeDirective = "Directive (EU) 2015/849, art. 3(6)(a)(i)"
)

// products applies article 52: what chains multiply to.
func (b *beneficial) products(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR && b.opt.Reading != ReadingProduct {
		return nil
	}
	return b.owned(ctx, b.company, func(measure string, share ratio.Ratio) BeneficialGround {
		because := fmt.Sprintf("has %s of the %s, chains multiplied, %s", share.ShortPercent(), measure, margin(b.opt.Threshold, b.opt.Strict))
		return BeneficialGround{Citation: citeProduct, Measure: measure, Share: share, Because: because}
	})
}

// owned adds those who have enough of company h, by each measure, on a ground
// that is made of the measure's name and their share.
func (b *beneficial) owned(ctx context.Context, h int32, ground func(measure string, share ratio.Ratio) BeneficialGround) error {
	for _, m := range b.by {
		list, err := b.owners(ctx, m, h)
		if err != nil {
			return err
		}
		for _, s := range list {
			share := ratio.FromRat(s.Value)
			if !enough(share, b.opt.Threshold, b.opt.Strict) {
				continue
			}
			if err := b.add(ctx, s.Owner, ground(m.name, share)); err != nil {
				return err
			}
		}
	}
	return nil
}

// outsiders yields those above the company who are not companies of the book.
func (b *beneficial) outsiders(ctx context.Context, yield func(int32) error) error {
	heard := progress.Start(ctx, "beneficial owners", len(b.above), 1)
	for i, x := range b.above {
		heard.At(i)
		if b.a.graph.IssuesShares(x) {
			continue
		}
		if err := yield(x); err != nil {
			return err
		}
	}
	heard.End()
	return nil
}

// controls applies article 53: more than half on every level.
func (b *beneficial) controls(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR && b.opt.Reading != ReadingControl {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		for _, m := range b.by {
			g, err := b.group(ctx, m, x)
			if err != nil {
				return err
			}
			if !g.Controls(b.company) {
				continue
			}
			ground := BeneficialGround{Citation: citeControl, Measure: m.name, Share: b.held(m, g)}
			steps := g.Proof(b.company)
			for _, s := range steps[:len(steps)-1] {
				ground.Through = append(ground.Through, b.a.graph.IDs[s.Node])
			}
			slices.Sort(ground.Through)
			ground.Because = fmt.Sprintf("controls it on every level by %s of the %s%s", ground.Share.ShortPercent(), m.name, via(ground.Through))
			if err := b.add(ctx, exact.Owner{Node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// otherMeans applies article 53(3): a majority of the votes shared by persons
// acting in concert, and the right to appoint a majority of the board, as the
// book's agreements have them.
func (b *beneficial) otherMeans(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR && b.opt.Reading != ReadingControl {
		return nil
	}
	id := b.a.graph.IDs[b.company]
	for i := range b.a.ledger.agreements {
		ag := &b.a.ledger.agreements[i]
		if !ag.covers(id) || !date.Within(b.a.ledger.asOf, ag.From, ag.To) {
			continue
		}
		var err error
		switch ag.Kind {
		case Concert:
			err = b.concert(ctx, ag)
		case Directors:
			err = b.directors(ctx, ag)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// concert adds the members of a concert that controls the company together.
func (b *beneficial) concert(ctx context.Context, ag *agreementRec) error {
	m := b.by[1]
	seeds := make([]int32, len(ag.Holders))
	for i, h := range ag.Holders {
		seeds[i], _ = b.a.node(h)
	}
	g, err := m.ballot.Engine.Group(ctx, b.rule(), seeds...)
	if err != nil {
		return fmt.Errorf("crossholding: %w", err)
	}
	if !g.Controls(b.company) {
		return nil
	}
	share := b.held(m, g)
	for _, x := range seeds {
		if b.a.graph.IssuesShares(x) {
			continue
		}
		because := fmt.Sprintf("controls it in concert (%s) by %s of the votes", ag.ID, share.ShortPercent())
		if err := b.add(ctx, exact.Owner{Node: x}, BeneficialGround{citeConcert, m.name, share, nil, because}); err != nil {
			return err
		}
	}
	return nil
}

// directors adds whoever holds, with the companies it controls, all rights of
// an agreement that appoints more than half of the board.
func (b *beneficial) directors(ctx context.Context, ag *agreementRec) error {
	if !enough(ag.max, ratio.Of(1, 2), true) {
		return nil
	}
	m := b.by[1]
	for x := range int32(len(b.a.graph.IDs)) {
		if b.a.graph.IssuesShares(x) {
			continue
		}
		g, err := b.group(ctx, m, x)
		if err != nil {
			return err
		}
		ground := BeneficialGround{Citation: citeBoard, Measure: "board", Share: ag.max}
		all := true
		for _, h := range ag.Holders {
			n, _ := b.a.node(h)
			if all = all && g.Has(n); n != x {
				ground.Through = append(ground.Through, h)
			}
		}
		if !all {
			continue
		}
		ground.Because = fmt.Sprintf("appoints %s of its board (%s)%s", ag.max.PercentString(), ag.ID, via(ground.Through))
		if err := b.add(ctx, exact.Owner{Node: x}, ground); err != nil {
			return err
		}
	}
	return nil
}

func via(companies []string) string {
	if len(companies) == 0 {
		return ""
	}
	return " through " + strings.Join(companies, ", ")
}

// held returns what the members of a group have of the company directly.
func (b *beneficial) held(m *interestBy, g *majority.Group) ratio.Ratio {
	var sum ratio.Ratio
	for _, h := range m.ballot.Shares(b.company) {
		if g.Has(h.Node) {
			sum = sum.Add(h.Amount)
		}
	}
	return sum
}

// holders tests what someone and the companies under its control have of the
// company directly, nothing multiplied. own says whether its own stake is
// enough without any company.
func (b *beneficial) holders(ctx context.Context, citation string, strict, own bool) error {
	return b.outsiders(ctx, func(x int32) error {
		for _, m := range b.by {
			g, err := b.group(ctx, m, x)
			if err != nil {
				return err
			}
			ground := BeneficialGround{Citation: citation, Measure: m.name, Share: b.held(m, g)}
			for _, h := range m.ballot.Shares(b.company) {
				if g.Controls(h.Node) {
					ground.Through = append(ground.Through, b.a.graph.IDs[h.Node])
				}
			}
			if len(ground.Through) == 0 && !own || !enough(ground.Share, b.opt.Threshold, strict) {
				continue
			}
			what := "holds"
			if len(ground.Through) > 0 {
				what = "controls companies that, with its own stake, hold"
			}
			ground.Because = fmt.Sprintf("%s %s of the %s directly%s, %s", what, ground.Share.ShortPercent(), m.name, via(ground.Through), margin(b.opt.Threshold, strict))
			if err := b.add(ctx, exact.Owner{Node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// mixed applies article 54: control above an interest, and an interest above
// control.
func (b *beneficial) mixed(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR {
		return nil
	}
	if err := b.holders(ctx, citeHolders, b.opt.Strict, false); err != nil {
		return err
	}
	for _, h := range b.above {
		if !b.a.graph.IssuesShares(h) {
			continue
		}
		if err := b.overController(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

// overController adds those who have an interest in h, if h controls the company.
func (b *beneficial) overController(ctx context.Context, h int32) error {
	controls := false
	for _, m := range b.by {
		g, err := b.group(ctx, m, h)
		if err != nil {
			return err
		}
		controls = controls || g.Controls(b.company)
	}
	if !controls {
		return nil
	}
	id := b.a.graph.IDs[h]
	return b.owned(ctx, h, func(measure string, share ratio.Ratio) BeneficialGround {
		because := fmt.Sprintf("has %s of the %s of %s, which controls it", share.ShortPercent(), measure, id)
		return BeneficialGround{citeOver, measure, share, []string{id}, because}
	})
}

// directive applies the older rule: more than the threshold, held directly or
// by companies under control.
func (b *beneficial) directive(ctx context.Context) error {
	if b.opt.Reading != ReadingDirective {
		return nil
	}
	return b.holders(ctx, citeDirective, true, true)
}

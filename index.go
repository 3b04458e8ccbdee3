package crossholding

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// index turns a checked ledger into an alliance.
func index(l *ledger) *Alliance {
	ids := make([]string, 0, len(l.companies)+len(l.parties))
	for i := range l.companies {
		ids = append(ids, l.companies[i].ID)
	}
	for i := range l.parties {
		ids = append(ids, l.parties[i].ID)
	}
	slices.Sort(ids)
	node := make(map[string]int32, len(ids))
	for i, id := range ids {
		node[id] = int32(i)
	}
	ends := make([]int32, 2*len(l.stakes))
	holder, issuer := ends[:len(l.stakes)], ends[len(l.stakes):]
	for i := range l.stakes {
		holder[i], issuer[i] = node[l.stakes[i].holder], node[l.stakes[i].issuer]
	}
	a := &Alliance{ledger: l, graph: graph.New(ids, holder, issuer), companyOf: make([]int32, len(ids))}
	for i := range l.companies {
		a.companyOf[node[l.companies[i].ID]] = int32(i) + 1
	}
	nameOthers(&a.graph, l, node)
	weigh(&a.graph, l)
	a.graph.ListRows()
	return a
}

// indexAfter is index for a ledger that comes from that of another alliance. If both have
// the same companies, parties and stakes, and only figures and terms differ, the alliances
// share what does not depend on these. The figures of shares are compared. Nothing else that
// weighs them may differ, but for the day. It returns nil if more differs.
func indexAfter(before *Alliance, l *ledger) *Alliance {
	if before == nil || before.register != nil {
		return nil
	}
	changed, same := changedFigures(before.ledger, l)
	if !same {
		return nil
	}
	a := &Alliance{ledger: l, graph: before.graph, companyOf: before.companyOf}
	weighAgain(&a.graph, before.ledger, l, changed)
	a.takeComponents(before)
	return a
}

// changedFigures reports whether two ledgers have the same ids, and the same stakes but for
// their figures and terms. If so, it lists the companies of whose shares a figure differs.
func changedFigures(l, m *ledger) (changed []string, same bool) {
	if l == nil || len(l.companies) != len(m.companies) || len(l.stakes) != len(m.stakes) || !slices.EqualFunc(l.parties, m.parties, func(a, b Party) bool { return a.ID == b.ID }) {
		return nil, false
	}
	for i := range l.companies {
		a, b := &l.companies[i], &m.companies[i]
		if a.ID != b.ID {
			return nil, false
		}
		if !graph.SameArray(a.classes, b.classes) && !slices.EqualFunc(a.classes, b.classes, sameClass) {
			changed = append(changed, a.ID)
		}
	}
	if graph.SameArray(l.stakes, m.stakes) {
		return changed, true
	}
	for i := range l.stakes {
		a, b := l.stakes[i], m.stakes[i]
		if a == b {
			continue
		}
		if a.holder != b.holder || a.issuer != b.issuer || a.beneficiary != b.beneficiary || a.voter != b.voter {
			return nil, false
		}
		if a.stakeKey != b.stakeKey || !a.shares.Equal(b.shares) || !a.votes.Equal(b.votes) || !sameLots(a.lots, b.lots) {
			changed = append(changed, a.issuer)
		}
	}
	slices.Sort(changed)
	return slices.Compact(changed), true
}

// sameClass reports whether two classes have the same figures.
func sameClass(a, b classRecord) bool {
	return a.name == b.name && a.votesGiven == b.votesGiven && a.issued.Equal(b.issued) && a.treasury.Equal(b.treasury) &&
		a.votes.Equal(b.votes) && a.dividend.Equal(b.dividend)
}

// sameLots reports whether two stakes have the same lots.
func sameLots(a, b []shareledger.Lot) bool {
	return graph.SameArray(a, b) || slices.EqualFunc(a, b, sameLot)
}

func sameLot(a, b shareledger.Lot) bool {
	return a.Date == b.Date && a.Currency == b.Currency && a.Shares.Equal(b.Shares) && a.Price.Equal(b.Price)
}

// nameOthers sets the beneficiaries and voters of stakes that differ from the holders.
func nameOthers(g *graph.Graph, l *ledger, node map[string]int32) {
	for i := range l.stakes {
		if l.stakes[i].beneficiary != "" && graph.SameArray(g.Beneficiary, g.Holder) {
			g.Beneficiary = slices.Clone(g.Holder)
		}
		if l.stakes[i].voter != "" && graph.SameArray(g.Voter, g.Holder) {
			g.Voter = slices.Clone(g.Holder)
		}
	}
	for e, i := range g.Record {
		s := l.stakes[i]
		if s.beneficiary != "" {
			g.Beneficiary[e] = node[s.beneficiary]
		}
		switch s.voter {
		case "":
		case Neutral:
			g.Voter[e] = graph.None
		default:
			g.Voter[e] = node[s.voter]
		}
	}
}

// weigh fills the three weightings. Weightings that do not differ share their arrays.
func weigh(g *graph.Graph, l *ledger) {
	plain := l.plainWeights()
	g.Capital = newCount(g, l, countedShares)
	g.Dividends, g.Votes = g.Capital, g.Capital
	if !plain.dividends {
		g.Dividends = newCount(g, l, countedDividends)
	}
	if !plain.votes {
		g.Votes = newCount(g, l, countedVotes)
	}
}

// weighAgain is weigh for a graph with the weightings of an earlier ledger, if only the
// figures of some companies changed since. It counts these companies, and copies the rest.
func weighAgain(g *graph.Graph, before, l *ledger, changed []string) {
	plain := l.plainWeights()
	capital, dividends, votes := g.Capital, g.Dividends, g.Votes
	g.Capital = recount(g, l, &capital, countedShares, changed)
	switch {
	case plain.dividends:
		g.Dividends = g.Capital
	case graph.SameArray(capital.TotalUnits, dividends.TotalUnits):
		g.Dividends = newCount(g, l, countedDividends)
	default:
		g.Dividends = recount(g, l, &dividends, countedDividends, changed)
	}
	switch {
	case plain.votes:
		g.Votes = g.Capital
	case graph.SameArray(capital.TotalUnits, votes.TotalUnits):
		g.Votes = newCount(g, l, countedVotes)
	default:
		g.Votes = recount(g, l, &votes, countedVotes, l.withMovedVotes(before.asOf, changed))
	}
}

// plainWeights says whether a share has one vote, and whether it has one dividend, everywhere.
type plainWeights struct{ votes, dividends bool }

func (l *ledger) plainWeights() plainWeights {
	out := plainWeights{true, true}
	one := ratio.Int(1)
	for i := range l.companies {
		for j := range l.companies[i].classes {
			k := &l.companies[i].classes[j]
			out.votes = out.votes && k.votes.Equal(one)
			out.dividends = out.dividends && k.dividend.Equal(one)
		}
	}
	for i := range l.stakes {
		out.votes = out.votes && l.stakes[i].votesText == ""
	}
	out.votes = out.votes && !l.hasLoyalVotes()
	return out
}

// counted is what a weighting counts of a share.
type counted int

const (
	countedShares counted = iota
	countedDividends
	countedVotes
)

// of returns the weight of a share of a class.
func (w counted) of(k *classRecord) ratio.Ratio {
	switch w {
	case countedDividends:
		return k.dividend
	case countedVotes:
		return k.votes
	}
	return ratio.Int(1)
}

// newWeighting returns a weighting with arrays for the nodes and stakes of a graph.
func newWeighting(g *graph.Graph) graph.Weighting {
	n := g.IDs.Len()
	words := make([]int64, 2*n+len(g.Issuer))
	return graph.Weighting{TotalUnits: words[:n:n], TreasuryUnits: words[n : 2*n : 2*n], Units: words[2*n:], Scale: make([]uint8, n)}
}

// newCount counts every stake by the weight of its class, or by votes of its own.
func newCount(g *graph.Graph, l *ledger, what counted) graph.Weighting {
	m := newWeighting(g)
	var column []ratio.Ratio
	for i := range l.companies {
		column = what.count(g, l, &m, &l.companies[i], column)
	}
	return m
}

// recount counts the stakes of some companies. It copies the other counts from before, or
// returns before itself if there are no such companies.
func recount(g *graph.Graph, l *ledger, before *graph.Weighting, what counted, companies []string) graph.Weighting {
	if len(companies) == 0 {
		return *before
	}
	m := newWeighting(g)
	copy(m.TotalUnits, before.TotalUnits)
	copy(m.TreasuryUnits, before.TreasuryUnits)
	copy(m.Units, before.Units)
	copy(m.Scale, before.Scale)
	m.Big = maps.Clone(before.Big)
	var column []ratio.Ratio
	for _, id := range companies {
		column = what.count(g, l, &m, l.company(id), column)
	}
	return m
}

// count counts the shares of one company. It returns the memory that it was lent.
func (w counted) count(g *graph.Graph, l *ledger, m *graph.Weighting, rec *companyRecord, column []ratio.Ratio) []ratio.Ratio {
	if len(rec.classes) == 0 {
		return column
	}
	at, _ := g.IDs.Find(rec.ID)
	c := int32(at)
	var total, treasury ratio.Ratio
	for j := range rec.classes {
		k := &rec.classes[j]
		total = total.Add(k.issued.Mul(w.of(k)))
		treasury = treasury.Add(k.treasury.Mul(w.of(k)))
	}
	from, to := g.Column(c)
	column = slices.Grow(column[:0], int(to-from))
	for e := from; e < to; e++ {
		s := l.stakes[g.Record[e]]
		k := rec.class(s.class)
		figure := s.shares.Mul(w.of(k))
		if w == countedVotes {
			if v, plain := l.votesOf(rec, k, s); !plain {
				total = total.Add(v.Sub(figure))
				figure = v
			}
		}
		column = append(column, figure)
	}
	m.Store(c, from, column, total, treasury)
	return column
}

package crossholding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// registerFacts holds the facts about a register that are not in its rows.
type registerFacts struct {
	country  string  // of every company
	unissued []int32 // companies that have issued nothing and in which nobody holds a stake, sorted

	overAllocated []register.OverAllocation
	policy        OverAllocationPolicy // for these
	joined        register.Joined
	own           []register.OwnShares

	named map[int32]bool // the companies of facts of control
}

// warnings says what was done with rows that do not fit the rest.
func (r *registerFacts) warnings() []Warning {
	var out []Warning
	done := "its stakes count as 0"
	if r.policy == OverAllocationScale {
		done = "its stakes are scaled to these"
	}
	for _, x := range r.own {
		out = append(out, Warning{Holder: x.Company, Issuer: x.Company, Kind: ErrSelfStake,
			Text: fmt.Sprintf("%s in itself: %s shares, counted in its treasury", x.Company, x.Shares.GroupedDecimal(6))})
	}
	for _, x := range r.overAllocated {
		out = append(out, Warning{Issuer: x.Company, Kind: ErrOverAllocated,
			Text: fmt.Sprintf("%s: %s shares are held of %s outstanding ones: %s", x.Company, x.Held.GroupedDecimal(6), x.Outstanding.GroupedDecimal(6), done)})
	}
	more := r.joined.Rows
	for _, x := range r.joined.First {
		more -= x.Rows - 1
		out = append(out, Warning{Holder: x.Holder, Issuer: x.Issuer, Kind: ErrDuplicate,
			Text: fmt.Sprintf("%s in %s: listed %d times, %s shares together", x.Holder, x.Issuer, x.Rows, x.Shares.GroupedDecimal(6))})
	}
	if more > 0 {
		out = append(out, Warning{Kind: ErrDuplicate, Text: countOf(more, "more row has the holder and the issuer of another row: its shares add up",
			"more rows have the holder and the issuer of another row: their shares add up")})
	}
	return out
}

// lawOf returns the facts about node c that the law uses, or false if it is not a
// company.
func (a *Alliance) lawOf(c int32) (law.Company, bool) {
	if a.register != nil {
		return law.Company{ID: a.graph.IDs.At(c), Country: a.register.country}, a.graph.IssuesShares(c)
	}
	rec := a.bookCompany(c)
	if rec == nil {
		return law.Company{}, false
	}
	return rec.lawOf(), true
}

// bookCompany returns the record of the company of a book that node c is. It is nil for a party, and
// for all nodes of a register.
func (a *Alliance) bookCompany(c int32) *companyRecord {
	if a.companyOf == nil || a.companyOf[c] == 0 {
		return nil
	}
	return &a.ledger.companies[a.companyOf[c]-1]
}

func (c *companyRecord) lawOf() law.Company {
	return law.Company{ID: c.ID, Country: c.Country, Law: c.Law, Listed: c.Listed}
}

// companyRecord returns the ledger's record of company c. For a register, which has only
// arrays, it makes the record from them.
func (a *Alliance) companyRecord(c int32) *companyRecord {
	g := &a.graph
	if a.register == nil {
		return a.bookCompany(c)
	}
	k := classRecord{name: DefaultClass, issued: g.Capital.Issued(c), treasury: g.Capital.Treasury(c), votes: ratio.Int(1), dividend: ratio.Int(1)}
	if !k.issued.IsZero() {
		k.votes = g.Votes.Issued(c).Div(k.issued)
	}
	return &companyRecord{Company: Company{ID: g.IDs.At(c), Country: a.register.country}, classes: []classRecord{k}}
}

// stakeRecord returns the ledger's record of stake e.
func (a *Alliance) stakeRecord(e int32) *stakeRecord {
	g := &a.graph
	if a.register == nil {
		return a.ledger.stakes[g.Record[e]]
	}
	return &stakeRecord{stakeKey: stakeKey{holder: g.IDs.At(g.Holder[e]), issuer: g.IDs.At(g.Issuer[e]), class: DefaultClass},
		shares: g.Stake(&g.Capital, e)}
}

// whole returns the full ledger. A register makes it on first use, when it is written,
// valued or changed by a scenario.
func (a *Alliance) whole() *ledger {
	if a.register == nil {
		return a.ledger
	}
	a.cache.whole.Do(func() {
		l := *a.ledger
		l.companies, l.parties = nil, nil
		for c := range int32(a.graph.IDs.Len()) {
			if _, unissued := slices.BinarySearch(a.register.unissued, c); unissued || a.graph.IssuesShares(c) {
				l.companies = append(l.companies, *a.companyRecord(c))
			} else {
				l.parties = append(l.parties, Party{ID: a.graph.IDs.At(c)})
			}
		}
		l.stakes = make([]*stakeRecord, len(a.graph.Issuer))
		records := make([]stakeRecord, len(l.stakes))
		for e := range records {
			s := &records[e]
			if *s = *a.stakeRecord(int32(e)); !s.shares.IsDecimal() {
				s.shares = cut(s.shares)
			}
			l.stakes[e] = s
		}
		l.normalize()
		a.cache.ledger = &l
	})
	return a.cache.ledger
}

// cut rounds r, which is not negative, down to 12 decimals, or to a whole number if
// that is still too long for a book.
func cut(r ratio.Ratio) ratio.Ratio {
	unit := ratio.Of(1, 1e12)
	if x := r.Div(unit).Floor().Mul(unit); x.IsDecimal() {
		return x
	}
	return r.Floor()
}

// registerLedger makes a ledger of the register's date and its agreements, with the
// companies of these agreements.
func (a *Alliance) registerLedger(opt RegisterOptions) (*ledger, error) {
	g := &a.graph
	p := parser{l: &ledger{asOf: opt.AsOf}, ids: map[string]string{}, fromRegister: true}
	concern := func(c int32) {
		if id := g.IDs.At(c); p.ids[id] == "" {
			p.ids[id] = "register"
			if g.IssuesShares(c) {
				p.l.companies = append(p.l.companies, *a.companyRecord(c))
			}
		}
	}
	for _, in := range opt.Agreements {
		for _, id := range append([]string{in.Issuer, in.Leader, in.WhileSuspended}, in.Holders...) {
			if c, ok := g.IDs.Find(id); ok {
				concern(int32(c))
			}
		}
	}
	a.register.named = map[int32]bool{}
	for _, in := range opt.Controls {
		for _, id := range []string{in.Controller, in.Company} {
			if c, ok := g.IDs.Find(id); ok {
				concern(int32(c))
			}
		}
		if c, ok := g.IDs.Find(in.Company); ok {
			a.register.named[int32(c)] = true
		}
	}
	slices.SortFunc(p.l.companies, func(a, b companyRecord) int { return strings.Compare(a.ID, b.ID) })
	p.agreements(opt.Agreements)
	p.controls(opt.Controls)
	p.l.normalize()
	p.checkAgreements(p.l)
	return p.l, p.err()
}

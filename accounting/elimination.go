package accounting

import (
	"fmt"

	"github.com/crossholding/crossholding/ratio"
)

// EntryKind says what an elimination entry is about. The zero value is no kind.
type EntryKind string

// These are the kinds of entry.
const (
	EliminateInvestment EntryKind = "investment"        // a holding against the issuer's equity (IFRS 10, B86(b))
	TreasuryShares      EntryKind = "treasury_shares"   // shares of the parent (ASC 810-10-45-5)
	EliminateDividend   EntryKind = "dividend"          // dividends within the group (IFRS 10, B86(c))
	EliminateBalance    EntryKind = "balance"           // debts within the group (IFRS 10, B86(c))
	EliminateProfit     EntryKind = "profit"            // profit in goods that are still in the group (IFRS 10, B86(c))
	RecogniseInterest   EntryKind = "non_controlling"   // non-controlling interests in net assets (IFRS 10, B94)
	AttributeProfit     EntryKind = "attributed_profit" // of the period's profit, within profit
)

// Account is an account of the worksheet. The zero value is no account.
type Account string

// These are the accounts.
const (
	AccountEquity            Account = "equity"
	AccountInvestment        Account = "investment"
	AccountGoodwill          Account = "goodwill"
	AccountRetainedEarnings  Account = "retained earnings"
	AccountTreasuryShares    Account = "treasury shares"
	AccountDividendIncome    Account = "dividend income"
	AccountDividendsDeclared Account = "dividends declared"
	AccountPayable           Account = "payable"
	AccountReceivable        Account = "receivable"
	AccountProfit            Account = "profit"
	AccountAssets            Account = "assets"
	AccountNonControlling    Account = "non-controlling interest"
	AccountProfitAttributed  Account = "profit of non-controlling interests"
)

// Entry is one elimination entry of a consolidation. It is plain data. Its debits and its
// credits add up to the same amount.
type Entry struct {
	Number  int         `json:"number"` // from 1
	Kind    EntryKind   `json:"kind"`
	Lines   []EntryLine `json:"lines"`
	Because string      `json:"because"`
}

// EntryLine is one side of an entry. Exactly one of Debit and Credit is not 0, and it is
// above 0. It is plain data.
type EntryLine struct {
	Company string      `json:"company"` // in whose column of the worksheet
	Account Account     `json:"account"`
	Of      string      `json:"of,omitempty"` // the other member, of an investment, debt or interest
	Debit   ratio.Ratio `json:"debit"`
	Credit  ratio.Ratio `json:"credit"`
}

// worksheet gathers entries.
type worksheet struct{ entries []Entry }

// debit returns a line with a debit, or with a credit for an amount below 0.
func debit(company string, account Account, of string, amount ratio.Ratio) EntryLine {
	if amount.Sign() < 0 {
		return EntryLine{Company: company, Account: account, Of: of, Credit: amount.Neg()}
	}
	return EntryLine{Company: company, Account: account, Of: of, Debit: amount}
}

func credit(company string, account Account, of string, amount ratio.Ratio) EntryLine {
	return debit(company, account, of, amount.Neg())
}

// add appends an entry without the lines that are 0, unless all are.
func (w *worksheet) add(kind EntryKind, because string, lines ...EntryLine) {
	e := Entry{Number: len(w.entries) + 1, Kind: kind, Because: because}
	for _, l := range lines {
		if !l.Debit.IsZero() || !l.Credit.IsZero() {
			e.Lines = append(e.Lines, l)
		}
	}
	if len(e.Lines) > 0 {
		w.entries = append(w.entries, e)
	}
}

// eliminate writes the entries that do not depend on the method. It returns the goodwill.
func (w *worksheet) eliminate(g Group) ratio.Ratio {
	var goodwill ratio.Ratio
	for _, h := range g.Holdings {
		if h.Issuer == g.Parent {
			w.add(TreasuryShares, fmt.Sprintf("%s carries %s of the parent %s at %s; to the group these are own shares",
				h.Holder, h.Share.ShortPercent(), h.Issuer, figure(h.Carrying)),
				debit(h.Holder, AccountTreasuryShares, h.Issuer, h.Carrying), credit(h.Holder, AccountInvestment, h.Issuer, h.Carrying))
			continue
		}
		goodwill = goodwill.Add(w.investment(h))
	}
	dividends := map[string]ratio.Ratio{}
	for _, m := range g.Members {
		dividends[m.Name] = m.Dividends
	}
	for _, h := range g.Holdings {
		part := h.Share.Mul(dividends[h.Issuer])
		w.add(EliminateDividend, fmt.Sprintf("%s has %s of the dividends of %s that %s declared: %s stays in the group",
			h.Holder, h.Share.ShortPercent(), figure(dividends[h.Issuer]), h.Issuer, figure(part)),
			debit(h.Holder, AccountDividendIncome, h.Issuer, part), credit(h.Issuer, AccountDividendsDeclared, h.Holder, part))
	}
	for _, d := range g.Dealings {
		w.dealing(d)
	}
	return goodwill
}

// investment eliminates shares of a subsidiary, and returns the goodwill.
func (w *worksheet) investment(h Holding) ratio.Ratio {
	part := h.Share.Mul(h.Acquired)
	excess := h.Carrying.Sub(part)
	account, what := AccountGoodwill, "goodwill of "+figure(excess)
	switch {
	case excess.IsZero():
		what = "no goodwill"
	case excess.Sign() < 0:
		account, what = AccountRetainedEarnings, fmt.Sprintf("a bargain purchase: %s less was paid", figure(excess.Neg()))
	}
	w.add(EliminateInvestment, fmt.Sprintf("%s carries %s of %s at %s; its part of the net assets of %s at acquisition was %s, so there is %s",
		h.Holder, h.Share.ShortPercent(), h.Issuer, figure(h.Carrying), figure(h.Acquired), figure(part), what),
		debit(h.Issuer, AccountEquity, "", part), debit(h.Holder, account, h.Issuer, excess), credit(h.Holder, AccountInvestment, h.Issuer, h.Carrying))
	if excess.Sign() < 0 {
		return ratio.Ratio{}
	}
	return excess
}

func (w *worksheet) dealing(d Dealing) {
	if d.Kind == Balance {
		w.add(EliminateBalance, fmt.Sprintf("%s owes %s %s, which the group owes nobody", d.From, d.To, figure(d.Amount)),
			debit(d.From, AccountPayable, d.To, d.Amount), credit(d.To, AccountReceivable, d.From, d.Amount))
		return
	}
	account, when := AccountProfit, ""
	if d.Earlier {
		account, when = AccountRetainedEarnings, ", of an earlier period"
	}
	w.add(EliminateProfit, fmt.Sprintf("%s still has goods with a profit of %s that %s made on the sale%s; the group has not made it yet",
		d.To, figure(d.Amount), d.From, when),
		debit(d.From, account, "", d.Amount), credit(d.To, AccountAssets, "", d.Amount))
}

// attribute writes the entries of the non-controlling interests.
func (w *worksheet) attribute(parent string, equity, profit Division) {
	for _, side := range []struct {
		kind     EntryKind
		what     string
		from, to Account
		division Division
	}{{RecogniseInterest, "net assets", AccountEquity, AccountNonControlling, equity},
		{AttributeProfit, "profit", AccountProfit, AccountProfitAttributed, profit}} {
		for _, p := range side.division.Parts {
			if p.Member == parent {
				continue
			}
			w.add(side.kind, side.what+": "+p.String(), debit(p.Member, side.from, "", p.Amount), credit(p.Member, side.to, "", p.Amount))
		}
	}
}

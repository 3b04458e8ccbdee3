package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// operation is one operation on new classes, and what it does. A line of want is a posting, a gain,
// a dropped cost, a rounded number of shares, or what a class has after it:
//
//	transform x/ordinary h 7 -> x/ordinary h 3 [2020 3@7]
//	gain h x 2020 0.5: 5 EUR - 3 EUR
//	dropped h x 2020 7: 21 EUR
//	fraction h x/ordinary 3.5 -> 3
//	x/ordinary 5 treasury, 11 float: h 7 [2020 7@3]
//
// "h/b^v*2" is the account in the name of h for b, in which v casts 2 votes per share.
type operation struct {
	name    string
	classes []*ledger.Class
	do      func(l *ledger.Ledger, c []*ledger.Class) error
	want    []string
}

// run does each operation, compares what it did, and checks that it balances.
func run(t *testing.T, list []operation) {
	t.Helper()
	for _, o := range list {
		t.Run(o.name, func(t *testing.T) {
			l := ledgerOf(o.classes...)
			l.Begin()
			require.NoError(t, o.do(l, o.classes))
			require.NoError(t, l.Check())
			require.Equal(t, strings.Join(o.want, "\n"), strings.Join(told(l, o.classes), "\n"))
		})
	}
}

// ledgerOf returns a ledger of classes.
func ledgerOf(classes ...*ledger.Class) *ledger.Ledger {
	l := &ledger.Ledger{Day: "2024-01-01"}
	for _, c := range classes {
		l.Add(c)
	}
	return l
}

// class returns an ordinary class. Its issued shares are those of all accounts.
func class(issuer string, treasury, float int64, stakes ...ledger.Stake) *ledger.Class {
	c := &ledger.Class{Issuer: issuer, Name: "ordinary", FloatName: "float:" + issuer, Issued: n(treasury + float), Treasury: n(treasury), Float: n(float),
		Dividend: n(1), Stakes: stakes}
	for _, s := range stakes {
		c.Issued = c.Issued.Add(s.Shares)
	}
	return c
}

// preferred gives a class another name and the double weight.
func preferred(c *ledger.Class) *ledger.Class {
	c.Name, c.Dividend = "preferred", n(2)
	return c
}

// in returns a stake in an account such as "h/b^v*2".
func in(account string, shares int64, lots ...ledger.Lot) ledger.Stake {
	account, votes, _ := strings.Cut(account, "*")
	account, voter, _ := strings.Cut(account, "^")
	holder, beneficiary, _ := strings.Cut(account, "/")
	s := ledger.Stake{Key: ledger.Key{Holder: holder, Beneficiary: beneficiary, Voter: voter, VotesText: votes}, Shares: n(shares), Lots: lots}
	if votes != "" {
		s.Votes = ratio.MustParse(votes)
	}
	return s
}

func lot(year int, shares, price int64) ledger.Lot {
	return ledger.Lot{Date: date.Date(fmt.Sprintf("%d-01-01", year)), Shares: n(shares), Price: n(price), Currency: "EUR"}
}

func eur(amount int64) ledger.Money { return ledger.Money{Amount: n(amount), Currency: "EUR"} }

// told tells what an operation did, and what the classes have after it.
func told(l *ledger.Ledger, classes []*ledger.Class) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, strings.TrimSpace(fmt.Sprintf(format, args...))) }
	account := func(a ledger.Account) string {
		return named(ledger.Key{Holder: a.Holder, Beneficiary: a.Beneficiary, Voter: a.Voter})
	}
	for i := range l.Postings {
		p := &l.Postings[i]
		switch p.Kind {
		case ledger.Pay:
			add("pay %s -> %s %s %s", p.From.Holder, p.To.Holder, p.Amount.Amount, p.Amount.Currency)
		case ledger.Set:
			add("set %s", p.What)
		case ledger.Transform:
			add("transform %s/%s %s %s -> %s/%s %s %s%s", p.Issuer, p.Class, account(p.From), p.Shares, p.IntoIssuer, p.IntoClass, account(p.To), p.Into, lots(p.Lots))
		default:
			add("%s %s/%s %s -> %s: %s%s", p.Kind, p.Issuer, p.Class, account(p.From), account(p.To), p.Shares, lots(p.Lots))
		}
	}
	for _, g := range l.Gains {
		add("gain %s %s %s %s: %s %s - %s %s", g.Holder, g.Issuer, year(g.Lot), g.Shares, g.Proceeds.Amount, g.Proceeds.Currency, g.Cost.Amount, g.Cost.Currency)
	}
	for _, d := range l.Dropped {
		add("dropped %s %s %s %s: %s %s", d.Holder, d.Issuer, year(d.Lot), d.Shares, d.Cost.Amount, d.Cost.Currency)
	}
	for _, f := range l.Fractions {
		add("fraction %s %s/%s %s -> %s", f.Holder, f.Issuer, f.Class, f.Due, f.Made)
	}
	for _, c := range classes {
		var stakes []string
		for i := range c.Stakes {
			s := &c.Stakes[i]
			stakes = append(stakes, fmt.Sprintf("%s %s%s", named(s.Key), s.Shares, lots(s.Lots)))
		}
		add("%s/%s %s treasury, %s float: %s", c.Issuer, c.Name, c.Treasury, c.Float, strings.Join(stakes, ", "))
	}
	return out
}

func named(k ledger.Key) string {
	out := k.Holder
	for _, part := range []struct{ mark, text string }{{"/", k.Beneficiary}, {"^", k.Voter}, {"*", k.VotesText}} {
		if part.text != "" {
			out += part.mark + part.text
		}
	}
	return out
}

func lots(list []ledger.Lot) string {
	if len(list) == 0 {
		return ""
	}
	var out []string
	for _, lot := range list {
		text := fmt.Sprintf("%s %s@%s", year(lot.Date), lot.Shares, lot.Price)
		if lot.Currency != "EUR" {
			text += " " + lot.Currency
		}
		out = append(out, text)
	}
	return " [" + strings.Join(out, ", ") + "]"
}

func year(d date.Date) string { return string(d)[:min(4, len(d))] }

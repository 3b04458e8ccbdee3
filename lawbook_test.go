package crossholding_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// lawBook reads a book written on one line, clauses apart by ";", as
// law/testdata/README.md says at length:
//
//	@2020-01-01                            the date
//	x DE listed issued=100 treasury=10     a company; law=none, pref=50 (a class without votes);
//	                                       lot=1 makes 100 shares whole ones
//	p                                      a party
//	x>y 25 voter=z money=p paid class=pref lots=2020-01-01:3,2021-01-01:22
//	x controls y by appointment            a fact of control
//	right p>x 5 writer=y                   a right to existing shares; without writer to new ones
//	a: cap x in y max=15% …                an agreement
func lawBook(t testing.TB, text string) crossholding.Book {
	t.Helper()
	var b crossholding.Book
	for clause := range strings.SplitSeq(text, ";") {
		words := strings.Fields(clause)
		if len(words) == 0 {
			continue
		}
		switch first := words[0]; {
		case strings.HasPrefix(first, "@"):
			b.AsOf = date.Date(first[1:])
		case strings.HasSuffix(first, ":"):
			b.Agreements = append(b.Agreements, lawAgreement(t, first[:len(first)-1], words[1:]))
		case len(words) == 5 && words[1] == "controls":
			b.Controls = append(b.Controls, crossholding.ControlFact{Controller: first, Company: words[2], By: crossholding.ControlMeans(words[4])})
		case first == "right":
			b.Rights = append(b.Rights, lawRight(t, fmt.Sprint("right", len(b.Rights)), words[1:]))
		case strings.Contains(first, ">"):
			b.Stakes = append(b.Stakes, lawStake(t, words))
		case len(words) == 1:
			b.Parties = append(b.Parties, crossholding.Party{ID: first})
		default:
			b.Companies = append(b.Companies, lawCompany(t, words))
		}
	}
	for i := range b.Companies { // a company of 100 plain shares is one known in percent
		c := &b.Companies[i]
		plain := len(c.Shares) == 1 && c.Shares[0] == crossholding.ShareClass{Issued: "100"} && c.Lot == ""
		if plain && slices.ContainsFunc(b.Stakes, func(s crossholding.Stake) bool { return s.Issuer == c.ID }) {
			c.Shares = nil
		}
	}
	return b
}

func lawCompany(t testing.TB, words []string) crossholding.Company {
	t.Helper()
	c := crossholding.Company{ID: words[0], Country: words[1]}
	if c.Country == "-" {
		c.Country = ""
	}
	ordinary := crossholding.ShareClass{Issued: "100"}
	var pref []crossholding.ShareClass
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "listed":
			c.Listed = true
		case "lot":
			c.Lot = ratio.Number(value)
		case "law":
			c.Law = value
		case "issued":
			ordinary.Issued = ratio.Number(value)
		case "treasury":
			ordinary.Treasury = ratio.Number(value)
		case "votes":
			ordinary.Votes = ratio.Number(value)
		case "pref":
			pref = append(pref, crossholding.ShareClass{Class: "pref", Issued: ratio.Number(value), Votes: "0"})
		default:
			t.Fatalf("company %v: %q", words, w)
		}
	}
	c.Shares = append(pref, ordinary)
	return c
}

func lawStake(t testing.TB, words []string) crossholding.Stake {
	t.Helper()
	holder, issuer, _ := strings.Cut(words[0], ">")
	s := crossholding.Stake{Adds: true, Holder: holder, Issuer: issuer, Shares: ratio.Number(words[1])}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "voter":
			s.Voter = value
		case "money":
			s.Beneficiary = value
		case "paid":
			s.CashSettled = true
		case "class":
			s.Class = value
		case "votes":
			s.Votes = ratio.Number(value)
		case "since":
			s.VotesSince = date.Date(value)
		case "lots":
			for lot := range strings.SplitSeq(value, ",") {
				day, shares, _ := strings.Cut(lot, ":")
				s.Lots = append(s.Lots, crossholding.Lot{Date: date.Date(day), Shares: ratio.Number(shares), Price: "1", Currency: "EUR"})
			}
		default:
			t.Fatalf("stake %v: %q", words, w)
		}
	}
	return s
}

func lawRight(t testing.TB, id string, words []string) crossholding.Right {
	t.Helper()
	holder, issuer, _ := strings.Cut(words[0], ">")
	r := crossholding.Right{ID: id, Kind: crossholding.RightOption, Holder: holder, Issuer: issuer, Shares: ratio.Number(words[1])}
	for _, w := range words[2:] {
		writer, ok := strings.CutPrefix(w, "writer=")
		require.True(t, ok, "right %v: %q", words, w)
		r.Writer = writer
	}
	return r
}

func lawAgreement(t testing.TB, id string, words []string) crossholding.Agreement {
	t.Helper()
	a := crossholding.Agreement{ID: id, Kind: crossholding.AgreementKind(words[0]), Holders: strings.Split(words[1], "+")}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "in":
			a.Issuer = value
		case "leader":
			a.Leader = value
		case "max":
			a.Max = value
		case "of":
			a.Of = crossholding.Basis(value)
		case "excess":
			a.Excess = crossholding.CapExcess(value)
		case "while":
			a.WhileSuspended = value
		case "from":
			a.From = date.Date(value)
		case "to":
			a.To = date.Date(value)
		default:
			t.Fatalf("agreement %s %v: %q", id, words, w)
		}
	}
	return a
}

// lawAlliance is lawBook, checked.
func lawAlliance(t testing.TB, text string) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(lawBook(t, text))
	require.NoError(t, err, text)
	return a
}

// votesOf counts the votes of a book and returns those of one holder.
func votesOf(t testing.TB, text, holder, issuer string, opt crossholding.VotingOptions) crossholding.VoteCount {
	t.Helper()
	v, err := lawAlliance(t, text).Votes(t.Context(), opt)
	require.NoError(t, err, text)
	n, err := v.Of(holder, issuer)
	require.NoError(t, err)
	return n
}

// ruleNames lists who took votes, as "JP-308-1 10".
func ruleNames(n crossholding.VoteCount) []string {
	var out []string
	for _, r := range n.Reasons {
		out = append(out, r.Rule+" "+r.Votes.String())
	}
	return out
}

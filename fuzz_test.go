package crossholding_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/merge"
	"github.com/crossholding/crossholding/ratio"
)

// sentinels are the kinds that every error of the package unwraps to.
var sentinels = []error{
	ratio.ErrNumber, ratio.ErrDivisionByZero, crossholding.ErrSyntax, crossholding.ErrTooLarge,
	crossholding.ErrUnknown, crossholding.ErrDuplicate, crossholding.ErrMissing, crossholding.ErrSelfStake,
	crossholding.ErrOverAllocated, crossholding.ErrRange, crossholding.ErrDate, crossholding.ErrCurrency,
	crossholding.ErrAgreement, law.ErrRule, crossholding.ErrNoOutsideOwner, crossholding.ErrReadings,
	crossholding.ErrNoPrice, crossholding.ErrNoCost, crossholding.ErrSearchLimit, crossholding.ErrBands,
}

func requireSentinel(t *testing.T, err error) {
	t.Helper()
	for _, s := range sentinels {
		if errors.Is(err, s) {
			return
		}
	}
	t.Fatalf("an error of no kind: %v", err)
}

// interrogate asks an alliance everything. Nothing may panic, and what is
// answered must hold together.
func interrogate(t *testing.T, a *crossholding.Alliance) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	asked := func(err error) bool {
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			requireSentinel(t, err)
		}
		return err == nil
	}
	if o, err := a.Ownership(ctx, crossholding.OwnershipOptions{}); asked(err) {
		sums := map[string]ratio.Ratio{}
		for in, err := range o.Interests(ctx) {
			if !asked(err) {
				break
			}
			require.GreaterOrEqual(t, in.FirstPassage.Sign(), 0)
			require.False(t, in.Integrated.Less(in.FirstPassage))
			require.False(t, in.Integrated.Less(in.Economic))
			sums[in.Issuer] = sums[in.Issuer].Add(in.Economic)
			_, err = o.Explain(ctx, in.Holder, in.Issuer)
			asked(err)
		}
		for id, sum := range sums {
			require.False(t, ratio.Int(1).Less(sum), "direct interests in %s come to %s", id, sum)
			_, err := o.Ultimate(ctx, id)
			asked(err)
		}
	}
	if v, err := a.Votes(ctx, crossholding.VotingOptions{}); asked(err) {
		for row := range v.Rows() {
			require.False(t, row.Theoretical.Less(row.Exercisable), "%+v", row)
			require.GreaterOrEqual(t, row.Free.Sign(), 0, "%+v", row)
			for _, r := range row.Reasons {
				require.NotEmpty(t, r.Because())
			}
		}
	}
	if c, err := a.Control(ctx, crossholding.ControlOptions{}); asked(err) {
		for p, err := range c.Pairs(ctx) {
			if !asked(err) {
				break
			}
			_, err = c.Why(ctx, p.Controller, p.Company)
			asked(err)
		}
	}
	val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	if asked(err) {
		for s := range val.Stakes() {
			_, err := s.Value()
			asked(err)
		}
	}
}

// requireRoundTrip checks that an alliance is written as it is read.
func requireRoundTrip(t *testing.T, a *crossholding.Alliance) {
	t.Helper()
	text := booktest.Bytes(t, a)
	again, err := parse(text)
	require.NoError(t, err, text)
	require.Equal(t, text, booktest.Bytes(t, again))
	fromBook, err := crossholding.New(a.Book())
	require.NoError(t, err, text)
	require.Equal(t, text, booktest.Bytes(t, fromBook))
}

func FuzzReadBook(f *testing.F) {
	for _, pattern := range []string{"testdata/alliance/*.json", "testdata/books/*.json", "network/testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, name := range files {
			text, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add(text)
		}
	}
	for _, rest := range []string{
		`"stakes": [{"holder": "renault", "issuer": "nissan", "percent": 89.99, "beneficiary": "state", "voter": "trust"}, {"holder": "nissan", "issuer": "renault", "class": "b", "shares": "1e1", "votes_per_share": 2, "votes_since": "2016-04-02"}]`,
		`"market": {"currency": "EUR", "prices": {"nissan": "568.5"}, "fx": {"EUR/JPY": 157.13}}`,
		`"agreements": [{"id": "x", "kind": "follow", "holders": ["state"], "leader": "trust", "from": "2020-01-01"}, {"id": "y", "kind": "cap", "holders": ["state"], "issuer": "nissan", "max": "1/3", "of": "capital", "excess": "leaves", "while_suspended": "trust"}]`,
	} {
		f.Add([]byte(around(rest)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := crossholding.ReadBook(bytes.NewReader(text))
		if err != nil {
			requireSentinel(t, err)
			return
		}
		requireRoundTrip(t, a)
		interrogate(t, a)
	})
}

// script deals out pieces of a book from a fuzzer's bytes.
type script struct {
	text []byte
	wild bool // mostly what is wrong, else mostly what is sound
}

func (s *script) next() int {
	if len(s.text) == 0 {
		return 0
	}
	b := s.text[0]
	s.text = s.text[1:]
	return int(b)
}

func (s *script) of(list ...string) string { return list[s.next()%len(list)] }

// either picks from sound, or from what a wild book may hold too.
func (s *script) either(sound []string, wild ...string) string {
	if s.wild {
		sound = append(wild, sound...)
	}
	return s.of(sound...)
}

func (s *script) number() ratio.Number {
	n := s.next()
	return ratio.Number(s.either([]string{"0", "1", "0.25", "3e1", "40", fmt.Sprint(n % 30), fmt.Sprintf("%d.%d", n%20, n), "33.333333333333"},
		"", "-1", "1e60", "1e59", "0.000000000000000000000000000001", "9223372036854775807", "4611686018427387904", "x", "1e1000000000",
		fmt.Sprintf("%de%d", n, n%62-31)))
}

func (s *script) id() string {
	return s.either([]string{"a", "p", "b", "q", "trust"}, "", "neutral", "float:a", "é", "a/b", "\xff", "x")
}

// other is an id but who.
func (s *script) other(who string) string {
	id := s.id()
	if id == who && !s.wild {
		return "q"
	}
	return id
}

func (s *script) date() date.Date {
	return date.Date(s.either([]string{"", "2023-11-08"}, "2020-02-29", "2024-01-01", "2023-02-29"))
}

func (s *script) fraction() string {
	return s.either([]string{"15%", "1/3", "0.5", "1"}, "", "2", "1/0", "0", "17.9%")
}

// rarely is usually def.
func (s *script) rarely(def ratio.Number) ratio.Number {
	if s.next()%4 != 0 {
		return def
	}
	return s.number()
}

// book builds a literal, sound or wild.
func (s *script) book() crossholding.Book {
	s.wild = s.next()%4 == 0
	b := crossholding.Book{AsOf: s.date()}
	for i := range 3 + s.next()%3 {
		c := crossholding.Company{ID: string(rune('a' + i)), Country: s.of("", "FR", "JP", "DE", "US-DE", "KR", "IT", "BR"), Currency: s.of("EUR", "JPY"), Listed: s.next()%2 == 0}
		if s.wild && s.next()%4 == 0 {
			c.ID, c.Country, c.Currency = s.id(), s.of("XX", ""), s.of("", "eur")
		}
		for _, class := range [][]string{{}, {"b"}, {""}, {"", "x/y"}}[s.next()%4] {
			c.Shares = append(c.Shares, crossholding.ShareClass{Class: class, Issued: s.rarely("1000"), Treasury: s.rarely(""),
				Votes: s.rarely(""), Dividend: s.rarely("")})
		}
		b.Companies = append(b.Companies, c)
	}
	for _, id := range []string{"p", "q", "trust"} {
		b.Parties = append(b.Parties, crossholding.Party{ID: id, Kind: crossholding.PartyKind(s.of("", "state", "trust", "fund"))})
	}
	for range s.next() % 10 {
		b.Stakes = append(b.Stakes, s.stake())
	}
	for i := range s.next() % 3 {
		b.Agreements = append(b.Agreements, s.agreement(fmt.Sprint("agreement ", i)))
	}
	if s.next()%2 == 0 {
		b.Market = &crossholding.Market{Currency: s.of("", "EUR"), Prices: map[string]string{s.either([]string{"a", "b"}, "a/b", "z"): s.of("5", "0.1") + s.of(" EUR", " JPY", "")},
			FX: map[string]ratio.Number{s.either([]string{"EUR/JPY", "USD/JPY"}, "EUR/EUR"): "1.5"}}
	}
	return b
}

func (s *script) stake() crossholding.Stake {
	issuer := string(rune('a' + s.next()%3))
	out := crossholding.Stake{Adds: true, Holder: s.other(issuer), Issuer: issuer}
	if s.wild {
		out.Class = s.of("", "b", "x/y")
	}
	if s.next()%2 == 0 {
		out.Shares = s.number()
	} else {
		out.Percent = s.number()
	}
	if s.next()%4 == 0 {
		out.Rounded, out.Source = out.Percent != "", s.of("", "a", "b")
	}
	if s.next()%8 == 0 {
		out.From, out.To = s.date(), s.date()
	}
	switch s.next() % 5 {
	case 0:
		out.Beneficiary = s.other(issuer)
	case 1:
		if out.Voter = s.other(issuer); s.next()%2 == 0 {
			out.Voter = crossholding.Neutral
		}
	case 2:
		out.Votes, out.VotesSince = s.number(), s.date()
	case 3:
		out.Lots = append(out.Lots, crossholding.Lot{Date: s.date(), Shares: "0.25", Price: s.number(), Currency: s.of("EUR", "JPY", "")})
	}
	return out
}

func (s *script) agreement(id string) crossholding.Agreement {
	a := crossholding.Agreement{ID: id, Holders: []string{s.id()}, Issuer: s.of("a", "b"),
		Kind: crossholding.AgreementKind(s.of("follow", "proxy", "neutral", "cap", "concert", "directors", "lock-up", "standstill"))}
	switch a.Kind {
	case crossholding.AgreementFollow, crossholding.AgreementProxy:
		a.Leader = s.of("c", "q")
	case crossholding.AgreementLockUp:
		a.Min = s.fraction()
	case crossholding.AgreementCap:
		a.Of, a.Excess = crossholding.Basis(s.of("", "theoretical", "capital")), crossholding.CapExcess(s.of("", "leaves"))
		a.Max, a.WhileSuspended = s.fraction(), s.of("", "", "b")
	case crossholding.AgreementDirectors, crossholding.AgreementStandstill:
		a.Max = s.fraction()
	}
	if s.wild {
		a.Kind, a.Leader, a.Max, a.Min = crossholding.AgreementKind(s.of("pact", "cap", "follow")), s.id(), s.fraction(), s.fraction()
		a.Holders, a.Issuer, a.From, a.To = append(a.Holders, s.id()), s.id(), s.date(), s.date()
	}
	return a
}

func FuzzNew(f *testing.F) {
	for seed := range byte(40) {
		text := make([]byte, 200)
		x := uint32(seed) + 1
		for i := range text {
			x = x*1664525 + 1013904223
			text[i] = byte(x >> 24)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := &script{text: text}
		b := s.book()
		both, err := merge.Books(merge.Options{Rule: merge.Largest}, b, s.book())
		require.NoError(t, err)
		for _, c := range both.Conflicts {
			require.NotEmpty(t, c.Left, "%+v", c)
		}
		a, err := crossholding.New(b)
		if err != nil {
			requireSentinel(t, err)
			return
		}
		requireRoundTrip(t, a)
		same, err := merge.Books(merge.Options{}, a.Book(), a.Book())
		require.NoError(t, err)
		require.Empty(t, same.Conflicts)
		written, err := a.AsWritten()
		require.NoError(t, err)
		require.Empty(t, written.Banded())
		requireRoundTrip(t, written)
		interrogate(t, written)
	})
}

func FuzzReadRegister(f *testing.F) {
	f.Add(registerCompanies, "holder,issuer,shares\nanna,top,600\ntop,mid,300\nmid,\"low, ltd\",49.5\n\"low, ltd\",top,100\n")
	f.Add("id,issued,treasury,votes\na,1e3,0.5,10\nb,9223372036854775807,,\nc,,,\n", "holder,issuer,shares\nb,a,999.5\na,b,4611686018427387904\np,a,0\n")
	f.Add("id,issued,treasury,votes\na,100,,0\n", "holder,issuer,shares\n\"p\n\",a,\"70\"\nneutral,a,1\nfloat:a,a,1\n,a,1\n")
	f.Add("id,issued,treasury,votes\na,100,,\na,100,,\n", "holder,issuer\n")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, companies, stakes string) {
		read := func(opt crossholding.RegisterOptions) (*crossholding.Alliance, error) {
			return crossholding.ReadRegister(context.Background(), strings.NewReader(companies), strings.NewReader(stakes), opt)
		}
		for _, way := range []crossholding.OverAllocationPolicy{crossholding.OverAllocationScale, crossholding.OverAllocationKeepOut} {
			if r, err := read(crossholding.RegisterOptions{OverAllocated: way}); err != nil {
				requireSentinel(t, err)
			} else {
				interrogate(t, r)
			}
		}
		r, err := read(crossholding.RegisterOptions{})
		if err != nil {
			requireSentinel(t, err)
			return
		}
		b, ok := bookOfRegister(companies, stakes)
		if !ok {
			return
		}
		a, err := crossholding.New(b)
		if errors.Is(err, ratio.ErrNumber) {
			return // rows of one holder that together are no number of a book
		}
		require.NoError(t, err)
		require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, r))
		require.Equal(t, answersOf(t, a), answersOf(t, r))
	})
}

// bookOfRegister reads the same files as a book, by other means.
func bookOfRegister(companies, stakes string) (b crossholding.Book, ok bool) {
	firms, err := csv.NewReader(strings.NewReader(companies)).ReadAll()
	if err != nil {
		return b, false
	}
	rows, err := csv.NewReader(strings.NewReader(stakes)).ReadAll()
	if err != nil {
		return b, false
	}
	seen := map[string]bool{}
	for _, r := range firms[1:] {
		seen[r[0]] = true
		b.Companies = append(b.Companies, crossholding.Company{ID: r[0], Shares: []crossholding.ShareClass{{
			Issued: ratio.Number(r[1]), Treasury: ratio.Number(r[2]), Votes: ratio.Number(r[3])}}})
	}
	for _, r := range rows[1:] {
		if !seen[r[0]] {
			seen[r[0]] = true
			b.Parties = append(b.Parties, crossholding.Party{ID: r[0]})
		}
		b.Stakes = append(b.Stakes, crossholding.Stake{Adds: true, Holder: r[0], Issuer: r[1], Shares: ratio.Number(r[2])})
	}
	return b, true
}

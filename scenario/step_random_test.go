package scenario_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// TestEventsBalance makes random events of companies on random books. Whatever can be made
// leaves a valid book; its shares, cash and cost are those that the postings, gains and
// dropped costs say; and a step that fails changes nothing.
func TestEventsBalance(t *testing.T) {
	made := map[scenario.StepKind]int{}
	for seed := range uint64(testkit.Cases(500)) {
		rng := rand.New(rand.NewPCG(seed, 7))
		b := booktest.RandomBook(rng)
		for i := range b.Companies {
			if b.Companies[i].Shares != nil && rng.IntN(2) == 0 {
				addClass(rng, &b, i)
			}
		}
		a := booktest.New(t, b)
		for range 12 {
			if len(a.Book().Companies) == 0 {
				break // all merged or wound up
			}
			s := booktest.RandomEvent(rng, a.Book())
			switch rng.IntN(8) {
			case 0, 1:
				s = booktest.RandomStep(rng, a.Book())
			case 2:
				s = handOut(rng, a.Book())
			}
			before := booktest.Bytes(t, a)
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{s}})
			require.Equal(t, before, booktest.Bytes(t, a))
			if err != nil {
				require.ErrorIs(t, err, scenario.ErrStep, "%d %+v", seed, s)
				if s.Step != scenario.StepSpinOff && s.Step != scenario.StepFound {
					require.NotErrorIs(t, err, crossholding.ErrBalance, "%d %+v", seed, s)
				}
				continue
			}
			made[s.Step]++
			after := booktest.Bytes(t, out.After)
			require.Equal(t, after, booktest.Bytes(t, booktest.New(t, out.After.Book())), "%d %+v", seed, s)
			requireStepRoundTrip(t, s)
			requireLedger(t, out)
			requireCostKept(t, out)
			a = out.After
		}
	}
	for kind, n := range made {
		require.GreaterOrEqual(t, n, testkit.Cases(10), kind)
	}
	require.GreaterOrEqual(t, len(made), 20)
}

// addClass adds a class k0 to company i, which may have no dividend weight, and gives a company and
// a person shares of it.
func addClass(rng *rand.Rand, b *crossholding.Book, i int) {
	c := &b.Companies[i]
	c.Shares = append(c.Shares, crossholding.ShareClass{Class: "k0", Issued: "90", Treasury: "7", Votes: "3", Dividend: []ratio.Number{"0.5", "0"}[rng.IntN(2)]})
	if rng.IntN(4) == 0 {
		c.Shares[0].Dividend = "0"
	}
	for _, holder := range []string{b.Companies[rng.IntN(len(b.Companies))].ID, b.Parties[rng.IntN(len(b.Parties))].ID} {
		if holder != c.ID {
			b.Stakes = append(b.Stakes, crossholding.Stake{Adds: true, Holder: holder, Issuer: c.ID, Class: "k0", Shares: "30",
				Lots: []crossholding.Lot{{Date: "2019-01-01", Shares: "20", Price: "3", Currency: "EUR"}}})
		}
	}
}

// handOut winds up or empties a company, with a part of the cost for each class that it has.
func handOut(rng *rand.Rand, b crossholding.Book) scenario.Step {
	s := scenario.Step{Step: scenario.StepLiquidate, Issuer: b.Companies[rng.IntN(len(b.Companies))].ID, CostShare: scenario.CostShare{}}
	var keys []string
	for _, stake := range b.Stakes {
		key := stake.Issuer + "/" + or(stake.Class, "ordinary")
		if or(stake.Beneficiary, stake.Holder) == s.Issuer && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		s.CostShare[key] = ratio.Of(1, int64(len(keys))).String()
	}
	if len(keys) > 0 && rng.IntN(3) == 0 {
		issuer, class, _ := strings.Cut(keys[0], "/")
		return scenario.Step{Step: scenario.StepDistribute, Issuer: s.Issuer, Asset: issuer, ToClass: class, Ratio: "1:50", CostShare: scenario.CostShare{"": "1/3"}}
	}
	return s
}

// requireCostKept requires that an event in which nobody buys keeps every unit of cost, realizes
// it or shows it as dropped, and that nothing dropped is negative.
func requireCostKept(t *testing.T, out *scenario.Outcome) {
	t.Helper()
	s := out.Steps[0].Step
	due := sumsOf(t, out.Before.Book()).cost
	for _, d := range out.Dropped {
		require.GreaterOrEqual(t, d.Cost.Amount.Sign(), 0, "%+v", s)
		due[d.Cost.Currency] = due[d.Cost.Currency].Sub(d.Cost.Amount)
	}
	for _, g := range out.Gains {
		due[g.Cost.Currency] = due[g.Cost.Currency].Sub(g.Cost.Amount)
	}
	switch s.Step {
	case scenario.StepDistribute, scenario.StepSpinOff, scenario.StepLiquidate, scenario.StepSplit, scenario.StepConvert:
		delete(due, "") // of gains without a known cost
		requireSums(t, due, sumsOf(t, out.After.Book()).cost, out)
	}
}

// requireStepRoundTrip requires that a step comes back from JSON with the same effect.
func requireStepRoundTrip(t *testing.T, s scenario.Step) {
	t.Helper()
	var first, second bytes.Buffer
	require.NoError(t, scenario.Write(&first, scenario.Scenario{Steps: []scenario.Step{s}}))
	text := first.String()
	back, err := scenario.Read(&first)
	require.NoError(t, err, text)
	require.NoError(t, scenario.Write(&second, back))
	require.Equal(t, text, second.String())
}

// books counts a book by sums: shares by account and cost by currency.
type bookSums struct {
	shares map[string]ratio.Ratio // by account, in which the treasury is "issuer/class:treasury"
	issued map[string]ratio.Ratio // by class
	cost   map[string]ratio.Ratio // by currency
}

func sumsOf(t *testing.T, b crossholding.Book) bookSums {
	t.Helper()
	x := bookSums{map[string]ratio.Ratio{}, map[string]ratio.Ratio{}, map[string]ratio.Ratio{}}
	percent := map[string]bool{}
	for _, c := range b.Companies {
		percent[c.ID] = len(c.Shares) == 0
		for _, k := range c.Shares {
			class := c.ID + "/" + or(k.Class, "ordinary")
			x.issued[class], x.shares[class+":"+c.ID] = number(t, k.Issued), number(t, k.Treasury)
			x.shares[class+":float:"+c.ID] = number(t, k.Issued).Sub(number(t, k.Treasury))
		}
	}
	for _, s := range b.Stakes {
		class := s.Issuer + "/" + or(s.Class, "ordinary")
		if percent[s.Issuer] && x.issued[class].IsZero() {
			x.issued[class], x.shares[class+":float:"+s.Issuer] = ratio.Int(100), ratio.Int(100)
		}
		n := number(t, s.Shares+s.Percent)
		key, float := class+":"+strings.Join([]string{s.Holder, s.Beneficiary, s.Voter}, "|"), class+":float:"+s.Issuer
		x.shares[key], x.shares[float] = x.shares[key].Add(n), x.shares[float].Sub(n)
		for _, lot := range s.Lots {
			x.cost[lot.Currency] = x.cost[lot.Currency].Add(number(t, lot.Shares).Mul(number(t, lot.Price)))
		}
	}
	return x
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// requireLedger applies the postings of one step to the sums of the book before it, and
// requires the sums of the book after it.
func requireLedger(t *testing.T, out *scenario.Outcome) {
	t.Helper()
	was, is := sumsOf(t, out.Before.Book()), sumsOf(t, out.After.Book())
	account := func(issuer, class string, a scenario.Account) string {
		key := class + ":"
		if a.Holder == issuer || strings.HasPrefix(a.Holder, "float:") {
			return key + a.Holder
		}
		return key + strings.Join([]string{a.Holder, a.Beneficiary, a.Voter}, "|")
	}
	cash := map[string]ratio.Ratio{}
	for _, p := range out.Steps[0].Postings {
		class := p.Issuer + "/" + p.Class
		into, issuer, n := class, p.Issuer, p.Shares
		if p.Kind == scenario.PostingTransform {
			into, issuer, n = p.IntoIssuer+"/"+p.IntoClass, p.IntoIssuer, p.Into
		}
		from, to := account(p.Issuer, class, p.From), account(issuer, into, p.To)
		add := func(m map[string]ratio.Ratio, key string, x ratio.Ratio) { m[key] = m[key].Add(x) }
		switch p.Kind {
		case scenario.PostingPay:
			add(cash, p.From.Holder+" "+p.Amount.Currency, p.Amount.Amount.Neg())
			add(cash, p.To.Holder+" "+p.Amount.Currency, p.Amount.Amount)
		case scenario.PostingMove, scenario.PostingTransform:
			add(was.shares, from, p.Shares.Neg())
			add(was.shares, to, n)
			add(was.issued, class, p.Shares.Neg())
			add(was.issued, into, n)
		case scenario.PostingCreate:
			add(was.shares, to, n)
			add(was.issued, class, n)
		case scenario.PostingDestroy:
			add(was.shares, from, p.Shares.Neg())
			add(was.issued, class, p.Shares.Neg())
		}
	}
	requireSums(t, was.shares, is.shares, out)
	requireSums(t, was.issued, is.issued, out)
	paid := map[string]ratio.Ratio{}
	for _, c := range out.Cash {
		paid[c.Party+" "+c.Currency] = c.Amount
	}
	requireSums(t, cash, paid, out)
}

func requireSums(t *testing.T, want, got map[string]ratio.Ratio, out *scenario.Outcome) {
	t.Helper()
	for key := range want {
		require.True(t, want[key].Equal(got[key]), "%s: %s by the postings, %s in the book, %v\n%v", key, want[key], got[key], out.Steps[0].Step, out.Steps[0].Postings)
	}
	for key := range got {
		require.True(t, want[key].Equal(got[key]), "%s: %s by the postings, %s in the book, %v\n%v", key, want[key], got[key], out.Steps[0].Step, out.Steps[0].Postings)
	}
}

package whatif_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// smallBook is a random book of a few companies, with everything that decides votes, and
// offers that can be counted out.
func smallBook(r *rand.Rand, plain bool) (crossholding.Book, whatif.Acquisition) {
	var b crossholding.Book
	var companies, all []string
	countries := []string{"JP", "FR", "IT", "DE", "KR", "US"}
	for i := range 2 + r.IntN(3) {
		id := fmt.Sprintf("c%d", i)
		c := crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "12"}}}
		if !plain {
			c.Country, c.Listed = countries[r.IntN(len(countries))], r.IntN(2) == 0
		}
		if r.IntN(3) == 0 {
			c.Shares[0].Treasury = number(r.IntN(3))
		}
		if r.IntN(4) == 0 {
			c.Shares = append(c.Shares, crossholding.ShareClass{Class: "b", Issued: "6", Votes: number(r.IntN(4))})
		}
		b.Companies = append(b.Companies, c)
		companies, all = append(companies, id), append(all, id)
	}
	for i := range 2 + r.IntN(2) {
		id := fmt.Sprintf("p%d", i)
		b.Parties, all = append(b.Parties, crossholding.Party{ID: id}), append(all, id)
	}
	any := func() string { return all[r.IntN(len(all))] }
	q := whatif.Acquisition{Currency: "EUR", MaxBooks: 1 << 20, Targets: []string{companies[len(companies)-1]}}
	for q.Buyer = any(); q.Buyer == q.Targets[0]; q.Buyer = any() {
	}
	if r.IntN(5) == 0 && companies[0] != q.Buyer {
		q.Targets = append(q.Targets, companies[0])
	}
	for _, c := range b.Companies {
		for _, k := range c.Shares {
			left := whole(k.Issued) - whole(k.Treasury)
			class := k.Class
			if class == "" {
				class = "ordinary"
			}
			for range 1 + r.IntN(4) {
				n := min(1+r.IntN(6), left)
				s := crossholding.Stake{Holder: any(), Issuer: c.ID, Class: class, Shares: number(n)}
				if n == 0 || s.Holder == c.ID || r.IntN(8) == 0 {
					continue
				}
				if r.IntN(6) == 0 {
					s.Voter = any()
				} else if r.IntN(6) == 0 {
					s.Voter = crossholding.Neutral
				}
				if r.IntN(6) == 0 {
					s.Beneficiary = any()
				}
				if r.IntN(6) == 0 {
					s.Votes = "2"
				}
				if s.Voter == c.ID || s.Beneficiary == c.ID {
					continue
				}
				b.Stakes, left = append(b.Stakes, s), left-n
			}
		}
	}
	if r.IntN(5) == 0 {
		b.Controls = append(b.Controls, crossholding.ControlFact{Controller: any(), Company: companies[r.IntN(len(companies))], By: "appointment"})
	}
	if !plain {
		for range r.IntN(3) {
			b.Agreements = append(b.Agreements, randomAgreement(r, len(b.Agreements), companies, any))
		}
	}
	for range 1 + r.IntN(3) {
		c := b.Companies[r.IntN(len(b.Companies))]
		o := whatif.Offer{Seller: any(), Issuer: c.ID, Price: fmt.Sprint(r.IntN(6), " EUR"), Lot: number(1 + r.IntN(2)), Class: "ordinary", Whole: r.IntN(4) == 0}
		if len(c.Shares) > 1 && r.IntN(2) == 0 {
			o.Class = "b"
		}
		if r.IntN(2) == 0 {
			o.Seller = crossholding.FloatOf(c.ID)
		}
		q.Offers = append(q.Offers, o)
	}
	return b, q
}

func randomAgreement(r *rand.Rand, n int, companies []string, any func() string) crossholding.Agreement {
	ag := crossholding.Agreement{ID: fmt.Sprintf("deal%d", n), Holders: []string{any()}}
	if r.IntN(2) == 0 {
		ag.Holders = append(ag.Holders, any())
	}
	ag.Issuer = companies[r.IntN(len(companies))]
	switch r.IntN(6) {
	case 0:
		ag.Kind, ag.Max = crossholding.AgreementCap, fmt.Sprintf("%d%%", 10+r.IntN(30))
		ag.Excess = []crossholding.CapExcess{"", crossholding.CapExcessLeaves}[r.IntN(2)]
	case 1:
		ag.Kind, ag.Leader = crossholding.AgreementProxy, any()
	case 2:
		ag.Kind = crossholding.AgreementNeutral
	case 3:
		ag.Kind, ag.Min = crossholding.AgreementLockUp, fmt.Sprintf("%d%%", 5+r.IntN(20))
	case 4:
		ag.Kind, ag.Max = crossholding.AgreementStandstill, fmt.Sprintf("%d%%", 20+r.IntN(40))
	default:
		ag.Kind = crossholding.AgreementConcert
	}
	return ag
}

func number(n int) ratio.Number { return ratio.Number(fmt.Sprint(n)) }

func whole(n ratio.Number) int {
	var i int
	if n != "" {
		fmt.Sscan(string(n), &i)
	}
	return i
}

// sold is what an offer sells: the shares of the seller in the class, for itself or for the
// one beneficiary that there is.
func sold(b *crossholding.Book, o *whatif.Offer) (shares int, beneficiaries map[string]bool) {
	beneficiaries = map[string]bool{}
	class := func(c string) string {
		if c == "" {
			return "ordinary"
		}
		return c
	}
	rest := 0
	for _, c := range b.Companies {
		for _, k := range c.Shares {
			if c.ID == o.Issuer && class(k.Class) == o.Class {
				rest = whole(k.Issued) - whole(k.Treasury)
			}
		}
	}
	for _, s := range b.Stakes {
		if s.Issuer != o.Issuer || class(s.Class) != o.Class {
			continue
		}
		rest -= whole(s.Shares)
		if s.Holder == o.Seller {
			shares += whole(s.Shares)
			who := s.Beneficiary
			if who == "" {
				who = s.Holder
			}
			beneficiaries[who] = true
		}
	}
	if o.Seller == crossholding.FloatOf(o.Issuer) {
		return rest, beneficiaries
	}
	return shares, beneficiaries
}

// counted tries all numbers of lots of the offers, each with its own cost, and returns the
// cheapest that win.
func counted(most, cost []int, wins func(lots []int) bool) (least int, found bool) {
	lots := make([]int, len(most))
	for {
		sum := 0
		for k, n := range lots {
			sum += n * cost[k]
		}
		if (!found || sum < least) && wins(lots) {
			least, found = sum, true
		}
		k := 0
		for ; k < len(lots) && lots[k] == most[k]; k++ {
			lots[k] = 0
		}
		if k == len(lots) {
			return least, found
		}
		lots[k]++
	}
}

// stakes is the number of stakes in the seller's name.
func stakes(b *crossholding.Book, o *whatif.Offer) (n int) {
	for _, s := range b.Stakes {
		if s.Holder == o.Seller && s.Issuer == o.Issuer && s.Class == o.Class {
			n++
		}
	}
	return n
}

// usable leaves out offers that are faulty, and returns the lots and the cost of one of each.
func usable(b *crossholding.Book, q *whatif.Acquisition) (lot, most, cost []int) {
	var kept []whatif.Offer
	for _, o := range q.Offers {
		have, beneficiaries := sold(b, &o)
		twice := false
		for _, k := range kept {
			twice = twice || k.Seller == o.Seller && k.Issuer == o.Issuer && k.Class == o.Class
		}
		if have == 0 || len(beneficiaries) > 1 || o.Seller == q.Buyer || o.Issuer == q.Buyer || twice {
			continue
		}
		n := whole(o.Lot)
		if o.Whole {
			n = have
		}
		var price int
		fmt.Sscan(o.Price, &price)
		kept, lot, most, cost = append(kept, o), append(lot, n), append(most, have/n), append(cost, price*n)
	}
	q.Offers = kept
	return lot, most, cost
}

// requireCheapest compares an answer with the count.
func requireCheapest(t *testing.T, a *crossholding.Alliance, q whatif.Acquisition, opt whatif.Options, least int, found bool, about any) whatif.Takeover {
	t.Helper()
	out, err := whatif.CheapestControl(t.Context(), a, q, opt)
	if !found {
		var none *whatif.NoControlError
		require.ErrorAs(t, err, &none, "%+v", about)
		require.Nil(t, none.Bound)
		return out
	}
	require.NoError(t, err, "%+v", about)
	require.Equal(t, fmt.Sprint(least), out.Cost.Amount.String(), "%+v\n%s", about, out)
	require.True(t, out.Optimal, "%+v", about)
	for _, c := range out.Control {
		require.True(t, c.Controlled)
	}
	for _, p := range out.Purchases {
		require.NotEmpty(t, p.Without, "%s: %+v", out, about)
	}
	return out
}

// TestCheapestControlOfPlainBooks compares with a count in plain numbers that knows nothing
// of this library: votes of classes, double votes, trusts, neutral votes, treasury, facts.
func TestCheapestControlOfPlainBooks(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 93))
	won := 0
	for range testkit.Cases(3000) {
		b, q := smallBook(r, true)
		a, err := crossholding.New(b)
		if err != nil {
			continue
		}
		q.Offers = slices.DeleteFunc(q.Offers, func(o whatif.Offer) bool { return stakes(&b, &o) > 1 })
		lot, most, cost := usable(&b, &q)
		if len(q.Offers) == 0 {
			continue
		}
		least, found := counted(most, cost, func(lots []int) bool { return plainlyWins(&b, &q, lot, lots) })
		if out := requireCheapest(t, a, q, whatif.Options{}, least, found, []any{b, q}); found && len(out.Purchases) > 0 {
			won++
		}
	}
	require.Positive(t, won)
	t.Logf("%d won by purchases", won)
}

// plainlyWins counts votes in a book without law and agreements.
func plainlyWins(b *crossholding.Book, q *whatif.Acquisition, lot, lots []int) bool {
	votes := map[string]map[string]*big.Rat{} // issuer, voter
	base := map[string]*big.Rat{}
	add := func(issuer, voter string, n int, each ratio.Number) {
		v := new(big.Rat).Mul(big.NewRat(int64(n), 1), each2(each))
		if votes[issuer][voter] == nil {
			votes[issuer][voter] = new(big.Rat)
		}
		votes[issuer][voter].Add(votes[issuer][voter], v)
		if voter != crossholding.Neutral {
			base[issuer].Add(base[issuer], v)
		}
	}
	for _, c := range b.Companies {
		votes[c.ID], base[c.ID] = map[string]*big.Rat{}, new(big.Rat)
		for _, k := range c.Shares {
			class := k.Class
			if class == "" {
				class = "ordinary"
			}
			rest := whole(k.Issued) - whole(k.Treasury)
			taken := map[string]int{}
			bought := 0
			for i, o := range q.Offers {
				if o.Issuer == c.ID && o.Class == class {
					taken[o.Seller] += lots[i] * lot[i]
					bought += lots[i] * lot[i]
				}
			}
			for _, s := range b.Stakes {
				if s.Issuer != c.ID || s.Class != class {
					continue
				}
				n := whole(s.Shares)
				rest -= n
				sell := min(n, taken[s.Holder])
				taken[s.Holder] -= sell
				voter, each := s.Voter, k.Votes
				if voter == "" {
					voter = s.Holder
				}
				if s.Votes != "" {
					each = s.Votes
				}
				add(c.ID, voter, n-sell, each)
			}
			add(c.ID, "float", rest-taken[crossholding.FloatOf(c.ID)], k.Votes)
			add(c.ID, q.Buyer, bought, k.Votes)
		}
	}
	in := map[string]bool{q.Buyer: true}
	for again := true; again; {
		again = false
		for _, c := range b.Companies {
			sum := new(big.Rat)
			for h := range in {
				if v := votes[c.ID][h]; v != nil {
					sum.Add(sum, v)
				}
			}
			wins := sum.Add(sum, sum).Cmp(base[c.ID]) > 0
			for _, f := range b.Controls {
				wins = wins || f.Company == c.ID && in[f.Controller]
			}
			if wins && !in[c.ID] {
				in[c.ID], again = true, true
			}
		}
	}
	for _, y := range q.Targets {
		if !in[y] {
			return false
		}
	}
	return true
}

func each2(n ratio.Number) *big.Rat {
	if n == "" {
		return big.NewRat(1, 1)
	}
	out, _ := new(big.Rat).SetString(string(n))
	return out
}

// TestCheapestControlByPackages compares with all choices of packages that are bought as a
// whole, as in the problem of the Answer Set Programming Competition of 2011, in networks of
// up to eight companies.
func TestCheapestControlByPackages(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 8))
	won, through := 0, 0
	for range testkit.Cases(150) {
		var b crossholding.Book
		n := 4 + r.IntN(5)
		id := func(i int) string { return fmt.Sprintf("c%d", i) }
		for i := range n {
			b.Companies = append(b.Companies, crossholding.Company{ID: id(i), Shares: []crossholding.ShareClass{{Issued: "100"}}})
		}
		b.Parties = []crossholding.Party{{ID: "buyer"}, {ID: "others"}}
		q := whatif.Acquisition{Buyer: "buyer", Targets: []string{id(n - 1)}, Currency: "EUR"}
		var lot, most, cost []int
		for y := range n {
			left := 100
			for range 3 {
				holder, shares := id(r.IntN(n)), 10+r.IntN(40)
				if r.IntN(4) == 0 {
					holder = "others"
				}
				held := slices.ContainsFunc(b.Stakes, func(s crossholding.Stake) bool { return s.Holder == holder && s.Issuer == id(y) })
				if holder == id(y) || shares > left || held {
					continue
				}
				left -= shares
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: holder, Issuer: id(y), Class: "ordinary", Shares: number(shares)})
				if price := r.IntN(9); len(q.Offers) < 9 && r.IntN(3) > 0 {
					q.Offers = append(q.Offers, whatif.Offer{Seller: holder, Issuer: id(y), Class: "ordinary", Price: fmt.Sprint(price, " EUR"), Whole: true})
					lot, most, cost = append(lot, shares), append(most, 1), append(cost, shares*price)
				}
			}
		}
		if len(q.Offers) == 0 {
			continue
		}
		a, err := crossholding.New(b)
		require.NoError(t, err)
		least, found := counted(most, cost, func(lots []int) bool { return plainlyWins(&b, &q, lot, lots) })
		out := requireCheapest(t, a, q, whatif.Options{}, least, found, []any{b, q})
		if found && len(out.Purchases) > 0 {
			won++
			if len(out.Control[0].Proof.Steps) > 1 {
				through++
			}
		}
	}
	require.Positive(t, won)
	t.Logf("%d won, %d of them through other companies", won, through)
}

// TestCheapestControlUnderLaw compares with all purchases, each decided by the library's own
// answer on the changed book: statutes of six countries, caps, proxies, concerts, lock-ups.
func TestCheapestControlUnderLaw(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 93))
	won, law := 0, 0
	for range testkit.Cases(3000) {
		b, q := smallBook(r, false)
		a, err := crossholding.New(b)
		if err != nil {
			continue
		}
		lot, most, cost := usable(&b, &q)
		var opt whatif.Options
		switch r.IntN(5) {
		case 0:
			opt.Control.Presumed = ratio.Of(2, 5)
		case 1:
			opt.Control.Threshold, opt.Control.AtLeast = ratio.Of(1, 3), true
		case 2:
			opt.Control.Basis = []crossholding.Basis{crossholding.BasisCapital, crossholding.BasisExercisable, crossholding.BasisTheoretical}[r.IntN(3)]
		}
		for _, ag := range b.Agreements {
			if ag.Kind == crossholding.AgreementConcert && r.IntN(2) == 0 {
				q.Controller = crossholding.ConcertOf(ag.ID)
			}
		}
		if _, err := a.Control(t.Context(), opt.Control); err != nil || len(q.Offers) == 0 {
			continue
		}
		controller := q.Controller
		if controller == "" {
			controller = q.Buyer
		}
		least, found := counted(most, cost, func(lots []int) bool {
			var steps []scenario.Step
			for k, n := range lots {
				if o := q.Offers[k]; n > 0 {
					steps = append(steps, scenario.Step{Step: "trade", Group: "g", From: o.Seller, To: q.Buyer, Issuer: o.Issuer, Class: o.Class, Shares: number(n * lot[k])})
				}
			}
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps})
			var failed *scenario.StepError
			if errors.As(err, &failed) {
				return false
			}
			require.NoError(t, err)
			c, err := out.After.Control(t.Context(), opt.Control)
			if errors.Is(err, crossholding.ErrReadings) {
				return false
			}
			require.NoError(t, err)
			for _, y := range q.Targets {
				ok, err := c.Controls(t.Context(), controller, y)
				if errors.Is(err, crossholding.ErrReadings) {
					return false
				}
				require.NoError(t, err)
				if !ok {
					return false
				}
			}
			return true
		})
		out := requireCheapest(t, a, q, opt, least, found, []any{b, q, opt.Control})
		if found && len(out.Purchases) > 0 {
			won++
			if out.Books > 2+2*len(out.Purchases) {
				law++
			}
		}
	}
	require.Positive(t, won)
	t.Logf("%d won by purchases, %d of them with more than one try", won, law)
}

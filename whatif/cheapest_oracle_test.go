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
		v := new(big.Rat).Mul(big.NewRat(int64(n), 1), orOne(each))
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

func orOne(n ratio.Number) *big.Rat {
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
	for range testkit.Size(10, 1000) {
		var b crossholding.Book
		n := 4 + r.IntN(5)
		id := func(i int) string { return fmt.Sprintf("c%d", i) }
		for i := range n {
			b.Companies = append(b.Companies, crossholding.Company{ID: id(i), Shares: []crossholding.ShareClass{{Issued: "100"}}})
		}
		b.Parties = []crossholding.Party{{ID: "buyer"}, {ID: "others"}}
		q := whatif.Acquisition{Buyer: "buyer", Targets: []string{id(0)}, Currency: "EUR"}
		var lot, most, cost []int
		for y := range n {
			holders := append(r.Perm(n), n) // n are others
			r.Shuffle(n+1, func(i, j int) { holders[i], holders[j] = holders[j], holders[i] })
			left := 100
			for _, h := range holders {
				holder, shares := id(h), min(left, 20+r.IntN(50))
				if h == n {
					holder = "others"
				}
				if h == y || shares == 0 {
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
	require.Positive(t, through)
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
		least, found := counted(most, cost, winsInTheLibrary(t, a, &q, opt, lot))
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

// winsInTheLibrary makes purchases and asks the library who controls the targets.
func winsInTheLibrary(t *testing.T, a *crossholding.Alliance, q *whatif.Acquisition, opt whatif.Options, lot []int) func(lots []int) bool {
	controller := q.Controller
	if controller == "" {
		controller = q.Buyer
	}
	return func(lots []int) bool {
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
	}
}

// TestCheapestControlUnderCaps compares with all purchases in books of larger numbers, in which votes
// above a cap leave the total, and lots differ in size.
func TestCheapestControlUnderCaps(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 7))
	won := 0
	for range testkit.Cases(15_000) {
		b := crossholding.Book{Parties: []crossholding.Party{{ID: "a"}, {ID: "d"}}}
		ids := []string{"x", "y", "z", "a", "d"}
		q := whatif.Acquisition{Buyer: "a", Targets: []string{"x"}, Currency: "EUR", MaxBooks: 1 << 20}
		for i, y := range ids[:3] {
			b.Companies = append(b.Companies, crossholding.Company{ID: y, Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}})
			left := 95
			for _, k := range r.Perm(len(ids)) {
				if n := min(left, 5+r.IntN(45)); k != i && n > 0 && r.IntN(3) > 0 {
					b.Stakes = append(b.Stakes, crossholding.Stake{Holder: ids[k], Issuer: y, Class: "ordinary", Shares: number(n)})
					left -= n
				}
			}
		}
		for n := range 1 + r.IntN(2) {
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("cap", n), Kind: crossholding.AgreementCap, Holders: []string{ids[r.IntN(len(ids))]},
				Issuer: ids[r.IntN(3)], Max: fmt.Sprintf("%d%%", 3+r.IntN(25)), Excess: crossholding.CapExcessLeaves})
		}
		for range 1 + r.IntN(2) {
			o := whatif.Offer{Seller: []string{"d", "y", "z"}[r.IntN(3)], Issuer: ids[r.IntN(3)], Class: "ordinary", Price: fmt.Sprint(1+r.IntN(9), " EUR"), Lot: number(2 + r.IntN(6))}
			if r.IntN(3) == 0 {
				o.Seller = crossholding.FloatOf(o.Issuer)
			}
			q.Offers = append(q.Offers, o)
		}
		a, err := crossholding.New(b)
		if err != nil {
			continue
		}
		lot, most, cost := usable(&b, &q)
		if _, err := a.Control(t.Context(), crossholding.ControlOptions{}); err != nil || len(q.Offers) == 0 {
			continue
		}
		least, found := counted(most, cost, winsInTheLibrary(t, a, &q, whatif.Options{}, lot))
		if out := requireCheapest(t, a, q, whatif.Options{}, least, found, []any{b, q}); found && len(out.Purchases) > 0 {
			won++
		}
	}
	require.Positive(t, won)
	t.Logf("%d won by purchases", won)
}

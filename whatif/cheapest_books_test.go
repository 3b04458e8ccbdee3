package whatif_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
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
		if r.IntN(3) == 0 {
			ag.Holders = nil // the articles bind everyone
		}
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
		if have == 0 || len(beneficiaries) > 1 || beneficiaries[q.Buyer] || o.Seller == q.Buyer || o.Issuer == q.Buyer || twice {
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

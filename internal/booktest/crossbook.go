package booktest

import (
	"fmt"
	"math/rand/v2"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// RandomCrossBook is a random group: companies that hold one another in rings and
// out of them, in two classes with dividend weights, with treasury, shares held
// for others, companies known only in percent, fractions of shares and counts
// beyond 64 bits. At most 90% of anything is held, so that no ring is closed.
func RandomCrossBook(rng *rand.Rand) crossholding.Book {
	b := crossholding.Book{AsOf: "2024-06-30", Market: &crossholding.Market{FX: map[string]ratio.Number{"EUR/JPY": "157.13"}}}
	var ids []string
	for i := range 2 + rng.IntN(6) {
		c := crossholding.Company{ID: fmt.Sprintf("c%d", i), Currency: "JPY"}
		issued := []string{"1000", "4220715112", "99.5", "5000000000000000000", "123456789012345678901234567890"}[rng.IntN(5)]
		switch rng.IntN(3) {
		case 0: // in percent
		case 1:
			c.Shares = []crossholding.ShareClass{{Issued: ratio.Number(issued), Treasury: Number(rng.IntN(20)), Fractions: true}}
		default:
			c.Shares = []crossholding.ShareClass{{Issued: ratio.Number(issued), Votes: Number(1 + rng.IntN(10)), Fractions: true},
				{Class: "pref", Issued: "500.25", Treasury: Number(rng.IntN(5)), Votes: "0", Dividend: ratio.Number(fmt.Sprintf("%d.%d", rng.IntN(3), rng.IntN(10)))}}
		}
		ids = append(ids, c.ID)
		b.Companies = append(b.Companies, c)
	}
	for i := range 1 + rng.IntN(3) {
		id := fmt.Sprintf("p%d", i)
		ids = append(ids, id)
		b.Parties = append(b.Parties, crossholding.Party{ID: id})
	}
	for _, c := range b.Companies {
		for _, class := range append(c.Shares, crossholding.ShareClass{})[:max(1, len(c.Shares))] {
			left := 60
			for range rng.IntN(6) {
				n := rng.IntN(left + 1)
				s := crossholding.Stake{Adds: true, Holder: ids[rng.IntN(len(ids))], Issuer: c.ID, Class: class.Class, Percent: Number(n)}
				if s.Holder == c.ID {
					continue
				}
				if rng.IntN(4) == 0 && class.Issued != "" {
					s.Shares, s.Percent = Number(rng.IntN(3)), ""
				} else {
					left -= n
				}
				if other := ids[rng.IntN(len(ids))]; rng.IntN(4) == 0 && other != c.ID {
					s.Beneficiary = other
				}
				if rng.IntN(6) == 0 {
					s.Voter = crossholding.Neutral
				}
				b.Stakes = append(b.Stakes, s)
			}
		}
	}
	return b
}

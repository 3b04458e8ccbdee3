package network_test

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// percents makes a book of companies only, of stakes {holder, issuer, percent}.
func percents(stakes ...[3]string) crossholding.Book {
	var b crossholding.Book
	seen := map[string]bool{}
	for _, s := range stakes {
		for _, id := range s[:2] {
			if !seen[id] {
				seen[id] = true
				b.Companies = append(b.Companies, crossholding.Company{ID: id})
			}
		}
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: s[0], Issuer: s[1], Percent: ratio.Number(s[2])})
	}
	return b
}

// endOf2022 is the alliance of Renault, Nissan and Mitsubishi Motors at the end of
// 2022.
func endOf2022() *crossholding.Alliance {
	a, err := booktest.Renault("before")
	check(err)
	return a
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

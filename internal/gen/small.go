package gen

import (
	"errors"
	"math"
	"slices"
)

// maxSmall and maxRing are the largest numbers of companies of the small generators.
// hardShare is the number of shares that each company of [IllConditioned] issues.
const (
	maxSmall  = 10_000
	maxRing   = 1_000_000
	hardShare = 10_000_000_000
)

// Cyclic returns a network of n companies in which each ordered pair has a stake with
// probability density, so that it has cycles of all kinds. Each company leaves some shares
// to persons or to its float. It returns an error of kind ErrOption if n is not from 1 to
// 10,000 or density not from 0 to 1.
func Cyclic(seed uint64, n int, density float64) (*Network, error) {
	var bad faults
	bad.within("n", n, 1, maxSmall)
	if math.IsNaN(density) || density < 0 || density > 1 {
		bad.add("density", density, "must be from 0 to 1")
	}
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	p := part{source: newSource(seed), net: &Network{}}
	in := int64(density * (1 << 53))
	for c := range n {
		issued := p.uneven(p.from(3, 9))
		if p.percent(65) {
			issued = power10(p.from(4, 9))
		}
		p.company(issued, p.percent(10))
		holders := slices.DeleteFunc(peers(c, 0, n), func(int32) bool { return p.below64(1<<53) >= in })
		p.spread(int32(c), holders, p.from(10_000, 950_000))
	}
	p.persons()
	return p.net, nil
}

// Dense returns n companies in which each holds every other, so that the matrix has n(n-1)
// entries. Together the others hold 40% to 90% of each. It returns an error of kind
// ErrOption if n is not from 2 to 10,000.
func Dense(seed uint64, n int) (*Network, error) {
	var bad faults
	bad.within("n", n, 2, maxSmall)
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	p := part{source: newSource(seed), net: &Network{}}
	for c := range n {
		p.company(p.uneven(9), p.percent(10))
		p.spread(int32(c), peers(c, 0, n), p.from(400_000, 900_000))
	}
	p.persons()
	return p.net, nil
}

// Ring returns n companies with issued shares each. Each company holds all shares of the
// next, except that person P0000000 holds leak shares of the first. The exact answer is
// known: the integrated ownership of the person in each company is 1, and that of a company
// in one that it completely holds is issued/leak. If leak is 0, the companies have no outside
// owner and there is no answer. It returns an error of kind ErrOption if n is not from 2
// to 1,000,000, issued is below 1, or leak is not from 0 to issued-1.
func Ring(n int, issued, leak int64) (*Network, error) {
	var bad faults
	bad.within("n", n, 2, maxRing)
	if issued < 1 {
		bad.add("issued", issued, "must be positive")
	} else if leak < 0 || leak >= issued {
		bad.add("leak", leak, "must be from 0 to %d", issued-1)
	}
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	p := part{net: &Network{}}
	for c := range n {
		p.company(issued, false)
		held := issued
		if c == 0 {
			held -= leak
		}
		p.stake(int32((c+n-1)%n), int32(c), held)
	}
	if leak > 0 {
		p.net.Persons = 1
		p.stake(int32(n), 0, leak)
	}
	if leak == 0 {
		ring := make([]int32, n)
		for c := range ring {
			ring[c] = int32(c)
		}
		p.net.Closed = [][]int32{ring}
	}
	return p.net, nil
}

// IllConditioned returns n companies for which floating-point arithmetic is not accurate.
// They are two dense clusters. Each cluster holds 1 to 100 of the 10^10 shares of the
// other's first company, and only 1 to 100 more shares of that company belong to persons
// or to its float. The row of ones shows that the inverse of I - A has a 1-norm of at
// least 5*10^7 n. It returns an error of kind ErrOption if n is not from 4 to 10,000.
func IllConditioned(seed uint64, n int) (*Network, error) {
	var bad faults
	bad.within("n", n, 4, maxSmall)
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	p := part{source: newSource(seed), net: &Network{}}
	half := n / 2
	for c := range n {
		p.company(hardShare, false)
		low, high := 0, half
		if c >= half {
			low, high = half, n
		}
		leak := int64(0)
		if c == low {
			bridge := power10(p.from(0, 2))
			p.stake(int32((low+half)%(2*half)), int32(c), bridge)
			leak = bridge + power10(p.from(0, 2))
		}
		p.exactly(int32(c), peers(c, low, high), hardShare-leak)
	}
	p.persons()
	return p.net, nil
}

// part builds a small network stake by stake.
type part struct {
	source
	net *Network
}

func (p part) company(issued int64, treasury bool) {
	held := int64(0)
	if treasury {
		held = max(1, ofMillion(issued, p.from(1_000, 100_000)))
	}
	p.net.Issued = append(p.net.Issued, issued)
	p.net.Treasury = append(p.net.Treasury, held)
	p.net.Votes = append(p.net.Votes, 1)
}

func (p part) stake(holder, issuer int32, shares int64) {
	p.net.Holder = append(p.net.Holder, holder)
	p.net.Issuer = append(p.net.Issuer, issuer)
	p.net.Shares = append(p.net.Shares, shares)
}

// peers lists the companies from low to high-1 without c.
func peers(c, low, high int) []int32 {
	list := make([]int32, 0, high-low)
	for h := low; h < high; h++ {
		if h != c {
			list = append(list, int32(h))
		}
	}
	return list
}

// spread divides parts millionths of what is outstanding among the holders.
func (p part) spread(issuer int32, holders []int32, parts int) {
	out := p.net.Issued[issuer] - p.net.Treasury[issuer]
	p.exactly(issuer, holders, ofMillion(out, parts))
}

// exactly divides all of shares among the holders with random weights. If there are fewer
// shares than holders, some holders get none.
func (p part) exactly(issuer int32, holders []int32, shares int64) {
	for i, holder := range holders {
		rest := len(holders) - i
		give := shares
		if rest > 1 {
			part := ofMillion(shares, p.from(1, min(2*million/rest, million)))
			give = max(min(max(part, 1), shares-int64(rest-1)), min(shares, 1))
		}
		if give > 0 {
			p.stake(holder, issuer, give)
			shares -= give
		}
	}
}

// persons gives the remaining shares of three of four companies to a person. In the others
// they stay a float.
func (p part) persons() {
	left := make([]int64, p.net.Companies())
	for c, issued := range p.net.Issued {
		left[c] = issued - p.net.Treasury[c]
	}
	for s, issuer := range p.net.Issuer {
		left[issuer] -= p.net.Shares[s]
	}
	first := p.net.Companies()
	for c, shares := range left {
		if shares > 0 && p.percent(75) {
			person := p.net.Persons
			if person == 0 || p.percent(75) {
				p.net.Persons++
			} else {
				person = p.below(person)
			}
			p.stake(int32(first+person), int32(c), shares)
		}
	}
}

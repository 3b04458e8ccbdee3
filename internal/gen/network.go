// Package gen generates share registers for tests and benchmarks: networks that look like
// a national register, and small networks that are hard to solve.
//
// The result depends on the options and the seed alone. It has the same bytes on every
// machine, because all random numbers are integers.
package gen

import (
	"errors"
	"fmt"
	"strconv"
)

// Network is a register of companies and stakes as parallel arrays. A node is a number:
// companies come first, then funds, then persons. Only companies issue shares. The zero
// value is an empty register. The caller may change the arrays. This package does not
// change a network that it has returned.
type Network struct {
	// Issued, Treasury and Votes hold for each company the issued shares,
	// the shares that the company holds itself, and the votes of one share.
	Issued, Treasury, Votes []int64
	// Funds and Persons count the holders that are not companies.
	Funds, Persons int
	// Holder, Issuer and Shares hold two nodes and a share count for each
	// stake.
	Holder, Issuer []int32
	Shares         []int64

	// Core lists the companies of the core. Rings and Closed list the
	// companies of each ring. Each company holds the next one, and the last
	// holds the first. Closed rings have no owner outside.
	Core          []int32
	Rings, Closed [][]int32
}

// Companies returns the number of companies.
func (n *Network) Companies() int { return len(n.Issued) }

// Nodes returns the number of companies, funds and persons together.
func (n *Network) Nodes() int { return len(n.Issued) + n.Funds + n.Persons }

// Stakes returns the number of stakes.
func (n *Network) Stakes() int { return len(n.Holder) }

// ID returns the name of a node: C and at least seven digits for a company, F and digits
// for a fund, P and digits for a person. Each kind counts from 0.
func (n *Network) ID(node int32) string {
	return string(n.AppendID(nil, node))
}

// AppendID appends the name of a node to b.
func (n *Network) AppendID(b []byte, node int32) []byte {
	kind, number := byte('C'), int(node)
	if number >= len(n.Issued) {
		kind, number = 'F', number-len(n.Issued)
		if number >= n.Funds {
			kind, number = 'P', number-n.Funds
		}
	}
	b = append(b, kind)
	for limit := 1_000_000; limit > number && limit > 1; limit /= 10 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(number), 10)
}

// ErrInvalid is the kind of every error that Check returns.
var ErrInvalid = errors.New("invalid network")

// mostFaults is the largest number of faults that Check lists.
const mostFaults = 20

// Check returns nil if every count is in range, no company holds itself, no holder appears
// twice with one issuer, and no company has more shares held than outstanding. Otherwise
// it returns an error of kind ErrInvalid that lists the first 20 faults and counts the
// others.
func (n *Network) Check() error {
	var list []error
	total := 0
	fault := func(format string, args ...any) {
		if total++; total <= mostFaults {
			list = append(list, fmt.Errorf("gen: %w: "+format, append([]any{ErrInvalid}, args...)...))
		}
	}
	if len(n.Treasury) != len(n.Issued) || len(n.Votes) != len(n.Issued) ||
		len(n.Issuer) != len(n.Holder) || len(n.Shares) != len(n.Holder) {
		fault("arrays of different lengths")
		return errors.Join(list...)
	}
	held := make([]int64, len(n.Issued))
	for c, issued := range n.Issued {
		if issued < 1 || n.Treasury[c] < 0 || n.Treasury[c] >= issued || n.Votes[c] < 0 {
			fault("%s has issued %d, treasury %d, votes %d", n.ID(int32(c)), issued, n.Treasury[c], n.Votes[c])
		}
	}
	n.checkStakes(held, fault)
	for c, sum := range held {
		if out := n.Issued[c] - n.Treasury[c]; sum > out {
			fault("%s has %d shares held of %d outstanding", n.ID(int32(c)), sum, out)
		}
	}
	if total > mostFaults {
		list = append(list, fmt.Errorf("gen: %w: and %d more faults", ErrInvalid, total-mostFaults))
	}
	return errors.Join(list...)
}

// checkStakes reports bad stakes and adds up the good ones by issuer.
func (n *Network) checkStakes(held []int64, fault func(string, ...any)) {
	nodes := int32(n.Nodes())
	start := make([]int32, len(n.Issued)+1)
	good := make([]bool, len(n.Holder))
	for s, holder := range n.Holder {
		issuer := n.Issuer[s]
		switch {
		case issuer < 0 || int(issuer) >= len(n.Issued) || holder < 0 || holder >= nodes:
			fault("stake %d is of node %d in node %d: no such holder or issuer", s, holder, issuer)
		case holder == issuer:
			fault("%s holds itself", n.ID(holder))
		case n.Shares[s] < 1 || n.Shares[s] > n.Issued[issuer]:
			fault("%s holds %d of the %d shares of %s", n.ID(holder), n.Shares[s], n.Issued[issuer], n.ID(issuer))
		default:
			good[s] = true
			start[issuer+1]++
			held[issuer] += n.Shares[s]
		}
	}
	for c := range n.Issued {
		start[c+1] += start[c]
	}
	holders := make([]int32, start[len(n.Issued)])
	next := append([]int32(nil), start...)
	for s, ok := range good {
		if ok {
			holders[next[n.Issuer[s]]] = n.Holder[s]
			next[n.Issuer[s]]++
		}
	}
	seen := make([]int32, nodes) // 1 + the last issuer in which a node was seen
	for c := range n.Issued {
		for _, holder := range holders[start[c]:start[c+1]] {
			if seen[holder] == int32(c)+1 {
				fault("%s holds %s twice", n.ID(holder), n.ID(int32(c)))
			}
			seen[holder] = int32(c) + 1
		}
	}
}

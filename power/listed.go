package power

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strings"
)

// ErrNotSimple reports winning coalitions that no voting game can have: the
// empty coalition wins, all players together lose, or a coalition loses
// although a part of it wins.
var ErrNotSimple = errors.New("power: not a simple game")

// Listed returns the game of n players in which wins says which coalitions win.
// The rule can be any rule, such as who wins through a loop of holdings.
//
// Listed calls wins once for every coalition, in no particular order and on one
// goroutine. The slice says who is in the coalition; wins must not keep it. n
// is at most 24 (ErrTooHard). Listed fails with ErrNotSimple if wins does not
// describe a simple game; the error has the coalitions that show this.
// Calculations on a listed game use Enumeration.
func Listed(ctx context.Context, n int, wins func(in []bool) bool) (Game, error) {
	switch {
	case n <= 0 || wins == nil:
		return Game{}, fmt.Errorf("%w: %d players, or no function that says who wins", ErrEmpty, n)
	case n > mostEnumerated:
		return Game{}, fmt.Errorf("%w: 2^%d coalitions, at most 2^%d are allowed", ErrTooHard, n, mostEnumerated)
	}
	in := make([]bool, n)
	won := make([]uint64, (1<<n+63)/64)
	for set := range uint32(1) << n {
		if set&0xfff == 0 {
			if err := cancelled(ctx); err != nil {
				return Game{}, err
			}
		}
		for i := range in {
			in[i] = set>>i&1 == 1
		}
		if wins(in) {
			won[set>>6] |= 1 << (set & 63)
			continue
		}
		for rest := set; rest != 0; rest &= rest - 1 {
			if part := set &^ (rest & -rest); won[part>>6]>>(part&63)&1 == 1 {
				return Game{}, fmt.Errorf("%w: players %v win, players %v lose", ErrNotSimple, members(part), members(set))
			}
		}
	}
	r := &rule{join: list, won: won}
	if won[0]&1 == 1 {
		return Game{}, fmt.Errorf("%w: the empty coalition wins", ErrNotSimple)
	}
	if all := uint32(1)<<n - 1; won[all>>6]>>(all&63)&1 == 0 {
		return Game{}, fmt.Errorf("%w: all %d players together lose", ErrNotSimple, n)
	}
	return Game{players: n, rule: r}, nil
}

// members lists the players in a set of bits.
func members(set uint32) []int {
	out := []int{}
	for ; set != 0; set &= set - 1 {
		out = append(out, bits.TrailingZeros32(set))
	}
	return out
}

// hasList reports whether a part of the rule is a list.
func (r *rule) hasList() bool {
	if r.join == list {
		return true
	}
	for _, p := range r.parts {
		if p.hasList() {
			return true
		}
	}
	return false
}

// listed reports whether the list says that a coalition wins.
func (r *rule) listed(in []bool) bool {
	var set uint32
	if r.parts == nil {
		for i, is := range in {
			if is {
				set |= 1 << i
			}
		}
	}
	for k, p := range r.parts {
		if p.wins(in) {
			set |= 1 << k
		}
	}
	return r.won[set>>6]>>(set&63)&1 == 1
}

// dualList returns the list of the coalitions whose complement loses.
func (r *rule) dualList() *rule {
	d := &rule{join: list, won: make([]uint64, len(r.won))}
	if size := r.listSize(); size < 6 {
		n := uint32(1) << size
		for set := range n {
			other := n - 1 - set
			d.won[0] |= (^r.won[0] >> other & 1) << set
		}
		return d
	}
	for k, word := range r.won {
		d.won[len(r.won)-1-k] = ^bits.Reverse64(word)
	}
	return d
}

// listSize returns the number of players of a list. All players together win,
// so the last bit that is set gives the number.
func (r *rule) listSize() int {
	k := len(r.won) - 1
	return bits.Len(uint(k*64 + bits.Len64(r.won[k]) - 1))
}

// blocList returns the list for the game in which the given players are one
// player, the last.
func (r *rule) blocList(in []bool) *rule {
	var bloc uint32
	var others []int
	for i, is := range in {
		if is {
			bloc |= 1 << i
		} else {
			others = append(others, i)
		}
	}
	n := len(others) + 1
	b := &rule{join: list, won: make([]uint64, (1<<n+63)/64)}
	for set := range uint32(1) << n {
		var old uint32
		for k, i := range others {
			old |= (set >> k & 1) << i
		}
		if set>>(n-1)&1 == 1 {
			old |= bloc
		}
		if r.won[old>>6]>>(old&63)&1 == 1 {
			b.won[set>>6] |= 1 << (set & 63)
		}
	}
	return b
}

func (r *rule) listString() string {
	count := 0
	for _, w := range r.won {
		count += bits.OnesCount64(w)
	}
	s := fmt.Sprintf("[%d coalitions of %d", count, r.listSize())
	if r.parts == nil {
		return s + " players]"
	}
	parts := make([]string, len(r.parts))
	for k, p := range r.parts {
		parts[k] = p.String()
	}
	return s + ": " + strings.Join(parts, ", ") + "]"
}

package value

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// exchange is the rates of a day as a graph of currencies.
type exchange struct {
	day    date.Date
	quotes map[string]*quote
	beside map[string][]string // the currencies that have a rate with a currency, ascending
}

// checkDay adds a fault for each pair and each triangle whose rates contradict one another.
func checkDay(f *input.Faults, day date.Date, quotes map[string]*quote, spread ratio.Ratio) {
	x := exchange{day, quotes, map[string][]string{}}
	for pair := range quotes {
		a, b, _ := strings.Cut(pair, "/")
		x.beside[a], x.beside[b] = append(x.beside[a], b), append(x.beside[b], a)
	}
	for c := range x.beside {
		slices.Sort(x.beside[c])
		x.beside[c] = slices.Compact(x.beside[c])
	}
	for _, a := range sortedKeys(x.beside) {
		for _, b := range x.beside[a] {
			if b <= a {
				continue
			}
			if quotes[a+"/"+b] != nil && quotes[b+"/"+a] != nil {
				x.check(f, spread, []step{{quotes[a+"/"+b], false}, {quotes[b+"/"+a], false}}, a, b)
			}
			for _, c := range x.beside[b] {
				if c > b && slices.Contains(x.beside[a], c) {
					x.check(f, spread, x.round([]string{a, b, c}), a, b, c)
				}
			}
		}
	}
	x.checkLoops(f, spread)
}

// checkLoops does the same for longer loops: a tree of the fewest steps connects currencies,
// and each rate beyond it closes one loop.
func (x *exchange) checkLoops(f *input.Faults, spread ratio.Ratio) {
	parent := map[string]string{}
	for _, root := range sortedKeys(x.beside) {
		if _, seen := parent[root]; seen {
			continue
		}
		parent[root] = ""
		for queue := []string{root}; len(queue) > 0; queue = queue[1:] {
			for _, c := range x.beside[queue[0]] {
				if _, seen := parent[c]; !seen {
					parent[c], queue = queue[0], append(queue, c)
				}
			}
		}
	}
	for _, a := range sortedKeys(x.beside) {
		for _, b := range x.beside[a] {
			if a < b && parent[a] != b && parent[b] != a {
				if loop := loopOf(parent, a, b); len(loop) > 3 {
					x.check(f, spread, x.round(loop), loop...)
				}
			}
		}
	}
}

// maxLoop is the largest number of currencies of a loop that is tested.
const maxLoop = 10

// loopOf returns the currencies from a up the tree and down to b, or none if they are more
// than maxLoop.
func loopOf(parent map[string]string, a, b string) []string {
	up, down := []string{a}, []string{b}
	for c := a; parent[c] != "" && len(up) <= maxLoop; c = parent[c] {
		up = append(up, parent[c])
	}
	for !slices.Contains(up, down[len(down)-1]) && len(down) <= maxLoop {
		down = append(down, parent[down[len(down)-1]])
	}
	meet := slices.Index(up, down[len(down)-1])
	if meet < 0 || meet+len(down) > maxLoop {
		return nil
	}
	slices.Reverse(down)
	return append(up[:meet], down...)
}

// round returns the steps from each currency to the next, and from the last to the first.
func (x *exchange) round(loop []string) []step {
	out := make([]step, len(loop))
	for i, c := range loop {
		out[i] = x.step(c, loop[(i+1)%len(loop)])
	}
	return out
}

// step is a rate on the way round; back says that it is used against its direction.
type step struct {
	q    *quote
	back bool
}

func (x *exchange) step(from, to string) step {
	if q := x.quotes[from+"/"+to]; q != nil {
		return step{q, false}
	}
	return step{x.quotes[to+"/"+from], true}
}

// check adds a fault if going round cannot lead back within the spread.
func (x *exchange) check(f *input.Faults, spread ratio.Ratio, round []step, currencies ...string) {
	lo, hi, mid := one, one, one
	rates := make([]string, len(round))
	for i, s := range round {
		if s.back {
			lo, hi, mid = lo.Div(s.q.hi), hi.Div(s.q.lo), mid.Div(s.q.mid)
		} else {
			lo, hi, mid = lo.Mul(s.q.lo), hi.Mul(s.q.hi), mid.Mul(s.q.mid)
		}
		rates[i] = s.q.Pair + " " + s.q.text()
	}
	limit := one.Add(spread)
	if !limit.Less(lo) && !hi.Mul(limit).Less(one) {
		return
	}
	first := currencies[0]
	f.Add("rates of "+x.day.String(), ErrContradiction, "%s cannot all be right: through %s and back, 1 %s becomes %s %s, and the spread allowed is %s%%",
		strings.Join(rates, ", "), strings.Join(currencies, ", "), first, mid.GroupedDecimal(6), first, spread.Percent(4))
}

// placed names an element of a list.
func placed(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

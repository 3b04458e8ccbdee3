package ledger

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// Share is the part of a company's dividends that one beneficiary gets.
type Share struct {
	Party string
	Part  ratio.Ratio // 0..1
}

// Earners returns the beneficiaries of a company's dividends and their parts, by name,
// floats last. Each share counts by the dividend weight of its class.
func Earners(classes []*Class) []Share {
	var total ratio.Ratio
	sum := map[string]ratio.Ratio{}
	add := func(party string, n ratio.Ratio) {
		if !n.IsZero() {
			sum[party], total = sum[party].Add(n), total.Add(n)
		}
	}
	floats := ratio.Ratio{}
	name := ""
	for _, c := range classes {
		name = c.FloatName
		for i := range c.Stakes {
			add(c.Stakes[i].Owner(), c.Stakes[i].Shares.Mul(c.Dividend))
		}
		floats = floats.Add(c.Float.Mul(c.Dividend))
	}
	total = total.Add(floats)
	out := make([]Share, 0, len(sum)+1)
	for party, n := range sum {
		out = append(out, Share{party, n.Div(total)})
	}
	slices.SortFunc(out, func(a, b Share) int { return strings.Compare(a.Party, b.Party) })
	if !floats.IsZero() {
		out = append(out, Share{name, floats.Div(total)})
	}
	return out
}

// Passer is a company that passes on a part of the dividends that it receives.
type Passer struct {
	Company string
	Part    ratio.Ratio // 0..1
	To      []Share     // its earners
}

// Dividend pays an amount to the earners of a company. The passers pass on their part of all
// that they receive, round loops too. It fails with [ErrNoOutsideOwner] if passers that receive
// something and pass on everything own one another completely.
func (l *Ledger) Dividend(issuer string, earners []Share, amount Money, passers []Passer) error {
	passers = reached(earners, passers)
	received, err := passOn(earners, amount.Amount, passers)
	if err != nil {
		return err
	}
	for _, e := range earners {
		l.Pay(issuer, e.Party, amount.times(e.Part))
	}
	for i, p := range passers {
		out := Money{received[i].Mul(p.Part), amount.Currency}
		if out.Amount.IsZero() {
			continue
		}
		for _, e := range p.To {
			l.Pay(p.Company, e.Party, out.times(e.Part))
		}
	}
	return nil
}

// reached returns the passers that receive something.
func reached(earners []Share, passers []Passer) []Passer {
	at := make(map[string]int, len(passers))
	for i, p := range passers {
		at[p.Company] = i
	}
	there := make([]bool, len(passers))
	var mark func(list []Share)
	mark = func(list []Share) {
		for _, e := range list {
			if i, ok := at[e.Party]; ok && !there[i] && !e.Part.IsZero() {
				if there[i] = true; !passers[i].Part.IsZero() {
					mark(passers[i].To)
				}
			}
		}
	}
	mark(earners)
	var out []Passer
	for i, p := range passers {
		if there[i] {
			out = append(out, p)
		}
	}
	return out
}

// passOn returns what each passer receives: the solution of r = b + M r, in which b is what
// the issuer pays to it, and M what the passers pass on to one another.
func passOn(earners []Share, amount ratio.Ratio, passers []Passer) ([]ratio.Ratio, error) {
	n := len(passers)
	part := func(list []Share, party string) ratio.Ratio {
		for _, e := range list {
			if e.Party == party {
				return e.Part
			}
		}
		return ratio.Ratio{}
	}
	m := make([][]ratio.Ratio, n) // I - M, and b in the last column
	for i := range m {
		m[i] = make([]ratio.Ratio, n+1)
		for j := range passers {
			m[i][j] = part(passers[j].To, passers[i].Company).Mul(passers[j].Part).Neg()
		}
		m[i][i] = m[i][i].Add(ratio.Int(1))
		m[i][n] = part(earners, passers[i].Company).Mul(amount)
	}
	for k := range n {
		// The matrix is an M-matrix: without pivoting, a pivot of 0 means a closed ring.
		if m[k][k].IsZero() {
			return nil, closedRing(passers, k)
		}
		for i := range n {
			if i == k || m[i][k].IsZero() {
				continue
			}
			f := m[i][k].Div(m[k][k])
			for j := k; j <= n; j++ {
				m[i][j] = m[i][j].Sub(f.Mul(m[k][j]))
			}
		}
	}
	out := make([]ratio.Ratio, n)
	for i := range out {
		out[i] = m[i][n].Div(m[i][i])
	}
	return out, nil
}

// closedRing names the passers that company k pays and that pay it, through others.
func closedRing(passers []Passer, k int) error {
	reach := func(from int) []bool {
		seen := make([]bool, len(passers))
		for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
			for _, e := range passers[queue[0]].To {
				i := slices.IndexFunc(passers, func(p Passer) bool { return p.Company == e.Party })
				if i >= 0 && !seen[i] && !e.Part.IsZero() {
					seen[i], queue = true, append(queue, i)
				}
			}
		}
		return seen
	}
	var ring []string
	there := reach(k)
	for i := range passers {
		if there[i] && reach(i)[k] {
			ring = append(ring, passers[i].Company)
		}
	}
	return fmt.Errorf("%s: a closed ring that passes on everything: %w", strings.Join(ring, ", "), ErrNoOutsideOwner)
}

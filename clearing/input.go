package clearing

import (
	"fmt"
	"math/big"

	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// Input lists firms, what they owe and who holds their shares. All amounts are in one
// currency. The zero value has no firms.
type Input struct {
	Firms    []Firm    `json:"firms,omitempty"`
	Debts    []Debt    `json:"debts,omitempty"`
	Holdings []Holding `json:"holdings,omitempty"`
	// Costs are the costs of default of all firms that state none of their own.
	Costs Costs `json:"costs"`
}

// Firm is a firm with assets outside the system.
type Firm struct {
	Name   string      `json:"name"`   // not empty, and unique
	Assets ratio.Ratio `json:"assets"` // external assets, 0 or more
	Costs  *Costs      `json:"costs,omitempty"`
}

// Debt is what a firm owes. Several debts between the same two firms add up.
type Debt struct {
	Debtor   string      `json:"debtor"`
	Creditor string      `json:"creditor,omitempty"` // empty: a creditor outside the system
	Amount   ratio.Ratio `json:"amount"`             // 0 or more
	// Seniority says which debts are paid first: 0 before 1, 1 before 2. The numbers may
	// have gaps.
	Seniority int `json:"seniority,omitempty"`
}

// Holding is a part of a firm's shares that another firm of the system holds. Whatever no
// firm holds belongs to shareholders outside. Several holdings of the same shares add up.
type Holding struct {
	Holder string      `json:"holder"`
	Issuer string      `json:"issuer"`
	Share  ratio.Ratio `json:"share"` // fraction of the issuer's shares, 0 to 1
}

// Costs says which fractions of a firm's assets are lost if it defaults, each 0 to 1. The zero
// value is no costs. Rogers and Veraart (2013) state what is left: their alpha is 1 minus
// External, and their beta is 1 minus Claims.
type Costs struct {
	External ratio.Ratio `json:"external"` // of external assets
	Claims   ratio.Ratio `json:"claims"`   // of what debtors in the system pay
	Shares   ratio.Ratio `json:"shares"`   // of the value of shares of firms in the system
}

func (c Costs) none() bool { return c.External.IsZero() && c.Claims.IsZero() && c.Shares.IsZero() }

// Tables is the same as an [Input], in the matrices of the literature.
type Tables struct {
	Names  []string      // of n firms
	Assets []ratio.Ratio // n
	// Debts holds one n×n matrix for each seniority, the most senior first. The entry at
	// [k][i][j] is what firm i owes firm j.
	Debts [][][]ratio.Ratio
	// Outside is what firms owe outside the system: the entry at [k][i] is firm i's debt of
	// seniority k. It may be nil, or have nil in place of a seniority.
	Outside [][]ratio.Ratio
	// Holdings is an n×n matrix: the entry at [i][j] is the fraction of firm j's shares that
	// firm i holds. It may be nil.
	Holdings [][]ratio.Ratio
	Costs    Costs
}

// Input returns the tables as an Input without the entries that are 0. It fails with an
// [InputError] of kind [ErrTable] if a table does not fit the number of names. [New] checks
// the figures.
func (t Tables) Input() (Input, error) {
	n := len(t.Names)
	var fs faults
	length := func(where string, got int) bool {
		if got != n {
			fs.add(ErrTable, named(where), "%d entries for %d firms", got, n)
		}
		return got == n
	}
	in := Input{Costs: t.Costs}
	if length("external assets", len(t.Assets)) {
		for i, name := range t.Names {
			in.Firms = append(in.Firms, Firm{Name: name, Assets: t.Assets[i]})
		}
	}
	square := func(where string, m [][]ratio.Ratio, entry func(i, j int, r ratio.Ratio)) {
		if !length("rows of "+where, len(m)) {
			return
		}
		for i, row := range m {
			if !length(fmt.Sprintf("row %d of %s", i, where), len(row)) {
				continue
			}
			for j, r := range row {
				if !r.IsZero() {
					entry(i, j, r)
				}
			}
		}
	}
	for k, m := range t.Debts {
		square(fmt.Sprintf("debts of seniority %d", k), m, func(i, j int, r ratio.Ratio) {
			in.Debts = append(in.Debts, Debt{Debtor: t.Names[i], Creditor: t.Names[j], Amount: r, Seniority: k})
		})
	}
	for k, row := range t.Outside {
		if row == nil || !length(fmt.Sprintf("outside debts of seniority %d", k), len(row)) {
			continue
		}
		for i, r := range row {
			if !r.IsZero() {
				in.Debts = append(in.Debts, Debt{Debtor: t.Names[i], Amount: r, Seniority: k})
			}
		}
	}
	if t.Holdings != nil {
		square("holdings", t.Holdings, func(i, j int, r ratio.Ratio) {
			in.Holdings = append(in.Holdings, Holding{Holder: t.Names[i], Issuer: t.Names[j], Share: r})
		})
	}
	if err := fs.err(); err != nil {
		return Input{}, err
	}
	return in, nil
}

// maxBits is the largest size of a numerator or a denominator of an input.
const maxBits = 1024

// maxCommon is the largest size in bits of a common denominator of amounts, of the holdings of
// one firm, or of costs. All figures of one kind are written over their common denominator.
const maxCommon = 8192

// checker checks the figures of an input and finds firms by name.
type checker struct {
	faults
	index   map[string]int32
	amounts denominator
	rates   denominator
}

// denominator is the common denominator of figures of one kind.
type denominator struct {
	value *big.Int
	seen  map[int64]bool // small denominators that divide it
}

// add takes in one more figure. It reports false when the denominator is too long.
func (d *denominator) add(r ratio.Ratio) bool {
	if d.value == nil {
		d.value, d.seen = big.NewInt(1), map[int64]bool{1: true}
	}
	if d.long() {
		return false
	}
	if _, den, small := r.Small(); small {
		if d.seen[den] {
			return true
		}
		d.seen[den] = true
	}
	lcm(d.value, r.Denom())
	return !d.long()
}

func (d *denominator) long() bool { return d.value != nil && d.value.BitLen() > maxCommon }

// common adds a fault if a common denominator is too long.
func (c *checker) common(d *denominator, what string) {
	if d.long() {
		c.add(ErrAmount, named(what), "their common denominator has more than %d bits", maxCommon)
	}
}

// names fills the index.
func (c *checker) names(count int, name func(i int) string) {
	c.index = make(map[string]int32, count)
	for i := range count {
		s := name(i)
		switch first, twice := c.index[s]; {
		case s == "":
			c.add(ErrName, named(fmt.Sprintf("firm %d", i)), "it has no name")
		case twice:
			c.add(ErrName, place{"firm", i, s}, "firm %d has the same name", first)
		default:
			c.index[s] = int32(i)
		}
	}
}

// firm returns the firm of a name, or -1 and a fault.
func (c *checker) firm(where fmt.Stringer, role, name string) int32 {
	if i, ok := c.index[name]; ok {
		return i
	}
	c.add(ErrName, where, "the %s %s is not among the firms", role, quote(name))
	return -1
}

// amount checks a figure of 0 or more.
func (c *checker) amount(where fmt.Stringer, what string, r ratio.Ratio) bool {
	if !c.sized(where, what, r) {
		return false
	}
	if r.Sign() < 0 {
		c.add(ErrAmount, where, "%s %s is below 0", what, show(r))
		return false
	}
	c.amounts.add(r)
	return true
}

// fraction checks a figure of 0 to 1.
func (c *checker) fraction(kind error, where fmt.Stringer, what string, r ratio.Ratio) bool {
	if !c.sized(where, what, r) {
		return false
	}
	if r.Sign() < 0 || ratio.Int(1).Less(r) {
		c.add(kind, where, "%s %s is not within 0 and 1", what, show(r))
		return false
	}
	return true
}

func (c *checker) sized(where fmt.Stringer, what string, r ratio.Ratio) bool {
	if _, _, small := r.Small(); small {
		return true
	}
	if bits := max(r.Num().BitLen(), r.Denom().BitLen()); bits > maxBits {
		c.add(ErrAmount, where, "%s has %d bits, and at most %d are allowed", what, bits, maxBits)
		return false
	}
	return true
}

func (c *checker) costs(where fmt.Stringer, costs Costs) {
	c.fraction(ErrAmount, where, "the cost of external assets", costs.External)
	c.fraction(ErrAmount, where, "the cost of claims", costs.Claims)
	c.fraction(ErrAmount, where, "the cost of shares", costs.Shares)
	c.rates.add(costs.External)
	c.rates.add(costs.Claims)
	c.rates.add(costs.Shares)
}

func quote(name string) string { return fmt.Sprintf("%q", text.Truncate(name, 40)) }

// show writes a figure short enough for a message.
func show(r ratio.Ratio) string { return text.Truncate(r.String(), 40) }

// between names two ends of a debt or a holding.
type between struct {
	what     string
	at       int
	from, to string
}

func (b between) String() string {
	if b.to == "" {
		return fmt.Sprintf("%s %d, %s to outside", b.what, b.at, quote(b.from))
	}
	return fmt.Sprintf("%s %d, %s to %s", b.what, b.at, quote(b.from), quote(b.to))
}

// place names one entry of a list.
type place struct {
	what string
	at   int
	name string
}

func (p place) String() string { return fmt.Sprintf("%s %d, %s", p.what, p.at, quote(p.name)) }

// named is a place without more to it.
type named string

func (n named) String() string { return string(n) }

// lcm sets z to the least common multiple of z and d, both above 0.
func lcm(z, d *big.Int) {
	var g big.Int
	g.GCD(nil, nil, z, d)
	z.Mul(z, g.Quo(d, &g))
}

package beam

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// partPlaces are the decimals of the bounds of partial rows, and sharePlaces those of a number of
// shares that a register can have.
const (
	partPlaces  = 40
	sharePlaces = 30
)

// An interval has the exact figure in it.
type interval struct{ lo, hi ratio.Ratio }

func (x interval) times(y interval) interval { return interval{x.lo.Mul(y.lo), x.hi.Mul(y.hi)} }

var one = interval{ratio.Int(1), ratio.Int(1)}

// A partial row is what an owner has of companies: its first-passage ownership, and the loop
// multiplier of the owner, by which integrated ownership is more. First-passage ownership is a
// part of the shares, so that the library can take it for a stake.
type partial struct {
	names  []string // of companies, sorted
	first  map[string]interval
	factor interval
}

// holdingsBelow lists what an owner has of the companies of a bin, and sends it on.
func (w *worker) holdingsBelow(a *crossholding.Alliance, owner string, above []record, found *solved, put func(...string) error) error {
	var p *partial
	var err error
	if len(above) == 0 {
		p, err = w.begin(a, owner)
	} else {
		p, err = w.continued(a, owner, above)
	}
	if errors.Is(err, crossholding.ErrUnknown) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("holdings of %s: %w", owner, err)
	}
	found.Owners = append(found.Owners, owner)
	for _, company := range p.names {
		f := p.first[company]
		y := f.times(p.factor)
		share := y.lo.Round(w.Places, ratio.HalfEven)
		if !share.Equal(y.hi.Round(w.Places, ratio.HalfEven)) {
			found.Undecided = append(found.Undecided, fmt.Sprintf("%s in %s, between %s and %s", owner, company,
				y.lo.Round(partPlaces, ratio.Floor), y.hi.Round(partPlaces, ratio.Ceiling)))
		}
		if err := put(owner, company, share.StringFixed(int32(w.Places))); err != nil {
			return err
		}
		w.out.put(place(company, w.Shards), partRow, owner, company,
			f.lo.String(), f.hi.String(), p.factor.lo.String(), p.factor.hi.String())
	}
	return nil
}

// begin computes a partial row of an owner of whom nothing is known from above.
func (w *worker) begin(a *crossholding.Alliance, owner string) (*partial, error) {
	p, err := w.bounds(a, a, owner)
	if err != nil {
		return nil, err
	}
	p.factor = one
	own, ok := p.first[owner]
	if !ok {
		return p, nil
	}
	// With F(h,h) = Y(h,h)/V and V = 1 + Y(h,h), the multiplier V is 1/(1 - F(h,h)).
	if own.hi.Cmp(one.lo) >= 0 {
		return nil, fmt.Errorf("the loop multiplier has no bound: %w", ErrUndecided)
	}
	p.factor = interval{one.lo.Div(one.lo.Sub(own.lo)), one.lo.Div(one.lo.Sub(own.hi))}
	p.factor.lo = ratio.FromRat(p.factor.lo.Round(partPlaces, ratio.Floor).Rat())
	p.factor.hi = ratio.FromRat(p.factor.hi.Round(partPlaces, ratio.Ceiling).Rat())
	return p, nil
}

// bounds computes the first-passage ownership of an owner in two registers, of which the owner
// has no more shares in the first.
func (w *worker) bounds(low, high *crossholding.Alliance, owner string) (*partial, error) {
	lo, err := certified(w.ctx, low, partPlaces, ratio.Floor, true)
	if err != nil {
		return nil, err
	}
	hi, err := certified(w.ctx, high, partPlaces, ratio.Ceiling, true)
	if err != nil {
		return nil, err
	}
	lows, err := lo.Holdings(w.ctx, owner)
	if err != nil {
		return nil, err
	}
	highs, err := hi.Holdings(w.ctx, owner)
	if err != nil {
		return nil, err
	}
	p := &partial{first: make(map[string]interval, highs.Len())}
	for company, most := range highs.All() {
		least, err := lows.Of(company)
		if err != nil {
			return nil, err
		}
		p.names = append(p.names, company)
		p.first[company] = interval{ratio.FromRat(least.Rat()), ratio.FromRat(most.Rat())}
	}
	return p, nil
}

// continued computes a partial row of an owner who has shares in holders of the bin's companies.
// What the owner has through them is a stake of the owner: the sum, over holders, of the owner's
// part of the holder times the holder's shares. So the library solves the bin with these stakes
// in place of the holders.
func (w *worker) continued(a *crossholding.Alliance, owner string, above []record) (*partial, error) {
	parts, factor, err := readParts(above)
	if err != nil {
		return nil, err
	}
	delete(parts, owner) // its own stakes count once; the multiplier has the rest
	var low, high []record
	g := a.Graph()
	name := owner
	for n := 0; known(g, name) || isFloat(name); n++ {
		name = "owner " + strconv.Itoa(n)
	}
	for c := range int32(g.Len()) {
		if !g.HasShares(c) {
			continue
		}
		l, h, err := foldedRows(g, c, owner, name, parts)
		if err != nil {
			return nil, err
		}
		low, high = append(low, l...), append(high, h...)
	}
	sortRows(low)
	sortRows(high)
	lo, err := newSheet(low, false).read(w)
	if err != nil {
		return nil, err
	}
	hi, err := newSheet(high, false).read(w)
	if err != nil {
		return nil, err
	}
	p, err := w.bounds(lo, hi, name)
	if err != nil {
		return nil, err
	}
	p.factor = factor
	return p, nil
}

func known(g crossholding.Graph, id string) bool {
	_, err := g.Node(id)
	return err == nil
}

func isFloat(id string) bool {
	_, ok := crossholding.IsFloat(id)
	return ok
}

// readParts reads what is known of an owner's part of holders.
func readParts(above []record) (parts map[string]interval, factor interval, err error) {
	parts = map[string]interval{}
	for _, r := range above {
		var x [4]ratio.Ratio
		for i := range x {
			if x[i], err = ratio.Parse(r[3+i]); err != nil {
				return nil, interval{}, err
			}
		}
		parts[r[2]], factor = interval{x[0], x[1]}, interval{x[2], x[3]}
	}
	return parts, factor, nil
}

// foldedRows returns the rows of a company with the stakes of the bin's companies in it, and a
// stake of the owner, once at its lower and once at its upper bound.
func foldedRows(g crossholding.Graph, c int32, owner, name string, parts map[string]interval) (low, high []record, err error) {
	issued, treasury := g.Issued(c)
	room := issued.Sub(treasury)
	company := record{companyRow, "0", strconv.Itoa(int(c)), g.ID(c), room.String(), "", ""}
	low, high = append(low, company), append(high, company)
	var stake interval
	from, to := g.Stakes(c)
	for e := from; e < to; e++ {
		holder, shares := g.Stake(e).Holder, g.Shares(e)
		if !shares.IsDecimal() {
			return nil, nil, fmt.Errorf("%s has %s shares of %s, which is no decimal number: %w", g.ID(holder), shares, g.ID(c), crossholding.ErrRange)
		}
		switch f, ok := parts[g.ID(holder)]; {
		case g.ID(holder) == owner:
			stake = interval{stake.lo.Add(shares), stake.hi.Add(shares)}
		case ok:
			stake = interval{stake.lo.Add(f.lo.Mul(shares)), stake.hi.Add(f.hi.Mul(shares))}
		case g.HasShares(holder):
			room = room.Sub(shares)
			row := record{stakeRow, "0", strconv.Itoa(int(e)), g.ID(holder), g.ID(c), shares.String()}
			low, high = append(low, row), append(high, row)
		}
	}
	if stake.hi.IsZero() {
		return low, high, nil
	}
	add := func(rows []record, shares string) []record {
		return append(rows, record{stakeRow, "0", strconv.Itoa(int(to)), name, g.ID(c), shares})
	}
	most := stake.hi.Round(sharePlaces, ratio.Ceiling)
	if room.Cmp(ratio.FromRat(most.Rat())) < 0 { // the exact figure leaves room for the other stakes
		most = room.Round(sharePlaces, ratio.HalfEven)
	}
	return add(low, stake.lo.Round(sharePlaces, ratio.Floor).String()), add(high, most.String()), nil
}

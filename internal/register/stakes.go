package register

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// stakeList has the rows of the stakes' file by column. The blocks of all columns are as long.
type stakeList struct {
	holder intern.List[int32] // a number of the reader's ids; later a node
	issuer intern.List[int32] // a number of the companies; later a node
	units  intern.List[int64] // shares; ^k stands for exactShares[k] of the reader
}

// newStakeList returns a list without rows.
func newStakeList() stakeList {
	return stakeList{intern.List[int32]{Make: memory.MakeUnset[int32]}, intern.List[int32]{Make: memory.MakeUnset[int32]},
		intern.List[int64]{Make: memory.MakeUnset[int64]}}
}

// len returns the number of rows.
func (l *stakeList) len() int { return l.issuer.Len }

// stakePlaces are the places of rows that follow one another, for others to set.
type stakePlaces struct {
	issuer [][]int32
	units  [][]int64
}

// extend adds n rows, see [intern.List.Extend].
func (l *stakeList) extend(n int, more bool) stakePlaces {
	l.holder.Extend(n, more)
	return stakePlaces{l.issuer.Extend(n, more), l.units.Extend(n, more)}
}

// stakeFields is the number of fields of a row of the stakes' file.
const stakeFields = 3

// stakePiece is what becomes of a piece of the stakes' file.
type stakePiece struct {
	kept      int           // rows that become stakes
	exact     []ratio.Ratio // shares that are not small whole numbers
	to        stakePlaces   // where the stakes belong
	first     int           // the number of the first stake
	exactFrom int           // the number of the first exact shares
	seen      int           // rows that become stakes, before those that odd has not seen
}

// stakeRows fills in the rows of the stakes' file.
type stakeRows struct {
	*reader
	rows int // that become stakes, if there is room
}

// readStakes reads the stakes' file. The companies must have been read.
func (r *reader) readStakes(ctx context.Context, in io.Reader) error {
	t, err := openTable(ctx, in, r.workers, "stakes", "holder", "issuer", "shares")
	if err != nil {
		return err
	}
	return r.stakesOf(ctx, t)
}

// stakesOf reads the rows of the stakes' file.
func (r *reader) stakesOf(ctx context.Context, t *table) error {
	if err := t.each(ctx, &stakeRows{reader: r}); err != nil {
		return err
	}
	return await.Run(ctx, func() {
		if r.none() && !r.ids.Resolve(r.workers, r.setHolders) {
			r.add("stakes", TooLarge, "no room for the ids of so many holders")
		}
	})
}

// setHolders gives some stakes their holders.
func (r *reader) setHolders(stakes []uint32, holders []int32) {
	for i, e := range stakes {
		*r.stakes.holder.At(int32(e)) = holders[i]
	}
}

func (f *stakeRows) describe(p *piece) {
	s := &p.stakes
	s.kept, s.exact = 0, s.exact[:0]
	find := issuerFinder{reader: f.reader, company: -1}
	var issuer []byte
	for i := range p.rows {
		row := &p.rows[i]
		first, second := p.bytes(i, stakeFields, 0), p.bytes(i, stakeFields, 1)
		if i == 0 || !bytes.Equal(issuer, second) {
			issuer = second
			find.find(issuer)
		}
		row.issuer, row.flags = find.company, idFlags(first)
		if !find.ok {
			row.flags |= noIssuer
		}
		if bytes.Equal(first, second) {
			row.flags |= ownShares
		}
		if row.count = count(p.bytes(i, stakeFields, 2)); row.count < 0 {
			p.exactCount(i)
		}
		if row.flags != 0 {
			p.odd = append(p.odd, int32(i))
		}
		if row.isStake() {
			s.kept++
		}
	}
}

// isStake reports whether a row becomes a stake, if there is room.
func (r *row) isStake() bool { return r.flags&^faultyID == 0 && r.count != 0 }

// exactCount reads shares that are not a small whole number. The count of the row becomes ^k for
// place k among the exact shares of the piece.
func (p *piece) exactCount(i int) {
	row := &p.rows[i]
	x, err := ratio.ParseNumber(string(p.bytes(i, stakeFields, 2)))
	switch {
	case err != nil || x.Sign() < 0:
		row.flags |= notNumber
	case x.IsZero():
		row.count = 0
	default:
		row.count = ^int64(len(p.stakes.exact))
		p.stakes.exact = append(p.stakes.exact, x)
	}
}

func (f *stakeRows) take(p *piece) {
	s := &p.stakes
	s.first, s.exactFrom = f.stakes.len(), len(f.exactShares)
	s.to = f.stakes.extend(min(s.kept, f.maxStakes-s.first), p.err == nil)
	f.exactShares = append(f.exactShares, s.exact...)
	s.seen = f.rows
	if f.rows += s.kept; f.rows > f.maxStakes {
		p.odd = p.odd[:0]
		for i := range p.rows {
			p.odd = append(p.odd, int32(i))
		}
	}
}

func (f *stakeRows) fill(w int, p *piece) {
	s, writer := &p.stakes, f.ids.Writer(w)
	var issuers []int32 // the rest of what is filled now
	var shares []int64  // the same
	next, number := 0, uint32(s.first)
	for i := range p.rows {
		row := &p.rows[i]
		if row.flags&^faultyID != 0 {
			continue
		}
		id := p.bytes(i, stakeFields, 0)
		if row.count == 0 { // the holder is known, but holds nothing
			writer.Put(f.ids.Hash(id), intern.NoRef, id)
			continue
		}
		if len(issuers) == 0 {
			if next == len(s.to.issuer) {
				return // there is no room for more
			}
			issuers, shares, next = s.to.issuer[next], s.to.units[next], next+1
		}
		units := row.count
		if units < 0 {
			units = ^(int64(s.exactFrom) + ^units)
		}
		issuers[0], shares[0] = row.issuer, units
		issuers, shares = issuers[1:], shares[1:]
		writer.Put(f.ids.Hash(id), number, id)
		number++
	}
}

func (f *stakeRows) odd(p *piece, i int) {
	row := &p.rows[i]
	place := fmt.Sprintf("stakes:%d", p.line+int(row.line))
	field := func(k int) string { return string(p.bytes(i, stakeFields, k)) }
	switch {
	case row.flags&noIssuer != 0:
		f.add(place, Unknown, "issuer %q is not among the companies", field(1))
	case row.flags&noHolder != 0:
		f.add(place, OutOfRange, "holder %q is empty or reserved", field(0))
	case row.flags&notNumber != 0:
		f.add(place, NotNumber, "%s in %s: %q is not a number of shares", field(0), field(1), text.Truncate(field(2), 60))
	case row.flags&ownShares != 0:
		x := ratio.Int(row.count)
		if row.count < 0 {
			x = p.stakes.exact[^row.count]
		}
		f.own[row.issuer] = f.own[row.issuer].Add(x)
	default:
		if row.flags&faultyID != 0 {
			f.checkID(place, field(0))
		}
		if row.isStake() {
			if p.stakes.seen++; p.stakes.seen > f.maxStakes {
				f.add(place, TooLarge, "a register has at most %d stakes", f.maxStakes)
			}
		}
	}
}

func (f *stakeRows) bad(line int, reason string) {
	f.add(fmt.Sprintf("stakes:%d", line), Syntax, "%s", reason)
}

// issuerFinder finds issuers by their ids. Registers often list issuers in the order of the
// companies' file, so it looks at the next company first if the last issuers were in this order.
type issuerFinder struct {
	*reader
	company int32 // the last that was found, or -1
	ok      bool  // the last id was that of a company
	inOrder bool
	block   int // of company, while inOrder
}

func (f *issuerFinder) find(id []byte) {
	if f.inOrder {
		b, k := f.blocks[f.block], int(f.company+1-f.blocks[f.block].first)
		if k == len(b.lines) && f.block+1 < len(f.blocks) {
			b, k = f.blocks[f.block+1], 0
		}
		if k < len(b.lines) && bytes.Equal(b.at(k), id) {
			f.company, f.ok = f.company+1, true
			if k == 0 {
				f.block++
			}
			return
		}
	}
	c, ok := f.ids.Lookup(f.ids.Hash(id), id)
	if f.ok = ok; !ok {
		return
	}
	last := f.company
	f.company = int32(c)
	if f.inOrder = last < 0 || last <= f.company && f.company < last+16; f.inOrder {
		f.block = f.blockOf(f.company)
	}
}

// parseCount reads a whole number that leaves room for sums. It returns false for
// any other text.
func parseCount(s []byte) (int64, bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	var n int64
	for len(s) >= 8 {
		eight, ok := eightDigits(binary.LittleEndian.Uint64(s))
		if !ok {
			return 0, false
		}
		n, s = n*100_000_000+eight, s[8:]
	}
	if k := len(s); k > 0 && cap(s) >= 8 { // with zeros before them, they are eight digits, too
		w := binary.LittleEndian.Uint64(s[:8])<<(64-8*k) | eachZero>>(8*k)
		rest, ok := eightDigits(w)
		if !ok {
			return 0, false
		}
		n, s = n*graph.PowersOfTen[k]+rest, nil
	}
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, n < graph.MaxUnits
}

// eachZero is eight digits 0.
const eachZero = 0x0101010101010101 * '0'

// eightDigits reads eight digits, of which the first is the lowest byte. It adds up pairs of
// digits, then pairs of pairs, and so on.
func eightDigits(w uint64) (n int64, ok bool) {
	const each = 0x0101010101010101
	w ^= eachZero // digits become 0 to 9, and all else is above
	if (w+each*0x76|w)&(each*0x80) != 0 {
		return 0, false
	}
	w = (w*10 + w>>8) & 0x00ff00ff00ff00ff
	w = (w*100 + w>>16) & 0x0000ffff0000ffff
	return int64(uint32(w*10_000 + w>>32)), true
}

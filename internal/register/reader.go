package register

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// reader gathers the rows of both files as columns, in order of appearance.
// Companies and holders have the numbers of their ids in the string table.
type reader struct {
	Faults
	ids       *stringTable
	companies int // the number of companies; their ids come first

	// These are by company. If a figure is not a whole number below the bound of
	// counts, issued is -1 and the figures are in exact.
	issued, treasury, votes []int64 // shares, shares, votes per share
	exact                   map[int32]figures
	own                     map[int32]ratio.Ratio // shares that a company is listed to hold in itself

	// These are by stake. Units are shares; ^k stands for exactShares[k].
	holder, issuer []int32
	units          []int64
	exactShares    []ratio.Ratio
}

// figures are the numbers that a register gives of one company.
type figures struct {
	issued, treasury ratio.Ratio // shares
	votes            ratio.Ratio // per share
}

func (f figures) outstanding() ratio.Ratio { return f.issued.Sub(f.treasury) }

// maxVotes bounds the votes per share of a company that is not in exact.
const maxVotes = 1 << 20

// readCompanies reads the companies' file.
func (r *reader) readCompanies(ctx context.Context, in io.Reader) error {
	t, err := openTable(in, "companies", "id", "issued", "treasury", "votes")
	if err != nil {
		return err
	}
	return t.each(ctx, r, func(line int, fields []string, hash uint64) {
		place := func() string { return fmt.Sprintf("companies:%d", line) }
		id := fields[0]
		if id == "" || ident.Reserved(id) {
			r.add(place(), OutOfRange, "id %q is empty or reserved", id)
			return
		}
		i := r.number(place, id, hash)
		if int(i) < r.companies {
			r.add(place(), Repeated, "company %q is given twice", id)
			return
		}
		issued, ok1 := parseCount(fields[1])
		treasury, ok2 := parseCount(cmp.Or(fields[2], "0"))
		votes, ok3 := parseCount(cmp.Or(fields[3], "1"))
		if !ok1 || !ok2 || !ok3 || votes > maxVotes {
			issued = -1
			r.exact[i] = r.figures(place(), fields)
		} else if treasury > issued {
			r.add(place(), OutOfRange, "%s: treasury %d of only %d issued", id, treasury, issued)
		}
		r.issued, r.treasury, r.votes = append(r.issued, issued), append(r.treasury, treasury), append(r.votes, votes)
		r.companies = r.ids.len()
	})
}

// number returns the number of an id. It checks an id that is new.
func (r *reader) number(place func() string, id string, hash uint64) int32 {
	known := r.ids.len()
	i, ok := r.ids.add(id, hash)
	if !ok {
		r.add(place(), TooLarge, "no room for the id %q", text.Truncate(id, 60))
	} else if r.ids.len() > known {
		if fault := ident.Fault(id); fault != "" {
			r.add(place(), OutOfRange, "id %s", fault)
		}
	}
	return i
}

// figures reads the figures of a company that are not all small whole numbers.
func (r *reader) figures(place string, fields []string) figures {
	f := figures{
		issued:   r.figure(place+".issued", fields[1], ratio.Ratio{}),
		treasury: r.figure(place+".treasury", fields[2], ratio.Ratio{}),
		votes:    r.figure(place+".votes", fields[3], ratio.Int(1)),
	}
	if fields[1] == "" {
		r.add(place+".issued", Missing, "%s: how many shares are issued?", fields[0])
	} else if f.issued.Less(f.treasury) {
		r.add(place, OutOfRange, "%s: treasury %s of only %s issued", fields[0], f.treasury, f.issued)
	}
	return f
}

// figure reads a number that must not be negative. An empty text means def.
func (r *reader) figure(place, s string, def ratio.Ratio) ratio.Ratio {
	if s == "" {
		return def
	}
	x, err := ratio.ParseNumber(s)
	if err != nil {
		reason := err.Error()
		if bad := (*ratio.ParseError)(nil); errors.As(err, &bad) {
			reason = bad.Message()
		}
		r.add(place, NotNumber, "%s", reason)
		return def
	}
	if x.Sign() < 0 {
		r.add(place, OutOfRange, "%s is negative", s)
		return def
	}
	return x
}

// readStakes reads the stakes' file. The companies must have been read.
func (r *reader) readStakes(ctx context.Context, in io.Reader) error {
	t, err := openTable(in, "stakes", "holder", "issuer", "shares")
	if err != nil {
		return err
	}
	issuer := int32(0) // the issuer of the last stake; registers list a company's stakes together
	return t.each(ctx, r, func(line int, fields []string, hash uint64) {
		place := func() string { return fmt.Sprintf("stakes:%d", line) }
		c, ok := issuer, r.companies > 0
		if ok && string(r.ids.at(c)) != fields[1] {
			c, ok = r.ids.lookup(fields[1])
		}
		switch {
		case !ok || int(c) >= r.companies:
			r.add(place(), Unknown, "issuer %q is not among the companies", fields[1])
			return
		case fields[0] == "" || ident.Reserved(fields[0]):
			r.add(place(), OutOfRange, "holder %q is empty or reserved", fields[0])
			return
		}
		issuer = c
		n, ok := parseCount(fields[2])
		if !ok {
			x, err := ratio.ParseNumber(fields[2])
			if err != nil || x.Sign() < 0 {
				r.add(place(), NotNumber, "%s in %s: %q is not a number of shares", fields[0], fields[1], text.Truncate(fields[2], 60))
				return
			}
			if !x.IsZero() {
				n = ^int64(len(r.exactShares))
				r.exactShares = append(r.exactShares, x)
			}
		}
		if fields[0] == fields[1] {
			r.own[c] = r.own[c].Add(r.shares(n))
			return
		}
		who := r.number(place, fields[0], hash)
		if n == 0 {
			return // the holder is known, but holds nothing
		}
		r.holder, r.issuer, r.units = append(r.holder, who), append(r.issuer, c), append(r.units, n)
	})
}

// shares returns the shares that units stand for.
func (r *reader) shares(units int64) ratio.Ratio {
	if units < 0 {
		return r.exactShares[^units]
	}
	return ratio.Int(units)
}

// parseCount reads a whole number that leaves room for sums. It returns false for
// any other text.
func parseCount(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, n < graph.MaxUnits
}

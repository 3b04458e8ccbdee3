package table

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/kinds"
	"github.com/crossholding/crossholding/internal/radix"
	"github.com/crossholding/crossholding/ratio"
)

// held is a row with its figure and its texts.
type held struct {
	figure
	holder, issuer, class, source string
	line                          int
}

// book makes the book of the rows. It records faults of rows that do not fit together, which
// cannot be dropped one by one.
func (in *reader) book() crossholding.Book {
	in.report.Read, in.known = in.rows.Len, nil
	out := crossholding.Book{AsOf: in.opt.AsOf}
	if in.rows.Len == 0 {
		return out
	}
	out.Stakes = make([]crossholding.Stake, 0, in.rows.Len)
	order := radix.Order(in.texts.list.Len, in.texts.at) // of all texts
	rank, issuers := make([]int32, len(order)), make([]bool, len(order))
	for k, i := range order {
		rank[i] = int32(k)
	}
	pairs := radix.NewPairs(in.rows.Len)
	for i := range int32(in.rows.Len) {
		r := in.rows.At(i)
		pairs.Keys[i] = uint64(rank[r.issuer])<<32 | uint64(rank[r.holder])
	}
	pairs.Sort()
	var rows []held // of one company
	for from := 0; from < len(pairs.Keys); {
		to := from + 1
		for to < len(pairs.Keys) && pairs.Keys[to]>>32 == pairs.Keys[from]>>32 {
			to++
		}
		run := pairs.Numbers[from:to]
		slices.SortStableFunc(run, func(i, j int32) int { return cmp.Compare(rank[in.rows.At(i).class], rank[in.rows.At(j).class]) })
		rows = rows[:0]
		for _, i := range run {
			r := in.rows.At(i)
			rows = append(rows, held{figure: in.figures[r.figure], line: int(r.line), holder: in.texts.at(r.holder), issuer: in.texts.at(r.issuer),
				class: in.texts.at(r.class), source: in.texts.at(r.source)})
		}
		c := crossholding.Company{ID: rows[0].issuer, Country: in.opt.Country}
		issuers[in.rows.At(run[0]).issuer] = true
		in.company(&c, &out, rows)
		out.Companies = append(out.Companies, c)
		from = to
	}
	in.holders(&out, issuers, order)
	return out
}

// company puts the stakes in one company into the book.
func (in *reader) company(c *crossholding.Company, out *crossholding.Book, rows []held) {
	classes := rows[len(rows)-1].class != "" // the rows are sorted by class
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].class == rows[from].class {
			to++
		}
		issued, plain := in.issued(rows[from:to])
		if classes || !plain {
			k := crossholding.ShareClass{Class: rows[from].class, Issued: issued.Number(), Fractions: true}
			if classes {
				in.report.Guessed.Add(rows[from].line, "class", "%s: a share of class %q has one vote", c.ID, cmp.Or(k.Class, "ordinary"))
			}
			c.Shares = append(c.Shares, k)
		}
		if !in.allocated(rows[from:to], issued) {
			return
		}
		for i := range rows[from:to] {
			out.Stakes = append(out.Stakes, rows[from+i].stake(issued))
		}
		from = to
	}
}

// maxParts is the largest number of shares that fractions may need.
const maxParts = 1_000_000_000_000

// issued returns the number of issued shares of a class, and whether it is the 100 of a company
// that is known in percent.
func (in *reader) issued(rows []held) (issued ratio.Ratio, plain bool) {
	var sum ratio.Ratio
	counted := 0
	for i := range rows {
		r := &rows[i]
		if r.counted {
			counted++
			sum = sum.Add(r.shares)
		}
		switch {
		case r.issued.IsZero():
		case issued.IsZero():
			issued = r.issued
		case !issued.Equal(r.issued):
			in.faults.Add(r.line, crossholding.ErrDuplicate, "%s has %s issued shares in one row and %s in another", r.issuer, issued.String(), r.issued.String())
		}
	}
	switch {
	case !issued.IsZero():
		return in.parts(rows, issued), false
	case counted == 0:
		issued = in.parts(rows, ratio.Int(100))
		return issued, issued.Equal(ratio.Int(100))
	case counted < len(rows):
		in.faults.Add(rows[0].line, crossholding.ErrMissing, "%s has stakes in shares and others in percent: how many shares are issued?", rows[0].issuer)
	case sum.IsZero():
		return ratio.Int(100), false
	}
	in.report.Guessed.Add(rows[0].line, "issued", "%s: the %s shares of its %d rows are taken for all", rows[0].issuer, sum.String(), len(rows))
	return sum, false
}

// parts returns the smallest multiple of a number of shares of which all fractions of the rows
// are decimal numbers. Counted rows keep their fraction, since they are multiplied as well.
func (in *reader) parts(rows []held, issued ratio.Ratio) ratio.Ratio {
	factor := ratio.Int(1)
	for i := range rows {
		for _, end := range []ratio.Ratio{rows[i].share.Lo, rows[i].share.Hi} {
			if n := issued.Mul(factor).Mul(end); !n.IsDecimal() {
				factor = factor.Mul(ratio.FromRat(new(big.Rat).SetInt(n.Denom())))
			}
			if ratio.Int(maxParts).Less(factor) {
				in.faults.Add(rows[i].line, ratio.ErrNumber, "%s in %s: %s needs too many parts of a share", rows[i].holder, rows[i].issuer, rows[i].share.String())
				return issued
			}
		}
	}
	if factor.Equal(ratio.Int(1)) {
		return issued
	}
	for i := range rows {
		rows[i].shares = rows[i].shares.Mul(factor)
	}
	return issued.Mul(factor)
}

// allocated reports whether a class has enough shares for its rows.
func (in *reader) allocated(rows []held, issued ratio.Ratio) bool {
	var sum ratio.Ratio
	open := false
	for i := range rows {
		if rows[i].counted {
			sum = sum.Add(rows[i].shares)
		} else {
			sum, open = sum.Add(issued.Mul(rows[i].share.Lo)), open || rows[i].share.LoOpen
		}
	}
	if !sum.IsDecimal() || !issued.IsDecimal() {
		in.faults.Add(rows[0].line, ratio.ErrNumber, "%s: its shares have more digits than a book can hold", rows[0].issuer)
		return false
	}
	if sum.Less(issued) || sum.Equal(issued) && !open {
		return true
	}
	more := "add up to"
	if open {
		more = "add up to more than"
	}
	in.faults.Add(rows[len(rows)-1].line, crossholding.ErrOverAllocated, "%s: its %d rows %s %s of its shares", rows[0].issuer, len(rows), more, sum.Div(issued).PercentString())
	return false
}

// stake returns a row as a stake in a class of a number of issued shares.
func (r *held) stake(issued ratio.Ratio) crossholding.Stake {
	s := crossholding.Stake{Holder: r.holder, Issuer: r.issuer, Class: r.class, Source: r.source}
	switch {
	case r.counted:
		s.Shares = r.shares.Number()
	case r.rounded != "":
		s.Percent, s.Rounded = r.rounded, true
	case r.between != "":
		s.Between = r.between
	case r.percent != "":
		s.Percent = r.percent
	default:
		s.Shares = issued.Mul(r.share.Lo).Number()
	}
	return s
}

// holders puts the holders that are not issuers into the book. Issuers are by the numbers of
// their texts, and order has these numbers in the order of the texts. The notes are in the order of
// the file.
func (in *reader) holders(out *crossholding.Book, issuers []bool, order []int32) {
	stated := make([]holder, len(issuers))
	for i := range int32(in.rows.Len) {
		r := in.rows.At(i)
		h := &stated[r.holder]
		if h.line == 0 {
			h.line = r.line
		}
		switch {
		case r.kind == 0 || r.kind == h.kind:
		case h.kind == 0:
			h.kind = r.kind
		default:
			in.faults.Add(int(r.line), crossholding.ErrDuplicate, "%s is of kind %s in one row and %s in another", in.texts.at(r.holder), in.texts.at(h.kind), in.texts.at(r.kind))
		}
	}
	guessed := map[int32]crossholding.PartyKind{} // those that are no persons
	for i := range int32(in.rows.Len) {
		r := in.rows.At(i)
		h, id := &stated[r.holder], in.texts.at(r.holder)
		switch {
		case h.line != r.line:
		case issuers[r.holder]:
			if kind := in.texts.at(h.kind); kind != "" && kind != string(crossholding.KindCompany) {
				in.report.Conflicts.Add(int(h.line), "kind", "%s is of kind %s, and others have stakes in it: it is taken as a company", id, kind)
			}
		case h.kind == 0:
			if kind := kinds.Guess(&in.report.Guessed, int(h.line), id, id); kind != crossholding.KindPerson {
				guessed[r.holder] = kind
			}
		}
	}
	parties := 0
	for i := range stated {
		if stated[i].line > 0 && !issuers[i] {
			parties++
		}
	}
	out.Parties = slices.Grow(out.Parties, parties)
	for _, i := range order {
		if stated[i].line == 0 || issuers[i] {
			continue
		}
		id := in.texts.at(i)
		switch kind := cmp.Or(crossholding.PartyKind(in.texts.at(stated[i].kind)), guessed[i], crossholding.KindPerson); kind {
		case crossholding.KindCompany:
			out.Companies = append(out.Companies, crossholding.Company{ID: id, Country: in.opt.Country})
		default:
			out.Parties = append(out.Parties, crossholding.Party{ID: id, Kind: kind})
		}
	}
	slices.SortFunc(out.Companies, func(a, b crossholding.Company) int { return strings.Compare(a.ID, b.ID) })
}

// holder is what the rows of a holder say of it: the number of the text of its kind, and its first line.
type holder struct{ kind, line int32 }

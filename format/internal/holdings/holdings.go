// Package holdings makes the stakes of a book from holdings of shares and of votes, as
// registers and lists of owners state them, and takes a book apart into such holdings.
package holdings

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/internal/radix"
	"github.com/crossholding/crossholding/ratio"
)

// Holding is what a holder has of a company. It is plain data. A size that is not stated is
// filled in by [Make].
type Holding struct {
	Line           int // of the file
	Holder, Issuer string
	Beneficiary    string // whose money it is, if not the holder's
	Voter          string // who casts the votes, if not the holder
	Shares, Votes  Size
	Since          date.Date // the first day on which this is stated, if known; it may be a year or a month
}

// The classes of a company of which shares and votes are known apart.
const (
	Capital = "capital" // shares without votes
	Votes   = "votes"   // votes without a dividend
)

// Classes returns the two classes of a company of which shares and votes are known apart. Each
// has 100 shares, which stand for percentages.
func Classes() []crossholding.ShareClass {
	return []crossholding.ShareClass{
		{Class: Capital, Issued: "100", Votes: "0", Fractions: true},
		{Class: Votes, Issued: "100", Dividend: "0", Fractions: true},
	}
}

// maker makes the stakes of a book.
type maker struct {
	report *format.Report
	stakes []crossholding.Stake
	found  []found
	more   map[*format.Notes]map[string]int // notes that are counted only, by rule
	limit  map[*format.Notes]int            // notes of later lines are counted only
	issued map[string][2]ratio.Ratio        // shares of the first and second class of a company; nil if all have 100
}

// found is a note that is not found in the order of the file.
type found struct {
	line       int
	rule, text string
	guess      bool
}

// Make returns the stakes of the holdings, sorted by issuer, holder and beneficiary, and the
// companies that have the classes of [Classes] because the votes of somebody differ from the
// shares. It adds these rules to the report:
//
//	guessed    "unstated"  only votes are stated: the shares are anything from 0% to 100%
//	           "unknown"   neither shares nor votes are stated: more than 0%
//	           "fraction"  a percentage that is no decimal, such as 33 1/3, is a narrow band
//	dropped    "itself"    a company holds itself, in a way that a book cannot have
//	conflict   "repeated"  a holding is stated twice with the same sizes, and counts once
//	           "older"     a holding is stated twice; the one that is later for certain stands
//	           "differs"   a holding is stated twice in two ways, and it is the band of both
//	           "rounded"   percentages add up to more than 100%, but not before they were rounded
//	           "together"  sizes add up to more than 100%: all lower ends are taken as 0%
func Make(list []Holding, report *format.Report) (stakes []crossholding.Stake, split map[string]bool) {
	m := maker{report: report}
	return m.make(list)
}

// MakeExact returns the stakes as [Make] does, and the classes of the companies that have some.
// A company has as many shares as its holders' parts need to be decimal numbers, up to 10^18, so
// that "fraction" is only noted where they need more.
func MakeExact(list []Holding, report *format.Report) (stakes []crossholding.Stake, classes map[string][]crossholding.ShareClass) {
	m := maker{report: report, issued: map[string][2]ratio.Ratio{}}
	stakes, split := m.make(list)
	classes = map[string][]crossholding.ShareClass{}
	for issuer, issued := range m.issued {
		switch {
		case split[issuer]:
			list := Classes()
			for i := range list {
				list[i].Issued = issued[i].Number()
			}
			classes[issuer] = list
		case hundred.Less(issued[0]):
			classes[issuer] = []crossholding.ShareClass{{Issued: issued[0].Number(), Fractions: true}}
		}
	}
	return stakes, classes
}

// hundred is the number of shares of a company that is known in percent.
var hundred = ratio.Int(100)

// make makes the stakes of all companies.
func (m *maker) make(list []Holding) (stakes []crossholding.Stake, split map[string]bool) {
	report := m.report
	m.more = map[*format.Notes]map[string]int{&report.Guessed: {}, &report.Dropped: {}, &report.Conflicts: {}}
	m.limit = map[*format.Notes]int{}
	m.stakes = make([]crossholding.Stake, 0, len(list))
	split = map[string]bool{}
	var of []Holding // one company
	radix.Runs(len(list), func(i int32) string { return list[i].Issuer }, func(run []int32) {
		slices.SortFunc(run, func(i, j int32) int {
			a, b := &list[i], &list[j]
			return cmp.Or(a.compare(b), strings.Compare(string(a.Since), string(b.Since)), cmp.Compare(a.Line, b.Line), cmp.Compare(i, j))
		})
		of = of[:0]
		for _, i := range run {
			of = append(of, list[i])
		}
		if m.company(of) {
			split[of[0].Issuer] = true
		}
	})
	m.notes()
	return m.stakes, split
}

// compare orders holdings by who holds what for whom.
func (h *Holding) compare(b *Holding) int {
	return cmp.Or(strings.Compare(h.Issuer, b.Issuer), strings.Compare(h.Holder, b.Holder),
		strings.Compare(h.Beneficiary, b.Beneficiary), strings.Compare(h.Voter, b.Voter))
}

// maxFound is the number of notes that are kept until they are sorted. Of more than that, the
// first of each list of the report are kept, as many as it can hold, and the others are counted.
const maxFound, maxOfList = 8000, 1000

func (m *maker) note(guess bool, line int, rule, text string, args ...any) {
	if len(m.limit) > 0 {
		list := m.list(&found{rule: rule, guess: guess})
		if limit := m.limit[list]; limit > 0 && line > limit {
			m.more[list][rule]++
			return
		}
	}
	if len(m.found) >= maxFound {
		m.sort()
		kept := m.found[:0]
		lists := map[*format.Notes]int{}
		for _, f := range m.found {
			list := m.list(&f)
			if lists[list]++; lists[list] <= maxOfList {
				kept = append(kept, f)
				if lists[list] == maxOfList {
					m.limit[list] = f.line
				}
				continue
			}
			m.more[list][f.rule]++
		}
		m.found = kept
	}
	m.found = append(m.found, found{line, rule, fmt.Sprintf(text, args...), guess})
}

// sort puts what was found in the order of the file.
func (m *maker) sort() {
	slices.SortStableFunc(m.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.line, b.line), strings.Compare(a.rule, b.rule), strings.Compare(a.text, b.text))
	})
}

// list returns the list of the report that a note is for.
func (m *maker) list(f *found) *format.Notes {
	switch {
	case f.guess:
		return &m.report.Guessed
	case f.rule == "itself":
		return &m.report.Dropped
	}
	return &m.report.Conflicts
}

// notes puts what was found into the report.
func (m *maker) notes() {
	m.sort()
	for _, f := range m.found {
		m.list(&f).Add(f.line, f.rule, "%s", f.text)
	}
	for list, counts := range m.more {
		for rule, n := range counts {
			list.More += n
			if list.Counts == nil {
				list.Counts = map[string]int{}
			}
			list.Counts[rule] += n
		}
	}
}

// company makes the stakes in one company. It reports whether it has two classes.
func (m *maker) company(list []Holding) (split bool) {
	list = m.once(list)
	for i := range list {
		m.fill(&list[i])
		split = split || !same(list[i].Shares.Interval, list[i].Votes.Interval)
	}
	m.together(list, "shares", func(h *Holding) *Size { return &h.Shares })
	if split {
		m.together(list, "votes", func(h *Holding) *Size { return &h.Votes })
	}
	if m.issued != nil {
		m.issued[list[0].Issuer] = [2]ratio.Ratio{
			issuedFor(list, func(h *Holding) Size { return h.Shares }),
			issuedFor(list, func(h *Holding) Size { return h.Votes })}
	}
	for i := range list {
		h := &list[i]
		if h.Holder == h.Issuer && !(h.Shares.IsExact() && h.Shares.below1() && !h.Shares.rounded && !split && h.Beneficiary == "" && h.Voter == "") {
			m.note(false, h.Line, "itself", "%s holds %s of itself", h.Holder, h.Shares)
			continue
		}
		if !split {
			m.stake(h, "", h.Shares)
			continue
		}
		if !h.Shares.none() || h.Votes.none() {
			m.stake(h, Capital, h.Shares)
		}
		if !h.Votes.none() {
			m.stake(h, Votes, h.Votes)
		}
	}
	return split
}

// below1 reports whether the lower end is below 1.
func (s Size) below1() bool { return s.Lo.Less(ratio.Int(1)) }

// none reports whether the size is exactly 0.
func (s Size) none() bool { return s.IsExact() && s.Lo.IsZero() }

// once merges the holdings of one holder, beneficiary and voter in a company.
func (m *maker) once(list []Holding) []Holding {
	out := list[:0]
	for _, h := range list {
		if n := len(out) - 1; n < 0 || out[n].compare(&h) != 0 {
			out = append(out, h)
			continue
		}
		last := &out[len(out)-1]
		m.merge(&last.Shares, h.Shares, last, h, "shares")
		m.merge(&last.Votes, h.Votes, last, h, "votes")
		last.Since, last.Line = lasting(last.Since, h.Since), h.Line
	}
	return out
}

// merge merges the sizes of the same holding on a later day, or on the same. A size replaces
// another only if its day is later for certain: a year or a month can be any of its days, and
// what has no day can be of any day.
func (m *maker) merge(into *Size, next Size, a *Holding, b Holding, what string) {
	switch {
	case !into.Stated || !next.Stated:
		*into = Hull(*into, next)
	case same(into.Interval, next.Interval):
		m.note(false, b.Line, "repeated", "%s in %s: line %d states the same %s", b.Holder, b.Issuer, a.Line, what)
	case certainlyBefore(a.Since, b.Since):
		m.note(false, b.Line, "older", "%s in %s: %s of the %s since %s stands, not %s of line %d", b.Holder, b.Issuer, next, what, b.Since, into, a.Line)
		*into = next
	default:
		both := Hull(*into, next)
		m.note(false, b.Line, "differs", "%s in %s: %s of the %s, and %s on line %d: taken as %s", b.Holder, b.Issuer, next, what, into, a.Line, both)
		*into = both
	}
}

// fill gives a size to what is not stated.
func (m *maker) fill(h *Holding) {
	switch {
	case h.Shares.Stated && !h.Votes.Stated:
		h.Votes = h.Shares
	case h.Shares.Stated:
	case h.Votes.Stated:
		h.Shares = Size{Interval: anySize}
		m.note(true, h.Line, "unstated", "%s in %s: %s of the votes, and the shares are not stated", h.Holder, h.Issuer, h.Votes)
	default:
		h.Shares, h.Votes = Size{Interval: some}, Size{Interval: some}
		m.note(true, h.Line, "unknown", "%s in %s: no share is stated, and it is taken as more than 0%%", h.Holder, h.Issuer)
	}
}

// together widens the sizes of a company's holders if they add up to more than 100%.
func (m *maker) together(list []Holding, what string, of func(*Holding) *Size) {
	sum, open := ratio.Ratio{}, false
	for i := range list {
		s := of(&list[i])
		low := s.Lo
		if s.rounded {
			low = s.wide().Lo
		}
		sum, open = sum.Add(low), open || s.LoOpen
	}
	one := ratio.Int(1)
	over := func(r ratio.Ratio) bool { return one.Less(r) || open && one.Equal(r) }
	if !over(sum) {
		return
	}
	line, issuer, wide := list[0].Line, list[0].Issuer, ratio.Ratio{}
	for i := range list {
		line, wide = min(line, list[i].Line), wide.Add(of(&list[i]).wide().Lo)
	}
	if !over(wide) {
		m.note(false, line, "rounded", "%s: the %s of its %d holders add up to %s, because they are rounded: each figure is taken as rounded at its last digit",
			issuer, what, len(list), sum.PercentString())
		for i := range list {
			of(&list[i]).rounded = true
		}
		return
	}
	m.note(false, line, "together", "%s: the lower ends of the %s of its %d holders add up to %s: some hold the same %s, and all lower ends are taken as 0%%",
		issuer, what, len(list), sum.PercentString(), what)
	for i := range list {
		if s := of(&list[i]); s.Hi.Sign() > 0 {
			s.Lo, s.LoOpen, s.Figure = ratio.Ratio{}, false, ""
		}
	}
}

// stake adds a stake of one class.
func (m *maker) stake(h *Holding, class string, size Size) {
	s := crossholding.Stake{Holder: h.Holder, Issuer: h.Issuer, Class: class, Beneficiary: h.Beneficiary, Voter: h.Voter}
	issued := m.issued[h.Issuer][0]
	if class == Votes {
		issued = m.issued[h.Issuer][1]
	}
	if size.Figure != "" {
		s.Percent, s.Rounded = size.Figure, size.rounded
	} else if size.IsExact() && isDecimal(size.Lo) {
		s.Percent = size.Lo.Mul(ratio.Int(100)).Number()
	} else if hundred.Less(issued) && size.IsExact() {
		s.Shares = issued.Mul(size.Lo).Number()
	} else {
		v := size.Interval
		if !hundred.Less(issued) && (!isDecimal(v.Lo) || !isDecimal(v.Hi)) {
			m.note(true, h.Line, "fraction", "%s in %s: %s is no decimal, and it is taken as a band of width 0.0000000001%%", h.Holder, h.Issuer, size)
			v = outward(v)
		}
		s.Between = v.String()
	}
	m.stakes = append(m.stakes, s)
}

// maxIssued is the largest number of shares of a class whose parts must be decimal numbers.
var maxIssued = ratio.Int(1_000_000_000_000_000_000)

// issuedFor returns the smallest multiple of 100 of which all parts of the holders are decimal
// numbers, or 100 if that is more than [maxIssued].
func issuedFor(list []Holding, of func(*Holding) Size) ratio.Ratio {
	issued := hundred
	for i := range list {
		size := of(&list[i])
		for _, end := range []ratio.Ratio{size.Lo, size.Hi} {
			if n := issued.Mul(end); !n.IsDecimal() {
				issued = issued.Mul(ratio.FromRat(new(big.Rat).SetInt(n.Denom())))
			}
			if maxIssued.Less(issued) {
				return hundred
			}
		}
	}
	return issued
}

// isDecimal reports whether a book can hold a fraction of 100 shares.
func isDecimal(r ratio.Ratio) bool { return r.Mul(ratio.Int(100)).IsDecimal() }

// outward returns the smallest band that holds v and has ends of at most ten decimals of a
// percent.
func outward(v ratio.Interval) ratio.Interval {
	if !isDecimal(v.Lo) {
		v.Lo, v.LoOpen = Floor(v.Lo, 10), false
	}
	if !isDecimal(v.Hi) {
		v.Hi, v.HiOpen = Floor(v.Hi, 10).Add(ratio.Of(1, 1_000_000_000_000)), false
	}
	return v
}

// Floor returns a fraction rounded down to decimals of a percent.
func Floor(r ratio.Ratio, decimals int) ratio.Ratio {
	scale := ratio.MustParse("1" + strings.Repeat("0", decimals+2))
	return r.Mul(scale).Floor().Div(scale)
}

// Package merge makes one book of several that report the same companies: two sources, two
// days, a register and an annual report. It says where they contradict one another.
package merge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// Rule says which of several reports that contradict one another is taken.
type Rule string

// These are the rules. Between reports that a rule does not tell apart, the newer one is
// taken, then the one whose source comes first by name, then the larger one.
const (
	Newest  Rule = "newest"  // the report of the book with the latest AsOf, the default
	Prefer  Rule = "prefer"  // the report of the source that comes first in Prefer
	Largest Rule = "largest" // the largest stake; of other things the newest report
)

// Options says how books are merged. The zero value takes the newest report.
type Options struct {
	Rule   Rule
	Prefer []string // sources, for [Prefer]; sources that are not in it come last
}

// Result is one book made of several, with the reports that contradict one another. It is
// plain data.
type Result struct {
	Book      crossholding.Book `json:"book"`
	Conflicts []Conflict        `json:"conflicts"` // by what they are about
}

// A Conflict is one thing that several books report in different ways. It is plain data.
type Conflict struct {
	About string   `json:"about"` // "stake of renault in nissan (ordinary)" or "company nissan: name"
	Taken Report   `json:"taken"`
	Left  []Report `json:"left"` // those that contradict Taken, the best by the rule first
}

// A Report is what one source says of one thing. It is plain data.
type Report struct {
	Text   string    `json:"text"`
	Source string    `json:"source,omitempty"`
	AsOf   date.Date `json:"as_of,omitempty"` // of the book
}

func (r Report) String() string {
	if r.Source == "" && r.AsOf == "" {
		return r.Text
	}
	return fmt.Sprintf("%s (%s)", r.Text, strings.TrimSpace(r.Source+" "+string(r.AsOf)))
}

func (c Conflict) String() string {
	left := make([]string, len(c.Left))
	for i, r := range c.Left {
		left[i] = r.String()
	}
	return fmt.Sprintf("%s: %s taken, not %s", c.About, c.Taken, strings.Join(left, ", "))
}

// Books makes one book of several, which may report the same stakes, companies, parties,
// agreements and prices. Where they contradict one another, it takes one report by a rule and
// lists the others as a conflict. The order of the books does not matter. Books does not check
// the books: [crossholding.New] checks the result.
//
// A stake of one book and one of another are the same stake if they differ in nothing but their
// numbers, sources and lots. They contradict each other if no figure fits both: 33.34% fits a
// rounded 33.3%, and 30% fits a band of 25% to 50%. If one report fits all others, it is taken
// and there is no conflict. Stakes that one book lists twice add up, if they say so, and are
// one report. A stake that only one book has stays, also if a newer book could have had it.
//
// Companies and parties are merged field by field, and a field that only some books give is no
// conflict. Facts of control do not contradict one another, so all are taken. The AsOf of the
// result is the latest. Each stake and each fact has its source, and its default is that of its
// book.
//
// It fails with [crossholding.ErrUnknown] for an unknown rule and for a source in Prefer that no book has,
// and with [crossholding.ErrRange] for a Prefer that the rule does not use.
func Books(opt Options, books ...crossholding.Book) (*Result, error) {
	m := merger{opt: opt, rank: map[string]int{}}
	if err := m.check(books); err != nil {
		return nil, err
	}
	out := &m.out.Book
	for i := range books {
		out.AsOf = max(out.AsOf, books[i].AsOf)
	}
	m.companies(books)
	m.stakes(books)
	m.agreements(books)
	m.controls(books)
	m.rights(books)
	m.market(books)
	slices.SortFunc(m.out.Conflicts, func(a, b Conflict) int { return strings.Compare(a.About, b.About) })
	return &m.out, nil
}

type merger struct {
	opt  Options
	rank map[string]int // of the sources in Prefer, from the last, which has 1
	out  Result
}

func (m *merger) check(books []crossholding.Book) error {
	switch m.opt.Rule {
	case "", Newest, Prefer, Largest:
	default:
		return fmt.Errorf("merge: %s: %w", told.Choice("rule", m.opt.Rule, Newest, Prefer, Largest), crossholding.ErrUnknown)
	}
	if m.opt.Rule != Prefer && len(m.opt.Prefer) > 0 {
		return fmt.Errorf("merge: Prefer has sources, but the rule is not %q: %w", Prefer, crossholding.ErrRange)
	}
	known := map[string]bool{}
	for i := range books {
		known[books[i].Source] = true
		for j := range books[i].Stakes {
			known[books[i].Stakes[j].Source] = true
		}
	}
	for i, s := range m.opt.Prefer {
		if !known[s] || s == "" {
			return fmt.Errorf("merge: source %q: %w", s, crossholding.ErrUnknown)
		}
		if m.rank[s] == 0 {
			m.rank[s] = len(m.opt.Prefer) - i
		}
	}
	m.out.Conflicts = []Conflict{}
	return nil
}

// report is one report with what the rules compare.
type report[T any] struct {
	value T
	Report
	size  *ratio.Interval // of a stake, in shares; nil if it cannot be read
	extra int             // how much it says beyond its figure
}

// better sorts reports by the rule, the best first. All that is compared is in the reports, so
// that the order of the books does not matter.
func better[T any](m *merger, a, b report[T]) int {
	larger := 0
	if a.size != nil && b.size != nil {
		larger = cmp.Or(b.size.Hi.Cmp(a.size.Hi), b.size.Lo.Cmp(a.size.Lo))
	}
	first := 0
	switch m.opt.Rule {
	case Prefer:
		first = cmp.Compare(m.rank[b.Source], m.rank[a.Source])
	case Largest:
		first = larger
	}
	if c := cmp.Or(first, cmp.Compare(b.AsOf, a.AsOf), strings.Compare(a.Source, b.Source), larger, strings.Compare(a.Text, b.Text)); c != 0 {
		return c
	}
	return strings.Compare(fmt.Sprint(a.value), fmt.Sprint(b.value))
}

// fits reports whether report a says nothing that contradicts b: a figure of a is one of b.
func (a *report[T]) fits(b *report[T]) bool {
	if a.size == nil || b.size == nil {
		return a.Text == b.Text
	}
	lo, hi := a.size.Lo.Cmp(b.size.Lo), a.size.Hi.Cmp(b.size.Hi)
	return (lo > 0 || lo == 0 && (a.size.LoOpen || !b.size.LoOpen)) && (hi < 0 || hi == 0 && (a.size.HiOpen || !b.size.HiOpen))
}

// choose takes one of the reports of one thing, and notes those that contradict it.
func choose[T any](m *merger, about string, reports []report[T]) T {
	slices.SortStableFunc(reports, func(a, b report[T]) int { return better(m, a, b) })
	best := -1
	for i := range reports {
		fitsAll := true
		for j := range reports {
			fitsAll = fitsAll && reports[i].fits(&reports[j])
		}
		if fitsAll && (best < 0 || reports[i].extra > reports[best].extra) {
			best = i
		}
	}
	if best >= 0 {
		return reports[best].value
	}
	c := Conflict{About: about, Taken: reports[0].Report}
	for _, r := range reports[1:] {
		if !reports[0].fits(&r) && !slices.Contains(c.Left, r.Report) {
			c.Left = append(c.Left, r.Report)
		}
	}
	if len(c.Left) > 0 {
		m.out.Conflicts = append(m.out.Conflicts, c)
	}
	return reports[0].value
}

// key tells stakes apart. Stakes of two books with one key are reports of one stake.
type key struct {
	holder, issuer, class, beneficiary, voter string
	since, from, to                           date.Date
	cashSettled                               bool
	votes                                     string // the stake's own, "" if none
}

// about says which stake a key is of.
func (k *key) about() string {
	about := fmt.Sprintf("stake of %s in %s (%s)", k.holder, k.issuer, k.class)
	for _, part := range [][2]string{{"for", k.beneficiary}, {"voted by", k.voter}, {"votes per share", k.votes},
		{"votes since", string(k.since)}, {"from", string(k.from)}, {"to", string(k.to)}} {
		if part[1] != "" {
			about += ", " + part[0] + " " + part[1]
		}
	}
	if k.cashSettled {
		about += ", settled in cash"
	}
	return about
}

// stakes merges the stakes, after the companies.
func (m *merger) stakes(books []crossholding.Book) {
	companies := make(map[string]*crossholding.Company, len(m.out.Book.Companies))
	for i := range m.out.Book.Companies {
		companies[m.out.Book.Companies[i].ID] = &m.out.Book.Companies[i]
	}
	found := map[key][]report[[]crossholding.Stake]{}
	for i := range books {
		b := &books[i]
		for id, rows := range stakesOf(b) {
			r := report[[]crossholding.Stake]{value: rows, Report: Report{AsOf: b.AsOf}}
			figures := make([]string, len(rows))
			for j := range rows {
				figures[j] = rows[j].Figure()
				r.Source = text.Unite("; ", r.Source, rows[j].Source)
				r.extra += len(rows[j].Lots)
			}
			slices.Sort(figures)
			r.Text = strings.Join(figures, " and ")
			r.size = sizeOf(rows, companies[id.issuer])
			found[id] = append(found[id], r)
		}
	}
	for id, reports := range found {
		m.out.Book.Stakes = append(m.out.Book.Stakes, choose(m, id.about(), reports)...)
	}
	slices.SortStableFunc(m.out.Book.Stakes, crossholding.Stake.Compare)
}

// stakesOf lists the stakes of a book by what identifies them, with the class and the source
// that they have by default, and in percent if the book knows the company only in percent.
func stakesOf(b *crossholding.Book) map[key][]crossholding.Stake {
	own := make(map[string]*crossholding.Company, len(b.Companies))
	for i := range b.Companies {
		own[b.Companies[i].ID] = &b.Companies[i]
	}
	out := map[key][]crossholding.Stake{}
	for _, s := range b.Stakes {
		s.Source = cmp.Or(s.Source, b.Source)
		s.Lots = slices.Clone(s.Lots)
		c := own[s.Issuer]
		if c != nil && len(c.Shares) == 0 && s.Shares != "" && s.Percent == "" {
			s.Percent, s.Shares = s.Shares, ""
		}
		if s.Class == "" && c != nil && len(c.Shares) == 1 {
			s.Class = c.Shares[0].Class
		}
		for i := range s.Lots {
			if lot := &s.Lots[i]; c != nil && lot.Currency == "" && !strings.Contains(string(lot.Price), " ") {
				lot.Currency = c.Currency
			}
		}
		if s.Class == crossholding.DefaultClass {
			s.Class = ""
		}
		for _, who := range []*string{&s.Beneficiary, &s.Voter} {
			if *who == s.Holder {
				*who = ""
			}
		}
		id := key{holder: s.Holder, issuer: s.Issuer, class: cmp.Or(s.Class, crossholding.DefaultClass), beneficiary: s.Beneficiary, voter: s.Voter,
			cashSettled: s.CashSettled, since: s.VotesSince, from: s.From, to: s.To, votes: canonicalText(string(s.Votes))}
		out[id] = append(out[id], s)
	}
	return out
}

// sizeOf returns the shares of stakes that add up, or nil if they cannot be read. Shares of a
// company known only in percent are percentages.
func sizeOf(rows []crossholding.Stake, c *crossholding.Company) *ratio.Interval {
	var sum ratio.Interval
	for i := range rows {
		s := &rows[i]
		class := crossholding.ShareClass{Issued: "100", Fractions: true}
		if c != nil && len(c.Shares) > 0 {
			at := slices.IndexFunc(c.Shares, func(k crossholding.ShareClass) bool {
				return cmp.Or(k.Class, crossholding.DefaultClass) == cmp.Or(s.Class, crossholding.DefaultClass)
			})
			if at < 0 {
				return nil
			}
			class = c.Shares[at]
		}
		v, ok := sizeIn(s, &class)
		if !ok {
			return nil
		}
		sum = ratio.Interval{Lo: sum.Lo.Add(v.Lo), Hi: sum.Hi.Add(v.Hi), LoOpen: sum.LoOpen || v.LoOpen, HiOpen: sum.HiOpen || v.HiOpen}
	}
	return &sum
}

// sizeIn returns the shares of a stake in a class.
func sizeIn(s *crossholding.Stake, k *crossholding.ShareClass) (ratio.Interval, bool) {
	issued, err := k.Issued.Ratio()
	if err != nil {
		return ratio.Interval{}, false
	}
	var part ratio.Interval
	switch {
	case s.Rounded:
		part, err = s.Percent.RoundedPercent()
	case s.Between != "":
		part, err = ratio.ParseInterval(s.Between)
	case s.Percent != "":
		n, _ := s.Percent.Denoised()
		var pct ratio.Ratio
		pct, err = n.Ratio()
		shares := issued.Mul(pct).Mul(ratio.Of(1, 100))
		if !k.Fractions && issued.IsInt() {
			shares = ratio.FromRat(shares.Round(0, ratio.HalfEven).Rat())
		}
		return ratio.Exactly(shares), err == nil
	default:
		n, _ := s.Shares.Denoised()
		shares, err := n.Ratio()
		return ratio.Exactly(shares), err == nil && n != ""
	}
	part.Lo, part.Hi = part.Lo.Mul(issued), part.Hi.Mul(issued)
	return part, err == nil
}

package table

import (
	"cmp"
	"encoding/binary"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/kinds"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/ratio"
)

// row is a row of the table. Its texts are numbers of the reader's texts, and its figure is one of
// the reader's.
type row struct {
	holder, issuer, class int32
	source, day           int32
	kind                  int32
	line, figure          int32
}

// figure is how much of a company a row states.
type figure struct {
	share   ratio.Interval // of the issued shares, unless counted
	shares  ratio.Ratio    // number of shares, if counted
	issued  ratio.Ratio    // 0 if not stated
	counted bool
	rounded ratio.Number // the percentage, if it is rounded
	percent ratio.Number // the share, if it is exact and has a decimal
	between string       // the share, if it is a band
}

// reader holds what has been read of a table.
type reader struct {
	opt     Options
	line    int
	report  format.Report
	faults  format.Faults
	columns []int // places of the columns in a row, by the order of columnNames, or -1
	texts   once
	rows    intern.List[row]
	keys    *intern.Table // of the rows: holder, issuer and class
	figures []figure
	known   map[string]int32     // figures by the fields that state them
	days    map[string]date.Date // by the fields that state them, or "" for those that state none
	written []byte               // memory for the fields of a figure
}

// text returns a field without blanks at its ends and characters that show nothing.
func (in *reader) text(fields []string, column int) string {
	i := in.columns[column]
	if i < 0 || i >= len(fields) {
		return ""
	}
	s := fields[i]
	if isPlain(s) {
		return s
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) {
		s = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
		s = strings.Join(strings.Fields(s), " ")
	}
	return s
}

// isPlain reports whether a text is of ASCII characters that can be seen, with single blanks between
// them.
func isPlain(s string) bool {
	blank := true
	for i := range len(s) {
		switch {
		case s[i] > ' ' && s[i] <= '~':
			blank = false
		case s[i] == ' ' && !blank:
			blank = true
		default:
			return false
		}
	}
	return !blank
}

// once keeps texts, each once in memory, with a number. The number of the empty text is 0.
type once struct {
	table *intern.Table
	texts intern.Texts
	list  intern.List[string] // by number
}

// newOnce returns a once that has the empty text.
func newOnce() once {
	o := once{table: intern.New()}
	o.put("")
	return o
}

// put returns the number of a text, or false if the table has no room for it.
func (o *once) put(s string) (int32, bool) {
	if s == "" && o.list.Len > 0 {
		return 0, true
	}
	i, ok := o.table.PutString(s)
	if ok && int(i) == o.list.Len {
		o.list.Add(o.texts.Text([]byte(s)))
	}
	return i, ok
}

// at returns the text of a number.
func (o *once) at(i int32) string { return *o.list.At(i) }

// fields are the texts of a row that a book keeps.
type fields struct {
	holder, issuer, class, source string
	kind                          crossholding.PartyKind
	day                           date.Date
}

// row reads one row.
func (in *reader) row(list []string) {
	in.report.Lines++
	empty := true
	for _, f := range list {
		if !utf8.ValidString(f) {
			in.fault(crossholding.ErrSyntax, "the row holds bytes that are not UTF-8")
			return
		}
		empty = empty && strings.TrimSpace(f) == ""
	}
	if empty {
		in.report.Lines--
		return
	}
	f := fields{holder: in.text(list, holderColumn), issuer: in.text(list, issuerColumn), class: in.text(list, classColumn)}
	if !in.named(&f) || !in.dated(&f, in.text(list, dateColumn)) {
		return
	}
	size, ok := in.figure(&f, list)
	if !ok {
		return
	}
	in.kind(&f, in.text(list, kindColumn))
	f.source = in.text(list, sourceColumn)
	r := row{line: int32(in.line), figure: size}
	for _, x := range []struct {
		to   *int32
		text string
	}{{&r.holder, f.holder}, {&r.issuer, f.issuer}, {&r.class, f.class}, {&r.source, f.source}, {&r.kind, string(f.kind)}, {&r.day, string(f.day)}} {
		if *x.to, ok = in.texts.put(x.text); !ok {
			in.fault(crossholding.ErrTooLarge, "no room for one more text")
			return
		}
	}
	in.place(r)
}

// named checks the ids of a row.
func (in *reader) named(r *fields) bool {
	const maxBytes = 200
	for _, x := range []struct{ what, id string }{{"holder", r.holder}, {"issuer", r.issuer}, {"class", r.class}} {
		switch reserved := x.id == "neutral" || strings.HasPrefix(x.id, "float:") || strings.HasPrefix(x.id, "concert:"); {
		case x.id == "" && x.what != "class":
			in.fault(crossholding.ErrMissing, "the row has no %s", x.what)
			return false
		case len(x.id) > maxBytes:
			in.fault(crossholding.ErrRange, "the %s %q has more than %d bytes", x.what, x.id, maxBytes)
			return false
		case reserved && x.what != "class":
			in.fault(crossholding.ErrRange, "%q is a reserved id", x.id)
			return false
		}
	}
	if r.holder == r.issuer {
		in.fault(crossholding.ErrSelfStake, "%q is its own holder: own shares are no stake", r.holder)
		return false
	}
	return true
}

// dated reads the day of a row. It returns false if the row is not of the book.
func (in *reader) dated(r *fields, s string) bool {
	if s == "" {
		return true
	}
	d, ok := in.days[s]
	if !ok {
		if d = dayOf(s); len(in.days) < maxKnown {
			in.days[strings.Clone(s)] = d
		}
	}
	switch {
	case d == "":
		in.fault(crossholding.ErrDate, "%q is not a date of the form 2006-01-02, 2006/01/02 or 02.01.2006", s)
		return false
	case in.opt.AsOf != "" && d > in.opt.AsOf:
		in.report.Dropped.Add(in.line, "future", "%s in %s: the row is of %s, after %s", r.holder, r.issuer, string(d), string(in.opt.AsOf))
		return false
	}
	r.day = d
	return true
}

// dayOf returns the day that a text states, or "" if it states none.
func dayOf(s string) date.Date {
	d := date.Date(strings.ReplaceAll(strings.Clone(s), "/", "-"))
	if p := strings.Split(s, "."); len(p) == 3 && len(p[2]) == 4 {
		d = date.Date(p[2] + "-" + pad(p[1]) + "-" + pad(p[0]))
	}
	if !d.Valid() {
		return ""
	}
	return d
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// kind reads the kind of a holder.
func (in *reader) kind(r *fields, s string) {
	if s == "" {
		return
	}
	var ok bool
	if r.kind, ok = kinds.Parse(s); !ok {
		in.report.Dropped.Add(in.line, "kind", "%s: %q is no known kind of holder", r.holder, s)
	}
}

// maxKnown is the largest number of figures, and of days, that are remembered by how they are written.
const maxKnown = 1 << 16

// figure reads the figure of a row. It returns its number, or false if the row has none that can
// be used.
func (in *reader) figure(r *fields, list []string) (int32, bool) {
	percent, shares, fraction, issued := in.text(list, percentColumn), in.text(list, sharesColumn), in.text(list, fractionColumn), in.text(list, issuedColumn)
	w := append(append(append(in.written[:0], percent...), 0), shares...)
	w = append(append(append(append(w, 0), fraction...), 0), issued...)
	in.written = w
	if i, ok := in.known[string(w)]; ok {
		return i, true
	}
	guessed := in.report.Guessed.Len()
	f, ok := in.parse(r, percent, shares, fraction, issued)
	if !ok {
		return 0, false
	}
	i := in.addFigure(f)
	if guessed == in.report.Guessed.Len() && len(in.known) < maxKnown { // what was guessed is to be noted again
		in.known[string(w)] = i
	}
	return i, true
}

// addFigure keeps a figure and returns its number.
func (in *reader) addFigure(f figure) int32 {
	f.percent, f.between = "", ""
	switch percent := f.share.Lo.Mul(ratio.Int(100)); {
	case f.counted:
	case !f.share.IsExact():
		f.between = f.share.String()
	case percent.IsDecimal():
		f.percent = percent.Number()
	}
	in.figures = append(in.figures, f)
	return int32(len(in.figures) - 1)
}

// parse reads the fields of a figure.
func (in *reader) parse(r *fields, percent, shares, fraction, issued string) (f figure, ok bool) {
	var err error
	if issued != "" {
		if f.issued, err = in.number(issued); err != nil || f.issued.Sign() <= 0 {
			in.fault(ratio.ErrNumber, "%s: %q is no number of issued shares", r.issuer, issued)
			return f, false
		}
	}
	switch {
	case shares != "":
		if f.shares, err = in.number(shares); err != nil || f.shares.Sign() < 0 {
			in.fault(ratio.ErrNumber, "%s in %s: %q is no number of shares", r.holder, r.issuer, shares)
			return f, false
		}
		f.counted = true
		return f, true
	case percent != "":
		ok = in.percent(r, &f, percent)
		return f, ok
	case fraction != "":
		part, err := ratio.Parse(strings.Replace(fraction, ",", ".", 1))
		if err != nil || part.Sign() < 0 || ratio.Int(1).Less(part) {
			in.fault(ratio.ErrRange, "%s in %s: %q is no fraction within 0 and 1", r.holder, r.issuer, fraction)
			return f, false
		}
		f.share = ratio.Exactly(part)
		return f, true
	}
	in.report.Dropped.Add(in.line, "no figure", "%s in %s: the row has no figure", r.holder, r.issuer)
	return f, false
}

func (in *reader) percent(r *fields, f *figure, s string) bool {
	p, err := format.ParsePercent(s)
	switch {
	case errors.Is(err, format.ErrNotStated):
		in.report.Dropped.Add(in.line, "no figure", "%s in %s: the figure is %q", r.holder, r.issuer, s)
		return false
	case errors.Is(err, format.ErrAmbiguous):
		in.fault(format.ErrAmbiguous, "%s in %s: %q may be a part of all or of a percent, which is written with %%", r.holder, r.issuer, s)
		return false
	case errors.Is(err, ratio.ErrRange):
		in.fault(ratio.ErrRange, "%s in %s: %q is not within 0%% and 100%%", r.holder, r.issuer, s)
		return false
	case err != nil:
		in.fault(ratio.ErrNumber, "%s in %s: %q is no percentage", r.holder, r.issuer, s)
		return false
	}
	if p.About {
		in.report.Guessed.Add(in.line, "about", "%s in %s: %q is taken as %s", r.holder, r.issuer, s, p.Interval.String())
	}
	f.share = p.Interval
	if in.opt.Rounded && p.Figure != "" {
		f.rounded = ratio.Number(strings.Clone(string(p.Figure)))
		if f.share, err = p.Figure.RoundedPercent(); err != nil {
			in.fault(ratio.ErrNumber, "%s in %s: %q: %s", r.holder, r.issuer, s, err.Error())
			return false
		}
	}
	return true
}

// spacers are what can be between thousands or after a number.
var spacers = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "", "株", "")

// number reads a number of shares, with blanks, apostrophes, and commas or points between
// thousands.
func (in *reader) number(s string) (ratio.Ratio, error) {
	s = spacers.Replace(s)
	if in.opt.DecimalComma {
		return ratio.ParseNumber(strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1))
	}
	return ratio.ParseNumber(strings.ReplaceAll(s, ",", ""))
}

// place puts a row beside the others, and says what to do if another has the same key.
func (in *reader) place(r row) {
	var key [12]byte
	binary.LittleEndian.PutUint32(key[:], uint32(r.holder))
	binary.LittleEndian.PutUint32(key[4:], uint32(r.issuer))
	binary.LittleEndian.PutUint32(key[8:], uint32(r.class))
	i, ok := in.keys.Put(key[:])
	switch {
	case !ok:
		in.fault(crossholding.ErrTooLarge, "no room for one more row")
		return
	case int(i) == in.rows.Len:
		in.rows.Add(r)
		return
	}
	old := in.rows.At(i)
	a, b := &in.figures[old.figure], &in.figures[r.figure]
	same := a.counted == b.counted && a.shares.Equal(b.shares) && sameInterval(a.share, b.share)
	holder, issuer, day, oldDay := in.texts.at(r.holder), in.texts.at(r.issuer), in.texts.at(r.day), in.texts.at(old.day)
	line, oldLine := int(r.line), int(old.line)
	switch in.opt.Duplicates {
	case DuplicatesOnce:
		if same {
			in.report.Conflicts.Add(line, "repeated", "%s in %s: repeats line %d", holder, issuer, oldLine)
			return
		}
	case DuplicatesAdd:
		if a.counted == b.counted {
			old.figure = in.addFigure(a.plus(b))
			in.report.Conflicts.Add(line, "added", "%s in %s: added to line %d", holder, issuer, oldLine)
			return
		}
	case DuplicatesNewest:
		switch c := cmp.Compare(day, oldDay); {
		case c > 0 && oldDay != "":
			in.report.Conflicts.Add(line, "older", "%s in %s: replaces line %d, which is of %s", holder, issuer, oldLine, oldDay)
			*old = r
			return
		case c < 0 && day != "":
			in.report.Conflicts.Add(line, "older", "%s in %s: line %d is newer", holder, issuer, oldLine)
			return
		case same:
			in.report.Conflicts.Add(line, "repeated", "%s in %s: repeats line %d", holder, issuer, oldLine)
			return
		}
	}
	in.fault(crossholding.ErrDuplicate, "%s in %s: line %d has the same holder, issuer and class%s", holder, issuer, oldLine, differs(same))
}

func differs(same bool) string {
	if same {
		return ""
	}
	return ", and another figure"
}

// plus returns the sum of two figures.
func (f figure) plus(x *figure) figure {
	f.shares, f.rounded = f.shares.Add(x.shares), ""
	lo, hi := f.share.Lo.Add(x.share.Lo), f.share.Hi.Add(x.share.Hi)
	open := f.share.HiOpen || x.share.HiOpen
	if banded := !f.share.IsExact() || !x.share.IsExact(); banded && ratio.Int(1).Less(hi) {
		hi, open = ratio.Int(1), false
	}
	f.share = ratio.Interval{Lo: lo, Hi: hi, LoOpen: f.share.LoOpen || x.share.LoOpen, HiOpen: open}
	return f
}

func sameInterval(a, b ratio.Interval) bool {
	return a.Lo.Equal(b.Lo) && a.Hi.Equal(b.Hi) && a.LoOpen == b.LoOpen && a.HiOpen == b.HiOpen
}

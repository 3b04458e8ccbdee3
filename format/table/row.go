package table

import (
	"cmp"
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

// key is what two rows must share to be duplicates.
type key struct{ holder, issuer, class string }

// row is a row of the table.
type row struct {
	key
	line    int
	kind    crossholding.PartyKind
	share   ratio.Interval // of the issued shares, unless counted
	shares  ratio.Ratio    // number of shares, if counted
	issued  ratio.Ratio    // 0 if not stated
	counted bool
	rounded ratio.Number // the percentage, if it is rounded
	source  string
	day     date.Date
}

// reader holds what has been read of a table.
type reader struct {
	opt     Options
	line    int
	report  format.Report
	faults  format.Faults
	columns map[Column]int
	once    once
	rows    []row
	keys    *intern.Table // of the rows
	key     []byte        // memory for a key
}

// text returns a field without blanks at its ends and characters that show nothing.
func (in *reader) text(fields []string, c Column) string {
	i, ok := in.columns[c]
	if !ok || i >= len(fields) {
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

// once keeps texts, each once in memory.
type once struct {
	table *intern.Table
	texts intern.Texts
	list  intern.List[string] // by the numbers of the table
}

// text returns a text that is one in memory with all others that are equal.
func (o *once) text(s string) string {
	if s == "" {
		return ""
	}
	i, ok := o.table.PutString(s)
	switch {
	case !ok: // the table has no room, and the text is a copy
		return strings.Clone(s)
	case int(i) == o.list.Len:
		o.list.Add(o.texts.Text([]byte(s)))
	}
	return *o.list.At(i)
}

// row reads one row.
func (in *reader) row(fields []string) {
	in.report.Lines++
	empty := true
	for _, f := range fields {
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
	r := row{line: in.line}
	r.holder, r.issuer, r.class = in.text(fields, ColumnHolder), in.text(fields, ColumnIssuer), in.text(fields, ColumnClass)
	if !in.named(&r) || !in.dated(&r, in.text(fields, ColumnDate)) || !in.figure(&r, fields) {
		return
	}
	in.kind(&r, in.text(fields, ColumnKind))
	r.source = in.once.text(in.text(fields, ColumnSource))
	r.holder, r.issuer, r.class = in.once.text(r.holder), in.once.text(r.issuer), in.once.text(r.class)
	in.place(r)
}

// named checks the ids of a row.
func (in *reader) named(r *row) bool {
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
func (in *reader) dated(r *row, s string) bool {
	if s == "" {
		return true
	}
	d := date.Date(strings.ReplaceAll(s, "/", "-"))
	if p := strings.Split(s, "."); len(p) == 3 && len(p[2]) == 4 {
		d = date.Date(p[2] + "-" + pad(p[1]) + "-" + pad(p[0]))
	}
	switch {
	case !d.Valid():
		in.fault(crossholding.ErrDate, "%q is not a date of the form 2006-01-02, 2006/01/02 or 02.01.2006", s)
		return false
	case in.opt.AsOf != "" && d > in.opt.AsOf:
		in.report.Dropped.Add(in.line, "future", "%s in %s: the row is of %s, after %s", r.holder, r.issuer, string(d), string(in.opt.AsOf))
		return false
	}
	r.day = date.Date(in.once.text(string(d)))
	return true
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// kind reads the kind of a holder.
func (in *reader) kind(r *row, s string) {
	k, ok := kinds.Parse(s)
	if s != "" && !ok {
		in.report.Dropped.Add(in.line, "kind", "%s: %q is no known kind of holder", r.holder, s)
	}
	r.kind = k
}

// figure reads the figure of a row. It returns false if the row has none that can be used.
func (in *reader) figure(r *row, fields []string) bool {
	percent, shares, fraction := in.text(fields, ColumnPercent), in.text(fields, ColumnShares), in.text(fields, ColumnFraction)
	var err error
	if issued := in.text(fields, ColumnIssued); issued != "" {
		if r.issued, err = in.number(issued); err != nil || r.issued.Sign() <= 0 {
			in.fault(ratio.ErrNumber, "%s: %q is no number of issued shares", r.issuer, issued)
			return false
		}
	}
	switch {
	case shares != "":
		if r.shares, err = in.number(shares); err != nil || r.shares.Sign() < 0 {
			in.fault(ratio.ErrNumber, "%s in %s: %q is no number of shares", r.holder, r.issuer, shares)
			return false
		}
		r.counted = true
		return true
	case percent != "":
		return in.percent(r, percent)
	case fraction != "":
		f, err := ratio.Parse(strings.Replace(fraction, ",", ".", 1))
		if err != nil || f.Sign() < 0 || ratio.Int(1).Less(f) {
			in.fault(ratio.ErrRange, "%s in %s: %q is no fraction within 0 and 1", r.holder, r.issuer, fraction)
			return false
		}
		r.share = ratio.Exactly(f)
		return true
	}
	in.report.Dropped.Add(in.line, "no figure", "%s in %s: the row has no figure", r.holder, r.issuer)
	return false
}

func (in *reader) percent(r *row, s string) bool {
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
	r.share = p.Interval
	if in.opt.Rounded && p.Figure != "" {
		r.rounded = p.Figure
		if r.share, err = p.Figure.RoundedPercent(); err != nil {
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
	in.key = append(append(append(in.key[:0], r.holder...), 0), r.issuer...)
	in.key = append(append(in.key, 0), r.class...)
	i, ok := in.keys.Put(in.key)
	switch {
	case !ok:
		in.fault(crossholding.ErrTooLarge, "no room for one more row")
		return
	case int(i) == len(in.rows):
		in.rows = append(in.rows, r)
		return
	}
	old := &in.rows[i]
	same := old.counted == r.counted && old.shares.Equal(r.shares) && sameInterval(old.share, r.share)
	switch in.opt.Duplicates {
	case DuplicatesOnce:
		if same {
			in.report.Conflicts.Add(r.line, "repeated", "%s in %s: repeats line %d", r.holder, r.issuer, old.line)
			return
		}
	case DuplicatesAdd:
		if old.counted == r.counted {
			old.add(r)
			in.report.Conflicts.Add(r.line, "added", "%s in %s: added to line %d", r.holder, r.issuer, old.line)
			return
		}
	case DuplicatesNewest:
		switch c := cmp.Compare(r.day, old.day); {
		case c > 0 && old.day != "":
			in.report.Conflicts.Add(r.line, "older", "%s in %s: replaces line %d, which is of %s", r.holder, r.issuer, old.line, string(old.day))
			*old = r
			return
		case c < 0 && r.day != "":
			in.report.Conflicts.Add(r.line, "older", "%s in %s: line %d is newer", r.holder, r.issuer, old.line)
			return
		case same:
			in.report.Conflicts.Add(r.line, "repeated", "%s in %s: repeats line %d", r.holder, r.issuer, old.line)
			return
		}
	}
	in.fault(crossholding.ErrDuplicate, "%s in %s: line %d has the same holder, issuer and class%s", r.holder, r.issuer, old.line, differs(same))
}

func differs(same bool) string {
	if same {
		return ""
	}
	return ", and another figure"
}

// add adds the figure of a row.
func (r *row) add(x row) {
	r.shares, r.rounded = r.shares.Add(x.shares), ""
	lo, hi := r.share.Lo.Add(x.share.Lo), r.share.Hi.Add(x.share.Hi)
	open := r.share.HiOpen || x.share.HiOpen
	if banded := !r.share.IsExact() || !x.share.IsExact(); banded && ratio.Int(1).Less(hi) {
		hi, open = ratio.Int(1), false
	}
	r.share = ratio.Interval{Lo: lo, Hi: hi, LoOpen: r.share.LoOpen || x.share.LoOpen, HiOpen: open}
}

func sameInterval(a, b ratio.Interval) bool {
	return a.Lo.Equal(b.Lo) && a.Hi.Equal(b.Hi) && a.LoOpen == b.LoOpen && a.HiOpen == b.HiOpen
}

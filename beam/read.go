package beam

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// A source is a file of the register.
type source struct {
	Path   string
	Stakes bool // otherwise of companies
}

// The kinds of records of the register. Each has the number of its file and its line.
const (
	companyRow = "c" // file, line, id, issued, treasury, votes
	stakeRow   = "s" // file, line, holder, issuer, shares
	faultRow   = "f" // file, line, the rest of the place, reason, kind
)

var errLongRow = errors.New(register.TooLong)

// A bounded reader fails after too many bytes for one row.
type bounded struct {
	in   io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongRow
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}

// readFile sends each row of a file to the shard of its company.
func readFile(w *worker, _ []record) error {
	from := w.Sources[w.shard]
	f, err := read(w.ctx, from.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := &bounded{text.SkipBOM(f), register.MaxRowBytes}
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	file, kind, key, header := strconv.Itoa(w.shard), companyRow, 0, []string{"id", "issued", "treasury", "votes"}
	if from.Stakes {
		kind, key, header = stakeRow, 1, []string{"holder", "issuer", "shares"}
	}
	rows.FieldsPerRecord = len(header)
	first, err := rows.Read()
	switch {
	case errors.Is(err, errLongRow):
		w.fault(file, "1", "", err.Error(), crossholding.ErrTooLarge)
		return nil
	case err != nil && !errors.Is(err, io.EOF) && !isSyntax(err):
		return err
	case err != nil || !slices.Equal(first, header):
		w.fault(file, "1", "", fmt.Sprintf("the header is %q, not %q", text.Truncate(strings.Join(first, ","), 60),
			strings.Join(header, ",")), crossholding.ErrSyntax)
		return nil
	}
	for {
		in.left = register.MaxRowBytes
		row, err := rows.Read()
		switch bad := (*csv.ParseError)(nil); {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLongRow):
			line, _ := rows.FieldPos(0)
			w.fault(file, strconv.Itoa(line+1), "", err.Error(), crossholding.ErrTooLarge)
			return nil
		case errors.As(err, &bad):
			w.fault(file, strconv.Itoa(bad.StartLine), "", register.Misplaced(bad, 0), crossholding.ErrSyntax)
			continue
		case err != nil:
			return err
		}
		line, _ := rows.FieldPos(0)
		w.out.put(place(row[key], w.Shards), append([]string{kind, file, strconv.Itoa(line)}, row...)...)
	}
}

func isSyntax(err error) bool {
	bad := (*csv.ParseError)(nil)
	return errors.As(err, &bad)
}

// fault sends a fault of a row that has no company.
func (w *worker) fault(file, line, rest, reason string, kind error) {
	w.out.put(0, faultRow, file, line, rest, reason, kindName(kind))
}

// kinds are the kinds of the faults of a register by name.
var kinds = []struct {
	name string
	kind error
}{
	{"syntax", crossholding.ErrSyntax}, {"large", crossholding.ErrTooLarge}, {"unknown", crossholding.ErrUnknown},
	{"duplicate", crossholding.ErrDuplicate}, {"missing", crossholding.ErrMissing}, {"range", crossholding.ErrRange},
	{"number", ratio.ErrNumber}, {"allocated", crossholding.ErrOverAllocated},
}

func kindName(err error) string {
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			return k.name
		}
	}
	return "syntax"
}

func kindOf(name string) error {
	for _, k := range kinds {
		if k.name == name {
			return k.kind
		}
	}
	return crossholding.ErrSyntax
}

// sortRows sorts rows by file and line, the companies first.
func sortRows(rows []record) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	slices.SortFunc(rows, func(a, b record) int {
		if a[0] != b[0] {
			return strings.Compare(a[0], b[0])
		}
		if a[1] != b[1] {
			return number(a[1]) - number(b[1])
		}
		return number(a[2]) - number(b[2])
	})
}

// A sheet is rows as the pair of CSV files that the library reads.
type sheet struct {
	companies, stakes bytes.Buffer
	rows              map[string]record // by place, as in "stakes:12"
}

// newSheet writes rows, which are sorted by sortRows.
func newSheet(rows []record, places bool) *sheet {
	s := &sheet{}
	if places {
		s.rows = make(map[string]record, len(rows))
	}
	s.companies.WriteString("id,issued,treasury,votes\n")
	s.stakes.WriteString("holder,issuer,shares\n")
	cs, ss := csv.NewWriter(&s.companies), csv.NewWriter(&s.stakes)
	cl, sl := 2, 2 // the next lines
	for _, r := range rows {
		out, line, name := cs, &cl, "companies"
		if r[0] == stakeRow {
			out, line, name = ss, &sl, "stakes"
		}
		_ = out.Write(r[3:]) // to a buffer
		if places {
			s.rows[name+":"+strconv.Itoa(*line)] = r
		}
		*line++
		for _, f := range r[3:] {
			*line += strings.Count(f, "\n")
		}
	}
	cs.Flush()
	ss.Flush()
	return s
}

// read makes an alliance of the rows.
func (s *sheet) read(w *worker) (*crossholding.Alliance, error) {
	return crossholding.ReadRegister(w.ctx, &s.companies, &s.stakes, crossholding.RegisterOptions{OverAllocated: w.Policy})
}

// checked are the figures of a shard after it was checked.
type checked struct {
	Companies, Stakes int
	Faults            []record
	More              int
}

const maxFaults = 1000 // that are listed

// checkShard checks the companies of a shard and all stakes in them, and keeps them. It sends
// each stake to the shard of its holder.
func checkShard(w *worker, in []record) error {
	var found checked
	var rows []record
	for _, r := range in {
		switch r[0] {
		case faultRow:
			found.Faults = append(found.Faults, r)
			continue
		case companyRow:
			found.Companies++
		case stakeRow:
			found.Stakes++
		}
		rows = append(rows, r)
	}
	sortRows(rows)
	s := newSheet(rows, true)
	if _, err := s.read(w); err != nil {
		if err := found.faults(s, err); err != nil {
			return err
		}
	}
	found.cut()
	if err := w.note("checked", found); err != nil {
		return err
	}
	if err := w.keep("rows", rows); err != nil {
		return err
	}
	for _, r := range rows {
		switch {
		case r[0] == companyRow:
			w.out.put(place(r[3], w.Shards), r[3])
		case r[3] != r[4]:
			w.out.put(place(r[3], w.Shards), r[3], r[4])
		}
	}
	return nil
}

// cut leaves the first faults in the order of the files, and counts the others. Records come in
// any order, so it must see all of them.
func (c *checked) cut() {
	slices.SortFunc(c.Faults, compareFaults)
	if more := len(c.Faults) - maxFaults; more > 0 {
		c.Faults, c.More = c.Faults[:maxFaults], c.More+more
	}
}

// compareFaults compares faults by file and line. Those of no file come last.
func compareFaults(a, b record) int {
	number := func(s string) int {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
		return math.MaxInt
	}
	return cmp.Or(cmp.Compare(number(a[1]), number(b[1])), cmp.Compare(number(a[2]), number(b[2])), slices.Compare(a[3:], b[3:]))
}

// faults adds the faults that the library found in a sheet, with the places of the rows.
func (c *checked) faults(s *sheet, err error) error {
	var bad *crossholding.InputError
	if !errors.As(err, &bad) {
		return err
	}
	c.More += bad.More
	for _, f := range bad.Faults {
		at, rest, _ := strings.Cut(f.Place, ".")
		if r, ok := s.rows[at]; ok {
			c.Faults = append(c.Faults, record{faultRow, r[1], r[2], rest, f.Reason, kindName(f.Kind)})
			continue
		}
		c.Faults = append(c.Faults, record{faultRow, "", "0", f.Place, f.Reason, kindName(f.Kind)})
	}
	return nil
}

// inputError returns the faults of all shards in the order of the files, or nil.
func (t *task) inputError(shards []checked) error {
	var all checked
	for _, c := range shards {
		all.Faults = append(all.Faults, c.Faults...)
		all.More += c.More
	}
	if len(all.Faults) == 0 {
		return nil
	}
	all.cut()
	out := &crossholding.InputError{More: all.More}
	for _, r := range all.Faults {
		at := r[3]
		if n, err := strconv.Atoi(r[1]); err == nil {
			at = t.Sources[n].Path + ":" + r[2]
			if r[3] != "" {
				at += "." + r[3]
			}
		}
		out.Faults = append(out.Faults, crossholding.Fault{Place: at, Reason: r[4], Kind: kindOf(r[5])})
	}
	return out
}

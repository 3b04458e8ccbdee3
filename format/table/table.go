// Package table reads shareholders from a table: CSV, or TSV, with a row for each stake and
// named columns in English, German, French, Spanish, Italian or Japanese. It writes such tables too.
//
// A table needs a column of holders, one of issuers, and one of percentages, numbers of shares or
// fractions. It can have columns of share classes, dates, sources, kinds of holders and
// numbers of issued shares. Names of columns are read in any capitals, and [Columns] lists
// them. A percentage is read as by [format.ParsePercent].
package table

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/crossholding/crossholding/internal/progress"
)

// Duplicates says what to do with rows that have the holder, issuer and class of another row.
type Duplicates string

// These are the ways.
const (
	DuplicatesFault  Duplicates = ""       // Read fails
	DuplicatesOnce   Duplicates = "once"   // rows that say the same count once, and others are a fault
	DuplicatesAdd    Duplicates = "add"    // their figures add up, as of several purchases
	DuplicatesNewest Duplicates = "newest" // the row with the latest date stands
)

// Options say how to read a table. They are plain data.
type Options struct {
	Comma        rune       // between fields; default: the one of tab, semicolon, comma and | that the first line has most
	DecimalComma bool       // numbers of shares have a decimal comma, and points between thousands
	Rounded      bool       // each percentage stands for all that round to it, see [ratio.Number.RoundedPercent]
	Duplicates   Duplicates // what to do with repeated rows
	Country      string     // of all companies, ISO 3166-1 alpha-2
	AsOf         date.Date  // of the book; rows of later days are dropped
	DropFaults   bool       // rows with a fault are dropped, and the report has the fault
}

// Read reads a table. Every issuer is a company, and so is every holder that is also an issuer
// or whose kind is company. The others are parties of their kind. A holder of which the table
// states no kind is taken as a company if its name ends in a legal form, such as "Werk GmbH", as
// the public if it is called "free float" or the like, and else as a person. The report lists each
// of these. The ids are the texts of the table without blanks at their ends.
//
// A company is known in percent, unless the table has numbers of its shares. Without a column of
// issued shares, the shares in the table are then taken for all. If a fraction is not a finite
// decimal, as 1/3, the company has as many shares as the fraction needs.
//
// The lines of the report count the rows below the names of the columns that are not blank. Its
// notes have the lines of the file. Its rules are:
//
//	guessed   "issued"     the number of issued shares is the sum of the rows
//	          "about"      a figure that the table calls approximate
//	          "class"      a class of shares, taken with one vote a share
//	          "kind"       the kind of a holder, by its name or as a person
//	dropped   "column"     a column that is not known
//	          "no figure"  a row that says that its figure is not known
//	          "kind", "future", "fault" (see [Options.DropFaults])
//	conflict  "kind"       a party of another kind in which others have stakes is a company
//	          "repeated"   a row that repeats another
//	          "older"      a row that a newer one replaces
//	          "added"      a row whose figure was added to that of another
//
// It fails with a [*crossholding.InputError] that has the lines of all faults, with the error of r,
// and with that of the context. What it keeps in memory is one row of about 1 MiB at most, and
// the stakes.
func Read(ctx context.Context, r io.Reader, opt Options) (crossholding.Book, format.Report, error) {
	ctx = progress.OrBackground(ctx)
	in := &reader{opt: opt, texts: newOnce(), keys: intern.New(), known: map[string]int32{}, days: map[string]date.Date{}}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	switch {
	case opt.AsOf != "" && !opt.AsOf.Valid():
		return crossholding.Book{}, in.report, fmt.Errorf("table: as of %q: %w", string(opt.AsOf), crossholding.ErrDate)
	case opt.Country != "" && !iso3166.Valid(opt.Country):
		return crossholding.Book{}, in.report, fmt.Errorf("table: %q is no country of ISO 3166: %w", opt.Country, crossholding.ErrUnknown)
	case opt.Duplicates != DuplicatesFault && opt.Duplicates != DuplicatesOnce && opt.Duplicates != DuplicatesAdd && opt.Duplicates != DuplicatesNewest:
		return crossholding.Book{}, in.report, fmt.Errorf("table: duplicates %q is not once, add or newest: %w", string(opt.Duplicates), crossholding.ErrUnknown)
	}
	if err := progress.Stopped(ctx, "table"); err != nil {
		return crossholding.Book{}, in.report, err
	}
	if err := in.read(ctx, r); err != nil {
		return crossholding.Book{}, in.report, err
	}
	b := in.book()
	if err := in.faults.Err(); err != nil {
		return crossholding.Book{}, in.report, err
	}
	return b, in.report, nil
}

// read reads all rows.
func (in *reader) read(ctx context.Context, r io.Reader) error {
	first, err := bounded.Open(r, &in.faults)
	if err != nil {
		return err
	}
	part := bounded.NewReader(first)
	rows := csv.NewReader(bufio.NewReaderSize(part, 1<<16))
	rows.Comma, rows.FieldsPerRecord, rows.ReuseRecord, rows.TrimLeadingSpace = in.opt.Comma, -1, true, true
	if rows.Comma == 0 {
		rows.Comma = guessComma(first)
	}
	rows.LazyQuotes = rows.Comma == '\t'
	stage := progress.Count(ctx, "table", 1<<14)
	last := 0 // the last line that was read
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return progress.Stopped(ctx, "table")
		}
		part.Next()
		fields, err := rows.Read()
		var bad *csv.ParseError
		switch {
		case err == io.EOF:
			stage.End()
			if n == 0 {
				in.faults.Add(0, crossholding.ErrMissing, "the table has no rows")
			}
			return in.faults.Err()
		case errors.Is(err, bounded.ErrLong):
			in.faults.Add(last+1, crossholding.ErrTooLarge, "a row has %s, perhaps because a quotation mark is not closed", err.Error())
			return in.faults.Err()
		case errors.As(err, &bad):
			in.line, last = bad.StartLine, bad.Line
			if in.columns != nil {
				in.report.Lines++
			}
			in.fault(crossholding.ErrSyntax, "%s", bad.Err.Error())
			continue
		case err != nil:
			return fmt.Errorf("table: %w", err)
		}
		in.line, _ = rows.FieldPos(0)
		last = in.line
		stage.At(n)
		if in.columns == nil {
			if err := in.header(fields); err != nil {
				return err
			}
			continue
		}
		in.row(fields)
	}
}

// guessComma returns the separator that the first line has most.
func guessComma(r *bufio.Reader) rune {
	head, _ := r.Peek(1 << 14) // a short file gives what it has
	line, _, _ := strings.Cut(string(head), "\n")
	best, most := ',', 0
	for _, c := range "\t;,|" {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// fault records a fault of the current row.
func (in *reader) fault(kind error, text string, args ...any) {
	in.faults.AddRecord(in.line, kind, text, args...)
}

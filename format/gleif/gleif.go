// Package gleif reads the Level 2 data of the Global LEI Foundation, which say who consolidates
// whom: relationship records, and the exceptions that entities report instead of a parent.
//
// It reads the XML of both files (RR-CDF 2.1 and reporting exceptions 2.1), and the CSV of the
// golden copy, whose columns are named by the path of the XML with points. The names of elements
// and of their values were compared with the style sheets by which the foundation reads its own
// XML, and with classes made of its schemas of 2016. Only the types of relationships of funds and
// the columns of the CSV were compared with programs of others (docs/FORMATS.md).
//
//   - IS_DIRECTLY_CONSOLIDATED_BY is a fact of control of the parent over the child. The data
//     do not say by what means. Accounting standards ask for power, which votes give in most
//     cases (IFRS 10.10 to 10.14, not verified), so it is [crossholding.ControlByVoting].
//   - IS_ULTIMATELY_CONSOLIDATED_BY repeats the end of the chain of direct parents. It is no
//     second fact if that chain is in the file, and else one of [crossholding.ControlByIndirect].
//   - A percentage of a direct parent is a stake, and its votes follow its shares.
//   - Branches and funds are apart from groups: see [Options.Branches] and [Options.Funds].
//   - An exception that says that a parent exists and is not named is a fact of control of a
//     company without a name. Other exceptions say that there is no parent.
//
// Level 2 data have no names of entities. The ids of the book are their LEIs.
package gleif

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/progress"
)

// Options say how to read a file. They are plain data. The zero value reads the groups of all
// active records, and fails if a record has a fault.
type Options struct {
	// AsOf is the day to look at. Relationships that begin later, or had ended on it, are
	// dropped. It is also the date of the book. Without it, every relationship that has
	// a last day is dropped.
	AsOf date.Date
	// Branches says that an international branch is a company of the book that its head office
	// controls. By default it is dropped, because it is the same legal person.
	Branches bool
	// Funds says that a fund is in the book: its manager and its umbrella fund control it, and a
	// feeder fund has a stake of unknown size in its master fund. By default these are dropped,
	// because they do not consolidate the fund.
	Funds bool
	// DropFaults says that a record with a fault is dropped, and the report has the fault. By
	// default Read fails, and its error has all faults.
	DropFaults bool
}

// Read reads one file of relationship records or of reporting exceptions, as XML or CSV. Of
// the periods of a relationship, RELATIONSHIP_PERIOD counts, and those of accounts and of
// filing do not. The lines of the report count records, and its notes have the lines of the
// file on which records begin.
//
// These are the rules of the report:
//
//	guessed    "means"       the means of direct parents, once for the whole file
//	           "kind"        entities are companies, once for the whole file
//	           "ultimate"    an ultimate parent of an entity that has no direct parent in the file
//	           "ambiguous"   a percentage of 1 or less, which may be a fraction: the band of both
//	           "lapsed"      nobody has renewed the record, and it is taken as it stands
//	           "date"        a day that is only a year or a month, and is that of AsOf
//	           "unnamed"     a parent that an exception does not name is a company of its own
//	           "unknown"     the size of the stake of a feeder fund is not stated
//	dropped    "ultimate"    the chain of direct parents leads to the ultimate parent
//	           "search"      the search for that chain looked at 10,000 holdings, or all searches
//	                         at 20,000,000, and was given up
//	           "branch", "fund" (see [Options]), "inactive", "ended", "future", "withdrawn" (the
//	           registration is annulled, retired, transferred, a duplicate or deleted),
//	           "quantifier" (a figure that is no percentage of a direct parent), "type",
//	           "exception" (of a category that is not known), "itself", "column", "no parent" (an
//	           exception that says so), "fault" (see [Options.DropFaults])
//	conflict   "parents"     an entity has several direct parents: all stand
//	           "ultimate"    the chain of direct parents does not lead to the ultimate parent,
//	                         which stands beside it
//	           "exception"   an entity has several exceptions of one category: the first stands
//	           "repeated", "differs", "together"  several percentages of one stake, or of one
//	                         entity more than 100%, as in the reader of FollowTheMoney
//
// Read keeps in memory what may be in the book, and one record of about 1 MiB at most. It
// fails with a [*crossholding.InputError] that has the lines of all faults, with the error of
// r, and with that of the context. What follows a fault in the syntax of XML cannot be read, so
// that Read then fails in any case.
func Read(ctx context.Context, r io.Reader, opt Options) (crossholding.Book, format.Report, error) {
	ctx = progress.OrBackground(ctx)
	in := newReader(opt)
	if err := progress.Stopped(ctx, "gleif"); err != nil {
		return crossholding.Book{}, in.report, err
	}
	if opt.AsOf != "" && !opt.AsOf.Valid() {
		return crossholding.Book{}, in.report, fmt.Errorf("gleif: as of %q: %w", string(opt.AsOf), crossholding.ErrDate)
	}
	file, err := bounded.Open(r, &in.faults)
	if err != nil {
		return crossholding.Book{}, in.report, err
	}
	read := in.csv
	if isXML(file) {
		read = in.xml
	}
	if err := read(ctx, file); err != nil {
		return crossholding.Book{}, in.report, err
	}
	b := in.book()
	if err := in.faults.Err(); err != nil {
		return crossholding.Book{}, in.report, err
	}
	return b, in.report, nil
}

// isXML reports whether the first character that is no blank begins an XML tag.
func isXML(r *bufio.Reader) bool {
	head, _ := r.Peek(1 << 12) // a short file gives what it has
	for _, c := range head {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		}
		return c == '<'
	}
	return false
}

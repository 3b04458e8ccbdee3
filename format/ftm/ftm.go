// Package ftm reads and writes FollowTheMoney entities as JSON lines, the form in which lists of
// sanctions, leaks and company registers are published (followthemoney.tech, schema files
// Ownership.yaml, Control.yaml and Company.yaml).
//
//   - An Ownership is a stake. Its percentage is text as people write it: "25.5", "75 - 100%",
//     "50%+". Votes follow shares, because FollowTheMoney knows no votes.
//   - A Control is a fact of control, by the means of its controlType.
//   - A Directorship gives no control.
//   - [Report.Sanctioned] lists the entities with the topic "sanction". They are always in the
//     book, so that [compliance.Sanctions] takes them as the blocked parties.
//
// [compliance.Sanctions]: https://pkg.go.dev/github.com/crossholding/crossholding/compliance#Sanctions
package ftm

import (
	"context"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/format/internal/jsonline"
	"github.com/crossholding/crossholding/internal/progress"
)

// Options say how to read a file. They are plain data. The zero value reads all relations
// that have no last day, and fails if a line has a fault.
type Options struct {
	// AsOf is the day to look at. Relations that begin later, or had ended on it, are dropped. It
	// is also the date of the book. Without it, every relation that has a last day is dropped.
	AsOf date.Date
	// DropFaults says that a line with a fault is dropped, and the report has the fault. By
	// default Read fails, and its error has all faults.
	DropFaults bool
}

// Report is what Read made of a file. It is plain data.
type Report struct {
	format.Report
	// Sanctioned lists the ids of the entities that have the topic "sanction", sorted. Those
	// with the topics "sanction.linked" and "sanction.control" only are not in it: others have
	// derived these from the owners.
	Sanctioned []string `json:"sanctioned"`
}

// Read reads entities, one JSON object on each line, in any order. The ids of the book are
// those of the file. An entity in which somebody has a stake is a company of the book, and so
// are companies and organizations.
//
// The report lists what was guessed, dropped and in conflict. These are its rules:
//
//	guessed    "unlisted"    a relation names an entity that the file does not have: a company
//	           "kind"        a LegalEntity that nobody owns is a company, and so is a PublicBody or a
//	                         Trust that somebody owns
//	           "about"       a percentage such as "~30%": as if it were rounded at its last digit
//	           "unknown"     no percentage is stated: more than 0%
//	           "fraction"    a percentage that is no decimal, such as 33 1/3, is a narrow band
//	           "means"       a Control without one of the known types: by contract
//	           "date"        a day that is only a year or a month, and is that of AsOf
//	           "indirect"    an indirect Ownership with no chain behind it in the file is a stake
//	dropped    "ended", "future", "directorship", "schema" (entities of other schemata),
//	           "asset" (an Ownership of a thing), "person" (a person who is owned or controlled),
//	           "indirect" (its chain is in the file), "search" (the search for its chain looked at
//	           10,000 holdings, or all searches at 20,000,000, and was given up), "percentage" (a text that is no percentage),
//	           "count" (a number of shares), "country", "itself", "fault" (see [Options.DropFaults])
//	conflict   "entity"      two lines describe one entity in two ways: the first stands
//	           "percentage"  one relation has several percentages: the band of all
//	           "repeated"    two relations state the same stake with the same size: it counts once
//	           "older"       two relations state one stake: the one that begins later for certain stands
//	           "differs"     two relations state one stake in two ways: the band of both
//	           "rounded"     percentages add up to more than 100%, but not before they were rounded
//	           "together"    percentages add up to more than 100%: all lower ends are taken as 0%
//
// Read keeps in memory what is in the book, and one line of at most 1 MiB. It fails with a
// [*crossholding.InputError] that has the lines of all faults, with the error of r, and with
// that of the context. A line is faulty too if it has a key twice that Read needs. A file that is
// not UTF-8 from its first bytes has one fault. The report is complete up to the place of the
// error.
func Read(ctx context.Context, r io.Reader, opt Options) (crossholding.Book, Report, error) {
	ctx = progress.OrBackground(ctx)
	in := newReader(opt)
	if opt.AsOf != "" && !opt.AsOf.Valid() {
		return crossholding.Book{}, in.report, fmt.Errorf("ftm: as of %q: %w", string(opt.AsOf), crossholding.ErrDate)
	}
	if err := progress.Stopped(ctx, "ftm"); err != nil {
		return crossholding.Book{}, in.report, err
	}
	file, err := bounded.Open(r, &in.faults)
	if err != nil {
		return crossholding.Book{}, in.report, err
	}
	in.report.Lines, err = jsonline.Each(ctx, file, "ftm", func(number int, line []byte, fault error) {
		if in.line = number; fault != nil {
			in.fault(crossholding.ErrTooLarge, "%s", fault.Error())
			return
		}
		in.entity(line)
	})
	if err != nil {
		return crossholding.Book{}, in.report, err
	}
	b := in.book()
	if err := in.faults.Err(); err != nil {
		return crossholding.Book{}, in.report, err
	}
	return b, in.report, nil
}

// fault records a fault of the current line.
func (in *reader) fault(kind error, text string, args ...any) {
	in.faults.AddRecord(in.line, kind, text, args...)
}

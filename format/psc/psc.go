// Package psc reads the United Kingdom's register of people with significant control: the
// snapshot of Companies House, which has one JSON object on each line.
//
// The register knows bands, not figures: more than 25% but not more than 50%, more than 50%
// but less than 75%, and 75% or more (Companies Act 2006, sch. 1A, and the Register of People
// with Significant Control Regulations 2016, sch. 2; the ends were not verified there). It has
// them for shares and for votes apart. [Read] makes stakes with these bands, and facts of
// control for the other natures of control:
//
//   - Shares and votes in the same band are one stake of ordinary shares. If they differ for
//     one owner of a company, the company has two classes: "capital" without votes, and "votes"
//     without dividend. The right to surplus assets of a partnership counts as capital.
//   - An owner of whom one of the two is stated has not more than 25% of the other, because the
//     register would state more. [Options.VotesFollowShares] reads it otherwise.
//   - The right to appoint or remove most of the board is control by appointment. Significant
//     influence or control is control by contract or statutes. It is less than control in
//     some cases, and the register does not say in which.
//   - What is held through a trust or a firm is the stake of a party that stands for the trust or
//     firm, and the owner controls that party. Owners of one company with the same natures
//     through a trust control the same trust.
//
// The register counts shares that are held together, or through one another, for each owner in
// full. So the bands of a company's owners can add up to more than 100%. Their lower ends are
// then taken as 0%, and the report says so.
package psc

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

// Options say how to read a snapshot. They are plain data. The zero value reads all records
// that have not ceased, and fails if a line has a fault.
type Options struct {
	// AsOf is the day to look at. Records that were notified later, or had ceased on it, are
	// dropped. It is also the date of the book. Without it, every record that has a day on
	// which it ceased is dropped.
	AsOf date.Date
	// VotesFollowShares says that an owner of whom shares are stated and no votes has votes in
	// the same band. By default such an owner has not more than 25% of the votes.
	VotesFollowShares bool
	// DropFaults says that a line with a fault is dropped, and the report has the fault. By
	// default Read fails, and its error has all faults.
	DropFaults bool
}

// Read reads a snapshot. The ids of companies are their registration numbers. An owner with
// a British registration number is the company of that number. A person is taken for the
// same in several companies if the name, in any capitals, and the month of birth are the same.
// Owners whom the register does not name are persons with a stake of unknown size. A legal person
// is a state, or a company if its name ends in a legal form, such as "Parent Ltd".
//
// The report lists what was dropped, guessed and in conflict. These are its rules:
//
//	guessed     "person"     the same person as in another company, by name and month of birth
//	            "number"     a registration number without a country, taken as British
//	            "unstated"   shares without votes, or votes without shares
//	            "unknown"    an owner whom the register does not name: a person
//	            "kind"       a legal person is a state or a company
//	            "vehicle"    those through whom owners hold are a party: a trust, or a company for a firm
//	dropped     "ceased", "future", "statement", "exemption", "nature", "no nature", "kind",
//	            "itself" (an owner of itself), "fault" (see [Options.DropFaults])
//	conflict    "repeated"   two records of one owner in one company say the same
//	            "older"      two records of one owner in one company differ; the newer stands
//	            "together"   bands that add up to more than 100%
//	            "total"      the file does not have the number of records that it says
//
// Read keeps in memory what is in the book, and one line of at most 1 MiB. It fails with a
// [*crossholding.InputError] that has the lines of all faults, with the error of r, and
// with that of the context. A line is faulty too if it has a key twice that Read needs. A file that
// is not UTF-8 from its first bytes has one fault. The report is complete up to the place of the
// error.
func Read(ctx context.Context, r io.Reader, opt Options) (crossholding.Book, format.Report, error) {
	ctx = progress.OrBackground(ctx)
	if opt.AsOf != "" && !opt.AsOf.Valid() {
		return crossholding.Book{}, format.Report{}, fmt.Errorf("psc: as of %q: %w", string(opt.AsOf), crossholding.ErrDate)
	}
	in := newReader(opt)
	if err := progress.Stopped(ctx, "psc"); err != nil {
		return crossholding.Book{}, in.report, err
	}
	file, err := bounded.Open(r, &in.faults)
	if err != nil {
		return crossholding.Book{}, in.report, err
	}
	in.report.Lines, err = jsonline.Each(ctx, file, "psc", func(number int, line []byte, fault error) {
		if in.line = number; fault != nil {
			in.fault(crossholding.ErrTooLarge, "%s", fault.Error())
			return
		}
		in.record(line)
	})
	if err != nil {
		return crossholding.Book{}, in.report, err
	}
	if err := in.faults.Err(); err != nil {
		return crossholding.Book{}, in.report, err
	}
	b := in.book()
	return b, in.report, nil
}

// fault records a fault of the current line.
func (in *reader) fault(kind error, text string, args ...any) {
	in.faults.AddRecord(in.line, kind, text, args...)
}

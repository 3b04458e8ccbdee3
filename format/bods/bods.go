// Package bods reads and writes statements of the Beneficial Ownership Data Standard of Open
// Ownership. It reads versions 0.2, 0.3 and 0.4, and writes version 0.4.
//
//   - An interest of type shareholding is a stake, and one of votingRights is votes. A share that
//     is exact is a percentage; a minimum, a maximum and their exclusive forms are a band. If the
//     votes of somebody differ from the shares, the company has two classes: "capital" without
//     votes, and "votes" without dividend. Votes that are not stated follow the shares.
//   - appointmentOfBoard, otherInfluenceOrControl, controlViaCompanyRulesOrArticles,
//     controlByLegalFramework and rightsGrantedByContract are facts of control if the statement
//     says that they make a beneficial owner. The standard lets only natural persons be that, so
//     for an entity they are facts in any case, and the report says so.
//   - A trustee controls the trust. A beneficiary has shares of it without votes. Settlors and
//     protectors do not control it.
//   - A nominee holds for the nominator, who directs the votes.
//   - An arrangement with several parties, which is neither a trust nor a nomination, is a joint
//     holding: its shares count once, and the parties act in concert. It is a party of
//     [crossholding.KindJoint] with them as members, unless one of them has shares of it, controls
//     it or is an arrangement of several itself.
//   - An interest that is indirect is left out if the file has the chain through which it is held.
//   - An unspecified party is a party of its own, an unknown owner of the company.
package bods

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/progress"
)

// Options say how to read a file. They are plain data. The zero value reads what stands after
// all statements, and fails if a statement has a fault.
type Options struct {
	// AsOf is the day to look at. Statements of a later date do not count, and neither do
	// interests that begin later or had ended. It is also the date of the book. Without it, the
	// last statement about each record stands, and interests that have an end are dropped.
	AsOf date.Date
	// DropFaults says that a statement with a fault is dropped, and the report has the fault.
	// By default Read fails, and its error has all faults.
	DropFaults bool
}

// Read reads statements: a JSON list of them, or one after another, such as one on each line.
// The ids of the book are record ids. Before version 0.4 they are the ids of the statements
// that stand, and references to a statement that was replaced lead to the one that replaced it.
//
// Lines of the report are those on which statements begin, and Report.Lines is the number of
// statements. The report has the rules of stakes ("unstated", "unknown", "fraction", "itself",
// "repeated", "older", "differs", "rounded", "together", as in package ftm) and these:
//
//	guessed    "unlisted"     a relationship names a record that the file does not have: a company
//	           "unspecified"  a party that is not specified is an unknown owner, and a person
//	           "kind"         an entity of another type, such as an arrangement of one party, is a
//	                          company, and so is a trust or a state that somebody owns
//	           "entity"       a right of control of an entity is a fact of control
//	           "economic"     a right to profits or assets where no shares are stated: shares
//	           "beneficiary"  the only beneficiary of a trust has all of it
//	           "nominee"      a nominee holds for its nominator
//	           "joint"        the parties of an arrangement act in concert
//	           "date"         a day that is only a year or a month, and is that of AsOf
//	           "indirect"     an indirect interest with no chain in the file is taken as direct
//	dropped    "later", "replaced", "closed", "ended", "future", "no owner" (there is none, or none
//	           that must be stated), "no interest", "no subject", "influence" (it makes no
//	           beneficial owner), "official" (directors and managers), "trust role", "economic",
//	           "conditional", "assets", "unknown interest", "type" (an unknown interest),
//	           "indirect" (its chain is in the file), "search" (the search for its chain looked at
//	           10,000 holdings, or all searches at 20,000,000, and was given up), "person" (a person who is owned), "itself",
//	           "country", "nominees", "joint", "fault" (see [Options.DropFaults])
//	conflict   "cycle"        statements that replace one another: none of them is replaced
//	           "open"         a relationship stands, and the record of its party is closed
//	           "nominees"     several nominators of one nominee: it holds for itself
//
// Read keeps in memory the last statement about each record, and one statement of at most
// 1 MiB. It fails with a [*crossholding.InputError] that has the lines of all faults, with the
// error of r, and with that of the context. A statement is faulty too if it has a key twice that
// Read needs, or two keys of one meaning from two versions. A file that is not UTF-8 from its
// first bytes has one fault. The report is complete up to the place of the error.
func Read(ctx context.Context, r io.Reader, opt Options) (crossholding.Book, format.Report, error) {
	ctx = progress.OrBackground(ctx)
	in := newReader(opt)
	if opt.AsOf != "" && !opt.AsOf.Valid() {
		return crossholding.Book{}, in.report, fmt.Errorf("bods: as of %q: %w", string(opt.AsOf), crossholding.ErrDate)
	}
	if err := progress.Stopped(ctx, "bods"); err != nil {
		return crossholding.Book{}, in.report, err
	}
	source, err := bounded.Open(r, &in.faults)
	if err != nil {
		return crossholding.Book{}, in.report, err
	}
	stage := progress.Count(ctx, "bods", 1<<14)
	file := newStatements(source, func(line []byte) bool { return in.parser.statement(line) == nil })
	for {
		if in.report.Lines%1024 == 0 && ctx.Err() != nil {
			return crossholding.Book{}, in.report, progress.Stopped(ctx, "bods")
		}
		text, line, err := file.next()
		if err == io.EOF {
			break
		}
		in.report.Lines++
		stage.At(in.report.Lines)
		var bad syntaxError
		switch {
		case errors.Is(err, errLong):
			in.faults.AddRecord(line, crossholding.ErrTooLarge, "%s", err.Error())
		case errors.As(err, &bad):
			in.faults.AddRecord(line, crossholding.ErrSyntax, "%s", err.Error())
		case err != nil:
			return crossholding.Book{}, in.report, fmt.Errorf("bods: line %d: %w", line, err)
		default:
			if !file.done {
				if err := in.parser.statement(text); err != nil {
					in.faults.AddRecord(line, crossholding.ErrSyntax, "%s", err.Error())
					continue
				}
			}
			in.statement(line)
		}
	}
	stage.End()
	b := in.book()
	if err := in.faults.Err(); err != nil {
		return crossholding.Book{}, in.report, err
	}
	return b, in.report, nil
}

// Package ocf reads the stock of a company from files of the Open Cap Format (OCF): its
// stakeholders, its stock classes, its stock transactions, and the rights to new shares.
//
// The book is the company before its first transaction: it has all classes, no shares that are
// issued, and all stakeholders. The scenario has the transactions as steps, in the order of their
// dates. So [scenario.Run] gives the cap table after each transaction.
//
// In OCF a transfer, a conversion or a repurchase of a part ends a security, and issues others by
// TX_STOCK_ISSUANCE objects, which it names. Those are no new shares, and so no step.
//
// Warrants, convertibles, options and share units that are to a definite number of shares of one
// class are rights ([crossholding.Right]) with the id of the security. Their shares are new when
// the right is exercised. A split does not change a right, because OCF does not say how.
//
// The names of objects and fields are those of the schemas of the Open Cap Table Coalition
// (repository Open-Cap-Format-OCF, version 1.2.1-alpha, schema/objects and schema/types), and were
// compared with them.
package ocf

import (
	"context"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/scenario"
)

// Options say how to read files. They are plain data. The zero value reads all transactions,
// and fails if an object has a fault.
type Options struct {
	AsOf date.Date // transactions of later days are dropped
	// DropFaults says that an object with a fault is dropped, and the report has the fault. By
	// default Read fails, and its error has all faults. Transactions of a security that
	// has been dropped are faults too.
	DropFaults bool
}

// Read reads the files of one company in any order: the manifest, stakeholders, stock classes and
// transactions, each a JSON object with a list "items" or the "issuer". The ids of the company
// and of the parties are those of the files. A class has its name, or its id if two classes
// have one name. The lines of the report count objects over all files, from 1.
//
// The steps are those of docs/EVENTS.md. A security that is reissued to its holder, and securities
// that are joined, move no share and have no step. These are the rules of the report:
//
//	guessed    "date"      a transaction without a date, which is taken as the first
//	           "kind"      an institution is a company, and a stakeholder of no known type a
//	                       company by a legal form in its name, or a person
//	           "vesting"   a right of which a part cannot be exercised yet, taken as a whole
//	dropped    "type"      objects of other types
//	           "right"     a right to no definite number of shares of one class, with the reason:
//	                       it follows from a price, or is an estimate, a least or a greatest number
//	           "future"    a transaction after the day to look at
//	           "fault"     see [Options.DropFaults]
//	conflict   "balance"   the security that is left has another number of shares than are left
//
// Read keeps all objects that it needs in memory, and one object of about 1 MiB at most. It fails
// with a [*crossholding.InputError] that has the numbers of all faulty objects, with the error of
// a reader, and with that of the context.
func Read(ctx context.Context, files []io.Reader, opt Options) (crossholding.Book, scenario.Scenario, format.Report, error) {
	ctx = progress.OrBackground(ctx)
	in := &reader{opt: opt, classes: map[string]string{}, holders: map[string]bool{}, securities: map[string]*security{},
		rights: map[string]*grantedRight{}, plans: map[string][]string{}}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	fail := func(err error) (crossholding.Book, scenario.Scenario, format.Report, error) {
		return crossholding.Book{}, scenario.Scenario{}, in.report, err
	}
	if err := progress.Stopped(ctx, "ocf"); err != nil {
		return fail(err)
	}
	if opt.AsOf != "" && !opt.AsOf.Valid() {
		return fail(fmt.Errorf("ocf: as of %q: %w", string(opt.AsOf), crossholding.ErrDate))
	}
	for _, r := range files {
		if err := in.file(ctx, r); err != nil {
			return fail(err)
		}
	}
	b := in.book()
	s := in.scenario()
	if err := in.faults.Err(); err != nil {
		return fail(err)
	}
	return b, s, in.report, nil
}

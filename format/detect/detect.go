// Package detect reads a file of any known form by looking at how it begins: the JSON book of
// this library, beneficial ownership data (BODS), FollowTheMoney entities, who consolidates whom
// by the Global LEI Foundation, GraphML, a cap table in the Open Cap Format (OCF), the British
// register of people with significant control, or a table.
package detect

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/bods"
	"github.com/crossholding/crossholding/format/ftm"
	"github.com/crossholding/crossholding/format/gleif"
	"github.com/crossholding/crossholding/format/graphtext"
	"github.com/crossholding/crossholding/format/psc"
	"github.com/crossholding/crossholding/format/table"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
)

// Form is the form of a file.
type Form string

// These are the forms.
const (
	Book    Form = "book"    // the JSON of [crossholding.ReadBook]
	BODS    Form = "bods"    // package bods
	FTM     Form = "ftm"     // package ftm
	GLEIF   Form = "gleif"   // package gleif
	GraphML Form = "graphml" // package graphtext
	OCF     Form = "ocf"     // package ocf: a ZIP file, a folder, or a file of it
	PSC     Form = "psc"     // package psc
	Table   Form = "table"   // package table
)

// Forms returns all forms: the book, and then the others in the order of their names.
func Forms() []Form { return []Form{Book, BODS, FTM, GLEIF, GraphML, OCF, PSC, Table} }

// headSize is the number of bytes by which a form is known.
const headSize = 64 << 10

// keys are keys of the first object of a JSON file by which its form is known.
var keys = []struct {
	form Form
	all  []string
}{
	{Book, []string{"companies"}}, {Book, []string{"stakes"}}, {Book, []string{"parties"}}, {Book, []string{"as_of"}},
	{BODS, []string{"statementId"}}, {BODS, []string{"statementID"}},
	{FTM, []string{"schema", "properties"}},
	{OCF, []string{"file_type"}},
	{PSC, []string{"company_number", "data"}}, {PSC, []string{"data"}},
}

// roots are outer elements of XML files by which their form is known.
var roots = map[string]Form{
	"graphml":          GraphML,
	"RelationshipData": GLEIF, "RRData": GLEIF, "RelationshipRecords": GLEIF, "RelationshipRecord": GLEIF,
	"ReportingExceptionData": GLEIF, "ReportingExceptions": GLEIF, "Exception": GLEIF,
}

// gleifColumns are names of columns that no other table has.
var gleifColumns = []string{"Relationship.StartNode.NodeID", "Exception.Category"}

// zipped is how a ZIP file begins.
const zipped = "PK\x03\x04"

// Of returns the form of a file that begins with head, of which the first 64 KiB are enough. A ZIP
// file is one of OCF. A file that is no ZIP, JSON or XML is a table, but for the CSV of the Global
// LEI Foundation. It fails with [crossholding.ErrSyntax] for a file that is empty, and for JSON
// and XML of no known form.
func Of(head []byte) (Form, error) {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	switch {
	case len(head) == 0:
		return "", fmt.Errorf("detect: the file is empty: %w", crossholding.ErrSyntax)
	case bytes.HasPrefix(head, []byte(zipped)):
		return OCF, nil
	case head[0] == '<':
		return ofXML(head)
	case head[0] != '{' && head[0] != '[':
		first, _, _ := bytes.Cut(head, []byte("\n"))
		for _, name := range gleifColumns {
			if bytes.Contains(first, []byte(name)) {
				return GLEIF, nil
			}
		}
		return Table, nil
	}
	found := firstKeys(head)
	for _, k := range keys {
		all := true
		for _, name := range k.all {
			all = all && found[name]
		}
		if all {
			return k.form, nil
		}
	}
	return "", fmt.Errorf("detect: the file is JSON of no known form: %w", crossholding.ErrSyntax)
}

// ofXML returns the form of an XML file by its outer element.
func ofXML(head []byte) (Form, error) {
	d := xml.NewDecoder(bytes.NewReader(head))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // names are ASCII
	for {
		t, err := d.Token()
		if start, ok := t.(xml.StartElement); ok && roots[start.Name.Local] != "" {
			return roots[start.Name.Local], nil
		} else if err != nil || ok {
			return "", fmt.Errorf("detect: the file is XML of no known form: %w", crossholding.ErrSyntax)
		}
	}
}

// firstKeys returns the keys of the first object of a JSON text, which may be cut off. The
// object can be the first of a list.
func firstKeys(head []byte) map[string]bool {
	out := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(head))
	depth, isKey := 0, false
	for {
		t, err := d.Token()
		if err != nil {
			return out
		}
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{':
				depth++
				isKey = depth == 1
				continue
			case '[':
				if depth > 0 {
					depth++
				}
			default:
				depth--
				if depth <= 0 {
					return out
				}
			}
		case string:
			if depth == 1 && isKey {
				out[t] = true
				isKey = false
				continue
			}
		}
		isKey = depth == 1
	}
}

// Options say how to read a file. They are plain data. The zero value lets the form be
// detected.
type Options struct {
	Form Form // of the file; default: as it looks
	// AsOf is the day to look at, for forms that hold several days. A book has its own day.
	AsOf       date.Date
	DropFaults bool // records with a fault are dropped, and the report has the fault
	// Table says how to read a table. Its AsOf and DropFaults do not count.
	Table table.Options
}

// Result is what was read of a file.
type Result struct {
	// Book is the book. Of a cap table it is that after all transactions, or on the day to look at.
	Book   crossholding.Book
	Form   Form
	Report format.Report // of a book, only its stakes are counted
	// Sanctioned lists the ids that the file marks as under sanctions, sorted.
	Sanctioned []string
}

// Read reads a file. It fails with the errors of [Of], with [crossholding.ErrUnknown] for an
// unknown form, and with those of the package that reads the form. The result has the form and
// the report as far as they are known.
func Read(ctx context.Context, r io.Reader, opt Options) (Result, error) {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, "detect"); err != nil {
		return Result{}, err
	}
	in := bufio.NewReaderSize(r, headSize)
	out := Result{Form: opt.Form}
	if out.Form == "" {
		head, err := in.Peek(headSize)
		if err != nil && err != io.EOF {
			return out, fmt.Errorf("detect: %w", err)
		}
		if out.Form, err = Of(head); err != nil {
			return out, err
		}
	}
	var err error
	switch out.Form {
	case Book:
		err = out.book(in)
	case BODS:
		out.Book, out.Report, err = bods.Read(ctx, in, bods.Options{AsOf: opt.AsOf, DropFaults: opt.DropFaults})
	case FTM:
		var report ftm.Report
		out.Book, report, err = ftm.Read(ctx, in, ftm.Options{AsOf: opt.AsOf, DropFaults: opt.DropFaults})
		out.Report, out.Sanctioned = report.Report, report.Sanctioned
	case GLEIF:
		out.Book, out.Report, err = gleif.Read(ctx, in, gleif.Options{AsOf: opt.AsOf, DropFaults: opt.DropFaults})
	case GraphML:
		out.Book, out.Report, err = graphtext.ReadGraphML(ctx, in, graphtext.ReadOptions{DropFaults: opt.DropFaults})
	case OCF:
		err = out.ocf(ctx, in, opt)
	case PSC:
		out.Book, out.Report, err = psc.Read(ctx, in, psc.Options{AsOf: opt.AsOf, DropFaults: opt.DropFaults})
	case Table:
		opt.Table.AsOf, opt.Table.DropFaults = opt.AsOf, opt.DropFaults
		out.Book, out.Report, err = table.Read(ctx, in, opt.Table)
	default:
		words := make([]string, 0, len(Forms()))
		for _, f := range Forms() {
			words = append(words, string(f))
		}
		err = fmt.Errorf("detect: form %q, which can be %s or nothing: %w", text.Truncate(string(out.Form), 60), strings.Join(words, ", "), crossholding.ErrUnknown)
	}
	return out, err
}

// book reads the JSON of this library.
func (out *Result) book(r io.Reader) error {
	a, err := crossholding.ReadBook(r)
	if err != nil {
		return err
	}
	out.Book = a.Book()
	out.Report.Lines, out.Report.Read = len(out.Book.Stakes), len(out.Book.Stakes)
	return nil
}

package gleif

import (
	"bufio"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/progress"
)

// xml reads all records of an XML file.
func (in *reader) xml(ctx context.Context, r *bufio.Reader) error {
	part := bounded.NewReader(r)
	d := xml.NewDecoder(part)
	stage := progress.Count(ctx, "gleif", 1<<14)
	depth := 0
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return progress.Stopped(ctx, "gleif")
		}
		stage.At(in.report.Lines)
		part.Next()
		token, err := d.Token()
		if err == io.EOF {
			stage.End()
			if in.report.Lines == 0 {
				in.faults.Add(0, crossholding.ErrMissing, "the file has no element RelationshipRecord or Exception")
			}
			return in.faults.Err()
		}
		if err == nil {
			err = in.token(d, token, &depth)
		}
		if err != nil {
			return in.broken(d, err)
		}
	}
}

// maxDepth is the largest depth of elements outside of records.
const maxDepth = 100

// token takes what is not in a record, and the record that it begins.
func (in *reader) token(d *xml.Decoder, token xml.Token, depth *int) error {
	switch t := token.(type) {
	case xml.EndElement:
		*depth--
	case xml.StartElement:
		if name := t.Name.Local; name == "RelationshipRecord" || name == "Exception" {
			in.line = lineOf(d)
			var f fields
			if err := f.element(d, name); err != nil {
				return err
			}
			in.record(&f)
			return nil
		}
		if *depth++; *depth > maxDepth {
			return &xml.SyntaxError{Msg: "elements lie too deep", Line: lineOf(d)}
		}
	}
	return nil
}

// broken returns the error of a file that cannot be read on.
func (in *reader) broken(d *xml.Decoder, err error) error {
	line := lineOf(d)
	if text, kind := bounded.XMLFault(err); kind != nil {
		in.faults.Add(line, kind, "%s", text)
		return in.faults.Err()
	}
	return fmt.Errorf("gleif: line %d: %w", line, err)
}

// element reads the fields of a record up to its end. Elements are known by their names without
// the name space, because files have several prefixes.
func (f *fields) element(d *xml.Decoder, record string) error {
	var text []byte
	path := []string{record}
	for len(path) > 0 {
		token, err := d.Token()
		if err == io.EOF {
			return &xml.SyntaxError{Msg: "unexpected EOF", Line: lineOf(d)}
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			f.open(t.Name.Local)
			text = text[:0]
		case xml.CharData:
			text = append(text, t...)
		case xml.EndElement:
			if n := len(path); n > 1 {
				f.set(path[n-2], path[n-1], strings.TrimSpace(string(text)))
			}
			path = path[:len(path)-1]
			text = text[:0]
		}
	}
	return nil
}

func lineOf(d *xml.Decoder) int {
	line, _ := d.InputPos()
	return line
}

// open begins an item of a list.
func (f *fields) open(name string) {
	switch name {
	case "RelationshipPeriod":
		f.periods = append(f.periods, period{})
	case "RelationshipQualifier":
		f.qualifiers = append(f.qualifiers, qualifier{})
	case "RelationshipQuantifier":
		f.quantifiers = append(f.quantifiers, quantifier{})
	}
}

// set sets the field that an element of a parent element has. Elements without a field are
// skipped.
func (f *fields) set(parent, name, text string) {
	switch parent {
	case "RelationshipPeriod":
		f.periods[len(f.periods)-1].set(name, text)
	case "RelationshipQualifier":
		f.qualifiers[len(f.qualifiers)-1].set(name, text)
	case "RelationshipQuantifier":
		f.quantifiers[len(f.quantifiers)-1].set(name, text)
	default:
		f.field(parent, name, text)
	}
}

// field sets a field that is not in a list.
func (f *fields) field(parent, name, text string) {
	switch name {
	case "NodeID":
		switch parent {
		case "StartNode":
			f.child = text
		case "EndNode":
			f.parent = text
		}
	case "RelationshipType":
		f.kind = text
	case "RelationshipStatus":
		f.status = text
	case "RegistrationStatus":
		f.registration = text
	case "LEI":
		if parent == "Exception" {
			f.lei = text
		}
	case "ExceptionCategory":
		f.category = text
	case "ExceptionReason":
		if text != "" {
			f.reasons = append(f.reasons, text)
		}
	case "DeletedAt":
		f.deleted = text != ""
	}
}

// set sets a field of a period. The golden copy's CSV has the names in small letters.
func (p *period) set(name, text string) {
	switch {
	case strings.EqualFold(name, "StartDate"):
		p.from = text
	case strings.EqualFold(name, "EndDate"):
		p.end = text
	case strings.EqualFold(name, "PeriodType"):
		p.kind = text
	}
}

func (q *qualifier) set(name, text string) {
	switch name {
	case "QualifierDimension":
		q.dimension = text
	case "QualifierCategory":
		q.category = text
	}
}

func (q *quantifier) set(name, text string) {
	switch name {
	case "MeasurementMethod":
		q.method = text
	case "QuantifierAmount":
		q.amount = text
	case "QuantifierUnits":
		q.units = text
	}
}

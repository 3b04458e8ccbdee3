package gleif

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/progress"
)

// xml reads all records of an XML file.
func (in *reader) xml(ctx context.Context, r *bufio.Reader) error {
	file := newXMLFile(r)
	stage := progress.Count(ctx, "gleif", 1<<14)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return progress.Stopped(ctx, "gleif")
		}
		stage.At(in.report.Lines)
		line, err := file.next(&in.fields)
		switch bad, _ := err.(xmlError); {
		case err == io.EOF:
			stage.End()
			if in.report.Lines == 0 {
				in.faults.Add(0, crossholding.ErrMissing, "the file has no element RelationshipRecord or Exception")
			}
			return in.faults.Err()
		case err != nil:
			return in.broken(bad)
		case line > 0:
			in.line = line
			in.record(&in.fields)
		}
	}
}

// maxDepth is the largest depth of elements outside of records.
const maxDepth = 100

// broken returns the error of a file that cannot be read on.
func (in *reader) broken(bad xmlError) error {
	if text, kind := bounded.XMLFault(bad.error); kind != nil {
		in.faults.Add(bad.line, kind, "%s", text)
		return in.faults.Err()
	}
	return fmt.Errorf("gleif: line %d: %w", bad.line, bad.error)
}

// element reads the fields of a record up to its end. Elements are known by their names without
// the name space, because files have several prefixes.
func (f *fields) element(d *xml.Decoder, record string) error {
	f.reset()
	var text []byte
	path := []string{record}
	for len(path) > 0 {
		token, err := d.Token()
		if err == io.EOF {
			return &xml.SyntaxError{Msg: "unexpected EOF"}
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			f.open([]byte(t.Name.Local))
			text = text[:0]
		case xml.CharData:
			text = append(text, t...)
		case xml.EndElement:
			if n := len(path); n > 1 {
				f.set([]byte(path[n-2]), []byte(path[n-1]), bytes.Clone(bytes.TrimSpace(text)))
			}
			path = path[:len(path)-1]
			text = text[:0]
		}
	}
	return nil
}

// open begins an item of a list.
func (f *fields) open(name []byte) {
	switch string(name) {
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
func (f *fields) set(parent, name, text []byte) {
	switch string(parent) {
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
func (f *fields) field(parent, name, text []byte) {
	switch string(name) {
	case "NodeID":
		switch string(parent) {
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
		if string(parent) == "Exception" {
			f.lei = text
		}
	case "ExceptionCategory":
		f.category = text
	case "ExceptionReason":
		if len(text) > 0 {
			f.reasons = append(f.reasons, text)
		}
	case "DeletedAt":
		f.deleted = len(text) > 0
	}
}

// set sets a field of a period. The golden copy's CSV has the names in small letters.
func (p *period) set(name, text []byte) {
	switch {
	case bytes.EqualFold(name, []byte("StartDate")):
		p.from = text
	case bytes.EqualFold(name, []byte("EndDate")):
		p.end = text
	case bytes.EqualFold(name, []byte("PeriodType")):
		p.kind = text
	}
}

func (q *qualifier) set(name, text []byte) {
	switch string(name) {
	case "QualifierDimension":
		q.dimension = text
	case "QualifierCategory":
		q.category = text
	}
}

func (q *quantifier) set(name, text []byte) {
	switch string(name) {
	case "MeasurementMethod":
		q.method = text
	case "QuantifierAmount":
		q.amount = text
	case "QuantifierUnits":
		q.units = text
	}
}

package gleif

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/progress"
)

// column is where the field of a column belongs.
type column struct {
	parent, name string // as in the XML, or empty for a column that no book needs
	item         int    // of a list, from 1
}

// maxItems is the largest number of items of one list.
const maxItems = 100

// lists are the lists of a record by their names in the CSV.
var lists = map[string]string{"Period": "RelationshipPeriod", "Qualifiers": "RelationshipQualifier", "Quantifiers": "RelationshipQuantifier"}

// columnOf returns where a column such as "Relationship.Period.1.startDate" belongs. It returns
// false if the column has no name of the golden copy.
func columnOf(header string) (column, bool) {
	path := strings.Split(strings.TrimSpace(header), ".")
	n := len(path)
	switch {
	case n == 1 && path[0] == "LEI":
		return column{"Exception", "LEI", 0}, true
	case n == 4 && path[0] == "Relationship" && lists[path[1]] != "":
		item, err := strconv.Atoi(path[2])
		return column{lists[path[1]], path[3], item}, err == nil && item >= 1 && item <= maxItems
	case n >= 2 && path[0] == "Exception":
		if path[1] == "Category" || path[1] == "Reason" {
			return column{"Exception", "Exception" + path[1], 0}, true
		}
		return column{}, path[1] == "Reference"
	case n == 3 && path[0] == "Relationship" && (path[1] == "StartNode" || path[1] == "EndNode"):
		return column{path[1], path[2], 0}, true
	case n == 2 && (path[0] == "Relationship" || path[0] == "Registration"):
		return column{path[0], path[1], 0}, true
	}
	return column{}, n > 1 && path[0] == "Registration"
}

// csv reads all records of a CSV file.
func (in *reader) csv(ctx context.Context, r *bufio.Reader) error {
	part := bounded.NewReader(r)
	rows := csv.NewReader(part)
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true
	stage := progress.Count(ctx, "gleif", 1<<14)
	var columns []column
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return progress.Stopped(ctx, "gleif")
		}
		stage.At(n)
		part.Next()
		row, err := rows.Read()
		var bad *csv.ParseError
		switch {
		case err == io.EOF:
			stage.End()
			if columns == nil {
				in.faults.Add(0, crossholding.ErrMissing, "the file has no records")
			}
			return in.faults.Err()
		case errors.Is(err, bounded.ErrLong):
			in.faults.Add(in.line+1, crossholding.ErrTooLarge, "a record has %s, perhaps because a quotation mark is not closed", err.Error())
			return in.faults.Err()
		case errors.As(err, &bad):
			in.report.Lines++
			in.line = bad.StartLine
			in.fault(crossholding.ErrSyntax, "%s", bad.Err.Error())
			continue
		case err != nil:
			return fmt.Errorf("gleif: line %d: %w", in.line+1, err)
		}
		in.line, _ = rows.FieldPos(0)
		if columns != nil {
			in.row(columns, row)
		} else if columns = in.header(row); columns == nil {
			return in.faults.Err()
		}
	}
}

// header returns the columns of a file, or nil with a fault if it has no records of Level 2.
func (in *reader) header(row []string) []column {
	columns := make([]column, len(row))
	need := map[string]bool{}
	for i, name := range row {
		c, ok := columnOf(name)
		if !ok {
			in.report.Dropped.Add(in.line, "column", "no known column: %q", name)
		}
		columns[i] = c
		need[c.parent+"."+c.name] = true
	}
	relations := need["StartNode.NodeID"] && need["EndNode.NodeID"] && need["Relationship.RelationshipType"]
	if relations || need["Exception.LEI"] && need["Exception.ExceptionCategory"] {
		return columns
	}
	in.faults.Add(in.line, crossholding.ErrMissing, "the first line has neither the columns Relationship.StartNode.NodeID, Relationship.EndNode.NodeID "+
		"and Relationship.RelationshipType nor the columns LEI and Exception.Category")
	return nil
}

// row reads one record.
func (in *reader) row(columns []column, row []string) {
	if len(row) != len(columns) {
		in.report.Lines++
		in.fault(crossholding.ErrSyntax, "the row has %d fields, and the first line has %d", len(row), len(columns))
		return
	}
	var f fields
	for i, text := range row {
		c := columns[i]
		if text = strings.TrimSpace(text); text == "" || c.name == "" {
			continue
		}
		f.grow(c)
		switch c.parent {
		case "RelationshipPeriod":
			f.periods[c.item-1].set(c.name, text)
		case "RelationshipQualifier":
			f.qualifiers[c.item-1].set(c.name, text)
		case "RelationshipQuantifier":
			f.quantifiers[c.item-1].set(c.name, text)
		default:
			f.field(c.parent, c.name, text)
		}
	}
	in.record(&f)
}

// grow makes the list of a column long enough for it.
func (f *fields) grow(c column) {
	switch c.parent {
	case "RelationshipPeriod":
		f.periods = append(f.periods, make([]period, max(c.item-len(f.periods), 0))...)
	case "RelationshipQualifier":
		f.qualifiers = append(f.qualifiers, make([]qualifier, max(c.item-len(f.qualifiers), 0))...)
	case "RelationshipQuantifier":
		f.quantifiers = append(f.quantifiers, make([]quantifier, max(c.item-len(f.quantifiers), 0))...)
	}
}

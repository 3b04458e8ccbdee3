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
	parent, name []byte // as in the XML, or empty for a column that no book needs
	list         list
	item         int // of a list, from 1
}

// list is a list of a record.
type list uint8

const (
	periods list = iota + 1
	qualifiers
	quantifiers
)

// lists are the lists of a record by their names in the CSV.
var lists = map[string]list{"Period": periods, "Qualifiers": qualifiers, "Quantifiers": quantifiers}

// maxItems is the largest number of items of one list.
const maxItems = 100

// needed are the fields that are not in a list.
var needed = map[string]bool{"NodeID": true, "RelationshipType": true, "RelationshipStatus": true, "RegistrationStatus": true,
	"LEI": true, "ExceptionCategory": true, "ExceptionReason": true, "DeletedAt": true}

// columnOf returns where a column such as "Relationship.Period.1.startDate" belongs. It returns
// false if the column has no name of the golden copy.
func columnOf(header string) (column, bool) {
	path := strings.Split(strings.TrimSpace(header), ".")
	n := len(path)
	of := func(parent, name string) column {
		if !needed[name] {
			return column{}
		}
		return column{parent: []byte(parent), name: []byte(name)}
	}
	switch {
	case n == 1 && path[0] == "LEI":
		return of("Exception", "LEI"), true
	case n == 4 && path[0] == "Relationship" && lists[path[1]] != 0:
		item, err := strconv.Atoi(path[2])
		if err != nil || item < 1 || item > maxItems {
			return column{}, false
		}
		return column{name: []byte(path[3]), list: lists[path[1]], item: item}, true
	case n >= 2 && path[0] == "Exception":
		if path[1] == "Category" || path[1] == "Reason" {
			return of("Exception", "Exception"+path[1]), true
		}
		return column{}, path[1] == "Reference"
	case n == 3 && path[0] == "Relationship" && (path[1] == "StartNode" || path[1] == "EndNode"):
		return of(path[1], path[2]), true
	case n == 2 && (path[0] == "Relationship" || path[0] == "Registration"):
		return of(path[0], path[1]), true
	}
	return column{}, n > 1 && path[0] == "Registration"
}

// csv reads all records of a CSV file.
func (in *reader) csv(ctx context.Context, r *bufio.Reader) error {
	part := bounded.NewReader(r)
	rows := csv.NewReader(bufio.NewReaderSize(part, 1<<16))
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
		need[string(c.parent)+"."+string(c.name)] = true
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
	f := &in.fields
	f.reset()
	for i, text := range row {
		c := &columns[i]
		if len(c.name) == 0 {
			continue
		}
		start := len(f.texts)
		if f.texts = append(f.texts, strings.TrimSpace(text)...); len(f.texts) == start {
			continue
		}
		value := f.texts[start:]
		f.grow(c)
		switch c.list {
		case periods:
			f.periods[c.item-1].set(c.name, value)
		case qualifiers:
			f.qualifiers[c.item-1].set(c.name, value)
		case quantifiers:
			f.quantifiers[c.item-1].set(c.name, value)
		default:
			f.field(c.parent, c.name, value)
		}
	}
	in.record(f)
}

// grow makes the list of a column long enough for it.
func (f *fields) grow(c *column) {
	switch c.list {
	case periods:
		f.periods = grown(f.periods, c.item)
	case qualifiers:
		f.qualifiers = grown(f.qualifiers, c.item)
	case quantifiers:
		f.quantifiers = grown(f.quantifiers, c.item)
	}
}

// grown returns a list of at least n items.
func grown[T any](l []T, n int) []T {
	var none T
	for len(l) < n {
		l = append(l, none)
	}
	return l
}

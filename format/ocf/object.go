package ocf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/progress"
)

// object is an object of a file, with the fields that are needed.
type object struct {
	Type       string    `json:"object_type"`
	ID         string    `json:"id"`
	Name       name      `json:"name"`
	LegalName  string    `json:"legal_name"`           // of the issuer
	Country    string    `json:"country_of_formation"` // of the issuer
	Holder     string    `json:"stakeholder_id"`       // of an issuance
	HolderType string    `json:"stakeholder_type"`     // of a stakeholder
	Votes      number    `json:"votes_per_share"`      // of a class
	Date       string    `json:"date"`                 // of a transaction
	Security   string    `json:"security_id"`          // that is issued or ends
	Securities []string  `json:"security_ids"`         // that are joined
	Class      string    `json:"stock_class_id"`       // that is issued or split
	Quantity   number    `json:"quantity"`             // of shares
	Converted  number    `json:"quantity_converted"`   // of a conversion
	SharePrice money     `json:"share_price"`          // of an issuance
	Price      money     `json:"price"`                // of a repurchase
	Results    []string  `json:"resulting_security_ids"`
	Result     string    `json:"resulting_security_id"` // of a consolidation
	Balance    string    `json:"balance_security_id"`
	Split      splitting `json:"split_ratio"`

	// Of rights to new shares, and of the plans that they are of.
	Plan               string          `json:"stock_plan_id"`
	Classes            []string        `json:"stock_class_ids"` // of a plan
	Compensation       string          `json:"compensation_type"`
	ExercisePrice      money           `json:"exercise_price"`
	Expiration         string          `json:"expiration_date"`
	WarrantExpiration  string          `json:"warrant_expiration_date"`
	QuantitySource     string          `json:"quantity_source"`
	VestingTerms       string          `json:"vesting_terms_id"`
	Vestings           json.RawMessage `json:"vestings"`
	ExerciseTriggers   json.RawMessage `json:"exercise_triggers"`
	ConversionTriggers json.RawMessage `json:"conversion_triggers"`
	ConversionRights   json.RawMessage `json:"conversion_rights"`

	line int
}

type money struct {
	Amount   number `json:"amount"`
	Currency string `json:"currency"`
}

type splitting struct {
	Numerator   number `json:"numerator"`
	Denominator number `json:"denominator"`
}

// number is a number, which OCF writes as a text or as a number.
type number string

func (n *number) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*n = number(s)
		return nil
	}
	var plain json.Number
	err := json.Unmarshal(b, &plain)
	*n = number(plain)
	return err
}

// name is the name of a class, or the legal name of a stakeholder.
type name string

func (n *name) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*n = name(s)
		return nil
	}
	var legal struct {
		Legal string `json:"legal_name"`
	}
	err := json.Unmarshal(b, &legal)
	*n = name(legal.Legal)
	return err
}

// reader holds what has been read.
type reader struct {
	opt    Options
	line   int
	report format.Report
	faults format.Faults

	issuer       *object
	stakeholders []object
	stock        []object
	transactions []object

	classes    map[string]string // names of classes by id
	holders    map[string]bool
	securities map[string]*security
	rights     map[string]*grantedRight
	plans      map[string][]string // ids of classes by id
	splits     int
}

func (in *reader) fault(kind error, text string, args ...any) {
	in.faults.AddRecord(in.line, kind, text, args...)
}

// file reads the objects of one file.
func (in *reader) file(ctx context.Context, r io.Reader) error {
	from := &source{r: r}
	file, err := bounded.Open(from, &in.faults)
	if err != nil {
		return err
	}
	part := bounded.NewReader(file)
	d := json.NewDecoder(part)
	stage := progress.Count(ctx, "ocf", 1<<14)
	open, err := d.Token()
	if err == nil && open != json.Delim('{') {
		err = errors.New("the file is no JSON object")
	}
	for err == nil && d.More() {
		part.Next()
		var key json.Token
		if key, err = d.Token(); err != nil {
			break
		}
		switch key {
		case "issuer":
			err = in.object(d, "ISSUER")
		case "items":
			err = in.items(ctx, d, part, &stage)
		default:
			var other json.RawMessage
			err = d.Decode(&other)
		}
	}
	if err == nil {
		_, err = d.Token()
	}
	if err == nil || ctx.Err() != nil {
		return progress.Stopped(ctx, "ocf")
	}
	return in.broken(err, from)
}

// items reads a list of objects.
func (in *reader) items(ctx context.Context, d *json.Decoder, part *bounded.Reader, stage *progress.Stage) error {
	open, err := d.Token()
	if err == nil && open != json.Delim('[') {
		err = errors.New("the items are no list")
	}
	for err == nil && d.More() {
		if in.report.Lines%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		stage.At(in.report.Lines)
		part.Next()
		err = in.object(d, "")
	}
	if err == nil {
		_, err = d.Token()
	}
	return err
}

// object reads one object. A type takes the place of the object's own.
func (in *reader) object(d *json.Decoder, kind string) error {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return err
	}
	in.line++
	in.report.Lines++
	o := object{line: in.line}
	if err := json.Unmarshal(raw, &o); err != nil {
		in.fault(crossholding.ErrSyntax, "the object cannot be read: %s", err.Error())
		return nil
	}
	if kind != "" {
		o.Type = kind
	}
	in.take(&o)
	return nil
}

// source remembers the error of a reader, which the decoder mixes with its own.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// broken returns the error of a file that cannot be read on.
func (in *reader) broken(err error, from *source) error {
	switch {
	case from.err != nil:
		return fmt.Errorf("ocf: after object %d: %w", in.line, from.err)
	case errors.Is(err, bounded.ErrLong):
		in.faults.Add(in.line+1, crossholding.ErrTooLarge, "an object has %s", err.Error())
	default:
		in.faults.Add(in.line+1, crossholding.ErrSyntax, "the file cannot be read on: %s", err.Error())
	}
	return in.faults.Err()
}

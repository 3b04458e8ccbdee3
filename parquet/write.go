package parquet

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math/big"
	"reflect"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
	pq "github.com/parquet-go/parquet-go"
	"github.com/shopspring/decimal"
)

// WriteOptions says how answers are written. The zero value is the default.
type WriteOptions struct {
	// Places are the places of a figure: DECIMAL(38, Places). If it is 0, there are 12. A figure
	// is the exact fraction, rounded half to even.
	Places int
	// Unanswered is called with each error of a list of interests, and with the company that has
	// no answer, if the list names it. The rest is written if it returns nil, and otherwise
	// its error ends the file. If Unanswered is nil, the first error ends the file.
	Unanswered func(company string, err error) error
}

const (
	defaultPlaces = 12
	rowsPerGroup  = 1 << 17 // what is kept in memory until it is written
)

// WriteInterests writes interests as they come, with the columns holder, issuer, capital,
// economic, integrated and first_passage. The figures are fractions of the company. It returns
// the number of rows.
//
// The list can be that of [crossholding.Ownership.Interests],
// [crossholding.CertifiedOwnership.OwnersAbove] or [Listed]. WriteInterests fails with the first
// error of the list, and with [crossholding.ErrRange] for places that are not within 1 and 37 or
// a figure that does not fit. What was written then is no whole file.
func WriteInterests(ctx context.Context, w io.Writer, interests iter.Seq2[crossholding.Interest, error], opt WriteOptions) (int64, error) {
	figures := []string{"capital", "economic", "integrated", "first_passage"}
	out, err := newWriter(ctx, w, []string{"holder", "issuer"}, figures, opt.Places)
	if err != nil {
		return 0, err
	}
	for i, err := range interests {
		if err != nil && opt.Unanswered != nil {
			if err = opt.Unanswered(i.Issuer, err); err == nil {
				continue
			}
		}
		if err != nil {
			return out.rows, by(err)
		}
		row := []ratio.Ratio{i.Capital, i.Economic, i.Integrated, i.FirstPassage}
		if err := out.write([]string{i.Holder, i.Issuer}, row); err != nil {
			return out.rows, err
		}
	}
	return out.close()
}

// WriteControl writes pairs of control as they come, with the columns controller and company. It
// returns the number of rows. The list can be that of [crossholding.Control.Pairs] or
// [crossholding.Control.Ultimates]. Its errors are those of [WriteInterests].
func WriteControl(ctx context.Context, w io.Writer, pairs iter.Seq2[crossholding.ControlRelation, error]) (int64, error) {
	out, err := newWriter(ctx, w, []string{"controller", "company"}, nil, 0)
	if err != nil {
		return 0, err
	}
	for p, err := range pairs {
		if err != nil {
			return out.rows, by(err)
		}
		if err := out.write([]string{p.Controller, p.Company}, nil); err != nil {
			return out.rows, err
		}
	}
	return out.close()
}

// WriteRow writes the certified figures of one holder in all companies, or of all owners in one
// company, with the columns name, which is the other side, and share, a fraction of the company. It returns
// the number of rows. Its errors are those of [WriteInterests].
func WriteRow(ctx context.Context, w io.Writer, row *crossholding.Row, opt WriteOptions) (int64, error) {
	out, err := newWriter(ctx, w, []string{"name"}, []string{"share"}, opt.Places)
	if err != nil {
		return 0, err
	}
	for name, share := range row.All() {
		r, err := ratio.FromDecimal(share)
		if err != nil {
			return out.rows, by(err)
		}
		if err := out.write([]string{name}, []ratio.Ratio{r}); err != nil {
			return out.rows, err
		}
	}
	return out.close()
}

// Listed makes a list of interests for [WriteInterests], such as those of
// [crossholding.Ownership.Owners].
func Listed(interests []crossholding.Interest) iter.Seq2[crossholding.Interest, error] {
	return func(yield func(crossholding.Interest, error) bool) {
		for _, i := range interests {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// A writer writes rows of texts and figures.
type writer struct {
	ctx    context.Context
	out    *pq.GenericWriter[any]
	places int
	batch  []pq.Row
	rows   int64
}

func newWriter(ctx context.Context, w io.Writer, texts, figures []string, places int) (*writer, error) {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, "parquet"); err != nil {
		return nil, err
	}
	if places == 0 {
		places = defaultPlaces
	}
	if places < 1 || places >= decimalDigits {
		return nil, fmt.Errorf("parquet: %d places, not 1 to %d: %w", places, decimalDigits-1, crossholding.ErrRange)
	}
	var fields ordered
	for _, n := range texts {
		fields.add(n, pq.Encoded(pq.String(), &pq.RLEDictionary))
	}
	for _, n := range figures {
		fields.add(n, pq.Decimal(places, decimalDigits, pq.FixedLenByteArrayType(decimalSize)))
	}
	out := pq.NewGenericWriter[any](w, pq.NewSchema("crossholding", fields), pq.Compression(&pq.Zstd),
		pq.MaxRowsPerRowGroup(rowsPerGroup))
	return &writer{ctx: ctx, out: out, places: places}, nil
}

func (w *writer) write(texts []string, figures []ratio.Ratio) error {
	row := make(pq.Row, 0, len(texts)+len(figures))
	for i, t := range texts {
		row = append(row, pq.ByteArrayValue([]byte(t)).Level(0, 0, i))
	}
	for i, f := range figures {
		b, ok := decimalBytes(unscaled(f.Decimal(w.places), w.places))
		if !ok {
			return fmt.Errorf("parquet: row %d: %s (%s) does not fit into %d digits with %d places: %w",
				w.rows+1, f.Decimal(w.places), strings.Join(texts, ", "), decimalDigits, w.places, crossholding.ErrRange)
		}
		row = append(row, pq.FixedLenByteArrayValue(b).Level(0, 0, len(texts)+i))
	}
	w.batch = append(w.batch, row)
	w.rows++
	if len(w.batch) < batch {
		return nil
	}
	return w.flush()
}

func (w *writer) flush() error {
	if err := progress.Stopped(w.ctx, "parquet"); err != nil {
		return err
	}
	if _, err := w.out.WriteRows(w.batch); err != nil {
		return fmt.Errorf("parquet: %w", err)
	}
	w.batch = w.batch[:0]
	return nil
}

func (w *writer) close() (int64, error) {
	if err := w.flush(); err != nil {
		return w.rows, err
	}
	if err := w.out.Close(); err != nil {
		return w.rows, fmt.Errorf("parquet: %w", err)
	}
	return w.rows, nil
}

// unscaled is d times 10^places, which is a whole number.
func unscaled(d decimal.Decimal, places int) *big.Int { return d.Shift(int32(places)).BigInt() }

// ordered is a group of columns in the order in which they were added. A [pq.Group] sorts them by
// name.
type ordered struct {
	pq.Group
	fields []pq.Field
}

func (o *ordered) add(name string, n pq.Node) { o.fields = append(o.fields, field{n, name}) }

// Fields returns the columns in their order.
func (o ordered) Fields() []pq.Field { return o.fields }

// A field is a column with its name.
type field struct {
	pq.Node
	name string
}

func (f field) Name() string { return f.name }

// Value is not asked for, because rows are written value by value.
func (f field) Value(base reflect.Value) reflect.Value { return base.FieldByName(f.name) }

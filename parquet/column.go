package parquet

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/google/uuid"
	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// A role says what the values of a column are.
type role int

const (
	name   role = iota // ids: text, whole numbers or UUIDs
	figure             // numbers: text, whole numbers, decimals or floats that are whole numbers
)

// A column is one column of a file, whose values become text.
type column struct {
	name   string
	leaf   pq.LeafColumn
	append appender

	pages  pq.ColumnChunkValueReader
	buffer []pq.Value
	values []pq.Value // the rest of the buffer
}

// An appender appends the text of a value that is not null. It fails with the reason for which
// the value has no exact text.
type appender func(to []byte, v pq.Value) ([]byte, error)

// findColumn finds a column by its name, or by its path with dots.
func findColumn(schema *pq.Schema, name string, r role) (*column, error) {
	leaf, ok := schema.Lookup(name)
	if !ok {
		leaf, ok = schema.Lookup(strings.Split(name, ".")...)
	}
	if !ok {
		return nil, errNoColumn
	}
	if leaf.MaxRepetitionLevel > 0 {
		return nil, fmt.Errorf("column %q is a list, not one value a row", name)
	}
	text, ok := appenderOf(leaf.Node.Type(), r)
	if !ok {
		return nil, fmt.Errorf("column %q has values of type %s", name, leaf.Node.Type())
	}
	return &column{name: name, leaf: leaf, append: text, buffer: make([]pq.Value, batch)}, nil
}

// columnNames lists the columns of a file for a message.
func columnNames(schema *pq.Schema) string {
	const most = 20
	var names []string
	for _, path := range schema.Columns() {
		names = append(names, strconv.Quote(strings.Join(path, ".")))
	}
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// open begins the column's values in a group of rows.
func (c *column) open(group pq.RowGroup) {
	c.pages = pq.NewColumnChunkValueReader(group.ColumnChunks()[c.leaf.ColumnIndex])
	c.values = nil
}

// next returns the value of the next row.
func (c *column) next() (pq.Value, error) {
	for len(c.values) == 0 {
		n, err := c.pages.ReadValues(c.buffer)
		if n == 0 && err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if n == 0 && err != nil {
			return pq.Value{}, fmt.Errorf("column %q: %w", c.name, err)
		}
		c.values = c.buffer[:n]
	}
	v := c.values[0]
	c.values = c.values[1:]
	return v, nil
}

func (c *column) close() {
	if c.pages != nil {
		c.pages.Close()
		c.pages = nil
	}
}

// appenderOf returns how the values of a type become text, if they can in this role.
func appenderOf(t pq.Type, r role) (appender, bool) {
	logical := t.LogicalType()
	if scale, ok := decimalScale(t, logical); ok {
		return decimalAppender(t.Kind(), scale), r == figure && 0 <= scale && scale <= maxScale
	}
	integer := logical == nil || logical.Value == nil
	unsigned := false
	if logical != nil {
		if i, ok := logical.Value.(*format.IntType); ok {
			integer, unsigned = true, !i.IsSigned
		}
	}
	switch t.Kind() {
	case pq.Int32:
		if unsigned {
			return func(to []byte, v pq.Value) ([]byte, error) {
				return strconv.AppendUint(to, uint64(v.Uint32()), 10), nil
			}, integer
		}
		return func(to []byte, v pq.Value) ([]byte, error) {
			return strconv.AppendInt(to, int64(v.Int32()), 10), nil
		}, integer
	case pq.Int64:
		if unsigned {
			return func(to []byte, v pq.Value) ([]byte, error) { return strconv.AppendUint(to, v.Uint64(), 10), nil }, integer
		}
		return func(to []byte, v pq.Value) ([]byte, error) { return strconv.AppendInt(to, v.Int64(), 10), nil }, integer
	case pq.Float:
		return func(to []byte, v pq.Value) ([]byte, error) { return appendFloat(to, float64(v.Float()), 1<<24) }, r == figure
	case pq.Double:
		return func(to []byte, v pq.Value) ([]byte, error) { return appendFloat(to, v.Double(), 1<<53) }, r == figure
	case pq.ByteArray:
		return func(to []byte, v pq.Value) ([]byte, error) { return append(to, v.ByteArray()...), nil }, true
	case pq.FixedLenByteArray:
		_, isUUID := logicalValue(logical).(*format.UUIDType)
		return appendUUID, isUUID && r == name
	}
	return nil, false
}

func logicalValue(l *format.LogicalType) any {
	if l == nil {
		return nil
	}
	return l.Value
}

// maxScale bounds the places of a decimal, which a file states and which become digits. No figure
// has so many: they can only be zeros.
const maxScale = 1000

// decimalScale returns the places of a decimal type.
func decimalScale(t pq.Type, logical *format.LogicalType) (int, bool) {
	if d, ok := logicalValue(logical).(*format.DecimalType); ok {
		return int(d.Scale), true
	}
	return 0, false
}

// decimalAppender returns how decimals of a physical type become text.
func decimalAppender(kind pq.Kind, scale int) appender {
	return func(to []byte, v pq.Value) ([]byte, error) {
		switch kind {
		case pq.Int32:
			return appendScaled(to, strconv.FormatInt(int64(v.Int32()), 10), scale), nil
		case pq.Int64:
			return appendScaled(to, strconv.FormatInt(v.Int64(), 10), scale), nil
		}
		return appendScaled(to, signed(v.ByteArray()).String(), scale), nil
	}
}

// signed returns the number that bytes are in two's complement, the highest byte first.
func signed(b []byte) *big.Int {
	x := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return x
}

// appendScaled appends digits divided by 10^scale.
func appendScaled(to []byte, digits string, scale int) []byte {
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		to, digits = append(to, '-'), rest
	}
	if scale == 0 {
		return append(to, digits...)
	}
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, rest := digits[:len(digits)-scale], strings.TrimRight(digits[len(digits)-scale:], "0")
	to = append(to, whole...)
	if rest != "" {
		to = append(append(to, '.'), rest...)
	}
	return to
}

// appendFloat appends a float that is a whole number below a limit. From the limit on, the float
// nearest to a whole number need not be it. A fraction is what is left of a decimal that had no
// float.
func appendFloat(to []byte, x, limit float64) ([]byte, error) {
	if x != math.Trunc(x) || math.Abs(x) >= limit { // not a number, too
		return nil, fmt.Errorf("is the float %s, and only whole numbers below %.0f are exact as floats: write text or a DECIMAL",
			strconv.FormatFloat(x, 'g', -1, 64), limit)
	}
	return strconv.AppendInt(to, int64(x), 10), nil
}

func appendUUID(to []byte, v pq.Value) ([]byte, error) {
	u, err := uuid.FromBytes(v.ByteArray())
	if err != nil {
		return nil, err
	}
	return append(to, u.String()...), nil
}

// decimalBytes writes a number in two's complement on 16 bytes. It reports false if the number
// does not fit into the digits of a DECIMAL.
func decimalBytes(unscaled *big.Int) ([]byte, bool) {
	if unscaled.CmpAbs(largestDecimal) > 0 {
		return nil, false
	}
	x := unscaled
	if x.Sign() < 0 {
		x = new(big.Int).Add(x, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return x.FillBytes(make([]byte, decimalSize)), true
}

const (
	decimalDigits = 38 // the most that other tools read
	decimalSize   = 16 // bytes
	batch         = 1024
)

var largestDecimal = new(big.Int).Sub(new(big.Int).Exp(big.NewInt(10), big.NewInt(decimalDigits), nil), big.NewInt(1))

package parquet_test

import (
	"bytes"
	"context"
	"io"
	"math/big"
	"testing"

	"github.com/crossholding/crossholding/parquet"
	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

var noContext context.Context // nil means Background

// file writes rows as a Parquet file with groups of some rows.
func file[T any](t testing.TB, rows []T, group int64) parquet.File {
	t.Helper()
	var out bytes.Buffer
	w := pq.NewGenericWriter[T](&out, pq.MaxRowsPerRowGroup(group))
	_, err := w.Write(rows)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return inMemory(out.Bytes())
}

func inMemory(b []byte) parquet.File {
	return parquet.File{Bytes: bytes.NewReader(b), Size: int64(len(b))}
}

// rows reads a file that was written.
func rows(t testing.TB, b []byte) (columns []string, all [][]string) {
	t.Helper()
	columns, all, err := readRows(b)
	require.NoError(t, err)
	return columns, all
}

func readRows(b []byte) (columns []string, all [][]string, err error) {
	f, err := pq.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, nil, err
	}
	for _, path := range f.Schema().Columns() {
		columns = append(columns, path[0])
	}
	r := pq.NewReader(f)
	defer r.Close()
	buffer := make([]pq.Row, 10)
	for {
		n, err := r.ReadRows(buffer)
		for _, row := range buffer[:n] {
			var line []string
			for _, v := range row {
				line = append(line, valueText(f.Schema(), v))
			}
			all = append(all, line)
		}
		if err == io.EOF {
			return columns, all, nil
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

// valueText is a text, or a DECIMAL with its places.
func valueText(s *pq.Schema, v pq.Value) string {
	leaf, _ := s.Lookup(s.Columns()[v.Column()]...)
	if leaf.Node.Type().Kind() != pq.FixedLenByteArray {
		return v.String()
	}
	x := new(big.Int).SetBytes(v.ByteArray())
	scale := leaf.Node.Type().LogicalType().Value.(*format.DecimalType).Scale
	return decimal.NewFromBigInt(x, -scale).StringFixed(scale)
}

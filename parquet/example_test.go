package parquet_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/parquet"
	"github.com/crossholding/crossholding/ratio"
	pq "github.com/parquet-go/parquet-go"
)

// The register has names of columns of its own, and the stakes are kept as DECIMAL.
func ExampleReadRegister() {
	type firm struct {
		Number string `parquet:"number"`
		Shares int64  `parquet:"shares"`
	}
	type link struct {
		Owner  string `parquet:"owner"`
		Number string `parquet:"number"`
		Shares int64  `parquet:"shares,decimal(2:18)"`
	}
	firms := memory([]firm{{"00000001", 100}, {"00000002", 200}})
	links := memory([]link{{"Ms Smith", "00000001", 60_00}, {"00000001", "00000002", 120_00}})

	a, err := parquet.ReadRegister(context.Background(), firms, links, parquet.Options{Columns: parquet.Columns{
		ID: "number", Issued: "shares", Holder: "owner", Issuer: "number",
	}})
	if err != nil {
		log.Fatal(err)
	}
	o, err := a.Ownership(context.Background(), crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	share, err := o.Integrated(context.Background(), "Ms Smith", "00000002")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(share.Percent(2), "%")
	// Output: 36 %
}

// All owners of at least a quarter of every company become a file.
func ExampleWriteInterests() {
	ctx := context.Background()
	o, err := twoFirms().Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	c, err := o.Certified(crossholding.CertifiedOptions{Places: 12})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or os.Create
	n, err := parquet.WriteInterests(ctx, &file, c.OwnersAbove(ctx, ratio.Of(1, 4), true), parquet.WriteOptions{Places: 6})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, "rows")
	show(file)
	// Output:
	// 4 rows
	// [p a 0.600000 0.600000 0.600000 0.600000]
	// [float:a a 0.400000 0.400000 0.400000 0.400000]
	// [p b 0.000000 0.000000 0.360000 0.360000]
	// [float:b b 0.400000 0.400000 0.400000 0.400000]
}

// Who controls whom, as pairs.
func ExampleWriteControl() {
	ctx := context.Background()
	c, err := twoFirms().Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := parquet.WriteControl(ctx, &file, c.Pairs(ctx)); err != nil {
		log.Fatal(err)
	}
	show(file)
	// Output:
	// [a b]
	// [p a]
	// [p b]
}

// What one owner has of every company.
func ExampleWriteRow() {
	ctx := context.Background()
	o, err := twoFirms().Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	c, err := o.Certified(crossholding.CertifiedOptions{Places: 12})
	if err != nil {
		log.Fatal(err)
	}
	row, err := c.Holdings(ctx, "p")
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := parquet.WriteRow(ctx, &file, row, parquet.WriteOptions{Places: 4}); err != nil {
		log.Fatal(err)
	}
	show(file)
	// Output:
	// [a 0.6000]
	// [b 0.3600]
}

// The owners of one company, in exact fractions, become a file.
func ExampleListed() {
	ctx := context.Background()
	o, err := twoFirms().Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	owners, err := o.Ultimate(ctx, "b")
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := parquet.WriteInterests(ctx, &file, parquet.Listed(owners), parquet.WriteOptions{Places: 2}); err != nil {
		log.Fatal(err)
	}
	show(file)
	// Output:
	// [float:a b 0.00 0.00 0.24 0.24]
	// [float:b b 0.40 0.40 0.40 0.40]
	// [p b 0.00 0.00 0.36 0.36]
}

// twoFirms: p holds 60 of 100 shares of a, which holds 120 of 200 of b.
func twoFirms() *crossholding.Alliance {
	a, err := crossholding.ReadRegister(context.Background(), strings.NewReader("id,issued,treasury,votes\na,100,,\nb,200,,\n"),
		strings.NewReader("holder,issuer,shares\np,a,60\na,b,120\n"), crossholding.RegisterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	return a
}

// memory writes rows as a Parquet file in memory.
func memory[T any](rows []T) parquet.File {
	var out bytes.Buffer
	if err := pq.Write(&out, rows); err != nil {
		log.Fatal(err)
	}
	return parquet.File{Bytes: bytes.NewReader(out.Bytes()), Size: int64(out.Len())}
}

// show prints the rows of a file.
func show(file bytes.Buffer) {
	_, all, err := readRows(file.Bytes())
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range all {
		fmt.Println(row)
	}
}

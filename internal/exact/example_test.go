package exact_test

import (
	"context"
	"fmt"
	"log"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
)

// loop is two companies, 0 and 1, that hold 40% and 15% of each other, and
// outside owner 2, who holds 30% of company 0.
func loop() *matrix.Matrix {
	return &matrix.Matrix{
		ColStart: []int32{0, 2, 3, 3},
		Row:      []int32{1, 2, 0},
		Units:    []int64{15, 30, 40},
		Total:    []int64{100, 100, 0},
	}
}

func ExampleSolver_Row() {
	s := exact.NewSolver(loop(), exact.Limits{})
	row, err := s.Row(context.Background(), exact.Owner{Node: 2})
	if err != nil {
		log.Fatal(err)
	}
	for _, share := range row.Shares {
		fmt.Println(share.Node, share.Value)
	}
	// Output:
	// 0 15/47
	// 1 6/47
}

func ExampleSolver_ColumnFixed() {
	s := exact.NewSolver(loop(), exact.Limits{})
	owners, err := s.ColumnFixed(context.Background(), 1, 6, rounding.HalfEven)
	if err != nil {
		log.Fatal(err)
	}
	for o, share := range owners.All() {
		fmt.Println(o.Node, o.Float, share)
	}
	// Output:
	// 0 false 425532
	// 0 true 234043
	// 1 false 63830
	// 1 true 638298
	// 2 false 127660
}

func ExampleRetained_Update() {
	ctx := context.Background()
	s := exact.NewSolver(loop(), exact.Limits{})
	kept, err := s.Retain(ctx, exact.Owner{Node: 2}, 6, rounding.HalfEven)
	if err != nil {
		log.Fatal(err)
	}
	// Company 0 sells down to 10% of company 1.
	changed, err := s.With(exact.Change{Node: 1, Rows: []int32{0}, Units: []int64{10}, Total: 100})
	if err != nil {
		log.Fatal(err)
	}
	next, err := kept.Update(ctx, changed)
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range []*exact.FixedLine{kept.Line(), next.Line()} {
		share, _ := line.Find(exact.Owner{Node: 1})
		fmt.Println(share)
	}
	// Output:
	// 127660
	// 30457
}

func ExampleRingError() {
	m := loop()
	m.Units = []int64{100, 0, 100} // the two hold each other wholly
	fmt.Println(exact.NewSolver(m, exact.Limits{}).Check(context.Background()))
	// Output: exact: closed ring without outside owner: nodes [0 1]
}

package above_test

import (
	"context"
	"fmt"
	"math/big"

	"github.com/crossholding/crossholding/internal/above"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
)

func ExampleFind() {
	// Node 2 has half of company 0, which has 60 of 100 in company 1: 30% of it. The floats
	// have the rest.
	m := &matrix.Matrix{ColStart: []int32{0, 1, 2, 2}, Row: []int32{2, 0}, Units: []int64{5, 60}, Total: []int64{10, 100, 0}}
	s := exact.NewSolver(m, exact.Limits{})
	err := above.Find(context.Background(), s, big.NewRat(3, 10), false, func(a above.Found) bool {
		fmt.Println(a.Company, a.Owner)
		return true
	})
	fmt.Println(err)
	// Output:
	// 0 {2 false}
	// 0 {0 true}
	// 1 {1 true}
	// <nil>
}

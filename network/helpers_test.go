package network_test

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
)

// endOf2022 is the alliance of Renault, Nissan and Mitsubishi Motors at the end of
// 2022.
func endOf2022() *crossholding.Alliance {
	a, err := booktest.Renault("before")
	check(err)
	return a
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

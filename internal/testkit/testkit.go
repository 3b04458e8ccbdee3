// Package testkit decides how many cases the tests of this module try, and compares texts
// with golden files. Only tests import it.
//
// By default the tests make every kind of check on a small number of cases.
// With CROSSHOLDING_LONG=1 in the environment they try all of their cases and
// their largest instances, which takes several times as long.
package testkit

import (
	"os"
	"testing"
)

// Long reports whether the environment asks for the long tests. A test must
// ask when it runs, not when its package is initialized, so that go test sees
// the variable and does not take a cached result of the other mode.
func Long() bool {
	v := os.Getenv("CROSSHOLDING_LONG")
	return v != "" && v != "0"
}

// Cases returns the number of random cases that a test tries: n in the long tests,
// and a tenth of n, rounded up, in the others. Under the race detector it is a
// twentieth: more cases of the same kind run the same goroutines again.
func Cases(n int) int {
	switch {
	case Long():
		return n
	case Slowdown > 1:
		return (n + 19) / 20
	}
	return (n + 9) / 10
}

// Size returns the size of a test's instance: large in the long tests, small in the
// others.
func Size(small, large int) int {
	if Long() {
		return large
	}
	return small
}

// SkipUnlessLong skips a test or benchmark that has no smaller instance.
func SkipUnlessLong(t testing.TB) {
	t.Helper()
	if !Long() {
		t.Skip("runs with CROSSHOLDING_LONG=1")
	}
}

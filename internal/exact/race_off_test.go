//go:build !race

package exact_test

// slow is how many times less to do, and how much longer to wait, under the
// race detector.
const slow = 1

//go:build race

package exact_test

// slow is how many times longer to wait under the race detector, and how many
// times smaller the largest network is.
const slow = 10

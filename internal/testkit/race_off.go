//go:build !race

package testkit

// Slowdown is how many times longer to wait under the race detector, and how many
// times smaller the largest instances are: 1 without it.
const Slowdown = 1

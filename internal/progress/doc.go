// Package progress carries a progress function in a context. An engine reports to it
// without an argument of its own for that. [Stopped] is the error of work that ends with
// its context.
package progress

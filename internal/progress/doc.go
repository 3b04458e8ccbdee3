// Package progress carries a progress function in a context, so that an engine can report
// its progress without one more argument. [Stopped] is the error of work that ends with its
// context.
package progress

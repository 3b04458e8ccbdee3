// Package progress carries a progress function in a context, so that an engine can report
// its progress without one more argument.
package progress

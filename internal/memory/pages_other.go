//go:build !linux

package memory

// largePages does nothing: this system has no such call, or decides itself.
func largePages([]byte) {}

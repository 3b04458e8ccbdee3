//go:build unix

package testkit

import (
	"syscall"
	"time"
)

// CPUTime returns the time that this process has used of all processors. On a busy machine it
// says more than the clock. It returns 0 where it is not known.
func CPUTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

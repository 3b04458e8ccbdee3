//go:build !unix

package testkit

import "time"

// CPUTime returns 0, because the time of the processors is not known here.
func CPUTime() time.Duration { return 0 }

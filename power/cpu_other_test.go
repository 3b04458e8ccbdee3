//go:build !unix

package power_test

import "time"

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }

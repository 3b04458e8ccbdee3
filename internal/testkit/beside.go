package testkit

import (
	"runtime"
	"testing"
	"time"
)

// Beside measures two ways to read the same bytes in turn, so that both have the same load of
// the machine. It reports for each the millions of bytes per second of the clock, and per second
// of the processors (cpu-MB/s), and how many times as fast the first is. The names are those of
// the metrics: ours-MB/s.
func Beside(b *testing.B, bytes int, ours, theirs func()) {
	var clock, cpu [2]time.Duration
	for b.Loop() {
		for i, read := range []func(){ours, theirs} {
			runtime.GC() // what is left of the other must not be swept now
			start, used := time.Now(), CPUTime()
			read()
			clock[i] += time.Since(start)
			cpu[i] += CPUTime() - used
		}
	}
	for i, name := range []string{"ours", "theirs"} {
		total := float64(bytes) * float64(b.N) / 1e6
		b.ReportMetric(total/clock[i].Seconds(), name+"-MB/s")
		if cpu[i] > 0 {
			b.ReportMetric(total/cpu[i].Seconds(), name+"-cpu-MB/s")
		}
	}
	b.ReportMetric(clock[1].Seconds()/clock[0].Seconds(), "times")
	if cpu[0] > 0 {
		b.ReportMetric(cpu[1].Seconds()/cpu[0].Seconds(), "cpu-times")
	}
	b.ReportMetric(0, "ns/op") // the sum of both says nothing
}

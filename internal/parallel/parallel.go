// Package parallel divides work among goroutines so that its results stay in order.
package parallel

import "sync"

// MinPart is the least number of things for which one more goroutine pays.
const MinPart = 1 << 14

// Parts calls work for each of some parts of n things at the same time, and waits for all. There
// are at most as many parts as workers. A part has the things from one to before another.
func Parts(workers, n int, work func(from, to int)) {
	workers = min(workers, n/MinPart+1)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { work(n*w/workers, n*(w+1)/workers) })
	}
	wait.Wait()
}

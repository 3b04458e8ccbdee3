// Package parallel divides work among goroutines so that its results stay in order.
package parallel

import (
	"sync"
	"sync/atomic"
)

// MinPart is the least number of things for which one more goroutine pays.
const MinPart = 1 << 14

// Parts calls work for each of some parts of n things at the same time, and waits for all. There
// are at most as many parts as workers. A part has the things from one to before another.
func Parts(workers, n int, work func(from, to int)) {
	Split(min(workers, n/MinPart+1), n, work)
}

// Split is [Parts] for things of which each is worth a goroutine: there is a part for each worker,
// and a part can be empty. A single part is done on the caller's goroutine.
func Split(workers, n int, work func(from, to int)) {
	if workers == 1 {
		work(0, n)
		return
	}
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { work(n*w/workers, n*(w+1)/workers) })
	}
	wait.Wait()
}

// Each calls work for each of n things, and waits for all. Each worker takes the next thing that
// nobody has taken, and has memory of its own, which is zero at first.
func Each[M any](workers, n int, work func(own *M, i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			var own M
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(&own, i)
			}
		})
	}
	wait.Wait()
}

package await

import (
	"context"
	"sync"

	"github.com/crossholding/crossholding/internal/progress"
)

// Mutex is a lock. Unlike the wait for a sync.Mutex, the wait for it can be cancelled. The
// zero value is unlocked.
type Mutex struct {
	made sync.Once
	in   chan struct{}
}

// Lock waits for the lock. If ctx is done first, it returns ctx's cause, and the lock is not
// taken.
func (m *Mutex) Lock(ctx context.Context) error {
	if ctx.Err() != nil {
		return progress.Cause(ctx)
	}
	m.made.Do(func() { m.in = make(chan struct{}, 1) })
	select {
	case m.in <- struct{}{}:
		return nil
	case <-ctx.Done():
		return progress.Cause(ctx)
	}
}

// Unlock frees the lock.
func (m *Mutex) Unlock() { <-m.in }

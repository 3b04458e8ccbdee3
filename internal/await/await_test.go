package await_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/await"
)

func TestRun(t *testing.T) {
	for name, ctx := range map[string]context.Context{"endless": context.Background(), "with an end": t.Context()} {
		t.Run(name, func(t *testing.T) {
			done := false
			require.NoError(t, await.Run(ctx, func() { done = true }))
			require.True(t, done)
		})
	}
}

func TestRunEnds(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	release, finished := make(chan struct{}), make(chan struct{})
	err := await.Run(ctx, func() {
		cancel(cause)
		<-release
		close(finished)
	})
	require.ErrorIs(t, err, cause)
	close(release)
	<-finished
	require.ErrorIs(t, await.Run(ctx, func() { t.Error("work after the end") }), cause)
}

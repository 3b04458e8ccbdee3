package progress_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/progress"
)

type told struct {
	Stage       string
	Done, Total int
}

func listen() (context.Context, *[]told) {
	var heard []told
	ctx := progress.With(context.Background(), func(stage string, done, total int) {
		heard = append(heard, told{stage, done, total})
	})
	return ctx, &heard
}

func TestStart(t *testing.T) {
	for _, c := range []struct {
		name         string
		total, least int
		want         []told
	}{
		{"each", 3, 1, []told{{"x", 0, 3}, {"x", 1, 3}, {"x", 2, 3}, {"x", 3, 3}}},
		{"some", 5, 2, []told{{"x", 0, 5}, {"x", 2, 5}, {"x", 4, 5}, {"x", 5, 5}}},
		{"too few", 3, 4, nil},
		{"none", 0, 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, heard := listen()
			s := progress.Start(ctx, "x", c.total, c.least)
			for i := range c.total {
				s.At(i)
			}
			s.At(c.total) // is End's to tell
			s.End()
			s.End()
			require.Equal(t, c.want, *heard)
		})
	}
	ctx, heard := listen()
	s := progress.Start(ctx, "x", 1_000_000, 1)
	for i := range 1_000_000 {
		s.At(i)
	}
	s.End()
	require.Len(t, *heard, 101)
}

func TestCount(t *testing.T) {
	ctx, heard := listen()
	s := progress.Count(ctx, "x", 2)
	s.At(1)
	require.Empty(t, *heard)
	s.At(2)
	s.At(3)
	s.At(5)
	s.End()
	require.Equal(t, []told{{"x", 0, 0}, {"x", 2, 0}, {"x", 5, 0}}, *heard)
	ctx, heard = listen()
	s = progress.Count(ctx, "x", 1)
	for i := range 1_000_000 {
		s.At(i + 1)
	}
	require.Less(t, len(*heard), 1_200)
}

func TestSilence(t *testing.T) {
	ctx := context.WithValue(context.Background(), told{}, 1)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		s, u := progress.Start(ctx, "x", 10, 1), progress.Count(ctx, "y", 1)
		for i := range 10 {
			s.At(i)
			u.At(i)
		}
		s.End()
		u.End()
	}))
}

func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	require.NoError(t, progress.Stopped(ctx, "engine"))
	cause := errors.New("enough")
	cancel(cause)
	err := progress.Stopped(ctx, "engine")
	require.ErrorIs(t, err, cause)
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, "engine: enough")

	ctx, stop := context.WithCancel(context.Background())
	stop()
	require.EqualError(t, progress.Stopped(ctx, "engine"), "engine: context canceled")
}

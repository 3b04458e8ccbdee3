package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/gen"
)

func TestRun(t *testing.T) {
	o := gen.Options{Stakes: 2_000, Seed: 9}
	register, err := gen.Register(o)
	require.NoError(t, err)
	dense, err := gen.Dense(o.Seed, 20)
	require.NoError(t, err)
	hard, err := gen.IllConditioned(o.Seed, 20)
	require.NoError(t, err)
	for _, test := range []struct {
		dense, hard int
		want        *gen.Network
	}{{0, 0, register}, {20, 0, dense}, {0, 20, hard}} {
		n := test.want
		dir := filepath.Join(t.TempDir(), "made", "here")
		require.NoError(t, run(o, test.dense, test.hard, dir))
		var companies, stakes bytes.Buffer
		require.NoError(t, n.WriteCSV(&companies, &stakes))
		got, err := os.ReadFile(filepath.Join(dir, "companies.csv"))
		require.NoError(t, err)
		require.Equal(t, companies.String(), string(got))
		got, err = os.ReadFile(filepath.Join(dir, "stakes.csv"))
		require.NoError(t, err)
		require.Equal(t, stakes.String(), string(got))
	}
}

func TestRunFails(t *testing.T) {
	require.ErrorIs(t, run(gen.Options{}, 0, 3, t.TempDir()), gen.ErrOption)
	require.ErrorIs(t, run(gen.Options{Stakes: -1}, 0, 0, t.TempDir()), gen.ErrOption)
	require.ErrorIs(t, run(gen.Options{}, 1, 0, t.TempDir()), gen.ErrOption)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.Error(t, run(gen.Options{}, 0, 0, file))
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/gen"
)

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	o := gen.Options{Stakes: 2_000, Seed: 9}
	require.NoError(t, write(o, dir))
	n, err := gen.Register(o)
	require.NoError(t, err)
	var companies, stakes bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &stakes))
	got, err := os.ReadFile(filepath.Join(dir, "companies.csv"))
	require.NoError(t, err)
	require.Equal(t, companies.String(), string(got))
	got, err = os.ReadFile(filepath.Join(dir, "stakes.csv"))
	require.NoError(t, err)
	require.Equal(t, stakes.String(), string(got))
}

func TestWriteFails(t *testing.T) {
	require.ErrorIs(t, write(gen.Options{Stakes: -1}, t.TempDir()), gen.ErrOption)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.Error(t, write(gen.Options{}, file))
}

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/sharing"
)

func output(args ...string) (status int, stdout, stderr string) {
	var out, complaints bytes.Buffer
	status = run(context.Background(), args, &out, &complaints)
	return status, out.String(), complaints.String()
}

func TestOutput(t *testing.T) {
	for name, args := range map[string][]string{
		"allies.golden.txt": nil,
		"file.golden.txt":   {"allies.json"},
		"empty.golden.txt":  {filepath.Join("testdata", "empty.json")},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, complaints := output(args...)
			require.Zero(t, status, complaints)
			require.Empty(t, complaints)
			testkit.Golden(t, filepath.Join("testdata", name), out)
		})
	}
}

func TestComplaints(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"a", "b"}, "2 files given"},
		{[]string{filepath.Join("testdata", "none.json")}, "none.json"},
		{[]string{"main.go"}, "not JSON"},
		{[]string{"-no"}, "flag provided but not defined"},
	} {
		status, out, complaints := output(c.args...)
		require.Equal(t, 1, status)
		require.Empty(t, out)
		require.Contains(t, complaints, c.want)
	}
}

// The text of the program and SOURCES.md say what allies.json has.
func TestFiguresAreThoseOfTheFile(t *testing.T) {
	p, err := sharing.Read(strings.NewReader(allies))
	require.NoError(t, err)
	sources, err := os.ReadFile("SOURCES.md")
	require.NoError(t, err)
	for _, text := range []string{"1,000", "400", "700", "300", "200", "500", "9,200", "10.56m", "60%", "50%"} {
		require.Contains(t, figures, text)
		require.Contains(t, string(sources), text)
	}
	v := p.Ventures
	require.Equal(t, sharing.Amount("13800"), v[0].Fixed) // 60% of 23,000
	require.Equal(t, sharing.Amount("9200/10560"), v[1].PerUse)
	require.Equal(t, sharing.Amount("1000"), v[2].PerUse)
	require.Equal(t, sharing.Amount("700"), v[3].Fixed)
	require.Equal(t, sharing.Amount("400"), v[4].Fixed)
	require.Equal(t, sharing.Amount("500"), p.Assets[0].Effects[0].PerUse)
	require.Equal(t, sharing.Amount("300"), p.Assets[1].Effects[0].Fixed)
	require.True(t, p.Assets[1].Effects[0].Withheld)
	require.Equal(t, sharing.Amount("200"), p.Assets[1].Effects[1].Fixed)
}

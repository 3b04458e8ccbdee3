package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// folder makes a folder with the files that the examples of help name, and goes there.
func folder(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for name, from := range map[string]string{
		"testdata/alliance/before.json":        before,
		"testdata/alliance/rebalancing.json":   moves,
		"persons-with-significant-control.txt": "testdata/persons-with-significant-control.txt",
	} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "group.csv"), []byte(group), 0o600))
	t.Chdir(dir)
}

// words cuts a command as a shell does, up to a pipe or a redirection.
func words(line string) (out []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		for _, w := range strings.Fields(part) {
			if w == "|" || w == ">" {
				return out
			}
			out = append(out, w)
		}
	}
	return out
}

// Each subcommand has at least two examples, and each example works as it is written.
func TestExamplesOfHelp(t *testing.T) {
	folder(t)
	root := newCommand(io.Discard)
	commands := append([]*cobra.Command{root}, root.Commands()...)
	require.Len(t, commands, 8)
	for _, c := range commands {
		lines := strings.Split(c.Example, "\n")
		require.GreaterOrEqual(t, len(lines), 2, c.Name())
		for _, line := range lines {
			t.Run(strings.TrimSpace(line), func(t *testing.T) {
				args := words(line)
				require.Equal(t, "crossholding", args[0])
				if c.HasParent() {
					require.Equal(t, c.Name(), args[1])
				}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				var out, errs written
				if c.Name() == "serve" { // it ends when it is interrupted
					out.first = stop
				}
				require.Zero(t, run(ctx, args[1:], strings.NewReader(""), &out, &errs), errs.String())
				for i, a := range args {
					if a == "-o" {
						info, err := os.Stat(args[i+1])
						require.NoError(t, err)
						require.Positive(t, info.Size())
					}
				}
			})
		}
	}
}

// written keeps what is written, and calls a function after the first text.
type written struct {
	strings.Builder
	first func()
}

func (w *written) Write(p []byte) (int, error) {
	n, err := w.Builder.Write(p)
	if w.first != nil {
		w.first()
	}
	return n, err
}

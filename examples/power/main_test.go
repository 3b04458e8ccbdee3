package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "council.txt")
	require.NoError(t, os.WriteFile(file, []byte("# Treaty of Rome\n12\nDE 4\nFR 4\nIT, 4\nNL\t2\nBE 2\nLU 1\n"), 0o600))
	bad := filepath.Join(t.TempDir(), "bad.txt")
	require.NoError(t, os.WriteFile(bad, []byte("12\nfour\n4\n4x\n"), 0o600))
	tests := []struct {
		name   string
		args   []string
		status int
		says   []string // on standard output, or a line of error each
	}{
		{"flags", []string{"-quota", "51", "-weights", "50, 49, 1"}, 0, []string{"game [51; 50 49 1]", "0.666667", "Johnston"}},
		{"majority", []string{"-majority", "-weights", "2,1,1", "-fractions"}, 0, []string{"[3; 2 1 1]", "2/3"}},
		{"unions", []string{"-quota", "5", "-weights", "4,3,1,1,1", "-unions", "3,4", "-places", "3"}, 0, []string{"Owen", "0.417", "0.125"}},
		{"strict", []string{"-strict", "-quota", "50", "-weights", "25,25,25,25"}, 0, []string{"[3; 1 1 1 1]"}},
		{"file", []string{file}, 0, []string{"game [12; 4 4 4 2 2 1]", "LU", "0.233333"}},
		{"help", []string{"-h"}, 0, nil},
		{"nothing", nil, 1, []string{"give a file"}},
		{"both", []string{"-quota", "3", file}, 1, []string{"not both"}},
		{"two files", []string{file, bad}, 1, []string{"2 files"}},
		{"no file", []string{file + "x"}, 1, []string{"no such file"}},
		{"bad file", []string{bad}, 1, []string{`bad.txt:2: "four"`, `bad.txt:4: "4x"`}},
		{"bad flags", []string{"-quota", "x", "-weights", "1,-,2", "-unions", "a", "-places", "101"}, 1, []string{"-places 101", "-unions", "-quota", "-weights, player 1"}},
		{"bad game", []string{"-quota", "9", "-weights", "1,2"}, 1, []string{"at least 9 of 3"}},
		{"bad weights", []string{"-quota", "2", "-weights", "1,-2,-3"}, 1, []string{"player 1", "player 2"}},
		{"absurd", []string{"-quota", "1e1000000", "-weights", "1"}, 1, []string{"out of range"}},
		{"overlap", []string{"-quota", "2", "-weights", "1,1,1", "-unions", "0,1;1,2"}, 1, []string{"Owen", "Banzhaf-Owen", "symm"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			require.Equal(t, tt.status, run(context.Background(), tt.args, &out, &errs), errs.String())
			if tt.status == 0 {
				for _, s := range tt.says {
					require.Contains(t, out.String(), s)
				}
				return
			}
			lines := strings.Split(strings.TrimSuffix(errs.String(), "\n"), "\n")
			require.Len(t, lines, len(tt.says), errs.String())
			for i, s := range tt.says {
				require.Contains(t, lines[i], s)
			}
			require.Empty(t, out.String())
		})
	}
}

// FuzzFile gives the program any file: it prints a table or faults, and ends.
func FuzzFile(f *testing.F) {
	f.Add("51\n50\n49\n1\n", false)
	f.Add("a 1e9\n\n#\n b,2", true)
	f.Add("1e-999999999\n1", false)
	f.Add("1\n1e300\n1e-300", false)
	f.Fuzz(func(t *testing.T, text string, majority bool) {
		in, err := parseFile(strings.NewReader(text), "file", majority)
		if err != nil {
			return
		}
		require.Equal(t, len(in.weights), len(in.names))
		if len(in.weights) > 12 {
			return
		}
		var out bytes.Buffer
		if err := report(context.Background(), settings{majority: majority, places: 3}, in, &out); err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.Contains(t, out.String(), "Shapley-Shubik")
	})
}

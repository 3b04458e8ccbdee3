package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "council.txt")
	require.NoError(t, os.WriteFile(file, []byte("# Treaty of Rome\n12\nDE 4\nFR 4\nIT, 4\nNL\t2\nBE 2\nLU 1\n"), 0o600))
	bad := filepath.Join(t.TempDir(), "bad.txt")
	require.NoError(t, os.WriteFile(bad, []byte("12\nfour\n4\n4x\n"), 0o600))
	marked := filepath.Join(t.TempDir(), "marked.csv")
	require.NoError(t, os.WriteFile(marked, []byte("\ufeff5\r\na,4\r\nb,3\r\n"), 0o600))
	long := filepath.Join(t.TempDir(), "long.txt")
	require.NoError(t, os.WriteFile(long, []byte("5\n"+strings.Repeat("1", 1<<17)), 0o600))
	empty := filepath.Join(t.TempDir(), "empty.txt")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	tests := []struct {
		name   string
		args   []string
		status int
		says   []string // on standard output, or a line of error each
	}{
		{"flags", []string{"-quota", "51", "-weights", "50, 49, 1"}, 0, []string{"game [51; 50 49 1]", "0.666667", "Johnston"}},
		{"majority", []string{"-majority", "-weights", "2,1,1", "-fractions"}, 0, []string{"[3; 2 1 1]", "2/3"}},
		{"unions", []string{"-quota", "5", "-weights", "4,3,1,1,1", "-unions", "3,4", "-places", "3"}, 0, []string{"Owen", "0.417", "0.125"}},
		{"exceed", []string{"-exceed", "-quota", "50", "-weights", "25,25,25,25"}, 0, []string{"[3; 1 1 1 1]"}},
		{"file", []string{file}, 0, []string{"game [12; 4 4 4 2 2 1]", "LU", "0.233333"}},
		{"counts", []string{"-majority", "-weights", "30,25,20,15,10"}, 0, []string{"swings", "winning coalitions: 15; power of the whole to act (Coleman): 0.468750"}},
		{"heads", []string{"-majority", "-heads", "3", "-weights", "60,20,10,10", "-fractions"}, 0, []string{"[6; 6 2 1 1] and [3; 1 1 1 1]", "1/2"}},
		{"ocean", []string{"-quota", "50", "-ocean", "50", "-weights", "30,15,5", "-fractions"}, 0, []string{"game [10; 6 3 1, ocean 10]", "99/250", "index: 54/125"}},
		{"ocean, majority", []string{"-majority", "-ocean", "70.5", "-weights", "29.5"}, 0, []string{"[100; 59, ocean 141]", "0.418440", "0.581560"}},
		{"byte order mark", []string{marked}, 0, []string{"game [5; 4 3]"}},
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
		{"ocean of nothing", []string{"-majority", "-ocean", "0", "-weights", "1,2"}, 1, []string{"must have weight"}},
		{"ocean and heads", []string{"-majority", "-ocean", "5", "-heads", "2", "-weights", "1,2"}, 1, []string{"no -heads"}},
		{"absurd ocean", []string{"-majority", "-ocean", "1e999999999", "-weights", "1,2"}, 1, []string{"out of range"}},
		{"bad ocean", []string{"-majority", "-ocean", "x", "-weights", "1,2"}, 1, []string{"-ocean"}},
		{"too many heads", []string{"-quota", "9", "-heads", "3", "-weights", "1,2"}, 1, []string{"at least 9 of 3", "-heads"}},
		{"no heads", []string{"-quota", "2", "-heads", "-3", "-weights", "1,2"}, 1, []string{"-heads -3"}},
		{"long line", []string{long}, 1, []string{"long.txt:2: a line of more than 65536 characters"}},
		{"empty file", []string{empty}, 1, []string{"no quota"}},
		{"not a file", []string{t.TempDir()}, 1, []string{"is a directory"}},
		{"past timeout", []string{"-majority", "-weights", "1", "-timeout", "-1s"}, 1, []string{"-timeout -1s"}},
		{"overlap", []string{"-quota", "2", "-weights", "1,1,1", "-unions", "0,1;1,2"}, 1, []string{"-unions: power: bad precoalitions: union 1, player 1"}},
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

// What cannot be had for a game does not keep back what can.
func TestPart(t *testing.T) {
	ws := make([]string, 26)
	for i := range ws {
		ws[i] = strconv.Itoa(1_000_000_000_000 + i*i)
	}
	var out, errs bytes.Buffer
	require.Equal(t, 1, run(context.Background(), []string{"-majority", "-weights", strings.Join(ws, ",")}, &out, &errs))
	require.Contains(t, out.String(), "Shapley-Shubik")
	require.NotContains(t, out.String(), "Johnston")
	require.Contains(t, errs.String(), "Johnston: power: more memory than allowed")
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

package lawcase_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/lawcase"
)

func TestRead(t *testing.T) {
	dir := fstest.MapFS{
		"B.txt":  {Data: []byte("# heading\n\nB-1 | first | x B; x>y 1 | y casts 0 in x\nB-2 | no case | repealed\n")},
		"A.txt":  {Data: []byte("A-1, A-2|both| x A |x counts 90")},
		"README": {Data: []byte("not a case")},
	}
	cases, untested, err := lawcase.Read(dir)
	require.NoError(t, err)
	require.Equal(t, []lawcase.Case{
		{Place: "A.txt:1", Rules: []string{"A-1", "A-2"}, Name: "both", Book: "x A", Says: "x counts 90"},
		{Place: "B.txt:3", Rules: []string{"B-1"}, Name: "first", Book: "x B; x>y 1", Says: "y casts 0 in x"},
	}, cases)
	require.Equal(t, []lawcase.Untested{{File: "B.txt", Rule: "B-2", Reason: "repealed"}}, untested)
}

func TestReadBad(t *testing.T) {
	for text, want := range map[string]string{
		"A-1 | name | book":            "A.txt:2: 3 fields, not 4",
		"A-1 | name || y casts 0 in x": "A.txt:2: an empty field",
		"A-1":                          "A.txt:2: 1 fields, not 4",
	} {
		_, _, err := lawcase.Read(fstest.MapFS{"A.txt": {Data: []byte("#\n" + text)}})
		require.EqualError(t, err, want)
	}
}

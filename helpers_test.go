package crossholding_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/stretchr/testify/require"
)

// equal compares two figures by value.
func equal(t *testing.T, want string, got ratio.Ratio) {
	t.Helper()
	w := ratio.MustParse(want)
	require.Truef(t, w.Equal(got), "want %s, got %s", w, got)
}

func newAlliance(t *testing.T, b crossholding.Book) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	return a
}

func bytesOf(t *testing.T, a *crossholding.Alliance) string {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, a.WriteBook(&buf))
	return buf.String()
}

// readAlliance reads one of the books of the Renault-Nissan-Mitsubishi case.
func readAlliance(name string) (*crossholding.Alliance, error) {
	f, err := os.Open("testdata/alliance/" + name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return crossholding.ReadBook(f)
}

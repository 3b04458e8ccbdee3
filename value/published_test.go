package value_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// read reads a file of testdata.
func read(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into))
}

// requireWithin requires a figure to be near a published one.
func requireWithin(t *testing.T, published, within string, got ratio.Ratio) {
	t.Helper()
	off := got.Sub(ratio.MustParse(published))
	if off.Sign() < 0 {
		off = off.Neg()
	}
	require.Falsef(t, ratio.MustParse(within).Less(off), "published %s, got %s", published, got.Decimal(12))
}

func TestPublishedRates(t *testing.T) {
	var cases []struct {
		ID, Source, Published, Within, Corrects string
		Flows                                   [][2]string
	}
	read(t, "xirr.json", &cases)
	require.NotEmpty(t, cases)
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			require.NotEmpty(t, c.Source)
			var flows []value.Flow
			for _, f := range c.Flows {
				flows = append(flows, flow(f[0], f[1]))
			}
			got, err := value.XIRR(t.Context(), flows, 12)
			t.Log(got, err)
			if c.Published == "none" && c.Corrects == "" {
				require.ErrorIs(t, err, value.ErrNoRoot)
				return
			}
			require.NoError(t, err)
			if c.Published == "none" {
				require.NotEmpty(t, got)
				return
			}
			near := false
			for _, r := range got {
				off := r.Sub(ratio.MustParse(c.Published))
				near = near || off.Mul(off).Cmp(ratio.MustParse(c.Within).Mul(ratio.MustParse(c.Within))) <= 0
			}
			require.True(t, near, "published %s, got %s", c.Published, got)
		})
	}
}

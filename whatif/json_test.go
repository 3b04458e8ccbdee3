package whatif_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/whatif"
)

// What has no figure says in JSON why, and has no figure that could be taken for 0.
func TestReasonsAsJSON(t *testing.T) {
	why := errors.New("no price of x on 2024-01-01")
	for want, answer := range map[string]any{
		`{"index":3,"values":["1"],"figures":["0.5"]}`:                                   whatif.Cell{Index: 3, Values: []ratio.Ratio{ratio.Int(1)}, Figures: []ratio.Ratio{ratio.Of(1, 2)}},
		`{"index":3,"values":["1"],"figures":[],"reason":"no price of x on 2024-01-01"}`: whatif.Cell{Index: 3, Values: []ratio.Ratio{ratio.Int(1)}, Figures: []ratio.Ratio{}, Reason: fmt.Errorf("whatif: %w", why)},
		`{"date":"2024-01-01","figure":"0"}`:                                             whatif.DatedFigure{Date: "2024-01-01"},
		`{"date":"2024-01-01","reason":"no price of x on 2024-01-01"}`:                   whatif.DatedFigure{Date: "2024-01-01", Reason: why},
	} {
		text, err := json.Marshal(answer)
		require.NoError(t, err)
		require.JSONEq(t, want, string(text))
	}
}

package sharing_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/sharing"
)

// published is an example from the literature. Divisions are exact or rounded.
type published struct {
	Name      string          `json:"name"`
	Source    string          `json:"source"`
	Corrects  string          `json:"corrects"` // a published figure that is wrong, and why
	Problem   json.RawMessage `json:"problem"`
	Shapley   []ratio.Ratio   `json:"shapley"`
	Nucleolus []ratio.Ratio   `json:"nucleolus"`
	Separable []ratio.Ratio   `json:"separable"`
	Blocks    [][]string      `json:"blocks"`
	Owen      []ratio.Ratio   `json:"owen"`
	Within    ratio.Ratio     `json:"within"` // how far a published figure may be off; 0 for exact figures
}

func TestPublished(t *testing.T) {
	text, err := os.ReadFile("testdata/published.json")
	require.NoError(t, err)
	var cases []published
	require.NoError(t, json.Unmarshal(text, &cases))
	require.NotEmpty(t, cases)
	ctx := context.Background()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			require.NotEmpty(t, c.Source)
			p, err := sharing.Read(strings.NewReader(string(c.Problem)))
			require.NoError(t, err)
			g, err := sharing.New(p)
			require.NoError(t, err)
			check := func(want []ratio.Ratio, divide func() (sharing.Division, error)) {
				if want == nil {
					return
				}
				got, err := divide()
				require.NoError(t, err)
				require.Len(t, got.Shares, len(want))
				total, err := g.Value(g.Members()...)
				require.NoError(t, err)
				require.Equal(t, total.String(), got.Total().String())
				for i, w := range want {
					require.Equal(t, g.Members()[i], got.Shares[i].Member)
					a := got.Shares[i].Amount
					off := a.Sub(w)
					if off.Sign() < 0 {
						off = off.Neg()
					}
					require.False(t, c.Within.Less(off), "%s of %s is %s, published as %s", got.Rule, g.Members()[i], a, w)
				}
			}
			check(c.Shapley, func() (sharing.Division, error) { return g.Shapley(ctx) })
			check(c.Nucleolus, func() (sharing.Division, error) { return g.Nucleolus(ctx) })
			check(c.Nucleolus, func() (sharing.Division, error) { return g.Prenucleolus(ctx) })
			check(c.Owen, func() (sharing.Division, error) { return g.Owen(ctx, c.Blocks) })
			check(c.Separable, func() (sharing.Division, error) {
				s, err := g.SeparableCosts()
				return s.Division, err
			})
		})
	}
}

package scenario_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// stepCase is one worked case of testdata/step-cases.json, step-vectors.json and
// step-variants.json.
type stepCase struct {
	Name     string
	Book     json.RawMessage
	Scenario json.RawMessage
	Expected struct {
		Error *struct {
			Step    int
			Because string // a part of the error's text, if it is given
		}
		Shares, For, Cash, Cost, Gains, Rights map[string]string
		Dropped                                map[string]string
		ByClassOf                              map[string]string `json:"by_class"`
		Companies                              map[string][2]string
		Gone                                   []string
	}
}

func stepCases(t testing.TB) []stepCase {
	t.Helper()
	var all []stepCase
	for _, name := range []string{"cases", "vectors", "variants"} {
		text, err := os.ReadFile(filepath.Join("testdata", "step-"+name+".json"))
		require.NoError(t, err)
		var file struct{ Cases, Vectors []stepCase }
		require.NoError(t, json.Unmarshal(text, &file))
		all = append(all, append(file.Cases, file.Vectors...)...)
	}
	return all
}

// TestStepCases runs the worked cases of every kind of step.
func TestStepCases(t *testing.T) {
	cases := stepCases(t)
	require.Len(t, cases, 12+37+89)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			a, err := crossholding.ReadBook(bytes.NewReader(c.Book))
			require.NoError(t, err)
			before := booktest.Bytes(t, a)
			s, err := scenario.Read(bytes.NewReader(c.Scenario))
			var out *scenario.Outcome
			if err == nil {
				out, err = scenario.Run(t.Context(), a, s)
			}
			require.Equal(t, before, booktest.Bytes(t, a))
			if c.Expected.Error != nil {
				require.Error(t, err)
				var step *scenario.StepError
				if errors.As(err, &step) {
					require.Equal(t, c.Expected.Error.Step, step.Index)
				} else {
					require.ErrorContains(t, err, "steps[0]")
				}
				require.ErrorContains(t, err, c.Expected.Error.Because)
				return
			}
			require.NoError(t, err)
			requireStepCase(t, &c, out)
		})
	}
}

func requireStepCase(t *testing.T, c *stepCase, out *scenario.Outcome) {
	t.Helper()
	b := out.After.Book()
	want := &c.Expected
	held, forWhom, byClass := map[string]ratio.Ratio{}, map[string]ratio.Ratio{}, map[string]ratio.Ratio{}
	cost, covered := map[string]ratio.Ratio{}, map[string]ratio.Ratio{}
	add := func(m map[string]ratio.Ratio, key string, x ratio.Ratio) { m[key] = m[key].Add(x) }
	for _, s := range b.Stakes {
		n := number(t, s.Shares+s.Percent)
		owner := s.Beneficiary
		if owner == "" {
			owner = s.Holder
		}
		add(held, s.Holder+">"+s.Issuer, n)
		add(forWhom, owner+">"+s.Issuer, n)
		add(byClass, s.Holder+">"+s.Issuer+"/"+s.Class, n)
		for _, lot := range s.Lots {
			add(cost, owner+">"+s.Issuer, number(t, lot.Shares).Mul(number(t, lot.Price)))
			add(covered, owner+">"+s.Issuer, number(t, lot.Shares))
		}
	}
	requireFigures(t, "shares", want.Shares, held)
	if want.For != nil {
		requireFigures(t, "for", want.For, forWhom)
	}
	if want.ByClassOf != nil {
		requireFigures(t, "by class", want.ByClassOf, byClass)
	}
	for key, text := range want.Cost {
		require.True(t, covered[key].Equal(forWhom[key]), "cost of %s is not known", key)
		require.Equal(t, text, cost[key].String(), "cost of %s", key)
	}
	there := map[string]bool{}
	for _, k := range b.Companies {
		there[k.ID] = true
		for _, class := range k.Shares {
			key := k.ID
			if len(k.Shares) > 1 {
				key += "/" + class.Class
				if class.Class == "" {
					key += "ordinary"
				}
			}
			if pair, ok := want.Companies[key]; ok {
				require.Equal(t, pair, [2]string{number(t, class.Issued).String(), number(t, class.Treasury).String()}, key)
				delete(want.Companies, key)
			}
		}
	}
	require.Empty(t, want.Companies)
	for _, id := range want.Gone {
		require.False(t, there[id], id)
	}
	cash := map[string]ratio.Ratio{}
	for _, x := range out.Cash {
		add(cash, x.Party+" "+x.Currency, x.Amount)
	}
	requireFigures(t, "cash", want.Cash, cash)
	gains := map[string]ratio.Ratio{}
	for _, g := range out.Gains {
		if g.Unknown == nil {
			add(gains, g.Holder+">"+g.Issuer, g.Gain.Amount)
		}
	}
	requireFigures(t, "gains", want.Gains, gains)
	if want.Dropped != nil {
		dropped := map[string]ratio.Ratio{}
		for _, d := range out.Dropped {
			add(dropped, d.Cost.Currency, d.Cost.Amount)
		}
		requireFigures(t, "dropped", want.Dropped, dropped)
	}
	if want.Rights != nil {
		rights := map[string]ratio.Ratio{}
		for _, g := range b.Rights {
			rights[g.ID] = number(t, g.Shares)
		}
		requireFigures(t, "rights", want.Rights, rights)
	}
}

func number(t *testing.T, n ratio.Number) ratio.Ratio {
	t.Helper()
	r, err := n.Ratio()
	require.NoError(t, err)
	return r
}

func requireFigures(t *testing.T, what string, want map[string]string, got map[string]ratio.Ratio) {
	t.Helper()
	text := map[string]string{}
	for key, r := range got {
		if _, ok := want[key]; ok || !r.IsZero() {
			text[strings.TrimSuffix(key, "/ordinary")] = r.String()
		}
	}
	if len(want) == 0 && len(text) == 0 {
		return
	}
	require.Equal(t, want, text, what)
}

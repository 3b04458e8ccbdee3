package whatif_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// workedCase is a worked case of the steps of package scenario.
type workedCase struct {
	name     string
	book     *crossholding.Alliance
	scenario scenario.Scenario
	fails    bool
}

// workedCases are the cases whose scenario has no fault of form.
func workedCases(t testing.TB) (out []workedCase) {
	t.Helper()
	type form struct {
		Name           string
		Book, Scenario json.RawMessage
		Expected       struct{ Error *struct{ Step int } }
	}
	for _, name := range []string{"cases", "vectors", "variants"} {
		text, err := os.ReadFile(filepath.Join("../scenario/testdata", "step-"+name+".json"))
		require.NoError(t, err)
		var file struct{ Cases, Vectors []form }
		require.NoError(t, json.Unmarshal(text, &file))
		for _, c := range append(file.Cases, file.Vectors...) {
			s, err := scenario.Read(bytes.NewReader(c.Scenario))
			if err != nil {
				continue
			}
			a, err := crossholding.ReadBook(bytes.NewReader(c.Book))
			require.NoError(t, err)
			out = append(out, workedCase{c.Name, a, s, c.Expected.Error != nil})
		}
	}
	require.Greater(t, len(out), 80)
	return out
}

// openKeys are the numbers of a step that can be open, by key.
func openKeys(t testing.TB, step scenario.Step) map[string]ratio.Ratio {
	t.Helper()
	text, err := json.Marshal(step)
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(text, &fields))
	out := map[string]ratio.Ratio{}
	add := func(key string, v any) {
		if words, ok := v.(string); ok {
			number, _, _ := strings.Cut(words, " ")
			if n, err := ratio.Parse(number); err == nil {
				out[key] = n
			}
		}
	}
	for _, key := range []string{"shares", "percent", "down_to", "up_to", "lot", "price", "votes_per_share", "keep", "cash", "per_share", "total", "cost", "amount", "votes", "dividend", "cost_share"} {
		add(key, fields[key])
	}
	for _, key := range []string{"prices", "fx", "takes", "tendered", "pass_on", "cost_share", "right", "agreement"} {
		below, _ := fields[key].(map[string]any)
		for name, v := range below {
			if !slices.Contains([]string{"id", "name"}, name) {
				add(key+"."+name, v)
			}
		}
	}
	return out
}

// questions are questions of every kind, for all kinds of steps.
func questions(t testing.TB) map[string]whatif.Question {
	t.Helper()
	stake := figure(whatif.Capital, "renault", "nissan")
	out := map[string]whatif.Question{
		"simulation": {Simulation: &whatif.Simulation{Figures: []whatif.Figure{figure(whatif.Value, "renault", "nissan")},
			Goals:   []whatif.Goal{{Figure: figure(whatif.ValueOverCost, "renault", ""), Is: whatif.LessThan, Limit: ratio.Of(1, 3)}},
			Factors: []whatif.Factor{{Key: "prices.nissan", Volatility: 0.3, Drift: -1e-3}, {Key: "fx.EUR/JPY", Volatility: 0.1}}, Correlations: []whatif.Correlation{{A: "prices.nissan", B: "fx.EUR/JPY", Coefficient: -0.25}},
			Seed: 1<<64 - 1, First: 7, Draws: 1000}},
		"table": {Simulation: &whatif.Simulation{Figures: []whatif.Figure{figure(whatif.Value, "renault", "nissan")},
			Table: &whatif.Table{Keys: []string{"prices.nissan", "fx.EUR/JPY"}, Rows: [][]float64{{1.02, 0.5}, {1e-7, 3}}}, Draws: 5}},
		"acquisition": {Acquisition: &whatif.Acquisition{Buyer: "a", Controller: "p", Targets: []string{"x", "y"}, Budget: "5000 EUR", Currency: "EUR", MaxBooks: 5,
			Offers: []whatif.Offer{{Seller: "b", Beneficiary: "c", Issuer: "x", Class: "k", Shares: "1/3", Price: "4.5 EUR", Lot: "0.1", Whole: true}}}},
	}
	for _, c := range workedCases(t) {
		out[c.name+": history"] = whatif.Question{History: &c.scenario, Period: &whatif.Period{Figure: stake, From: "2020-01-01", To: "2024-02-29", ByDay: true, InOrder: true}}
		for i, step := range c.scenario.Steps {
			grid := whatif.Grid{Steps: c.scenario.Steps, Figures: []whatif.Figure{stake, {Kind: whatif.Reached, Holder: "renault", Issuer: "nissan", Rule: "JP-27-23"}}, First: 1, Cells: 1}
			for _, key := range slices.Sorted(maps.Keys(openKeys(t, step))) {
				open := whatif.Open{Step: i, Key: key}
				out[c.name+": "+open.String()] = whatif.Question{Goal: &whatif.Goal{Figure: stake, Is: whatif.AtLeast, Limit: ratio.Of(1, 3)},
					Lever: &whatif.Lever{Steps: c.scenario.Steps, Open: open, Unit: ratio.Of(1, 7), Min: ratio.Of(1, 2), Max: ratio.Int(9), Greatest: true}}
				grid.Axes = append(grid.Axes, whatif.Axis{Open: open, Values: []ratio.Ratio{ratio.Int(1), ratio.Of(22, 7)}})
			}
			if grid.Axes != nil {
				out[fmt.Sprint(c.name, ": grid ", i)] = whatif.Question{Grid: &grid}
			}
		}
	}
	return out
}

func read(text string) (whatif.Question, error) { return whatif.Read(strings.NewReader(text)) }

func written(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// Every question comes back from encoding/json and from Read, in whatever form its numbers are.
func TestQuestionsComeBack(t *testing.T) {
	list := questions(t)
	require.Greater(t, len(list), 250)
	for name, q := range list {
		text := written(t, q)
		var back whatif.Question
		require.NoError(t, json.Unmarshal([]byte(text), &back), name)
		require.Equal(t, text, written(t, back), name)
		back, err := read(text)
		require.NoError(t, err, name)
		require.Equal(t, text, written(t, back), name)
		back, err = read(withJSONNumbers(t, text))
		require.NoError(t, err, name)
		require.Equal(t, text, written(t, back), name)
	}
}

// withJSONNumbers writes a question's numbers without quotes.
func withJSONNumbers(t testing.TB, text string) string {
	t.Helper()
	return edited(t, text, func(_ string, v any) any {
		if s, ok := v.(string); ok && json.Valid([]byte(s)) && strings.Trim(s, "-0123456789.") == "" {
			return json.RawMessage(s)
		}
		return v
	})
}

// edited is a question with its values changed, each of which edit gets with its key.
func edited(t testing.TB, text string, edit func(key string, v any) any) string {
	t.Helper()
	var walk func(key string, v any) any
	walk = func(key string, v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				v[k] = walk(k, v[k])
			}
		case []any:
			for i := range v {
				v[i] = walk(key, v[i])
			}
		}
		return edit(key, v)
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v))
	return written(t, walk("", v))
}

// A key that is unknown, in another case or given twice is an error, wherever it stands.
func TestReadIsStrict(t *testing.T) {
	ids := []string{"prices", "fx", "takes", "tendered", "pass_on", "cost_share"} // objects whose keys are ids
	list := questions(t)
	tried := 0
	asked := []string{"simulation", "table", "acquisition"}
	for _, kind := range []string{": history", ": grid 0", ": steps[0].shares"} {
		for _, c := range workedCases(t) {
			if _, ok := list[c.name+kind]; ok {
				asked = append(asked, c.name+kind)
				break
			}
		}
	}
	require.Len(t, asked, 6)
	for _, name := range asked {
		text := written(t, list[name])
		keys := map[string]bool{}
		edited(t, text, func(key string, v any) any {
			if m, ok := v.(map[string]any); ok && !slices.Contains(ids, key) {
				for k := range m {
					keys[k] = true
				}
			}
			return v
		})
		for key := range keys {
			tried++
			quoted := fmt.Sprintf("%q:", key)
			_, err := read(strings.Replace(text, quoted, fmt.Sprintf("%q:", strings.ToUpper(key)), 1))
			require.ErrorIs(t, err, crossholding.ErrSyntax, key)
			require.ErrorContains(t, err, strings.ToUpper(key)+": unknown key")
			_, err = read(strings.Replace(text, quoted, quoted+"null,"+quoted, 1))
			require.ErrorIs(t, err, crossholding.ErrDuplicate, key)
			_, err = read(strings.Replace(text, quoted, `"colour":1,`+quoted, 1))
			require.ErrorContains(t, err, "colour: unknown key")
		}
	}
	require.Greater(t, tried, 40)
}

// All faults are told at once, with their places.
func TestReadFaults(t *testing.T) {
	const sale = `{"step":"trade","from":"a","to":"b","issuer":"x"}`
	for _, tt := range []struct {
		name, text string
		kind       error
		says       []string
	}{
		{"not JSON", `{"goal"`, crossholding.ErrSyntax, []string{"not JSON"}},
		{"empty", `{}`, crossholding.ErrMissing, []string{"this one has 0"}},
		{"a scenario", `{"steps": []}`, crossholding.ErrSyntax, []string{"steps: unknown key"}},
		{"two", `{"acquisition":{"buyer":"a","targets":["x"]},"period":{"figure":{"figure":"value","holder":"a"},"from":"2020-01-01","to":"2020-01-01"},"history":{"steps":[]}}`, crossholding.ErrMissing, []string{"this one has 2"}},
		{"no lever", `{"goal":{"figure":"shares","holder":"a","issuer":"x","is":"true"}}`, crossholding.ErrMissing, []string{"lever: a question with a goal needs a lever"}},
		{"no goal", `{"lever":{"steps":[` + sale + `]}}`, crossholding.ErrMissing, []string{"goal: a question with a lever needs a goal"}},
		{"no history", `{"period":{"figure":{"figure":"value","holder":"a"},"from":"2020-01-01","to":"2020-01-01"}}`, crossholding.ErrMissing, []string{"history: a question with a period needs a history"}},
		{"form", `{"goal":{"figure":5,"Limit":1,"limit":"x","limit":true},"lever":{"steps":{},"open":{"step":1.5},"greatest":"yes"}}`, crossholding.ErrSyntax, []string{
			"goal.figure: the number 5 where a string belongs", "goal.Limit: unknown key", `goal.limit: "x" is not a decimal`, "goal.limit: key given twice", "goal.limit: true where a number belongs", "goal.is: the goal has no comparison",
			"lever.steps: an object where an array belongs", `lever.open.step: "1.5" is not a whole number`, `lever.greatest: "yes" where true or false belongs`}},
		{"goal and lever", `{"goal":{"figure":"wealth","is":"over"},"lever":{"steps":[` + sale + `,{"step":"fly"}],"open":{"step":2},"min":-1}}`, crossholding.ErrUnknown, []string{
			`goal.figure: "wealth" is no kind`, "goal.is:", "lever.open: steps[2].shares", "lever: steps[2].shares: unit 0, min -1", "lever.steps[0]", "lever.steps[1].step"}},
		{"a percentage without its sign", `{"goal":{"figure":"capital","holder":"a","issuer":"x","is":"at least","limit":15},"lever":{"steps":[` + sale + `]}}`, crossholding.ErrRange, []string{`goal.limit: capital of a in x is within 0 and 1, and the limit 15 is not: a percentage is written as "15%"`}},
		{"the open step lacks its number", `{"goal":{"figure":"shares","holder":"a","issuer":"x","is":"at least","limit":5},"lever":{"steps":[` + sale + `,` + sale + `]}}`, crossholding.ErrMissing, []string{"lever.steps[1]"}},
		{"grid", `{"grid":{"steps":[` + sale + `],"axes":[{"step":0,"values":[1]},{"step":0,"key":"shares","values":[]}],"figures":[{"figure":"shares","holder":"a"}],"cells":9}}`, crossholding.ErrDuplicate, []string{
			"grid.figures[0].issuer", "grid.axes[1]: steps[0].shares: two axes", "grid.axes[1]: steps[0].shares: an axis without values", "grid: 9 cells"}},
		{"simulation", `{"simulation":{"goals":[{"figure":"value","is":"at least"}],"factors":[{"key":"prices.x","volatility":-1}],"correlations":[{"a":"q","b":"r"}],"draws":-1}}`, crossholding.ErrRange, []string{
			"simulation.draws", "simulation.goals[0].holder", "simulation.factors[0]", "simulation.correlations[0]"}},
		{"offers", `{"acquisition":{"buyer":"h","targets":["x"],"budget":"abc","offers":[{"seller":"k","issuer":"x","price":"-1 EUR","lot":"-2","shares":"0"},{"seller":"k","issuer":"x","price":"much"}]}}`, crossholding.ErrRange, []string{
			`acquisition.budget: "abc" is not an amount`, "acquisition.offers[0].shares: shares 0 is not above 0", "acquisition.offers[0].lot", "acquisition.offers[0].price: -1 EUR is negative", "acquisition.offers[1].price"}},
		{"acquisition", `{"acquisition":{"targets":["x","x"],"max_books":-1}}`, crossholding.ErrDuplicate, []string{"acquisition.buyer: no buyer", "acquisition.targets[1]: x is given twice", "acquisition.max_books"}},
		{"history", `{"period":{"figure":{"figure":"shares"},"from":"2020-02-30","to":""},"history":{"breaches":"fine","steps":[` + sale + `]}}`, crossholding.ErrDate, []string{
			"period.figure.holder", "period.figure.issuer", "period: a period without", "period.from", "history.breaches", "history.steps[0]"}},
		{"backwards", `{"period":{"figure":{"figure":"value","holder":"a"},"from":"2020-02-01","to":"2020-01-01"},"history":{"steps":[]}}`, crossholding.ErrDate, []string{"period: from 2020-02-01 to 2020-01-01"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(tt.text)
			var in *crossholding.InputError
			require.ErrorAs(t, err, &in)
			require.Len(t, in.Faults, len(tt.says), err)
			require.ErrorIs(t, err, tt.kind)
			for _, says := range tt.says {
				require.ErrorContains(t, err, says)
			}
			require.Regexp(t, `^whatif: `, err.Error())
		})
	}
	broken := errors.New("disk")
	_, err := whatif.Read(brokenReader{broken})
	require.ErrorIs(t, err, broken)
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

// The figures of a question mean the same as numbers and as text.
func TestReadNumbers(t *testing.T) {
	q, err := read(`{"goal":{"figure":"capital","holder":"h","issuer":"x","is":"at least","limit":0.3333},
		"lever":{"steps":[{"step":"reprice","prices":{"x":3},"fx":{"EUR/JPY":1.2}},{"step":"offer","issuer":"x","to":"k","price":3,"shares":20,"tendered":{"h":10}}],"open":{"step":1},"unit":5,"min":1e1}}`)
	require.NoError(t, err)
	require.Equal(t, "0.3333 5 10", fmt.Sprint(q.Goal.Limit, q.Lever.Unit, q.Lever.Min))
	require.Equal(t, "3", q.Lever.Steps[0].Prices["x"])
	require.Equal(t, ratio.Number("1.2"), q.Lever.Steps[0].FX["EUR/JPY"])
	require.Equal(t, map[string]string{"h": "10"}, q.Lever.Steps[1].Tendered)
}

// FuzzRead reads any bytes. What it accepts comes back after it is written.
func FuzzRead(f *testing.F) {
	list := questions(f)
	for _, name := range []string{"simulation", "table", "acquisition"} {
		f.Add([]byte(written(f, list[name])))
	}
	f.Add([]byte(`{"goal":{"figure":"control","holder":"a","issuer":"x","is":"true"},"lever":{"steps":[{"step":"trade","from":"a","to":"b","issuer":"x"}],"unit":1e3}}`))
	f.Add([]byte(`{"grid":{"steps":[{"step":"spin_off","cost_share":25}],"axes":[{"key":"keep","values":[1,"1/3"]}],"figures":[{"figure":"value","holder":"a"}]}}`))
	f.Add([]byte(`{"period":{"figure":{"figure":"value","holder":"a"},"from":"2020-01-01","to":"2020-01-01"},"history":{"steps":[]}}`))
	f.Add([]byte(`{"":{"":null}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		q, err := whatif.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		again, err := read(written(t, q))
		require.NoError(t, err)
		require.Equal(t, written(t, q), written(t, again))
	})
}

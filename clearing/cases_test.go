package clearing_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/ratio"
)

// testdata/clearing-cases.json holds published examples; each names its source.
type caseFile struct {
	Clearing []struct {
		ID       string            `json:"id"`
		Assets   []ratio.Ratio     `json:"assets"`
		Debts    [][][]ratio.Ratio `json:"debts"`
		Outside  [][]ratio.Ratio   `json:"outside"`
		Holdings [][]ratio.Ratio   `json:"holdings"`
		Costs    clearing.Costs    `json:"costs"`
		Places   int               `json:"places"`
		Paid     []ratio.Ratio     `json:"paid"`
		Net      []ratio.Ratio     `json:"net"`
		Defaults []string          `json:"defaults"`
		Exact    struct {
			Paid   []ratio.Ratio `json:"paid"`
			Net    []ratio.Ratio `json:"net"`
			Equity []ratio.Ratio `json:"equity"`
		} `json:"exact"`
	} `json:"clearing"`
	Contagion []contagionCase `json:"contagion"`
}

type contagionCase struct {
	ID         string                `json:"id"`
	Names      []string              `json:"names"`
	Holdings   [][]ratio.Ratio       `json:"holdings"`
	Owed       [][]int64             `json:"owed"`
	Held       ratio.Ratio           `json:"held"`
	Places     int                   `json:"places"`
	Dependency [][]ratio.Ratio       `json:"dependency"`
	Assets     []ratio.Ratio         `json:"assets"`
	Before     []ratio.Ratio         `json:"before"`
	Waves      map[string][][]string `json:"waves"`
}

func readFile() (file caseFile, err error) {
	data, err := os.ReadFile("testdata/clearing-cases.json")
	if err == nil {
		err = json.Unmarshal(data, &file)
	}
	return file, err
}

func readCases(t testing.TB) caseFile {
	t.Helper()
	file, err := readFile()
	require.NoError(t, err)
	require.NotEmpty(t, file.Clearing)
	require.NotEmpty(t, file.Contagion)
	return file
}

// readEurope is the case of six countries.
func readEurope() contagionCase { return must(readFile()).Contagion[1] }

func rounded(r ratio.Ratio, places int) ratio.Ratio { return ratio.FromRat(r.Decimal(places).Rat()) }

func TestPublishedClearing(t *testing.T) {
	for _, x := range readCases(t).Clearing {
		t.Run(x.ID, func(t *testing.T) {
			tables := clearing.Tables{Names: []string{"1", "2", "3", "4"}[:len(x.Assets)], Assets: x.Assets, Debts: x.Debts, Outside: x.Outside, Holdings: x.Holdings, Costs: x.Costs}
			c, err := system(t, tables).Clear(t.Context(), clearing.Options{})
			require.NoError(t, err)
			require.True(t, c.Unique)
			require.Equal(t, x.Defaults, c.Greatest.Defaults())
			for i, f := range c.Greatest.Firms {
				equal(t, rounded(x.Paid[i], x.Places), rounded(f.Paid(), x.Places))
				net := f.Assets.Sub(f.Debt)
				if x.Net != nil {
					equal(t, rounded(x.Net[i], x.Places), rounded(net, x.Places))
				}
				if x.Exact.Paid != nil {
					equal(t, x.Exact.Paid[i], f.Paid())
				}
				if x.Exact.Net != nil {
					equal(t, x.Exact.Net[i], net)
				}
				if x.Exact.Equity != nil {
					equal(t, x.Exact.Equity[i], f.Equity)
				}
			}
		})
	}
}

// holdings are the cross-holdings of a case. Owed[i][j] is the debt of i that j holds, and
// all that is held within the network is the fraction Held of i.
func (x *contagionCase) holdings() (names []string, out []clearing.Holding) {
	names = x.Names
	if names == nil {
		names = []string{"1", "2"}
	}
	for i := range names {
		var sum int64
		for j := range x.Owed {
			sum += x.Owed[i][j]
		}
		for j := range names {
			if i == j {
				continue
			}
			share := ratio.Ratio{}
			if x.Owed != nil {
				share = x.Held.Mul(ratio.Of(x.Owed[i][j], sum))
			} else {
				share = x.Holdings[j][i]
			}
			out = append(out, clearing.Holding{Holder: names[j], Issuer: names[i], Share: share})
		}
	}
	return names, out
}

func (x *contagionCase) organizations(names []string, value, threshold []ratio.Ratio) []clearing.Organization {
	out := make([]clearing.Organization, len(names))
	for i, name := range names {
		out[i] = clearing.Organization{Name: name}
		if value != nil {
			out[i].Assets = value[i]
		}
		if threshold != nil {
			out[i].Threshold = threshold[i]
			out[i].Cost = threshold[i].Mul(ratio.Of(1, 2))
		}
	}
	return out
}

func TestPublishedContagion(t *testing.T) {
	for _, x := range readCases(t).Contagion {
		t.Run(x.ID, func(t *testing.T) {
			names, holdings := x.holdings()
			c, err := clearing.NewContagion(x.organizations(names, x.Before, nil), holdings)
			require.NoError(t, err)
			a, err := c.Dependency(t.Context())
			require.NoError(t, err)
			for j := range names {
				sum := zero
				for i := range names {
					sum = sum.Add(a[i][j])
					equal(t, rounded(x.Dependency[i][j], x.Places), rounded(a[i][j], x.Places))
				}
				equal(t, one, sum)
			}
			if x.Before == nil {
				return
			}
			before, err := c.Cascades(t.Context(), clearing.Options{})
			require.NoError(t, err)
			require.True(t, before.Unique, "nobody has a threshold")
			for theta, want := range x.Waves {
				threshold := make([]ratio.Ratio, len(names))
				for i, v := range before.Best.Values {
					threshold[i] = v.Market.Mul(ratio.MustParse(theta))
				}
				c, err := clearing.NewContagion(x.organizations(names, x.Assets, threshold), holdings)
				require.NoError(t, err)
				got, err := c.Cascades(t.Context(), clearing.Options{})
				require.NoError(t, err)
				var waves [][]string
				for _, w := range got.Best.Waves {
					waves = append(waves, w.Names)
				}
				require.Equal(t, want, waves, theta)
			}
		})
	}
}

package network_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func TestControlCases(t *testing.T) {
	var file struct{ Cases []map[string]json.RawMessage }
	booktest.Load(t, "network/testdata/network.json", &file)
	for _, c := range file.Cases {
		var name string
		var stakes []string
		require.NoError(t, json.Unmarshal(c["name"], &name))
		require.NoError(t, json.Unmarshal(c["stakes"], &stakes))
		a := booktest.Alliance(t, stakes...)
		for _, model := range []string{"linear", "threshold", "threshold-else-linear", "relative", "series"} {
			if c[model] == nil {
				continue
			}
			t.Run(name+"/"+model, func(t *testing.T) {
				var want map[string]string
				require.NoError(t, json.Unmarshal(c[model], &want))
				opt := network.ControlOptions{Model: network.ControlModel(model)}
				if model == "linear" || model == "series" {
					opt.Model, opt.Uncorrected = network.ModelLinear, model == "series"
				}
				n, err := network.NewControl(t.Context(), a, opt)
				require.NoError(t, err)
				rank, err := n.Rank(t.Context())
				require.NoError(t, err)
				require.Len(t, rank, len(want))
				for _, h := range rank {
					booktest.RequireRatio(t, want[h.Holder], h.ControlledValue, h.Holder)
				}
			})
		}
	}
}

// flow returns what i controls of every company: the control that flows along
// all walks which never come back to i, by plain elimination.
func flow(w booktest.World, i int, c [][]*big.Rat) []*big.Rat {
	n := w.Companies // x(j) = c(i,j) + sum over k != i of x(k) c(k,j)
	m := make([][]*big.Rat, n)
	for j := range n {
		m[j] = make([]*big.Rat, n+1)
		for k := range n {
			m[j][k] = new(big.Rat)
			if k != i && j != i {
				m[j][k].Neg(c[k][j])
			}
			if k == j {
				m[j][k].Add(m[j][k], big.NewRat(1, 1))
			}
		}
		m[j][n] = new(big.Rat)
		if j != i {
			m[j][n].Set(c[i][j])
		}
	}
	// Companies that nothing of i reaches may be closed rings: leave them out.
	reach := make([]bool, n)
	for line := []int{i}; len(line) > 0; line = line[1:] {
		for j := range n {
			if !reach[j] && j != i && c[line[0]][j].Sign() > 0 {
				reach[j] = true
				line = append(line, j)
			}
		}
	}
	var keep []int
	for j := range n {
		if reach[j] {
			keep = append(keep, j)
		}
	}
	for _, p := range keep {
		for _, j := range keep {
			if j == p {
				continue
			}
			f := new(big.Rat).Quo(m[j][p], m[p][p])
			for k := range n + 1 {
				m[j][k].Sub(m[j][k], new(big.Rat).Mul(f, m[p][k]))
			}
		}
	}
	out := make([]*big.Rat, n)
	for j := range out {
		out[j] = new(big.Rat)
		if reach[j] {
			out[j].Quo(m[j][n], m[j][j])
		}
	}
	return out
}

func controlShares(w booktest.World, model network.ControlModel) [][]*big.Rat {
	c := make([][]*big.Rat, len(w.IDs))
	for i := range c {
		c[i] = make([]*big.Rat, w.Companies)
		for j := range c[i] {
			c[i][j] = new(big.Rat).Set(w.Held[i][j])
		}
	}
	for j := range w.Companies {
		squares, master := new(big.Rat), -1
		for i := range w.IDs {
			squares.Add(squares, new(big.Rat).Mul(w.Held[i][j], w.Held[i][j]))
			if w.Held[i][j].Cmp(big.NewRat(1, 2)) > 0 {
				master = i
			}
		}
		for i := range w.IDs {
			switch {
			case model == network.ModelRelative:
				c[i][j].Mul(w.Held[i][j], w.Held[i][j]).Quo(c[i][j], squares)
			case model != network.ModelLinear && master == i:
				c[i][j].SetInt64(1)
			case model == network.ModelThreshold || model == network.ModelThresholdElseLinear && master >= 0:
				c[i][j].SetInt64(0)
			}
		}
	}
	return c
}

func TestControlAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 25995))
	models := []network.ControlModel{network.ModelLinear, network.ModelThreshold, network.ModelThresholdElseLinear, network.ModelRelative}
	for round := range testkit.Cases(300) {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 1+r.IntN(3))
		model := models[round%4]
		c := controlShares(w, model)
		a := w.Alliance(t)
		n, err := network.NewControl(t.Context(), a, network.ControlOptions{Model: model})
		require.NoError(t, err)
		other, names := w.Renamed(r)
		b, err := crossholding.New(other)
		require.NoError(t, err)
		again, err := network.NewControl(t.Context(), b, network.ControlOptions{Model: model})
		require.NoError(t, err)
		for i, id := range w.IDs {
			want := flow(w, i, c)
			got, err := n.Of(t.Context(), id)
			require.NoError(t, err)
			sum := new(big.Rat)
			byID := map[string]ratio.Ratio{}
			for _, s := range got.Companies {
				byID[s.Company] = s.Control
			}
			for j := range w.Companies {
				sum.Add(sum, want[j])
				require.True(t, ratio.FromRat(want[j]).Equal(byID[w.IDs[j]]), "%s of %s, %q, in %v", id, w.IDs[j], model, w.Book.Stakes)
			}
			require.True(t, ratio.FromRat(sum).Equal(got.ControlledValue))
			renamed, err := again.Of(t.Context(), names[id])
			require.NoError(t, err)
			require.True(t, renamed.ControlledValue.Equal(got.ControlledValue))
		}
	}
}

// TestLinearControlIsFirstPassage ties the correction to ownership: on shares
// the linear model is first-passage ownership.
func TestLinearControlIsFirstPassage(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1998))
	for range 60 {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 2)
		a := w.Alliance(t)
		n, err := network.NewControl(t.Context(), a, network.ControlOptions{Basis: crossholding.BasisCapital})
		require.NoError(t, err)
		o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
		require.NoError(t, err)
		for _, id := range w.IDs {
			h, err := n.Of(t.Context(), id)
			require.NoError(t, err)
			for _, s := range h.Companies {
				y, err := o.FirstPassage(t.Context(), id, s.Company)
				require.NoError(t, err)
				require.True(t, y.Equal(s.Control))
			}
		}
	}
}

func TestControlErrors(t *testing.T) {
	a := booktest.Alliance(t, "X 10 Y", "Y 10 X")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name string
		opt  network.ControlOptions
		want error
	}{
		{"model", network.ControlOptions{Model: "guess"}, crossholding.ErrUnknown},
		{"threshold", network.ControlOptions{Threshold: ratio.Int(2)}, crossholding.ErrRange},
		{"bits", network.ControlOptions{MaxBits: -1}, crossholding.ErrRange},
		{"basis", network.ControlOptions{Basis: "hats"}, crossholding.ErrUnknown},
		{"value of nobody", network.ControlOptions{Values: map[string]ratio.Ratio{"Z": {}}}, crossholding.ErrUnknown},
		{"negative value", network.ControlOptions{Values: map[string]ratio.Ratio{"X": ratio.Int(-1)}}, crossholding.ErrRange},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := network.NewControl(t.Context(), a, c.opt)
			require.ErrorIs(t, err, c.want)
		})
	}
	n, err := network.NewControl(t.Context(), a, network.ControlOptions{Model: network.ModelRelative, Uncorrected: true})
	require.NoError(t, err)
	_, err = n.Of(t.Context(), "X")
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
	_, err = n.Of(t.Context(), "Z")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = n.Of(t.Context(), "float:X")
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = network.NewControl(ctx, a, network.ControlOptions{Basis: crossholding.BasisCapital})
	require.ErrorIs(t, err, context.Canceled)
	ctx, cancel = context.WithCancel(context.Background())
	n, err = network.NewControl(t.Context(), a, network.ControlOptions{Basis: crossholding.BasisCapital})
	require.NoError(t, err)
	cancel()
	_, err = n.Of(ctx, "X")
	require.ErrorIs(t, err, context.Canceled)
}

func ExampleControl_Rank() {
	ctx := context.Background()
	// Two companies hold 50% of each other, a person the rest of each.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "east"}, {ID: "west"}},
		Parties:   []crossholding.Party{{ID: "ann"}, {ID: "bob"}},
		Stakes: []crossholding.Stake{
			{Holder: "ann", Issuer: "east", Percent: "50"},
			{Holder: "west", Issuer: "east", Percent: "50"},
			{Holder: "bob", Issuer: "west", Percent: "50"},
			{Holder: "east", Issuer: "west", Percent: "50"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := network.NewControl(ctx, a, network.ControlOptions{Values: map[string]ratio.Ratio{
		"east": ratio.Int(300), "west": ratio.Int(600),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	rank, err := n.Rank(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, h := range rank {
		fmt.Println(h)
	}
	// Output:
	// bob controls a value of 500: 33.33% of east, 66.67% of west
	// ann controls a value of 400: 66.67% of east, 33.33% of west
	// east controls a value of 300: 50% of west
	// west controls a value of 150: 50% of east
}

func ExampleControl_Of() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "firm"}},
		Parties:   []crossholding.Party{{ID: "ann"}, {ID: "bob"}},
		Stakes: []crossholding.Stake{
			{Holder: "ann", Issuer: "firm", Percent: "60"},
			{Holder: "bob", Issuer: "firm", Percent: "40"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, model := range []network.ControlModel{network.ModelLinear, network.ModelThreshold, network.ModelRelative} {
		n, err := network.NewControl(ctx, a, network.ControlOptions{Model: model})
		if err != nil {
			fmt.Println(err)
			return
		}
		h, err := n.Of(ctx, "ann")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(h.ControlledValue)
	}
	// Output:
	// 0.6
	// 1
	// 9/13
}

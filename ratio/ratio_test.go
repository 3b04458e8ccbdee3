package ratio_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// extremes are whole numbers around the edges of machine words and beyond.
func extremes() []*big.Int {
	one := big.NewInt(1)
	out := []*big.Int{big.NewInt(0)}
	for _, bits := range []uint{0, 1, 31, 32, 61, 62, 63, 64, 65, 128, 500} {
		p := new(big.Int).Lsh(one, bits)
		out = append(out, p, new(big.Int).Sub(p, one), new(big.Int).Add(p, one))
	}
	return out
}

// someRat returns a fraction, small, huge or near the edge of a word.
func someRat(rng *rand.Rand, edge []*big.Int) *big.Rat {
	part := func() *big.Int {
		switch rng.IntN(4) {
		case 0:
			return edge[rng.IntN(len(edge))]
		case 1:
			return big.NewInt(rng.Int64())
		case 2:
			return new(big.Int).Mul(big.NewInt(rng.Int64()), big.NewInt(rng.Int64()))
		}
		return big.NewInt(rng.Int64N(1000))
	}
	num, den := part(), part()
	if den.Sign() == 0 {
		den = big.NewInt(1)
	}
	r := new(big.Rat).SetFrac(num, den)
	if rng.IntN(2) == 0 {
		r.Neg(r)
	}
	return r
}

// Arithmetic agrees with math/big on random and on extreme values.
func TestRatioArithmetic(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	edge := extremes()
	same := func(want *big.Rat, got ratio.Ratio, op string, x, y *big.Rat) {
		if want.Cmp(got.Rat()) != 0 {
			t.Fatalf("%s %s %s: want %s, got %s", x.RatString(), op, y.RatString(), want.RatString(), got)
		}
	}
	for range testkit.Size(5_000, 20_000) {
		x, y := someRat(rng, edge), someRat(rng, edge)
		a, b := ratio.FromRat(x), ratio.FromRat(y)
		same(new(big.Rat).Add(x, y), a.Add(b), "+", x, y)
		same(new(big.Rat).Sub(x, y), a.Sub(b), "-", x, y)
		same(new(big.Rat).Mul(x, y), a.Mul(b), "*", x, y)
		same(new(big.Rat).Neg(x), a.Neg(), "-", x, x)
		if y.Sign() == 0 {
			require.Panics(t, func() { a.Div(b) })
		} else {
			same(new(big.Rat).Quo(x, y), a.Div(b), "/", x, y)
		}
		require.Equal(t, x.Cmp(y), a.Cmp(b))
		require.Equal(t, x.Cmp(y) == 0, a.Equal(b))
		require.Equal(t, x.Cmp(y) < 0, a.Less(b))
		require.Equal(t, x.Sign(), a.Sign())
		require.Equal(t, x.Sign() == 0, a.IsZero())
		require.Equal(t, x.IsInt(), a.IsInt())
		// What was made in two ways is the same value.
		require.Equal(t, a.String(), a.Add(b).Sub(b).String())
	}
}

func TestRatioEdges(t *testing.T) {
	for _, n := range []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64} {
		x := big.NewRat(n, 1)
		require.Zero(t, x.Cmp(ratio.Int(n).Rat()), n)
		require.Zero(t, new(big.Rat).Neg(x).Cmp(ratio.Int(n).Neg().Rat()), n)
		require.Equal(t, x.RatString(), ratio.Int(n).String())
		for _, d := range []int64{1, 2, 3, math.MaxInt64} {
			if n == math.MinInt64 {
				require.Panics(t, func() { ratio.Of(n, d) })
				continue
			}
			require.Zero(t, big.NewRat(n, d).Cmp(ratio.Of(n, d).Rat()), "%d/%d", n, d)
		}
		for _, d := range []int64{math.MinInt64, -3, 0} {
			require.Panics(t, func() { ratio.Of(n, d) })
		}
	}
	require.True(t, ratio.FromRat(nil).IsZero())

	// Nothing that is handed in or out is shared.
	mine := big.NewRat(1, 3)
	r := ratio.FromRat(mine)
	mine.SetInt64(5)
	r.Rat().SetInt64(7)
	require.Equal(t, "1/3", r.String())
	wide := ratio.FromRat(new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 200), big.NewInt(3)))
	before := wide.String()
	wide.Rat().SetInt64(7)
	require.Equal(t, before, wide.String())
}

// rounded is an oracle for rounding: it looks at both neighbours.
func rounded(x *big.Rat, places int, mode ratio.Rounding) *big.Rat {
	unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	n := new(big.Rat).Quo(x, unit)
	// Div rounds to minus infinity for a denominator above 0.
	below := new(big.Int).Div(n.Num(), n.Denom())
	above := new(big.Int).Add(below, big.NewInt(1))
	if n.IsInt() {
		above = below
	}
	down := new(big.Rat).Sub(n, new(big.Rat).SetInt(below))
	up := new(big.Rat).Sub(new(big.Rat).SetInt(above), n)
	inner, outer := below, above
	if x.Sign() < 0 {
		inner, outer = above, below
	}
	pick := below
	switch mode {
	case ratio.Floor:
	case ratio.Ceiling:
		pick = above
	case ratio.TowardZero:
		pick = inner
	case ratio.AwayFromZero:
		pick = outer
	default:
		switch down.Cmp(up) {
		case 1:
			pick = above
		case 0:
			if mode == ratio.HalfUp {
				pick = outer
			} else if below.Bit(0) == 1 {
				pick = above
			}
		}
	}
	return new(big.Rat).Mul(new(big.Rat).SetInt(pick), unit)
}

func TestRatioRounds(t *testing.T) {
	modes := []ratio.Rounding{ratio.HalfEven, ratio.HalfUp, ratio.TowardZero,
		ratio.AwayFromZero, ratio.Floor, ratio.Ceiling}
	check := func(x *big.Rat, places int) {
		r := ratio.FromRat(x)
		for _, mode := range modes {
			got := r.Round(places, mode)
			if want := rounded(x, places, mode); want.Cmp(got.Rat()) != 0 {
				t.Fatalf("%s to %d places, mode %d: want %s, got %s", x.RatString(), places, mode, want.FloatString(places), got)
			}
			require.LessOrEqual(t, int(-got.Exponent()), places)
		}
		require.True(t, r.Decimal(places).Equal(r.Round(places, ratio.HalfEven)))
		hundred := r.Mul(ratio.Int(100))
		require.True(t, r.Percent(places).Equal(hundred.Decimal(places)))
	}
	rng := rand.New(rand.NewPCG(2, 2))
	edge := extremes()
	for range testkit.Size(1_000, 5_000) {
		check(someRat(rng, edge), rng.IntN(30))
	}
	for n := int64(-50); n <= 50; n++ { // every tie of two places, and the whole numbers between
		for places := range 4 {
			check(big.NewRat(n, 8), places)
			check(big.NewRat(n, 20), places)
			check(big.NewRat(n, 200), places)
		}
	}
}

// Places out of bounds are held within 0 and 10,000.
func TestRatioPlacesAreBounded(t *testing.T) {
	third := ratio.MustParse("1/3")
	require.Equal(t, "0", third.Decimal(-5).String())
	require.Len(t, third.Decimal(math.MaxInt).String(), 10_002)
}

func TestRatioTextRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	edge := extremes()
	for range 5000 {
		r := ratio.FromRat(someRat(rng, edge))
		text, err := r.MarshalText()
		require.NoError(t, err)
		require.Equal(t, r.String(), string(text))
		var back ratio.Ratio
		require.NoError(t, back.UnmarshalText(text), "%s", text)
		require.True(t, r.Equal(back), "%s", text)
		require.Equal(t, r.String(), back.String())
	}
	var back struct{ R ratio.Ratio }
	require.NoError(t, json.Unmarshal([]byte(`{"R":"40.42%"}`), &back))
	require.Equal(t, "0.4042", back.R.String())
	require.ErrorIs(t, json.Unmarshal([]byte(`{"R":"x"}`), &back), ratio.ErrNumber)
	require.Equal(t, "0.4042", back.R.String()) // unchanged by what failed
}

func TestParseRatio(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "00012": "12", "0.334": "0.334", "33.4%": "0.334", "1/3": "1/3", "-1/3": "-1/3", "1/-3": "-1/3",
		"2/6": "1/3", "1.5/4.5": "1/3", "1e3": "1000", "1E3": "1000", "1e+3": "1000", "15e-1": "1.5", "0.10": "0.1",
		"1e0000000003": "1000", "0e999": "0", "100%": "1", "9223372036854775808": "9223372036854775808",
		"-9223372036854775808": "-9223372036854775808", "0.000000000000000000000000000001": "0.000000000000000000000000000001",
		strings.Repeat("9", 60):   strings.Repeat("9", 60),
		strings.Repeat("0", 150):  "0",
		strings.Repeat("7", 5000): strings.Repeat("7", 5000), // an exact answer may be long
		"010/1":                   "10", strings.Repeat("0", 70) + "17/3": "17/3",
		"1/" + strings.Repeat("7", 5000): "1/" + strings.Repeat("7", 5000),
	} {
		t.Run(name(in), func(t *testing.T) {
			r, err := ratio.Parse(in)
			require.NoError(t, err)
			require.Equal(t, want, r.String())
			require.Equal(t, want, ratio.MustParse(in).String())
		})
	}
}

func name(s string) string {
	if len(s) > 40 {
		return s[:40]
	}
	return s
}

func TestParseRatioRejects(t *testing.T) {
	long := strings.Repeat("9", 10<<20)
	for _, in := range []string{
		"", " ", " 1", "1 ", "+1", "--1", "-", ".", ".5", "5.", "1e", "1e+", "1e-", "1e1.5", "1e--1", "e5", "1.2.3", "1,5", "0x10", "1_000",
		"NaN", "Inf", "-Inf", "infinity", "½", "١", "1/", "/1", "1//2", "1/2/3", "1/3%", "%", "%1", "1%%", "1\x00", "1\n",
		"1e61", "1e-31", "1e999", "1e1000", "1e1000000000", "-1e1000000000", "1e-1000000000", "1/1e1000000000", "1e1000000000%",
		"1e" + long, long, "-" + long, "0." + long, "1/" + long, long + "/1", long + "%", strings.Repeat("-", 10<<20), strings.Repeat("0", 10<<20),
		strings.Repeat("9", 61) + "%", "0." + strings.Repeat("9", 31), strings.Repeat("9", 100) + "e1", strings.Repeat("9", 70) + "/-1",
	} {
		t.Run(name(in), func(t *testing.T) {
			start := time.Now()
			_, err := ratio.Parse(in)
			require.ErrorIs(t, err, ratio.ErrNumber)
			require.Less(t, len(err.Error()), 300)
			require.Less(t, time.Since(start), 5*time.Second, "generous: the machine may be busy")
			require.Panics(t, func() { ratio.MustParse(in) })
		})
	}
	for _, in := range []string{"1/0", "0/0", "-1/0.00", strings.Repeat("9", 70) + "/0"} {
		_, err := ratio.Parse(in)
		require.Error(t, err, in)
	}
	_, err := ratio.Parse("1/0")
	require.ErrorIs(t, err, ratio.ErrDivisionByZero)
	require.ErrorContains(t, err, `"1/0"`)
}

func TestRatioFromDecimal(t *testing.T) {
	r, err := ratio.FromDecimal(decimal.RequireFromString("-468.52"))
	require.NoError(t, err)
	require.Equal(t, "-468.52", r.String())
	for _, d := range []decimal.Decimal{
		decimal.New(1, 1e9), decimal.New(1, -1e9), decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32),
		decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 300), 0),
	} {
		_, err := ratio.FromDecimal(d)
		require.ErrorIs(t, err, ratio.ErrNumber)
	}
}

func TestNumber(t *testing.T) {
	r, err := ratio.Number("").Ratio()
	require.NoError(t, err)
	require.True(t, r.IsZero())
	_, err = ratio.Number("12 shares").Ratio()
	require.ErrorIs(t, err, ratio.ErrNumber)
	require.ErrorContains(t, err, `"12 shares"`)
}

// Fractions that fit two words cost no memory.
func TestRatioAllocations(t *testing.T) {
	a, b := ratio.MustParse("1831837027/4220715112"), ratio.MustParse("0.1500")
	n, m := ratio.Int(44358343), ratio.Int(295722284)
	var sink ratio.Ratio
	var order int
	for name, f := range map[string]func(){
		"add":        func() { sink = a.Add(b) },
		"add whole":  func() { sink = n.Add(m) },
		"sub":        func() { sink = a.Sub(b) },
		"mul":        func() { sink = a.Mul(b) },
		"mul whole":  func() { sink = n.Mul(m) },
		"quo":        func() { sink = n.Div(m) },
		"cmp":        func() { order = a.Cmp(b) },
		"cmp whole":  func() { order = n.Cmp(m) },
		"equal":      func() { order = map[bool]int{false: 1, true: 2}[a.Equal(b)] },
		"parse":      func() { sink, _ = ratio.Parse("43.40%") },
		"from int":   func() { sink = ratio.Int(7) },
		"sign, zero": func() { order = a.Sign() + map[bool]int{false: 1}[a.IsZero()] },
	} {
		require.Zero(t, testing.AllocsPerRun(100, f), name)
	}
	require.True(t, !sink.IsZero() && order != 9)
}

func FuzzParseRatio(f *testing.F) {
	for _, s := range []string{"1/3", "33.4%", "1e1000000000", "1e", "--1", " 1", "+1", "NaN", "0.1e-5", "-0", "1/0", "999999999999999999999999999999999999999999999999999999999999",
		"12345678901234567890123456789012345678901234567890123456789012345678/7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ratio.Parse(s)
		if err != nil {
			return
		}
		back, err := ratio.Parse(r.String())
		require.NoError(t, err, "%q became %q", s, r)
		require.True(t, r.Equal(back))
		// math/big reads more, but nothing else, except that it takes a
		// leading zero of a fraction for octal.
		if x, ok := new(big.Rat).SetString(s); ok && !strings.Contains(s, "/") {
			require.Zero(t, x.Cmp(r.Rat()), s)
		}
	})
}

func BenchmarkRatio(b *testing.B) {
	x, y := ratio.MustParse("1831837027/4220715112"), ratio.MustParse("0.15")
	var sink ratio.Ratio
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"add", func() { sink = x.Add(y) }},
		{"mul", func() { sink = x.Mul(y) }},
		{"cmp", func() { _ = x.Cmp(y) }},
		{"parse", func() { sink, _ = ratio.Parse("4220715112") }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
		})
	}
	_ = sink
}

func TestRatioFormat(t *testing.T) {
	third, half, big := ratio.Of(1, 3), ratio.Of(-1, 2), ratio.Int(1831837027)
	for want, got := range map[string]string{
		"1/3":                  fmt.Sprintf("%v", third),
		"1/3 ":                 fmt.Sprintf("%s ", third),
		"  1/3":                fmt.Sprintf("%5v", third),
		"1/3  |":               fmt.Sprintf("%-5v|", third),
		`"1/3"`:                fmt.Sprintf("%q", third),
		"0.33":                 fmt.Sprintf("%.2f", third),
		"0.333333":             fmt.Sprintf("%f", third),
		"-0.5":                 fmt.Sprintf("%.1f", half),
		"  0.333":              fmt.Sprintf("%7.3f", third),
		"-00.50":               fmt.Sprintf("%06.2f", half),
		"+0.33":                fmt.Sprintf("%+.2f", third),
		"1831837027.0":         fmt.Sprintf("%.1f", big),
		"%!d(ratio.Ratio=1/3)": fmt.Sprintf("%d", third),
		"{1/3}":                fmt.Sprintf("%v", struct{ R ratio.Ratio }{third}),
		"[1/3 -0.5]":           fmt.Sprintf("%v", []ratio.Ratio{third, half}),
	} {
		require.Equal(t, want, got)
	}
}

// A text that is no number gets an error that says so, and what to write where it is
// nearly one.
func TestNotANumber(t *testing.T) {
	const no = "is not a decimal number"
	for text, want := range map[string]string{
		"percent": no, "shares": no, "e": no, "e5": no, "5e": no, "5e+": no, "1e5x": no, "5e1000x": no, "-": no, ",": no, "%": no,
		"1e1000000000": "has an exponent beyond bounds",
		"12.5%":        no + "; write 12.5, without a percent sign",
		"12.5 %":       no + "; write 12.5, without a percent sign",
		"12,5":         no + "; write 12.5, with a point",
		"12,5%":        no + "; write 12.5, with a point",
		"-0,25":        no + "; write -0.25, with a point",
		"1,234":        no + "; write 1234, or 1.234 if the comma is a decimal point",
		"1,234,567":    no + "; write 1234567, without commas",
		"1,234.5":      no + "; write 1234.5, without commas",
		"1,,5":         no,
		"1.234,5":      no,
		"twelve":       no,
	} {
		_, err := ratio.ParseNumber(text)
		var bad *ratio.ParseError
		require.ErrorAs(t, err, &bad, text)
		require.Equal(t, want, bad.Reason, text)
		require.ErrorIs(t, err, ratio.ErrNumber)
	}
}

// A number whose decimal does not end is a fraction of two whole numbers.
func TestNumberFractions(t *testing.T) {
	for text, want := range map[ratio.Number]string{"1/3": "1/3", "-7/21": "-1/3", "100/8": "12.5", "0/5": "0"} {
		r, err := text.Ratio()
		require.NoError(t, err, text)
		require.Equal(t, want, r.String())
		require.True(t, r.IsNumber())
		back, err := r.Number().Ratio()
		require.NoError(t, err)
		require.True(t, r.Equal(back))
	}
	for _, text := range []ratio.Number{"1/0", "1/-3", "1.5/2", "/3", "1/", "1/2/3", "1/3%", "1e3/7", "1/" + ratio.Number(strings.Repeat("9", 61))} {
		_, err := text.Ratio()
		require.Error(t, err, text)
	}
	long := ratio.MustParse(strings.Repeat("9", 70) + "/7")
	require.False(t, long.IsNumber())
}

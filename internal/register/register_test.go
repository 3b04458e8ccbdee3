package register_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/ratio"
)

const (
	companiesHeader = "id,issued,treasury,votes\n"
	stakesHeader    = "holder,issuer,shares\n"
)

func read(t *testing.T, companies, stakes string, excess register.Excess) (*register.Register, register.Faults) {
	t.Helper()
	r, faults, err := register.Read(t.Context(), strings.NewReader(companiesHeader+companies), strings.NewReader(stakesHeader+stakes), excess)
	require.NoError(t, err)
	require.Equal(t, r == nil, len(faults.List) > 0)
	return r, faults
}

// rows writes out the stakes of a graph in its order.
func rows(g *graph.Graph) (out []string) {
	for e := range int32(len(g.Issuer)) {
		out = append(out, fmt.Sprintf("%s in %s: %s", g.IDs.At(g.Holder[e]), g.IDs.At(g.Issuer[e]), g.Stake(&g.Capital, e)))
	}
	return out
}

func TestRead(t *testing.T) {
	r, _ := read(t, "top,1000,,\nmid,500,20,2\n\"low, ltd\",99.5,0.5,\nidle,0,,\n", "anna,top,600\ntop,mid,300\nben,mid,0\nmid,\"low, ltd\",49.5\n\"low, ltd\",top,100\nanna,mid,0.0\n", register.Reject)
	g := &r.Graph
	require.Equal(t, []string{"anna", "ben", "idle", "low, ltd", "mid", "top"}, g.IDs.Strings())
	require.Equal(t, []string{"mid in low, ltd: 49.5", "top in mid: 300", "anna in top: 600", "low, ltd in top: 100"}, rows(g))
	require.Nil(t, g.Record)
	require.Equal(t, []int32{0, 0, 0, 0, 1, 2, 4}, g.Columns)
	require.Equal(t, "500", g.Capital.Issued(4).String())
	require.Equal(t, "20", g.Capital.Treasury(4).String())
	require.Equal(t, "1000", g.Votes.Issued(4).String())
	require.Equal(t, "40", g.Votes.Treasury(4).String())
	require.Equal(t, "600", g.Stake(&g.Votes, 1).String())
	require.Equal(t, "99.5", g.Votes.Issued(3).String())
	require.Equal(t, []int32{2}, g.ByVoter.Of(0))
	require.Equal(t, []int32{2}, r.Unissued)
	require.Empty(t, r.OverAllocated)
	require.Zero(t, r.Joined)
	require.True(t, graph.SameWeighting(&g.Capital, &g.Dividends))
	require.False(t, graph.SameWeighting(&g.Capital, &g.Votes))

	r, _ = read(t, "", "", register.Reject)
	require.Zero(t, r.Graph.IDs.Len())
	r, _ = read(t, "a,1,,\nb,1,,1\n", "a,b,1\n", register.Reject)
	require.True(t, graph.SameWeighting(&r.Graph.Capital, &r.Graph.Votes))
}

// Figures beyond machine integers and parts of shares stay exact.
func TestExactFigures(t *testing.T) {
	const big = "123456789012345678901234567890"
	r, _ := read(t, "a,"+big+",0.5,0.1\nb,9.5,,3\nc,2305843009213693951,,1048576\nd,10,,2000000\n",
		"p,a,41152263004115226300411522630\na,b,4.75\np,c,2305843009213693951\np,d,3\n", register.Reject)
	g := &r.Graph
	require.Equal(t, []string{"p in a: 41152263004115226300411522630", "a in b: 4.75", "p in c: 2305843009213693951", "p in d: 3"}, rows(g))
	require.Equal(t, big, g.Capital.Issued(0).String())
	require.Equal(t, "0.5", g.Capital.Treasury(0).String())
	require.Equal(t, "4115226300411522630041152263", g.Stake(&g.Votes, 0).String())
	require.Equal(t, "14.25", g.Stake(&g.Votes, 1).String())
	require.Equal(t, ratio.Int(2305843009213693951).Mul(ratio.Int(1<<20)), g.Stake(&g.Votes, 2))
	require.Equal(t, "6000000", g.Stake(&g.Votes, 3).String())
}

func TestFaults(t *testing.T) {
	const a = "a,100,,\n"
	long := strings.Repeat("x", 9000)
	for name, c := range map[string]struct {
		companies, stakes string
		want              []register.Fault
	}{
		"no id":              {",1,,\n", "", []register.Fault{{"companies:2", `id "" is empty or reserved`, register.OutOfRange}}},
		"reserved":           {a + "float:a,1,,\nneutral,1,,\n", "", []register.Fault{{"companies:3", `id "float:a" is empty or reserved`, register.OutOfRange}, {"companies:4", `id "neutral" is empty or reserved`, register.OutOfRange}}},
		"company twice":      {"b,1,,\n" + a + "b,2,,\n", "", []register.Fault{{"companies:4", `company "b" is given twice`, register.Repeated}}},
		"long id":            {long[:201] + ",1,,\n", "", []register.Fault{{"companies:2", `id "` + long[:40] + `" is over 200 bytes, or holds a control character or bytes that are not UTF-8`, register.OutOfRange}}},
		"blank":              {"a ,1,,\n", "", []register.Fault{{"companies:2", `id "a " begins or ends with a blank: without blanks it is "a"`, register.OutOfRange}}},
		"invisible":          {a, "p\u202e,a,1\np\u202e,a,2\n", []register.Fault{{"stakes:2", `id "p\u202e" holds the invisible character U+202E: without such it is "p"`, register.OutOfRange}}},
		"treasury":           {"a,10,11,\n", "", []register.Fault{{"companies:2", "a: treasury 11 of only 10 issued", register.OutOfRange}}},
		"exact treasury":     {"a,10.5,11,\n", "", []register.Fault{{"companies:2", "a: treasury 11 of only 10.5 issued", register.OutOfRange}}},
		"nothing issued":     {"a,,,\n", "", []register.Fault{{"companies:2.issued", "a: how many shares are issued?", register.Missing}}},
		"negative":           {"a,-10,,\n", "", []register.Fault{{"companies:2.issued", "-10 is negative", register.OutOfRange}}},
		"no numbers":         {"a,10,few,many\n", "", []register.Fault{{"companies:2.treasury", `"few" is not a decimal number: bad number`, register.NotNumber}, {"companies:2.votes", `"many" is not a decimal number: bad number`, register.NotNumber}}},
		"too few fields":     {a + "\nb,10\n", "", []register.Fault{{"companies:4", "wrong number of fields", register.Syntax}}},
		"bare quote":         {a, "p\",a,1\np,b,1\n", []register.Fault{{"stakes:2", `bare " in non-quoted-field`, register.Syntax}, {"stakes:3", `issuer "b" is not among the companies`, register.Unknown}}},
		"unknown issuer":     {a, "p,a,1\np,b,1\nq,p,1\n", []register.Fault{{"stakes:3", `issuer "b" is not among the companies`, register.Unknown}, {"stakes:4", `issuer "p" is not among the companies`, register.Unknown}}},
		"no companies":       {"", "p,,1\n", []register.Fault{{"stakes:2", `issuer "" is not among the companies`, register.Unknown}}},
		"long issuer":        {a, "p," + long + ",1\n", []register.Fault{{"stakes:2", `issuer "` + long[:7997] + `..." is not among the companies`, register.Unknown}}},
		"too much of itself": {a, "a,a,60\na,a,41\n", []register.Fault{{"companies.a", "a holds 101 of its own 100 issued shares", register.OverAllocated}}},
		"reserved holder":    {a, "neutral,a,1\n,a,1\n", []register.Fault{{"stakes:2", `holder "neutral" is empty or reserved`, register.OutOfRange}, {"stakes:3", `holder "" is empty or reserved`, register.OutOfRange}}},
		"no shares":          {a, "p,a,\np,a,-1\n\"p\nq\",a,many\n", []register.Fault{{"stakes:2", `p in a: "" is not a number of shares`, register.NotNumber}, {"stakes:3", `p in a: "-1" is not a number of shares`, register.NotNumber}, {"stakes:4", "p\nq in a: \"many\" is not a number of shares", register.NotNumber}}},
		"lines after quotes": {a, "\"p\n\n\",a,many\nq,a,many\n", []register.Fault{{"stakes:2", "p\n\n in a: \"many\" is not a number of shares", register.NotNumber}, {"stakes:5", `q in a: "many" is not a number of shares`, register.NotNumber}}},
		"too many shares":    {a + "b,1,,\n", "p,a,100\nq,a,0.5\np,b,2\n", []register.Fault{{"companies.a", "2 holders hold 100.5 of 100 outstanding shares of a, 0.5 too many: see RegisterOptions.OverAllocated", register.OverAllocated}, {"companies.b", "1 holder holds 2 of 1 outstanding shares of b, 1 too many: see RegisterOptions.OverAllocated", register.OverAllocated}}},
		"both files":         {"a,-1,,\n", "p,b,1\n", []register.Fault{{"companies:2.issued", "-1 is negative", register.OutOfRange}, {"stakes:2", `issuer "b" is not among the companies`, register.Unknown}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := read(t, c.companies, c.stakes, register.Reject)
			require.Equal(t, register.Faults{List: c.want}, faults)
		})
	}
}

func TestManyFaults(t *testing.T) {
	_, faults := read(t, "a,1,,\n", strings.Repeat("p,b,1\n", 3000)+strings.Repeat("p,b\n", 2000), register.Reject)
	require.Len(t, faults.List, 1000)
	require.Equal(t, 4000, faults.More)
	require.Equal(t, "stakes:1001", faults.List[999].Place)
}

func TestExcess(t *testing.T) {
	const companies, stakes = "mid,500,20,2\ntop,1000,,\n", "anna,mid,300\nben,mid,300\nmid,top,900\n"
	over := []register.OverAllocation{{"mid", ratio.Int(600), ratio.Int(480)}}
	r, _ := read(t, companies, stakes, register.Scale)
	require.Equal(t, over, r.OverAllocated)
	require.Equal(t, []string{"anna in mid: 240", "ben in mid: 240", "mid in top: 900"}, rows(&r.Graph))
	require.Equal(t, "480", r.Graph.Stake(&r.Graph.Votes, 0).String())
	r, _ = read(t, companies, stakes, register.KeepOut)
	require.Equal(t, over, r.OverAllocated)
	require.Equal(t, []string{"anna in mid: 0", "ben in mid: 0", "mid in top: 900"}, rows(&r.Graph))
}

// Rows of one holder in one company are counted, in every order and beyond what is
// listed. Rows of no shares are not among them.
func TestJoined(t *testing.T) {
	const companies = "b,1000,,\na,1000,,\n"
	lines := []string{"p,b,1", "q,b,2", "p,b,0.5", "p,a,4", "p,b,8", "q,a,5", "q,a,0", "q,a,6"}
	want := register.Joined{Rows: 3, First: []register.JoinedStake{
		{"q", "a", 2, ratio.Int(11)}, {"p", "b", 3, ratio.MustParse("9.5")},
	}}
	for range 20 {
		r, _ := read(t, companies, strings.Join(lines, "\n"), register.Reject)
		require.Equal(t, want, r.Joined)
		require.Len(t, r.Graph.Issuer, 7)
		rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	}

	var many strings.Builder
	for i := range 90 {
		fmt.Fprintf(&many, "p%02d,a,1\n", i%30)
	}
	r, _ := read(t, companies, many.String(), register.Reject)
	require.Equal(t, 60, r.Joined.Rows)
	require.Len(t, r.Joined.First, 20)
	require.Equal(t, register.JoinedStake{"p19", "a", 3, ratio.Int(3)}, r.Joined.First[19])

	r, _ = read(t, "a,1,,\n", "p,a,1\np,a,1\n", register.KeepOut)
	require.Equal(t, []register.JoinedStake{{"p", "a", 2, ratio.Int(2)}}, r.Joined.First) // as the rows have it
}

func TestUnreadable(t *testing.T) {
	gone := errors.New("disk gone")
	after := func(text string) io.Reader { return io.MultiReader(strings.NewReader(text), iotest.ErrReader(gone)) }
	const companies, stakes = companiesHeader + "a,1,,\n", stakesHeader + "p,a,1\n"
	for name, c := range map[string]struct {
		companies, stakes io.Reader
		want              string
		is                error
	}{
		"companies' start": {after(""), strings.NewReader(stakes), "companies: disk gone", gone},
		"stakes' end":      {strings.NewReader(companies), after(stakes), "stakes row 1: disk gone", gone},
	} {
		t.Run(name, func(t *testing.T) {
			r, faults, err := register.Read(t.Context(), c.companies, c.stakes, register.Reject)
			require.EqualError(t, err, c.want)
			require.ErrorIs(t, err, c.is)
			require.Nil(t, r)
			require.Empty(t, faults)
		})
	}
}

func TestReadEnds(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	in, out := io.Pipe()
	defer in.Close()
	go func() {
		_, _ = io.WriteString(out, companiesHeader+strings.Repeat("a,1,,\n", 100_000))
		cancel(cause) // and the file has no end
	}()
	_, _, err := register.Read(ctx, in, strings.NewReader(""), register.Reject)
	require.ErrorIs(t, err, cause)
	require.ErrorContains(t, err, "companies row ")

	ctx, cancel = context.WithCancelCause(t.Context())
	nothing, never := io.Pipe() // it has not even a header
	defer never.Close()
	time.AfterFunc(time.Millisecond, func() { cancel(cause) })
	_, _, err = register.Read(ctx, strings.NewReader(companiesHeader), nothing, register.Reject)
	require.ErrorIs(t, err, cause)
}

// After a wrong header or a row that is too long nothing is read. The faults before it are told, too.
func TestFaultsOfForm(t *testing.T) {
	const companies, stakes = companiesHeader + "a,-1,,\n", stakesHeader + "p,b,1\n"
	endless := "\"" + strings.Repeat("x\n", 1<<20)
	const tooLong = "a row of over 1048576 bytes: is a quote not closed?"
	negative := register.Fault{"companies:2.issued", "-1 is negative", register.OutOfRange}
	unknown := register.Fault{"stakes:2", `issuer "b" is not among the companies`, register.Unknown}
	for name, c := range map[string]struct {
		companies, stakes string
		want              []register.Fault
	}{
		"other header": {"name,issued\n", stakes, []register.Fault{{"companies", `the header is "name,issued", not "id,issued,treasury,votes"`, register.Syntax}}},
		"no header":    {companies, "", []register.Fault{negative, {"stakes", `the header is "", not "holder,issuer,shares"`, register.Syntax}}},
		"long company": {companies + endless, stakes, []register.Fault{negative, {"companies:3", tooLong, register.TooLarge}}},
		"long stake":   {companies, stakes + "p,a,1\n" + endless, []register.Fault{negative, unknown, {"stakes:4", tooLong, register.TooLarge}}},
		"long header":  {companies, strings.Repeat("x", 2<<20), []register.Fault{negative, {"stakes:1", tooLong, register.TooLarge}}},
		"quote at the end": {companies, stakes + "\"p,a,1\nq,a,1\n", []register.Fault{negative, unknown,
			{"stakes:3", "extraneous or missing \" in quoted-field, on line 4", register.Syntax}}},
	} {
		t.Run(name, func(t *testing.T) {
			r, faults, err := register.Read(t.Context(), strings.NewReader(c.companies), strings.NewReader(c.stakes), register.Reject)
			require.NoError(t, err)
			require.Nil(t, r)
			require.Equal(t, register.Faults{List: c.want}, faults)
		})
	}
}

// The order of rows changes nothing, nor does the way in which files are cut into
// reads.
func TestOrderOfRows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var companies, stakes []string
	for i := range 600 {
		companies = append(companies, fmt.Sprintf("c%d,%d,%d,%d", i, 100_000+i, i%3, 1+i%2))
	}
	for i := range 3000 {
		stakes = append(stakes, fmt.Sprintf("h%d,c%d,%d.5", r.IntN(900), r.IntN(30)*r.IntN(20), 1+i%40))
	}
	sorted := func() *register.Register {
		out, faults := read(t, strings.Join(companies, "\n")+"\n", strings.Join(stakes, "\n"), register.Reject)
		require.Empty(t, faults)
		g := &out.Graph
		for e := range g.Issuer[1:] {
			if g.Issuer[e] == g.Issuer[e+1] && g.Holder[e] == g.Holder[e+1] {
				require.Positive(t, out.Joined.Rows)
			} else {
				require.True(t, g.Issuer[e] < g.Issuer[e+1] || g.Holder[e] < g.Holder[e+1])
			}
		}
		return out
	}
	want := sorted()
	require.True(t, slices.IsSorted(want.Graph.IDs.Strings()))
	for range 5 {
		r.Shuffle(len(companies), func(i, j int) { companies[i], companies[j] = companies[j], companies[i] })
		r.Shuffle(len(stakes), func(i, j int) { stakes[i], stakes[j] = stakes[j], stakes[i] })
		require.Equal(t, want, sorted())
	}
	again, _, err := register.Read(t.Context(), iotest.HalfReader(strings.NewReader("\ufeff"+companiesHeader+strings.Join(companies, "\r\n"))),
		iotest.OneByteReader(strings.NewReader("\ufeff"+stakesHeader+strings.Join(stakes, "\r\n"))), register.Reject)
	require.NoError(t, err)
	require.Equal(t, want.Joined, again.Joined)
	require.Equal(t, want.Graph.Holder, again.Graph.Holder)
}

// FuzzRead compares the reader with one that adds up rows in maps.
func FuzzRead(f *testing.F) {
	f.Add("top,1000,,\nmid,500,20,2\n\"low, ltd\",99.5,0.5,\n", "anna,top,600\ntop,mid,300\nmid,\"low, ltd\",49.5\nanna,top,1\n", byte(0))
	f.Add("a,1e3,0.5,10\nb,9223372036854775807,,\nc,,,\n", "b,a,999.5\na,b,4611686018427387904\np,a,0\n", byte(1))
	f.Add("a,100,,0\n", "\"p\n\",a,\"70\"\nneutral,a,1\nfloat:a,a,1\n,a,1\n", byte(2))
	f.Add("a,100,,\na,100,,\n", "p,a,60\np,a,70\n", byte(2))
	f.Fuzz(func(t *testing.T, companies, stakes string, way byte) {
		companies, stakes = companiesHeader+companies, stakesHeader+stakes
		excess := register.Excess(way % 3)
		r, faults, err := register.Read(t.Context(), strings.NewReader(companies), strings.NewReader(stakes), excess)
		again, faultsAgain, errAgain := register.Read(t.Context(), iotest.OneByteReader(strings.NewReader(companies)), strings.NewReader(stakes), excess)
		require.Equal(t, r, again)
		require.Equal(t, faults, faultsAgain)
		require.Equal(t, err, errAgain)
		if err != nil || r == nil {
			require.True(t, err != nil || len(faults.List) > 0)
			return
		}
		require.Empty(t, faults)
		require.True(t, slices.IsSorted(r.Graph.IDs.Strings()))
		want, joined := totals(t, companies, stakes)
		got := map[string]string{}
		sums := map[string]ratio.Ratio{}
		over := map[string]bool{}
		for _, x := range r.OverAllocated {
			over[x.Company] = true
		}
		g := &r.Graph
		for e := range int32(len(g.Issuer)) {
			if issuer := g.IDs.At(g.Issuer[e]); !over[issuer] {
				key := g.IDs.At(g.Holder[e]) + "\x00" + issuer
				sums[key] = sums[key].Add(g.Stake(&g.Capital, e))
				got[key] = sums[key].String()
			}
		}
		for key := range want {
			if _, issuer, _ := strings.Cut(key, "\x00"); over[issuer] {
				delete(want, key)
			}
		}
		require.Equal(t, want, got)
		require.Equal(t, joined, r.Joined.Rows)
		for c := range int32(g.IDs.Len()) {
			if !over[g.IDs.At(c)] || excess == register.Scale {
				require.GreaterOrEqual(t, g.Float(&g.Capital, c).Sign(), 0)
			}
		}
	})
}

// totals adds up the rows of each holder and issuer, and counts those that are
// joined.
func totals(t *testing.T, companies, stakes string) (sums map[string]string, joined int) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewBufferString(stakes)).ReadAll()
	require.NoError(t, err)
	exact := map[string]ratio.Ratio{}
	for _, row := range all[1:] {
		x := ratio.MustParse(row[2])
		if x.IsZero() || row[0] == row[1] {
			continue
		}
		key := row[0] + "\x00" + row[1]
		if _, seen := exact[key]; seen {
			joined++
		}
		exact[key] = exact[key].Add(x)
	}
	sums = map[string]string{}
	for key, x := range exact {
		sums[key] = x.String()
	}
	return sums, joined
}

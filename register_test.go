package crossholding_test

import (
	"bytes"
	"context"
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

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

const registerCompanies = `id,issued,treasury,votes
top,1000,,
mid,500,20,2
"low, ltd",99.5,0.5,
`

func readRegister(t *testing.T, stakes string, opt crossholding.RegisterOptions) (*crossholding.Alliance, error) {
	t.Helper()
	return crossholding.ReadRegister(context.Background(), strings.NewReader(registerCompanies), strings.NewReader("holder,issuer,shares\n"+stakes), opt)
}

func TestReadRegister(t *testing.T) {
	r, err := readRegister(t, "anna,top,600\ntop,mid,300\nmid,\"low, ltd\",49.5\n\"low, ltd\",top,100\n", crossholding.RegisterOptions{AsOf: "2024-01-01"})
	require.NoError(t, err)
	require.Equal(t, date.Date("2024-01-01"), r.AsOf())
	v, err := r.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	m, err := v.Meeting("mid")
	require.NoError(t, err)
	require.Equal(t, "1000 40 960", fmt.Sprint(m.Theoretical, " ", m.Treasury, " ", m.Exercisable))
	n, err := v.Of("mid", "low, ltd")
	require.NoError(t, err)
	require.Equal(t, "1/2", fraction(n.FreeShare))
	o, err := r.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	owners, err := o.Ultimate(t.Context(), "mid")
	require.NoError(t, err)
	var sum ratio.Ratio
	for _, in := range owners {
		sum = sum.Add(in.Integrated)
	}
	require.Equal(t, "1", sum.String())
	c, err := r.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	ok, err := c.Controls(t.Context(), "anna", "mid")
	require.NoError(t, err)
	require.True(t, ok)
}

func fraction(r ratio.Ratio) string { return r.Rat().RatString() }

// The register and the book of the same facts must answer alike.
func TestRegisterIsTheBook(t *testing.T) {
	r, err := readRegister(t, "top,mid,300\nanna,top,600\nanna,top,50\nben,mid,1\n", crossholding.RegisterOptions{})
	require.NoError(t, err)
	b, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "top", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "mid", Shares: []crossholding.ShareClass{{Issued: "500", Treasury: "20", Votes: "2"}}},
			{ID: "low, ltd", Shares: []crossholding.ShareClass{{Issued: "99.5", Treasury: "0.5"}}},
		},
		Parties: []crossholding.Party{{ID: "anna"}, {ID: "ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "anna", Issuer: "top", Shares: "650"}, {Holder: "top", Issuer: "mid", Shares: "300"}, {Holder: "ben", Issuer: "mid", Shares: "1"},
		},
	})
	require.NoError(t, err)
	rows := func(a *crossholding.Alliance) (out []string) {
		v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		for x := range v.Rows() {
			out = append(out, fmt.Sprintf("%s %s %s %s %s", x.Holder, x.Issuer, x.Theoretical, x.Free, x.FreeShare))
		}
		return out
	}
	require.Equal(t, rows(b), rows(r))
}

func TestReadRegisterFaults(t *testing.T) {
	for name, c := range map[string]struct {
		stakes, want string
		kind         error
	}{
		"unknown issuer":         {"anna,top,1\nanna,nowhere,1\n", `stakes:3: issuer "nowhere" is not among the companies`, crossholding.ErrUnknown},
		"self, too many":         {"top,top,1001\n", "companies.top: top holds 1001 of its own 1000 issued shares", crossholding.ErrOverAllocated},
		"number":                 {"anna,top,1e99\n", `stakes:2: anna in top: "1e99" is not a number of shares`, ratio.ErrNumber},
		"negative":               {"anna,top,-5\n", `"-5" is not a number of shares`, ratio.ErrNumber},
		"blank":                  {"Mr X,top,1\n Mr X,top,1\n Mr X,mid,1\n", `stakes:3: id " Mr X" begins or ends with a blank: without blanks it is "Mr X"`, crossholding.ErrRange},
		"invisible":              {"Mr\u200b X,top,1\n", `stakes:2: id "Mr\u200b X" holds the invisible character U+200B: without such it is "Mr X"`, crossholding.ErrRange},
		"fields":                 {"anna,top\n", "stakes:2: wrong number of fields", crossholding.ErrSyntax},
		"over":                   {"anna,mid,300\nben,mid,181\n", "companies.mid: 2 holders hold 481 of 480 outstanding shares of mid, 1 too many: see RegisterOptions.OverAllocated", crossholding.ErrOverAllocated},
		"over, one twice":        {"anna,mid,300\nanna,mid,300\n", "companies.mid: 1 holder in 2 rows holds 600 of 480 outstanding shares of mid, 120 too many: see RegisterOptions.OverAllocated", crossholding.ErrOverAllocated},
		"over, one of two twice": {"anna,mid,300\nben,mid,5\nanna,mid,300\n", "companies.mid: 2 holders in 3 rows hold 605 of 480 outstanding shares of mid, 125 too many", crossholding.ErrOverAllocated},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readRegister(t, c.stakes, crossholding.RegisterOptions{})
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// An option that is not one of the policies is an error, and not the default.
func TestRegisterOptions(t *testing.T) {
	for _, unknown := range []crossholding.OverAllocationPolicy{"scale off", "Scale", " "} {
		_, err := readRegister(t, "anna,mid,300\n", crossholding.RegisterOptions{OverAllocated: unknown})
		require.ErrorIs(t, err, crossholding.ErrUnknown)
		require.ErrorContains(t, err, fmt.Sprintf("OverAllocated: %q is not keep out, scale or nothing", unknown))
	}
}

func TestRegisterOverAllocated(t *testing.T) {
	stakes := "anna,mid,300\nben,mid,300\nmid,top,900\n"
	r, err := readRegister(t, stakes, crossholding.RegisterOptions{OverAllocated: crossholding.OverAllocationScale})
	require.NoError(t, err)
	require.Equal(t, []crossholding.Warning{{Issuer: "mid", Kind: crossholding.ErrOverAllocated,
		Text: "mid: 600 shares are held of 480 outstanding ones: its stakes are scaled to these"}}, r.Warnings())
	o, err := r.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	y, err := o.Integrated(t.Context(), "anna", "top")
	require.NoError(t, err)
	require.Equal(t, "0.45", y.String())

	r, err = readRegister(t, stakes, crossholding.RegisterOptions{OverAllocated: crossholding.OverAllocationKeepOut})
	require.NoError(t, err)
	require.Equal(t, "[mid: 600 shares are held of 480 outstanding ones: its stakes count as 0]", fmt.Sprint(r.Warnings()))
	o, err = r.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	y, err = o.Integrated(t.Context(), "anna", "mid")
	require.NoError(t, err)
	require.Equal(t, "0", y.String())
}

// A holder's accounts add up, and are told.
func TestRegisterJoinsRows(t *testing.T) {
	r, err := readRegister(t, "anna,top,600\nben,mid,1\nanna,top,50\nanna,top,0\nanna,mid,2\nben,mid,3\nben,mid,0.5\n", crossholding.RegisterOptions{})
	require.NoError(t, err)
	require.Equal(t, "[ben in mid: listed 3 times, 4.5 shares together anna in top: listed 2 times, 650 shares together]", fmt.Sprint(r.Warnings()))
	require.Len(t, r.Book().Stakes, 3)
	o, err := r.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	y, err := o.Capital("anna", "top")
	require.NoError(t, err)
	booktest.RequireRatio(t, "0.65", y)

	r, err = readRegister(t, "anna,top,600\nben,top,50\n", crossholding.RegisterOptions{})
	require.NoError(t, err)
	require.Empty(t, r.Warnings())
}

// A million bad rows stay within bounds and are counted.
func TestRegisterManyFaults(t *testing.T) {
	var b strings.Builder
	for range 20_000 {
		b.WriteString("anna,nowhere,1\n")
	}
	_, err := readRegister(t, b.String(), crossholding.RegisterOptions{})
	var in *crossholding.InputError
	require.ErrorAs(t, err, &in)
	require.Len(t, in.Faults, 1000)
	require.Equal(t, 19_000, in.More)
	require.ErrorContains(t, err, "and 19000 more")
}

func TestReadRegisterStops(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("enough")
	cancel(cause)
	_, err := crossholding.ReadRegister(ctx, strings.NewReader(registerCompanies), strings.NewReader("holder,issuer,shares\n"), crossholding.RegisterOptions{})
	require.ErrorIs(t, err, cause)

	broken := io.MultiReader(strings.NewReader("holder,issuer,shares\nanna,top,1\n"), iotest.ErrReader(errors.New("disk gone")))
	_, err = crossholding.ReadRegister(context.Background(), strings.NewReader(registerCompanies), broken, crossholding.RegisterOptions{})
	require.ErrorContains(t, err, "disk gone")
}

// Votes end with their context wherever they are, and what the end interrupted
// is worked out by the next call.
func TestRegisterVotesStop(t *testing.T) {
	n, err := gen.Register(gen.Options{Seed: 2, Stakes: testkit.Size(20_000, 200_000)})
	require.NoError(t, err)
	var companies, stakes bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &stakes))
	r, err := crossholding.ReadRegister(context.Background(), &companies, &stakes, crossholding.RegisterOptions{Country: "FR"})
	require.NoError(t, err)
	opt := crossholding.VotingOptions{Circular: crossholding.PolicyMost}
	cause := errors.New("enough")
	ended, longest := 0, time.Duration(testkit.Size(20, 200))*time.Millisecond
	for after := time.Duration(0); after < longest; after += longest / 20 {
		ctx, cancel := context.WithCancelCause(context.Background())
		timer := time.AfterFunc(after, func() { cancel(cause) })
		if _, err := r.Votes(ctx, opt); err != nil {
			require.ErrorIs(t, err, cause)
			ended++
		}
		timer.Stop()
		cancel(nil)
	}
	require.Positive(t, ended)
	_, err = r.Votes(t.Context(), opt)
	require.NoError(t, err)
}

// The order of rows changes nothing, in short columns and in long ones, with
// several rows of one holder and shares that are not whole.
func TestRegisterRowOrder(t *testing.T) {
	var rows []string
	for i := range 60 {
		shares := fmt.Sprint(i + 1)
		if i%7 == 0 {
			shares += ".5"
		}
		rows = append(rows, fmt.Sprintf("holder%02d,big,%s", i%50, shares), fmt.Sprintf("holder%02d,small%d,%s", i%5, i%9, shares))
	}
	read := func(rows []string) string {
		companies := "id,issued,treasury,votes\nbig,10000,,\n"
		for i := range 9 {
			companies += fmt.Sprintf("small%d,1000,,2\n", i)
		}
		r, err := crossholding.ReadRegister(t.Context(), strings.NewReader(companies),
			strings.NewReader("holder,issuer,shares\n"+strings.Join(rows, "\n")+"\n"), crossholding.RegisterOptions{})
		require.NoError(t, err)
		return booktest.Bytes(t, r) + strings.Join(answersOf(t, r), "\n")
	}
	want := read(rows)
	require.Contains(t, want, "holder49")
	for seed := range uint64(20) {
		shuffled := slices.Clone(rows)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(rows), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		require.Equal(t, want, read(shuffled))
	}
	slices.Reverse(rows)
	require.Equal(t, want, read(rows))
}

package gen_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/gen"
)

// tiny is two companies that hold each other, a fund and a person.
func tiny() *gen.Network {
	return &gen.Network{
		Issued: []int64{100, 1_000}, Treasury: []int64{0, 50}, Votes: []int64{1, 10},
		Funds: 1, Persons: 1,
		Holder: []int32{1, 0, 2, 3},
		Issuer: []int32{0, 1, 1, 1},
		Shares: []int64{40, 300, 5, 645},
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(n *gen.Network)
		faults []string
	}{
		{"valid", func(*gen.Network) {}, nil},
		{"empty", func(n *gen.Network) { *n = gen.Network{} }, nil},
		{"one share too many", func(n *gen.Network) { n.Shares[3]++ }, []string{"C0000001 has 951 shares held of 950 outstanding"}},
		{"self", func(n *gen.Network) { n.Holder[0] = 0 }, []string{"C0000000 holds itself"}},
		{"twice", func(n *gen.Network) { n.Holder[3] = 2 }, []string{"F0000000 holds C0000001 twice"}},
		{"no shares", func(n *gen.Network) { n.Shares[2] = 0 }, []string{"F0000000 holds 0 of the 1000 shares of C0000001"}},
		{"more than issued", func(n *gen.Network) { n.Shares[0] = 101 }, []string{"C0000001 holds 101 of the 100 shares of C0000000"}},
		{"person as issuer", func(n *gen.Network) { n.Issuer[0] = 3 }, []string{"stake 0 is of node 1 in node 3: no such holder or issuer"}},
		{"unknown holder", func(n *gen.Network) { n.Holder[0] = 4 }, []string{"stake 0 is of node 4 in node 0: no such holder or issuer"}},
		{"negative holder", func(n *gen.Network) { n.Holder[0] = -1 }, []string{"stake 0 is of node -1 in node 0: no such holder or issuer"}},
		{"all treasury", func(n *gen.Network) { n.Treasury[0] = 100 }, []string{
			"C0000000 has issued 100, treasury 100, votes 1", "C0000000 has 40 shares held of 0 outstanding",
		}},
		{"negative votes", func(n *gen.Network) { n.Votes[1] = -1 }, []string{"C0000001 has issued 1000, treasury 50, votes -1"}},
		{"lengths", func(n *gen.Network) { n.Shares = n.Shares[1:] }, []string{"arrays of different lengths"}},
		{"two faults", func(n *gen.Network) { n.Holder[0] = 0; n.Shares[2] = -7 }, []string{"C0000000 holds itself", "F0000000 holds -7"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := tiny()
			test.change(n)
			err := n.Check()
			if test.faults == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, gen.ErrInvalid)
			require.Len(t, strings.Split(err.Error(), "\n"), len(test.faults))
			for _, fault := range test.faults {
				require.ErrorContains(t, err, fault)
			}
		})
	}
}

func TestCheckCountsTheRest(t *testing.T) {
	n, err := gen.Register(gen.Options{Stakes: 1_000})
	require.NoError(t, err)
	for s := range n.Shares {
		n.Shares[s] = 0
	}
	lines := strings.Split(n.Check().Error(), "\n")
	require.Len(t, lines, 21)
	require.Contains(t, lines[20], "and 980 more faults")
}

func TestID(t *testing.T) {
	n := &gen.Network{Issued: make([]int64, 12_345_679), Funds: 11, Persons: 3}
	for node, want := range map[int32]string{
		0: "C0000000", 123: "C0000123", 9_999_999: "C9999999", 12_345_678: "C12345678",
		12_345_679: "F0000000", 12_345_689: "F0000010", 12_345_690: "P0000000", 12_345_692: "P0000002",
	} {
		require.Equal(t, want, n.ID(node))
	}
}

func TestWriteCSV(t *testing.T) {
	var companies, stakes bytes.Buffer
	require.NoError(t, tiny().WriteCSV(&companies, &stakes))
	require.Equal(t, "id,issued,treasury,votes\nC0000000,100,0,1\nC0000001,1000,50,10\n", companies.String())
	require.Equal(t, "holder,issuer,shares\nC0000001,C0000000,40\nC0000000,C0000001,300\n"+
		"F0000000,C0000001,5\nP0000000,C0000001,645\n", stakes.String())
}

// TestWriteCSVWhole checks that pieces join without loss over many buffers.
func TestWriteCSVWhole(t *testing.T) {
	n, err := gen.Register(gen.Options{Stakes: 30_000})
	require.NoError(t, err)
	var companies, stakes bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &stakes))
	lines := bufio.NewScanner(&stakes)
	require.True(t, lines.Scan())
	for s, holder := range n.Holder {
		require.True(t, lines.Scan())
		require.Equal(t, fmt.Sprintf("%s,%s,%d", n.ID(holder), n.ID(n.Issuer[s]), n.Shares[s]), lines.Text())
	}
	require.False(t, lines.Scan())
	require.Equal(t, n.Companies()+1, bytes.Count(companies.Bytes(), []byte("\n")))
}

// full is a writer that takes so many bytes and then fails.
type full struct {
	room  int
	calls int
}

var errFull = errors.New("disk full")

func (w *full) Write(b []byte) (int, error) {
	w.calls++
	if w.room -= len(b); w.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestWriteCSVFails(t *testing.T) {
	n, err := gen.Register(gen.Options{Stakes: 30_000})
	require.NoError(t, err)
	for _, room := range []int{0, 100_000} {
		w := &full{room: room}
		require.ErrorIs(t, n.WriteCSV(w, io.Discard), errFull)
		require.LessOrEqual(t, w.calls, room/50_000+1, "written to after it failed")
		require.ErrorIs(t, n.WriteCSV(io.Discard, &full{room: room}), errFull)
	}
}

func BenchmarkWriteCSV(b *testing.B) {
	for _, stakes := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("stakes=%d", stakes), func(b *testing.B) {
			n, err := gen.Register(gen.Options{Stakes: stakes})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := n.WriteCSV(io.Discard, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleNetwork_WriteCSV() {
	n, err := gen.Ring(2, 1_000_000, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	var companies, stakes strings.Builder
	if err := n.WriteCSV(&companies, &stakes); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(companies.String(), stakes.String())
	// Output:
	// id,issued,treasury,votes
	// C0000000,1000000,0,1
	// C0000001,1000000,0,1
	// holder,issuer,shares
	// C0000001,C0000000,999999
	// C0000000,C0000001,1000000
	// P0000000,C0000000,1
}

func ExampleNetwork_Check() {
	n, err := gen.Ring(2, 100, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	n.Shares[0] = 100
	fmt.Println(n.Check())
	// Output: gen: invalid network: C0000000 has 101 shares held of 100 outstanding
}

func ExampleNetwork_ID() {
	n, err := gen.Register(gen.Options{Stakes: 1_000, Funds: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.ID(123), n.ID(400), n.ID(403))
	// Output: C0000123 F0000000 P0000000
}

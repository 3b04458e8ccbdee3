package snapshot

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/internal/testkit"
)

// made reads a register from rows, and writes its snapshot.
func made(t testing.TB, companies, stakes string, excess register.Excess) (*Snapshot, []byte) {
	t.Helper()
	r, faults, err := register.Read(t.Context(), strings.NewReader("id,issued,treasury,votes\n"+companies), strings.NewReader("holder,issuer,shares\n"+stakes), excess)
	require.NoError(t, err)
	require.Empty(t, faults)
	s := &Snapshot{Register: r, Policy: "scale"}
	var b bytes.Buffer
	require.NoError(t, Write(t.Context(), &b, s))
	return s, b.Bytes()
}

const (
	someCompanies = "top,1000,,\nmid,500,20,2\nlow,99.5,0.5,\nidle,0,,\nbig,123456789012345678901234567890,0.5,0.1\nnone,8,,0\n"
	someStakes    = "anna,top,600\nanna,top,100\ntop,mid,600\nmid,low,49.5\nlow,top,100\np,big,41152263004115226300411522630\nmid,mid,30\nq,none,7\n"
)

// random makes the rows of a register that uses all sections.
func random(r *rand.Rand) (companies, stakes string) {
	var c, s strings.Builder
	n := r.IntN(40)
	for i := range n {
		fmt.Fprintf(&c, "c%d,%d%s,%d,%d\n", i, 100+r.IntN(1000), []string{"", "", ".5", "000000000000000000000"}[r.IntN(4)], r.IntN(9), r.IntN(3))
	}
	for range n * r.IntN(5) {
		fmt.Fprintf(&s, "%s%d,c%d,%d%s\n", []string{"c", "p", "é"}[r.IntN(3)], r.IntN(n), r.IntN(n), r.IntN(60), []string{"", "", ".25"}[r.IntN(3)])
	}
	return c.String(), s.String()
}

// What is read equals what was written, by all ways of reading.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 13))
	rows := [][2]string{{"", ""}, {"a,1,,\n", ""}, {someCompanies, someStakes}, {"a,1" + strings.Repeat("0", 30) + ",,0\n", "b,a,1\n"},
		{"a,2000000000000000000,7,2\n", "b,a,5\n"}, // the shares are counts below 2^61, and the votes are not
		{"a,100000000.5,,0.33333333333\n", "b,a,5.25\n"},
	}
	for range 60 {
		c, s := random(r)
		rows = append(rows, [2]string{c, s})
	}
	for _, x := range rows {
		for _, excess := range []register.Excess{register.KeepOut, register.Scale} {
			companies, stakes := x[0], x[1]
			reg, faults, err := register.Read(t.Context(), strings.NewReader("id,issued,treasury,votes\n"+companies), strings.NewReader("holder,issuer,shares\n"+stakes), excess)
			require.NoError(t, err)
			if reg == nil {
				require.NotEmpty(t, faults.List) // more own shares than issued
				continue
			}
			s, file := made(t, companies, stakes, excess)
			for _, in := range []io.Reader{bytes.NewReader(file), io.NewSectionReader(bytes.NewReader(file), 0, int64(len(file))), iotest.OneByteReader(bytes.NewReader(file)), iotest.DataErrReader(bytes.NewReader(file))} {
				got, err := Read(t.Context(), in)
				require.NoError(t, err)
				require.Equal(t, s.Policy, got.Policy)
				require.Equal(t, s.Register, got.Register)
				var again bytes.Buffer
				require.NoError(t, Write(t.Context(), &again, got))
				require.Equal(t, file, again.Bytes())
			}
		}
	}
}

// A file that is cut, longer, changed in any byte or something else is an error.
func TestDamaged(t *testing.T) {
	_, file := made(t, someCompanies, someStakes, register.Scale)
	fails := func(b []byte, in io.Reader) {
		t.Helper()
		s, err := Read(t.Context(), in)
		var f register.Fault
		require.ErrorAs(t, err, &f, "%d", len(b))
		require.Equal(t, register.Syntax, f.Kind)
		require.Nil(t, s)
	}
	for n := range file {
		fails(file[:n], bytes.NewReader(file[:n]))
		fails(file[:n], iotest.OneByteReader(bytes.NewReader(file[:n])))
		other := bytes.Clone(file)
		other[n] ^= 1 << (n % 8)
		fails(other, bytes.NewReader(other))
		fails(other, iotest.HalfReader(bytes.NewReader(other)))
	}
	longer := append(bytes.Clone(file), 0)
	fails(longer, bytes.NewReader(longer))
	fails(longer, iotest.HalfReader(bytes.NewReader(longer)))
	fails(nil, strings.NewReader("id,issued,treasury,votes\na,1,,\n"+strings.Repeat("b", 100)))
	newer := bytes.Clone(file)
	newer[len(magic)] = 2
	_, err := Read(t.Context(), bytes.NewReader(newer))
	require.EqualError(t, err, "snapshot: it has version 2, and this program reads version 1")

	gone := errors.New("disk gone")
	_, err = Read(t.Context(), io.MultiReader(bytes.NewReader(file[:100]), iotest.ErrReader(gone)))
	require.ErrorIs(t, err, gone)
	require.ErrorIs(t, Write(t.Context(), failing{gone}, &Snapshot{Register: &register.Register{}}), gone)
}

// generated makes a register of some stakes, and writes its snapshot.
func generated(t *testing.T, stakes int) (*register.Register, *bytes.Buffer) {
	t.Helper()
	n, err := gen.Register(gen.Options{Seed: 5, Stakes: stakes})
	require.NoError(t, err)
	var companies, rows, file bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &rows))
	want, _, err := register.Read(t.Context(), &companies, &rows, register.Reject)
	require.NoError(t, err)
	require.NoError(t, Write(t.Context(), &file, &Snapshot{Register: want}))
	return want, &file
}

// A register of many blocks, in which ids go from one block to the next.
func TestManyBlocks(t *testing.T) {
	want, file := generated(t, testkit.Size(80_000, 400_000))
	h, err := parseHeader(file.Bytes()[:headerBytes])
	require.NoError(t, err)
	ids := h.places()[idText]
	require.Greater(t, ids.blocks(), uint64(1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, workers := range []int{1, 4} {
		runtime.GOMAXPROCS(workers)
		got, err := Read(t.Context(), bytes.NewReader(file.Bytes()))
		require.NoError(t, err)
		require.True(t, reflect.DeepEqual(want, got.Register))

		// Of two altered blocks the first is named.
		first, second := ids.at+blockBytes+7, h.places()[held].at+9
		altered := bytes.Clone(file.Bytes())
		altered[first], altered[second] = altered[first]^1, altered[second]^1
		_, err = Read(t.Context(), bytes.NewReader(altered))
		end := ids.at + min(2*blockBytes, ids.size) - 1
		require.EqualError(t, err, fmt.Sprintf("snapshot: bytes %d to %d, of the ids, or their checksum were altered", ids.at+blockBytes, end))
	}
}

// What the check of marks finds: a file in which two holders' stakes changed places.
func TestSwappedStakes(t *testing.T) {
	_, file := made(t, someCompanies, someStakes, register.Scale)
	h, err := parseHeader(file[:headerBytes])
	require.NoError(t, err)
	at := h.places()[held].at
	swapped := 0
	for i := range h.stakes - 1 {
		forged := bytes.Clone(file)
		a, b := forged[at+4*i:at+4*i+4], forged[at+4*i+4:at+4*i+8]
		for k := range a {
			a[k], b[k] = b[k], a[k]
		}
		reseal(forged)
		_, err := Read(t.Context(), bytes.NewReader(forged))
		require.Error(t, err)
		if strings.HasSuffix(err.Error(), "its held stakes are not those of their holders") {
			swapped++
		}
	}
	require.Positive(t, swapped)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// A header that claims more than the file has takes no memory for it.
func TestHostileLengths(t *testing.T) {
	h := header{nodes: maxItems, stakes: maxItems, text: maxItems * 10, tail: maxTail}
	for _, in := range []func() io.Reader{
		func() io.Reader { return bytes.NewReader(h.bytes()) },
		func() io.Reader { return iotest.HalfReader(bytes.NewReader(h.bytes())) },
		func() io.Reader {
			return io.MultiReader(bytes.NewReader(h.bytes()), bytes.NewReader(make([]byte, 3<<20)))
		},
	} {
		used := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if _, err := Read(b.Context(), in()); err == nil {
					b.Fatal("it was read")
				}
				if b.N > 3 {
					return
				}
			}
		})
		require.Less(t, used.AllocedBytesPerOp(), int64(32<<20))
	}
}

func TestEnds(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	s, file := made(t, someCompanies, someStakes, register.Scale)
	in, out := io.Pipe()
	defer in.Close()
	go func() {
		_, _ = out.Write(file[:len(file)-1])
		cancel(cause) // and the file has no end
	}()
	_, err := Read(ctx, in)
	require.ErrorIs(t, err, cause)
	require.ErrorIs(t, Write(ctx, io.Discard, s), cause)
}

// reseal writes right checksums into a file, where its lengths allow.
func reseal(file []byte) {
	if len(file) < headerBytes {
		return
	}
	copy(file, magic)
	binary.LittleEndian.PutUint32(file[len(magic):], version)
	binary.LittleEndian.PutUint32(file[headerBytes-4:], crc32.Checksum(file[:headerBytes-4], castagnoli))
	h, err := parseHeader(file[:headerBytes])
	if err != nil {
		return
	}
	for _, p := range h.places() {
		if p.end() > uint64(len(file)) {
			return
		}
		for k := range p.blocks() {
			block := file[p.at+k*blockBytes : p.at+min((k+1)*blockBytes, p.size)]
			binary.LittleEndian.PutUint32(file[p.sums()+k*sumBytes:], crc32.Checksum(block, castagnoli))
		}
	}
}

// use asks for everything that a graph has by index, which fails with a panic if the
// indices do not fit together.
func use(t testing.TB, s *Snapshot) {
	t.Helper()
	g := &s.Register.Graph
	stakes := 0
	for c := range int32(g.IDs.Len()) {
		require.GreaterOrEqual(t, g.Float(&g.Capital, c).Sign(), 0)
		require.GreaterOrEqual(t, g.Float(&g.Votes, c).Sign(), 0)
		stakes += len(g.ByVoter.Of(c))
	}
	require.Len(t, g.Issuer, stakes)
	for e := range int32(stakes) {
		require.GreaterOrEqual(t, g.Stake(&g.Votes, e).Sign(), 0)
	}
}

// Files that were altered and got right checksums are read only if they are registers.
func TestForged(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	_, file := made(t, someCompanies, someStakes, register.Scale)
	accepted := 0
	for range testkit.Cases(40_000) {
		forged := bytes.Clone(file)
		for range 1 + r.IntN(3) {
			forged[r.IntN(len(forged))] = byte(r.IntN(256)) >> r.IntN(8)
		}
		reseal(forged)
		if s, err := Read(t.Context(), bytes.NewReader(forged)); err == nil {
			use(t, s)
			accepted++
		}
	}
	require.Positive(t, accepted)
}

// The facts are read only in the form in which they are written.
func TestFormOfFacts(t *testing.T) {
	const form = `{"policy":"","own_votes":false,"joined":{"rows":0}}`
	s, _ := made(t, "a,1,,\n", "b,a,1\n", register.Reject)
	s.Policy = ""
	var b bytes.Buffer
	require.NoError(t, Write(t.Context(), &b, s))
	whole := b.Bytes()
	before := whole[:len(whole)-len(form)-sumBytes]
	require.Equal(t, form, string(whole[len(before):len(whole)-sumBytes]))
	for text, ok := range map[string]bool{
		form:       true,
		form + " ": false,
		`{}`:       false,
		`null`:     false,
		``:         false,
		`{"Policy":"","own_votes":false,"joined":{"rows":0}}`:              false, // another key
		`{"policy":"","policy":"","own_votes":false,"joined":{"rows":0}}`:  false, // twice
		`{"policy":"","own_votes":false,"joined":{"rows":0},"own":[]}`:     false, // an empty list
		`{"policy":"","own_votes":false,"joined":{"rows":0},"own_2":true}`: false, // an unknown key
	} {
		file := append(append(bytes.Clone(before), text...), make([]byte, (len(text)+blockBytes-1)/blockBytes*sumBytes)...)
		binary.LittleEndian.PutUint64(file[headerBytes-12:], uint64(len(text)))
		reseal(file)
		_, err := Read(t.Context(), bytes.NewReader(file))
		require.Equal(t, ok, err == nil, "%s: %v", text, err)
		if !ok {
			require.ErrorContains(t, err, "snapshot: its facts", text)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, rows := range [][2]string{{"", ""}, {"a,1,,\n", "p,a,1\n"}, {someCompanies, someStakes}} {
		_, file := made(f, rows[0], rows[1], register.Scale)
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		file = bytes.Clone(file)
		reseal(file)
		s, err := Read(t.Context(), bytes.NewReader(file))
		other, errAgain := Read(t.Context(), iotest.HalfReader(bytes.NewReader(file)))
		require.Equal(t, err == nil, errAgain == nil)
		if err != nil {
			return
		}
		use(t, s)
		require.EqualExportedValues(t, *s.Register, *other.Register)
	})
}

// The places of sections are right for more stakes than fit into this machine: 500 million with
// 400 million ids of 20 bytes, and as many as numbers of 31 bits allow.
func TestPlacesOfLargeFiles(t *testing.T) {
	for _, h := range []header{
		{nodes: 400e6, stakes: 500e6, text: 8e9, voteColumns: 200e6, voteStakes: 250e6, tail: 100},
		{nodes: maxItems, stakes: maxItems, text: maxItems * maxID, voteColumns: maxItems, voteStakes: maxItems, tail: maxTail},
	} {
		_, err := parseHeader(h.bytes())
		require.NoError(t, err)
		at := uint64(headerBytes)
		for i, p := range h.places() {
			require.Equal(t, at, p.at, sectionNames[i])
			require.Equal(t, p.size, min(p.size, p.blocks()*blockBytes))
			at += p.size + sumBytes*((p.size+blockBytes-1)/blockBytes)
		}
		require.Equal(t, at, h.size())
		require.Less(t, at, uint64(1<<42))
	}
}

// stuck is a file of which some part cannot be read to an end.
type stuck struct {
	*bytes.Reader
	left    atomic.Int64 // parts that are read
	reached chan struct{}
	end     <-chan struct{} // of the test
}

func (s *stuck) ReadAt(b []byte, at int64) (int, error) {
	if s.left.Add(-1) < 0 {
		s.reached <- struct{}{}
		<-s.end
	}
	return s.Reader.ReadAt(b, at)
}

// Reading ends with its context in every part of the file, also while the file itself hangs. It
// reports its progress before.
func TestEndsInEveryPart(t *testing.T) {
	_, file := generated(t, 60_000)
	cause := errors.New("enough")
	for parts := range int64(36) {
		if parts%5 != 0 {
			continue
		}
		in := &stuck{Reader: bytes.NewReader(file.Bytes()), reached: make(chan struct{}, 8), end: t.Context().Done()}
		in.left.Store(parts)
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			<-in.reached
			cancel(cause)
		}()
		_, err := Read(ctx, in)
		require.ErrorIs(t, err, cause)
	}
	last := -1
	ctx := progress.With(t.Context(), func(stage string, done, total int) {
		require.Equal(t, "index", stage)
		require.GreaterOrEqual(t, done, last)
		require.LessOrEqual(t, done, total)
		if last = done; done == total {
			last = -2
		}
	})
	_, err := Read(ctx, bytes.NewReader(file.Bytes()))
	require.NoError(t, err)
	require.Equal(t, -2, last) // the end was reported
}

// A company whose votes are its shares is not among those with votes.
func TestVotesThatAreShares(t *testing.T) {
	_, file := made(t, "a,100,,2\n", "p,a,7\n", register.Reject) // 100 and 7 shares, 200 and 14 votes
	h, err := parseHeader(file[:headerBytes])
	require.NoError(t, err)
	places := h.places()
	set := func(s section, value uint64) {
		binary.LittleEndian.PutUint64(file[places[s].at:], value)
		reseal(file)
	}
	set(voteTotals, 100)
	set(votes, 7)
	_, err = Read(t.Context(), bytes.NewReader(file))
	require.EqualError(t, err, "snapshot: it has votes of a, which are its shares")
	set(voteTotals, 300)
	set(votes, 21)
	_, err = Read(t.Context(), bytes.NewReader(file))
	require.NoError(t, err)
}

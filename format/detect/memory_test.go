package detect_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/detect"
	"github.com/crossholding/crossholding/internal/testkit"
)

// generated is a file whose lines are made when they are read. It looks at the live memory several
// times on the way.
type generated struct {
	line  func(i int) string
	n     int // lines
	next  int
	left  []byte
	start uint64
	peak  uint64 // bytes of the largest live memory above that at the start
}

func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (g *generated) look() { g.peak = max(g.peak, max(live(), g.start)-g.start) }

func (g *generated) Read(p []byte) (int, error) {
	for len(g.left) == 0 {
		if g.next == g.n {
			return 0, io.EOF
		}
		if every := g.n / 4; g.next%every == every-1 {
			g.look()
		}
		g.left = []byte(g.line(g.next))
		g.next++
	}
	k := copy(p, g.left)
	g.left = g.left[k:]
	return k, nil
}

// measure reads a file of n lines and returns the peak of its memory, and that of its result.
func measure(t *testing.T, opt detect.Options, n int, line func(i int) string) (uint64, detect.Result, error) {
	g := &generated{line: line, n: n, start: live()}
	out, err := detect.Read(t.Context(), g, opt)
	g.look()
	runtime.KeepAlive(out)
	return g.peak, out, err
}

// every is the number of lines of which one stands.
const every = 100

// files have lines of which those that stand are kept and the others dropped.
var files = []struct {
	form detect.Form
	head string
	line func(i int, stands bool) string
}{
	{detect.PSC, "", func(i int, stands bool) string {
		ceased := `"ceased_on":"2020-02-03",`
		if stands {
			ceased = ""
		}
		return fmt.Sprintf(`{"company_number":"%08d","data":{"kind":"individual-person-with-significant-control","name":"Person %d of a long name",%s"natures_of_control":["ownership-of-shares-25-to-50-percent","voting-rights-25-to-50-percent"],"notified_on":"2016-04-06"}}`, i, i, ceased)
	}},
	{detect.FTM, "", func(i int, stands bool) string {
		ended := `"endDate":["2020-02-03"],`
		if stands {
			ended = ""
		}
		return fmt.Sprintf(`{"id":"ownership-%d","schema":"Ownership","properties":{%s"owner":["owner-with-a-long-id-%d"],"asset":["asset-with-a-long-id-%d"],"percentage":["25"]}}`, i, ended, i, i)
	}},
	{detect.BODS, "", func(i int, _ bool) string { // a hundred statements about each record
		return fmt.Sprintf(`{"statementId":"statement-with-a-long-id-%d","statementDate":"2020-01-01","recordId":"record-%d","recordType":"entity","recordStatus":"updated","recordDetails":{"entityType":{"type":"registeredEntity"},"name":"Company %d of a long name"}}`, i, i/every, i)
	}},
	{detect.GLEIF, "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,Relationship.RelationshipType,Relationship.RelationshipStatus\n", func(i int, stands bool) string {
		status := "INACTIVE"
		if stands {
			status = "ACTIVE"
		}
		return fmt.Sprintf("CHILD%015d,PARENT%014d,IS_DIRECTLY_CONSOLIDATED_BY,%s", i, i, status)
	}},
	{detect.Table, "holder,issuer,percent,date,kind\n", func(i int, stands bool) string {
		day := "2025-01-01"
		if stands {
			day = "2023-01-01"
		}
		return fmt.Sprintf("Holder %d of a long name,Company %d of a long name,25,%s,person", i, i, day)
	}},
}

// What a reader keeps in memory is what stands, not what it drops.
func TestMemoryOfDroppedLines(t *testing.T) {
	n := testkit.Size(20_000, 300_000)
	for _, f := range files {
		t.Run(string(f.form), func(t *testing.T) {
			opt := detect.Options{Form: f.form, AsOf: "2024-01-01"}
			line := func(step int) func(i int) string {
				return func(i int) string {
					text := f.line(i*step, i*step%every == 0) + "\n"
					if i == 0 {
						text = f.head + text
					}
					return text
				}
			}
			kept, want, err := measure(t, opt, n/every, line(every))
			require.NoError(t, err)
			all, got, err := measure(t, opt, n, line(1))
			require.NoError(t, err)
			require.Equal(t, want.Report.Read, got.Report.Read)
			require.Equal(t, n, got.Report.Lines)
			require.Equal(t, n-n/every, got.Report.Dropped.Len())
			require.Len(t, got.Book.Companies, len(want.Book.Companies))
			require.Less(t, all, 2*kept+1<<20, "%d bytes for what stands", kept)
		})
	}
}

// The memory of a report and of an error has a bound, whatever the number of faults.
func TestMemoryOfFaults(t *testing.T) {
	n := testkit.Size(20_000, 150_000)
	faulty := map[detect.Form]func(i int) string{
		detect.PSC: func(i int) string { return fmt.Sprintf(`{"company_number":"number %d"`, i) },
		detect.FTM: func(i int) string { return fmt.Sprintf(`{"id":"%d","schema":7}`, i) },
		detect.BODS: func(i int) string {
			return fmt.Sprintf(`{"statementId":"%d","recordId":"r%d","recordType":"robot"}`, i, i)
		},
		detect.GLEIF: func(i int) string { return fmt.Sprintf("CHILD%d,,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE", i) },
		detect.Table: func(i int) string { return fmt.Sprintf("Holder %d,Company %d,105,,", i, i) },
	}
	for _, f := range files {
		t.Run(string(f.form), func(t *testing.T) {
			line := func(i int) string {
				text := faulty[f.form](i) + "\n"
				if i == 0 {
					text = f.head + text
				}
				return text
			}
			peak, _, err := measure(t, detect.Options{Form: f.form}, n, line)
			var faults *crossholding.InputError
			require.True(t, errors.As(err, &faults), "%v", err)
			require.Equal(t, n, len(faults.Faults)+faults.More)
			require.Less(t, peak, uint64(2<<20))
			peak, got, err := measure(t, detect.Options{Form: f.form, DropFaults: true}, n, line)
			require.NoError(t, err)
			require.Equal(t, n, got.Report.Dropped.Counts["fault"])
			require.Less(t, peak, uint64(2<<20))
		})
	}
}

package snapshot

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
)

// Write writes a snapshot. The same register gives the same bytes. The error is that of
// w, or ctx's cause when ctx is done.
func Write(ctx context.Context, w io.Writer, s *Snapshot) error {
	var last []byte
	var v votesOf
	var h header
	var err error
	if ended := await.Run(ctx, func() { h, v, last, err = prepare(s) }); ended != nil || err != nil {
		return cmp.Or(ended, err)
	}
	g := &s.Register.Graph
	size := h.size()
	out := &writer{ctx: ctx, w: w, stage: progress.Start(ctx, "index", int(size), 1)}
	out.write(h.bytes())
	octets(out, g.IDs.Len(), func(i int) uint8 { return uint8(len(g.IDs.At(int32(i)))) }) // at most maxID
	for text := g.IDs.Text(); text != "" && out.err == nil; {
		text = text[out.add(text):]
	}
	out.end()
	words(out, g.Columns)
	words(out, g.Holder)
	longs(out, g.Capital.Units)
	longs(out, g.Capital.TotalUnits)
	longs(out, g.Capital.TreasuryUnits)
	scale := func(scales []uint8) { octets(out, len(scales), func(i int) uint8 { return scales[i] }) }
	scale(g.Capital.Scale)
	words(out, g.ByVoter.First)
	words(out, g.ByVoter.Stakes)
	words(out, v.companies)
	longs(out, v.total)
	longs(out, v.treasury)
	scale(v.scale)
	longs(out, v.units)
	scale(last)
	if out.err == nil {
		out.stage.End()
	}
	return out.err
}

// prepare returns what the file has beside the arrays of the graph: the header, the votes and
// the text of the facts.
func prepare(s *Snapshot) (h header, v votesOf, last []byte, err error) {
	g := &s.Register.Graph
	t := tail{Policy: s.Policy, CapitalBig: bigColumns(&g.Capital), OverAllocated: s.Register.OverAllocated,
		Joined: s.Register.Joined, Own: s.Register.Own, Unissued: s.Register.Unissued}
	if t.OwnVotes = !graph.SameWeighting(&g.Capital, &g.Votes); t.OwnVotes {
		t.VotesBig = bigColumns(&g.Votes)
	}
	last, err = json.Marshal(t)
	v = votesApart(g)
	h = header{nodes: uint64(g.IDs.Len()), stakes: uint64(len(g.Holder)), text: uint64(len(g.IDs.Text())), voteColumns: uint64(len(v.companies)), voteStakes: uint64(len(v.units)), tail: uint64(len(last))}
	return h, v, last, err
}

// bigColumns lists the columns of fractions, by company.
func bigColumns(m *graph.Weighting) []bigColumn {
	var out []bigColumn
	for _, c := range slices.Sorted(maps.Keys(m.Big)) {
		w := m.Big[c]
		out = append(out, bigColumn{c, w.Units, w.Total, w.Treasury})
	}
	return out
}

// votesApart returns the votes of the companies whose votes differ from their shares.
func votesApart(g *graph.Graph) (v votesOf) {
	if graph.SameWeighting(&g.Capital, &g.Votes) {
		return v
	}
	for c := range int32(g.IDs.Len()) {
		if sameVotes(g, c) {
			continue
		}
		from, to := g.Column(c)
		v.companies = append(v.companies, c)
		v.total, v.treasury = append(v.total, g.Votes.TotalUnits[c]), append(v.treasury, g.Votes.TreasuryUnits[c])
		v.scale, v.units = append(v.scale, g.Votes.Scale[c]), append(v.units, g.Votes.Units[from:to]...)
	}
	return v
}

// writer writes sections in blocks, and after each section the checksums of its blocks.
// After an error it writes nothing.
type writer struct {
	ctx   context.Context
	w     io.Writer
	stage progress.Stage // of the bytes
	block [blockBytes]byte
	used  int    // bytes of block
	sums  []byte // of the section's blocks
	done  int    // bytes written
	err   error
}

// write writes bytes that need no checksum.
func (w *writer) write(b []byte) {
	if w.err == nil {
		w.err = progress.Stopped(w.ctx, "snapshot")
	}
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
	w.done += len(b)
	w.stage.At(w.done)
}

// room returns the rest of the block, which is not empty.
func (w *writer) room() []byte {
	if w.used == blockBytes {
		w.flush()
	}
	return w.block[w.used:]
}

// add adds as many bytes of a text as the block has room for, and returns their number.
func (w *writer) add(text string) int {
	n := copy(w.room(), text)
	w.used += n
	return n
}

// flush writes the block and keeps its checksum.
func (w *writer) flush() {
	block := w.block[:w.used]
	w.sums = binary.LittleEndian.AppendUint32(w.sums, crc32.Checksum(block, castagnoli))
	w.write(block)
	w.used = 0
}

// end ends a section.
func (w *writer) end() {
	if w.used > 0 {
		w.flush()
	}
	w.write(w.sums)
	w.sums = w.sums[:0]
}

// octets writes a section of n bytes.
func octets(w *writer, n int, at func(i int) uint8) {
	for i := 0; i < n && w.err == nil; {
		room := w.room()
		room = room[:min(len(room), n-i)]
		for j := range room {
			room[j] = at(i + j)
		}
		i, w.used = i+len(room), w.used+len(room)
	}
	w.end()
}

// words writes a section of integers of 4 bytes.
func words(w *writer, values []int32) {
	for len(values) > 0 && w.err == nil {
		room := w.room()
		n := min(len(room)/4, len(values))
		for i, x := range values[:n] {
			binary.LittleEndian.PutUint32(room[4*i:], uint32(x))
		}
		values, w.used = values[n:], w.used+4*n
	}
	w.end()
}

// longs writes a section of integers of 8 bytes.
func longs(w *writer, values []int64) {
	for len(values) > 0 && w.err == nil {
		room := w.room()
		n := min(len(room)/8, len(values))
		for i, x := range values[:n] {
			binary.LittleEndian.PutUint64(room[8*i:], uint64(x))
		}
		values, w.used = values[n:], w.used+8*n
	}
	w.end()
}

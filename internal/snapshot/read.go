package snapshot

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/register"
)

// Read reads a snapshot and checks all of it: the checksums, and that the figures are
// those of a register, so that no question about it can fail for its form. It takes memory
// in proportion to the bytes that the file has. All processors share the work. A file that
// can be read in parts, such as a file of package os, is read with several calls at the same time.
//
// The error is a [register.Fault] for a file that is truncated, altered or no snapshot, an
// error of in, or ctx's cause within 50 ms after ctx is done.
func Read(ctx context.Context, in io.Reader) (*Snapshot, error) {
	s := &Snapshot{Register: &register.Register{}}
	b := &builder{ctx: ctx, Snapshot: s, g: &s.Register.Graph}
	passes := []func() error{
		func() (err error) { b.source, err = openSource(in); return err },
		b.readBlocks, b.readFacts, b.checkNodes, b.fillVotes, b.checkVotes, b.checkFacts,
	}
	stage := progress.Start(ctx, "index", len(passes), 1)
	for i, pass := range passes {
		stage.At(i)
		var err error
		if ended := await.Run(ctx, func() { err = pass() }); ended != nil {
			return nil, ended
		}
		if err != nil {
			return nil, err
		}
	}
	stage.End()
	return s, nil
}

// builder makes a snapshot from its sections.
type builder struct {
	ctx context.Context
	*source
	*Snapshot
	g        *graph.Graph
	lengths  []uint8  // of the ids
	starts   []uint64 // of each rangeNodes nodes: where their ids begin
	texts    []string // the blocks of the ids
	plain    []bool   // of each block: it has only visible ASCII characters and blanks
	mark     marks
	votes    votesOf
	factText []byte
	facts    tail
}

// rangeNodes is the number of nodes that are checked at a time.
const rangeNodes = 1 << 13

// readBlocks reads all sections into their arrays.
func (b *builder) readBlocks() error {
	jobs, err := b.jobs()
	if err != nil {
		return err
	}
	b.allot()
	longest := uint64(0)
	for _, j := range jobs {
		longest = max(longest, j.place.size)
	}
	err = share(b.ctx, len(jobs), func() func(int) error {
		memory := make([]byte, min(longest, blockBytes))
		return func(i int) error {
			block, err := b.load(jobs[i], memory)
			if err == nil {
				b.store(jobs[i].section, jobs[i].block, block)
			}
			return err
		}
	})
	if err != nil {
		return err
	}
	total := uint64(0)
	for i, n := range b.starts {
		b.starts[i], total = total, total+n
	}
	if total != b.head.text {
		return fault("its ids have %d bytes, and by its header %d", total, b.head.text)
	}
	return nil
}

// allot makes the arrays. The file has as many bytes as its header says.
func (b *builder) allot() {
	g, h := b.g, &b.head
	n, m, k := h.nodes, h.stakes, h.voteColumns
	b.lengths, b.starts = make([]uint8, n), make([]uint64, (n+rangeNodes-1)/rangeNodes)
	blocks := h.places()[idText].blocks()
	b.texts, b.plain = make([]string, blocks), make([]bool, blocks)
	g.Columns = make([]int32, n+1)
	g.Holder, g.Issuer = make([]int32, m), make([]int32, m)
	g.Capital = graph.Weighting{Units: make([]int64, m), TotalUnits: make([]int64, n), TreasuryUnits: make([]int64, n), Scale: make([]uint8, n)}
	g.ByVoter = graph.Rows{First: make([]int32, n+1), Stakes: make([]int32, m)}
	b.votes = votesOf{companies: make([]int32, k), total: make([]int64, k), treasury: make([]int64, k), scale: make([]uint8, k), units: make([]int64, h.voteStakes)}
	b.factText = make([]byte, h.tail)
}

// store brings a block of a section into the section's array.
func (b *builder) store(s section, block uint64, bytes []byte) {
	g := b.g
	at := block * blockBytes
	switch s {
	case idLengths:
		copy(b.lengths[at:], bytes)
		for i := 0; i < len(bytes); i += rangeNodes { // a block has whole ranges
			sum := uint64(0)
			for _, n := range bytes[i:min(i+rangeNodes, len(bytes))] {
				sum += uint64(n)
			}
			b.starts[(int(at)+i)/rangeNodes] = sum
		}
	case idText:
		b.texts[block], b.plain[block] = string(bytes), isPlain(bytes)
	case firstStakes:
		int32s(g.Columns[at/4:], bytes)
	case holders:
		int32s(g.Holder[at/4:], bytes)
	case shares:
		int64s(g.Capital.Units[at/8:], bytes)
	case issued:
		int64s(g.Capital.TotalUnits[at/8:], bytes)
	case treasury:
		int64s(g.Capital.TreasuryUnits[at/8:], bytes)
	case scales:
		copy(g.Capital.Scale[at:], bytes)
	case firstHeld:
		int32s(g.ByVoter.First[at/4:], bytes)
	case held:
		int32s(g.ByVoter.Stakes[at/4:], bytes)
	case voteCompanies:
		int32s(b.votes.companies[at/4:], bytes)
	case voteTotals:
		int64s(b.votes.total[at/8:], bytes)
	case voteTreasury:
		int64s(b.votes.treasury[at/8:], bytes)
	case voteScales:
		copy(b.votes.scale[at:], bytes)
	case votes:
		int64s(b.votes.units[at/8:], bytes)
	case facts:
		copy(b.factText[at:], bytes)
	}
}

func int32s(to []int32, from []byte) {
	for i := range to[:len(from)/4] {
		to[i] = int32(binary.LittleEndian.Uint32(from[4*i:]))
	}
}

func int64s(to []int64, from []byte) {
	for i := range to[:len(from)/8] {
		to[i] = int64(binary.LittleEndian.Uint64(from[8*i:]))
	}
}

// isPlain reports whether all bytes are visible ASCII characters or blanks.
func isPlain(b []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	bad := uint64(0)
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		bad |= x | (x + ones) | (x - ' '*ones) // the high bit of a byte over ~, or below a blank
	}
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return bad&high == 0
}

// readFacts reads the last section.
func (b *builder) readFacts() error {
	d := json.NewDecoder(bytes.NewReader(b.factText))
	d.DisallowUnknownFields()
	if err := d.Decode(&b.facts); err != nil {
		return fault("its facts: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fault("its facts are more than one value")
	}
	return nil
}

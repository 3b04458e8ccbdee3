package snapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/memory"
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
	if err := b.await(func() (err error) { b.source, err = openSource(in); return err }); err != nil {
		return nil, err
	}
	blocks := 0
	for _, p := range b.head.places() {
		blocks += int(p.blocks())
	}
	b.stage = progress.Start(ctx, "index", blocks+2*ranges(int(b.head.nodes)), 1)
	for _, pass := range []func() error{
		b.waiting(b.readFacts), b.waiting(b.allot), b.readBlocks, b.waiting(b.makeIDs), b.checkIDs, b.waiting(b.allotVotes),
		b.checkNodes, b.waiting(b.fillVotes), b.checkVotes, b.waiting(b.checkFacts),
	} {
		if err := pass(); err != nil {
			return nil, err
		}
	}
	b.stage.End()
	return s, nil
}

// await does work that cannot be interrupted, and returns its error or ctx's cause.
func (b *builder) await(work func() error) error {
	var err error
	if ended := await.Run(b.ctx, func() { err = work() }); ended != nil {
		return ended
	}
	return err
}

// count counts a block or a range of nodes that is done.
func (b *builder) count() {
	b.done++
	b.stage.At(b.done)
}

// waiting returns a function that calls await for work.
func (b *builder) waiting(work func() error) func() error {
	return func() error { return b.await(work) }
}

// builder makes a snapshot from its sections.
type builder struct {
	ctx   context.Context
	stage progress.Stage // of the blocks of the file, and of the ranges of nodes, which are checked twice
	done  int            // of these
	*source
	*Snapshot
	g       *graph.Graph
	lengths []uint8 // of the ids
	text    []byte  // the ids, one after the other
	mark    marks
	votes   votesOf
	facts   tail
	fill    [sections]array
	parts   []job // the blocks of all sections but the facts
}

// array is the memory of a section's numbers, which have some bytes each.
type array struct {
	bytes []byte
	size  int
}

// numbers makes the array of a section, for readBlocks to fill.
func numbers[T memory.Number](b *builder, s section) []T {
	size := int(entryBytes(s))
	numbers := memory.MakeUnset[T](int(b.head.places()[s].size) / size)
	b.fill[s] = array{memory.Bytes(numbers), size}
	return numbers
}

// allot makes the arrays of all sections but the facts, and lists their blocks. The file has as many
// bytes as its header says.
func (b *builder) allot() error {
	g := b.g
	b.lengths, b.text = numbers[uint8](b, idLengths), numbers[uint8](b, idText)
	g.Columns, g.Holder = numbers[int32](b, firstStakes), numbers[int32](b, holders)
	g.Issuer = memory.MakeUnset[int32](len(g.Holder))
	g.Capital = graph.Weighting{Units: numbers[int64](b, shares), TotalUnits: numbers[int64](b, issued),
		TreasuryUnits: numbers[int64](b, treasury), Scale: numbers[uint8](b, scales)}
	g.ByVoter = graph.Rows{First: numbers[int32](b, firstHeld), Stakes: numbers[int32](b, held)}
	b.votes = votesOf{companies: numbers[int32](b, voteCompanies), total: numbers[int64](b, voteTotals),
		treasury: numbers[int64](b, voteTreasury), scale: numbers[uint8](b, voteScales), units: numbers[int64](b, votes)}
	for s := range facts {
		jobs, err := b.jobs(s)
		if err != nil {
			return err
		}
		b.parts = append(b.parts, jobs...)
	}
	return nil
}

// readBlocks reads all sections but the facts into their arrays, which have the bytes of the
// file as they are.
func (b *builder) readBlocks() error {
	return share(b.ctx, len(b.parts), b.count, func(i int) error {
		j := &b.parts[i]
		to := &b.fill[j.section]
		return b.load(j, to.bytes, to.size)
	})
}

// readFacts reads the last section. It must have the form in which it is written: encoding/json
// also reads keys in capitals, keys that come twice, and null.
func (b *builder) readFacts() error {
	jobs, err := b.jobs(facts)
	if err != nil {
		return err
	}
	text := make([]byte, b.head.tail)
	for i := range jobs {
		if err := b.load(&jobs[i], text, 1); err != nil {
			return err
		}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&b.facts); err != nil {
		return fault("its facts: %v", err)
	}
	if again, err := json.Marshal(&b.facts); err != nil || !bytes.Equal(again, text) {
		return fault("its facts are not in the form in which they are written")
	}
	return nil
}

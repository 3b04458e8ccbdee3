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
	passes := []func() error{
		func() (err error) { b.source, err = openSource(in); return err },
		b.readFacts, b.readBlocks, b.checkIDs, b.checkNodes, b.fillVotes, b.checkVotes, b.checkFacts,
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
	g       *graph.Graph
	lengths []uint8 // of the ids
	text    []byte  // the ids, one after the other
	mark    marks
	votes   votesOf
	facts   tail
	fill    [sections]array
}

// array is the memory of a section's numbers, which have some bytes each.
type array struct {
	bytes []byte
	size  int
}

// numbers makes the array of a section, with all its numbers 0.
func numbers[T memory.Number](b *builder, s section) []T {
	size := int(entryBytes(s))
	numbers := memory.Make[T](int(b.head.places()[s].size) / size)
	b.fill[s] = array{memory.Bytes(numbers), size}
	return numbers
}

// allot makes the arrays of all sections but the facts. The file has as many bytes as its
// header says.
func (b *builder) allot() {
	g := b.g
	b.lengths, b.text = numbers[uint8](b, idLengths), numbers[uint8](b, idText)
	g.Columns, g.Holder = numbers[int32](b, firstStakes), numbers[int32](b, holders)
	g.Issuer = memory.Make[int32](len(g.Holder))
	g.Capital = graph.Weighting{Units: numbers[int64](b, shares), TotalUnits: numbers[int64](b, issued),
		TreasuryUnits: numbers[int64](b, treasury), Scale: numbers[uint8](b, scales)}
	g.ByVoter = graph.Rows{First: numbers[int32](b, firstHeld), Stakes: numbers[int32](b, held)}
	b.votes = votesOf{companies: numbers[int32](b, voteCompanies), total: numbers[int64](b, voteTotals),
		treasury: numbers[int64](b, voteTreasury), scale: numbers[uint8](b, voteScales), units: numbers[int64](b, votes)}
}

// readBlocks reads all sections but the facts into their arrays, which have the bytes of the
// file as they are.
func (b *builder) readBlocks() error {
	b.allot()
	var jobs []job
	for s := range facts {
		more, err := b.jobs(s)
		if err != nil {
			return err
		}
		jobs = append(jobs, more...)
	}
	return share(b.ctx, len(jobs), func(i int) error {
		j := &jobs[i]
		to := &b.fill[j.section]
		return b.load(j, to.bytes, to.size)
	})
}

// readFacts reads the last section.
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
	if _, err := d.Token(); err != io.EOF {
		return fault("its facts are more than one value")
	}
	return nil
}

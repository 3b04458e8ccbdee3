package crossholding

import (
	"context"
	"fmt"
	"io"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/internal/snapshot"
)

// WriteSnapshot writes an alliance that [ReadRegister] or [ReadSnapshot] made as one binary
// file with its indices and checksums. [ReadSnapshot] reads it several times as fast as
// ReadRegister reads the CSV files. docs/SNAPSHOT.md describes the file. The same register
// gives the same bytes.
//
// The file has the companies, the holders, their stakes and the warnings. It does not have
// the date, the country, the agreements and the facts of control. Give them to ReadSnapshot.
//
// WriteSnapshot fails with [ErrUnknown] for an alliance that was made from a book. Otherwise
// the error is that of w, or ctx's within 50 ms when ctx is done and w returns. It reports
// its progress, see [WithProgress].
func (a *Alliance) WriteSnapshot(ctx context.Context, w io.Writer) error {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	r := a.register
	if r == nil {
		return fmt.Errorf("crossholding: only a register has a snapshot, and this alliance is a book: %w", ErrUnknown)
	}
	s := &snapshot.Snapshot{Policy: string(r.policy), Register: &register.Register{
		Graph: a.graph, OverAllocated: r.overAllocated, Joined: r.joined, Own: r.own, Unissued: r.unissued,
	}}
	if err := snapshot.Write(ctx, w, s); err != nil {
		return fmt.Errorf("crossholding: %w", err)
	}
	return nil
}

// ReadSnapshot reads a file of [Alliance.WriteSnapshot] to its end. The answers of the
// alliance are those of the one that was written, if the options are the same. A file of
// package os, or any other reader with the methods Seek and ReadAt, is read on all cores.
//
// The options are those of [ReadRegister]. OverAllocated must be empty, or the policy with
// which the register was read, because the figures in the file depend on it.
//
// ReadSnapshot checks the whole file. It fails with [ErrSyntax] if the file is truncated,
// altered, no snapshot, or a snapshot of another version. The message says which bytes are
// wrong. It takes memory in proportion to the bytes that there are. It returns ctx's error
// within 50 ms when ctx is done, and reports its progress, see [WithProgress].
func ReadSnapshot(ctx context.Context, r io.Reader, opt RegisterOptions) (*Alliance, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	var p parser
	p.registerOptions(opt)
	s, err := snapshot.Read(ctx, r)
	if err != nil {
		return nil, registerError(err)
	}
	policy := OverAllocationPolicy(s.Policy)
	if !policy.known() {
		return nil, registerError(register.Fault{Place: "snapshot", Reason: fmt.Sprintf("its policy for over-allocated companies is %q", policy), Kind: register.Syntax})
	}
	if opt.OverAllocated != OverAllocationError && opt.OverAllocated != policy {
		p.Add("OverAllocated", ErrUnknown, "the snapshot was made with %q, not %q", policy, opt.OverAllocated)
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	opt.OverAllocated = policy
	return registerAlliance(s.Register, opt)
}

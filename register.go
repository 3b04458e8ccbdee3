package crossholding

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/ratio"
)

// RegisterOptions says how a register is read. The zero value is the default.
type RegisterOptions struct {
	AsOf    date.Date
	Country string // of every company, for the statutes; if empty, no statute applies
	// OverAllocated says what to do with companies of which more shares are held
	// than outstanding. By default they are an error.
	OverAllocated OverAllocationPolicy
	// Agreements are the agreements among the holders.
	Agreements []Agreement
	// Controls are facts of control among the companies and holders.
	Controls []ControlFact
}

// OverAllocationPolicy is a way to treat a company of which more shares are held than outstanding.
type OverAllocationPolicy string

// These are the ways.
const (
	OverAllocationError   OverAllocationPolicy = ""         // reject the register
	OverAllocationKeepOut OverAllocationPolicy = "keep out" // count the stakes in it as 0, so all its shares are float
	OverAllocationScale   OverAllocationPolicy = "scale"    // reduce its stakes pro rata to the outstanding shares, exactly; a Book has 12 decimals of them
)

// ReadRegister reads a pair of CSV files: companies with the header
// id,issued,treasury,votes (shares, shares, votes per share; the last two may
// be empty, for 0 and 1) and stakes with the header holder,issuer,shares. A
// holder that is not a company is an outside owner and needs no row. Ids are as in a
// [Book], and figures are decimals, see [ratio.Number]. The files have the form of RFC 4180,
// with or without a byte order mark, and rows of at most 1 MiB. The order of rows has no effect.
//
// Registers list the accounts of one holder separately, so the shares of several rows of
// one holder in one issuer add up. But a row may also be repeated by mistake.
// [Alliance.Warnings] lists the first 20 such stakes and counts the rows of others. Shares that
// a company is listed to hold in itself are a part of its treasury: the larger of the two figures
// counts. Warnings lists these companies, and those that were kept out or scaled.
//
// Each bad row gives a fault that names the line where the row begins. An id that is not allowed
// gives one fault, at its first row. The error lists the first 1,000 faults and counts the
// others. ReadRegister returns ctx's error within 50 ms when ctx is done, also while a file keeps
// it waiting. It reports its progress, see [WithProgress].
func ReadRegister(ctx context.Context, companies, stakes io.Reader, opt RegisterOptions) (*Alliance, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	var p parser
	p.registerOptions(opt)
	in, found, err := register.Read(ctx, companies, stakes, opt.OverAllocated.way())
	if err != nil {
		return nil, registerError(err)
	}
	p.registerFaults(found)
	if err := p.err(); err != nil {
		return nil, err
	}
	return registerAlliance(in, opt)
}

// registerOptions checks the options that need no register.
func (p *parser) registerOptions(opt RegisterOptions) {
	p.Date("AsOf", opt.AsOf)
	p.country("Country", opt.Country)
	if !opt.OverAllocated.known() {
		p.Add("OverAllocated", ErrUnknown, "%q is not keep out, scale or nothing", opt.OverAllocated)
	}
}

// registerAlliance makes an alliance of a register that was read.
func registerAlliance(in *register.Register, opt RegisterOptions) (*Alliance, error) {
	a := &Alliance{graph: in.Graph, register: &registerFacts{
		country: opt.Country, unissued: in.Unissued, overAllocated: in.OverAllocated, policy: opt.OverAllocated, joined: in.Joined, own: in.Own,
	}}
	a.graph.Scratch = new(sync.Pool)
	var err error
	if a.ledger, err = a.registerLedger(opt); err != nil {
		return nil, err
	}
	return a, nil
}

// known reports whether e is one of the policies.
func (e OverAllocationPolicy) known() bool {
	return e == OverAllocationError || e == OverAllocationKeepOut || e == OverAllocationScale
}

// way returns how the reader of registers treats an over-allocated company.
func (e OverAllocationPolicy) way() register.Excess {
	switch e {
	case OverAllocationKeepOut:
		return register.KeepOut
	case OverAllocationScale:
		return register.Scale
	}
	return register.Reject
}

// registerKind returns the kind of error for a kind of fault.
func registerKind(k register.Kind) error {
	return map[register.Kind]error{
		register.Syntax: ErrSyntax, register.TooLarge: ErrTooLarge, register.Unknown: ErrUnknown,
		register.Repeated: ErrDuplicate, register.Missing: ErrMissing, register.OutOfRange: ErrRange,
		register.NotNumber: ratio.ErrNumber, register.OverAllocated: ErrOverAllocated,
	}[k]
}

// registerError returns the error of a register that cannot be read to its end.
func registerError(err error) error {
	var fault register.Fault
	if errors.As(err, &fault) {
		return fmt.Errorf("crossholding: %v: %w", fault, registerKind(fault.Kind))
	}
	return fmt.Errorf("crossholding: %w", err)
}

// registerFaults adds the faults of a register, whose texts are short already.
func (f *faults) registerFaults(found register.Faults) {
	f.More += found.More
	for _, x := range found.List {
		f.Put(x.Place, x.Reason, registerKind(x.Kind))
	}
}

// Package snapshot writes a register as one binary file, and reads it again in a fraction
// of the time that its CSV files take. docs/SNAPSHOT.md describes the file.
package snapshot

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/register"
	"github.com/crossholding/crossholding/ratio"
)

// Snapshot is what a file holds: a register, and how its over-allocated companies were
// treated when it was read. It belongs to the caller.
type Snapshot struct {
	Register *register.Register
	Policy   string
}

const (
	magic       = "\x89CROSSH\n" // no text file begins like this, and a changed line end shows
	version     = 1
	headerBytes = 64
	blockBytes  = 1 << 18   // bytes of a section that have one checksum; a multiple of 8
	sumBytes    = 4         // bytes of a checksum
	maxItems    = 1<<31 - 2 // nodes or stakes
	maxID       = 200       // bytes of an id
	maxTail     = 1 << 31   // bytes of the last section
)

// castagnoli is the polynomial of the checksums. Processors have an instruction for it.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header has the lengths of the sections.
type header struct {
	nodes, stakes uint64
	text          uint64 // bytes of all ids
	voteColumns   uint64 // companies whose votes differ from their shares
	voteStakes    uint64 // stakes in these
	tail          uint64 // bytes
}

// bytes returns the header as in a file.
func (h *header) bytes() []byte {
	b := binary.LittleEndian.AppendUint32([]byte(magic), version)
	for _, n := range []uint64{h.nodes, h.stakes, h.text, h.voteColumns, h.voteStakes, h.tail} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// parseHeader reads a header and checks that its lengths can be those of a register.
func parseHeader(b []byte) (h header, err error) {
	if string(b[:len(magic)]) != magic {
		return h, fault("it does not begin like a snapshot")
	}
	if v := binary.LittleEndian.Uint32(b[len(magic):]); v != version {
		return h, fault("it has version %d, and this program reads version %d", v, version)
	}
	if binary.LittleEndian.Uint32(b[headerBytes-sumBytes:]) != crc32.Checksum(b[:headerBytes-sumBytes], castagnoli) {
		return h, fault("bytes 0 to %d, the header, were altered: the checksum is wrong", headerBytes-1)
	}
	for i, n := range []*uint64{&h.nodes, &h.stakes, &h.text, &h.voteColumns, &h.voteStakes, &h.tail} {
		*n = binary.LittleEndian.Uint64(b[len(magic)+4+8*i:])
	}
	if h.nodes > maxItems || h.stakes > maxItems || h.text > h.nodes*maxID || h.voteColumns > h.nodes || h.voteStakes > h.stakes || h.tail > maxTail {
		return h, fault("its header claims %d nodes with %d bytes of ids, %d stakes, and votes of %d companies and %d stakes",
			h.nodes, h.text, h.stakes, h.voteColumns, h.voteStakes)
	}
	return h, nil
}

// section is the number of a section, in the order of the file.
type section int

const (
	idLengths section = iota
	idText
	firstStakes
	holders
	shares
	issued
	treasury
	scales
	firstHeld
	held
	voteCompanies
	voteTotals
	voteTreasury
	voteScales
	votes
	facts
	sections // how many there are
)

// sectionNames are the names of the sections in docs/SNAPSHOT.md.
var sectionNames = [sections]string{"lengths of ids", "ids", "first stakes", "holders", "shares", "issued shares", "treasury", "scales",
	"first held stakes", "held stakes", "companies with votes", "all votes", "votes of the treasury", "scales of votes", "votes", "facts"}

// place is where a section lies in the file. Its checksums follow it, one for each block.
type place struct{ at, size uint64 }

func (p place) blocks() uint64 { return (p.size + blockBytes - 1) / blockBytes }
func (p place) sums() uint64   { return p.at + p.size }
func (p place) end() uint64    { return p.sums() + p.blocks()*sumBytes }

// entryBytes returns the bytes of one entry of a section.
func entryBytes(s section) uint64 {
	switch s {
	case firstStakes, holders, firstHeld, held, voteCompanies:
		return 4
	case shares, issued, treasury, voteTotals, voteTreasury, votes:
		return 8
	}
	return 1
}

// places returns where the sections lie. The last one's end is the size of the file.
func (h *header) places() (all [sections]place) {
	n, m, k := h.nodes, h.stakes, h.voteColumns
	at := uint64(headerBytes)
	for i, entries := range [sections]uint64{
		idLengths: n, idText: h.text, firstStakes: n + 1, holders: m, shares: m, issued: n, treasury: n, scales: n,
		firstHeld: n + 1, held: m, voteCompanies: k, voteTotals: k, voteTreasury: k, voteScales: k, votes: h.voteStakes, facts: h.tail,
	} {
		all[i] = place{at, entries * entryBytes(section(i))}
		at = all[i].end()
	}
	return all
}

// size returns the number of bytes of the whole file.
func (h *header) size() uint64 {
	all := h.places()
	return all[sections-1].end()
}

// fault returns the error of a file that is no valid snapshot.
func fault(format string, args ...any) error {
	return register.Fault{Place: "snapshot", Reason: fmt.Sprintf(format, args...), Kind: register.Syntax}
}

// tail has the facts that few companies have. It is the last section, as JSON.
type tail struct {
	Policy        string                    `json:"policy"`
	OwnVotes      bool                      `json:"own_votes"` // votes are not counted as shares are
	CapitalBig    []bigColumn               `json:"capital_big,omitempty"`
	VotesBig      []bigColumn               `json:"votes_big,omitempty"`
	OverAllocated []register.OverAllocation `json:"over_allocated,omitempty"`
	Joined        register.Joined           `json:"joined"`
	Own           []register.OwnShares      `json:"own,omitempty"`
	Unissued      []int32                   `json:"unissued,omitempty"`
}

// bigColumn has the figures of a company that are not machine integers.
type bigColumn struct {
	Company  int32         `json:"company"`
	Units    []ratio.Ratio `json:"units"`
	Total    ratio.Ratio   `json:"total"`
	Treasury ratio.Ratio   `json:"treasury"`
}

// votesOf has the votes of some companies, and those of the stakes in them, in order.
type votesOf struct {
	companies       []int32
	total, treasury []int64
	scale           []uint8
	units           []int64
}

// sameVotes reports whether the votes of company c have the figures of its shares.
func sameVotes(g *graph.Graph, c int32) bool {
	a, b := &g.Capital, &g.Votes
	if a.TotalUnits[c] != b.TotalUnits[c] || a.TreasuryUnits[c] != b.TreasuryUnits[c] || a.Scale[c] != b.Scale[c] {
		return false
	}
	from, to := g.Column(c)
	for e := from; e < to; e++ {
		if a.Units[e] != b.Units[e] {
			return false
		}
	}
	return true
}

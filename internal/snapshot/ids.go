package snapshot

import (
	"bytes"
	"encoding/binary"

	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/radix"
)

// makeIDs makes the ids of their text and their lengths.
func (b *builder) makeIDs() error {
	var ok bool
	if b.g.IDs, ok = intern.NamesOf(b.text, b.lengths); !ok {
		return fault("its ids have not the %d bytes of its header", b.head.text)
	}
	return nil
}

// checkIDs checks that the ids are valid, sorted and different.
func (b *builder) checkIDs() error { return b.eachRange(b.checkIDsIn) }

// checkIDsIn checks some ids. Eight bytes decide most comparisons.
func (b *builder) checkIDsIn(first, end int32) error {
	ids := &b.g.IDs
	plain := isPlain(b.text[ids.Begin(first):ids.Begin(end)])
	var last []byte
	lastKey := uint64(0)
	at := ids.Begin(first)
	if first > 0 {
		last = b.text[ids.Begin(first-1):at]
		lastKey = radix.Eight(last, 0)
	}
	for i := first; i < end; i++ {
		n := uint64(b.lengths[i])
		id := b.text[at : at+n]
		key := radix.Eight(id, 0)
		at += n
		ok := (key > lastKey || key == lastKey && bytes.Compare(id, last) > 0) && n <= maxID
		if plain {
			ok = ok && id[0] != ' ' && id[n-1] != ' '
		} else {
			ok = ok && ident.Sound(id)
		}
		if !ok || ident.Reserved(id) {
			return fault("id %d, %.40q, is not valid, or not after the id before it", i, id)
		}
		last, lastKey = id, key
	}
	return nil
}

// isPlain reports whether all bytes are visible ASCII characters or blanks.
func isPlain(b []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	wrong := func(x uint64) uint64 { return x | (x + ones) | (x - ' '*ones) } // the high bit of a byte over ~, or below a blank
	bad := uint64(0)
	for ; len(b) >= 32; b = b[32:] {
		bad |= wrong(binary.LittleEndian.Uint64(b)) | wrong(binary.LittleEndian.Uint64(b[8:])) |
			wrong(binary.LittleEndian.Uint64(b[16:])) | wrong(binary.LittleEndian.Uint64(b[24:]))
	}
	for ; len(b) >= 8; b = b[8:] {
		bad |= wrong(binary.LittleEndian.Uint64(b))
	}
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return bad&high == 0
}

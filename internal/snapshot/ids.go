package snapshot

import (
	"encoding/binary"

	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/intern"
)

// checkIDs makes the ids, and checks that they are valid, sorted and different.
func (b *builder) checkIDs() error {
	var ok bool
	if b.g.IDs, ok = intern.NamesOf(b.text, b.lengths); !ok {
		return fault("its ids have not the %d bytes of its header", b.head.text)
	}
	return b.eachRange(func(from, to int32) error {
		ids := &b.g.IDs
		at := ids.Begin(from)
		end := ids.Begin(to)
		plain := isPlain(b.text[at:end])
		last := ""
		if from > 0 {
			last = ids.At(from - 1)
		}
		for i := from; i < to; i++ {
			id := ids.At(i)
			ok := id > last && len(id) <= maxID
			if plain {
				ok = ok && id[0] != ' ' && id[len(id)-1] != ' '
			} else {
				ok = ok && ident.Fault(id) == ""
			}
			if !ok || ident.Reserved(id) {
				return fault("id %d, %.40q, is not valid, or not after the id before it", i, id)
			}
			last = id
		}
		return nil
	})
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

package beam

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"slices"
)

// A record is a few texts that belong together, such as the fields of a row. Records go from
// worker to worker in blocks, because a runner takes about as long for a block as for a record.
type record = []string

// blockSize is the number of bytes from which a block is sent.
const blockSize = 1 << 16

// errBlock is returned for bytes that are no block.
var errBlock = errors.New("a block of records is damaged")

// appendRecord appends a record to a block: the number of its fields, then each with its length.
func appendRecord(block []byte, fields ...string) []byte {
	block = binary.AppendUvarint(block, uint64(len(fields)))
	for _, f := range fields {
		block = binary.AppendUvarint(block, uint64(len(f)))
		block = append(block, f...)
	}
	return block
}

// appendRecords appends the records of a block to a list.
func appendRecords(to []record, block []byte) ([]record, error) {
	bytes, all := block, string(block)
	number := func() (int, bool) {
		n, size := binary.Uvarint(bytes)
		if size <= 0 || n > uint64(len(bytes)-size) {
			return 0, false
		}
		bytes, all = bytes[size:], all[size:]
		return int(n), true
	}
	for len(bytes) > 0 {
		n, ok := number()
		if !ok {
			return nil, errBlock
		}
		r := make(record, n)
		for i := range r {
			size, ok := number()
			if !ok {
				return nil, errBlock
			}
			r[i], bytes, all = all[:size], bytes[size:], all[size:]
		}
		to = append(to, r)
	}
	return to, nil
}

// sortRecords sorts records and drops those that occur twice. Blocks come in any order, so this
// is what makes the answer independent of the runner.
func sortRecords(list []record) []record {
	slices.SortFunc(list, slices.Compare[record])
	return slices.CompactFunc(list, slices.Equal[record])
}

// A sender packs records into blocks, one for each receiver.
type sender struct {
	emit   func(int, []byte)
	blocks map[int][]byte
}

func newSender(emit func(int, []byte)) *sender {
	return &sender{emit: emit, blocks: map[int][]byte{}}
}

// put sends a record.
func (s *sender) put(to int, fields ...string) {
	b := appendRecord(s.blocks[to], fields...)
	if len(b) >= blockSize {
		s.emit(to, b)
		b = nil
	}
	s.blocks[to] = b
}

// flush sends what is left.
func (s *sender) flush() {
	for to, b := range s.blocks {
		if len(b) > 0 {
			s.emit(to, b)
		}
	}
	clear(s.blocks)
}

// place returns the shard of an id, which is the same everywhere and always.
func place(id string, shards int) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	x := h.Sum32()
	x ^= x >> 16 // the low bits of FNV follow those of the last letters
	x *= 0x85ebca6b
	x ^= x >> 13
	return int(x % uint32(shards))
}

package snapshot

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"runtime"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/progress"
)

// source is a file of which several goroutines can read parts at the same time.
type source struct {
	in    io.ReaderAt
	begin int64 // where the file begins in it
	head  header
}

// openSource reads the header. It compares the length of the file with the header before any
// memory is taken for the rest. A file that cannot be read in parts is read to its end.
func openSource(in io.Reader) (*source, error) {
	s := &source{}
	size, known := int64(0), false
	if at, ok := in.(interface {
		io.ReaderAt
		io.Seeker
	}); ok {
		s.in = at
		s.begin, size, known = span(at)
	}
	start, n := make([]byte, headerBytes), 0
	var err error
	if known {
		n, err = s.in.ReadAt(start, s.begin)
	} else {
		n, err = io.ReadFull(in, start)
	}
	if n < headerBytes {
		if err = ended(err); !strings.HasPrefix(magic, string(start[:min(n, len(magic))])) {
			err = fault("it does not begin like a snapshot")
		}
		return nil, err
	}
	if s.head, err = parseHeader(start); err != nil {
		return nil, err
	}
	if s.head.size() > math.MaxInt/4 {
		return nil, fault("it has %d bytes, which are more than this processor can address", s.head.size())
	}
	want := int64(s.head.size())
	if !known {
		var rest bytes.Buffer // it grows with what it is given
		n, err := rest.ReadFrom(io.LimitReader(in, want-headerBytes+1))
		if err != nil {
			return nil, err
		}
		s.in, s.begin, size = bytes.NewReader(rest.Bytes()), -headerBytes, headerBytes+n
	}
	if !known && size > want {
		return nil, fault("it goes on after the %d bytes of its header", want)
	}
	if size != want {
		return nil, fault("it has %d bytes, and by its header %d", size, want)
	}
	return s, nil
}

// span returns where the rest of a file begins and its length, and moves to its end. It
// returns false for what has no length, such as a pipe.
func span(in io.Seeker) (begin, size int64, ok bool) {
	begin, err := in.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, 0, false
	}
	end, err := in.Seek(0, io.SeekEnd)
	return begin, end - begin, err == nil && end > begin
}

// read fills b from a place of the file.
func (s *source) read(b []byte, at uint64) error {
	n, err := s.in.ReadAt(b, s.begin+int64(at))
	if n == len(b) {
		return nil
	}
	return ended(err)
}

// ended returns the error of a file that ends too early for the end of a file.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault("it ends too early")
	}
	return err
}

// job is one block of a section.
type job struct {
	section section
	block   uint64
	place   place
	sum     uint32
}

// jobs lists the blocks of a section with their checksums.
func (s *source) jobs(which section) ([]job, error) {
	p := s.head.places()[which]
	sums := make([]byte, p.blocks()*sumBytes)
	if err := s.read(sums, p.sums()); err != nil {
		return nil, err
	}
	out := make([]job, p.blocks())
	for k := range out {
		out[k] = job{which, uint64(k), p, binary.LittleEndian.Uint32(sums[k*sumBytes:])}
	}
	return out, nil
}

// load reads a block into its part of an array of numbers of some bytes, and checks its
// checksum.
func (s *source) load(j *job, array []byte, size int) error {
	from := j.block * blockBytes
	b := array[from:min(from+blockBytes, j.place.size)]
	if err := s.read(b, j.place.at+from); err != nil {
		return err
	}
	if crc32.Checksum(b, castagnoli) != j.sum {
		first := j.place.at + from
		return fault("bytes %d to %d, of the %s, or their checksum were altered", first, first+uint64(len(b))-1, sectionNames[j.section])
	}
	memory.FromLittleEndian(b, size)
	return nil
}

// share does n pieces of work with all processors, and calls count for each that is done. It
// returns the error of the first piece that fails, or ctx's cause as soon as ctx is done: a
// piece that was begun then goes on, and the caller must not use what it changes.
func share(ctx context.Context, n int, count func(), work func(i int) error) error {
	var lock sync.Mutex
	next, failed, first := 0, n, error(nil)
	take := func() (int, bool) {
		lock.Lock()
		defer lock.Unlock()
		i := next
		next++
		return i, i < failed && ctx.Err() == nil
	}
	workers := min(runtime.GOMAXPROCS(0), n)
	ended := make(chan bool, workers) // a worker has done a piece, or ended
	for range workers {
		go func() {
			for i, ok := take(); ok; i, ok = take() {
				if err := work(i); err != nil {
					lock.Lock()
					if i < failed {
						failed, first = i, err
					}
					lock.Unlock()
				}
				ended <- false
			}
			ended <- true
		}()
	}
	for workers > 0 {
		select {
		case last := <-ended:
			if last {
				workers--
			} else {
				count()
			}
		case <-ctx.Done():
			go drain(ended, workers)
			return progress.Stopped(ctx, "snapshot")
		}
	}
	if err := progress.Stopped(ctx, "snapshot"); err != nil {
		return err
	}
	return first
}

// drain lets workers end whose results nobody needs.
func drain(ended <-chan bool, workers int) {
	for workers > 0 {
		if <-ended {
			workers--
		}
	}
}

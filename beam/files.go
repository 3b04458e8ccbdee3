package beam

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local" // paths without a scheme
)

// path returns the name of the file of a shard in the folder of work.
func (t *task) path(name string, shard int) string {
	return fmt.Sprintf("%s/%s-%05d", t.Work, name, shard)
}

// create writes a file, which exists as a whole or, on a store of objects, not at all.
func create(ctx context.Context, path string, write func(io.Writer) error) (err error) {
	fs, err := filesystem.New(ctx, path)
	if err != nil {
		return err
	}
	defer fs.Close()
	f, err := fs.OpenWrite(ctx, path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	out := bufio.NewWriterSize(f, blockSize)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}

// A reading is a file with its file system, which some files need until they are closed.
type reading struct {
	io.ReadCloser
	of filesystem.Interface
}

func (r reading) Close() error { return errors.Join(r.ReadCloser.Close(), r.of.Close()) }

// read opens a file.
func read(ctx context.Context, path string) (io.ReadCloser, error) {
	fs, err := filesystem.New(ctx, path)
	if err != nil {
		return nil, err
	}
	f, err := fs.OpenRead(ctx, path)
	if err != nil {
		fs.Close()
		return nil, err
	}
	return reading{f, fs}, nil
}

// load reads a file.
func load(ctx context.Context, path string) ([]byte, error) {
	f, err := read(ctx, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// list returns the names of the files of a pattern.
func list(ctx context.Context, pattern string) ([]string, error) {
	fs, err := filesystem.New(ctx, pattern)
	if err != nil {
		return nil, err
	}
	defer fs.Close()
	return fs.List(ctx, pattern)
}

// keep writes records of the worker's shard.
func (w *worker) keep(name string, records []record) error {
	return create(w.ctx, w.path(name, w.shard), func(to io.Writer) error {
		var block []byte
		for _, r := range records {
			block = appendRecord(block[:0], r...)
			if _, err := to.Write(block); err != nil {
				return err
			}
		}
		return nil
	})
}

// kept reads what keep wrote.
func (w *worker) kept(name string) ([]record, error) {
	block, err := load(w.ctx, w.path(name, w.shard))
	if err != nil {
		return nil, err
	}
	list, err := appendRecords(nil, block)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.path(name, w.shard), err)
	}
	return list, nil
}

// note writes a few figures of the worker's shard, which the driver reads.
func (w *worker) note(name string, figures any) error {
	return create(w.ctx, w.path(name, w.shard), func(to io.Writer) error { return json.NewEncoder(to).Encode(figures) })
}

// notes reads what note wrote in all shards.
func notes[T any](ctx context.Context, t *task, name string, shards int) ([]T, error) {
	out := make([]T, shards)
	for i := range out {
		text, err := load(ctx, t.path(name, i))
		if err == nil {
			err = json.Unmarshal(text, &out[i])
		}
		if err != nil {
			return nil, fmt.Errorf("beam: notes of shard %d: %w", i, err)
		}
	}
	return out, nil
}

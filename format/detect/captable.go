package detect

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/ocf"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/scenario"
)

// maxZip is the largest size of a ZIP file, in bytes. It is kept in memory, because its list of
// files is at its end.
const maxZip = 256 << 20

// ReadFile reads a file of a folder as [Read] does. A folder is a cap table in OCF. So is a file
// of OCF that is beside its manifest: all files that the manifest lists are read. The errors are
// those of [Read], of [ocf.ReadFS], and of fsys.
func ReadFile(ctx context.Context, fsys fs.FS, name string, opt Options) (Result, error) {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, "detect"); err != nil {
		return Result{}, err
	}
	f, err := fsys.Open(name)
	if err != nil {
		return Result{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Result{}, err
	}
	if info.IsDir() {
		return readFolder(ctx, fsys, name, opt)
	}
	in := bufio.NewReaderSize(f, headSize)
	head, _ := in.Peek(headSize) // Read tells its error
	if form, err := Of(head); err == nil && (form == OCF && opt.Form == "" || opt.Form == OCF) && !bytes.HasPrefix(head, []byte(zipped)) {
		if out, err := readFolder(ctx, fsys, path.Dir(name), opt); !errors.Is(err, crossholding.ErrMissing) {
			return out, err
		}
	}
	return Read(ctx, in, opt)
}

// readFolder reads a cap table of a folder.
func readFolder(ctx context.Context, fsys fs.FS, name string, opt Options) (Result, error) {
	out := Result{Form: OCF}
	sub, err := fs.Sub(fsys, name)
	if err != nil {
		return out, err
	}
	return out, out.capTable(ctx, func(o ocf.Options) (crossholding.Book, scenario.Scenario, format.Report, error) {
		return ocf.ReadFS(ctx, sub, o)
	}, opt)
}

// ocf reads a ZIP file of a cap table, or one file that has all of it.
func (out *Result) ocf(ctx context.Context, in *bufio.Reader, opt Options) error {
	head, err := in.Peek(len(zipped))
	if err != nil && err != io.EOF {
		return fmt.Errorf("detect: %w", err)
	}
	if string(head) != zipped {
		return out.capTable(ctx, func(o ocf.Options) (crossholding.Book, scenario.Scenario, format.Report, error) {
			return ocf.Read(ctx, []io.Reader{in}, o)
		}, opt)
	}
	text, err := io.ReadAll(io.LimitReader(in, maxZip+1))
	if err != nil {
		return fmt.Errorf("detect: %w", err)
	}
	if len(text) > maxZip {
		return fmt.Errorf("detect: the ZIP file has more than %d MiB: %w", maxZip>>20, crossholding.ErrTooLarge)
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return fmt.Errorf("detect: the ZIP file cannot be read: %w: %w", err, crossholding.ErrSyntax)
	}
	return out.capTable(ctx, func(o ocf.Options) (crossholding.Book, scenario.Scenario, format.Report, error) {
		return ocf.ReadFS(ctx, z, o)
	}, opt)
}

// capTable makes the transactions of a cap table.
func (out *Result) capTable(ctx context.Context, read func(ocf.Options) (crossholding.Book, scenario.Scenario, format.Report, error), opt Options) error {
	book, steps, report, err := read(ocf.Options{AsOf: opt.AsOf, DropFaults: opt.DropFaults})
	out.Report = report
	if err != nil {
		return err
	}
	a, err := crossholding.New(book)
	if err != nil {
		return err
	}
	done, err := scenario.Run(ctx, a, steps)
	if err != nil {
		return err
	}
	out.Book = done.After.Book()
	if opt.AsOf != "" {
		out.Book.AsOf = opt.AsOf
	}
	return nil
}

package ocf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/scenario"
)

// The largest number of JSON files of a folder, and the size of all files together, in bytes.
const (
	maxFiles = 1000
	maxBytes = 1 << 30
)

// errTooLong says that files are larger than maxBytes together.
var errTooLong = fmt.Errorf("ocf: the files have more than %d MiB together: %w", maxBytes>>20, crossholding.ErrTooLarge)

// ReadFS reads the files of one company in a folder, or in a ZIP file ([archive/zip.Reader]): those
// that its manifest lists. The manifest can lie in a folder below. Files are at most 1,000, and
// 1 GiB together. It fails with [crossholding.ErrMissing] if there is no manifest or a file that it
// lists is missing, with [crossholding.ErrDuplicate] for two manifests, and otherwise as [Read].
func ReadFS(ctx context.Context, fsys fs.FS, opt Options) (crossholding.Book, scenario.Scenario, format.Report, error) {
	fail := func(err error) (crossholding.Book, scenario.Scenario, format.Report, error) {
		return crossholding.Book{}, scenario.Scenario{}, format.Report{}, err
	}
	if err := progress.Stopped(progress.OrBackground(ctx), "ocf"); err != nil {
		return fail(err)
	}
	names, err := manifestFiles(fsys)
	if err != nil {
		return fail(err)
	}
	var readers []io.Reader
	left := int64(maxBytes)
	for _, name := range names {
		readers = append(readers, &lazyFile{fsys: fsys, name: name, left: &left})
	}
	return Read(ctx, readers, opt)
}

// manifestFiles returns the names of the manifest of a folder and of the files that it lists.
func manifestFiles(fsys fs.FS) ([]string, error) {
	manifest, lists, count := "", []string(nil), 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "__MACOSX" || strings.Count(name, "/") > 2):
			return fs.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), ".") || !strings.EqualFold(path.Ext(name), ".json"):
			return nil
		}
		if count++; count > maxFiles {
			return fmt.Errorf("ocf: more than %d JSON files: %w", maxFiles, crossholding.ErrTooLarge)
		}
		files, ok, err := listed(fsys, name)
		switch {
		case err != nil || !ok:
			return err
		case manifest != "":
			return fmt.Errorf("ocf: %s and %s are manifests, and one company is read: %w", text.Truncate(manifest, 100), text.Truncate(name, 100), crossholding.ErrDuplicate)
		}
		manifest, lists = name, files
		return nil
	})
	if err != nil {
		return nil, err
	}
	if manifest == "" {
		return nil, fmt.Errorf("ocf: no file has \"file_type\": \"OCF_MANIFEST_FILE\": %w", crossholding.ErrMissing)
	}
	out := []string{manifest}
	for _, f := range lists {
		name := path.Join(path.Dir(manifest), strings.ReplaceAll(f, `\`, "/"))
		if !fs.ValidPath(name) {
			return nil, fmt.Errorf("ocf: the manifest lists %q, which is outside of its folder: %w", text.Truncate(f, 100), crossholding.ErrRange)
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}

// listed returns the names of the files that a manifest lists, or false if a file is no manifest.
// It reads the keys one by one, because files of transactions can be large.
func listed(fsys fs.FS, name string) (files []string, ok bool, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	part := bounded.NewReader(text.SkipBOM(f))
	d := json.NewDecoder(part)
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, false, nil // another file, which nobody asked for
	}
	for d.More() {
		part.Next()
		key, err := d.Token()
		if err != nil {
			return nil, false, nil
		}
		word, _ := key.(string)
		if word == "items" && !ok {
			return nil, false, nil
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, false, nil
		}
		var kind string
		if word == "file_type" && json.Unmarshal(raw, &kind) == nil {
			if ok = kind == "OCF_MANIFEST_FILE"; !ok {
				return nil, false, nil
			}
		}
		var list []struct {
			Path string `json:"filepath"`
		}
		if wanted[word] && json.Unmarshal(raw, &list) == nil {
			for _, x := range list {
				files = append(files, x.Path)
			}
		}
	}
	return files, ok, nil
}

// wanted are the lists of files of a manifest that have what a book has.
var wanted = map[string]bool{"stakeholders_files": true, "stock_classes_files": true, "stock_plans_files": true, "transactions_files": true}

// lazyFile is a file that is opened when it is read, and closed at its end.
type lazyFile struct {
	fsys fs.FS
	name string
	file fs.File
	left *int64 // bytes of all files that are still allowed
	done error
}

func (l *lazyFile) Read(p []byte) (int, error) {
	if l.done != nil {
		return 0, l.done
	}
	if l.file == nil {
		var err error
		if l.file, err = l.fsys.Open(l.name); err != nil {
			l.done = err
			if errors.Is(err, fs.ErrNotExist) {
				l.done = fmt.Errorf("the manifest lists %s, and there is no such file: %w", text.Truncate(l.name, 100), crossholding.ErrMissing)
			}
			return 0, l.done
		}
	}
	n, err := l.file.Read(p)
	if *l.left -= int64(n); *l.left < 0 && err == nil {
		err = errTooLong
	}
	if err != nil {
		l.done = err
		if closed := l.file.Close(); err == io.EOF && closed != nil {
			l.done = closed
		}
	}
	return n, l.done
}

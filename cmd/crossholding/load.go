package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/detect"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// source says how a file is read. Its fields are flags.
type source struct {
	form, day, bands         string
	dropFaults, decimalComma bool
}

func (s *source) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.form, "form", "", "form of the file: "+forms()+" (default: detected)")
	complete(cmd, "form", detect.Forms())
	f.StringVar(&s.day, "as-of", "", "look at this `day`, as in 2023-11-08")
	f.BoolVar(&s.dropFaults, "drop-faults", false, "leave out records with a fault, and say so")
	f.BoolVar(&s.decimalComma, "decimal-comma", false, "numbers of a table have a decimal comma")
	f.StringVar(&s.bands, "bands-at", "", "take stakes known as bands at this `part` of the band: 0 is its lower end, 1 its upper end")
}

// forms lists the forms of files that are read.
func forms() string {
	var words []string
	for _, f := range detect.Forms() {
		words = append(words, string(f))
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// complete lets a shell complete the values of a flag.
func complete[S ~string](cmd *cobra.Command, flag string, values []S) {
	var words []string
	for _, v := range values {
		words = append(words, string(v))
	}
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
}

// plain leaves out of an error of the file system what a file is, because the name of the file
// stands before it.
func plain(err error) error {
	if of, ok := err.(*fs.PathError); ok {
		return of.Err
	}
	return err
}

// open opens a file; "-" is the standard input.
func open(cmd *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return os.Open(name)
}

// read reads a file of any form and says on the standard error what was made of it.
func (s *source) read(ctx context.Context, cmd *cobra.Command, name string) (detect.Result, error) {
	day := date.Date(s.day)
	if s.day != "" && !day.Valid() {
		return detect.Result{}, &usageError{fmt.Errorf("--as-of %q is not a day of the form 2006-01-02", s.day)}
	}
	if s.form != "" && !slices.Contains(detect.Forms(), detect.Form(s.form)) {
		return detect.Result{}, &usageError{fmt.Errorf("--form %q: which form? %s", s.form, forms())}
	}
	opt := detect.Options{Form: detect.Form(s.form), AsOf: day, DropFaults: s.dropFaults, DecimalComma: s.decimalComma}
	var out detect.Result
	var err error
	if name == "-" {
		out, err = detect.Read(ctx, cmd.InOrStdin(), opt)
	} else if path, wrong := filepath.Abs(name); wrong != nil {
		err = wrong
	} else {
		out, err = detect.ReadFile(ctx, os.DirFS(filepath.Dir(path)), filepath.Base(path), opt)
	}
	if err != nil {
		return out, &fileError{name, plain(err)}
	}
	if out.Form != detect.Book {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s: %s\n", name, out.Form, out.Report)
	}
	return out, nil
}

// alliance reads a file and makes an alliance of it, in which every stake is a number: bands are
// as --bands-at says.
func (s *source) alliance(ctx context.Context, cmd *cobra.Command, name string) (*crossholding.Alliance, error) {
	a, err := s.banded(ctx, cmd, name)
	if err != nil {
		return nil, err
	}
	return a, needExact(name, a)
}

// needExact fails if some stakes are known only as bands, with the way out.
func needExact(name string, list ...*crossholding.Alliance) error {
	for _, a := range list {
		if n := len(a.Banded()); n > 0 {
			return &fileError{name, fmt.Errorf("%d stakes are known only within bounds, and this answer needs exact figures: choose a part of each band, such as --bands-at 0 or --bands-at 1/2", n)}
		}
	}
	return nil
}

// banded reads a file and makes an alliance of it, in which stakes can be bands if --bands-at is
// not given. Rounded percentages are as written.
func (s *source) banded(ctx context.Context, cmd *cobra.Command, name string) (*crossholding.Alliance, error) {
	in, err := s.read(ctx, cmd, name)
	if err != nil {
		return nil, err
	}
	a, err := crossholding.New(in.Book)
	if err == nil && s.day != "" && in.Form == detect.Book {
		a, err = a.On(date.Date(s.day))
	}
	if err == nil {
		a, err = a.AsWritten()
	}
	if err == nil && s.bands != "" {
		var at ratio.Ratio
		if at, err = ratio.Parse(s.bands); err != nil {
			return nil, &usageError{fmt.Errorf("--bands-at: %w", err)}
		}
		a, err = a.WithBandsAt(at)
	}
	if err != nil {
		return nil, &fileError{name, err}
	}
	return a, nil
}

// readScenario reads the steps of a file.
func readScenario(cmd *cobra.Command, name string) (scenario.Scenario, error) {
	in, err := open(cmd, name)
	if err != nil {
		return scenario.Scenario{}, err
	}
	defer in.Close()
	s, err := scenario.Read(in)
	if err != nil {
		return s, &fileError{name, err}
	}
	return s, nil
}

// output returns where to write: the file of the flag, or the standard output. Done writes the
// file and closes it. If err is not nil, a file that was there before stays as it was.
func output(cmd *cobra.Command, name string) (w io.Writer, done func(err error) error, err error) {
	if name == "" || name == "-" {
		return cmd.OutOrStdout(), func(err error) error { return err }, nil
	}
	_, missing := os.Stat(name)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return nil, nil, err
	}
	var text bytes.Buffer
	return &text, func(err error) error {
		if err != nil {
			err = errors.Join(err, f.Close())
			if missing != nil {
				_ = os.Remove(name) // an empty file helps nobody
			}
			return err
		}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if err := f.Truncate(0); err != nil {
				return errors.Join(err, f.Close())
			}
		}
		_, err = text.WriteTo(f)
		return errors.Join(err, f.Close())
	}, nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
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
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/detect"
	"github.com/crossholding/crossholding/format/table"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// source says how a file is read. Its fields are flags.
type source struct {
	form, day, bands    string
	dropFaults, remarks bool
	table               table.Options

	made made // of the file
}

// made says what was made of a file. It is printed as JSON on request.
type made struct {
	Form    detect.Form   `json:"form"`
	Report  format.Report `json:"report"`
	LeftOut *format.Notes `json:"left_out,omitempty"` // what the form that was written does not hold
	Output  string        `json:"output,omitempty"`
	Address string        `json:"address,omitempty"`
}

// wantOutput fails if what was made of a file would be mixed with the output.
func wantOutput(asJSON bool, out string) error {
	if asJSON && (out == "" || out == "-") {
		return &usageError{errors.New("--json prints what was made of the file: give the output a file with -o")}
	}
	return nil
}

// tell prints what was made of a file as JSON.
func (m made) tell(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(m)
}

// repeats lists what can be done with rows of a table that repeat another, but for a fault.
func repeats() []table.Duplicates {
	return []table.Duplicates{table.DuplicatesOnce, table.DuplicatesAdd, table.DuplicatesNewest}
}

func (s *source) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.form, "form", "", "form of the file: "+forms()+" (default: detected)")
	complete(cmd, "form", detect.Forms())
	f.StringVar(&s.day, "as-of", "", "look at this `day`, as in 2023-11-08")
	f.BoolVar(&s.dropFaults, "drop-faults", false, "leave out records with a fault, and say so")
	f.BoolVar(&s.remarks, "remarks", false, "list what was guessed, dropped or in conflict, with its line")
	f.BoolVar(&s.table.DecimalComma, "decimal-comma", false, "numbers of a table have a decimal comma")
	f.BoolVar(&s.table.Rounded, "rounded", false, "each percentage of a table stands for all that round to it")
	f.StringVar((*string)(&s.table.Duplicates), "duplicates", "", "rows of a table that repeat another: once, add or newest (default: a fault)")
	complete(cmd, "duplicates", repeats())
	f.StringVar(&s.bands, "bands-at", "", "take stakes known as bands at this `part` of the band: 0 is its lower end, 1 its upper end")
}

// remark prints what a report has to say, one remark a line.
func remark(w io.Writer, r format.Report) {
	for _, x := range []struct {
		what  string
		notes format.Notes
	}{{"guessed", r.Guessed}, {"dropped", r.Dropped}, {"conflict", r.Conflicts}} {
		for _, n := range x.notes.List {
			fmt.Fprintf(w, "%s: %s\n", x.what, n)
		}
		if x.notes.More > 0 {
			fmt.Fprintf(w, "%s: and %d more\n", x.what, x.notes.More)
		}
	}
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
	if s.table.Duplicates != table.DuplicatesFault && !slices.Contains(repeats(), s.table.Duplicates) {
		return detect.Result{}, &usageError{fmt.Errorf("--duplicates %q is not once, add or newest", string(s.table.Duplicates))}
	}
	opt := detect.Options{Form: detect.Form(s.form), AsOf: day, DropFaults: s.dropFaults, Table: s.table}
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
	s.made.Form, s.made.Report = out.Form, out.Report
	if out.Form != detect.Book {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s: %s\n", name, out.Form, out.Report)
	}
	if s.remarks {
		remark(cmd.ErrOrStderr(), out.Report)
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

// idOf returns the id of a company or holder that is given by its id or its name.
func idOf(a *crossholding.Alliance, text string) (string, error) {
	g := a.Graph()
	if _, err := g.Node(text); text == "" || err == nil {
		return text, nil
	}
	var found []string
	for node := range int32(g.Len()) {
		if id := g.ID(node); strings.EqualFold(a.Name(id), text) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("nobody has the id or the name %q", text)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d have the name %q: give one of the ids %s", len(found), text, strings.Join(found[:min(len(found), 5)], ", "))
}

// readScenario reads the steps of a file.
func readScenario(cmd *cobra.Command, name string) (scenario.Scenario, error) {
	in, err := open(cmd, name)
	if err != nil {
		return scenario.Scenario{}, &fileError{name, plain(err)}
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
		return nil, nil, &fileError{name, plain(err)}
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

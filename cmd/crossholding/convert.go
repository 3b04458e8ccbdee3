package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/bods"
	"github.com/crossholding/crossholding/format/ftm"
	"github.com/crossholding/crossholding/format/graphtext"
	"github.com/crossholding/crossholding/format/table"
)

// writers write a book in a form, by the name of the form.
var writers = map[string]func(io.Writer, crossholding.Book) (format.Report, error){
	"book": func(w io.Writer, b crossholding.Book) (format.Report, error) {
		return format.Report{}, crossholding.WriteBook(w, b)
	},
	"bods": func(w io.Writer, b crossholding.Book) (format.Report, error) {
		return bods.Write(w, b, bods.WriteOptions{})
	},
	"ftm": func(w io.Writer, b crossholding.Book) (format.Report, error) {
		return ftm.Write(w, b, ftm.WriteOptions{})
	},
	"table": table.Write,
	"dot": func(w io.Writer, b crossholding.Book) (format.Report, error) {
		return format.Report{}, graphtext.WriteDOT(w, b)
	},
	"mermaid": func(w io.Writer, b crossholding.Book) (format.Report, error) {
		return format.Report{}, graphtext.WriteMermaid(w, b)
	},
	"graphml": func(w io.Writer, b crossholding.Book) (format.Report, error) {
		return format.Report{}, graphtext.WriteGraphML(w, b)
	},
}

// endings are the forms of files by the end of their names.
var endings = map[string]string{".json": "book", ".csv": "table", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".graphml": "graphml"}

const formNames = "book, bods, ftm, table, dot, mermaid or graphml"

func convertCommand() *cobra.Command {
	var from source
	var to, out string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "convert FILE",
		Short: "Write a file in another form",
		Long: `Convert reads a file of any form and writes it in another: ` + formNames + `.
What the other form cannot hold is told on the standard error.`,
		Example: `  crossholding convert persons-with-significant-control.txt -o group.json
  crossholding convert group.json -o group.graphml`,
		Args: files(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				to = endings[strings.ToLower(filepath.Ext(out))]
			}
			write, ok := writers[to]
			switch {
			case to == "":
				return &usageError{errors.New("which form? give --to " + formNames)}
			case !ok:
				return &usageError{fmt.Errorf("--to %q: which form? %s", to, formNames)}
			}
			if err := wantOutput(asJSON, out); err != nil {
				return err
			}
			in, err := from.read(withProgress(cmd), cmd, args[0])
			if err != nil {
				return err
			}
			w, done, err := output(cmd, out)
			if err != nil {
				return err
			}
			report, err := write(w, in.Book)
			if err != nil {
				return done(&fileError{args[0], err})
			}
			lost := report.Dropped
			if asJSON {
				from.made.LeftOut, from.made.Output = &lost, out
				return errors.Join(done(nil), from.made.tell(cmd.OutOrStdout()))
			}
			for _, n := range lost.List {
				fmt.Fprintf(cmd.ErrOrStderr(), "left out: %s\n", n)
			}
			if lost.More > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "and %d more left out\n", lost.More)
			}
			return done(nil)
		},
	}
	from.flags(cmd)
	cmd.Flags().StringVar(&to, "to", "", "form to write: "+formNames+" (default: by the end of the output's name)")
	complete(cmd, "to", slices.Sorted(maps.Keys(writers)))
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was made of the file, and what is left out, as one JSON object")
	cmd.Flags().StringVarP(&out, "output", "o", "", "`file` to write (default: the standard output)")
	return cmd
}

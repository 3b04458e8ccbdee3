// Crossholding answers questions about companies that hold one another's shares, from a file:
// who owns what, whose votes count, who controls whom, and what changes if shares move.
//
// The file can be a book of this library in JSON, beneficial ownership data (BODS),
// FollowTheMoney entities, relationships of the Global LEI Foundation, GraphML, a cap table in the
// Open Cap Format (a folder, a ZIP file or its manifest), the British register of people with
// significant control, or a table in CSV or TSV. Its form is detected. A name of "-" is the
// standard input.
//
//	crossholding inspect group.csv
//	crossholding report group.csv -o group.html
//	crossholding help
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run runs the command and returns its exit status: 0, 1 if the answer failed, or 2 if the
// arguments are wrong.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newCommand(stdout)
	args = slices.Clone(args)
	for i, a := range args {
		if a == "-json" { // as other programs of Go have it
			args[i] = "--json"
		}
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, err)
		return 2
	}
	complain(stderr, err)
	return 1
}

// usageError says that the arguments of the command are wrong.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// newCommand returns the command, whose subcommands print to out.
func newCommand(out io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "crossholding",
		Short: "Answers about companies that hold one another's shares",
		Long: `Crossholding answers questions about companies that hold one another's shares: who owns
what, whose votes count, who controls whom and why, and what changes if shares move.

FILE can be a book in JSON, beneficial ownership data (BODS), FollowTheMoney entities,
relationships of the Global LEI Foundation, GraphML, a cap table in the Open Cap Format (a
folder, a ZIP file or its manifest), the British register of people with significant control, or
a table in CSV or TSV. Its form is detected. A FILE of "-" is the standard input.

Exit status: 0, or 1 if there is no answer, with one line for each fault, or 2 if the
arguments are wrong.`,
		Example: `  crossholding inspect group.csv
  crossholding report persons-with-significant-control.txt -o group.html
  crossholding chart group.csv -o group.svg`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{fmt.Errorf("unknown command %q: see crossholding help", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("crossholding {{.Version}}\n")
	root.AddCommand(inspectCommand(), convertCommand(), whatifCommand(), chartCommand(), reportCommand(), serveCommand())
	root.SetOut(out) // before the completion command is made, which keeps it
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Example = `  crossholding completion bash > crossholding.bash
  crossholding completion zsh > _crossholding`
		}
	}
	return root
}

// version returns the version of the program, as far as its build knows it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// flagError words the error of a flag, and says where the flags are listed.
func flagError(cmd *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		return &usageError{fmt.Errorf("--%s %q is no %s", value.GetFlag().Name, value.GetValue(), map[string]string{"int": "whole number", "bool": "true or false"}[value.GetFlag().Value.Type()])}
	}
	return &usageError{fmt.Errorf("%w: see %s -h", err, cmd.CommandPath())}
}

// files is the check of arguments that there are n files.
func files(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return &usageError{fmt.Errorf("%d files given, and %d needed: usage: %s", len(args), n, cmd.UseLine())}
		}
		return nil
	}
}

// complain prints one line for each fault of a file, and one for a step that failed.
func complain(w io.Writer, err error) {
	var input *crossholding.InputError
	var step *scenario.StepError
	if errors.As(err, &step) || !errors.As(err, &input) {
		fmt.Fprintln(w, strings.ReplaceAll(err.Error(), "\n", "; "))
		return
	}
	var file *fileError
	named := errors.As(err, &file)
	for _, f := range input.Faults {
		switch {
		case named && f.Place == "":
			f.Place = file.name // what is wrong with a file as a whole
		case named:
			f.Place = file.name + ": " + f.Place
		}
		fmt.Fprintln(w, f)
	}
	if input.More > 0 {
		fmt.Fprintf(w, "and %d more\n", input.More)
	}
}

// fileError says which file an error is of.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return e.name + ": " + e.err.Error() }

func (e *fileError) Unwrap() error { return e.err }

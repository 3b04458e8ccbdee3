// Inspect answers the four questions for any book: who owns what, whose votes
// count, who controls whom and what it is worth; with a scenario, before and
// after it, and what the steps did.
//
//	go run ./examples/inspect [-json] [-scenario FILE] BOOK
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/inspect"
	"github.com/crossholding/crossholding/scenario"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("inspect", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON object")
	moves := flags.String("scenario", "", "run the scenario in this `file`")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(stderr, "usage: inspect [-json] [-scenario FILE] BOOK")
		return 2
	}
	result, err := answers(ctx, flags.Arg(0), *moves)
	if err != nil {
		complain(stderr, err)
		return 1
	}
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		err = enc.Encode(result)
	} else {
		err = result.Print(stdout)
	}
	if err != nil {
		complain(stderr, err)
		return 1
	}
	return 0
}

func answers(ctx context.Context, book, moves string) (inspect.Answers, error) {
	a, err := read(book, crossholding.ReadBook)
	if err != nil {
		return nil, err
	}
	// The rows have one figure each: rounded percentages are taken as they are written,
	// and the warnings say so.
	if a, err = a.AsWritten(); err != nil {
		return nil, fmt.Errorf("%s: %w", book, err)
	}
	if moves == "" {
		return inspect.Of(ctx, a)
	}
	s, err := read(moves, scenario.Read)
	if err != nil {
		return nil, err
	}
	out, err := scenario.Run(ctx, a, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", moves, err)
	}
	return inspect.Scenario(ctx, out)
}

func read[T any](name string, from func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(name)
	if err != nil {
		var none T
		return none, err
	}
	defer f.Close()
	v, err := from(f)
	if err != nil {
		err = &fileError{name, err}
	}
	return v, err
}

// fileError says which file an error is of.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return e.name + ": " + e.err.Error() }

func (e *fileError) Unwrap() error { return e.err }

// complain prints one line for each fault of a file, and one for a step that
// failed.
func complain(w io.Writer, err error) {
	var input *crossholding.InputError
	var step *scenario.StepError
	if errors.As(err, &step) || !errors.As(err, &input) {
		fmt.Fprintln(w, strings.ReplaceAll(err.Error(), "\n", "; "))
		return
	}
	for _, f := range input.Faults {
		var file *fileError
		if f.Place == "" && errors.As(err, &file) {
			f.Place = file.name // what is wrong with a file as a whole
		}
		fmt.Fprintln(w, f)
	}
	if input.More > 0 {
		fmt.Fprintf(w, "and %d more\n", input.More)
	}
}

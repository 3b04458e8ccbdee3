// Whatif answers how far a step of a scenario must go until a condition becomes true. It
// reads the questions from a file in JSON, each with its book, its condition and its step,
// and prints each answer with its certificate: the condition at the amount and one unit
// beside it. With -spinoff it prints two spin-offs as brokers book them instead.
//
//	go run ./examples/whatif [-json] [QUESTIONS]
//	go run ./examples/whatif -spinoff
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/whatif"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir := flag.String("dir", ".", "the `folder` that the paths of books start from")
	asJSON := flag.Bool("json", false, "print the answers as JSON")
	spinOff := flag.Bool("spinoff", false, "print the spin-offs")
	flag.Parse()
	if *spinOff {
		if err := spinOffs(ctx, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	name := flag.Arg(0)
	if name == "" {
		name = filepath.Join(*dir, "examples", "whatif", "questions.json")
	}
	if err := run(ctx, *dir, name, *asJSON, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// question is one question of the file.
type question struct {
	Question string       `json:"question"`
	Book     string       `json:"book"`
	Goal     whatif.Goal  `json:"goal"`
	Lever    whatif.Lever `json:"lever"`
}

// maxFile is the largest size of a file of questions, in bytes.
const maxFile = 1 << 20

func run(ctx context.Context, dir, name string, asJSON bool, w io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, maxFile))
	d.DisallowUnknownFields()
	var questions []question
	if err := d.Decode(&questions); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, q := range questions {
		s, err := answer(ctx, dir, q)
		if err != nil {
			return fmt.Errorf("question %d: %w", i+1, err)
		}
		if asJSON {
			text, err := json.Marshal(s)
			if err != nil {
				return err
			}
			fmt.Fprintln(w, string(text))
			continue
		}
		fmt.Fprintf(w, "%s\n  %s shares, in units of %s\n", q.Question, s.Amount.Grouped(), s.Lever.Unit)
		show(w, "  at ", s.At)
		if s.Beside != nil {
			show(w, "  but at ", *s.Beside)
		}
		if s.Exact != nil {
			fmt.Fprintf(w, "  exactly at the limit with %s\n", s.Exact.GroupedDecimal(4))
		}
		fmt.Fprintln(w)
	}
	return nil
}

func answer(ctx context.Context, dir string, q question) (whatif.Solution, error) {
	f, err := os.Open(filepath.Join(dir, q.Book))
	if err != nil {
		return whatif.Solution{}, err
	}
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	if err != nil {
		return whatif.Solution{}, err
	}
	return whatif.Solve(ctx, a, q.Goal, q.Lever, whatif.Options{})
}

// show prints the condition at one amount.
func show(w io.Writer, intro string, p whatif.Point) {
	fmt.Fprintf(w, "%s%s the figure is %s\n", intro, p.Amount.Grouped(), p.Figure.GroupedDecimal(12))
	for _, b := range p.Because {
		fmt.Fprintln(w, "    because", b)
	}
}

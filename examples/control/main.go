// Control answers "who controls X, and why?" for any book, in every form of
// the question.
//
//	go run ./examples/control [flags] BOOK [COMPANY]
//
// Without -holder it answers who controls the company, or every company; with
// it, what that holder controls, or why (not) the company. Some forms need
// one or the other: sanctions asks for the blocked parties as -holder a,b;
// beneficial and weakestlink look at companies, group at one -holder.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// query is what is asked.
type query struct {
	book      *crossholding.Alliance
	company   string // or empty
	holders   []string
	form      string
	threshold ratio.Ratio
	turnout   network.TurnoutOptions
	orMore    bool
	strict    bool
	basis     crossholding.Basis
	reading   string
	regime    string
	steps     int
}

// forms lists the forms of the question.
var forms = map[string]func(*query, context.Context) ([]string, error){
	"majority":    (*query).control,
	"presumption": (*query).control,
	"turnout":     (*query).inFact,
	"sanctions":   (*query).sanctions,
	"beneficial":  (*query).beneficial,
	"closelinks":  (*query).closeLinks,
	"weakestlink": (*query).weakestLink,
	"network":     (*query).network,
	"group":       (*query).group,
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	q, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	var answers []string
	if err == nil {
		answers, err = forms[q.form](q, ctx)
	}
	if err != nil {
		complain(stderr, err)
		return 1
	}
	for _, a := range answers {
		if _, err := fmt.Fprintln(stdout, a); err != nil {
			complain(stderr, err)
			return 1
		}
	}
	return 0
}

// parse reads the flags and the book and gathers what is wrong with them.
func parse(args []string, help io.Writer) (*query, error) {
	q := &query{}
	flags := flag.NewFlagSet("control", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&q.form, "form", "majority", "of control: "+strings.Join(slices.Sorted(maps.Keys(forms)), ", "))
	holder := flags.String("holder", "", "the `party` that controls, or several in concert: a,b")
	threshold := flags.String("threshold", "", "`fraction` as 1/3 or 25% (default: the form's own)")
	turnout := flags.String("turnout", "60%", "expected `attendance`, for turnout: of all companies as 60%, or some as nissan=70%,renault=65%")
	flags.BoolVar(&q.orMore, "or-more", false, "reaching the threshold is enough, for majority and turnout")
	flags.BoolVar(&q.strict, "strict", false, "the threshold must be passed, for beneficial, closelinks and weakestlink")
	basis := flags.String("basis", "", "exercisable, theoretical or capital (default: the form's own)")
	flags.StringVar(&q.reading, "reading", "", "AMLR, product, control, directive or PSC for beneficial; control for closelinks; sum for weakestlink; threshold, threshold-else-linear or relative for network")
	flags.StringVar(&q.regime, "regime", "", "OFAC, EU or UK, or one version as EU-2018, for sanctions")
	flags.IntVar(&q.steps, "steps", 0, "cap on steps along paths (default 1000000)")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(help, "usage: control [flags] BOOK [COMPANY]")
			flags.SetOutput(help)
			flags.PrintDefaults()
		}
		return nil, err
	}
	var errs []error
	if forms[q.form] == nil {
		errs = append(errs, fmt.Errorf("-form: %q is not one of %s", q.form, strings.Join(slices.Sorted(maps.Keys(forms)), ", ")))
	}
	if *holder != "" {
		q.holders = strings.Split(*holder, ",")
	}
	q.basis = crossholding.Basis(*basis)
	var err error
	if *threshold != "" {
		if q.threshold, err = ratio.Parse(*threshold); err != nil {
			errs = append(errs, fmt.Errorf("-threshold: %w", err))
		}
	}
	if q.turnout, err = attendance(*turnout); err != nil {
		errs = append(errs, fmt.Errorf("-turnout: %w", err))
	}
	if n := flags.NArg(); n < 1 || n > 2 {
		errs = append(errs, fmt.Errorf("give a book and at most one company, not %d names", n))
	} else {
		if q.book, err = read(flags.Arg(0)); err != nil {
			errs = append(errs, err)
		}
		q.company = flags.Arg(1)
	}
	return q, errors.Join(errs...)
}

// attendance reads one fraction for all companies or a list of company=fraction.
func attendance(text string) (opt network.TurnoutOptions, err error) {
	if !strings.Contains(text, "=") {
		opt.Default, err = ratio.Parse(text)
		return opt, err
	}
	opt.Turnout = map[string]ratio.Ratio{}
	for _, part := range strings.Split(text, ",") {
		company, fraction, _ := strings.Cut(part, "=")
		if opt.Turnout[company], err = ratio.Parse(fraction); err != nil {
			return opt, fmt.Errorf("%s: %w", company, err)
		}
	}
	return opt, nil
}

func read(name string) (*crossholding.Alliance, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return crossholding.ReadBook(f)
}

// complain prints one line for each fault.
func complain(w io.Writer, err error) {
	var input *crossholding.InputError
	switch joined, ok := err.(interface{ Unwrap() []error }); {
	case errors.As(err, &input) && err == error(input):
		for _, f := range input.Faults {
			fmt.Fprintln(w, f)
		}
		if input.More > 0 {
			fmt.Fprintf(w, "and %d more\n", input.More)
		}
	case ok:
		for _, e := range joined.Unwrap() {
			complain(w, e)
		}
	default:
		fmt.Fprintln(w, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
}

// Command power prints every voting power index of a weighted game.
//
//	go run ./examples/power -quota 51 -weights 50,49,1
//	go run ./examples/power -majority -weights 30,25,20,15,10 -unions "2,3;0"
//	go run ./examples/power [-strict] FILE
//
// A file has one number a line, the quota first, then a weight for each
// player, after the player's name if there is one; # begins a comment. With
// -majority the quota is more than half, and a file begins with the weights.
// Faults go to standard error, a line each, and the exit status is 1.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding/power"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings is what the command line asks for.
type settings struct {
	strict, majority, fractions bool
	places                      int
	unions                      [][]int
	timeout                     time.Duration
}

// table is a game as given.
type table struct {
	quota   decimal.Decimal
	weights []decimal.Decimal
	names   []string
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, in, err := readArgs(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		if s.timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, s.timeout)
			defer cancel()
		}
		err = report(ctx, s, in, stdout)
	}
	if err == nil {
		return 0
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintln(stderr, line)
	}
	return 1
}

func readArgs(args []string, stderr io.Writer) (settings, table, error) {
	var s settings
	var in table
	flags := flag.NewFlagSet("power", flag.ContinueOnError)
	flags.SetOutput(stderr)
	quota := flags.String("quota", "", "votes that win")
	weights := flags.String("weights", "", "votes of each player, separated by commas")
	unions := flags.String("unions", "", "precoalitions, by number of player from 0, such as 0,1;3,4")
	flags.BoolVar(&s.strict, "strict", false, "the quota must be passed, not reached")
	flags.BoolVar(&s.majority, "majority", false, "more than half of all votes wins; there is no quota")
	flags.BoolVar(&s.fractions, "fractions", false, "print exact fractions")
	flags.IntVar(&s.places, "places", 6, "decimal places, 0 to 100")
	flags.DurationVar(&s.timeout, "timeout", time.Minute, "give up after this long; 0 never")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return s, in, err
		}
		return s, in, errors.New("power: the flags could not be read")
	}
	var faults []error
	fault := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	if s.places < 0 || s.places > 100 {
		fault(fmt.Errorf("-places %d: from 0 to 100", s.places))
	}
	var err error
	s.unions, err = parseUnions(*unions)
	fault(err)
	switch {
	case flags.NArg() > 1:
		fault(fmt.Errorf("%d files given, one is read", flags.NArg()))
	case flags.NArg() == 1 && (*weights != "" || *quota != ""):
		fault(errors.New("give a file or -weights and -quota, not both"))
	case flags.NArg() == 1:
		file, err := os.Open(flags.Arg(0))
		if err != nil {
			fault(err)
			break
		}
		defer file.Close()
		in, err = parseFile(file, flags.Arg(0), s.majority)
		fault(err)
	case *weights == "":
		fault(errors.New("give a file, or -weights and -quota"))
	default:
		if !s.majority {
			in.quota, err = parseNumber(*quota)
			if err != nil {
				fault(fmt.Errorf("-quota: %w", err))
			}
		} else if *quota != "" {
			fault(errors.New("give -quota or -majority, not both"))
		}
		for i, w := range strings.Split(*weights, ",") {
			x, err := parseNumber(strings.TrimSpace(w))
			if err != nil {
				fault(fmt.Errorf("-weights, player %d: %w", i, err))
			}
			in.weights = append(in.weights, x)
			in.names = append(in.names, strconv.Itoa(i))
		}
	}
	return s, in, errors.Join(faults...)
}

// parseFile reads the quota, unless there is none, and the weights.
func parseFile(r io.Reader, name string, majority bool) (table, error) {
	var in table
	var faults []error
	wantQuota := !majority
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		label, number := "", text
		if at := strings.LastIndexAny(text, " \t,"); at >= 0 {
			label, number = strings.TrimRight(text[:at], " \t,"), text[at+1:]
		}
		x, err := parseNumber(number)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, n, err))
		}
		if wantQuota {
			in.quota, wantQuota = x, false
			continue
		}
		if label == "" {
			label = strconv.Itoa(len(in.weights))
		}
		in.weights, in.names = append(in.weights, x), append(in.names, label)
	}
	if err := lines.Err(); err != nil {
		faults = append(faults, fmt.Errorf("%s: %w", name, err))
	}
	if wantQuota {
		faults = append(faults, fmt.Errorf("%s: no quota", name))
	}
	return in, errors.Join(faults...)
}

// parseNumber reads a decimal of bearable length.
func parseNumber(s string) (decimal.Decimal, error) {
	if s == "" {
		return decimal.Decimal{}, errors.New("no number")
	}
	if len(s) > 400 {
		return decimal.Decimal{}, fmt.Errorf("number of %d characters, at most 400", len(s))
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%q is not a number", s)
	}
	return d, nil
}

func parseUnions(s string) ([][]int, error) {
	if s == "" {
		return nil, nil
	}
	var unions [][]int
	var faults []error
	for part := range strings.SplitSeq(s, ";") {
		var union []int
		for p := range strings.SplitSeq(part, ",") {
			i, err := strconv.Atoi(strings.TrimSpace(p))
			if err != nil {
				faults = append(faults, fmt.Errorf("-unions: %q is not the number of a player", p))
			}
			union = append(union, i)
		}
		unions = append(unions, union)
	}
	return unions, errors.Join(faults...)
}

// column is one index, or why there is none.
type column struct {
	name  string
	index power.Index
}

func report(ctx context.Context, s settings, in table, w io.Writer) error {
	g, err := game(s, in)
	if err != nil {
		return err
	}
	columns, err := calculate(ctx, g, s.unions)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "game %v\n\n", g)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "player\tweight\t")
	for _, c := range columns {
		fmt.Fprintf(t, "%s\t", c.name)
	}
	fmt.Fprintln(t)
	for i, name := range in.names {
		fmt.Fprintf(t, "%s\t%v\t", name, in.weights[i])
		for _, c := range columns {
			x, _ := c.index.Of(i)
			if s.fractions {
				fmt.Fprintf(t, "%s\t", x.RatString())
			} else {
				fmt.Fprintf(t, "%s\t", x.FloatString(s.places))
			}
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

func game(s settings, in table) (power.Game, error) {
	switch {
	case s.majority:
		return power.Majority(in.weights...)
	case s.strict:
		return power.MoreThan(in.quota, in.weights...)
	}
	return power.AtLeast(in.quota, in.weights...)
}

// calculate finds every index; the faults of all are gathered.
func calculate(ctx context.Context, g power.Game, unions [][]int) ([]column, error) {
	var columns []column
	var faults []error
	add := func(name string, x power.Index, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
			return
		}
		columns = append(columns, column{name, x})
	}
	ss, err := g.ShapleyShubik(ctx)
	add("Shapley-Shubik", ss, err)
	b, err := g.Banzhaf(ctx)
	if err != nil {
		add("Banzhaf", power.Index{}, err)
	} else {
		add("Banzhaf", b.Absolute(), nil)
		add("normalized", b.Normalized(), nil)
		add("preventive", b.Preventive(), nil)
		add("initiative", b.Initiative(), nil)
		add("Rae", b.Rae(), nil)
		add("public help", b.PublicHelp(), nil)
	}
	for _, x := range []struct {
		name string
		find func(context.Context, ...power.Options) (power.Index, error)
	}{{"Deegan-Packel", g.DeeganPackel}, {"Johnston", g.Johnston}, {"public good", g.PublicGood}} {
		index, err := x.find(ctx)
		add(x.name, index, err)
	}
	if unions == nil {
		return columns, errors.Join(faults...)
	}
	for _, x := range []struct {
		name string
		find func(context.Context, [][]int, ...power.Options) (power.Index, error)
	}{{"Owen", g.Owen}, {"Banzhaf-Owen", g.BanzhafOwen}, {"symm. coal. Banzhaf", g.SymmetricCoalitionalBanzhaf}} {
		index, err := x.find(ctx, unions)
		add(x.name, index, err)
	}
	return columns, errors.Join(faults...)
}

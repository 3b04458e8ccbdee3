// Command power prints every voting power index of a weighted game.
//
//	go run ./examples/power -quota 51 -weights 50,49,1
//	go run ./examples/power -majority -weights 30,25,20,15,10 -unions "2,3;0"
//	go run ./examples/power -majority -ocean 45 -weights 30,15,10
//	go run ./examples/power [-exceed] [-heads N] FILE
//
// A file has one number a line, the quota first, then a weight for each
// player, after the player's name if there is one; # begins a comment. With
// -majority the quota is more than half, and a file begins with the weights.
//
// With -heads a coalition must have so many members as well: a double
// majority. With -ocean so many votes more are dispersed among holders too
// small to list, and the table has the indices that are known beside them.
//
// Faults go to standard error, a line each, and the exit status is 1. An index
// that cannot be had for a game leaves the others to be printed.
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
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings is what the command line asks for.
type settings struct {
	exceed, majority, fractions bool
	places, heads               int
	ocean                       *decimal.Decimal
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
	flags.BoolVar(&s.exceed, "exceed", false, "the quota must be exceeded; reaching it is not enough")
	flags.BoolVar(&s.majority, "majority", false, "more than half of all votes wins; there is no quota")
	flags.BoolVar(&s.fractions, "fractions", false, "print exact fractions")
	flags.IntVar(&s.heads, "heads", 0, "players that a winning coalition must have as well; 0 any number")
	ocean := flags.String("ocean", "", "votes dispersed among holders too small to list")
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
	if s.timeout < 0 {
		fault(fmt.Errorf("-timeout %v: 0 or more", s.timeout))
	}
	if s.places < 0 || s.places > 100 {
		fault(fmt.Errorf("-places %d: from 0 to 100", s.places))
	}
	var err error
	s.unions, err = parseUnions(*unions)
	fault(err)
	fault(s.readOcean(*ocean))
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

// readOcean says as well what cannot be had beside one.
func (s *settings) readOcean(ocean string) error {
	if s.heads < 0 {
		return fmt.Errorf("-heads %d: 0 or more", s.heads)
	}
	if ocean == "" {
		return nil
	}
	if s.heads > 0 || s.unions != nil {
		return errors.New("no -heads and no -unions beside an -ocean")
	}
	x, err := parseNumber(ocean)
	if err != nil {
		return fmt.Errorf("-ocean: %w", err)
	}
	s.ocean = &x
	return nil
}

// parseFile reads the quota, unless there is none, and the weights.
func parseFile(r io.Reader, name string, majority bool) (table, error) {
	var in table
	var faults []error
	wantQuota := !majority
	lines := bufio.NewScanner(r)
	n := 1
	for ; lines.Scan(); n++ {
		text, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "\ufeff"), "#")
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
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		faults = append(faults, fmt.Errorf("%s:%d: a line of more than %d characters", name, n, bufio.MaxScanTokenSize))
	case err != nil:
		faults = append(faults, fmt.Errorf("%s: %w", name, err))
	case wantQuota:
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

// column is one figure for each player.
type column struct {
	name  string
	cells []string
}

// sheet is what is printed.
type sheet struct {
	settings
	title   string
	columns []column
	below   []string // lines
	faults  []error  // of indices that cannot be had
}

func (s *sheet) show(x ratio.Ratio) string {
	if s.fractions {
		return x.Rat().RatString()
	}
	return x.Decimal(s.places).StringFixed(int32(s.places))
}

// add enters an index, or why there is none.
func (s *sheet) add(name string, x power.Index, err error) {
	if err != nil {
		s.faults = append(s.faults, fmt.Errorf("%s: %w", name, err))
		return
	}
	c := column{name: name}
	for _, v := range x.All() {
		c.cells = append(c.cells, s.show(v))
	}
	s.columns = append(s.columns, c)
}

// report prints the table of what can be had; what cannot is the error.
func report(ctx context.Context, s settings, in table, w io.Writer) error {
	t := &sheet{settings: s}
	if err := t.calculate(ctx, in); err != nil {
		return err
	}
	if len(t.columns) > 0 {
		if err := t.write(in, w); err != nil {
			return err
		}
	}
	return errors.Join(t.faults...)
}

func (s *sheet) write(in table, w io.Writer) error {
	fmt.Fprintf(w, "game %s\n\n", s.title)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "player\tweight\t")
	for _, c := range s.columns {
		fmt.Fprintf(t, "%s\t", c.name)
	}
	fmt.Fprintln(t)
	for i, name := range in.names {
		fmt.Fprintf(t, "%s\t%v\t", name, in.weights[i])
		for _, c := range s.columns {
			fmt.Fprintf(t, "%s\t", c.cells[i])
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for i, line := range s.below {
		if i == 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, line)
	}
	return nil
}

func (s *sheet) calculate(ctx context.Context, in table) error {
	if s.ocean != nil {
		return s.besideOcean(ctx, in)
	}
	g, err := game(s.settings, in)
	if err != nil {
		return err
	}
	s.title = g.String()
	together := &sheet{settings: s.settings}
	if err := together.coalitional(ctx, g); err != nil {
		return err
	}
	s.indices(ctx, g)
	s.columns = append(s.columns, together.columns...)
	s.faults = append(s.faults, together.faults...)
	return nil
}

// coalitional calculates what depends on precoalitions, if there are any.
func (s *sheet) coalitional(ctx context.Context, g power.Game) error {
	if s.unions == nil {
		return nil
	}
	for _, x := range []struct {
		name string
		find func(context.Context, [][]int, ...power.Options) (power.Index, error)
	}{{"Owen", g.Owen}, {"Banzhaf-Owen", g.BanzhafOwen}, {"symm. coal. Banzhaf", g.SymmetricCoalitionalBanzhaf}} {
		index, err := x.find(ctx, s.unions)
		if errors.Is(err, power.ErrUnions) {
			return fmt.Errorf("-unions: %w", err)
		}
		s.add(x.name, index, err)
	}
	return nil
}

func game(s settings, in table) (g power.Game, err error) {
	switch {
	case s.majority:
		g, err = power.Majority(in.weights...)
	case s.exceed:
		g, err = power.MoreThan(in.quota, in.weights...)
	default:
		g, err = power.AtLeast(in.quota, in.weights...)
	}
	if s.heads == 0 {
		return g, err
	}
	ones := make([]int, len(in.weights))
	for i := range ones {
		ones[i] = 1
	}
	heads, headsErr := power.AtLeast(s.heads, ones...)
	if headsErr != nil {
		headsErr = fmt.Errorf("-heads: %w", headsErr)
	}
	if err := errors.Join(err, headsErr); err != nil {
		return power.Game{}, err
	}
	return power.All(g, heads)
}

// besideOcean calculates what is known beside an ocean.
func (s *sheet) besideOcean(ctx context.Context, in table) error {
	quota := in.quota
	if s.majority {
		// The game of all votes bounds the numbers before they are added.
		all := append(slices.Clone(in.weights), *s.ocean)
		if _, err := power.Majority(all...); err != nil {
			return err
		}
		quota = decimal.Sum(all[0], all[1:]...).Mul(decimal.New(5, -1))
	}
	d, err := power.WithOcean(quota, *s.ocean, in.weights...)
	if err != nil {
		return err
	}
	s.title = d.String()
	x, err := d.ShapleyShubik(ctx)
	s.add("Shapley-Shubik", x.Large, err)
	if err == nil {
		s.below = append(s.below, "the ocean's Shapley-Shubik index: "+s.show(x.Small()))
	}
	b, err := d.BanzhafAbsolute(ctx)
	s.add("Banzhaf", b, err)
	return nil
}

// indices calculates every index of a game.
func (s *sheet) indices(ctx context.Context, g power.Game) {
	ss, err := g.ShapleyShubik(ctx)
	s.add("Shapley-Shubik", ss, err)
	b, err := g.Banzhaf(ctx)
	if err != nil {
		s.add("Banzhaf", power.Index{}, err)
	} else {
		swings := column{name: "swings"}
		for _, n := range b.Swings() {
			swings.cells = append(swings.cells, n.String())
		}
		s.columns = append(s.columns, swings)
		s.add("Banzhaf", b.Absolute(), nil)
		s.add("normalized", b.Normalized(), nil)
		s.add("preventive", b.Preventive(), nil)
		s.add("initiative", b.Initiative(), nil)
		s.add("Rae", b.Rae(), nil)
		s.add("public help", b.PublicHelp(), nil)
		s.below = append(s.below, fmt.Sprintf("winning coalitions: %v; power of the whole to act (Coleman): %s", b.Winning(), s.show(b.Collectivity())))
	}
	for _, x := range []struct {
		name string
		find func(context.Context, ...power.Options) (power.Index, error)
	}{{"Deegan-Packel", g.DeeganPackel}, {"Johnston", g.Johnston}, {"public good", g.PublicGood}} {
		index, err := x.find(ctx)
		s.add(x.name, index, err)
	}
}

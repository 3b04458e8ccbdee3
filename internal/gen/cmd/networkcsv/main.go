// Command networkcsv writes a made-up share register as two CSV files,
// companies.csv and stakes.csv, and prints one line that describes it.
//
//	go run ./internal/gen/cmd/networkcsv -stakes 100000 -seed 1 -out bench/peers/data/100000
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/crossholding/crossholding/internal/gen"
)

func main() {
	var o gen.Options
	flag.IntVar(&o.Stakes, "stakes", 0, "number of stakes (0: 10,000)")
	flag.Uint64Var(&o.Seed, "seed", 1, "seed")
	flag.IntVar(&o.Companies, "companies", 0, "number of companies (0: two for every five stakes)")
	flag.IntVar(&o.Depth, "depth", 0, "longest chain of companies (0: 30; negative: none)")
	flag.IntVar(&o.Rings, "rings", 0, "rings of two to six companies (0: one for every 200 companies; negative: none)")
	flag.IntVar(&o.ClosedRings, "closed", 0, "rings that nobody outside owns")
	flag.IntVar(&o.Core, "core", 0, "companies of the core (0: up to 1,500; negative: none)")
	flag.Float64Var(&o.CoreDensity, "density", 0, "density of the core (0: 0.02)")
	flag.IntVar(&o.Funds, "funds", 0, "index funds (0: 24; negative: none)")
	flag.BoolVar(&o.Shuffle, "shuffle", false, "stakes in random order, not by issuer")
	dense := flag.Int("dense", 0, "make instead this number of companies that all hold one another")
	hard := flag.Int("hard", 0, "make instead this number of companies for which floats are not accurate")
	dir := flag.String("out", ".", "directory of the two files")
	flag.Parse()
	if err := run(o, *dense, *hard, *dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run makes the network and writes it.
func run(o gen.Options, dense, hard int, dir string) error {
	var n *gen.Network
	var err error
	switch {
	case dense != 0:
		n, err = gen.Dense(o.Seed, dense)
	case hard != 0:
		n, err = gen.IllConditioned(o.Seed, hard)
	default:
		n, err = gen.Register(o)
	}
	if err != nil {
		return err
	}
	return write(n, dir)
}

// write makes both files.
func write(n *gen.Network, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	companies, err := os.Create(filepath.Join(dir, "companies.csv"))
	if err != nil {
		return err
	}
	defer companies.Close()
	stakes, err := os.Create(filepath.Join(dir, "stakes.csv"))
	if err != nil {
		return err
	}
	defer stakes.Close()
	if err := n.WriteCSV(companies, stakes); err != nil {
		return err
	}
	if err := companies.Close(); err != nil {
		return err
	}
	if err := stakes.Close(); err != nil {
		return err
	}
	fmt.Printf("companies=%d funds=%d persons=%d stakes=%d core=%d rings=%d closed=%d\n",
		n.Companies(), n.Funds, n.Persons, n.Stakes(), len(n.Core), len(n.Rings), len(n.Closed))
	return nil
}

// Crossholding answers the peers' questions with this library, from the same
// CSV pair, and prints the same fields.
//
//	go run ./bench/peers/crossholding [-owner F0000000] [-places 12] [-snapshot FILE] [-brief] holdings|control|snapshot DIRECTORY
//
// The task snapshot writes the register of the CSV pair to the file. The others read the file
// instead of the pair, if one is given. With -brief, no company is asked one by one, and there
// are no checksums of all. The fields end in _s for seconds, _cpu_s for those of all processors,
// and _peak_mb for the most memory that the process had so far, on Linux.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
)

func main() {
	owner := flag.String("owner", "F0000000", "whose holdings")
	places := flag.Int("places", 12, "certified decimals")
	file := flag.String("snapshot", "", "a snapshot of the register")
	brief := flag.Bool("brief", false, "no checksums")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: crossholding [-owner ID] [-places N] [-snapshot FILE] [-brief] holdings|control|snapshot DIRECTORY")
		os.Exit(2)
	}
	if err := run(context.Background(), flag.Arg(0), flag.Arg(1), *file, *owner, *places, *brief); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// clock times the steps of a run and keeps its fields in order.
type clock struct {
	last   time.Time
	cpu    time.Duration // of all processors, until the last lap
	fields []string
}

func (c *clock) lap(step string) {
	c.fields = append(c.fields, fmt.Sprintf("%s_s=%.4f", step, time.Since(c.last).Seconds()))
	c.say(step+"_cpu_s", fmt.Sprintf("%.4f", (testkit.CPUTime()-c.cpu).Seconds()))
	c.cpu = testkit.CPUTime()
	if peak := peakMB(); peak > 0 {
		c.say(step+"_peak_mb", peak)
	}
	c.last = time.Now()
}

// peakMB returns the most memory that the process had so far, or 0 where the system does not
// say it as Linux does.
func peakMB() int {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int
	_, _ = fmt.Sscan(after, &kilobytes)
	return kilobytes >> 10
}

func (c *clock) say(key string, value any) {
	c.fields = append(c.fields, fmt.Sprintf("%s=%v", key, value))
}

func run(ctx context.Context, task, dir, file, owner string, places int, brief bool) error {
	c := &clock{last: time.Now()}
	c.say("peer", "crossholding")
	c.say("task", task)
	c.say("network", filepath.Base(dir))
	var a *crossholding.Alliance
	var err error
	if file != "" && task != "snapshot" {
		a, err = open(ctx, file)
	} else {
		a, err = read(ctx, dir)
	}
	if err != nil {
		return err
	}
	c.lap("load")
	switch task {
	case "holdings":
		err = c.holdings(ctx, a, dir, owner, places, brief)
	case "control":
		err = c.control(ctx, a, dir, brief)
	case "snapshot":
		err = c.snapshot(ctx, a, file)
	default:
		err = fmt.Errorf("no task %q", task)
	}
	if err != nil {
		return err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c.say("sys_mb", m.Sys>>20)
	fmt.Println(strings.Join(c.fields, " "))
	return nil
}

// read reads the CSV pair.
func read(ctx context.Context, dir string) (*crossholding.Alliance, error) {
	companies, err := os.Open(filepath.Join(dir, "companies.csv"))
	if err != nil {
		return nil, err
	}
	defer companies.Close()
	stakes, err := os.Open(filepath.Join(dir, "stakes.csv"))
	if err != nil {
		return nil, err
	}
	defer stakes.Close()
	return crossholding.ReadRegister(ctx, companies, stakes, crossholding.RegisterOptions{})
}

// open reads a snapshot.
func open(ctx context.Context, file string) (*crossholding.Alliance, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return crossholding.ReadSnapshot(ctx, f, crossholding.RegisterOptions{})
}

// snapshot writes a snapshot.
func (c *clock) snapshot(ctx context.Context, a *crossholding.Alliance, file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := a.WriteSnapshot(ctx, f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	c.lap("write")
	info, err := os.Stat(file)
	if err == nil {
		c.say("file_mb", info.Size()>>20)
	}
	return err
}

// weights reads the order of the companies' rows, which weighs the checksums.
func weights(dir string) (ids []string, err error) {
	f, err := os.Open(filepath.Join(dir, "companies.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		id, _, _ := strings.Cut(lines.Text(), ",")
		ids = append(ids, id)
	}
	return ids[1:], lines.Err()
}

// holdings times the condensation and the factors apart from a second owner's
// answer, which they serve too.
func (c *clock) holdings(ctx context.Context, a *crossholding.Alliance, dir, owner string, places int, brief bool) error {
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		return err
	}
	c.lap("build")
	figures, err := o.Certified(crossholding.CertifiedOptions{Places: places})
	if err != nil {
		return err
	}
	if _, err := figures.Holdings(ctx, owner); err != nil {
		return err
	}
	c.lap("factor")
	line, err := figures.Holdings(ctx, owner)
	if err != nil {
		return err
	}
	c.lap("solve")
	c.say("positive", line.Len())
	if brief {
		return nil
	}
	ids, err := weights(dir)
	if err != nil {
		return err
	}
	var sum, weighted decimal.Decimal
	for row, id := range ids {
		share, err := line.Of(id)
		if err != nil {
			return err
		}
		sum = sum.Add(share)
		weighted = weighted.Add(share.Mul(decimal.NewFromInt(1 + int64(row%1000))))
	}
	c.say("sum", sum)
	c.say("weighted", weighted)
	c.last = time.Now()
	if err := figures.Check(ctx); err != nil {
		return err
	}
	c.lap("unity")
	c.say("unity_error", 0)
	return nil
}

// pairs counts the pairs of control.
func (c *clock) pairs(ctx context.Context, control *crossholding.Control) error {
	pairs := 0
	for _, err := range control.Pairs(ctx) {
		if err != nil {
			return err
		}
		pairs++
	}
	c.lap("list")
	c.say("pairs", pairs)
	return nil
}

func (c *clock) control(ctx context.Context, a *crossholding.Alliance, dir string, brief bool) error {
	control, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		return err
	}
	if _, err := control.Ultimate(ctx, a.Graph().ID(0)); err != nil { // works it out for everyone
		return err
	}
	c.lap("solve")
	if brief {
		return c.pairs(ctx, control)
	}
	ids, err := weights(dir)
	if err != nil {
		return err
	}
	c.last = time.Now()
	var pairs, weighted, controlled int
	tops := map[string]bool{}
	for row, id := range ids {
		chain, err := control.Controllers(ctx, id)
		if err != nil {
			return err
		}
		pairs += len(chain)
		weighted += len(chain) * (1 + row%1000)
		if len(chain) > 0 {
			controlled++
			if top, err := control.Ultimate(ctx, id); err == nil && len(top) > 0 {
				tops[top[0]] = true
			}
		}
	}
	c.lap("list")
	c.say("pairs", pairs)
	c.say("weighted", weighted)
	c.say("controlled", controlled)
	c.say("tops", len(tops))
	return nil
}

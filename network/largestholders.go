package network

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// LargestOptions says which holders of a meeting are counted one by one, and what carries a
// resolution. The zero value is the ten largest, and more than half of the votes that can
// move a result. It is plain data.
type LargestOptions struct {
	Holders int         // 0 means 10; at most 60
	Quota   ratio.Ratio // see [PowerOptions]
	Exceed  bool        // see [PowerOptions]
}

// LargestHolder is one of the largest holders of a meeting. It is plain data.
type LargestHolder struct {
	Node          int32
	Share         ratio.Ratio // of the votes counted
	ShapleyShubik ratio.Ratio
}

// LargestPower is the power of the largest holders of one company's meeting. It has nodes in
// place of ids, because a register has millions of meetings. It is plain data.
type LargestPower struct {
	Company int32
	Holders []LargestHolder // the largest first, then by node
	Ocean   ratio.Ratio     // the votes of all others, as a fraction of the votes counted
	Rest    ratio.Ratio     // the power of the ocean; all power is 1 unless nobody can carry a resolution
}

// LargestHoldersPower yields the voting power in every company's meeting, in order of node:
// the Shapley-Shubik indices of the largest holders, with all others as an ocean of holders
// too small to count one by one (Milnor and Shapley, 1978). The float, parties of
// [crossholding.KindPublic] and the holders after the largest make up the ocean. Indices are
// exact. Parties of a concert count one by one. Meetings without votes are left out.
//
// It works on all processors. A meeting whose game is too large is yielded with only its Company,
// beside the error of package power, and the next ones follow. It fails with [crossholding.ErrRange]
// for a quota outside 0..1 or a number of holders outside 0..60, and with ctx's error when ctx is
// done.
func LargestHoldersPower(ctx context.Context, v *crossholding.Votes, opt LargestOptions) iter.Seq2[LargestPower, error] {
	ctx = progress.OrBackground(ctx)
	return func(yield func(LargestPower, error) bool) {
		r, err := newLargestRun(ctx, v, opt)
		if err != nil {
			yield(LargestPower{}, err)
			return
		}
		n := int32(r.g.Len())
		stage := progress.Start(ctx, "meetings", int(n), 1)
		runs := make([]*largestRun, runtime.GOMAXPROCS(0))
		for i := range runs {
			runs[i] = r.fork()
		}
		for c := int32(0); c < n; {
			stage.At(int(c))
			var work sync.WaitGroup
			for _, x := range runs {
				from, to := c, min(c+meetingsAtOnce, n)
				work.Go(func() { x.measure(ctx, from, to) })
				c = to
			}
			work.Wait()
			if ctx.Err() != nil {
				yield(LargestPower{}, ctxError(ctx))
				return
			}
			for _, x := range runs {
				for _, m := range x.done {
					if !yield(m.LargestPower, m.err) {
						return
					}
				}
			}
		}
		stage.End()
	}
}

// meetingsAtOnce is the number of companies that one processor takes at a time.
const meetingsAtOnce = 256

// measured is one meeting with its answer.
type measured struct {
	LargestPower
	err error
}

// fork returns a run for another processor.
func (r *largestRun) fork() *largestRun {
	x := *r
	x.known, x.held, x.done = map[string][]ratio.Ratio{}, nil, nil
	return &x
}

// measure measures the meetings of companies from one to before another.
func (r *largestRun) measure(ctx context.Context, from, to int32) {
	r.done = r.done[:0]
	for c := from; c < to && ctx.Err() == nil; c++ {
		if !r.g.HasShares(c) || !r.read(c) {
			continue
		}
		p, err := r.power(ctx, c)
		if err != nil {
			p, err = LargestPower{Company: c}, fmt.Errorf("network: power in %s: %w", r.g.ID(c), err)
		}
		r.done = append(r.done, measured{p, err})
	}
}

// largestRun is one call of [LargestHoldersPower].
type largestRun struct {
	g      crossholding.Graph
	t      *crossholding.Tally
	most   int
	quota  ratio.Ratio // fraction of the votes counted
	exceed bool

	base  ratio.Ratio            // of one meeting
	held  []crossholding.Holding // its voters but the ocean
	ocean ratio.Ratio
	known map[string][]ratio.Ratio // the indices of games: many meetings have the same few fractions
	done  []measured
}

func newLargestRun(ctx context.Context, v *crossholding.Votes, opt LargestOptions) (*largestRun, error) {
	const most = 60
	switch one := ratio.Int(1); {
	case ctx.Err() != nil:
		return nil, ctxError(ctx)
	case opt.Holders < 0 || opt.Holders > most:
		return nil, fmt.Errorf("network: %d largest holders are not within 0 and %d: %w", opt.Holders, most, crossholding.ErrRange)
	case opt.Quota.Sign() < 0 || one.Less(opt.Quota):
		return nil, fmt.Errorf("network: Quota %s is not within 0 and 1: %w", opt.Quota, crossholding.ErrRange)
	case opt.Exceed && one.Equal(opt.Quota):
		return nil, fmt.Errorf("network: Quota 1 is all votes and cannot be exceeded: %w", crossholding.ErrRange)
	}
	t, err := v.Tally("")
	if err != nil {
		return nil, err
	}
	r := &largestRun{g: v.Graph(), t: t, most: cmp.Or(opt.Holders, 10), quota: opt.Quota, exceed: opt.Exceed, known: map[string][]ratio.Ratio{}}
	if opt.Quota.IsZero() {
		r.quota, r.exceed = ratio.Of(1, 2), true
	}
	return r, nil
}

// read reads the meeting of company c. It reports whether it has votes.
func (r *largestRun) read(c int32) bool {
	if r.base = r.t.Base(c); r.base.IsZero() {
		return false
	}
	r.held, r.ocean = r.held[:0], r.base
	from, to := r.g.Stakes(c)
	for e := from; e < to; e++ {
		who, votes := r.t.Stake(e)
		if who == crossholding.NoNode || votes.IsZero() || r.g.Dispersed(who) {
			continue
		}
		r.held = append(r.held, crossholding.Holding{Node: who, Amount: votes})
	}
	slices.SortFunc(r.held, func(a, b crossholding.Holding) int { return cmp.Compare(a.Node, b.Node) })
	kept := r.held[:0]
	for _, h := range r.held {
		if n := len(kept); n > 0 && kept[n-1].Node == h.Node {
			kept[n-1].Amount = kept[n-1].Amount.Add(h.Amount)
			continue
		}
		kept = append(kept, h)
	}
	slices.SortStableFunc(kept, func(a, b crossholding.Holding) int { return b.Amount.Cmp(a.Amount) })
	r.held = kept[:min(len(kept), r.most)]
	for _, h := range r.held {
		r.ocean = r.ocean.Sub(h.Amount)
	}
	return true
}

// power measures the meeting that was read.
func (r *largestRun) power(ctx context.Context, c int32) (LargestPower, error) {
	out := LargestPower{Company: c, Holders: make([]LargestHolder, len(r.held)), Ocean: r.ocean.Div(r.base), Rest: ratio.Int(1)}
	for i, h := range r.held {
		out.Holders[i] = LargestHolder{Node: h.Node, Share: h.Amount.Div(r.base)}
	}
	switch {
	case len(r.held) == 0:
		return out, nil
	case r.dictated(out.Holders[0].Share):
		out.Holders[0].ShapleyShubik, out.Rest = ratio.Int(1), ratio.Ratio{}
		return out, nil
	}
	index, err := r.indices(ctx, out)
	if err != nil {
		return LargestPower{}, err
	}
	for i, x := range index {
		out.Holders[i].ShapleyShubik = x
		out.Rest = out.Rest.Sub(x)
	}
	return out, nil
}

// dictated reports whether one holder carries every resolution and nobody else carries any.
func (r *largestRun) dictated(share ratio.Ratio) bool {
	rest := ratio.Int(1).Sub(share)
	return share.Reaches(r.quota, !r.exceed) && !rest.Reaches(r.quota, !r.exceed)
}

// indices returns the Shapley-Shubik indices of the holders. It keeps those of games that it
// has met.
func (r *largestRun) indices(ctx context.Context, p LargestPower) ([]ratio.Ratio, error) {
	const most = 1 << 16
	var key strings.Builder
	weights := make([]ratio.Ratio, len(p.Holders))
	for i, h := range p.Holders {
		weights[i] = h.Share
		key.WriteString(h.Share.String())
		key.WriteByte(' ')
	}
	if out, ok := r.known[key.String()]; ok {
		return out, nil
	}
	out := make([]ratio.Ratio, len(weights))
	if p.Ocean.IsZero() {
		build := power.AtLeast[ratio.Ratio]
		if r.exceed {
			build = power.MoreThan[ratio.Ratio]
		}
		game, err := build(r.quota, weights...)
		if err != nil {
			return nil, err
		}
		index, err := game.ShapleyShubik(ctx)
		if err != nil {
			return nil, err
		}
		for i, x := range index.All() {
			out[i] = x
		}
	} else {
		game, err := power.WithOcean(r.quota, p.Ocean, weights...)
		if err != nil {
			return nil, err
		}
		index, err := game.ShapleyShubik(ctx)
		if err != nil {
			return nil, err
		}
		for i, x := range index.Large.All() {
			out[i] = x
		}
	}
	if len(r.known) >= most {
		clear(r.known)
	}
	r.known[key.String()] = out
	return out, nil
}

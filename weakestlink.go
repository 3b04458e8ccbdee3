package crossholding

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// WeakestLinkReading names a way of adding up chains of ownership.
type WeakestLinkReading string

// The readings.
const (
	// LinkWidest takes the one chain whose weakest link is strongest: the
	// chain of La Porta, Lopez-de-Silanes and Shleifer (1999), in which every
	// link reaches the cut-off.
	LinkWidest WeakestLinkReading = ""
	// LinkSum adds the weakest links of all simple chains, as Claessens,
	// Djankov and Lang (2000) and Faccio and Lang (2002) do.
	LinkSum WeakestLinkReading = "sum"
)

// WeakestLinkOptions says who an ultimate owner is. The zero value is a cut-off
// of 20% of the votes on the widest chain.
type WeakestLinkOptions struct {
	Reading WeakestLinkReading
	// Cutoff is a fraction, 0 meaning 1/5; the literature also uses 1/20,
	// 1/10 and 2/5. Strict asks for more than it.
	Cutoff ratio.Ratio
	Strict bool
	// Basis is what links are fractions of: by default the votes that can
	// move a result; [Exercisable] or [Theoretical] votes; [Capital] shares
	// outstanding.
	Basis VoteBase
	// CashFlow asks for integrated ownership beside the votes.
	CashFlow bool
	// MaxSteps bounds the chains of [LinkSum], 0 meaning 1,000,000. Beyond:
	// [ErrCap].
	MaxSteps int
	// Voting says how votes are counted.
	Voting VotingOptions
}

// UltimateOwner is someone at the end of chains of ownership. Plain data.
type UltimateOwner struct {
	Owner   string
	Company string
	// WidelyHeld says that the owner is itself a company of the book, of
	// which nobody reaches the cut-off: the chain ends there.
	WidelyHeld bool
	Link       ratio.Ratio // the weakest link of the chain, or the sum over chains
	Chain      []ChainLink // from the owner down to the company; the widest of all
	Chains     int         // LinkSum: how many chains there are; else 1
	CashFlow   ratio.Ratio // integrated economic interest, if asked for
}

// ChainLink is one holding of a chain, as a fraction.
type ChainLink struct {
	Holder, Issuer string
	Share          ratio.Ratio
}

// String returns the owner as a sentence.
func (u UltimateOwner) String() string {
	parts := make([]string, len(u.Chain))
	for i, l := range u.Chain {
		parts[i] = fmt.Sprintf("%s %s of %s", l.Holder, l.Share.ShortPercent(), l.Issuer)
	}
	text := fmt.Sprintf("%s has %s of %s by the weakest link: %s", u.Owner, u.Link.ShortPercent(), u.Company, strings.Join(parts, ", "))
	if u.Chains > 1 {
		text = fmt.Sprintf("%s has %s of %s by the weakest links of %d chains, the widest: %s",
			u.Owner, u.Link.ShortPercent(), u.Company, u.Chains, strings.Join(parts, ", "))
	}
	if u.WidelyHeld {
		text += "; it is widely held"
	}
	return text
}

// WeakestLinks answers who is at the end of the chains above company, the
// strongest first, then by name. Chains end with parties, with companies of
// which the book names no shares, and with companies that are widely held;
// floats and parties of [KindPublic] own nothing here. An empty answer means that the company is widely
// held itself, or in a ring whose members have no strong owner outside.
//
// The definition was seen in secondary sources (Edwards and Weichenrieder,
// CESifo Working Paper 1255, among others), the papers themselves not. Errors:
// [ErrUnknown] for names that are not there, [ErrRange] for a cut-off outside
// 0..1, [ErrCap], and those of [Alliance.Votes].
func (a *Alliance) WeakestLinks(ctx context.Context, company string, opt WeakestLinkOptions) ([]UltimateOwner, error) {
	ctx = orBackground(ctx)
	if err := a.settled(); err != nil {
		return nil, err
	}
	q, err := newChains(ctx, a, company, &opt)
	if err != nil {
		return nil, err
	}
	if err := q.widest(ctx); err != nil {
		return nil, err
	}
	if opt.Reading == LinkSum {
		if err := q.sum(ctx); err != nil {
			return nil, err
		}
	}
	var out []UltimateOwner
	for x, end := range q.ends {
		if x == q.company || !enough(end.width, opt.Cutoff, opt.Strict) || !q.last(x) {
			continue
		}
		u := UltimateOwner{Owner: a.graph.IDs[x], Company: company, Link: end.width, Chains: end.chains, Chain: q.chain(x), WidelyHeld: a.graph.IssuesShares(x)}
		if opt.CashFlow {
			y, err := a.solver().Pair(ctx, exact.Owner{Node: x}, q.company)
			if err != nil {
				return nil, nameSolverError(a, err)
			}
			u.CashFlow = ratio.FromRat(y)
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(x, y UltimateOwner) int { return cmp.Or(y.Link.Cmp(x.Link), cmp.Compare(x.Owner, y.Owner)) })
	return out, nil
}

// chainEnd is the widest chain from a node down to the company.
type chainEnd struct {
	width  ratio.Ratio
	next   int32       // down the chain
	link   ratio.Ratio // share of next
	hops   int
	done   bool
	chains int
}

// chains is one run of the question.
type chains struct {
	a       *Alliance
	opt     *WeakestLinkOptions
	company int32
	ballot  *tally.Tally
	ends    map[int32]*chainEnd
}

func newChains(ctx context.Context, a *Alliance, company string, opt *WeakestLinkOptions) (*chains, error) {
	q := &chains{a: a, opt: opt, ends: map[int32]*chainEnd{}}
	switch opt.Reading {
	case LinkWidest, LinkSum:
	default:
		return nil, noChoice("reading", opt.Reading, LinkSum)
	}
	var err error
	if q.company, err = a.company(company); err != nil {
		return nil, err
	}
	if opt.Cutoff, err = fraction("Cutoff", opt.Cutoff, ratio.Of(1, 5)); err != nil {
		return nil, err
	}
	if opt.MaxSteps < 0 {
		return nil, fmt.Errorf("crossholding: MaxSteps %d: %w", opt.MaxSteps, ErrRange)
	}
	opt.MaxSteps = cmp.Or(opt.MaxSteps, maxSteps)
	q.ballot, err = a.basis(ctx, opt.Basis, opt.Voting)
	return q, err
}

// shares returns who has what of c, the public left out.
func (q *chains) shares(c int32) []tally.Holding {
	return slices.DeleteFunc(q.ballot.Shares(c), func(h tally.Holding) bool { return q.a.dispersed(h.Node) })
}

// last reports whether chains end at x: an outside owner, or a widely held
// company.
func (q *chains) last(x int32) bool {
	if !q.a.graph.IssuesShares(x) {
		return true
	}
	for _, h := range q.shares(x) {
		if h.Node != x && enough(h.Amount, q.opt.Cutoff, q.opt.Strict) {
			return false
		}
	}
	return true
}

// widest finds the widest chain from everyone above the company: Dijkstra's
// pass with the smaller of chain and link in place of the sum. Of several such
// chains the one found first in order of width, length and name is shown.
func (q *chains) widest(ctx context.Context) error {
	q.ends[q.company] = &chainEnd{width: ratio.Int(1), next: graph.None, chains: 1}
	line := &chainHeap{{q.company, ratio.Int(1), 0}}
	heard, done := progress.Count(ctx, "weakest links", 1<<7), 0
	for line.Len() > 0 {
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		y := heap.Pop(line).(chainEntry).node
		end := q.ends[y]
		if end.done {
			continue
		}
		end.done = true
		done++
		heard.At(done)
		for _, h := range q.shares(y) {
			width, hops := h.Amount, end.hops+1
			if end.width.Less(width) {
				width = end.width
			}
			old := q.ends[h.Node]
			if old != nil && (old.done || width.Less(old.width) || width.Equal(old.width) && old.hops <= hops) {
				continue
			}
			q.ends[h.Node] = &chainEnd{width: width, next: y, link: h.Amount, hops: hops, chains: 1}
			heap.Push(line, chainEntry{h.Node, width, hops})
		}
	}
	return nil
}

// chainEntry is a node with a chain found for it. An entry that a better one
// replaced stays in the heap and is passed over once its node is done.
type chainEntry struct {
	node  int32
	width ratio.Ratio
	hops  int
}

// chainHeap orders entries by width, then by length, then by name.
type chainHeap []chainEntry

func (h chainHeap) Len() int { return len(h) }
func (h chainHeap) Less(i, j int) bool {
	x, y := h[i], h[j]
	return cmp.Or(y.width.Cmp(x.width), cmp.Compare(x.hops, y.hops), cmp.Compare(x.node, y.node)) < 0
}
func (h chainHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *chainHeap) Push(x any)   { *h = append(*h, x.(chainEntry)) }
func (h *chainHeap) Pop() any {
	n := len(*h) - 1
	x := (*h)[n]
	*h = (*h)[:n]
	return x
}

// sum replaces the widths by the sums of the weakest links over all simple
// chains.
func (q *chains) sum(ctx context.Context) error {
	sums := map[int32]*big.Rat{}
	count := map[int32]int{}
	edges := map[int32][]simplepath.Edge{}
	up := func(c int32) []simplepath.Edge {
		out, ok := edges[c]
		if !ok {
			for _, h := range q.shares(c) {
				out = append(out, simplepath.Edge{To: h.Node, Weight: h.Amount.Rat()})
			}
			edges[c] = out
		}
		return out
	}
	err := simplepath.Walk(ctx, q.company, up, simplepath.Weakest, q.opt.MaxSteps, func(path []int32, worth *big.Rat) bool {
		x := path[len(path)-1]
		if sums[x] == nil {
			sums[x] = new(big.Rat)
		}
		sums[x].Add(sums[x], worth)
		count[x]++
		return true
	})
	switch {
	case errors.Is(err, simplepath.ErrCap):
		return fmt.Errorf("crossholding: chains above %s: more than %d steps: %w", q.a.graph.IDs[q.company], q.opt.MaxSteps, ErrCap)
	case err != nil:
		return fmt.Errorf("crossholding: %w", err)
	}
	for x, end := range q.ends {
		if x != q.company {
			end.width, end.chains = ratio.FromRat(sums[x]), count[x]
		}
	}
	return nil
}

// chain lists the links from x down.
func (q *chains) chain(x int32) []ChainLink {
	var out []ChainLink
	for end := q.ends[x]; end.next != graph.None; end = q.ends[x] {
		out = append(out, ChainLink{q.a.graph.IDs[x], q.a.graph.IDs[end.next], end.link})
		x = end.next
	}
	return out
}

// maxSteps is the default bound on steps along paths.
const maxSteps = 1_000_000

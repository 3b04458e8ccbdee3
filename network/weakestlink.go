package network

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/ratio"
)

// WeakestLinkMethod is a way of adding up chains of ownership. The zero value is
// [WidestChain].
type WeakestLinkMethod string

// These are the methods.
const (
	// WidestChain uses only the chain whose weakest link is largest. It is the chain of
	// La Porta, Lopez-de-Silanes and Shleifer (1999), in which every link reaches the
	// threshold.
	WidestChain WeakestLinkMethod = ""
	// SumOfChains adds the weakest links of all simple chains, as Claessens, Djankov
	// and Lang (2000) and Faccio and Lang (2002) do.
	SumOfChains WeakestLinkMethod = "sum"
)

// WeakestLinkOptions says who is an ultimate owner. With the zero value, an ultimate
// owner has at least 20% of the votes on the widest chain. It is plain data.
type WeakestLinkOptions struct {
	Method WeakestLinkMethod
	// Threshold is a fraction 0..1, and 0 means 1/5. The literature also uses 1/20,
	// 1/10 and 2/5. Reaching it is enough, unless Exceed is set.
	Threshold ratio.Ratio
	Exceed    bool
	// Basis says what links are fractions of: by default the votes that can move a
	// result; [crossholding.BasisExercisable] or [crossholding.BasisTheoretical] votes; or
	// [crossholding.BasisCapital], shares outstanding.
	Basis crossholding.Basis
	// CashFlow adds cash-flow rights to the answer.
	CashFlow bool
	// MaxSteps bounds the steps of the search of [SumOfChains], and 0 means 1,000,000.
	// A longer search fails with [crossholding.ErrSearchLimit].
	MaxSteps int
	// Voting says how votes are counted.
	Voting crossholding.VotingOptions
}

// maxSteps is the default of WeakestLinkOptions.MaxSteps.
const maxSteps = 1_000_000

// UltimateOwner is an owner at the end of chains of ownership. It is plain data.
type UltimateOwner struct {
	Owner   string `json:"owner"`
	Company string `json:"company"`
	// WidelyHeld says that the owner is a company of the book in which nobody reaches
	// the threshold, so the chain ends there.
	WidelyHeld bool `json:"widely_held"`
	// ControlRights is the weakest link of the chain, or with [SumOfChains] the sum of
	// the weakest links of all chains, which can be above 1.
	ControlRights ratio.Ratio `json:"control_rights"`
	// CashFlowRights is the integrated economic interest, if the option CashFlow is
	// set. It is from 0 to 1, except in loops.
	CashFlowRights ratio.Ratio `json:"cash_flow_rights,omitzero"`
	Chain          []ChainLink `json:"chain"`       // the widest chain, from the owner down to the company
	ChainCount     int         `json:"chain_count"` // the number of chains with SumOfChains, otherwise 1
}

// ChainLink is one holding of a chain. It is plain data.
type ChainLink struct {
	Holder string      `json:"holder"`
	Issuer string      `json:"issuer"`
	Share  ratio.Ratio `json:"share"` // a fraction 0..1
}

// String returns the owner as a sentence.
func (u UltimateOwner) String() string {
	parts := make([]string, len(u.Chain))
	for i, l := range u.Chain {
		parts[i] = fmt.Sprintf("%s %s of %s", l.Holder, l.Share.ShortPercent(), l.Issuer)
	}
	by := "the weakest link"
	if u.ChainCount > 1 {
		by = fmt.Sprintf("the weakest links of %d chains, the widest", u.ChainCount)
	}
	text := fmt.Sprintf("%s has %s of %s by %s: %s", u.Owner, u.ControlRights.ShortPercent(), u.Company, by, strings.Join(parts, ", "))
	if u.WidelyHeld {
		text += "; it is widely held"
	}
	return text
}

// WithNames returns the owner with ids replaced by names, as by
// [crossholding.Alliance.Name].
func (u UltimateOwner) WithNames(name func(id string) string) UltimateOwner {
	u.Owner, u.Company, u.Chain = name(u.Owner), name(u.Company), slices.Clone(u.Chain)
	for i, l := range u.Chain {
		u.Chain[i].Holder, u.Chain[i].Issuer = name(l.Holder), name(l.Issuer)
	}
	return u
}

// WeakestLinks returns the owners at the end of the chains above company. The largest
// control rights come first, and equal ones are sorted by name.
//
// Chains end with parties, with companies of which the book names no shares, and
// with companies that are widely held. Floats and parties of
// [crossholding.KindPublic] own nothing here. An empty answer means that the company
// is widely held itself, or that it is in a ring whose members have no owner outside
// that reaches the threshold.
//
// The definition is from secondary sources (Edwards and Weichenrieder, CESifo Working
// Paper 1255, among others). The papers themselves were not read.
//
// It fails with [crossholding.ErrUnknown] for unknown names, with [crossholding.ErrRange]
// for a threshold outside 0..1, with [crossholding.ErrSearchLimit] after MaxSteps, and
// with the errors of [crossholding.Alliance.Votes].
func WeakestLinks(ctx context.Context, a *crossholding.Alliance, company string, opt WeakestLinkOptions) ([]UltimateOwner, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	q, err := newChains(ctx, a, company, opt)
	if err != nil {
		return nil, err
	}
	if err := q.widest(ctx); err != nil {
		return nil, err
	}
	if opt.Method == SumOfChains {
		if err := q.sum(ctx); err != nil {
			return nil, err
		}
	}
	out := []UltimateOwner{}
	for x, end := range q.ends {
		if x == q.company || !q.reaches(end.width) || !q.last(x) {
			continue
		}
		u := UltimateOwner{Owner: q.g.ID(x), Company: company, WidelyHeld: q.g.HasShares(x),
			ControlRights: end.width, Chain: q.chain(x), ChainCount: end.chains}
		if q.cashFlow != nil {
			if u.CashFlowRights, err = q.cashFlow.Share(ctx, x, q.company); err != nil {
				return nil, err
			}
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(x, y UltimateOwner) int {
		return cmp.Or(y.ControlRights.Cmp(x.ControlRights), cmp.Compare(x.Owner, y.Owner))
	})
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

// chains is one call of [WeakestLinks].
type chains struct {
	g        crossholding.Graph
	opt      WeakestLinkOptions
	company  int32
	tally    *crossholding.Tally
	cashFlow *crossholding.Solver // nil without the option CashFlow
	ends     map[int32]*chainEnd
}

func newChains(ctx context.Context, a *crossholding.Alliance, company string, opt WeakestLinkOptions) (*chains, error) {
	q := &chains{g: a.Graph(), opt: opt, ends: map[int32]*chainEnd{}}
	switch opt.Method {
	case WidestChain, SumOfChains:
	default:
		return nil, unknownOption("Method", opt.Method, SumOfChains)
	}
	var err error
	if q.company, err = q.g.Company(company); err != nil {
		return nil, err
	}
	if q.opt.Threshold, err = fraction("Threshold", opt.Threshold, ratio.Of(1, 5)); err != nil {
		return nil, err
	}
	if opt.MaxSteps < 0 {
		return nil, negative("MaxSteps", opt.MaxSteps)
	}
	q.opt.MaxSteps = cmp.Or(opt.MaxSteps, maxSteps)
	if q.tally, err = a.Tally(ctx, opt.Basis, opt.Voting); err != nil || !opt.CashFlow {
		return q, err
	}
	dividends, err := q.g.Dividends()
	if err != nil {
		return nil, err
	}
	q.cashFlow, err = dividends.Solver(ctx, crossholding.OwnershipOptions{})
	return q, err
}

// reaches reports whether a share is enough for the threshold.
func (q *chains) reaches(share ratio.Ratio) bool {
	return share.Reaches(q.opt.Threshold, !q.opt.Exceed)
}

// shares returns the holders of c and their shares, without the public.
func (q *chains) shares(c int32) []crossholding.Holding {
	return slices.DeleteFunc(q.tally.Fractions(c), func(h crossholding.Holding) bool { return q.g.Dispersed(h.Node) })
}

// last reports whether chains end at x: an outside owner, or a widely held
// company.
func (q *chains) last(x int32) bool {
	if !q.g.HasShares(x) {
		return true
	}
	for _, h := range q.shares(x) {
		if h.Node != x && q.reaches(h.Amount) {
			return false
		}
	}
	return true
}

// widest finds the widest chain from each node above the company. It is Dijkstra's
// algorithm with the smaller of chain and link instead of the sum. If there are several
// widest chains, it keeps the first in order of width, length and name.
func (q *chains) widest(ctx context.Context) error {
	q.ends[q.company] = &chainEnd{width: ratio.Int(1), next: crossholding.NoNode, chains: 1}
	line := &chainHeap{{q.company, ratio.Int(1), 0}}
	stage, done := progress.Count(ctx, "weakest links", 1<<7), 0
	for line.Len() > 0 {
		if ctx.Err() != nil {
			return ctxError(ctx)
		}
		y := heap.Pop(line).(chainEntry).node
		end := q.ends[y]
		if end.done {
			continue
		}
		end.done = true
		done++
		stage.At(done)
		for _, h := range q.shares(y) {
			width, hops := ratio.Min(h.Amount, end.width), end.hops+1
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

// chainEntry is a node with a chain that was found for it. If a better entry replaces
// it, it stays in the heap and is skipped when its node is done.
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
		return fmt.Errorf("network: chains above %s: more than %d steps: %w", q.g.ID(q.company), q.opt.MaxSteps, crossholding.ErrSearchLimit)
	case err != nil:
		return fmt.Errorf("network: %w", err)
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
	for end := q.ends[x]; end.next != crossholding.NoNode; end = q.ends[x] {
		out = append(out, ChainLink{q.g.ID(x), q.g.ID(end.next), end.link})
		x = end.next
	}
	return out
}

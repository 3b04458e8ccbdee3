package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// MaxMarketFirms is the largest number of firms of one market.
const MaxMarketFirms = 200

// ControlWeights says how much control of a firm an owner's votes give. The zero value is
// [WeightsByVotes].
type ControlWeights string

// These are the weights.
const (
	WeightsByVotes         ControlWeights = ""               // proportional control: the fraction of the votes
	WeightsByBanzhaf       ControlWeights = "banzhaf"        // the normalised index of the meeting
	WeightsByShapleyShubik ControlWeights = "shapley-shubik" // the index of the meeting
)

// CommonOwnershipOptions says who owns and who controls firms. With the zero value, owners
// are the ultimate owners, without floats, and control is in proportion to votes. It is
// plain data.
type CommonOwnershipOptions struct {
	Weights ControlWeights
	// Investors are companies that decide for themselves, such as fund managers. They count
	// as owners, and their own shareholders do not.
	Investors []string
	// Floats counts each float, and each party of [crossholding.KindPublic], as one owner. By
	// default they are left out: of holders without number, none has an influence.
	Floats bool
	// Power describes the meetings for the indices. The parties of a concert count one by one.
	Power PowerOptions
	// Basis says what votes are fractions of for WeightsByVotes, as in [WeakestLinkOptions].
	// With [crossholding.BasisCapital], control is in proportion to shares.
	Basis crossholding.Basis
	// Voting says how votes are counted.
	Voting crossholding.VotingOptions
}

// CommonOwnership is the profit weights of the firms of a market, and its concentration. It
// is plain data. HHI, Delta and MHHI are in points: a monopoly has 10,000.
type CommonOwnership struct {
	Firms []MarketFirm `json:"firms"` // by company
	HHI   ratio.Ratio  `json:"hhi"`   // of the firms of the market
	Delta ratio.Ratio  `json:"delta"` // MHHI less HHI
	MHHI  ratio.Ratio  `json:"mhhi"`
}

// MarketFirm is one firm of a market. It is plain data.
type MarketFirm struct {
	Company string         `json:"company"`
	Share   ratio.Ratio    `json:"share"`   // of the market, 0..1
	Owners  []FirmOwner    `json:"owners"`  // by name: those that count and have control or an interest
	Weights []ProfitWeight `json:"weights"` // of the other firms, by company
}

// FirmOwner is one owner of a firm. It is plain data.
type FirmOwner struct {
	Owner    string      `json:"owner"`
	Control  ratio.Ratio `json:"control"`  // γ: directly and through companies, 0..1
	Interest ratio.Ratio `json:"interest"` // β: integrated economic interest, 0..1
}

// ProfitWeight is what the profit of a rival is worth to a firm, if its own is worth 1. It is
// plain data.
type ProfitWeight struct {
	Rival  string      `json:"rival"`
	Weight ratio.Ratio `json:"weight"` // κ, 0 or more; it can be above 1
	Points ratio.Ratio `json:"points"` // what it adds to Delta
}

// String returns the concentration as a sentence.
func (c CommonOwnership) String() string {
	return fmt.Sprintf("HHI %s, and with common ownership %s more: MHHI %s", c.HHI.GroupedDecimal(2), c.Delta.GroupedDecimal(2), c.MHHI.GroupedDecimal(2))
}

// Weight returns the weight that a firm puts on the profit of a rival, and 1 for itself. It
// fails with [crossholding.ErrUnknown] if one of them is not in the market.
func (c CommonOwnership) Weight(firm, rival string) (ratio.Ratio, error) {
	for _, f := range c.Firms {
		if f.Company != firm {
			continue
		}
		if firm == rival {
			return ratio.Int(1), nil
		}
		for _, w := range f.Weights {
			if w.Rival == rival {
				return w.Weight, nil
			}
		}
	}
	return ratio.Ratio{}, fmt.Errorf("network: the market has no firms %q and %q: %w", firm, rival, crossholding.ErrUnknown)
}

// ProfitWeights measures common ownership in a market: the weight that each firm puts on the
// profit of each rival, because its owners own the rival too, and the modified HHI.
//
// The weight of firm f on rival g is
//
//	κ(f,g) = Σ γ(o,f) β(o,g) / Σ γ(o,f) β(o,f)
//
// over the owners o, with γ control and β economic interest, and MHHI delta is the sum of
// κ(f,g) s(f) s(g) over all pairs f ≠ g, with s the market shares, times 10,000 (O'Brien and
// Salop, Competitive Effects of Partial Ownership, 67 Antitrust L.J. 559, 2000; the formulas
// were read in programs and papers that cite it, the article was not read). The measure is
// disputed as an explanation of prices.
//
// Owners are ultimate owners: interest and control pass through companies, and round loops.
// A company's votes at a meeting, or its power there, belong to those who control the company
// in the same measure. So a firm that holds 25% of a rival, and has owners who hold nothing
// else of it, has the weight 1/4.
//
// Market shares are fractions of the market. They may add up to less than 1: then the HHI is
// that of the firms given.
//
// It fails with [crossholding.ErrUnknown] for an unknown company, basis or kind of weights,
// with [crossholding.ErrRange] for shares below 0 or of more than 1 in all, with
// [crossholding.ErrMissing] for an empty market and for a firm that no owner who counts both
// controls and owns, with [crossholding.ErrTooLarge] beyond [MaxMarketFirms], with a
// [*crossholding.NoOutsideOwnerError] for rings that nobody outside owns, and with the errors
// of [crossholding.Alliance.Votes] and [MeetingPower].
//
// It solves two systems of linear equations for each firm, and with an index measures the
// meetings of all companies above the firms. Then the time is in proportion to the holdings
// of all owners in all firms, times the firms.
func ProfitWeights(ctx context.Context, a *crossholding.Alliance, market map[string]ratio.Ratio, opt CommonOwnershipOptions) (CommonOwnership, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return CommonOwnership{}, ctxError(ctx)
	}
	q := &commonOwnership{g: a.Graph(), opt: opt, investor: map[int32]bool{}}
	if err := q.read(market); err != nil {
		return CommonOwnership{}, err
	}
	interest, err := q.interestSolver(ctx)
	if err != nil {
		return CommonOwnership{}, err
	}
	control, err := q.controlSolver(ctx, a)
	if err != nil {
		return CommonOwnership{}, err
	}
	q.interest, q.control = make([]map[owner]ratio.Ratio, len(q.firms)), make([]map[owner]ratio.Ratio, len(q.firms))
	stage := progress.Start(ctx, "owners of firms", len(q.firms), 1)
	for i, f := range q.firms {
		stage.At(i)
		if q.interest[i], err = q.owners(ctx, interest, f.node); err != nil {
			return CommonOwnership{}, err
		}
		if q.control[i], err = q.owners(ctx, control, f.node); err != nil {
			return CommonOwnership{}, err
		}
	}
	stage.End()
	return q.answer(ctx)
}

// commonOwnership is one call of [ProfitWeights].
type commonOwnership struct {
	g                 crossholding.Graph
	opt               CommonOwnershipOptions
	investor          map[int32]bool
	firms             []firm // by company
	interest, control []map[owner]ratio.Ratio
}

type firm struct {
	node  int32
	share ratio.Ratio
}

// owner is a party, a company that is not looked through, or the float of a company.
type owner struct {
	node  int32
	float bool
}

func (q *commonOwnership) name(o owner) string {
	if o.float {
		return crossholding.FloatOf(q.g.ID(o.node))
	}
	return q.g.ID(o.node)
}

// read checks the market and the investors.
func (q *commonOwnership) read(market map[string]ratio.Ratio) error {
	var errs []error
	switch q.opt.Weights {
	case WeightsByVotes, WeightsByBanzhaf, WeightsByShapleyShubik:
	default:
		errs = append(errs, unknownOption("Weights", q.opt.Weights, WeightsByBanzhaf, WeightsByShapleyShubik))
	}
	switch n := len(market); {
	case n == 0:
		errs = append(errs, fmt.Errorf("network: the market has no firms: %w", crossholding.ErrMissing))
	case n > MaxMarketFirms:
		return fmt.Errorf("network: the market has %d firms, and at most %d are allowed: %w", n, MaxMarketFirms, crossholding.ErrTooLarge)
	}
	var sum ratio.Ratio
	for _, id := range slices.Sorted(maps.Keys(market)) {
		node, err := q.g.Company(id)
		share, shareErr := fraction("market share of "+id, market[id], ratio.Ratio{})
		if err = errors.Join(err, shareErr); err != nil {
			errs = append(errs, err)
			continue
		}
		sum = sum.Add(share)
		q.firms = append(q.firms, firm{node, share})
	}
	if ratio.Int(1).Less(sum) {
		errs = append(errs, fmt.Errorf("network: market shares add up to %s: %w", sum.ShortPercent(), crossholding.ErrRange))
	}
	for _, id := range q.opt.Investors {
		node, err := q.g.Node(id)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if _, both := market[id]; both {
			errs = append(errs, fmt.Errorf("network: Investors: %s is a firm of the market: %w", id, crossholding.ErrDuplicate))
		}
		q.investor[node] = true
	}
	return errors.Join(errs...)
}

// owners returns the owners of a firm that count, with what they have of it.
func (q *commonOwnership) owners(ctx context.Context, s *crossholding.Solver, node int32) (map[owner]ratio.Ratio, error) {
	list, _, err := s.Owners(ctx, node)
	if err != nil {
		return nil, err
	}
	out := map[owner]ratio.Ratio{}
	for _, h := range list {
		end := h.Float || !q.g.HasShares(h.Node) || q.investor[h.Node]
		dispersed := h.Float || q.g.Dispersed(h.Node)
		if end && (q.opt.Floats || !dispersed) && !h.Amount.IsZero() {
			out[owner{h.Node, h.Float}] = h.Amount
		}
	}
	return out, nil
}

// answer weighs the firms.
func (q *commonOwnership) answer(ctx context.Context) (CommonOwnership, error) {
	held := map[owner][]int{} // firms of each owner
	for i := range q.firms {
		for o := range q.interest[i] {
			held[o] = append(held[o], i)
		}
	}
	out := CommonOwnership{Firms: make([]MarketFirm, len(q.firms))}
	points := ratio.Int(10_000)
	var errs []error
	stage := progress.Start(ctx, "profit weights", len(q.firms), 1)
	for i, f := range q.firms {
		stage.At(i)
		if ctx.Err() != nil {
			return CommonOwnership{}, ctxError(ctx)
		}
		m := MarketFirm{Company: q.g.ID(f.node), Share: f.share, Owners: q.list(i), Weights: []ProfitWeight{}}
		sums := make([]ratio.Ratio, len(q.firms))
		for o, c := range q.control[i] {
			for _, j := range held[o] {
				sums[j] = sums[j].Add(c.Mul(q.interest[j][o]))
			}
		}
		if sums[i].IsZero() {
			errs = append(errs, fmt.Errorf("network: nobody who counts as an owner both controls and owns %s; name companies that decide for themselves in Investors, or set Floats: %w", m.Company, crossholding.ErrMissing))
			continue
		}
		out.HHI = out.HHI.Add(points.Mul(f.share).Mul(f.share))
		for j, g := range q.firms {
			if j == i {
				continue
			}
			w := ProfitWeight{Rival: q.g.ID(g.node), Weight: sums[j].Div(sums[i])}
			w.Points = points.Mul(w.Weight).Mul(f.share).Mul(g.share)
			out.Delta = out.Delta.Add(w.Points)
			m.Weights = append(m.Weights, w)
		}
		out.Firms[i] = m
	}
	stage.End()
	if len(errs) > 0 {
		return CommonOwnership{}, errors.Join(errs...)
	}
	out.MHHI = out.HHI.Add(out.Delta)
	return out, nil
}

// list returns the owners of a firm by name.
func (q *commonOwnership) list(i int) []FirmOwner {
	at := map[owner]bool{}
	for o := range q.interest[i] {
		at[o] = true
	}
	for o := range q.control[i] {
		at[o] = true
	}
	out := make([]FirmOwner, 0, len(at))
	for o := range at {
		out = append(out, FirmOwner{q.name(o), q.control[i][o], q.interest[i][o]})
	}
	slices.SortFunc(out, func(a, b FirmOwner) int { return strings.Compare(a.Owner, b.Owner) })
	return out
}

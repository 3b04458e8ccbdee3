package compliance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// SanctionsOptions says which rule decides whether companies count as blocked. The zero
// value is OFAC's 50 percent rule.
type SanctionsOptions struct {
	// Regime is a built-in regime, by default [RegimeOFAC], or the id of one version
	// of a regime, such as "EU-2018". If it is a regime, the version in force on the
	// book's day applies, or the last version if the book is undated.
	Regime string
	// Rule, if not nil, is used instead of a built-in regime.
	Rule *SanctionsRegime
	// Voting says how votes are counted if a regime counts votes.
	Voting crossholding.VotingOptions
}

// SanctionsReport lists the companies that blocked parties own. It is plain data.
type SanctionsReport struct {
	Regime SanctionsRegime `json:"regime"`
	// Companies are the companies of which blocked parties have a part, without the
	// blocked parties themselves, sorted by id.
	Companies []SanctionedCompany `json:"companies"`
}

// SanctionedCompany holds the interest of blocked parties in one company. It is plain
// data.
type SanctionedCompany struct {
	Company   string      `json:"company"`
	Owned     bool        `json:"owned"`     // it counts as blocked
	Through   []string    `json:"through"`   // the blocked parties concerned, sorted: all of them, or one with its concert
	Basis     law.Measure `json:"basis"`     // what Fraction counts
	Fraction  ratio.Ratio `json:"fraction"`  // the fraction that they and the companies they own have, 0..1, of outstanding shares or of votes
	Holders   []Share     `json:"holders"`   // the holders of Fraction, sorted; of an owned company, those blocked before it
	Threshold ratio.Ratio `json:"threshold"` // the threshold of the regime
	AtLeast   bool        `json:"at_least"`  // reaching the threshold is enough
}

// Blocked returns the companies that count as blocked, sorted.
func (s SanctionsReport) Blocked() []string {
	out := []string{}
	for _, c := range s.Companies {
		if c.Owned {
			out = append(out, c.Company)
		}
	}
	return out
}

// Of returns the interest of blocked parties in one company, or false if they have
// nothing of it.
func (s SanctionsReport) Of(company string) (SanctionedCompany, bool) {
	i, ok := slices.BinarySearchFunc(s.Companies, company, func(c SanctionedCompany, id string) int { return cmp.Compare(c.Company, id) })
	if !ok {
		return SanctionedCompany{}, false
	}
	return s.Companies[i], true
}

// String returns the answer as a sentence.
func (c SanctionedCompany) String() string {
	parts := make([]string, len(c.Holders))
	for i, h := range c.Holders {
		parts[i] = fmt.Sprintf("%s %s", h.Holder, h.Fraction.ShortPercent())
	}
	verdict := "is not owned by"
	if c.Owned {
		verdict = "is owned by"
	}
	return fmt.Sprintf("%s %s %s: %s of its %s (%s), where %s is needed", c.Company, verdict, strings.Join(c.Through, " with "),
		c.Fraction.ShortPercent(), c.Basis, strings.Join(parts, ", "), condition(c.Threshold, c.AtLeast))
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (c SanctionedCompany) WithNames(name func(id string) string) SanctionedCompany {
	c.Company, c.Through, c.Holders = name(c.Company), named(c.Through, name), slices.Clone(c.Holders)
	for i, h := range c.Holders {
		c.Holders[i].Holder = name(h.Holder)
	}
	return c
}

// Sanctions returns the companies that count as owned by blocked parties. These are the
// least set that contains the blocked parties and every company of which the members
// of the set together have enough (OFAC FAQ 401). Shares are counted by beneficiary, as
// a fraction of the outstanding shares. Votes are those that can move a result.
//
// It fails with a [*crossholding.BandsError] for a book with bands, with
// [crossholding.ErrMissing] without blocked parties, with [crossholding.ErrUnknown]
// for an unknown party, or for a regime that is unknown or not in force, and with
// [crossholding.ErrRange] for a threshold outside 0..1. If the regime counts votes, it
// also fails with the errors of [crossholding.Alliance.Votes].
func Sanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt SanctionsOptions) (SanctionsReport, error) {
	ctx, a = given(ctx, a)
	r, err := sanctions(ctx, a, blocked, &opt)
	return r, told(err)
}

func sanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt *SanctionsOptions) (SanctionsReport, error) {
	s, err := newSanctionsRun(ctx, a, blocked, opt)
	if err != nil {
		return SanctionsReport{}, err
	}
	stage := progress.Start(ctx, "blocked groups", len(s.groups), 1)
	for i, seeds := range s.groups {
		stage.At(i)
		if err := s.spread(ctx, seeds); err != nil {
			return SanctionsReport{}, err
		}
	}
	stage.End()
	out := SanctionsReport{Regime: s.regime, Companies: make([]SanctionedCompany, 0, len(s.rows))}
	for _, c := range slices.Sorted(maps.Keys(s.rows)) {
		out.Companies = append(out.Companies, s.rows[c])
	}
	return out, nil
}

// sanctionsRun is one call of [Sanctions].
type sanctionsRun struct {
	g       crossholding.Graph
	regime  SanctionsRegime
	tallies []*crossholding.Tally // one for each basis
	groups  [][]int32             // blocked parties that count together
	rows    map[int32]SanctionedCompany
}

func newSanctionsRun(ctx context.Context, a *crossholding.Alliance, blocked []string, opt *SanctionsOptions) (*sanctionsRun, error) {
	s := &sanctionsRun{g: a.Graph(), rows: map[int32]SanctionedCompany{}}
	if err := s.choose(ctx, a, opt); err != nil {
		return nil, err
	}
	if len(blocked) == 0 {
		return nil, fmt.Errorf("no blocked parties: %w", crossholding.ErrMissing)
	}
	var seeds []int32
	for _, id := range blocked {
		i, err := s.g.Node(id)
		if err != nil {
			return nil, err
		}
		seeds = append(seeds, i)
	}
	slices.Sort(seeds)
	seeds = slices.Compact(seeds)
	if s.groups = [][]int32{seeds}; !s.regime.Aggregate {
		s.groups = concerted(s.g, seeds)
	}
	return s, nil
}

// choose fills in the regime and its tallies.
func (s *sanctionsRun) choose(ctx context.Context, a *crossholding.Alliance, opt *SanctionsOptions) error {
	if opt.Rule != nil {
		s.regime = *opt.Rule
	} else {
		regime, ok := regimeOn(a.AsOf(), cmp.Or(opt.Regime, RegimeOFAC))
		if !ok {
			return fmt.Errorf("no sanctions regime %q in force (book of %s): %w", opt.Regime, cmp.Or(string(a.AsOf()), "no date"), crossholding.ErrUnknown)
		}
		s.regime = regime
	}
	var err error
	if s.regime.Threshold, err = fraction("Threshold", s.regime.Threshold, ratio.Of(1, 2)); err != nil {
		return err
	}
	if s.regime.Bases = slices.Clone(s.regime.Bases); len(s.regime.Bases) == 0 {
		s.regime.Bases = []law.Measure{law.MeasureShares}
	}
	for _, m := range s.regime.Bases {
		var basis crossholding.Basis
		switch m {
		case law.MeasureShares:
			basis = crossholding.BasisCapital
		case law.MeasureVotes:
		default:
			return fmt.Errorf("basis %q of sanctions, which can be %s or %s: %w", m, law.MeasureShares, law.MeasureVotes, crossholding.ErrUnknown)
		}
		t, err := a.Tally(ctx, basis, opt.Voting)
		if err != nil {
			return err
		}
		s.tallies = append(s.tallies, t)
	}
	return nil
}

// concerted divides parties into groups that act in concert. It uses the agreements
// that are in force on the book's day and not limited to one issuer.
func concerted(g crossholding.Graph, seeds []int32) [][]int32 {
	group := make(map[int32]int32, len(seeds)) // party to the first of its group
	for _, i := range seeds {
		group[i] = i
	}
	for ag := range g.Agreements() {
		if ag.Kind != crossholding.AgreementConcert || ag.Issuer != "" {
			continue
		}
		first := crossholding.NoNode
		for _, h := range ag.Holders {
			n, err := g.Node(h)
			if err != nil {
				continue
			}
			root, ok := group[n]
			if !ok {
				continue
			}
			if first == crossholding.NoNode {
				first = root
			}
			low, high := min(first, root), max(first, root)
			for _, j := range seeds {
				if group[j] == high {
					group[j] = low
				}
			}
			first = low
		}
	}
	var out [][]int32
	for _, i := range seeds {
		if group[i] != i {
			continue
		}
		var members []int32
		for _, j := range seeds {
			if group[j] == i {
				members = append(members, j)
			}
		}
		out = append(out, members)
	}
	return out
}

// spread finds what one group of blocked parties owns. With several bases, each adds
// companies in turn until none adds any.
func (s *sanctionsRun) spread(ctx context.Context, seeds []int32) error {
	rule := crossholding.Rule{Threshold: s.regime.Threshold, AtLeast: s.regime.AtLeast}
	members := slices.Clone(seeds)
	var last *crossholding.NodeGroup
	for i, exhausted := 0, 0; exhausted < len(s.tallies); i = (i + 1) % len(s.tallies) {
		g, err := s.tallies[i].Group(ctx, rule, members...)
		if err != nil {
			return err
		}
		last = g
		exhausted++
		for node, level := range g.Nodes() {
			if level == 0 {
				continue
			}
			exhausted = 1 // this basis found new companies, so all others must try again
			members = append(members, node)
			s.note(i, seeds, node, g.Stakes(node), true)
		}
	}
	for i, t := range s.tallies {
		for _, c := range t.Issuers(members...) {
			if !last.Has(c) {
				s.note(i, seeds, c, stakesOf(last, t, c), false)
			}
		}
	}
	return nil
}

// stakesOf returns the stakes of company c that members of the group have by tally t.
func stakesOf(g *crossholding.NodeGroup, t *crossholding.Tally, c int32) []int32 {
	var out []int32
	from, to := t.Graph().Stakes(c)
	for e := from; e < to; e++ {
		if who, _ := t.Stake(e); who != crossholding.NoNode && g.Has(who) {
			out = append(out, e)
		}
	}
	return out
}

// note records a group's interest in company c by one basis if it is stronger than the
// recorded one. Owned is stronger than not owned, and then the larger fraction is
// stronger.
func (s *sanctionsRun) note(basis int, seeds []int32, c int32, stakes []int32, owned bool) {
	t := s.tallies[basis]
	base := t.Base(c)
	if base.IsZero() {
		return
	}
	var sum ratio.Ratio
	byHolder := map[int32]ratio.Ratio{}
	for _, e := range stakes {
		who, amount := t.Stake(e)
		byHolder[who] = byHolder[who].Add(amount)
		sum = sum.Add(amount)
	}
	row := SanctionedCompany{Company: s.g.ID(c), Owned: owned, Through: s.g.IDs(seeds), Basis: s.regime.Bases[basis],
		Fraction: sum.Div(base), Holders: []Share{}, Threshold: s.regime.Threshold, AtLeast: s.regime.AtLeast}
	if old, ok := s.rows[c]; ok && (old.Owned && !owned || old.Owned == owned && row.Fraction.Cmp(old.Fraction) <= 0) {
		return
	}
	for _, who := range slices.Sorted(maps.Keys(byHolder)) { // ids are sorted as nodes are
		if amount := byHolder[who]; !amount.IsZero() {
			row.Holders = append(row.Holders, Share{s.g.ID(who), amount.Div(base)})
		}
	}
	s.rows[c] = row
}

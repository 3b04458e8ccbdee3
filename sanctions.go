package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// SanctionsRegime says when a company counts as owned by blocked parties, as
// data. It is a plain value; write one to state a rule that the built-in table
// does not have.
type SanctionsRegime struct {
	ID        string        `json:"id"`
	Regime    string        `json:"regime,omitempty"` // of which it is one version
	Body      string        `json:"body"`
	Citation  string        `json:"citation"`
	From      date.Date     `json:"from,omitempty"`      // first day in force
	To        date.Date     `json:"to,omitempty"`        // last day in force
	Threshold ratio.Ratio   `json:"threshold"`           // fraction 0..1 of what is outstanding; 0 means 1/2
	Strict    bool          `json:"strict,omitempty"`    // the threshold must be passed; default: reaching it is enough
	Measures  []law.Measure `json:"measures,omitempty"`  // any of them is enough; default shares
	Aggregate bool          `json:"aggregate,omitempty"` // all blocked parties count together; default: each with those it is in concert with
	Verified  string        `json:"verified,omitempty"`  // "read", "secondary" or "not verified"
	Note      string        `json:"note,omitempty"`
}

// The regimes of the built-in table.
const (
	RegimeOFAC = "OFAC" // United States
	RegimeEU   = "EU"   // European Union
	RegimeUK   = "UK"   // United Kingdom
)

// SanctionsRegimes returns the built-in regimes, sorted by id. In all of them
// a blocked intermediary passes on all that it holds and one that is not
// blocked passes on nothing: nothing is multiplied along a chain.
func SanctionsRegimes() []SanctionsRegime {
	half := ratio.Of(1, 2)
	return []SanctionsRegime{
		{ID: "EU-2018", Regime: RegimeEU, Body: "Council of the European Union", To: "2024-07-02", Threshold: half, Strict: true, Aggregate: true, Verified: "secondary",
			Citation: "EU Best Practices for the effective implementation of restrictive measures, para. 62",
			Note:     "more than 50%; added up by the Commission's answers on asset freezes"},
		{ID: "EU-2024", Regime: RegimeEU, Body: "Council of the European Union", From: "2024-07-03", Threshold: half, Aggregate: true, Verified: "secondary",
			Citation: "EU Best Practices for the effective implementation of restrictive measures, 3 July 2024",
			Note:     "50% or more of the proprietary rights, designated persons added up; control, which also freezes, is another question; that blocked intermediaries pass all is our reading"},
		{ID: "OFAC-2008", Regime: RegimeOFAC, Body: "US Treasury, OFAC", From: "2008-02-14", To: "2014-08-12", Threshold: half, Verified: "secondary",
			Citation: "OFAC, guidance of 14 February 2008", Note: "each blocked person by itself"},
		{ID: "OFAC-2014", Regime: RegimeOFAC, Body: "US Treasury, OFAC", From: "2014-08-13", Threshold: half, Aggregate: true, Verified: "read",
			Citation: "OFAC, FAQ 398, 399 and 401 (13 August 2014)"},
		{ID: "UK-2019", Regime: RegimeUK, Body: "HM Treasury, OFSI", Threshold: half, Strict: true, Measures: []law.Measure{law.MeasureShares, law.MeasureVotes}, Verified: "secondary",
			Citation: "Russia (Sanctions) (EU Exit) Regulations 2019, reg. 7; OFSI, UK Financial Sanctions General Guidance, para. 4.1.4",
			Note:     "more than 50% of shares or votes; holdings are added only under a joint arrangement"},
	}
}

// SanctionsOptions says by whose rules companies count as blocked. The zero
// value is OFAC's 50 percent rule.
type SanctionsOptions struct {
	// Regime is a built-in regime, default [RegimeOFAC], of which the version
	// in force on the book's day applies, the last if the book is undated; or
	// the id of one version, such as "EU-2018".
	Regime string
	// Rule, if not nil, is used instead of a built-in regime.
	Rule *SanctionsRegime
	// Voting says how votes are counted where a regime looks at votes.
	Voting VotingOptions
}

// Sanctions is which companies blocked parties own. Plain data.
type Sanctions struct {
	Regime    SanctionsRegime
	Companies []SanctionedCompany // every company of which blocked parties have something, themselves apart, sorted by id
}

// SanctionedCompany is how blocked parties stand in one company. Plain data.
type SanctionedCompany struct {
	Company string
	Owned   bool           // it counts as blocked
	Through []string       // the blocked parties concerned, sorted: all of them, or one and those in concert with it
	Measure law.Measure    // of Share
	Share   ratio.Ratio    // what they and the companies they own have of it, 0..1 of what is outstanding or can vote
	Holders []BlockedShare // who has Share; for an owned company those blocked before it, sorted
	Needed  ratio.Ratio    // the regime's threshold
	Strict  bool           // which must be passed
}

// BlockedShare is what one blocked holder has, 0..1.
type BlockedShare struct {
	Holder string
	Share  ratio.Ratio
}

// Blocked returns the companies that count as blocked, sorted.
func (s Sanctions) Blocked() []string {
	var out []string
	for _, c := range s.Companies {
		if c.Owned {
			out = append(out, c.Company)
		}
	}
	return out
}

// Of returns how blocked parties stand in one company; false if they have
// nothing of it.
func (s Sanctions) Of(company string) (SanctionedCompany, bool) {
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
		parts[i] = fmt.Sprintf("%s %s", h.Holder, h.Share.ShortPercent())
	}
	verdict := "is not owned by"
	if c.Owned {
		verdict = "is owned by"
	}
	return fmt.Sprintf("%s %s %s: %s of its %s (%s), where %s is needed", c.Company, verdict, strings.Join(c.Through, " with "),
		c.Share.ShortPercent(), c.Measure, strings.Join(parts, ", "), margin(c.Needed, c.Strict))
}

// Sanctions answers which companies count as owned by the blocked parties:
// the least set that contains the blocked parties and every company of which
// its members together have enough (OFAC FAQ 401). Ownership is by whose money
// it is, of the shares outstanding; votes are those that can move a result.
//
// Errors: an [*IntervalError] for a book with bands, on whichever measure,
// [ErrMissing] without blocked parties, [ErrUnknown] for a party or a
// regime that is not there or not in force, [ErrRange] for a threshold outside 0..1, and those
// of [Alliance.Votes] where the regime looks at votes.
func (a *Alliance) Sanctions(ctx context.Context, blocked []string, opt SanctionsOptions) (Sanctions, error) {
	ctx = orBackground(ctx)
	if err := a.settled(); err != nil {
		return Sanctions{}, err
	}
	s, err := newSanctions(ctx, a, blocked, &opt)
	if err != nil {
		return Sanctions{}, err
	}
	heard := progress.Start(ctx, "blocked groups", len(s.groups), 1)
	for i, seeds := range s.groups {
		heard.At(i)
		if err := s.spread(ctx, seeds); err != nil {
			return Sanctions{}, fmt.Errorf("crossholding: %w", err)
		}
	}
	heard.End()
	out := Sanctions{Regime: s.regime}
	for c := range int32(len(a.graph.IDs)) {
		if row, ok := s.rows[c]; ok {
			out.Companies = append(out.Companies, row)
		}
	}
	return out, nil
}

// sanctioning is one run of the question.
type sanctioning struct {
	a       *Alliance
	regime  SanctionsRegime
	ballots []*tally.Tally // one a measure
	groups  [][]int32      // blocked parties that count together
	rows    map[int32]SanctionedCompany
}

func newSanctions(ctx context.Context, a *Alliance, blocked []string, opt *SanctionsOptions) (*sanctioning, error) {
	s := &sanctioning{a: a, rows: map[int32]SanctionedCompany{}}
	if err := s.choose(ctx, opt); err != nil {
		return nil, err
	}
	if len(blocked) == 0 {
		return nil, fmt.Errorf("crossholding: no blocked parties: %w", ErrMissing)
	}
	var seeds []int32
	for _, id := range blocked {
		i, err := a.party(id)
		if err != nil {
			return nil, err
		}
		seeds = append(seeds, i)
	}
	slices.Sort(seeds)
	seeds = slices.Compact(seeds)
	if s.groups = [][]int32{seeds}; !s.regime.Aggregate {
		s.groups = a.concerted(seeds)
	}
	return s, nil
}

// choose fills in the regime and its ballots.
func (s *sanctioning) choose(ctx context.Context, opt *SanctionsOptions) error {
	if opt.Rule != nil {
		s.regime = *opt.Rule
	} else {
		regime, ok := s.a.regime(cmp.Or(opt.Regime, RegimeOFAC))
		if !ok {
			return fmt.Errorf("crossholding: no sanctions regime %q in force (book of %s): %w", opt.Regime, cmp.Or(string(s.a.AsOf()), "no date"), ErrUnknown)
		}
		s.regime = regime
	}
	var err error
	if s.regime.Threshold, err = fraction("Threshold", s.regime.Threshold, ratio.Of(1, 2)); err != nil {
		return err
	}
	if s.regime.Measures = slices.Clone(s.regime.Measures); len(s.regime.Measures) == 0 {
		s.regime.Measures = []law.Measure{law.MeasureShares}
	}
	for _, m := range s.regime.Measures {
		switch m {
		case law.MeasureShares:
			s.ballots = append(s.ballots, tally.OutstandingShares(&s.a.graph))
		case law.MeasureVotes:
			v, err := s.a.Votes(ctx, opt.Voting)
			if err != nil {
				return err
			}
			s.ballots = append(s.ballots, v.ballot(""))
		default:
			return unknown("measure", string(m))
		}
	}
	return nil
}

// regime returns the version of a regime that is in force, or one by its id.
func (a *Alliance) regime(name string) (out SanctionsRegime, ok bool) {
	for _, r := range SanctionsRegimes() { // versions of one regime stand in order
		if r.ID == name || r.Regime == name && date.Within(a.AsOf(), r.From, r.To) {
			out, ok = r, true
		}
	}
	return out, ok
}

// concerted divides parties into those that agreements to act in concert, in
// force on the book's day and not confined to one issuer, hold together.
func (a *Alliance) concerted(seeds []int32) [][]int32 {
	group := make(map[int32]int32, len(seeds)) // party to the first of its group
	for _, i := range seeds {
		group[i] = i
	}
	for i := range a.ledger.agreements {
		ag := &a.ledger.agreements[i]
		if ag.Kind != Concert || ag.Issuer != "" || !date.Within(a.ledger.asOf, ag.From, ag.To) {
			continue
		}
		first := int32(graph.None)
		for _, h := range ag.Holders {
			n, _ := a.node(h)
			root, ok := group[n]
			if !ok {
				continue
			}
			if first == graph.None {
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

// spread finds what one group of blocked parties owns. With several measures
// each adds companies in turn until none adds any.
func (s *sanctioning) spread(ctx context.Context, seeds []int32) error {
	rule := tally.Rule(s.regime.Threshold, s.regime.Strict)
	members := slices.Clone(seeds)
	var last *majority.Group
	for i, quiet := 0, 0; quiet < len(s.ballots); i = (i + 1) % len(s.ballots) {
		g, err := s.ballots[i].Engine.Group(ctx, rule, members...)
		if err != nil {
			return err
		}
		last = g
		quiet++
		for m := range g.Controlled() {
			quiet = 1 // this measure is exhausted, the others must look again
			members = append(members, m.Node)
			s.note(i, seeds, m.Node, g.Entries(m.Node), true)
		}
	}
	for i, b := range s.ballots {
		for _, c := range b.Issuers(members...) {
			if !last.Has(c) {
				s.note(i, seeds, c, s.entries(b, c, last), false)
			}
		}
	}
	return nil
}

// entries returns the stakes of c that members of the group have.
func (s *sanctioning) entries(b *tally.Tally, c int32, g *majority.Group) []int32 {
	var out []int32
	from, to := b.Graph.Column(c)
	for e := from; e < to; e++ {
		if who := b.In.Who[e]; who != graph.None && g.Has(who) {
			out = append(out, e)
		}
	}
	return out
}

// note records how a group stands in company c by one measure, if that is the
// most there is to say of c: owned before not owned, then the larger share.
func (s *sanctioning) note(measure int, seeds []int32, c int32, entries []int32, owned bool) {
	b := s.ballots[measure]
	base := b.Base(c)
	if base.IsZero() {
		return
	}
	row := SanctionedCompany{Company: b.Graph.IDs[c], Owned: owned, Through: b.Graph.Names(seeds), Measure: s.regime.Measures[measure],
		Needed: s.regime.Threshold, Strict: s.regime.Strict}
	byHolder := map[int32]ratio.Ratio{}
	for _, e := range entries {
		who, figure := b.Stake(e)
		byHolder[who] = byHolder[who].Add(figure)
		row.Share = row.Share.Add(figure)
	}
	row.Share = row.Share.Div(base)
	if old, ok := s.rows[c]; ok && (old.Owned && !owned || old.Owned == owned && row.Share.Cmp(old.Share) <= 0) {
		return
	}
	for who, figure := range byHolder {
		if !figure.IsZero() {
			row.Holders = append(row.Holders, BlockedShare{b.Graph.IDs[who], figure.Div(base)})
		}
	}
	slices.SortFunc(row.Holders, func(x, y BlockedShare) int { return strings.Compare(x.Holder, y.Holder) })
	s.rows[c] = row
}

package crossholding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/ratio"
)

// BandedStake is a stake that is known only as a band. It is a plain value.
type BandedStake struct {
	Holder string         `json:"holder"`
	Issuer string         `json:"issuer"`
	Class  string         `json:"class"`
	Given  ratio.Interval `json:"given"` // in the book, as a fraction of the class's issued shares
	// Rounded is the percentage in the book, if Given is the band of a rounded one.
	Rounded ratio.Number `json:"rounded,omitempty"`
	// Band is the part of Given that the other stakes allow. A stake cannot be more than
	// the outstanding shares minus the lower ends of all other stakes. The lower
	// end is always that of Given, because the rest may be float.
	Band ratio.Interval `json:"band"`
	// Shares is a number of shares within Band that an answer assumes, see [ControlBound],
	// and Fraction is Shares as a fraction of the class's issued shares. Both are 0 where
	// nothing is assumed.
	Shares   ratio.Ratio `json:"shares,omitzero"`
	Fraction ratio.Ratio `json:"fraction,omitzero"`
}

func (s BandedStake) String() string {
	text := fmt.Sprintf("%s in %s (%s): %s", s.Holder, s.Issuer, s.Class, s.Band)
	if s.Rounded != "" {
		text += fmt.Sprintf(", written %s%% and rounded", s.Rounded)
	}
	return text
}

// A BandsError says that a question needs exact stakes but the book knows some only as
// bands. It unwraps to [ErrBands]. Ask what Use names, take rounded percentages as they are
// written with [Alliance.AsWritten], or choose one figure of every band with
// [Alliance.WithBandsAt].
type BandsError struct {
	Stakes []BandedStake // sorted by issuer, then holder
	// Use is what answers the question with bounds, or with yes, no or depends, such as
	// "Bounds.Owners". It is empty if nothing does.
	Use string
}

func (e *BandsError) Error() string {
	var parts []string
	for _, s := range e.Stakes[:min(len(e.Stakes), 10)] {
		parts = append(parts, s.String())
	}
	if n := len(e.Stakes); n > 10 {
		parts = append(parts, fmt.Sprintf("%d more", n-10))
	}
	way := "choose one figure of every band with WithBandsAt"
	if !slices.ContainsFunc(e.Stakes, func(s BandedStake) bool { return s.Rounded == "" }) {
		way = "take the percentages as they are written with AsWritten"
	}
	if e.Use != "" {
		way = "use " + e.Use + ", or " + way
	}
	return fmt.Sprintf("crossholding: %v: %s: %s", ErrBands, strings.Join(parts, "; "), way)
}

// Unwrap returns [ErrBands].
func (e *BandsError) Unwrap() error { return ErrBands }

// requireExact fails with a [*BandsError] if some stake is known only as a band. Every
// question whose answer is one figure calls it first. Use says what answers with bounds.
func (a *Alliance) requireExact(use string) error {
	if a.ledger == nil || a.ledger.bands == 0 {
		return nil
	}
	return &BandsError{a.Banded(), use}
}

// Banded returns the stakes that are known only as bands, sorted by issuer, then holder.
func (a *Alliance) Banded() []BandedStake {
	if a.ledger == nil || a.ledger.bands == 0 {
		return nil
	}
	var out []BandedStake
	for c := range int32(a.graph.IDs.Len()) {
		if a.hasBands(c) {
			out = append(out, a.banded(a.stakesIn(c))...)
		}
	}
	return out
}

// WithBandsAt returns the alliance with every band replaced by one figure: its lower end at
// 0, half way between its ends at 1/2, its upper end at 1, which is the most that the
// other stakes leave. Use it for questions that need exact stakes. If the end of a band is
// open, as in "more than 25%", the figure is the limit: 25%. It fails with [ErrRange] if at
// is not 0..1.
//
// All upper ends together, or all middles, can be more than the outstanding shares.
// WithBandsAt then fails with [ErrOverAllocated], as [New] does. The answers for the two
// ends do not bound the answers for the book: use [Alliance.Bounds] for that.
func (a *Alliance) WithBandsAt(at ratio.Ratio) (*Alliance, error) {
	if at.Sign() < 0 || ratio.Int(1).Less(at) {
		return nil, fmt.Errorf("crossholding: bands at %s of their length: %w", at, ErrRange)
	}
	if a.ledger == nil || a.ledger.bands == 0 {
		return a, nil
	}
	l := a.ledger.clone()
	var f faults
	for c := range int32(a.graph.IDs.Len()) {
		if !a.hasBands(c) {
			continue
		}
		for _, k := range a.stakesIn(c).Classes {
			for _, s := range k.Stakes {
				rec := l.stakes[a.graph.Record[s.ID]]
				rec.band, rec.rounded = nil, ""
				rec.shares = s.Lo.Add(s.Hi.Sub(s.Lo).Mul(at))
				if !rec.shares.IsDecimal() {
					f.Add("", ratio.ErrNumber, "%s in %s: %s shares have more digits than a book can hold", rec.holder, rec.issuer, rec.shares)
				}
			}
		}
	}
	l.normalize()
	f.checkAllocation(l)
	if err := f.err(); err != nil {
		return nil, err
	}
	return index(l), nil
}

// band reads a stake that is given as a band.
func (p *parser) band(place string, in *Stake, rec *stakeRecord, k *classRecord) {
	at := place + ".between"
	if in.Shares != "" || in.Percent != "" {
		p.Add(place, ErrDuplicate, "%s in %s: between %s and a figure besides", in.Holder, in.Issuer, input.Abbreviate(in.Between))
		return
	}
	v, err := ratio.ParseInterval(in.Between)
	if err != nil {
		text, kind := input.Explain(err)
		p.Add(at, kind, "%s in %s: band %s", in.Holder, in.Issuer, text)
		return
	}
	if k.issued.IsZero() {
		p.nothingIssued(at, in, k)
		return
	}
	p.bandOf(at, in, rec, k, v)
}

// checkBands reports each class whose lower ends add up to the outstanding shares although
// some stakes are said to be more than their lower ends.
func (f *faults) checkBands(l *ledger) {
	if l.bands == 0 {
		return
	}
	type key struct{ issuer, class string }
	least := map[key]ratio.Ratio{}
	more := map[key][]string{}
	for _, s := range l.stakes {
		k := key{s.issuer, s.class}
		least[k] = least[k].Add(s.shares)
		if s.band != nil && s.band.LoOpen {
			more[k] = append(more[k], fmt.Sprintf("%s %s", s.holder, s.band))
		}
	}
	for i := range l.companies {
		c := &l.companies[i]
		for _, k := range c.classes {
			id := key{c.ID, k.name}
			if len(more[id]) > 0 && least[id].Equal(k.outstanding()) {
				f.Add("companies."+c.ID, ErrOverAllocated, "%s (%s): all stakes together are more than %s of %s outstanding shares: %s",
					c.ID, k.name, least[id], k.outstanding(), strings.Join(more[id], ", "))
			}
		}
	}
}

// hasBands reports whether some stake in company c is known only as a band.
func (a *Alliance) hasBands(c int32) bool {
	from, to := a.graph.Column(c)
	return slices.ContainsFunc(a.graph.Record[from:to], func(i int32) bool { return a.ledger.stakes[i].band != nil })
}

// issuerStakes holds the possible stakes in one company, with the company's classes in the
// order of the book.
type issuerStakes struct {
	interval.FeasibleSet
	recs []classRecord
}

// stakesIn returns the possible stakes in company c.
func (a *Alliance) stakesIn(c int32) *issuerStakes {
	g, l := &a.graph, a.ledger
	recs := a.bookCompany(c).classes
	from, to := g.Column(c)
	classes := make([]interval.Class, 0, len(recs))
	for i := range recs {
		rec := &recs[i]
		k := interval.Class{Outstanding: rec.outstanding(), Dividend: rec.dividend}
		for e := from; e < to; e++ {
			s := l.stakes[g.Record[e]]
			if s.class != rec.name {
				continue
			}
			r := interval.Stake{ID: e, Owner: g.Beneficiary[e], Lo: s.shares, Hi: s.shares}
			if s.band != nil {
				r.Hi, r.LoOpen, r.HiOpen = rec.issued.Mul(s.band.Hi), s.band.LoOpen, s.band.HiOpen
			}
			k.Stakes = append(k.Stakes, r)
		}
		classes = append(classes, k)
	}
	return &issuerStakes{FeasibleSet: interval.NewFeasibleSet(c, classes), recs: recs}
}

// banded lists the banded stakes in one company, sorted by holder.
func (a *Alliance) banded(in *issuerStakes) []BandedStake {
	var out []BandedStake
	for i := range in.Classes {
		for j := range in.Classes[i].Stakes {
			if s := &in.Classes[i].Stakes[j]; a.stakeRecord(s.ID).band != nil {
				out = append(out, a.bandedStake(&in.recs[i], s))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b BandedStake) int {
		return cmp.Or(cmp.Compare(a.Holder, b.Holder), cmp.Compare(a.Class, b.Class))
	})
	return out
}

func (a *Alliance) bandedStake(k *classRecord, s *interval.Stake) BandedStake {
	rec := a.stakeRecord(s.ID)
	out := BandedStake{Holder: rec.holder, Issuer: rec.issuer, Class: rec.class, Given: *rec.band, Rounded: rec.rounded}
	if !k.issued.IsZero() {
		out.Band = ratio.Interval{Lo: s.Lo.Div(k.issued), Hi: s.Hi.Div(k.issued), LoOpen: s.LoOpen, HiOpen: s.HiOpen}
	}
	return out
}

// votesPerShare returns the votes of each share of stake e, which is of class k.
func (a *Alliance) votesPerShare(k *classRecord, e int32) ratio.Ratio {
	s := a.stakeRecord(e)
	if s.votesText != "" && date.Within(a.ledger.asOf, s.since, "") {
		return s.votes
	}
	if a.ledger != nil && len(s.lots) > 0 && !s.shares.IsZero() {
		votes, _ := a.ledger.votesOf(a.ledger.company(s.issuer), k, s)
		return votes.Div(s.shares)
	}
	return k.votes
}

package accounting

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// ConsolidateOptions says how a group is consolidated. It is plain data.
type ConsolidateOptions struct {
	// Method decides which amounts the entries of the non-controlling interests have. The
	// attributions have both methods.
	Method Method
}

// Consolidated is a group in one set of accounts. It is plain data.
type Consolidated struct {
	Parent  string  `json:"parent"`
	Method  Method  `json:"method"`
	Entries []Entry `json:"entries"` // each balances
	// Goodwill is that of the group's own purchases, without any of the non-controlling
	// interests and without impairment.
	Goodwill ratio.Ratio `json:"goodwill"`
	Equity   Attribution `json:"equity"` // net assets after elimination, with goodwill
	Profit   Attribution `json:"profit"` // of the period after elimination
}

// Consolidate consolidates the accounts of a group in full. It returns the elimination
// entries, and what belongs to the owners of the parent and to the non-controlling interests.
// The entries are those of holdings, of dividends, of dealings, and of the non-controlling
// interests in net assets and in profit, each in the order of the group.
//
// Net assets to be divided are, of each member, its equity, less for each holding of a
// subsidiary its part of the issuer's net assets at acquisition (or what was paid, if that is
// less), less for shares of the parent what they are carried at, less profit that is not yet
// made. Profit to be divided is a member's profit, less dividends from members, less profit
// of this period that is not yet made. Both fall on the member that has them. In the
// treasury-stock method, what a subsidiary has of the parent, its shares and its dividends,
// stays with the subsidiary and falls on the parent.
//
// The errors are those of [Attribute], and [crossholding.ErrUnknown] for an unknown method.
func Consolidate(ctx context.Context, g Group, opt ConsolidateOptions) (Consolidated, error) {
	ctx, err := begin(ctx)
	if err != nil {
		return Consolidated{}, err
	}
	if opt.Method != SimultaneousEquations && opt.Method != TreasuryStock {
		return Consolidated{}, fmt.Errorf("accounting: %s: %w", told.Choice("Method", opt.Method, TreasuryStock), crossholding.ErrUnknown)
	}
	x, err := g.index()
	if err != nil {
		return Consolidated{}, err
	}
	out := Consolidated{Parent: g.Parent, Method: opt.Method}
	own, ofParent := x.netAssets()
	if out.Equity, err = x.divide(ctx, own, ofParent); err != nil {
		return Consolidated{}, err
	}
	own, ofParent = x.profits()
	if out.Profit, err = x.divide(ctx, own, ofParent); err != nil {
		return Consolidated{}, err
	}
	var w worksheet
	out.Goodwill = w.eliminate(g)
	w.attribute(g.Parent, out.Equity.Of(opt.Method), out.Profit.Of(opt.Method))
	if out.Entries = w.entries; out.Entries == nil {
		out.Entries = []Entry{}
	}
	return out, nil
}

// netAssets returns each member's own net assets after elimination, and what it carries
// shares of the parent at.
func (x *indexed) netAssets() (own, ofParent []ratio.Ratio) {
	own, ofParent = make([]ratio.Ratio, len(x.Members)), make([]ratio.Ratio, len(x.Members))
	for i, m := range x.Members {
		own[i] = m.Equity
	}
	for _, h := range x.Holdings {
		i, less := x.at[h.Holder], h.Carrying
		if h.Issuer == x.Parent {
			ofParent[i] = ofParent[i].Add(h.Carrying)
		} else {
			less = ratio.Min(less, h.Share.Mul(h.Acquired))
		}
		own[i] = own[i].Sub(less)
	}
	for _, d := range x.Dealings {
		if d.Kind == UnrealisedProfit {
			i := x.at[d.From]
			own[i] = own[i].Sub(d.Amount)
		}
	}
	return own, ofParent
}

// profits returns each member's own profit after elimination, and its dividends from the
// parent.
func (x *indexed) profits() (own, ofParent []ratio.Ratio) {
	own, ofParent = make([]ratio.Ratio, len(x.Members)), make([]ratio.Ratio, len(x.Members))
	for i, m := range x.Members {
		own[i] = own[i].Add(m.Profit)
		for _, s := range x.shares[i] {
			dividend := s.Amount.Mul(m.Dividends)
			own[s.Node] = own[s.Node].Sub(dividend)
			if i == x.parent {
				ofParent[s.Node] = ofParent[s.Node].Add(dividend)
			}
		}
	}
	for _, d := range x.Dealings {
		if d.Kind == UnrealisedProfit && !d.Earlier {
			i := x.at[d.From]
			own[i] = own[i].Sub(d.Amount)
		}
	}
	return own, ofParent
}

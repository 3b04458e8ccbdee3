package accounting

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// These are the largest numbers that a group can have.
const (
	MaxMembers  = 500
	MaxHoldings = 20_000
	MaxDealings = 100_000
)

// Group is a parent and its subsidiaries with their accounts, what they hold of one another
// and what they dealt with one another. It is plain data. The zero value has no parent, and
// the functions of this package refuse it.
type Group struct {
	Parent   string    `json:"parent"`
	Members  []Member  `json:"members"` // the parent among them
	Holdings []Holding `json:"holdings"`
	Dealings []Dealing `json:"dealings,omitempty"`
}

// Member is the parent or a subsidiary, with figures of its own books. It is plain data.
type Member struct {
	Name string `json:"name"`
	// Equity is net assets at the end of the period. What the member holds of other members
	// is in it at Holding.Carrying.
	Equity ratio.Ratio `json:"equity"`
	// Profit is that of the period, with dividends from other members.
	Profit ratio.Ratio `json:"profit"`
	// Dividends are what the member declared in the period to all its shareholders.
	Dividends ratio.Ratio `json:"dividends"`
}

// Holding is shares of one member that another has. Several holdings of the same two members
// add up, as after a purchase in steps. It is plain data.
type Holding struct {
	Holder   string      `json:"holder"`
	Issuer   string      `json:"issuer"`
	Share    ratio.Ratio `json:"share"`    // 0..1, of the issuer's outstanding shares
	Carrying ratio.Ratio `json:"carrying"` // in the holder's books
	// Acquired is the issuer's net assets, all of them, when it became a member or when the
	// shares were bought later. It has no meaning for shares of the parent.
	Acquired ratio.Ratio `json:"acquired"`
}

// DealingKind says what two members have with one another. The zero value is no kind.
type DealingKind string

// These are the kinds of dealing.
const (
	Balance          DealingKind = "balance"           // From owes To
	UnrealisedProfit DealingKind = "unrealised_profit" // From sold to To, who still has the goods
)

// Dealing is what must be eliminated between two members, besides holdings and dividends. It
// is plain data.
type Dealing struct {
	Kind   DealingKind `json:"kind"`
	From   string      `json:"from"`
	To     string      `json:"to"`
	Amount ratio.Ratio `json:"amount"` // above 0; of a sale: the profit in what To still has
	// Earlier says that a profit is from an earlier period, so this period's profit is right.
	Earlier bool   `json:"earlier,omitempty"`
	Note    string `json:"note,omitempty"`
}

// GroupOf returns the group of a parent in an alliance, and the scope on which it rests. Who
// is a member follows control: the parent and the companies that [compliance.Consolidate]
// finds to be subsidiaries. What a member holds follows ownership: the economic interest, as
// a fraction of outstanding shares weighted by dividend. Members are sorted by id.
//
// The amounts of the group are 0, because a book has no accounts. Fill them in for
// [Consolidate], or give amounts to [Attribute]. Joint ventures and associates are in the
// scope only. A member carries them as any other asset, and [RollForward] says at how much.
//
// The errors are those of [compliance.Consolidate]. It fails with
// [crossholding.ErrTooLarge] beyond [MaxMembers] or [MaxHoldings].
func GroupOf(ctx context.Context, a *crossholding.Alliance, parent string, opt compliance.ConsolidationOptions) (Group, compliance.Consolidation, error) {
	ctx, err := begin(ctx)
	if err != nil {
		return Group{}, compliance.Consolidation{}, err
	}
	scope, err := compliance.Consolidate(ctx, a, parent, opt)
	if err != nil {
		return Group{}, compliance.Consolidation{}, told.By("accounting", err)
	}
	ids := append(scope.Of(compliance.Subsidiary), parent)
	slices.Sort(ids)
	out := Group{Parent: parent, Members: make([]Member, len(ids)), Holdings: []Holding{}}
	tally, err := a.Graph().Dividends()
	if err != nil {
		return Group{}, compliance.Consolidation{}, told.By("accounting", err)
	}
	g := a.Graph()
	for i, id := range ids {
		out.Members[i].Name = id
		node, err := g.Node(id)
		if err != nil {
			return Group{}, compliance.Consolidation{}, told.By("accounting", err)
		}
		for _, h := range tally.Fractions(node) {
			holder := g.ID(h.Node)
			if _, member := slices.BinarySearch(ids, holder); member && holder != id && !h.Float {
				out.Holdings = append(out.Holdings, Holding{Holder: holder, Issuer: id, Share: h.Amount})
			}
		}
	}
	if len(out.Members) > MaxMembers || len(out.Holdings) > MaxHoldings {
		return Group{}, compliance.Consolidation{}, fmt.Errorf("accounting: %s has a group of %d companies with %d holdings, and at most %d and %d are allowed: %w",
			parent, len(out.Members), len(out.Holdings), MaxMembers, MaxHoldings, crossholding.ErrTooLarge)
	}
	return out, scope, nil
}

// indexed is a group that was checked, with members by number.
type indexed struct {
	Group
	at     map[string]int
	parent int
	// shares[j] is what members hold of member j, as fractions, each holder once. Nodes are
	// the numbers of members.
	shares [][]crossholding.Holding
}

// index checks the form of a group and numbers its members.
func (g Group) index() (*indexed, error) {
	var f faults
	x := &indexed{Group: g, at: make(map[string]int, len(g.Members)), shares: make([][]crossholding.Holding, len(g.Members))}
	for _, c := range []struct {
		what        string
		count, most int
	}{{"members", len(g.Members), MaxMembers}, {"holdings", len(g.Holdings), MaxHoldings}, {"dealings", len(g.Dealings), MaxDealings}} {
		if c.count > c.most {
			f.add(c.what, crossholding.ErrTooLarge, "%d, and at most %d are allowed", c.count, c.most)
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	for i, m := range g.Members {
		x.member(&f, place("members", i), i, m)
	}
	parent, ok := x.at[g.Parent]
	if x.parent = parent; !ok {
		f.add("parent", crossholding.ErrUnknown, "%s is not among the members", quote(g.Parent))
	}
	for i, h := range g.Holdings {
		x.holding(&f, place("holdings", i), h)
	}
	for i, d := range g.Dealings {
		x.dealing(&f, place("dealings", i), d)
	}
	x.checkSums(&f)
	return x, f.err()
}

func (x *indexed) member(f *faults, at string, i int, m Member) {
	switch first, twice := x.at[m.Name]; {
	case m.Name == "":
		f.add(at, crossholding.ErrMissing, "the member has no name")
	case twice:
		f.add(at, crossholding.ErrDuplicate, "members[%d] has the same name %s", first, quote(m.Name))
	default:
		x.at[m.Name] = i
	}
	f.sized(at, "equity", m.Equity)
	f.sized(at, "profit", m.Profit)
	f.positive(at, "dividends", m.Dividends)
}

// pair finds two different members by name, or reports faults.
func (x *indexed) pair(f *faults, at, from, to string) (i, j int, ok bool) {
	i, known := x.at[from]
	j, alsoKnown := x.at[to]
	if !known {
		f.add(at, crossholding.ErrUnknown, "%s is not among the members", quote(from))
	}
	if !alsoKnown {
		f.add(at, crossholding.ErrUnknown, "%s is not among the members", quote(to))
	}
	if from == to {
		f.add(at, crossholding.ErrSelfStake, "%s and itself; leave treasury shares out of outstanding shares", quote(from))
	}
	return i, j, known && alsoKnown && i != j
}

func (x *indexed) holding(f *faults, at string, h Holding) {
	i, j, ok := x.pair(f, at, h.Holder, h.Issuer)
	f.positive(at, "carrying", h.Carrying)
	f.sized(at, "acquired", h.Acquired)
	if !f.positive(at, "share", h.Share) || !ok || h.Share.IsZero() {
		return
	}
	k := slices.IndexFunc(x.shares[j], func(s crossholding.Holding) bool { return int(s.Node) == i })
	if k < 0 {
		x.shares[j] = append(x.shares[j], crossholding.Holding{Node: int32(i), Amount: h.Share})
		return
	}
	x.shares[j][k].Amount = x.shares[j][k].Amount.Add(h.Share)
}

func (x *indexed) dealing(f *faults, at string, d Dealing) {
	x.pair(f, at, d.From, d.To)
	if d.Kind != Balance && d.Kind != UnrealisedProfit {
		f.add(at, crossholding.ErrUnknown, "kind %s of dealing", quote(string(d.Kind)))
	}
	if f.positive(at, "amount", d.Amount) && d.Amount.IsZero() {
		f.add(at, crossholding.ErrMissing, "%s and %s: no amount", quote(d.From), quote(d.To))
	}
	if d.Earlier && d.Kind == Balance {
		f.add(at, crossholding.ErrRange, "only a profit can be of an earlier period")
	}
}

// checkSums reports members of which more than all is held.
func (x *indexed) checkSums(f *faults) {
	for j, list := range x.shares {
		if free := x.free(j); free.Sign() < 0 {
			names := make([]string, len(list))
			for i, s := range list {
				names[i] = fmt.Sprintf("%s %s", quote(x.Members[s.Node].Name), s.Amount.ShortPercent())
			}
			f.add("holdings", crossholding.ErrOverAllocated, "%s of %s is held: %v", ratio.Int(1).Sub(free).ShortPercent(), quote(x.Members[j].Name), names)
		}
	}
}

// free returns the fraction of a member that no member holds.
func (x *indexed) free(j int) ratio.Ratio {
	rest := ratio.Int(1)
	for _, s := range x.shares[j] {
		rest = rest.Sub(s.Amount)
	}
	return rest
}

package ledger

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// Name is everything that one name holds of a company: a holder's stakes of all its classes,
// or the float.
type Name struct {
	ID     string
	Float  bool
	Due    ratio.Ratio // shares times the weight of their class
	stakes []stakeRef
}

type stakeRef struct {
	class  *Class
	at     int // in the class's stakes when the names were listed; -1 for the float
	key    Key
	shares ratio.Ratio
	due    ratio.Ratio
}

// of returns copies of the name's stakes out of those of a class. The float has none.
func (n *Name) of(stakes []Stake) []Stake {
	if n.Float {
		return nil
	}
	out := make([]Stake, len(n.stakes))
	for i, r := range n.stakes {
		out[i] = stakes[r.at]
	}
	return out
}

// Names lists the holders of classes by name, floats last. The treasury is left out, and so
// are shares of a class of weight 0. Due counts each share by the weight of its class.
func Names(classes []*Class, weight func(*Class) ratio.Ratio) []Name {
	at := map[string]int{}
	var out []Name
	for _, c := range classes {
		w := ratio.Int(1)
		if weight != nil {
			w = weight(c)
		}
		add := func(key Key, float bool, i int, shares ratio.Ratio) {
			id := key.Holder
			if shares.IsZero() || w.IsZero() {
				return
			}
			n, found := at[id]
			if !found {
				n = len(out)
				at[id], out = n, append(out, Name{ID: id, Float: float})
			}
			r := stakeRef{c, i, key, shares, shares.Mul(w)}
			out[n].stakes, out[n].Due = append(out[n].stakes, r), out[n].Due.Add(r.due)
		}
		for i := range c.Stakes {
			add(c.Stakes[i].Key, false, i, c.Stakes[i].Shares)
		}
		add(Key{Holder: c.FloatName}, true, -1, c.Float)
	}
	slices.SortFunc(out, func(a, b Name) int {
		if a.Float != b.Float {
			if a.Float {
				return 1
			}
			return -1
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// ByWeight is the dividend weight of a class.
func ByWeight(c *Class) ratio.Ratio { return c.Dividend }

// Apportion divides n among names by what is due to them, in whole units where whole is set:
// by the largest remainder, the first by name among equals.
func Apportion(n ratio.Ratio, names []Name, whole bool) []ratio.Ratio {
	due := make([]ratio.Ratio, len(names))
	for i := range names {
		due[i] = names[i].Due
	}
	return ratio.Apportion(n, due, nil, unitOf(whole))
}

// unitOf returns the unit in which shares are apportioned: 1 for whole shares, and 0 for exact parts.
func unitOf(whole bool) ratio.Ratio {
	if whole {
		return ratio.Int(1)
	}
	return ratio.Ratio{}
}

// Without returns the name without the shares whose beneficiary is owner.
func (n *Name) Without(owner string) Name {
	out := Name{ID: n.ID, Float: n.Float}
	for _, r := range n.stakes {
		if r.key.Owner() != owner {
			out.stakes, out.Due = append(out.stakes, r), out.Due.Add(r.due)
		}
	}
	return out
}

// Allot divides the wanted shares among tenders: pro rata in whole units, and the rest by the largest
// remainder, the first in the list among equals. Each gets a unit of the rest, or what is left of
// the rest or of its tender. If fewer are tendered, all are taken.
func Allot(wanted ratio.Ratio, tendered []ratio.Ratio, unit ratio.Ratio) []ratio.Ratio {
	var sum ratio.Ratio
	for _, t := range tendered {
		sum = sum.Add(t)
	}
	if !wanted.Less(sum) {
		return tendered
	}
	return ratio.Apportion(wanted, tendered, tendered, unit)
}

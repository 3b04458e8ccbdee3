package sharing

import (
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/crossholding/crossholding/internal/strictjson"
)

// MaxMembers is the largest number of members of a game.
const MaxMembers = 20

// Kind says what the values of a game are. The zero value is KindCosts.
type Kind string

// The kinds of game.
const (
	KindCosts   Kind = "costs"   // a value is a cost: less is better
	KindSavings Kind = "savings" // a value is a saving or a profit: more is better
)

func (k Kind) orDefault() Kind {
	if k == "" {
		return KindCosts
	}
	return k
}

// A Problem describes a game: what is divided among whom, and what each set of members would
// cost or save on its own. It has values in exactly one form: Values, Table, or Ventures with
// Assets. It is plain data. The zero value has no members, and New refuses it.
type Problem struct {
	Kind    Kind     `json:"kind,omitempty"` // costs if empty
	Members []string `json:"members"`

	// Values lists the value of every set of members but the empty one.
	Values []Value `json:"values,omitempty"`
	// Table has the values of all 2^n sets of n members. The value of a set is at the sum
	// of 1 for the first member, 2 for the second, 4 for the third, and so on. So Table[0]
	// is the value of nobody and must be 0, and Table[3] is that of the first two members.
	Table []Amount `json:"table,omitempty"`
	// Ventures are rules for costs. The cost of a set of members is the sum of the costs of
	// the ventures.
	Ventures []Venture `json:"ventures,omitempty"`
	// Assets lower the costs of ventures for sets that have an owner among them.
	Assets []Asset `json:"assets,omitempty"`
}

// A Value is what a set of members costs or saves on its own.
type Value struct {
	Members []string `json:"members"`
	Amount  Amount   `json:"amount"`
}

// A Venture is something that members do together, such as the development of a platform.
// A set of members without a user of the venture pays nothing for it. Any other set pays the
// fixed cost once, and the cost per use for the uses of its members.
type Venture struct {
	Name   string `json:"name"`
	Fixed  Amount `json:"fixed,omitempty"`   // at least 0
	PerUse Amount `json:"per_use,omitempty"` // at least 0
	Uses   []Use  `json:"uses"`
}

// A Use says how much a member uses a venture.
type Use struct {
	Member string `json:"member"`
	Amount Amount `json:"amount,omitempty"` // above 0; 1 if empty
}

// An Asset is something that its owners can bring to ventures, such as a technology. Each
// owner alone can bring all of it. The owner need not use the venture.
type Asset struct {
	Name    string   `json:"name"`
	Owners  []string `json:"owners"`
	Effects []Effect `json:"effects"`
}

// An Effect says by how much an asset lowers the costs of a venture, for a set of members
// that has a user of the venture and an owner of the asset. Several assets add up. They must
// not save more than a venture costs.
type Effect struct {
	Venture  string `json:"venture"`
	Fixed    Amount `json:"fixed,omitempty"`    // taken off the fixed cost; at least 0
	PerUse   Amount `json:"per_use,omitempty"`  // taken off the cost per use; at least 0
	Withheld bool   `json:"withheld,omitempty"` // the owners do not bring the asset to this venture
}

// Read reads a Problem from a JSON file. It fails with an InputError that holds all faults
// in the form of the file, and with ErrTooLarge for a file of over 256 MiB. New reports the
// faults in the content.
func Read(r io.Reader) (Problem, error) {
	var p Problem
	found, err := strictjson.Decode(r, &p, strictjson.Options{Number: reflect.TypeFor[Amount]()})
	var exceeded strictjson.Fault
	switch {
	case errors.As(err, &exceeded):
		return Problem{}, failure(ErrTooLarge, "%v", exceeded)
	case err != nil:
		return Problem{}, fmt.Errorf("sharing: %w", err)
	}
	f := faults{more: found.More}
	for _, x := range found.List {
		kind := ErrSyntax
		if x.Kind == strictjson.NotNumber {
			kind = ErrAmount
		}
		f.add(x.Place, kind, "%s", x.Reason)
	}
	if err := f.err(); err != nil {
		return Problem{}, err
	}
	return p, nil
}

// Write writes the Problem as a JSON file that Read reads. Equal problems give equal bytes.
// It fails if w fails.
func (p Problem) Write(w io.Writer) error { return strictjson.Encode(w, p) }

// Withhold returns the problem in which the owners of an asset do not bring it to a venture.
// It fails with ErrRules if the asset has no effect on the venture.
func (p Problem) Withhold(asset, venture string) (Problem, error) {
	return p.withheld(asset, venture, true)
}

// Contribute returns the problem in which the owners of an asset bring it to a venture. It
// undoes Withhold. It fails with ErrRules if the asset has no effect on the venture.
func (p Problem) Contribute(asset, venture string) (Problem, error) {
	return p.withheld(asset, venture, false)
}

func (p Problem) withheld(asset, venture string, withheld bool) (Problem, error) {
	found := false
	assets := make([]Asset, len(p.Assets))
	for i, a := range p.Assets {
		a.Effects = append([]Effect(nil), a.Effects...)
		for j, e := range a.Effects {
			if a.Name == asset && e.Venture == venture {
				a.Effects[j].Withheld = withheld
				found = true
			}
		}
		assets[i] = a
	}
	if !found {
		return Problem{}, failure(ErrRules, "the asset %s has no effect on the venture %s", show(asset), show(venture))
	}
	p.Assets = assets
	return p, nil
}

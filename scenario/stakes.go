package scenario

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// stakes are shares of one issuer, by the party whose they are and by class.
type stakes map[stakeKey]ratio.Ratio

type stakeKey struct{ party, class string }

func (k stakeKey) compare(other stakeKey) int {
	return cmp.Or(strings.Compare(k.party, other.party), strings.Compare(k.class, other.class))
}

// add adds shares.
func (s stakes) add(party, class string, n ratio.Ratio) {
	if !n.IsZero() {
		s[stakeKey{party, class}] = s[stakeKey{party, class}].Add(n)
	}
}

// parties yields the parties, and those with several classes more than once.
func (s stakes) parties() iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range s {
			if !yield(k.party) {
				return
			}
		}
	}
}

// of returns all stakes as those of one party.
func (s stakes) of(party string) stakes {
	out := make(stakes, len(s))
	for k, n := range s {
		out.add(party, k.class, n)
	}
	return out
}

// sums returns the shares of all classes by party.
func (s stakes) sums() map[string]ratio.Ratio {
	out := make(map[string]ratio.Ratio, len(s))
	for k, n := range s {
		out[k.party] = out[k.party].Add(n)
	}
	return out
}

// sum returns the shares of all classes of one party.
func (s stakes) sum(party string) ratio.Ratio {
	var n ratio.Ratio
	for k, shares := range s {
		if k.party == party {
			n = n.Add(shares)
		}
	}
	return n
}

// stakesOf returns the shares of an issuer that each party has for its money.
func (r *executor) stakesOf(issuer string) stakes {
	out := stakes{}
	for _, k := range r.open(issuer) {
		for i := range k.Stakes {
			out.add(k.Stakes[i].Owner(), k.Name, k.Stakes[i].Shares)
		}
	}
	return out
}

// holdingsOf returns the shares of an issuer that each party has for its money, with those of its
// float and of its treasury.
func (r *executor) holdingsOf(issuer string) stakes {
	out := r.stakesOf(issuer)
	for _, k := range r.open(issuer) {
		out.add(k.FloatName, k.Name, k.Float)
		out.add(issuer, k.Name, k.Treasury)
	}
	return out
}

// addHeldWith adds the shares of an issuer whose beneficiary is a holder or a company that it
// controls, all under the holder's name.
func (r *executor) addHeldWith(out stakes, holder, issuer string) error {
	others := stakes{} // of companies
	for _, k := range r.open(issuer) {
		out.add(holder, k.Name, k.For(holder))
		for i := range k.Stakes {
			s := &k.Stakes[i]
			if who := s.Owner(); who != holder {
				if _, ok := r.book.Company(who); ok {
					others.add(who, k.Name, s.Shares)
				}
			}
		}
	}
	if len(others) == 0 {
		return nil
	}
	controls, err := r.control(holder)
	if err != nil || controls == nil {
		return err
	}
	for k, shares := range others {
		if controls(k.party) {
			out.add(holder, k.class, shares)
		}
	}
	return nil
}

// heldByAll returns the shares of an issuer that each party has for its money, itself and through
// companies that it controls. The issuer is left out.
func (r *executor) heldByAll(issuer string) (stakes, error) {
	own := r.stakesOf(issuer)
	companies := false
	for who := range own.parties() {
		_, company := r.book.Company(who)
		companies = companies || company
	}
	if !companies {
		return own, nil
	}
	t, err := r.tally()
	if err != nil {
		return nil, err
	}
	above, err := t.Chains(context.Background(), crossholding.Rule{})
	if err != nil {
		return nil, err
	}
	g := t.Graph()
	out := maps.Clone(own)
	for k, shares := range own {
		c, err := g.Company(k.party)
		if err != nil {
			continue // not a company
		}
		for _, x := range above.Controllers(c) {
			if id := g.ID(x); id != issuer {
				out.add(id, k.class, shares)
			}
		}
	}
	return out, nil
}

// control tells which companies a holder controls: those in which it has more than half of
// the votes, or that it controls by a fact of the day, itself or through such companies. Votes
// count as the shares have them on the day, without the law and without agreements. It returns
// nil if the holder is gone.
func (r *executor) control(holder string) (func(company string) bool, error) {
	t, err := r.tally()
	if err != nil {
		return nil, err
	}
	return controlBy(t, holder)
}

// controlBy is [executor.control] by a count of votes.
func controlBy(t *crossholding.Tally, holder string) (func(company string) bool, error) {
	g := t.Graph()
	node, err := g.Node(holder)
	if err != nil {
		return nil, nil
	}
	group, err := t.Group(context.Background(), crossholding.Rule{}, node) // the step as a whole can be cancelled
	if err != nil {
		return nil, err
	}
	return func(company string) bool {
		c, err := g.Node(company)
		return err == nil && group.Controls(c)
	}, nil
}

// tally counts the votes of all shares, without the law and without agreements. The lowest
// figure of a band counts. It counts once for all that ask between two steps.
func (r *executor) tally() (*crossholding.Tally, error) {
	if r.counted != nil {
		return r.counted, nil
	}
	d, err := r.draft()
	if err != nil {
		return nil, err
	}
	a := d.Alliance()
	if len(a.Banded()) > 0 {
		if a, err = a.WithBandsAt(ratio.Ratio{}); err != nil {
			return nil, err
		}
	}
	r.counted, err = a.Tally(context.Background(), crossholding.BasisExercisable, crossholding.VotingOptions{NoLaw: true, NoContracts: true})
	return r.counted, err
}

package scenario

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// treatsAllAlike reports whether the step turns the shares of all holders into others, so that
// nobody buys or sells.
func (s *checkedStep) treatsAllAlike() bool {
	switch s.Step.Step {
	case StepSplit:
		return true
	case StepConvert:
		return s.From == ""
	case StepDividend:
		return s.In == DividendShares
	}
	return false
}

// turned is what a share of a class becomes in a step that treats all alike.
type turned struct {
	into  string // the name of a class
	times ratio.Ratio
}

// turns is what shares become, by the name of their class. Shares of other classes stay.
type turns map[string]turned

// of returns what shares of a class become, without rounding.
func (t turns) of(class string, n ratio.Ratio) (string, ratio.Ratio) {
	if x, ok := t[class]; ok {
		return x.into, n.Mul(x.times)
	}
	return class, n
}

// turns returns what shares of the step's issuer become.
func (r *executor) turns(s *checkedStep) (turns, error) {
	out := turns{}
	if s.Step.Step == StepDividend {
		classes, _, err := r.earning(s.Issuer, s.Class)
		for _, k := range classes {
			out[k.Name] = turned{k.Name, s.ratio.Add(ratio.Int(1))}
		}
		return out, err
	}
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return nil, err
	}
	into := p
	if s.ToClass != "" {
		if into, err = r.position(s.Issuer, s.ToClass); err != nil {
			return nil, err
		}
	}
	out[p.k.Name] = turned{into.k.Name, s.ratio}
	return out, nil
}

// makeAlike makes a step that treats all shares of an issuer alike. It turns each share into exactly
// as many as its ratio says. By rounding, a name then loses a part of a share to nobody, or gets one
// from nobody.
//
// Promises count as if the step had been made before the moment. The stake before the moment is the
// stake after the step, with what the ratio makes of the shares that left it earlier in the moment,
// and without what it makes of those that came. So rounding alone breaks no promise. A pre-emption
// follows as many shares as the ratio makes of those that changed hands. What rounding took from a
// name that had got some of them went to nobody else, and is not missing.
//
// Example: a sells 5 of 250 shares to u, and a split 3:2 rounds down. a has 367 (of 367.5) and u has 7
// (of 7.5). Before the moment a had 367 + 7.5 = 374.5. If u passes its 7 to another holder of the
// pre-emption, none is missing. If it passes 6, 1 is.
func (r *executor) makeAlike(s *checkedStep) error {
	turn, err := r.turns(s)
	if err != nil {
		return err
	}
	was := r.holdingsOf(s.Issuer)
	about := func(p *restriction) bool { return p.agreement.Issuer == s.Issuer }
	if err := r.makeNeutral(s, about, "", turn); err != nil {
		return err
	}
	r.turnMoved(s.Issuer, turn)
	r.noteDropped(s.Issuer, was.turned(turn), r.holdingsOf(s.Issuer))
	return nil
}

// makeMerger makes a merger. A holder who merges into another company hands its promise on to that
// one. The merger itself breaks no promise of the two: they bought and sold nothing by it.
func (r *executor) makeMerger(s *checkedStep) error {
	of := func(p *restriction) bool { return p.holder != "" && (p.holder == s.Issuer || p.holder == s.Into) }
	return r.makeNeutral(s, of, s.Into, nil)
}

// makeNeutral makes a step of which the change of stakes breaks none of some promises: they count
// as if the step had been made before the moment. If there is an heir, it has these promises then.
func (r *executor) makeNeutral(s *checkedStep, concerned func(*restriction) bool, heir string, turn turns) error {
	was := map[*restriction]stakes{}
	for i := range r.promises {
		p := &r.promises[i]
		if !concerned(p) {
			continue
		}
		was[p] = p.before
		if r.begun {
			var err error
			if was[p], err = r.promised(p); err != nil {
				return err
			}
		}
	}
	if err := r.dispatch(s); err != nil {
		return err
	}
	for p, was := range was {
		before := p.before
		if heir != "" {
			p.holder, before, was = heir, before.of(heir), was.of(heir)
		}
		now, err := r.promised(p)
		if err != nil {
			return err
		}
		p.before = now.withoutMoves(before, was, turn)
	}
	return nil
}

// withoutMoves returns what the stakes after a step that treats all alike would be, if nothing had
// changed them from before the moment to before the step.
func (s stakes) withoutMoves(before, was stakes, turn turns) stakes {
	left := maps.Clone(before) // what left each stake since
	for k, n := range was {
		left.add(k.party, k.class, n.Neg())
	}
	for k, n := range left.turned(turn) {
		s.add(k.party, k.class, n)
	}
	return s
}

// turned returns what stakes become, without rounding.
func (s stakes) turned(turn turns) stakes {
	out := make(stakes, len(s))
	for k, n := range s {
		class, n := turn.of(k.class, n)
		out.add(k.party, class, n)
	}
	return out
}

// turnMoved turns shares that changed hands or were dropped earlier in the moment into what they
// became.
func (r *executor) turnMoved(issuer string, turn turns) {
	for i := range r.moved {
		p := &r.moved[i]
		if p.Issuer == issuer {
			p.Class, p.Shares = turn.of(p.Class, p.Shares)
		}
		if p.Kind == ledger.Transform && p.IntoIssuer == issuer {
			p.IntoClass, p.Into = turn.of(p.IntoClass, p.Into)
		}
	}
	r.turnDropped(issuer, turn)
}

// noteDropped keeps the parts of a share that rounding took from names that had got shares earlier
// in the moment: at most what they had got. The shares that were due and those that were made are
// given.
func (r *executor) noteDropped(issuer string, due, made stakes) {
	got := map[string]ratio.Ratio{}
	shifts, _ := r.shifts(issuer)
	for _, x := range shifts {
		got[x.to] = got[x.to].Add(x.n)
	}
	for _, k := range slices.SortedFunc(maps.Keys(due), stakeKey.compare) {
		lost := ratio.Min(due[k].Sub(made[k]), got[k.party])
		if lost.Sign() > 0 {
			r.dropped[issuer].add(k.party, k.class, lost)
			got[k.party] = got[k.party].Sub(lost)
		}
	}
}

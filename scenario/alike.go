package scenario

import (
	"maps"

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
	whole bool // parts of a share are rounded
}

// turns returns what shares of the step's issuer become, by class.
func (r *executor) turns(s *checkedStep) (map[string]turned, error) {
	out := map[string]turned{}
	if s.Step.Step == StepDividend {
		classes, c, err := r.earning(s.Issuer, s.Class)
		for _, k := range classes {
			if err == nil {
				out[k.Name] = turned{k.Name, s.ratio.Add(ratio.Int(1)), r.rounds(s, c.ID)}
			}
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
	out[p.k.Name] = turned{into.k.Name, s.ratio, r.rounds(s, p.c.ID)}
	return out, nil
}

// rounds reports whether the step rounds parts of a share.
func (r *executor) rounds(s *checkedStep, company string) bool {
	return s.Fractions != FractionsKeep && (s.Fractions != "" || !r.inPercent(company))
}

// makeAlike makes a step that treats all shares of an issuer alike. Promises count as if it had
// been made before the moment: what it makes of the stakes breaks none, and shares that had changed
// hands in the moment count as what they would have become.
func (r *executor) makeAlike(s *checkedStep) error {
	turn, err := r.turns(s)
	if err != nil {
		return err
	}
	about := func(p *restriction) bool { return p.agreement.Issuer == s.Issuer }
	if err := r.makeNeutral(s, about, "", turn); err != nil {
		return err
	}
	r.turnMoved(s.Issuer, turn)
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
func (r *executor) makeNeutral(s *checkedStep, concerned func(*restriction) bool, heir string, turn map[string]turned) error {
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
func (s stakes) withoutMoves(before, was stakes, turn map[string]turned) stakes {
	left := maps.Clone(before) // what left each stake since
	for k, n := range was {
		left.add(k.party, k.class, n.Neg())
	}
	for k, n := range left {
		class := k.class
		if t, ok := turn[class]; ok {
			if class, n = t.into, n.Mul(t.times); t.whole {
				n = towardsZero(n)
			}
		}
		s.add(k.party, class, n)
	}
	return s
}

func towardsZero(n ratio.Ratio) ratio.Ratio {
	if n.Sign() < 0 {
		return n.Neg().Floor().Neg()
	}
	return n.Floor()
}

// turnMoved turns shares that changed hands earlier in the moment into what they became.
func (r *executor) turnMoved(issuer string, turn map[string]turned) {
	become := func(class *string, n *ratio.Ratio) {
		if t, ok := turn[*class]; ok {
			*class, *n = t.into, n.Mul(t.times)
		}
	}
	for i := range r.moved {
		p := &r.moved[i]
		if p.Issuer == issuer {
			become(&p.Class, &p.Shares)
		}
		if p.Kind == ledger.Transform && p.IntoIssuer == issuer {
			become(&p.IntoClass, &p.Into)
		}
	}
}

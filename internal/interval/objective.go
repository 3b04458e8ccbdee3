package interval

import (
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/ratio"
)

// target is where a walk should end: at the owner, or anywhere else.
type target struct {
	owner     exact.Owner
	elsewhere bool
}

// holder reports whether an end at holder i is in the target.
func (t target) holder(i int32) bool { return (!t.owner.Float && t.owner.Node == i) != t.elsewhere }

// float reports whether an end at the float of company c is in the target.
func (t target) float(c int32) bool { return (t.owner.Float && t.owner.Node == c) != t.elsewhere }

// objective returns the probability of reaching the target in a step, as a linear
// function of a company's stakes, times the set's total. The function v returns
// the values of states.
func (p *process) objective(set *FeasibleSet, t target, v func(at int) ratio.Ratio) Linear {
	return p.linear(set, t, ratio.Int(1), v, func(k *Class) ratio.Ratio { return k.Dividend })
}

// rankObjective is like objective, with ranks for values and without the size of
// dividends. It orders the stakes and the float of a class in the same way, so
// the same points are best.
func (p *process) rankObjective(set *FeasibleSet, t target, r ranks) Linear {
	return p.linear(set, t, ratio.Int(r.one), func(at int) ratio.Ratio { return ratio.Int(r.of[at]) }, func(k *Class) ratio.Ratio { return ratio.Int(int64(k.Dividend.Sign())) })
}

// linear returns one times the weight of its class for each share that reaches
// the target, and the value of the holder's state times that weight for others.
func (p *process) linear(set *FeasibleSet, t target, one ratio.Ratio, v func(at int) ratio.Ratio, weight func(k *Class) ratio.Ratio) Linear {
	f := Linear{Stakes: make([]ratio.Ratio, 0, set.size()), Floats: make([]ratio.Ratio, 0, len(set.Classes))}
	for i := range set.Classes {
		k := &set.Classes[i]
		w := weight(k)
		end := one.Mul(w)
		for j := range k.Stakes {
			value := ratio.Ratio{}
			if i := k.Stakes[j].Owner; i == p.stop || !p.model.PaysDividends(i) {
				if t.holder(i) {
					value = end
				}
			} else if at, ok := p.state[i]; ok {
				value = w.Mul(v(at))
			}
			f.Stakes = append(f.Stakes, value)
		}
		float := ratio.Ratio{}
		if t.float(set.Company) {
			float = end
		}
		f.Floats = append(f.Floats, float)
	}
	return f
}

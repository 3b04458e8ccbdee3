package ocf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// security is an issued security.
type security struct {
	holder, class string // the class by its id
	shares        ratio.Ratio
	price         string
	line          int
	gone          bool
}

// scenario makes the steps of all transactions.
func (in *reader) scenario() scenario.Scenario {
	if in.issuer == nil {
		return scenario.Scenario{}
	}
	// Securities are issued before others use them on the same day.
	slices.SortStableFunc(in.transactions, func(x, y object) int {
		return cmp.Or(strings.Compare(x.Date, y.Date), cmp.Compare(later(x.Type), later(y.Type)))
	})
	results := map[string]bool{}
	for i := range in.transactions {
		o := &in.transactions[i]
		if !transactions[o.Type] {
			continue // what comes of a right is new
		}
		for _, id := range append(slices.Clone(o.Results), o.Balance, o.Result) {
			results[id] = true
		}
	}
	s := scenario.Scenario{Name: in.issuer.LegalName, Steps: []scenario.Step{}}
	for i := range in.transactions {
		o := &in.transactions[i]
		in.line = o.line
		before := len(s.Steps)
		var ok bool
		switch o.Type {
		case "TX_STOCK_ISSUANCE":
			s.Steps, ok = in.issuance(s.Steps, o, results[o.Security])
		case "TX_STOCK_CLASS_SPLIT":
			s.Steps, ok = in.split(s.Steps, o)
		case "TX_STOCK_CONSOLIDATION":
			ok = in.consolidation(o)
		default:
			switch kind, verb, right := rightOf(o.Type); {
			case right && rightVerbs[verb]:
				s.Steps, ok = in.lapse(s.Steps, o, kind)
			case right:
				s.Steps, ok = in.grant(s.Steps, o, kind)
			default:
				s.Steps, ok = in.ending(s.Steps, o)
			}
		}
		if !ok {
			s.Steps = s.Steps[:before]
			continue
		}
		in.report.Read++
		for k := range s.Steps[before:] {
			step := &s.Steps[before+k]
			step.Date, step.Note = date.Date(o.Date), o.Type+" "+o.ID
			switch step.Step {
			case scenario.StepGrant, scenario.StepLapse, scenario.StepAdvanceDate: // about no class
			default:
				step.Issuer = in.issuer.ID
			}
		}
	}
	return s
}

func later(kind string) int {
	if strings.HasSuffix(kind, "_ISSUANCE") {
		return 0
	}
	return 1
}

// positive reads a positive number of shares.
func (in *reader) positive(o *object, n number) (ratio.Ratio, bool) {
	r, err := ratio.Number(n).Ratio()
	if err != nil || r.Sign() <= 0 || !r.IsDecimal() {
		in.fault(ratio.ErrNumber, "%s: %q is no positive number", o.ID, string(n))
		return r, false
	}
	return r, true
}

// price returns a price as a step has it, or nothing for none. A price of 0 is none.
func (in *reader) price(o *object, m money) (string, bool) {
	if m.Amount == "" {
		return "", true
	}
	r, err := ratio.Number(m.Amount).Ratio()
	if err != nil || r.Sign() < 0 || len(m.Currency) != 3 {
		in.fault(ratio.ErrNumber, "%s: %q %q is no price", o.ID, string(m.Amount), m.Currency)
		return "", false
	}
	if r.IsZero() {
		return "", true
	}
	return string(m.Amount) + " " + m.Currency, true
}

// issuance adds a security. It makes a step if its shares are new.
func (in *reader) issuance(steps []scenario.Step, o *object, result bool) ([]scenario.Step, bool) {
	n, ok := in.positive(o, o.Quantity)
	price, priced := in.price(o, o.SharePrice)
	class, known := in.classes[o.Class]
	switch {
	case !ok || !priced:
		return steps, false
	case o.Security == "" || in.securities[o.Security] != nil:
		in.fault(crossholding.ErrDuplicate, "%s: the security %q has no id, or is issued twice", o.ID, o.Security)
		return steps, false
	case !known || !in.holders[o.Holder]:
		in.fault(crossholding.ErrUnknown, "%s: the class %q or the stakeholder %q is not in the files", o.ID, o.Class, o.Holder)
		return steps, false
	}
	in.securities[o.Security] = &security{holder: o.Holder, class: o.Class, shares: n, price: price, line: o.line}
	if result {
		return steps, true
	}
	return append(steps, scenario.Step{Step: scenario.StepIssue, Class: class, To: o.Holder, Shares: n.Number(), Price: price}), true
}

// maxSplits is the largest number of splits, each of which goes through all securities.
const maxSplits = 1000

// split multiplies the shares of all securities of a class that are outstanding.
func (in *reader) split(steps []scenario.Step, o *object) ([]scenario.Step, bool) {
	if in.splits++; in.splits > maxSplits {
		in.fault(crossholding.ErrTooLarge, "%s: the files have more than %d splits", o.ID, maxSplits)
		return steps, false
	}
	class, known := in.classes[o.Class]
	over, ok := in.positive(o, o.Split.Numerator)
	under, ok2 := in.positive(o, o.Split.Denominator)
	if !known {
		in.fault(crossholding.ErrUnknown, "%s: the class %q is not in the files", o.ID, o.Class)
	}
	if !known || !ok || !ok2 {
		return steps, false
	}
	for _, s := range in.securities {
		if s.class == o.Class && !s.gone {
			s.shares = s.shares.Mul(over).Div(under)
		}
	}
	return append(steps, scenario.Step{Step: scenario.StepSplit, Class: class, Ratio: string(over.Number()) + ":" + string(under.Number())}), true
}

// security returns a security that is outstanding.
func (in *reader) security(o *object, id string) *security {
	s := in.securities[id]
	if s == nil || s.gone {
		in.fault(crossholding.ErrUnknown, "%s: the security %q is not outstanding", o.ID, id)
		return nil
	}
	return s
}

// consolidation joins securities, which moves no shares.
func (in *reader) consolidation(o *object) bool {
	for _, id := range o.Securities {
		s := in.security(o, id)
		if s == nil {
			return false
		}
		s.gone = true
	}
	return in.security(o, o.Result) != nil
}

// ending makes the steps of a transaction that ends a security, or a part of it.
func (in *reader) ending(steps []scenario.Step, o *object) ([]scenario.Step, bool) {
	s := in.security(o, o.Security)
	if s == nil {
		return steps, false
	}
	n := s.shares
	if quantity := cmp.Or(o.Quantity, o.Converted); quantity != "" && o.Type != "TX_STOCK_RETRACTION" {
		var ok bool
		if n, ok = in.positive(o, quantity); !ok {
			return steps, false
		}
	}
	if s.shares.Less(n) {
		in.fault(crossholding.ErrNotEnough, "%s: the security %s has %s shares, not %s", o.ID, o.Security, s.shares.String(), n.String())
		return steps, false
	}
	class := in.classes[s.class]
	var ok bool
	switch o.Type {
	case "TX_STOCK_REPURCHASE", "TX_STOCK_CANCELLATION", "TX_STOCK_RETRACTION":
		step := scenario.Step{Step: scenario.StepBuyback, Class: class, From: s.holder, Shares: n.Number(), Cancel: true}
		if step.Price, ok = in.price(o, o.Price); o.Type == "TX_STOCK_RETRACTION" {
			step.Price = s.price
		}
		steps = append(steps, step)
	default:
		steps, ok = in.moves(steps, o, s, n)
	}
	if !ok {
		return steps, false
	}
	s.gone = true
	left := s.shares.Sub(n)
	if rest := in.securities[o.Balance]; o.Balance != "" && (rest == nil || !rest.shares.Equal(left)) {
		in.report.Conflicts.Add(o.line, "balance", "%s: %s shares of the security %s are left, which is not what %s has", o.ID, left.String(), o.Security, o.Balance)
	} else if o.Balance == "" && left.Sign() > 0 {
		s.shares, s.gone = left, false
	}
	return steps, true
}

// moves makes the steps of a security that becomes others: of other holders, or of another class.
func (in *reader) moves(steps []scenario.Step, o *object, s *security, n ratio.Ratio) ([]scenario.Step, bool) {
	var total ratio.Ratio
	for _, id := range o.Results {
		next := in.security(o, id)
		if next == nil {
			return steps, false
		}
		total = total.Add(next.shares)
		step := scenario.Step{Class: in.classes[s.class], From: s.holder, Shares: next.shares.Number()}
		switch {
		case o.Type == "TX_STOCK_CONVERSION":
			if len(o.Results) > 1 || next.holder != s.holder || next.class == s.class {
				in.fault(crossholding.ErrUnknown, "%s: a conversion is into one security of the same holder and another class", o.ID)
				return steps, false
			}
			step.Step, step.Shares, step.ToClass = scenario.StepConvert, n.Number(), in.classes[next.class]
			step.Ratio = string(next.shares.Number()) + ":" + string(n.Number())
			return append(steps, step), true
		case next.class != s.class:
			in.fault(crossholding.ErrUnknown, "%s: the security %s is of another class than %s", o.ID, id, o.Security)
			return steps, false
		case next.holder == s.holder:
			continue // the same shares of the same holder
		}
		step.Step, step.To = scenario.StepTrade, next.holder
		steps = append(steps, step)
	}
	if !total.Equal(n) {
		in.fault(crossholding.ErrBalance, "%s: %s shares of the security %s become %s shares of others", o.ID, n.String(), o.Security, total.String())
		return steps, false
	}
	return steps, true
}

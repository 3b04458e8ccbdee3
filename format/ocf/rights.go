package ocf

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// rightKinds are the securities that are rights to new shares, by the beginning of the types of
// their transactions.
var rightKinds = []struct {
	prefix string
	kind   crossholding.RightKind
}{
	{"TX_WARRANT_", crossholding.RightWarrant}, {"TX_CONVERTIBLE_", crossholding.RightConvertible},
	{"TX_EQUITY_COMPENSATION_", crossholding.RightOption}, {"TX_PLAN_SECURITY_", crossholding.RightOption},
}

// rightVerbs are the transactions of rights that are read, and whether they end the right.
var rightVerbs = map[string]bool{"ISSUANCE": false, "TRANSFER": true, "CANCELLATION": true, "RETRACTION": true, "EXERCISE": true, "CONVERSION": true, "RELEASE": true}

// rightOf returns the kind of right that a transaction is about, and its verb.
func rightOf(kind string) (k crossholding.RightKind, verb string, ok bool) {
	for _, x := range rightKinds {
		if v, found := strings.CutPrefix(kind, x.prefix); found {
			_, ok = rightVerbs[v]
			return x.kind, v, ok
		}
	}
	return "", "", false
}

// conversion is what a right becomes: the conversion right of a trigger, or of an issuance in
// versions of the format before 1.0.
type conversion struct {
	Mechanism struct {
		Type     string `json:"type"`
		Quantity number `json:"converts_to_quantity"`
	} `json:"conversion_mechanism"`
	Future bool   `json:"converts_to_future_round"`
	Class  string `json:"converts_to_stock_class_id"`
}

// conversions returns the conversions of all triggers of an issuance.
func (o *object) conversions() ([]conversion, error) {
	var out []conversion
	for _, raw := range []json.RawMessage{o.ExerciseTriggers, o.ConversionTriggers} {
		var triggers []struct {
			Right conversion `json:"conversion_right"`
		}
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &triggers); err != nil {
				return nil, err
			}
		}
		for _, t := range triggers {
			out = append(out, t.Right)
		}
	}
	if out == nil && len(o.ConversionRights) > 0 {
		return out, json.Unmarshal(o.ConversionRights, &out)
	}
	return out, nil
}

// definite returns the class and the number of shares that a right is to, or an error that says
// why there are none.
func (in *reader) definite(o *object, kind crossholding.RightKind) (class string, n ratio.Ratio, err error) {
	list, err := o.conversions()
	if err != nil {
		return "", n, fmt.Errorf("its conversion cannot be read: %w", err)
	}
	class, quantity := o.Class, o.Quantity
	for i, c := range list {
		fixed := c.Mechanism.Type == "FIXED_AMOUNT_CONVERSION"
		switch {
		case kind == crossholding.RightConvertible && !fixed:
			return "", n, fmt.Errorf("its number of shares follows from %s", cmp.Or(c.Mechanism.Type, "no mechanism"))
		case c.Class == "":
			return "", n, errors.New("it names no class of shares")
		case i > 0 && c.Class != class:
			return "", n, errors.New("its triggers lead to several classes")
		case fixed && i > 0 && c.Mechanism.Quantity != quantity:
			return "", n, errors.New("its triggers lead to several numbers of shares")
		}
		if class = c.Class; fixed {
			quantity = c.Mechanism.Quantity
		}
	}
	if class == "" {
		if class, err = in.planClass(o.Plan); err != nil {
			return "", n, err
		}
	}
	switch {
	case o.Compensation == "CSAR" || o.Compensation == "SSAR":
		return "", n, fmt.Errorf("a %s gives the rise in value of shares, and not a fixed number of them", o.Compensation)
	case quantity == "":
		return "", n, errors.New("it has no number of shares")
	case quantity == o.Quantity && strings.HasSuffix(o.QuantitySource, "_ESTIMATED") || o.QuantitySource == "INSTRUMENT_MAX" || o.QuantitySource == "INSTRUMENT_MIN":
		return "", n, fmt.Errorf("its number of shares is %s", o.QuantitySource)
	case in.classes[class] == "":
		return "", n, fmt.Errorf("the class %q is not in the files", class)
	}
	n, err = ratio.Number(quantity).Ratio()
	if err != nil || n.Sign() <= 0 || !n.IsDecimal() {
		return "", n, fmt.Errorf("%q is no positive number", string(quantity))
	}
	return class, n, nil
}

// planClass returns the class of the shares of a plan, if it has one.
func (in *reader) planClass(id string) (string, error) {
	classes, known := in.plans[id]
	switch {
	case id == "":
		return "", errors.New("it names no class of shares")
	case !known:
		return "", fmt.Errorf("the plan %q is not in the files", id)
	case len(classes) != 1:
		return "", fmt.Errorf("the plan %q has %d classes of shares", id, len(classes))
	}
	return classes[0], nil
}

// grant makes the step of an issuance of a right, if it is to a definite number of shares.
func (in *reader) grant(steps []scenario.Step, o *object, kind crossholding.RightKind) ([]scenario.Step, bool) {
	price, priced := in.price(o, o.ExercisePrice)
	last := cmp.Or(o.WarrantExpiration, o.Expiration)
	switch {
	case !priced:
		return steps, false
	case o.Security == "" || in.rights[o.Security] != nil:
		in.fault(crossholding.ErrDuplicate, "%s: the security %q has no id, or is issued twice", o.ID, o.Security)
		return steps, false
	case holdings.IDFault(o.Security) != "":
		in.fault(crossholding.ErrRange, "%s: the id %q of a security %s", o.ID, o.Security, holdings.IDFault(o.Security))
		return steps, false
	case !in.holders[o.Holder]:
		in.fault(crossholding.ErrUnknown, "%s: the stakeholder %q is not in the files", o.ID, o.Holder)
		return steps, false
	case last != "" && (!date.Date(last).Valid() || o.Date != "" && last < o.Date):
		in.fault(crossholding.ErrDate, "%s: the right ends on %q, which is no day from %s on", o.ID, last, o.Date)
		return steps, false
	}
	class, n, err := in.definite(o, kind)
	if err != nil {
		in.report.Dropped.Add(o.line, "right", "%s: the %s %s is left out: %s", o.ID, kind, o.Security, err.Error())
		in.rights[o.Security] = &grantedRight{noted: true}
		return steps, false
	}
	if o.VestingTerms != "" || len(o.Vestings) > 0 {
		in.report.Guessed.Add(o.line, "vesting", "%s: the %s %s is taken as if all of it could be exercised", o.ID, kind, o.Security)
	}
	in.rights[o.Security] = &grantedRight{shares: n, last: last}
	right := &crossholding.Right{ID: o.Security, Holder: o.Holder, Issuer: in.issuer.ID, Class: in.classes[class], Shares: n.Number(), Price: price, Kind: kind, To: date.Date(last)}
	return append(steps, scenario.Step{Step: scenario.StepGrant, Right: right}), true
}

// grantedRight is a right that has been issued.
type grantedRight struct {
	shares      ratio.Ratio // that are left
	last        string      // day
	noted, gone bool        // noted: it is not in the book
}

// lapse makes the step of a transaction that ends a right, or a part of it. Shares that come of it,
// and rights that take its place, are issued by transactions of their own.
func (in *reader) lapse(steps []scenario.Step, o *object, kind crossholding.RightKind) ([]scenario.Step, bool) {
	r := in.rights[o.Security]
	switch {
	case r == nil || r.gone:
		in.fault(crossholding.ErrUnknown, "%s: the security %q is not outstanding", o.ID, o.Security)
		return steps, false
	case r.noted:
		in.report.Dropped.Add(o.line, "right", "%s: the %s %s is left out", o.ID, kind, o.Security)
		return steps, false
	}
	n := r.shares
	if o.Quantity != "" && o.Balance == "" && !strings.HasSuffix(o.Type, "_TRANSFER") && !strings.HasSuffix(o.Type, "_RETRACTION") {
		var ok bool
		if n, ok = in.positive(o, o.Quantity); !ok {
			return steps, false
		}
	}
	if r.shares.Less(n) {
		in.fault(crossholding.ErrNotEnough, "%s: the security %s is to %s shares, not %s", o.ID, o.Security, r.shares.String(), n.String())
		return steps, false
	}
	r.shares = r.shares.Sub(n)
	r.gone = r.shares.IsZero()
	if r.last != "" && r.last < o.Date {
		return append(steps, scenario.Step{Step: scenario.StepAdvanceDate}), true // it has lapsed by then
	}
	return append(steps, scenario.Step{Step: scenario.StepLapse, ID: o.Security, Shares: n.Number()}), true
}

// plan notes the classes of a plan.
func (in *reader) plan(o *object) {
	classes := slices.Clone(o.Classes)
	if o.Class != "" {
		classes = append(classes, o.Class)
	}
	in.plans[o.ID] = classes
	in.report.Read++
}

package value

import (
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Basis is the amount that a stake is written down to.
type Basis string

// These are the bases.
const (
	BasisFairValue   Basis = "fair value"         // the market price or another fair value
	BasisRecoverable Basis = "recoverable amount" // the higher of value in use and fair value less costs of disposal
)

// Judgement is a finding that a rule leaves to the caller. The zero value is no finding.
type Judgement string

// These are the findings.
const (
	Unjudged Judgement = ""
	Yes      Judgement = "yes"
	No       Judgement = "no"
)

// Citation is a place in a standard, and whether its text was read for this package.
type Citation struct {
	Place string `json:"place"`
	Says  string `json:"says"`
	URL   string `json:"url,omitempty"`
	// Checked says what was read: the text, a later or an earlier version, or "not verified".
	Checked string `json:"checked"`
}

// ImpairmentRule is the parameters of a test of impairment of a stake. It is plain data, and
// a caller can change a parameter for its own accounting policy. [ImpairmentRules] has the
// built-in ones.
//
// The fall is 1 - fair value / cost. A rule finds the evidence of an impairment in one of
// three ways: the fall is at least Normal; the fall is at least Weaker, the issuer is weak,
// and the holder's policy counts such falls; or the caller judges that there is evidence.
type ImpairmentRule struct {
	ID       string      `json:"id"`
	Name     string      `json:"name"`
	Normal   ratio.Ratio `json:"normal"`   // the fall that is evidence for any issuer; 0: no such figure
	Weaker   ratio.Ratio `json:"weaker"`   // the fall that is evidence for a weaker issuer; 0: no such figure
	Judged   bool        `json:"judged"`   // evidence, or that a loss is not temporary, is the caller's judgement
	Recovery bool        `json:"recovery"` // a recovery that is expected on good grounds prevents the loss
	Basis    Basis       `json:"basis"`
	Reversal bool        `json:"reversal"` // a later recovery is income, up to the loss
	Sources  []Citation  `json:"sources"`
}

// Measurement is what is known of a stake on the day of a test. It is plain data. All amounts
// are of the whole stake, in one currency.
type Measurement struct {
	// Carrying is the cost or the carrying value, against which the fall is measured.
	Carrying crossholding.Money `json:"carrying"`
	Fair     crossholding.Money `json:"fair"`
	// ValueInUse and CostsOfDisposal are for the recoverable amount. Without a value in use,
	// the recoverable amount is the fair value less the costs.
	ValueInUse      *crossholding.Money `json:"value_in_use,omitempty"`
	CostsOfDisposal *crossholding.Money `json:"costs_of_disposal,omitempty"`
	Weak            bool                `json:"weak,omitempty"` // the issuer is a weaker one by the holder's policy
	// Evidence is the caller's judgement: that there is objective evidence of impairment, or
	// that the loss in value is other than temporary.
	Evidence Judgement `json:"evidence,omitempty"`
	// RecoveryExpected is whether a recovery up to Carrying is expected on good grounds. Without
	// a finding, no recovery is expected.
	RecoveryExpected Judgement `json:"recovery_expected,omitempty"`
}

// Impairment is the result of a test. It is an immutable value.
type Impairment struct {
	Rule        string             `json:"rule"`
	Impaired    bool               `json:"impaired"`
	Fall        ratio.Ratio        `json:"fall"`      // 1 - fair value / carrying value
	Threshold   ratio.Ratio        `json:"threshold"` // the fall that is evidence; 0 if it is a matter of judgement
	Recoverable crossholding.Money `json:"recoverable"`
	Loss        crossholding.Money `json:"loss"`     // 0 if not impaired
	Carrying    crossholding.Money `json:"carrying"` // after the test
	Because     string             `json:"because"`  // the figures of the test
}

// String returns the figures of the test.
func (i Impairment) String() string { return i.Because }

// Test says whether a stake is impaired under a rule, and by how much.
//
// It fails with [ErrJudgement] if the rule needs a judgement that m does not have; with
// [crossholding.ErrCurrency] if amounts are in different currencies; and with
// [crossholding.ErrRange] if the carrying value is not above 0, another amount is below 0, or
// a parameter of the rule is not a fraction.
func (r ImpairmentRule) Test(m Measurement) (Impairment, error) {
	if err := r.check(m); err != nil {
		return Impairment{}, err
	}
	out := Impairment{Rule: r.ID, Fall: one.Sub(m.Fair.Amount.Div(m.Carrying.Amount)), Threshold: r.Normal}
	if m.Weak && !r.Weaker.IsZero() {
		out.Threshold = r.Weaker
	}
	out.Recoverable = r.recoverable(m)
	evidence, why := r.evidence(m, out)
	if evidence && m.Evidence == Unjudged && r.Judged {
		return Impairment{}, fail(ErrJudgement, "%s: %s; %s leaves this to a judgement, which was not given", r.ID, why, r.Name)
	}
	lower := out.Recoverable.Amount.Less(m.Carrying.Amount)
	out.Impaired = evidence && lower && !(r.Recovery && m.RecoveryExpected == Yes)
	out.Loss, out.Carrying = money(ratio.Ratio{}, m.Carrying.Currency), m.Carrying
	if out.Impaired {
		out.Loss.Amount, out.Carrying = m.Carrying.Amount.Sub(out.Recoverable.Amount), out.Recoverable
	}
	out.Because = why + r.outcome(m, out, evidence, lower)
	return out, nil
}

// check returns all that is wrong with a measurement.
func (r ImpairmentRule) check(m Measurement) error {
	var f input.Faults
	f.About = r.ID
	for _, x := range []struct {
		name  string
		money *crossholding.Money
	}{{"carrying", &m.Carrying}, {"fair", &m.Fair}, {"value_in_use", m.ValueInUse}, {"costs_of_disposal", m.CostsOfDisposal}} {
		if x.money == nil {
			continue
		}
		if x.money.Currency != m.Carrying.Currency {
			f.Add(x.name, crossholding.ErrCurrency, "%s, beside a carrying value of %s; convert one of them at a rate", x.money, m.Carrying)
		}
		if s := x.money.Amount.Sign(); s < 0 || s == 0 && x.name == "carrying" {
			f.Add(x.name, crossholding.ErrRange, "an amount of %s", x.money)
		}
	}
	for i, fall := range []ratio.Ratio{r.Normal, r.Weaker} {
		if fall.Sign() < 0 || one.Less(fall) {
			f.Add([]string{"normal", "weaker"}[i], crossholding.ErrRange, "a fall of %s; give a fraction from 0 to 1", fall)
		}
	}
	for i, j := range []Judgement{m.Evidence, m.RecoveryExpected} {
		if j != Unjudged && j != Yes && j != No {
			f.Add([]string{"evidence", "recovery_expected"}[i], crossholding.ErrUnknown, "%q, which can be yes, no or nothing", input.Abbreviate(string(j)))
		}
	}
	if r.Basis != BasisFairValue && r.Basis != BasisRecoverable {
		f.Add("basis", crossholding.ErrUnknown, "%q, which can be %q or %q", string(r.Basis), string(BasisFairValue), string(BasisRecoverable))
	}
	return faultsError(&f)
}

// recoverable returns the amount that the stake would be written down to.
func (r ImpairmentRule) recoverable(m Measurement) crossholding.Money {
	out := m.Fair
	if r.Basis == BasisFairValue {
		return out
	}
	if m.CostsOfDisposal != nil {
		out.Amount = out.Amount.Sub(m.CostsOfDisposal.Amount)
	}
	if m.ValueInUse != nil && out.Amount.Less(m.ValueInUse.Amount) {
		out = *m.ValueInUse
	}
	return out
}

// evidence reports whether there is evidence of an impairment, and says why. Where the rule
// leaves it to a judgement that is missing, it reports true if there is anything to judge.
func (r ImpairmentRule) evidence(m Measurement, i Impairment) (bool, string) {
	figures := fmt.Sprintf("fair value %s is %s of the carrying value %s, a fall of %s", m.Fair, i.share(m), m.Carrying, i.Fall.ShortPercent())
	if r.Judged {
		switch m.Evidence {
		case Yes:
			return true, figures + "; there is evidence of impairment in the caller's judgement"
		case No:
			return false, figures + "; there is no evidence of impairment in the caller's judgement"
		}
		return i.Fall.Sign() > 0, figures
	}
	who := "any issuer"
	if m.Weak && !r.Weaker.IsZero() {
		who = "a weaker issuer"
	}
	reached := !i.Threshold.IsZero() && !i.Fall.Less(i.Threshold)
	word := "less than"
	if reached {
		word = "at least"
	}
	return reached, fmt.Sprintf("%s, %s the %s for %s", figures, word, i.Threshold.ShortPercent(), who)
}

func (i Impairment) share(m Measurement) string {
	return m.Fair.Amount.Div(m.Carrying.Amount).ShortPercent()
}

// outcome completes the sentence of a test.
func (r ImpairmentRule) outcome(m Measurement, i Impairment, evidence, lower bool) string {
	var b strings.Builder
	if r.Basis == BasisRecoverable {
		fmt.Fprintf(&b, "; the recoverable amount is %s", i.Recoverable)
	}
	switch {
	case i.Impaired:
		fmt.Fprintf(&b, ": impaired by %s (%s)", i.Loss, r.ID)
	case !evidence:
		fmt.Fprintf(&b, ": not impaired (%s)", r.ID)
	case !lower:
		fmt.Fprintf(&b, ", not below the carrying value: not impaired (%s)", r.ID)
	default:
		fmt.Fprintf(&b, "; a recovery is expected: not impaired (%s)", r.ID)
	}
	return b.String()
}

package value_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

func TestImpairment(t *testing.T) {
	amount := func(text string) *crossholding.Money { m := euros(text); return &m }
	for name, c := range map[string]struct {
		rule string
		m    value.Measurement
		loss string // or part of an error
		text string
	}{
		"half lost exactly":            {"jp-practice", value.Measurement{Carrying: euros("100"), Fair: euros("50")}, "50", "a fall of 50%, at least the 50% for any issuer: impaired by 50 EUR"},
		"just under half":              {"jp-practice", value.Measurement{Carrying: euros("100"), Fair: euros("50.01")}, "0", "a fall of 49.99%, less than the 50%"},
		"half lost, recovery expected": {"jp-practice", value.Measurement{Carrying: euros("100"), Fair: euros("50"), RecoveryExpected: value.Yes}, "0", "a recovery is expected"},
		"a weaker issuer":              {"jp-practice", value.Measurement{Carrying: euros("100"), Fair: euros("70"), Weak: true}, "30", "at least the 30% for a weaker issuer"},
		"not so weak":                  {"jp-practice", value.Measurement{Carrying: euros("100"), Fair: euros("70.01"), Weak: true}, "0", "less than the 30%"},
		"a gain":                       {"jp-practice", value.Measurement{Carrying: euros("100"), Fair: euros("170")}, "0", "a fall of -70%"},
		"IAS without a judgement":      {"ias-28", value.Measurement{Carrying: euros("100"), Fair: euros("70")}, "judgement", ""},
		"IAS with evidence":            {"ias-28", value.Measurement{Carrying: euros("100"), Fair: euros("70"), CostsOfDisposal: amount("1"), Evidence: value.Yes}, "31", "the recoverable amount is 69 EUR"},
		"IAS, value in use higher":     {"ias-28", value.Measurement{Carrying: euros("100"), Fair: euros("70"), ValueInUse: amount("90"), Evidence: value.Yes}, "10", "impaired by 10 EUR"},
		"IAS, value in use enough":     {"ias-28", value.Measurement{Carrying: euros("100"), Fair: euros("70"), ValueInUse: amount("100"), Evidence: value.Yes}, "0", "not below the carrying value"},
		"IAS without evidence":         {"ias-28", value.Measurement{Carrying: euros("100"), Fair: euros("30"), Evidence: value.No}, "0", "no evidence"},
		"IAS without a fall":           {"ias-28", value.Measurement{Carrying: euros("100"), Fair: euros("100")}, "0", "not impaired"},
		"ASC, not temporary":           {"asc-323", value.Measurement{Carrying: euros("100"), Fair: euros("70"), ValueInUse: amount("90"), Evidence: value.Yes}, "30", "impaired by 30 EUR"},
		"ASC, temporary":               {"asc-323", value.Measurement{Carrying: euros("100"), Fair: euros("70"), Evidence: value.No}, "0", "not impaired"},
		"ASC without a judgement":      {"asc-323", value.Measurement{Carrying: euros("100"), Fair: euros("70")}, "judgement", ""},
		"two currencies":               {"asc-323", value.Measurement{Carrying: euros("100"), Fair: crossholding.Money{Currency: "USD"}}, "convert one of them", ""},
		"no carrying value":            {"asc-323", value.Measurement{Carrying: euros("0"), Fair: euros("1")}, "an amount of 0 EUR", ""},
		"a negative value":             {"asc-323", value.Measurement{Carrying: euros("1"), Fair: euros("-1")}, "an amount of -1 EUR", ""},
		"an unknown finding":           {"asc-323", value.Measurement{Carrying: euros("1"), Fair: euros("1"), Evidence: "perhaps"}, "perhaps", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := value.ImpairmentRuleOf(c.rule)
			require.NoError(t, err)
			got, err := r.Test(c.m)
			if err != nil {
				require.ErrorContains(t, err, c.loss)
				return
			}
			require.Equal(t, c.loss, got.Loss.Amount.String(), got)
			require.Contains(t, got.String(), c.text)
			require.Equal(t, c.loss != "0", got.Impaired)
			require.True(t, got.Carrying.Amount.Add(got.Loss.Amount).Equal(c.m.Carrying.Amount))
		})
	}
	_, err := value.ImpairmentRuleOf("gaap")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = value.ImpairmentRule{Normal: ratio.Int(2), Basis: "cost"}.Test(value.Measurement{Carrying: euros("1"), Fair: euros("1")})
	require.ErrorIs(t, err, crossholding.ErrRange)
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

// Every rule says where it comes from, and how well that was checked.
func TestRulesHaveSources(t *testing.T) {
	for _, r := range value.ImpairmentRules() {
		require.NotEmpty(t, r.Sources)
		for _, s := range r.Sources {
			require.NotEmpty(t, s.Place)
			require.NotEmpty(t, s.Says)
			require.NotEmpty(t, s.Checked)
			require.Equal(t, s.Checked == "not verified", s.URL == "")
		}
	}
}

func TestCompareFaults(t *testing.T) {
	half := ratio.Of(1, 2)
	c, err := value.Compare(euros("50"), euros("100"), half)
	require.NoError(t, err)
	require.False(t, c.Below) // half is not less than half
	_, err = value.Compare(euros("50"), crossholding.Money{Amount: half, Currency: "USD"}, half)
	require.ErrorIs(t, err, crossholding.ErrCurrency)
	_, err = value.Compare(euros("50"), euros("0"), half)
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = value.Compare(euros("50"), euros("5"), half.Neg())
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = value.Premium(euros("50"), euros("0"))
	require.ErrorIs(t, err, crossholding.ErrRange)
}

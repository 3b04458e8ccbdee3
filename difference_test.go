package crossholding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

func TestDifferencesInControlAndValue(t *testing.T) {
	b := booktest.SmallBook()
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "state", Issuer: "nissan", Shares: "60"})
	out := booktest.Run(t, b,
		scenario.Step{Step: "trade", From: "float:nissan", To: "renault", Issuer: "nissan", UpTo: "50%", Of: "outstanding", Price: "700"},
		scenario.Step{Step: "trade", From: "renault", To: "nissan", Issuer: "venture", DownTo: "40%"},
		scenario.Step{Step: "trade", From: "float:nissan", To: "renault", Issuer: "nissan", Shares: "1"})
	diff, err := out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	require.Equal(t, []crossholding.ControlRelation{{Controller: "nissan", Company: "venture"}, {Controller: "renault", Company: "nissan"}}, diff.Gained)
	require.Empty(t, diff.Lost, "renault keeps venture, now through nissan")
	var who []string
	for _, v := range diff.Values {
		who = append(who, v.Holder+" "+v.Issuer+" "+v.Before.Shares.String()+" "+v.After.Shares.String())
	}
	require.Equal(t, []string{"nissan venture 40 60", "renault nissan 434 476", "renault venture 60 40"}, who)

	gone := booktest.Run(t, b, scenario.Step{Step: "trade", From: "state", To: "fund", Issuer: "nissan", DownTo: "0%"},
		scenario.Step{Step: "trade", From: "renault", To: "float:venture", Issuer: "venture", DownTo: "50%"})
	diff, err = gone.Before.Differences(t.Context(), gone.After, crossholding.ControlOptions{Basis: crossholding.BasisCapital})
	require.NoError(t, err)
	require.Equal(t, []crossholding.ControlRelation{{Controller: "renault", Company: "venture"}}, diff.Lost)
	who = nil
	for _, v := range diff.Values {
		who = append(who, v.Holder+" "+v.Issuer+" "+v.Before.Shares.String()+" "+v.After.Shares.String())
	}
	require.Equal(t, []string{"fund nissan 100 160", "renault venture 60 50", "state nissan 60 0"}, who)
}

func TestNothingChanges(t *testing.T) {
	out := booktest.Run(t, booktest.SmallBook())
	diff, err := out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	require.Empty(t, diff.Figures)
	require.Empty(t, diff.Values)
	for range out.States() {
		t.Fatal("no steps, no states")
	}
	require.Equal(t, booktest.Bytes(t, out.Before), booktest.Bytes(t, out.After))

	var none crossholding.Alliance
	out, err = scenario.Run(t.Context(), &none, scenario.Scenario{})
	require.NoError(t, err)
	_, err = out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	_, err = compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{})
	require.NoError(t, err)
	_, err = none.Value(crossholding.Market{}, crossholding.ValuationOptions{})
	require.NoError(t, err)
}

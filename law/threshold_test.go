package law_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

func TestWhomAThresholdReaches(t *testing.T) {
	listed := law.Company{ID: "x", Country: "DE", Listed: true}
	for _, c := range []struct {
		name string
		rule law.Threshold
		day  date.Date
		want bool
	}{
		{"everywhere", law.Threshold{}, "", true},
		{"the country", law.Threshold{Country: "DE"}, "", true},
		{"another country", law.Threshold{Country: "FR"}, "", false},
		{"the issuer", law.Threshold{Issuer: "x"}, "", true},
		{"another issuer", law.Threshold{Issuer: "y"}, "", false},
		{"the issuer, not yet", law.Threshold{Issuer: "x", From: "2024-01-02"}, "2024-01-01", false},
		{"the issuer, on the day", law.Threshold{Issuer: "x", From: "2024-01-02"}, "2024-01-02", true},
		{"the issuer, listed", law.Threshold{Issuer: "x", Listed: true}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, c.rule.Reaches(&listed, c.day)) })
	}
	require.False(t, (&law.Threshold{Issuer: "x", Listed: true}).Reaches(&law.Company{ID: "x"}, ""))
}

func TestThresholdOfCountryOrIssuer(t *testing.T) {
	rule := law.Threshold{ID: "x-9", Citation: "-", Issuer: "x", Limits: []ratio.Ratio{ratio.Of(1, 10)}, Bases: []law.ThresholdBase{law.OfCapital}}
	require.Empty(t, law.CheckThresholds([]law.Threshold{rule}))
	rule.Country = "DE"
	faults := law.CheckThresholds([]law.Threshold{rule})
	require.Len(t, faults, 1)
	require.Equal(t, `threshold "x-9" wants a country or an issuer, not both`, faults[0].Reason)
	require.ErrorIs(t, faults[0].Kind, law.ErrRule)
}

package main

import (
	ch "github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

func billions(r ratio.Ratio) string { return scaled(r, "1000000000", 1) }

func millions(r ratio.Ratio) string { return scaled(r, "1000000", 1) }

func scaled(r ratio.Ratio, unit string, places int) string {
	return r.Div(ratio.MustParse(unit)).Decimal(places).Abs().StringFixed(int32(places))
}

func gainOrLoss(r ratio.Ratio) string {
	if r.Sign() < 0 {
		return "loses"
	}
	return "gains"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func worth(s ch.StakeValue) string {
	v, err := s.Value()
	if err != nil || v.Amount.IsZero() {
		return "-"
	}
	return "¥" + billions(v.Amount) + "bn"
}

func percentOfCost(s ch.StakeValue) string {
	r, err := s.Ratio()
	if err != nil {
		return "-"
	}
	return r.Percent(1).StringFixed(1) + "%"
}

package main

import ch "github.com/crossholding/crossholding"

func billions(r ch.Ratio) string { return scaled(r, "1000000000", 1) }

func millions(r ch.Ratio) string { return scaled(r, "1000000", 1) }

func scaled(r ch.Ratio, unit string, places int) string {
	q, err := r.Quo(ch.MustParseRatio(unit))
	if err != nil {
		return "?"
	}
	return q.Decimal(places).Abs().StringFixed(int32(places))
}

func gainOrLoss(r ch.Ratio) string {
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

func ratio(s ch.StakeValue) string {
	r, err := s.Ratio()
	if err != nil {
		return "-"
	}
	return r.Percent(1).StringFixed(1) + "%"
}

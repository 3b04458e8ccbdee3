package value

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// NetAssetValue compares the net asset value of a company with its price. It is plain data.
type NetAssetValue struct {
	Company  string             `json:"company"`
	Own      crossholding.Money `json:"own"`       // what it has and owes besides its stakes, as stated by the caller
	Stakes   crossholding.Money `json:"stakes"`    // its stakes at their gross value
	Value    crossholding.Money `json:"value"`     // Own + Stakes
	Shares   ratio.Ratio        `json:"shares"`    // outstanding
	PerShare crossholding.Money `json:"per_share"` // Value / Shares
	Price    crossholding.Money `json:"price"`     // market value / Shares
	// Premium is Price / PerShare - 1. A negative one is a discount: -0.549 is a discount of
	// 54.9%.
	Premium ratio.Ratio `json:"premium"`
}

// NetAssetValue returns the net asset value of a company that has a price: own, which is what
// it has besides its stakes less what it owes, and its stakes at their gross value. Several
// share classes are taken together, as an average share.
//
// It fails with [crossholding.ErrUnknown] for an unknown company, with
// [crossholding.ErrNoPrice] if the company or one of its stakes has no figure, with
// [crossholding.ErrMissing] if the number of shares is not known, with
// [crossholding.ErrCurrency] if own is in another currency than l, and with
// [crossholding.ErrRange] if the net asset value is not above 0, because there is no discount
// then.
func (l *LookThrough) NetAssetValue(company string, own crossholding.Money) (NetAssetValue, error) {
	e, err := l.Of(company)
	if err != nil {
		return NetAssetValue{}, err
	}
	if err := sameCurrency("net asset value of "+company, own, money(ratio.Ratio{}, l.currency)); err != nil {
		return NetAssetValue{}, err
	}
	gross, err := e.Gross()
	if err == nil && !e.Priced {
		err = fail(crossholding.ErrNoPrice, "the shares of %s have no price", company)
	}
	if err != nil {
		return NetAssetValue{}, err
	}
	n := NetAssetValue{Company: company, Own: own, Shares: e.Shares}
	if n.Stakes, err = e.Stakes(); err != nil {
		return NetAssetValue{}, err
	}
	n.Value = money(own.Amount.Add(n.Stakes.Amount), l.currency)
	if n.PerShare, err = e.PerShare(n.Value); err != nil {
		return NetAssetValue{}, err
	}
	if n.Price, err = e.PerShare(gross); err != nil {
		return NetAssetValue{}, err
	}
	if n.Premium, err = Premium(n.Price, n.PerShare); err != nil {
		return NetAssetValue{}, fmt.Errorf("%w (%s)", err, company)
	}
	return n, nil
}

// Premium returns price / value - 1, for amounts in one currency: the premium over net asset
// value, or the discount if it is negative. It fails with [crossholding.ErrCurrency] for
// different currencies, and with [crossholding.ErrRange] if the value is not above 0.
func Premium(price, value crossholding.Money) (ratio.Ratio, error) {
	if err := sameCurrency("premium", price, value); err != nil {
		return ratio.Ratio{}, err
	}
	if value.Amount.Sign() <= 0 {
		return ratio.Ratio{}, fail(crossholding.ErrRange, "a premium over a net asset value of %s, which is not above 0", value)
	}
	return price.Amount.Div(value.Amount).Sub(one), nil
}

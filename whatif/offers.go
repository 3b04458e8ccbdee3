package whatif

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// maxOffers is the largest number of offers of one acquisition.
const maxOffers = 1_000

// pricedOffer is an offer with its defaults: the class, the number of shares, the price.
type pricedOffer struct {
	Offer
	lot  ratio.Ratio // shares that are bought together
	most int64       // lots
	cost ratio.Ratio // of one lot, in the currency of the acquisition
}

// trade is the purchase of some lots as a step.
func (o *pricedOffer) trade(buyer string, lots ratio.Ratio) scenario.Step {
	return scenario.Step{Step: scenario.StepTrade, Group: "purchases", From: o.Seller, To: buyer, Beneficiary: o.Beneficiary,
		Issuer: o.Issuer, Class: o.Class, Shares: o.lot.Mul(lots).Number(), Price: o.Price}
}

// prepare checks an acquisition, and fills in its defaults.
func (b *buyout) prepare(ctx context.Context) error {
	var f faults
	b.q.check(&f, "")
	b.checkParties(ctx, &f)
	market := b.a.Market()
	if b.q.Currency == "" {
		b.q.Currency = market.Currency
	}
	given := b.q.Offers
	if len(given) == 0 && f.Count() == 0 {
		var err error
		if given, err = b.everything(ctx, &market); err != nil {
			return err
		}
	}
	if len(given) > maxOffers {
		return fmt.Errorf("%d offers, of at most %d: %w", len(given), maxOffers, crossholding.ErrTooLarge)
	}
	b.readOffers(&f, given, &market)
	if b.q.Budget != "" {
		if m, ok := b.convert(&f, "budget", b.q.Budget, b.q.Currency); ok {
			b.budget = &m
		}
	}
	return f.err()
}

// check adds the faults of an acquisition that do not depend on an alliance.
func (q *Acquisition) check(f *faults, place string) {
	if q.Buyer == "" {
		f.Add(input.Join(place, "buyer"), crossholding.ErrMissing, "no buyer")
	}
	if len(q.Targets) == 0 {
		f.Add(input.Join(place, "targets"), crossholding.ErrMissing, "no targets")
	}
	for i, t := range q.Targets {
		at := input.Join(place, fmt.Sprintf("targets[%d]", i))
		switch {
		case t == q.Buyer || t == q.controller():
			f.Add(at, crossholding.ErrRange, "%s shall control itself", t)
		case slices.Contains(q.Targets[:i], t):
			f.Add(at, crossholding.ErrDuplicate, "%s is given twice", t)
		}
	}
	if q.MaxBooks < 0 {
		f.Add(input.Join(place, "max_books"), crossholding.ErrRange, "max_books %d is negative", q.MaxBooks)
	}
	f.amount(input.Join(place, "budget"), q.Budget)
	for i := range q.Offers {
		q.Offers[i].check(f, input.Join(place, fmt.Sprintf("offers[%d]", i)))
	}
}

// check adds the faults of an offer that do not depend on an alliance.
func (o *Offer) check(f *faults, place string) {
	for _, n := range []struct {
		key  string
		text ratio.Number
	}{{"shares", o.Shares}, {"lot", o.Lot}} {
		if n.text == "" {
			continue
		}
		at := input.Join(place, n.key)
		switch r, err := n.text.Ratio(); {
		case err != nil:
			f.Add(at, crossholding.ErrSyntax, "%s %q: %s", n.key, clip(string(n.text)), err)
		case r.Sign() <= 0:
			f.Add(at, crossholding.ErrRange, "%s %s is not above 0", n.key, clip(string(n.text)))
		}
	}
	f.amount(input.Join(place, "price"), o.Price)
}

// amount checks an amount of money such as "568.5 JPY", which may have no currency.
func (f *faults) amount(place, text string) {
	if text == "" {
		return
	}
	switch m, err := readMoney(text, ""); {
	case err != nil:
		f.Add(place, crossholding.ErrSyntax, "%q is not an amount such as \"568.5 JPY\"", clip(text))
	case m.Amount.Sign() < 0:
		f.Add(place, crossholding.ErrRange, "%s is negative", clip(text))
	}
}

// readMoney reads an amount of money. Without a currency it is in another one.
func readMoney(text, currency string) (crossholding.Money, error) {
	number, code, ok := strings.Cut(text, " ")
	if ok {
		currency = code
	}
	r, err := ratio.ParseNumber(number)
	return crossholding.Money{Amount: r, Currency: currency}, err
}

// checkParties checks the buyer, the controller and the targets.
func (b *buyout) checkParties(ctx context.Context, f *faults) {
	g := b.a.Graph()
	switch buyer, err := g.Node(b.q.Buyer); {
	case b.q.Buyer == "":
	case err != nil:
		f.Add("buyer", crossholding.ErrUnknown, "buyer %q is neither a company nor a party of the book", clip(b.q.Buyer))
	case g.Dispersed(buyer):
		f.Add("buyer", crossholding.ErrRange, "%s is dispersed and buys nothing", b.q.Buyer)
	}
	for i, t := range b.q.Targets {
		if _, err := g.Company(t); err != nil {
			f.Add(fmt.Sprintf("targets[%d]", i), crossholding.ErrUnknown, "%q is not a company of the book that has shares", clip(t))
		}
	}
	if b.q.Controller == "" {
		return
	}
	c, err := b.a.Control(ctx, b.opt.Control)
	if err == nil {
		_, err = c.Group(ctx, b.q.Controller)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, crossholding.ErrReadings) {
		f.Add("controller", crossholding.ErrUnknown, "controller %q is neither a holder nor a concert of the book", clip(b.q.Controller))
	}
}

// supply is what one seller has of one class for one beneficiary.
type supply struct{ seller, beneficiary, issuer, class string }

// everything is the offers of all shares with a price in the companies through which the
// targets can be controlled.
func (b *buyout) everything(ctx context.Context, market *crossholding.Market) ([]Offer, error) {
	companies, err := b.upstream(ctx, nil)
	if err != nil {
		return nil, err
	}
	var out []Offer
	d := b.draft
	for _, node := range companies {
		issuer := b.a.Graph().ID(node)
		if issuer == b.q.Buyer {
			continue
		}
		for _, k := range d.Classes(issuer) {
			price := marketPrice(market, issuer, k.Name)
			if price == "" {
				continue
			}
			for at, shares := range supplies(&k) {
				if shares.Sign() > 0 && at.seller != b.q.Buyer && at.beneficiary != b.q.Buyer {
					out = append(out, Offer{Seller: at.seller, Beneficiary: at.beneficiary, Issuer: issuer, Class: k.Name})
				}
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no shares of %v, or of companies that hold them, have a price in the market: %w", b.q.Targets, crossholding.ErrNoPrice)
	}
	slices.SortFunc(out, func(x, y Offer) int {
		return cmp.Or(cmp.Compare(x.Issuer, y.Issuer), cmp.Compare(x.Class, y.Class), cmp.Compare(x.Seller, y.Seller), cmp.Compare(x.Beneficiary, y.Beneficiary))
	})
	return out, nil
}

// marketPrice is the price of a class in a market, or nothing.
func marketPrice(m *crossholding.Market, issuer, class string) string {
	if p := m.Prices[issuer+"/"+class]; p != "" {
		return p
	}
	return m.Prices[issuer]
}

// supplies is what each seller of a class has.
func supplies(k *crossholding.DraftClass) map[supply]ratio.Ratio {
	out := map[supply]ratio.Ratio{}
	float := k.Issued.Sub(k.Treasury)
	for i := range k.Stakes {
		s := &k.Stakes[i]
		if s.CashSettled {
			continue
		}
		at := supply{s.Holder, cmp.Or(s.Beneficiary, s.Holder), k.Issuer, k.Name}
		out[at] = out[at].Add(s.Shares)
		float = float.Sub(s.Shares)
	}
	out[supply{crossholding.FloatOf(k.Issuer), "", k.Issuer, k.Name}] = float
	return out
}

// readOffers makes the offers with their defaults, and adds their faults.
func (b *buyout) readOffers(f *faults, given []Offer, market *crossholding.Market) {
	d := b.draft
	left := map[supply]ratio.Ratio{}
	read := map[string]bool{}
	open := map[supply]bool{} // sellers with an offer of all that they have
	for i, o := range given {
		place := fmt.Sprintf("offers[%d]", i)
		if !read[o.Issuer] {
			read[o.Issuer] = true
			for _, k := range d.Classes(o.Issuer) {
				for at, shares := range supplies(&k) {
					left[at] = shares
				}
			}
		}
		p := pricedOffer{Offer: o}
		at, ok := b.seller(f, place, d, &p.Offer, left)
		if !ok {
			continue
		}
		lot, shares, ok := b.amounts(f, place, &p.Offer, left[at])
		if p.Price == "" {
			p.Price = marketPrice(market, p.Issuer, p.Class)
		}
		if p.Price == "" {
			f.Add(place+".price", crossholding.ErrNoPrice, "%s shares of %s have no price, here or in the market", p.Class, p.Issuer)
			continue
		}
		company, _ := d.Company(p.Issuer)
		price, priced := b.convert(f, place+".price", p.Price, company.Currency)
		if !ok || !priced {
			continue
		}
		if o.Shares == "" {
			if open[at] {
				f.Add(place, crossholding.ErrDuplicate, "%s offers all its %s shares of %s twice", p.Seller, p.Class, p.Issuer)
			}
			open[at] = true
		}
		left[at] = left[at].Sub(shares)
		p.lot = lot
		if p.most = shares.Div(lot).Floor().Num().Int64(); p.most > 0 {
			p.cost = price.Mul(lot)
			b.offers = append(b.offers, p)
		}
	}
}

// seller returns what an offer sells from, with the class filled in.
func (b *buyout) seller(f *faults, place string, d *crossholding.Draft, o *Offer, left map[supply]ratio.Ratio) (supply, bool) {
	classes := d.Classes(o.Issuer)
	switch {
	case len(classes) == 0:
		f.Add(place+".issuer", crossholding.ErrUnknown, "%q is not a company of the book that has shares", clip(o.Issuer))
		return supply{}, false
	case o.Issuer == b.q.Buyer:
		f.Add(place+".issuer", crossholding.ErrSelfStake, "%s would buy its own shares", o.Issuer)
		return supply{}, false
	case o.Seller == b.q.Buyer:
		f.Add(place+".seller", crossholding.ErrRange, "%s would buy from itself", o.Seller)
		return supply{}, false
	}
	if o.Class == "" {
		o.Class = crossholding.DefaultClass
		if len(classes) == 1 {
			o.Class = classes[0].Name
		}
	}
	var found []supply
	for at := range left {
		if at.seller == o.Seller && at.issuer == o.Issuer && at.class == o.Class && (o.Beneficiary == "" || o.Beneficiary == at.beneficiary) {
			found = append(found, at)
		}
	}
	switch {
	case len(found) == 0 && o.Seller == o.Issuer:
		f.Add(place+".seller", crossholding.ErrUnknown, "%q holds no %s shares of itself to sell; those of the float are offered by %q", clip(o.Seller), clip(o.Class), clip(crossholding.FloatOf(o.Issuer)))
		return supply{}, false
	case len(found) == 0:
		f.Add(place+".seller", crossholding.ErrUnknown, "%q holds no %s shares of %s to sell", clip(o.Seller), clip(o.Class), o.Issuer)
		return supply{}, false
	case len(found) > 1:
		f.Add(place+".beneficiary", crossholding.ErrMissing, "%s holds %s shares of %s for %d beneficiaries; the offer must name one", o.Seller, o.Class, o.Issuer, len(found))
		return supply{}, false
	}
	if found[0].beneficiary == b.q.Buyer {
		f.Add(place+".beneficiary", crossholding.ErrRange, "%s holds these %s shares of %s for %s, which would buy them from itself", o.Seller, o.Class, o.Issuer, b.q.Buyer)
		return supply{}, false
	}
	o.Beneficiary = found[0].beneficiary
	return found[0], true
}

// amounts returns the lot of an offer and its shares, of which the seller has some left.
func (b *buyout) amounts(f *faults, place string, o *Offer, left ratio.Ratio) (lot, shares ratio.Ratio, ok bool) {
	ok = true
	read := func(n ratio.Number, def ratio.Ratio) ratio.Ratio {
		if n == "" {
			return def
		}
		r, err := n.Ratio()
		ok = ok && err == nil && r.Sign() > 0 // check has told what is wrong
		return r
	}
	shares = read(o.Shares, left)
	lot = read(o.Lot, tradingUnit(b.a, o.Issuer))
	switch {
	case !ok:
	case left.Less(shares):
		f.Add(place+".shares", crossholding.ErrNotEnough, "%s offers %s %s shares of %s, and has %s left", o.Seller, shares.Grouped(), o.Class, o.Issuer, left.Grouped())
		ok = false
	case o.Whole:
		lot = shares
	}
	if limit := ratio.Int(maxUnits); ok && lot.Sign() > 0 && limit.Less(shares.Div(lot).Floor()) {
		f.Add(place+".lot", crossholding.ErrRange, "%s shares are more than 2^50 lots of %s", shares.Grouped(), lot)
		ok = false
	}
	return lot, shares, ok && lot.Sign() > 0
}

// convert reads an amount of money, such as "5 EUR", in the currency of the acquisition.
func (b *buyout) convert(f *faults, place, text, currency string) (ratio.Ratio, bool) {
	m, err := readMoney(text, currency)
	if err != nil || m.Amount.Sign() < 0 {
		return ratio.Ratio{}, false // check has told what is wrong
	}
	if !input.IsCurrency(m.Currency) {
		f.Add(place, crossholding.ErrCurrency, "%q has no currency, as in \"568.5 JPY\"", clip(text))
		return ratio.Ratio{}, false
	}
	if b.q.Currency == "" {
		b.q.Currency = m.Currency
	}
	out, err := b.draft.Convert(m, b.q.Currency)
	if err != nil {
		f.Add(place, crossholding.ErrCurrency, "%s", told.Reason(err))
		return ratio.Ratio{}, false
	}
	return out.Amount, true
}

package crossholding

import (
	"fmt"
	"slices"
	"strings"

	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// terms returns how shares become shares of class into, and what happens to fractions.
func (r *executor) terms(s *checkedStep, into position, payer string) (shareledger.Terms, error) {
	t := shareledger.Terms{Ratio: s.ratio, Payer: payer, How: s.draw()}
	switch s.Fractions {
	case FractionsKeep:
	case FractionsUp:
		t.Fractions = shareledger.Up
	case FractionsCash:
		t.Fractions = shareledger.Cash
		price, err := r.price(s.price, s.Price, into.c)
		if err != nil {
			return t, err
		}
		t.Price = shareledger.Money(price)
	case FractionsDown:
		t.Fractions = shareledger.Down
	default:
		if !r.percent[into.c.ID] {
			t.Fractions = shareledger.Down
		}
	}
	return t, nil
}

// split turns all shares of a class into more or fewer.
func (r *executor) split(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	t, err := r.terms(s, p, p.c.ID)
	if err != nil {
		return err
	}
	err = r.shares.Split(p.k, t)
	r.result.Shares = p.k.Issued
	return err
}

// convert turns shares of a class into shares of another class of the same company.
func (r *executor) convert(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	into, err := r.position(s.Issuer, s.ToClass)
	if err != nil {
		return err
	}
	if p.k == into.k {
		return fmt.Errorf("%s: class %s is converted into itself: %w", p.c.ID, p.k.Name, ErrRange)
	}
	t, err := r.terms(s, into, p.c.ID)
	if err != nil {
		return err
	}
	before := into.k.Issued
	if s.From == "" {
		err = r.shares.Exchange(p.k, into.k, t)
	} else {
		err = r.convertSome(s, p, into, t)
	}
	r.result.Shares = into.k.Issued.Sub(before)
	return err
}

// convertSome converts shares of one holder.
func (r *executor) convertSome(s *checkedStep, p, into position, t shareledger.Terms) error {
	from, err := r.source(s.From, s.Beneficiary, p)
	if err != nil {
		return err
	}
	n := from.Available
	if s.hasAmount() {
		if n, err = r.amount(s, p, &from, &side{target: shareledger.Target{Gone: true}}); err != nil {
			return err
		}
	}
	return r.shares.Convert(p.k, into.k, from, n, t)
}

// found adds a company whose shares go to its founders.
func (r *executor) found(s *checkedStep) error {
	c, err := r.addCompany(s.Company)
	if err != nil {
		return err
	}
	got := map[string]ratio.Ratio{}
	for i := range s.Founders {
		f, in := &s.Founders[i], &s.founders[i]
		p, err := r.position(c.ID, f.Class)
		if err != nil {
			return err
		}
		to, err := r.receiver(f.Holder, p)
		if err != nil {
			return err
		}
		price, err := r.price(in.price, f.Price, p.c)
		if err != nil {
			return err
		}
		cost, err := r.price(in.cost, f.Cost, p.c)
		if err != nil {
			return err
		}
		got[p.k.Name] = got[p.k.Name].Add(in.shares)
		r.result.Shares = r.result.Shares.Add(in.shares)
		if err := r.shares.Transfer(p.k, shareledger.Transfer{From: shareledger.NewShares(p.k), To: to.target, Shares: in.shares,
			Price: shareledger.Money(price), Payer: f.Holder, Cost: shareledger.Money(cost)}); err != nil {
			return err
		}
	}
	for _, k := range s.Company.Shares {
		issued, _ := k.Issued.Ratio()
		name := k.Class
		if name == "" {
			name = defaultClass
		}
		if !got[name].Equal(issued) {
			return fmt.Errorf("%s (%s): founders get %s of %s shares issued: %w", c.ID, name, got[name].GroupedDecimal(6), issued.GroupedDecimal(6), ErrBalance)
		}
	}
	return nil
}

// addCompany adds a company of which nothing is issued yet. Its classes are those of in.
func (r *executor) addCompany(in *Company) (*companyRecord, error) {
	p := parser{l: r.l, ids: r.ids()}
	company := *in
	company.Shares = slices.Clone(in.Shares)
	for i := range company.Shares {
		if t, _ := company.Shares[i].Treasury.Ratio(); !t.IsZero() {
			p.Add("company", ErrRange, "%s: a new company has no treasury", in.ID)
		}
		if company.Shares[i].Issued != "" {
			p.number("company.shares.issued", company.Shares[i].Issued, ratio.Ratio{})
			company.Shares[i].Issued = "0"
		}
	}
	if len(in.Shares) == 0 {
		p.Add("company.shares", ErrMissing, "%s: how many shares are issued?", in.ID)
	}
	p.company("company", &company)
	if err := p.err(); err != nil {
		return nil, err
	}
	slices.SortFunc(r.l.companies, func(a, b companyRecord) int { return strings.Compare(a.ID, b.ID) })
	r.shares.Set("company " + in.ID)
	return r.l.company(in.ID), nil
}

// ids returns the ids of companies and parties, each with what it is.
func (r *executor) ids() map[string]string {
	out := make(map[string]string, len(r.l.companies)+len(r.l.parties))
	for i := range r.l.companies {
		out[r.l.companies[i].ID] = "a company"
	}
	for i := range r.l.parties {
		out[r.l.parties[i].ID] = "a party"
	}
	return out
}

// owners returns the holders of a company: of one class, or of all classes by their
// dividend weights.
func (r *executor) owners(issuer, class string) ([]shareledger.Name, error) {
	if class != "" {
		p, err := r.position(issuer, class)
		if err != nil {
			return nil, err
		}
		return shareledger.Names([]*shareledger.Class{p.k}, nil), nil
	}
	c, err := r.company("issuer", issuer)
	if err != nil {
		return nil, err
	}
	list := r.open(c)
	for _, k := range list {
		if err := r.checkNoBands(k); err != nil {
			return nil, err
		}
	}
	if len(list) == 1 {
		return shareledger.Names(list, nil), nil
	}
	return shareledger.Names(list, shareledger.ByWeight), nil
}

// distribute gives shares of an asset to the holders of the issuer.
func (r *executor) distribute(s *checkedStep) error {
	if s.Asset == s.Issuer {
		return fmt.Errorf("%s distributes shares of itself; a dividend in shares does that: %w", s.Issuer, ErrSelfStake)
	}
	asset, err := r.position(s.Asset, "")
	if err != nil {
		return err
	}
	names, err := r.owners(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	from := s.From
	if from == "" {
		from = s.Issuer
	}
	account, err := r.source(from, from, asset)
	if err != nil {
		return err
	}
	t, err := r.terms(s, asset, s.Issuer)
	if err != nil {
		return err
	}
	d := shareledger.Distribution(names, s.costShares[""], t)
	r.result.Shares = d.Sum()
	return r.shares.Deliver(asset.k, []shareledger.Source{account}, d)
}

// spinOff founds a company and distributes its shares.
func (r *executor) spinOff(s *checkedStep) error {
	names, err := r.owners(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	c, err := r.addCompany(s.Company)
	if err != nil {
		return err
	}
	if len(c.classes) != 1 {
		return fmt.Errorf("%s: a spin-off has one class of shares: %w", c.ID, ErrRange)
	}
	asset, err := r.position(c.ID, "")
	if err != nil {
		return err
	}
	t, err := r.terms(s, asset, s.Issuer)
	if err != nil {
		return err
	}
	issued, _ := s.Company.Shares[0].Issued.Ratio()
	d := shareledger.Distribution(names, s.costShares[""], t)
	if sum := d.Sum(); !sum.Add(s.keep).Equal(issued) {
		return fmt.Errorf("%s: distributed %s and kept %s are not the %s issued: %w", c.ID, sum.GroupedDecimal(6), s.keep.GroupedDecimal(6), issued.GroupedDecimal(6), ErrBalance)
	}
	r.result.Shares = d.Sum()
	parent := shareledger.Target{Holder: s.Issuer, Beneficiary: s.Issuer, Voter: s.Issuer}
	if err := r.shares.Transfer(asset.k, shareledger.Transfer{From: shareledger.NewShares(asset.k), To: parent, Shares: issued}); err != nil {
		return err
	}
	account, err := r.source(s.Issuer, s.Issuer, asset)
	if err != nil {
		return err
	}
	return r.shares.Deliver(asset.k, []shareledger.Source{account}, d)
}

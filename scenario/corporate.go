package scenario

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// terms returns how shares become shares of class into, and what happens to fractions.
func (r *executor) terms(s *checkedStep, into position, payer string) (ledger.Terms, error) {
	t := ledger.Terms{Ratio: s.ratio, Payer: payer, How: s.draw()}
	switch s.Fractions {
	case FractionsKeep:
	case FractionsUp:
		t.Fractions = ledger.Up
	case FractionsCash:
		t.Fractions = ledger.Cash
		price, err := r.price(s.price, s.Price, into.c)
		if err != nil {
			return t, err
		}
		t.Price = ledger.Money(price)
	case FractionsDown:
		t.Fractions = ledger.Down
	default:
		if !r.inPercent(into.c.ID) {
			t.Fractions = ledger.Down
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
	if err := r.shares.Split(p.k, t); err != nil {
		return err
	}
	r.result.Shares = p.k.Issued
	if p.k.Issued.IsZero() {
		return r.noShares()
	}
	return r.scaleRights(p, s.ratio)
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
		return fmt.Errorf("%s: class %s is converted into itself: %w", p.c.ID, p.k.Name, crossholding.ErrRange)
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
func (r *executor) convertSome(s *checkedStep, p, into position, t ledger.Terms) error {
	from, err := r.source(s.From, s.Beneficiary, p)
	if err != nil {
		return err
	}
	n := from.Available
	if s.hasAmount() {
		if n, err = r.amount(s, p, &from, &side{target: ledger.Target{Gone: true}}); err != nil {
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
	var errs []error
	for i := range s.Founders {
		f, in := &s.Founders[i], &s.founders[i]
		p, err := r.position(c.ID, f.Class)
		if err == nil {
			got[p.k.Name] = got[p.k.Name].Add(in.shares)
			r.result.Shares = r.result.Shares.Add(in.shares)
			err = r.subscribe(p, f, in)
		}
		errs = append(errs, err)
	}
	for _, k := range s.Company.Shares {
		issued, _ := k.Issued.Ratio()
		name := cmp.Or(k.Class, crossholding.DefaultClass)
		if !got[name].Equal(issued) {
			errs = append(errs, fmt.Errorf("%s (%s): founders get %s of %s shares issued: %w", c.ID, name, got[name].GroupedDecimal(6), issued.GroupedDecimal(6), crossholding.ErrBalance))
		}
	}
	return errors.Join(errs...)
}

// subscribe gives a founder its shares.
func (r *executor) subscribe(p position, f *Founder, in *founderRecord) error {
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
	return r.shares.Transfer(p.k, ledger.Transfer{From: ledger.NewShares(p.k), To: to.target, Shares: in.shares,
		Price: ledger.Money(price), Payer: f.Holder, Cost: ledger.Money(cost)})
}

// addCompany adds a company of which nothing is issued yet.
func (r *executor) addCompany(in *crossholding.Company) (crossholding.Company, error) {
	if err := r.book.Found(*in); err != nil {
		return crossholding.Company{}, err
	}
	r.shares.Set("company " + in.ID)
	return r.company("company", in.ID)
}

// owners returns the holders of a company: of one class, or of all classes by their
// dividend weights. It fails if there is none, or if no class that they hold has a weight.
func (r *executor) owners(issuer, class string) ([]ledger.Name, error) {
	if class != "" {
		p, err := r.position(issuer, class)
		if err != nil {
			return nil, err
		}
		names := ledger.Names([]*ledger.Class{p.k}, nil)
		if len(names) == 0 {
			return nil, fmt.Errorf("nobody holds shares of %s (%s): %w", issuer, p.k.Name, crossholding.ErrNoOutsideOwner)
		}
		return names, nil
	}
	c, err := r.company("issuer", issuer)
	if err != nil {
		return nil, err
	}
	list := r.open(c.ID)
	for _, k := range list {
		if err := r.checkNoBands(k); err != nil {
			return nil, err
		}
	}
	names := ledger.Names(list, ledger.ByWeight)
	switch all := ledger.Names(list, nil); {
	case len(all) == 0:
		return nil, fmt.Errorf("nobody holds shares of %s: %w", issuer, crossholding.ErrNoOutsideOwner)
	case len(names) == 0:
		return nil, fmt.Errorf("%s has no shares outstanding that earn a dividend: %w", issuer, crossholding.ErrRange)
	case len(list) == 1:
		return all, nil
	}
	return names, nil
}

// distribute gives shares of an asset to the holders of the issuer.
func (r *executor) distribute(s *checkedStep) error {
	if s.Asset == s.Issuer {
		return fmt.Errorf("%s distributes shares of itself; a dividend in shares does that: %w", s.Issuer, crossholding.ErrSelfStake)
	}
	asset, err := r.position(s.Asset, s.ToClass)
	if err != nil && s.ToClass == "" && len(r.open(s.Asset)) > 1 {
		return fmt.Errorf("%w: name the class in \"to_class\"", err)
	}
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
	d := r.shares.Distribution(asset.k, names, s.costShares[""], t)
	r.result.Shares = d.Sum()
	if err := r.shares.Deliver(asset.k, []ledger.Source{account}, d); err != nil {
		return err
	}
	return r.checkOwned(asset.c.ID)
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
	if len(r.open(c.ID)) != 1 {
		return fmt.Errorf("%s: a spin-off has one class of shares: %w", c.ID, crossholding.ErrRange)
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
	d := r.shares.Distribution(asset.k, names, s.costShares[""], t)
	if sum := d.Sum(); !sum.Add(s.keep).Equal(issued) {
		return fmt.Errorf("%s: distributed %s and kept %s are not the %s issued: %w", c.ID, sum.GroupedDecimal(6), s.keep.GroupedDecimal(6), issued.GroupedDecimal(6), crossholding.ErrBalance)
	}
	r.result.Shares = d.Sum()
	parent := ledger.Target{Holder: s.Issuer, Beneficiary: s.Issuer, Voter: s.Issuer}
	if err := r.shares.Transfer(asset.k, ledger.Transfer{From: ledger.NewShares(asset.k), To: parent, Shares: issued}); err != nil {
		return err
	}
	account, err := r.source(s.Issuer, s.Issuer, asset)
	if err != nil {
		return err
	}
	return r.shares.Deliver(asset.k, []ledger.Source{account}, d)
}

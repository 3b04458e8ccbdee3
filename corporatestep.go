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
			p.add("company", ErrRange, "%s: a new company has no treasury", in.ID)
		}
		if company.Shares[i].Issued != "" {
			p.number("company.shares.issued", company.Shares[i].Issued, ratio.Ratio{})
			company.Shares[i].Issued = "0"
		}
	}
	if len(in.Shares) == 0 {
		p.add("company.shares", ErrMissing, "%s: how many shares are issued?", in.ID)
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

// merge exchanges the shares of a company for those of another, which takes over all that
// the first one has.
func (r *executor) merge(s *checkedStep) error {
	if s.Issuer == s.Into {
		return fmt.Errorf("%s merges into itself: %w", s.Issuer, ErrSelfStake)
	}
	target, err := r.company("issuer", s.Issuer)
	if err != nil {
		return err
	}
	into, err := r.position(s.Into, s.Class)
	if err != nil {
		return err
	}
	t, err := r.terms(s, into, s.Into)
	if err != nil {
		return err
	}
	cash, err := r.price(s.money, s.Cash, into.c)
	if err != nil {
		return err
	}
	list := slices.Clone(r.open(target))
	if len(list) == 0 {
		return fmt.Errorf("%s has no shares: %w", s.Issuer, ErrRange)
	}
	before := into.k.Issued
	for _, k := range list {
		if err := r.checkNoBands(k); err != nil {
			return err
		}
		if err := r.mergeClass(k, into.k, s, t, cash); err != nil {
			return err
		}
	}
	made := into.k.Issued.Sub(before)
	r.result.Shares = made
	if s.Source == SupplyTreasury {
		r.useTreasury(into.k, made)
	}
	for _, k := range r.concerned(s.Issuer) {
		if err := r.checkNoBands(k); err != nil {
			return err
		}
		r.shares.Rename(k, s.Issuer, s.Into, s.Cancel)
	}
	if err := r.checkOwned(into.c); err != nil {
		return err
	}
	r.succeed(s.Issuer, s.Into, s.ratio)
	r.close(s.Issuer)
	return nil
}

// checkOwned fails if nobody holds shares of a company any more: it wholly owned the company
// that merged into it, which wholly owned it.
func (r *executor) checkOwned(c *companyRecord) error {
	var issued ratio.Ratio
	for _, k := range r.open(c) {
		if !k.Outstanding().IsZero() {
			return nil
		}
		issued = issued.Add(k.Issued)
	}
	return fmt.Errorf("%s would hold all of its %s shares itself: %w", c.ID, issued.GroupedDecimal(6), ErrNoOutsideOwner)
}

// mergeClass exchanges one class. Shares that the successor or the target holds, or that are
// held for them, cease to exist.
func (r *executor) mergeClass(k, into *shareledger.Class, s *checkedStep, t shareledger.Terms, cash Money) error {
	r.shares.Cancel(k, func(key shareledger.Key) bool {
		return key.Holder == s.Into || key.Owner() == s.Into || key.Holder == s.Issuer || key.Owner() == s.Issuer
	})
	if cash.Currency != "" {
		r.shares.PayOut(k, s.Into, shareledger.Money(cash))
		if s.Against != AgainstIncome {
			if err := r.shares.AgainstCost(k, shareledger.Money(cash)); err != nil {
				return err
			}
		}
	}
	if t.Ratio.IsZero() { // for cash alone
		r.shares.Cancel(k, func(shareledger.Key) bool { return true })
		r.shares.Empty(k)
		return nil
	}
	return r.shares.Exchange(k, into, t)
}

// useTreasury cancels as many treasury shares as new ones were made, so that the treasury
// gives shares first.
func (r *executor) useTreasury(k *shareledger.Class, made ratio.Ratio) {
	n := made
	if k.Treasury.Less(n) {
		n = k.Treasury
	}
	r.shares.CancelTreasury(k, n)
}

// concerned opens and returns the classes in which a party is holder, beneficiary or voter.
func (r *executor) concerned(id string) []*shareledger.Class {
	issuers := map[string]bool{}
	for i := range r.l.stakes {
		if s := &r.l.stakes[i]; s.holder == id || s.beneficiary == id || s.voter == id {
			issuers[s.issuer] = true
		}
	}
	for issuer := range issuers {
		if c := r.l.company(issuer); c != nil {
			r.open(c)
		}
	}
	var out []*shareledger.Class
	for _, k := range r.shares.Classes() {
		if slices.ContainsFunc(k.Stakes, func(s shareledger.Stake) bool { return s.Holder == id || s.Beneficiary == id || s.Voter == id }) {
			out = append(out, k)
		}
	}
	return out
}

// close removes a company of which nothing is issued any more.
func (r *executor) close(id string) {
	for _, k := range slices.Clone(r.shares.Of(id)) {
		r.shares.Remove(k)
	}
	r.l.companies = slices.DeleteFunc(r.l.companies, func(c companyRecord) bool { return c.ID == id })
	for key := range r.l.market.prices {
		if key == id || strings.HasPrefix(key, id+"/") && r.l.company(key) == nil {
			delete(r.l.market.prices, key)
		}
	}
	r.l.dormant = slices.DeleteFunc(slices.Clone(r.l.dormant), func(s Stake) bool {
		return slices.Contains([]string{s.Holder, s.Issuer, s.Beneficiary, s.Voter}, id)
	})
	r.shares.Set(id + " is gone")
}

// liquidate gives all that a company has to its holders, and removes it.
func (r *executor) liquidate(s *checkedStep) error {
	names, err := r.owners(s.Issuer, "")
	if err != nil {
		return err
	}
	for i := range r.l.rights {
		if g := &r.l.rights[i]; g.Holder == s.Issuer {
			return fmt.Errorf("%s has the right %s: trade it or let it lapse first: %w", s.Issuer, g.ID, ErrRange)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("nobody holds shares of %s: %w", s.Issuer, ErrNoOutsideOwner)
	}
	assets := r.assetsOf(s.Issuer)
	if err := r.checkCostShares(s, assets, names); err != nil {
		return err
	}
	left := ratio.Int(1) // of the cost
	for _, k := range assets {
		if err := r.checkNoBands(k); err != nil {
			return err
		}
		part := ratio.Int(1)
		if len(assets) > 1 {
			if part = s.costShares[k.Issuer]; !left.IsZero() {
				part = part.Div(left)
			}
			left = left.Sub(s.costShares[k.Issuer])
		}
		if err := r.handOut(s, k, names, part); err != nil {
			return err
		}
	}
	for _, k := range slices.Clone(r.shares.Of(s.Issuer)) {
		r.shares.DropCost(k)
		r.shares.Cancel(k, func(shareledger.Key) bool { return true })
		r.shares.Empty(k)
	}
	for _, k := range r.concerned(s.Issuer) {
		r.shares.Leave(k, s.Issuer)
	}
	r.succeed(s.Issuer, "", ratio.Ratio{})
	r.close(s.Issuer)
	return nil
}

// assetsOf returns the classes of which a company is the beneficiary of shares.
func (r *executor) assetsOf(id string) []*shareledger.Class {
	return slices.DeleteFunc(r.concerned(id), func(k *shareledger.Class) bool { return k.For(id).IsZero() })
}

// checkCostShares fails if the cost of the holders' shares has to be shared among several
// assets and the step does not say how.
func (r *executor) checkCostShares(s *checkedStep, assets []*shareledger.Class, names []shareledger.Name) error {
	var sum ratio.Ratio
	for issuer, part := range s.costShares {
		if !slices.ContainsFunc(assets, func(k *shareledger.Class) bool { return k.Issuer == issuer }) {
			return fmt.Errorf("cost_share names %q, of which %s has no shares: %w", issuer, s.Issuer, ErrUnknown)
		}
		sum = sum.Add(part)
	}
	known := slices.ContainsFunc(r.shares.Of(s.Issuer), func(k *shareledger.Class) bool {
		return slices.ContainsFunc(k.Stakes, func(x shareledger.Stake) bool { return len(x.Lots) > 0 })
	})
	switch {
	case len(s.costShares) > 0 && !sum.Equal(ratio.Int(1)):
		return fmt.Errorf("cost_share adds up to %s: %w", sum.PercentString(), ErrRange)
	case len(s.costShares) == 0 && len(assets) > 1 && known:
		return fmt.Errorf("%s has shares of %d classes, and its shares have a known cost: which part goes with each, in \"cost_share\"? %w", s.Issuer, len(assets), ErrMissing)
	}
	return nil
}

// handOut gives the shares of one asset to the holders of a company that is wound up.
func (r *executor) handOut(s *checkedStep, k *shareledger.Class, names []shareledger.Name, cost ratio.Ratio) error {
	var from []shareledger.Source
	var sum ratio.Ratio
	whole := true
	for _, name := range shareledger.Names([]*shareledger.Class{k}, nil) {
		if name.Float {
			continue
		}
		account, err := k.Source(name.ID, s.Issuer)
		if err != nil {
			return err
		}
		if !account.Available.IsZero() {
			from, sum = append(from, account), sum.Add(account.Available)
			whole = whole && account.Available.IsInt()
		}
	}
	made := shareledger.Apportion(sum, names, whole && !r.percent[k.Issuer])
	d := shareledger.Delivery{Names: names, Due: made, Made: made, CostShare: cost}
	r.result.Shares = r.result.Shares.Add(sum)
	return r.shares.Deliver(k, from, d)
}

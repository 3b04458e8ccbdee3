package crossholding

import (
	"fmt"
	"slices"
	"strings"

	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

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
	r.stale = true
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

package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// merge exchanges the shares of a company for those of another, which takes over all that
// the first one has.
func (r *executor) merge(s *checkedStep) error {
	if s.Issuer == s.Into {
		return fmt.Errorf("%s merges into itself: %w", s.Issuer, crossholding.ErrSelfStake)
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
	list := slices.Clone(r.open(target.ID))
	if len(list) == 0 {
		return fmt.Errorf("%s has no shares: %w", s.Issuer, crossholding.ErrRange)
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
	for _, k := range r.concerned(s.Issuer) {
		if err := r.checkNoBands(k); err != nil {
			return err
		}
		r.shares.Rename(k, s.Issuer, s.Into, s.Cancel)
	}
	if s.Source == SupplyTreasury { // also what the target had
		r.useTreasury(into.k, made)
	}
	if err := r.checkOwned(into.c.ID); err != nil {
		return err
	}
	return r.close(s.Issuer, s.Into, into.k.Name, s.ratio)
}

// checkOwned fails if nobody holds shares of a company any more: it wholly owned the company
// that merged into it or gave it its own shares, which wholly owned it.
func (r *executor) checkOwned(id string) error {
	var issued ratio.Ratio
	for _, k := range r.open(id) {
		if !k.Outstanding().IsZero() {
			return nil
		}
		issued = issued.Add(k.Issued)
	}
	return fmt.Errorf("%s would hold all of its %s shares itself: %w", id, issued.GroupedDecimal(6), crossholding.ErrNoOutsideOwner)
}

// mergeClass exchanges one class. Shares that the successor or the target holds, or that are
// held for them, cease to exist.
func (r *executor) mergeClass(k, into *ledger.Class, s *checkedStep, t ledger.Terms, cash crossholding.Money) error {
	r.shares.Cancel(k, func(key ledger.Key) bool {
		return key.Holder == s.Into || key.Owner() == s.Into || key.Holder == s.Issuer || key.Owner() == s.Issuer
	})
	if t.Ratio.IsZero() && s.Against == "" {
		r.shares.SellOut(k, s.Into, ledger.Money(cash))
		return nil
	}
	if cash.Currency != "" {
		r.shares.PayOut(k, s.Into, ledger.Money(cash))
		if s.Against != AgainstIncome {
			if err := r.shares.AgainstCost(k, ledger.Money(cash)); err != nil {
				return err
			}
		}
	}
	if t.Ratio.IsZero() { // for cash alone
		r.shares.Cancel(k, func(ledger.Key) bool { return true })
		r.shares.Empty(k)
		return nil
	}
	return r.shares.Exchange(k, into, t)
}

// useTreasury cancels as many treasury shares as new ones were made, so that the treasury
// gives shares first.
func (r *executor) useTreasury(k *ledger.Class, made ratio.Ratio) {
	r.shares.CancelTreasury(k, ratio.Min(made, k.Treasury))
}

// concerned opens and returns the classes in which a party is holder, beneficiary or voter.
func (r *executor) concerned(id string) []*ledger.Class {
	for _, issuer := range r.book.IssuersOf(id) {
		r.open(issuer)
	}
	var out []*ledger.Class
	for _, k := range r.shares.Classes() {
		if slices.ContainsFunc(k.Stakes, func(s ledger.Stake) bool { return s.Holder == id || s.Beneficiary == id || s.Voter == id }) {
			out = append(out, k)
		}
	}
	return out
}

// close removes a company of which nothing is issued any more. What was agreed with it passes
// to a successor.
func (r *executor) close(id, successor, class string, factor ratio.Ratio) error {
	if err := r.checkChanged(); err != nil {
		return err
	}
	d, err := r.draft()
	if err != nil {
		return err
	}
	for _, k := range slices.Clone(r.shares.Of(id)) {
		r.shares.Remove(k)
	}
	rights, agreements := d.Rights(), slices.Collect(d.Agreements())
	if err := d.Dissolve(id, successor, class, factor); err != nil {
		return err
	}
	for _, g := range rights {
		r.postRight(g)
	}
	left := slices.Collect(d.Agreements())
	r.noteGone(id, successor)
	for _, a := range agreements {
		if !slices.ContainsFunc(left, func(b crossholding.Agreement) bool { return a.ID == b.ID }) {
			r.shares.Set("agreement " + a.ID + " ends")
			r.noteEnded(a.ID)
		}
	}
	r.shares.Set(id + " is gone")
	return nil
}

// postRight posts what became of a right.
func (r *executor) postRight(was crossholding.Right) {
	switch is, ok := r.book.Right(was.ID); {
	case !ok:
		r.shares.Set("right " + was.ID + " lapses")
	case is != was:
		text := fmt.Sprintf("right %s: %s has it to %s shares of %s", is.ID, is.Holder, is.Shares, is.Issuer)
		if is.Price != "" {
			text += " at " + is.Price
		}
		r.shares.Set(text)
	}
}

// liquidate gives all that a company has to its holders, and removes it.
func (r *executor) liquidate(s *checkedStep) error {
	names, err := r.owners(s.Issuer, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, g := range r.book.Rights() {
		if g.Holder == s.Issuer {
			errs = append(errs, fmt.Errorf("%s has the right %s: trade it or let it lapse first: %w", s.Issuer, g.ID, crossholding.ErrRange))
		}
	}
	assets := r.assetsOf(s.Issuer)
	shares, err := r.costShares(s, assets)
	if err := errors.Join(append(errs, err)...); err != nil {
		return err
	}
	estates := make([]estate, len(assets))
	for i, k := range assets {
		if estates[i], err = r.estateOf(s.Issuer, k, names); err != nil {
			return err
		}
	}
	shareCosts(estates, shares)
	for i := range estates {
		x := &estates[i]
		r.result.Shares = r.result.Shares.Add(x.Sum())
		if err := r.shares.Deliver(x.class, x.from, x.Delivery); err != nil {
			return err
		}
	}
	for _, k := range slices.Clone(r.shares.Of(s.Issuer)) {
		r.shares.DropCost(k)
		r.shares.Cancel(k, func(ledger.Key) bool { return true })
		r.shares.Empty(k)
	}
	for _, k := range assets {
		if err := r.checkOwned(k.Issuer); err != nil {
			return err
		}
	}
	for _, k := range r.concerned(s.Issuer) {
		r.shares.Leave(k, s.Issuer)
	}
	return r.close(s.Issuer, "", "", ratio.Ratio{})
}

// assetsOf returns the classes of which a company is the beneficiary of shares.
func (r *executor) assetsOf(id string) []*ledger.Class {
	return slices.DeleteFunc(r.concerned(id), func(k *ledger.Class) bool { return k.For(id).IsZero() })
}

// costShares returns the part of the cost of the holders' shares that goes with each asset. The
// key of an asset is its issuer, or issuer and class such as "x/b". It fails if the cost has to be
// shared among several assets and the step does not say how.
func (r *executor) costShares(s *checkedStep, assets []*ledger.Class) ([]ratio.Ratio, error) {
	out := make([]ratio.Ratio, len(assets))
	given := make([]string, len(assets)) // the key of each asset
	var sum ratio.Ratio
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(s.costShares)) {
		at := assetsNamed(assets, key)
		switch {
		case len(at) == 0:
			errs = append(errs, fmt.Errorf("cost_share names %q, of which %s has no shares: %w", key, s.Issuer, crossholding.ErrUnknown))
		case len(at) > 1:
			errs = append(errs, fmt.Errorf("cost_share gives %s of the cost to %s, of which %s has shares of %d classes: which part goes with each, as %q and so on? %w",
				s.costShares[key].PercentString(), key, s.Issuer, len(at), key+"/"+assets[at[0]].Name, crossholding.ErrMissing))
		case given[at[0]] != "":
			errs = append(errs, fmt.Errorf("cost_share names the same shares as %q and as %q: %w", given[at[0]], key, crossholding.ErrDuplicate))
		default:
			out[at[0]], given[at[0]] = s.costShares[key], key
		}
		sum = sum.Add(s.costShares[key])
	}
	known := slices.ContainsFunc(r.shares.Of(s.Issuer), func(k *ledger.Class) bool {
		return slices.ContainsFunc(k.Stakes, func(x ledger.Stake) bool { return len(x.Lots) > 0 })
	})
	switch {
	case len(s.costShares) > 0 && !sum.Equal(ratio.Int(1)):
		errs = append(errs, fmt.Errorf("cost_share adds up to %s: %w", sum.PercentString(), crossholding.ErrRange))
	case len(s.costShares) == 0 && len(assets) > 1 && known:
		errs = append(errs, fmt.Errorf("%s has shares of %d classes, and its shares have a known cost: which part goes with each, in \"cost_share\"? %w", s.Issuer, len(assets), crossholding.ErrMissing))
	case len(s.costShares) == 0 && len(assets) == 1:
		out[0] = ratio.Int(1)
	}
	return out, errors.Join(errs...)
}

// assetsNamed returns the indices of the assets that a key names: by their issuer, or if there is
// no such issuer among them, by issuer and class.
func assetsNamed(assets []*ledger.Class, key string) (at []int) {
	byClass := -1
	for i, k := range assets {
		switch key {
		case k.Issuer:
			at = append(at, i)
		case k.Issuer + "/" + k.Name:
			byClass = i
		}
	}
	if len(at) == 0 && byClass >= 0 {
		at = append(at, byClass)
	}
	return at
}

// estate is the shares of one class that a company leaves to its holders.
type estate struct {
	class *ledger.Class
	from  []ledger.Source
	ledger.Delivery
}

// estateOf apportions the shares of a class whose beneficiary a company is.
func (r *executor) estateOf(company string, k *ledger.Class, names []ledger.Name) (estate, error) {
	x := estate{class: k}
	if err := r.checkNoBands(k); err != nil {
		return x, err
	}
	var sum ratio.Ratio
	whole := true
	for _, name := range ledger.Names([]*ledger.Class{k}, nil) {
		if name.Float {
			continue
		}
		account, err := k.Source(name.ID, company)
		if err != nil {
			return x, err
		}
		if !account.Available.IsZero() {
			x.from, sum = append(x.from, account), sum.Add(account.Available)
			whole = whole && account.Available.IsInt()
		}
	}
	made := ledger.Apportion(sum, names, whole && !r.inPercent(k.Issuer))
	x.Delivery = ledger.Delivery{Names: names, Due: made, Made: made, CostShares: make([]ratio.Ratio, len(names))}
	return x, nil
}

// shareCosts sets which part of the cost that is left goes with each estate, in their order. The
// cost of a holder goes with what it gets, in proportion to the cost shares of the estates. So an
// estate of which a holder gets no whole share takes no cost along.
//
// Example: the cost shares of x, y and z are 50%, 30% and 20%. Who gets nothing of y has 5/7 of its
// cost in x and 2/7 in z.
func shareCosts(estates []estate, shares []ratio.Ratio) {
	if len(estates) == 0 {
		return
	}
	for n := range estates[0].Names {
		var left ratio.Ratio
		for i := range estates {
			if !estates[i].Made[n].IsZero() {
				left = left.Add(shares[i])
			}
		}
		for i := range estates {
			if x := &estates[i]; !x.Made[n].IsZero() && !left.IsZero() {
				x.CostShares[n] = shares[i].Div(left)
				left = left.Sub(shares[i])
			}
		}
	}
}

package crossholding

import (
	"cmp"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// draftClass checks a class that is entered into a draft. If the keys of its stakes are those
// in the ledger, they were checked.
func (f *faults) draftClass(l *ledger, k *DraftClass, sameKeys bool) {
	place := k.Issuer + "/" + k.Name
	c := l.company(k.Issuer)
	if c == nil || c.class(k.Name) == nil {
		f.Add(place, ErrUnknown, "%q has no class %q", k.Issuer, k.Name)
		return
	}
	f.draftFigures(place, k.Issued, k.Treasury, k.Dividend)
	sum := k.Treasury
	for i := range k.Stakes {
		s := &k.Stakes[i]
		if !sameKeys {
			f.draftKey(place, l, k.Issuer, s)
		}
		f.draftFigures(place, s.Shares, s.Votes)
		f.draftLots(place, l, s)
		sum = sum.Add(k.Stakes[i].Shares)
	}
	if k.Issued.Less(sum) {
		f.Add(place, ErrOverAllocated, "%s of %s issued shares are held", sum, k.Issued)
	}
}

func (f *faults) draftFigures(place string, list ...ratio.Ratio) {
	for _, n := range list {
		if n.Sign() < 0 {
			f.Add(place, ErrRange, "%s is negative", n)
		} else if !n.IsNumber() {
			f.Add(place, ratio.ErrNumber, "%s is not a number that a book can hold", n)
		}
	}
}

// draftKey checks what identifies a stake that is entered into a draft.
func (f *faults) draftKey(place string, l *ledger, issuer string, s *DraftStake) {
	for _, id := range [...]string{s.Holder, s.Beneficiary, s.Voter} {
		switch {
		case id == issuer:
			f.Add(place, ErrSelfStake, "%s cannot hold a stake in itself: its own shares are its treasury", id)
		case id != "" && !l.known(id) && (id != Neutral || s.Voter != Neutral), id == "" && s.Holder == "":
			f.Add(place, ErrUnknown, "%q is neither a company nor a party of the book", id)
		}
	}
	if s.Holder == Neutral || s.Beneficiary == Neutral {
		f.Add(place, ErrUnknown, "%q can only be a voter", Neutral)
	}
	if s.CashSettled && cmp.Or(s.Beneficiary, s.Holder) == s.Holder {
		f.Add(place, ErrMissing, "%s: cash settled without a beneficiary other than the holder", s.Holder)
	}
	f.Date(place, s.VotesSince)
	if s.VotesSince != "" && !s.OwnVotes {
		f.Add(place, ErrMissing, "%s: votes since %s without votes of its own", s.Holder, s.VotesSince)
	}
	f.period(place, s.From, s.To)
	if l.asOf == "" && s.To != "" || !date.Within(l.asOf, s.From, s.To) {
		f.Add(place, ErrDate, "%s: a stake from %s to %s does not exist on the book's date %s", s.Holder, s.From, s.To, l.asOf)
	}
}

func (f *faults) draftLots(place string, l *ledger, s *DraftStake) {
	var bought ratio.Ratio
	for _, lot := range s.Lots {
		f.draftFigures(place, lot.Shares, lot.Price)
		f.Date(place, lot.Date)
		if l.asOf != "" && lot.Date > l.asOf {
			f.Add(place, ErrDate, "%s: bought on %s, after the book's date %s", s.Holder, lot.Date, l.asOf)
		}
		if !input.IsCurrency(lot.Currency) {
			f.Add(place, ErrCurrency, "%s: the currency of a lot is %q, which is not a code such as JPY", s.Holder, lot.Currency)
		}
		bought = bought.Add(lot.Shares)
	}
	if s.Shares.Less(bought) {
		f.Add(place, ErrOverAllocated, "%s: lots of %s shares for a stake of %s", s.Holder, bought, s.Shares)
	}
}

package crossholding

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// DraftClass is one class of a company's shares in a [Draft]. It is plain data.
type DraftClass struct {
	Issuer, Name     string
	Issued, Treasury ratio.Ratio
	Dividend         ratio.Ratio // weight of a share
	Stakes           []DraftStake
}

// DraftStake is a stake in a [DraftClass]. It is plain data. Its fields are those of a
// [Stake].
type DraftStake struct {
	Holder             string
	Beneficiary, Voter string // empty if it is the holder
	CashSettled        bool
	OwnVotes           bool        // the shares have Votes, and not the votes of their class
	Votes              ratio.Ratio // of a share
	VotesSince         date.Date
	From, To           date.Date
	Shares             ratio.Ratio
	Lots               []DraftLot
	Source             string
}

// DraftLot is a lot of a [DraftStake]. It is plain data.
type DraftLot struct {
	Date          date.Date
	Shares, Price ratio.Ratio // Price is the cost of one share
	Currency      string
}

// Classes returns the classes of a company's shares by name, with their stakes by holder.
// It has no bands, see [Draft.Bands].
func (d *Draft) Classes(company string) []DraftClass {
	l := d.book()
	c := l.company(company)
	if c == nil {
		return nil
	}
	out := make([]DraftClass, len(c.classes))
	for i, k := range c.classes {
		out[i] = DraftClass{Issuer: c.ID, Name: k.name, Issued: k.issued, Treasury: k.treasury, Dividend: k.dividend}
	}
	for _, s := range l.stakes {
		if s.issuer == c.ID && s.band == nil {
			j, _ := slices.BinarySearchFunc(out, s.class, func(k DraftClass, name string) int { return strings.Compare(k.Name, name) })
			out[j].Stakes = append(out[j].Stakes, s.draft())
		}
	}
	return out
}

func (s *stakeRecord) draft() DraftStake {
	out := DraftStake{Holder: s.holder, Beneficiary: s.beneficiary, Voter: s.voter, CashSettled: s.cashSettled,
		OwnVotes: s.votesText != "", Votes: s.votes, VotesSince: s.since, From: s.from, To: s.to, Shares: s.shares, Source: s.source}
	if len(s.lots) > 0 {
		out.Lots = make([]DraftLot, len(s.lots))
		for i, lot := range s.lots {
			out.Lots[i] = DraftLot(lot)
		}
	}
	return out
}

// enter writes the stake as a record, in place of an empty one.
func (s *DraftStake) enter(out *stakeRecord, issuer, class string) {
	*out = stakeRecord{stakeKey: stakeKey{holder: s.Holder, issuer: issuer, class: class, beneficiary: s.Beneficiary, voter: s.Voter,
		cashSettled: s.CashSettled, since: s.VotesSince, from: s.From, to: s.To}, shares: s.Shares, votes: s.Votes, source: s.Source}
	if out.beneficiary == s.Holder {
		out.beneficiary = ""
	}
	if out.voter == s.Holder {
		out.voter = ""
	}
	if s.OwnVotes {
		out.votesText = s.Votes.String()
	}
	out.lots = s.lots()
}

// Bands returns the stakes in a class that are known only as bands.
func (d *Draft) Bands(issuer, class string) []BandedStake {
	l := d.book()
	if l.bands == 0 {
		return nil
	}
	var out []BandedStake
	for _, s := range l.stakes {
		if s.band != nil && s.issuer == issuer && s.class == class {
			out = append(out, BandedStake{Holder: s.holder, Issuer: issuer, Class: class, Given: *s.band, Rounded: s.rounded, Band: *s.band})
		}
	}
	return out
}

// SetClasses replaces the shares of classes, with all of their stakes. The classes must be in
// the draft. It fails with [ErrUnknown] for an unknown name, with [ErrSelfStake] for a stake
// in oneself, with [ErrOverAllocated] if more shares are held than outstanding, with
// [ErrRange] and [ratio.ErrNumber] for a figure that a book cannot hold, with [ErrCurrency] for
// a lot without a currency, with [ErrDate] for a bad day and for a stake that does not exist on
// the day of the draft, with [ErrMissing] for a field that lacks the one that it needs, and with
// [ErrBands] for a class of which stakes are known only as bands.
func (d *Draft) SetClasses(list []DraftClass) error {
	l := d.own(itsCompanies)
	var f faults
	same := make([]bool, len(list))
	n := 0
	for i := range list {
		k := &list[i]
		same[i] = l.sameKeys(k)
		f.draftClass(l, k, same[i])
		for _, s := range d.Bands(k.Issuer, k.Name) {
			f.Add(k.Issuer+"/"+k.Name, ErrBands, "%s has %s, which would be lost", s.Holder, s.Given)
		}
		n += len(k.Stakes)
	}
	if err := f.err(); err != nil {
		return err
	}
	for i := range list {
		l.setTotals(&list[i])
	}
	if !slices.Contains(same, false) {
		d.own(itsStakes).setFigures(list)
	} else {
		l.replaceStakes(list, n)
		d.owned |= itsStakes
	}
	return nil
}

// setTotals enters the shares of a class but for its stakes.
func (l *ledger) setTotals(k *DraftClass) {
	c := l.company(k.Issuer)
	if r := c.class(k.Name); !r.issued.Equal(k.Issued) || !r.treasury.Equal(k.Treasury) || !r.dividend.Equal(k.Dividend) {
		r = c.edit(k.Name)
		r.issued, r.treasury, r.dividend = k.Issued, k.Treasury, k.Dividend
	}
}

// sameKeys reports whether a class has the stakes that it has in the ledger, in their order, but
// for their figures.
func (l *ledger) sameKeys(k *DraftClass) bool {
	n := 0
	for _, s := range l.stakes {
		if s.issuer != k.Issuer || s.class != k.Name {
			continue
		}
		if n == len(k.Stakes) || s.band != nil || !k.Stakes[n].sameKey(s) {
			return false
		}
		n++
	}
	return n == len(k.Stakes)
}

// sameKey reports whether the stake is that of a record of the same class, but for its figures.
func (s *DraftStake) sameKey(r *stakeRecord) bool {
	return s.Holder == r.holder && (s.Beneficiary == r.beneficiary || r.beneficiary == "" && s.Beneficiary == s.Holder) &&
		(s.Voter == r.voter || r.voter == "" && s.Voter == s.Holder) && s.CashSettled == r.cashSettled &&
		s.VotesSince == r.since && s.From == r.from && s.To == r.to &&
		s.OwnVotes == (r.votesText != "") && (!s.OwnVotes || s.Votes.Equal(r.votes))
}

// setFigures enters the figures of classes whose stakes have the same keys.
func (l *ledger) setFigures(list []DraftClass) {
	for i := range list {
		k, n := &list[i], 0
		for j, r := range l.stakes {
			if r.issuer != k.Issuer || r.class != k.Name {
				continue
			}
			s := &k.Stakes[n]
			n++
			if same := s.sameLots(r); !same || !s.Shares.Equal(r.shares) || !s.Votes.Equal(r.votes) || s.Source != r.source {
				own := *r
				if own.shares, own.votes, own.source = s.Shares, s.Votes, s.Source; !same {
					own.lots = s.lots()
				}
				l.stakes[j] = &own
			}
		}
	}
}

// sameLots reports whether the stake has the lots of a record.
func (s *DraftStake) sameLots(r *stakeRecord) bool {
	return slices.EqualFunc(s.Lots, r.lots, func(a DraftLot, b shareledger.Lot) bool { return sameLot(shareledger.Lot(a), b) })
}

// lots returns a copy of the lots.
func (s *DraftStake) lots() []shareledger.Lot {
	if len(s.Lots) == 0 {
		return nil
	}
	out := make([]shareledger.Lot, len(s.Lots))
	for i, lot := range s.Lots {
		out[i] = shareledger.Lot(lot)
	}
	return out
}

// replaceStakes puts the n stakes of classes in place of those that the classes had. It makes a
// new list.
func (l *ledger) replaceStakes(classes []DraftClass, n int) {
	records, fresh := make([]stakeRecord, n), make([]*stakeRecord, 0, n)
	for i := range classes {
		k := &classes[i]
		for j := range k.Stakes {
			r := &records[len(fresh)]
			k.Stakes[j].enter(r, k.Issuer, k.Name)
			fresh = append(fresh, r)
		}
	}
	sortStakes(fresh)
	replaced := classFilter(classes)
	out := make([]*stakeRecord, 0, len(l.stakes)+n)
	for _, s := range l.stakes {
		if replaced(s.issuer, s.class) {
			continue
		}
		for len(fresh) > 0 && compareStakes(fresh[0], s) < 0 {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		out = append(out, s)
	}
	l.stakes = append(out, fresh...)
}

// classFilter returns a test for the classes of a list.
func classFilter(list []DraftClass) func(issuer, class string) bool {
	if len(list) <= fewClasses {
		return func(issuer, class string) bool {
			for i := range list {
				if list[i].Issuer == issuer && list[i].Name == class {
					return true
				}
			}
			return false
		}
	}
	in := make(map[[2]string]bool, len(list))
	for i := range list {
		in[[2]string{list[i].Issuer, list[i].Name}] = true
	}
	return func(issuer, class string) bool { return in[[2]string{issuer, class}] }
}

// fewClasses is the largest number of classes that are compared one by one.
const fewClasses = 4

package crossholding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/input"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// parseBook checks a book and returns it as a ledger. It returns all faults of the
// book in one error.
func parseBook(b *Book) (*ledger, error) {
	p := parser{l: &ledger{asOf: b.AsOf, source: b.Source}, issuers: map[string]bool{}, ids: map[string]string{}}
	p.Date("as_of", b.AsOf)
	p.name("source", b.Source)
	for _, s := range b.Stakes {
		p.issuers[s.Issuer] = true
	}
	for i := range b.Companies {
		p.About = text.Truncate(b.Companies[i].ID, input.MaxText)
		p.company(fmt.Sprintf("companies[%d]", i), &b.Companies[i])
	}
	for i := range b.Parties {
		p.About = text.Truncate(b.Parties[i].ID, input.MaxText)
		p.party(fmt.Sprintf("parties[%d]", i), b.Parties[i])
	}
	slices.SortFunc(p.l.companies, func(a, b companyRecord) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(p.l.parties, func(a, b Party) int { return strings.Compare(a.ID, b.ID) })
	p.About = ""
	p.members(b.Parties)
	stakes := p.withoutNoise(b.Stakes)
	whole := p.wholePercents(stakes)
	p.records, p.l.stakes = make([]stakeRecord, 0, len(stakes)), make([]*stakeRecord, 0, len(stakes))
	for i := range stakes {
		s := &stakes[i]
		p.row = i
		if p.About = ""; s.Holder != "" && s.Issuer != "" {
			p.About = text.Truncate(s.Holder, input.MaxText) + " in " + text.Truncate(s.Issuer, input.MaxText)
		}
		p.stake(fmt.Sprintf("stakes[%d]", i), s, whole[i])
	}
	p.About = ""
	p.ownShares()
	p.checkRepeated(stakes)
	p.agreements(b.Agreements)
	p.controls(b.Controls)
	p.rights(b.Rights)
	if b.Market != nil {
		p.market("market", b.Market)
	}
	p.l.normalize()
	p.takeNoise()
	p.checkCounts(p.l)
	p.checkAllocation(p.l)
	p.checkBands(p.l)
	p.checkAgreements(p.l)
	p.warnRounded()
	if err := p.err(); err != nil {
		return nil, err
	}
	return p.l, nil
}

func (p *parser) party(place string, in Party) {
	p.identify(place, in.ID, p.ids)
	p.name(place+".name", in.Name)
	p.country(place+".country", in.Country)
	switch in.Kind {
	case "", KindCompany, KindState, KindPerson, KindFund, KindTrust, KindPublic, KindJoint:
	default:
		p.Add(place+".kind", ErrUnknown, "%q is not company, state, person, fund, trust, public or joint", in.Kind)
	}
	if len(in.Members) > 0 || in.Kind == KindJoint {
		in.Members = slices.Sorted(slices.Values(in.Members))
		p.memberCount(place+".members", &in)
	}
	p.l.parties = append(p.l.parties, in)
}

// memberCount checks how many members a party has.
func (p *parser) memberCount(place string, in *Party) {
	switch n := len(slices.Compact(slices.Clone(in.Members))); {
	case in.Kind == KindJoint && n < 2:
		p.Add(place, ErrMissing, "%s: joint holders have at least two members, and there is %d", in.ID, n)
	case in.Kind != KindJoint && n > 0:
		p.Add(place, ErrRange, "%s has members, but is not of the kind joint", in.ID)
	case n < len(in.Members):
		p.Add(place, ErrDuplicate, "%s has a member twice", in.ID)
	}
}

// members checks the members of joint holders, after all names were read.
func (p *parser) members(list []Party) {
	joint := map[string]bool{}
	for i := range list {
		if list[i].Kind == KindJoint {
			joint[list[i].ID] = true
		}
	}
	for i := range list {
		if len(list[i].Members) == 0 {
			continue
		}
		place := fmt.Sprintf("parties[%d].members", i)
		for _, id := range list[i].Members {
			if p.reference(place, "member", id) && joint[id] {
				p.Add(place, ErrRange, "%s: member %q is joint holders itself: list its members", list[i].ID, id)
			}
		}
	}
}

func (p *parser) company(place string, in *Company) {
	first := p.identify(place, in.ID, p.ids)
	p.name(place+".name", in.Name)
	p.country(place+".country", in.Country)
	if in.Law != "none" {
		p.country(place+".law", in.Law)
	}
	p.currency(place+".currency", in.Currency)
	rec := companyRecord{Company: *in}
	rec.Shares = nil
	if in.Lot != "" {
		if rec.lot = p.number(place+".lot", in.Lot, ratio.Int(1)); rec.lot.IsZero() {
			p.Add(place+".lot", ErrRange, "%s: a trading unit of 0 shares", in.ID)
		}
	}
	seen := make(map[string]bool, len(in.Shares))
	for i, s := range in.Shares {
		at := fmt.Sprintf("%s.shares[%d]", place, i)
		k := p.class(at, in.ID, s)
		if seen[k.name] {
			p.Add(at+".class", ErrDuplicate, "%s has class %q twice", in.ID, k.name)
			continue
		}
		seen[k.name] = true
		rec.classes = append(rec.classes, k)
	}
	if len(in.Shares) == 0 && p.issuers[in.ID] {
		rec.percent = true
		rec.classes = []classRecord{{name: DefaultClass, issued: ratio.Int(100), votes: ratio.Int(1), dividend: ratio.Int(1)}}
	}
	slices.SortFunc(rec.classes, func(a, b classRecord) int { return strings.Compare(a.name, b.name) })
	if first {
		p.l.companies = append(p.l.companies, rec)
	}
}

func (p *parser) class(place, id string, in ShareClass) classRecord {
	before := p.Count()
	k := classRecord{
		name:     cmp.Or(in.Class, DefaultClass),
		issued:   p.number(place+".issued", in.Issued, ratio.Ratio{}),
		treasury: p.number(place+".treasury", in.Treasury, ratio.Ratio{}),
		votes:    p.number(place+".votes", in.Votes, ratio.Int(1)),
		dividend: p.number(place+".dividend", in.Dividend, ratio.Int(1)), fractions: in.Fractions,
		votesGiven: in.Votes != "",
	}
	if fault := ident.Fault(k.name); fault != "" {
		p.Add(place+".class", ErrRange, "%s: class %s", id, fault)
	}
	switch {
	case in.Issued == "":
		p.Add(place+".issued", ErrMissing, "%s (%s): how many shares are issued?", id, k.name)
	case before == p.Count() && k.issued.Less(k.treasury):
		p.Add(place+".treasury", ErrRange, "%s (%s): treasury %s of only %s issued", id, k.name, k.treasury, k.issued)
	}
	k.faulty = before != p.Count()
	return k
}

func (p *parser) stake(place string, in *Stake, whole *ratio.Ratio) {
	rec := stakeRecord{stakeKey: stakeKey{holder: in.Holder, issuer: in.Issuer, class: in.Class,
		beneficiary: in.Beneficiary, voter: in.Voter, since: in.VotesSince, cashSettled: in.CashSettled, from: in.From, to: in.To},
		source: cmp.Or(in.Source, p.l.source)}
	p.reference(place+".holder", "holder", in.Holder)
	if in.Beneficiary != "" {
		p.reference(place+".beneficiary", "beneficiary", in.Beneficiary)
	}
	if in.Voter != "" && in.Voter != Neutral {
		p.reference(place+".voter", "voter", in.Voter)
	}
	p.notOneself(place, in)
	// A beneficiary that is the default is not kept.
	if rec.beneficiary == in.Holder {
		rec.beneficiary = ""
	}
	if rec.voter == in.Holder {
		rec.voter = ""
	}
	if in.CashSettled && rec.beneficiary == "" {
		p.Add(place+".cash_settled", ErrMissing, "%s in %s: cash_settled without a beneficiary other than the holder", in.Holder, in.Issuer)
	}
	p.stakeVotes(place, in, &rec)
	p.stakePeriod(place, in)
	if in.Source != "" {
		p.name(place+".source", in.Source)
	}
	if !p.reference(place+".issuer", "issuer", in.Issuer) {
		p.unplaced(place, in, &rec)
		return
	}
	c := p.l.company(in.Issuer)
	if c == nil {
		p.Add(place+".issuer", ErrUnknown, "issuer %q is a party, not a company: it has no shares", in.Issuer)
		p.unplaced(place, in, &rec)
		return
	}
	rec.class = in.classOf(c)
	k := c.class(rec.class)
	if k == nil {
		p.Add(place+".class", ErrUnknown, "%s has no class %q", in.Issuer, rec.class)
		p.unplaced(place, in, &rec)
		return
	}
	before := p.Count()
	p.stakeShares(place, in, &rec, k)
	if whole != nil && before == p.Count() {
		p.roundPercent(in, &rec, k, *whole)
	}
	p.lots(place, in, &rec, before == p.Count())
	p.keep(place, in, rec)
}

// unplaced checks the fields of a stake whose issuer or class is unknown.
func (p *parser) unplaced(place string, in *Stake, rec *stakeRecord) {
	if in.Between == "" && (in.Shares != "" || in.Percent != "") {
		p.stakeShares(place, in, rec, &classRecord{issued: ratio.Int(100)})
	}
	p.lots(place, in, rec, false)
}

func (p *parser) notOneself(place string, in *Stake) {
	if in.ofItself() {
		return
	}
	for _, who := range []struct{ role, id string }{
		{"holder", in.Holder}, {"beneficiary", in.Beneficiary}, {"voter", in.Voter},
	} {
		if who.id != "" && who.id == in.Issuer {
			p.Add(place+"."+who.role, ErrSelfStake,
				"%s cannot hold a stake in itself (as %s): its own shares are its treasury", in.Issuer, who.role)
			return
		}
	}
}

func (p *parser) stakeVotes(place string, in *Stake, rec *stakeRecord) {
	p.Date(place+".votes_since", in.VotesSince)
	if in.Votes != "" {
		rec.votes = p.number(place+".votes_per_share", in.Votes, ratio.Ratio{})
		rec.votesText = rec.votes.String()
	} else if in.VotesSince != "" {
		p.Add(place+".votes_since", ErrMissing, "%s in %s: votes_since without votes_per_share", in.Holder, in.Issuer)
	}
}

func (p *parser) stakeShares(place string, in *Stake, rec *stakeRecord, k *classRecord) {
	switch {
	case in.Percent != "" && p.percentAsFraction(place, in):
	case in.Rounded:
		p.rounded(place, in, rec, k)
	case in.Between != "":
		p.band(place, in, rec, k)
	case in.Shares != "" && in.Percent != "":
		p.Add(place, ErrDuplicate, "%s in %s: both shares %s and percent %s", in.Holder, in.Issuer, in.Shares, in.Percent)
	case strings.HasSuffix(string(in.Shares), "%"):
		p.Add(place+".shares", ratio.ErrNumber, "%s in %s: %s is no number of shares; write percent: %s",
			in.Holder, in.Issuer, in.Shares, strings.TrimSuffix(string(in.Shares), "%"))
	case in.Shares != "":
		rec.shares, rec.noisy = p.number(place+".shares", in.Shares, ratio.Ratio{}), in.Shares.IsNoisy()
	case in.Percent != "":
		pct := p.number(place+".percent", in.Percent, ratio.Ratio{})
		rec.shares, rec.noisy = k.issued.Mul(pct).Mul(ratio.Of(1, 100)), in.Percent.IsNoisy()
		if k.issued.IsZero() {
			p.nothingIssued(place+".percent", in, k)
		} else if _, ends := rec.shares.Decimals(); ends && !rec.shares.IsDecimal() || !rec.shares.IsNumber() {
			p.Add(place+".percent", ratio.ErrNumber, "%s in %s: %s%% of %s issued is not a number of shares that a book can hold",
				in.Holder, in.Issuer, in.Percent, k.issued)
		}
	default:
		p.Add(place, ErrMissing, "%s in %s: neither shares, percent nor between", in.Holder, in.Issuer)
	}
}

// lots reads a stake's lots. counted says whether its number of shares is known.
func (p *parser) lots(place string, in *Stake, rec *stakeRecord, counted bool) {
	var sum ratio.Ratio
	for i, lot := range in.Lots {
		at := fmt.Sprintf("%s.lots[%d]", place, i)
		p.Date(at+".date", lot.Date)
		if p.l.asOf.Valid() && lot.Date.Valid() && lot.Date > p.l.asOf && date.Within(p.l.asOf, in.From, in.To) {
			p.Add(at+".date", ErrDate, "%s in %s: bought on %s, after the book's date %s", in.Holder, in.Issuer, lot.Date, p.l.asOf)
		}
		p.LotPrice(at, &lot.Price, &lot.Currency)
		p.currency(at+".currency", lot.Currency)
		if lot.Shares == "" {
			p.Add(at+".shares", ErrMissing, "%s in %s: a lot without shares", in.Holder, in.Issuer)
		}
		if lot.Price == "" {
			p.Add(at+".price", ErrMissing, "%s in %s: a lot without a price", in.Holder, in.Issuer)
		}
		l := shareledger.Lot{Date: lot.Date, Shares: p.number(at+".shares", lot.Shares, ratio.Ratio{}),
			Price: p.number(at+".price", lot.Price, ratio.Ratio{}), Currency: lot.Currency}
		issuer := p.l.company(in.Issuer)
		if l.Currency == "" && issuer != nil {
			l.Currency = issuer.Currency
		}
		if l.Currency == "" && issuer != nil {
			p.Add(at+".currency", ErrCurrency, "%s in %s: a lot without currency, and %s has none", in.Holder, in.Issuer, in.Issuer)
		}
		sum = sum.Add(l.Shares)
		rec.lots = append(rec.lots, l)
	}
	if counted && rec.shares.Less(sum) {
		p.Add(place+".lots", ErrOverAllocated, "%s in %s: lots of %s shares for a stake of %s: %s too many",
			in.Holder, in.Issuer, sum, rec.shares, sum.Sub(rec.shares))
	}
}

// checkCounts reports stakes and lots of one kind whose sum is a number that a book
// cannot hold.
func (p *parser) checkCounts(l *ledger) {
	for _, s := range l.stakes {
		fits := s.shares.IsNumber()
		for _, lot := range s.lots {
			fits = fits && lot.Shares.IsNumber()
		}
		if !fits {
			p.Add("stakes", ratio.ErrNumber, "%s in %s: %s shares in all have more digits than a book can hold", s.holder, s.issuer, s.shares)
		}
	}
}

// wholePercents rounds stakes in percent to the nearest whole number of shares, for
// classes that have only whole shares. The rounded stakes of one class must not exceed
// the rounded sum of the class's stakes. If they do, it rounds down the stakes that
// rounding increased most. The result is nil for all other stakes.
func (p *parser) wholePercents(stakes []Stake) []*ratio.Ratio {
	type key struct{ issuer, class string }
	type share struct {
		stake        int
		exact, whole ratio.Ratio
	}
	classes := map[key][]share{}
	for i := range stakes {
		s := &stakes[i]
		c := p.l.company(s.Issuer)
		if s.Percent == "" || s.Shares != "" || s.Between != "" || s.Rounded || c == nil || c.percent || !date.Within(p.l.asOf, s.From, s.To) {
			continue
		}
		k := c.class(s.classOf(c))
		pct, err := s.Percent.Ratio()
		if k == nil || k.fractions || !k.issued.IsInt() || err != nil {
			continue
		}
		exact := k.issued.Mul(pct).Mul(ratio.Of(1, 100))
		whole := ratio.FromRat(exact.Round(0, ratio.HalfEven).Rat())
		id := key{s.Issuer, k.name}
		classes[id] = append(classes[id], share{i, exact, whole})
	}
	out := make([]*ratio.Ratio, len(stakes))
	for _, list := range classes {
		var exact, whole ratio.Ratio
		for _, s := range list {
			exact, whole = exact.Add(s.exact), whole.Add(s.whole)
		}
		most := ratio.FromRat(exact.Round(0, ratio.HalfEven).Rat())
		gain := func(s share) ratio.Ratio { return s.whole.Sub(s.exact) }
		byGain := slices.Clone(list)
		slices.SortStableFunc(byGain, func(a, b share) int { return gain(b).Cmp(gain(a)) })
		less, last := map[int]bool{}, ratio.Ratio{}
		for _, s := range byGain {
			if !most.Less(whole) && !gain(s).Equal(last) || gain(s).Sign() <= 0 {
				break // equal stakes are rounded in the same way, whatever their names are
			}
			less[s.stake], whole, last = true, whole.Sub(ratio.Int(1)), gain(s)
		}
		for _, s := range list {
			if less[s.stake] {
				s.whole = s.whole.Sub(ratio.Int(1))
			}
			out[s.stake] = &s.whole
		}
	}
	return out
}

// classOf returns the class of a stake: the class that it names, or the company's only
// class, or the ordinary class.
func (s *Stake) classOf(c *companyRecord) string {
	switch {
	case s.Class != "":
		return s.Class
	case len(c.classes) == 1:
		return c.classes[0].name
	}
	return DefaultClass
}

// roundPercent sets a stake in percent to its whole number of shares.
func (p *parser) roundPercent(in *Stake, rec *stakeRecord, k *classRecord, whole ratio.Ratio) {
	if whole.Equal(rec.shares) {
		return
	}
	p.l.warnings = append(p.l.warnings, Warning{Holder: in.Holder, Issuer: in.Issuer,
		Text: fmt.Sprintf("%s in %s: %s%% of %s shares is %s, taken as %s whole shares", in.Holder, in.Issuer, in.Percent,
			k.issued.Grouped(), rec.shares.GroupedDecimal(6), whole.Grouped())})
	rec.shares = whole
}

package crossholding

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/crossholding/crossholding/date"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// ledger is a book that was read and checked. Its numbers are fractions, its names are
// resolved, and it is in canonical order. Scenarios work on copies of it. Copies share the
// records of stakes and the lists of lots and classes, which are replaced and never edited.
type ledger struct {
	asOf       date.Date
	source     string          // of stakes without one of their own
	companies  []companyRecord // by id
	parties    []Party         // by id
	stakes     []*stakeRecord  // by holder, issuer, class and the rest of the key
	dormant    []Stake         // stakes that do not exist on the day asOf, as the book has them
	agreements []agreementRecord
	controls   []ControlFact // in canonical order
	rights     []rightRecord // by id
	bands      int           // stakes with a band
	market     marketRecord
	warnings   []Warning
}

// size is the number of companies, stakes and lots.
func (l *ledger) size() int {
	n := len(l.companies) + len(l.stakes)
	for i := range l.stakes {
		n += len(l.stakes[i].lots)
	}
	return n
}

type companyRecord struct {
	Company // without Shares; they are in classes
	lot     ratio.Ratio
	classes []classRecord // by name; none for an outside owner
	percent bool          // the book names no shares: stakes are percentages of 100
}

type classRecord struct {
	name                              string
	issued, treasury, votes, dividend ratio.Ratio
	fractions                         bool // there are parts of a share
	votesGiven                        bool // the book gives the votes: no law gives more
	faulty                            bool // while a book is read: its numbers have a fault
}

func (c classRecord) outstanding() ratio.Ratio { return c.issued.Sub(c.treasury) }

// stakeKey identifies a stake. Stakes that differ in any of these fields are separate.
type stakeKey struct {
	holder, issuer, class, beneficiary, voter string
	since, from, to                           date.Date
	cashSettled                               bool
	votesText                                 string // the override as text, "" if none
}

type stakeRecord struct {
	stakeKey
	shares ratio.Ratio
	band   *ratio.Interval // of the class's issued shares, nil if known; shares is then its lower end
	// rounded is the percentage that band stands for, "" if band is not of a rounded one.
	rounded ratio.Number
	votes   ratio.Ratio // per share, when votesText is not ""
	lots    []shareledger.Lot
	source  string
	// These are for the time while a book is read.
	row   int  // its number in the book
	adds  bool // it adds to another stake
	noisy bool // its number has the digits of floating-point arithmetic
}

// percentCompany reports whether c is known only in percent: its book names no
// shares, and it still has 100 plain shares and no trading unit. Such a company is
// written and read without its shares.
func (c *companyRecord) percentCompany() bool {
	return c.percentTerms() && c.classes[0].issued.Equal(ratio.Int(100)) && c.classes[0].treasury.IsZero()
}

// percentTerms reports whether c is such a company but for the number of its shares.
func (c *companyRecord) percentTerms() bool {
	if !c.percent || len(c.classes) != 1 || !c.lot.IsZero() {
		return false
	}
	k := c.classes[0]
	return k.name == DefaultClass && k.votes.Equal(ratio.Int(1)) && k.dividend.Equal(ratio.Int(1))
}

func (l *ledger) company(id string) *companyRecord {
	i := sort.Search(len(l.companies), func(i int) bool { return l.companies[i].ID >= id }) // it copies no record
	if i == len(l.companies) || l.companies[i].ID != id {
		return nil
	}
	return &l.companies[i]
}

func (l *ledger) party(id string) *Party {
	i := sort.Search(len(l.parties), func(i int) bool { return l.parties[i].ID >= id })
	if i == len(l.parties) || l.parties[i].ID != id {
		return nil
	}
	return &l.parties[i]
}

func (l *ledger) known(id string) bool { return l.company(id) != nil || l.party(id) != nil }

func (c *companyRecord) class(name string) *classRecord {
	i, ok := slices.BinarySearchFunc(c.classes, name, func(k classRecord, name string) int { return strings.Compare(k.name, name) })
	if !ok {
		return nil
	}
	return &c.classes[i]
}

// edit returns a class of the company for a change. It makes a new list of classes, because
// another ledger may have the old one.
func (c *companyRecord) edit(name string) *classRecord {
	c.classes = slices.Clone(c.classes)
	return c.class(name)
}

// clone copies what a change of the book may change, with the records of stakes; fractions are
// immutable and shared.
func (l *ledger) clone() *ledger {
	c := *l
	c.separate(allParts &^ itsStakes)
	c.stakes = make([]*stakeRecord, len(l.stakes))
	records := make([]stakeRecord, len(l.stakes))
	for i, s := range l.stakes {
		records[i] = *s
		c.stakes[i] = &records[i]
	}
	return &c
}

// parts are parts of a ledger, as bits.
type parts uint8

const (
	itsFields    parts = 1 << iota // its day and its lists, but not what they list
	itsCompanies                   // with their classes
	itsStakes
	itsTerms // parties, agreements, facts and rights
	itsMarket

	allParts = itsFields | itsCompanies | itsStakes | itsTerms | itsMarket
)

// separate copies some parts in place, so that no other ledger has them.
func (l *ledger) separate(p parts) {
	if p&itsCompanies != 0 {
		l.companies = slices.Clone(l.companies)
	}
	if p&itsStakes != 0 {
		l.stakes = slices.Clone(l.stakes)
	}
	if p&itsTerms != 0 {
		l.parties, l.agreements = slices.Clone(l.parties), slices.Clone(l.agreements)
		l.controls, l.rights = slices.Clone(l.controls), slices.Clone(l.rights)
	}
	if p&itsMarket != 0 {
		l.market = l.market.clone()
	}
}

func compareStakes(a, b *stakeRecord) int {
	if d := cmp.Or(
		compareKeys(&a.stakeKey, &b.stakeKey),
		strings.Compare(string(a.from), string(b.from)),
		strings.Compare(string(a.to), string(b.to)),
	); d != 0 || a.band == nil && b.band == nil {
		return d
	}
	return strings.Compare(a.bandText(), b.bandText()) // slow, so only for stakes of one key
}

// sortStakes puts stakes in canonical order. It moves nothing if they are.
func sortStakes(list []*stakeRecord) {
	for i := 1; i < len(list); i++ {
		if compareStakes(list[i-1], list[i]) > 0 {
			slices.SortFunc(list, compareStakes)
			return
		}
	}
}

// normalize puts the ledger in canonical order, joins stakes and lots that differ
// only in the number of shares, and drops empty ones. It does not change stakes with
// a band.
func (l *ledger) normalize() {
	l.bands = 0
	sortStakes(l.stakes)
	kept := l.stakes[:0]
	for _, s := range l.stakes {
		if n := len(kept); n > 0 && kept[n-1].stakeKey == s.stakeKey && kept[n-1].band == nil && s.band == nil {
			last := kept[n-1]
			last.shares = last.shares.Add(s.shares)
			last.source, last.noisy = text.Unite("; ", last.source, s.source), last.noisy || s.noisy
			last.lots = shareledger.JoinLots(last.lots, s.lots)
			continue
		}
		if s.band != nil {
			l.bands++
		}
		s.lots = shareledger.JoinLots(s.lots, nil)
		kept = append(kept, s)
	}
	l.stakes = slices.DeleteFunc(kept, func(s *stakeRecord) bool { return s.shares.IsZero() && s.band == nil })
	slices.SortFunc(l.agreements, func(a, b agreementRecord) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(l.controls, ControlFact.Compare)
}

// rightRecord is a right that was read and checked.
type rightRecord struct {
	Right
	shares ratio.Ratio
	price  Money // without currency if nothing is paid
}

// marketRecord is a market that was read and checked.
type marketRecord struct {
	currency string
	prices   map[string]Money       // key: company, or company/class
	fx       map[string]ratio.Ratio // from "EUR/JPY" to yen for one euro
}

func (m marketRecord) clone() marketRecord {
	return marketRecord{m.currency, maps.Clone(m.prices), maps.Clone(m.fx)}
}

// agreementRecord is an agreement that was read and checked.
type agreementRecord struct {
	Agreement
	max, min ratio.Ratio
}

// directs reports whether the agreement says who casts the holders' votes.
func (a *agreementRecord) directs() bool {
	return a.Kind == AgreementFollow || a.Kind == AgreementProxy
}

// votes reports whether the agreement changes votes.
func (a *agreementRecord) votes() bool {
	return a.directs() || a.Kind == AgreementNeutral || a.Kind == AgreementCap
}

// compareKeys sorts keys of stakes, without their periods.
func compareKeys(a, b *stakeKey) int {
	return cmp.Or(
		strings.Compare(a.holder, b.holder),
		strings.Compare(a.issuer, b.issuer),
		strings.Compare(a.class, b.class),
		strings.Compare(a.beneficiary, b.beneficiary),
		strings.Compare(a.voter, b.voter),
		compareBools(a.cashSettled, b.cashSettled),
		strings.Compare(string(a.since), string(b.since)),
		strings.Compare(a.votesText, b.votesText),
	)
}

// bandText orders bands of one stake.
func (s *stakeRecord) bandText() string {
	if s.band == nil {
		return ""
	}
	return s.band.String() + "\x00" + string(s.rounded) + "\x00" + s.source
}

package crossholding

import (
	"cmp"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/iso4217"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// PartyKind says what sort of holder a party is.
type PartyKind string

// These are the kinds of parties. An empty kind means [KindPerson].
const (
	KindCompany PartyKind = "company"
	KindState   PartyKind = "state"
	KindPerson  PartyKind = "person"
	KindFund    PartyKind = "fund"
	KindTrust   PartyKind = "trust"
	KindPublic  PartyKind = "public"
	KindJoint   PartyKind = "joint" // several who hold shares jointly, see [Party.Members]
)

// Party is a holder that is not a company of the book: a state, a person, a fund, a
// trust or the public. It is plain data.
//
// Joint holders, such as two trustees on one block of shares, are one party of [KindJoint]
// with Members. The party owns, votes and controls as one. What the money of each member is,
// a stake can say by its beneficiary. Rules of law that treat each of several joint holders as
// holding the whole share do so for the members.
type Party struct {
	ID      string    `json:"id"`
	Name    string    `json:"name,omitempty"`
	Kind    PartyKind `json:"kind,omitempty"`
	Country string    `json:"country,omitempty"` // ISO 3166-1 alpha-2, or 3166-2
	Members []string  `json:"members,omitempty"` // of joint holders: at least two companies or parties
}

// Company is an issuer of shares. It is plain data.
//
// If a company has no Shares but there are stakes in it, it has 100 ordinary shares, and
// its stakes are in percent. If there are no stakes in it either, it is an outside owner.
//
// The statutes that suspend votes are those of its Country, or of its Law if that is given.
// If both are empty, no statute applies in its meetings.
type Company struct {
	ID       string       `json:"id"`
	Name     string       `json:"name,omitempty"`
	Country  string       `json:"country,omitempty"` // ISO 3166-1 alpha-2, or 3166-2 as "US-DE"
	Law      string       `json:"law,omitempty"`     // statutes of another country, or "none"; default: Country
	Listed   bool         `json:"listed,omitempty"`
	Currency string       `json:"currency,omitempty"` // ISO 4217
	Lot      ratio.Number `json:"lot,omitempty"`      // trading unit in shares, default 1
	Shares   []ShareClass `json:"shares,omitempty"`
}

// ShareClass is one class of a company's shares. It is plain data. Treasury shares
// are the company's own shares. They are issued but neither vote nor earn.
//
// A stake in percent is rounded to the nearest whole number of shares, but the rounded
// stakes of a class do not exceed their rounded sum. [Alliance.Warnings] lists what was
// rounded. With Fractions set, stakes are not rounded.
type ShareClass struct {
	Class    string       `json:"class,omitempty"`    // default "ordinary"
	Issued   ratio.Number `json:"issued"`             // shares
	Treasury ratio.Number `json:"treasury,omitempty"` // shares, part of Issued
	Votes    ratio.Number `json:"votes,omitempty"`    // votes per share, default 1, and more where a law says so, see [law.Loyalty]
	Dividend ratio.Number `json:"dividend,omitempty"` // dividend weight per share, default 1
	// Fractions says that stakes of this class can have parts of a share.
	Fractions bool `json:"fractions,omitempty"`
}

// Neutral is the voter of a stake whose votes are cast so that they never move a
// result.
const Neutral = "neutral"

// Stake is shares of one class of one issuer in one holder's name. It is plain data.
// Exactly one of Shares, Percent and Between must be given. Percent and fractions are
// of the issued shares of the class.
//
// With Rounded set, Percent stands for a band: half a unit of its last digit to either
// side, see [ratio.Number.RoundedPercent]. So 33.34, 33.33 and 33.34 are no fault. Use
// [Alliance.Bounds] for such a book, or [Alliance.AsWritten] for the figures as they stand.
// Without Rounded, a percentage is exact, but noise of floating-point arithmetic is removed
// from Percent and Shares, see [ratio.Number.Denoised]. [Alliance.Warnings] says so. Stakes that
// exceed the outstanding shares of a class by less than one part in 10^13 lose the excess in
// the same way, if one of them has the digits of such arithmetic.
//
// A second stake that differs in nothing but its number, its Source and its Lots is a fault,
// unless their periods do not overlap or one of the two has Adds set.
//
// From and To are the first and the last day on which the stake exists. A book with such a
// day has an AsOf. Questions see the stakes of that day, and [Alliance.On] asks for another
// day. The other stakes stay in the book.
//
// Between is for a stake of which only a band is known, as registers publish
// it: "25%-50%", "under 5%", "more than 25% but not more than 50%". The forms are those
// of [ratio.ParseInterval]. The ends must be finite decimal numbers of shares, but need
// not be whole. Use [Alliance.Bounds] for questions about a book with such stakes.
type Stake struct {
	Holder      string       `json:"holder"`
	Issuer      string       `json:"issuer"`
	Class       string       `json:"class,omitempty"` // default "ordinary", or the only class
	Shares      ratio.Number `json:"shares,omitempty"`
	Percent     ratio.Number `json:"percent,omitempty"`     // 0..100
	Rounded     bool         `json:"rounded,omitempty"`     // Percent is rounded at its last digit
	Between     string       `json:"between,omitempty"`     // a band, "(25%,50%]"
	Adds        bool         `json:"adds,omitempty"`        // adds to another stake that differs only in its number
	Beneficiary string       `json:"beneficiary,omitempty"` // whose money it is, default Holder
	// CashSettled says that the beneficiary has no claim to the shares, only to what they
	// are worth: a swap, and the holder's hedge of it. Thresholds that count shares held
	// for one's money leave them out, and those that count such contracts take them in.
	CashSettled bool         `json:"cash_settled,omitempty"`
	Voter       string       `json:"voter,omitempty"`           // who casts the votes, default Holder; or [Neutral]
	Votes       ratio.Number `json:"votes_per_share,omitempty"` // default: the class's; of old lots, what a law gives them, see [law.Loyalty]
	VotesSince  date.Date    `json:"votes_since,omitempty"`     // the day from which Votes counts
	From        date.Date    `json:"from,omitempty"`            // first day
	To          date.Date    `json:"to,omitempty"`              // last day
	Source      string       `json:"source,omitempty"`          // where the figure comes from, default that of the book
	Lots        []Lot        `json:"lots,omitempty"`
}

// Lot is a purchase of shares of a stake. It is plain data. Lots may cover only a part
// of the stake. The rest then has no known cost.
type Lot struct {
	Date     date.Date    `json:"date,omitempty"`
	Shares   ratio.Number `json:"shares,omitempty"`
	Price    ratio.Number `json:"price,omitempty"`    // of one share: "568.5 JPY", or "568.5" with Currency
	Currency string       `json:"currency,omitempty"` // default: the issuer's
}

// Market holds prices and exchange rates on the book's date. If FX has a pair both ways, such
// as EUR/JPY and JPY/EUR, each must be the inverse of the other within the digits given. It
// is plain data.
type Market struct {
	Currency string                  `json:"currency,omitempty"` // of the values
	Prices   map[string]string       `json:"prices,omitempty"`   // company, or company/class, to "568.5 JPY" a share
	FX       map[string]ratio.Number `json:"fx,omitempty"`       // "EUR/JPY" to yen a euro
}

// Book is a dated snapshot of companies, other parties, and the stakes that they
// hold. It is plain data for Go literals, JSON files and tests. The zero value is an
// empty book. [New] checks it.
//
// The ids of companies, parties, classes and agreements have at most 200 bytes of
// UTF-8, no blanks at their ends, and no control or invisible characters, because
// such ids would look alike. The id "neutral", and those that begin with "float:" or
// "concert:", have a meaning of their own. Names may have any text.
type Book struct {
	AsOf       date.Date     `json:"as_of,omitempty"`
	Source     string        `json:"source,omitempty"` // where the stakes come from, if they do not say otherwise
	Companies  []Company     `json:"companies,omitempty"`
	Parties    []Party       `json:"parties,omitempty"`
	Stakes     []Stake       `json:"stakes,omitempty"`
	Agreements []Agreement   `json:"agreements,omitempty"`
	Controls   []ControlFact `json:"controls,omitempty"`
	Rights     []Right       `json:"rights,omitempty"` // to shares
	Market     *Market       `json:"market,omitempty"`
}

// RightKind says what gives a right to shares.
type RightKind string

// These are the kinds.
const (
	RightOption      RightKind = "option"
	RightWarrant     RightKind = "warrant"
	RightConvertible RightKind = "convertible"
)

// Right is a right of a holder to shares. If it has a Writer, the writer delivers shares that
// exist; otherwise the shares are new. It is plain data.
type Right struct {
	ID     string       `json:"id"`
	Holder string       `json:"holder"`
	Issuer string       `json:"issuer"`
	Class  string       `json:"class,omitempty"` // default "ordinary", or the only class
	Shares ratio.Number `json:"shares"`
	Price  string       `json:"price,omitempty"` // of a share, "4 EUR"; without it nothing is paid
	Kind   RightKind    `json:"kind,omitempty"`  // default: option
	// Writer is the party that delivers shares of its own when the right is exercised. Without
	// it, the issuer issues new shares.
	Writer string    `json:"writer,omitempty"`
	From   date.Date `json:"from,omitempty"` // first day of exercise
	To     date.Date `json:"to,omitempty"`   // last day of exercise
}

// ControlMeans names the means by which a party controls a company as a fact. Rules of law
// list the means that they count, see [law.Statute].
type ControlMeans = law.ControlMeans

// These are the means. They are those that public registers of control distinguish.
const (
	ControlByVoting      = law.ControlByVoting      // voting rights that the stakes of the book do not show
	ControlByAppointment = law.ControlByAppointment // the right to appoint or remove most of the board
	ControlByManagement  = law.ControlByManagement  // it manages the company, as a general partner does
	ControlByContractual = law.ControlByContractual // a contract or the statutes
	ControlByTrust       = law.ControlByTrust       // as trustee, or over the trustees
	ControlByNominee     = law.ControlByNominee     // through a nominee
	ControlByState       = law.ControlByState       // the powers of a state
	ControlByIndirect    = law.ControlByIndirect    // through others whom the book does not name
)

// ControlFact says that Controller controls Company by other means than the votes of the
// book's stakes. Several parties can control one company, and the same parties by several
// facts. Company needs no shares: it can be a foundation. It cannot be a person, a state or
// the public. It is plain data.
type ControlFact struct {
	Controller string       `json:"controller"`
	Company    string       `json:"company"`
	By         ControlMeans `json:"by"`
	Source     string       `json:"source,omitempty"` // where the fact is stated, in any words
	From       date.Date    `json:"from,omitempty"`   // first day in force
	To         date.Date    `json:"to,omitempty"`     // last day in force
}

// Compare sorts facts in the order of a canonical book: by controller, company and means. It
// is negative if f comes before g.
func (f ControlFact) Compare(g ControlFact) int {
	return cmp.Or(strings.Compare(f.Controller, g.Controller), strings.Compare(f.Company, g.Company),
		strings.Compare(string(f.By), string(g.By)), strings.Compare(f.Source, g.Source),
		strings.Compare(string(f.From), string(g.From)), strings.Compare(string(f.To), string(g.To)))
}

// Compare sorts stakes in the order of a canonical book: by holder, issuer, class and what else
// tells stakes apart, then by figure. It is negative if a comes before b.
func (a Stake) Compare(b Stake) int {
	return cmp.Or(
		strings.Compare(a.Holder, b.Holder),
		strings.Compare(a.Issuer, b.Issuer),
		strings.Compare(cmp.Or(a.Class, DefaultClass), cmp.Or(b.Class, DefaultClass)),
		strings.Compare(a.Beneficiary, b.Beneficiary),
		strings.Compare(a.Voter, b.Voter),
		compareBools(a.CashSettled, b.CashSettled),
		strings.Compare(string(a.VotesSince), string(b.VotesSince)),
		strings.Compare(string(a.Votes), string(b.Votes)),
		strings.Compare(string(a.From), string(b.From)),
		strings.Compare(string(a.To), string(b.To)),
		strings.Compare(a.Between, b.Between),
		strings.Compare(string(a.Percent), string(b.Percent)),
		strings.Compare(string(a.Shares), string(b.Shares)),
		strings.Compare(a.Source, b.Source),
	)
}

// DefaultClass is the class of shares that a book does not name.
const DefaultClass = "ordinary"

// compareBools orders false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Figure returns how large a stake is in words, as the book gives it: "33.4%", "(25%, 50%]"
// or "300 shares".
func (s Stake) Figure() string {
	switch {
	case s.Between != "":
		return input.Abbreviate(s.Between)
	case s.Rounded:
		return "rounded " + input.Abbreviate(string(s.Percent)) + "%"
	case s.Percent != "":
		return input.Abbreviate(string(s.Percent)) + "%"
	}
	return input.Abbreviate(string(s.Shares)) + " shares"
}

// Money is an exact amount in one currency. It is plain data. The zero value is 0
// without a currency. Amounts that are paid out are negative.
type Money struct {
	Amount   ratio.Ratio `json:"amount"`
	Currency string      `json:"currency,omitempty"` // ISO 4217
}

// Round returns the amount rounded to the smallest unit of its currency: cents of a
// euro, whole yen.
func (m Money) Round(mode ratio.Rounding) Money {
	d := m.Amount.Round(iso4217.MinorUnits(m.Currency), mode)
	return Money{ratio.FromRat(d.Rat()), m.Currency}
}

// maxShownDecimals is the largest number of decimals of an amount that String does not
// round.
const maxShownDecimals = 6

// String returns the amount and the currency, as in "568.5 JPY". If the amount is not a
// decimal with at most six decimals, String rounds it half to even to the smallest unit
// of the currency: 351593750/13 EUR is "27045673.08 EUR". Amount is exact.
func (m Money) String() string {
	text := m.Amount.String()
	if places, ends := m.Amount.Decimals(); !ends || places > maxShownDecimals {
		n := iso4217.MinorUnits(m.Currency)
		text = m.Amount.Decimal(n).StringFixed(int32(n))
	}
	return strings.TrimSuffix(text+" "+m.Currency, " ")
}

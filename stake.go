package crossholding

import (
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// PartyKind says what sort of holder a party is.
type PartyKind string

// The kinds of party. An empty kind means [KindPerson] for a party.
const (
	KindCompany PartyKind = "company"
	KindState   PartyKind = "state"
	KindPerson  PartyKind = "person"
	KindFund    PartyKind = "fund"
	KindTrust   PartyKind = "trust"
	KindPublic  PartyKind = "public"
)

// Party is anyone who can hold shares and is not described as a company of the
// book: a state, a person, a fund, a trust, the public. Plain data.
type Party struct {
	ID      string    `json:"id"`
	Name    string    `json:"name,omitempty"`
	Kind    PartyKind `json:"kind,omitempty"`
	Country string    `json:"country,omitempty"` // ISO 3166-1 alpha-2, or 3166-2
}

// Company is an issuer of shares. Plain data.
//
// A company with no Shares is issued 100 ordinary shares if a stake is held in
// it (its stakes are then given in percent), and is an outside owner if none
// is.
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

// ShareClass is one class of a company's shares. Plain data. Treasury shares
// are the company's own: they are issued but neither vote nor earn.
//
// A stake in percent of a class is the nearest whole number of shares, and together
// stakes in percent are no more than their sum; [Alliance.Warnings] lists what was
// rounded. Fractions leaves parts of a share.
type ShareClass struct {
	Class    string       `json:"class,omitempty"`    // default "ordinary"
	Issued   ratio.Number `json:"issued"`             // shares
	Treasury ratio.Number `json:"treasury,omitempty"` // shares, part of Issued
	Votes    ratio.Number `json:"votes,omitempty"`    // votes per share, default 1
	Dividend ratio.Number `json:"dividend,omitempty"` // dividend weight per share, default 1
	// Fractions says that there are parts of a share of this class.
	Fractions bool `json:"fractions,omitempty"`
}

// Neutral as a stake's voter says that its votes are cast so that they never
// move a result.
const Neutral = "neutral"

// Stake is shares of one class of one issuer in one holder's name. Plain data.
// Give one of Shares, Percent and Between (percent and fractions are of the
// issued shares of the class).
//
// Between is for a stake of which only a band is known, as registers publish
// it: "25%-50%", "under 5%", "more than 25% but not more than 50%"; the forms
// are those of [ratio.ParseInterval], the ends whole shares or not, but decimals.
// Questions about a book with such stakes go to [Alliance.Bounds].
type Stake struct {
	Holder      string       `json:"holder"`
	Issuer      string       `json:"issuer"`
	Class       string       `json:"class,omitempty"` // default "ordinary", or the only class
	Shares      ratio.Number `json:"shares,omitempty"`
	Percent     ratio.Number `json:"percent,omitempty"`         // 0..100
	Between     string       `json:"between,omitempty"`         // a band, "(25%,50%]"
	Beneficiary string       `json:"beneficiary,omitempty"`     // whose money it is, default Holder
	Voter       string       `json:"voter,omitempty"`           // who casts the votes, default Holder; or [Neutral]
	Votes       ratio.Number `json:"votes_per_share,omitempty"` // default: the class's
	VotesSince  date.Date    `json:"votes_since,omitempty"`     // the day from which Votes counts
	Lots        []Lot        `json:"lots,omitempty"`
}

// Lot is a purchase that a stake came from. Plain data. Lots may cover less
// than the stake; the rest then has no known cost.
type Lot struct {
	Date     date.Date    `json:"date,omitempty"`
	Shares   ratio.Number `json:"shares,omitempty"`
	Price    ratio.Number `json:"price,omitempty"`    // of one share: "568.5 JPY", or "568.5" beside Currency
	Currency string       `json:"currency,omitempty"` // default: the issuer's
}

// Market is prices and exchange rates on the book's date. Plain data.
type Market struct {
	Currency string                  `json:"currency,omitempty"` // that values are stated in
	Prices   map[string]string       `json:"prices,omitempty"`   // company, or company/class, to "568.5 JPY" a share
	FX       map[string]ratio.Number `json:"fx,omitempty"`       // "EUR/JPY" to yen a euro
}

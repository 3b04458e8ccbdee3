package law

import (
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Attribution is a ground on which shares count as a holder's. A threshold counts a share
// once for a holder, even if several grounds apply.
type Attribution string

// The grounds of attribution.
const (
	InOwnName      Attribution = "in one's name"    // the shares are in the holder's name
	ForOwnMoney    Attribution = "for one's money"  // another holds them for the holder's money
	CastAtWill     Attribution = "cast at will"     // the holder casts the votes, by the stake itself or as a proxy
	OfSubsidiaries Attribution = "of subsidiaries"  // companies that the holder controls, by votes or by a fact, have them on the other grounds
	InConcert      Attribution = "in concert"       // those who act in concert with the holder or its subsidiaries have them
	ThroughStakes  Attribution = "through stakes"   // companies of which the holder has enough votes have them, see DeemedRule
	OwnShares      Attribution = "own shares"       // the issuer has them itself, and the holder controls the issuer
	RightsToShares Attribution = "rights to shares" // options, convertibles and other rights to receive them
	CashSettled    Attribution = "cash-settled"     // contracts that only pay what the shares are worth, such as swaps
)

// DeemedRule says of how many votes of a company one is deemed to have what the company has, if a
// [Threshold] counts shares [ThroughStakes]. Votes are those that the law leaves, of all such votes.
// Those of companies that one controls count as one's own. What a company has counts that is in
// its own name, held for its money or cast by it, and what it has through companies that it
// controls.
type DeemedRule struct {
	Share   ratio.Ratio `json:"share"`              // a fraction, 0..1
	AtLeast bool        `json:"at_least,omitempty"` // reaching it is enough; default: it must be passed
	// Once says that deeming does not pass through a second such company. Otherwise the votes of
	// each company through which one is deemed to hold count as one's own, again and again.
	Once bool `json:"once,omitempty"`
	// Associates adds, to the votes of the holder, those of companies that control it and of others
	// under its controllers, and of those who act in concert with it about the company. It goes with
	// Once.
	Associates bool `json:"associates,omitempty"`
	// Largest is a presumption of control: Share must be passed and nobody else may have as many
	// votes, unless one has more than half.
	Largest bool `json:"largest,omitempty"`
}

// RightsRule says which rights to shares a [Threshold] counts if it lists [RightsToShares], and
// what they add to the total. The zero value counts every right, in the holder's shares alone.
type RightsRule struct {
	// Shares says whether the rights are to shares that exist or to new ones; empty: both.
	Shares RightsTo `json:"shares,omitempty"`
	// Within is the number of days within which a right must become exercisable. 0 means that
	// it counts before that too. In an undated book, every right is exercisable.
	Within int `json:"within,omitempty"`
	// Now says that a right counts only if it can be exercised on the day.
	Now bool `json:"now,omitempty"`
	// InBase adds the new shares of the rights that count as the holder's to the total of which
	// its stake is a fraction. Otherwise the total stays what is issued.
	InBase bool `json:"in_base,omitempty"`
}

// RightsTo says which shares rights are to.
type RightsTo string

// The shares.
const (
	RightsToExisting RightsTo = "existing" // another holder delivers them
	RightsToNew      RightsTo = "new"      // the issuer issues them
)

// Counts reports whether a right is counted on a day. Existing says that its shares exist
// already, and from is the first day on which it can be exercised.
func (r RightsRule) Counts(existing bool, from, day date.Date) bool {
	if r.Shares == RightsToExisting && !existing || r.Shares == RightsToNew && existing {
		return false
	}
	return r.Within == 0 && !r.Now || from == "" || day == "" || from <= day.AddDays(r.Within)
}

// ByDefault lists the grounds of a [Threshold] that lists none. The caller may change the
// result.
func ByDefault() []Attribution { return []Attribution{ForOwnMoney, OfSubsidiaries} }

// These are lists of grounds that several laws share. They are never changed.
var (
	// transparency is Directive 2004/109/EC, art. 9, 10 and 13: whoever has the votes.
	transparency = []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert, RightsToShares, CashSettled}
	// votesInConcert is the usual ground of a takeover bid: votes held alone or in concert.
	votesInConcert = []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert}
	// instruments is Directive 2004/109/EC, art. 13: what gives a right to shares, or an effect like
	// that of one.
	instruments = []Attribution{OfSubsidiaries, InConcert, RightsToShares, CashSettled}
	// frenchVotes is C. com., art. L.233-9, I, 1° to 3°: control is also presumed, and the own shares
	// of a controlled issuer are shares that a controlled company has.
	frenchVotes = []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries, ThroughStakes, OwnShares, InConcert}
	// presumedControl is C. com., art. L.233-3, II: more than 40% of the votes, if nobody else has more.
	// Where another has as many, control is not presumed (CNCC EJ 2020-65).
	presumedControl = DeemedRule{Share: ratio.Of(2, 5), Largest: true}
	// castVotes is what decides at a meeting.
	castVotes = []Attribution{CastAtWill, OfSubsidiaries}
)

// These are the rules on rights that several laws share.
var (
	// toExisting is Directive 2004/109/EC, art. 13(1)(a): rights to shares that are already issued.
	// § 38(1) no. 1 WpHG and C. com., art. L.233-9 I 4° have the same words. The total stays that of
	// the votes. DTR 5.1.1R(3)(a), which was read, means by shares those already issued.
	toExisting = RightsRule{Shares: RightsToExisting}
	// withinSixtyDays is 17 CFR 240.13d-3(d)(1): a right that can be exercised within 60 days, and
	// its shares are outstanding for its holder alone. The sixty days were read, the total was not
	// verified. NI 62-104, s. 1.8, was not verified either. Section 109 of the Securities Act of
	// New Brunswick, which it replaced there, was read and says both.
	withinSixtyDays = RightsRule{Within: 60, InBase: true}
	// ownInBase is FIEA, art. 27-23(4) and 27-2(8), not verified: what can become shares counts,
	// and what the holder and its partners have of it is added to the total.
	ownInBase = RightsRule{InBase: true}
)

// with returns a list of grounds and some more.
func with(list []Attribution, more ...Attribution) []Attribution { return slices.Concat(list, more) }

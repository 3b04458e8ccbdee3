package law

import "slices"

// Attribution is a ground on which shares count as a holder's. A threshold counts a share
// once for a holder, even if several grounds apply.
type Attribution string

// The grounds of attribution. A book cannot state rights to shares yet. Thresholds list
// them, because the law does.
const (
	InOwnName      Attribution = "in one's name"    // the shares are in the holder's name
	ForOwnMoney    Attribution = "for one's money"  // another holds them for the holder's money
	CastAtWill     Attribution = "cast at will"     // the holder casts the votes, by the stake itself or as a proxy
	OfSubsidiaries Attribution = "of subsidiaries"  // companies that the holder controls have them, on the other grounds
	InConcert      Attribution = "in concert"       // those who act in concert with the holder or its subsidiaries have them
	RightsToShares Attribution = "rights to shares" // options, convertibles and other rights to receive them
	CashSettled    Attribution = "cash-settled"     // contracts that only pay what the shares are worth, such as swaps
)

// ByDefault lists the grounds of a [Threshold] that lists none. The caller may change the
// result.
func ByDefault() []Attribution { return []Attribution{ForOwnMoney, OfSubsidiaries} }

// These are lists of grounds that several laws share. They are never changed.
var (
	// transparency is Directive 2004/109/EC, art. 9, 10 and 13: whoever has the votes.
	transparency = []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert, RightsToShares, CashSettled}
	// votesInConcert is the usual ground of a takeover bid: votes held alone or in concert.
	votesInConcert = []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert}
	// castVotes is what decides at a meeting.
	castVotes = []Attribution{CastAtWill, OfSubsidiaries}
)

// with returns a list of grounds and some more.
func with(list []Attribution, more ...Attribution) []Attribution { return slices.Concat(list, more) }

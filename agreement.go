package crossholding

import (
	"github.com/crossholding/crossholding/date"
)

// AgreementKind names what an agreement does.
type AgreementKind string

// These are the kinds of agreements. The first four change who casts votes and how many. They apply
// after the law, in this order: follow and proxy, neutral, cap. A lock-up makes a step of a
// scenario fail if the holder sells below its minimum, a standstill if the holder buys
// above its maximum, a pre-emption if its shares go to others than the holders, and a ceiling
// if anybody but the holders comes to have more than its maximum. They
// count the shares whose beneficiary is the holder or a company that it controls: one in
// which it has more than half of the votes, or that it controls by a fact, itself or through
// such companies. Votes are counted here without the law and without agreements. A scenario
// can report such a step instead.
const (
	AgreementFollow     AgreementKind = "follow"      // the holders vote as Leader directs
	AgreementProxy      AgreementKind = "proxy"       // Leader casts the holders' votes
	AgreementNeutral    AgreementKind = "neutral"     // the holders cast neutral votes, which never change a result
	AgreementCap        AgreementKind = "cap"         // the holders together cast at most Max of the votes; without holders, everyone does, each alone
	AgreementConcert    AgreementKind = "concert"     // the holders act together and may control together, see [Control.Concerts]
	AgreementDirectors  AgreementKind = "directors"   // the holders together appoint Max of the board; several agreements add up, see [Control]
	AgreementLockUp     AgreementKind = "lock-up"     // each holder keeps at least Min of the issued shares
	AgreementStandstill AgreementKind = "standstill"  // each holder stays at or below Max of the issued shares
	AgreementPreemption AgreementKind = "pre-emption" // shares that a holder parts with go to the other holders
	AgreementCeiling    AgreementKind = "ceiling"     // by the issuer's articles, nobody but the holders has more than Max of the issued shares
)

// Agreement is a contract among holders, or a rule of an issuer's articles. It is plain data.
//
// A cap without Holders is the rule of articles that nobody casts more than Max of the votes. It
// binds everyone who casts votes in Issuer, now or after a step of a scenario, each alone, but
// those whom another cap in Issuer names. So a cap that names a parent and its subsidiaries
// counts them together, and a cap of 100% that names one holder leaves it free. The float is
// many small holders, whom it does not bind. The Holders of a ceiling are those whom it does not
// bind, and there may be none.
type Agreement struct {
	ID      string        `json:"id"`
	Kind    AgreementKind `json:"kind"`
	Holders []string      `json:"holders,omitempty"` // may be empty in a cap and a ceiling, see below
	Issuer  string        `json:"issuer,omitempty"`  // may be empty in follow, proxy, neutral and concert: all issuers
	Leader  string        `json:"leader,omitempty"`  // in follow and proxy; it never votes in its own meeting
	Max     string        `json:"max,omitempty"`     // "15%" or "1/3"
	Min     string        `json:"min,omitempty"`     // in a lock-up
	Of      Basis         `json:"of,omitempty"`      // total of a cap's Max; default: exercisable
	Excess  CapExcess     `json:"excess,omitempty"`  // of a cap; default: that of VotingOptions
	// WhileSuspended names a holder. If it is set, the agreement is in force only while
	// this holder has no exercisable votes in Issuer. Agreements about transfers have none.
	WhileSuspended string    `json:"while_suspended,omitempty"`
	From           date.Date `json:"from,omitempty"` // first day in force
	To             date.Date `json:"to,omitempty"`   // last day in force
}

// Basis is the total that votes are compared with.
type Basis string

// These are the totals.
const (
	BasisExercisable Basis = "exercisable" // votes after the law
	BasisTheoretical Basis = "theoretical" // all votes, with treasury and suspended votes
	BasisCapital     Basis = "capital"     // issued shares
)

// CapExcess says whether votes above a cap stay in the total of which the cap is a
// percentage. The wording of a cap can leave both readings open.
type CapExcess string

// These are the readings of a cap.
const (
	CapExcessStays  CapExcess = "stays"  // they stay: Max is of all exercisable votes
	CapExcessLeaves CapExcess = "leaves" // they leave: Max is of the votes that can still be cast
)

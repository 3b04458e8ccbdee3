package compliance

import (
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// SanctionsRegime says when a company counts as owned by blocked parties, as data.
// It is a plain value. Write a SanctionsRegime to add a rule that the built-in table
// does not have. With the zero value, one blocked party by itself must have more than
// half of the shares.
type SanctionsRegime struct {
	ID        string        `json:"id"`
	Regime    string        `json:"regime,omitempty"` // the regime of which this is one version
	Body      string        `json:"body"`
	Citation  string        `json:"citation"`
	From      date.Date     `json:"from,omitempty"`      // first day in force
	To        date.Date     `json:"to,omitempty"`        // last day in force
	Threshold ratio.Ratio   `json:"threshold"`           // fraction 0..1; 0 means 1/2
	AtLeast   bool          `json:"at_least,omitempty"`  // reaching the threshold is enough; default: it must be exceeded
	Bases     []law.Measure `json:"bases,omitempty"`     // what is counted; one basis is enough; default: shares
	Treasury  bool          `json:"treasury,omitempty"`  // treasury shares count in the total of shares; default: not
	Aggregate bool          `json:"aggregate,omitempty"` // all blocked parties count together; default: each with its concert
	// Control says that a company that blocked parties control counts as blocked too: by
	// more than half of the votes that can move a result, or by a fact of control (see
	// [crossholding.ControlFact]).
	Control bool `json:"control,omitempty"`
	// JointInterests counts a share or right that several hold jointly for each of them, see
	// [crossholding.Party.Members]. By default it counts for who has all of them, such as
	// blocked parties of whom each is a joint holder.
	JointInterests bool   `json:"joint_interests,omitempty"`
	Verified       string `json:"verified,omitempty"` // "read", "secondary" or "not verified"
	Note           string `json:"note,omitempty"`
}

// The regimes of the built-in table.
const (
	RegimeOFAC = "OFAC" // United States
	RegimeEU   = "EU"   // European Union
	RegimeUK   = "UK"   // United Kingdom
)

// SanctionsRegimes returns the built-in regimes, sorted by id. In all of them, the full
// holdings of a blocked intermediary count, and those of other intermediaries do not.
// Nothing is multiplied along a chain.
func SanctionsRegimes() []SanctionsRegime {
	half := ratio.Of(1, 2)
	return []SanctionsRegime{
		{ID: "EU-2018", Regime: RegimeEU, Body: "Council of the European Union", To: "2024-07-02", Threshold: half, Aggregate: true, Control: true, Verified: "secondary",
			Citation: "EU Best Practices for the effective implementation of restrictive measures, para. 62, 63",
			Note:     "more than 50%, or control; added up by the Commission's answers on asset freezes"},
		{ID: "EU-2024", Regime: RegimeEU, Body: "Council of the European Union", From: "2024-07-03", Threshold: half, AtLeast: true, Aggregate: true, Control: true, Verified: "secondary",
			Citation: "EU Best Practices for the effective implementation of restrictive measures, 3 July 2024",
			Note:     "50% or more of the proprietary rights, designated persons added up, or control; that blocked intermediaries pass all, and that joint holders are blocked if all of them are, is our reading"},
		{ID: "OFAC-2008", Regime: RegimeOFAC, Body: "US Treasury, OFAC", From: "2008-02-14", To: "2014-08-12", Threshold: half, AtLeast: true, Verified: "secondary",
			Citation: "OFAC, guidance of 14 February 2008", Note: "each blocked person by itself"},
		{ID: "OFAC-2014", Regime: RegimeOFAC, Body: "US Treasury, OFAC", From: "2014-08-13", Threshold: half, AtLeast: true, Aggregate: true, Verified: "read",
			Citation: "OFAC, FAQ 398, 399 and 401 (13 August 2014)", Note: "that joint holders are blocked if all of them are is our reading"},
		{ID: "UK-2019", Regime: RegimeUK, Body: "HM Treasury, OFSI", From: "2020-12-31", Threshold: half, Bases: []law.Measure{law.MeasureShares, law.MeasureVotes}, Treasury: true, Control: true, JointInterests: true, Verified: "secondary",
			Citation: "Russia (Sanctions) (EU Exit) Regulations 2019, reg. 7 and Sch. 1; OFSI, UK Financial Sanctions General Guidance, para. 4.1.4",
			Note:     "more than 50% of shares or votes, the right to appoint the board, or control by other means; holdings are added only under a joint arrangement (Sch. 1 para. 2 and 3 were read); shares are counted, not their nominal value, of the issued share capital (Sch. 1 para. 4); that treasury shares are among it is not verified; reg. 7 is in force since 2019-04-11 (reg. 1(3), read), the freeze since the end of 2020, when EU law ended in the United Kingdom; the regimes before are not in the table"},
	}
}

// regimeOn returns the version of a regime that is in force on a day, or one by its id.
func regimeOn(day date.Date, name string) (out SanctionsRegime, ok bool) {
	for _, r := range SanctionsRegimes() { // the versions of one regime are in order
		if r.ID == name || r.Regime == name && date.Within(day, r.From, r.To) {
			out, ok = r, true
		}
	}
	return out, ok
}

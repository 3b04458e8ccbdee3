package law

import "slices"

// ControlMeans names the means by which a party controls a company as a fact.
type ControlMeans string

// These are the means. They are those that public registers of control distinguish.
const (
	ControlByVoting      ControlMeans = "voting"      // voting rights that the stakes of the book do not show
	ControlByAppointment ControlMeans = "appointment" // the right to appoint or remove most of the board
	ControlByManagement  ControlMeans = "management"  // it manages the company, as a general partner does
	ControlByContractual ControlMeans = "contractual" // a contract or the statutes
	ControlByTrust       ControlMeans = "trust"       // as trustee, or over the trustees
	ControlByNominee     ControlMeans = "nominee"     // through a nominee
	ControlByState       ControlMeans = "state"       // the powers of a state
	ControlByIndirect    ControlMeans = "indirect"    // through others whom the book does not name
)

// AllControlMeans lists the means. The caller may change the result.
func AllControlMeans() []ControlMeans {
	return []ControlMeans{ControlByVoting, ControlByAppointment, ControlByManagement, ControlByContractual,
		ControlByTrust, ControlByNominee, ControlByState, ControlByIndirect}
}

// CountsFact reports whether a fact of control by the given means gives control where the rule
// asks who controls whom by votes. The argument holder says whether all controllers of the fact
// hold shares of the controlled company.
func (s *Statute) CountsFact(by ControlMeans, holder bool) bool {
	return s.asksForControl() && (slices.Contains(s.Facts, by) || holder && slices.Contains(s.HolderFacts, by))
}

// asksForControl reports whether the rule asks who controls whom by votes.
func (s *Statute) asksForControl() bool {
	return s.Kind == TestControls || (s.Group || s.NotWithinGroup) && s.GroupBy != MeasureShares
}

// These are definitions of control that several laws share. They are never changed.
var (
	// byVotesOrBoard is the usual definition: most of the votes, or most of the board.
	byVotesOrBoard = []ControlMeans{ControlByVoting, ControlByAppointment}
	// byVotesOrContract is art. 2359, no. 2 and 3, c.c.
	byVotesOrContract = []ControlMeans{ControlByVoting, ControlByContractual}
	// byInfluence adds the power over the company that its articles or a contract give.
	byInfluence = []ControlMeans{ControlByVoting, ControlByAppointment, ControlByContractual}
)

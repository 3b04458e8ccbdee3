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
// asks who controls whom. The argument holder says whether all controllers of the fact hold
// shares of the controlled company.
func (s *Statute) CountsFact(by ControlMeans, holder bool) bool {
	return slices.Contains(s.Facts, by) || holder && slices.Contains(s.HolderFacts, by)
}

// CountsFacts reports whether a rule counts any fact of control.
func (s *Statute) CountsFacts() bool { return len(s.Facts)+len(s.HolderFacts) > 0 }

// AsksForControl reports whether the rule asks who controls whom by votes, and so can count
// facts of control.
func (s *Statute) AsksForControl() bool {
	return s.Kind == TestControls || (s.Group || s.NotWithinGroup) && s.GroupBy != MeasureShares
}

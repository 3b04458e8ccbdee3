package compliance

import (
	"errors"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// BeneficialOwnerReading names a way of reading who a beneficial owner is: a built-in
// [BeneficialOwnerRule]. The zero value is [ReadingOfDay].
type BeneficialOwnerReading string

// These are the readings.
const (
	// ReadingOfDay is the law of the European Union on the day of the book:
	// [ReadingAMLR] from 2027-07-10 on, when Regulation (EU) 2024/1624 applies, and
	// [ReadingDirective] before. An undated book is under the regulation.
	ReadingOfDay BeneficialOwnerReading = ""
	// ReadingAMLR is Regulation (EU) 2024/1624, articles 52 to 54 together:
	// products along chains, control level by level, and both combined in
	// different layers of a chain.
	ReadingAMLR BeneficialOwnerReading = "AMLR"
	// ReadingProduct is article 52 alone: holdings multiplied along each
	// chain and added over chains.
	ReadingProduct BeneficialOwnerReading = "product"
	// ReadingControl is article 53 alone: control on each level of a chain, by
	// agreements to act in concert, by the right to appoint the board, and by other means.
	ReadingControl BeneficialOwnerReading = "control"
	// ReadingDirective is Directive (EU) 2015/849, article 3(6): more than
	// 25% held directly or by companies under control, without products, or control by
	// other means.
	ReadingDirective BeneficialOwnerReading = "directive"
	// ReadingPSC is the United Kingdom's person with significant control: Companies Act
	// 2006, Schedule 1A. It passes whole stakes along chains of majority stakes.
	ReadingPSC BeneficialOwnerReading = "PSC"
)

// BeneficialOwnerRule says who is a beneficial owner of a company, as data. It is a plain
// value. Write a BeneficialOwnerRule for a law that the built-in table does not have. With
// the zero value, a beneficial owner has more than 25% of the shares, votes or profits,
// directly or through companies under its control.
type BeneficialOwnerRule struct {
	ID       BeneficialOwnerReading `json:"id"`
	Citation string                 `json:"citation"`
	From     date.Date              `json:"from,omitempty"` // first day in force
	To       date.Date              `json:"to,omitempty"`   // last day in force
	// Threshold is the ownership interest that makes a beneficial owner, a fraction 0..1.
	// 0 means 1/4.
	Threshold ratio.Ratio `json:"threshold"`
	AtLeast   bool        `json:"at_least,omitempty"` // reaching the threshold is enough; default: it must be exceeded
	// Bases say what is counted: [BasisShares], [BasisVotes] or [BasisProfits]. One is
	// enough. The default is all three.
	Bases []Basis `json:"bases,omitempty"`
	// Tests are the tests of the rule. One is enough. [TestInterest] multiplies holdings
	// along chains. [TestDirectInterest] passes the whole stake of each company under
	// control. [TestJointInterest] adds up the parties to a concert, and their rights to
	// appoint directors if the rule has TestBoard. The others are limbs
	// of control. The default is TestDirectInterest.
	Tests []OwnerLimb `json:"tests,omitempty"`
	// TrustCitation is cited too where an owner meets a test through a trust that it controls.
	// What a trust has counts for such an owner whatever the rule cites.
	TrustCitation string `json:"trust_citation,omitempty"`
	// Treasury counts treasury shares in the total of shares. The part of a holder is then
	// smaller, and floats have the part of treasury shares. Votes are always counted
	// without those of treasury shares.
	Treasury bool `json:"treasury,omitempty"`
	// ControlThreshold is the fraction that must be exceeded to control a company, and to
	// have a majority stake in one. 0 means 1/2.
	ControlThreshold ratio.Ratio `json:"control_threshold,omitzero"`
	// ControlByVotes counts only votes for control. By default a majority of each basis is
	// control for this basis.
	ControlByVotes bool `json:"control_by_votes,omitempty"`
	// JointInterests counts a share or a right to appoint the board, which several hold jointly,
	// for each of them. By default a right counts only for who has all of them under its
	// control, and a share for the joint holders as one, see [crossholding.Party.Members].
	JointInterests bool   `json:"joint_interests,omitempty"`
	Verified       string `json:"verified,omitempty"` // "read", "secondary" or "not verified"
	Note           string `json:"note,omitempty"`
}

// OwnerLimb is one test of a rule with its article. It is plain data.
type OwnerLimb struct {
	Test     OwnerTest `json:"test"`
	Citation string    `json:"citation,omitempty"`
}

// The articles of Regulation (EU) 2024/1624.
var (
	amlrProduct = []OwnerLimb{{TestInterest, "Regulation (EU) 2024/1624, art. 52(1)"}}
	amlrControl = []OwnerLimb{
		{TestControl, "Regulation (EU) 2024/1624, art. 53(2)"},
		{TestConcert, "Regulation (EU) 2024/1624, art. 53(3)(a)"},
		{TestBoard, "Regulation (EU) 2024/1624, art. 53(3)(b)"},
		{TestOtherMeans, "Regulation (EU) 2024/1624, art. 53(3) and (4)"},
	}
	amlrBoth = []OwnerLimb{
		{TestControlledInterest, "Regulation (EU) 2024/1624, art. 54(a)"},
		{TestInterestInController, "Regulation (EU) 2024/1624, art. 54(b)"},
	}
)

// BeneficialOwnerRules returns the built-in rules. Their ids are the readings.
func BeneficialOwnerRules() []BeneficialOwnerRule {
	quarter, half := ratio.Of(1, 4), ratio.Of(1, 2)
	amlr := BeneficialOwnerRule{ID: ReadingAMLR, From: "2027-07-10", Threshold: quarter, AtLeast: true, ControlThreshold: half, Verified: "secondary",
		Citation: "Regulation (EU) 2024/1624, art. 52 to 54", Tests: slices.Concat(amlrProduct, amlrControl, amlrBoth)}
	product, control := amlr, amlr
	product.ID, product.Citation, product.Tests = ReadingProduct, "Regulation (EU) 2024/1624, art. 52", slices.Clone(amlrProduct)
	control.ID, control.Citation, control.Tests = ReadingControl, "Regulation (EU) 2024/1624, art. 53", slices.Clone(amlrControl)
	return []BeneficialOwnerRule{
		amlr, product, control,
		{ID: ReadingDirective, To: "2027-07-09", Threshold: quarter, ControlThreshold: half, Verified: "secondary",
			Citation: "Directive (EU) 2015/849, art. 3(6)",
			Tests: []OwnerLimb{
				{TestDirectInterest, "Directive (EU) 2015/849, art. 3(6)(a)(i)"},
				{TestBoard, "Directive (EU) 2015/849, art. 3(6)(a)(i)"},
				{TestOtherMeans, "Directive (EU) 2015/849, art. 3(6)(a)(i)"},
			},
			Note: "control via other means may be determined by Directive 2013/34/EU, art. 22(1) to (5); its art. 22(1)(b) asks that who appoints the board is a member too; the directive names it as one criterion among others, so a right without shares counts"},
		{ID: ReadingPSC, From: "2016-04-06", Threshold: quarter, Bases: []Basis{BasisShares, BasisVotes}, ControlThreshold: half,
			Treasury: true, ControlByVotes: true, JointInterests: true, Verified: "secondary", Citation: "Companies Act 2006, Sch. 1A",
			Tests: []OwnerLimb{
				{TestDirectInterest, "Companies Act 2006, Sch. 1A, paras. 2, 3 and 18"},
				{TestJointInterest, "Companies Act 2006, Sch. 1A, para. 12"},
				{TestBoard, "Companies Act 2006, Sch. 1A, para. 4"},
				{TestOtherMeans, "Companies Act 2006, Sch. 1A, para. 5"},
			},
			TrustCitation: "Companies Act 2006, Sch. 1A, para. 6",
			Note:          "paras. 1 to 6 and 18(1) and (2) were read; paras. 11 and 12 in the explanatory notes, and in the like paragraphs of the Economic Crime (Transparency and Enforcement) Act 2022, Sch. 2; para. 13, that all shares in issue count, in a quotation of the guidance; not verified: that treasury shares are among these, and that votes of treasury shares are left out; shares are counted, not their nominal value; our readings: a majority stake may itself be held through several companies, who appoints a board with partners need not be a member, and a firm that is no legal person is a trust"},
	}
}

// BeneficialOwnerRuleOn returns the built-in rule of a reading on a day. Only
// [ReadingOfDay] depends on the day. It fails with [crossholding.ErrUnknown] for another
// reading.
func BeneficialOwnerRuleOn(day date.Date, reading BeneficialOwnerReading) (BeneficialOwnerRule, error) {
	if reading == ReadingOfDay {
		reading = ReadingDirective
		if day == "" || day >= BeneficialOwnerRules()[0].From {
			reading = ReadingAMLR
		}
	}
	var ids []BeneficialOwnerReading
	for _, r := range BeneficialOwnerRules() {
		if r.ID == reading {
			return r, nil
		}
		ids = append(ids, r.ID)
	}
	return BeneficialOwnerRule{}, withPrefix(unknownOption("reading", reading, ids...))
}

// check checks a rule and fills in its defaults. It returns all faults together.
func (r BeneficialOwnerRule) check() (BeneficialOwnerRule, error) {
	var err, faults error
	if r.Threshold, err = fraction("Threshold", r.Threshold, ratio.Of(1, 4)); err != nil {
		faults = errors.Join(faults, err)
	}
	if r.ControlThreshold, err = fraction("ControlThreshold", r.ControlThreshold, ratio.Of(1, 2)); err != nil {
		faults = errors.Join(faults, err)
	}
	bases := []Basis{BasisShares, BasisVotes, BasisProfits}
	for _, b := range r.Bases {
		if !slices.Contains(bases, b) {
			faults = errors.Join(faults, fmt.Errorf("basis %q, which can be shares, votes or profits: %w", b, crossholding.ErrUnknown))
		}
	}
	if len(r.Bases) == 0 {
		r.Bases = bases
	}
	for i, l := range r.Tests {
		if !slices.Contains(ownerTests, l.Test) {
			faults = errors.Join(faults, unknownOption("test", l.Test, ownerTests...))
		}
		if slices.ContainsFunc(r.Tests[:i], func(o OwnerLimb) bool { return o.Test == l.Test }) {
			faults = errors.Join(faults, fmt.Errorf("test %q is listed twice: %w", l.Test, crossholding.ErrDuplicate))
		}
	}
	if len(r.Tests) == 0 {
		r.Tests = []OwnerLimb{{TestDirectInterest, r.Citation}}
	}
	return r, faults
}

package compliance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Basis says what an ownership interest counts.
type Basis string

// These are the bases.
const (
	BasisShares  Basis = "shares"  // outstanding shares, by beneficiary
	BasisVotes   Basis = "votes"   // votes that can move a result, by voter
	BasisProfits Basis = "profits" // outstanding shares by dividend weight, by beneficiary
	BasisBoard   Basis = "board"   // the seats of the board
)

// OwnerTest names a test of who is a beneficial owner.
type OwnerTest string

// These are the tests.
const (
	TestInterest             OwnerTest = "interest"               // enough of the company, by products along chains
	TestControl              OwnerTest = "control"                // control on every level of a chain
	TestConcert              OwnerTest = "concert"                // control by an agreement to act in concert
	TestBoard                OwnerTest = "board"                  // the right to appoint more than half of the board
	TestOtherMeans           OwnerTest = "other means"            // control by another fact, or by facts and votes on different levels
	TestControlledInterest   OwnerTest = "controlled interest"    // companies under control that have enough of the company
	TestInterestInController OwnerTest = "interest in controller" // enough of a company that controls the company
	TestDirectInterest       OwnerTest = "direct interest"        // enough of the company directly, or with companies under control
	TestJointInterest        OwnerTest = "joint interest"         // enough of the company or of its board, together with partners in a concert
)

var ownerTests = []OwnerTest{TestInterest, TestControl, TestConcert, TestBoard, TestOtherMeans, TestControlledInterest,
	TestInterestInController, TestDirectInterest, TestJointInterest}

// Ground is one reason why someone is a beneficial owner. It is plain data.
type Ground struct {
	Test      OwnerTest           `json:"test"`
	Citation  string              `json:"citation"`
	Basis     Basis               `json:"basis"`
	Fraction  ratio.Ratio         `json:"fraction"`            // the figure that met the test, 0..1; 0 for a board if the book does not say how much of it
	Threshold ratio.Ratio         `json:"threshold"`           // the threshold of the test
	AtLeast   bool                `json:"at_least"`            // reaching the threshold is enough
	Through   []string            `json:"through"`             // companies concerned, sorted; none for TestInterest
	Agreement string              `json:"agreement,omitempty"` // of concerts, or of a board that the owner appoints without partners
	Facts     []crossholding.Fact `json:"facts,omitempty"`     // of a board or other means: the facts that give control
}

// WithNames returns the ground with ids replaced by names, as by
// [crossholding.Alliance.Name]. The ids of agreements are not replaced.
func (g Ground) WithNames(name func(id string) string) Ground {
	g.Through, g.Facts = named(g.Through, name), slices.Clone(g.Facts)
	for i, f := range g.Facts {
		g.Facts[i] = f.WithNames(name)
	}
	return g
}

// reached reports whether the fraction is enough.
func (g *Ground) reached() bool { return g.Fraction.Reaches(g.Threshold, g.AtLeast) }

// String returns the ground as a sentence about the owner, with the article if there is one.
func (g Ground) String() string {
	if g.Citation == "" {
		return g.Because()
	}
	return g.Because() + " (" + g.Citation + ")"
}

// Because returns the ground as a sentence about the owner.
func (g Ground) Because() string {
	share, via, condition := g.Fraction.ShortPercent(), through(g.Through), condition(g.Threshold, g.AtLeast)
	switch g.Test {
	case TestInterest:
		return fmt.Sprintf("has %s of the %s, chains multiplied, %s", share, g.Basis, condition)
	case TestControl:
		return fmt.Sprintf("controls it on every level by %s of the %s%s", share, g.Basis, via)
	case TestConcert:
		if len(g.Facts) > 0 {
			return fmt.Sprintf("controls it in concert (%s)", g.Agreement) + factsText(g.Facts)
		}
		return fmt.Sprintf("controls it in concert (%s) by %s of the %s", g.Agreement, share, g.Basis)
	case TestBoard:
		if g.Agreement == "" {
			return "has the right to appoint its board" + via + factsText(g.Facts)
		}
		return fmt.Sprintf("appoints %s of its board (%s)%s", g.Fraction.PercentString(), g.Agreement, via)
	case TestOtherMeans:
		return "controls it by other means" + partners(g.Agreement) + via + factsText(g.Facts)
	case TestJointInterest:
		if g.Basis == BasisBoard && g.Fraction.IsZero() {
			return "has the right to appoint its board" + partners(g.Agreement) + via + factsText(g.Facts)
		}
		return fmt.Sprintf("has %s of the %s%s%s, %s", share, g.Basis, partners(g.Agreement), via, condition)
	case TestInterestInController:
		if len(g.Through) > 0 {
			return fmt.Sprintf("has %s of the %s of %s, which controls it", share, g.Basis, g.Through[0])
		}
	}
	what := "holds"
	if len(g.Through) > 0 {
		what = "controls companies that, with its own stake, hold"
	}
	if g.Agreement != "" {
		what = strings.TrimSpace(partners(g.Agreement)) + " " + what
	}
	return fmt.Sprintf("%s %s of the %s directly%s, %s", what, share, g.Basis, via, condition)
}

// partners names the concerts by which partners add to what a party has.
func partners(agreement string) string {
	if agreement == "" {
		return ""
	}
	return " together with its partners (" + agreement + ")"
}

// factsText returns facts as the end of a sentence.
func factsText(facts []crossholding.Fact) string {
	parts := make([]string, len(facts))
	for i, f := range facts {
		parts[i] = f.String()
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, "; ")
}

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
	TestOtherMeans           OwnerTest = "other means"            // control by a fact, or by facts and votes on different levels
	TestControlledInterest   OwnerTest = "controlled interest"    // companies under control that have enough of the company
	TestInterestInController OwnerTest = "interest in controller" // enough of a company that controls the company
	TestDirectInterest       OwnerTest = "direct interest"        // enough of the company directly, or with companies under control
)

// The articles of the tests.
var testArticle = map[OwnerTest]string{
	TestInterest:             "Regulation (EU) 2024/1624, art. 52(1)",
	TestControl:              "Regulation (EU) 2024/1624, art. 53(2)",
	TestConcert:              "Regulation (EU) 2024/1624, art. 53(3)(a)",
	TestBoard:                "Regulation (EU) 2024/1624, art. 53(3)(b)",
	TestOtherMeans:           "Regulation (EU) 2024/1624, art. 53(3) and (4)",
	TestControlledInterest:   "Regulation (EU) 2024/1624, art. 54(a)",
	TestInterestInController: "Regulation (EU) 2024/1624, art. 54(b)",
	TestDirectInterest:       "Directive (EU) 2015/849, art. 3(6)(a)(i)",
}

// Ground is one reason why someone is a beneficial owner. It is plain data.
type Ground struct {
	Test      OwnerTest           `json:"test"`
	Citation  string              `json:"citation"`
	Basis     Basis               `json:"basis"`
	Fraction  ratio.Ratio         `json:"fraction"`            // the figure that met the test, 0..1
	Threshold ratio.Ratio         `json:"threshold"`           // the threshold of the test
	AtLeast   bool                `json:"at_least"`            // reaching the threshold is enough
	Through   []string            `json:"through"`             // companies concerned, sorted; none for TestInterest
	Agreement string              `json:"agreement,omitempty"` // of a concert or a board
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

// String returns the ground as a sentence about the owner, with the article.
func (g Ground) String() string { return g.Because() + " (" + g.Citation + ")" }

// Because returns the ground as a sentence about the owner.
func (g Ground) Because() string {
	share, via, condition := g.Fraction.ShortPercent(), through(g.Through), condition(g.Threshold, g.AtLeast)
	switch g.Test {
	case TestInterest:
		return fmt.Sprintf("has %s of the %s, chains multiplied, %s", share, g.Basis, condition)
	case TestControl:
		return fmt.Sprintf("controls it on every level by %s of the %s%s", share, g.Basis, via)
	case TestConcert:
		return fmt.Sprintf("controls it in concert (%s) by %s of the %s", g.Agreement, share, g.Basis)
	case TestBoard:
		return fmt.Sprintf("appoints %s of its board (%s)%s", g.Fraction.PercentString(), g.Agreement, via)
	case TestOtherMeans:
		parts := make([]string, len(g.Facts))
		for i, f := range g.Facts {
			parts[i] = f.String()
		}
		return "controls it by other means" + via + ": " + strings.Join(parts, "; ")
	case TestInterestInController:
		if len(g.Through) > 0 {
			return fmt.Sprintf("has %s of the %s of %s, which controls it", share, g.Basis, g.Through[0])
		}
	}
	what := "holds"
	if len(g.Through) > 0 {
		what = "controls companies that, with its own stake, hold"
	}
	return fmt.Sprintf("%s %s of the %s directly%s, %s", what, share, g.Basis, via, condition)
}

package compliance

import (
	"context"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/limit"
	"github.com/crossholding/crossholding/law"
)

// ThresholdOptions says which thresholds are tested. The zero value is the built-in
// law.
type ThresholdOptions struct {
	// Thresholds replaces the built-in table. Nil means [law.Thresholds].
	Thresholds []law.Threshold
	// Extra adds rules to the table, such as those of a company's own articles.
	Extra []law.Threshold
	// Voting says how votes are counted. Its statutes give the thresholds of
	// reciprocity.
	Voting crossholding.VotingOptions
	// Alone ignores the stakes of others: of companies under the holder, and of those who
	// act in concert with it.
	Alone bool
	// Holder, if not empty, is the only holder whose stakes are tested. Issuer, if not
	// empty, is the only company in which stakes are tested.
	Holder, Issuer string
}

// ThresholdWarnings names the companies of which the table of thresholds does not have the law, or
// not yet on the book's day, and those with several classes of shares where the law tests each class
// by itself. Companies without a country are named if others have one. It fails with an
// [*crossholding.InputError] for malformed thresholds.
func ThresholdWarnings(a *crossholding.Alliance, opt ThresholdOptions) ([]crossholding.Warning, error) {
	rules, err := limit.New(opt.Thresholds, opt.Extra, &opt.Voting, opt.Alone)
	if err != nil {
		return nil, err
	}
	_, a = given(context.Background(), a)
	return rules.Warnings(a), nil
}

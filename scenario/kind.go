package scenario

import "strings"

// stepKind is how a kind of step is checked and made.
type stepKind struct {
	kind StepKind
	keys []string // that it may have, besides date; those with a star are required
	do   func(*executor, *checkedStep) error
}

// stepKinds lists all kinds of steps.
var stepKinds = []stepKind{
	{StepTrade, strings.Fields("from* to* issuer* class amount* down_to up_to price method lots beneficiary votes_per_share votes_since for fractions"), (*executor).trade},
	{StepEntrust, strings.Fields("from* to* issuer* class amount* down_to up_to method lots voter"), (*executor).transfer},
	{StepRelease, strings.Fields("from* to issuer* class amount* down_to up_to method lots votes_per_share votes_since"), (*executor).transfer},
	{StepBuyback, strings.Fields("from* issuer* class amount* down_to price cancel method lots beneficiary"), (*executor).buyback},
	{StepCancel, strings.Fields("issuer* class amount* down_to"), (*executor).transfer},
	{StepIssue, strings.Fields("to* issuer* class amount* up_to price cost votes_per_share votes_since"), (*executor).transfer},
	{StepAgree, strings.Fields("agreement*"), (*executor).agree},
	{StepEndAgreement, strings.Fields("id*"), (*executor).endAgreement},
	{StepAdvanceDate, strings.Fields("date*"), (*executor).advanceDate},
	{StepReprice, strings.Fields("prices fx"), (*executor).reprice},
	{StepRestate, strings.Fields("from* issuer* class amount* down_to price method lots holder beneficiary voter votes_per_share votes_since"), (*executor).restate},
	{StepSplit, strings.Fields("issuer* class ratio* fractions price method"), (*executor).split},
	{StepConvert, strings.Fields("issuer* class to_class* ratio* from beneficiary amount down_to fractions price method lots"), (*executor).convert},
	{StepFound, strings.Fields("company* founders*"), (*executor).found},
	{StepDistribute, strings.Fields("issuer* class asset* to_class from ratio* cost_share fractions price method"), (*executor).distribute},
	{StepSpinOff, strings.Fields("issuer* class company* ratio* cost_share keep fractions price method"), (*executor).spinOff},
	{StepMerge, strings.Fields("issuer* into* class ratio cash cancel source against fractions price method"), (*executor).merge},
	{StepRights, strings.Fields("issuer* class ratio* price takes to"), (*executor).rightsIssue},
	{StepDividend, strings.Fields("issuer* class per_share total in ratio pass_on against fractions price method"), (*executor).dividend},
	{StepOffer, strings.Fields("to* issuer* class amount* price for tendered* fractions method"), (*executor).offer},
	{StepExercise, strings.Fields("id* amount votes_per_share votes_since"), (*executor).exercise},
	{StepGrant, strings.Fields("right*"), (*executor).grant},
	{StepLapse, strings.Fields("id* amount"), (*executor).lapse},
	{StepLiquidate, strings.Fields("issuer* cost_share"), (*executor).liquidate},
	{StepClass, strings.Fields("issuer* class* votes dividend"), (*executor).addClass},
	{StepAmend, strings.Fields("issuer* class votes dividend amount"), (*executor).amend},
	{StepPay, strings.Fields("from* to* amount*"), (*executor).pay},
	{StepAssert, strings.Fields("controls*"), (*executor).assert},
	{StepRetract, strings.Fields("controls*"), (*executor).retract},
}

// rightTradeKeys are the keys of a trade with a right.
var rightTradeKeys = strings.Fields("id* to* from issuer amount price")

// kindOf returns a kind of step, or nil if there is none of the name.
func kindOf(name StepKind) *stepKind {
	for i := range stepKinds {
		if stepKinds[i].kind == name {
			return &stepKinds[i]
		}
	}
	return nil
}

// kindNames lists the names of all kinds of steps.
func kindNames() []StepKind {
	out := make([]StepKind, len(stepKinds))
	for i := range stepKinds {
		out[i] = stepKinds[i].kind
	}
	return out
}

package scenario

import (
	"encoding/json"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// StepKind names what a step does.
type StepKind string

// These are the kinds of steps. A space or a hyphen may replace an underscore.
const (
	StepTrade        StepKind = "trade"         // shares go from one holder to another, for cash or for nothing
	StepEntrust      StepKind = "entrust"       // a holder's own shares go into the name of a trust
	StepRelease      StepKind = "release"       // a trust's shares go back into the name of their beneficiary
	StepBuyback      StepKind = "buyback"       // the issuer takes back its own shares
	StepCancel       StepKind = "cancel"        // treasury shares cease to exist
	StepIssue        StepKind = "issue"         // new shares are created
	StepAgree        StepKind = "agree"         // an agreement is added
	StepEndAgreement StepKind = "end_agreement" // an agreement is ended
	StepAdvanceDate  StepKind = "advance_date"  // the date moves
	StepReprice      StepKind = "reprice"       // prices or exchange rates change
	StepRestate      StepKind = "restate"       // the holder, the beneficiary or the voter of shares changes
	StepSplit        StepKind = "split"         // all shares of a class become more or fewer
	StepConvert      StepKind = "convert"       // shares of one class become shares of another
	StepFound        StepKind = "found"         // a new company, whose shares go to its founders
	StepDistribute   StepKind = "distribute"    // shares of another company go to the holders
	StepSpinOff      StepKind = "spin_off"      // a new company, whose shares go to the holders
	StepMerge        StepKind = "merge"         // a company merges into another
	StepRights       StepKind = "rights"        // new shares are offered to the holders
	StepDividend     StepKind = "dividend"      // a dividend in cash or in shares
	StepOffer        StepKind = "offer"         // shares that holders tender are bought
	StepExercise     StepKind = "exercise"      // a right becomes shares
	StepGrant        StepKind = "grant"         // a right to new shares is added
	StepLapse        StepKind = "lapse"         // a right ends
	StepLiquidate    StepKind = "liquidate"     // a company is wound up
	StepClass        StepKind = "class"         // a class of shares is added
	StepAmend        StepKind = "amend"         // the terms of a class change
	StepPay          StepKind = "pay"           // cash alone
	StepAssert       StepKind = "assert"        // facts of control begin
	StepRetract      StepKind = "retract"       // facts of control end
)

// Everyone is the From of a trade or a buyback with all holders: everyone but the buyer, floats
// too and the treasury not. Shares that others hold for the buyer stay where they are.
const Everyone = "*"

// Step is one change. It is plain data. A key that its kind of step does not use is an
// error.
//
// Every kind of step can have a Date: the day of the step. The book's date moves to it
// before the step; it never moves back. A book without a date takes it as its date.
//
//   - trade: shares go from From to To, with Issuer and an amount. From may be a float, or the
//     issuer, which then sells treasury shares. To may be a float. With a Price, To pays it to
//     the beneficiary of the shares; the beneficiary's lots realize their gain, and To gets one
//     lot with the step's date. Without a Price nothing is paid, and the lots go with the
//     shares. To becomes holder, beneficiary and voter of the shares. The seller's own votes
//     per share (double votes) end. Nobody can buy its own shares: a release gives To those that
//     another holds for it.
//   - entrust: From's own shares go into the name of To. From stays their beneficiary. Nothing
//     is paid, and the lots go with the shares.
//   - release: shares in the name of From go back into the name of their beneficiary To.
//     Nothing is paid, and the lots go with the shares.
//   - buyback: the issuer takes shares from From, which may be a float. With a Price, the
//     issuer pays it to the beneficiary. The shares become treasury. If Cancel is set, they
//     leave the issued shares instead.
//   - cancel: treasury shares leave the issued shares.
//   - issue: To, which may be a float, gets new shares. With a Price, To pays it to the issuer.
//   - agree: Agreement is added.
//   - end_agreement: the agreement with ID is removed.
//   - advance_date: only the date moves.
//   - reprice: Prices and FX replace the market's prices and rates for the same keys. A rate
//     also replaces the rate of the inverse pair. Other prices and rates stay.
//
// Steps can also be events of companies. They take all shares of a class in one name
// together; the treasury and the float are one holder each. Lots keep their dates, and their
// cost moves with the shares. A ratio gives fractions of shares, which Fractions rounds; the
// result of the step lists them. A step whose ratio leaves no whole share for anybody fails
// with [crossholding.ErrRange], unless fractions are paid in cash. A split that leaves none
// fails always. Rights are adjusted by the steps that say so. In other events their own terms
// decide: use lapse and grant.
//
//   - trade or buyback from [Everyone]: every holder but the buyer, and the float, gives Percent
//     of its shares. A trade with For is paid in shares. A trade with ID passes a right on.
//     A part of a right joins one that To has on the same terms, ID/To, or gets an id of its own:
//     ID/To if that is free, or else ID/To/2 and so on.
//   - restate: shares in From's name change Holder, Beneficiary or Voter, or several of them.
//     Of names the beneficiary whose shares these are. With a Price it is a sale.
//   - split: all shares of the class become Ratio times as many, the treasury too. Rights to
//     shares of the class are then to Ratio times as many shares, at the price divided by
//     Ratio, exactly. The split by the inverse ratio restores them.
//   - convert: From's shares, or everyone's without From, become shares of ToClass at Ratio.
//   - found: Company is added, and Founders get its shares, which must be all that are issued.
//   - distribute: From, by default the issuer, gives shares of Asset to the issuer's holders,
//     Ratio for each share. CostShare of the cost of their lots goes with them. If the issuer has
//     several classes and the step names none, each share counts by its dividend weight, and a
//     class of weight 0 gets nothing. A spin_off and a liquidate count likewise.
//   - spin_off: found and distribute in one. Keep shares stay with the issuer.
//   - merge: the shares of the issuer become shares of Into's Class at Ratio, with Cash for each
//     share. Cash alone is a sale. Those that Into or the issuer holds, or others hold for them,
//     cease to exist. All that the issuer holds passes to Into. Shares of Into become treasury;
//     with Cancel they cease to exist. Rights to its shares become rights to shares of Into at
//     Ratio. The issuer is gone.
//   - rights: each holder may take Ratio new shares for each share, rounded down, at Price.
//     Takes says who takes how many. To gets what is left; without To it is not issued.
//   - dividend: PerShare or Total in cash goes to the beneficiaries by dividend weight, and
//     companies in PassOn pass on that part of what they receive, round loops too. What they
//     pass on is income, also where Against takes the dividend from the cost. In shares, each
//     holder gets Ratio new shares for each share, and rights to shares of the class are
//     adjusted as in a split by 1 plus Ratio.
//   - offer: To buys the shares that holders tender, at Price or for shares. If more are
//     tendered than wanted, it buys pro rata in whole lots; the rest goes by largest remainder.
//     If To is the issuer, the shares become treasury.
//   - grant, lapse, exercise: Right is added; the right with ID ends, or becomes shares. They
//     are new, or those that the right's writer delivers and is paid for. An exercise of all
//     shares of a right drops a fraction of a share.
//   - liquidate: what the issuer holds goes to its holders pro rata. The cost of a holder's lots
//     goes with what it gets, in proportion to CostShare. The issuer is gone.
//   - class, amend: Class is added with Votes and Dividend for each share; they change, or
//     the company's trading unit Lot does.
//   - pay: From pays Amount to To.
//   - assert, retract: Controls are added or removed. To be removed, a fact needs the
//     controller, the company and the means; other fields may be empty.
//
// The amount is exactly one of Shares, Percent, DownTo and UpTo. Without an amount, an
// exercise, a lapse and a convert from one holder are about all shares. An amount of 0 is no error,
// because a stake can be at its target already, and a search for the least amount can find 0: the
// step then moves no shares, and its result says 0.
type Step struct {
	Step StepKind  `json:"step"`
	Note string    `json:"note,omitempty"` // for the reader; has no effect
	Date date.Date `json:"date,omitempty"`
	// Group joins steps in a row that have the same text here: they happen at one moment. A
	// crossing of a threshold, and a broken agreement, is looked for after the last of them. An
	// agreement about transfers binds from the moment after the one in which it begins.
	Group  string `json:"group,omitempty"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"` // a release may omit it if From holds for only one other
	Issuer string `json:"issuer,omitempty"`
	Class  string `json:"class,omitempty"` // default "ordinary", or the only class

	// Shares is the number of shares that move. It is not rounded.
	Shares ratio.Number `json:"shares,omitempty"`
	// Percent is the part of the class's issued shares that moves, in percent. The number
	// of shares is rounded to whole lots.
	Percent ratio.Number `json:"percent,omitempty"`
	// DownTo is From's stake after the step, "15%" or "1/3"; in a cancel, the treasury
	// after the step. It counts the shares of the class in From's name; if From holds for
	// several beneficiaries, those of the beneficiary of this step. UpTo is To's stake
	// after the step and counts all shares in To's name. The number of shares is computed
	// so that the stake is exact after the step, even if an issue or a cancellation
	// changes the total. It is then rounded to whole lots.
	DownTo string `json:"down_to,omitempty"`
	UpTo   string `json:"up_to,omitempty"`
	// Of is the total of which DownTo and UpTo are fractions. In a restate it is the
	// beneficiary whose shares these are; default: the only one.
	Of StakeBase `json:"of,omitempty"`
	// Round says how the number of shares is rounded to whole lots.
	Round LotRounding `json:"round,omitempty"`
	// Lot is the trading unit in shares. Default: the company's lot, or else 1. In a
	// company known only in percent, shares are rounded to 12 decimals.
	Lot ratio.Number `json:"lot,omitempty"`

	// Price is the price of one share, such as "568.5 JPY". Without a currency it is in
	// the issuer's currency. If the price is 0, the lots realize their cost as a loss.
	Price string `json:"price,omitempty"`
	// Cancel removes the shares of a buyback from the issued shares at once.
	Cancel bool `json:"cancel,omitempty"`
	// Method says which lots are used first. Lots are the lots of a specific sale, at most
	// 1,000. Each is named by its date, and by Price and Currency if there are several lots
	// of one day, unless all of these are sold. Shares is the part of the lot that is sold, by
	// default all of it.
	// The remaining shares must be shares of unknown cost.
	Method LotMethod          `json:"method,omitempty"`
	Lots   []crossholding.Lot `json:"lots,omitempty"`
	// Beneficiary is the owner of the shares in a trade or a buyback. It is needed if From
	// holds for several beneficiaries.
	Beneficiary string `json:"beneficiary,omitempty"`
	// Voter is the party that votes the entrusted shares. Default: [crossholding.Neutral].
	Voter string `json:"voter,omitempty"`
	// Votes and VotesSince are the votes per share that the shares have with To, as in a
	// [crossholding.Stake].
	Votes      ratio.Number `json:"votes_per_share,omitempty"`
	VotesSince date.Date    `json:"votes_since,omitempty"`

	Agreement *crossholding.Agreement `json:"agreement,omitempty"`
	ID        string                  `json:"id,omitempty"`     // of the agreement that ends, or of a right
	Prices    map[string]string       `json:"prices,omitempty"` // as in a [crossholding.Market]
	FX        map[string]ratio.Number `json:"fx,omitempty"`     // as in a [crossholding.Market]

	// Ratio is new to old shares, such as "2:1" in a split or "1:10" in a reverse split.
	Ratio string `json:"ratio,omitempty"`
	// Fractions says what happens to the fraction of a share that a holder would get.
	Fractions FractionRule          `json:"fractions,omitempty"`
	Holder    string                `json:"holder,omitempty"`   // in a restate
	ToClass   string                `json:"to_class,omitempty"` // of the shares that a convert makes, or of Asset
	Company   *crossholding.Company `json:"company,omitempty"`  // that is founded
	Founders  []Founder             `json:"founders,omitempty"` // of Company
	Asset     string                `json:"asset,omitempty"`    // company whose shares are distributed
	// CostShare is the part of the cost that goes with distributed shares: under the key ""
	// in a distribute or spin_off, as text such as "25%" in JSON; by asset in a liquidate. An
	// asset is an issuer, or issuer and class such as "x/b" if there are several classes of it.
	CostShare CostShare    `json:"cost_share,omitempty"`
	Keep      ratio.Number `json:"keep,omitempty"`   // shares that stay with the issuer
	Into      string       `json:"into,omitempty"`   // company that takes over
	Cash      string       `json:"cash,omitempty"`   // for a share, "2 EUR"
	Source    Supply       `json:"source,omitempty"` // of the shares in a merger
	// Against says what a payment that is no sale is set against.
	Against AgainstRule `json:"against,omitempty"`
	// Takes is "all", a number of shares, or a percentage of what is due, by holder.
	Takes    map[string]string   `json:"takes,omitempty"`
	PerShare string              `json:"per_share,omitempty"` // dividend of a share of weight 1, "2 EUR"
	Total    string              `json:"total,omitempty"`     // dividend of all shares
	In       DividendIn          `json:"in,omitempty"`
	PassOn   map[string]string   `json:"pass_on,omitempty"`  // by company: "100%" or "0.5" of what it receives
	Tendered map[string]string   `json:"tendered,omitempty"` // by holder: "all" or a number of shares
	For      *SharePayment       `json:"for,omitempty"`      // what is paid in shares
	Right    *crossholding.Right `json:"right,omitempty"`    // that is granted
	// Cost is the cost of all new shares if nothing is paid in cash: of a debt that is
	// converted, or of assets.
	Cost       string                     `json:"cost,omitempty"`
	Amount     string                     `json:"amount,omitempty"`   // of a pay, "10 EUR"
	Controls   []crossholding.ControlFact `json:"controls,omitempty"` // that begin or end
	ClassVotes ratio.Number               `json:"votes,omitempty"`    // votes per share of a class
	Dividend   ratio.Number               `json:"dividend,omitempty"` // dividend weight of a class
}

// Founder is a holder who gets shares of a new company. It is plain data.
type Founder struct {
	Holder string       `json:"holder"`
	Class  string       `json:"class,omitempty"`
	Shares ratio.Number `json:"shares"`
	Price  string       `json:"price,omitempty"` // of a share, paid to the company
	Cost   string       `json:"cost,omitempty"`  // of all its shares, if it pays with other things than cash
}

// SharePayment is a payment in shares. It is plain data.
type SharePayment struct {
	Issuer string `json:"issuer"`
	Class  string `json:"class,omitempty"`
	Ratio  string `json:"ratio"` // paid shares to bought shares, "1:2"
	Source Supply `json:"source,omitempty"`
}

// CostShare is parts of a cost, by asset or under the key "". In JSON a single part can be
// text.
type CostShare map[string]string

// MarshalJSON writes a part under the key "" as text.
func (c CostShare) MarshalJSON() ([]byte, error) {
	if part, ok := c[""]; ok && len(c) == 1 {
		return json.Marshal(part)
	}
	return json.Marshal(map[string]string(c))
}

// UnmarshalJSON reads text as the part under the key "", and an object as parts by asset. It
// fails for anything else, and leaves c as it is for null.
func (c *CostShare) UnmarshalJSON(text []byte) error {
	var part *string
	if json.Unmarshal(text, &part) == nil {
		if part != nil {
			*c = CostShare{"": *part}
		}
		return nil
	}
	var parts map[string]string
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	*c = parts
	return nil
}

// FractionRule says what happens to the fraction of a share that a holder would get.
type FractionRule string

// These are the rules. The default is down, or keep if the company is known only in percent.
const (
	FractionsKeep FractionRule = "keep" // it stays
	FractionsDown FractionRule = "down" // it is dropped; its cost stays with the other shares
	FractionsUp   FractionRule = "up"   // it becomes a whole share
	FractionsCash FractionRule = "cash" // it is sold to the issuer at Price for a whole share
)

// Supply says where shares come from.
type Supply string

// These are the supplies.
const (
	SupplyNew      Supply = "new"      // they are issued; the default
	SupplyTreasury Supply = "treasury" // the issuer's own shares; in a merger first these and what the target has of them, then new ones
	SupplyOwn      Supply = "own"      // shares that the buyer holds; not in a merger
)

// AgainstRule says what a payment that is no sale is set against.
type AgainstRule string

// These are the rules. The default is income for a dividend, and cost for cash in a merger.
// Without a rule, a merger for cash alone is a sale.
const (
	AgainstIncome AgainstRule = "income" // it leaves the cost as it is
	AgainstCost   AgainstRule = "cost"   // it reduces the cost, lot by lot; what exceeds the cost is a gain
)

// DividendIn says what a dividend is paid in.
type DividendIn string

// These are the forms.
const (
	DividendCash   DividendIn = "cash" // the default
	DividendShares DividendIn = "shares"
)

// StakeBase is the total of which DownTo and UpTo are fractions.
type StakeBase string

// The totals.
const (
	StakeBaseIssued      StakeBase = "issued"      // all shares of the class; the default
	StakeBaseOutstanding StakeBase = "outstanding" // the shares of the class without treasury
)

// LotRounding says how a number of shares is rounded to whole lots.
type LotRounding string

// The roundings. A step never moves more shares than there are: if the last lot is not
// whole, its remaining shares move too.
const (
	LotRoundingReach   LotRounding = "reach"   // up: the stake reaches the target or passes it by less than one lot; the default
	LotRoundingShort   LotRounding = "short"   // down: the stake reaches the target or misses it by less than one lot
	LotRoundingNearest LotRounding = "nearest" // to the nearest lot; up if two are equally near
)

// LotMethod says which lots of a stake are used first. Shares of unknown cost count as the
// oldest lot, and by [LotMethodHIFO] as the cheapest.
type LotMethod string

// The methods. If a holder has shares with votes per share of their own, these are used
// last. The method applies to each of the two kinds, but an average is that of all shares.
const (
	LotMethodFIFO     LotMethod = "fifo"     // the oldest first; the default
	LotMethodLIFO     LotMethod = "lifo"     // the newest first
	LotMethodHIFO     LotMethod = "hifo"     // those of the highest cost of a share first, of these the oldest; they must be in one currency
	LotMethodAverage  LotMethod = "average"  // all lots at their average cost; needs a price and the cost of every share
	LotMethodSpecific LotMethod = "specific" // the lots named in Lots
)

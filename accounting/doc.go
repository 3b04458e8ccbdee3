// Package accounting follows what a stake is carried at, and consolidates groups whose
// companies hold one another's shares. All figures are exact.
//
// [RollForward] follows the carrying amount of a stake by the equity method: share of
// profit, dividends, other income, purchases, disposals, dilution, buybacks, impairment,
// and the end of the method. [CompareBooks] shows one sale in several books, such as a gain
// in the statutory accounts and a loss in those of the group. Both take plain numbers.
//
// [Consolidate] takes the accounts of a parent and its subsidiaries. It returns the
// elimination entries, each with a sentence that explains its amount, the goodwill, and
// what belongs to the owners of the parent and to the non-controlling interests.
// [Attribute] divides any other amounts in the same way. Where companies hold shares of the
// parent, both return the answer of the simultaneous equations and of the treasury-stock
// method, side by side.
//
// [GroupOf] makes the group from an alliance: control says who is consolidated, and
// ownership says how much.
//
//	g, scope, err := accounting.GroupOf(ctx, a, "renault", compliance.ConsolidationOptions{})
//	profit, err := accounting.Attribute(ctx, g, map[string]ratio.Ratio{"renault": own, "subsidiary": its})
//	fmt.Println(profit.Simultaneous.NonControlling, profit.Treasury.NonControlling)
//
// # Conventions
//
// An amount is a [ratio.Ratio] in a currency and unit of the caller's choice. All amounts of
// one call have the same unit. A share is a fraction from 0 to 1. Nothing is rounded, except
// in sentences, which write "about" before a rounded amount.
//
// Inputs and results are plain data with JSON names. Errors unwrap to those of package
// crossholding, such as [crossholding.ErrRange]. One error reports all faults in the form of an input.
// A nil context means [context.Background]. Functions can be called by several goroutines
// at once.
//
// # Sources
//
// The text of these paragraphs, or another text that cites the number, was read:
// IFRS 10, B86 (elimination) and B94 (non-controlling interests, also if negative);
// IAS 28, 10, 11 (share of profit, distributions), 22, 23 (end of the method, amounts
// reclassified) and 38 (losses beyond the carrying amount); ASC 810-10-45-5 (shares of the
// parent that a subsidiary holds are treasury shares) and Deloitte, A Roadmap to Accounting
// for Noncontrolling Interests, 6.6 (the two methods for mutual holdings). Of IAS 28, 25
// (disposal in part), 39 (later profits) and 40 to 43 (impairment), the numbers were seen in
// a table of contents or a summary only. ASC 323-10-35-19, 35-20 and 35-22 (losses up to the
// carrying amount, and later profits that first make up for those beyond it) were read in an
// excerpt by Deloitte, A Roadmap to Accounting for Equity Method Investments and Joint
// Ventures, 5.2. ASC 323-10-40-1, which treats an issue of shares by the investee as a sale,
// was not verified. The standards leave room for judgement that no calculation takes away.
//
// # Not covered
//
// There are no deferred taxes, no translation of foreign accounts, no revaluation of an
// earlier stake when control is gained, and no goodwill of the non-controlling interests
// (full goodwill).
package accounting

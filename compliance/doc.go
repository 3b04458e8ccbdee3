// Package compliance answers what rule books ask of an alliance of companies.
//
// Who counts as blocked because sanctioned parties own it? [Sanctions] (OFAC's 50
// percent rule, the European Union, the United Kingdom).
//
// Who are the natural persons behind a company? [BeneficialOwners] (Regulation (EU)
// 2024/1624, articles 52 to 54; Directive (EU) 2015/849, article 3(6)).
//
// Which parties are closely linked, so that one may not be collateral for the other?
// [CloseLinks] (Guideline (EU) 2015/510, article 138; Directive 2014/65/EU, article
// 4(1)(35)).
//
// Which companies does a parent consolidate, and what are its other interests?
// [Consolidate] (IFRS 10, B15 and B35; IAS 28, 5; IFRS 11).
//
// Which thresholds does a step of a scenario cross, of bids, disclosure, blocking
// minorities and reciprocity? [Crossings] (the articles of [law.Thresholds]). Which are
// reached today, and how many shares or votes are missing until the next? [Thresholds].
//
// Every question is a function that takes a context, then the alliance, then what is
// asked about, then options: plain data whose zero value is what the rule says.
// Results are plain data with JSON names; lists are sorted, and empty lists are not
// nil. Sentences speak of ids; WithNames puts names in place of them.
//
// Figures are exact fractions ([ratio.Ratio]). Where a rule asks for more than a
// threshold, AtLeast makes reaching it enough; where it asks for at least a threshold,
// Exceed asks for more.
//
// Work that can take long returns the context's error soon after the context is done, and
// reports its progress to the function of [crossholding.WithProgress]. A nil context means
// context.Background(). All functions can be called by several goroutines at once.
//
// Errors begin with the name of the package and unwrap to those of package
// crossholding, such as [crossholding.ErrUnknown].
package compliance

// Package compliance answers questions of regulations about an alliance of companies.
//
// Who counts as blocked because sanctioned parties own it? [Sanctions] (OFAC's 50
// percent rule, the European Union, the United Kingdom).
//
// Who are the natural persons behind a company? [BeneficialOwners] (Regulation (EU)
// 2024/1624, articles 52 to 54; Directive (EU) 2015/849, article 3(6); Companies Act 2006,
// Schedule 1A; or a [BeneficialOwnerRule] of your own). [BoundBeneficialOwners] answers for a
// book that knows some stakes only as bands.
//
// Which parties are closely linked, so that one may not be collateral for the other?
// [CloseLinks] (Guideline (EU) 2015/510, article 138; Directive 2014/65/EU, article
// 4(1)(35)).
//
// Which companies does a parent consolidate, and what are its other interests?
// [Consolidate] (IFRS 10, B15 and B35; IAS 28, 5; IFRS 11). [BoundConsolidation] answers with bands.
//
// Which thresholds of bids, disclosure, blocking minorities and reciprocity does a step
// of a scenario cross? [Crossings] (the articles of [law.Thresholds]). Which thresholds
// are reached today, and how many shares or votes are missing to the next? [Thresholds].
//
// Every question is a function. Its arguments are a context, the alliance, the parties
// or companies in question, and options. Options are plain data, and their zero value
// is the rule's default. Results are plain data with JSON names. Lists are sorted, and
// empty lists are not nil. Sentences have ids, and WithNames replaces them by names.
//
// Figures are exact fractions ([ratio.Ratio]). If a rule requires more than a threshold,
// AtLeast makes reaching it enough. If a rule requires at least a threshold, Exceed
// requires more.
//
// Work that can take long returns the context's error soon after the context is done, and
// reports its progress to the function of [crossholding.WithProgress]. A nil context means
// context.Background(). All functions can be called by several goroutines at once.
//
// Errors begin with the name of the package and unwrap to those of package
// crossholding, such as [crossholding.ErrUnknown].
package compliance

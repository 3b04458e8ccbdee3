// Package network has the measures of networks of shareholders that economists use:
// how much value a holder controls, who decides at meetings with low turnout, who is
// at the end of chains of ownership, who has voting power, in one meeting and through
// companies, and how much common owners weaken competition.
//
//	c, err := network.NewControl(ctx, a, network.ControlOptions{})
//	rank, err := c.Rank(ctx)
//
// Measures of a whole network take a [crossholding.Alliance]. Measures of voting
// power take the [crossholding.Votes] that are to be counted. All of them use the
// low-level view of package crossholding ([crossholding.Graph],
// [crossholding.Tally], [crossholding.Solver]). The caller can use it for other
// measures.
//
// # Which measure answers which question
//
// How much value does a holder control, directly and through others? [NewControl]:
// network control (Vitali, Glattfelder and Battiston, The Network of Global
// Corporate Control, PLoS ONE 6(10), e25995, 2011; [Control] says what is not
// verified).
//
// Who controls a meeting if only 60% of the votes are present, and up to which turnout?
// [NewControlInFact]: control in fact (Code de commerce, art. L.233-3, I, 3°;
// Codice civile, art. 2359, no. 2; IFRS 10, B42).
//
// Who is the ultimate owner of a company? [WeakestLinks]: chains whose weakest link
// reaches a threshold (La Porta, Lopez-de-Silanes and Shleifer, 1999; Claessens,
// Djankov and Lang, 2000; Faccio and Lang, 2002; from secondary sources, the papers
// were not read).
//
// How often does a voter decide in a company's meeting? [MeetingPower]: the indices
// of Shapley and Shubik and of Banzhaf, and with a float their limits (Milnor and
// Shapley, 1978).
//
// How often does an outside holder decide at a company, directly and through other
// companies? [CompoundPower]: the Banzhaf index of the compound game (Crama and
// Leruth, 2007; not read).
//
// Who controls others more than it is controlled? [ControlPower]: the index of Karos
// and Peters (2015; from its abstract of 2013, the article was not read).
//
// Which outside holders have which shares of the power over a company?
// [IndirectPower]: the network power index (Mizuno, Doi and Kurizaki, 2020; not
// read). [EstimateIndirectPower] estimates it if the network is too large.
//
// How much is the profit of a rival worth to a firm, because its owners own both?
// [ProfitWeights]: the weights of O'Brien and Salop (2000; not read) and the modified
// Herfindahl-Hirschman index.
//
// How do I use gonum's graph algorithms or draw a picture? [NewGonumGraph] returns a
// tally of interests or votes as a graph of gonum.
//
// # Conventions
//
// Option structs are plain data whose zero value is the documented default. A
// threshold and a quota are fractions, 0..1. If the default requires more than a
// threshold, AtLeast makes reaching it enough. If reaching it is enough by default,
// Exceed requires more. Results are plain data and have JSON names. Figures are exact
// ([ratio.Ratio]), except those of [EstimateIndirectPower]. Lists are sorted by name
// unless the documentation says by size.
//
// Work that can take long returns the context's error soon after the context is done, and
// reports its progress to the function of [crossholding.WithProgress]. A nil context means
// context.Background(). All functions and values of this package can be used by several
// goroutines at once.
//
// Errors are those of package crossholding, such as [crossholding.ErrUnknown] and
// [crossholding.ErrRange], and in measures of power those of package power.
package network

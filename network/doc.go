// Package network has measures by which economists describe networks of
// shareholders: how much value a holder controls, who decides at meetings to
// which not everyone comes, who stands at the end of chains of ownership, and who
// has voting power, in one meeting and through companies.
//
//	c, err := network.NewControl(ctx, a, network.ControlOptions{})
//	rank, err := c.Rank(ctx)
//
// Measures of a whole network take a [crossholding.Alliance], measures of voting
// power the [crossholding.Votes] that are to be counted. All of them use the
// low-level view of package crossholding ([crossholding.Graph],
// [crossholding.Tally], [crossholding.Solver]), as a measure of one's own can.
//
// # Which measure answers what
//
// How much value does a holder control, directly and through others? [NewControl]:
// network control (Vitali, Glattfelder and Battiston, The Network of Global
// Corporate Control, PLoS ONE 6(10), e25995, 2011; what is not verified is said
// at [Control]).
//
// Who controls a meeting if only 60% of the votes come, and up to which turnout?
// [NewControlInFact]: control in fact (Code de commerce, art. L.233-3, I, 3°;
// Codice civile, art. 2359, no. 2; IFRS 10, B42).
//
// Who is the ultimate owner of a company? [WeakestLinks]: chains whose weakest link
// reaches a threshold (La Porta, Lopez-de-Silanes and Shleifer, 1999; Claessens,
// Djankov and Lang, 2000; Faccio and Lang, 2002; seen in secondary sources, the
// papers themselves not).
//
// How often does a voter decide in a company's meeting? [MeetingPower]: the indices
// of Shapley and Shubik and of Banzhaf, beside a float by their limits (Milnor and
// Shapley, 1978).
//
// How often does an outside holder decide at a company, through all companies that
// stand between? [CompoundPower]: the Banzhaf index of the compound game (Crama and
// Leruth, 2007; not read).
//
// Who controls more than it is controlled? [ControlPower]: the index of Karos and
// Peters (2015; from its abstract of 2013, the article not read).
//
// Who has the power over a company in the end, in shares that add up to 1?
// [IndirectPower]: the network power index (Mizuno, Doi and Kurizaki, 2020; not
// read), and [EstimateIndirectPower] where that is too large to be worked out.
//
// Which algorithm of gonum fits, and what does it look like? [NewGonumGraph] is a tally of
// interests or votes as a graph of that library.
//
// # Conventions
//
// Option structs are plain data whose zero value is the documented default. A
// threshold and a quota are fractions, 0..1. Where more than a threshold is asked
// for, AtLeast makes reaching it enough; where reaching it is enough, Exceed asks
// for more. Results are plain data and have JSON names. Figures are exact
// ([ratio.Ratio]), but for [EstimateIndirectPower]. Lists are sorted by name unless
// they say that they are sorted by size.
//
// Work that can take long returns the context's error soon after the context is done, and
// reports its progress to the function of [crossholding.WithProgress]. A nil context means
// context.Background(). All functions and values of this package can be used by several
// goroutines at once.
//
// Errors are those of package crossholding, such as [crossholding.ErrUnknown] and
// [crossholding.ErrRange], and in measures of power those of package power.
package network

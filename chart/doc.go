// Package chart draws ownership charts as SVG and PNG: owners above, companies below.
//
// An edge from a holder to a company has the part of the capital, and the part of the votes
// where it differs. Suspended votes are struck through, and the article is the tooltip. A dashed
// edge is a stake that is held for another, whose votes are neutral, or of which only a band is
// known. A dotted edge is control by other means than votes. Companies under one ultimate
// controller have one colour and name it, so that a chart can be read in black and white.
// Companies that hold one another's shares in a cycle stand in one box.
//
// [SVG] and [PNG] draw an alliance, [DOT] writes the chart as text for Graphviz, and
// [Changes] draws two alliances side by side, with what changed emphasised. The same book gives
// the same bytes. Graphviz is part of the program, as WebAssembly: nothing has to be installed.
package chart

package chart

import (
	"strings"

	"github.com/crossholding/crossholding"
)

// keyWidth is the largest number of characters of a line of the key.
const keyWidth = 120

// key explains what the graphs of a chart use, in lines.
func key(graphs []*graph) []string {
	var held, striking, dotted, sure, maybe, coloured, changed, bands, agreements bool
	for _, g := range graphs {
		bands, agreements = bands || g.bands, agreements || g.agreements
		for i := range g.edges {
			e := &g.edges[i]
			held = held || e.dashed && !g.bands
			striking = striking || e.suspended != ""
			dotted = dotted || e.fact
			sure = sure || e.control == crossholding.CertaintyYes
			maybe = maybe || e.control == crossholding.CertaintyDepends
			changed = changed || e.only || e.otherCapital || e.otherVotes
		}
		coloured = coloured || len(g.colours()) > 0
		for i := range g.nodes {
			changed = changed || g.nodes[i].only
		}
	}
	var lines []string
	line := ""
	for _, x := range []struct {
		used bool
		text string
	}{
		{true, "Figures: part of the capital, and of the votes where they differ."},
		{striking, "Struck through: votes that the law suspends."},
		{held, "Dashed: held for another, or neutral votes."},
		{bands, "Dashed: known only within bounds, held for another, or neutral votes."},
		{sure, "Thick: controls the company, whatever the exact figures are."},
		{maybe, "Open arrow: may control it."},
		{dotted, "Dotted: control by other means than votes."},
		{coloured, "One colour: one ultimate controller."},
		{bands, "Votes are those before the law suspends any."},
		{agreements, "Agreements about votes are left out."},
		{changed && len(graphs) == 1, "Red: new or different."},
		{changed && len(graphs) > 1, "Red: new, different or gone."},
	} {
		switch {
		case !x.used:
		case line != "" && len(line)+len(x.text) > keyWidth:
			lines = append(lines, line)
			line = x.text
		default:
			line = strings.TrimSpace(line + " " + x.text)
		}
	}
	return append(lines, line)
}

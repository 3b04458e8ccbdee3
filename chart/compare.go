package chart

import (
	"fmt"
	"strings"
)

// pair tells edges apart that join the same nodes.
func (g *graph) pair(e *edge) string {
	return strings.Join(append([]string{g.nodes[e.from].id, g.nodes[e.to].id, fmt.Sprint(e.fact)}, e.notes...), "\n")
}

// compare marks what is not as in another graph.
func (g *graph) compare(other *graph) {
	known, there := map[string]bool{}, map[string]*edge{}
	for i := range other.nodes {
		known[other.nodes[i].id] = true
	}
	for i := range other.edges {
		there[other.pair(&other.edges[i])] = &other.edges[i]
	}
	for i := range g.nodes {
		g.nodes[i].only = !known[g.nodes[i].id] && g.nodes[i].id != ""
	}
	for i := range g.edges {
		e := &g.edges[i]
		was := there[g.pair(e)]
		if e.only = was == nil; !e.only {
			e.otherCapital = e.capital != was.capital
			e.otherVotes = e.votes != was.votes || e.suspended != was.suspended
		}
	}
}

// keepOnly unmarks what is in another graph, though with other figures.
func (g *graph) keepOnly() {
	for i := range g.edges {
		g.edges[i].otherCapital, g.edges[i].otherVotes = false, false
	}
}

package compliance

import (
	"slices"

	"github.com/crossholding/crossholding"
)

// pact is a concert in force: its members act together in all companies, or in one.
type pact struct {
	id      string // of the agreement
	over    int32  // the one company, or no node
	members []int32
}

func (p pact) equal(o pact) bool { return p.over == o.over && slices.Equal(p.members, o.members) }

// pactsOf lists the concerts in force under a count of votes.
func pactsOf(g crossholding.Graph, v *crossholding.Votes) ([]pact, error) {
	var out []pact
	for ag := range g.Agreements() {
		if ag.Kind != crossholding.AgreementConcert {
			continue
		}
		p := pact{id: ag.ID, over: crossholding.NoNode}
		var err error
		if ag.Issuer != "" {
			if p.over, err = g.Node(ag.Issuer); err != nil {
				return nil, err
			}
		}
		if ag.WhileSuspended != "" {
			n, err := v.Of(ag.WhileSuspended, ag.Issuer)
			if err != nil {
				return nil, err
			}
			if !n.Exercisable.IsZero() {
				continue
			}
		}
		for _, h := range ag.Holders {
			node, err := g.Node(h)
			if err != nil {
				return nil, err
			}
			p.members = append(p.members, node)
		}
		out = append(out, p)
	}
	return out, nil
}

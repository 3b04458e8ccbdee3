package limit

import (
	"errors"

	"github.com/crossholding/crossholding"
)

// Scope is the holder and the issuer that are asked about, as nodes, or no node.
type Scope struct{ Holder, Issuer int32 }

// NewScope looks up a holder and an issuer. An empty id is everybody.
func NewScope(g crossholding.Graph, holder, issuer string) (Scope, error) {
	s := Scope{crossholding.NoNode, crossholding.NoNode}
	var err, err2 error
	if holder != "" {
		s.Holder, err = g.Node(holder)
	}
	if issuer != "" {
		s.Issuer, err2 = g.Company(issuer)
	}
	return s, errors.Join(err, err2)
}

// Aim looks up the holder and the issuer in a graph with other nodes.
func (s *Scope) Aim(g crossholding.Graph, holder, issuer string) {
	const nobody = crossholding.NoNode - 1
	find := func(node *int32, id string) {
		if id == "" {
			return
		}
		var err error
		if *node, err = g.Node(id); err != nil {
			*node = nobody
		}
	}
	find(&s.Holder, holder)
	find(&s.Issuer, issuer)
}

// AsksOf reports whether stakes in a company are tested.
func (s *Scope) AsksOf(company int32) bool {
	return s.Issuer == crossholding.NoNode || s.Issuer == company
}

// Asks reports whether the stakes of a holder are tested.
func (s *Scope) Asks(holder int32) bool {
	return s.Holder == crossholding.NoNode || s.Holder == holder
}

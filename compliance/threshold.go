package compliance

import (
	"errors"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
)

// ThresholdOptions says which thresholds are tested. The zero value is the built-in
// law.
type ThresholdOptions struct {
	// Thresholds replaces the built-in table. Nil means [law.Thresholds].
	Thresholds []law.Threshold
	// Extra adds rules to the table, such as those of a company's own articles.
	Extra []law.Threshold
	// Voting says how votes are counted. Its statutes give the thresholds of
	// reciprocity.
	Voting crossholding.VotingOptions
	// Alone ignores the stakes of others: of companies under the holder, and of those who
	// act in concert with it.
	Alone bool
	// Holder, if not empty, is the only holder whose stakes are tested. Issuer, if not
	// empty, is the only company in which stakes are tested.
	Holder, Issuer string
}

// scope is the holder and the issuer of the options, as nodes, or no node.
type scope struct{ holder, issuer int32 }

// newScope looks up the holder and the issuer of the options.
func newScope(g crossholding.Graph, o *ThresholdOptions) (scope, error) {
	s := scope{crossholding.NoNode, crossholding.NoNode}
	var err, err2 error
	if o.Holder != "" {
		s.holder, err = g.Node(o.Holder)
	}
	if o.Issuer != "" {
		s.issuer, err2 = g.Company(o.Issuer)
	}
	return s, errors.Join(err, err2)
}

// aim looks up the holder and the issuer of the options in a graph with other nodes.
func (s *scope) aim(g crossholding.Graph, o *ThresholdOptions) {
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
	find(&s.holder, o.Holder)
	find(&s.issuer, o.Issuer)
}

// asksOf reports whether stakes in a company are tested.
func (s *scope) asksOf(company int32) bool {
	return s.issuer == crossholding.NoNode || s.issuer == company
}

// asks reports whether the stakes of a holder are tested.
func (s *scope) asks(holder int32) bool {
	return s.holder == crossholding.NoNode || s.holder == holder
}

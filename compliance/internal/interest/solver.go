package interest

import (
	"context"
	"errors"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Solver computes what owners have of companies by a tally, as [crossholding.Solver] does. It
// also answers about companies of which closed rings have a part. A closed ring is a set of
// companies that nobody outside owns: they own one another completely. It is not safe for
// concurrent use.
type Solver struct {
	t     *crossholding.Tally
	opt   crossholding.OwnershipOptions
	s     *crossholding.Solver
	rings [][]int32
	in    map[int32]int // by company of a ring: its ring
}

// Part is what a closed ring has of a company, directly and through others.
type Part struct {
	Companies []int32 // of the ring, ascending
	Amount    ratio.Ratio
}

// NewSolver returns a solver of a tally. If the options are strict, its questions fail where
// those of [crossholding.Solver] do.
func NewSolver(ctx context.Context, t *crossholding.Tally, opt crossholding.OwnershipOptions) (*Solver, error) {
	s, err := t.Solver(ctx, opt)
	if err != nil {
		return nil, err
	}
	return &Solver{t: t, opt: opt, s: s, in: map[int32]int{}}, nil
}

// Owners returns what all owners have of a company, and the parts of closed rings. A company of
// a ring has nothing that it does not have for the ring.
func (s *Solver) Owners(ctx context.Context, company int32) ([]crossholding.Holding, []Part, error) {
	var list []crossholding.Holding
	err := s.ask(ctx, func() (err error) {
		list, _, err = s.s.Owners(ctx, company)
		return err
	})
	if err != nil || len(s.rings) == 0 {
		return list, nil, err
	}
	parts := make([]Part, len(s.rings))
	for i, r := range s.rings {
		parts[i].Companies = r
	}
	list = slices.DeleteFunc(list, func(h crossholding.Holding) bool {
		i, closed := s.in[h.Node]
		if closed = closed && h.Float; closed {
			parts[i].Amount = parts[i].Amount.Add(h.Amount)
		}
		return closed
	})
	return list, slices.DeleteFunc(parts, func(p Part) bool { return p.Amount.IsZero() }), nil
}

// Holdings returns what an owner has of every company.
func (s *Solver) Holdings(ctx context.Context, owner int32) (list []crossholding.Holding, err error) {
	err = s.ask(ctx, func() error {
		list, _, err = s.s.Holdings(ctx, owner)
		return err
	})
	return list, err
}

// worth returns what some owners have of every company together.
func (s *Solver) worth(ctx context.Context, owners ...int32) (map[int32]ratio.Ratio, error) {
	out := map[int32]ratio.Ratio{}
	for _, x := range owners {
		list, err := s.Holdings(ctx, x)
		if err != nil {
			return nil, err
		}
		for _, h := range list {
			out[h.Node] = out[h.Node].Add(h.Amount)
		}
	}
	return out, nil
}

// ask asks a question. If closed rings leave it without an answer, it asks again as if the
// shares of each company of such a ring were its float.
func (s *Solver) ask(ctx context.Context, question func() error) error {
	for {
		err := question()
		var closed *crossholding.NoOutsideOwnerError
		if s.opt.Strict || !errors.As(err, &closed) {
			return err
		}
		known := len(s.in)
		for _, ids := range closed.Components {
			ring := make([]int32, len(ids))
			for i, id := range ids {
				node, err := s.t.Graph().Node(id)
				if err != nil {
					return err
				}
				ring[i], s.in[node] = node, len(s.rings)
			}
			slices.Sort(ring)
			s.rings = append(s.rings, ring)
		}
		if len(s.in) == known {
			return err
		}
		column := func(c int32) ([]crossholding.Holding, ratio.Ratio) {
			if _, closed := s.in[c]; closed {
				return nil, ratio.Int(1)
			}
			return s.t.Holdings(c), s.t.Base(c)
		}
		if s.s, err = s.t.Graph().Solver(ctx, column, s.opt); err != nil {
			return err
		}
	}
}

// HasClosed reports whether some of the nodes, which have all holders of each of them, are
// companies that nobody outside owns by a tally.
func HasClosed(t *crossholding.Tally, nodes []int32) bool {
	held, left := map[int32][]int32{}, map[int32]bool{}
	var open []int32
	for _, c := range nodes {
		if !t.Graph().HasShares(c) {
			open = append(open, c)
			continue
		}
		var sum ratio.Ratio
		for _, h := range t.Fractions(c) {
			sum = sum.Add(h.Amount)
			held[h.Node] = append(held[h.Node], c)
		}
		if left[c] = true; sum.Less(ratio.Int(1)) {
			open = append(open, c)
		}
	}
	for len(open) > 0 {
		x := open[len(open)-1]
		open = open[:len(open)-1]
		delete(left, x)
		for _, c := range held[x] {
			if left[c] {
				delete(left, c)
				open = append(open, c)
			}
		}
	}
	return len(left) > 0
}

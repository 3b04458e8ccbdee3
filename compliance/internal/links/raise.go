package links

import (
	"cmp"
	"context"
	"fmt"
	"maps"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/ratio"
)

// boundsRun is one call of [Bounds].
type boundsRun struct {
	opt    Query // in completions no statute suspends votes
	voting crossholding.VotingOptions
	banded *banded.Book
	doubt  *banded.DoubtfulVotes
	upper  *upperLinks
}

func newBoundsRun(ctx context.Context, a *crossholding.Alliance, opt Query) (*boundsRun, error) {
	q := &boundsRun{opt: opt, voting: opt.Voting, doubt: &banded.DoubtfulVotes{}}
	if q.opt.Together {
		return nil, fmt.Errorf("concerts together have no bounds: %w", crossholding.ErrAgreement)
	}
	q.opt.Voting.NoLaw = true
	if opt.Of != "" {
		if _, err := a.Graph().Node(opt.Of); err != nil {
			return nil, err
		}
	}
	var err error
	if q.banded, err = banded.New(a); err != nil || q.banded.Len() == 0 {
		return q, err
	}
	if q.doubt, err = q.banded.VotesInDoubt(ctx, opt.Voting); err != nil {
		return nil, err
	}
	q.upper, err = newUpperLinks(ctx, q)
	return q, err
}

// from lists the parties whose holdings can make links, sorted.
func (q *boundsRun) from() []string {
	g := q.banded.Alliance.Graph()
	var only map[string]bool
	if q.opt.Of != "" {
		only = q.doubt.Above.Of(q.opt.Of)
	}
	var out []string
	for x := range int32(g.Len()) {
		if id := g.ID(x); !g.Dispersed(x) && (only == nil || only[id]) {
			out = append(out, id)
		}
	}
	return out
}

// linksIn holds the links of a party, and of what it holds, in one completion.
type linksIn struct {
	at    banded.Completion
	links map[Key]*Link
	group []string                 // the party with all that it controls
	worth []map[string]ratio.Ratio // by basis: what the party has of each holder along paths
	bases []crossholding.Basis     // of worth
}

// try answers for a completion and a party.
func (q *boundsRun) try(ctx context.Context, c banded.Completion, party string) (*linksIn, error) {
	return banded.Ask(q.banded, c, func(a *crossholding.Alliance, at banded.Completion) (*linksIn, error) {
		opt := q.opt
		opt.Of = ""
		run, err := newRun(ctx, a, &opt)
		if err != nil {
			return nil, err
		}
		x, err := run.g.Node(party)
		if err != nil {
			return nil, err
		}
		if err := run.find(ctx, x); err != nil {
			return nil, err
		}
		out := &linksIn{at: at, links: map[Key]*Link{}}
		for i := range run.links {
			l := &run.links[i]
			out.links[l.key()] = l
		}
		group, err := run.group(ctx, x)
		if err != nil {
			return nil, err
		}
		for y := range group.Nodes() {
			out.group = append(out.group, run.g.ID(y))
		}
		if !q.opt.ByControl {
			err = out.addWorth(ctx, run, x)
		}
		return out, err
	})
}

// addWorth adds what a party has of each holder along paths.
func (l *linksIn) addWorth(ctx context.Context, run *run, x int32) error {
	for _, b := range run.by {
		sums, _, err := b.sums(ctx, x, run.opt.MaxSteps)
		if err != nil {
			return run.about(x, err)
		}
		worth := map[string]ratio.Ratio{run.g.ID(x): ratio.Int(1)}
		for y, share := range sums {
			worth[run.g.ID(y)] = share
		}
		l.worth, l.bases = append(l.worth, worth), append(l.bases, b.basis)
	}
	return nil
}

// raise gives a party as much as the others leave: first what counts for its group, and then
// what is worth most to it along paths. It shows the answer about each completion.
func (q *boundsRun) raise(ctx context.Context, low *linksIn, party string, show func(*linksIn)) error {
	ask := func(c banded.Completion) (*linksIn, error) { return q.try(ctx, c, party) }
	var members banded.Seniority
	members.Join(party)
	grow := func(last *linksIn) (banded.Completion, error) {
		show(last)
		members.Next()
		members.Join(last.group...)
		return q.banded.Filled(func(s *crossholding.Stake) ratio.Ratio {
			if who := []string{cmp.Or(s.Voter, s.Holder), cmp.Or(s.Beneficiary, s.Holder)}; members.Has(who...) {
				return members.Rank(who...)
			}
			return ratio.Ratio{}
		}), nil
	}
	last, err := banded.Raise(q.banded, low, grow, ask)
	if err != nil {
		return err
	}
	show(last)
	for i := range low.worth {
		spread := func(last *linksIn) (banded.Completion, error) {
			show(last)
			if i >= len(last.worth) {
				return last.at, nil // votes and capital are the same there
			}
			return q.banded.Filled(func(s *crossholding.Stake) ratio.Ratio {
				if last.bases[i] == crossholding.BasisCapital {
					return last.worth[i][cmp.Or(s.Beneficiary, s.Holder)]
				}
				return last.worth[i][cmp.Or(s.Voter, s.Holder)]
			}), nil
		}
		if last, err = banded.Raise(q.banded, low, spread, ask); err != nil {
			return err
		}
		show(last)
	}
	return nil
}

// mostLinks are the links of a party in the completions in which it has most.
type mostLinks struct {
	link  map[Key]*Link
	at    map[Key]banded.Completion
	group map[string]bool // the party with all that it controls in one of them
}

func (q *boundsRun) most(ctx context.Context, low *linksIn, party string) (*mostLinks, error) {
	m := &mostLinks{map[Key]*Link{}, map[Key]banded.Completion{}, map[string]bool{}}
	err := q.raise(ctx, low, party, func(l *linksIn) {
		for _, y := range l.group {
			m.group[y] = true
		}
		for k, link := range l.links {
			if old := m.link[k]; old == nil || old.Fraction.Less(link.Fraction) {
				m.link[k], m.at[k] = link, l.at
			}
		}
	})
	return m, err
}

// linksOf returns the rows of one party's links, and of those of which it is the third party.
func (q *boundsRun) linksOf(ctx context.Context, x string) ([]Bound, error) {
	low, err := q.try(ctx, q.banded.Lowest(), x)
	if err != nil {
		return nil, err
	}
	most, err := q.most(ctx, low, x)
	if err != nil {
		return nil, err
	}
	sure, may, err := q.upper.of(ctx, x, low, most)
	if err != nil {
		return nil, err
	}
	keys := maps.Clone(may)
	for k := range most.link {
		keys[k] = true
	}
	var out []Bound
	for k := range keys {
		if of := q.opt.Of; of != "" && of != k.A && of != k.B {
			continue
		}
		row := k.bound()
		row.Least, row.Most = low.links[k], most.link[k]
		doubt, byLaw := q.doubtful(k)
		switch {
		case sure[k] || row.Least != nil && !doubt:
			row.Answer = crossholding.CertaintyYes
		case doubt && !may[k]:
			continue
		case doubt:
			row.Law = byLaw
		case row.Most != nil:
			err = q.decide(ctx, &row, x, most.at[k])
		}
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// doubtful reports whether votes are in doubt between the parties to a link, and whether
// statutes are why.
func (q *boundsRun) doubtful(k Key) (doubt, byLaw bool) {
	if k.Third == "" {
		return q.doubt.Concerns(k.B, k.A)
	}
	for _, y := range []string{k.A, k.B} {
		d, l := q.doubt.Concerns(y, k.Third)
		doubt, byLaw = doubt || d, byLaw || l
	}
	return doubt, byLaw
}

// decide finds the stakes that decide about a link of party x.
func (q *boundsRun) decide(ctx context.Context, row *Bound, x string, at banded.Completion) error {
	book, at, err := q.banded.About(at, []string{x}, row.A, row.B)
	if err != nil {
		return err
	}
	key := Key{row.A, row.B, row.Third}
	run := *q
	run.banded = book
	d := banded.Decider{Book: book, Behind: book.All(), Is: func(c banded.Completion) (bool, error) {
		l, err := run.try(ctx, c, x)
		return err == nil && l.links[key] != nil, err
	}, Never: func(a *crossholding.Alliance) (bool, error) {
		less, err := newBoundsRun(ctx, a, q.opt)
		if err != nil {
			return false, err
		}
		low, err := less.try(ctx, less.banded.Lowest(), x)
		if err != nil || low.links[key] != nil || less.banded.Len() == 0 {
			return err == nil && low.links[key] == nil, err
		}
		most, err := less.most(ctx, low, x)
		if err != nil || most.link[key] != nil {
			return false, err
		}
		_, may, err := less.upper.of(ctx, x, low, most)
		return !may[key], err
	}}
	row.Yes, row.No, err = d.Decide(at)
	return err
}

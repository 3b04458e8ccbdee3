package beam

import (
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// voteName is the file of the votes of a shard, by issuer; those by holder are in heldName.
const voteName, heldName = "votes", "held"

// countVotes keeps the votes in the companies of components whose control is found by rounds. It
// counts them with the library, and sends each holder its votes.
func countVotes(w *worker, _ []record) error {
	kept, err := w.kept("labels")
	if err != nil {
		return err
	}
	rows, err := w.kept("rows")
	if err != nil {
		return err
	}
	label := labels(kept)
	rows = slices.DeleteFunc(rows, func(r record) bool {
		company := r[3]
		if r[0] == stakeRow {
			company = r[4]
		}
		_, ok := slices.BinarySearch(w.Rounds, label(company))
		return !ok
	})
	sortRows(rows)
	a, err := newSheet(rows, false).read(w)
	if err != nil {
		return err
	}
	c, err := a.Control(w.ctx, crossholding.ControlOptions{})
	if err != nil {
		return err
	}
	t, g := c.Tally(), a.Graph()
	var votes []record
	for company := range int32(g.Len()) {
		if !g.HasShares(company) {
			continue
		}
		for _, h := range t.Fractions(company) {
			v := record{g.ID(company), g.ID(h.Node), h.Amount.String()}
			votes = append(votes, v)
			w.out.put(place(v[1], w.Shards), v...)
		}
	}
	return w.keep(voteName, votes)
}

// keepHeld keeps the votes of the holders of a shard, and begins with no pairs.
func keepHeld(w *worker, in []record) error {
	if err := w.keep(heldName, sortRecords(in)); err != nil {
		return err
	}
	if err := w.keep(roundName("under", 0), nil); err != nil {
		return err
	}
	return w.keep(roundName("over", 0), nil)
}

func roundName(name string, round int) string { return fmt.Sprintf("%s-round%05d", name, round) }

// The kinds of records of a round.
const (
	indirect = "v" // company, controller, the subsidiary that votes, its votes
	chain    = "c" // company, controller: through a company under it
)

// joinVotes joins the pairs of control with the votes of the companies under control, and with the
// pairs of those companies.
func joinVotes(w *worker, _ []record) error {
	under, err := w.kept(roundName("under", w.Round)) // company, controller
	if err != nil {
		return err
	}
	over, err := w.kept(roundName("over", w.Round)) // controller, company
	if err != nil {
		return err
	}
	held, err := w.kept(heldName)
	if err != nil {
		return err
	}
	votes, below := map[string][]record{}, map[string][]string{}
	for _, v := range held {
		votes[v[1]] = append(votes[v[1]], v)
	}
	for _, p := range over {
		below[p[0]] = append(below[p[0]], p[1])
	}
	for _, p := range under {
		company, controller := p[0], p[1]
		for _, v := range votes[company] {
			w.out.put(place(v[0], w.Shards), indirect, v[0], controller, company, v[2])
		}
		for _, c := range below[company] {
			w.out.put(place(c, w.Shards), chain, c, controller)
		}
	}
	return nil
}

// decided are the pairs of a shard after a round.
type decided struct{ Pairs, New int }

// decideShard finds who controls the companies of a shard, and sends the pairs to the shards of
// the controllers.
func decideShard(w *worker, in []record) error {
	before, err := w.kept(roundName("under", w.Round))
	if err != nil {
		return err
	}
	votes, err := w.kept(voteName)
	if err != nil {
		return err
	}
	type pair struct{ company, controller string }
	sums, certain := map[pair]ratio.Ratio{}, map[pair]bool{}
	add := func(p pair, amount string) error {
		v, err := ratio.Parse(amount)
		sums[p] = sums[p].Add(v)
		return err
	}
	for _, v := range votes {
		if err := add(pair{v[0], v[1]}, v[2]); err != nil {
			return err
		}
	}
	for _, r := range sortRecords(in) {
		p := pair{r[1], r[2]}
		if r[0] == chain {
			certain[p] = true
		} else if err := add(p, r[4]); err != nil {
			return err
		}
	}
	half := ratio.Of(1, 2)
	for p, v := range sums {
		if half.Less(v) {
			certain[p] = true
		}
	}
	for _, p := range before {
		certain[pair{p[0], p[1]}] = true
	}
	var after []record
	for p := range certain {
		if p.company != p.controller {
			after = append(after, record{p.company, p.controller})
		}
	}
	after = sortRecords(after)
	for _, p := range after {
		w.out.put(place(p[1], w.Shards), p[1], p[0])
	}
	if err := w.note(roundName("decided", w.Round), decided{len(after), len(after) - len(before)}); err != nil {
		return err
	}
	return w.keep(roundName("under", w.Round+1), after)
}

// listPairs keeps the pairs of the controllers of a shard, which are the answer if they are the
// last.
func listPairs(w *worker, in []record) error {
	return w.keep(roundName("over", w.Round+1), sortRecords(in))
}

// answerPairs writes the pairs of the last round.
func answerPairs(w *worker, _ []record) error {
	pairs, err := w.kept(roundName("over", w.Round))
	if err != nil {
		return err
	}
	return w.answer("control-rounds", func(put func(...string) error) error {
		for _, p := range pairs {
			if err := put(p...); err != nil {
				return err
			}
		}
		return nil
	})
}

// rounds finds control by rounds of joins, until a round finds no pair that is new.
func (j *job) rounds() error {
	if len(j.Rounds) == 0 || !j.Control {
		return nil
	}
	if err := j.run(step{"votes", j.Shards}, step{"held", j.Shards}); err != nil {
		return err
	}
	for j.Round = range maxRounds {
		if err := j.run(step{"join votes", j.Shards}, step{"decide", j.Shards}, step{"pairs", j.Shards}); err != nil {
			return err
		}
		j.answers.Rounds++
		found, err := notes[decided](j.ctx, &j.task, roundName("decided", j.Round), j.Shards)
		if err != nil {
			return err
		}
		more := 0
		for _, d := range found {
			more += d.New
		}
		if more == 0 {
			return j.run(step{"answer", j.Shards})
		}
	}
	return fmt.Errorf("beam: control is not found after %d rounds: %w", maxRounds, crossholding.ErrSearchLimit)
}

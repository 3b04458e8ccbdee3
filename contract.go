package crossholding

import (
	"fmt"
	"iter"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// listAgreements lists the agreements on votes that are in force. The law must have been applied.
func (v *Votes) listAgreements() {
	for ag := range v.a.ledger.agreementsOnVotes() {
		if v.conditionMet(ag) {
			if v.agreements == nil {
				v.agreements = make([]*agreementRecord, 0, len(v.a.ledger.agreements))
			}
			v.agreements = append(v.agreements, ag)
		}
	}
}

// agreementsOnVotes yields the agreements on votes that are in force on the day of the book, if
// what they wait for has come. A nil ledger has none.
func (l *ledger) agreementsOnVotes() iter.Seq[*agreementRecord] {
	return func(yield func(*agreementRecord) bool) {
		if l == nil {
			return
		}
		for i := range l.agreements {
			if ag := &l.agreements[i]; ag.votes() && date.Within(l.asOf, ag.From, ag.To) && !yield(ag) {
				return
			}
		}
	}
}

// contracts applies the agreements in force, after the law: first those that say who casts
// the votes, then neutral votes, then caps.
func (v *Votes) contracts(k *keeper) {
	if k.sameTerms {
		v.index = k.earlier.index
	} else if len(v.agreements) > 0 {
		v.index = v.indexAgreements(v.agreements)
	}
	t := v.index
	if t == nil {
		return
	}
	for _, c := range t.meetings {
		if k.kept(c) {
			continue
		}
		m := v.change(c)
		m.voter = slices.Clone(m.voter)
		m.free = slices.Clone(m.votes)
		v.applyLeaders(m, c, t)
		v.neutralize(m, c, t)
		v.capVotes(m, c, t.caps[c])
	}
}

// agreementIndex is an agreement in force, with nodes for its parties.
type agreementIndex struct {
	*agreementRecord
	holders []int32 // ascending
	leader  int32   // graph.None if it has none
	issuer  int32   // graph.None if it is about all issuers
}

// agreementsInForce lists the agreements in force, by holder or by issuer. The lists are in
// the order of the book.
type agreementsInForce struct {
	all              []*agreementIndex
	directs, neutral map[int32][]*agreementIndex // by holder
	caps             map[int32][]*agreementIndex // sorted by issuer
	meetings         []int32                     // the companies whose votes they can change
}

// indexAgreements indexes agreements in force.
func (v *Votes) indexAgreements(list []*agreementRecord) *agreementsInForce {
	n := 0
	for _, ag := range list {
		n += len(ag.Holders)
	}
	records, holders := make([]agreementIndex, len(list)), make([]int32, 0, n)
	t := &agreementsInForce{all: make([]*agreementIndex, 0, len(list))}
	node := func(id string) int32 {
		if id == "" {
			return graph.None
		}
		i, _ := v.a.node(id)
		return i
	}
	for i, ag := range list {
		k := &records[i]
		*k = agreementIndex{agreementRecord: ag, leader: node(ag.Leader), issuer: node(ag.Issuer)}
		t.all = append(t.all, k)
		from := len(holders)
		for _, h := range ag.Holders {
			who := node(h)
			holders = append(holders, who)
			switch {
			case ag.directs():
				t.directs = filed(t.directs, who, k)
			case ag.Kind == AgreementNeutral:
				t.neutral = filed(t.neutral, who, k)
			}
		}
		k.holders = holders[from:len(holders):len(holders)]
		if ag.Kind == AgreementCap {
			t.caps = filed(t.caps, k.issuer, k)
		}
	}
	t.meetings = v.meetingsOf(t.all)
	return t
}

// filed adds an agreement to the list of a node. It makes the lists if they are nil.
func filed(lists map[int32][]*agreementIndex, node int32, k *agreementIndex) map[int32][]*agreementIndex {
	if lists == nil {
		lists = map[int32][]*agreementIndex{}
	}
	lists[node] = append(lists[node], k)
	return lists
}

// firstAt returns the first agreement of a list that applies to the meeting of c, or nil.
// A leader does not vote in its own meeting.
func firstAt(c int32, list []*agreementIndex) *agreementIndex {
	for _, k := range list {
		if (k.issuer == graph.None || k.issuer == c) && k.leader != c {
			return k
		}
	}
	return nil
}

// meetingsOf lists the companies whose votes the agreements can change.
func (v *Votes) meetingsOf(list []*agreementIndex) []int32 {
	var out []int32
	g := &v.a.graph
	for _, k := range list {
		if k.issuer != graph.None {
			out = append(out, k.issuer)
			continue
		}
		for _, h := range k.holders {
			for _, e := range g.ByVoter.Of(h) {
				out = append(out, g.Issuer[e])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// applyLeaders gives votes in c to those who direct them. A leader may have a leader too:
// the votes go to the last one. The agreements were checked: they have no cycles, and two
// agreements that direct one voter name the same leader.
func (v *Votes) applyLeaders(m *meeting, c int32, t *agreementsInForce) {
	ids := &v.a.graph.IDs
	for i, who := range m.voter {
		first := firstAt(c, t.directs[who])
		if first == nil || m.free[i].IsZero() {
			continue
		}
		leader := t.lastLeader(c, who)
		m.voter[i] = leader
		m.take(i, Reason{Rule: first.ID, Votes: m.free[i], because: func(name naming) string {
			return fmt.Sprintf("%s votes as %s directs (%s)", name(ids.At(who)), name(ids.At(leader)), first.Kind)
		}})
	}
}

// lastLeader returns who casts the votes of a voter in c: the last leader, or the voter itself.
func (t *agreementsInForce) lastLeader(c, who int32) int32 {
	for range len(t.directs) {
		next := firstAt(c, t.directs[who])
		if next == nil {
			break
		}
		who = next.leader
	}
	return who
}

func (m *meeting) take(i int, r Reason) { m.reasons[i] = append(m.reasons[i], r) }

// neutralize makes votes in c neutral.
func (v *Votes) neutralize(m *meeting, c int32, t *agreementsInForce) {
	if len(t.neutral) == 0 {
		return
	}
	for i, who := range m.voter {
		k := firstAt(c, t.neutral[who])
		if k == nil {
			continue
		}
		m.voter[i] = graph.None
		if m.votes[i].IsZero() {
			continue // the law suspends them
		}
		m.neutral = m.neutral.Add(m.votes[i])
		m.take(i, Reason{Rule: k.ID, Votes: m.votes[i], because: func(name naming) string {
			return fmt.Sprintf("%s votes so that it never moves a result", name(v.a.graph.IDs.At(who)))
		}})
	}
}

// capState is one cap in a meeting, for its holders or for one voter: the votes that its holders
// have and the number that they may cast.
type capState struct {
	*agreementRecord
	stakes []int
	have   ratio.Ratio
	limit  ratio.Ratio
	leaves bool
}

// capVotes applies all caps of one meeting together, because caps whose excess leaves the
// total reduce each other's total.
func (v *Votes) capVotes(m *meeting, c int32, list []*agreementIndex) {
	var caps []*capState
	for _, ag := range list {
		leaves := ag.Excess == CapExcessLeaves || ag.Excess == "" && v.opt.CapExcess == CapExcessLeaves
		leaves = leaves && (ag.Of == "" || ag.Of == BasisExercisable)
		voters, n := ag.holders, 1 // a cap counts its holders together
		if len(voters) == 0 {
			voters = m.unnamed(list) // and everyone else alone
			n = len(voters)
		}
		states := make([]capState, n)
		for at := range states {
			states[at] = capState{agreementRecord: ag.agreementRecord, leaves: leaves}
			caps = append(caps, &states[at])
		}
		for i, voter := range m.voter {
			at, ok := slices.BinarySearch(voters, voter)
			if !ok {
				continue
			}
			k := &states[min(at, n-1)]
			k.stakes = append(k.stakes, i)
			k.have = k.have.Add(m.free[i])
		}
	}
	for _, k := range v.bindingCaps(m, c, caps) {
		excess := k.have.Sub(k.limit)
		m.excess = m.excess.Add(excess)
		if k.leaves {
			m.removed = m.removed.Add(excess)
		}
		v.apportionCap(m, c, k)
	}
}

// unnamed lists those who cast votes and whom no cap names, in the order of nodes.
func (m *meeting) unnamed(caps []*agreementIndex) []int32 {
	named := []int32{graph.None}
	for _, k := range caps {
		named = append(named, k.holders...)
	}
	slices.Sort(named)
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(m.voter))), func(voter int32) bool {
		_, ok := slices.BinarySearch(named, voter)
		return ok
	})
}

// bindingCaps returns the caps that bind, with their limits.
func (v *Votes) bindingCaps(m *meeting, c int32, caps []*capState) []*capState {
	base := leavingBase(m.exercisable(), caps)
	whole := v.a.wholeVotes(c)
	if whole {
		base = wholeBase(m.exercisable(), base, caps)
	}
	return slices.DeleteFunc(caps, func(k *capState) bool {
		switch {
		case k.leaves:
			k.limit = k.max.Mul(base)
		case k.Of == BasisTheoretical:
			k.limit = k.max.Mul(m.total)
		case k.Of == BasisCapital:
			k.limit = k.max.Mul(v.a.graph.Capital.Issued(c))
		default:
			k.limit = k.max.Mul(m.exercisable())
		}
		if whole {
			k.limit = k.limit.Floor()
		}
		return !k.limit.Less(k.have)
	})
}

// leavingBase returns the base of the caps whose excess leaves it. With the exercisable
// votes E and for each such cap its fraction t and the votes h of its holders, the base is
// the largest B for which B = E - Σ(h - min(h, tB)). If a set of caps binds, B is (E - Σh) /
// (1 - Σt) over this set. The search starts with no cap that binds and B = E. A cap that
// binds at some B binds at every smaller one, and each cap that is added lowers B. So the
// search ends after at most one round for each cap, and a cap that nobody reaches has no
// effect.
func leavingBase(exercisable ratio.Ratio, caps []*capState) ratio.Ratio {
	base := exercisable
	binds := make([]bool, len(caps))
	for {
		changed := false
		rest, sum := exercisable, ratio.Ratio{}
		for n, k := range caps {
			if k.leaves && !binds[n] && k.max.Mul(base).Less(k.have) {
				binds[n], changed = true, true
			}
			if binds[n] {
				rest, sum = rest.Sub(k.have), sum.Add(k.max)
			}
		}
		if !changed {
			return base
		}
		if sum.Less(ratio.Int(1)) {
			base = rest.Div(ratio.Int(1).Sub(sum))
			continue
		}
		// Caps of 1 together bind for all votes, and there are no others: every base is
		// consistent at which each of them binds. The largest is the first at which one
		// binds no more.
		for n, k := range caps {
			if at := k.have; binds[n] && k.max.Sign() > 0 && at.Div(k.max).Less(base) {
				base = at.Div(k.max)
			}
		}
		return base
	}
}

// maxWholeRounds limits the rounds of wholeBase. Each lowers the base by at least one vote.
const maxWholeRounds = 10_000

// wholeBase lowers the base until it is consistent with limits in whole votes. Rounding one
// limit down lowers the base, and with it the limits of other caps.
func wholeBase(exercisable, base ratio.Ratio, caps []*capState) ratio.Ratio {
	for range maxWholeRounds {
		next := exercisable
		for _, k := range caps {
			if limit := k.max.Mul(base).Floor(); k.leaves && limit.Less(k.have) {
				next = next.Sub(k.have.Sub(limit))
			}
		}
		if next.Equal(base) {
			break
		}
		base = next
	}
	return base
}

// wholeVotes reports whether c's votes are whole numbers. A cap then leaves whole votes
// too.
func (a *Alliance) wholeVotes(c int32) bool {
	rec := a.bookCompany(c)
	return rec == nil || !rec.percentCompany() && a.graph.Votes.Scale[c] == 0 && a.graph.Votes.Big[c] == nil
}

// apportionCap divides the votes that a cap leaves among its stakes, pro rata.
func (v *Votes) apportionCap(m *meeting, c int32, k *capState) {
	votes := make([]ratio.Ratio, len(k.stakes))
	for n, i := range k.stakes {
		votes[n] = m.free[i]
	}
	base := k.Of
	if base == "" {
		base = BasisExercisable
	}
	because := func(naming) string {
		s := fmt.Sprintf("%s: at most %s of %s votes: %s of %s", k.ID, k.max.PercentString(), base, k.limit.Grouped(), k.have.Grouped())
		if k.leaves {
			s += ", the excess leaving the base"
		}
		return s
	}
	for n, kept := range tally.Apportion(k.limit, votes, v.a.wholeVotes(c)) {
		i := k.stakes[n]
		m.free[i] = kept
		if taken := votes[n].Sub(kept); !taken.IsZero() {
			m.take(i, Reason{Rule: k.ID, Votes: taken, because: because})
		}
	}
}

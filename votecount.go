package crossholding

import (
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// VoteCount holds the votes of one holder at one company.
type VoteCount struct {
	Holder      string      `json:"holder"`
	Issuer      string      `json:"issuer"`
	Theoretical ratio.Ratio `json:"theoretical"` // votes of the holder's shares before law and contract
	Exercisable ratio.Ratio `json:"exercisable"` // votes that the law leaves
	Free        ratio.Ratio `json:"free"`        // votes that the holder may cast as it likes, for itself or others
	Neutral     ratio.Ratio `json:"neutral"`     // votes of the holder's shares that never move a result

	ExercisableShare ratio.Ratio `json:"exercisable_share"` // Exercisable as a fraction of all exercisable votes
	FreeShare        ratio.Ratio `json:"free_share"`        // Free as a fraction of the votes that can move a result

	Reasons []Reason `json:"reasons"` // the rules that take votes, law first
	// Doubtful lists the stakes on which readings of the law differ, with the most votes
	// that one of them suspends. Whether these votes count was decided by the policy of
	// [VotingOptions] alone.
	Doubtful []Reason `json:"doubtful"`
}

// MeetingCount holds the votes of one company's meeting. Exercisable is Theoretical minus
// Treasury minus Suspended. Counted is the base of percentages: exercisable votes minus
// neutral votes, minus the excess of a cap that leaves the base. It includes the treasury
// if the law keeps it in the base.
type MeetingCount struct {
	Issuer      string      `json:"issuer"`
	Theoretical ratio.Ratio `json:"theoretical"`
	Treasury    ratio.Ratio `json:"treasury"`
	Suspended   ratio.Ratio `json:"suspended"`
	Exercisable ratio.Ratio `json:"exercisable"`
	Neutral     ratio.Ratio `json:"neutral"` // cast so that they never move a result
	Excess      ratio.Ratio `json:"excess"`  // votes above caps
	Counted     ratio.Ratio `json:"counted"`
}

// Of returns the votes of holder at issuer with the reasons for those that do
// not count.
func (v *Votes) Of(holder, issuer string) (VoteCount, error) {
	v = v.orEmpty()
	who, float, err := v.a.holder(holder)
	if err != nil {
		return VoteCount{}, err
	}
	c, err := v.a.company(issuer)
	if err != nil {
		return VoteCount{}, err
	}
	switch {
	case float && who == c:
		return v.floatCount(v.meeting(c), c), nil
	case float: // a float has votes only in its own company
		return VoteCount{Holder: holder, Issuer: issuer, Reasons: []Reason{}, Doubtful: []Reason{}}, nil
	}
	return v.count(v.meeting(c), who, c), nil
}

// floatCount returns the votes of c's float in c's meeting m.
func (v *Votes) floatCount(m *meeting, c int32) VoteCount {
	g := &v.a.graph
	votes := g.Float(&g.Votes, c)
	out := VoteCount{Holder: FloatOf(g.IDs.At(c)), Issuer: g.IDs.At(c), Theoretical: votes, Exercisable: votes, Free: votes, Reasons: []Reason{}, Doubtful: []Reason{}}
	out.percentages(m)
	return out
}

func (out *VoteCount) percentages(m *meeting) {
	if all := m.exercisable(); !all.IsZero() {
		out.ExercisableShare = out.Exercisable.Div(all)
	}
	if all := m.counted(); !all.IsZero() {
		out.FreeShare = out.Free.Div(all)
	}
}

func (v *Votes) count(m *meeting, who, c int32) VoteCount {
	g := &v.a.graph
	out := VoteCount{Holder: g.IDs.At(who), Issuer: g.IDs.At(c), Reasons: []Reason{}, Doubtful: []Reason{}}
	if who == c { // the company has only its treasury in its own meeting
		out.Theoretical = m.treasury
		out.Reasons = v.treasuryReason(m, c)
		out.name()
		return out
	}
	for i := range m.votes {
		if m.voter[i] == who {
			out.Free = out.Free.Add(m.free[i])
		}
		if g.Holder[m.from+int32(i)] == who {
			v.held(m, i, &out)
		}
	}
	out.gather()
	out.percentages(m)
	out.name()
	return out
}

// held adds the i-th stake of a meeting to its holder's count out.
func (v *Votes) held(m *meeting, i int, out *VoteCount) {
	g := &v.a.graph
	e := m.from + int32(i)
	out.Theoretical = out.Theoretical.Add(g.Stake(&g.Votes, e))
	out.Exercisable = out.Exercisable.Add(m.votes[i])
	if m.voter[i] == graph.None {
		out.Neutral = out.Neutral.Add(m.votes[i])
	}
	if m.reasons != nil {
		out.Reasons = append(out.Reasons, m.reasons[i]...)
	}
	if len(v.choices) > 0 {
		out.Doubtful = append(out.Doubtful, v.doubtful(e)...)
	}
	out.Reasons = append(out.Reasons, v.voterReason(e, m.votes[i])...)
}

// addCounts appends the counts of all who hold or cast votes in m, in one pass.
func (v *Votes) addCounts(list []VoteCount, m *meeting, c int32) []VoteCount {
	g := &v.a.graph
	from, to := g.Column(c)
	voters := slices.Concat(g.Holder[from:to], m.voter)
	slices.Sort(voters)
	voters = slices.Compact(voters)
	if len(voters) > 0 && voters[0] == graph.None {
		voters = voters[1:]
	}
	first := len(list)
	for _, who := range voters {
		list = append(list, VoteCount{Holder: g.IDs.At(who), Issuer: g.IDs.At(c), Reasons: []Reason{}, Doubtful: []Reason{}})
	}
	out := list[first:]
	of := func(who int32) *VoteCount {
		n, _ := slices.BinarySearch(voters, who)
		return &out[n]
	}
	for i, who := range m.voter {
		if who != graph.None {
			n := of(who)
			n.Free = n.Free.Add(m.free[i])
		}
		v.held(m, i, of(g.Holder[m.from+int32(i)]))
	}
	for n := range out {
		out[n].gather()
		out[n].name()
		out[n].percentages(m)
	}
	if g.HasFloat(&g.Capital, c) {
		list = append(list, v.floatCount(m, c))
	}
	if !m.treasury.IsZero() {
		list = append(list, v.count(m, c, c))
	}
	return list
}

// Meeting returns the totals of a company's meeting.
func (v *Votes) Meeting(issuer string) (MeetingCount, error) {
	v = v.orEmpty()
	c, err := v.a.company(issuer)
	if err != nil {
		return MeetingCount{}, err
	}
	m := v.special[c]
	if m == nil {
		plain := v.plainTotals(c)
		m = &plain
	}
	return MeetingCount{Issuer: issuer, Theoretical: m.total, Treasury: m.treasury, Suspended: m.suspended,
		Exercisable: m.exercisable(), Neutral: m.neutral, Excess: m.excess, Counted: m.counted()}, nil
}

// Rows yields the votes of every holder at every company, sorted by holder, then issuer.
// It includes all who hold shares or cast votes there, floats, and each company's
// treasury as a separate row.
func (v *Votes) Rows() iter.Seq[VoteCount] {
	v = v.orEmpty()
	return func(yield func(VoteCount) bool) {
		g := &v.a.graph
		var companies []int32
		for c := range int32(g.IDs.Len()) {
			if g.IssuesShares(c) {
				companies = append(companies, c)
			}
		}
		rows := make([]VoteCount, 0, len(g.Holder)+2*len(companies)) // with floats and treasuries
		for _, c := range companies {
			rows = v.addCounts(rows, v.meeting(c), c)
		}
		slices.SortFunc(rows, func(a, b VoteCount) int {
			if d := strings.Compare(a.Holder, b.Holder); d != 0 {
				return d
			}
			return strings.Compare(a.Issuer, b.Issuer)
		})
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}
}

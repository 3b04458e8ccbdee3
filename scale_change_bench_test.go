package crossholding_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// BenchmarkWhatIf halves one stake outside the core and asks for the fund's
// holdings again; fresh-ratio is the time over that of asking afresh.
func BenchmarkWhatIf(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		held, err := n.certified.Holdings(b.Context(), "F0000000")
		require.NoError(b, err)
		start := time.Now()
		_, err = n.certified.Holdings(b.Context(), "F0000000")
		require.NoError(b, err)
		fresh := time.Since(start)
		e := n.outside()
		change := crossholding.Stake{Holder: n.ID(n.Holder[e]), Issuer: n.ID(n.Issuer[e]),
			Shares: ratio.Number(fmt.Sprint(n.Shares[e] / 2))}
		for b.Loop() {
			o, err := n.ownership.WithChanges(b.Context(), change)
			require.NoError(b, err)
			_, err = held.Update(b.Context(), certified(b, o, crossholding.CertifiedOptions{}))
			require.NoError(b, err)
		}
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(fresh), "fresh-ratio")
	})
}

// BenchmarkStakeChanges halves one stake after another, each on the register as it is, and asks
// about the two parties that it touches: for all owners of the company to 12 places, the holder
// among them, and for all that the holder controls, the company or not. What the holder owns of
// companies further down is not asked for. The parts and factors that all changes share exist.
// s/10000 is the time of ten thousand changes in seconds, cpu-s/10000 that of the processors,
// and control-s/10000 the part of the latter for control.
func BenchmarkStakeChanges(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		votes, err := n.register.Tally(b.Context(), "", crossholding.VotingOptions{NoLaw: true})
		require.NoError(b, err)
		e, controlled := 0, 0
		next := func() int {
			e = (e + 7919*n.Stakes()/10_000 + 1) % n.Stakes()
			return e
		}
		for range 20 {
			n.changedOwners(b, next())
			n.changedControl(b, votes, e)
		}
		_, err = n.certified.Owners(b.Context(), n.ID(n.Core[0]))
		require.NoError(b, err)
		var whole, control time.Duration
		for b.Loop() {
			start := testkit.CPUTime()
			n.changedOwners(b, next())
			owned := testkit.CPUTime()
			if n.changedControl(b, votes, e) {
				controlled++
			}
			end := testkit.CPUTime()
			whole, control = whole+end-start, control+end-owned
		}
		per := 10_000 / float64(b.N)
		b.ReportMetric(b.Elapsed().Seconds()*per, "s/10000")
		b.ReportMetric(whole.Seconds()*per, "cpu-s/10000")
		b.ReportMetric(control.Seconds()*per, "control-s/10000")
		runtime.KeepAlive(controlled)
	})
}

// changedOwners halves stake e and asks for the owners of its company.
func (n *benchNetwork) changedOwners(b *testing.B, e int) {
	issuer := n.ID(n.Issuer[e])
	o, err := n.ownership.WithChanges(b.Context(), crossholding.Stake{Holder: n.ID(n.Holder[e]), Issuer: issuer,
		Shares: ratio.Number(fmt.Sprint(n.Shares[e] / 2))})
	require.NoError(b, err)
	_, err = certified(b, o, crossholding.CertifiedOptions{}).Owners(b.Context(), issuer)
	require.NoError(b, err)
}

// changedControl halves the votes of stake e, and reports whether its holder then controls the
// company.
func (n *benchNetwork) changedControl(b *testing.B, votes *crossholding.Tally, e int) bool {
	g := n.register.Graph()
	company, err := g.Node(n.ID(n.Issuer[e]))
	require.NoError(b, err)
	who, err := g.Node(n.ID(n.Holder[e]))
	require.NoError(b, err)
	changed, err := votes.With(map[int32]crossholding.Meeting{company: halved(votes, company, who)})
	require.NoError(b, err)
	group, err := changed.Group(b.Context(), crossholding.Rule{}, who)
	require.NoError(b, err)
	return group.Controls(company)
}

// halved returns the meeting of a company with half of the votes of one node.
func halved(t *crossholding.Tally, company, who int32) crossholding.Meeting {
	g := t.Graph()
	from, to := g.Stakes(company)
	m := crossholding.Meeting{Base: t.Base(company)}
	for e := from; e < to; e++ {
		voter, votes := t.Stake(e)
		if voter == who {
			votes = votes.Div(ratio.Int(2))
		}
		m.Voters, m.Votes = append(m.Voters, voter), append(m.Votes, votes)
	}
	return m
}

// outside returns a stake of the fund in a company that is not in the core.
func (n *benchNetwork) outside() int {
	core := make(map[int32]bool, len(n.Core))
	for _, c := range n.Core {
		core[c] = true
	}
	for e, h := range n.Holder {
		if n.ID(h) == "F0000000" && !core[n.Issuer[e]] && e > n.Stakes()/2 {
			return e
		}
	}
	return 0
}

package compliance_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// jointWorld is what several have together, in plain lists.
type jointWorld struct {
	stakes   []jointStake
	joint    map[string][]string
	concerts []jointConcert
	boards   []jointBoard
	facts    []crossholding.ControlFact
}

type jointStake struct {
	holder  string
	percent int
	issuer  string
}

type jointConcert struct {
	parties []string
	about   string // empty for all companies
}

type jointBoard struct {
	percent int
	issuer  string
	holders []string
}

// jointLines reads a world from lines: "a 30 z" is a stake, "j = a b" joint holders, "concert a c"
// and "concert a c / z" concerts, "board 60 z a b" a right of a and b to appoint 60% of z's board,
// and "a controls z" and "a appoints z" facts.
func jointLines(text string) *jointWorld {
	w := &jointWorld{joint: map[string][]string{}}
	for line := range strings.SplitSeq(text, ",") {
		f := strings.Fields(line)
		percent := func(s string) (n int) { _, _ = fmt.Sscan(s, &n); return n }
		switch {
		case f[0] == "concert":
			parties, about, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "concert"), "/")
			w.concerts = append(w.concerts, jointConcert{strings.Fields(parties), strings.TrimSpace(about)})
		case f[0] == "board":
			w.boards = append(w.boards, jointBoard{percent(f[1]), f[2], f[3:]})
		case f[1] == "=":
			w.joint[f[0]] = f[2:]
		case f[1] == "controls":
			w.facts = append(w.facts, crossholding.ControlFact{Controller: f[0], Company: f[2], By: crossholding.ControlByManagement})
		case f[1] == "appoints":
			w.facts = append(w.facts, crossholding.ControlFact{Controller: f[0], Company: f[2], By: crossholding.ControlByAppointment})
		default:
			w.stakes = append(w.stakes, jointStake{f[0], percent(f[1]), f[2]})
		}
	}
	return w
}

// companies returns the names of the companies, and those of everybody.
func (w *jointWorld) companies() (companies, all []string) {
	for _, s := range w.stakes {
		companies, all = append(companies, s.issuer), append(all, s.holder)
	}
	for _, b := range w.boards {
		companies, all = append(companies, b.issuer), append(all, b.holders...)
	}
	for _, f := range w.facts {
		companies, all = append(companies, f.Company), append(all, f.Controller)
	}
	for _, c := range w.concerts {
		if all = append(all, c.parties...); c.about != "" {
			companies = append(companies, c.about)
		}
	}
	for j, members := range w.joint {
		all = append(append(all, j), members...)
	}
	all = append(all, companies...)
	slices.Sort(companies)
	slices.Sort(all)
	return slices.Compact(companies), slices.Compact(all)
}

// book returns the world as a book, in which name gives each its name.
func (w *jointWorld) book(name func(string) string) crossholding.Book {
	names := func(list []string) (out []string) {
		for _, x := range list {
			out = append(out, name(x))
		}
		return out
	}
	var b crossholding.Book
	companies, all := w.companies()
	for _, x := range all {
		switch {
		case slices.Contains(companies, x):
			b.Companies = append(b.Companies, crossholding.Company{ID: name(x)})
		case w.joint[x] == nil:
			b.Parties = append(b.Parties, crossholding.Party{ID: name(x)})
		}
	}
	for j, members := range w.joint {
		b.Parties = append(b.Parties, crossholding.Party{ID: name(j), Kind: crossholding.KindJoint, Members: names(members)})
	}
	for _, s := range w.stakes {
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: name(s.holder), Issuer: name(s.issuer), Percent: ratio.Number(fmt.Sprint(s.percent))})
	}
	for i, c := range w.concerts {
		ag := crossholding.Agreement{ID: fmt.Sprintf("concert%d", i), Kind: crossholding.AgreementConcert, Holders: names(c.parties)}
		if c.about != "" {
			ag.Issuer = name(c.about)
		}
		b.Agreements = append(b.Agreements, ag)
	}
	for i, d := range w.boards {
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprintf("d%d", i+1), Kind: crossholding.AgreementDirectors, Issuer: name(d.issuer), Max: fmt.Sprint(d.percent, "%"), Holders: names(d.holders)})
	}
	for _, f := range w.facts {
		f.Controller, f.Company = name(f.Controller), name(f.Company)
		b.Controls = append(b.Controls, f)
	}
	return b
}

func itself(x string) string { return x }

// What several have together counts for blocked parties as the regimes say.
func TestSanctionsTogether(t *testing.T) {
	ofac, eu, uk := compliance.RegimeOFAC, compliance.RegimeEU, compliance.RegimeUK
	for _, c := range []struct {
		name, book, blocked string
		regimes             []string
		joint               compliance.JointReading
		want                string // the sentence about z
		owned               string // the companies that are blocked
	}{
		// Joint holders whose members are all blocked are blocked persons too.
		{"all members", "j = a b, j 60 z", "a b", []string{ofac, eu}, "", "z is owned by a with b: 60% of its shares (j 60%), where at least 50% is needed", "z"},
		{"some members", "j = a b, j 60 z", "a", []string{ofac, eu}, "", "z is not owned by blocked parties: they have nothing of it", ""},
		{"with a stake of its own", "j = a b, j 40 z, a 15 z", "a b", []string{ofac, eu}, "", "z is owned by a with b: 55% of its shares (a 15%, j 40%), where at least 50% is needed", "z"},
		{"the joint holders are listed", "j = a b, j 60 z", "j", []string{ofac, eu}, "", "z is owned by j: 60% of its shares (j 60%), where at least 50% is needed", "z"},
		{"a member that is owned", "j = a h, b 50 h, j 50 z", "a b", []string{ofac, eu}, "", "z is owned by a with b: 50% of its shares (j 50%), where at least 50% is needed", "h z"},
		{"joint holders control", "j = a b, j controls z", "a b", []string{eu}, "", "z is controlled by a with b: j controls z by fact (management)", "z"},
		{"one member, each", "j = a b, j 60 z", "a", []string{uk}, "", "z is owned by a with j: 60% of its shares (j 60%), where more than 50% is needed", "z"},

		// What joint holders control and appoint counts for each of their members in the UK.
		{"fact of joint holders", "j = a b, s 30 z, j controls h, h 60 z", "a", []string{uk}, "", "z is owned by a: 60% of its shares (h 60%), where more than 50% is needed", "h z"},
		{"board of joint holders", "j = a b, j 10 z, board 60 z j", "a", []string{uk}, "", "z is controlled by a with j: j appoints 60% of the board of z (d1)", "z"},
		{"board of joint holders, added up", "j = a b, board 30 z j, board 30 z a", "a", []string{uk}, "", "z is controlled by a: a and j appoint 60% of the board of z (d1, d2)", "z"},
		{"board of joint holders, of another member", "j = a b, board 30 z j, board 30 z b", "a", []string{uk}, "", "", ""},

		// A right that several have jointly counts for each (SI 2019/855, Sch. 1 para. 2).
		{"joint right", "x 10 z, board 60 z a b", "a", []string{uk}, "", "z is controlled by a: a and b appoint 60% of the board of z (d1)", "z"},
		{"joint right of two who are blocked", "x 10 z, board 60 z a b", "a b", []string{uk, eu}, "", "", "z"},
		{"joint right elsewhere", "x 10 z, board 60 z a b", "a", []string{ofac, eu}, "", "", ""},

		// Joint holders as parties to a joint arrangement, and beside one.
		{"concert of joint holders", "j = a b, j 30 z, c 30 z, concert j c", "a c", []string{uk}, "", "z is owned by a with c with j: 60% of its shares (c 30%, j 30%), where more than 50% is needed", "z"},
		{"concert of joint holders, all parties", "j = a b, j 30 z, c 30 z, concert j c / z", "a", []string{uk}, compliance.JointParties, "", "z"},
		{"concert of joint holders, for the partner", "j = a b, j 30 z, c 30 z, concert j c / z", "c", []string{uk}, compliance.JointParties, "", "z"},
		{"a partner's company", "p 60 k, k 30 z, q 30 z, concert p q / z", "q", []string{uk}, compliance.JointParties, "z is owned by k with q: 60% of its shares (k 30%, q 30%), where more than 50% is needed", "z"},
		{"a partner's company alone", "p 60 k, k 60 z, concert p q / z", "q", []string{uk}, compliance.JointParties, "", "z"},
		{"a partner's company that appoints", "x 5 k, board 60 k p, x 5 z, board 60 z k, concert p q / z", "q", []string{uk}, compliance.JointParties, "", "z"},
		{"half of a company is not a partner's", "p 50 k, k 30 z, q 30 z, concert p q / z", "q", []string{uk}, compliance.JointParties, "", ""},
		{"concert of joint holders, not blocked", "j = a b, j 30 z, c 30 z, concert j c / z", "c", []string{uk}, "", "", ""},
		{"concert of a member, for the partner", "j = a b, j 30 z, c 30 z, concert a c / z", "c", []string{uk}, compliance.JointParties, "", "z"},
		{"concert of a member, for the other member", "j = a b, j 30 z, c 30 z, concert a c / z", "b", []string{uk}, compliance.JointParties, "z is not owned by b with j: 30% of its shares (j 30%), where more than 50% is needed", ""},
		{"concerts are not chained", "a 20 z, b 20 z, c 20 z, concert a b / z, concert b c / z", "a", []string{uk}, compliance.JointParties, "z is not owned by a with b: 40% of its shares (a 20%, b 20%), where more than 50% is needed", ""},

		// A joint arrangement is about rights too (Sch. 1 para. 3).
		{"concert over rights", "x 10 z, board 30 z a, board 30 z b, concert a b / z", "a b", []string{uk}, "", "z is controlled by a: a and b appoint 60% of the board of z (d1, d2)", "z"},
		{"concert over rights, all parties", "x 10 z, board 30 z a, board 30 z b, concert a b / z", "a", []string{uk}, compliance.JointParties, "", "z"},
		{"concert over rights, not blocked", "x 10 z, board 30 z a, board 30 z b, concert a b / z", "a", []string{uk}, "", "", ""},
		{"concert elsewhere", "x 10 z, x 10 y, board 30 z a, board 30 z b, concert a b / y", "a b", []string{uk}, "", "", ""},
		{"rights without a concert", "x 10 z, board 30 z a, board 30 z b", "a b", []string{uk}, "", "", ""},
		{"added up by the regime", "x 10 z, board 30 z a, board 30 z b", "a b", []string{eu}, "", "z is controlled by a with b: a and b appoint 60% of the board of z (d1, d2)", "z"},
		{"concert over a holding with rights", "p 30 h, q 30 h, concert p q / h, board 60 z h", "p", []string{uk}, compliance.JointParties, "z is controlled by p: h appoints 60% of the board of z (d1)", "h z"},
		{"concert over other control", "x 10 z, b controls z, concert a b / z", "a", []string{uk}, compliance.JointParties, "", ""},
		{"concert over appointment", "x 10 z, b appoints z, concert a b / z", "a", []string{uk}, compliance.JointParties, "z is controlled by a: b controls z by fact (appointment)", "z"},
	} {
		for _, regime := range c.regimes {
			t.Run(c.name+" "+regime, func(t *testing.T) {
				a := booktest.New(t, jointLines(c.book).book(itself))
				opt := compliance.SanctionsOptions{Regime: regime, Joint: c.joint}
				r, err := compliance.Sanctions(t.Context(), a, strings.Fields(c.blocked), opt)
				require.NoError(t, err)
				require.Equal(t, c.owned, strings.Join(r.Blocked(), " "))
				z, err := r.Of("z")
				require.NoError(t, err)
				if c.want != "" {
					require.Equal(t, c.want, z.String())
				}
				bounds, err := compliance.BoundSanctions(t.Context(), a, strings.Fields(c.blocked), opt)
				require.NoError(t, err)
				require.Equal(t, r.Blocked(), bounds.Of(crossholding.CertaintyYes))
			})
		}
	}
}

// blockedBy returns the companies that are blocked, by the definition.
func (w *jointWorld) blockedBy(regime string, blocked []string, reading compliance.JointReading) []string {
	companies, _ := w.companies()
	each := regime == compliance.RegimeUK
	groups := [][]string{blocked}
	if each {
		groups = nil
		for _, x := range blocked {
			group := []string{x}
			for grown := true; grown; {
				grown = false
				for _, c := range w.concerts {
					for _, y := range c.parties {
						if c.about == "" && slices.Contains(blocked, y) && !slices.Contains(group, y) && slices.ContainsFunc(c.parties, func(z string) bool { return slices.Contains(group, z) }) {
							group, grown = append(group, y), true
						}
					}
				}
			}
			groups = append(groups, group)
		}
	}
	out := map[string]bool{}
	for _, group := range groups {
		in := map[string]bool{}
		for _, x := range group {
			in[x] = true
		}
		for grown := true; grown; {
			grown = false
			for j, members := range w.joint {
				if !each && !in[j] && !slices.ContainsFunc(members, func(m string) bool { return !in[m] }) {
					in[j], grown = true, true
				}
			}
			for _, z := range companies {
				if !in[z] && w.countsFor(regime, blocked, reading, in, z) {
					in[z], out[z], grown = true, true, true
				}
			}
		}
	}
	list := []string{}
	for _, z := range companies {
		if out[z] && !slices.Contains(blocked, z) {
			list = append(list, z)
		}
	}
	return list
}

// countsFor reports whether a company counts as blocked for a group.
func (w *jointWorld) countsFor(regime string, blocked []string, reading compliance.JointReading, in map[string]bool, z string) bool {
	each := regime == compliance.RegimeUK
	own := map[string]bool{}
	for x := range in {
		own[x] = true
	}
	isBlocked := func(x string) bool { return slices.Contains(blocked, x) }
	for j, members := range w.joint {
		if each && slices.ContainsFunc(members, func(m string) bool { return in[m] }) {
			own[j] = true
		}
	}
	all := map[string]bool{}
	for x := range own {
		all[x] = true
	}
	for _, c := range w.concerts {
		if !each || c.about != "" && c.about != z || !slices.ContainsFunc(c.parties, func(x string) bool { return own[x] }) {
			continue
		}
		for _, x := range c.parties {
			if reading != compliance.JointParties && !isBlocked(x) && !slices.ContainsFunc(w.joint[x], isBlocked) {
				continue
			}
			maps.Copy(all, w.through(x))
			for j, members := range w.joint {
				if slices.Contains(members, x) {
					all[j] = true
				}
			}
		}
	}
	delete(all, z)
	sum, board := 0, 0
	for _, s := range w.stakes {
		if s.issuer == z && all[s.holder] {
			sum += s.percent
		}
	}
	if sum > 50 || sum == 50 && regime != compliance.RegimeUK {
		return true
	}
	if regime == compliance.RegimeOFAC {
		return false
	}
	for _, f := range w.facts {
		if f.Company == z && (own[f.Controller] || all[f.Controller] && f.By == crossholding.ControlByAppointment) {
			return true
		}
	}
	for _, b := range w.boards {
		has := func(x string) bool { return all[x] }
		lacks := func(x string) bool { return !all[x] }
		if b.issuer == z && (each && slices.ContainsFunc(b.holders, has) || !each && !slices.ContainsFunc(b.holders, lacks)) {
			board += b.percent
		}
	}
	return board > 50
}

// through returns a party to a concert with the companies through which it holds: those of which it
// and these have a majority of the shares or of the seats of the board, or that they control by fact.
func (w *jointWorld) through(x string) map[string]bool {
	in := map[string]bool{x: true}
	companies, _ := w.companies()
	for grown := true; grown; {
		grown = false
		for _, z := range companies {
			shares, seats, fact := 0, 0, false
			for _, s := range w.stakes {
				if s.issuer == z && in[s.holder] {
					shares += s.percent
				}
			}
			for _, b := range w.boards {
				if b.issuer == z && !slices.ContainsFunc(b.holders, func(h string) bool { return !in[h] }) {
					seats += b.percent
				}
			}
			for _, f := range w.facts {
				fact = fact || f.Company == z && in[f.Controller]
			}
			if !in[z] && (shares > 50 || seats > 50 || fact) {
				in[z], grown = true, true
			}
		}
	}
	return in
}

// randomJointWorld draws companies A to D, parties p to s and the joint holders i and j.
func randomJointWorld(r *rand.Rand) *jointWorld {
	companies, parties := []string{"A", "B", "C", "D"}, []string{"p", "q", "r", "s"}
	w := &jointWorld{joint: map[string][]string{}}
	some := func(not string, n int) (out []string) {
		for range n {
			x := slices.Concat(companies, parties, parties, []string{"i", "j"})[r.IntN(14)]
			if x != not && !slices.Contains(out, x) && (x > "j" || x < "a" || w.joint[x] != nil) {
				out = append(out, x)
			}
		}
		return out
	}
	for _, j := range []string{"i", "j"} {
		if members := some("", 2+r.IntN(2)); len(members) > 1 && !slices.ContainsFunc(members, func(x string) bool { return w.joint[x] != nil }) {
			w.joint[j] = members
		}
	}
	for _, z := range companies {
		room := 100
		for _, x := range some(z, r.IntN(4)) {
			part := min(room, []int{10, 20, 30, 40, 50, 60}[r.IntN(6)])
			if room -= part; part > 0 {
				w.stakes = append(w.stakes, jointStake{x, part, z})
			}
		}
		room = 100
		for range r.IntN(3) {
			holders, part := some(z, 1+r.IntN(2)), min(room, []int{20, 30, 40, 50, 60}[r.IntN(5)])
			if room -= part; part > 0 && len(holders) > 0 {
				w.boards = append(w.boards, jointBoard{part, z, holders})
			}
		}
		if x := some(z, 1); r.IntN(5) == 0 && len(x) > 0 {
			by := []crossholding.ControlMeans{crossholding.ControlByManagement, crossholding.ControlByAppointment}[r.IntN(2)]
			w.facts = append(w.facts, crossholding.ControlFact{Controller: x[0], Company: z, By: by})
		}
	}
	for range r.IntN(3) {
		about := append(companies, "")[r.IntN(5)]
		if x := some(about, 2+r.IntN(2)); len(x) > 1 {
			w.concerts = append(w.concerts, jointConcert{x, about})
		}
	}
	return w
}

// Sanctions are what the definition says, whatever the names, and their bounds agree: in an exact
// book they are the same, and with bands they hold for each completion.
func TestSanctionsTogetherAgainstDefinition(t *testing.T) {
	found := 0
	for seed := range testkit.Cases(1500) {
		r := rand.New(rand.NewPCG(uint64(seed), 71))
		w := randomJointWorld(r)
		_, all := w.companies()
		if len(all) == 0 {
			continue
		}
		var blocked []string
		for range 1 + r.IntN(3) {
			blocked = append(blocked, all[r.IntN(len(all))])
		}
		slices.Sort(blocked)
		blocked = slices.Compact(blocked)
		order := r.Perm(len(all))
		turned := func(x string) string { i, _ := slices.BinarySearch(all, x); return fmt.Sprintf("n%02d", order[i]) }
		for _, name := range []func(string) string{itself, turned} {
			book := w.book(name)
			a := booktest.New(t, book)
			banded := w.book(name)
			for i := range banded.Stakes {
				if s := &banded.Stakes[i]; r.IntN(2) == 0 {
					s.Between, s.Percent = fmt.Sprintf("[%d%%,%d%%]", max(0, w.stakes[i].percent-r.IntN(30)), min(100, w.stakes[i].percent+r.IntN(30))), ""
				}
			}
			for _, regime := range []string{compliance.RegimeOFAC, compliance.RegimeEU, compliance.RegimeUK} {
				for _, reading := range []compliance.JointReading{compliance.JointBlocked, compliance.JointParties} {
					var ids, want []string
					for _, x := range blocked {
						ids = append(ids, name(x))
					}
					for _, x := range w.blockedBy(regime, blocked, reading) {
						want = append(want, name(x))
					}
					about := fmt.Sprintf("seed %d, %s, %q, %v: %+v", seed, regime, reading, ids, book)
					opt := compliance.SanctionsOptions{Regime: regime, Joint: reading}
					got, err := compliance.Sanctions(t.Context(), a, ids, opt)
					require.NoError(t, err)
					require.ElementsMatch(t, want, got.Blocked(), about)
					found += len(want)
					bounds, err := compliance.BoundSanctions(t.Context(), a, ids, opt)
					require.NoError(t, err)
					require.ElementsMatch(t, want, bounds.Of(crossholding.CertaintyYes), about)
					with, err := crossholding.New(banded)
					if err != nil {
						continue // the bands leave no room
					}
					bounds, err = compliance.BoundSanctions(t.Context(), with, ids, opt)
					require.NoError(t, err)
					for _, x := range bounds.Of(crossholding.CertaintyYes) {
						require.Contains(t, want, x, about)
					}
					for _, x := range bounds.Of(crossholding.CertaintyNo) {
						require.NotContains(t, want, x, "%s\n%+v", about, banded.Stakes)
					}
				}
			}
		}
	}
	require.Positive(t, found)
	t.Logf("%d companies that count as blocked", found)
}

// TestSanctionsBoundsWithContracts compares the bounds with the answers for a completion where
// agreements change votes.
func TestSanctionsBoundsWithContracts(t *testing.T) {
	found, sure := 0, 0
	for seed := range testkit.Cases(1500) {
		r := rand.New(rand.NewPCG(uint64(seed), 72))
		w := randomJointWorld(r)
		companies, all := w.companies()
		if len(all) < 3 || len(companies) == 0 {
			continue
		}
		any := func() string { return all[r.IntN(len(all))] }
		exact, banded := w.book(itself), w.book(itself)
		ag := crossholding.Agreement{ID: "vote", Kind: crossholding.AgreementFollow, Holders: []string{any()}, Leader: any(), Issuer: companies[r.IntN(len(companies))]}
		if r.IntN(2) == 0 {
			ag.Kind, ag.Leader, ag.Max = crossholding.AgreementCap, "", "20%"
		}
		exact.Agreements, banded.Agreements = append(exact.Agreements, ag), append(banded.Agreements, ag)
		for i := range banded.Stakes {
			if s := &banded.Stakes[i]; r.IntN(3) == 0 {
				s.Between, s.Percent = fmt.Sprintf("[%d%%,%d%%]", max(0, w.stakes[i].percent-r.IntN(30)), min(100, w.stakes[i].percent+r.IntN(30))), ""
			}
		}
		a, err := crossholding.New(exact)
		if err != nil {
			continue // the agreement makes no sense
		}
		with, err := crossholding.New(banded)
		if err != nil {
			continue // the bands leave no room
		}
		blocked := []string{any()}
		for _, regime := range []string{compliance.RegimeOFAC, compliance.RegimeEU, compliance.RegimeUK} {
			about := fmt.Sprintf("seed %d, %s, %v: %+v\n%+v", seed, regime, blocked, exact, banded.Stakes)
			opt := compliance.SanctionsOptions{Regime: regime}
			got, err := compliance.Sanctions(t.Context(), a, blocked, opt)
			require.NoError(t, err, about)
			bounds, err := compliance.BoundSanctions(t.Context(), with, blocked, opt)
			require.NoError(t, err, about)
			yes, depends := bounds.Of(crossholding.CertaintyYes), bounds.Of(crossholding.CertaintyDepends)
			for _, x := range got.Blocked() {
				require.Contains(t, slices.Concat(yes, depends), x, about)
				found++
			}
			for _, x := range yes {
				require.Contains(t, got.Blocked(), x, about)
				sure++
			}
		}
	}
	require.Positive(t, found)
	require.Positive(t, sure)
	t.Logf("%d companies that count as blocked, %d of them for certain", found, sure)
}

// TestSanctionsBoundsWithoutShares: companies without shares are blocked through facts, whatever
// agreements do to votes above them.
func TestSanctionsBoundsWithoutShares(t *testing.T) {
	for _, c := range []struct {
		stakes, facts, boards string
		agreement             crossholding.Agreement
		band                  crossholding.Stake
		blocked               []string
		answers               map[crossholding.Certainty][]string
	}{
		{"p1 5 c2", "c0 k0 management", "c0 30% c2", crossholding.Agreement{Kind: crossholding.AgreementCap, Issuer: "c2", Max: "20%"},
			crossholding.Stake{Holder: "k0", Issuer: "c3", Between: "[31%,45%]"}, []string{"c0", "p1"},
			map[crossholding.Certainty][]string{crossholding.CertaintyYes: {"k0"}, crossholding.CertaintyNo: {"c3"}, crossholding.CertaintyDepends: {"c2"}}},
		{"p 30 c, k 60 d", "c k management", "", crossholding.Agreement{Kind: crossholding.AgreementFollow, Holders: []string{"q"}, Leader: "p", Issuer: "c"},
			crossholding.Stake{Holder: "q", Issuer: "c", Between: "[10%,30%]"}, []string{"p"},
			map[crossholding.Certainty][]string{crossholding.CertaintyYes: {}, crossholding.CertaintyNo: {}, crossholding.CertaintyDepends: {"c", "d", "k"}}},
	} {
		b := linked(t, c.stakes, "", c.facts, "", c.boards, "k0 company, k company")
		known := func(id string) bool {
			return slices.ContainsFunc(b.Parties, func(p crossholding.Party) bool { return p.ID == id }) || slices.ContainsFunc(b.Companies, func(x crossholding.Company) bool { return x.ID == id })
		}
		if !known(c.band.Issuer) {
			b.Companies = append(b.Companies, crossholding.Company{ID: c.band.Issuer})
		}
		if !known(c.band.Holder) {
			b.Parties = append(b.Parties, crossholding.Party{ID: c.band.Holder})
		}
		c.agreement.ID = "agreed"
		b.Agreements, b.Stakes = append(b.Agreements, c.agreement), append(b.Stakes, c.band)
		bounds, err := compliance.BoundSanctions(t.Context(), booktest.New(t, b), c.blocked, compliance.SanctionsOptions{Regime: compliance.RegimeEU})
		require.NoError(t, err)
		for answer, want := range c.answers {
			require.Equal(t, want, bounds.Of(answer), answer)
		}
	}
}

// TestSanctionsOfIssuedShares: the United Kingdom counts shares of the issued share capital, in
// which treasury shares are, and the others count those outstanding.
func TestSanctionsOfIssuedShares(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "z", Shares: []crossholding.ShareClass{{Class: "np", Issued: "100", Treasury: "60", Votes: "0"}, {Issued: "1"}}}},
		Parties:   []crossholding.Party{{ID: "p"}}, Stakes: []crossholding.Stake{{Holder: "p", Issuer: "z", Class: "np", Shares: "24"}},
	}
	for regime, want := range map[string]string{
		compliance.RegimeUK:   "z is not owned by p: 23.76% of its shares (p 23.76%), where more than 50% is needed",
		compliance.RegimeOFAC: "z is owned by p: 58.54% of its shares (p 58.54%), where at least 50% is needed",
	} {
		a := booktest.New(t, b)
		r, err := compliance.Sanctions(t.Context(), a, []string{"p"}, compliance.SanctionsOptions{Regime: regime})
		require.NoError(t, err)
		c, err := r.Of("z")
		require.NoError(t, err)
		require.Equal(t, want, c.String())
	}
}

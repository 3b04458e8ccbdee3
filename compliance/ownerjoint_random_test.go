package compliance_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
)

// randomJointBook returns a small book with joint holders, facts of control and agreements on
// boards, and with concerts if asked for.
func randomJointBook(r *rand.Rand, concerts bool) crossholding.Book {
	companies, persons := []string{"c0", "c1", "c2", "c3"}, []string{"p0", "p1", "p2", "p3"}
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "k0"}},
		Parties: []crossholding.Party{{ID: "t0", Kind: crossholding.KindTrust}}}
	holders := slices.Concat(companies, persons, []string{"k0", "t0"})
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	for _, id := range companies {
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "100", Treasury: booktest.Number(r.IntN(2) * 4)}}})
	}
	for _, id := range persons {
		b.Parties = append(b.Parties, crossholding.Party{ID: id})
	}
	for i := range 1 + r.IntN(3) {
		j := crossholding.Party{ID: fmt.Sprint("j", i), Kind: crossholding.KindJoint}
		for len(j.Members) < 2+r.IntN(2) {
			if m := pick(holders); !slices.Contains(j.Members, m) {
				j.Members = append(j.Members, m)
			}
		}
		b.Parties = append(b.Parties, j)
	}
	for i := range b.Parties {
		if b.Parties[i].Kind == crossholding.KindJoint {
			holders = append(holders, b.Parties[i].ID)
		}
	}
	for _, id := range companies {
		left := 96
		for range 1 + r.IntN(4) {
			h, n := pick(holders), 1+r.IntN(70)
			known := slices.ContainsFunc(b.Stakes, func(s crossholding.Stake) bool { return s.Holder == h && s.Issuer == id })
			if n = min(n, left); h == id || n == 0 || known {
				continue
			}
			left -= n
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: h, Issuer: id, Shares: booktest.Number(n)})
		}
	}
	over := append([]string{"k0", "t0"}, companies...)
	for i := range r.IntN(4) {
		h, c := pick(holders), pick(over)
		if h != c {
			by := []crossholding.ControlMeans{crossholding.ControlByManagement, crossholding.ControlByAppointment}[r.IntN(2)]
			b.Controls = append(b.Controls, crossholding.ControlFact{Controller: h, Company: c, By: by, Source: fmt.Sprint(i)})
		}
	}
	for _, id := range append([]string{"k0"}, companies...) {
		two := slices.Compact(slices.Sorted(slices.Values([]string{pick(holders), pick(holders)})))
		if r.IntN(3) == 0 && !slices.Contains(two, id) {
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "seats " + id, Kind: crossholding.AgreementDirectors, Holders: two, Issuer: id, Max: "60%"})
		}
	}
	if !concerts {
		return b
	}
	for i := range 1 + r.IntN(2) {
		if two := slices.Compact(slices.Sorted(slices.Values([]string{pick(holders), pick(holders)}))); len(two) == 2 {
			about := []string{"", pick(companies)}[r.IntN(2)]
			if !slices.Contains(two, about) {
				b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("pact", i), Kind: crossholding.AgreementConcert, Holders: two, Issuer: about})
			}
		}
	}
	for i := range r.IntN(3) {
		if h := pick(holders); h != "c0" {
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("some", i), Kind: crossholding.AgreementDirectors, Holders: []string{h}, Issuer: "c0", Max: "30%"})
		}
	}
	return b
}

// circleOf returns what counts for a party, by repeated counting: itself, the joint holders of
// which something that counts is a member, and what these control by votes or by a part of a
// fact. A part of a fact about the company itself does not count here.
func circleOf(b crossholding.Book, x, company string) map[string]bool {
	in := map[string]bool{x: true}
	has := func(id string) bool { return in[id] }
	for size := 0; size < len(in); {
		size = len(in)
		for _, p := range b.Parties {
			if slices.ContainsFunc(p.Members, has) {
				in[p.ID] = true
			}
		}
		for _, f := range b.Controls {
			in[f.Company] = in[f.Company] || in[f.Controller]
		}
		for _, ag := range b.Agreements {
			missing := func(id string) bool { return !in[id] }
			some, all := slices.ContainsFunc(ag.Holders, has), !slices.ContainsFunc(ag.Holders, missing)
			if ag.Kind == crossholding.AgreementDirectors && (all || some && ag.Issuer != company) {
				in[ag.Issuer] = true
			}
		}
		for _, c := range b.Companies {
			if len(c.Shares) == 0 {
				continue
			}
			if sum, out := heldIn(b, in, c.ID); 2*sum > 100-out {
				in[c.ID] = true
			}
		}
		for id, is := range in {
			if !is {
				delete(in, id)
			}
		}
	}
	return in
}

// heldIn returns how many of a company's 100 shares some parties have, and how many are in
// treasury.
func heldIn(b crossholding.Book, in map[string]bool, company string) (sum, treasury int64) {
	for _, s := range b.Stakes {
		if in[s.Holder] && s.Issuer == company {
			n, _ := new(big.Int).SetString(string(s.Shares), 10)
			sum += n.Int64()
		}
	}
	for _, c := range b.Companies {
		if c.ID == company && len(c.Shares) > 0 {
			n, _ := new(big.Int).SetString(string(c.Shares[0].Treasury), 10)
			treasury = n.Int64()
		}
	}
	return sum, treasury
}

// Persons with significant control are found by repeated counting.
func TestRightsHeldJointlyAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range testkit.Cases(600) {
		b := randomJointBook(r, false)
		for _, company := range []string{"c0", "k0"} {
			want := []string{}
			for _, p := range b.Parties {
				if p.Kind != "" {
					continue
				}
				in := circleOf(b, p.ID, company)
				sum, out := heldIn(b, in, company)
				is := 4*sum > 100 || 4*sum > 100-out && company == "c0"
				for _, f := range b.Controls {
					is = is || f.Company == company && in[f.Controller]
				}
				for _, ag := range b.Agreements {
					is = is || ag.Issuer == company && slices.ContainsFunc(ag.Holders, func(id string) bool { return in[id] })
				}
				if is {
					want = append(want, p.ID)
				}
			}
			got, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), company, compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
			require.NoError(t, err)
			require.Equal(t, want, beneficialIDs(got.Owners), "%s of %+v", company, b)
		}
	}
}

// ownerReadings are all built-in readings.
var ownerReadings = []compliance.BeneficialOwnerReading{compliance.ReadingAMLR, compliance.ReadingProduct, compliance.ReadingControl, compliance.ReadingDirective, compliance.ReadingPSC}

// everyTest is a rule with all tests and with joint interests.
func everyTest() *compliance.BeneficialOwnerRule {
	rules := compliance.BeneficialOwnerRules()
	rule := rules[0]
	rule.Tests = append(rule.Tests, compliance.OwnerLimb{Test: compliance.TestDirectInterest}, compliance.OwnerLimb{Test: compliance.TestJointInterest})
	rule.JointInterests, rule.Treasury = true, true
	return &rule
}

// renamed returns the book with ids in another order, and the names that ids had.
func renamed(r *rand.Rand, b crossholding.Book) (crossholding.Book, func(id string) string) {
	var ids []string
	for _, c := range b.Companies {
		ids = append(ids, c.ID)
	}
	for _, p := range b.Parties {
		ids = append(ids, p.ID)
	}
	to, from := map[string]string{}, map[string]string{}
	for i, k := range r.Perm(len(ids)) {
		name := fmt.Sprintf("n%02d", k)
		to[ids[i]], from[name] = name, ids[i]
	}
	all := func(list []string) []string {
		out := make([]string, len(list))
		for i, id := range list {
			out[i] = to[id]
		}
		return out
	}
	out := crossholding.Book{}
	for _, c := range b.Companies {
		c.ID = to[c.ID]
		out.Companies = append(out.Companies, c)
	}
	for _, p := range b.Parties {
		p.ID, p.Members = to[p.ID], all(p.Members)
		out.Parties = append(out.Parties, p)
	}
	for _, s := range b.Stakes {
		s.Holder, s.Issuer = to[s.Holder], to[s.Issuer]
		out.Stakes = append(out.Stakes, s)
	}
	for _, f := range b.Controls {
		f.Controller, f.Company = to[f.Controller], to[f.Company]
		out.Controls = append(out.Controls, f)
	}
	for _, ag := range b.Agreements {
		ag.Holders, ag.Issuer = all(ag.Holders), to[ag.Issuer]
		out.Agreements = append(out.Agreements, ag)
	}
	return out, func(id string) string {
		if name, isFloat := strings.CutPrefix(id, "float:"); isFloat {
			return crossholding.FloatOf(from[name])
		}
		return from[id]
	}
}

// summary returns what a report says, without its order, and without facts: of several that prove
// the same, the first by name is shown.
func summary(rep compliance.BeneficialOwnersReport, name func(id string) string) []string {
	var out []string
	for _, o := range slices.Concat(rep.Owners, rep.Unresolved) {
		o = o.WithNames(name)
		slices.Sort(o.Joint)
		var grounds []string
		for _, g := range o.Grounds {
			slices.Sort(g.Through)
			grounds = append(grounds, fmt.Sprint(g.Test, g.Basis, g.Fraction, g.Through))
		}
		slices.Sort(grounds)
		out = append(out, fmt.Sprint(o.ID, o.Shares, o.Votes, o.Profits, o.Joint, grounds))
	}
	for _, ring := range rep.Closed {
		slices.Sort(ring.Companies)
		out = append(out, fmt.Sprint(ring.WithNames(name)))
	}
	slices.Sort(out)
	return out
}

// Other names change nothing, and neither does a closed ring that has nothing of the company.
func TestOwnersOfRenamedBooks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 12))
	same := func(id string) string { return id }
	for range testkit.Cases(150) {
		b := randomJointBook(r, true)
		other, name := renamed(r, b)
		with := b
		with.Companies = append(slices.Clone(b.Companies), crossholding.Company{ID: "r1"}, crossholding.Company{ID: "r2"})
		with.Stakes = append(slices.Clone(b.Stakes), crossholding.Stake{Holder: "r1", Issuer: "r2", Percent: "100"}, crossholding.Stake{Holder: "r2", Issuer: "r1", Percent: "100"})
		opts := []compliance.BeneficialOwnerOptions{{Rule: everyTest()}}
		for _, reading := range ownerReadings {
			opts = append(opts, compliance.BeneficialOwnerOptions{Reading: reading})
		}
		for _, opt := range opts {
			first, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "c0", opt)
			if err != nil {
				require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
				continue
			}
			second, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, with), "c0", opt)
			require.NoError(t, err)
			require.Equal(t, summary(first, same), summary(second, same))

			a := booktest.New(t, other)
			var company string
			for _, c := range other.Companies {
				if name(c.ID) == "c0" {
					company = c.ID
				}
			}
			third, err := compliance.BeneficialOwners(t.Context(), a, company, opt)
			require.NoError(t, err)
			require.Equal(t, summary(first, same), summary(third, name), "%+v", b)
		}
	}
}

// Each member of joint holders has what it would have if it held alone what they hold.
func TestMembersHoldWhatJointHoldersDo(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 12))
	for range testkit.Cases(300) {
		b := randomJointBook(r, true)
		opt := compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC}
		got, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "c0", opt)
		require.NoError(t, err)
		for _, p := range b.Parties {
			if p.Kind != "" {
				continue
			}
			alone, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, heldAlone(b, p.ID)), "c0", opt)
			require.NoError(t, err)
			of := func(rep compliance.BeneficialOwnersReport) (out []string) {
				for _, o := range slices.Concat(rep.Owners, rep.Unresolved) {
					if o.ID != p.ID {
						continue
					}
					for _, g := range o.Grounds {
						out = append(out, fmt.Sprint(g.Test, g.Basis, g.Fraction, g.Through))
					}
				}
				slices.Sort(out)
				return slices.Compact(out)
			}
			require.Equal(t, of(alone), of(got), "%s in %+v", p.ID, b)
		}
	}
}

// heldAlone returns the book in which a party has what the joint holders have of which it is one.
func heldAlone(b crossholding.Book, member string) crossholding.Book {
	for _, j := range b.Parties {
		if !slices.Contains(j.Members, member) {
			continue
		}
		out := b
		out.Stakes, out.Controls, out.Agreements = nil, nil, nil
		for _, s := range b.Stakes {
			if s.Holder == j.ID {
				s.Holder, s.Beneficiary, s.Voter = "custodian "+j.ID, member, member
				out.Parties = append(slices.Clone(out.Parties), crossholding.Party{ID: s.Holder})
			}
			out.Stakes = append(out.Stakes, s)
		}
		for _, f := range b.Controls {
			if f.Controller == j.ID {
				f.Controller = member
			}
			out.Controls = append(out.Controls, f)
		}
		for _, ag := range b.Agreements {
			ag.Holders = slices.Clone(ag.Holders)
			for i, id := range ag.Holders {
				if id == j.ID {
					ag.Holders[i] = member
				}
			}
			slices.Sort(ag.Holders)
			ag.Holders = slices.Compact(ag.Holders)
			if len(ag.Holders) > 1 || ag.Kind == crossholding.AgreementDirectors {
				out.Agreements = append(out.Agreements, ag)
			}
		}
		out.Parties = slices.Clone(out.Parties)
		seen := map[string]bool{}
		out.Parties = slices.DeleteFunc(out.Parties, func(p crossholding.Party) bool {
			again := seen[p.ID]
			seen[p.ID] = true
			return again || p.ID == j.ID
		})
		b = out
	}
	return b
}

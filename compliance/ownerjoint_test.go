package compliance_test

import (
	"context"
	"fmt"
	"log"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// linked returns a book of stakes ("a 60 y"), of joint holders ("j a b"), of facts ("a h
// management"), of concerts ("a c", or "a c about y") and of rights to appoint directors ("a 30%
// y"). Those who issue no shares are persons, or of the kinds given ("h company").
func linked(t *testing.T, stakes, joint, facts, concerts, boards, kinds string) crossholding.Book {
	t.Helper()
	list := func(s string) []string {
		return slices.DeleteFunc(strings.Split(s, ", "), func(s string) bool { return s == "" })
	}
	b := booktest.Book(t, list(stakes)...)
	party := func(p crossholding.Party) {
		if slices.ContainsFunc(b.Companies, func(c crossholding.Company) bool { return c.ID == p.ID }) {
			return
		}
		i := slices.IndexFunc(b.Parties, func(q crossholding.Party) bool { return q.ID == p.ID })
		switch {
		case i < 0:
			b.Parties = append(b.Parties, p)
		case p.Kind != "":
			b.Parties[i] = p
		}
	}
	for _, s := range list(joint) {
		ids := strings.Fields(s)
		party(crossholding.Party{ID: ids[0], Kind: crossholding.KindJoint, Members: ids[1:]})
		for _, id := range ids[1:] {
			party(crossholding.Party{ID: id})
		}
	}
	for _, s := range list(kinds) {
		id, kind, _ := strings.Cut(s, " ")
		party(crossholding.Party{ID: id, Kind: crossholding.PartyKind(kind)})
	}
	for _, s := range list(facts) {
		f := strings.Fields(s)
		party(crossholding.Party{ID: f[0]})
		b.Controls = append(b.Controls, crossholding.ControlFact{Controller: f[0], Company: f[1], By: crossholding.ControlMeans(f[2])})
	}
	for i, s := range list(concerts) {
		who, about, _ := strings.Cut(s, " about ")
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("pact", i), Kind: crossholding.AgreementConcert, Holders: strings.Fields(who), Issuer: about})
		for _, id := range strings.Fields(who) {
			party(crossholding.Party{ID: id})
		}
	}
	for i, s := range list(boards) {
		f := strings.Fields(s)
		n := len(f)
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("seats", i), Kind: crossholding.AgreementDirectors, Holders: f[:n-2], Max: f[n-2], Issuer: f[n-1]})
		for _, id := range f[:n-2] {
			party(crossholding.Party{ID: id})
		}
	}
	return b
}

// grounds returns who meets a test of a rule, each with its first ground, and what it says of who
// holds jointly. It requires the same answer with bounds.
func grounds(t *testing.T, b crossholding.Book, company string, opt compliance.BeneficialOwnerOptions) map[string]string {
	t.Helper()
	a := booktest.New(t, b)
	r, err := compliance.BeneficialOwners(t.Context(), a, company, opt)
	require.NoError(t, err)
	bound, err := compliance.BoundBeneficialOwners(t.Context(), a, company, opt)
	require.NoError(t, err)
	require.Equal(t, len(r.Owners), len(bound.Owners))
	out := map[string]string{}
	for i, o := range r.Owners {
		require.Equal(t, o.ID, bound.Owners[i].ID)
		require.Equal(t, o.Joint, bound.Owners[i].Joint)
		text := o.Grounds[0].Because()
		if len(o.Joint) > 0 {
			text += " [" + strings.Join(o.Joint, " ") + "]"
		}
		out[o.ID] = text
	}
	return out
}

// TestRightsHeldJointly holds Companies Act 2006, Schedule 1A, paragraphs 11 and 12: a share or
// right that several hold jointly counts for each of them, and what is the subject of a joint
// arrangement for each party to it.
func TestRightsHeldJointly(t *testing.T) {
	for _, c := range []struct {
		name                                          string
		stakes, joint, facts, concerts, boards, kinds string
		want                                          map[string]string
	}{
		{"joint holders control a company that holds", "s 100 h, h 30 y", "j a b", "j h management", "", "", "",
			map[string]string{
				"a": "controls companies that, with its own stake, hold 30% of the shares directly through h, more than 25% [j]",
				"b": "controls companies that, with its own stake, hold 30% of the shares directly through h, more than 25% [j]",
				"s": "controls companies that, with its own stake, hold 30% of the shares directly through h, more than 25%",
			}},
		{"joint holders control the company", "s 10 y", "j a b", "j y management", "", "", "",
			map[string]string{"a": "controls it by other means: j controls y by fact (management) [j]", "b": "controls it by other means: j controls y by fact (management) [j]"}},
		{"joint holders appoint the board with another", "j 10 y, s 5 y", "j a b", "", "", "j z 60% y", "",
			map[string]string{"a": "appoints 60% of its board (seats0) [j]", "b": "appoints 60% of its board (seats0) [j]", "z": "appoints 60% of its board (seats0)"}},
		{"a board above that several appoint", "s 10 h, h 30 y", "", "", "", "a b 60% h", "",
			map[string]string{
				"a": "controls companies that, with its own stake, hold 30% of the shares directly through h, more than 25%",
				"b": "controls companies that, with its own stake, hold 30% of the shares directly through h, more than 25%",
			}},
		{"half of a board above", "s 10 h, h 30 y", "", "", "", "a b 50% h", "", map[string]string{}},
		{"who controls a member by fact", "j 60 y", "j h b", "a h contractual", "", "", "h company",
			map[string]string{
				"a": "holds 60% of the shares directly, more than 25% [j]",
				"b": "holds 60% of the shares directly, more than 25% [j]",
			}},
		{"who controls a trust that is a member", "j 60 y", "j h b", "a h trust", "", "", "h trust",
			map[string]string{
				"a": "holds 60% of the shares directly, more than 25% [j]",
				"b": "holds 60% of the shares directly, more than 25% [j]",
			}},
		{"who controls a trust", "h 60 y", "", "a h trust", "", "", "h trust",
			map[string]string{"a": "controls companies that, with its own stake, hold 60% of the shares directly through h, more than 25%"}},
		{"a company that has a member", "p 60 g, g 60 h, j 60 y", "j h b", "", "", "", "",
			map[string]string{
				"b": "holds 60% of the shares directly, more than 25% [j]",
				"p": "holds 60% of the shares directly, more than 25% [j]",
			}},
		{"joint holders of a member of joint holders", "k 60 h, j 60 y", "j h b, k p q", "", "", "", "",
			map[string]string{
				"b": "holds 60% of the shares directly, more than 25% [j]",
				"p": "holds 60% of the shares directly, more than 25% [j k]",
				"q": "holds 60% of the shares directly, more than 25% [j k]",
			}},
		{"an arrangement with joint holders", "j 20 y, c 20 y", "j a b", "", "j c about y", "", "",
			map[string]string{
				"a": "has 40% of the shares together with its partners (pact0), more than 25% [j]",
				"b": "has 40% of the shares together with its partners (pact0), more than 25% [j]",
				"c": "has 40% of the shares together with its partners (pact0), more than 25%",
			}},
		{"an arrangement with one of them", "j 20 y, c 20 y", "j a b", "", "a c about y", "", "",
			map[string]string{
				"a": "has 40% of the shares together with its partners (pact0), more than 25% [j]",
				"c": "has 40% of the shares together with its partners (pact0), more than 25%",
			}},
		{"an arrangement about all companies with one of them", "j 20 y, c 20 y", "j a b", "", "a c", "", "",
			map[string]string{
				"a": "has 40% of the shares together with its partners (pact0), more than 25% [j]",
				"c": "has 40% of the shares together with its partners (pact0), more than 25%",
			}},
		{"an arrangement with joint holders and what one has alone", "j 20 y, a 4 y, c 5 y", "j a b", "", "j c about y", "", "",
			map[string]string{"a": "has 29% of the shares together with its partners (pact0), more than 25% [j]"}},
		{"an arrangement about rights", "s 1 y", "", "", "a b about y", "a 30% y, b 30% y", "",
			map[string]string{
				"a": "has 60% of the board together with its partners (pact0), more than 50%",
				"b": "has 60% of the board together with its partners (pact0), more than 50%",
			}},
		{"an arrangement about rights and all companies", "s 1 y", "", "", "a b", "a 30% y, b 30% y", "",
			map[string]string{
				"a": "has 60% of the board together with its partners (pact0), more than 50%",
				"b": "has 60% of the board together with its partners (pact0), more than 50%",
			}},
		{"an arrangement about half of the board", "s 1 y", "", "", "a b about y", "a 30% y, b 20% y", "", map[string]string{}},
		{"rights without an arrangement", "s 1 y", "", "", "", "a 30% y, b 30% y", "", map[string]string{}},
		{"rights of joint holders in an arrangement", "s 1 y", "j a b", "", "a c about y", "j 30% y, c 30% y", "",
			map[string]string{
				"a": "has 60% of the board together with its partners (pact0), more than 50% [j]",
				"c": "has 60% of the board together with its partners (pact0), more than 50%",
			}},
		{"a partner appoints the board by a fact", "s 1 y", "", "a y appointment", "a b about y", "", "",
			map[string]string{
				"a": "has the right to appoint its board: a controls y by fact (appointment)",
				"b": "has the right to appoint its board together with its partners (pact0): a controls y by fact (appointment)",
			}},
		{"a majority with partners in a company that appoints", "p 30 h, q 30 h, s 1 y", "", "", "p q about h", "h 60% y", "",
			map[string]string{
				"p": "has 60% of the board together with its partners (pact0) through h, more than 50%",
				"q": "has 60% of the board together with its partners (pact0) through h, more than 50%",
			}},
		{"a majority with partners everywhere in a company that appoints", "p 30 h, q 30 h, s 1 y", "", "", "p q", "h 60% y", "",
			map[string]string{
				"p": "has 60% of the board together with its partners (pact0) through h, more than 50%",
				"q": "has 60% of the board together with its partners (pact0) through h, more than 50%",
			}},
		{"a majority with partners in a company that has influence", "p 30 h, q 30 h, s 1 y", "", "h y management", "p q about h", "", "",
			map[string]string{
				"p": "controls it by other means together with its partners (pact0) through h: h controls y by fact (management)",
				"q": "controls it by other means together with its partners (pact0) through h: h controls y by fact (management)",
			}},
		{"a board above with partners", "s 1 h, h 30 y", "", "", "p q about h", "p 30% h, q 30% h", "",
			map[string]string{
				"p": "has 30% of the shares together with its partners (pact0) through h, more than 25%",
				"q": "has 30% of the shares together with its partners (pact0) through h, more than 25%",
			}},
		{"a board above with partners everywhere", "s 1 h, h 30 y", "", "", "p q", "p 30% h, q 30% h", "",
			map[string]string{
				"p": "has 30% of the shares together with its partners (pact0) through h, more than 25%",
				"q": "has 30% of the shares together with its partners (pact0) through h, more than 25%",
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := linked(t, c.stakes, c.joint, c.facts, c.concerts, c.boards, c.kinds)
			require.Equal(t, c.want, grounds(t, b, "y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC}))
		})
	}
}

// A book with one band more, of a holder who is nowhere else, has the same answers.
func TestRightsHeldJointlyOfBands(t *testing.T) {
	for _, c := range []struct {
		name                                          string
		stakes, joint, facts, concerts, boards, kinds string
		want                                          []string
	}{
		{"joint holders control a company that holds", "s 100 h, h 30 y", "j a b", "j h management", "", "", "", []string{"a", "b", "s"}},
		{"who controls a member by fact", "j 60 y", "j h b", "a h contractual", "", "", "h company", []string{"a", "b"}},
		{"a company that has a member", "p 60 g, g 60 h, j 60 y", "j h b", "", "", "", "", []string{"b", "p"}},
		{"an arrangement with one of them", "j 20 y, c 20 y", "j a b", "", "a c about y", "", "", []string{"a", "c"}},
		{"an arrangement about rights", "s 1 y", "", "", "a b about y", "a 30% y, b 30% y", "", []string{"a", "b"}},
		{"a majority with partners in a company that appoints", "p 30 h, q 30 h, s 1 y", "", "", "p q about h", "h 60% y", "", []string{"p", "q"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := linked(t, c.stakes, c.joint, c.facts, c.concerts, c.boards, c.kinds)
			opt := compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC}
			plain := booktest.New(t, b)
			b.Parties = append(b.Parties, crossholding.Party{ID: "w"})
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "w", Issuer: "y", Between: "(0%,2%]"})
			got, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), "y", opt)
			require.NoError(t, err)
			exact, err := compliance.BeneficialOwners(t.Context(), plain, "y", opt)
			require.NoError(t, err)
			var ids []string
			for i, o := range got.Owners {
				require.Equal(t, crossholding.CertaintyYes, o.Answer, o.ID)
				require.Equal(t, exact.Owners[i].Joint, o.Joint)
				booktest.RequireRatio(t, exact.Owners[i].Shares.String(), o.Shares.Lo, o.ID)
				booktest.RequireRatio(t, exact.Owners[i].Shares.String(), o.Shares.Hi, o.ID)
				ids = append(ids, o.ID)
			}
			require.Equal(t, c.want, ids)
		})
	}
}

// Treasury shares are issued shares, but have no votes: 26 of 100 shares of which 10 are in
// treasury are 26% of the shares and 26/90 of the votes.
func TestBaseOfShares(t *testing.T) {
	for _, c := range []struct {
		shares, treasury string
		noVotes          bool
		psc, directive   map[string]string
	}{
		{"24", "10", true, map[string]string{}, map[string]string{"p": "holds 26.67% of the shares directly, more than 25%"}},
		{"24", "10", false, map[string]string{"p": "holds 26.67% of the votes directly, more than 25%"}, map[string]string{"p": "holds 26.67% of the shares directly, more than 25%"}},
		{"26", "10", true, map[string]string{"p": "holds 26% of the shares directly, more than 25%"}, map[string]string{"p": "holds 28.89% of the shares directly, more than 25%"}},
		{"25", "0", true, map[string]string{}, map[string]string{}},
	} {
		votes := ratio.Number("1")
		if c.noVotes {
			votes = "0"
		}
		b := crossholding.Book{
			Companies: []crossholding.Company{{ID: "y", Shares: []crossholding.ShareClass{
				{Class: "a", Issued: "100", Treasury: ratio.Number(c.treasury), Votes: votes, Dividend: "0"}, {Class: "v", Issued: "0", Votes: "1"}}}},
			Parties: []crossholding.Party{{ID: "p"}},
			Stakes:  []crossholding.Stake{{Holder: "p", Issuer: "y", Class: "a", Shares: ratio.Number(c.shares)}},
		}
		require.Equal(t, c.psc, grounds(t, b, "y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC}), c)
		require.Equal(t, c.directive, grounds(t, b, "y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingDirective}), c)
		issued := ruled(t, compliance.ReadingDirective, func(r *compliance.BeneficialOwnerRule) {
			r.Treasury, r.Bases = true, []compliance.Basis{compliance.BasisShares}
		})
		r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "y", issued)
		require.NoError(t, err)
		require.Equal(t, c.shares == "26", len(r.Owners) == 1, "as data")
		for _, o := range r.Owners {
			require.Equal(t, "0.26", o.Shares.String())
		}
	}
}

// The bounds of a share have the same base.
func TestBaseOfSharesOfBands(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "y", Shares: []crossholding.ShareClass{{Issued: "100", Treasury: "10", Votes: "0"}}}},
		Parties:   []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "y", Shares: "24"}, {Holder: "q", Issuer: "y", Between: "[26%,30%]"}},
	}
	r, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), "y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"q": "q is a beneficial owner"}, boundAnswers(r.Owners))
	booktest.RequireRatio(t, "0.26", r.Owners[0].Shares.Lo)
	booktest.RequireRatio(t, "0.3", r.Owners[0].Shares.Hi)
}

// A company of which the book knows no shares has owners by facts, rights and concerts.
func TestOwnersWithoutShares(t *testing.T) {
	psc, amlr, directive := compliance.ReadingPSC, compliance.ReadingAMLR, compliance.ReadingDirective
	all := []compliance.BeneficialOwnerReading{psc, amlr, directive}
	for _, c := range []struct {
		name                                   string
		stakes, joint, facts, concerts, boards string
		readings                               []compliance.BeneficialOwnerReading
		want                                   map[string]string
	}{
		{"influence", "s 1 z", "", "a y management", "", "", all, map[string]string{"a": "controls it by other means: a controls y by fact (management)"}},
		{"board", "s 1 z", "", "", "", "a 60% y", all, map[string]string{"a": "appoints 60% of its board (seats0)"}},
		{"half of the board", "s 1 z", "", "", "", "a 50% y", all, map[string]string{}},
		{"through a company", "a 60 h", "", "h y appointment", "", "", all, map[string]string{"a": "has the right to appoint its board through h: h controls y by fact (appointment)"}},
		{"together", "s 1 z", "", "", "a b about y", "a 30% y, b 30% y", []compliance.BeneficialOwnerReading{psc}, map[string]string{
			"a": "has 60% of the board together with its partners (pact0), more than 50%",
			"b": "has 60% of the board together with its partners (pact0), more than 50%"}},
		{"jointly", "s 1 z", "j a b", "j y management", "", "", []compliance.BeneficialOwnerReading{psc}, map[string]string{
			"a": "controls it by other means: j controls y by fact (management) [j]",
			"b": "controls it by other means: j controls y by fact (management) [j]"}},
		{"by nobody", "s 1 z", "", "", "", "", all, map[string]string{}},
		{"an agreement of nobody with something", "s 1 z", "", "", "a b about y", "", all, map[string]string{}},
	} {
		for _, kind := range []string{"company", "trust", "fund"} {
			if kind != "company" && (c.boards+c.concerts) != "" {
				continue // these are about companies
			}
			for _, reading := range c.readings {
				t.Run(fmt.Sprint(c.name, kind, reading), func(t *testing.T) {
					b := linked(t, c.stakes, c.joint, c.facts, c.concerts, c.boards, "y "+kind)
					if kind == "company" {
						b.Parties = slices.DeleteFunc(b.Parties, func(p crossholding.Party) bool { return p.ID == "y" })
						b.Companies = append(b.Companies, crossholding.Company{ID: "y"})
					}
					opt := compliance.BeneficialOwnerOptions{Reading: reading}
					require.Equal(t, c.want, grounds(t, b, "y", opt))
					b.Parties = append(b.Parties, crossholding.Party{ID: "w"})
					b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "w", Issuer: strings.Fields(c.stakes)[2], Between: "(0%,2%]"})
					bound, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), "y", opt)
					require.NoError(t, err)
					require.Equal(t, len(c.want), len(bound.Owners))
				})
			}
		}
	}
	b := linked(t, "s 1 z", "", "a y management", "", "", "y company")
	r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "y", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.True(t, r.Owners[0].Shares.IsZero() && r.Owners[0].Votes.IsZero() && r.Owners[0].Profits.IsZero())
	for _, id := range []string{"nobody", "a"} { // not in the book, and a person
		_, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), id, compliance.BeneficialOwnerOptions{})
		require.ErrorIs(t, err, crossholding.ErrUnknown)
		_, err = compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), id, compliance.BeneficialOwnerOptions{})
		require.ErrorIs(t, err, crossholding.ErrUnknown)
	}
}

// A closed ring that is one of several holders has a part, and the others have theirs.
func TestClosedRings(t *testing.T) {
	a := booktest.Alliance(t, "r1 100 r2", "r2 100 r1", "r1 50 x", "a 30 x", "h 20 x", "r2 10 h", "b 90 h")
	for _, c := range []struct {
		reading compliance.BeneficialOwnerReading
		want    []string
	}{
		{compliance.ReadingAMLR, []string{"a"}}, {compliance.ReadingProduct, []string{"a"}}, {compliance.ReadingDirective, []string{"a"}},
		{compliance.ReadingPSC, []string{"a"}}, {compliance.ReadingControl, nil},
	} {
		opt := compliance.BeneficialOwnerOptions{Reading: c.reading}
		r, err := compliance.BeneficialOwners(t.Context(), a, "x", opt)
		require.NoError(t, err)
		require.ElementsMatch(t, c.want, beneficialIDs(r.Owners), c.reading)
		if len(r.Owners) > 0 {
			require.Equal(t, "0.3", r.Owners[0].Shares.String())
		}
		require.Equal(t, "[r1 and r2 own one another, and nobody outside owns their part: 52% of the shares, 52% of the votes, 52% of the profits]", fmt.Sprint(r.Closed))
		bound, err := compliance.BoundBeneficialOwners(t.Context(), a, "x", opt)
		require.NoError(t, err)
		require.Len(t, bound.Owners, len(c.want))

		opt.Strict = true
		_, err = compliance.BeneficialOwners(t.Context(), a, "x", opt)
		require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner, c.reading)
		_, err = compliance.BoundBeneficialOwners(t.Context(), a, "x", opt)
		require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner, c.reading)
	}
	for _, company := range []string{"r1", "r2"} { // nothing can be said
		_, err := compliance.BeneficialOwners(t.Context(), a, company, compliance.BeneficialOwnerOptions{})
		require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
		require.ErrorContains(t, err, "r1, r2")
	}
	// A company that a ring owns completely, with one who controls it by fact.
	b := linked(t, "r1 100 r2, r2 100 r1, r1 100 x", "", "c x management", "", "", "")
	r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "x", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"c"}, beneficialIDs(r.Owners))
	b.Controls = nil
	_, err = compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "x", compliance.BeneficialOwnerOptions{})
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
	// Two rings, and a ring of three of which nobody has a majority.
	a = booktest.Alliance(t, "r1 100 r2", "r2 100 r1", "r1 20 x", "q1 50 q2", "q3 50 q2", "q1 50 q3", "q2 50 q3", "q2 50 q1", "q3 50 q1", "q3 30 x", "a 30 x")
	r, err = compliance.BeneficialOwners(t.Context(), a, "x", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, beneficialIDs(r.Owners))
	require.Len(t, r.Closed, 2)
	require.Equal(t, []string{"q1", "q2", "q3"}, r.Closed[0].Companies)
	booktest.RequireRatio(t, "0.3", r.Closed[0].Shares)
	booktest.RequireRatio(t, "0.2", r.Closed[1].Votes)
}

// A closed ring of known stakes behind a book with bands leaves the other answers as they are.
func TestClosedRingsOfBands(t *testing.T) {
	b := booktest.Book(t, "r1 100 r2", "r2 100 r1", "r1 40 x", "a 30 x")
	b.Parties = append(b.Parties, crossholding.Party{ID: "w"})
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "w", Issuer: "x", Between: "(26%,28%]"})
	for _, reading := range []compliance.BeneficialOwnerReading{compliance.ReadingAMLR, compliance.ReadingDirective, compliance.ReadingPSC} {
		r, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), "x", compliance.BeneficialOwnerOptions{Reading: reading})
		require.NoError(t, err)
		require.Equal(t, map[string]string{"a": "a is a beneficial owner", "w": "w is a beneficial owner"}, boundAnswers(r.Owners), reading)
	}
}

// Where the rule counts what is held jointly for each, members of joint holders are parties to a
// concert of these.
func TestConcertOfJointHolders(t *testing.T) {
	b := linked(t, "j 30 y, c 30 y", "j a b", "", "j c about y", "", "")
	require.Empty(t, grounds(t, b, "y", ruled(t, compliance.ReadingControl, func(r *compliance.BeneficialOwnerRule) { r.Tests = r.Tests[:1] })))
	text := "controls it in concert (pact0) by 60% of the votes"
	require.Equal(t, map[string]string{"c": text}, grounds(t, b, "y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingControl}))
	each := ruled(t, compliance.ReadingControl, func(r *compliance.BeneficialOwnerRule) { r.JointInterests = true })
	require.Equal(t, map[string]string{"a": text + " [j]", "b": text + " [j]", "c": text}, grounds(t, b, "y", each))
}

// Who controls a trust has what the trust has, by the fifth condition.
func TestTrustCitation(t *testing.T) {
	b := linked(t, "h 60 y, g 30 y, c 60 g", "", "a h trust", "", "", "h trust")
	r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "c"}, beneficialIDs(r.Owners))
	require.Equal(t, "Companies Act 2006, Sch. 1A, paras. 2, 3 and 18; Companies Act 2006, Sch. 1A, para. 6", r.Owners[0].Grounds[0].Citation)
	require.Equal(t, "Companies Act 2006, Sch. 1A, paras. 2, 3 and 18", r.Owners[1].Grounds[0].Citation)
}

// Ann and Bob are trustees of one block of shares, and Ann and Cid have agreed to use their
// shares together. So Ann has what the trustees and Cid have, Bob what the trustees have, and Cid
// what Ann has with him.
func ExampleBeneficialOwners_jointArrangement() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}},
		Parties: []crossholding.Party{{ID: "ann"}, {ID: "bob"}, {ID: "cid"},
			{ID: "trustees", Kind: crossholding.KindJoint, Members: []string{"ann", "bob"}}},
		Stakes: []crossholding.Stake{
			{Holder: "trustees", Issuer: "works", Percent: "20"}, {Holder: "cid", Issuer: "works", Percent: "20"},
		},
		Agreements: []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"ann", "cid"}, Issuer: "works"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	r, err := compliance.BeneficialOwners(context.Background(), a, "works", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range r.Owners {
		fmt.Println(o.ID, o.Grounds[0].Because())
	}
	// Output:
	// ann has 40% of the shares together with its partners (pact), more than 25%
	// cid has 40% of the shares together with its partners (pact), more than 25%
}

// Two companies own one another completely, and one of them has half of a third.
func ExampleClosedRing() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "north"}, {ID: "south"}, {ID: "works"}},
		Parties:   []crossholding.Party{{ID: "ines"}},
		Stakes: []crossholding.Stake{
			{Holder: "north", Issuer: "south", Percent: "100"}, {Holder: "south", Issuer: "north", Percent: "100"},
			{Holder: "north", Issuer: "works", Percent: "50"}, {Holder: "ines", Issuer: "works", Percent: "50"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	r, err := compliance.BeneficialOwners(context.Background(), a, "works", compliance.BeneficialOwnerOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range r.Owners {
		fmt.Println(o.ID, o.Shares.Percent(0))
	}
	for _, ring := range r.Closed {
		fmt.Println(ring.WithNames(strings.ToUpper))
	}
	// Output:
	// ines 50
	// NORTH and SOUTH own one another, and nobody outside owns their part: 50% of the shares, 50% of the votes, 50% of the profits
}

// TestControlInConcertAbove holds Regulation (EU) 2024/1624, article 54(a): who controls a company
// with an interest only in concert is an owner, individually or cumulatively with others of it.
func TestControlInConcertAbove(t *testing.T) {
	amlr := compliance.BeneficialOwnerOptions{Reading: compliance.ReadingAMLR}
	through := func(fraction, companies string) string {
		return "together with its partners (pact0) controls companies that, with its own stake, hold " + fraction + " of the shares directly through " + companies + ", at least 25%"
	}
	for _, c := range []struct {
		name, stakes, concerts, company string
		want                            map[string]string
	}{
		{"about all companies", "a 30 z, b 30 z, z 30 y", "a b", "y", map[string]string{"a": through("30%", "z"), "b": through("30%", "z")}},
		{"about that company", "a 30 z, b 30 z, z 30 y", "a b about z", "y", map[string]string{"a": through("30%", "z"), "b": through("30%", "z")}},
		{"two companies", "a 30 z, b 30 z, a 30 x, b 30 x, z 15 y, x 15 y", "a b", "y", map[string]string{"a": through("30%", "x, z"), "b": through("30%", "x, z")}},
		{"one below the other", "a 20 z, b 40 z, z 60 y, y 30 w", "a b about z", "w", map[string]string{"a": through("30%", "y"), "b": through("30%", "y")}},
		{"with its own stake", "a 30 z, b 30 z, z 20 y, a 10 y", "a b about z", "y", map[string]string{"a": through("30%", "z")}},
		{"the partner's stake is not its own", "a 30 z, b 30 z, z 20 y, b 6 y", "a b about z", "y", map[string]string{"b": through("26%", "z")}},
		{"half is no control", "a 25 z, b 25 z, z 30 y", "a b", "y", map[string]string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, grounds(t, linked(t, c.stakes, "", "", c.concerts, "", ""), c.company, amlr))
		})
	}
}

// TestNobodyOwnsItself: a company without shares that has a company which controls it is not its
// own owner.
func TestNobodyOwnsItself(t *testing.T) {
	b := linked(t, "g 60 c, p 40 c", "", "c g appointment", "", "", "g company")
	for _, reading := range []compliance.BeneficialOwnerReading{compliance.ReadingAMLR, compliance.ReadingDirective, compliance.ReadingPSC} {
		r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "g", compliance.BeneficialOwnerOptions{Reading: reading})
		require.NoError(t, err)
		require.Empty(t, r.Unresolved)
	}
}

// TestBoardInConcert: a concert has the rights of its members together, whether it is about the
// company or about all, and its result reaches down the chain.
func TestBoardInConcert(t *testing.T) {
	amlr := compliance.BeneficialOwnerOptions{Reading: compliance.ReadingAMLR}
	for _, about := range []string{"", " about g"} {
		for _, boards := range []string{"a 30% g, b 30% g", "a b 60% g"} {
			b := linked(t, "s 5 g, g 60 z", "", "", "a b"+about, boards, "")
			text := "controls it in concert (pact0): a and b appoint 60% of the board of g (seats0, seats1)"
			if boards == "a b 60% g" {
				text = "controls it in concert (pact0): a and b appoint 60% of the board of g (seats0)"
			}
			require.Equal(t, map[string]string{"a": text, "b": text}, grounds(t, b, "g", amlr), "%s, %s", about, boards)
			below := grounds(t, b, "z", amlr)
			require.Equal(t, "controls it in concert (pact0) by 60% of the votes", below["a"], "%s, %s", about, boards)
			require.Equal(t, below["a"], below["b"])
		}
	}
}

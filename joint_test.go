package crossholding_test

import (
	"fmt"
	"log"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// trustees is a book with two trustees on one block of shares.
func trustees() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}, {ID: "agent", Shares: []crossholding.ShareClass{{Issued: "10"}}}},
		Parties: []crossholding.Party{{ID: "ann"}, {ID: "bob"},
			{ID: "trustees", Kind: crossholding.KindJoint, Members: []string{"bob", "ann", "agent"}}},
		Stakes: []crossholding.Stake{{Holder: "trustees", Issuer: "works", Percent: "75"}},
	}
}

// Ann, Bob and an agent hold three quarters of a company jointly: one block of shares.
func ExampleGraph_JointHolders() {
	a, err := crossholding.New(trustees())
	if err != nil {
		log.Fatal(err)
	}
	g := a.Graph()
	for joint, members := range g.JointHolders() {
		fmt.Println(g.ID(joint), g.IDs(members))
	}
	// Output: trustees [agent ann bob]
}

// Joint holders own, vote and control as one.
func TestJointHolders(t *testing.T) {
	a := booktest.New(t, trustees())
	c, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	list, err := c.Ultimate(t.Context(), "works")
	require.NoError(t, err)
	require.Equal(t, []string{"trustees"}, list)

	d := a.Draft()
	require.NoError(t, d.Dissolve("agent", "", "", ratio.Ratio{}))
	require.Equal(t, []string{"ann", "bob"}, d.Alliance().Book().Parties[2].Members)
	require.Equal(t, []string{"agent", "ann", "bob"}, a.Book().Parties[2].Members, "the alliance does not change")
	again := booktest.New(t, a.Book())
	require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, again))
}

func TestJointHolderFaults(t *testing.T) {
	for name, c := range map[string]struct {
		party crossholding.Party
		kind  error
		says  string
	}{
		"nobody":  {crossholding.Party{ID: "j", Kind: crossholding.KindJoint}, crossholding.ErrMissing, "at least two members, and there is 0"},
		"one":     {crossholding.Party{ID: "j", Kind: crossholding.KindJoint, Members: []string{"ann", "ann"}}, crossholding.ErrMissing, "there is 1"},
		"twice":   {crossholding.Party{ID: "j", Kind: crossholding.KindJoint, Members: []string{"ann", "bob", "ann"}}, crossholding.ErrDuplicate, "a member twice"},
		"kind":    {crossholding.Party{ID: "j", Kind: crossholding.KindTrust, Members: []string{"ann", "bob"}}, crossholding.ErrRange, "is not of the kind joint"},
		"unknown": {crossholding.Party{ID: "j", Kind: crossholding.KindJoint, Members: []string{"ann", "zoe"}}, crossholding.ErrUnknown, `member "zoe"`},
		"itself":  {crossholding.Party{ID: "j", Kind: crossholding.KindJoint, Members: []string{"ann", "j"}}, crossholding.ErrRange, `member "j" is joint holders itself`},
	} {
		b := trustees()
		b.Parties = append(b.Parties, c.party)
		_, err := crossholding.New(b)
		require.ErrorIs(t, err, c.kind, name)
		require.ErrorContains(t, err, c.says, name)
	}
}

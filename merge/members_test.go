package merge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/merge"
)

// A conflict about the members of joint holders is one line.
func TestConflictOfMembersIsOneLine(t *testing.T) {
	book := func(source string, members ...string) crossholding.Book {
		return crossholding.Book{Source: source, Parties: []crossholding.Party{
			{ID: "x"}, {ID: "y"}, {ID: "z"}, {ID: "joint", Kind: crossholding.KindJoint, Members: members}}}
	}
	r, err := merge.Books(merge.Options{}, book("a", "x", "y"), book("b", "z", "x"))
	require.NoError(t, err)
	require.Len(t, r.Conflicts, 1)
	require.Equal(t, "party joint: members: x, y (a) taken, not x, z (b)", r.Conflicts[0].String())
	require.Equal(t, []string{"x", "y"}, r.Book.Parties[0].Members)
}

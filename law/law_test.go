package law_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/lawcase"
	"github.com/crossholding/crossholding/law"
)

// caseFile is the name of a jurisdiction's file of cases.
func caseFile(j law.Jurisdiction) string {
	if j.Country == "" {
		return "general.txt"
	}
	return j.Country + ".txt"
}

// Every rule has a case in its jurisdiction's file or is said there to have none,
// and the files speak of no other rule.
func TestEveryRuleHasACase(t *testing.T) {
	cases, untested, err := lawcase.Read(os.DirFS("testdata"))
	require.NoError(t, err)
	tested := map[string][]string{} // by file
	named := map[string]bool{}
	for _, c := range cases {
		file, _, _ := strings.Cut(c.Place, ":")
		for _, rule := range c.Rules {
			name := rule + " | " + c.Name
			require.False(t, named[name], "%s: %s twice", c.Place, name)
			named[name] = true
			if !slices.Contains(tested[file], rule) {
				tested[file] = append(tested[file], rule)
			}
		}
	}
	for _, u := range untested {
		require.NotContains(t, tested[u.File], u.Rule, u.File)
		tested[u.File] = append(tested[u.File], u.Rule)
	}
	for _, j := range law.Jurisdictions() {
		var ids []string
		for _, s := range j.Statutes {
			ids = append(ids, s.ID)
		}
		for _, r := range j.Thresholds {
			ids = append(ids, r.ID)
		}
		for _, l := range j.Loyalties {
			ids = append(ids, l.ID)
		}
		if j.Country == "" {
			ids = append(ids, "none", "treasury")
		}
		require.ElementsMatch(t, ids, tested[caseFile(j)], caseFile(j))
		delete(tested, caseFile(j))
	}
	require.Empty(t, tested, "files of no jurisdiction")
}

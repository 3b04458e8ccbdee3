package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const before = "../../testdata/alliance/before.json"

func TestRun(t *testing.T) {
	pyramid := filepath.Join(t.TempDir(), "pyramid.json")
	require.NoError(t, os.WriteFile(pyramid, []byte(`{
		"companies": [{"id": "mid"}, {"id": "base"}],
		"parties": [{"id": "ann"}, {"id": "bob"}],
		"stakes": [
			{"holder": "ann", "issuer": "mid", "percent": "50"},
			{"holder": "bob", "issuer": "mid", "percent": "10"},
			{"holder": "mid", "issuer": "base", "percent": "50"},
			{"holder": "bob", "issuer": "base", "percent": "25"}
		]}`), 0o600))
	bad := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte(`{"companies": [{"id": "a"}, {"id": "b"}, {"id": "b"}], "stakes": [{"holder": "x", "issuer": "a", "percent": "200"}]}`), 0o600))
	tests := []struct {
		name   string
		args   []string
		status int
		says   []string // lines, or parts of them
	}{
		{"majority", []string{before, "nissan-finance"}, 0, []string{"Nissan Motor controls Nissan Finance: Nissan Motor casts 100 of 100 votes in Nissan Finance (100%)"}},
		{"a no", []string{"-holder", "renault", before, "nissan"}, 0, []string{"Renault SA does not control Nissan Motor: it has 1,831,837,027 of 4,191,815,112 votes (43.7%)"}},
		{"presumption", []string{"-form", "presumption", "-holder", "renault", before}, 0, []string{
			"Renault SA controls Nissan Motor: Renault SA casts 1,831,837,027 of 4,191,815,112 votes in Nissan Motor (43.7%), more than 40% and nobody else has as many",
			"Renault SA controls Nissan Finance"}},
		{"nobody", []string{before, "renault"}, 0, []string{"nobody controls Renault SA",
			"French State (APE) does not control Renault SA: it has 55,026,807 of 307,412,332 votes (17.9%) and lacks 98,679,360",
			"88,716,686 votes of Nissan Finance in Renault SA do not count: Renault SA controls Nissan Finance"}},
		{"controls nothing", []string{"-holder", "mufg-bank", before}, 0, []string{"MUFG Bank controls nothing"}},
		{"threshold", []string{"-threshold", "50%", "-or-more", pyramid, "mid"}, 0, []string{"ann controls mid"}},
		{"turnout", []string{"-form", "turnout", "-turnout", "0.8", before, "nissan"}, 0, []string{"Renault SA controls Nissan Motor in fact: 1,831,837,027 of the 3,353,452,089.6 votes expected (80% turnout), and with a turnout below 87.4%"}},
		{"turnout of one", []string{"-form", "turnout", "-turnout", "0.9", "-holder", "renault", before, "nissan"}, 0, []string{"Renault SA does not control Nissan Motor"}},
		{"turnout by company", []string{"-form", "turnout", "-turnout", "nissan=80%,mitsubishi=90%", "-holder", "renault", before}, 0, []string{"Renault SA controls Nissan Motor", "Renault SA controls Nissan Finance"}},
		{"sanctions", []string{"-form", "sanctions", "-holder", "ann", pyramid}, 0, []string{"base is owned by ann: 50% of its shares (mid 50%)", "mid is owned by ann"}},
		{"sanctions UK", []string{"-form", "sanctions", "-regime", "UK", "-holder", "ann", pyramid, "mid"}, 0, []string{"mid is not owned by ann: 50% of its shares"}},
		{"sanctions elsewhere", []string{"-form", "sanctions", "-regime", "UK", "-holder", "ann", pyramid, "base"}, 0, []string{"they have nothing of it"}},
		{"beneficial", []string{"-form", "beneficial", pyramid, "base"}, 0, []string{"ann is a beneficial owner of base: has 25% of the shares", "bob is a beneficial owner of base: has 30% of the shares", "float:base, no natural person, stands behind base"}},
		{"close links", []string{"-form", "closelinks", "-holder", "bob", pyramid}, 0, []string{"bob and base are closely linked: bob has 30% of base: bob > base 25%, bob > mid > base 5%"}},
		{"no close links", []string{"-form", "closelinks", "-threshold", "99%", pyramid}, 0, []string{"no close links"}},
		{"weakest link", []string{"-form", "weakestlink", "-threshold", "30%", pyramid, "base"}, 0, []string{"ann has 50% of base by the weakest link: ann 50% of mid, mid 50% of base"}},
		{"no ultimate owner", []string{"-form", "weakestlink", "-threshold", "60%", pyramid, "base"}, 0, []string{"base has no ultimate owner"}},
		{"network", []string{"-form", "network", pyramid, "base"}, 0, []string{"mid controls a value of 0.5: 50% of base", "bob controls a value of 0.3", "ann controls a value of 0.25"}},
		{"network relative", []string{"-form", "network", "-reading", "relative", "-holder", "ann", pyramid}, 0, []string{"ann controls a value of 1.7308"}},
		{"group", []string{"-form", "group", "-holder", "nissan", before}, 0, []string{"mitsubishi: associate", "nissan-finance: subsidiary", "renault: investment"}},
		{"not in the group", []string{"-form", "group", "-holder", "nissan", before, "nissan"}, 0, []string{"nissan has no such interest"}},

		{"nothing", nil, 1, []string{"give a book"}},
		{"no file", []string{before + "x"}, 1, []string{"no such file"}},
		{"bad book", []string{bad}, 1, []string{"companies[2].id", "stakes[0].holder", "companies.a"}},
		{"bad book and flags", []string{"-form", "magic", "-threshold", "much", bad}, 1, []string{"-form", "-threshold", "companies[2].id", "stakes[0].holder", "companies.a"}},
		{"bad turnout", []string{"-turnout", "nissan=80%,renault", before}, 1, []string{"-turnout: renault"}},
		{"turnout of nobody", []string{"-form", "turnout", "-turnout", "daimler=80%", before}, 1, []string{`company "daimler"`}},
		{"bad flag", []string{"-magic", before}, 1, []string{"-magic"}},
		{"unknown company", []string{before, "daimler"}, 1, []string{`company "daimler"`}},
		{"unknown holder", []string{"-holder", "daimler", before}, 1, []string{`holder "daimler"`}},
		{"threshold out of range", []string{"-threshold", "2", before}, 1, []string{"out of range"}},
		{"sanctions of nobody", []string{"-form", "sanctions", before}, 1, []string{"-holder"}},
		{"group of two", []string{"-form", "group", "-holder", "nissan,renault", before}, 1, []string{"one only"}},
		{"regime", []string{"-form", "sanctions", "-regime", "Moon", "-holder", "ann", pyramid}, 1, []string{"Moon"}},
		{"reading", []string{"-form", "beneficial", "-reading", "guess", pyramid}, 1, []string{"guess"}},
		{"cap", []string{"-form", "closelinks", "-steps", "1", pyramid}, 1, []string{"search cap reached"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			require.Equal(t, tt.status, run(t.Context(), tt.args, &out, &errs), errs.String())
			said, silent := &out, &errs
			if tt.status != 0 {
				said, silent = &errs, &out
			}
			lines := strings.Split(strings.TrimSuffix(said.String(), "\n"), "\n")
			require.Len(t, lines, len(tt.says), said.String())
			for i, s := range tt.says {
				require.Contains(t, lines[i], s)
			}
			require.Empty(t, silent.String())
		})
	}
}

func TestHelp(t *testing.T) {
	var out, errs bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"-h"}, &out, &errs))
	require.Contains(t, out.String(), "usage: control")
	for form := range forms {
		require.Contains(t, out.String(), form)
	}
	require.Empty(t, errs.String())
}

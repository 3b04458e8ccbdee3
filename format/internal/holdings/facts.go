package holdings

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/radix"
)

// Facts returns facts of control in force on one day in order, without those that say the same
// as another.
func Facts(list []crossholding.ControlFact) []crossholding.ControlFact {
	if len(list) == 0 {
		return list
	}
	out := make([]crossholding.ControlFact, 0, len(list))
	radix.Runs(len(list), func(i int32) string { return list[i].Controller }, func(run []int32) {
		slices.SortFunc(run, func(i, j int32) int {
			a, b := &list[i], &list[j]
			return cmp.Or(strings.Compare(a.Company, b.Company), strings.Compare(string(a.By), string(b.By)),
				strings.Compare(a.Source, b.Source), strings.Compare(string(a.From), string(b.From)), strings.Compare(string(a.To), string(b.To)))
		})
		for _, i := range run {
			c := &list[i]
			if n := len(out) - 1; n >= 0 && out[n].Controller == c.Controller && out[n].Company == c.Company && out[n].By == c.By && out[n].Source == c.Source {
				if out[n].To != "" && (c.To == "" || c.To > out[n].To) {
					out[n].To = c.To
				}
				continue
			}
			out = append(out, *c)
		}
	})
	return out
}

package holdings

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
)

// Facts sorts facts of control in force on one day, and leaves out those that say the same.
func Facts(list []crossholding.ControlFact) []crossholding.ControlFact {
	slices.SortFunc(list, func(a, b crossholding.ControlFact) int {
		return cmp.Or(strings.Compare(a.Controller, b.Controller), strings.Compare(a.Company, b.Company), strings.Compare(string(a.By), string(b.By)),
			strings.Compare(a.Source, b.Source), strings.Compare(string(a.From), string(b.From)), strings.Compare(string(a.To), string(b.To)))
	})
	out := list[:0]
	for _, c := range list {
		if n := len(out) - 1; n >= 0 && out[n].Controller == c.Controller && out[n].Company == c.Company && out[n].By == c.By && out[n].Source == c.Source {
			if out[n].To != "" && (c.To == "" || c.To > out[n].To) {
				out[n].To = c.To
			}
			continue
		}
		out = append(out, c)
	}
	return out
}

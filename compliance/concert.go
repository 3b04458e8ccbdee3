package compliance

import (
	"slices"

	"github.com/crossholding/crossholding"
)

// sameConcert reports whether two concerts have the same members and are about the same
// company.
func sameConcert(p, o crossholding.Concert) bool {
	return p.Over == o.Over && slices.Equal(p.Members, o.Members)
}

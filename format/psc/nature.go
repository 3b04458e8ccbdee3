package psc

import "strings"

// natures is a set of natures of control. Each form has ten of them. Natures through a trust
// are shifted by formBits, and those through a firm by twice that.
type natures uint32

const (
	shares25   natures = 1 << iota // more than 25% but not more than 50%
	shares50                       // more than 50% but less than 75%
	shares75                       // 75% or more
	sharesMore                     // more than 25%, of an overseas entity
	votes25
	votes50
	votes75
	votesMore
	appoint
	influence
	formBits = iota
)

const (
	anyShares = shares25 | shares50 | shares75 | sharesMore
	anyVotes  = votes25 | votes50 | votes75 | votesMore
	oneForm   = 1<<formBits - 1
)

// form is how a nature is held.
type form int

const (
	direct form = iota
	throughTrust
	throughFirm
	forms
)

var formNames = [forms]string{"", "trust", "firm"}

// of returns the natures of one form, as if they were held directly.
func (n natures) of(f form) natures { return n >> (formBits * uint(f)) & oneForm }

// shares and votes return the bands of a form as a set of the four bands.
func (n natures) shares() natures { return n & anyShares }
func (n natures) votes() natures  { return n & anyVotes >> 4 }

// parseNature returns the nature of control that the register names so, or false if it is
// not known. The names are those of the enumerations that Companies House publishes
// (psc_descriptions.yml).
func parseNature(name string) (natures, bool) {
	name = strings.TrimSuffix(name, "-limited-liability-partnership")
	name = strings.TrimSuffix(name, "-registered-overseas-entity")
	f := direct
	for _, suffix := range []struct {
		text string
		form form
	}{{"-as-trust", throughTrust}, {"-as-control-over-trust", throughTrust}, {"-as-firm", throughFirm}, {"-as-control-over-firm", throughFirm}} {
		if rest, ok := strings.CutSuffix(name, suffix.text); ok {
			name, f = rest, suffix.form
			break
		}
	}
	n := natures(0)
	switch name {
	case "right-to-appoint-and-remove-directors", "right-to-appoint-and-remove-members", "right-to-appoint-and-remove-person":
		n = appoint
	case "significant-influence-or-control":
		n = influence
	default:
		if band, ok := strings.CutPrefix(name, "voting-rights-"); ok {
			n = bandNature(band) << 4
		} else if band, ok := strings.CutPrefix(name, "ownership-of-shares-"); ok {
			n = bandNature(band)
		} else if band, ok := strings.CutPrefix(strings.TrimPrefix(name, "part-"), "right-to-share-surplus-assets-"); ok {
			n = bandNature(band)
		}
	}
	return n << (formBits * uint(f)), n != 0
}

func bandNature(text string) natures {
	switch text {
	case "25-to-50-percent":
		return shares25
	case "50-to-75-percent":
		return shares50
	case "75-to-100-percent":
		return shares75
	case "more-than-25-percent":
		return sharesMore
	}
	return 0
}

// band is a band of shares or votes, with its ends in quarters of all.
type band struct {
	lo, hi         int
	loOpen, hiOpen bool
}

var (
	unstated = band{lo: 0, hi: 1}
	unknown  = band{lo: 0, hi: 4}
)

var bands = [4]band{{1, 2, true, false}, {2, 3, true, true}, {3, 4, false, false}, {1, 4, true, false}}

// bandOf returns the smallest band that holds all bands of a set, which is not empty.
func bandOf(set natures) band {
	out := band{lo: 4, loOpen: true, hiOpen: true}
	for i, b := range bands {
		if set&(1<<i) == 0 {
			continue
		}
		if b.lo < out.lo || b.lo == out.lo && !b.loOpen {
			out.lo, out.loOpen = b.lo, b.loOpen
		}
		if b.hi > out.hi || b.hi == out.hi && !b.hiOpen {
			out.hi, out.hiOpen = b.hi, b.hiOpen
		}
	}
	return out
}

var quarters = [5]string{"0%", "25%", "50%", "75%", "100%"}

// String returns the band in the form of [crossholding.Stake.Between].
func (b band) String() string { return bandTexts[b.lo][b.hi][index(b.loOpen)][index(b.hiOpen)] }

func index(open bool) int {
	if open {
		return 1
	}
	return 0
}

// bandTexts has the texts of all bands: by lower end, upper end, and whether these are open.
var bandTexts = func() (t [5][5][2][2]string) {
	for lo, from := range quarters {
		for hi, to := range quarters {
			for i, left := range "[(" {
				for j, right := range "])" {
					t[lo][hi][i][j] = string(left) + from + "," + to + string(right)
				}
			}
		}
	}
	return t
}()

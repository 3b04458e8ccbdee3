package bods

import (
	"github.com/crossholding/crossholding/format/internal/holdings"
)

// maxShares is the number of shares whose size is remembered. Files have few different ones.
const maxShares = 10_000

// sized is the size of a share, as the number of a size of the reader, or what is wrong with it.
type sized struct {
	size  int32
	fault string
}

// share returns the size of a share. The exclusive forms are numbers in version 0.4 and before that
// words that say whether the minimum and the maximum belong to the band; both are read in any
// version (those of the versions before 0.4 were not verified).
func (in *reader) share(share *[figures][]byte) sized {
	in.key = in.key[:0]
	for _, text := range share {
		in.key = append(append(in.key, text...), 0)
	}
	if s, ok := in.shares[string(in.key)]; ok {
		return s
	}
	size, fault := sizeOf(*share)
	s := sized{fault: fault}
	if fault == "" && size.Stated {
		in.sizes = append(in.sizes, size)
		s.size = int32(len(in.sizes) - 1)
	}
	if len(in.shares) < maxShares {
		in.shares[string(in.key)] = s
	}
	return s
}

// sizeOf makes a size of the figures of a share.
func sizeOf(share [figures][]byte) (holdings.Size, string) {
	at := func(f figure, missing string) (holdings.Size, string) {
		text := string(share[f])
		if text == "" || text == "true" {
			text = missing
		}
		size, err := holdings.Decimal(text)
		if err != nil {
			return size, figureNames[f] + ": " + err.Error()
		}
		return size, ""
	}
	stated := false
	for _, text := range share {
		stated = stated || len(text) > 0
	}
	switch {
	case !stated:
		return holdings.Size{}, ""
	case len(share[exact]) > 0:
		return at(exact, "0")
	}
	lo, fault1 := at(minimum, "0")
	hi, fault2 := at(maximum, "100")
	above, fault3 := at(exclusiveMinimum, "0")
	below, fault4 := at(exclusiveMaximum, "100")
	if why := fault1 + fault2 + fault3 + fault4; why != "" {
		return holdings.Size{}, why
	}
	v := lo.Interval
	v.Hi = hi.Hi
	v.LoOpen, v.HiOpen = string(share[exclusiveMinimum]) == "true", string(share[exclusiveMaximum]) == "true"
	if f := string(share[exclusiveMinimum]); f != "" && f != "true" && !above.Lo.Less(v.Lo) {
		v.Lo, v.LoOpen = above.Lo, true
	}
	if f := string(share[exclusiveMaximum]); f != "" && f != "true" && !v.Hi.Less(below.Lo) {
		v.Hi, v.HiOpen = below.Lo, true
	}
	size, err := holdings.Between(v)
	if err != nil {
		return size, err.Error()
	}
	return size, ""
}

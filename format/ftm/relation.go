package ftm

import (
	"errors"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// maxPairs is the largest number of pairs of a relation that has several entities at both ends.
const maxPairs = 100

// relation reads an Ownership or a Control. Every value of one end has a relation with
// every value of the other.
func (in *reader) relation(from, to property) {
	f := &in.fields
	if len(f.values[from]) == 0 || len(f.values[to]) == 0 {
		in.fault(crossholding.ErrMissing, "%s: a relation without %s or %s", f.name(), propertyNames[from], propertyNames[to])
		return
	}
	if m, n := len(f.values[from]), len(f.values[to]); min(m, n) > 1 && m*n > maxPairs {
		in.fault(crossholding.ErrTooLarge, "%s: a relation of %d with %d entities", f.name(), m, n)
		return
	}
	r := relation{line: int32(in.line)}
	if !in.period(&r) {
		return
	}
	in.by = append(in.by[:0], 0)
	if f.schema == "Control" {
		in.means()
		if l := f.values[legalBasis]; len(l) > 0 {
			r.source = in.words.Put(l[0])
		}
	} else if !in.size(&r) {
		return
	}
	kept := false
	for _, a := range f.values[from] {
		for _, b := range f.values[to] {
			i, ok1 := in.find(a)
			j, ok2 := in.find(b)
			if !ok1 || !ok2 {
				continue
			}
			for _, by := range in.by {
				r.from, r.to, r.by = i, j, by
				in.relations = append(in.relations, r)
				kept = true
			}
		}
	}
	if kept {
		in.report.Read++
	}
}

// maxRemembered is the number of percentages whose size is remembered. Files have few different
// ones.
const maxRemembered = 10_000

// written is the result of [holdings.Written]: a size of the reader.
type written struct {
	size  int32
	about bool
}

// percent reads a percentage.
func (in *reader) percent(text []byte) (written, error) {
	if w, ok := in.written[string(text)]; ok {
		return w, nil
	}
	size, about, err := holdings.Written(string(text))
	if err != nil {
		return written{}, err
	}
	w := written{in.sized(size), about}
	if len(in.written) < maxRemembered {
		in.written[string(text)] = w
	}
	return w, nil
}

// sized returns the number of a size.
func (in *reader) sized(size holdings.Size) int32 {
	if !size.Stated {
		return 0
	}
	in.sizes = append(in.sizes, size)
	return int32(len(in.sizes) - 1)
}

// size reads the size of an Ownership. It returns false after a fault.
func (in *reader) size(r *relation) bool {
	f := &in.fields
	for _, text := range f.values[percentage] {
		w, err := in.percent(text)
		if err != nil {
			if errors.Is(err, ratio.ErrRange) || errors.Is(err, crossholding.ErrRange) {
				in.fault(crossholding.ErrRange, "%s: the percentage %q: %s", f.name(), string(text), err.Error())
				return false
			}
			in.report.Dropped.Add(in.line, "percentage", "%s: the percentage %q cannot be read: %s", f.name(), string(text), err.Error())
			continue
		}
		if w.about {
			in.report.Guessed.Add(in.line, "about", "%s: %q is taken as rounded at its last digit", f.name(), string(text))
		}
		switch {
		case r.size == 0:
			r.size = w.size
		case w.size != 0 && w.size != r.size:
			in.several(r, w.size)
		}
	}
	if n := f.first(sharesCount); n != "" {
		in.report.Dropped.Add(in.line, "count", "%s: %s shares, of a number that the file does not have", f.name(), n)
	}
	for _, value := range f.values[ownershipType] {
		text := strings.ToLower(string(value))
		r.indirect = r.indirect || strings.Contains(text, "indirect") || strings.Contains(text, "ultimate")
	}
	return true
}

// several merges a second size of a relation.
func (in *reader) several(r *relation, next int32) {
	a, b := in.sizes[r.size], in.sizes[next]
	both := holdings.Hull(a, b)
	if both.String() != a.String() {
		in.report.Conflicts.Add(in.line, "percentage", "%s: %s and %s: taken as %s", in.fields.name(), a.String(), b.String(), both.String())
		r.size = in.sized(both)
	}
}

// means reads the means of a Control into in.by.
func (in *reader) means() {
	in.by = in.by[:0]
	contractual := means(slices.Index(knownMeans, crossholding.ControlByContractual))
	for _, value := range in.fields.values[controlType] {
		by := slices.Index(knownMeans, crossholding.ControlMeans(strings.ToLower(strings.TrimSpace(string(value)))))
		if by <= 0 {
			in.report.Guessed.Add(in.line, "means", "%s: the type of control %q is taken as contractual", in.fields.name(), string(value))
			by = int(contractual)
		}
		if !slices.Contains(in.by, means(by)) {
			in.by = append(in.by, means(by))
		}
	}
	if len(in.by) == 0 {
		in.report.Guessed.Add(in.line, "means", "%s: no type of control is stated, and it is taken as contractual", in.fields.name())
		in.by = append(in.by, contractual)
	}
}

// knownMeans are the means of a Control, of which the first is not a means.
var knownMeans = []crossholding.ControlMeans{"", crossholding.ControlByVoting, crossholding.ControlByAppointment,
	crossholding.ControlByManagement, crossholding.ControlByContractual, crossholding.ControlByTrust,
	crossholding.ControlByNominee, crossholding.ControlByState, crossholding.ControlByIndirect}

package psc

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/kinds"
	"github.com/crossholding/crossholding/internal/iso3166"
)

// node is a company or an owner.
type node struct {
	name, country string
	kind          nodeKind
	company       int32 // of a person: the company in which it was read first
}

// nodeKind says what a node is. A node that is read as several kinds is the greatest of them.
type nodeKind uint8

const (
	unknownOwner nodeKind = iota
	person
	legalPerson
	trust
	firm
	company
)

// node returns the node of an id, and whether it is new.
func (in *reader) node(id []byte, kind nodeKind) (int32, bool) {
	i, ok := in.ids.Put(id)
	if !ok {
		in.fault(crossholding.ErrTooLarge, "no room for one more id")
		return 0, false
	}
	isNew := int(i) == in.nodes.Len
	if isNew {
		in.nodes.Add(node{kind: kind, company: -1})
	}
	if n := in.nodes.At(i); n.kind < kind {
		n.kind = kind
	}
	return i, isNew
}

// text returns the id of a node.
func (in *reader) text(i int32) string { return string(in.ids.At(i)) }

// named sets the name of a node. Of several spellings it takes the first in order of bytes,
// so that the order of the lines does not matter.
func (in *reader) named(i int32, name []byte) {
	if n := in.nodes.At(i); len(name) > 0 && (n.name == "" || string(name) < n.name) {
		n.name = in.names.Text(name)
	}
}

// subject returns the node of the record's company, or false if it has no valid number.
func (in *reader) subject() (int32, bool) {
	number := in.fields.company
	if len(number) == 0 {
		in.fault(crossholding.ErrMissing, "the record has no company number")
		return 0, false
	}
	for _, c := range number {
		if !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z') || len(number) > 20 {
			in.fault(crossholding.ErrRange, "%q is no company number of capitals and digits", string(number))
			return 0, false
		}
	}
	i, _ := in.node(number, company)
	if !bytes.HasPrefix(number, []byte("OE")) {
		in.nodes.At(i).country = "GB" // an overseas entity is of another country, which its records do not state
	}
	return i, true
}

// owner reads a record of an owner.
func (in *reader) owner(kind string) {
	f := &in.fields
	notified, ok := in.inForce()
	if !ok {
		return
	}
	secret := kind == "super-secure"
	for _, text := range f.unread {
		in.report.Dropped.Add(in.line, "nature", "%s: %s has a nature of control that is not known: %q", string(f.company), string(f.name), text)
	}
	if f.natures == 0 && !secret {
		if f.listed == 0 {
			in.report.Dropped.Add(in.line, "no nature", "%s: %s has no nature of control", string(f.company), string(f.name))
		}
		return
	}
	c, ok := in.subject()
	if !ok {
		return
	}
	if secret {
		in.unknown(c, "protected person with significant control of ", notified)
		return
	}
	in.name = clean(in.name[:0], f.name)
	if len(in.name) == 0 {
		in.unknown(c, "unnamed person with significant control of ", notified)
		return
	}
	o := int32(0)
	switch kind {
	case "individual":
		o = in.person(c)
	case "corporate-entity":
		o = in.corporate(company)
	default:
		o = in.corporate(in.legalPerson())
	}
	if in.named(o, in.name); o == c {
		in.report.Dropped.Add(in.line, "itself", "%s names itself as its owner", string(f.company))
		return
	}
	in.keep(record{company: c, owner: o, natures: f.natures, notified: notified, line: int32(in.line)})
}

// keep keeps a record, and says what is missing in it.
func (in *reader) keep(r record) {
	for f := range forms {
		n := r.natures.of(f)
		shares, votes := n.shares() != 0, n.votes() != 0
		if shares == votes {
			continue
		}
		if !in.opt.VotesFollowShares && in.report.Guessed.CountIfFull("unstated") {
			continue
		}
		who, what := in.nodes.At(r.owner).name, in.text(r.company)
		switch {
		case shares && in.opt.VotesFollowShares:
			r.natures |= n.shares() << 4 << (formBits * uint(f))
			in.report.Guessed.Add(in.line, "unstated", "%s: %s states shares and no votes: votes in the same band", what, who)
		case shares:
			in.report.Guessed.Add(in.line, "unstated", "%s: %s states shares and no votes: not more than 25%% of the votes", what, who)
		default:
			in.report.Guessed.Add(in.line, "unstated", "%s: %s states votes and no shares: not more than 25%% of the shares", what, who)
		}
	}
	in.records.Add(r)
}

// statement reads a statement on owners. One that says that there is an owner whom the register
// does not name makes an unknown owner.
func (in *reader) statement() {
	f := &in.fields
	notified, ok := in.inForce()
	if !ok {
		return
	}
	switch strings.TrimSuffix(string(f.statement), "-partnership") {
	case "psc-exists-but-not-identified", "psc-details-not-confirmed":
		if len(f.linked) == 0 {
			if c, ok := in.subject(); ok {
				f.natures = 0
				in.unknown(c, "unidentified person with significant control of ", notified)
			}
			return
		}
	}
	in.report.Dropped.Add(in.line, "statement", "%s states: %s", string(f.company), string(f.statement))
}

// unknown keeps a record of an owner whom the register does not name.
func (in *reader) unknown(c int32, name string, notified int32) {
	f, number := &in.fields, in.text(c)
	own := f.self[bytes.LastIndexByte(f.self, '/')+1:]
	in.id = append(append(append(in.id[:0], "unknown:"...), number...), ':')
	in.id = within(clean(in.id, own), 0)
	o, _ := in.node(in.id, unknownOwner)
	in.named(o, []byte(name+number))
	in.report.Guessed.Add(in.line, "unknown", "%s: %s, with a stake of unknown size, is taken as a person", number, in.nodes.At(o).name)
	in.keep(record{company: c, owner: o, natures: f.natures, unknown: f.natures == 0, notified: notified, line: int32(in.line)})
}

// person returns the node of a person, whose name is in in.name.
func (in *reader) person(c int32) int32 {
	f := &in.fields
	in.id = within(fold(append(in.id[:0], "person:"...), in.name), len("person:"))
	born := f.birthYear > 0 && f.birthYear < 10_000 && f.birthMonth > 0 && f.birthMonth < 13
	if born {
		in.id = append(in.id, ':', byte('0'+f.birthYear/1000), byte('0'+f.birthYear/100%10), byte('0'+f.birthYear/10%10), byte('0'+f.birthYear%10),
			'-', byte('0'+f.birthMonth/10), byte('0'+f.birthMonth%10))
	} else {
		in.id = append(append(in.id, ':'), in.ids.At(c)...)
	}
	o, isNew := in.node(in.id, person)
	if n := in.nodes.At(o); isNew {
		n.company = c
	} else if n.company != c && !in.report.Guessed.CountIfFull("person") {
		in.report.Guessed.Add(in.line, "person", "%s, born %d-%02d: the same person in %s and in %s", string(in.name), f.birthYear, f.birthMonth,
			in.text(n.company), in.text(c))
	}
	return o
}

// legalPerson returns the kind of a legal person, whose name is in in.name. It notes the guess.
func (in *reader) legalPerson() nodeKind {
	kind, what := legalPerson, "a state or a public body"
	if _, why := kinds.OfName(string(in.name)); why != "" {
		kind, what = company, "a company by "+why
	}
	if !in.report.Guessed.CountIfFull("kind") {
		in.report.Guessed.Add(in.line, "kind", "%s: %s is a legal person: it is taken as %s", string(in.fields.company), string(in.name), what)
	}
	return kind
}

// corporate returns the node of a company, or of a legal person such as a ministry, whose
// name is in in.name.
func (in *reader) corporate(kind nodeKind) int32 {
	f := &in.fields
	country := in.land(f.country)
	number := in.britishNumber(country)
	if number != nil {
		o, _ := in.node(number, kind)
		if !bytes.HasPrefix(number, []byte("OE")) {
			in.nodes.At(o).country = "GB"
		}
		return o
	}
	prefix := "firm:"
	if kind == legalPerson {
		prefix = "legal:"
	}
	code := country.code
	if in.id = append(in.id[:0], prefix...); len(f.number) > 0 && country.name != "" {
		in.id = append(in.id, within([]byte(strings.ToLower(firstOf(code, country.name))), 0)...)
		in.id = within(clean(append(in.id, ':'), f.number), len(in.id)+1)
	} else {
		in.id = append(within(fold(in.id, in.name), len(prefix)), ':')
		in.id = append(in.id, f.company...)
	}
	o, _ := in.node(in.id, kind)
	if n := in.nodes.At(o); n.country == "" || code != "" && code < n.country {
		n.country = code
	}
	return o
}

// britishNumber returns the registration number in the form of the register, "00000001" or
// "SC000001", if it is one, or nil. It is valid until the next call.
func (in *reader) britishNumber(country land) []byte {
	f := &in.fields
	british := country.code == "GB"
	if country.name == "" {
		place := in.land(f.place)
		british = place.code == "GB" || strings.Contains(place.name, "companies house")
	} else if !british {
		return nil
	}
	n := upper(in.number[:0], f.number)
	in.number = n
	letters := 0
	for letters < len(n) && letters < 2 && 'A' <= n[letters] && n[letters] <= 'Z' {
		letters++
	}
	digits := n[letters:]
	if letters == 1 || len(digits) == 0 || len(n) > 8 || len(bytes.Trim(digits, "0123456789")) > 0 {
		return nil
	}
	if !british {
		if len(n) != 8 {
			return nil
		}
		in.report.Guessed.Add(in.line, "number", "%s: %s has the number %s of no stated country: taken as British", string(f.company), string(f.name), string(n))
	}
	if len(n) < 8 {
		zeros := 8 - len(n)
		in.number = append(n, "00000000"[:zeros]...)
		copy(in.number[letters+zeros:], in.number[letters:len(n)])
		copy(in.number[letters:], "00000000"[:zeros])
	}
	return in.number
}

// upper appends a text in capitals and without blanks.
func upper(to, s []byte) []byte {
	for _, c := range s {
		switch {
		case c >= utf8.RuneSelf:
			return append(to[:0], bytes.ToUpper(bytes.ReplaceAll(s, []byte(" "), nil))...)
		case 'a' <= c && c <= 'z':
			to = append(to, c-'a'+'A')
		case c != ' ':
			to = append(to, c)
		}
	}
	return to
}

// land is a country as the file names it.
type land struct{ name, code string } // in small letters, and by ISO 3166-1 or empty

// maxLands is the largest number of names of countries that are remembered.
const maxLands = 10_000

// land returns the country of a text.
func (in *reader) land(text []byte) land {
	if l, ok := in.lands[string(text)]; ok {
		return l
	}
	name := string(fold(nil, text))
	l := land{name, countryCode(name)}
	if len(in.lands) < maxLands {
		in.lands[string(text)] = l
	}
	return l
}

// countryCode returns the code of ISO 3166-1 of a country's name in lower case, or "" if it
// is not known.
func countryCode(name string) string {
	if code := strings.ToUpper(name); len(code) == 2 && iso3166.Valid(code) {
		return code
	}
	for _, part := range []string{"england", "wales", "scotland", "united kingdom", "northern ireland", "great britain"} {
		if strings.Contains(name, part) {
			return "GB"
		}
	}
	return countries[name]
}

var countries = map[string]string{
	"uk": "GB", "u.k.": "GB", "britain": "GB", "usa": "US", "u.s.a.": "US", "united states": "US", "united states of america": "US",
	"delaware": "US", "ireland": "IE", "republic of ireland": "IE", "germany": "DE", "france": "FR", "netherlands": "NL", "the netherlands": "NL",
	"belgium": "BE", "luxembourg": "LU", "switzerland": "CH", "austria": "AT", "italy": "IT", "spain": "ES", "portugal": "PT", "sweden": "SE",
	"norway": "NO", "denmark": "DK", "finland": "FI", "poland": "PL", "cyprus": "CY", "malta": "MT", "greece": "GR", "jersey": "JE",
	"guernsey": "GG", "isle of man": "IM", "gibraltar": "GI", "bermuda": "BM", "cayman islands": "KY", "british virgin islands": "VG",
	"virgin islands, british": "VG", "hong kong": "HK", "singapore": "SG", "china": "CN", "japan": "JP", "india": "IN", "australia": "AU",
	"new zealand": "NZ", "canada": "CA", "united arab emirates": "AE", "israel": "IL", "south africa": "ZA", "panama": "PA", "mauritius": "MU",
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// clean appends a text with single blanks, and without blanks at its ends and characters
// that show nothing.
func clean(to, s []byte) []byte {
	start, blank := len(to), false
	for len(s) > 0 {
		r, size := rune(s[0]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(s)
		}
		switch {
		case r > ' ' && r < 0x7f:
			if blank {
				to = append(to, ' ')
			}
			to, blank = append(to, byte(r)), false
		case unicode.IsSpace(r):
			blank = len(to) > start
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
		default:
			if blank {
				to = append(to, ' ')
			}
			to, blank = append(to, s[:size]...), false
		}
		s = s[size:]
	}
	return to
}

// fold appends a text as [clean] does, in lower case.
func fold(to, s []byte) []byte {
	start := len(to)
	to = clean(to, s)
	for i, c := range to[start:] {
		switch {
		case 'A' <= c && c <= 'Z':
			to[start+i] = c + 'a' - 'A'
		case c >= utf8.RuneSelf:
			return append(to[:start], bytes.ToLower(bytes.Clone(to[start:]))...)
		}
	}
	return to
}

// maxPart is the largest length of a name in an id.
const maxPart = 120

// within shortens the part of an id that begins at from, if it is too long. A short hash of the
// whole then tells it from others.
func within(id []byte, from int) []byte {
	if len(id)-from <= maxPart {
		return id
	}
	sum := sha256.Sum256(id[from:])
	n := from + maxPart - 18
	for n > from && !utf8.RuneStart(id[n]) {
		n--
	}
	for n > from && id[n-1] == ' ' {
		n--
	}
	return fmt.Appendf(id[:n], "~%x", sum[:8])
}

package crossholding

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// agreements reads the list. Ids of agreements are separate from those of companies and
// parties, so that an agreement cannot be taken for a holder.
func (p *parser) agreements(list []Agreement) {
	ids := make(map[string]string, len(list))
	if len(list) > maxAgreements {
		p.Add("agreements", ErrTooLarge, "%d agreements; at most %d are read", len(list), maxAgreements)
		return
	}
	for i, in := range list {
		p.About = text.Truncate(in.ID, input.MaxText)
		place := fmt.Sprintf("agreements[%d]", i)
		p.identify(place, in.ID, ids)
		p.agreement(place, in)
	}
	p.About = ""
}

// maxAgreements is the largest number of agreements of a book. Agreements are checked
// against one another.
const maxAgreements = 5000

func (p *parser) agreement(place string, in Agreement) {
	in.Holders = slices.Clone(in.Holders)
	slices.Sort(in.Holders)
	rec := agreementRecord{Agreement: in}
	p.period(place, in.From, in.To)
	if len(in.Holders) == 0 && in.Kind != AgreementCeiling && in.Kind != AgreementCap {
		p.Add(place+".holders", ErrAgreement, "%s has no holders", in.ID)
	}
	for i, h := range in.Holders {
		p.reference(fmt.Sprintf("%s.holders[%d]", place, i), "holder", h)
		if i > 0 && h == in.Holders[i-1] {
			p.Add(place+".holders", ErrDuplicate, "%s names %q twice", in.ID, h)
		}
	}
	needsIssuer, needsLeader, needsMax, needsMin := false, false, false, false
	switch in.Kind {
	case AgreementFollow, AgreementProxy:
		needsLeader = true
	case AgreementNeutral, AgreementConcert:
	case AgreementCap, AgreementDirectors, AgreementStandstill, AgreementCeiling:
		needsIssuer, needsMax = true, true
	case AgreementLockUp:
		needsIssuer, needsMin = true, true
	case AgreementPreemption:
		needsIssuer = true
	default:
		p.Add(place+".kind", ErrAgreement, "%s: %q is not a kind of agreement; the kinds are follow, proxy, neutral, cap, concert, directors, lock-up, standstill, pre-emption and ceiling", in.ID, in.Kind)
	}
	p.agreementIssuer(place, &in, needsIssuer || in.WhileSuspended != "")
	p.agreementLeader(place, &in, needsLeader)
	rec.max = p.fraction(place+".max", in.ID, "max", in.Max, needsMax)
	rec.min = p.fraction(place+".min", in.ID, "min", in.Min, needsMin)
	rec.Max, rec.Min = canonical(in.Max, rec.max), canonical(in.Min, rec.min)
	switch in.Kind {
	case AgreementLockUp, AgreementStandstill, AgreementPreemption, AgreementCeiling:
		if in.WhileSuspended != "" {
			p.Add(place+".while_suspended", ErrAgreement, "%s: a %s binds whatever votes are suspended", in.ID, in.Kind)
		}
	}
	if in.WhileSuspended != "" {
		p.reference(place+".while_suspended", "holder", in.WhileSuspended)
	}
	if in.Kind != AgreementCap && (in.Of != "" || in.Excess != "") {
		p.Add(place, ErrAgreement, "%s: only a cap can have of and excess", in.ID)
	}
	switch in.Of {
	case "", BasisExercisable, BasisTheoretical, BasisCapital:
	default:
		p.Add(place+".of", ErrAgreement, "%s: %q is not exercisable, theoretical or capital", in.ID, in.Of)
	}
	switch in.Excess {
	case "", CapExcessStays, CapExcessLeaves:
	default:
		p.Add(place+".excess", ErrAgreement, "%s: %q is not stays or leaves", in.ID, in.Excess)
	}
	p.l.agreements = append(p.l.agreements, rec)
}

func (p *parser) agreementIssuer(place string, in *Agreement, needed bool) {
	if in.Issuer == "" && !needed {
		return
	}
	if p.reference(place+".issuer", "issuer", in.Issuer) && p.l.company(in.Issuer) == nil {
		p.Add(place+".issuer", ErrAgreement, "%s is about votes in %q, which has no shares", in.ID, in.Issuer)
	}
}

func (p *parser) agreementLeader(place string, in *Agreement, needed bool) {
	switch {
	case needed && in.Issuer != "" && in.Leader == in.Issuer:
		p.Add(place+".leader", ErrAgreement, "%s: %q cannot vote in its own meeting", in.ID, in.Leader)
	case !needed && in.Leader != "":
		p.Add(place+".leader", ErrAgreement, "%s: a %s agreement has no leader", in.ID, in.Kind)
	case needed && p.reference(place+".leader", "leader", in.Leader) && slices.Contains(in.Holders, in.Leader):
		p.Add(place+".leader", ErrAgreement, "%s: %q cannot direct its own votes", in.ID, in.Leader)
	}
}

func (p *parser) fraction(place, id, what, text string, needed bool) ratio.Ratio {
	if text == "" {
		if needed {
			p.Add(place, ErrMissing, "%s: no %s", id, what)
		}
		return ratio.Ratio{}
	}
	r, err := ratio.Parse(text)
	if err != nil {
		p.Check(place, err)
	} else if p.Ambiguous(place, id+": a "+what, text, r) {
	} else if r.Sign() < 0 || ratio.Int(1).Less(r) {
		p.Add(place, ErrRange, "%s: a %s of %s is not within 0 and 1", id, what, text)
	}
	return r
}

// checkAgreements reports agreements that contradict one another on the ledger's day: two
// caps that name one holder, or that bind everyone, two leaders of one holder, and holders that lead one
// another in a cycle. It assumes that every WhileSuspended condition is met.
func (f *faults) checkAgreements(l *ledger) {
	led := leaderIndex{}
	caps := map[[2]string]*agreementRecord{} // by holder and issuer
	var special []*agreementRecord           // agreements about one issuer, checked after the others
	for i := range l.agreements {
		a := &l.agreements[i]
		switch {
		case !date.Within(l.asOf, a.From, a.To):
		case a.directs() && a.Issuer != "":
			special = append(special, a)
		case a.directs():
			f.addLeader(led, a)
		case a.Kind == AgreementCap:
			if b := caps[[2]string{"", a.Issuer}]; b != nil && len(a.Holders) == 0 {
				f.Add("agreements."+a.ID, ErrAgreement, "everyone in %s is capped twice: %s (%s) and %s (%s)", a.Issuer, b.Max, b.ID, a.Max, a.ID)
			}
			if len(a.Holders) == 0 {
				caps[[2]string{"", a.Issuer}] = a
			}
			for _, h := range a.Holders {
				key := [2]string{h, a.Issuer}
				if b := caps[key]; b != nil {
					f.Add("agreements."+a.ID, ErrAgreement, "%s in %s is capped twice: %s (%s) and %s (%s)", h, a.Issuer, b.Max, b.ID, a.Max, a.ID)
				}
				caps[key] = a
			}
		}
	}
	for _, a := range special {
		f.addLeader(led, a)
	}
	f.leaderCycles(led)
}

// leaderIndex gives the agreement that directs a holder's votes at an issuer. The issuer
// "" is for all issuers without an entry of their own.
type leaderIndex map[[2]string]*agreementRecord

func (l leaderIndex) of(holder, issuer string) *agreementRecord {
	if a := l[[2]string{holder, issuer}]; a != nil {
		return a
	}
	return l[[2]string{holder, ""}]
}

func (f *faults) addLeader(led leaderIndex, a *agreementRecord) {
	for _, h := range a.Holders {
		if b := led.of(h, a.Issuer); b != nil && b.Leader != a.Leader {
			f.Add("agreements."+a.ID, ErrAgreement, "%s votes as %s directs (%s) and as %s directs (%s)", h, b.Leader, b.ID, a.Leader, a.ID)
		}
		led[[2]string{h, a.Issuer}] = a
	}
}

// maxLeaderSteps limits the search for cycles of leaders.
const maxLeaderSteps = 10_000_000

// leaderCycles reports each cycle of leaders once, from its first member by name. A cycle
// at one issuer that is also a cycle at all issuers is reported for all.
func (f *faults) leaderCycles(led leaderIndex) {
	if len(led) == 0 {
		return
	}
	keys := slices.SortedFunc(maps.Keys(led), func(a, b [2]string) int {
		return cmp.Or(strings.Compare(a[1], b[1]), strings.Compare(a[0], b[0]))
	})
	from := map[[2]string]int{} // number of the first walk that came here
	steps, seen := 0, map[string]bool{}
	for walk, key := range keys {
		holder, issuer := key[0], key[1]
		for a := led[key]; a != nil && from[[2]string{holder, issuer}] == 0; a = led.of(holder, issuer) {
			if steps++; steps > maxLeaderSteps {
				f.Add("agreements", ErrTooLarge, "too many agreements on leaders to search for cycles")
				return
			}
			from[[2]string{holder, issuer}] = walk + 1
			holder = a.Leader
		}
		if from[[2]string{holder, issuer}] != walk+1 || led.of(holder, issuer).Leader == holder {
			continue // no cycle, or a holder that leads itself, which is another fault
		}
		cycle, id := []string{holder}, led.of(holder, issuer).ID
		for h := led.of(holder, issuer).Leader; h != holder; h = led.of(h, issuer).Leader {
			cycle = append(cycle, h)
		}
		first := slices.Index(cycle, slices.Min(cycle))
		cycle = slices.Concat(cycle[first:], cycle[:first+1])
		if text := strings.Join(cycle, " -> "); !seen[text] {
			seen[text] = true
			f.Add("agreements."+id, ErrAgreement, "holders that vote as one another direct: %s", text)
		}
	}
}

// maxFractionText is the largest length of a fraction in canonical form.
const maxFractionText = 60

// canonical writes a fraction in one form, independent of the notation in which it was
// given, if that form can be read again.
func canonical(text string, r ratio.Ratio) string {
	if text == "" {
		return ""
	}
	if short := r.PercentString(); len(short) < maxFractionText || strings.HasSuffix(short, "%") {
		return short
	}
	return text
}

package crossholding

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// AgreementKind names what an agreement does.
type AgreementKind string

// The kinds of agreement. The first four change who casts votes and how many;
// they apply after the law, in this order: follow and proxy, neutral, cap. A
// lock-up or standstill makes a step of a [Scenario] fail by which the holder
// itself sells below, or buys above, what it promised; it counts the shares
// held for its money.
const (
	AgreementFollow     AgreementKind = "follow"     // the holders vote as Leader directs
	AgreementProxy      AgreementKind = "proxy"      // Leader casts the holders' votes
	AgreementNeutral    AgreementKind = "neutral"    // the holders vote so that they never move a result
	AgreementCap        AgreementKind = "cap"        // the holders together cast at most Max of the votes
	AgreementConcert    AgreementKind = "concert"    // the holders act together: one seed of control, see [Control.Concerts]
	AgreementDirectors  AgreementKind = "directors"  // the holders together appoint Max of the board
	AgreementLockUp     AgreementKind = "lock-up"    // each holder keeps at least Min of the issued shares
	AgreementStandstill AgreementKind = "standstill" // each holder stays at or below Max of the issued shares
)

// Agreement is a contract among holders. Plain data.
type Agreement struct {
	ID      string        `json:"id"`
	Kind    AgreementKind `json:"kind"`
	Holders []string      `json:"holders,omitempty"`
	Issuer  string        `json:"issuer,omitempty"` // Follow, Proxy, NeutralVotes and Concert: all issuers if empty
	Leader  string        `json:"leader,omitempty"` // of Follow and Proxy; it never votes in its own meeting
	Max     string        `json:"max,omitempty"`    // "15%" or "1/3"
	Min     string        `json:"min,omitempty"`    // of a lock-up
	Of      Basis         `json:"of,omitempty"`     // what a cap's Max is a fraction of, default Exercisable
	Excess  CapExcess     `json:"excess,omitempty"` // where the votes above a cap go, default: VotingOptions
	// WhileSuspended suspends the agreement unless this holder has no
	// exercisable votes in Issuer: a cap that lapses once another may vote.
	WhileSuspended string    `json:"while_suspended,omitempty"`
	From           date.Date `json:"from,omitempty"` // first day in force
	To             date.Date `json:"to,omitempty"`   // last day in force
}

// Basis says what votes are counted against.
type Basis string

// The bases.
const (
	BasisExercisable Basis = "exercisable" // votes after the law
	BasisTheoretical Basis = "theoretical" // all votes, treasury and suspended ones too
	BasisCapital     Basis = "capital"     // issued shares
)

// CapExcess says whether votes above a cap stay in the base that they are a
// percentage of. The wording of caps leaves both readings open.
type CapExcess string

// The readings of a cap.
const (
	CapExcessStays  CapExcess = "stays"  // Max of all exercisable votes
	CapExcessLeaves CapExcess = "leaves" // Max of the votes that can still be cast
)

// agreementRecord is an agreement that was read and checked.
type agreementRecord struct {
	Agreement
	max, min ratio.Ratio
}

// directs reports whether the agreement names who casts the holders' votes.
func (a *agreementRecord) directs() bool {
	return a.Kind == AgreementFollow || a.Kind == AgreementProxy
}

// votes reports whether the agreement changes votes.
func (a *agreementRecord) votes() bool {
	return a.directs() || a.Kind == AgreementNeutral || a.Kind == AgreementCap
}

func (a *agreementRecord) covers(issuer string) bool { return a.Issuer == "" || a.Issuer == issuer }

// agreements reads the list. Their names are kept apart from those of companies
// and parties, so that none of them can be taken for a holder.
func (p *parser) agreements(list []Agreement) {
	ids := make(map[string]string, len(list))
	if len(list) > maxAgreements {
		p.add("agreements", ErrTooLarge, "%d agreements; at most %d are read", len(list), maxAgreements)
		return
	}
	for i, in := range list {
		p.about = clip(in.ID, maxReason)
		place := fmt.Sprintf("agreements[%d]", i)
		p.identify(place, in.ID, ids)
		p.agreement(place, in)
	}
	p.about = ""
}

// maxAgreements bounds the agreements of a book: they are checked against one
// another.
const maxAgreements = 5000

func (p *parser) agreement(place string, in Agreement) {
	in.Holders = slices.Clone(in.Holders)
	slices.Sort(in.Holders)
	rec := agreementRecord{Agreement: in}
	p.period(place, in.From, in.To)
	if len(in.Holders) == 0 {
		p.add(place+".holders", ErrAgreement, "%s is an agreement of nobody", in.ID)
	}
	for i, h := range in.Holders {
		p.reference(fmt.Sprintf("%s.holders[%d]", place, i), "holder", h)
		if i > 0 && h == in.Holders[i-1] {
			p.add(place+".holders", ErrDuplicate, "%s names %q twice", in.ID, h)
		}
	}
	needsIssuer, needsLeader, needsMax, needsMin := false, false, false, false
	switch in.Kind {
	case AgreementFollow, AgreementProxy:
		needsLeader = true
	case AgreementNeutral, AgreementConcert:
	case AgreementCap, AgreementDirectors, AgreementStandstill:
		needsIssuer, needsMax = true, true
	case AgreementLockUp:
		needsIssuer, needsMin = true, true
	default:
		p.add(place+".kind", ErrAgreement, "%s: %q is no kind of agreement", in.ID, in.Kind)
	}
	p.agreementIssuer(place, &in, needsIssuer || in.WhileSuspended != "")
	p.agreementLeader(place, &in, needsLeader)
	rec.max = p.fraction(place+".max", in.ID, "max", in.Max, needsMax)
	rec.min = p.fraction(place+".min", in.ID, "min", in.Min, needsMin)
	rec.Max, rec.Min = canonical(in.Max, rec.max), canonical(in.Min, rec.min)
	if in.WhileSuspended != "" {
		p.reference(place+".while_suspended", "holder", in.WhileSuspended)
	}
	if in.Kind != AgreementCap && (in.Of != "" || in.Excess != "") {
		p.add(place, ErrAgreement, "%s: of and excess belong to a cap", in.ID)
	}
	switch in.Of {
	case "", BasisExercisable, BasisTheoretical, BasisCapital:
	default:
		p.add(place+".of", ErrAgreement, "%s: %q is not exercisable, theoretical or capital", in.ID, in.Of)
	}
	switch in.Excess {
	case "", CapExcessStays, CapExcessLeaves:
	default:
		p.add(place+".excess", ErrAgreement, "%s: %q is not stays or leaves", in.ID, in.Excess)
	}
	p.l.agreements = append(p.l.agreements, rec)
}

func (p *parser) agreementIssuer(place string, in *Agreement, needed bool) {
	if in.Issuer == "" && !needed {
		return
	}
	if p.reference(place+".issuer", "issuer", in.Issuer) && p.l.company(in.Issuer) == nil {
		p.add(place+".issuer", ErrAgreement, "%s is about votes in %q, which has no shares", in.ID, in.Issuer)
	}
}

func (p *parser) agreementLeader(place string, in *Agreement, needed bool) {
	switch {
	case needed && in.Issuer != "" && in.Leader == in.Issuer:
		p.add(place+".leader", ErrAgreement, "%s: %q cannot vote in its own meeting", in.ID, in.Leader)
	case !needed && in.Leader != "":
		p.add(place+".leader", ErrAgreement, "%s: a %s agreement has no leader", in.ID, in.Kind)
	case needed && p.reference(place+".leader", "leader", in.Leader) && slices.Contains(in.Holders, in.Leader):
		p.add(place+".leader", ErrAgreement, "%s: %q cannot direct its own votes", in.ID, in.Leader)
	}
}

func (p *parser) fraction(place, id, what, text string, needed bool) ratio.Ratio {
	if text == "" {
		if needed {
			p.add(place, ErrMissing, "%s: no %s", id, what)
		}
		return ratio.Ratio{}
	}
	r, err := ratio.Parse(text)
	if err != nil {
		p.check(place, err)
	} else if p.ambiguous(place, id+": a "+what, text, r) {
	} else if r.Sign() < 0 || ratio.Int(1).Less(r) {
		p.add(place, ErrRange, "%s: a %s of %s is not within 0 and 1", id, what, text)
	}
	return r
}

// checkAgreements reports agreements that contradict one another on the
// ledger's day: two caps on one holder's votes, two leaders, leaders in a
// circle. What an agreement waits for (WhileSilent) is not looked at.
func (f *faults) checkAgreements(l *ledger) {
	led := leaders{}
	caps := map[[2]string]*agreementRecord{} // by holder and issuer
	var special []*agreementRecord           // those about one issuer, after the others
	for i := range l.agreements {
		a := &l.agreements[i]
		switch {
		case !date.Within(l.asOf, a.From, a.To):
		case a.directs() && a.Issuer != "":
			special = append(special, a)
		case a.directs():
			f.addLeader(led, a)
		case a.Kind == AgreementCap:
			for _, h := range a.Holders {
				key := [2]string{h, a.Issuer}
				if b := caps[key]; b != nil {
					f.add("agreements."+a.ID, ErrAgreement, "%s in %s is capped twice: %s (%s) and %s (%s)", h, a.Issuer, b.Max, b.ID, a.Max, a.ID)
				}
				caps[key] = a
			}
		}
	}
	for _, a := range special {
		f.addLeader(led, a)
	}
	f.leaderCircles(led)
}

// leaders says as whom a holder votes at an issuer; at the issuer "" wherever
// nothing else is said.
type leaders map[[2]string]*agreementRecord

func (l leaders) of(holder, issuer string) *agreementRecord {
	if a := l[[2]string{holder, issuer}]; a != nil {
		return a
	}
	return l[[2]string{holder, ""}]
}

func (f *faults) addLeader(led leaders, a *agreementRecord) {
	for _, h := range a.Holders {
		if b := led.of(h, a.Issuer); b != nil && b.Leader != a.Leader {
			f.add("agreements."+a.ID, ErrAgreement, "%s votes as %s directs (%s) and as %s directs (%s)", h, b.Leader, b.ID, a.Leader, a.ID)
		}
		led[[2]string{h, a.Issuer}] = a
	}
}

// maxLeaderSteps bounds the search for circles of leaders.
const maxLeaderSteps = 10_000_000

// leaderCircles reports each circle once, from its first member by name. A
// circle at one issuer that is one at all is reported for all.
func (f *faults) leaderCircles(led leaders) {
	keys := slices.SortedFunc(maps.Keys(led), func(a, b [2]string) int {
		return cmp.Or(strings.Compare(a[1], b[1]), strings.Compare(a[0], b[0]))
	})
	from := map[[2]string]int{} // the walk that was here first
	steps, seen := 0, map[string]bool{}
	for walk, key := range keys {
		holder, issuer := key[0], key[1]
		for a := led[key]; a != nil && from[[2]string{holder, issuer}] == 0; a = led.of(holder, issuer) {
			if steps++; steps > maxLeaderSteps {
				f.add("agreements", ErrTooLarge, "too many voters led by others to look for circles")
				return
			}
			from[[2]string{holder, issuer}] = walk + 1
			holder = a.Leader
		}
		if from[[2]string{holder, issuer}] != walk+1 || led.of(holder, issuer).Leader == holder {
			continue // no circle, or one's own leader, which is a fault by itself
		}
		circle, id := []string{holder}, led.of(holder, issuer).ID
		for h := led.of(holder, issuer).Leader; h != holder; h = led.of(h, issuer).Leader {
			circle = append(circle, h)
		}
		first := slices.Index(circle, slices.Min(circle))
		circle = slices.Concat(circle[first:], circle[:first+1])
		if text := strings.Join(circle, " -> "); !seen[text] {
			seen[text] = true
			f.add("agreements."+id, ErrAgreement, "voters in a circle: %s", text)
		}
	}
}

// maxFractionText is how long a fraction may be to be written as one.
const maxFractionText = 60

// canonical writes a fraction in one way, whichever it was given in, if that
// can be read again.
func canonical(text string, r ratio.Ratio) string {
	if text == "" {
		return ""
	}
	if short := r.PercentString(); len(short) < maxFractionText || strings.HasSuffix(short, "%") {
		return short
	}
	return text
}

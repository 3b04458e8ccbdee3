package crossholding

import "fmt"

// AgreementKind names what an agreement does.
type AgreementKind string

// The kinds of agreement.
const (
	Cap AgreementKind = "cap" // the holders together cast at most Max of the votes
)

// Agreement is a contract that changes who may cast which votes. Plain data.
type Agreement struct {
	ID      string        `json:"id"`
	Kind    AgreementKind `json:"kind"`
	Holders []string      `json:"holders,omitempty"`
	Issuer  string        `json:"issuer,omitempty"`
	Max     string        `json:"max,omitempty"`    // of a cap: "15%" or "1/3"
	Of      VoteBase      `json:"of,omitempty"`     // what Max is a fraction of, default Exercisable
	Excess  CapExcess     `json:"excess,omitempty"` // where the votes above the cap go, default: VotingOptions
	From    Date          `json:"from,omitempty"`
	To      Date          `json:"to,omitempty"`
}

// VoteBase says what votes are counted against.
type VoteBase string

// The bases.
const (
	Exercisable VoteBase = "exercisable" // votes after the law
	Theoretical VoteBase = "theoretical" // all votes, treasury and suspended ones too
	Capital     VoteBase = "capital"     // issued shares
)

// CapExcess says whether votes above a cap stay in the base that they are a
// percentage of. The wording of caps leaves both readings open.
type CapExcess string

// The readings of a cap.
const (
	ExcessStays  CapExcess = "stays"  // Max of all exercisable votes
	ExcessLeaves CapExcess = "leaves" // Max of the votes that can still be cast
)

// agreementRec is an agreement that was read and checked.
type agreementRec struct {
	Agreement
	max Ratio
}

func (p *parser) agreement(place string, in Agreement) {
	rec := agreementRec{Agreement: in}
	p.identify(place, in.ID)
	p.period(place, in.From, in.To)
	if len(in.Holders) == 0 {
		p.add(place+".holders", ErrAgreement, "%s is an agreement of nobody", in.ID)
	}
	for i, h := range in.Holders {
		p.reference(fmt.Sprintf("%s.holders[%d]", place, i), "holder", h)
	}
	switch in.Kind {
	case Cap:
		p.cap(place, &rec)
	default:
		p.add(place+".kind", ErrAgreement, "%q is no kind of agreement", in.Kind)
	}
	p.l.agreements = append(p.l.agreements, rec)
}

func (p *parser) cap(place string, rec *agreementRec) {
	if p.reference(place+".issuer", "issuer", rec.Issuer) && p.l.company(rec.Issuer) == nil {
		p.add(place+".issuer", ErrAgreement, "%s caps votes in %q, which has no shares", rec.ID, rec.Issuer)
	}
	max, err := parseRatio(rec.Max)
	if err != nil {
		p.check(place+".max", err)
	} else if max.Sign() < 0 || Int(1).Less(max) {
		p.add(place+".max", ErrRange, "%s: a cap of %s is not within 0 and 1", rec.ID, rec.Max)
	}
	rec.max = max
	switch rec.Of {
	case "", Exercisable, Theoretical, Capital:
	default:
		p.add(place+".of", ErrAgreement, "%s: %q is not exercisable, theoretical or capital", rec.ID, rec.Of)
	}
	switch rec.Excess {
	case "", ExcessStays, ExcessLeaves:
	default:
		p.add(place+".excess", ErrAgreement, "%s: %q is not stays or leaves", rec.ID, rec.Excess)
	}
}

package whatif

import (
	"context"
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// FigureKind says what a [Figure] counts, and of what it is a fraction.
type FigureKind string

// These are the kinds of figures. Fractions are 0..1, except that the integrated ownership
// of a company in a loop can be above 1.
const (
	Shares       FigureKind = "shares"        // shares in the holder's name, all classes
	Capital      FigureKind = "capital"       // shares in the holder's name / issued shares
	Economic     FigureKind = "economic"      // dividend-weighted shares for the holder's money / outstanding
	Integrated   FigureKind = "integrated"    // ownership directly and through others
	FirstPassage FigureKind = "first_passage" // the same, without paths that return to the holder
	Theoretical  FigureKind = "theoretical"   // votes before the law / all votes, treasury counted in
	Exercisable  FigureKind = "exercisable"   // votes that the law leaves / all that it leaves
	Free         FigureKind = "free"          // votes that the holder casts as it likes / votes that can move a result
	Neutral      FigureKind = "neutral"       // votes that never move a result / exercisable votes

	TheoreticalVotes FigureKind = "theoretical_votes" // the same as numbers of votes
	ExercisableVotes FigureKind = "exercisable_votes"
	FreeVotes        FigureKind = "free_votes"
	NeutralVotes     FigureKind = "neutral_votes"

	// Suspended is the number of votes of the holder that statutes take away. With Rule it
	// is that of one statute, which must be law in the issuer's country.
	Suspended FigureKind = "suspended"
	// Control is 1 if the holder controls the issuer, and otherwise 0.
	Control FigureKind = "control"
	// Reached is the highest limit that the holder reaches under the threshold Rule, as a
	// fraction of the rule's base, and 0 if it reaches none. If the rule has several bases,
	// one of them is enough. The stakes are those of [compliance.Thresholds]. Rule is a
	// threshold of the issuer's country, or a statute on reciprocity of the holder's. It counts
	// as 0 on days on which it is not in force, and where only listed companies have it and
	// the issuer is not listed.
	Reached FigureKind = "reached"

	Value         FigureKind = "value"           // of the stake, or of all stakes without an issuer
	Cost          FigureKind = "cost"            // of the stake, or of all stakes without an issuer
	Gain          FigureKind = "gain"            // value less cost
	ValueOverCost FigureKind = "value_over_cost" // 1/2 means that half of the cost is lost

	// These are figures of the Holder itself, a company, on the prices of the book's market,
	// with the loops of cross-holdings counted in full (see package value).
	OwnBusiness   FigureKind = "own_business"   // what the price leaves for it without its stakes: the stub, which can be negative
	StakesValue   FigureKind = "stakes_value"   // the value of its stakes in companies of the book
	ExternalValue FigureKind = "external_value" // the part of its value that owners outside the book's companies have
)

// Figure names one number that an alliance has. It is plain data.
type Figure struct {
	Kind   FigureKind `json:"figure"`
	Holder string     `json:"holder"`
	Issuer string     `json:"issuer,omitempty"` // may be empty only for values: the whole portfolio; empty for figures of the holder itself
	Rule   string     `json:"rule,omitempty"`   // id of a statute (Suspended), or of a threshold or a statute on reciprocity (Reached)
}

// String returns the figure in words.
func (f Figure) String() string {
	text := fmt.Sprintf("%s of %s", strings.ReplaceAll(string(f.Kind), "_", " "), f.Holder)
	if f.Issuer != "" {
		text += " in " + f.Issuer
	}
	if f.Rule != "" {
		text += " by " + f.Rule
	}
	return text
}

// Options says how figures are computed. The zero value is the default of each question.
type Options struct {
	// Control says what control is, and how votes are counted.
	Control crossholding.ControlOptions
	// Valuation says how stakes are valued on the market of the book.
	Valuation crossholding.ValuationOptions
	// Ownership bounds exact fractions of integrated ownership.
	Ownership crossholding.OwnershipOptions
	// Thresholds are the rules of [Reached]. Its Voting, Holder and Issuer are those of the
	// figure and of Control.
	Thresholds compliance.ThresholdOptions
	// Probes is the number of further amounts at which [Solve] tests that the condition
	// changes only once, at most 65,536. 0 means 16. Below 0 there are none.
	Probes int
	// Workers is the number of goroutines of a sweep. 0 means one for each processor.
	// Results do not depend on it.
	Workers int
}

// At returns the figure of an alliance. Values are in the currency of the options or of the
// market.
//
// It fails with [crossholding.ErrUnknown] for an unknown kind, holder, issuer or rule and for
// a rule of another country, with [crossholding.ErrMissing] without an issuer or a rule that
// the kind needs, and with the errors of the question that has the figure, such as
// [crossholding.Alliance.Votes].
func (f Figure) At(ctx context.Context, a *crossholding.Alliance, opt Options) (ratio.Ratio, error) {
	ctx, a = given(ctx, a)
	p, err := f.measure(ctx, a, opt, false)
	return p.figure, withPrefix(err)
}

// measured is a figure with the sentences that show where it comes from.
type measured struct {
	figure  ratio.Ratio
	because []string
}

// group is a question that has figures of some kinds.
type group uint8

const (
	noGroup group = iota
	ofOwnership
	ofVotes
	ofControl
	ofThresholds
	ofValue
	ofLookThrough
)

// kindOfFigure is a kind with the question that has its figures. Parts are figures that are parts of
// a whole, which are never above 1.
type kindOfFigure struct {
	kind FigureKind
	of   group
	part bool
}

var figureKinds = []kindOfFigure{
	{Shares, ofOwnership, false}, {Capital, ofOwnership, true}, {Economic, ofOwnership, true},
	{Integrated, ofOwnership, false}, {FirstPassage, ofOwnership, true},
	{Theoretical, ofVotes, true}, {Exercisable, ofVotes, true}, {Free, ofVotes, true}, {Neutral, ofVotes, true},
	{TheoreticalVotes, ofVotes, false}, {ExercisableVotes, ofVotes, false}, {FreeVotes, ofVotes, false},
	{NeutralVotes, ofVotes, false}, {Suspended, ofVotes, false},
	{Control, ofControl, false}, {Reached, ofThresholds, true},
	{Value, ofValue, false}, {Cost, ofValue, false}, {Gain, ofValue, false}, {ValueOverCost, ofValue, false},
	{OwnBusiness, ofLookThrough, false}, {StakesValue, ofLookThrough, false}, {ExternalValue, ofLookThrough, false},
}

// entry returns what the table says of a kind, and noGroup for an unknown one.
func (k FigureKind) entry() kindOfFigure {
	for _, e := range figureKinds {
		if e.kind == k {
			return e
		}
	}
	return kindOfFigure{}
}

// group says which question has the figures of a kind.
func (k FigureKind) group() group { return k.entry().of }

// isPart reports whether figures of a kind are parts of a whole.
func (k FigureKind) isPart() bool { return k.entry().part }

// check adds the faults of a figure that do not depend on an alliance.
func (f Figure) check(bad *faults, place string) {
	asked := f.Kind.group()
	switch {
	case f.Kind == "":
		bad.Add(place, crossholding.ErrMissing, "a figure without a kind")
		return
	case asked == noGroup:
		kinds := make([]string, len(figureKinds))
		for i := range figureKinds {
			kinds[i] = string(figureKinds[i].kind)
		}
		bad.Add(input.Join(place, "figure"), crossholding.ErrUnknown, "%q is no kind of figure; those are %s", clip(string(f.Kind)), strings.Join(kinds, ", "))
		return
	}
	if f.Holder == "" {
		bad.Add(input.Join(place, "holder"), crossholding.ErrMissing, "%s of whom? The figure has no holder", f.Kind)
	}
	switch {
	case f.Issuer != "" && asked == ofLookThrough:
		bad.Add(input.Join(place, "issuer"), crossholding.ErrSyntax, "%s is a figure of %s itself, and the issuer %q has no use", f.Kind, f.Holder, clip(f.Issuer))
	case f.Issuer == "" && asked != ofValue && asked != ofLookThrough:
		bad.Add(input.Join(place, "issuer"), crossholding.ErrMissing, "%s in which company? The figure has no issuer", strings.TrimSuffix(f.String(), " of "))
	}
	switch {
	case f.Kind == Reached && f.Rule == "":
		bad.Add(input.Join(place, "rule"), crossholding.ErrMissing, "%s without the id of a threshold", f)
	case f.Rule != "" && f.Kind != Reached && f.Kind != Suspended:
		bad.Add(input.Join(place, "rule"), crossholding.ErrSyntax, "%s has no use for the rule %q", f, clip(f.Rule))
	}
}

// malformed returns the faults of a figure that is a question of its own.
func (f Figure) malformed() error {
	var bad faults
	f.check(&bad, "")
	return bad.err()
}

// clip shortens a text of the caller for a message.
func clip(s string) string { return input.Abbreviate(s) }

func (f Figure) measure(ctx context.Context, a *crossholding.Alliance, opt Options, explain bool) (measured, error) {
	if err := f.malformed(); err != nil {
		return measured{}, err
	}
	switch f.Kind.group() {
	case ofOwnership:
		return f.ownership(ctx, a, opt)
	case ofVotes:
		return f.votes(ctx, a, opt, explain)
	case ofControl:
		return f.control(ctx, a, opt, explain)
	case ofThresholds:
		return f.reached(ctx, a, opt, explain)
	case ofLookThrough:
		return f.lookThrough(ctx, a, opt)
	}
	return f.value(a, opt)
}

func (f Figure) ownership(ctx context.Context, a *crossholding.Alliance, opt Options) (measured, error) {
	o, err := a.Ownership(ctx, opt.Ownership)
	if err != nil {
		return measured{}, err
	}
	var r ratio.Ratio
	switch f.Kind {
	case Shares, Capital:
		if r, err = o.Capital(f.Holder, f.Issuer); err == nil && f.Kind == Shares {
			var company int32
			company, err = a.Graph().Company(f.Issuer)
			if err == nil {
				issued, _ := a.Graph().Issued(company)
				r = r.Mul(issued)
			}
		}
	case Economic:
		r, err = o.Direct(f.Holder, f.Issuer)
	case Integrated:
		r, err = o.Integrated(ctx, f.Holder, f.Issuer)
	default:
		r, err = o.FirstPassage(ctx, f.Holder, f.Issuer)
	}
	return measured{figure: r}, err
}

func (f Figure) votes(ctx context.Context, a *crossholding.Alliance, opt Options, explain bool) (measured, error) {
	v, err := a.Votes(ctx, opt.Control.Voting)
	if err != nil {
		return measured{}, err
	}
	count, err := v.Of(f.Holder, f.Issuer)
	if err != nil {
		return measured{}, err
	}
	meeting, err := v.Meeting(f.Issuer)
	if err != nil {
		return measured{}, err
	}
	var out measured
	switch f.Kind {
	case TheoreticalVotes:
		out.figure = count.Theoretical
	case Theoretical:
		out.figure = fraction(count.Theoretical, meeting.Theoretical)
	case ExercisableVotes:
		out.figure = count.Exercisable
	case Exercisable:
		out.figure = count.ExercisableShare
	case FreeVotes:
		out.figure = count.Free
	case Free:
		out.figure = count.FreeShare
	case NeutralVotes:
		out.figure = count.Neutral
	case Neutral:
		out.figure = fraction(count.Neutral, meeting.Exercisable)
	case Suspended:
		out.figure = count.Theoretical.Sub(count.Exercisable)
		if f.Rule != "" {
			out.figure = ratio.Ratio{}
			for _, r := range count.Reasons {
				if r.Rule == f.Rule {
					out.figure = out.figure.Add(r.Votes)
				}
			}
			if out.figure.IsZero() {
				if err := f.checkStatute(a, &opt.Control.Voting); err != nil {
					return measured{}, err
				}
			}
		}
	}
	if explain {
		for _, r := range count.Reasons {
			if f.Rule == "" || r.Rule == f.Rule {
				out.because = append(out.because, r.String())
			}
		}
	}
	return out, nil
}

// fraction returns part / whole, or 0 if the whole is 0.
func fraction(part, whole ratio.Ratio) ratio.Ratio {
	if whole.IsZero() {
		return ratio.Ratio{}
	}
	return part.Div(whole)
}

func (f Figure) control(ctx context.Context, a *crossholding.Alliance, opt Options, explain bool) (measured, error) {
	c, err := a.Control(ctx, opt.Control)
	if err != nil {
		return measured{}, err
	}
	var out measured
	yes := false
	if explain {
		var answer crossholding.ControlAnswer
		if answer, err = c.Why(ctx, f.Holder, f.Issuer); err == nil {
			yes = answer.Controlled
			out.because = []string{answer.String()}
		}
	} else {
		yes, err = c.Controls(ctx, f.Holder, f.Issuer)
	}
	if yes {
		out.figure = ratio.Int(1)
	}
	return out, err
}

func (f Figure) reached(ctx context.Context, a *crossholding.Alliance, opt Options, explain bool) (measured, error) {
	question := opt.Thresholds
	question.Voting, question.Holder, question.Issuer = opt.Control.Voting, f.Holder, f.Issuer
	positions, err := compliance.Thresholds(ctx, a, question)
	if err != nil {
		return measured{}, err
	}
	var out measured
	found := false
	for _, p := range positions {
		if p.Rule != f.Rule {
			continue
		}
		found = true
		if n := len(p.Reached); n > 0 && out.figure.Less(p.Reached[n-1]) {
			out.figure = p.Reached[n-1]
		}
		if explain {
			out.because = append(out.because, p.String())
		}
	}
	if !found {
		if err := f.checkThreshold(a, &question); err != nil {
			return measured{}, err
		}
	}
	return out, nil
}

func (f Figure) value(a *crossholding.Alliance, opt Options) (measured, error) {
	v, err := a.Value(a.Market(), opt.Valuation)
	if err != nil {
		return measured{}, err
	}
	var stake interface {
		Value() (crossholding.Money, error)
		Cost() (crossholding.Money, error)
		Gain() (crossholding.Money, error)
	}
	if f.Issuer == "" {
		stake, err = v.Portfolio(f.Holder)
	} else {
		stake, err = v.Stake(f.Holder, f.Issuer)
	}
	if err != nil {
		return measured{}, err
	}
	var m crossholding.Money
	switch f.Kind {
	case Value:
		m, err = stake.Value()
	case Cost:
		m, err = stake.Cost()
	case Gain:
		m, err = stake.Gain()
	default:
		var value, cost crossholding.Money
		if value, err = stake.Value(); err == nil {
			cost, err = stake.Cost()
		}
		if err == nil && cost.Amount.IsZero() {
			err = fmt.Errorf("%s: the cost is 0: %w", f, ratio.ErrDivisionByZero)
		}
		if err == nil {
			m.Amount = value.Amount.Div(cost.Amount)
		}
	}
	return measured{figure: m.Amount}, err
}

// lookThrough measures a figure of a company itself.
func (f Figure) lookThrough(ctx context.Context, a *crossholding.Alliance, opt Options) (measured, error) {
	l, err := value.NewLookThrough(ctx, a, value.Figures{Market: a.Market(), Currency: opt.Valuation.Currency})
	if err != nil {
		return measured{}, err
	}
	e, err := l.Of(f.Holder)
	if err != nil {
		return measured{}, err
	}
	var m crossholding.Money
	switch f.Kind {
	case OwnBusiness:
		m, err = e.Own()
	case StakesValue:
		m, err = e.Stakes()
	default:
		m, err = e.External()
	}
	return measured{figure: m.Amount}, err
}

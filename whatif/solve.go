package whatif

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Lever is a scenario with one open number. It is plain data.
//
//   - sell to outsiders: a trade to a float
//   - sell back: a buyback
//   - subscribe: an issue
//   - buy: a trade from a float or from a holder
//   - cancel: cancel, or a buyback of others' shares with Cancel
//   - entrust: entrust, or a release
//   - exercise a right: exercise
//   - a price or a rate: a reprice
type Lever struct {
	Steps []scenario.Step `json:"steps"`
	Open  Open            `json:"open,omitzero"`
	// Unit is the step between amounts: the answer is Min plus a multiple of it. By default it
	// is the trading lot of the step's issuer, or 1 share; of an exercise, 1 share; of a company
	// known only in percent, 0.01 percentage points; of a price, a rate, a ratio or a
	// percentage, 0.01; of a fraction, 0.0001; of other keys, 1.
	Unit ratio.Ratio `json:"unit,omitzero"`
	// Min and Max bound the amount. Min is 0 by default, and for a rate or a ratio it is Unit. Max of 0
	// means the most for which no step fails, up to 2^50 units.
	Min ratio.Ratio `json:"min,omitzero"`
	Max ratio.Ratio `json:"max,omitzero"`
	// Greatest asks for the greatest amount up to which the condition stays true. By default
	// the question is for the least amount that makes it true.
	Greatest bool `json:"greatest,omitempty"`
}

// Point is the condition at one amount. It is plain data.
type Point struct {
	Amount  ratio.Ratio `json:"amount"`
	Figure  ratio.Ratio `json:"figure"`
	Holds   bool        `json:"holds"`
	Because []string    `json:"because"` // sentences: the proof of control, the suspended votes, the limits
}

// Solution is the answer of [Solve] with its certificate. It is plain data.
type Solution struct {
	Goal   Goal        `json:"goal"`
	Lever  Lever       `json:"lever"` // with the Unit and Min that were used
	Amount ratio.Ratio `json:"amount"`
	// At is the condition at Amount, where it is true.
	At Point `json:"at"`
	// Beside is the condition one unit before Amount, or with Greatest one unit after it,
	// where it is false. It is nil if there is no such amount: the condition is true at Min
	// already, or with Greatest at every possible amount.
	Beside *Point `json:"beside"`
	// Bound says why no greater amount is possible, if the answer depends on that.
	Bound string `json:"bound,omitempty"`
	// Exact is the amount at which the figure equals the limit, if parts of a unit could
	// move. It is nil unless the figure is a linear-fractional function of the amount at all
	// amounts that were tried.
	Exact *ratio.Ratio `json:"exact"`
	// Tried is the number of amounts at which the condition was computed. It changes only
	// once among them.
	Tried int `json:"tried"`
}

// String returns the answer with its certificate as a sentence.
func (s Solution) String() string {
	text := fmt.Sprintf("%s = %s%s: the figure is %s", s.Lever.Open, s.Amount.Grouped(), s.Lever.step(), s.Goal.text(s.At.Figure))
	if s.Beside != nil {
		text += fmt.Sprintf("; at %s it is %s", s.Beside.Amount.Grouped(), s.Goal.text(s.Beside.Figure))
	}
	return text + " (" + s.Goal.String() + ")"
}

// step is the step with the open number, in words and in brackets after a blank.
func (l *Lever) step() string {
	if l.Open.Step < 0 || l.Open.Step >= len(l.Steps) {
		return ""
	}
	s := &l.Steps[l.Open.Step]
	text := string(s.Step)
	for _, part := range [][2]string{{" of ", cmp.Or(s.Issuer, s.ID)}, {" from ", s.From}, {" to ", s.To}, {" into ", s.Into}} {
		if part[1] != "" {
			text += part[0] + clip(part[1])
		}
	}
	return " (" + text + ")"
}

// Solve returns the least amount of a lever that makes a condition true, or with
// [Lever.Greatest] the greatest up to which it stays true. The amounts are Min plus
// multiples of Unit.
//
// The condition must change only once as the amount grows. Solve looks for the change of the
// condition by doubling the amount, and then for the exact unit by bisection. Where the figure is
// linear-fractional in the amount, such as a stake in a company that cancels shares, it computes the
// unit and confirms it. All figures are exact. Solve also computes the condition at [Options.Probes]
// further amounts, evenly spaced up to the end of the search, and refuses it if it changes more than
// once among all amounts that were tried. Between these amounts it is not tested.
//
// All faults of a malformed goal and lever are in one error. Solve fails with a
// [*NoSolutionError] if the condition is false at both ends, with [ErrNoSolution] if it is
// false at Min and Greatest is asked for, with a [*NotMonotoneError] if it changes more than
// once, with [crossholding.ErrUnknown], [crossholding.ErrMissing] or [crossholding.ErrRange]
// for a malformed goal or lever, with the errors of [scenario.Run] if a step fails at Min, and
// with those of [Figure.At].
func Solve(ctx context.Context, a *crossholding.Alliance, goal Goal, lever Lever, opt Options) (Solution, error) {
	ctx, a = given(ctx, a)
	s, err := newSearch(ctx, a, goal, lever, opt)
	if err != nil {
		return Solution{}, withPrefix(err)
	}
	stage := progress.Count(ctx, "amounts", 1)
	s.stage = &stage
	out, err := s.solve(ctx)
	s.stage.End()
	var none *NoSolutionError
	var not *NotMonotoneError
	if errors.As(err, &none) || errors.As(err, &not) {
		return Solution{}, err
	}
	return out, withPrefix(err)
}

// maxUnits is the largest number of units of a lever.
const maxUnits = 1 << 50

// search is one question of Solve. Amounts are Min + k units, for k from 0.
type search struct {
	runs  *runner
	goal  Goal
	lever Lever
	opt   Options
	knob  *knob
	last  int64 // the largest k that the lever allows
	tried map[int64]Point
	bound error // of the first amount that is not possible, if one was found
	stage *progress.Stage
}

func newSearch(ctx context.Context, a *crossholding.Alliance, goal Goal, lever Lever, opt Options) (*search, error) {
	if err := progress.Stopped(ctx, "whatif"); err != nil {
		return nil, err
	}
	var bad faults
	goal.check(&bad, "goal")
	k := lever.check(&bad, "lever")
	if err := bad.err(); err != nil {
		return nil, err
	}
	runs, err := newRunner(ctx, a, lever.Steps, lever.Open)
	if err != nil {
		return nil, err
	}
	if err := lever.fill(runs.start, k); err != nil {
		return nil, err
	}
	s := &search{runs: runs, goal: goal, lever: lever, opt: opt, knob: k, last: maxUnits, tried: map[int64]Point{}}
	if !lever.Max.IsZero() {
		n := lever.Max.Sub(lever.Min).Div(lever.Unit).Floor()
		if limit := ratio.Int(maxUnits); limit.Less(n) {
			return nil, fmt.Errorf("%s: %s units of %s between %s and %s, of at most 2^50: %w", lever.Open, n.Grouped(), lever.Unit, lever.Min, lever.Max, crossholding.ErrRange)
		}
		s.last = n.Num().Int64()
	}
	return s, nil
}

// check adds the faults of a lever that do not depend on an alliance, and makes its knob.
func (l *Lever) check(bad *faults, place string) *knob {
	k, err := l.Open.knob(l.Steps)
	bad.wrap(input.Join(place, "open"), err)
	if l.Unit.Sign() < 0 || l.Min.Sign() < 0 || l.Max.Sign() < 0 {
		bad.Add(place, crossholding.ErrRange, "%s: unit %s, min %s and max %s must not be negative", l.Open, l.Unit, l.Min, l.Max)
	}
	return k
}

// fill sets the defaults of a lever for the alliance before its step, and checks that its bounds do
// not cross.
func (l *Lever) fill(a *crossholding.Alliance, k *knob) error {
	if l.Unit.IsZero() {
		l.Unit = l.unit(a, k)
	}
	if l.Min.IsZero() && (strings.HasPrefix(l.Open.key(), "fx.") || l.Open.isRatio()) {
		l.Min = l.Unit
	}
	if !l.Max.IsZero() && l.Max.Less(l.Min) {
		return fmt.Errorf("%s: max %s is below min %s: %w", l.Open, l.Max, l.Min, crossholding.ErrRange)
	}
	return nil
}

// unit is the default step between amounts.
func (l *Lever) unit(a *crossholding.Alliance, k *knob) ratio.Ratio {
	switch {
	case k.percent:
		return ratio.Of(1, 10_000)
	case l.Open.isMarket() || l.Open.isRatio() || l.Open.key() == "percent":
		return ratio.Of(1, 100)
	case l.Open.key() != "shares":
		return ratio.Int(1)
	}
	return tradingUnit(a, l.Steps[l.Open.Step].Issuer)
}

// tradingUnit is the number of shares of a company that trades are a multiple of.
func tradingUnit(a *crossholding.Alliance, issuer string) ratio.Ratio {
	g := a.Graph()
	company, err := g.Company(issuer)
	if err != nil {
		return ratio.Int(1) // whoever needs the issuer says that it is not known
	}
	if g.InPercent(company) {
		return ratio.Of(1, 100)
	}
	if c, ok := a.Draft().Company(issuer); ok && c.Lot != "" {
		if lot, err := c.Lot.Ratio(); err == nil && lot.Sign() > 0 {
			return lot
		}
	}
	return ratio.Int(1)
}

func (s *search) amount(k int64) ratio.Ratio {
	return s.lever.Min.Add(s.lever.Unit.Mul(ratio.Int(k)))
}

// run makes the steps with k units. A *StepError says that this is not possible.
func (s *search) run(ctx context.Context, k int64) (*crossholding.Alliance, error) {
	steps, err := s.knob.set(s.lever.Steps, s.amount(k))
	if err != nil {
		return nil, err
	}
	return s.runs.run(ctx, steps)
}

// at is the condition with k units.
func (s *search) at(ctx context.Context, k int64) (Point, error) {
	if p, ok := s.tried[k]; ok {
		return p, nil
	}
	after, err := s.run(ctx, k)
	if err != nil {
		return Point{}, err
	}
	m, err := s.goal.measure(ctx, after, s.opt, false)
	if stopped := progress.Stopped(ctx, "whatif"); err != nil && stopped != nil {
		return Point{}, stopped
	}
	if err != nil {
		return Point{}, &noFigureError{fmt.Errorf("%s = %s: %w", s.lever.Open, s.amount(k).Grouped(), told.Bare{Err: err})}
	}
	p := Point{Amount: s.amount(k), Figure: m.figure, Holds: s.goal.Holds(m.figure)}
	s.tried[k] = p
	s.stage.At(len(s.tried))
	return p, nil
}

// noFigureError says that there is no figure with an amount.
type noFigureError struct{ error }

func (e *noFigureError) Unwrap() error { return e.error }

// impossible reports whether an error says that a step cannot be made with this amount, or that
// there is no figure with it. A figure that is too long to compute is another matter.
func impossible(err error) bool {
	var step *scenario.StepError
	var figure *noFigureError
	return errors.As(err, &step) || errors.As(err, &figure) && !errors.Is(err, crossholding.ErrTooLarge) && !errors.Is(err, crossholding.ErrSearchLimit)
}

func (s *search) solve(ctx context.Context) (Solution, error) {
	first, err := s.at(ctx, 0)
	if err != nil {
		return Solution{}, err
	}
	switch {
	case first.Holds && !s.lever.Greatest:
		return s.solution(ctx, 0, -1)
	case !first.Holds && s.lever.Greatest:
		return Solution{}, fmt.Errorf("%s: it is false already at %s (%s): %w", s.goal, first.Amount.Grouped(), s.goal.text(first.Figure), ErrNoSolution)
	}
	below, above, err := s.bracket(ctx, first.Holds)
	if err != nil {
		return Solution{}, err
	}
	if s.tried[above].Holds == first.Holds {
		if err := s.probe(ctx, above, above, above); err != nil {
			return Solution{}, err
		}
		if s.lever.Greatest {
			return s.solution(ctx, above, -1)
		}
		return Solution{}, &NoSolutionError{Goal: s.goal, Min: first, Max: s.tried[above], Bound: s.bound}
	}
	bracketEnd := above
	below, above, err = s.narrow(ctx, below, above)
	if err != nil {
		return Solution{}, err
	}
	if err := s.probe(ctx, below, above, bracketEnd); err != nil {
		return Solution{}, err
	}
	if s.lever.Greatest {
		return s.solution(ctx, below, above)
	}
	return s.solution(ctx, above, below)
}

// bracket doubles the amount until the condition changes. If it does not change, above is
// the largest possible amount.
func (s *search) bracket(ctx context.Context, holds bool) (below, above int64, err error) {
	for k := int64(1); below < s.last; k *= 2 {
		k = min(k, s.last)
		p, err := s.at(ctx, k)
		switch {
		case impossible(err):
			s.bound = err
			k, err = s.largest(ctx, below, k)
			return below, k, err
		case err != nil:
			return 0, 0, err
		case p.Holds != holds:
			return below, k, nil
		}
		below = k
	}
	return below, below, nil
}

// largest bisects for the largest possible amount, and computes the condition there. The first
// amount is possible, and the second is not.
func (s *search) largest(ctx context.Context, first, cannot int64) (int64, error) {
	bisect := func(try func(k int64) error) error {
		for can := first; cannot-can > 1; {
			k := can + (cannot-can)/2
			switch err := try(k); {
			case err == nil:
				can = k
			case impossible(err):
				cannot, s.bound = k, err
			default:
				return err
			}
		}
		return nil
	}
	steps := func(k int64) error { // takes less time than a figure
		_, err := s.run(ctx, k)
		return err
	}
	figure := func(k int64) error {
		_, err := s.at(ctx, k)
		return err
	}
	if err := steps(cannot); impossible(err) {
		if err := bisect(steps); err != nil {
			return 0, err
		}
	}
	err := figure(cannot - 1)
	if impossible(err) {
		cannot, s.bound = cannot-1, err
		err = bisect(figure)
	}
	return cannot - 1, err
}

// narrow finds the two neighbouring amounts between which the condition changes. It tries
// the root of the linear-fractional function through three points, then the middle.
func (s *search) narrow(ctx context.Context, below, above int64) (int64, int64, error) {
	holds := s.tried[below].Holds
	try := func(k int64) error {
		if k <= below || k >= above {
			return nil
		}
		p, err := s.at(ctx, k)
		if err != nil {
			return err
		}
		if p.Holds == holds {
			below = k
		} else {
			above = k
		}
		return nil
	}
	for above-below > 1 {
		lo, hi, mid := below, above, below+(above-below)/2
		if err := try(mid); err != nil {
			return 0, 0, err
		}
		if root, ok := s.root(lo, mid, hi); ok {
			k := root.Sub(s.lever.Min).Div(s.lever.Unit).Floor()
			if n, _, small := k.Small(); small && n < math.MaxInt64 {
				for _, guess := range []int64{n, n + 1, n - 1} {
					if err := try(guess); err != nil {
						return 0, 0, err
					}
				}
			}
		}
	}
	return below, above, nil
}

// root is the amount at which the linear-fractional function through three points equals
// the limit. It follows from the cross-ratio, which such functions keep.
func (s *search) root(i, j, k int64) (ratio.Ratio, bool) {
	if s.goal.Is == True || s.goal.Is == False {
		return ratio.Ratio{}, false
	}
	p, q, r := s.tried[i], s.tried[j], s.tried[k]
	if i == j || j == k || p.Figure.Equal(q.Figure) || q.Figure.Equal(r.Figure) || p.Figure.Equal(r.Figure) {
		return ratio.Ratio{}, false
	}
	left, right := crossFactor(p, q, r)
	// (x-x1)·left·(m-m3) = (x-x3)·right·(m-m1), at m = the limit
	l := left.Mul(s.goal.Limit.Sub(r.Figure))
	n := right.Mul(s.goal.Limit.Sub(p.Figure))
	if l.Equal(n) {
		return ratio.Ratio{}, false
	}
	return p.Amount.Mul(l).Sub(r.Amount.Mul(n)).Div(l.Sub(n)), true
}

// crossFactor returns (x2-x3)(m2-m1) and (x2-x1)(m2-m3) of three points.
func crossFactor(p, q, r Point) (left, right ratio.Ratio) {
	return q.Amount.Sub(r.Amount).Mul(q.Figure.Sub(p.Figure)), q.Amount.Sub(p.Amount).Mul(q.Figure.Sub(r.Figure))
}

// probe computes the condition at further amounts up to the end of the search. It tests that
// the condition changes only between below and above, or never if these are the same.
func (s *search) probe(ctx context.Context, below, above, end int64) error {
	n := min(s.opt.Probes, 1<<16)
	if n == 0 {
		n = 16
	}
	for i := 1; i <= n; i++ {
		whole, part := end/int64(n+1), end%int64(n+1)
		k := whole*int64(i) + part*int64(i)/int64(n+1)
		if _, err := s.at(ctx, k); err != nil {
			return err
		}
	}
	low, high := s.tried[below], s.tried[above]
	for _, k := range slices.Sorted(maps.Keys(s.tried)) {
		p := s.tried[k]
		switch {
		case k < below && p.Holds != low.Holds:
			return &NotMonotoneError{s.goal, []Point{s.tried[0], p, low}}
		case k > above && p.Holds != high.Holds:
			return &NotMonotoneError{s.goal, []Point{low, high, p}}
		}
	}
	return nil
}

// solution makes the answer with its certificate. Beside is -1 if there is none.
func (s *search) solution(ctx context.Context, k, beside int64) (Solution, error) {
	out := Solution{Goal: s.goal, Lever: s.lever, Amount: s.amount(k), Tried: len(s.tried)}
	var err error
	if out.At, err = s.certify(ctx, k); err != nil {
		return Solution{}, err
	}
	if beside < 0 {
		if s.bound != nil {
			out.Bound = told.Bare{Err: s.bound}.Error()
		}
		return out, nil
	}
	p, err := s.certify(ctx, beside)
	if err != nil {
		return Solution{}, err
	}
	out.Beside = &p
	if root, ok := s.exact(min(k, beside), max(k, beside)); ok {
		out.Exact = &root
	}
	return out, nil
}

// certify computes a point anew, with the sentences that show where it comes from.
func (s *search) certify(ctx context.Context, k int64) (Point, error) {
	p := s.tried[k]
	after, err := s.run(ctx, k)
	if err != nil {
		return Point{}, err
	}
	m, err := s.goal.measure(ctx, after, s.opt, true)
	p.Because = m.because
	if p.Because == nil {
		p.Because = []string{}
	}
	return p, err
}

// exact is the root of the function through all points that were tried, if one
// linear-fractional function goes through all of them.
func (s *search) exact(below, above int64) (ratio.Ratio, bool) {
	far, largest := int64(0), int64(0)
	for k := range s.tried {
		largest = max(largest, k)
	}
	if far == below {
		far = largest
	}
	root, ok := s.root(far, below, above)
	if !ok {
		return root, false
	}
	p, q, r := s.tried[far], s.tried[below], s.tried[above]
	left, right := crossFactor(p, q, r)
	for _, t := range s.tried {
		l := t.Amount.Sub(p.Amount).Mul(left).Mul(t.Figure.Sub(r.Figure))
		n := t.Amount.Sub(r.Amount).Mul(right).Mul(t.Figure.Sub(p.Figure))
		if !l.Equal(n) {
			return root, false
		}
	}
	return root, true
}

package scenario

import (
	"context"
	"iter"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/progress"
)

// State is the state of a scenario after one of its steps. [Outcome.States] makes it. It
// is an immutable value and safe for concurrent use. The zero value is an empty book.
type State struct {
	Step int       // index
	Date date.Date // of the book after the step

	// StepMoves says that the step itself may have changed shares, votes, who acts in
	// concert or who controls by a fact. It ignores changes that follow only from the day of the step.
	StepMoves bool
	// DayMoves says that the day may have changed votes, because an agreement begins or
	// ends, or because shares that were held for long get more votes.
	DayMoves bool
	// Within says that the next step happens at the same moment, see [Step.Group].
	Within bool

	replay *replay
}

// movesVotes reports whether the step itself changes shares, votes or who acts in concert. An
// end_agreement ended an agreement of the given kind. It ignores changes that follow only from the
// day of the step.
func (s *checkedStep) movesVotes(ended crossholding.AgreementKind) bool {
	switch s.Step.Step {
	case StepReprice, StepAdvanceDate, StepPay, StepGrant, StepLapse:
		return false
	case StepAgree:
		return changesVotes(s.Agreement.Kind)
	case StepEndAgreement:
		return changesVotes(ended)
	}
	return true
}

// movesStakes reports whether the step can change who holds shares or who controls companies.
func (s *checkedStep) movesStakes() bool {
	switch s.Step.Step {
	case StepReprice, StepAdvanceDate, StepPay, StepGrant, StepLapse, StepAgree, StepEndAgreement, StepClass:
		return false
	}
	return true
}

// States yields the state after each step. An outcome keeps only the first and the last
// alliance. [State.Alliance] makes the others.
func (o *Outcome) States() iter.Seq[State] {
	o = o.orEmpty()
	return func(yield func(State) bool) {
		r := &replay{o: o, at: -1}
		for i := range o.recs {
			s := State{Step: i, Date: o.days[i].day, StepMoves: o.days[i].stepMoves, DayMoves: o.days[i].dayMoves,
				Within: continues(o.scenario.Steps, i+1), replay: r}
			if !yield(s) {
				return
			}
		}
	}
}

// Alliance returns the alliance after the step. It is complete, like [Outcome].After. It
// is fastest to call it in the order of states, because each step is then repeated only
// once. For an earlier state, all steps before it are repeated.
//
// It returns ctx's error within 50 ms when ctx is done.
func (s State) Alliance(ctx context.Context) (*crossholding.Alliance, error) {
	if s.replay == nil {
		return new(crossholding.Alliance), nil
	}
	return s.replay.after(progress.OrBackground(ctx), s.Step)
}

// keptStates are the books after the steps of a scenario, but for the last. The books share
// what a step leaves as it is. If they are too large together, none is kept, and the steps
// are repeated for the state that is asked for.
type keptStates struct {
	books []*crossholding.Draft
	end   *crossholding.Draft // the book after the last step, of which [Outcome].After was made
	size  int                 // of all of them, in companies, stakes and lots
	over  bool
}

// maxKept is the largest size of the states that are kept. An item takes up to some hundred bytes.
const maxKept = 1 << 15

// add keeps the book after a step.
func (k *keptStates) add(r *executor) {
	if k.over {
		return
	}
	if k.size += r.book.Len(); k.size <= maxKept {
		if d, err := r.draft(); err == nil {
			k.books = append(k.books, d.Copy())
			return
		}
	}
	*k = keptStates{over: true}
}

// replay makes the states of an outcome from the books that were kept, or repeats its steps.
type replay struct {
	gate await.Mutex
	o    *Outcome
	r    *executor              // nil at first, and after work on it was cancelled
	book *crossholding.Draft    // the kept book of which an alliance was made last, or nil
	at   int                    // the last step that r made, or after which book was kept
	made *crossholding.Alliance // after that step, or nil
}

func (p *replay) after(ctx context.Context, i int) (*crossholding.Alliance, error) {
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if i == len(p.o.recs)-1 {
		return p.o.After, nil
	}
	if p.gate.Lock(ctx) != nil {
		return nil, stopped(ctx)
	}
	defer p.gate.Unlock()
	if len(p.o.kept.books) > 0 {
		return p.open(ctx, i)
	}
	a, err := p.advance(ctx, i)
	if err != nil {
		p.r = nil // the cancelled work may still use it
	}
	return a, err
}

// open makes the alliance after step i from the book that was kept.
func (p *replay) open(ctx context.Context, i int) (a *crossholding.Alliance, err error) {
	if p.book != nil && p.at == i {
		return p.made, nil
	}
	d, earlier := p.o.kept.books[i].Copy(), p.book
	if err := await.Sized(ctx, d.Len(), func() { a = d.AllianceAfter(earlier, p.o.kept.end) }); err != nil {
		return nil, stopped(ctx)
	}
	p.book, p.at, p.made = d, i, a
	return a, nil
}

// advance repeats the steps up to i.
func (p *replay) advance(ctx context.Context, i int) (*crossholding.Alliance, error) {
	if p.r == nil || i < p.at {
		r, err := open(ctx, p.o.Before, &p.o.scenario)
		if err != nil {
			return nil, err
		}
		r.again = true
		p.r, p.at, p.made = r, -1, nil
	}
	for p.at < i {
		next := p.at + 1
		if err := p.r.makeStep(ctx, next, &p.o.recs[next], p.o.scenario.Steps, new(StepResult)); err != nil {
			return nil, err
		}
		p.at, p.made = next, nil
	}
	if p.made == nil {
		a, err := p.r.alliance(ctx)
		if err != nil {
			return nil, err
		}
		p.made = a
	}
	return p.made, nil
}

package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// PowerOptions says what resolution power is measured on. The zero value is an
// ordinary resolution: more than half of the votes that can move a result.
type PowerOptions struct {
	// Quota is the fraction of the counted votes that carries a resolution; 0
	// means more than 1/2. [SpecialResolution] is at least 2/3.
	Quota ratio.Ratio
	// Exceed says that Quota must be exceeded. By default reaching it is
	// enough. A Quota of 1 cannot be exceeded: Power fails with [ErrRange].
	Exceed bool
	// FloatAbsent leaves the dispersed votes out of the count: they stay at
	// home, and the quota is of what the others cast. By default the float and
	// parties of [KindPublic] are an ocean of holders too small to count one
	// by one.
	FloatAbsent bool
	// Ungrouped counts the parties of a concert one by one. By default the
	// parties of a concert agreement in force are one voter, named after the
	// agreement.
	Ungrouped bool
}

// SpecialResolution is two thirds of the votes, as in art. 309(2) of Japan's
// Companies Act and art. L.225-96 of France's Code de commerce.
func SpecialResolution() PowerOptions { return PowerOptions{Quota: ratio.Of(2, 3)} }

// Voter is one voter's votes and power in a meeting. All figures are exact,
// fractions 0..1 of all votes counted and of all power.
type Voter struct {
	Name          string      // holder, concert agreement, or "float:" and company
	Members       []string    // of a concert, sorted
	Votes         ratio.Ratio // free to cast
	Share         ratio.Ratio // of the votes counted
	ShapleyShubik ratio.Ratio
	// Banzhaf is the normalised index. An ocean of coin-tossers splits evenly
	// and has none of it: beside a float it is the index of the others, with
	// half of the float on either side.
	Banzhaf ratio.Ratio
}

// MeetingPower is who has power in one company's meeting. Plain data.
type MeetingPower struct {
	Issuer string
	Quota  ratio.Ratio // votes that carry a resolution
	Exceed bool        // they must be exceeded; false: reaching them is enough
	Voters []Voter     // by name; those without free votes are left out
}

// Power measures the power of every voter in a company's meeting from the
// votes that count: the Shapley-Shubik index, beside a dispersed float by its
// limit (Milnor and Shapley, 1978), and the normalised Banzhaf index. Errors
// are those of package power, such as a game too large for its memory bound.
func (v *Votes) Power(ctx context.Context, issuer string, opt PowerOptions) (MeetingPower, error) {
	ctx = orBackground(ctx)
	c, err := v.a.company(issuer)
	if err != nil {
		return MeetingPower{}, err
	}
	if opt.Quota.Sign() < 0 || ratio.Int(1).Less(opt.Quota) {
		return MeetingPower{}, fmt.Errorf("crossholding: Quota %s is not within 0 and 1: %w", opt.Quota, ErrRange)
	}
	if opt.Exceed && ratio.Int(1).Cmp(opt.Quota) == 0 {
		return MeetingPower{}, fmt.Errorf("crossholding: more than Quota 1, all votes, cannot be cast: %w", ErrRange)
	}
	m := v.meeting(c)
	out := MeetingPower{Issuer: issuer}
	var dispersed []Voter
	out.Voters, dispersed = v.voters(m, issuer, opt)
	if float := v.a.graph.Float(&v.a.graph.Votes, c); !float.IsZero() {
		dispersed = append(dispersed, Voter{Name: Float(issuer), Votes: float})
	}
	base := m.counted()
	if opt.FloatAbsent {
		for _, x := range dispersed {
			base = base.Sub(x.Votes)
		}
		dispersed = nil
	}
	if opt.Quota.IsZero() {
		out.Quota, out.Exceed = base.Mul(ratio.Of(1, 2)), true
	} else {
		out.Quota, out.Exceed = base.Mul(opt.Quota), opt.Exceed
	}
	if err := out.measure(ctx, dispersed); err != nil {
		return MeetingPower{}, fmt.Errorf("crossholding: power in %s: %w", issuer, err)
	}
	for i := range out.Voters {
		out.Voters[i].Share = out.Voters[i].Votes.Div(base)
	}
	return out, nil
}

// voters lists who casts free votes at a meeting, concerts together, the
// dispersed parties apart.
func (v *Votes) voters(m *meeting, issuer string, opt PowerOptions) (large, dispersed []Voter) {
	g := &v.a.graph
	concert := map[string]string{}
	if !opt.Ungrouped && v.a.ledger != nil {
		for i := range v.a.ledger.agreements {
			ag := &v.a.ledger.agreements[i]
			if ag.Kind == Concert && ag.covers(issuer) && date.Within(v.a.ledger.asOf, ag.From, ag.To) && v.condition(ag) {
				for _, h := range ag.Holders {
					concert[h] = ag.ID
				}
			}
		}
	}
	at := map[string]*Voter{}
	for i, who := range m.caster {
		if who == graph.None || m.free[i].IsZero() {
			continue
		}
		id := g.IDs[who]
		name, together := concert[id]
		if !together {
			name = id
		}
		x := at[name]
		if x == nil {
			x = &Voter{Name: name}
			at[name] = x
		}
		x.Votes = x.Votes.Add(m.free[i])
		if together && !slices.Contains(x.Members, id) {
			x.Members = append(x.Members, id)
		}
	}
	for _, x := range at {
		slices.Sort(x.Members)
		if i, ok := v.a.node(x.Name); ok && x.Members == nil && v.a.dispersed(i) {
			dispersed = append(dispersed, *x)
		} else {
			large = append(large, *x)
		}
	}
	sortVoters(large)
	return large, dispersed
}

func sortVoters(list []Voter) {
	slices.SortFunc(list, func(a, b Voter) int { return strings.Compare(a.Name, b.Name) })
}

// measure fills in the indices and adds the dispersed voters, who share the
// ocean's power by their votes.
func (p *MeetingPower) measure(ctx context.Context, dispersed []Voter) error {
	weights := make([]ratio.Ratio, len(p.Voters))
	var cast, ocean ratio.Ratio
	for i, x := range p.Voters {
		weights[i] = x.Votes
		cast = cast.Add(x.Votes)
	}
	for _, x := range dispersed {
		ocean = ocean.Add(x.Votes)
	}
	if err := p.large(ctx, weights, cast, ocean); err != nil || ocean.IsZero() {
		return err
	}
	var left ratio.Ratio // to the ocean
	switch {
	case cast.Add(ocean).Less(p.Quota): // nobody can carry a resolution
	case len(weights) == 0:
		left = ratio.Int(1)
	default:
		meeting, err := power.WithOcean(p.Quota, ocean, weights...)
		if err != nil {
			return err
		}
		index, err := counted(ctx, meeting.ShapleyShubik)
		if err != nil {
			return err
		}
		p.set(index.Large, func(x *Voter, r ratio.Ratio) { x.ShapleyShubik = r })
		left = index.Small()
	}
	for _, x := range dispersed {
		x.ShapleyShubik = left.Mul(x.Votes).Div(ocean)
		p.Voters = append(p.Voters, x)
	}
	sortVoters(p.Voters)
	return nil
}

// large measures the large voters with the ocean split evenly: it adds half of
// itself to either side, so that the quota falls by that half. Where that
// leaves nothing to decide, nobody swings.
func (p *MeetingPower) large(ctx context.Context, weights []ratio.Ratio, cast, ocean ratio.Ratio) error {
	quota := p.Quota.Sub(ocean.Mul(ratio.Of(1, 2)))
	if top := cast.Cmp(quota); quota.Sign() < 0 || quota.IsZero() && !p.Exceed || top < 0 || top == 0 && p.Exceed || cast.IsZero() {
		return nil
	}
	build := power.AtLeast[ratio.Ratio]
	if p.Exceed {
		build = power.MoreThan[ratio.Ratio]
	}
	game, err := build(quota, weights...)
	if err != nil {
		return err
	}
	banzhaf, err := counted(ctx, game.Banzhaf)
	if err != nil {
		return err
	}
	p.set(banzhaf.Normalized(), func(x *Voter, r ratio.Ratio) { x.Banzhaf = r })
	if !ocean.IsZero() {
		return nil
	}
	shapley, err := counted(ctx, game.ShapleyShubik)
	if err != nil {
		return err
	}
	p.set(shapley, func(x *Voter, r ratio.Ratio) { x.ShapleyShubik = r })
	return nil
}

func (p *MeetingPower) set(index power.Index, put func(*Voter, ratio.Ratio)) {
	for i, r := range index.All() {
		put(&p.Voters[i], r)
	}
}

// counted asks for an index and has its progress told.
func counted[T any](ctx context.Context, index func(context.Context, ...power.Options) (T, error)) (T, error) {
	if !progress.Heard(ctx) {
		return index(ctx)
	}
	var heard progress.Stage
	begun := false
	out, err := index(ctx, power.Options{Progress: func(done, total int) {
		if !begun {
			heard, begun = progress.Start(ctx, "power", total, 1), true
		}
		heard.At(done)
	}})
	if err == nil {
		heard.End()
	}
	return out, err
}

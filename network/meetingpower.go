package network

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// PowerOptions describes the resolution for which power is measured. The zero value is
// an ordinary resolution: more than half of the votes that can move a result. It is
// plain data.
type PowerOptions struct {
	// Quota is the fraction of the counted votes that carries a resolution. 0 means
	// more than 1/2. Two thirds is a special resolution in art. 309(2) of Japan's
	// Companies Act and art. L.225-96 of France's Code de commerce.
	Quota ratio.Ratio
	// Exceed says that Quota must be exceeded. By default reaching it is enough. A
	// Quota of 1 cannot be exceeded and fails with [crossholding.ErrRange].
	Exceed bool
	// FloatAbsent leaves the dispersed votes out, so the quota is a fraction of the
	// other votes. By default the float and parties of [crossholding.KindPublic] are an
	// ocean of holders too small to count one by one.
	FloatAbsent bool
	// Ungrouped counts the parties of a concert one by one. By default the parties of
	// a concert agreement in force are one voter with the agreement's name.
	Ungrouped bool
}

// Voter holds one voter's votes and power in a meeting. It is plain data. All figures
// except Votes are fractions 0..1, of all votes counted or of all power.
type Voter struct {
	Name          string      `json:"name"`    // holder, concert agreement, or "float:" and company
	Members       []string    `json:"members"` // of a concert, sorted
	Votes         ratio.Ratio `json:"votes"`   // free to cast
	Share         ratio.Ratio `json:"share"`   // of the votes counted
	ShapleyShubik ratio.Ratio `json:"shapley_shubik"`
	// Banzhaf is the normalised index. The votes of an ocean split evenly, so an ocean
	// has none of it. With a float it is the index of the others, with half of the
	// float on each side.
	Banzhaf ratio.Ratio `json:"banzhaf"`
}

// VotingPower lists the power of all voters in one company's meeting. It is plain data.
type VotingPower struct {
	Company string      `json:"company"`
	Quota   ratio.Ratio `json:"quota"`  // votes that carry a resolution
	Exceed  bool        `json:"exceed"` // Quota must be exceeded; false: reaching it is enough
	Voters  []Voter     `json:"voters"` // by name, without those that have no free votes
}

// MeetingPower returns the power of every voter in a company's meeting, from the votes
// that count: the Shapley-Shubik index and the normalised Banzhaf index. With a
// dispersed float, the Shapley-Shubik index is its limit (Milnor and Shapley, 1978).
//
// It fails with [crossholding.ErrUnknown] for an unknown company, with
// [crossholding.ErrRange] for a quota outside 0..1, with the errors of package power,
// such as a game too large for its memory bound, and with ctx's error when ctx is done.
func MeetingPower(ctx context.Context, v *crossholding.Votes, company string, opt PowerOptions) (VotingPower, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return VotingPower{}, ctxError(ctx)
	}
	c, err := v.Graph().Company(company)
	if err != nil {
		return VotingPower{}, err
	}
	switch one := ratio.Int(1); {
	case opt.Quota.Sign() < 0 || one.Less(opt.Quota):
		return VotingPower{}, fmt.Errorf("network: Quota %s is not within 0 and 1: %w", opt.Quota, crossholding.ErrRange)
	case opt.Exceed && one.Equal(opt.Quota):
		return VotingPower{}, fmt.Errorf("network: Quota 1 is all votes and cannot be exceeded: %w", crossholding.ErrRange)
	}
	count, err := v.Meeting(company)
	if err != nil {
		return VotingPower{}, err
	}
	out := VotingPower{Company: company}
	var dispersed []Voter
	if out.Voters, dispersed, err = voters(v, c, opt); err != nil {
		return VotingPower{}, err
	}
	base := count.Counted
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
		return VotingPower{}, fmt.Errorf("network: power in %s: %w", company, err)
	}
	for i := range out.Voters {
		out.Voters[i].Share = out.Voters[i].Votes.Div(base)
	}
	return out, nil
}

// voters lists the voters with free votes at the meeting of company c. A concert is one
// voter. The dispersed parties and the float are in the second list.
func voters(v *crossholding.Votes, c int32, opt PowerOptions) (large, dispersed []Voter, err error) {
	g := v.Graph()
	concert := map[string]string{}
	if !opt.Ungrouped {
		concert = concerts(v, c)
	}
	at := map[string]*Voter{}
	public := map[string]bool{}
	for _, s := range v.Stakes(c) {
		if s.Voter == crossholding.NoNode || s.Free.IsZero() {
			continue
		}
		id := g.ID(s.Voter)
		name, together := concert[id]
		if !together {
			name = id
		}
		x := at[name]
		if x == nil {
			x = &Voter{Name: name, Members: []string{}}
			at[name] = x
			public[name] = !together && g.Dispersed(s.Voter)
		}
		x.Votes = x.Votes.Add(s.Free)
		if together && !slices.Contains(x.Members, id) {
			x.Members = append(x.Members, id)
		}
	}
	large = []Voter{}
	for name, x := range at {
		slices.Sort(x.Members)
		if public[name] {
			dispersed = append(dispersed, *x)
		} else {
			large = append(large, *x)
		}
	}
	sortVoters(large)
	float, err := v.Of(crossholding.FloatOf(g.ID(c)), g.ID(c))
	if err == nil && !float.Free.IsZero() {
		dispersed = append(dispersed, Voter{Name: float.Holder, Members: []string{}, Votes: float.Free})
	}
	return large, dispersed, err
}

// concerts returns the concert of each party at a company's meeting.
func concerts(v *crossholding.Votes, company int32) map[string]string {
	out := map[string]string{}
	for _, p := range v.Concerts() {
		if p.Over != crossholding.NoNode && p.Over != company {
			continue
		}
		for _, id := range v.Graph().IDs(p.Members) {
			out[id] = p.Agreement
		}
	}
	return out
}

func sortVoters(list []Voter) {
	slices.SortFunc(list, func(a, b Voter) int { return strings.Compare(a.Name, b.Name) })
}

// measure computes the indices and adds the dispersed voters. It divides the ocean's
// power among them in proportion to their votes.
func (p *VotingPower) measure(ctx context.Context, dispersed []Voter) error {
	weights := make([]ratio.Ratio, len(p.Voters))
	var cast, ocean ratio.Ratio
	for i, x := range p.Voters {
		weights[i] = x.Votes
		cast = cast.Add(x.Votes)
	}
	for _, x := range dispersed {
		ocean = ocean.Add(x.Votes)
	}
	if err := p.measureLarge(ctx, weights, cast, ocean); err != nil || ocean.IsZero() {
		return err
	}
	var left ratio.Ratio // the power of the ocean
	switch {
	case cast.Add(ocean).Less(p.Quota): // nobody can carry a resolution
	case len(weights) == 0:
		left = ratio.Int(1)
	default:
		meeting, err := power.WithOcean(p.Quota, ocean, weights...)
		if err != nil {
			return err
		}
		index, err := withProgress(ctx, meeting.ShapleyShubik)
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

// measureLarge measures the large voters with half of the ocean on each side. So the
// quota falls by half of the ocean. If then every coalition or no coalition wins,
// no voter has a swing.
func (p *VotingPower) measureLarge(ctx context.Context, weights []ratio.Ratio, cast, ocean ratio.Ratio) error {
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
	banzhaf, err := withProgress(ctx, game.Banzhaf)
	if err != nil {
		return err
	}
	p.set(banzhaf.Normalized(), func(x *Voter, r ratio.Ratio) { x.Banzhaf = r })
	if !ocean.IsZero() {
		return nil
	}
	shapley, err := withProgress(ctx, game.ShapleyShubik)
	if err != nil {
		return err
	}
	p.set(shapley, func(x *Voter, r ratio.Ratio) { x.ShapleyShubik = r })
	return nil
}

func (p *VotingPower) set(index power.Index, put func(*Voter, ratio.Ratio)) {
	for i, r := range index.All() {
		put(&p.Voters[i], r)
	}
}

// withProgress computes an index and reports its progress.
func withProgress[T any](ctx context.Context, index func(context.Context, ...power.Options) (T, error)) (T, error) {
	if !progress.Enabled(ctx) {
		return index(ctx)
	}
	var stage progress.Stage
	begun := false
	out, err := index(ctx, power.Options{Progress: func(done, total int) {
		if !begun {
			stage, begun = progress.Start(ctx, "power", total, 1), true
		}
		stage.At(done)
	}})
	if err == nil {
		stage.End()
	}
	return out, err
}

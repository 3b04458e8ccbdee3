package holdings

import (
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// company is what the classes of a company have together.
type company struct {
	issued, votes ratio.Ratio // shares that earn, and votes
	classes       map[string]class
	only          string // the name of the only class
}

type class struct{ issued, votes, earns ratio.Ratio }

// Parts returns the holdings in force of a valid book in canonical form, sorted by issuer, holder,
// beneficiary and voter. Shares are a fraction of the issued shares of the classes that earn a
// dividend, or of all classes if none does. Votes are a fraction of all votes of the issued
// shares, before any law or contract.
func Parts(b crossholding.Book) ([]Holding, error) {
	companies, err := companiesOf(b)
	if err != nil {
		return nil, err
	}
	var out []Holding
	for i := range b.Stakes {
		s := &b.Stakes[i]
		if !date.Within(b.AsOf, s.From, s.To) {
			continue
		}
		c := companies[s.Issuer]
		name := s.Class
		if name == "" {
			name = c.only
		}
		k := c.classes[name]
		v, err := interval(s, k.issued)
		if err != nil {
			return nil, err
		}
		votes := k.votes
		if s.Votes != "" && date.Within(b.AsOf, s.VotesSince, "") {
			if votes, err = s.Votes.Ratio(); err != nil {
				return nil, err
			}
		}
		h := Holding{Holder: s.Holder, Issuer: s.Issuer, Beneficiary: s.Beneficiary, Voter: s.Voter,
			Shares: Size{Interval: scale(v, k.issued.Mul(k.earns), c.issued), Stated: true},
			Votes:  Size{Interval: scale(v, k.issued.Mul(votes), c.votes), Stated: true}}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b Holding) int { return a.compare(&b) })
	return added(out), nil
}

// added adds up the holdings of one holder, beneficiary and voter in a company.
func added(list []Holding) []Holding {
	out := list[:0]
	for _, h := range list {
		if n := len(out) - 1; n >= 0 && out[n].compare(&h) == 0 {
			out[n].Shares.Interval = plus(out[n].Shares.Interval, h.Shares.Interval)
			out[n].Votes.Interval = plus(out[n].Votes.Interval, h.Votes.Interval)
			continue
		}
		out = append(out, h)
	}
	return out
}

func plus(a, b ratio.Interval) ratio.Interval {
	return ratio.Interval{Lo: a.Lo.Add(b.Lo), Hi: a.Hi.Add(b.Hi), LoOpen: a.LoOpen || b.LoOpen, HiOpen: a.HiOpen || b.HiOpen}
}

// scale returns v, a part of a whole of which there are n in total, as a part of the total.
func scale(v ratio.Interval, n, total ratio.Ratio) ratio.Interval {
	if total.IsZero() || n.IsZero() {
		return ratio.Interval{}
	}
	f := n.Div(total)
	v.Lo, v.Hi = v.Lo.Mul(f), v.Hi.Mul(f)
	return v
}

// interval returns a stake as a part of its class.
func interval(s *crossholding.Stake, issued ratio.Ratio) (ratio.Interval, error) {
	switch {
	case s.Between != "":
		return ratio.ParseInterval(s.Between)
	case s.Rounded:
		return s.Percent.RoundedPercent()
	case s.Percent != "":
		r, err := s.Percent.Ratio()
		return ratio.Exactly(r.Div(ratio.Int(100))), err
	}
	r, err := s.Shares.Ratio()
	if issued.IsZero() {
		return ratio.Interval{}, err
	}
	return ratio.Exactly(r.Div(issued)), err
}

// companiesOf reads the classes of the companies of a book. Shares with votes of their own
// change the votes of their company.
func companiesOf(b crossholding.Book) (map[string]*company, error) {
	out := map[string]*company{}
	for i := range b.Companies {
		c, err := companyOf(&b.Companies[i])
		if err != nil {
			return nil, err
		}
		out[b.Companies[i].ID] = c
	}
	for i := range b.Stakes {
		s := &b.Stakes[i]
		if s.Votes == "" || !date.Within(b.AsOf, s.From, s.To) || s.Rounded || s.Between != "" || !date.Within(b.AsOf, s.VotesSince, "") {
			continue
		}
		c := out[s.Issuer]
		name := s.Class
		if name == "" {
			name = c.only
		}
		k := c.classes[name]
		v, err := interval(s, k.issued)
		if err != nil {
			return nil, err
		}
		own, err := s.Votes.Ratio()
		if err != nil {
			return nil, err
		}
		c.votes = c.votes.Add(v.Lo.Mul(k.issued).Mul(own.Sub(k.votes)))
	}
	return out, nil
}

func companyOf(in *crossholding.Company) (*company, error) {
	list := in.Shares
	if len(list) == 0 {
		list = []crossholding.ShareClass{{Issued: "100"}}
	}
	c := &company{classes: map[string]class{}, only: "ordinary"}
	if len(list) == 1 && list[0].Class != "" {
		c.only = list[0].Class
	}
	earning := slices.ContainsFunc(list, func(k crossholding.ShareClass) bool { return !zero(k.Dividend) })
	for _, k := range list {
		var out class
		var err error
		if out.issued, err = k.Issued.Ratio(); err != nil {
			return nil, err
		}
		out.votes, out.earns = ratio.Int(1), ratio.Int(1)
		if k.Votes != "" {
			if out.votes, err = k.Votes.Ratio(); err != nil {
				return nil, err
			}
		}
		if earning && zero(k.Dividend) {
			out.earns = ratio.Ratio{}
		}
		c.issued = c.issued.Add(out.issued.Mul(out.earns))
		c.votes = c.votes.Add(out.issued.Mul(out.votes))
		name := k.Class
		if name == "" {
			name = "ordinary"
		}
		c.classes[name] = out
	}
	return c, nil
}

// zero reports whether a number is given as 0.
func zero(n ratio.Number) bool {
	r, err := n.Ratio()
	return n != "" && err == nil && r.IsZero()
}

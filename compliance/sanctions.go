package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// SanctionsOptions says which rule decides whether companies count as blocked. The zero
// value is OFAC's 50 percent rule.
type SanctionsOptions struct {
	// Regime is a built-in regime, by default [RegimeOFAC], or the id of one version
	// of a regime, such as "EU-2018". If it is a regime, the version in force on the
	// book's day applies, or the last version if the book is undated.
	Regime string
	// Rule, if not nil, is used instead of a built-in regime.
	Rule *SanctionsRegime
	// Voting says how votes are counted if a regime counts votes.
	Voting crossholding.VotingOptions
	// Joint says whose holdings a joint arrangement adds to those of a blocked party, in a
	// regime that does not add up all blocked parties.
	Joint JointReading
}

// JointReading says whose holdings and rights a joint arrangement adds up. A joint arrangement is
// an agreement of kind [crossholding.AgreementConcert], about one company or about all. Joint
// holders that are a party to it are blocked if one of their members is, in a regime with
// JointInterests.
type JointReading string

// These are the readings. Guidance speaks of designated persons. SI 2019/855, Sch. 1 para.
// 3(1), as made, treats each party to the arrangement as holding the shares of all.
const (
	JointBlocked JointReading = ""        // those of the blocked parties to it
	JointParties JointReading = "parties" // those of all parties to it
)

// SanctionsReport lists the companies that blocked parties own. It is plain data.
type SanctionsReport struct {
	Regime SanctionsRegime `json:"regime"`
	// Companies are the companies of which blocked parties have a part, without the
	// blocked parties themselves, sorted by id.
	Companies []SanctionedCompany `json:"companies"`

	g       crossholding.Graph
	listed  []string
	through map[string][]string // by party to a joint arrangement: the companies through which it holds
}

// SanctionedCompany holds the interest of blocked parties in one company. It is plain
// data.
type SanctionedCompany struct {
	Company   string             `json:"company"`
	Blocked   bool               `json:"blocked"`        // it counts as blocked
	Listed    bool               `json:"listed"`         // it is one of the blocked parties itself; the rest is then empty
	Through   []string           `json:"through"`        // the parties concerned, sorted: all blocked ones, or one with those of its joint arrangements
	Basis     law.Measure        `json:"basis"`          // what Fraction counts
	Control   bool               `json:"control"`        // the ground is control, by votes or by Fact, and not ownership
	Fact      *crossholding.Fact `json:"fact,omitempty"` // the fact of control that is the ground
	Fraction  ratio.Ratio        `json:"fraction"`       // the fraction that they and the companies they own have, 0..1, of outstanding shares or of votes
	Holders   []Share            `json:"holders"`        // the holders of Fraction, sorted; of a blocked company, those blocked before it
	Threshold ratio.Ratio        `json:"threshold"`      // the threshold of the regime
	AtLeast   bool               `json:"at_least"`       // reaching the threshold is enough
}

// Blocked returns the companies that count as blocked, sorted.
func (s SanctionsReport) Blocked() []string {
	out := []string{}
	for _, c := range s.Companies {
		if c.Blocked {
			out = append(out, c.Company)
		}
	}
	return out
}

// Of returns the answer for one company or party. If blocked parties have nothing of it, its
// Fraction is 0. It fails with [crossholding.ErrUnknown] for a name that is not in the book.
func (s SanctionsReport) Of(company string) (SanctionedCompany, error) {
	i, ok := slices.BinarySearchFunc(s.Companies, company, func(c SanctionedCompany, id string) int { return cmp.Compare(c.Company, id) })
	if ok {
		return s.Companies[i], nil
	}
	if _, err := s.g.Node(company); err != nil {
		return SanctionedCompany{}, withPrefix(err)
	}
	_, listed := slices.BinarySearch(s.listed, company)
	return SanctionedCompany{Company: company, Blocked: listed, Listed: listed, Through: []string{}, Holders: []Share{},
		Threshold: s.Regime.Threshold, AtLeast: s.Regime.AtLeast}, nil
}

// String returns the answer as a sentence.
func (c SanctionedCompany) String() string { return c.sentence(ratio.Ratio.ShortPercent) }

func (c *SanctionedCompany) sentence(percent func(ratio.Ratio) string) string {
	switch {
	case c.Listed:
		return c.Company + " is a blocked party itself"
	case c.Fact != nil:
		return fmt.Sprintf("%s is controlled by %s: %s", c.Company, strings.Join(c.Through, " with "), c.Fact)
	case c.Fraction.IsZero():
		return fmt.Sprintf("%s is not owned by blocked parties: they have nothing of it", c.Company)
	}
	parts := make([]string, len(c.Holders))
	for i, h := range c.Holders {
		parts[i] = fmt.Sprintf("%s %s", h.Holder, percent(h.Fraction))
	}
	verdict := "is not owned by"
	if c.Blocked {
		verdict = "is owned by"
		if c.Control {
			verdict = "is controlled by"
		}
	}
	return fmt.Sprintf("%s %s %s: %s of its %s (%s), where %s is needed", c.Company, verdict, strings.Join(c.Through, " with "),
		percent(c.Fraction), c.Basis, strings.Join(parts, ", "), condition(c.Threshold, c.AtLeast))
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (c SanctionedCompany) WithNames(name func(id string) string) SanctionedCompany {
	c.Company, c.Through, c.Holders = name(c.Company), named(c.Through, name), slices.Clone(c.Holders)
	if c.Fact != nil {
		fact := c.Fact.WithNames(name)
		c.Fact = &fact
	}
	for i, h := range c.Holders {
		c.Holders[i].Holder = name(h.Holder)
	}
	return c
}

// Sanctions returns the companies that count as blocked because blocked parties own or, if
// the regime says so, control them. These are the least set that contains the blocked
// parties and every company of which the members of the set together have enough (OFAC FAQ
// 401). Shares are counted by beneficiary, as a fraction of the outstanding shares. Votes
// are those that can move a result.
//
// If the regime does not add up all blocked parties, each counts with those with whom it
// has a joint arrangement, in the company that the arrangement is about; what it owns with
// them it owns, and so what that company owns. An arrangement adds up shares, votes, and rights
// to appoint directors or to vote; it does not add control by other means. Two arrangements are
// not chained.
//
// What joint holders have, see [crossholding.Party.Members], counts if all of their members are
// blocked, or are owned or controlled by those who count together. If the regime has
// JointInterests, their shares, votes, rights and facts of control count for each of their
// members, and so does a right to appoint that several have jointly.
//
// It fails with a [*crossholding.BandsError] for a book with bands, see [BoundSanctions], with
// [crossholding.ErrMissing] without blocked parties, with [crossholding.ErrUnknown]
// for an unknown party or reading, or for a regime that is unknown or not in force, and with
// [crossholding.ErrRange] for a threshold outside 0..1. If the regime counts votes, it
// also fails with the errors of [crossholding.Alliance.Votes]. Several readings of the law are
// no error if the answer is the same under each.
func Sanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt SanctionsOptions) (SanctionsReport, error) {
	ctx, a = given(ctx, a)
	r, err := reading.Agreed(opt.Voting, func(v crossholding.VotingOptions) (SanctionsReport, error) {
		opt := opt
		opt.Voting = v
		return sanctions(ctx, a, blocked, &opt)
	})
	return r, orBounds(err, "compliance.BoundSanctions")
}

func sanctions(ctx context.Context, a *crossholding.Alliance, blocked []string, opt *SanctionsOptions) (SanctionsReport, error) {
	s, err := newSanctionsRun(ctx, a, blocked, opt)
	if err != nil {
		return SanctionsReport{}, err
	}
	stage := progress.Start(ctx, "blocked groups", len(s.groups), 1)
	for i := range s.groups {
		stage.At(i)
		if err := s.spread(ctx, i); err != nil {
			return SanctionsReport{}, err
		}
	}
	stage.End()
	through := map[string][]string{}
	for x, companies := range s.behind {
		through[s.g.ID(x)] = s.g.IDs(companies)
	}
	return SanctionsReport{Regime: s.regime, Companies: s.companies(), g: s.g, listed: s.g.IDs(s.blocked), through: through}, nil
}

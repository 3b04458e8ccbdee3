package scenario

import (
	"maps"
	"slices"
)

// stepField is a key of a step, but for its kind, its note, its day and its group.
type stepField struct {
	key   string
	given func(*Step) bool
	names func(*Step) []string // the parties that it names, if it names any
}

// stepFields lists the keys of a step, in the order of the struct. A kind of step may have those that
// stepKinds lists.
var stepFields = []stepField{
	{"from", func(s *Step) bool { return s.From != "" }, func(s *Step) []string { return []string{s.From} }},
	{"to", func(s *Step) bool { return s.To != "" }, func(s *Step) []string { return []string{s.To} }},
	{"issuer", func(s *Step) bool { return s.Issuer != "" }, func(s *Step) []string { return []string{s.Issuer} }},
	{"class", func(s *Step) bool { return s.Class != "" }, nil},
	{"shares", func(s *Step) bool { return s.Shares != "" }, nil},
	{"percent", func(s *Step) bool { return s.Percent != "" }, nil},
	{"down_to", func(s *Step) bool { return s.DownTo != "" }, nil},
	{"up_to", func(s *Step) bool { return s.UpTo != "" }, nil},
	{"of", func(s *Step) bool { return s.Of != "" }, (*Step).ofNames},
	{"round", func(s *Step) bool { return s.Round != "" }, nil},
	{"lot", func(s *Step) bool { return s.Lot != "" }, nil},
	{"price", func(s *Step) bool { return s.Price != "" }, nil},
	{"cancel", func(s *Step) bool { return s.Cancel }, nil},
	{"method", func(s *Step) bool { return s.Method != "" }, nil},
	{"lots", func(s *Step) bool { return len(s.Lots) > 0 }, nil},
	{"beneficiary", func(s *Step) bool { return s.Beneficiary != "" }, func(s *Step) []string { return []string{s.Beneficiary} }},
	{"voter", func(s *Step) bool { return s.Voter != "" }, func(s *Step) []string { return []string{s.Voter} }},
	{"votes_per_share", func(s *Step) bool { return s.Votes != "" }, nil},
	{"votes_since", func(s *Step) bool { return s.VotesSince != "" }, nil},
	{"agreement", func(s *Step) bool { return s.Agreement != nil }, nil},
	{"id", func(s *Step) bool { return s.ID != "" }, nil},
	{"prices", func(s *Step) bool { return len(s.Prices) > 0 }, nil},
	{"fx", func(s *Step) bool { return len(s.FX) > 0 }, nil},
	{"ratio", func(s *Step) bool { return s.Ratio != "" }, nil},
	{"fractions", func(s *Step) bool { return s.Fractions != "" }, nil},
	{"holder", func(s *Step) bool { return s.Holder != "" }, func(s *Step) []string { return []string{s.Holder} }},
	{"to_class", func(s *Step) bool { return s.ToClass != "" }, nil},
	{"company", func(s *Step) bool { return s.Company != nil }, nil},
	{"founders", func(s *Step) bool { return len(s.Founders) > 0 }, (*Step).founderNames},
	{"asset", func(s *Step) bool { return s.Asset != "" }, func(s *Step) []string { return []string{s.Asset} }},
	{"cost_share", func(s *Step) bool { return len(s.CostShare) > 0 }, nil},
	{"keep", func(s *Step) bool { return s.Keep != "" }, nil},
	{"into", func(s *Step) bool { return s.Into != "" }, func(s *Step) []string { return []string{s.Into} }},
	{"cash", func(s *Step) bool { return s.Cash != "" }, nil},
	{"source", func(s *Step) bool { return s.Source != "" }, nil},
	{"against", func(s *Step) bool { return s.Against != "" }, nil},
	{"takes", func(s *Step) bool { return len(s.Takes) > 0 }, func(s *Step) []string { return slices.Sorted(maps.Keys(s.Takes)) }},
	{"per_share", func(s *Step) bool { return s.PerShare != "" }, nil},
	{"total", func(s *Step) bool { return s.Total != "" }, nil},
	{"in", func(s *Step) bool { return s.In != "" }, nil},
	{"pass_on", func(s *Step) bool { return len(s.PassOn) > 0 }, func(s *Step) []string { return slices.Sorted(maps.Keys(s.PassOn)) }},
	{"tendered", func(s *Step) bool { return len(s.Tendered) > 0 }, func(s *Step) []string { return slices.Sorted(maps.Keys(s.Tendered)) }},
	{"for", func(s *Step) bool { return s.For != nil }, (*Step).forNames},
	{"right", func(s *Step) bool { return s.Right != nil }, nil},
	{"cost", func(s *Step) bool { return s.Cost != "" }, nil},
	{"amount", func(s *Step) bool { return s.Amount != "" }, nil},
	{"controls", func(s *Step) bool { return len(s.Controls) > 0 }, nil},
	{"votes", func(s *Step) bool { return s.ClassVotes != "" }, nil},
	{"dividend", func(s *Step) bool { return s.Dividend != "" }, nil},
}

func (s *Step) ofNames() []string {
	if s.Step != StepRestate {
		return nil
	}
	return []string{string(s.Of)}
}

func (s *Step) founderNames() []string {
	out := make([]string, len(s.Founders))
	for i := range s.Founders {
		out[i] = s.Founders[i].Holder
	}
	return out
}

func (s *Step) forNames() []string {
	if s.For == nil {
		return nil
	}
	return []string{s.For.Issuer}
}

// keys lists the keys that are given, in the order of the struct.
func (s *Step) keys() []string {
	out := make([]string, 0, 16)
	for i := range stepFields {
		if stepFields[i].given(s) {
			out = append(out, stepFields[i].key)
		}
	}
	return out
}

// names lists the parties that a step names, some of them more than once or empty.
func (s *Step) names() []string {
	var out []string
	for i := range stepFields {
		if stepFields[i].names != nil {
			out = append(out, stepFields[i].names(s)...)
		}
	}
	return out
}

package law_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/lawcase"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// docs/LAW.md says what the rules and the files of cases say.
func TestLawDocument(t *testing.T) {
	cases, untested, err := lawcase.Read(os.DirFS("testdata"))
	require.NoError(t, err)
	testkit.Golden(t, "../docs/LAW.md", document(cases, untested))
}

const preface = `# The built-in law

<!-- Written by go test ./law -update from the rules and their cases. Do not edit. -->

This is the law that package crossholding goes by, one jurisdiction after another. It is
data to be checked by a lawyer, and no legal advice: a rule is what its authors made of an
article, and some have not seen the article's words.

A **statute** suspends votes that one company has in another. The *issuer* is the company
whose meeting it is. The *holder* is the company whose votes there may be suspended. A
**threshold** is a size of a stake at which something happens, or a change of a stake. A few
laws give shares **more votes for being held long**.

A book can also state control by a *fact*, such as the right to appoint the board. Thresholds
count what companies have that are controlled so. A statute that asks who controls whom counts
the kinds of fact that its definition of control names, and says which. The warnings of the
votes name each vote that counts although a fact of another kind gives control. A threshold has no version before the first one listed: on an earlier day nobody
crosses it.

Each rule has an id, a citation and these lines:

- **Says**: the rule in one sentence, made from the fields that the computation uses.
- **Reaches**: which issuers, and which holders, the rule is about. Of several rules on own
  shares that reach an issuer, the last one holds.
- **Counts**: what the percentage is a percentage of. *Treasury shares* are shares that a
  company holds of itself.
- **In force**: the first day and the last day. An undated book is under the rules that have
  no last day.
- **Checked**: *read* if the article's words were read, *secondary* if another's account of
  them was, or *not verified*.
- **Exceptions**: what the article excepts or adds, and whether the rule looks at it.
- **Note**: what is not sure, and how the article was read.
- **Doubts**: what would make the rule another one, and a book does not say. The warnings of the
  votes name each holder of which other votes would then count.
- **Classes**: whether the law tests each class of shares by itself.
- **Cases**: the names of the small books that the rule is tested by. The books are in
  [law/testdata](../law/testdata/README.md), one case a line.

"More than 50%" is not met at exactly 50%, "at least 25%" is met at exactly 25%. A stake that
"falls below" 5% is less than 5%. Nothing is rounded.

## How to override a rule

Add a rule of your own, for a country or for one company, beside the built-in ones:

    own := law.Statute{
        ID: "x-articles", Citation: "articles of x, art. 9", Issuer: "x",
        Kind: law.TestHolds, Threshold: ratio.MustParse("10%"), AtLeast: true,
    }
    votes, err := alliance.Votes(ctx, crossholding.VotingOptions{Extra: []law.Statute{own}})

Or change a copy of the built-in rules, or leave some out, and give it in their place:

    table := law.Statutes()
    for i := range table {
        if table[i].ID == "IT-121" {
            table[i].Threshold = ratio.MustParse("5%") // a small issuer
        }
    }
    votes, err := alliance.Votes(ctx, crossholding.VotingOptions{Statutes: table})

Thresholds are given in the same way, in ThresholdOptions of package compliance, for a
country or for one issuer. A company whose ` + "`law`" + ` is another
country's is under that country's rules; one whose ` + "`law`" + ` is "none" is under none.

## Jurisdictions

`

var headings = map[law.TestKind]string{
	law.TestOwnShares: "own shares",
	law.TestControls:  "votes of a controlled company",
	law.TestHolds:     "votes of a company that the issuer has a stake in",
	law.TestMutual:    "votes of two companies that hold each other",
}

func document(cases []lawcase.Case, untested []lawcase.Untested) string {
	var b strings.Builder
	b.WriteString(preface)
	b.WriteString("| Jurisdiction | Statutes | Thresholds |\n|---|---|---|\n")
	for _, j := range law.Jurisdictions() {
		var statutes, thresholds []string
		for _, s := range j.Statutes {
			statutes = append(statutes, s.ID)
		}
		for _, l := range j.Loyalties {
			statutes = append(statutes, l.ID)
		}
		for _, r := range j.Thresholds {
			thresholds = append(thresholds, r.ID)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", title(j), strings.Join(statutes, ", "), strings.Join(thresholds, ", "))
	}
	for _, j := range law.Jurisdictions() {
		fmt.Fprintf(&b, "\n## %s\n", title(j))
		for i := range j.Statutes {
			s := &j.Statutes[i]
			fmt.Fprintf(&b, "\n### %s: %s\n\n%s\n\n", s.ID, headings[s.Kind], s.Citation)
			line(&b, "Says", statuteSays(s))
			line(&b, "Reaches", issuers(j, s.Listed)+statuteHolders(s)+"."+parts(s))
			line(&b, "Counts", statuteCounts(s))
			common(&b, s.From, s.To, s.Verified, s.Exceptions, s.Note)
			line(&b, "Doubts", doubts(s))
			line(&b, "Cases", casesOf(j, s.ID, cases, untested))
		}
		for i := range j.Thresholds {
			r := &j.Thresholds[i]
			fmt.Fprintf(&b, "\n### %s: %s\n\n%s\n\n", r.ID, r.Kind, r.Citation)
			line(&b, "Says", thresholdSays(r))
			line(&b, "Reaches", issuers(j, r.Listed)+", and every holder.")
			line(&b, "Counts", thresholdCounts(r))
			if r.Classes != "" {
				line(&b, "Classes", "The law tests "+string(r.Classes)+" of shares by itself. The rule counts all classes together, and the warnings of thresholds name issuers with several.")
			}
			common(&b, r.From, r.To, r.Verified, r.Exceptions, r.Note)
			line(&b, "Cases", casesOf(j, r.ID, cases, untested))
		}
		for i := range j.Loyalties {
			l := &j.Loyalties[i]
			fmt.Fprintf(&b, "\n### %s: votes of shares that are held long\n\n%s\n\n", l.ID, l.Citation)
			line(&b, "Says", fmt.Sprintf("Shares that one holder has had for %d months have %s times their votes, unless the book gives the votes of the class or of the stake.", l.Months, l.Times))
			line(&b, "Reaches", issuers(j, l.Listed)+", and every holder.")
			common(&b, l.From, l.To, l.Verified, l.Exceptions, l.Note)
			line(&b, "Cases", casesOf(j, l.ID, cases, untested))
		}
		if len(j.Omitted) > 0 {
			b.WriteString("\n### Left out\n\n")
			for _, o := range j.Omitted {
				wrap(&b, "- "+o)
			}
		}
	}
	return b.String()
}

func title(j law.Jurisdiction) string {
	if j.Country == "" {
		return j.Name
	}
	return j.Name + " (" + j.Country + ")"
}

// line writes an item of a list, unless it says nothing.
func line(b *strings.Builder, name, text string) {
	if text != "" {
		wrap(b, "- **"+name+"**: "+text)
	}
}

// wrap writes an item of a list in lines of at most 92 characters.
func wrap(b *strings.Builder, item string) {
	width := 0
	for i, word := range strings.Fields(item) {
		size := len([]rune(word))
		switch {
		case i == 0:
		case width+1+size > 92:
			b.WriteString("\n  ")
			width = 2
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += size
	}
	b.WriteByte('\n')
}

func common(b *strings.Builder, from, to date.Date, verified, exceptions, note string) {
	period := "no day is given."
	switch {
	case from != "" && to != "":
		period = fmt.Sprintf("from %s to %s.", from, to)
	case from != "":
		period = fmt.Sprintf("since %s.", from)
	case to != "":
		period = fmt.Sprintf("until %s.", to)
	}
	line(b, "In force", period)
	line(b, "Checked", verified+".")
	line(b, "Exceptions", exceptions)
	line(b, "Note", note)
}

// doubts says when another rule is the law.
func doubts(s *law.Statute) string {
	var list []string
	for _, d := range s.Doubts {
		list = append(list, "if "+d.If)
	}
	if len(list) == 0 {
		return ""
	}
	return "The rule can be another, " + strings.Join(list, ", or ") + "."
}

func casesOf(j law.Jurisdiction, rule string, cases []lawcase.Case, untested []lawcase.Untested) string {
	var names []string
	for _, c := range cases {
		for _, r := range c.Rules {
			if r == rule {
				names = append(names, c.Name)
			}
		}
	}
	for _, u := range untested {
		if u.Rule == rule {
			return "none: " + u.Reason
		}
	}
	return fmt.Sprintf("%s, in [%s](../law/testdata/%[2]s).", strings.Join(names, "; "), caseFile(j))
}

// percent writes a fraction as a lawyer says it.
func percent(r ratio.Ratio) string {
	switch {
	case r.Equal(ratio.Of(1, 3)):
		return "one third"
	case r.Equal(ratio.Of(2, 3)):
		return "two thirds"
	}
	return r.PercentString()
}

func enough(r ratio.Ratio, atLeast bool) string {
	if atLeast {
		return "at least " + percent(r)
	}
	return "more than " + percent(r)
}

// statuteSays is a statute in one sentence.
func statuteSays(s *law.Statute) string {
	of, above := "votes", percent(s.Threshold)
	if s.Measure == law.MeasureShares {
		of = "shares"
	}
	with, withEach, holder := "", "", "the holder"
	if s.Group {
		with = ", together with the companies that it controls,"
		withEach = " (each together with the companies that it controls)"
		if s.Kind == law.TestMutual {
			holder = "the holder (again with the companies that it controls)"
		}
	}
	issuer := "the issuer"
	if s.Tiers {
		issuer = "the issuer or a company that controls it"
	}
	switch s.Kind {
	case law.TestOwnShares:
		if s.Treasury {
			return "The issuer's own shares do not vote, but they stay in the base on which its votes are counted."
		}
		return "The issuer's own shares do not vote, and they leave the base on which its votes are counted."
	case law.TestControls:
		presumed := ""
		if !s.Presumed.IsZero() {
			presumed = fmt.Sprintf("; it is presumed to control with %s if nobody else has as much", enough(s.Presumed, false))
		}
		return fmt.Sprintf("None of the holder's votes in the issuer count if the issuer controls the holder, that is, has %s of its votes, itself or through companies that it controls%s.",
			enough(s.Threshold, s.AtLeast), presumed)
	case law.TestHolds:
		if s.Effect == law.EffectSmaller {
			return fmt.Sprintf("If the issuer%s has %s of the holder's %s, and the holder has a smaller part of the issuer's, none of the holder's votes in the issuer count; if both have the same part, the votes of what either has above %s do not count.",
				with, enough(s.Threshold, s.AtLeast), of, above)
		}
		return fmt.Sprintf("None of the holder's votes in the issuer count if %s%s has %s of the holder's %s.", issuer, with, enough(s.Threshold, s.AtLeast), of)
	}
	effect := map[law.EffectKind]string{
		law.EffectExcess:        fmt.Sprintf("the votes of what %s has above %s of the issuer do not count", holder, above),
		law.EffectSecondToCross: fmt.Sprintf("the votes of what %s has above %s of the issuer do not count, unless its stake passed the threshold first", holder, above) + late(s),
		law.EffectAll:           fmt.Sprintf("none of the votes of %s in the issuer count", holder),
		law.EffectCap:           fmt.Sprintf("%s casts at most %s of the issuer's votes", holder, percent(s.MaxFraction)),
		law.EffectPart:          fmt.Sprintf("%s casts at most %s of the votes that it has in the issuer", holder, percent(s.MaxFraction)),
	}[s.Effect]
	return fmt.Sprintf("If issuer and holder each have %s of the other's %s%s, %s.", enough(s.Threshold, s.AtLeast), of, withEach, effect)
}

// late says what happens if the excess is not sold.
func late(s *law.Statute) string {
	if s.SellWithin == 0 {
		return ""
	}
	return fmt.Sprintf("; after %d months none of its votes count, if the lots tell that it passed the threshold second", s.SellWithin)
}

func issuers(j law.Jurisdiction, listed bool) string {
	text := "every issuer"
	if listed {
		text = "every listed issuer"
	}
	if j.Country != "" {
		text += " under this law"
	}
	return text
}

// parts lists the parts of a country in which a rule is law.
func parts(s *law.Statute) string {
	if len(s.Parts) == 0 {
		return ""
	}
	return fmt.Sprintf(" It is law in %d parts of the country: %s.", len(s.Parts), strings.Join(s.Parts, ", "))
}

func statuteHolders(s *law.Statute) string {
	text := ", and every holder"
	switch {
	case s.Kind == law.TestOwnShares:
		return ""
	case s.Domestic && s.BothListed():
		text = ", and listed holders of the same jurisdiction only"
	case s.Domestic:
		text = ", and holders of the same jurisdiction only"
	case s.BothListed():
		text = ", and listed holders only"
	}
	if s.NotWithinGroup {
		text += "; not where one of the two controls the other"
	}
	switch s.Fiduciary {
	case law.FiduciaryExempt:
		text += "; not shares that the holder has for another's money"
	case law.FiduciaryUninstructed:
		text += "; of the shares that the holder has for another's money, only those whose votes it casts itself"
	}
	return text
}

func statuteCounts(s *law.Statute) string {
	if text := statuteCountsVotes(s); text != "" {
		return strings.TrimSuffix(text, ".") + statuteFacts(s) + "."
	}
	return ""
}

// statuteFacts says which facts of control a statute counts.
func statuteFacts(s *law.Statute) string {
	words := func(list []law.ControlMeans) string {
		texts := make([]string, len(list))
		for i, by := range list {
			texts[i] = string(by)
		}
		return strings.Join(texts, ", ")
	}
	text := ""
	if len(s.Facts) > 0 {
		text = "; facts of control by: " + words(s.Facts)
	}
	if len(s.HolderFacts) > 0 {
		text += "; facts of control, if the controller holds shares, by: " + words(s.HolderFacts)
	}
	return text
}

func statuteCountsVotes(s *law.Statute) string {
	stays := map[bool]string{true: "stay in", false: "are left out"}
	switch {
	case s.Kind == law.TestOwnShares:
		return ""
	case s.Measure == law.MeasureShares:
		text := fmt.Sprintf("issued shares, by whose money they are; treasury shares %s", stays[s.Treasury])
		if s.GroupBy == law.MeasureShares {
			return text + "; a company is controlled by more than half of its issued shares."
		}
		if s.Group || s.NotWithinGroup {
			text += fmt.Sprintf("; where the rule asks who controls whom, suspended votes %s", stays[s.CountsSuspended])
		}
		return text + "."
	}
	who := "by who casts them"
	if s.OwnVotes {
		who = "by who casts them for its own money"
	}
	if s.PerShare {
		who += " (the law counts shares that can vote, each once)"
	}
	return fmt.Sprintf("votes, %s; treasury shares %s; suspended votes %s.", who, stays[s.Treasury], stays[s.CountsSuspended])
}

func thresholdSays(r *law.Threshold) string {
	if r.Ladder != nil {
		return ladderSays(r)
	}
	var list []string
	for _, limit := range r.Limits {
		list = append(list, percent(limit))
	}
	each := strings.Join(list, ", ")
	if n := len(list); n > 20 { // the only such list there is: every percent
		each = fmt.Sprintf("each percent from %s to %s", list[0], list[n-1])
	} else if n > 1 {
		each = strings.Join(list[:n-1], ", ") + " or " + list[n-1]
	}
	over := fmt.Sprintf("that has %s of the %s", enough(r.Limits[0], r.AtLeast), basesOf(r))
	switch r.Kind {
	case law.BidThreshold:
		return "A holder " + over + " must make a takeover bid."
	case law.BlockingThreshold:
		return "A holder " + over + " can stop special resolutions."
	case law.InfluenceThreshold:
		return "A holder " + over + " is presumed to have significant influence."
	case law.MajorityThreshold:
		return "A holder " + over + " can pass ordinary resolutions."
	}
	up, down := "passes", "falls below"
	if r.AtLeast {
		up = "reaches or passes"
	}
	if r.AtMost {
		down = "comes down to or falls below"
	}
	if r.Rising {
		return fmt.Sprintf("A holder must make known that its stake comes to be %s of the %s.", strings.Replace(enough(r.Limits[0], r.AtLeast), percent(r.Limits[0]), each, 1), basesOf(r))
	}
	return fmt.Sprintf("A holder must make known that its stake %s or %s %s of the %s.", up, down, each, basesOf(r))
}

// ladderSays is a creeping threshold in one sentence.
func ladderSays(r *law.Threshold) string {
	l := r.Ladder
	from, change := "at least "+percent(l.From), "grows or shrinks"
	if l.Over {
		from = "more than " + percent(l.From)
	}
	if !l.To.IsZero() {
		from += " and at most " + percent(l.To)
	}
	if l.OnlyUp() {
		change = "grows"
	}
	by := "by " + enough(l.Step, r.AtLeast) + " of all"
	if l.Step.IsZero() {
		by = "at all"
	}
	since := "since it was last made known"
	switch {
	case l.Months > 0:
		since = fmt.Sprintf("within %d months", l.Months)
	case l.Rising:
		since = "since its lowest point"
	}
	must := "must make it known"
	if r.Kind == law.BidThreshold {
		must = "must make a takeover bid"
	}
	if l.FromKnown {
		return fmt.Sprintf("A holder whose stake was last known to be %s of the %s must make known each change %s since then.", from, basesOf(r), by)
	}
	return fmt.Sprintf("A holder of %s of the %s whose stake %s %s, measured %s, %s.", from, basesOf(r), change, by, since, must)
}

func basesOf(r *law.Threshold) string {
	var out []string
	for _, base := range r.Bases {
		switch base {
		case law.OfCapital:
			out = append(out, "capital")
		case law.OfShares:
			out = append(out, "shares")
		default:
			out = append(out, "votes")
		}
	}
	return strings.Join(out, " or of the ")
}

// grounds says whose shares count as the holder's.
var grounds = map[law.Attribution]string{
	law.InOwnName:      "shares in the holder's name",
	law.ForOwnMoney:    "shares held for its money",
	law.CastAtWill:     "shares whose votes it casts",
	law.OfSubsidiaries: "what companies have that it controls",
	law.OwnShares:      "the issuer's own shares, if it controls the issuer",
	law.InConcert:      "what those have who act in concert with it",
	law.RightsToShares: "rights to shares",
	law.CashSettled:    "contracts that only pay what shares are worth",
}

// rightsText says which rights to shares a threshold counts.
func rightsText(r *law.RightsRule) string {
	text := "rights to " + map[law.RightsTo]string{"": "shares", law.RightsToExisting: "shares that exist", law.RightsToNew: "new shares"}[r.Shares]
	switch {
	case r.Now:
		text += " that can be exercised now"
	case r.Within > 0:
		text += fmt.Sprintf(" that can be exercised within %d days", r.Within)
	}
	if r.InBase {
		text += " (their new shares are added to the holder's total)"
	}
	return text
}

func thresholdCounts(r *law.Threshold) string {
	list := r.Counts
	if len(list) == 0 {
		list = law.ByDefault()
	}
	var texts []string
	for _, ground := range list {
		text := grounds[ground]
		if ground == law.ThroughStakes {
			text = "what companies have of whose votes it has " + enough(r.Deemed.Share, r.Deemed.AtLeast)
			if r.Deemed.Largest {
				text = "what companies have that it is presumed to control, with " + enough(r.Deemed.Share, false) + " of the votes, while nobody else has as many"
			}
			if r.Deemed.Once {
				text += " (but not through a second such company)"
			}
			if r.Deemed.Associates {
				text += ", with the votes of its associates"
			}
		}
		if ground == law.RightsToShares {
			text = rightsText(&r.Rights)
		}
		texts = append(texts, text)
	}
	text := strings.Join(texts, ", ")
	if r.Aggregate {
		text += "; only where votes and instruments are both in the sum, and it is more than either alone"
	}
	for _, base := range r.Bases {
		text += "; " + map[law.ThresholdBase]string{
			law.OfCapital:     "capital is all issued shares",
			law.OfShares:      "shares are all but treasury shares",
			law.OfTheoretical: "votes are all votes, with treasury shares and suspended votes",
			law.OfVoting:      "votes are all votes, with suspended votes, without treasury shares",
			law.OfExercisable: "votes are those that the law leaves, without treasury shares and suspended votes",
		}[base]
	}
	return text + "."
}

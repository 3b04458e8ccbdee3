package whatif

import (
	"fmt"
	"sync"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/law"
)

// These are the built-in tables, made once and never changed.
var (
	builtinStatutes   = sync.OnceValue(law.Statutes)
	builtinThresholds = sync.OnceValue(law.Thresholds)
)

// checkStatute returns the fault of a rule that takes no votes: it is no statute, or never one
// of the issuer's law. A statute that is not in force on the book's day has no fault.
func (f Figure) checkStatute(a *crossholding.Alliance, voting *crossholding.VotingOptions) error {
	if f.Rule == crossholding.ReasonTreasury {
		return nil
	}
	known, reaches := statuteReaches(a, voting, f.Rule, f.Issuer)
	return f.ruleFault(a, "statute", known, reaches)
}

// checkThreshold returns the fault of a rule by which the holder has no position: it is no
// threshold and no statute, or never one of the law of the issuer, or of the holder in which
// the issuer's votes would be suspended.
func (f Figure) checkThreshold(a *crossholding.Alliance, opt *compliance.ThresholdOptions) error {
	table := opt.Thresholds
	if table == nil {
		table = builtinThresholds()
	}
	known, reaches := statuteReaches(a, &opt.Voting, f.Rule, f.Holder)
	company, _ := companyOfLaw(a, f.Issuer)
	company.Listed = true
	for _, list := range [][]law.Threshold{table, opt.Extra} {
		for i := range list {
			if t := list[i]; t.ID == f.Rule {
				t.From, t.To = "", ""
				known, reaches = true, reaches || t.Reaches(&company, "")
			}
		}
	}
	return f.ruleFault(a, "threshold", known, reaches)
}

// statuteReaches reports whether a rule is a statute, and whether on some day it is law for
// the meetings of a company that is listed.
func statuteReaches(a *crossholding.Alliance, voting *crossholding.VotingOptions, rule, id string) (known, reaches bool) {
	table := voting.Statutes
	if table == nil {
		table = builtinStatutes()
	}
	company, ok := companyOfLaw(a, id)
	company.Listed = true
	for _, list := range [][]law.Statute{table, voting.Extra} {
		for i := range list {
			if s := list[i]; s.ID == rule {
				s.From, s.To = "", ""
				known, reaches = true, reaches || ok && s.Reaches(&company, "")
			}
		}
	}
	return known, reaches
}

// companyOfLaw is what the law knows of a company, or false of a holder that is none.
func companyOfLaw(a *crossholding.Alliance, id string) (law.Company, bool) {
	node, err := a.Graph().Node(id)
	if err != nil {
		return law.Company{}, false
	}
	return a.Graph().Law(node)
}

// ruleFault is the error of a rule that is not known, or reaches neither the issuer nor the
// holder.
func (f Figure) ruleFault(a *crossholding.Alliance, what string, known, reaches bool) error {
	switch {
	case !known:
		return fmt.Errorf("%s: %q is no %s: %w", f.Kind, clip(f.Rule), what, crossholding.ErrUnknown)
	case reaches:
		return nil
	}
	var where string
	switch c, _ := companyOfLaw(a, f.Issuer); {
	case c.Law == "none":
		where = "to which no law applies"
	case c.Law != "":
		where = "a company under the law of " + c.Law
	case c.Country != "":
		where = "a company of " + c.Country
	default:
		where = "whose country the book does not say"
	}
	return fmt.Errorf("%s: %s is no rule for %s, %s: %w", f.Kind, clip(f.Rule), f.Issuer, where, crossholding.ErrUnknown)
}

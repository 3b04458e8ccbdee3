package table

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/ratio"
)

// Write writes the stakes of a book as CSV, in the order of the book. The columns are holder,
// issuer, class, percent, shares, issued, kind and source. A band is written in the column of percent,
// as in "(25%,50%]". A stake that is in percent of issued shares keeps its percentage.
//
// The report lists what a table does not hold, by these rules: "name", "country", "votes",
// "dividend", "treasury", "owner" (a beneficiary, a voter, or votes of a stake), "lots", "rounded"
// (that a percentage is rounded), "no stake"
// (a company or party without stakes), "agreement", "control" and "market". It fails with the
// error of w.
func Write(w io.Writer, b crossholding.Book) (format.Report, error) {
	var report format.Report
	out := csv.NewWriter(w)
	classes := map[[2]string]crossholding.ShareClass{}
	kinds := map[string]crossholding.PartyKind{}
	held := map[string]bool{}
	for _, s := range b.Stakes {
		held[s.Holder], held[s.Issuer] = true, true
	}
	for _, c := range b.Companies {
		kinds[c.ID] = crossholding.KindCompany
		for _, k := range c.Shares {
			classes[[2]string{c.ID, k.Class}] = k
		}
		if len(c.Shares) == 1 {
			classes[[2]string{c.ID, ""}] = c.Shares[0]
		}
		lostOfCompany(&report.Dropped, &c, held[c.ID])
	}
	for _, p := range b.Parties {
		kinds[p.ID] = cmp.Or(p.Kind, crossholding.KindPerson)
		lost(&report.Dropped, "name", p.Name != "", "the name of %s", p.ID)
		lost(&report.Dropped, "country", p.Country != "", "the country of %s", p.ID)
		lost(&report.Dropped, "no stake", !held[p.ID], "%s, which has no stake", p.ID)
	}
	lost(&report.Dropped, "agreement", len(b.Agreements) > 0, "%d agreements", len(b.Agreements))
	lost(&report.Dropped, "control", len(b.Controls) > 0, "%d facts of control", len(b.Controls))
	lost(&report.Dropped, "market", b.Market != nil, "prices and exchange rates")
	rows := [][]string{{"holder", "issuer", "class", "percent", "shares", "issued", "kind", "source"}}
	for _, s := range b.Stakes {
		percent := string(s.Percent)
		if strings.Contains(percent, "/") {
			percent += "%" // "1/3" alone could be a third of all
		}
		if s.Between != "" {
			if v, err := ratio.ParseInterval(s.Between); err == nil {
				percent = v.String()
			} else {
				return report, fmt.Errorf("table: %s in %s: %w", s.Holder, s.Issuer, err)
			}
		}
		rows = append(rows, []string{s.Holder, s.Issuer, s.Class, percent, string(s.Shares), string(classes[[2]string{s.Issuer, s.Class}].Issued), string(kinds[s.Holder]), s.Source})
		lost(&report.Dropped, "owner", s.Beneficiary != "" || s.Voter != "" || s.Votes != "", "whose money and votes %s has in %s", s.Holder, s.Issuer)
		lost(&report.Dropped, "rounded", s.Rounded, "that the percentage of %s in %s is rounded", s.Holder, s.Issuer)
		lost(&report.Dropped, "lots", len(s.Lots) > 0, "the purchases of %s in %s", s.Holder, s.Issuer)
	}
	report.Lines, report.Read = len(rows), len(b.Stakes)
	if err := out.WriteAll(rows); err != nil {
		return report, fmt.Errorf("table: %w", err)
	}
	return report, nil
}

// lostOfCompany notes what a table does not hold of a company.
func lostOfCompany(n *format.Notes, c *crossholding.Company, held bool) {
	lost(n, "name", c.Name != "", "the name of %s", c.ID)
	lost(n, "country", c.Country != "" || c.Law != "", "the country of %s", c.ID)
	lost(n, "no stake", !held, "%s, which has no stake", c.ID)
	for _, k := range c.Shares {
		lost(n, "votes", k.Votes != "" && k.Votes != "1", "the votes of a share of %s", c.ID)
		lost(n, "dividend", k.Dividend != "" && k.Dividend != "1", "the dividend of a share of %s", c.ID)
		lost(n, "treasury", k.Treasury != "", "the treasury shares of %s", c.ID)
	}
}

func lost(n *format.Notes, rule string, is bool, text string, args ...any) {
	if is {
		n.Add(0, rule, "the table does not hold "+text, args...)
	}
}

package accounting

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/crossholding/crossholding/ratio"
)

// WriteCSV writes the elimination entries as a table, one row for each line of an entry. The
// columns are entry, kind, company, account, of, debit, credit, because. Amounts are exact: a
// decimal, or a fraction such as 1/3 where it does not end. An empty amount is 0. It fails
// only if w fails.
func (c Consolidated) WriteCSV(w io.Writer) error {
	rows := [][]string{{"entry", "kind", "company", "account", "of", "debit", "credit", "because"}}
	for _, e := range c.Entries {
		for _, l := range e.Lines {
			rows = append(rows, []string{strconv.Itoa(e.Number), string(e.Kind), l.Company, string(l.Account), l.Of, cell(l.Debit), cell(l.Credit), e.Because})
		}
	}
	return writeTable(w, rows)
}

// WriteCSV writes the history as a table, one row for each event. The columns are date,
// event, interest, opening, change, closing, cash, profit, other_income, equity, because.
// The interest is a fraction 0..1, and amounts are exact, as in [Consolidated.WriteCSV]. It
// fails only if w fails.
func (r Roll) WriteCSV(w io.Writer) error {
	rows := [][]string{{"date", "event", "interest", "opening", "change", "closing", "cash", "profit", "other_income", "equity", "because"}}
	for _, m := range r.Movements {
		rows = append(rows, []string{string(m.Event.Date), string(m.Event.Kind), m.Interest.String(), m.Opening.String(), cell(m.Change), m.Closing.String(),
			cell(m.Cash), cell(m.Profit), cell(m.OtherIncome), cell(m.Equity), m.Because})
	}
	return writeTable(w, rows)
}

// cell returns an amount, and nothing for 0.
func cell(r ratio.Ratio) string {
	if r.IsZero() {
		return ""
	}
	return r.String()
}

func writeTable(w io.Writer, rows [][]string) error {
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("accounting: %w", err)
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// quoted is the prices of one day, as far as they were published. It is plain data.
type quoted struct {
	Date    date.Date           `json:"date"`
	Market  crossholding.Market `json:"market"`
	Sources []string            `json:"sources"`
	Note    string              `json:"note,omitempty"`
}

func readQuoted(r io.Reader) ([]quoted, error) {
	d := json.NewDecoder(io.LimitReader(r, maxPublished))
	d.DisallowUnknownFields()
	var out []quoted
	err := d.Decode(&out)
	return out, err
}

// stubs writes what Renault is worth without its stakes, on the days on which the prices of
// Renault and of Nissan are known, and how much of the market values counts twice.
func (h *history) stubs(ctx context.Context, w io.Writer) error {
	for _, q := range h.quoted {
		a, err := h.timeline.At(ctx, q.Date)
		if err != nil {
			return err
		}
		l, err := value.NewLookThrough(ctx, a, value.Figures{Market: q.Market, Own: ventures(a)})
		if err != nil {
			return err
		}
		renault, err := l.Of("renault")
		if err != nil {
			return err
		}
		var m [3]crossholding.Money
		for i, figure := range []func() (crossholding.Money, error){renault.Gross, renault.Stakes, renault.Own} {
			if m[i], err = figure(); err != nil {
				return err
			}
		}
		share, err := renault.PerShare(m[2])
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s, Renault at %s, Nissan at %s, %s yen a euro (%s)\n", q.Date, q.Market.Prices["renault"], q.Market.Prices["nissan"], q.Market.FX["EUR/JPY"], q.Note)
		fmt.Fprintf(w, "  Renault's shares %s, its stakes %s: its own business is %s, %s a share\n", millions(m[0]), millions(m[1]), millions(m[2]), share.Round(ratio.HalfEven))
		nissan, err := l.Of("nissan")
		if err != nil {
			return err
		}
		held, err := nissan.Gross()
		if err != nil {
			return err
		}
		all, outside, err := twice(renault, nissan)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  Nissan's shares %s; with Renault's %s, of which outsiders own %s\n", millions(held), millions(all), millions(outside))
	}
	return nil
}

// ventures values Ampere and Horse at nothing of their own. So they stay a part of the
// business of those who hold them: nobody quotes them.
func ventures(a *crossholding.Alliance) map[string]string {
	out := map[string]string{}
	for _, id := range []string{"ampere", "horse"} {
		if _, err := a.Graph().Company(id); err == nil {
			out[id] = "0 EUR"
		}
	}
	return out
}

// twice returns what companies are worth on the market, and the part that outsiders own.
func twice(list ...value.Equity) (all, outside crossholding.Money, err error) {
	for _, e := range list {
		gross, err := e.Gross()
		if err != nil {
			return all, outside, err
		}
		external, err := e.External()
		if err != nil {
			return all, outside, err
		}
		all = crossholding.Money{Amount: all.Amount.Add(gross.Amount), Currency: gross.Currency}
		outside = crossholding.Money{Amount: outside.Amount.Add(external.Amount), Currency: external.Currency}
	}
	return all, outside, nil
}

func millions(m crossholding.Money) string {
	return fmt.Sprintf("%s million %s", m.Amount.Div(ratio.Int(1_000_000)).Decimal(0), m.Currency)
}

package booktest

import (
	"fmt"
	"math/rand/v2"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

var tenth = ratio.Int(10)

// RandomEvent returns a random step that is an event of a company, which is not possible in
// every case.
func RandomEvent(rng *rand.Rand, b crossholding.Book) scenario.Step {
	ids := []string{"trust"}
	for _, c := range b.Companies {
		ids = append(ids, c.ID)
	}
	for _, p := range b.Parties {
		ids = append(ids, p.ID)
	}
	any := func(list ...string) string { return list[rng.IntN(len(list))] }
	company := func() string { return b.Companies[rng.IntN(len(b.Companies))].ID }
	terms := func() string { return fmt.Sprintf("%d:%d", 1+rng.IntN(5), 1+rng.IntN(5)) }
	s := scenario.Step{Issuer: company()}
	if len(b.Stakes) > 0 {
		stake := b.Stakes[rng.IntN(len(b.Stakes))]
		s.Issuer, s.From = stake.Issuer, stake.Holder
	}
	fractions := func() {
		s.Fractions = scenario.FractionRule(any("", "down", "up", "keep", "cash"))
		if s.Fractions == "cash" {
			s.Price = any("7 EUR", "11 JPY")
		}
		s.Method = scenario.LotMethod(any("", "fifo", "lifo", "hifo"))
	}
	fresh := &crossholding.Company{ID: fmt.Sprintf("n%d", rng.IntN(1000)), Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}}
	if len(b.Rights) > 0 && rng.IntN(4) == 0 {
		return scenario.Step{Step: scenario.StepKind(any("exercise", "lapse")), ID: b.Rights[0].ID, Shares: "2"}
	}
	switch s.Step = scenario.StepKind(any("restate", "split", "convert", "found", "distribute", "spin_off", "merge", "rights", "dividend", "bonus",
		"offer", "liquidate", "pay", "squeeze", "swap", "class", "grant", "exercise")); s.Step {
	case "restate":
		s.Percent, s.Holder, s.Voter = Number(rng.IntN(9)), any("", any(ids...)), any("", "neutral", any(ids...))
		s.Beneficiary = any("", any(ids...))
		if rng.IntN(2) == 0 {
			s.Price = "5 EUR"
		}
	case "split":
		s.From, s.Ratio = "", terms()
		fractions()
	case "class":
		s.From, s.Class, s.ClassVotes, s.Dividend = "", fmt.Sprintf("k%d", rng.IntN(2)), "2", Number(rng.IntN(3))
	case "convert":
		s.From = any("", s.From)
		s.Ratio, s.Class, s.ToClass = terms(), "ordinary", fmt.Sprintf("k%d", rng.IntN(2))
		fractions()
	case "found":
		s.Issuer, s.From, s.Company = "", "", fresh
		s.Founders = []scenario.Founder{{Holder: any(ids...), Shares: "60", Price: any("", "3 EUR")}, {Holder: any(ids...), Shares: "40", Cost: any("", "9 JPY")}}
	case "distribute":
		s.Asset, s.Issuer, s.From = s.Issuer, company(), any("", s.From)
		s.Ratio, s.CostShare = fmt.Sprintf("1:%d", 4+rng.IntN(20)), scenario.CostShare{"": "30%"}
		fractions()
	case "spin_off":
		s.From, s.Company, s.Ratio = "", fresh, "1:10"
		s.Fractions, s.CostShare = "keep", scenario.CostShare{"": "1/7"}
		for _, c := range b.Companies {
			if c.ID == s.Issuer && len(c.Shares) == 1 {
				issued, err := c.Shares[0].Issued.Ratio()
				treasury, err2 := c.Shares[0].Treasury.Ratio()
				if err == nil && err2 == nil {
					fresh.Shares[0].Issued = issued.Sub(treasury).Div(tenth).Number()
				}
			}
		}
	case "merge":
		s.From, s.Into, s.Ratio = "", company(), terms()
		s.Cancel, s.Source = rng.IntN(2) == 0, scenario.Supply(any("", "treasury"))
		if rng.IntN(3) == 0 {
			s.Cash = "2 EUR"
			s.Against = "income"
		}
		fractions()
	case "rights":
		s.Takes, s.From, s.Ratio, s.Price = map[string]string{s.From: any("all", "50%", "3")}, "", terms(), any("", "3 EUR")
		s.To = any("", any(ids...))
	case "dividend":
		s.From, s.PerShare = "", "3 EUR"
		s.PassOn = map[string]string{company(): "50%", company(): "30%"}
	case "bonus":
		s.From, s.Step, s.In, s.Ratio = "", "dividend", "shares", terms()
		fractions()
	case "offer":
		s.To, s.Tendered, s.Percent = any(ids...), map[string]string{s.From: any("all", "5"), crossholding.FloatOf(s.Issuer): "all"}, Number(1+rng.IntN(30))
		s.From, s.Price = "", any("", "4 EUR")
	case "liquidate":
		s.From = ""
	case "pay":
		s.Issuer, s.Amount, s.To = "", "12 EUR", any(ids...)
	case "squeeze":
		s.Step, s.From, s.To, s.Percent, s.Price = "trade", scenario.Everyone, any(ids...), Number(rng.IntN(101)), any("", "9 JPY")
	case "swap":
		s.Step, s.To, s.Percent = "trade", any(ids...), Number(rng.IntN(9))
		s.For = &scenario.SharePayment{Issuer: company(), Ratio: terms(), Source: scenario.Supply(any("", "new", "treasury", "own"))}
	case "grant":
		s.From, s.Right = "", &crossholding.Right{ID: fmt.Sprintf("r%d", rng.IntN(3)), Holder: any(ids...), Issuer: s.Issuer, Shares: "9", Price: any("", "2 EUR")}
		s.Issuer = ""
	case "exercise":
		s.Issuer, s.From, s.ID = "", "", fmt.Sprintf("r%d", rng.IntN(3))
		if s.Step = scenario.StepKind(any("exercise", "lapse", "trade")); s.Step == "trade" {
			s.To = any(ids...)
		}
		if rng.IntN(2) == 0 {
			s.Shares = "4"
		}
	}
	return s
}

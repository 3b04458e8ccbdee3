// Command mitsubishi answers whether Nissan's stake in Mitsubishi Motors is worth less than
// half of what was paid, for any price and exchange rate, in one paragraph with the
// arithmetic.
//
//	go run ./examples/mitsubishi
//	go run ./examples/mitsubishi -price 460.6
//	go run ./examples/mitsubishi -value "950000000 USD" -rate USD/JPY=109.316
//
// Without flags it takes what was reported in November 2020: $950 million, at 104.945 yen a
// dollar, the reference rate of the European Central Bank of 16 November 2020. The shares and
// the price paid are those of 20 October 2016; testdata/alliance/SOURCES.md has the sources.
//
// Faults go to standard error, and the exit status is 1.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// What was reported in November 2020, and a rate of those days.
const (
	reportedValue = "950000000 USD"
	reportedRate  = "USD/JPY=104.945"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	text, err := answer(args, stderr)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	fmt.Fprintln(stdout, text)
	return 0
}

// settings are the flags.
type settings struct {
	price, worth, rate, shares, paid, fraction string
}

func answer(args []string, stderr io.Writer) (string, error) {
	var s settings
	flags := flag.NewFlagSet("mitsubishi", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.price, "price", "", "the price of a `share`, such as \"460.6\" or \"1.9 USD\"; without a currency it is in yen")
	flags.StringVar(&s.worth, "value", "", "the value of the whole `stake` instead, such as \"950000000 USD\"")
	flags.StringVar(&s.rate, "rate", "", "the exchange `rate`, such as USD/JPY=104.945, for a price or a value that is not in yen")
	flags.StringVar(&s.shares, "shares", "506620577", "the `number` of shares")
	flags.StringVar(&s.paid, "paid", "468.52", "the `yen` paid for each")
	flags.StringVar(&s.fraction, "fraction", "1/2", "the `part` of the cost that is asked about")
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	if flags.NArg() > 0 {
		return "", fmt.Errorf("mitsubishi: %q is not a flag", flags.Arg(0))
	}
	if s.price != "" && s.worth != "" {
		return "", fmt.Errorf("mitsubishi: a price of %s and a value of %s; give one of them", s.price, s.worth)
	}
	if s.price == "" && s.worth == "" {
		if s.worth = reportedValue; s.rate == "" {
			s.rate = reportedRate
		}
	}
	return s.paragraph()
}

// paragraph works out the answer.
func (s settings) paragraph() (string, error) {
	a, err := value.NewAccount("nissan in mitsubishi", "JPY", value.AccountOptions{})
	if err != nil {
		return "", err
	}
	a, err = a.Buy(value.Trade{Date: "2016-10-20", Shares: ratio.Number(s.shares), Price: ratio.Number(s.paid)})
	if err != nil {
		return "", err
	}
	cost, err := a.Cost()
	if err != nil {
		return "", err
	}
	fraction, err := ratio.Parse(s.fraction)
	if err != nil {
		return "", fmt.Errorf("mitsubishi: -fraction: %w", err)
	}
	worth, how, err := s.value(a.Shares())
	if err != nil {
		return "", err
	}
	c, err := value.Compare(worth, cost, fraction)
	if err != nil {
		return "", err
	}
	rule, err := value.ImpairmentRuleOf("jp-practice")
	if err != nil {
		return "", err
	}
	impairment, err := rule.Test(value.Measurement{Carrying: cost, Fair: worth})
	if err != nil {
		return "", err
	}
	return s.tell(c, how, a.Shares(), impairment), nil
}

// value returns the value of the stake in yen, and the arithmetic.
func (s settings) value(shares ratio.Ratio) (crossholding.Money, string, error) {
	text, name := s.worth, "value"
	if text == "" {
		text, name = s.price, "price"
	}
	amount, currency, ok := strings.Cut(text, " ")
	if !ok {
		currency = "JPY"
	}
	r, err := ratio.ParseNumber(amount)
	if err != nil {
		return crossholding.Money{}, "", fmt.Errorf("mitsubishi: -%s: %w", name, err)
	}
	m := crossholding.Money{Amount: r, Currency: currency}
	how := show(m)
	if s.worth == "" {
		m.Amount = r.Mul(shares)
		how = fmt.Sprintf("%s shares × %s", shares.Grouped(), how)
	}
	var table []value.Rate
	if s.rate != "" {
		pair, rate, _ := strings.Cut(s.rate, "=")
		table = append(table, value.Rate{Pair: pair, Mid: ratio.Number(rate)})
	}
	rates, err := value.NewRates(table, value.RateOptions{})
	if err != nil {
		return crossholding.Money{}, "", err
	}
	conversion, err := rates.Convert(m, "JPY", "", value.Terms{})
	if err != nil {
		return crossholding.Money{}, "", err
	}
	for _, leg := range conversion.Legs {
		how += " " + leg.String()
	}
	return conversion.To, how, nil
}

// tell writes the paragraph.
func (s settings) tell(c value.Comparison, how string, shares ratio.Ratio, i value.Impairment) string {
	verdict := "No: the stake is not worth less than"
	if c.Below {
		verdict = "Yes: the stake is worth less than"
	}
	part := c.Fraction.ShortPercent() + " of"
	if c.Fraction.Equal(ratio.Of(1, 2)) {
		part = "half of"
	}
	word := "not impaired"
	if i.Impaired {
		word = "impaired by " + show(i.Loss) + ", unless a recovery is expected on good grounds"
	}
	each := crossholding.Money{Amount: c.Threshold.Amount.Div(shares), Currency: "JPY"}
	return fmt.Sprintf("%s %s what was paid. Nissan paid %s shares × %s JPY = %s on 20 October 2016. The stake is worth %s = %s, which is %s of that. %s what was paid is %s, or %s a share. Under Japanese practice, a fall of %s beside one of %s makes the stake %s.",
		verdict, part, shares.Grouped(), s.paid, show(c.Cost), how, show(c.Value), c.Ratio.ShortPercent(),
		strings.ToUpper(part[:1])+part[1:], show(c.Threshold), show(each), i.Fall.ShortPercent(), i.Threshold.ShortPercent(), word)
}

// show writes an amount with commas, and rounds it to at most six decimals.
func show(m crossholding.Money) string { return m.Amount.GroupedDecimal(6) + " " + m.Currency }

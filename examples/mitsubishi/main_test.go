package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"as reported": {nil, []string{
			"Yes: the stake is worth less than half of what was paid. Nissan paid 506,620,577 shares × 468.52 JPY = 237,361,872,736.04 JPY on 20 October 2016. " +
				"The stake is worth 950,000,000 USD × 104.945 (USD/JPY) = 99,697,750,000 JPY, which is 42.002% of that. " +
				"Half of what was paid is 118,680,936,368.02 JPY, or 234.26 JPY a share. " +
				"Under Japanese practice, a fall of 57.998% beside one of 50% makes the stake impaired by 137,664,122,736.04 JPY, unless a recovery is expected on good grounds.\n",
		}},
		"half exactly":       {[]string{"-price", "234.26"}, []string{"No: the stake is not worth less than half", "a fall of 50% beside one of 50% makes the stake impaired by 118,680,936,368.02 JPY"}},
		"a sen more":         {[]string{"-price", "234.27"}, []string{"No:", "makes the stake not impaired."}},
		"the sale of 2024":   {[]string{"-price", "460.6 JPY"}, []string{"No:", "506,620,577 shares × 460.6 JPY = 233,349,437,766.2 JPY", "98.31% of that"}},
		"the other way":      {[]string{"-value", "950000000 USD", "-rate", "JPY/USD=0.0095"}, []string{"950,000,000 USD ÷ 0.0095 (JPY/USD) = 100,000,000,000 JPY"}},
		"a price in dollars": {[]string{"-price", "2.5 USD", "-rate", "USD/JPY=100"}, []string{"No:", "506,620,577 shares × 2.5 USD × 100 (USD/JPY) = 126,655,144,250 JPY"}},
		"another part":       {[]string{"-price", "400", "-fraction", "90%"}, []string{"Yes: the stake is worth less than 90% of what was paid.", "90% of what was paid is 213,625,685,462.436 JPY"}},
		"a rate alone":       {[]string{"-rate", "USD/JPY=150"}, []string{"No:", "950,000,000 USD × 150 (USD/JPY)"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out, complaints bytes.Buffer
			require.Zero(t, run(c.args, &out, &complaints), complaints.String())
			for _, w := range c.want {
				require.Contains(t, out.String(), w)
			}
			require.Equal(t, 1, bytes.Count(out.Bytes(), []byte("\n")))
		})
	}
}

func TestComplaints(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-price", "2 USD"}, "no rate USD/JPY"},
		{[]string{"-price", "2", "-value", "3"}, "give one of them"},
		{[]string{"-price", "much"}, "much"},
		{[]string{"-value", "1 USD", "-rate", "USD/JPY=0"}, "not above 0"},
		{[]string{"-value", "1 USD", "-rate", "104"}, "not a pair"},
		{[]string{"-fraction", "half"}, "-fraction"},
		{[]string{"-shares", "0"}, "no number of shares"},
		{[]string{"-paid", "0"}, "not above 0"},
		{[]string{"-no"}, "flag provided but not defined"},
		{[]string{"460"}, "\"460\" is not a flag"},
	} {
		var out, complaints bytes.Buffer
		require.Equal(t, 1, run(c.args, &out, &complaints), "%v", c.args)
		require.Empty(t, out.String())
		require.Contains(t, complaints.String(), c.want)
	}
}

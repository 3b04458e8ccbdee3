package accounting_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/accounting"
	"github.com/crossholding/crossholding/ratio"
)

// FuzzRollForward makes events of bytes. Whatever they are, the answer balances or is an
// error.
func FuzzRollForward(f *testing.F) {
	f.Add([]byte{1, 2, 3, 0, 9, 9, 9, 1, 5, 1, 40, 0})
	f.Add([]byte{6, 50, 200, 25, 7, 10, 90, 0, 10, 0, 90, 0})
	kinds := []accounting.EventKind{accounting.Purchase, accounting.Profit, accounting.OtherIncome, accounting.EquityChange, accounting.Dividend,
		accounting.Disposal, accounting.Issue, accounting.Buyback, accounting.Impairment, accounting.Reversal, accounting.FairValue, "gift"}
	f.Fuzz(func(t *testing.T, data []byte) {
		var events []accounting.Event
		for ; len(data) >= 4 && len(events) < 50; data = data[4:] {
			kind := kinds[int(data[0])%len(kinds)]
			e := accounting.Event{Kind: kind, Amount: ratio.Int(int64(data[2]) - 100)}
			switch kind {
			case accounting.Issue:
				e.Shares, e.Taken = ratio.Int(int64(data[1])), ratio.Of(int64(data[3]), 4)
			case accounting.Buyback:
				e.Shares, e.NetAssets = ratio.Int(int64(data[1])), ratio.Int(int64(data[3]))
			case accounting.Purchase, accounting.Disposal:
				e.Shares = ratio.Of(int64(data[1]), 4)
			default:
				e.Own = data[3] == 1
			}
			events = append(events, e)
		}
		r, err := accounting.RollForward(t.Context(), start, events)
		if err != nil {
			require.ErrorContains(t, err, "accounting: ")
			return
		}
		balance := r.Closing.Carrying.Sub(start.Carrying).Add(r.Total.Cash)
		require.True(t, balance.Equal(r.Total.Profit.Add(r.Total.OtherIncome).Add(r.Total.Equity)))
	})
}

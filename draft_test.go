package crossholding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// A draft refuses what New refuses, and the alliance that it was made of does not change.
func TestDraftRefuses(t *testing.T) {
	b := booktest.SmallBook()
	a := booktest.New(t, b)
	before := booktest.Bytes(t, a)
	one, ten := ratio.Int(1), ratio.Int(10)
	class := func(change func(k *crossholding.DraftClass)) func(*crossholding.Draft) error {
		return func(d *crossholding.Draft) error {
			list := d.Classes("nissan")
			change(&list[0])
			return d.SetClasses(list)
		}
	}
	stake := func(s crossholding.DraftStake) func(*crossholding.Draft) error {
		return class(func(k *crossholding.DraftClass) { k.Stakes = append(k.Stakes, s) })
	}
	for name, c := range map[string]struct {
		do   func(d *crossholding.Draft) error
		kind error
	}{
		"unknown holder":  {stake(crossholding.DraftStake{Holder: "zoe", Shares: one}), crossholding.ErrUnknown},
		"no holder":       {stake(crossholding.DraftStake{Shares: one}), crossholding.ErrUnknown},
		"unknown voter":   {stake(crossholding.DraftStake{Holder: "fund", Voter: "zoe", Shares: one}), crossholding.ErrUnknown},
		"in oneself":      {stake(crossholding.DraftStake{Holder: "nissan", Shares: one}), crossholding.ErrSelfStake},
		"negative":        {stake(crossholding.DraftStake{Holder: "fund", Shares: one.Neg()}), crossholding.ErrRange},
		"more lots":       {stake(crossholding.DraftStake{Holder: "fund", Shares: one, Lots: []crossholding.DraftLot{{Shares: ten, Price: one}}}), crossholding.ErrOverAllocated},
		"too many":        {stake(crossholding.DraftStake{Holder: "fund", Shares: ratio.Int(1_000_000)}), crossholding.ErrOverAllocated},
		"treasury":        {class(func(k *crossholding.DraftClass) { k.Treasury = ratio.Int(1_000_000) }), crossholding.ErrOverAllocated},
		"unknown class":   {class(func(k *crossholding.DraftClass) { k.Name = "z" }), crossholding.ErrUnknown},
		"class twice":     {func(d *crossholding.Draft) error { return d.AddClass("nissan", crossholding.ShareClass{}) }, crossholding.ErrDuplicate},
		"class of nobody": {func(d *crossholding.Draft) error { return d.AddClass("zoe", crossholding.ShareClass{Class: "B"}) }, crossholding.ErrUnknown},
		"bad votes": {func(d *crossholding.Draft) error {
			return d.Amend("nissan", "", crossholding.ShareClass{Class: "ordinary", Votes: "-1"})
		}, crossholding.ErrRange},
		"lot of 0": {func(d *crossholding.Draft) error {
			return d.Amend("nissan", "0", crossholding.ShareClass{Class: "ordinary"})
		}, crossholding.ErrRange},
		"earlier":       {func(d *crossholding.Draft) error { _, err := d.SetAsOf("1999-01-01"); return err }, crossholding.ErrDate},
		"no agreement":  {func(d *crossholding.Draft) error { return d.EndAgreement("z") }, crossholding.ErrUnknown},
		"bad agreement": {func(d *crossholding.Draft) error { return d.Agree(crossholding.Agreement{ID: "x", Kind: "z"}) }, crossholding.ErrAgreement},
		"no fact": {func(d *crossholding.Draft) error {
			return d.Retract(crossholding.ControlFact{Controller: "fund", Company: "nissan"})
		}, crossholding.ErrUnknown},
		"company twice": {func(d *crossholding.Draft) error {
			return d.Found(crossholding.Company{ID: "nissan", Shares: []crossholding.ShareClass{{Issued: "1"}}})
		}, crossholding.ErrDuplicate},
		"with treasury": {func(d *crossholding.Draft) error {
			return d.Found(crossholding.Company{ID: "n", Shares: []crossholding.ShareClass{{Issued: "1", Treasury: "1"}}})
		}, crossholding.ErrRange},
		"still has stakes": {func(d *crossholding.Draft) error { return d.Dissolve("renault", "", ratio.Ratio{}) }, crossholding.ErrRange},
		"unknown company":  {func(d *crossholding.Draft) error { return d.Dissolve("zoe", "", ratio.Ratio{}) }, crossholding.ErrUnknown},
		"no rate": {func(d *crossholding.Draft) error {
			_, err := d.Convert(crossholding.Money{Amount: one, Currency: "EUR"}, "CHF")
			return err
		}, crossholding.ErrNoPrice},
		"bad price": {func(d *crossholding.Draft) error {
			return d.Reprice(crossholding.Market{Prices: map[string]string{"zoe": "1 EUR"}})
		}, crossholding.ErrUnknown},
		"right of nobody": {func(d *crossholding.Draft) error {
			return d.SetRight(crossholding.Right{ID: "r", Holder: "zoe", Issuer: "nissan", Shares: "1"})
		}, crossholding.ErrUnknown},
		"right that is over": {func(d *crossholding.Draft) error {
			return d.Grant(crossholding.Right{ID: "r", Holder: "fund", Issuer: "nissan", Shares: "1", To: "2001-01-01"})
		}, crossholding.ErrDate},
		"fact about a person": {func(d *crossholding.Draft) error {
			return d.Assert([]crossholding.ControlFact{{Controller: "nissan", Company: "state", By: "z"}})
		}, crossholding.ErrRange},
	} {
		err := c.do(a.Draft())
		require.ErrorIs(t, err, c.kind, name)
	}
	require.Equal(t, before, booktest.Bytes(t, a))

	banded := booktest.New(t, booktest.Banded()).Draft()
	refused := 0
	for _, c := range booktest.Banded().Companies {
		for _, k := range banded.Classes(c.ID) {
			if len(banded.Bands(k.Issuer, k.Name)) > 0 {
				require.ErrorIs(t, banded.SetClasses([]crossholding.DraftClass{k}), crossholding.ErrBands)
				refused++
			}
		}
	}
	require.Positive(t, refused)
}

// A draft of no changes is the book, and the zero value is an empty book.
func TestDraftOfNoChanges(t *testing.T) {
	for _, b := range []crossholding.Book{booktest.SmallBook(), booktest.Banded(), {}} {
		a := booktest.New(t, b)
		require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, a.Draft().Alliance()))
		d := a.Draft()
		for _, c := range a.Book().Companies {
			for _, k := range d.Classes(c.ID) {
				if len(d.Bands(k.Issuer, k.Name)) == 0 {
					require.NoError(t, d.SetClasses([]crossholding.DraftClass{k}))
				}
			}
		}
		require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, d.Alliance()))
	}
	var none crossholding.Draft
	require.Zero(t, none.Len())
	require.NoError(t, none.SetClasses(nil))
	require.Empty(t, none.Alliance().Book().Companies)
	require.Empty(t, new(crossholding.Alliance).Draft().Alliance().Book().Companies)
}

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
		"still has stakes": {func(d *crossholding.Draft) error { return d.Dissolve("renault", "", "", ratio.Ratio{}) }, crossholding.ErrRange},
		"unknown company":  {func(d *crossholding.Draft) error { return d.Dissolve("zoe", "", "", ratio.Ratio{}) }, crossholding.ErrUnknown},
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

// What a draft refuses, New would refuse too.
func TestDraftRefusesFieldsOfStakes(t *testing.T) {
	a := booktest.New(t, crossholding.Book{AsOf: "2024-01-01", Companies: []crossholding.Company{
		{ID: "a"}, {ID: "b", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Stakes: []crossholding.Stake{{Holder: "a", Issuer: "b", Shares: "10"}}})
	one := ratio.Int(1)
	lot := func(change func(*crossholding.DraftLot)) func(*crossholding.DraftStake) {
		l := crossholding.DraftLot{Date: "2023-01-01", Shares: one, Price: one, Currency: "EUR"}
		change(&l)
		return func(s *crossholding.DraftStake) { s.Lots = []crossholding.DraftLot{l} }
	}
	for name, c := range map[string]struct {
		change func(*crossholding.DraftStake)
		kind   error
	}{
		"good":                   {lot(func(*crossholding.DraftLot) {}), nil},
		"neutral voter":          {func(s *crossholding.DraftStake) { s.Voter = crossholding.Neutral }, nil},
		"neutral holder":         {func(s *crossholding.DraftStake) { s.Holder = crossholding.Neutral }, crossholding.ErrUnknown},
		"neutral beneficiary":    {func(s *crossholding.DraftStake) { s.Beneficiary = crossholding.Neutral }, crossholding.ErrUnknown},
		"lot in no currency":     {lot(func(l *crossholding.DraftLot) { l.Currency = "" }), crossholding.ErrCurrency},
		"lot in a bad currency":  {lot(func(l *crossholding.DraftLot) { l.Currency = "euro" }), crossholding.ErrCurrency},
		"lot of no day":          {lot(func(l *crossholding.DraftLot) { l.Date = "2020-13-45" }), crossholding.ErrDate},
		"lot of a later day":     {lot(func(l *crossholding.DraftLot) { l.Date = "2030-01-01" }), crossholding.ErrDate},
		"negative votes":         {func(s *crossholding.DraftStake) { s.OwnVotes, s.Votes = true, one.Neg() }, crossholding.ErrRange},
		"since without votes":    {func(s *crossholding.DraftStake) { s.VotesSince = "2020-01-01" }, crossholding.ErrMissing},
		"backwards":              {func(s *crossholding.DraftStake) { s.From, s.To = "2025-01-01", "2020-01-01" }, crossholding.ErrDate},
		"not yet":                {func(s *crossholding.DraftStake) { s.From = "2025-01-01" }, crossholding.ErrDate},
		"over":                   {func(s *crossholding.DraftStake) { s.To = "2020-01-01" }, crossholding.ErrDate},
		"cash settled for whom?": {func(s *crossholding.DraftStake) { s.CashSettled = true }, crossholding.ErrMissing},
		"for itself":             {func(s *crossholding.DraftStake) { s.Beneficiary, s.CashSettled = "a", true }, crossholding.ErrMissing},
	} {
		d := a.Draft()
		list := d.Classes("b")
		c.change(&list[0].Stakes[0])
		err := d.SetClasses(list)
		require.ErrorIs(t, err, c.kind, name)
		if c.kind == nil {
			booktest.New(t, d.Alliance().Book())
		}
	}
	list := a.Draft().Classes("b")
	list[0].Dividend = one.Neg()
	require.ErrorIs(t, a.Draft().SetClasses(list), crossholding.ErrRange)
	list = a.Draft().Classes("b")
	list[0].Stakes[0].Beneficiary, list[0].Stakes[0].Voter = "a", "a"
	d := a.Draft()
	require.NoError(t, d.SetClasses(list))
	require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, d.Alliance()), "the holder is the default beneficiary and voter")
	_, err := a.Draft().SetAsOf("2024-02-30")
	require.ErrorIs(t, err, crossholding.ErrDate)
}

// A company passes what it has to another company of the book, and to nothing else.
func TestDraftDissolves(t *testing.T) {
	a := booktest.New(t, crossholding.Book{Companies: []crossholding.Company{
		{ID: "a", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}}, {ID: "end"}, {ID: "other"}},
		Parties:  []crossholding.Party{{ID: "x", Kind: crossholding.KindPerson}},
		Rights:   []crossholding.Right{{ID: "r", Holder: "end", Issuer: "a", Shares: "1"}},
		Controls: []crossholding.ControlFact{{Controller: "x", Company: "end", By: crossholding.ControlByTrust}}})
	for _, successor := range []string{"zoe", "x", "end", crossholding.FloatOf("a"), crossholding.Neutral} {
		require.ErrorIs(t, a.Draft().Dissolve("end", successor, "", ratio.Int(1)), crossholding.ErrUnknown, successor)
	}
	require.ErrorIs(t, a.Draft().Dissolve("end", "other", "", ratio.Int(-1)), crossholding.ErrRange)
	require.ErrorIs(t, a.Draft().Dissolve("end", "a", "b", ratio.Int(1)), crossholding.ErrUnknown)
	for successor, rights := range map[string]int{"": 0, "other": 1, "a": 0} {
		d := a.Draft()
		require.NoError(t, d.Dissolve("end", successor, "", ratio.Int(1)))
		require.Len(t, d.Rights(), rights, successor)
		booktest.New(t, d.Alliance().Book())
	}
	d := a.Draft()
	require.NoError(t, d.Dissolve("a", "other", "", ratio.Int(1)))
	require.Empty(t, d.Rights(), "its successor has no shares")
	booktest.New(t, d.Alliance().Book())
	require.Error(t, a.Draft().SetRight(crossholding.Right{Holder: "x", Issuer: "a", Shares: "1"}))
}

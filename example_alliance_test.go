package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
)

// A book is a literal: here Renault and Nissan in 2022, who hold each other.
func ExampleNew() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		AsOf: "2022-12-31",
		Companies: []crossholding.Company{
			{ID: "renault", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "295722284"}}},
			{ID: "nissan", Country: "JP", Shares: []crossholding.ShareClass{{Issued: "4220715112"}}},
		},
		Parties: []crossholding.Party{{ID: "french-state", Kind: crossholding.KindState}},
		Stakes: []crossholding.Stake{
			{Holder: "french-state", Issuer: "renault", Shares: "44387915"},
			{Holder: "nissan", Issuer: "renault", Shares: "44358343"},
			{Holder: "renault", Issuer: "nissan", Shares: "1831837027"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	state, err := o.Integrated(ctx, "french-state", "nissan")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(state.Percent(4))
	// Output: 6.9681
}

// Everything wrong with a book is reported at once.
func ExampleInputError() {
	_, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "nissan", Shares: []crossholding.ShareClass{{Issued: "4220715112", Treasury: "28900000"}}}},
		Parties:   []crossholding.Party{{ID: "renault"}, {ID: "others"}},
		Stakes: []crossholding.Stake{
			{Holder: "renault", Issuer: "nissan", Percent: "43.4"},
			{Holder: "others", Issuer: "nissan", Percent: "56.6"},
			{Holder: "others", Beneficiary: "nissan", Issuer: "nissan", Shares: "28900000"},
			{Holder: "rennault", Issuer: "nissan", Shares: "-1"},
		},
	})
	var input *crossholding.InputError
	if errors.As(err, &input) {
		for _, f := range input.Faults {
			fmt.Println(f)
		}
	}
	fmt.Println(errors.Is(err, crossholding.ErrOverAllocated), errors.Is(err, crossholding.ErrDate))
	// Output:
	// stakes[2].beneficiary: others in nissan: nissan cannot hold a stake in itself (as beneficiary): its own shares are its treasury
	// stakes[3].holder: rennault in nissan: holder "rennault" is neither a company nor a party of the book
	// stakes[3].shares: rennault in nissan: -1 is negative
	// companies.nissan: 2 holders hold 4,249,615,112 of 4,191,815,112 outstanding shares of nissan (ordinary), 57,800,000 too many: others 2,417,824,753, renault 1,831,790,359
	// true false
}

func ExampleReadBook() {
	f, err := os.Open("testdata/alliance/before.json")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.AsOf(), len(a.Book().Companies), "companies", len(a.Book().Stakes), "stakes")

	_, err = crossholding.ReadBook(strings.NewReader(`{"companies": [{"id": "nissan", "shares": 4220715112}], "stakes": [{"holder": "renault"}]}`))
	fmt.Println(err)
	// Output:
	// 2022-12-31 4 companies 9 stakes
	// crossholding: companies[0].shares: the number 4220715112 where an array belongs
	// stakes[0].holder: holder "renault" is neither a company nor a party of the book
	// stakes[0].issuer: no issuer
}

// The same book gives the same bytes, in whatever order and notation it comes.
func ExampleWriteBook() {
	err := crossholding.WriteBook(os.Stdout, crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "nissan", Shares: []crossholding.ShareClass{{Issued: "4220715112.0", Treasury: "28.9e6"}}},
			{ID: "ampere"},
		},
		Parties: []crossholding.Party{{ID: "renault"}},
		Stakes: []crossholding.Stake{
			{Holder: "renault", Issuer: "nissan", Percent: "15"},
			{Holder: "nissan", Issuer: "ampere", Percent: "7.50"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// {
	//   "companies": [
	//     {"id":"ampere"},
	//     {"id":"nissan","shares":[{"issued":"4220715112","treasury":"28900000"}]}
	//   ],
	//   "parties": [
	//     {"id":"renault"}
	//   ],
	//   "stakes": [
	//     {"holder":"nissan","issuer":"ampere","percent":"7.5"},
	//     {"holder":"renault","issuer":"nissan","shares":"633107267"}
	//   ]
	// }
}

func ExampleAlliance_WriteBook() {
	if err := (&crossholding.Alliance{}).WriteBook(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {
	// }
}

// Book gives the alliance back as plain data, to be changed and built anew.
func ExampleAlliance_Book() {
	b := alliance().Book()
	for _, s := range b.Stakes {
		if s.Issuer == "renault" {
			fmt.Println(s.Holder, s.Shares)
		}
	}
	// Output:
	// french-state 44387915
	// nissan-finance 44358343
	// registered-holders 16223037
}

func ExampleAlliance_AsOf() {
	fmt.Println(alliance().AsOf())
	// Output: 2022-12-31
}

// What nobody in the book holds of Nissan is its float's.
func ExampleFloatOf() {
	ctx := context.Background()
	o, err := alliance().Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	float, err := o.Direct(crossholding.FloatOf("nissan"), "nissan")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(crossholding.FloatOf("nissan"), float.Percent(2))
	// Output: float:nissan 56.3
}

// A register is a pair of CSV files. Holders who are no companies need no row.
func ExampleReadRegister() {
	ctx := context.Background()
	companies := "id,issued,treasury,votes\nrenault,295722284,,\nnissan,4220715112,28900000,\n"
	stakes := "holder,issuer,shares\nfrench-state,renault,44387915\nnissan,renault,44358343\nrenault,nissan,1831837027\n"
	r, err := crossholding.ReadRegister(context.Background(), strings.NewReader(companies), strings.NewReader(stakes),
		crossholding.RegisterOptions{AsOf: "2022-12-31"})
	if err != nil {
		log.Fatal(err)
	}
	o, err := r.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	owners, err := o.Ultimate(ctx, "nissan")
	if err != nil {
		log.Fatal(err)
	}
	for _, in := range owners {
		fmt.Println(in.Holder, in.Integrated.Percent(4))
	}
	// Output:
	// float:nissan 60.249
	// float:renault 32.7314
	// french-state 7.0196
}

// Ids are for programs, names for readers.
func ExampleAlliance_Name() {
	a := alliance()
	fmt.Println(a.Name("nissan-finance"), "-", a.Name("float:renault"), "-", a.Name("toyota"))
	// Output: Nissan Finance - the float of Renault SA - toyota
}

package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

func ExampleWithProgress() {
	companies := "id,issued,treasury,votes\nnissan,4220715112,28900000,1\nrenault,295722284,5058961,1\n"
	stakes := "holder,issuer,shares\nnissan,renault,44358343\nrenault,nissan,1831837027\nstate,renault,44387915\n"

	ctx := crossholding.WithProgress(context.Background(), func(p crossholding.Progress) { fmt.Println(p) })
	r, err := crossholding.ReadRegister(ctx, strings.NewReader(companies), strings.NewReader(stakes), crossholding.RegisterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	o, err := r.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for in, err := range o.Interests(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		if in.Holder == "state" {
			fmt.Println("state owns", in.Integrated.Percent(4), "percent of", in.Issuer)
		}
	}
	// Output:
	// companies 0
	// companies 2
	// stakes 0
	// stakes 3
	// index 0 of 5
	// index 1 of 5
	// index 2 of 5
	// index 3 of 5
	// index 4 of 5
	// index 5 of 5
	// holders 0 of 5
	// holders 1 of 5
	// holders 2 of 5
	// holders 3 of 5
	// holders 4 of 5
	// state owns 7.1505 percent of nissan
	// state owns 16.3625 percent of renault
	// holders 5 of 5
}

// A run is given up after its first step: nothing of it comes out.
func ExampleWithProgress_scenario() {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	tired := errors.New("the board has gone home")
	heard := crossholding.WithProgress(ctx, func(p crossholding.Progress) {
		fmt.Println(p)
		if p.Done == 1 {
			cancel(tired)
		}
	})
	_, err := scenario.Run(heard, alliance(), scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepEntrust, From: "renault", To: "trust", Issuer: "nissan", DownTo: "15%"},
		{Step: scenario.StepBuyback, From: "trust", Issuer: "nissan", Shares: "211000000", Price: "568.5 JPY"},
	}})
	fmt.Println(err, errors.Is(err, tired))
	// Output:
	// steps 0 of 2
	// steps 1 of 2
	// scenario: the board has gone home true
}

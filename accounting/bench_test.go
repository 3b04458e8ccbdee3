package accounting_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/crossholding/crossholding/accounting"
	"github.com/crossholding/crossholding/ratio"
)

// chainGroup makes a group of n members. Each is held by up to three others, and every
// tenth holds a part of the parent.
func chainGroup(n int) (accounting.Group, map[string]ratio.Ratio) {
	rng := rand.New(rand.NewPCG(11, 8))
	g, own := accounting.Group{Parent: "m0"}, map[string]ratio.Ratio{}
	for i := range n {
		name := fmt.Sprintf("m%d", i)
		g.Members = append(g.Members, accounting.Member{Name: name})
		own[name] = ratio.Int(int64(rng.IntN(1_000_000)))
		for range 3 {
			if i > 0 {
				h := rng.IntN(min(n, i+20))
				if h != i {
					g.Holdings = append(g.Holdings, accounting.Holding{Holder: fmt.Sprintf("m%d", h), Issuer: name, Share: ratio.Of(int64(1+rng.IntN(3000)), 10_000)})
				}
			}
		}
		if i%10 == 9 {
			g.Holdings = append(g.Holdings, accounting.Holding{Holder: name, Issuer: "m0", Share: ratio.Of(1, 1000)})
		}
	}
	return g, own
}

func BenchmarkAttribute(b *testing.B) {
	for _, n := range []int{10, 50, 100, 200} {
		g, own := chainGroup(n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := accounting.Attribute(b.Context(), g, own); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRollForward(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		events := make([]accounting.Event, n)
		for i := range events {
			events[i] = accounting.Event{Kind: accounting.Issue, Shares: ratio.Int(int64(1 + i%7)), Amount: ratio.Int(int64(100 + i%13))}
			if i%2 == 0 {
				events[i] = accounting.Event{Kind: accounting.Profit, Amount: ratio.Int(int64(100 + i%11))}
			}
		}
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := accounting.RollForward(b.Context(), accounting.Position{Shares: ratio.Int(250), Outstanding: ratio.Int(1009), Carrying: ratio.Int(1000)}, events); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

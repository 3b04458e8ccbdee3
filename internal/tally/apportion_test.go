package tally_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

func ints(list ...int64) []ratio.Ratio {
	out := make([]ratio.Ratio, len(list))
	for i, v := range list {
		out[i] = ratio.Int(v)
	}
	return out
}

func ExampleApportion() {
	// Three holders may cast 10 of their 90 votes.
	fmt.Println(tally.Apportion(ratio.Int(10), ints(50, 25, 15), true))
	fmt.Println(tally.Apportion(ratio.Int(10), ints(50, 25, 15), false))
	// Output:
	// [5 3 2]
	// [50/9 25/9 5/3]
}

func TestApportion(t *testing.T) {
	tests := []struct {
		name  string
		left  ratio.Ratio
		votes []ratio.Ratio
		want  []ratio.Ratio
	}{
		{"nobody has votes", ratio.Int(0), nil, nil},
		{"nothing is left", ratio.Int(0), ints(3, 4), ints(0, 0)},
		{"everything is left", ratio.Int(7), ints(3, 4), ints(3, 4)},
		{"more than everything is left", ratio.Int(9), ints(3, 4), ints(3, 4)},
		{"a fraction of a vote is left", ratio.Of(1, 2), ints(3, 4), ints(0, 0)},
		{"a part of a vote is dropped", ratio.Of(7, 2), ints(3, 3), ints(2, 1)},
		{"equal fractions, more votes first", ratio.Int(3), ints(1, 3, 2), ints(0, 2, 1)},
		{"equal fractions and votes, first comes first", ratio.Int(1), ints(2, 2, 2), ints(1, 0, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := tally.Apportion(test.left, test.votes, true)
			require.Len(t, got, len(test.want))
			for i, want := range test.want {
				require.True(t, want.Equal(got[i]), "%v", got)
			}
		})
	}
}

func TestApportionKeepsTheSum(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 3))
	for range 2000 {
		var sum int64
		votes := make([]ratio.Ratio, 1+r.IntN(8))
		for i := range votes {
			v := r.Int64N(40)
			votes[i] = ratio.Int(v)
			sum += v
		}
		if sum == 0 {
			continue
		}
		left := ratio.Of(r.Int64N(6*sum), 6)
		exact, whole := tally.Apportion(left, votes, false), tally.Apportion(left, votes, true)
		due := tally.Apportion(left.Floor(), votes, false) // whole votes are shares of whole votes

		var exactSum, wholeSum ratio.Ratio
		var leastGiven, mostRefused ratio.Ratio // fractions of those who got a vote for it, and of those who did not
		given, refused := false, false
		for i := range votes {
			require.True(t, exact[i].Mul(ratio.Int(sum)).Equal(votes[i].Mul(left)), "pro rata")
			require.True(t, whole[i].Equal(whole[i].Floor()), "whole votes")
			require.False(t, votes[i].Less(whole[i]), "no more than before")
			exactSum, wholeSum = exactSum.Add(exact[i]), wholeSum.Add(whole[i])
			switch fraction := due[i].Sub(due[i].Floor()); whole[i].Sub(due[i].Floor()) {
			case ratio.Int(1):
				if !given || fraction.Less(leastGiven) {
					given, leastGiven = true, fraction
				}
			case ratio.Int(0):
				if !refused || mostRefused.Less(fraction) {
					refused, mostRefused = true, fraction
				}
			default:
				t.Fatalf("%s is more than a vote away from %s", whole[i], due[i])
			}
		}
		require.True(t, exactSum.Equal(left))
		require.True(t, wholeSum.Equal(left.Floor()))
		require.False(t, given && refused && leastGiven.Less(mostRefused), "the largest fractions get the votes")
	}
}

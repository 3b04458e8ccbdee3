package format

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

// A plain figure is read as any percentage is.
func TestPlainFigure(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	plain := 0
	for range testkit.Cases(200_000) {
		text := ""
		for range rng.IntN(7) {
			text += []string{"0", "5", "10", ".", ",", "%", " ", "-", "/", "\u00a0", "9"}[rng.IntN(11)]
		}
		if _, ok := plainFigure(text); !ok {
			continue
		}
		plain++
		want, wantErr := parsePercent(text)
		got, err := ParsePercent(text)
		require.Equal(t, want, got, "%q", text)
		require.Equal(t, wantErr, err, "%q", text)
	}
	require.Greater(t, plain, 1000)
}

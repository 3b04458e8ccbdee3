package crossholding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

// A pair under British law has two readings. Control of companies that have nothing to do
// with it is the same under both, and is answered.
func TestControlBesideAnAmbiguousPair(t *testing.T) {
	ctx := t.Context()
	a := lawAlliance(t, "a GB; b GB; c GB; d GB; e GB; p; q; a>b 60; b>a 60; p>c 60; c>d 100; q>a 20; q>b 20; a>e 60")
	_, err := a.Votes(ctx, crossholding.VotingOptions{})
	require.ErrorIs(t, err, crossholding.ErrReadings)
	_, err = a.Control(ctx, crossholding.ControlOptions{Strict: true})
	require.ErrorIs(t, err, crossholding.ErrReadings)

	c, err := a.Control(ctx, crossholding.ControlOptions{})
	require.NoError(t, err)
	for company, want := range map[string]string{"c": "p", "d": "p"} {
		yes, err := c.Controls(ctx, want, company)
		require.NoError(t, err)
		require.True(t, yes)
		top, err := c.Ultimate(ctx, company)
		require.NoError(t, err)
		require.Equal(t, []string{want}, top)
		why, err := c.Why(ctx, want, company)
		require.NoError(t, err)
		require.True(t, why.Controlled)
	}
	all, err := c.Controlled(ctx, "p")
	require.NoError(t, err)
	require.Equal(t, []string{"c", "d"}, all)
	g, err := c.Group(ctx, "p")
	require.NoError(t, err)
	require.Equal(t, []string{"c", "d"}, g.Companies())

	// a controls b in one reading and b controls a in the other.
	_, err = c.Controls(ctx, "a", "b")
	var e *crossholding.ReadingsError
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Readings, 2)
	_, err = c.Ultimate(ctx, "b")
	require.ErrorIs(t, err, crossholding.ErrReadings)
	_, err = c.Why(ctx, "a", "b")
	require.ErrorIs(t, err, crossholding.ErrReadings)
	_, err = c.Group(ctx, "a")
	require.ErrorIs(t, err, crossholding.ErrReadings)
	var sure, open []string
	for p, err := range c.Pairs(ctx) {
		if err != nil {
			require.ErrorIs(t, err, crossholding.ErrReadings)
			open = append(open, p.Controller+">"+p.Company)
			continue
		}
		sure = append(sure, p.Controller+">"+p.Company)
	}
	require.Equal(t, []string{"a>e", "c>d", "p>c", "p>d"}, sure)
	require.Equal(t, []string{"a>b", "b>a", "b>e"}, open)
	require.Len(t, c.Votes().Choices(), 1)
}

package told_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/told"
)

func TestBy(t *testing.T) {
	kind := errors.New("no price")
	err := told.By("whatif", fmt.Errorf("scenario: %w", told.Bare{Err: fmt.Errorf("crossholding: nissan: %w", kind)}))
	require.EqualError(t, err, "whatif: nissan: no price")
	require.ErrorIs(t, err, kind)
	require.NoError(t, told.By("whatif", nil))
	require.Equal(t, `basis "votes", which can be capital, exercisable or nothing`, told.Choice("basis", "votes", "capital", "exercisable"))
}

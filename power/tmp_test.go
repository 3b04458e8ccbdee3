package power_test
import "testing"
func checkOcean(t *testing.T, c gameCase) {}

package power

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// These are the kinds of errors. Every error of this package unwraps to one of
// them, or to the cause of a cancelled context. The typed errors hold the details.
var (
	// ErrEmpty reports a game without players: the zero Game, or a game built
	// from no weights.
	ErrEmpty = errors.New("power: empty game")
	// ErrQuota reports a quota that no coalition can reach, or that the empty
	// coalition reaches.
	ErrQuota = errors.New("power: impossible quota")
	// ErrWeight reports a weight that is negative or missing, or dispersed
	// holders without weight.
	ErrWeight = errors.New("power: bad weight")
	// ErrRange reports a number that is too long, a game with too many players,
	// or a fraction outside 0 to 1.
	ErrRange = errors.New("power: number out of range")
	// ErrPlayers reports players that do not exist, are named twice or are
	// missing, or games that do not have the same players.
	ErrPlayers = errors.New("power: players do not match")
	// ErrUnions reports precoalitions that overlap, are empty, or name a player
	// that does not exist.
	ErrUnions = errors.New("power: bad precoalitions")
	// ErrMemory reports a calculation that would need more memory than allowed.
	// Nothing has been allocated for it.
	ErrMemory = errors.New("power: more memory than allowed")
	// ErrTooHard reports a calculation for which the package has no exact
	// algorithm of bounded time, such as listing the coalitions of fifty
	// players.
	ErrTooHard = errors.New("power: too many coalitions")
	// ErrOptions reports options that the call cannot follow.
	ErrOptions = errors.New("power: bad options")
)

// WeightError reports one weight that cannot be counted. It unwraps to
// ErrWeight or ErrRange.
type WeightError struct {
	Player int    // index of the player, from 0
	Weight string // as given, shortened if very long
	Reason string
	Kind   error
}

func (e *WeightError) Error() string {
	return fmt.Sprintf("%v: player %d, weight %s: %s", e.Kind, e.Player, e.Weight, e.Reason)
}

func (e *WeightError) Unwrap() error { return e.Kind }

// QuotaError reports a quota that cannot be used. It unwraps to ErrQuota or
// ErrRange.
type QuotaError struct {
	Quota  string // as given, shortened if very long
	Total  string // sum of the weights; empty if it is not known
	Exceed bool   // the quota must be exceeded; false: reaching it is enough
	Reason string
	Kind   error
}

func (e *QuotaError) Error() string {
	rule := "at least"
	if e.Exceed {
		rule = "more than"
	}
	of := ""
	if e.Total != "" {
		of = " of " + e.Total
	}
	return fmt.Sprintf("%v: %s %s%s: %s", e.Kind, rule, e.Quota, of, e.Reason)
}

func (e *QuotaError) Unwrap() error { return e.Kind }

// MemoryError reports how much memory a calculation would need. It unwraps to
// ErrMemory.
type MemoryError struct {
	Need, Limit int64 // bytes
	Algorithm   Algorithm
}

func (e *MemoryError) Error() string {
	return fmt.Sprintf("%v: %v needs %d bytes, the limit is %d", ErrMemory, e.Algorithm, e.Need, e.Limit)
}

func (e *MemoryError) Unwrap() error { return ErrMemory }

// UnionError reports a fault in a list of precoalitions. It unwraps to
// ErrUnions.
type UnionError struct {
	Union, Player int // indices from 0
	Reason        string
}

func (e *UnionError) Error() string {
	return fmt.Sprintf("%v: union %d, player %d: %s", ErrUnions, e.Union, e.Player, e.Reason)
}

func (e *UnionError) Unwrap() error { return ErrUnions }

// short cuts a long number, so that the message stays short.
func short(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return fmt.Sprintf("%s... (%d characters)", s[:most-10], len(s))
}

// showRat writes an exact number as 12 or 5/3.
func showRat(r *big.Rat) string {
	return short(strings.TrimSuffix(r.RatString(), "/1"))
}

package power

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// Game is a voting rule: it says which coalitions of its players win. AtLeast,
// MoreThan, Majority and similar functions build a Game; All and Any join
// games. Players are numbered from 0 in the order of the weights.
//
// The zero value is the empty game. It has no players, and every calculation on
// it fails with ErrEmpty. A Game is immutable and safe for concurrent use.
type Game struct {
	players int
	rule    *rule
}

// rule is a leaf, which has weights and a quota, or a join of rules. It does
// not change after it is built.
type rule struct {
	join  join
	parts []*rule // of a join

	weights []int64 // of the players of a leaf or the parts of a gate: whole numbers without a common divisor
	quota   int64   // a coalition wins with at least this
	total   int64
	unit    *big.Rat // the value of the weight 1

	won []uint64 // of a list: one bit for each coalition of players or of parts
}

type join uint8

const (
	leaf join = iota
	all
	any_
	gate // a weighted game whose players are the parts
	list // a list of the winning coalitions
)

// AtLeast returns the game in which a coalition wins when its weights add up to
// the quota or more. It reports every fault of its input at once: ErrEmpty,
// ErrWeight, ErrRange and ErrQuota.
func AtLeast[T Number](quota T, weights ...T) (Game, error) {
	return build(quota, false, weights)
}

// MoreThan returns the game in which a coalition wins when its weights add up
// to more than the quota. A coalition with exactly the quota loses. Its errors
// are those of AtLeast.
func MoreThan[T Number](quota T, weights ...T) (Game, error) {
	return build(quota, true, weights)
}

// Majority returns the game in which a coalition wins with more than half of
// all the weights. A coalition with exactly half loses. Its errors are those of
// AtLeast.
func Majority[T Number](weights ...T) (Game, error) {
	return MoreThanShare(ratio.Of(1, 2), weights...)
}

// AtLeastShare returns the game in which a coalition wins with the given share
// of all the weights or more. The share is exact: ratio.Of(2, 3) is two thirds.
// Its errors are those of AtLeast.
func AtLeastShare[T Number](share ratio.Ratio, weights ...T) (Game, error) {
	return buildShare(share, false, weights)
}

// MoreThanShare returns the game in which a coalition wins with more than the
// given share of all the weights. Its errors are those of AtLeast.
func MoreThanShare[T Number](share ratio.Ratio, weights ...T) (Game, error) {
	return buildShare(share, true, weights)
}

func build[T Number](quota T, exceed bool, weights []T) (Game, error) {
	ws, faults := exactWeights(weights)
	q, err := exactQuota(quota, exceed)
	if err != nil {
		faults = append(faults, err)
	}
	return buildExact(q, exceed, ws, faults)
}

func exactQuota[T Number](quota T, exceed bool) (*big.Rat, error) {
	q, shown, err := exact(quota)
	if err == nil {
		return q, nil
	}
	kind := ErrQuota
	if errors.Is(err, errLong) {
		kind = ErrRange
	}
	return nil, &QuotaError{Quota: shown, Exceed: exceed, Reason: err.Error(), Kind: kind}
}

func buildShare[T Number](share ratio.Ratio, exceed bool, weights []T) (Game, error) {
	ws, faults := exactWeights(weights)
	s, err := exactQuota(share, exceed)
	if err != nil {
		return buildExact(nil, exceed, ws, append(faults, err))
	}
	if len(faults) == 0 {
		total := new(big.Rat)
		for _, w := range ws {
			total.Add(total, w)
		}
		s.Mul(s, total)
	}
	return buildExact(s, exceed, ws, faults)
}

// buildExact makes the remaining checks and builds the leaf. If the quota is
// nil, its fault is among the faults already.
func buildExact(quota *big.Rat, exceed bool, ws []*big.Rat, faults []error) (Game, error) {
	if len(ws) == 0 {
		faults = append(faults, fmt.Errorf("%w: no weights", ErrEmpty))
	}
	if len(ws) > maxPlayers {
		faults = append(faults, fmt.Errorf("%w: %d players, at most %d are allowed", ErrRange, len(ws), maxPlayers))
	}
	if len(faults) > 0 {
		return Game{}, errors.Join(faults...)
	}
	ints, unit, err := whole(ws)
	if err != nil {
		return Game{}, err
	}
	r := &rule{weights: ints, unit: unit}
	for _, w := range ints {
		r.total += w
	}
	scaled := new(big.Rat).Quo(quota, unit)
	whole := floorRat(scaled)
	if exceed || !scaled.IsInt() {
		whole.Add(whole, big.NewInt(1))
	}
	reason := ""
	if quota.Sign() < 0 || whole.Sign() <= 0 {
		reason = "the empty coalition would win"
	} else if whole.Cmp(big.NewInt(r.total)) > 0 {
		reason = "all together would lose"
	}
	if reason != "" {
		total := new(big.Rat).Mul(unit, new(big.Rat).SetInt64(r.total))
		return Game{}, &QuotaError{Quota: showRat(quota), Total: showRat(total), Exceed: exceed, Reason: reason, Kind: ErrQuota}
	}
	r.quota = whole.Int64()
	return Game{players: len(ints), rule: r}, nil
}

// All returns the game in which a coalition wins when it wins every one of the
// games, such as a double majority of shares and heads. The games must have the
// same players in the same order. It fails with ErrEmpty if there is no game or
// a game is empty, with ErrPlayers if the numbers of players differ, and with
// ErrTooHard if the games have more than 65,536 rules together.
func All(games ...Game) (Game, error) { return joined(all, games) }

// Any returns the game in which a coalition wins when it wins at least one of
// the games. Its errors are those of All.
func Any(games ...Game) (Game, error) { return joined(any_, games) }

func joined(op join, games []Game) (Game, error) {
	if len(games) == 0 {
		return Game{}, fmt.Errorf("%w: no games to join", ErrEmpty)
	}
	r := &rule{join: op}
	for i, g := range games {
		switch {
		case g.rule == nil:
			return Game{}, fmt.Errorf("%w: game %d of %d", ErrEmpty, i, len(games))
		case g.players != games[0].players:
			return Game{}, fmt.Errorf("%w: game %d has %d, game 0 has %d", ErrPlayers, i, g.players, games[0].players)
		case g.rule.join == op:
			r.parts = append(r.parts, g.rule.parts...)
		default:
			r.parts = append(r.parts, g.rule)
		}
	}
	if len(r.parts) == 1 {
		return games[0], nil
	}
	if leaves := r.size(); leaves > mostRules {
		return Game{}, fmt.Errorf("%w: the joined game has %d rules, at most %d are allowed", ErrTooHard, leaves, mostRules)
	}
	return Game{players: games[0].players, rule: r}, nil
}

// Players returns the number of players.
func (g Game) Players() int { return g.players }

// Dual returns the blocking game. In it, a coalition wins when all the other
// players together lose this game. The Shapley-Shubik index and the Banzhaf
// swings are the same in both games. The dual of the empty game is the empty
// game.
func (g Game) Dual() Game {
	if g.rule == nil {
		return g
	}
	return Game{players: g.players, rule: g.rule.dual()}
}

func (r *rule) dual() *rule {
	if r.join == leaf {
		d := *r
		d.quota = r.total - r.quota + 1
		return &d
	}
	d := &rule{join: all + any_ - r.join}
	switch r.join {
	case gate:
		d = &rule{join: gate, weights: r.weights, quota: r.total - r.quota + 1, total: r.total, unit: r.unit}
	case list:
		d = r.dualList()
	}
	for _, p := range r.parts {
		d.parts = append(d.parts, p.dual())
	}
	return d
}

// Wins reports whether the given players win together. A player may be named
// more than once. It fails with ErrPlayers if a player does not exist.
func (g Game) Wins(players ...int) (bool, error) {
	if g.rule == nil {
		return false, ErrEmpty
	}
	in := make([]bool, g.players)
	for _, i := range players {
		if i < 0 || i >= g.players {
			return false, fmt.Errorf("%w: player %d of %d does not exist", ErrPlayers, i, g.players)
		}
		in[i] = true
	}
	return g.rule.wins(in), nil
}

func (r *rule) wins(in []bool) bool {
	var sum int64
	switch r.join {
	case all, any_:
		for _, p := range r.parts {
			if p.wins(in) != (r.join == all) {
				return r.join == any_
			}
		}
		return r.join == all
	case gate:
		for k, p := range r.parts {
			if p.wins(in) {
				sum += r.weights[k]
			}
		}
		return sum >= r.quota
	case list:
		return r.listed(in)
	}
	for i, w := range r.weights {
		if in[i] {
			sum += w
		}
	}
	return sum >= r.quota
}

// Bloc returns the game in which the given players vote as one. They become the
// last player, and the other players keep their order. It fails with ErrPlayers
// if no player is given, if one is given twice, or if one does not exist.
func (g Game) Bloc(players ...int) (Game, error) {
	if g.rule == nil {
		return Game{}, ErrEmpty
	}
	in := make([]bool, g.players)
	for _, i := range players {
		if i < 0 || i >= g.players || in[i] {
			return Game{}, fmt.Errorf("%w: bloc member %d of %d players does not exist or is named twice", ErrPlayers, i, g.players)
		}
		in[i] = true
	}
	if len(players) == 0 {
		return Game{}, fmt.Errorf("%w: the bloc has no members", ErrPlayers)
	}
	return Game{players: g.players - len(players) + 1, rule: g.rule.bloc(in)}, nil
}

func (r *rule) bloc(in []bool) *rule {
	b := &rule{join: r.join, quota: r.quota, total: r.total, unit: r.unit}
	if r.join == list && r.parts == nil {
		return r.blocList(in)
	}
	if r.join != leaf {
		b.weights, b.won = r.weights, r.won
		for _, p := range r.parts {
			b.parts = append(b.parts, p.bloc(in))
		}
		return b
	}
	var sum int64
	for i, w := range r.weights {
		if in[i] {
			sum += w
		} else {
			b.weights = append(b.weights, w)
		}
	}
	b.weights = append(b.weights, sum)
	return b
}

// String returns a weighted game as [quota; weights], in whole numbers without
// a common divisor and with at most 20 weights. Joined games are separated by
// "and" or "or".
func (g Game) String() string {
	if g.rule == nil {
		return "[empty]"
	}
	return g.rule.String()
}

func (r *rule) String() string {
	if r.join == list {
		return r.listString()
	}
	if r.join == gate {
		var b strings.Builder
		fmt.Fprintf(&b, "[%d;", r.quota)
		for k, p := range r.parts {
			fmt.Fprintf(&b, " %d of %v", r.weights[k], p)
		}
		return b.String() + "]"
	}
	if r.join != leaf {
		word := " and "
		if r.join == any_ {
			word = " or "
		}
		parts := make([]string, len(r.parts))
		for i, p := range r.parts {
			parts[i] = p.String()
			if p.join != leaf {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, word)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[%d;", r.quota)
	for i, w := range r.weights {
		if i == 20 {
			fmt.Fprintf(&b, " ... (%d in all)", len(r.weights))
			break
		}
		fmt.Fprintf(&b, " %d", w)
	}
	b.WriteByte(']')
	return b.String()
}

// weighted is a leaf in its smallest form: players without weight are left out,
// and no weight is above the weight that wins alone or blocks alone.
type weighted struct {
	players []int // the player who has each weight
	w       []int64
	q, sum  int64
	idle    int // number of players without weight
}

// reduce returns the leaf as a weighted game. It returns false if the rule is
// not a leaf.
func (g Game) reduce() (weighted, bool) {
	if g.rule.join != leaf {
		return weighted{}, false
	}
	z := weighted{q: g.rule.quota}
	for i, w := range g.rule.weights {
		if w == 0 {
			z.idle++
			continue
		}
		z.players = append(z.players, i)
		z.w = append(z.w, w)
	}
	for {
		before := z.sum
		z.clip(z.q)
		block := z.sum - z.q + 1
		z.clip(block)
		z.q = z.sum - block + 1
		if z.sum == before {
			break
		}
	}
	gcd := int64(0)
	for _, w := range z.w {
		for gcd, w = w, gcd; w != 0; gcd, w = w, gcd%w {
		}
	}
	for i := range z.w {
		z.w[i] /= gcd
	}
	z.sum, z.q = z.sum/gcd, (z.q+gcd-1)/gcd
	return z, true
}

// clip lowers every weight to at most the given one and adds the weights up.
func (z *weighted) clip(most int64) {
	z.sum = 0
	for i, w := range z.w {
		z.w[i] = min(w, most)
		z.sum += z.w[i]
	}
}

// dualize turns the weighted game into its dual.
func (z weighted) dualize() weighted {
	z.q = z.sum - z.q + 1
	return z
}

// sizes returns the smallest size of a winning coalition and the largest size
// of a losing one.
func (z weighted) sizes() (win, lose int) {
	w := slices.Sorted(slices.Values(z.w))
	var sum int64
	for i := len(w) - 1; sum < z.q; i-- {
		sum += w[i]
		win++
	}
	sum = 0
	for _, x := range w {
		if sum += x; sum >= z.q {
			break
		}
		lose++
	}
	return win, lose
}

// class holds the players who have the same weight.
type class struct {
	w       int64
	members []int // indices into weighted.w
}

// classes returns the classes of players, from the lightest to the heaviest.
func (z weighted) classes() []class {
	order := make([]int, len(z.w))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case z.w[a] < z.w[b]:
			return -1
		case z.w[a] > z.w[b]:
			return 1
		}
		return 0
	})
	var out []class
	for _, i := range order {
		if k := len(out); k == 0 || out[k-1].w != z.w[i] {
			out = append(out, class{w: z.w[i]})
		}
		c := &out[len(out)-1]
		c.members = append(c.members, i)
	}
	return out
}

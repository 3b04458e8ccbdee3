package power

import "fmt"

// Compound returns the game in which the games are the players of outer: player
// k of outer votes yes when the coalition wins games[k]. All the games have the
// same players, and these are the players of the compound game. A holder who
// votes in the outer meeting directly is a game in which this player alone
// wins; see Alone.
//
// Compound makes one game of the ultimate holders from the meetings of a chain
// or pyramid of companies, as in Y. Crama and L. Leruth, Control and Voting
// Power in Corporate Networks, European Journal of Operational Research 178,
// 2007 (not verified in the article). A loop of holdings has no such game. Use
// Listed for it.
//
// Compound fails with ErrPlayers if the number of games is not the number of
// players of outer, or if the games do not have the same number of players. It
// fails with ErrEmpty if a game is empty.
func Compound(outer Game, games ...Game) (Game, error) {
	if outer.rule == nil || len(games) == 0 {
		return Game{}, fmt.Errorf("%w: no games to compound", ErrEmpty)
	}
	if len(games) != outer.players {
		return Game{}, fmt.Errorf("%w: %d games for the %d players of the outer game", ErrPlayers, len(games), outer.players)
	}
	parts := make([]*rule, len(games))
	for k, g := range games {
		switch {
		case g.rule == nil:
			return Game{}, fmt.Errorf("%w: game %d of %d", ErrEmpty, k, len(games))
		case g.players != games[0].players:
			return Game{}, fmt.Errorf("%w: game %d has %d, game 0 has %d", ErrPlayers, k, g.players, games[0].players)
		}
		parts[k] = g.rule
	}
	r := outer.rule.substitute(parts)
	if leaves := r.size(); leaves > mostRules {
		return Game{}, fmt.Errorf("%w: the compound game has %d rules, at most %d are allowed", ErrTooHard, leaves, mostRules)
	}
	return Game{players: games[0].players, rule: r}, nil
}

// Alone returns the game of n players in which the given player decides alone.
// It fails with ErrPlayers if the player does not exist, and with ErrEmpty if n
// is not above 0.
func Alone(player, n int) (Game, error) {
	if n <= 0 {
		return Game{}, fmt.Errorf("%w: %d players", ErrEmpty, n)
	}
	if n > maxPlayers {
		return Game{}, fmt.Errorf("%w: %d players, at most %d are allowed", ErrRange, n, maxPlayers)
	}
	if player < 0 || player >= n {
		return Game{}, fmt.Errorf("%w: player %d of %d does not exist", ErrPlayers, player, n)
	}
	ws := make([]int, n)
	ws[player] = 1
	return AtLeast(1, ws...)
}

// substitute replaces the players of a rule by games.
func (r *rule) substitute(parts []*rule) *rule {
	if r.join == list && r.parts == nil {
		return &rule{join: list, parts: parts, won: r.won}
	}
	if r.join == leaf {
		g := &rule{join: gate, quota: r.quota, total: r.total, unit: r.unit}
		for k, w := range r.weights {
			if w > 0 {
				g.parts, g.weights = append(g.parts, parts[k]), append(g.weights, w)
			}
		}
		return g
	}
	s := *r
	s.parts = nil
	for _, p := range r.parts {
		s.parts = append(s.parts, p.substitute(parts))
	}
	return &s
}

// size returns the number of leaves.
func (r *rule) size() int {
	if r.join == leaf || r.join == list && r.parts == nil {
		return 1
	}
	n := 0
	for _, p := range r.parts {
		if n += p.size(); n > 1<<20 {
			return n
		}
	}
	return n
}

package scenario

import "github.com/crossholding/crossholding/internal/ledger"

// moment is what is kept from the first step of a moment to its last, see [Step].Group. Most moments
// have one step. The maps are nil until something is in them.
type moment struct {
	promises []restriction     // from before the moment
	listed   bool              // promises has them
	moved    []ledger.Posting  // of shares with a right of pre-emption
	dropped  map[string]stakes // by issuer: parts of such shares that rounding took from a name
	ended    map[string]bool   // agreements that ended because their last holder did
	heirs    map[string]string // companies that went, with their successors
	begun    bool              // with an earlier step
	within   bool              // the next step happens at the same moment
}

// turnDropped turns the parts of shares of an issuer that rounding took into what they became.
func (m *moment) turnDropped(issuer string, turn turns) {
	if m.dropped == nil {
		m.dropped = map[string]stakes{}
	}
	m.dropped[issuer] = m.dropped[issuer].turned(turn)
}

// noteGone notes that a company went, with its successor, or "" if it has none.
func (m *moment) noteGone(company, successor string) {
	if m.heirs == nil {
		m.heirs = map[string]string{}
	}
	m.heirs[company] = successor
}

// noteEnded notes that an agreement ended because its last holder or its issuer went.
func (m *moment) noteEnded(id string) {
	if m.ended == nil {
		m.ended = map[string]bool{}
	}
	m.ended[id] = true
}

package holdings

// The largest number of holdings that a search for a chain looks at, and that all searches do.
const (
	maxOfSearch = 10_000
	maxOfAll    = 20_000_000
)

// Chains tells whether somebody holds a company through others. Add and Holds must not be
// called at once. The zero value knows of no holding.
type Chains struct {
	above map[string][]string
	seen  int // holdings that all searches have looked at
}

// Add adds a holding.
func (c *Chains) Add(holder, issuer string) {
	if c.above == nil {
		c.above = map[string][]string{}
	}
	c.above[issuer] = append(c.above[issuer], holder)
}

// Holds reports whether a chain of holdings of at least one leads from holder to issuer. It
// gives up after 10,000 holdings, and after 20,000,000 in all searches, and then reports true.
func (c *Chains) Holds(holder, issuer string) bool {
	seen := map[string]bool{issuer: true}
	queue := []string{issuer}
	limit := min(c.seen+maxOfSearch, maxOfAll)
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for _, h := range c.above[next] {
			if c.seen++; h == holder || c.seen > limit {
				return true
			}
			if !seen[h] {
				seen[h] = true
				queue = append(queue, h)
			}
		}
	}
	return false
}

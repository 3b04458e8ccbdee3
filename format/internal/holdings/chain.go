package holdings

// maxVisited is the largest number of nodes that a search for a chain visits.
const maxVisited = 10_000

// Chains tells whether somebody holds a company through others. Add and Holds must not be
// called at once. The zero value knows of no holding.
type Chains struct{ above map[string][]string }

// Add adds a holding.
func (c *Chains) Add(holder, issuer string) {
	if c.above == nil {
		c.above = map[string][]string{}
	}
	c.above[issuer] = append(c.above[issuer], holder)
}

// Holds reports whether a chain of holdings of at least one leads from holder to issuer. It
// gives up after 10,000 companies and holders, and then reports true.
func (c *Chains) Holds(holder, issuer string) bool {
	seen := map[string]bool{issuer: true}
	queue := []string{issuer}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for _, h := range c.above[next] {
			if h == holder {
				return true
			}
			if !seen[h] {
				seen[h] = true
				queue = append(queue, h)
			}
		}
		if len(seen) > maxVisited {
			return true
		}
	}
	return false
}

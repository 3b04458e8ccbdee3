package holdings

// The largest number of holdings that a search for a chain looks at, and that all searches do.
const (
	maxOfSearch = 10_000
	maxOfAll    = 20_000_000
)

// Chains tells whether somebody holds a company through others. Who they are is a number from 0
// up. Its methods must not be called at once. The zero value knows of no holding.
type Chains struct {
	holder      []int32 // of each holding
	next        []int32 // the next holding in the same company, plus 1
	first, last []int32 // of each company: its first and its last holding, plus 1
	met         []int32 // of each number: the last search that met it
	queue       []int32 // scratch
	searches    int32
	seen        int // holdings that all searches have looked at
}

// Link is whether a chain of holdings leads from one to another.
type Link uint8

// These are the links.
const (
	NoChain  Link = iota // no chain leads there
	Chain                // a chain of at least one holding leads there
	Unsought             // the search was given up, after as many holdings as it may look at
)

// Add adds a holding.
func (c *Chains) Add(holder, issuer int32) {
	for int(max(holder, issuer)) >= len(c.first) {
		c.first, c.last, c.met = append(c.first, 0), append(c.last, 0), append(c.met, 0)
	}
	c.holder, c.next = append(c.holder, holder), append(c.next, 0)
	k := int32(len(c.holder))
	if c.first[issuer] == 0 {
		c.first[issuer] = k
	} else {
		c.next[c.last[issuer]-1] = k
	}
	c.last[issuer] = k
}

// Find looks for a chain of holdings from holder to issuer. It gives up after 10,000 holdings, and
// after 20,000,000 in all searches.
func (c *Chains) Find(holder, issuer int32) Link {
	if int(issuer) >= len(c.first) {
		return NoChain
	}
	c.searches++
	c.met[issuer] = c.searches
	c.queue = append(c.queue[:0], issuer)
	limit := min(c.seen+maxOfSearch, maxOfAll)
	for k := 0; k < len(c.queue); k++ {
		for at := c.first[c.queue[k]]; at != 0; at = c.next[at-1] {
			h := c.holder[at-1]
			c.seen++
			switch {
			case h == holder:
				return Chain
			case c.seen > limit:
				return Unsought
			case c.met[h] != c.searches:
				c.met[h] = c.searches
				c.queue = append(c.queue, h)
			}
		}
	}
	return NoChain
}

package ledger

// Rename gives all that a company holds to another: shares in its name, for its money and
// with its votes. Shares of the successor itself become treasury, or cease to exist if
// cancel is set. Shares that the company held in its name for others pass into their names
// where the successor could not hold them.
func (l *Ledger) Rename(c *Class, from, to string, cancel bool) {
	moved := c.remove(func(k Key) bool { return k.Holder == from || k.Beneficiary == from || k.Voter == from })
	swap := func(id string) string {
		if id == from {
			return to
		}
		return id
	}
	for i := range moved {
		k := moved[i].Key
		k.Holder, k.Beneficiary, k.Voter = swap(k.Holder), swap(k.Beneficiary), swap(k.Voter)
		if k.Holder == c.Issuer && k.Beneficiary != "" && k.Beneficiary != c.Issuer {
			k.Holder = k.Beneficiary
		}
		target := place{key: k}.notOneself(c)
		if target.kind == inTreasury && cancel {
			target.kind = nowhere
		}
		l.put(c, target, c.parcelOf(&moved[i]))
	}
}

// Leave takes a company that ends out of accounts that are not for its money: shares in its
// name pass into the names of their beneficiaries, and votes that it cast pass to the
// holders.
func (l *Ledger) Leave(c *Class, id string) {
	moved := c.remove(func(k Key) bool { return k.Holder == id || k.Voter == id })
	for i := range moved {
		k := moved[i].Key
		if k.Holder == id {
			k.Holder = k.Owner()
		}
		if k.Voter == id {
			k.Voter = ""
		}
		l.put(c, place{key: k}, c.parcelOf(&moved[i]))
	}
}

// remove takes stakes out of the class and returns them.
func (c *Class) remove(which func(Key) bool) []Stake {
	var out []Stake
	kept := make([]Stake, 0, len(c.Stakes))
	for i := range c.Stakes {
		if s := &c.Stakes[i]; which(s.Key) {
			out = append(out, *s)
		} else {
			kept = append(kept, *s)
		}
	}
	if len(out) > 0 {
		c.Stakes = kept
		c.touch()
	}
	return out
}

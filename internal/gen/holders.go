package gen

// fill draws the shares and the holders of one company.
func (b *builder) fill(c int32) {
	place, core := b.corePlace[c]
	stakes := int(b.funds[c]) + int(b.free[c])
	if core {
		stakes += int(b.coreDegree[place])
	}
	if b.lead[c] != none {
		stakes++
	}
	issued := b.drawIssued(c, stakes)
	treasury := int64(0)
	if b.percent(10) {
		treasury = max(1, ofMillion(issued, b.from(1_000, 100_000)))
	}
	b.net.Issued[c], b.net.Treasury[c], b.net.Votes[c] = issued, treasury, b.drawVotes()

	d := dealer{builder: b, issuer: c, out: issued - treasury, left: issued - treasury, stakes: stakes}
	if b.lead[c] != none {
		d.give(b.lead[c], ofMillion(d.out, int(b.leadParts[c])))
	}
	if core {
		d.hold(place)
	}
	for range b.funds[c] {
		d.give(d.fund(), ofMillion(d.out, 500+b.heavy(30_000, 2)))
	}
	d.others(int(b.free[c]))
	b.emit(c)
}

// drawIssued returns 10^8 to 10^10 shares for a core company, 10^6 to 10^10 for a listed
// company, and 100 to 10^8, mostly round numbers, for others. It returns at least 50 shares
// for each stake.
func (b *builder) drawIssued(c int32, stakes int) int64 {
	_, core := b.corePlace[c]
	issued := int64(0)
	switch {
	case core:
		issued = b.uneven(b.from(8, 9))
	case b.listed[c]:
		issued = b.uneven(b.from(6, 9))
	case b.percent(65):
		first := [...]int64{10, 10, 10, 20, 25, 30, 50, 50}
		issued = first[b.below(len(first))] * power10(1+b.heavy(6, 2))
	default:
		issued = b.uneven(b.from(2, 7))
	}
	for issued < 50*int64(stakes) {
		issued *= 10
	}
	return issued
}

// drawVotes returns the votes of one share: 1, or more in one company of a hundred.
func (b *builder) drawVotes() int64 {
	if b.percent(1) {
		more := [...]int64{2, 5, 10, 100}
		return more[b.below(len(more))]
	}
	return 1
}

// dealer distributes the outstanding shares of one company. It keeps one share for each
// stake still to come, so that no stake is empty and the sum never exceeds the outstanding
// shares.
type dealer struct {
	*builder
	issuer    int32
	out, left int64 // shares outstanding, and shares that nobody got yet
	stakes    int   // stakes to come
}

// give gives a holder the wanted number of shares, or as many as are free, and at least
// one.
func (d *dealer) give(holder int32, want int64) {
	d.stakes--
	shares := max(1, min(want, d.left-int64(d.stakes)))
	d.left -= shares
	d.seen[holder] = d.issuer + 1
	d.row = append(d.row, holding{holder, shares})
}

// take marks a holder. It reports whether the holder is new to this company.
func (d *dealer) take(holder int32) bool {
	if holder == d.issuer || d.seen[holder] == d.issuer+1 {
		return false
	}
	d.seen[holder] = d.issuer + 1
	return true
}

// hold gives a fifth to three fifths of a core company to other members, most of it to a
// few.
func (d *dealer) hold(place int) {
	peers := d.peers(place, int(d.coreDegree[place]))
	whole := ofMillion(d.out, d.from(200_000, 600_000))
	weights := d.weights[:0]
	sum := int64(0)
	for range peers {
		w := int64(1 + d.heavy(1_000, 3))
		weights = append(weights, w)
		sum += w
	}
	for i, holder := range peers {
		d.give(holder, whole*weights[i]/sum)
	}
	d.weights = weights
}

// peers draws the core holders of a core company: the member before it, which makes the
// core strongly connected, and then early members more often than others.
func (d *dealer) peers(place, degree int) []int32 {
	members := d.net.Core
	before := members[(place+len(members)-1)%len(members)]
	d.take(before)
	if degree <= len(members)/4 {
		list := append(d.pool[:0], before)
		for len(list) < degree {
			if holder := members[d.heavy(len(members), 2)]; d.take(holder) {
				list = append(list, holder)
			}
		}
		d.pool = list
		return list
	}
	list := append(d.pool[:0], before)
	for _, holder := range members {
		if holder != d.issuer && holder != before {
			list = append(list, holder)
		}
	}
	for i := 1; i < degree; i++ {
		j := d.from(i, len(list)-1)
		list[i], list[j] = list[j], list[i]
	}
	d.pool = list
	return list[:degree]
}

// fund draws a fund that does not hold the company yet. It draws the first funds more
// often. It must not be called more often than there are funds.
func (d *dealer) fund() int32 {
	first, funds := d.o.Companies, d.o.Funds
	k := d.heavy(funds, 2)
	for !d.take(int32(first + k)) {
		k = (k + 1) % funds
	}
	return int32(first + k)
}

// others distributes the remaining shares to k holders. In most private companies no share
// is left afterwards. In listed companies a large float is left.
func (d *dealer) others(k int) {
	if k == 0 {
		return
	}
	hold := d.left
	switch {
	case d.listed[d.issuer]:
		hold = ofMillion(d.left, d.from(50_000, 600_000))
	case d.percent(30):
		hold = ofMillion(d.left, d.from(500_000, 990_000))
	}
	hold = max(hold, int64(k))
	floor := d.left - hold
	relatives := d.relatives(k)
	for i := range k {
		rest := d.left - floor
		want := rest
		if i < k-1 {
			parts := d.part(k - i)
			if len(relatives) == 2 && i == 0 { // only both together control it
				parts = d.from(300_000, 500_000)
			}
			want = d.round(ofMillion(rest, parts))
		}
		if i < len(relatives) {
			d.take(relatives[i])
			d.give(relatives[i], want)
			continue
		}
		d.give(d.holder(), want)
	}
}

// relatives lists the holders that [builder.relate] chose: the parent, unless it has its
// stake already, and a relative of the parent.
func (d *dealer) relatives(k int) []int32 {
	list := d.family[:0]
	if d.lead[d.issuer] == none && d.parent[d.issuer] != none {
		list = append(list, d.parent[d.issuer])
	}
	if d.relative[d.issuer] != none && len(list) < k {
		list = append(list, d.relative[d.issuer])
	}
	d.family = list
	return list
}

// part draws the fraction of the remaining shares that the next of several holders gets, in
// millionths. If the holders are few, it often draws usual fractions such as 50% or 51%.
func (d *dealer) part(holders int) int {
	if holders > 6 {
		return d.from(1, 3*million/holders)
	}
	usual := [...]int{500_000, 500_000, 510_000, 600_000, 750_000, 900_000, 990_000, 333_333, 250_000, 200_000}
	if d.percent(60) {
		return usual[d.below(len(usual))]
	}
	return d.from(10_000, 900_000)
}

// round reduces every second count to two significant digits, as holdings often are.
func (d *dealer) round(shares int64) int64 {
	unit := int64(1)
	for shares/unit >= 100 {
		unit *= 10
	}
	if unit > 1 && d.percent(50) {
		return shares / unit * unit
	}
	return shares
}

// holder draws a node that does not hold the company yet: with probability 3/10 a company
// of a lower level if it finds one, otherwise a person.
func (d *dealer) holder() int32 {
	if d.percent(30) {
		for range 4 {
			if c := d.above(int(d.level[d.issuer])); c != none && d.take(c) {
				return c
			}
		}
	}
	return d.person()
}

// person draws a person: with probability 3/4 a new person, otherwise one who already has a
// stake. It draws the earliest persons most often.
func (d *dealer) person() int32 {
	first := d.o.Companies + d.o.Funds
	if d.net.Persons > 0 && d.percent(25) {
		if p := int32(first + d.heavy(d.net.Persons, 2)); d.take(p) {
			return p
		}
	}
	p := int32(first + d.net.Persons)
	d.net.Persons++
	d.builder.seen = append(d.builder.seen, 0)
	d.take(p)
	return p
}

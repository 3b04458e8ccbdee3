package crossholding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// rounded reads a stake whose percentage is rounded.
func (p *parser) rounded(place string, in *Stake, rec *stakeRecord, k *classRecord) {
	at := place + ".percent"
	if in.Shares != "" || in.Between != "" || in.Percent == "" {
		p.Add(place+".rounded", ErrRange, "%s in %s: rounded is for a stake with percent and no other number", in.Holder, in.Issuer)
		return
	}
	v, err := in.Percent.RoundedPercent()
	if err != nil {
		text, kind := input.Explain(err)
		p.Add(at, kind, "%s in %s: percent %s", in.Holder, in.Issuer, text)
		return
	}
	if k.issued.IsZero() {
		p.nothingIssued(at, in, k)
		return
	}
	p.bandOf(at, in, rec, k, v)
	if rec.band != nil {
		rec.rounded = plainDigits(in.Percent)
	}
}

// bandOf sets the band of a stake, and reports ends that are no numbers of shares.
func (p *parser) bandOf(at string, in *Stake, rec *stakeRecord, k *classRecord, v ratio.Interval) {
	for _, end := range []ratio.Ratio{v.Lo, v.Hi} {
		if !k.issued.Mul(end).IsDecimal() {
			p.Add(at, ratio.ErrNumber, "%s in %s: %s of %s issued is not a number of shares that a book can hold",
				in.Holder, in.Issuer, end.PercentString(), k.issued)
			return
		}
	}
	rec.shares = k.issued.Mul(v.Lo)
	if v.IsExact() {
		return
	}
	if len(in.Lots) > 0 {
		p.Add(strings.TrimSuffix(strings.TrimSuffix(at, ".percent"), ".between")+".lots", ErrRange,
			"%s in %s: lots say how many shares were bought, the band %s does not", in.Holder, in.Issuer, v)
	}
	rec.band = &v
}

// nothingIssued reports a stake in percent of a class that has issued no shares.
func (p *parser) nothingIssued(at string, in *Stake, k *classRecord) {
	if !k.faulty {
		p.Add(at, ErrRange, "%s in %s: %s of class %q, of which nothing is issued", in.Holder, in.Issuer, in.Figure(), k.name)
	}
}

// plainDigits removes what does not matter to a rounded percentage: zeros before it. Zeros
// behind the point matter.
func plainDigits(n ratio.Number) ratio.Number {
	text := strings.TrimLeft(strings.TrimPrefix(string(n), "-"), "0") // -0 is 0
	if text == "" || text[0] == '.' {
		text = "0" + text
	}
	return ratio.Number(text)
}

// roundedClass is a class in which some stakes are rounded percentages.
type roundedClass struct {
	issuer *companyRecord
	class  *classRecord
	stakes []int       // the rounded ones, in the ledger
	others ratio.Ratio // shares of the others, at the lower ends of their bands
}

// roundedClasses lists the classes with rounded percentages, in the order of the book.
func (l *ledger) roundedClasses() []roundedClass {
	if l.bands == 0 {
		return nil
	}
	found := map[[2]string]*roundedClass{}
	for i, s := range l.stakes {
		if s.rounded != "" {
			key := [2]string{s.issuer, s.class}
			if found[key] == nil {
				found[key] = &roundedClass{}
			}
			found[key].stakes = append(found[key].stakes, i)
		}
	}
	if len(found) == 0 {
		return nil
	}
	for _, s := range l.stakes {
		if k := found[[2]string{s.issuer, s.class}]; k != nil && s.rounded == "" {
			k.others = k.others.Add(s.shares)
		}
	}
	var out []roundedClass
	for i := range l.companies {
		c := &l.companies[i]
		for j := range c.classes {
			if k := found[[2]string{c.ID, c.classes[j].name}]; k != nil {
				k.issuer, k.class = c, &c.classes[j]
				out = append(out, *k)
			}
		}
	}
	return out
}

// written returns the numbers of shares that the rounded percentages of a class say, and
// their excess over what the other stakes leave. It is 0 or less if they fit.
func (k *roundedClass) written(l *ledger) (shares []ratio.Ratio, excess ratio.Ratio) {
	excess = k.others.Sub(k.class.outstanding())
	for _, i := range k.stakes {
		pct, _ := l.stakes[i].rounded.Ratio() // was read before
		x := k.class.issued.Mul(pct).Mul(ratio.Of(1, 100))
		shares, excess = append(shares, x), excess.Add(x)
	}
	return shares, excess
}

// warnRounded warns of classes whose rounded percentages exceed what there is.
func (p *parser) warnRounded() {
	if p.Count() > 0 {
		return
	}
	for _, k := range p.l.roundedClasses() {
		if _, excess := k.written(p.l); excess.Sign() > 0 {
			p.l.warnings = append(p.l.warnings, Warning{Issuer: k.issuer.ID, Kind: ErrBands,
				Text: fmt.Sprintf("%s (%s): the rounded percentages are together %s of the issued shares more than there is, which rounding explains",
					k.issuer.ID, k.class.name, excess.Div(k.class.issued).PercentString())})
		}
	}
}

// AsWritten returns the alliance with every rounded percentage taken as it is written. Use it
// for questions that need exact stakes. Other bands stay.
//
// The figures of a class may add up to more than is outstanding. Then, and only then, AsWritten
// moves each of them the same part of the way from the written percentage to the lower end of
// its band, so that together they are exactly what the other stakes leave. Other bands
// count with their lower ends. No figure leaves its band in this way, as it could if all
// percentages were scaled. The new figures have at most 12 decimals of a share, or more if
// the book has more. In a class of whole shares, the figures are whole shares, also if that
// leaves a band. Both are rounded by largest remainder ([ratio.LargestRemainder]), ties by
// name. [Alliance.Warnings] of the result lists what was taken how.
//
// The answers are those for one book among all that round to these percentages. They do not
// bound the answers for the others: use [Alliance.Bounds] for that.
func (a *Alliance) AsWritten() (*Alliance, error) {
	if a.ledger == nil || a.ledger.bands == 0 {
		return a, nil
	}
	l := a.ledger.clone()
	l.warnings = slices.Clone(l.warnings)
	for _, k := range l.roundedClasses() {
		shares, how, err := k.figures(l)
		if err != nil {
			return nil, err
		}
		who := make([]string, len(k.stakes))
		for n, i := range k.stakes {
			s := l.stakes[i]
			who[n] = text.Truncate(s.holder, input.MaxText/8) + " " + string(s.rounded) + "%"
			s.shares, s.band, s.rounded = shares[n], nil, ""
		}
		l.warnings = append(l.warnings, Warning{Issuer: k.issuer.ID, Kind: ErrBands,
			Text: fmt.Sprintf("%s (%s): rounded percentages are taken %s: %s", k.issuer.ID, k.class.name, how, text.Some(who, maxNames))})
	}
	l.normalize()
	var f faults
	f.checkAllocation(l)
	f.checkBands(l)
	if err := f.err(); err != nil {
		return nil, err
	}
	return index(l), nil
}

// figures returns the numbers of shares that AsWritten takes, and says in words how they come
// about.
func (k *roundedClass) figures(l *ledger) (shares []ratio.Ratio, how string, err error) {
	shares, excess := k.written(l)
	whole := !k.class.fractions && k.class.issued.IsInt() && !k.issuer.percent
	how, places := "as written", 0
	if excess.Sign() <= 0 && !whole {
		return shares, how, nil
	}
	room := k.class.outstanding().Sub(k.others)
	for _, r := range append([]ratio.Ratio{room}, shares...) {
		digits, _ := r.Decimals()
		places = max(places, digits, 12)
	}
	if excess.Sign() > 0 {
		part := k.fit(l, shares, excess)
		how = part.ShortPercent() + " of the way from the written figure to the lower end, because together they exceed what there is"
	}
	if !whole {
		shares, err = ratio.LargestRemainder(shares, places)
		return shares, how, err
	}
	out, err := ratio.LargestRemainder(shares, 0)
	gain, most := room.Neg(), 0
	for n := range out {
		gain = gain.Add(out[n])
		if out[most].Sub(shares[most]).Less(out[n].Sub(shares[n])) {
			most = n
		}
	}
	if gain.Sign() > 0 { // by a part of a share that another stake has
		out[most] = out[most].Sub(ratio.Int(1))
	}
	return out, how + " in whole shares", err
}

// fit moves written figures towards the lower ends of their bands until excess is gone. It
// returns how far, as a part of the way.
func (k *roundedClass) fit(l *ledger, shares []ratio.Ratio, excess ratio.Ratio) ratio.Ratio {
	var way ratio.Ratio // from all written figures to their lower ends
	for n, i := range k.stakes {
		way = way.Add(shares[n].Sub(l.stakes[i].shares))
	}
	part := excess.Div(way)
	for n, i := range k.stakes {
		shares[n] = shares[n].Sub(shares[n].Sub(l.stakes[i].shares).Mul(part))
	}
	return part
}

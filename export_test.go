package crossholding

// VotesWithin is Votes with the law's questions of control answered in the
// whole network, the straightforward way, or in the part that matters, however
// small the book is.
func (a *Alliance) VotesWithin(opt VotingOptions, whole bool) (*Votes, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	l, err := newLaw(a, opt)
	if err != nil {
		return nil, err
	}
	v := &Votes{a: a, opt: opt, law: l}
	if v.law.within = v.law.wholePrecinct(); !whole {
		v.law.within = v.law.partPrecinct()
	}
	if err := v.law.settle(); err != nil {
		return nil, err
	}
	v.silence()
	v.contracts()
	return v, nil
}

package jsonline

// Peek returns the first byte of the next value, which is not read: '{', '[', '"', 't', 'f', 'n',
// '-' or a digit. It returns 0 if there is no value or after a fault.
func (s *Scanner) Peek() byte { return s.next() }

// Number returns the text of a number, or nil for null. It fails for any other value.
func (s *Scanner) Number() []byte {
	if s.Null() {
		return nil
	}
	s.next()
	from := s.pos
	if s.number(); s.err != nil {
		return nil
	}
	return s.data[from:s.pos:s.pos]
}

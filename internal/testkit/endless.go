package testkit

// Endless is a file of spaces without an end.
type Endless struct {
	Count int // bytes read so far
}

func (e *Endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.Count += len(p)
	return len(p), nil
}

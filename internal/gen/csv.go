package gen

import (
	"io"
	"strconv"
)

// flushAt is the size at which a writer's buffer is written.
const flushAt = 1 << 16

// rows collects CSV lines and writes them in large pieces. After an error it ignores
// further lines. flush returns the error.
type rows struct {
	w   io.Writer
	buf []byte
	err error
}

// end ends a line.
func (r *rows) end() {
	r.buf = append(r.buf, '\n')
	if len(r.buf) >= flushAt {
		r.err = r.flush()
	}
}

func (r *rows) flush() error {
	if r.err == nil && len(r.buf) > 0 {
		_, r.err = r.w.Write(r.buf)
	}
	r.buf = r.buf[:0]
	return r.err
}

func (r *rows) number(value int64) {
	r.buf = append(r.buf, ',')
	r.buf = strconv.AppendInt(r.buf, value, 10)
}

// WriteCSV writes the companies with the header id,issued,treasury,votes and
// the stakes with the header holder,issuer,shares. Counts are in shares, votes
// in votes per share. An id that appears only as a holder is an outside owner
// and has no row among the companies. It returns the first error of a writer.
func (n *Network) WriteCSV(companies, stakes io.Writer) error {
	out := rows{w: companies, buf: make([]byte, 0, flushAt+256)}
	out.buf = append(out.buf, "id,issued,treasury,votes\n"...)
	for c, issued := range n.Issued {
		out.buf = n.AppendID(out.buf, int32(c))
		out.number(issued)
		out.number(n.Treasury[c])
		out.number(n.Votes[c])
		out.end()
	}
	if err := out.flush(); err != nil {
		return err
	}
	out = rows{w: stakes, buf: out.buf}
	out.buf = append(out.buf, "holder,issuer,shares\n"...)
	for s, holder := range n.Holder {
		out.buf = n.AppendID(out.buf, holder)
		out.buf = append(out.buf, ',')
		out.buf = n.AppendID(out.buf, n.Issuer[s])
		out.number(n.Shares[s])
		out.end()
	}
	return out.flush()
}

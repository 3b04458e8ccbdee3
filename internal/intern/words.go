package intern

import "strings"

// Words numbers texts of which there are few different ones, such as days and the words of a
// standard. Number 0 is the empty text. The zero value has no other. It belongs to one goroutine
// while it grows.
type Words struct {
	number map[string]int32
	texts  []string
}

// Put returns the number of a text.
func (w *Words) Put(text []byte) int32 {
	if len(text) == 0 {
		return 0
	}
	i, ok := w.number[string(text)]
	if !ok {
		if w.number == nil {
			w.number, w.texts = map[string]int32{}, []string{""}
		}
		i = int32(len(w.texts))
		w.texts = append(w.texts, string(text))
		w.number[w.texts[i]] = i
	}
	return i
}

// At returns the text of a number.
func (w *Words) At(i int32) string {
	if i == 0 {
		return ""
	}
	return w.texts[i]
}

// Texts makes texts of bytes, many of them in one piece of memory. The zero value is ready. It
// belongs to one goroutine.
type Texts struct{ block *strings.Builder }

// textsBytes is the size of a piece of memory for texts.
const textsBytes = 1 << 16

// Text returns a copy of some bytes.
func (t *Texts) Text(s []byte) string {
	if len(s) == 0 {
		return ""
	}
	if t.block == nil || t.block.Cap()-t.block.Len() < len(s) {
		t.block = new(strings.Builder)
		t.block.Grow(max(textsBytes, len(s)))
	}
	n := t.block.Len()
	t.block.Write(s)
	return t.block.String()[n:]
}

package strictjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Encode writes a struct as a JSON object in canonical form. Each field has its own
// line, and so has each element of a field that is an array. Equal structs give
// equal bytes. Characters such as < are not escaped.
//
// Encode fails if w fails, or if v cannot be written as a JSON object.
func Encode(w io.Writer, v any) error {
	flat, err := marshal(v)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(flat))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return fmt.Errorf("strictjson: %T is not an object", v)
	}
	var out bytes.Buffer
	out.WriteString("{")
	for i := 0; dec.More(); i++ {
		key, err := dec.Token()
		if err != nil {
			return fmt.Errorf("strictjson: %w", err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return fmt.Errorf("strictjson: %w", err)
		}
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "\n  %q: ", key)
		writeField(&out, value)
	}
	out.WriteString("\n}\n")
	_, err = w.Write(out.Bytes())
	return err
}

// writeField writes each element of an array on its own line, and other values
// without a change.
func writeField(out *bytes.Buffer, value json.RawMessage) {
	var rows []json.RawMessage
	if value[0] != '[' || json.Unmarshal(value, &rows) != nil {
		out.Write(value)
		return
	}
	out.WriteString("[")
	for i, row := range rows {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n    ")
		out.Write(row)
	}
	out.WriteString("\n  ]")
}

func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("strictjson: %w", err)
	}
	return buf.Bytes(), nil
}

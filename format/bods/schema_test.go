package bods_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// schemas checks values against JSON schemas, with those keywords of draft 2020-12 that the
// schema files of the standard use. Any other keyword makes it panic.
type schemas map[string]map[string]any

func loadSchemas(t testing.TB) schemas {
	out := schemas{}
	for _, name := range []string{"statement", "components", "entity-record", "person-record", "relationship-record"} {
		text, err := os.ReadFile("testdata/schema-0.4/" + name + ".json")
		require.NoError(t, err)
		var s map[string]any
		require.NoError(t, json.Unmarshal(text, &s))
		out[s["$id"].(string)] = s
	}
	return out
}

// check returns what is wrong with the file of statements in text.
func (s schemas) check(t testing.TB, text []byte) []string {
	var v any
	require.NoError(t, json.Unmarshal(text, &v))
	root := s["urn:statement"]
	return s.faults(root, root, v, "")
}

func (s schemas) resolve(ref string, root map[string]any) (schema, newRoot map[string]any) {
	file, path, _ := strings.Cut(ref, "#")
	if file != "" {
		root = s[file]
	}
	schema = root
	for _, key := range strings.Split(strings.Trim(path, "/"), "/") {
		if key != "" {
			schema = schema[key].(map[string]any)
		}
	}
	return schema, root
}

// annotations are keywords that check nothing.
var annotations = []string{"$id", "$schema", "$comment", "$defs", "title", "description", "version", "codelist", "openCodelist", "propertyOrder", "then", "else"}

func (s schemas) faults(schema, root map[string]any, v any, at string) (out []string) {
	sub := func(x any, v any, at string) []string { return s.faults(x.(map[string]any), root, v, at) }
	fail := func(format string, args ...any) { out = append(out, at+": "+fmt.Sprintf(format, args...)) }
	object, isObject := v.(map[string]any)
	text, isText := v.(string)
	number, isNumber := v.(float64)
	list, isList := v.([]any)
	for key, want := range schema {
		switch key {
		case "$ref":
			to, newRoot := s.resolve(want.(string), root)
			out = append(out, s.faults(to, newRoot, v, at)...)
		case "type":
			_, isBool := v.(bool)
			if !map[string]bool{"object": isObject, "string": isText, "number": isNumber, "array": isList, "boolean": isBool}[want.(string)] {
				fail("%v is no %s", v, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), v) {
				fail("%v is not one of %v", v, want)
			}
		case "const":
			if !reflect.DeepEqual(want, v) {
				fail("%v is not %v", v, want)
			}
		case "required":
			for _, k := range want.([]any) {
				if _, ok := object[k.(string)]; isObject && !ok {
					fail("no %s", k)
				}
			}
		case "properties":
			for k, p := range want.(map[string]any) {
				if x, ok := object[k]; ok {
					out = append(out, sub(p, x, at+"."+k)...)
				}
			}
		case "items":
			for i, x := range list {
				out = append(out, sub(want, x, fmt.Sprintf("%s[%d]", at, i))...)
			}
		case "allOf":
			for _, x := range want.([]any) {
				out = append(out, sub(x, v, at)...)
			}
		case "anyOf", "oneOf":
			n := 0
			for _, x := range want.([]any) {
				if len(sub(x, v, at)) == 0 {
					n++
				}
			}
			if n == 0 || key == "oneOf" && n > 1 {
				fail("%d of %s fit", n, key)
			}
		case "not":
			if len(sub(want, v, at)) == 0 {
				fail("fits what it must not")
			}
		case "if":
			branch := "then"
			if len(sub(want, v, at)) > 0 {
				branch = "else"
			}
			if x, ok := schema[branch]; ok {
				out = append(out, sub(x, v, at)...)
			}
		case "minLength", "maxLength":
			n := float64(utf8.RuneCountInString(text))
			if limit := want.(float64); isText && (key == "minLength" && n < limit || key == "maxLength" && n > limit) {
				fail("%q has %v characters", text, n)
			}
		case "minimum", "maximum":
			if limit := want.(float64); isNumber && (key == "minimum" && number < limit || key == "maximum" && number > limit) {
				fail("%v passes %s", number, key)
			}
		case "minProperties":
			if isObject && float64(len(object)) < want.(float64) {
				fail("%d properties", len(object))
			}
		case "pattern":
			if isText && !regexp.MustCompile(want.(string)).MatchString(text) {
				fail("%q does not fit %v", text, want)
			}
		case "format":
			layout := map[any]string{"date": time.DateOnly, "date-time": time.RFC3339}[want]
			if _, err := time.Parse(layout, text); isText && layout != "" && err != nil {
				fail("%q is no %v", text, want)
			}
		default:
			if !slices.Contains(annotations, key) {
				panic("the schema has the keyword " + key)
			}
		}
	}
	return out
}

// The check finds what the standard forbids.
func TestSchemaCheck(t *testing.T) {
	s := loadSchemas(t)
	good := `{"statementId": "0123456789abcdef0123456789abcdef", "statementDate": "2024-01-01", "declarationSubject": "c", "recordId": "r", "recordType": "relationship",
		"recordDetails": {"isComponent": false, "subject": "c", "interestedParty": {"reason": "unknown"}, "interests": [{"type": "shareholding", "share": {"exact": 10}}]}}`
	require.Empty(t, s.check(t, []byte("["+good+"]")))
	for _, change := range [][3]string{
		{`"0123456789abcdef0123456789abcdef"`, `"short"`, "characters"}, {`"2024-01-01"`, `"yesterday"`, "anyOf"}, {`"relationship"`, `"relation"`, "not one of"},
		{`"declarationSubject": "c",`, ``, "no declarationSubject"}, {`"isComponent": false,`, ``, "no isComponent"}, {`"unknown"`, `"secret"`, "oneOf"},
		{`"shareholding"`, `"shares"`, "not one of"}, {`10`, `100.5`, "maximum"}, {`10`, `"10"`, "no number"}, {`"interestedParty": {"reason": "unknown"},`, ``, "no interestedParty"},
		{`"isComponent": false`, `"isComponent": true, "componentRecords": ["x"]`, "is not []"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		require.Contains(t, strings.Join(s.check(t, []byte("["+bad+"]")), "\n"), change[2], change)
	}
	require.NotEmpty(t, s.check(t, bytes.TrimSpace([]byte(good))))
}

package graphtext

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
)

// Unit is what a plain number on an edge means.
type Unit string

// These are the units.
const (
	UnitGuessed  Unit = ""         // fractions if no number of the file is above 1, and else percent
	UnitPercent  Unit = "percent"  // 43.4 is 43.4%
	UnitFraction Unit = "fraction" // 0.434 is 43.4%
)

// ReadOptions say how to read GraphML. They are plain data. A list of names has the attributes
// that mean the same. The first that a node or an edge has stands. The zero value reads the
// attributes of [WriteGraphML], and those of yEd, Gephi and NetworkX.
type ReadOptions struct {
	Name    []string // of a node; default: name, label
	Kind    []string // of a node, as in [crossholding.PartyKind]; default: kind, type
	Country []string // of a node, ISO 3166-1 alpha-2; default: country
	Capital []string // of an edge: the part of the shares; default: capital, percent, percentage, share, weight, label
	Votes   []string // of an edge: the part of the votes; default: votes
	Unit    Unit     // of a plain number in capital and votes
	// Reversed says that edges lead from a company to its holder. By default they lead from
	// the holder to the company.
	Reversed   bool
	DropFaults bool // nodes and edges with a fault are dropped, and the report has the fault
}

// withDefaults fills in what is not given.
func (opt ReadOptions) withDefaults() ReadOptions {
	for _, d := range []struct {
		names *[]string
		list  string
	}{
		{&opt.Name, "name label"}, {&opt.Kind, "kind type"}, {&opt.Country, "country"},
		{&opt.Capital, "capital percent percentage share weight label"}, {&opt.Votes, "votes"},
	} {
		if len(*d.names) == 0 {
			*d.names = strings.Fields(d.list)
		}
	}
	return opt
}

// ReadGraphML reads a graph as a book. Nodes that somebody holds, that somebody controls, or
// whose kind is company are companies. The others are parties of their kind. One without a kind is
// taken as a company if its name ends in a legal form, such as "Werk GmbH", and else as a person.
// An edge is a stake, or a fact of control if it has the attribute control. Parts of a company
// are written as in "43.4%", "1/3" or "(25%,50%]", or as plain numbers (see [Unit]). Votes that
// are not stated follow the shares. The labels of yEd are the attribute label.
//
// Book to GraphML to book keeps each holder's part of the shares and votes of each company,
// exactly, with its beneficiary and voter, and the facts of control in force. It keeps
// no classes, dates, lots, agreements, rights or prices.
//
// The lines of the report count nodes and edges. Its rules are:
//
//	guessed    "unit"        what plain numbers mean, once for the whole file
//	           "undirected"  edges without a direction are taken as if they led from source to target
//	           "unlisted"    an edge has an end that is no node of the file
//	           "kind"        a kind that is not known is left out, and the kind of a node that
//	                         has none
//	           "country"     a country that is none of ISO 3166 is left out
//	           "means"       a fact of control by means that are not known is one by contract
//	           "unknown", "unstated", "fraction"  as in the reader of FollowTheMoney
//	dropped    "hyperedge", "itself", "label" (a label that is no part of a company),
//	           "fault" (see [ReadOptions.DropFaults])
//	conflict   "kind"        a person, a state or the public is held or controlled: a company
//	           "repeated", "differs", "together"  as in the reader of FollowTheMoney
//
// It keeps nodes and edges in memory, and one element or text of about 1 MiB at most. It fails
// with a [*crossholding.InputError] that has the lines of all faults, with the error of r, and with
// that of the context. It cannot go on after a fault in the syntax of XML.
func ReadGraphML(ctx context.Context, r io.Reader, opt ReadOptions) (crossholding.Book, format.Report, error) {
	ctx = progress.OrBackground(ctx)
	in := &reader{opt: opt.withDefaults(), keys: map[string]key{}, index: map[string]int{}}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	if err := progress.Stopped(ctx, "graphtext"); err != nil {
		return crossholding.Book{}, in.report, err
	}
	if opt.Unit != UnitGuessed && opt.Unit != UnitPercent && opt.Unit != UnitFraction {
		return crossholding.Book{}, in.report, fmt.Errorf("graphtext: unit %q is not percent or fraction: %w", text.Truncate(string(opt.Unit), 60), crossholding.ErrUnknown)
	}
	if err := in.read(ctx, r); err != nil {
		return crossholding.Book{}, in.report, err
	}
	b := in.book()
	if err := in.faults.Err(); err != nil {
		return crossholding.Book{}, in.report, err
	}
	return b, in.report, nil
}

// key is an attribute that a file declares.
type key struct{ name, fallback string }

// element is a node or an edge that is being read.
type element struct {
	edge             bool
	id, source, goal string
	attributes       map[string]string
	line             int
}

// reader holds what has been read of a file.
type reader struct {
	opt    ReadOptions
	report format.Report
	faults format.Faults
	line   int

	keys       map[string]key // by id
	defaults   []key          // those that have one
	undirected bool           // the current graph
	open       []*element     // nodes lie within nodes in groups of yEd
	declared   string         // the key that is being declared
	attribute  string         // that is being read
	text       []byte         // of the attribute, or of what lies in it

	nodes []element
	index map[string]int // of nodes by id
	edges []element
}

// The largest depth of elements, number of bytes of one attribute, and number of attributes that
// a file declares.
const maxDepth, maxAttribute, maxKeys = 1000, 10_000, 1000

// read reads all nodes and edges.
func (in *reader) read(ctx context.Context, r io.Reader) error {
	file, err := bounded.Open(r, &in.faults)
	if err != nil {
		return err
	}
	part := bounded.NewReader(file)
	d := xml.NewDecoder(part)
	stage := progress.Count(ctx, "graphtext", 1<<14)
	depth, graphs := 0, 0
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return progress.Stopped(ctx, "graphtext")
		}
		stage.At(in.report.Lines)
		part.Next()
		token, err := d.Token()
		if err == io.EOF {
			stage.End()
			if graphs == 0 {
				in.faults.Add(0, crossholding.ErrMissing, "the file has no element graph")
			}
			return in.faults.Err()
		}
		in.line, _ = d.InputPos()
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				err = &xml.SyntaxError{Msg: "elements lie too deep", Line: in.line}
			}
			if t.Name.Local == "graph" {
				graphs++
			}
			in.start(t)
		case xml.CharData:
			if in.text = append(in.text, t...); len(in.text) > maxAttribute {
				in.text = in.text[:maxAttribute] // so long a text has no meaning for a book
			}
		case xml.EndElement:
			depth--
			in.end(t.Name.Local)
		}
		if err != nil {
			return in.broken(err)
		}
	}
}

// broken returns the error of a file that cannot be read on.
func (in *reader) broken(err error) error {
	if text, kind := bounded.XMLFault(err); kind != nil {
		in.faults.Add(in.line, kind, "%s", text)
		return in.faults.Err()
	}
	return fmt.Errorf("graphtext: line %d: %w", in.line, err)
}

// start takes the start of an XML element.
func (in *reader) start(t xml.StartElement) {
	attribute := func(name string) string {
		for _, a := range t.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	in.text = in.text[:0]
	switch t.Name.Local {
	case "key":
		in.declared = attribute("id")
		if len(in.keys) >= maxKeys {
			in.faults.Add(in.line, crossholding.ErrTooLarge, "the file declares more than %d attributes", maxKeys)
			return
		}
		in.keys[in.declared] = key{name: strings.ToLower(attribute("attr.name"))}
	case "graph":
		if in.undirected = attribute("edgedefault") == "undirected"; in.undirected {
			in.report.Guessed.Add(in.line, "undirected", "the edges have no direction, and are taken as if they led from source to target")
		}
	case "node":
		in.open = append(in.open, &element{id: attribute("id"), attributes: map[string]string{}, line: in.line})
	case "edge":
		e := &element{edge: true, source: attribute("source"), goal: attribute("target"), attributes: map[string]string{}, line: in.line}
		in.open = append(in.open, e)
	case "hyperedge":
		in.report.Lines++
		in.report.Dropped.Add(in.line, "hyperedge", "an edge of more than two nodes")
	case "data":
		in.attribute = in.keys[attribute("key")].name
	}
}

// end takes the end of an XML element.
func (in *reader) end(name string) {
	value := strings.TrimSpace(string(in.text))
	switch name {
	case "key":
		in.declared = ""
	case "default":
		if k, ok := in.keys[in.declared]; ok && value != "" {
			k.fallback = value
			in.defaults = append(in.defaults, k)
		}
	case "data":
		in.set(in.attribute, value)
		in.attribute = ""
	case "NodeLabel", "EdgeLabel": // of yEd
		in.set("label", value)
	case "node", "edge":
		e := in.open[len(in.open)-1]
		in.open = in.open[:len(in.open)-1]
		in.take(e)
	}
	in.text = in.text[:0]
}

// set sets an attribute of the element that is being read, if it can have a meaning.
func (in *reader) set(name, value string) {
	if len(in.open) == 0 || name == "" || value == "" {
		return
	}
	e := in.open[len(in.open)-1]
	lists := [][]string{in.opt.Name, in.opt.Kind, in.opt.Country, {"members"}}
	if e.edge {
		lists = [][]string{in.opt.Capital, in.opt.Votes, {"beneficiary", "voter", "control", "source"}}
	}
	for _, list := range lists {
		if slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) }) {
			e.attributes[name] = value
		}
	}
}

// take takes a node or an edge that has been read.
func (in *reader) take(e *element) {
	in.report.Lines++
	in.open = append(in.open, e)
	for _, k := range in.defaults {
		if _, ok := e.attributes[k.name]; !ok {
			in.set(k.name, k.fallback)
		}
	}
	in.open = in.open[:len(in.open)-1]
	if e.edge {
		in.edges = append(in.edges, *e)
		return
	}
	if fault := holdings.IDFault(e.id); fault != "" {
		in.faults.AddRecord(e.line, crossholding.ErrRange, "the id %q of a node %s", e.id, fault)
		return
	}
	if i, ok := in.index[e.id]; ok {
		in.faults.AddRecord(e.line, crossholding.ErrDuplicate, "the node %q is on line %d too", e.id, in.nodes[i].line)
		return
	}
	in.index[e.id] = len(in.nodes)
	in.nodes = append(in.nodes, *e)
}

// first returns the first attribute of a list that an element has, and its name.
func (e *element) first(names []string) (value, name string) {
	for _, n := range names {
		n = strings.ToLower(n)
		if v := e.attributes[n]; v != "" {
			return v, n
		}
	}
	return "", ""
}

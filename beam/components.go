package beam

import (
	"cmp"
	"slices"
	"strconv"
)

// linked are the figures of a shard of links.
type linked struct{ Edges int }

// linkShard keeps the links among companies, by holder. The records are the ids of companies,
// and holders with their issuers.
func linkShard(w *worker, in []record) error {
	companies := map[string]bool{}
	for _, r := range in {
		if len(r) == 1 {
			companies[r[0]] = true
		}
	}
	links := slices.DeleteFunc(in, func(r record) bool { return len(r) != 2 || !companies[r[0]] })
	links = sortRecords(links)
	if err := w.keep("links", links); err != nil {
		return err
	}
	return w.keepForest(links)
}

// keepForest keeps as many of the edges as hold the same companies together.
func (w *worker) keepForest(edges []record) error {
	var u union
	var forest []record
	for _, e := range edges {
		if u.join(e[0], e[1]) {
			forest = append(forest, e)
		}
	}
	if err := w.keep("edges", forest); err != nil {
		return err
	}
	return w.note("linked", linked{len(forest)})
}

// A union is sets of ids that grow together. The zero value is empty.
type union struct {
	number map[string]int
	ids    []string // the least of the set, at its root
	parent []int
}

func (u *union) add(id string) int {
	n, ok := u.number[id]
	if !ok {
		if u.number == nil {
			u.number = map[string]int{}
		}
		n = len(u.ids)
		u.number[id], u.ids, u.parent = n, append(u.ids, id), append(u.parent, n)
	}
	return n
}

func (u *union) root(n int) int {
	for u.parent[n] != n {
		u.parent[n] = u.parent[u.parent[n]]
		n = u.parent[n]
	}
	return n
}

// join makes one set of those of two ids. It returns false if they were one.
func (u *union) join(a, b string) bool {
	x, y := u.root(u.add(a)), u.root(u.add(b))
	if x == y {
		return false
	}
	if u.ids[y] < u.ids[x] {
		x, y = y, x
	}
	u.parent[y] = x // halving of paths keeps them short enough
	return true
}

// label returns the least id of the set of an id.
func (u *union) label(id string) string { return u.ids[u.root(u.add(id))] }

// sendEdges sends all edges to one worker.
func sendEdges(w *worker, _ []record) error {
	edges, err := w.kept("edges")
	for _, e := range edges {
		w.out.put(0, e...)
	}
	return err
}

// joinEdges finds the components of all edges at once.
func joinEdges(w *worker, in []record) error {
	var u union
	for _, e := range in {
		u.join(e[0], e[1])
	}
	for _, id := range sorted(u.number) {
		if l := u.label(id); l != id {
			w.out.put(place(id, w.Shards), id, l)
		}
	}
	return nil
}

func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// spreadEdges sends each edge to both of its ends, that one first.
func spreadEdges(w *worker, _ []record) error {
	edges, err := w.kept("edges")
	for _, e := range edges {
		w.out.put(place(e[0], w.Shards), e[0], e[1])
		w.out.put(place(e[1], w.Shards), e[1], e[0])
	}
	return err
}

// neighbours calls visit for each company with its neighbours, both sorted.
func neighbours(in []record, visit func(id string, to []record)) {
	in = sortRecords(in)
	for len(in) > 0 {
		n := 1
		for n < len(in) && in[n][0] == in[0][0] {
			n++
		}
		visit(in[0][0], in[:n])
		in = in[n:]
	}
}

// starred is the number of companies of a shard that keep the edges from being stars.
type starred struct{ Bad int }

// largeStar joins the larger neighbours of each company to the least (Kiveris et al., 2014).
func largeStar(w *worker, in []record) error {
	var found starred
	neighbours(in, func(id string, to []record) {
		least := min(id, to[0][1])
		if to[0][1] < id && len(to) > 1 {
			found.Bad++ // in a star whose centre is the least, a company has either one smaller neighbour or only larger ones
		}
		for _, e := range to {
			if id < e[1] {
				w.out.put(place(e[1], w.Shards), e[1], least)
			}
		}
	})
	return w.note("starred", found)
}

// smallStar joins the smaller neighbours of each company, and itself, to the least.
func smallStar(w *worker, in []record) error {
	var edges []record
	neighbours(in, func(id string, to []record) {
		least := to[0][1] // all are smaller than id
		edges = append(edges, record{least, id})
		for _, e := range to[1:] {
			edges = append(edges, record{least, e[1]})
		}
	})
	return w.keepForest(sortRecords(edges))
}

// sendStars sends each company that is not the centre of its star the centre.
func sendStars(w *worker, _ []record) error {
	edges, err := w.kept("edges")
	for _, e := range edges {
		low, high := min(e[0], e[1]), max(e[0], e[1])
		w.out.put(place(high, w.Shards), high, low)
	}
	return err
}

// labelShard keeps the labels of companies, and sends the stakes of each component to the shard
// of its label. The records are companies with labels; another company is its own label.
func labelShard(w *worker, in []record) error {
	in = sortRecords(in)
	if err := w.keep("labels", in); err != nil {
		return err
	}
	label := labels(in)
	stakes := map[string]int{}
	rows, err := w.kept("rows")
	for _, r := range rows {
		if r[0] == companyRow {
			stakes[label(r[3])] += 0
		} else {
			stakes[label(r[4])]++
		}
	}
	for _, l := range sorted(stakes) {
		w.out.put(place(l, w.Shards), l, strconv.Itoa(w.shard), strconv.Itoa(stakes[l]))
	}
	return err
}

// labels returns the label of each company of a shard.
func labels(kept []record) func(id string) string {
	m := make(map[string]string, len(kept))
	for _, r := range kept {
		m[r[0]] = r[1]
	}
	return func(id string) string {
		if l, ok := m[id]; ok {
			return l
		}
		return id
	}
}

// sized are the components whose labels are in a shard.
type sized struct {
	Components int
	Stakes     int // of those that fit
	Giants     map[string]int
}

// sizeShard adds up the stakes of components.
func sizeShard(w *worker, in []record) error {
	out := sized{Giants: map[string]int{}}
	stakes := map[string]int{}
	for _, r := range sortRecords(in) {
		n, err := strconv.Atoi(r[2])
		if err != nil {
			return err
		}
		stakes[r[0]] += n
	}
	for l, n := range stakes {
		out.Components++
		if n > w.Largest {
			out.Giants[l] = n
		} else {
			out.Stakes += n
		}
	}
	return w.note("sized", out)
}

package majority

import "context"

// components calls visit for the strongly connected components of 0 to n-1, each after all
// that it depends on (Tarjan, 1972). The argument depends appends what a number depends on.
// The argument visit must not keep the part.
func components(ctx context.Context, n int, depends func(i int32, to []int32) []int32, visit func(part []int32) error) error {
	type open struct {
		i    int32
		to   int // the first of its dependences in edges
		next int
	}
	index, low := make([]int32, n), make([]int32, n) // index 0: not seen; low 0: complete
	var seen int32
	var stack []int32
	var frames []open
	var edges []int32 // the dependences of the frames, one frame after the other
	enter := func(i int32) {
		seen++
		index[i], low[i] = seen, seen
		stack = append(stack, i)
		frames = append(frames, open{i, len(edges), len(edges)})
		edges = depends(i, edges)
	}
	work := 0
	for root := range int32(n) {
		if index[root] == 0 {
			enter(root)
		}
	descend:
		for len(frames) > 0 {
			if work++; work%checkEvery == 0 {
				if err := stopped(ctx); err != nil {
					return err
				}
			}
			f := &frames[len(frames)-1]
			for f.next < len(edges) {
				on := edges[f.next]
				f.next++
				if index[on] == 0 {
					enter(on)
					continue descend
				}
				if low[on] != 0 {
					low[f.i] = min(low[f.i], index[on])
				}
			}
			done := f.i
			edges = edges[:f.to]
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				above := frames[len(frames)-1].i
				low[above] = min(low[above], low[done])
			}
			if low[done] != index[done] {
				continue
			}
			at := len(stack) - 1
			for stack[at] != done {
				at--
			}
			part := stack[at:]
			stack = stack[:at]
			for _, i := range part {
				low[i] = 0
			}
			if err := visit(part); err != nil {
				return err
			}
		}
	}
	return stopped(ctx)
}

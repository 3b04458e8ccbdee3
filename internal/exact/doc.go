// Package exact is the linear algebra of ownership, exact and certified, with
// no notion of companies beyond an index.
//
// Node j has T_j units outstanding, of which node i holds u(i,j); a(i,j) =
// u(i,j)/T_j. What nobody holds is the leak of j and belongs to the float of
// j, an outside owner that is no node. With V = (I-A)^-1 integrated ownership
// is Y = AV = V - I (Brioschi, Buzzacchi and Colombo 1989) and first-passage
// ownership Y'(i,j) = Y(i,j)/V(i,i) (Baldone, Brioschi and Paleari 1998).
// A float owns leak_j/T_j V(j,k) of k. Over outside owners and floats Y sums
// to exactly 1 for every company.
//
// The strongly connected parts of the companies are solved one after the
// other in topological order. With B = diag(T) - U inside a part, V =
// diag(T) B^-1, so that all is integer until the last division.
package exact

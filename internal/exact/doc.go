// Package exact is the linear algebra of ownership, exact and certified, with
// no notion of companies beyond an index.
//
// # What is computed
//
// Node j has T_j units outstanding, of which node i holds u(i,j); a(i,j) =
// u(i,j)/T_j. What nobody holds is the leak of j and belongs to the float of
// j, an outside owner that is no node. With V = (I-A)^-1 integrated ownership
// is Y = AV = V - I (Brioschi, Buzzacchi and Colombo 1989) and first-passage
// ownership Y'(i,j) = Y(i,j)/V(i,i) (Baldone, Brioschi and Paleari 1998; both
// formulas as they are commonly quoted, the papers themselves not verified).
// A float owns leak_j/T_j V(j,k) of k. Over outside owners and floats Y sums
// to exactly 1 for every company.
//
// The strongly connected parts of the companies are solved one after the
// other in topological order. With B = diag(T) - U inside a part, V = diag(T)
// B^-1, so that all is integer until the last division. A part without leak
// and without holders outside, a closed ring, makes I-A singular and is an
// error; no other part does: see below.
//
// # Exact and certified answers
//
// [Solver.Row], [Solver.Column], [Solver.Pair] and [Solver.Terms] answer in
// fractions. [Solver.RowFixed], [Solver.ColumnFixed] and [Solver.PairFixed]
// answer in decimals that are the correctly rounded values of these
// fractions. They work in fixed point with a proved bound of the error; where
// a value lies nearer to the edge between two decimals than the bound, more
// digits are worked out and in the end the fraction.
//
// # The bound
//
// Inside a part A has no negative entry and no column sum above 1. Unless the
// part is a closed ring some column sum is below 1, and every company is
// linked to it: the powers of A tend to 0, and M^-1 = I + A + A^2 + ..., with
// M = I-A, exists and has no negative entry.
//
// Theorem. Let M^-1 >= 0, y > 0 and M y >= theta > 0 in every component. If
// M x = b, and x' is any vector with residual r = b - M x', then in every
// component |x - x'| <= y max|r|/theta.
//
// Proof. x - x' = M^-1 r, and as M^-1 has no negative entry |M^-1 r| <= M^-1
// |r|. From |r| <= (max|r|/theta) M y follows M^-1 |r| <= (max|r|/theta) M^-1
// M y = y max|r|/theta. The same holds for the transpose.
//
// So any y that passes the test M y >= theta is a proof, wherever it came
// from. Here it is a float solution of M y = 1, and the test is made in
// floats with its own rounding on the safe side (IEEE 754 sums and products
// are off by a factor of 1 +- 2^-53 each, and none of them can overflow or
// underflow). The residual is taken in integers and is exact. x' is a guess
// from LU factors (gonum), from Gauss-Seidel sweeps where the part is sparse,
// or from the factors of the part before a change, improved in steps that add
// some 50 bits each (Wan 2006, J. Symbolic Comput. 41, 621). Where floats prove nothing or
// gain no digits, in parts so nearly closed that hardly anything leaks, exact
// p-adic lifting (Dixon 1982) takes over.
//
// Between parts errors add up and never grow along a row: what is held of a
// company adds up to 1 at most, and so does V of a part weighted by what is
// held of its members from outside. A row is thus off by what rounding each
// part it reaches can cost, added up. Along a column errors can grow; each
// value there carries its own bound.
package exact

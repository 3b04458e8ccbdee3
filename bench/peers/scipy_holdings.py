"""All holdings of one owner with SciPy's sparse matrices, in floats.

usage: scipy_holdings.py spsolve|splu|iterate|inverse [OWNER] DIRECTORY

With A(i,j) the part of company j's outstanding shares that i holds, and a the
owner's own row, the integrated holdings y solve (I - A)^T y = a.
"""

import sys

import numpy as np
import scipy
import scipy.sparse as sp
import scipy.sparse.linalg as sla

import register as reg

TOLERANCE = 1e-12
MOST_ROUNDS = 100_000


def system(r):
    """Return A transposed (CSR) and what outside owners and the float hold."""
    n = r.companies
    out = np.array(r.outstanding, dtype=float)
    holder, issuer = np.array(r.holder), np.array(r.issuer)
    shares = np.array(r.shares, dtype=float)
    part = shares / out[issuer]
    inside = holder < n
    at = sp.csr_matrix((part[inside], (issuer[inside], holder[inside])), shape=(n, n))
    within = np.bincount(issuer[inside], weights=shares[inside], minlength=n)
    return at, part, holder, issuer, (out - within) / out


def iterate(at, a):
    """Add the sparse product up until no entry moves by more than 1e-12."""
    y = a.copy()
    for rounds in range(1, MOST_ROUNDS + 1):
        following = a + at @ y
        moved = np.max(np.abs(following - y), initial=0)
        y = following
        if moved <= TOLERANCE:
            return y, rounds
    sys.exit("no convergence in %d rounds" % MOST_ROUNDS)


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("spsolve", "splu", "iterate", "inverse"):
        sys.exit(__doc__)
    task, name = sys.argv[1], sys.argv[2] if len(sys.argv) == 4 else "F0000000"
    clock = reg.Clock()
    r = reg.load(clock)
    at, part, holder, issuer, outside = system(r)
    owner = r.node[name]
    mine = holder == owner
    a = np.bincount(issuer[mine], weights=part[mine], minlength=r.companies)
    m = (sp.identity(r.companies, format="csr") - at).tocsc()
    clock.lap("build")
    extra = {}
    if task == "spsolve":
        y = sla.spsolve(m, a)
        clock.lap("solve")
        solve = lambda b: sla.spsolve(m, b)
    elif task == "splu":
        lu = sla.splu(m)
        clock.lap("factor")
        y = lu.solve(a)
        clock.lap("solve")
        extra["fill"] = lu.L.nnz + lu.U.nnz
        solve = lu.solve
    elif task == "iterate":
        y, extra["rounds"] = iterate(at, a)
        clock.lap("solve")
        solve = lambda b: iterate(at, b)[0]
    else:
        inverse = np.linalg.inv(m.toarray())
        y = inverse @ a
        clock.lap("solve")
        solve = lambda b: inverse @ b
    unity = solve(outside)  # outside owners together own exactly all of each company
    weights = np.arange(r.companies) % 1000 + 1
    reg.report(
        "scipy-" + scipy.__version__, "holdings-" + task, r, clock, owner=name,
        sum=float(y.sum()), weighted=float(y @ weights), positive=int((y > 0).sum()),
        unity_error=float(np.abs(unity - 1).max()), **extra,
    )


main()

"""Control and holdings with NetworkX.

usage: networkx_register.py control|holdings [OWNER] DIRECTORY

control: for every holder, the companies that it controls, alone or with those
it controls (more than half of the shares outstanding), by a worklist.
holdings: the integrated holdings of one owner, by the graph's sparse matrix.
"""

import sys

import networkx as nx
import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sla

import register as reg


def graph(r):
    g = nx.DiGraph()
    g.add_nodes_from(range(r.nodes))
    g.add_weighted_edges_from(zip(r.holder, r.issuer, r.shares), weight="shares")
    return g


def controlled(g, outstanding, x):
    """The companies that x controls: a least fixpoint."""
    votes, group, todo = {}, set(), [x]
    while todo:
        for _, company, shares in g.out_edges(todo.pop(), data="shares"):
            total = votes[company] = votes.get(company, 0) + shares
            if 2 * total > outstanding[company] and company not in group and company != x:
                group.add(company)
                todo.append(company)
    return group


def everyone(g, outstanding):
    for x in g:
        group = controlled(g, outstanding, x)
        if group:
            yield x, group


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("control", "holdings"):
        sys.exit(__doc__)
    task, name = sys.argv[1], sys.argv[2] if len(sys.argv) == 4 else "F0000000"
    clock = reg.Clock()
    r = reg.load(clock)
    g = graph(r)
    clock.lap("build")
    peer = "networkx-" + nx.__version__
    if task == "control":
        answer = reg.control_checksum(everyone(g, r.outstanding), r.nodes)
        clock.lap("solve")
        reg.report(peer, "control-all", r, clock, **answer)
        return
    n = r.companies
    out = np.array(r.outstanding, dtype=float)
    shares = nx.to_scipy_sparse_array(g, nodelist=range(n), weight="shares", dtype=float)
    m = sp.identity(n, format="csc") - sp.csc_matrix(shares @ sp.diags(1 / out)).T
    a = np.zeros(n)
    for _, company, held in g.out_edges(r.node[name], data="shares"):
        a[company] = held / out[company]
    y = sla.spsolve(m.tocsc(), a)
    clock.lap("solve")
    weights = np.arange(n) % 1000 + 1
    reg.report(peer, "holdings-matrix", r, clock, owner=name, sum=float(y.sum()),
               weighted=float(y @ weights), positive=int((y > 0).sum()))


main()

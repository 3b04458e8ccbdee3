"""Parts and control with igraph.

usage: igraph_register.py parts|majority|control DIRECTORY

parts: the strongly connected parts. majority: chains of single majorities, all
that igraph finds by itself: the companies that each holder reaches through
stakes of more than half. control: the full fixpoint, which igraph does not
have, as a worklist in Python over its adjacency.
"""

import sys

import igraph

import register as reg


def controlled(g, shares, issuer, outstanding, x):
    """The companies that x controls: a least fixpoint."""
    votes, group, todo = {}, set(), [x]
    while todo:
        for edge in g.incident(todo.pop(), mode="out"):
            company = issuer[edge]
            total = votes[company] = votes.get(company, 0) + shares[edge]
            if 2 * total > outstanding[company] and company not in group and company != x:
                group.add(company)
                todo.append(company)
    return group


def everyone(nodes, find):
    for x in range(nodes):
        group = find(x)
        if group:
            yield x, group


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("parts", "majority", "control"):
        sys.exit(__doc__)
    task = sys.argv[1]
    clock = reg.Clock()
    r = reg.load(clock)
    edges = zip(r.holder, r.issuer)
    if task == "majority":
        edges = ((h, i) for h, i, s in zip(r.holder, r.issuer, r.shares) if 2 * s > r.outstanding[i])
    g = igraph.Graph(n=r.nodes, edges=edges, directed=True)
    clock.lap("build")
    if task == "parts":
        sizes = sorted((s for s in g.connected_components(mode="strong").sizes() if s > 1), reverse=True)
        answer = {"parts": len(sizes), "members": sum(sizes), "largest": sizes[0] if sizes else 0}
    elif task == "majority":
        def find(x):
            return [c for c in g.subcomponent(x, mode="out") if c != x] if g.outdegree(x) else []
        answer = reg.control_checksum(everyone(r.nodes, find), r.nodes)
    else:
        def find(x):
            return controlled(g, r.shares, r.issuer, r.outstanding, x)
        answer = reg.control_checksum(everyone(r.nodes, find), r.nodes)
    clock.lap("solve")
    reg.report("igraph-" + igraph.__version__, task, r, clock, **answer)


main()

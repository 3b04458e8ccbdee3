"""What the scripts share: reading the CSV pair, the checksums, the line printed.

A register is companies.csv (id,issued,treasury,votes) and stakes.csv
(holder,issuer,shares). Ids that appear only as holders are outside owners.
"""

import csv
import os
import resource
import sys
import time


class Register:
    """Nodes are numbered, companies first, in the order of their rows."""

    def __init__(self, directory):
        self.node = node = {}
        self.outstanding = outstanding = []
        with open(os.path.join(directory, "companies.csv"), newline="") as f:
            rows = csv.reader(f)
            next(rows)
            for name, issued, treasury, _ in rows:
                node[name] = len(node)
                outstanding.append(int(issued) - int(treasury))
        self.companies = len(node)
        self.holder, self.issuer, self.shares = [], [], []
        with open(os.path.join(directory, "stakes.csv"), newline="") as f:
            rows = csv.reader(f)
            next(rows)
            for holder, issuer, shares in rows:
                self.holder.append(node.setdefault(holder, len(node)))
                self.issuer.append(node[issuer])
                self.shares.append(int(shares))
        self.nodes = len(node)


def weight(company):
    """The weight of a company, by its row, in the checksums."""
    return company % 1000 + 1


class Clock:
    """Seconds since the last call, by name, for the line printed."""

    def __init__(self):
        self.times = {}
        self.last = time.perf_counter()

    def lap(self, name=None):
        now = time.perf_counter()
        if name is not None:
            self.times[name + "_s"] = now - self.last
        self.last = now


def load(clock):
    """Read the register whose directory is the last argument."""
    register = Register(sys.argv[-1])
    clock.lap("load")
    return register


def report(peer, task, register, clock, **answer):
    """Print one line of key=value fields."""
    network = os.path.basename(os.path.abspath(sys.argv[-1]))
    fields = {
        "peer": peer, "task": task, "network": network,
        "stakes": len(register.holder), "companies": register.companies,
    }
    fields.update((k, "%.3f" % v) for k, v in clock.times.items())
    fields.update((k, "%.15g" % v if isinstance(v, float) else v) for k, v in answer.items())
    fields["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(" ".join("%s=%s" % item for item in fields.items()), flush=True)


def control_checksum(groups, nodes):
    """Sum up an iterable of (controller, companies it controls)."""
    pairs = weighted = 0
    controlled = bytearray(nodes)
    controllers = []
    for controller, companies in groups:
        controllers.append(controller)
        pairs += len(companies)
        for company in companies:
            controlled[company] = 1
            weighted += weight(company)
    tops = sum(1 for c in controllers if not controlled[c])
    return {"pairs": pairs, "weighted": weighted, "controlled": sum(controlled), "tops": tops}

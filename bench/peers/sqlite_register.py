"""Control with SQLite, in memory.

usage: sqlite_register.py recursive|rounds DIRECTORY

recursive: one recursive query. SQL allows no sum over what the recursion has
found so far, so it follows single majorities only and misses every company
that is controlled through several holders together.
rounds: the full fixpoint, by repeating an aggregate insert until no row comes;
each round looks again only at controllers that gained a company in the last.
"""

import sqlite3
import sys

import register as reg

SCHEMA = """
create table company (id integer primary key, outstanding integer);
create table stake (holder integer, issuer integer, shares integer, primary key (holder, issuer)) without rowid;
"""

RECURSIVE = """
create table control as
with recursive
  majority(holder, issuer) as materialized (
    select holder, issuer from stake join company on id = issuer where 2 * shares > outstanding),
  control(controller, company) as (
    select holder, issuer from majority
    union
    select controller, issuer from control join majority on holder = company where issuer <> controller)
select controller, company from control
"""

FIRST = """
create table control (controller integer, company integer, round integer, primary key (controller, company)) without rowid;
insert into control
  select holder, issuer, 0 from stake join company on id = issuer where 2 * shares > outstanding;
create temp table fresh (controller integer primary key);
"""

ROUND = """
insert into control
select x, issuer, ? from (
  select x, issuer, sum(shares) as votes from (
    select controller as x, controller as holder from fresh
    union all
    select controller, company from fresh join control using (controller)
  ) cross join stake using (holder) group by x, issuer
) join company on id = issuer
where 2 * votes > outstanding and x <> issuer
  and not exists (select 1 from control where controller = x and company = issuer)
"""

ANSWER = """
select (select count(*) from control), (select sum(company % 1000 + 1) from control),
  (select count(distinct company) from control),
  (select count(*) from (select controller from control except select company from control))
"""


def rounds(db):
    """Run the rounds and return how many there were."""
    db.executescript(FIRST)
    done = 0
    while True:
        db.execute("delete from fresh")
        db.execute("insert into fresh select distinct controller from control where round = ?", (done,))
        done += 1
        if db.execute(ROUND, (done,)).rowcount == 0:
            return done


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("recursive", "rounds"):
        sys.exit(__doc__)
    task = sys.argv[1]
    clock = reg.Clock()
    r = reg.load(clock)
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    db.executemany("insert into company values (?, ?)", enumerate(r.outstanding))
    db.executemany("insert into stake values (?, ?, ?)", zip(r.holder, r.issuer, r.shares))
    db.execute("analyze")
    clock.lap("build")
    extra = {}
    if task == "recursive":
        db.execute(RECURSIVE)
    else:
        extra["rounds"] = rounds(db)
    pairs, weighted, controlled, tops = db.execute(ANSWER).fetchone()
    clock.lap("solve")
    reg.report("sqlite-" + sqlite3.sqlite_version, "control-" + task, r, clock, pairs=pairs,
               weighted=weighted or 0, controlled=controlled, tops=tops, **extra)


main()

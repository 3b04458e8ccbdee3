#!/bin/bash
# Control with PostgreSQL, on a throwaway cluster reached by a socket only.
#
# usage: postgres_register.sh recursive|rounds DIRECTORY
#
# recursive: one recursive query over a table of the single majorities, the only
# ones it can follow: SQL allows no sum over what the recursion has found so far.
# The table is indexed and analyzed first; inside the query the planner has no
# estimate of it and is ten times slower.
# rounds: the full fixpoint, repeating an aggregate insert until no row comes.
set -euo pipefail

if [ $# -ne 2 ] || { [ "$1" != recursive ] && [ "$1" != rounds ]; }; then
	sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
task=$1 data=$2
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
home=$(mktemp -d)

# The server refuses to run as root.
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
if [ "$(id -u)" = 0 ]; then chown postgres "$home"; fi
stop() {
	as "$bin/pg_ctl" -D "$home/db" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$home"
}
trap stop EXIT
cd /
as "$bin/initdb" -D "$home/db" -A trust -U bench >/dev/null
as "$bin/pg_ctl" -w -D "$home/db" -l "$home/log" -o "-c listen_addresses='' -k $home -c fsync=off \
  -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=2GB -c work_mem=1GB -c max_wal_size=8GB" start >/dev/null
cd - >/dev/null
sql() { psql -qAtX -v ON_ERROR_STOP=1 -h "$home" -U bench postgres "$@"; }
seconds() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", b - a }'; }

start=$(date +%s.%N)
sql <<SQL
create unlogged table company_row (node int generated always as identity (minvalue 0), id text, issued bigint, treasury bigint, votes int);
create unlogged table stake_row (holder text, issuer text, shares bigint);
\copy company_row (id, issued, treasury, votes) from '$data/companies.csv' csv header
\copy stake_row from '$data/stakes.csv' csv header
SQL
loaded=$(date +%s.%N)
sql <<'SQL'
create unlogged table company as select node, issued - treasury as outstanding from company_row;
create unlogged table node as select id, node from company_row;
insert into node select holder, (select count(*) from company) + row_number() over () - 1
  from (select holder from stake_row except select id from company_row) outside;
create unlogged table stake as
  select h.node::int as holder, i.node as issuer, shares
  from stake_row join node h on h.id = holder join company_row i on i.id = issuer;
alter table company add primary key (node);
alter table stake add primary key (holder, issuer);
analyze;
SQL
built=$(date +%s.%N)
rounds=
if [ "$task" = recursive ]; then
	sql <<'SQL'
create unlogged table majority as select holder, issuer from stake join company on node = issuer where 2 * shares > outstanding;
create index on majority (holder);
analyze majority;
create unlogged table control as
with recursive
  control (controller, company) as (
    select holder, issuer from majority
    union
    select controller, issuer from control join majority on holder = company where issuer <> controller)
select controller, company from control;
SQL
else
	rounds=$(sql 2>&1 <<'SQL' | sed -n 's/.*rounds /rounds=/p'
create unlogged table control as
  select holder as controller, issuer as company, 0 as round from stake join company on node = issuer where 2 * shares > outstanding;
alter table control add primary key (controller, company);
analyze control;
do $$
declare
  done int := 0;
  added bigint;
begin
  loop
    drop table if exists fresh;
    create temp table fresh as select distinct controller from control where round = done;
    analyze fresh;
    done := done + 1;
    insert into control
    select x, issuer, done from (
      select x, issuer, sum(shares) as votes from (
        select controller as x, controller as holder from fresh
        union all
        select controller, company from fresh join control using (controller)
      ) member join stake using (holder) group by x, issuer
    ) total join company on node = issuer
    where 2 * votes > outstanding and x <> issuer
      and not exists (select 1 from control where controller = x and company = issuer);
    get diagnostics added = row_count;
    exit when added = 0;
  end loop;
  raise notice 'rounds %', done;
end
$$;
SQL
	)
fi
solved=$(date +%s.%N)
version=$("$bin/postgres" --version | awk '{ print $3 }')
stakes=$(sql -c 'select count(*) from stake')
companies=$(sql -c 'select count(*) from company')
answer=$(sql -F ' ' -c "select 'pairs=' || count(*), 'weighted=' || coalesce(sum(company % 1000 + 1), 0),
  'controlled=' || count(distinct company), 'tops=' || (select count(*) from (select controller from control except select company from control) top)
  from control")
echo "peer=postgresql-$version task=control-$task network=$(basename "$data") stakes=$stakes companies=$companies" \
	"load_s=$(seconds "$start" "$loaded") build_s=$(seconds "$loaded" "$built") solve_s=$(seconds "$built" "$solved") $answer $rounds"

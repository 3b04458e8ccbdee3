// Control, and the holdings of one owner, with DuckDB in memory.
//
// usage: duckdb_register.mjs recursive|rounds|holdings DIRECTORY
//
// recursive: one recursive query over the single majorities, the only ones it can follow: SQL
// allows no sum over what the recursion has found so far.
// rounds: the full fixpoint, repeating an aggregate insert until no row comes.
// holdings: all integrated holdings of F0000000 in floats, adding up the product with the
// stakes, as a table each round, until no entry moves by more than 1e-12.
import { basename } from 'node:path';
import { DuckDBInstance, version } from '@duckdb/node-api';

const [task, data] = process.argv.slice(2);
if (!['recursive', 'rounds', 'holdings'].includes(task) || !data) {
  console.error('usage: duckdb_register.mjs recursive|rounds|holdings DIRECTORY');
  process.exit(2);
}
const db = await (await DuckDBInstance.create(':memory:')).connect();
const one = async (sql) => (await db.runAndReadAll(sql)).getRows()[0];
const laps = [];
let last = performance.now();
const lap = (name) => {
  const now = performance.now();
  laps.push(`${name}_s=${((now - last) / 1000).toFixed(3)}`);
  last = now;
};

await db.run(`create table company_row as select row_number() over () - 1 as node, * from read_csv('${data}/companies.csv',
  header = true, columns = {id: varchar, issued: bigint, treasury: bigint, votes: integer})`);
await db.run(`create table stake_row as select * from read_csv('${data}/stakes.csv',
  header = true, columns = {holder: varchar, issuer: varchar, shares: bigint})`);
lap('load');
await db.run('create table company as select node::integer as node, issued - coalesce(treasury, 0) as outstanding from company_row');
await db.run('create table node as select id, node::integer as node from company_row');
await db.run(`insert into node select holder, (select count(*) from company) + row_number() over () - 1
  from (select distinct holder from stake_row where holder not in (select id from company_row))`);
await db.run(`create table stake as select h.node as holder, i.node as issuer, shares
  from stake_row join node h on h.id = holder join node i on i.id = issuer`);
lap('build');

const control = {
  async recursive() {
    await db.run(`create table control as with recursive
      majority as materialized (select holder, issuer from stake join company on node = issuer where 2 * shares > outstanding),
      control(controller, company) as (
        select holder, issuer from majority
        union
        select controller, issuer from control join majority on holder = company where issuer <> controller)
      select controller, company from control`);
    return [];
  },
  async rounds() {
    await db.run(`create table control as select holder as controller, issuer as company, 0 as round
      from stake join company on node = issuer where 2 * shares > outstanding`);
    for (let done = 1; ; done++) {
      await db.run(`create or replace temp table fresh as select distinct controller from control where round = ${done - 1}`);
      await db.run(`insert into control
        select x, issuer, ${done} from (
          select x, issuer, sum(shares) as votes from (
            select controller as x, controller as holder from fresh
            union all
            select controller, company from fresh join control using (controller)
          ) member join stake using (holder) group by x, issuer
        ) total join company on node = issuer
        where 2 * votes > outstanding and x <> issuer
          and not exists (select 1 from control where controller = x and company = issuer)`);
      const [added] = await one(`select count(*) from control where round = ${done}`);
      if (added === 0n) return [`rounds=${done}`];
    }
  },
};

let answer;
if (task === 'holdings') {
  await db.run(`create table direct as select issuer, shares / outstanding as part from stake join company on node = issuer
    where holder = (select node from node where id = 'F0000000')`);
  await db.run(`create table inside as select holder, issuer, shares / outstanding as part
    from stake join company on node = issuer where holder < (select count(*) from company)`);
  await db.run('create table y as select issuer as node, part from direct');
  let rounds = 0;
  for (let moved = 1; moved > 1e-12; rounds++) {
    await db.run(`create table following as select node, sum(part) as part from (
      select issuer as node, part from direct
      union all
      select s.issuer, y.part * s.part from y join inside s on s.holder = y.node) group by node`);
    [moved] = await one('select max(abs(f.part - coalesce(y.part, 0))) from following f left join y using (node)');
    await db.run('drop table y');
    await db.run('alter table following rename to y');
  }
  lap('solve');
  const [sum, weighted, positive] = await one('select sum(part), sum(part * (node % 1000 + 1)), count(*) from y where part > 0');
  answer = ['owner=F0000000', `sum=${sum}`, `weighted=${weighted}`, `positive=${positive}`, `rounds=${rounds}`];
} else {
  const extra = await control[task]();
  lap('solve');
  const [pairs, weighted, controlled, tops] = await one(`select count(*), coalesce(sum(company % 1000 + 1), 0), count(distinct company),
    (select count(*) from (select controller from control except select company from control)) from control`);
  answer = [`pairs=${pairs}`, `weighted=${weighted}`, `controlled=${controlled}`, `tops=${tops}`, ...extra];
}
const [stakes] = await one('select count(*) from stake');
const [companies] = await one('select count(*) from company');
const name = task === 'holdings' ? 'holdings-iterate' : `control-${task}`;
console.log([`peer=duckdb-${version().replace(/^v/, '')}`, `task=${name}`, `network=${basename(data)}`, `stakes=${stakes}`,
  `companies=${companies}`, ...laps, ...answer, `rss_mb=${Math.round(process.resourceUsage().maxRSS / 1024)}`].join(' '));
process.exit(0);

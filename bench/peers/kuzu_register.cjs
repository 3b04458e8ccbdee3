// Control with Kuzu, a graph database, in memory.
//
// usage: kuzu_register.cjs recursive DIRECTORY
//
// recursive: all companies at the end of a path of single majorities, as a recursive
// relationship of Cypher, with paths of at most 1,000 steps. Cypher allows no sum over what a path
// has found so far, so companies that several holders control together are missed.
const path = require('node:path');
const fs = require('node:fs');
const kuzu = require('kuzu');

const [task, data] = process.argv.slice(2);
if (task !== 'recursive' || !data) {
  console.error('usage: kuzu_register.cjs recursive DIRECTORY');
  process.exit(2);
}
const db = new kuzu.Connection(new kuzu.Database(':memory:'));
const run = async (query) => (await db.query(query)).getAll();
const laps = [];
let last = performance.now();
const lap = (name) => {
  const now = performance.now();
  laps.push(`${name}_s=${((now - last) / 1000).toFixed(3)}`);
  last = now;
};

(async () => {
  const companies = path.resolve(data, 'companies.csv'), stakes = path.resolve(data, 'stakes.csv');
  await run('CREATE NODE TABLE Node(id STRING PRIMARY KEY, number INT64, outstanding INT64)');
  await run('CREATE REL TABLE Stake(FROM Node TO Node, shares INT64)');
  // The number of a company is its row, which the file does not have.
  const lines = fs.readFileSync(companies, 'utf8').trimEnd().split('\n').slice(1);
  const temporary = fs.mkdtempSync('/tmp/kuzu-');
  const nodes = path.join(temporary, 'nodes.csv');
  const known = new Set();
  const rows = lines.map((line, i) => {
    const [id, issued, treasury] = line.split(',');
    known.add(id);
    return `${id},${i},${Number(issued) - Number(treasury || 0)}`;
  });
  for (const line of fs.readFileSync(stakes, 'utf8').trimEnd().split('\n').slice(1)) {
    const holder = line.slice(0, line.indexOf(','));
    if (!known.has(holder)) {
      known.add(holder);
      rows.push(`${holder},,`);
    }
  }
  fs.writeFileSync(nodes, rows.join('\n') + '\n');
  await run(`COPY Node FROM '${nodes}'`);
  await run(`COPY Stake FROM '${stakes}' (header = true)`);
  fs.rmSync(temporary, { recursive: true });
  lap('load');
  await run('CREATE REL TABLE Majority(FROM Node TO Node)');
  await run('COPY Majority FROM (MATCH (h:Node)-[s:Stake]->(c:Node) WHERE 2 * s.shares > c.outstanding RETURN h.id, c.id)');
  lap('build');
  await run('CALL var_length_extend_max_depth = 1000');
  const [answer] = await run(`MATCH (h:Node)-[:Majority* SHORTEST 1..1000]->(c:Node) WHERE h.id <> c.id
    RETURN count(*) AS pairs, sum(c.number % 1000 + 1) AS weighted, count(DISTINCT c.id) AS controlled`);
  lap('solve');
  const [count] = await run('MATCH ()-[s:Stake]->() RETURN count(*) AS stakes');
  console.log([`peer=kuzu-${kuzu.VERSION}`, 'task=control-recursive', `network=${path.basename(data)}`, `stakes=${count.stakes}`,
    `companies=${lines.length}`, ...laps, `pairs=${answer.pairs}`, `weighted=${answer.weighted}`, `controlled=${answer.controlled}`,
    `rss_mb=${Math.round(process.resourceUsage().maxRSS / 1024)}`].join(' '));
  process.exit(0);
})();

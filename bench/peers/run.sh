#!/bin/bash
# Run every peer on networks of the sizes given, one after the other, and print
# one line each; a line that says so where one takes over LIMIT seconds.
#
# usage: run.sh STAKES...        for example run.sh 10000 100000 4000000
set -uo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-/usr/bin/python3} limit=${LIMIT:-600} seed=${SEED:-1}

try() {
	nice timeout "$limit" "$@"
	local status=$?
	[ $status = 124 ] && echo "command=\"$*\" stopped after ${limit} s"
	[ $status != 0 ] && [ $status != 124 ] && echo "command=\"$*\" failed with status $status"
	return 0
}
network() { # network DIRECTORY FLAGS...
	local directory=$1
	shift
	[ -f "$directory/stakes.csv" ] || go run ../../internal/gen/cmd/networkcsv -seed "$seed" -out "$directory" "$@" >&2
}

for stakes in "$@"; do
	data=data/$stakes
	network "$data" -stakes "$stakes"
	for task in holdings control; do try go run ./crossholding $task "$data"; done
	for task in spsolve splu iterate; do try "$python" scipy_holdings.py $task "$data"; done
	if [ "$stakes" -le 10000 ]; then try "$python" scipy_holdings.py inverse "$data"; fi
	for task in holdings control; do try "$python" networkx_register.py $task "$data"; done
	for task in parts majority control; do try "$python" igraph_register.py $task "$data"; done
	for task in recursive rounds; do try "$python" sqlite_register.py $task "$data"; done
	for task in recursive rounds; do try ./postgres_register.sh $task "$data"; done
	for task in recursive rounds holdings; do try node duckdb_register.mjs $task "$data"; done
	try node kuzu_register.cjs recursive "$data"
	network "$data-acyclic" -stakes "$stakes" -core -1 -rings -1
	for task in spsolve iterate; do try "$python" scipy_holdings.py $task "$data-acyclic"; done
done

gcc -O2 -o data/flint_solve flint_solve.c -lflint -lgmp || exit 1
for n in 100 200 400; do
	network data/dense-$n -dense $n
	try go run ./crossholding -owner P0000000 -places 28 holdings data/dense-$n
	for method in dixon fflu multimod; do try data/flint_solve $method data/dense-$n; done
	try "$python" scipy_holdings.py inverse P0000000 data/dense-$n
done
network data/hard-400 -hard 400
try data/flint_solve dixon data/hard-400
for task in inverse spsolve iterate; do try "$python" scipy_holdings.py $task P0000000 data/hard-400; done

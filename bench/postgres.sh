#!/usr/bin/env bash
# From a file into PostgreSQL: 'collect' beside COPY of the ready-made binary file by psql, and beside INSERTs of 1,000 rows
# each, all into the same tables with the same indexes, in databases of their own. Starts a server of its own, as it comes
# (synchronous commits to disk), with a WAL that is not the bottleneck. Prints medians of RUNS runs, taken in turn.
#
#   bench/postgres.sh [LINES=1000000] [RUNS=3]
#
# Needs: the .NET SDK (or $PUPPYLOG_BIN), Debian's postgresql; as root it runs the server as user postgres.
set -euo pipefail
lines=${1:-1000000}
runs=${2:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
as=()
if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid postgres --regid postgres --clear-groups)
    chown postgres "$work"
fi
server() { (cd / && "${as[@]}" "$bin/pg_ctl" -D "$work/data" "$@" >/dev/null); }
trap 'server -m immediate stop || true; rm -rf "$work"' EXIT

if [ -z "${PUPPYLOG_BIN:-}" ]; then
    dotnet publish "$root/src/Puppylog.App" -c Release -o "$work/bin" >"$work/publish.log" 2>&1 || { cat "$work/publish.log"; exit 1; }
    PUPPYLOG_BIN=$work/bin/puppylog
fi

port=$((20000 + RANDOM % 20000))
(cd / && "${as[@]}" "$bin/initdb" -D "$work/data" -U puppy -A trust -E UTF8 --locale=C.UTF-8 >/dev/null)
server -w -l "$work/data/log" -o "-p $port -k $work -c listen_addresses=127.0.0.1 -c max_wal_size=8GB -c shared_buffers=256MB" start
export PGHOST=127.0.0.1 PGPORT=$port PGUSER=puppy
store() { echo "postgres://puppy@127.0.0.1:$port/$1?sslmode=disable"; }
sql() { "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
# fresh NAME: an empty database with the tables.
fresh() {
    PGOPTIONS='-c client_min_messages=warning' sql -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1"
    "$PUPPYLOG_BIN" bootstrap --store "$(store "$1")" >/dev/null
}
# timed NAME COMMAND…: appends the seconds to NAME.
timed() {
    local name=$1 from
    shift
    from=$(date +%s.%N)
    "$@" >/dev/null 2>"$work/stderr" || { cat "$work/stderr" >&2; exit 1; }
    awk -v from="$from" -v to="$(date +%s.%N)" 'BEGIN { printf "%.3f\n", to - from }' >>"$work/$name"
}
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

"$PUPPYLOG_BIN" generate --seed 7 --max "$lines" --output "$work/access.log" 2>/dev/null
fresh made
"$PUPPYLOG_BIN" collect -s "$work/access.log" --store "$(store made)" >/dev/null 2>&1
columns=$(sql -d made -c "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'logs'::regclass AND attnum > 0")
sql -d made -c "\\copy (SELECT $columns FROM logs ORDER BY seq) TO '$work/rows.bin' WITH (FORMAT BINARY)"
# The days' partitions, as they are when the rows come.
days=$(sql -d made -c "SELECT format('CREATE TABLE %I PARTITION OF logs %s;', c.relname, pg_get_expr(c.relpartbound, c.oid)) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'logs'::regclass AND c.relname <> 'logs_default'")
"$bin/pg_dump" -d made --data-only --rows-per-insert=1000 --load-via-partition-root -t 'logs_*' >"$work/rows.sql"

for _ in $(seq "$runs"); do
    fresh collected
    timed collect "$PUPPYLOG_BIN" collect -s "$work/access.log" --store "$(store collected)"
    fresh copied
    sql -d copied -c "$days"
    timed copy sql -d copied -c "\\copy logs ($columns) FROM '$work/rows.bin' WITH (FORMAT BINARY)"
    fresh inserted
    sql -d inserted -c "$days"
    timed insert sql -d inserted -f "$work/rows.sql"
    for name in collected copied inserted; do
        [ "$(sql -d $name -c 'SELECT count(*) FROM logs')" -eq "$lines" ] || { echo "$name does not hold $lines rows" >&2; exit 1; }
    done
done

printf 'lines %s, bytes %s, binary file %s, database %s\n' "$lines" "$(stat -c %s "$work/access.log")" "$(stat -c %s "$work/rows.bin")" "$(sql -d collected -c 'SELECT pg_database_size(current_database())')"
for name in collect copy insert; do
    awk -v name="$name" -v seconds="$(median "$name")" -v lines="$lines" -v collect="$(median collect)" 'BEGIN { printf "%-8s %8.3f s %10.0f lines/s   collect/this %.2f\n", name, seconds, lines / seconds, seconds / collect }'
    echo "         raw: $(tr '\n' ' ' <"$work/$name")"
done

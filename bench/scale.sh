#!/usr/bin/env bash
# One run at scale: LINES generated access-log lines (50 million are 11 GB and more of text) through a pipe into an empty
# store, never on disk; then opening the store, a rare word, the newest 20, and counting by day and section.
#
#   bench/scale.sh GEN_ACCESS [LINES=50000000] [HOURS=240]
#
# GEN_ACCESS: the compiled ../shared/bench/gen_access.c. Needs: the .NET SDK, GNU time, room for LINES * 25 bytes.
# PUPPYLOG_BIN takes a published program instead of making one; KEEP=DIR keeps the data there.
set -euo pipefail
generate=${1:?usage: bench/scale.sh GEN_ACCESS [LINES] [HOURS]}
lines=${2:-50000000}
hours=${3:-240}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=${KEEP:-$work/data}

if [ -z "${PUPPYLOG_BIN:-}" ]; then
    dotnet publish "$root/src/Puppylog.App" -c Release -o "$work/bin" >"$work/publish.log" 2>&1 || { cat "$work/publish.log"; exit 1; }
    PUPPYLOG_BIN=$work/bin/puppylog
fi
dotnet build "$root/bench/Puppylog.Bench" -c Release -o "$work/bench" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }

echo "date      $(date -u +%Y-%m-%dT%H:%MZ)"
echo "machine   $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), load $(cut -d' ' -f1 /proc/loadavg) at the start"
echo "log       $lines lines over $hours hours; commit $(git -C "$root" rev-parse --short HEAD)"
rm -rf "$data"
"$generate" "$lines" 1785578400 "$hours" |
    /usr/bin/time -q -f '%U %S %e %M' -o "$work/time" "$PUPPYLOG_BIN" collect -s - --format combined --data "$data" -o json
awk '{ printf "collect   %.1f CPU s, %.1f s wall, %d MB peak (bar 500)\n", $1 + $2, $3, $4 / 1024 }' "$work/time"
echo "data      $(du -sb "$data" | cut -f1) bytes"

id=$("$PUPPYLOG_BIN" search '* | sort by (_time desc) limit 2000' -o raw --data "$data" | grep -m1 -oE 'session=[0-9a-f]{16}' | cut -d= -f2)
dotnet "$work/bench/Puppylog.Bench.dll" query "$data" 5 \
    "$id | stats count() n" 'zzunlikelyword | stats count() n' '* | sort by (_time desc) limit 20' \
    '* | stats by (_time:1d, section) count() n' 'status:>=500 | stats count() n' '* | top 10 by (host)'
for query in "$id | stats count() n" '* | sort by (_time desc) limit 20' '* | stats by (_time:1d, section) count() n'; do
    /usr/bin/time -q -f '%e s wall, %U+%S CPU s, %M KB' -o "$work/time" "$PUPPYLOG_BIN" search "$query" --data "$data" >/dev/null
    echo "new process: $(cat "$work/time")  $query"
done

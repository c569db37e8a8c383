#!/usr/bin/env bash
# The bars of the log database, on a generated access log: collecting (CPU beside gzip -1, size beside zstd -3, peak
# memory), queries on an open, warm store beside grep -c of the same file, and a search as a new process. Medians of RUNS
# runs; grep and the queries are taken in turn, as ratios count on a shared machine.
#
#   bench/store.sh LOG [RUNS=5]
#
# LOG: 2,000,000 lines of gen_access (see bench/README.md). Needs: the .NET SDK, gzip, zstd, grep, GNU time.
# PUPPYLOG_BIN takes a published program instead of making one.
set -euo pipefail
log=${1:?usage: bench/store.sh LOG [RUNS]}
runs=${2:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/common.sh"

echo "date      $(date -u +%Y-%m-%dT%H:%MZ)"
echo "machine   $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), load $(cut -d' ' -f1 /proc/loadavg) at the start"
echo "log       $(stat -c %s "$log") bytes, $(wc -l <"$log") lines; $runs runs; commit $(git -C "$root" rev-parse --short HEAD)"

collect_beside_gzip
echo "collect   $(median collect 1) CPU s = $(ratio "$(median collect 1)" "$(median gzip 1)") x gzip -1 ($(median gzip 1) s), bar 0.8, reach 0.5; $(median collect 2) s wall"
echo "data      $size bytes = $(ratio "$size" "$zstd") x zstd -3 ($zstd bytes), bar 0.65, reach 0.5"
echo "memory    $(($(median collect 3) / 1024)) MB peak, bar 300, reach 200"

# What a query is held against, its bar and what to reach for, the query; '-' is grep -c of an absent word.
lines=$(wc -l <"$log")
id=$(sed -n "$((lines / 2)),\$p" "$log" | grep -m1 -oE 'session=[0-9a-f]{16}' | cut -d= -f2) || true
word=$(sed -n "$((lines / 3)),\$p" "$log" | grep -m1 -oE '/[0-9a-f]{8}_[0-9]+x' | cut -c2-9) || true
cat >"$work/bars" <<BARS
-	0.05	0.015	zzunlikelyword | stats count() n
-	0.05	0.015	$id | stats count() n
-	0.05	0.015	$word | stats count() n
-	-	-	phpmyadmin | stats count() n
c q=60&fit	1.5	0.5	_raw:*"q=60&fit"* | stats count() n
c HTTP/2.0" 404	1.5	0.5	_raw:*'HTTP/2.0" 404'* | stats count() n
cE cart/[0-9]+/items	1.5	0.5	_raw:~"cart/[0-9]+/items" | stats count() n
cE GET /api/v[12].*limit=(10|20)	1.5	0.5	_raw:~"GET /api/v[12].*limit=(10|20)" | stats count() n
cE v=2\.0\.1[0-9] HTTP	1.5	0.5	_raw:~"v=2\\\\.0\\\\.1[0-9] HTTP" | stats count() n
-	0.2	0.05	status:>=500 | stats count() n
-	0.2	0.05	* | stats by (status) count() n
-	0.2	0.05	* | stats by (method, _time:10s) count() n
-	0.2	0.05	* | stats sum(bytes) s, quantile(0.99, bytes) q
-	0.7	0.2	* | top 10 by (route)
-	0.7	0.2	* | top 10 by (host)
-	0.7	0.2	* | stats count_uniq(host) n
-	0.05	5ms	* | sort by (_time desc) limit 20
-	0.05	5ms	status:=503 | sort by (_time desc) limit 20
BARS

grep_for() { # "-", or options and a pattern
    if [ "$1" = - ]; then timed "grep-$2" grep -c zzunlikelyword "$log"; else timed "grep-$2" grep "-${1%% *}" -e "${1#* }" "$log"; fi
}
mapfile -t queries < <(cut -f4 "$work/bars")
for _ in $(seq "$runs"); do
    i=0
    while IFS=$'\t' read -r against _ _ _; do
        i=$((i + 1))
        grep_for "$against" "$i"
    done <"$work/bars"
done
dotnet "$work/bench/Puppylog.Bench.dll" query "$work/data" "$((runs > 5 ? runs : 5))" "${queries[@]}" >"$work/queries"
echo "store open and warm (ms: median, least, greatest, first run with cold code, CPU; rows), beside grep (ms, median):"
i=0
while IFS=$'\t' read -r against bar reach query; do
    i=$((i + 1))
    row=$(sed -n "$((i + 2))p" "$work/queries")
    grep=$(awk -v s="$(median "grep-$i" 2)" 'BEGIN { printf "%.0f", s * 1000 }')
    ms=$(echo "$row" | awk '{ print $1 }')
    echo "  $(echo "$row" | awk '{ printf "%8s %8s %8s %8s %8s %6s", $1, $2, $3, $4, $5, $6 }')  grep $grep  ratio $(ratio "$ms" "$grep")  bar $bar reach $reach  $query"
done <"$work/bars"

for _ in $(seq "$runs"); do
    timed cold "$PUPPYLOG_BIN" search "$word | stats count() n" --data "$work/data"
    timed coldlast "$PUPPYLOG_BIN" search '*' -n 20 --data "$work/data"
done
echo "search    rare word, new process: $(median cold 2) s wall (bar 0.250, reach 0.120), $(($(median cold 3) / 1024)) MB; newest 20: $(median coldlast 2) s"
echo "raw rows (CPU s, wall s, peak KB):"
for name in collect gzip cold coldlast; do
    awk -v n="$name" '{ print "  " n, $0 }' "$work/$name"
done

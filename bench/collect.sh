#!/usr/bin/env bash
# The figures of collecting and of a first search, on a generated access log: CPU beside gzip -1, size beside zstd -3,
# peak memory, search of a rare word beside grep -c. Prints medians of RUNS runs, taken in turn in one go, as ratios
# count on a shared machine.
#
#   bench/collect.sh LOG [RUNS=5]
#
# LOG: e.g. 2,000,000 lines of gen_access (see bench/README.md). Needs: the .NET SDK, gzip, zstd, GNU time.
set -euo pipefail
log=${1:?usage: bench/collect.sh LOG [RUNS]}
runs=${2:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${PUPPYLOG_BIN:-}" ]; then
    dotnet publish "$root/src/Puppylog.App" -c Release -o "$work/bin" >"$work/publish.log" 2>&1 || { cat "$work/publish.log"; exit 1; }
    PUPPYLOG_BIN=$work/bin/puppylog
fi

# timed NAME COMMAND…: appends "user+sys wall peakKB" to NAME.
timed() {
    local name=$1
    shift
    /usr/bin/time -q -f '%U %S %e %M' -o "$work/time" "$@" >/dev/null 2>>"$work/stderr"
    awk '{ printf "%.3f %.3f %d\n", $1 + $2, $3, $4 }' "$work/time" >>"$work/$name"
}
median() { cut -d' ' -f"$2" "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

word=zzunlikelyword
for _ in $(seq "$runs"); do
    cat "$log" >/dev/null
    timed gzip gzip -1 -c "$log"
    rm -rf "$work/data"
    timed collect "$PUPPYLOG_BIN" collect -s "$log" --data "$work/data" -o json
    timed grep grep -c "$word" "$log" || true
    timed search "$PUPPYLOG_BIN" search "$word | stats count() n" --data "$work/data" || true
    timed last "$PUPPYLOG_BIN" search '*' -n 20 --data "$work/data"
    timed status "$PUPPYLOG_BIN" search 'status:>=500 | stats count() n' --data "$work/data"
done

raw=$(stat -c %s "$log")
size=$(du -sb "$work/data" | cut -f1)
zstd=$(zstd -3 -c "$log" 2>/dev/null | wc -c)
echo "date      $(date -u +%Y-%m-%dT%H:%MZ)"
echo "machine   $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)"
echo "log       $raw bytes, $(wc -l <"$log") lines; $runs runs"
echo "collect   $(median collect 1) CPU s, $(median collect 2) s wall, $(($(median collect 3) / 1024)) MB peak"
echo "gzip -1   $(median gzip 1) CPU s"
echo "ratio     $(awk -v a="$(median collect 1)" -v b="$(median gzip 1)" 'BEGIN { printf "%.2f", a / b }') x gzip -1 (CPU)"
echo "data      $size bytes; zstd -3 $zstd bytes; ratio $(awk -v a="$size" -v b="$zstd" 'BEGIN { printf "%.2f", a / b }')"
echo "search    absent word, new process: $(median search 2) s wall, $(median search 1) CPU s, $(($(median search 3) / 1024)) MB; grep -c $(median grep 2) s wall"
echo "search    newest 20, new process: $(median last 2) s wall; status:>=500 count: $(median status 2) s wall"
echo "raw rows (CPU s, wall s, peak KB):"
for name in collect gzip search grep last status; do
    awk -v n="$name" '{ print "  " n, $0 }' "$work/$name"
done

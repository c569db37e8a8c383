# What the measuring scripts share: sourced, with the checkout in $root. Gives $work, which goes at the end, and the programs.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${PUPPYLOG_BIN:-}" ]; then
    dotnet publish "$root/src/Puppylog.App" -c Release -o "$work/bin" >"$work/publish.log" 2>&1 || { cat "$work/publish.log"; exit 1; }
    PUPPYLOG_BIN=$work/bin/puppylog
fi
dotnet build "$root/bench/Puppylog.Bench" -c Release -o "$work/bench" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }

timed() { # NAME COMMAND…: appends "CPU-seconds wall-seconds peak-KB" to NAME
    local name=$1
    shift
    /usr/bin/time -q -f '%U %S %e %M' -o "$work/time" "$@" 2>>"$work/stderr" | cat >/dev/null || true # not to /dev/null itself: grep stops at the first match then
    awk '{ printf "%.3f %.3f %d\n", $1 + $2, $3, $4 }' "$work/time" >>"$work/$name"
}
median() { cut -d' ' -f"$2" "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

collect_beside_gzip() { # collects $log $runs times, in turn with gzip -1; sets $size of the store, left in $work/data, and $zstd of the file
    for _ in $(seq "$runs"); do
        cat "$log" >/dev/null
        timed gzip gzip -1 -c "$log"
        rm -rf "$work/data"
        timed collect "$PUPPYLOG_BIN" collect -s "$log" --data "$work/data" -o json
    done
    size=$(du -sb "$work/data" | cut -f1)
    zstd=$(zstd -3 -c "$log" 2>/dev/null | wc -c)
}

#!/usr/bin/env bash
# Shapes that are no access log: collecting (CPU beside gzip -1, size beside zstd -3, peak memory), whether every line comes
# back, and queries on an open, warm store and as new processes beside grep -c of the same file. Medians of RUNS runs, taken
# in turn: on a shared machine ratios count.
#
#   bench/shapes.sh [RUNS=5] [LINES=2000000] [SHAPE…]
#
# SHAPE: gen_app, app_lines, gen_syslog, many_fields (half of LINES), or a file. Needs: the .NET SDK, cc, gzip, zstd, grep,
# GNU time. PUPPYLOG_BIN takes a published program instead of making one.
set -euo pipefail
runs=${1:-5}
lines=${2:-2000000}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- gen_app app_lines gen_syslog many_fields
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/common.sh"

# What grep is given and the query, per shape; '-' is grep -c of an absent word.
queries() {
    local id word
    echo "-	zzunlikelyword | stats count() n"
    case $1 in
    gen_app | app_lines)
        id=$(sed -n "$(($2 / 2)),\$p" "$log" | grep -m1 -oE '"trace_id":"[0-9a-f]+"' | cut -d'"' -f4) || true
        printf '%s\t%s\n' "c $id" "$id | stats count() n" "c \"trace_id\":\"$id\"" "trace_id:=$id | stats count() n" \
            'c "level":"error"' 'level:error | stats count() n' "-" '* | stats by (level) count() n' 'c connection' '_msg:*onnectio* | stats count() n'
        ;;
    gen_syslog)
        word=$(sed -n "$(($2 / 2)),\$p" "$log" | grep -m1 -oE 'port [0-9]{5} ' | cut -d' ' -f2) || true
        printf '%s\t%s\n' "c $word" "$word | stats count() n" 'c nginx.service' '"nginx.service" | stats count() n' \
            'c password for' '_msg:*"password fo"* | stats count() n'
        ;;
    many_fields)
        printf '%s\t%s\n' 'c score_rate_99999' 'score_rate_99999:* | stats count() n' 'c "user_user_0":99[1-9]' 'user_user_0:>990 | stats count() n' \
            'c "absent_name"' 'absent_name:1 | stats count() n' 'c "level":"error"' 'level:error | stats count() n'
        ;;
    esac
}

grep_for() { # "-", or "c" and a pattern
    if [ "$1" = - ]; then timed "grep-$2" grep -c zzunlikelyword "$log"; else timed "grep-$2" grep -c -e "${1#* }" "$log"; fi
}

measure() { # SHAPE; the file is $log
    rm -f "$work"/{gzip,collect,grep-*,new-*,queries,list}
    local count size zstd i=0 against query row grep ms
    count=$(wc -l <"$log")
    collect_beside_gzip
    echo
    echo "$1: $count lines, $(stat -c %s "$log") bytes"
    echo "  collect $(median collect 1) CPU s = $(ratio "$(median collect 1)" "$(median gzip 1)") x gzip -1 ($(median gzip 1) s); $(median collect 2) s wall; $(($(median collect 3) / 1024)) MB peak (bar 300)"
    echo "  data    $size bytes = $(ratio "$size" "$zstd") x zstd -3 ($zstd bytes), bar 0.8"
    if [ "$("$PUPPYLOG_BIN" search '*' -o raw --data "$work/data" | LC_ALL=C sort | md5sum)" = "$(LC_ALL=C sort "$log" | md5sum)" ]; then
        echo "  lines   all byte-exact"
    else
        echo "  lines   DIFFER"
    fi

    queries "$1" "$count" >"$work/list"
    mapfile -t asked < <(cut -f2 "$work/list")
    for _ in $(seq "$runs"); do
        i=0
        while IFS=$'\t' read -r against query; do
            i=$((i + 1))
            grep_for "$against" "$i"
            timed "new-$i" "$PUPPYLOG_BIN" search "$query" --data "$work/data"
        done <"$work/list"
    done
    dotnet "$work/bench/Puppylog.Bench.dll" query "$work/data" "$runs" "${asked[@]}" >"$work/queries"
    echo "  queries: ms on the open store, as a new process, of grep -c; open / grep; rows"
    i=0
    while IFS=$'\t' read -r against query; do
        i=$((i + 1))
        row=$(sed -n "$((i + 2))p" "$work/queries")
        grep=$(awk -v s="$(median "grep-$i" 2)" 'BEGIN { printf "%.0f", s * 1000 }')
        ms=$(echo "$row" | awk '{ print $1 }')
        printf '    %8s %6.0f %6s  %s  %s  %s\n' "$ms" "$(awk -v s="$(median "new-$i" 2)" 'BEGIN { print s * 1000 }')" "$grep" "$(ratio "$ms" "$grep")" "$(echo "$row" | awk '{ print $6 }')" "$query"
    done <"$work/list"
    echo "  raw rows (CPU s, wall s, peak KB):"
    for name in collect gzip; do
        awk -v n="$name" '{ print "    " n, $0 }' "$work/$name"
    done
}

echo "date      $(date -u +%Y-%m-%dT%H:%MZ)"
echo "machine   $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), load $(cut -d' ' -f1 /proc/loadavg) at the start"
echo "commit    $(git -C "$root" rev-parse --short HEAD), $runs runs"
for shape in "$@"; do
    if [ -f "$shape" ]; then
        log=$shape
        measure "$(basename "$shape")"
        continue
    fi
    log=$work/$shape.log
    cc -O2 -o "$work/$shape" "$root/bench/shapes/$shape.c" -lm
    if [ "$shape" = many_fields ]; then "$work/$shape" $((lines / 2)) 100000 20 1 >"$log"; else "$work/$shape" "$lines" >"$log"; fi
    measure "$shape"
    rm -f "$log"
done

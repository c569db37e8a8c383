#!/bin/sh
# CPU seconds of collecting LOG with no, 10 and 1,000 metrics: bench/metrics.sh PROGRAM LOG SCRATCH
P=$1 LOG=$2 W=$3
here=$(dirname "$0")
for run in 1 2 3; do
    for c in "0 none" "10 mixed" "1000 same" "1000 filters" "1000 k:count" "1000 k:sum" "1000 k:p95" "1000 k:distinct" "1000 mixed"; do
        set -- $c
        rm -rf "$W/data" && mkdir -p "$W/data" && : > "$W/one.log"
        "$P" collect -s "$W/one.log" --data "$W/data" >/dev/null 2>&1
        python3 "$here/metrics_make.py" "$W/data" "$1" "$2"
        /usr/bin/time -f "%U %S" -o "$W/time" "$P" collect -s "$LOG" --data "$W/data" >/dev/null 2>&1
        echo "$c: $(awk '{print $1 + $2}' "$W/time")"
    done
done

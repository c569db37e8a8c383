#!/bin/sh
# CPU seconds (user and system) of collecting LOG with no, 10 and 1,000 metrics, each program in turn: bench/metrics.sh LOG SCRATCH PROGRAM…
# $ROUNDS (3) and $MIXES ("1000 mixed;1000 same") choose what is run.
set -eu
LOG=$1 W=$2
shift 2
here=$(dirname "$0")
mixes=${MIXES:-0 none;10 mixed;1000 same;1000 filters;1000 k:count;1000 k:sum;1000 k:p95;1000 k:distinct;1000 mixed}
for round in $(seq "${ROUNDS:-3}"); do
    echo "$mixes" | tr ';' '\n' | while read -r count kind; do
        for program in "$@"; do
            rm -rf "$W/data" && mkdir -p "$W/data" && : >"$W/one.log"
            "$program" collect -s "$W/one.log" --data "$W/data" >/dev/null 2>&1 </dev/null
            python3 "$here/metrics_make.py" "$W/data" "$count" "$kind"
            /usr/bin/time -f "%U %S" -o "$W/time" "$program" collect -s "$LOG" --data "$W/data" >/dev/null 2>&1 </dev/null
            echo "$count $kind, $program: $(awk '{ print $1 + $2 }' "$W/time")"
        done
    done
done
rm -rf "$W/data" "$W/one.log" "$W/time"

#!/usr/bin/env bash
# CPU of the dashboard on 10,000 lines a second, in percent of a core: bench/dashboard.sh PROGRAM [SECONDS]
# Needs tmux. 10 frames a second are drawn whatever happens; "idle" is the same without lines.
set -euo pipefail -m
program=$(realpath "$1") seconds=${2:-20}
work=$(mktemp -d)
mux() { tmux -f /dev/null -L "bench$$" "$@"; }
trap 'trap - EXIT; mux kill-server 2>/dev/null || true; kill -- $(jobs -p | sed "s,^,-,") 2>/dev/null || true; wait; rm -rf "$work"' EXIT
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
measure() { # NAME SIZE KEY ARGUMENTS…
    local name=$1 size=$2 key=$3
    shift 3
    mux new-session -d -s m -x "${size%x*}" -y "${size#*x}" -c "$work" "echo \$\$ >pid; exec '$program' monitor $*"
    sleep 3
    mux send-keys -t m "$key"
    sleep 3
    local pid before
    pid=$(cat "$work/pid")
    before=$(ticks "$pid")
    sleep "$seconds"
    awk -v t="$(($(ticks "$pid") - before))" -v s="$seconds" -v hz="$(getconf CLK_TCK)" -v m="$(awk '/VmRSS/ { print $2 }' "/proc/$pid/status")" \
        -v n="$name $size" 'BEGIN { printf "%-34s %5.1f %%  %4d MB\n", n, 100 * t / hz / s, m / 1024 }'
    mux kill-session -t m
    sleep 0.5
}
: >"$work/a.log"
measure "idle, file, overview" 80x24 1 -s a.log
measure "idle, file, overview" 200x60 1 -s a.log
"$program" collect -s "$work/a.log" --watch --data "$work/data" >/dev/null 2>&1 &
until [ -e "$work/data/puppylog.sock" ]; do sleep 0.1; done
"$program" metrics create --default --data "$work/data" >/dev/null
"$program" generate --format combined --rate 10000 --output "$work/a.log" --append >/dev/null 2>&1 &
sleep 2
for size in 80x24 200x60; do
    measure "10,000/s, file, overview" "$size" 1 -s a.log
    measure "10,000/s, file, tail" "$size" 2 -s a.log
    measure "10,000/s, store, overview" "$size" 1 --data data
    measure "10,000/s, store, tail" "$size" 2 --data data
done
measure "10,000/s, store, streams" 80x24 3 --data data
measure "10,000/s, store, metrics" 200x60 4 --data data
before=$(stat -c %s "$work/a.log") && sleep 5
echo "lines a second by then: $((($(tail -c +"$((before + 1))" "$work/a.log" | wc -l)) / 5))"
program_text=$work/piped
"$program" monitor -s "$work/a.log" >"$program_text" & pid=$!
sleep 3 && before=$(ticks $pid) && sleep "$seconds"
awk -v t="$(($(ticks $pid) - before))" -v s="$seconds" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%-34s %5.1f %%\n", "10,000/s, file, piped as text", 100 * t / hz / s }'

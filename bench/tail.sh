#!/usr/bin/env bash
# From write() to the clients of the live tail: bench/tail.sh PROGRAM [RATE [SECONDS]]
# A server that collects a growing file; 1 and 20 clients. Also the server's CPU, in percent of a core, and its memory.
set -euo pipefail -m
program=$(realpath "$1") rate=${2:-10000} seconds=${3:-20}
cd "$(dirname "$0")"
dotnet build Puppylog.Bench -c Release -v q >/dev/null
bench() { dotnet Puppylog.Bench/bin/Release/net10.0/Puppylog.Bench.dll "$@"; }
work=$(mktemp -d)
trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
for clients in 1 20; do
    rm -rf "$work/data"
    : >"$work/a.log"
    "$program" serve -s "$work/a.log" --data "$work/data" --listen 127.0.0.1:7999 2>"$work/said" &
    server=$!
    until grep -q listening "$work/said"; do sleep 0.1; done
    before=$(ticks $server)
    echo "$clients clients, $rate lines a second, $seconds s"
    bench tail http://127.0.0.1:7999 "$work/a.log" "$rate" "$seconds" "$clients" | sort -t' ' -k10 -n | tail -3
    awk -v t="$(($(ticks $server) - before))" -v s="$((seconds + 3))" -v hz="$(getconf CLK_TCK)" -v m="$(awk '/VmHWM/ { print $2 }' /proc/$server/status)" \
        'BEGIN { printf "server: %.1f %% of a core, %d MB peak\n", 100 * t / hz / s, m / 1024 }'
    kill -TERM $server
    wait $server || true
done

#!/usr/bin/env bash
# Clients that ingest, query and tail one server at once: bench/load.sh PROGRAM [SECONDS [INGESTING [QUERYING [TAILING [PACE]]]]]
# PACE: milliseconds between two batches of 20 records of an ingesting client. Ends with 1 where a request fails or a record is not accounted for.
set -euo pipefail
program=$(realpath "$1") seconds=${2:-300} ingesting=${3:-50} querying=${4:-20} tailing=${5:-20} pace=${6:-500}
cd "$(dirname "$0")"
dotnet build Puppylog.Bench -c Release -v q >/dev/null
work=$(mktemp -d)
"$program" serve --data "$work/data" --listen 127.0.0.1:7998 2>"$work/said" &
server=$!
trap 'kill $server 2>/dev/null; wait; rm -rf "$work"' EXIT
until grep -q listening "$work/said"; do sleep 0.1; done
dotnet Puppylog.Bench/bin/Release/net10.0/Puppylog.Bench.dll load http://127.0.0.1:7998 $server "$seconds" "$ingesting" "$querying" "$tailing" "$pace" && rc=0 || rc=$?
awk -v t="$(awk '{ print $14 + $15 }' /proc/$server/stat)" -v s="$seconds" -v hz="$(getconf CLK_TCK)" -v m="$(awk '/VmHWM/ { print $2 }' /proc/$server/status)" \
    'BEGIN { printf "server: %.1f %% of a core, %d MB peak\n", 100 * t / hz / s, m / 1024 }'
exit "$rc"

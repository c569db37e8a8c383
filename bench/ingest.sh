#!/bin/bash
# Records per second of CPU time (user and system of the server) that each ingest endpoint stores.
# ingest.sh PUPPYLOG [REQUESTS]; needs python3 and curl. Each request brings 20,000 records of about 160 bytes.
set -euo pipefail
program=$1
requests=${2:-25}
records=20000
here=$(dirname "$0")
work=$(mktemp -d)
port=7993
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
python3 "$here/ingest_make.py" "$work"
"$program" serve --listen "127.0.0.1:$port" --data "$work/data" 2>"$work/log" &
server=$!
until grep -q listening "$work/log"; do sleep 0.1; done

ticks() { awk '{print $14 + $15}' "/proc/$server/stat"; }

measure() { # NAME PATH FILE HEADER…
  local name=$1 path=$2 file=$3; shift 3
  local headers=(); for header in "$@"; do headers+=(-H "$header"); done
  for _ in 1 2 3; do curl -sf -o /dev/null "${headers[@]}" --data-binary "@$work/$file" "http://127.0.0.1:$port$path"; done
  local before after; before=$(ticks)
  for ((i = 0; i < requests; i++)); do curl -sf -o /dev/null "${headers[@]}" --data-binary "@$work/$file" "http://127.0.0.1:$port$path"; done
  after=$(ticks)
  awk -v name="$name" -v n=$((requests * records)) -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v size="$(stat -c %s "$work/$file")" \
    'BEGIN { printf "%-14s %9d records %7.2f CPU s %9.0f records/CPU s  (%d bytes a body)\n", name, n, t / hz, n * hz / t, size }'
}

for round in 1 2 3; do
  echo "round $round"
  measure jsonline "/insert/jsonline?_stream_fields=service.name" jsonline
  measure jsonline.gz "/insert/jsonline?_stream_fields=service.name" jsonline.gz "Content-Encoding: gzip"
  measure otlp /v1/logs otlp "Content-Type: application/x-protobuf"
  measure loki /loki/api/v1/push loki "Content-Type: application/x-protobuf"
done
grep VmHWM "/proc/$server/status"

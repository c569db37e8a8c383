#!/usr/bin/env bash
# Many files that grow slowly: what following them costs. Makes FILES files, lets RATE lines a second be appended to files
# at random, and tells the collector's CPU time and memory over SECONDS, and how long a line takes to a live tail.
# Usage: bench/many_files.sh PUPPYLOG [FILES=10000] [RATE=200] [SECONDS=60]
set -euo pipefail

puppylog=${1:?"usage: $0 PUPPYLOG [FILES] [RATE] [SECONDS]"}
files=${2:-10000} rate=${3:-200} seconds=${4:-60}
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

mkdir "$work/logs"
python3 - "$work/logs" "$files" <<'PY'
import sys
for i in range(int(sys.argv[2])):
    with open(f"{sys.argv[1]}/app-{i:05d}.log", "w") as log:
        for line in range(5):
            log.write(f"2026-11-22T07:00:0{line}.000Z INFO app {i}: line {line} of the beginning, of a length as it is usual\n")
PY

"$puppylog" collect -s "$work/logs/*.log" --watch --data "$work/data" -o json >/dev/null 2>"$work/errors" &
collector=$!
pids+=("$collector")
cpu() { awk '{print $14 + $15}' "/proc/$collector/stat"; }
stored() { "$puppylog" search '* | stats count() n' --data "$work/data" -o json 2>/dev/null | tr -dc 0-9 || true; }

for _ in $(seq 60); do
  [ "$(stored)" = $((files * 5)) ] && break
  sleep 0.5
done
echo "start: $(stored) lines of $files files stored after $(ps -o etimes= -p "$collector" | tr -d ' ') s, $(($(cpu) * 10)) ms of CPU, $(awk '/VmRSS/{print int($2/1024)}' "/proc/$collector/status") MB"

"$puppylog" tail --data "$work/data" -o raw >"$work/tail" 2>/dev/null &
pids+=($!)
sleep 5
python3 - "$work/logs" "$files" "$rate" "$seconds" "$work/tail" >"$work/latency" <<'PY' &
import random, sys, threading, time
logs, files, rate, seconds, tail = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
random.seed(1)
sent, latency = {}, []
def watch():
    with open(tail) as lines:
        rest = ""
        while True:
            rest += lines.read()
            *whole, rest = rest.split("\n")
            now = time.time()
            for line in whole:
                number = line.rsplit(" ", 1)[-1]
                if number in sent:
                    latency.append(now - sent.pop(number))
            time.sleep(0.01)
threading.Thread(target=watch, daemon=True).start()
begin = time.time()
for n in range(rate * seconds):
    time.sleep(max(0, begin + n / rate - time.time()))
    i = random.randrange(files)
    sent[f"n{n}"] = time.time()
    with open(f"{logs}/app-{i:05d}.log", "a") as log:
        log.write(f"2026-11-22T08:00:00.000Z INFO app {i}: another line n{n}\n")
time.sleep(3)
latency.sort()
print(f"visible to a live tail: {len(latency)} of {rate * seconds} lines, median {latency[len(latency)//2]*1000:.0f} ms, 99 % {latency[len(latency)*99//100]*1000:.0f} ms, most {latency[-1]*1000:.0f} ms")
PY
writer=$!
pids+=("$writer")
before=$(cpu)
sleep "$seconds"
after=$(cpu)
echo "growing: $rate lines a second, $seconds s: $(((after - before) * 10)) ms of CPU = $(awk "BEGIN{print ($after-$before)/$seconds}") % of a core, $(awk '/VmRSS/{print int($2/1024)}' "/proc/$collector/status") MB, most $(awk '/VmHWM/{print int($2/1024)}' "/proc/$collector/status") MB"
wait "$writer"
cat "$work/latency"
before=$(cpu)
sleep 20
echo "idle: $(awk "BEGIN{print ($(cpu)-$before)/20}") % of a core"
sort "$work/errors" | uniq -c | sort -rn | head -5

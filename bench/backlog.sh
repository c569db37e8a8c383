#!/usr/bin/env bash
# One large backlog beside small files that are written to: how long a line of a small one takes from its write to a live
# tail, while the backlog is read. FILE is repeated until the backlog has GB.
# Usage: bench/backlog.sh PUPPYLOG FILE [GB=10] [SMALL=20]
set -euo pipefail

puppylog=${1:?"usage: $0 PUPPYLOG FILE [GB] [SMALL]"}
file=${2:?"usage: $0 PUPPYLOG FILE [GB] [SMALL]"}
gigabytes=${3:-10} small=${4:-20}
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

mkdir "$work/logs"
size=$((gigabytes * 1000000000))
while [ "$(stat -c %s "$work/backlog.log" 2>/dev/null || echo 0)" -lt "$size" ]; do cat "$file" >>"$work/backlog.log"; done
sync "$work/backlog.log"
for i in $(seq "$small"); do : >"$work/logs/app-$i.log"; done

"$puppylog" collect -s "$work/backlog.log" "$work/logs/*.log" --watch --data "$work/data" -o json >/dev/null 2>"$work/errors" &
collector=$!
pids+=("$collector")
until [ -S "$work/data/puppylog.sock" ] || [ -n "$("$puppylog" search '*' --limit 1 --data "$work/data" -o raw 2>/dev/null)" ]; do sleep 0.1; done
"$puppylog" tail 'file_path:*app*' --data "$work/data" -o raw >"$work/tail" 2>>"$work/errors" &
pids+=($!)
python3 - "$work" "$small" "$collector" "$size" <<'PY'
import os, random, sys, threading, time
work, small, collector, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
sent, latency, late = {}, [], []
def watch():
    with open(f"{work}/tail") as lines:
        rest = ""
        while True:
            rest += lines.read()
            *whole, rest = rest.split("\n")
            now = time.time()
            for line in whole:
                number = line.rsplit(" ", 1)[-1]
                if number in sent:
                    latency.append(now - sent.pop(number))
                    if latency[-1] > 1:
                        late.append((round(now - begin), round(latency[-1], 1)))
            time.sleep(0.01)
threading.Thread(target=watch, daemon=True).start()
def used():
    with open(f"/proc/{collector}/stat") as stat:
        return sum(int(part) for part in stat.read().rsplit(")", 1)[1].split()[11:13]) / os.sysconf("SC_CLK_TCK")
def bytes_read():
    with open(f"/proc/{collector}/io") as io:
        return int(io.readline().split()[1])
begin, cpu, n, read = time.time(), used(), 0, bytes_read()
while bytes_read() < size and time.time() - begin < 1200:
    time.sleep(max(0, begin + n / small - time.time()))
    i = n % small + 1
    now = time.time()
    sent[f"n{n}"] = now
    with open(f"{work}/logs/app-{i}.log", "a") as log:
        log.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03d}Z INFO app {i}: written now n{n}\n")
    n += 1
took, spent = time.time() - begin, used() - cpu
peak = next(line for line in open(f"/proc/{collector}/status") if line.startswith("VmHWM")).split()[1]
print(f"backlog: {size / 1e9:.1f} GB in {took:.0f} s, {spent:.0f} s of CPU, at most {int(peak) // 1024} MB")
time.sleep(3)
late.sort()
latency.sort()
print(f"visible to a live tail meanwhile: {len(latency)} of {n} lines, median {latency[len(latency) // 2] * 1000:.0f} ms, 99 % {latency[len(latency) * 99 // 100] * 1000:.0f} ms, most {latency[-1] * 1000:.0f} ms")
if late:
    print("later than 1 s (second, latency): " + " ".join(f"{at}:{took}" for at, took in late[:: max(1, len(late) // 30)]))
PY
sort "$work/errors" | uniq -c | sort -rn | head -5

#!/usr/bin/env bash
# Records the dashboard's pictures from a real run of two minutes; PUPPYLOG_BIN names a program that is built already.
# Needs tmux and python3. A short place, /tmp/demo, since its path is seen in the pictures.
set -euo pipefail -m
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
place=/tmp/demo
rm -rf "$place" && mkdir -p "$place"
mux() { tmux -f /dev/null -L demo "$@"; }
trap 'trap - EXIT; mux kill-server 2>/dev/null || true; kill -- $(jobs -p | sed "s,^,-,") 2>/dev/null || true; wait; rm -rf "$place"' EXIT
trap 'exit 1' INT TERM
puppylog=${PUPPYLOG_BIN:-$place/bin/puppylog}
[ -n "${PUPPYLOG_BIN:-}" ] || dotnet publish "$here/../../src/Puppylog.App" -c Release -o "$place/bin" -v quiet --nologo
export PUPPYLOG_DATA=$place/logs

# Two sources: an access log with durations, and what an application says.
cd "$place" && : >access.log && : >app.log
"$puppylog" collect -s access.log -s app.log --watch >collect.log 2>&1 &
until [ -e logs/puppylog.sock ]; do kill -0 $!; sleep 0.1; done
"$puppylog" metrics create -id traffic -s count -pr 1 >/dev/null
"$puppylog" metrics create -id traffic_per_section -s count -pr 5 -seg section >/dev/null
"$puppylog" metrics create -id slow -s p95 -p duration -pr 5 --filter 'section:="/api"' >/dev/null
"$puppylog" metrics create -id errors -s count -pr 5 --filter 'status:>=500' >/dev/null
"$puppylog" alerts create -id busy --metric traffic --statistic avg --window 10 --above 30 --recover-below 20 >/dev/null
"$puppylog" alerts create -id failing --metric errors --statistic max --window 10 --above 2 >/dev/null
for size in 100x30 80x24 200x60; do
  mux new-session -d -s "$size" -x "${size%x*}" -y "${size#*x}" -c "$place" \
    "tmux set status off; exec '$puppylog' monitor --data logs --interval 5 --window 10 --threshold 20"
done

# Requests per second, and how many: two peaks, the second goes on while the pictures are taken.
for step in 11:60 14:180 9:90 13:160 26:200 41:520 33:260 12:140 8:100 12:160 15:150 38:420 47:1200; do
  "$puppylog" generate --format combined --rate "${step%:*}" --max "${step#*:}" --output /dev/stdout 2>/dev/null
done | awk 'BEGIN { srand(7) } { slow = /\/api/ ? 0.08 : /\/search/ ? 0.05 : 0.01; printf "%s %.3f\n", $0, -slow * log(1 - rand()) + 0.002; fflush() }' >>access.log &
"$puppylog" generate --format json --rate 2 --max 400 --output app.log --append >/dev/null 2>&1 &
sleep "${SECONDS_TO_RECORD:-112}"

picture() { # NAME SIZE
  mux capture-pane -e -p -t "$2" | python3 "$here/ansi2svg.py" "${2%x*}" "${2#*x}" "puppylog monitor" >"$here/$1-$2.svg"
}
for size in 80x24 200x60; do
  picture overview "$size"
  mux send-keys -t "$size" 2 / && mux send-keys -t "$size" -l 'status:>=400' && mux send-keys -t "$size" Enter && sleep 2
  picture tail "$size"
  mux send-keys -t "$size" Up Up Enter && sleep 0.5
  picture fields "$size"
  mux send-keys -t "$size" 3 && sleep 2
  picture streams "$size"
  mux send-keys -t "$size" 4 && sleep 2 && mux send-keys -t "$size" Down Down Down && sleep 2
  picture metrics "$size"
  mux send-keys -t "$size" 5 && sleep 2 && mux send-keys -t "$size" Down && sleep 2
  picture alerts "$size"
done
picture monitor 100x30 && mv "$here/monitor-100x30.svg" "$here/monitor.svg"

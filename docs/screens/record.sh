#!/usr/bin/env bash
# Records the dashboard's pictures from a real run of two minutes; PUPPYLOG_BIN names a program that is built already.
# Needs tmux and python3. A short place, /tmp/demo, since its path is seen in the pictures.
set -euo pipefail -m
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
place=/tmp/demo
rm -rf "$place" && mkdir -p "$place"
trap 'trap - EXIT; tmux -L demo kill-server 2>/dev/null || true; kill -- $(jobs -p | sed "s,^,-,") 2>/dev/null || true; wait; rm -rf "$place"' EXIT
trap 'exit 1' INT TERM
puppylog=${PUPPYLOG_BIN:-$place/bin/puppylog}
[ -n "${PUPPYLOG_BIN:-}" ] || dotnet publish "$here/../../src/Puppylog.App" -c Release -o "$place/bin" -v quiet --nologo

(cd "$place" && : >access.log && exec "$puppylog" collect -s access.log --watch --data logs >collect.log 2>&1) &
until [ -e "$place/logs/puppylog.sock" ]; do kill -0 $!; sleep 0.1; done
for size in 100x30 80x24 132x40; do
  tmux -f /dev/null -L demo new-session -d -s "$size" -x "${size%x*}" -y "${size#*x}" -c "$place" \
    "tmux set status off; exec '$puppylog' monitor --data logs --interval 5 --window 10 --threshold 20"
done

# Requests per second, and how many: two peaks, the second goes on while the pictures are taken.
for step in 11:60 14:180 9:90 13:160 26:200 41:520 33:260 12:140 8:100 12:160 15:150 38:420 47:900; do
  "$puppylog" generate --format combined --rate "${step%:*}" --max "${step#*:}" --output "$place/access.log" --append >/dev/null 2>&1
done &
sleep "${SECONDS_TO_RECORD:-128}"
for size in 100x30 80x24 132x40; do
  tmux -L demo capture-pane -e -p -t "$size" |
    python3 "$here/ansi2svg.py" "${size%x*}" "${size#*x}" "puppylog monitor" >"$here/monitor${size/#/-}.svg"
done
mv "$here/monitor-100x30.svg" "$here/monitor.svg"

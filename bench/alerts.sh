#!/bin/sh
# How far the evaluation of alerts is behind the records: bench/alerts.sh PROGRAM LOG SCRATCH
# First LOG at full speed, with the default alert and with 100 rules; then a live writer of 20,000 lines a second, whose
# traffic begins and ends: the wall clock when a message is seen, minus the second that it names.
P=$1 LOG=$2 W=$3
rules() { # how many
    i=0
    while [ $i -lt "$1" ]; do
        "$P" alerts create -id "r$i" --metric total_traffic_per_route --window 60 --statistic sum --above $((1000000 + i)) --per-segment --data "$W/data" >/dev/null
        i=$((i + 1))
    done
}
for n in 0 1 100; do
    for run in 1 2 3; do
        rm -rf "$W/data" && mkdir -p "$W/data"
        if [ $n -gt 0 ]; then "$P" metrics create --default --data "$W/data" >/dev/null; rules $((n - 1)); fi
        PUPPYLOG_ALERT_LAG=1 /usr/bin/time -f "%U+%S CPU s, %e s" "$P" collect -s "$LOG" --data "$W/data" 2>&1 | grep -v -e '^High' -e combined | sed "s/^/$n rules: /"
    done
done
rm -rf "$W/data" && mkdir -p "$W/data" && : > "$W/live.log"
"$P" metrics create --default --data "$W/data" >/dev/null
"$P" alerts create -id live --metric total_traffic --window 3 --above 1000 --title 'High traffic' --value-name hits --samples 0 --data "$W/data" >/dev/null
mkfifo "$W/told"
python3 -c '
import sys, time, datetime
for line in sys.stdin:
    second = datetime.datetime.fromisoformat(line.split(" at ")[1].strip().replace("Z", "+00:00")).timestamp()
    print("%.2f s behind: %s" % (time.time() - second, line.strip()), flush=True)' < "$W/told" &
"$P" collect -s "$W/live.log" --watch --data "$W/data" > "$W/told" 2>/dev/null &
collector=$!
python3 - "$W/live.log" <<'END'
import sys, time, datetime
log = open(sys.argv[1], "ab", buffering=0)
end = time.time() + 60
while time.time() < end:
    now = time.time()
    rate = 20000 if now % 20 < 10 else 20
    stamp = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%d/%b/%Y:%H:%M:%S +0000")
    log.write((('10.0.0.1 - - [%s] "GET /a/b HTTP/1.1" 200 100 "-" "x"\n' % stamp) * max(1, rate // 20)).encode())
    time.sleep(max(0, 0.05 - (time.time() - now)))
END
kill -TERM $collector
wait

#!/bin/sh
# What LogsQL costs on PostgreSQL beside SQL written by hand: bench/postgres_queries.sh PROGRAM STORE-URI
# The store holds an access log. Milliseconds, the least of $ROUNDS (5), in turn; of the program less what a query that finds
# nothing by an index takes: starting, connecting, printing.
set -eu
PROGRAM=$1 STORE=$2
export PROGRAM STORE ROUNDS="${ROUNDS:-5}"
python3 - <<'PYTHON'
import os, re, subprocess, time
program, store, rounds = os.environ['PROGRAM'], os.environ['STORE'], int(os.environ['ROUNDS'])
queries = [
    ('* | stats count() n', 'SELECT count(*) FROM logs'),
    ('status:>=400 | stats by (section, status) count() hits, sum(bytes) b', 'SELECT section, status, count(*), sum(bytes) FROM logs WHERE status >= 400 GROUP BY 1, 2'),
    ('* | stats by (_time:1h) count() hits', "SELECT date_bin('1 hour', time, 'epoch'), count(*) FROM logs GROUP BY 1"),
    ('* | stats by (section) avg(bytes) a, max(bytes) m', 'SELECT section, avg(bytes), max(bytes) FROM logs GROUP BY 1'),
    ('* | stats quantile(0.75, bytes) p75, quantile(0.99, bytes) p99', 'SELECT percentile_disc(0.75) WITHIN GROUP (ORDER BY bytes), percentile_disc(0.99) WITHIN GROUP (ORDER BY bytes) FROM logs'),
    ('* | top 10 by (path)', 'SELECT path, count(*) FROM logs GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10'),
    ('* | sort by (_time desc) | limit 100', 'SELECT * FROM logs ORDER BY time DESC, nanos DESC, seq DESC LIMIT 100'),
]
def ask(query):
    start = time.perf_counter()
    subprocess.run([program, 'search', query, '--store', store, '-o', 'json'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000
def sql(statement):
    told = subprocess.run(['psql', store, '-X', '-q', '-c', r'\timing on', '-c', r'\o /dev/null', '-c', statement], capture_output=True, text=True).stdout
    return float(re.findall(r'Time: ([0-9.]+) ms', told)[-1])
nothing = min(ask('trace_id:=none | stats count() n') for _ in range(rounds))
print(f'nothing: {nothing:.0f} ms')
for query, statement in queries:
    times = [(ask(query) - nothing, sql(statement)) for _ in range(rounds)]
    here, there = min(t[0] for t in times), min(t[1] for t in times)
    print(f'{query}: {here:.0f} ms, by hand {there:.0f} ms: {here / there:.2f}')
PYTHON

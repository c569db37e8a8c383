"""Puts N metrics of a KIND into the catalogue of a store without records, or a definition a line on standard output: metrics_make.py DATA|- N KIND."""
import json
import sqlite3
import sys

data, count, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
catalog = None if data == "-" else sqlite3.connect(data + "/catalog.db")
sections = ["/api", "/media", "/static", "/product", "/account", "/search", "/blog", "/category", "/cart", "/"]
mixed = [("count", None, []), ("count", None, ["status"]), ("sum", "bytes", []), ("avg", "bytes", []), ("max", "bytes", []),
         ("p95", "bytes", []), ("distinct", "host", []), ("count", None, ["method"]), ("stddev", "bytes", []), ("min", "bytes", [])]
same = [("count", None), ("sum", "bytes"), ("avg", "bytes"), ("max", "bytes")]
for i in range(count):
    # 100 filters, ten metrics each, unless the kind says otherwise.
    text = f'section:="{sections[i % 10]}" status:>={200 + 100 * (i // 10 % 10) // 2}'
    period, segments = 60, []
    if kind == "same":
        text, (statistic, prop), segments = "*", same[i % 4], [[], ["section"], ["status"], ["method"]][i // 4 % 4]
    elif kind == "mixed":
        statistic, prop, segments = mixed[i // 100 % 10]
    elif kind == "filters":
        text, statistic, prop = f'section:="{sections[i % 10]}" status:={200 + i // 10}', "count", None
    else:
        statistic = kind[2:]
        prop = None if statistic == "count" else "bytes"
        segments, period = [[], ["status"], ["method"], ["protocol"]][i // 100 % 4], 60 + i // 400
    definition = json.dumps({"filter": text, "statistic": statistic, "property": prop, "period": period, "refresh": 60, "segments": segments})
    if catalog is None:
        print(definition)
    else:
        catalog.execute("INSERT INTO metrics(id, definition, created, since, filled, floor) VALUES (?, ?, 0, 0, 1, ?)", (f"m{i}", definition, -2**63))
if catalog is not None:
    catalog.execute("INSERT INTO upkeep(name, value) VALUES ('Metrics', 1) ON CONFLICT(name) DO UPDATE SET value = value + 1")
    catalog.commit()

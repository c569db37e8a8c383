"""Writes bodies of 20,000 records for ingest.sh: jsonline, Loki and OTLP, the same records in each."""
import gzip, json, random, struct, sys

N = 20_000
random.seed(7)
out = sys.argv[1]


def varint(n):
    b = bytearray()
    while n > 127:
        b.append(n & 127 | 128)
        n >>= 7
    b.append(n)
    return bytes(b)


def field(number, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(number << 3 | 2) + varint(len(data)) + data


def pair(number, key, value):
    value = varint(3 << 3) + varint(value) if isinstance(value, int) else field(1, value)
    return field(number, field(1, key) + field(2, value))


def snappy(data):
    chunks = [data[i:i + 60] for i in range(0, len(data), 60)]
    return varint(len(data)) + b"".join(bytes([len(c) - 1 << 2]) + c for c in chunks)


records = []
for i in range(N):
    user = random.randrange(5000)
    path = f"/api/v1/{random.choice(['orders', 'users', 'carts', 'items'])}/{random.randrange(100000)}"
    records.append((1_763_800_000_000_000_000 + i * 1_000_003, random.choice(["INFO", "INFO", "INFO", "WARN", "ERROR"]),
                    f"request served for user {user} in {random.randrange(900)} ms", path, random.choice([200, 200, 200, 404, 500]), user))

severity = {"INFO": 9, "WARN": 13, "ERROR": 17}
with open(f"{out}/jsonline", "w") as f:
    for time, level, message, path, status, user in records:
        f.write(json.dumps({"_time": str(time), "level": level, "_msg": message, "path": path, "status": status, "user_id": user, "service.name": "shop"}) + "\n")

logs = b"".join(field(2, varint(1 << 3 | 1) + struct.pack("<Q", time) + varint(2 << 3) + varint(severity[level]) + field(3, level) + field(5, field(1, message))
                      + pair(6, "path", path) + pair(6, "status", status) + pair(6, "user_id", user)) for time, level, message, path, status, user in records)
with open(f"{out}/otlp", "wb") as f:
    f.write(field(1, field(1, pair(1, "service.name", "shop")) + field(2, field(1, field(1, "bench")) + logs)))

entries = b"".join(field(2, field(1, varint(8) + varint(time // 10**9) + varint(16) + varint(time % 10**9)) + field(2, message)
                         + b"".join(field(3, field(1, k) + field(2, str(v))) for k, v in (("level", level), ("path", path), ("status", status), ("user_id", user))))
                   for time, level, message, path, status, user in records)
with open(f"{out}/loki", "wb") as f:
    f.write(snappy(field(1, field(1, '{service_name="shop"}') + entries)))
with gzip.open(f"{out}/jsonline.gz", "wb", 1) as f:
    f.write(open(f"{out}/jsonline", "rb").read())

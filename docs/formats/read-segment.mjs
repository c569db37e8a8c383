// Prints the original lines of segment files, written from block.md and segment.md alone: proof that the format is documented.
//   node docs/formats/read-segment.mjs DATA/days/*/*.seg > lines.log
// Frames are read in the order of the file; lengths recorded in catalog.db are not looked at.
import { readFileSync, writeSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const crcTable = Int32Array.from({ length: 256 }, (_, n) => { for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1; return n; });
const crc32c = (bytes) => { let c = ~0; for (const b of bytes) c = crcTable[(c ^ b) & 255] ^ (c >>> 8); return ~c >>> 0; };
const check = (holds, what) => { if (!holds) throw new Error(`damaged: ${what}`); };
const wrap = (n) => BigInt.asIntN(64, n);
const unzigzag = (n) => wrap((n >> 1n) ^ -(n & 1n));
class Reader {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }
  take(n) { check(this.at + n <= this.bytes.length, 'too short'); return this.bytes.subarray(this.at, this.at += n); }
  u8() { return this.take(1)[0]; }
  u32() { return this.take(4).readUInt32LE(); }
  big() { let n = 0n; for (let shift = 0n; ; shift += 7n) { const b = this.u8(); n |= BigInt(b & 127) << shift; if (b < 128) return BigInt.asUintN(64, n); } }
  varint() { return Number(this.big()); }
  zigzag() { return unzigzag(this.big()); }
  block() { return this.take(this.varint()); }
  text() { return this.block().toString(); }

  section() {
    const codec = this.u8(), length = this.varint();
    check(codec <= 1, 'codec');
    const bytes = codec === 0 ? this.take(length) : brotliDecompressSync(this.block());
    return check(bytes.length === length, 'section'), bytes;
  }

  packed(widths) { // one number per width, from the lowest bit of the first byte
    const bytes = this.take(Math.ceil(widths.reduce((sum, w) => sum + w, 0) / 8));
    let bit = 0;
    return widths.map((w) => Array.from({ length: w }, (_, i) => BigInt(bytes[bit >> 3] >> (bit++ & 7) & 1) << BigInt(i)).reduce((n, b) => n | b, 0n));
  }

  integers(count) {
    const layout = this.u8();
    if (layout < 128) return this.plain(layout, count);
    const values = [this.zigzag()];
    for (const step of this.plain(layout - 128, count - 1)) values.push(wrap(values.at(-1) + unzigzag(BigInt.asUintN(64, step))));
    return values;
  }

  plain(layout, count) {
    const min = this.zigzag();
    if (layout === 0) return Array(count).fill(min);
    if (layout === 1) return this.packed(Array(count).fill(this.u8())).map((n) => wrap(min + n));
    const small = [...this.section()];
    check(small.length === count, 'integers');
    if (layout === 3) return small.map((n) => wrap(min + BigInt(n)));
    check(layout === 2, 'layout');
    const low = this.packed(small.map((w) => Math.max(0, w - 1)));
    return small.map((w, i) => (w === 0 ? min : wrap(min + (1n << BigInt(w - 1)) + low[i])));
  }

  cut(lengths) { // values one behind the other, null where a length is negative
    const bytes = this.section();
    let at = 0;
    return lengths.map((n) => (n < 0 ? null : bytes.subarray(at, at += Number(n))));
  }

  texts(count) { return this.cut(this.integers(count).map((n) => n - 1n)); }
}
class Block {
  constructor(body) {
    const head = new Reader(body);
    check(head.take(4).toString() === 'PLGB' && head.u8() === 1, 'block header');
    head.take(3);
    const length = head.u32(), crc = head.u32(), bytes = head.take(length);
    check(crc32c(bytes) === crc, 'directory');
    this.chunks = body.subarray(16 + length);
    const d = new Reader(bytes);
    this.count = d.varint();
    d.take(16);
    d.text();
    this.templates = Array.from({ length: d.varint() }, () => d.text());
    this.derived = new Map(Array.from({ length: d.varint() }, () => [d.text(), { source: d.text(), function: d.u8() }]));
    this.columns = new Map(Array.from({ length: d.varint() }, () => {
      const [name, encoding, flags, offset, size, sum] = [d.text(), d.u8(), d.u8(), d.varint(), d.varint(), d.u32()];
      if (flags & 1) { d.zigzag(); d.zigzag(); }
      return [name, { encoding, offset, size, sum }];
    }));
    this.read = new Map();
  }

  column(name) { // the value of each record: bytes, or null where absent
    return this.read.get(name) ?? this.read.set(name, this.decode(name)).get(name);
  }

  decode(name) {
    const entry = this.columns.get(name);
    if (!entry) return Array(this.count).fill(null);
    const chunk = this.chunks.subarray(entry.offset, entry.offset + entry.size);
    check(crc32c(chunk) === entry.sum, `column ${name}`);
    const r = new Reader(chunk), decimal = (n) => Buffer.from(String(n));
    switch (entry.encoding) {
      case 1: return r.u8(), Array(this.count).fill(r.block());
      case 2: {
        const distinct = r.varint(), absent = r.varint() - 1, kinds = r.u8();
        const values = r.cut(r.integers(distinct));
        if (absent >= 0) values[absent] = null;
        if (kinds) r.section();
        let next = 0;
        return r.integers(this.count).map((n) => values[n === 0n ? next++ : Number(n) - 1]);
      }
      case 3: {
        r.u8();
        const bits = r.u8() ? r.section() : null, present = (i) => !bits || bits[i >> 3] >> (i & 7) & 1;
        const rows = Array.from({ length: this.count }, (_, i) => i), values = r.integers(rows.filter(present).length);
        return rows.map((i) => (present(i) ? decimal(values.shift()) : null));
      }
      case 4: return r.texts(this.count);
      case 5: { const unit = BigInt(r.varint()); return r.integers(this.count).map((n) => decimal(n * unit)); }
      case 6: {
        const numbers = r.integers(this.count), kept = r.u8() ? r.texts(this.count) : [];
        return numbers.map((n, i) => (n === 0n ? kept[i] : this.compose(this.templates[Number(n) - 1], i)));
      }
      case 7: return this.column(r.text());
      default: throw new Error(`unknown encoding ${entry.encoding}`);
    }
  }

  compose(template, row) {
    return Buffer.concat(template.match(/\{\{|\{[^}]+\}|[^{]+/g).map((part) => {
      if (part === '{{') return Buffer.from('{');
      if (part[0] !== '{') return Buffer.from(part);
      const [, name, form] = /^\{(.+?)(\|-|:clf)?\}$/.exec(part), value = this.column(name)[row];
      return form === ':clf' ? Buffer.from(clf(BigInt(value), this.column('_line.zone')[row].toString())) : value ?? Buffer.from(form ? '-' : '');
    }));
  }
}

function clf(time, zone) { // zone: +hhmm or -hhmm; the time is printed as a clock there shows it
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone[0] === '-' ? -1 : 1);
  const [, day, month, year, clock] = new Date(Number(time / 1000000n) + minutes * 60000).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} ${zone}`;
}

for (const path of process.argv.slice(2)) {
  const file = readFileSync(path);
  check(file.toString('latin1', 0, 8) === 'PUPSEG\r\n' && crc32c(file.subarray(0, 60)) === file.readUInt32LE(60), path);
  for (let at = 64; at + 80 <= file.length && file.toString('latin1', at, at + 4) === 'PLFR';) {
    const length = Number(file.readBigUInt64LE(at + 8)), body = file.readUInt32LE(at + 24), metadata = file.readUInt32LE(at + 28);
    check(crc32c(Buffer.concat([file.subarray(at, at + 76), file.subarray(at + 80, at + 80 + metadata)])) === file.readUInt32LE(at + 76), `frame at ${at}`);
    const lines = body === 0 ? [] : new Block(file.subarray(at + 80 + metadata, at + length)).column('_raw');
    check(lines.length === file.readUInt32LE(at + 40) && body === length - 80 - metadata, 'frame');
    for (const line of lines) writeSync(1, Buffer.concat([line, Buffer.from('\n')]));
    at += length;
  }
}

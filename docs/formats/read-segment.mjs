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
    check(codec <= 2, 'codec');
    const bytes = codec === 0 ? this.take(length) : codec === 1 ? brotliDecompressSync(this.block()) : this.huffman(length);
    return check(bytes.length === length, 'section'), bytes;
  }

  huffman(count) { // four runs of codes, each code from its first bit
    const highest = this.u8(), nibbles = this.take((highest >> 1) + 1), byCode = new Map();
    const lengths = Array.from({ length: highest + 1 }, (_, i) => nibbles[i >> 1] >> (i & 1 ? 4 : 0) & 15);
    for (let length = 1, code = 0; length <= 11; length++, code <<= 1) {
      lengths.forEach((n, symbol) => { if (n === length) byCode.set(length << 11 | code++, symbol); });
    }
    const sizes = [0, 0, 0, 0].map(() => this.u32()), run = Math.ceil(count / 4), bytes = Buffer.alloc(count);
    sizes.forEach((size, k) => {
      const packed = this.take(size);
      for (let at = k * run, bit = 0; at < Math.min((k + 1) * run, count); at++) {
        let length = 0, code = 0;
        do { check(length < 11, 'code'); code = code << 1 | packed[bit >> 3] >> (bit & 7) & 1; bit++; } while (!byCode.has(++length << 11 | code));
        bytes[at] = byCode.get(length << 11 | code);
      }
    });
    return bytes;
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
    if (layout === 4) {
      const width = this.u8(), shared = this.section();
      return Array.from({ length: count }, (_, i) => wrap(min + BigInt(shared[(i * width) >> 3] >> ((i * width) & 7) & ((1 << width) - 1))));
    }
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

  present(count) { // whether each record has a value
    const bits = this.u8() ? this.section() : null;
    return Array.from({ length: count }, (_, i) => !bits || (bits[i >> 3] >> (i & 7) & 1) === 1);
  }

  spread(present, values) { let next = 0; return present.map((is) => (is ? values[next++] : null)); }

  exceptions(count, regular) { // count values, of which some are not as the encoding has them
    const length = this.varint(), places = length ? this.integers(length).map(Number) : [], values = length ? this.nested(length) : [];
    const odd = new Map(places.map((place, i) => [place, values[i]])), others = regular(count - length);
    let next = 0;
    return Array.from({ length: count }, (_, i) => odd.get(i) ?? others[next++]);
  }

  codes(count, values) { let next = 0; return this.integers(count).map((n) => values[n === 0n ? next++ : Number(n) - 1]); }

  nested(count) { return this.values(this.u8(), count); }

  values(encoding, count) { // a column that stands for itself: bytes per record, or null
    const decimal = (n) => Buffer.from(String(n));
    switch (encoding) {
      case 1: return this.u8(), Array(count).fill(this.block());
      case 2: case 12: {
        const distinct = this.varint(), absent = this.varint() - 1, kinds = this.u8();
        const values = encoding === 2 ? this.cut(this.integers(distinct)) : this.nested(absent < 0 ? distinct : distinct - 1);
        if (absent >= 0) values.splice(absent, encoding === 2 ? 1 : 0, null);
        if (kinds) this.section();
        return this.codes(count, values);
      }
      case 3: {
        this.u8();
        const present = this.present(count);
        return this.spread(present, this.integers(present.filter(Boolean).length).map(decimal));
      }
      case 4: {
        const values = this.texts(count);
        if (this.u8()) this.section();
        return values;
      }
      case 5: { const unit = BigInt(this.varint()); return this.integers(count).map((n) => decimal(n * unit)); }
      case 8: {
        this.u8();
        const present = this.present(count);
        return this.spread(present, this.exceptions(present.filter(Boolean).length, (n) => this.integers(n).map((address) =>
          Buffer.from([24n, 16n, 8n, 0n].map((shift) => address >> shift & 255n).join('.')))));
      }
      case 9: {
        this.u8();
        const layout = this.u8(), digits = this.varint(), present = this.present(count);
        return this.spread(present, present.filter(Boolean).map(() => {
          let text = this.take(Math.ceil(digits / 2)).toString('hex').slice(0, digits);
          if (layout & 1) text = text.toUpperCase();
          return Buffer.from(layout & 2 ? text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : text);
        }));
      }
      case 10: {
        this.u8();
        const present = this.present(count);
        return this.spread(present, this.exceptions(present.filter(Boolean).length, (n) => {
          const width = this.varint(), scales = this.integers(n).map(Number);
          return this.integers(n).map((mantissa, i) => {
            const text = String(mantissa < 0n ? -mantissa : mantissa).padStart(Math.max(width, scales[i] + 1), '0'), point = text.length - scales[i];
            return Buffer.from((mantissa < 0n ? '-' : '') + text.slice(0, point) + (scales[i] ? `.${text.slice(point)}` : ''));
          });
        }));
      }
      case 11: {
        const t = new Reader(this.section());
        const templates = Array.from({ length: t.varint() }, () => Array.from({ length: t.varint() }, () => { const n = t.varint(); return n ? t.take(n - 1) : null; }));
        const numbers = this.integers(count).map(Number), rows = templates.map(() => 0);
        for (const n of numbers) if (n) rows[n - 1]++;
        if (this.u8()) this.section();
        const parts = templates.map((template, i) => template.map((part) => part ?? this.nested(rows[i])));
        rows.fill(0);
        return numbers.map((n) => {
          if (n === 0) return null;
          const rank = rows[n - 1]++;
          return Buffer.concat(parts[n - 1].map((part) => (Array.isArray(part) ? part[rank] : part)));
        });
      }
      default: throw new Error(`unknown encoding ${encoding}`);
    }
  }
}
class Block {
  constructor(body) {
    const head = new Reader(body);
    check(head.take(4).toString() === 'PLGB' && [1, 2].includes(head.u8()), 'block header');
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
      return [name, { encoding, isSparse: flags & 2, offset, size, sum }];
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
    const r = new Reader(chunk);
    if (entry.isSparse) { // places of the records that have the field, then their values
      let place = 0;
      const places = r.integers(r.varint()).map((step) => place += Number(step)), values = r.values(entry.encoding, places.length);
      const all = Array(this.count).fill(null);
      places.forEach((row, i) => { all[row] = values[i]; });
      return all;
    }
    switch (entry.encoding) {
      case 6: return this.lines(r, this.templates);
      case 24: return this.learned(r);
      case 27: return this.assembled(r);
      case 7: return this.column(r.text());
      case 25: {
        const [first, other] = [this.column(r.text()), this.column(r.text())];
        return first.map((value, i) => value ?? other[i]);
      }
      default: return r.values(entry.encoding, this.count);
    }
  }

  source(name) { // what lines are made of: of an either, its first
    const entry = this.columns.get(name);
    return this.column(entry?.encoding === 25 ? new Reader(this.chunks.subarray(entry.offset, entry.offset + entry.size)).text() : name);
  }

  learned(r) {
    const known = r.varint(), texts = new Reader(r.section());
    return this.lines(r, Array.from({ length: known }, () => texts.text()));
  }

  assembled(r) { // lines of their records' values: which is said by the order, the text between by forms
    const known = r.varint(), texts = new Reader(r.section()), named = Array.from({ length: known }, () => texts.text());
    const rest = r.u8() ? [...this.overflow()] : [], names = [...named, ...rest.map(([name]) => name)];
    const values = [...named.map((name) => this.member(name)), ...rest.map(([, rows]) => rows)];
    const size = r.varint(), f = new Reader(r.section());
    const forms = Array.from({ length: size }, () => { const flags = f.u8(); return { name: flags & 3, quoted: flags & 4, before: f.block(), after: f.block() }; });
    const counts = r.integers(this.count).map(Number), codes = this.numbers(r), order = this.numbers(r), others = this.learned(r), last = new Map();
    const fieldsOf = counts.map(() => []);
    values.forEach((rows, field) => rows.forEach((value, row) => { if (value) fieldsOf[row].push(field); }));
    let code = 0, step = 0;
    return counts.map((count, row) => {
      if (count === 0) return others[row];
      const left = fieldsOf[row], parts = [];
      for (let i = 0, at = 0; i < count; i++) {
        let field = -1;
        if (i < count - 1) {
          at = (at + order[step++]) % left.length;
          [field] = left.splice(at, 1);
        }
        const n = codes[code++], number = n ? n - 1 : last.get(field) ?? 0, form = forms[number];
        last.set(field, number);
        const name = field < 0 ? '' : form.name === 1 ? names[field] : form.name ? names[field].slice(names[field].lastIndexOf('.') + 1) : '';
        parts.push(form.before, Buffer.from(name), form.after, field < 0 ? Buffer.alloc(0) : values[field][row], Buffer.from(form.quoted ? '"' : ''));
      }
      return Buffer.concat(parts);
    });
  }

  numbers(r) { // below 192 a byte, else more of them in a second section
    const first = r.section(), second = new Reader(r.section());
    return Array.from(first, (byte) => {
      const low = byte < 192 ? 0 : second.u8();
      return byte < 192 ? byte : 192 + low + (byte < 255 ? (byte - 192) * 256 : second.u8() * 256 + second.u8() * 65536);
    });
  }

  member(name) {
    return name.startsWith('_time:') ? Array.from({ length: this.count }, (_, row) => this.compose(`{${name}}`, row)) : this.source(name);
  }

  overflow() { // the fields without a column
    if (this.rest) return this.rest;
    this.rest = new Map();
    const entry = this.columns.get('_overflow');
    if (!entry) return this.rest;
    const chunk = this.chunks.subarray(entry.offset, entry.offset + entry.size), r = new Reader(chunk);
    check(crc32c(chunk) === entry.sum, 'overflow');
    const count = r.varint(), shared = r.integers(count).map(Number), names = r.cut(r.integers(count)), counts = r.integers(count).map(Number), all = counts.reduce((sum, n) => sum + n, 0);
    const steps = r.integers(all).map(Number), values = r.cut(r.integers(all));
    let at = 0;
    names.forEach((end, i) => {
      const name = names[i] = Buffer.concat([i ? names[i - 1].subarray(0, shared[i]) : end.subarray(0, 0), end]);
      const rows = [];
      for (let k = 0, row = 0; k < counts[i]; k++, at++) rows[row += steps[at]] = values[at];
      this.rest.set(name.toString(), rows);
    });
    return this.rest;
  }

  lines(r, templates) {
    const numbers = r.integers(this.count), kept = r.u8() ? r.texts(this.count) : [];
    return numbers.map((n, i) => (n === 0n ? kept[i] : this.compose(templates[Number(n) - 1], i)));
  }

  compose(template, row) {
    return Buffer.concat(template.match(/\{\{|\{[^}]+\}|[^{]+/g).map((part) => {
      if (part === '{{') return Buffer.from('{');
      if (part[0] !== '{') return Buffer.from(part);
      const time = /^\{_time:([^]+)\}$/.exec(part)?.[1];
      if (time) {
        const at = BigInt(this.column('_time')[row]);
        return Buffer.from(time === 'clf' ? clf(at, this.column('_line.zone')[row].toString()) : iso.test(time) ? clock(at, time) : /^(s|ms|us|ns)(\.|$)/.test(time) ? since1970(at, time) : calendar(at, time));
      }
      const [, name, form] = /^\{([^]+?)(\|-|:json|:json\.(?:u|a|h|s|as|net))?\}$/.exec(part), value = this.source(name)[row];
      return form?.[0] === ':' ? escaped(value ?? Buffer.alloc(0), form.slice(1)) : value ?? Buffer.from(form ? '-' : '');
    }));
  }
}

const iso = /^YYYY-MM-DD[Tt ]hh:mm:ss([.,](f\+(?![0-9])|f{1,9}))?(Z|z|[+-]\d\d(:?\d\d)?)?$/;

const zones = { UTC: 0, GMT: 0, WET: 0, WEST: 60, CET: 60, BST: 60, CEST: 120, EET: 120, EEST: 180, MSK: 180, IST: 330, JST: 540, KST: 540, EDT: -240, EST: -300, CDT: -300, CST: -360, MDT: -360, MST: -420, PDT: -420, PST: -480 };

function calendar(time, form) { // as EEE MMM DD hh:mm:ss.ffffff YYYY
  const pieces = form.match(/YYYY|YY|MMM|MM|DD|_D|EEE|hh|mm|ss|(?<=[.,:])f+|[+-]\d\d:?\d\d|[+-]\d\d|[A-Z]{3,4}|./g), zone = pieces.findLast((p) => p in zones || /^[+-]\d/.test(p)) ?? '';
  const digits = zone.replace(/[^0-9]/g, '').padEnd(4, '0'), minutes = zones[zone] ?? (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * (zone[0] === '-' ? -1 : 1);
  const part = ((time % 1000000000n) + 1000000000n) % 1000000000n, at = new Date((Number((time - part) / 1000000000n) + minutes * 60) * 1000);
  const [date, rest] = at.toISOString().split('T'), [year, month, day] = date.split('-'), [weekday, , name] = at.toUTCString().replace(',', '').split(' ');
  const piece = { YYYY: year, YY: year.slice(2), MMM: name, MM: month, DD: day, _D: day.replace(/^0/, ' '), EEE: weekday, hh: rest.slice(0, 2), mm: rest.slice(3, 5), ss: rest.slice(6, 8) };
  return pieces.map((p) => piece[p] ?? (/^f+$/.test(p) ? String(part).padStart(9, '0').slice(0, p.length) : p)).join('');
}

function clock(time, form) { // as YYYY-MM-DDThh:mm:ss.fffZ
  const [, between, point, places, zone] = /^YYYY-MM-DD(.)hh:mm:ss(?:([.,])(f\+(?![0-9])|f{1,9}))?(.*)$/.exec(form);
  const digits = zone.replace(/[^0-9]/g, '').padEnd(4, '0'), minutes = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * (zone[0] === '-' ? -1 : 1);
  const part = ((time % 1000000000n) + 1000000000n) % 1000000000n, seconds = Number((time - part) / 1000000000n) + minutes * 60;
  const all = String(part).padStart(9, '0'), shown = !places ? '' : places === 'f+' ? all.replace(/0+$/, '') : all.slice(0, places.length);
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', between) + (shown ? point + shown : '') + zone;
}

function since1970(time, form) { // as s, ms, us, ns, s.3, …
  const [name, places] = form.split('.'), zeros = { s: 9, ms: 6, us: 3, ns: 0 }[name], unit = 10n ** BigInt(zeros);
  const all = zeros ? String(time % unit).padStart(zeros, '0') : '', shown = places ? all.slice(0, Number(places)) : all.replace(/0+$/, '');
  return String(time / unit) + (shown ? '.' + shown : '');
}

function escaped(text, form) { // as it stands between the quotes of a JSON string
  const kind = form.slice(5), hex = { h: '<>&\u2028\u2029', net: '"&\'+<>`\x7f' }[kind] ?? '', ascii = ['a', 'as', 'net'].includes(kind);
  const short = { '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\\': '\\', '"': '"', ...(['s', 'as'].includes(kind) ? { '/': '/' } : {}) };
  const digits = (n) => { const four = n.toString(16).padStart(4, '0'); return '\\u' + (['u', 'net'].includes(kind) ? four.toUpperCase() : four); };
  const out = [];
  for (let at = 0, n; at < text.length; at += n) {
    n = text[at] < 0xc0 ? 1 : text[at] < 0xe0 ? 2 : text[at] < 0xf0 ? 3 : 4;
    const bytes = text.subarray(at, at + n), c = bytes.toString();
    if (Buffer.compare(Buffer.from(c), bytes) !== 0) { out.push(text.subarray(at, at + 1)); n = 1; continue; }
    out.push(Buffer.from(hex.includes(c) || c < ' ' && !short[c] || ascii && c > '\x7f' ? [...Array(c.length).keys()].map((i) => digits(c.charCodeAt(i))).join('')
      : short[c] ? '\\' + short[c] : c));
  }
  return Buffer.concat(out);
}

function clf(time, zone) { // zone: +hhmm or -hhmm; the time is printed as a clock there shows it
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone[0] === '-' ? -1 : 1);
  const [, day, month, year, clock] = new Date(Number(time / 1000000n) + minutes * 60000).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} ${zone}`;
}

// What a frame holds: its own commit and ordinal, or the parts that compaction has joined (segment.md, metadata of version 2).
function parts(file, at) {
  const commit = file.readBigInt64LE(at + 16), version = file.readUInt16LE(at + 4);
  if (version === 1) return [`${commit}.${file.readUInt32LE(at + 32)}`];
  check(version === 2, 'frame version');
  const metadata = new Reader(file.subarray(at + 80, at + 80 + file.readUInt32LE(at + 28)));
  check(metadata.u8() === 2, 'metadata version');
  metadata.u8();
  let last = 0n;
  return Array.from({ length: metadata.varint() }, () => { const part = `${last += metadata.zigzag()}.${metadata.varint()}`; return metadata.varint(), part; });
}

// Segments that compaction has replaced stay for a while: a part counts in the newest compacted segment that has it.
const stands = new Map();
for (const path of process.argv.slice(2)) {
  const file = readFileSync(path), id = file.readBigInt64LE(16);
  if (!(file.readUInt16LE(10) & 2) || file.toString('latin1', file.length - 4) !== 'PLFE') continue;
  for (let at = 64; file.toString('latin1', at, at + 4) === 'PLFR'; at += Number(file.readBigUInt64LE(at + 8)))
    for (const part of parts(file, at)) if (!(stands.get(part) > id)) stands.set(part, id);
}

for (const path of process.argv.slice(2)) {
  const file = readFileSync(path), id = file.readBigInt64LE(16);
  check(file.toString('latin1', 0, 8) === 'PUPSEG\r\n' && crc32c(file.subarray(0, 60)) === file.readUInt32LE(60), path);
  for (let at = 64; at + 80 <= file.length && file.toString('latin1', at, at + 4) === 'PLFR';) {
    const length = Number(file.readBigUInt64LE(at + 8)), body = file.readUInt32LE(at + 24), metadata = file.readUInt32LE(at + 28);
    check(crc32c(Buffer.concat([file.subarray(at, at + 76), file.subarray(at + 80, at + 80 + metadata)])) === file.readUInt32LE(at + 76), `frame at ${at}`);
    if (parts(file, at).some((part) => stands.has(part) && stands.get(part) !== id)) { at += length; continue; }
    const lines = body === 0 ? [] : new Block(file.subarray(at + 80 + metadata, at + length)).column('_raw');
    check(lines.length === file.readUInt32LE(at + 40) && body === length - 80 - metadata, 'frame');
    for (const line of lines) writeSync(1, Buffer.concat([line, Buffer.from('\n')]));
    at += length;
  }
}

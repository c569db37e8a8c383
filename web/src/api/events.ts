/** An event of a stream of `text/event-stream`. */
export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

/** Takes a stream's text apart, as the HTML standard says under "Interpreting an event stream". */
export class EventParser {
  #rest = '';
  #data: string[] = [];
  #event = '';
  #afterReturn = false;
  #nextId = '';
  /** Of the last whole event: where to go on behind it. */
  id = '';

  /** Of another connection from here on: what was cut off is forgotten, the id is not. */
  joined(): this {
    this.#rest = '';
    this.#data = [];
    this.#event = '';
    this.#nextId = this.id;
    this.#afterReturn = false;
    return this;
  }

  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    let pending = this.#rest + text;
    if (this.#afterReturn && pending.startsWith('\n')) pending = pending.slice(1);
    this.#afterReturn = text === '' ? this.#afterReturn : pending.endsWith('\r');
    let at = 0;
    for (;;) {
      const end = /\r\n|\n|\r/g;
      end.lastIndex = at;
      const found = end.exec(pending);
      if (!found) break;
      this.#line(pending.slice(at, found.index), events);
      at = found.index + found[0].length;
    }
    this.#rest = pending.slice(at);
    return events;
  }

  #line(line: string, events: ServerEvent[]): void {
    if (line === '') {
      this.id = this.#nextId;
      if (this.#data.length > 0) events.push({ event: this.#event || 'message', data: this.#data.join('\n'), id: this.id });
      this.#data = [];
      this.#event = '';
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#nextId = value;
  }
}

/** The events of an answer, as many at a time as came together. */
export async function* readEvents(answer: Response, parser = new EventParser()): AsyncGenerator<ServerEvent[]> {
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = parser.push(decoder.decode(value, { stream: true }));
      if (events.length > 0) yield events;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

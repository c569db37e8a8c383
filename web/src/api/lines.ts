/** A record, or a computed row: every value is text. */
export type LogRecord = Record<string, string>;

/** Lines of text out of pieces of bytes that know nothing of lines. */
export class LineSplitter {
  #rest = '';
  readonly #decoder = new TextDecoder();

  push(bytes: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    return lines;
  }

  /** What came behind the last newline. */
  end(): string {
    const last = this.#rest + this.#decoder.decode();
    this.#rest = '';
    return last;
  }
}

/** The records of an answer of JSON lines, as many at a time as came together. */
export async function* readRecords(answer: Response): AsyncGenerator<LogRecord[]> {
  const reader = answer.body!.getReader();
  const splitter = new LineSplitter();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = done ? [splitter.end()] : splitter.push(value);
      const records = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LogRecord);
      if (records.length > 0) yield records;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

export async function allRecords(answer: Response): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  for await (const records of readRecords(answer)) all.push(...records);
  return all;
}

import type { LogRecord } from '../api/lines';
import type { Span } from '../api/logsql';
import { stretchOf, type Stretch } from './plan';

/** Rows that are asked for at a time. */
export const PAGE = 200;

/** Pages that are kept; the others are asked for again when they are scrolled to. */
const KEPT = 80;

export type Fetcher = (span: Span, limit: number, offset: number, signal: AbortSignal) => Promise<LogRecord[]>;

/** Rows of a long list, by number, newest first: those that were asked for lately. */
export class RowPages {
  #plan: Stretch[] = [];
  #plans = 0;
  readonly #pages = new Map<string, LogRecord[] | 'asked'>();
  readonly #stop = new AbortController();

  constructor(
    readonly fetch: Fetcher,
    readonly changed: () => void,
    readonly failed: (e: unknown) => void,
  ) {}

  set plan(plan: Stretch[]) {
    this.#plan = plan;
    this.#plans++;
    this.#pages.clear();
  }

  /** A row that is there; undefined while it is not. */
  at(row: number): LogRecord | undefined {
    const place = this.#place(row);
    const page = place && this.#pages.get(place.key);
    return page && page !== 'asked' ? page[place.within] : undefined;
  }

  /** Asks for what is missing between two rows. */
  need(first: number, end: number): void {
    for (let row = first; row < end; ) {
      const place = this.#place(row);
      if (!place) return;
      const page = this.#pages.get(place.key);
      if (page === undefined) void this.#ask(place);
      else {
        this.#pages.delete(place.key);
        this.#pages.set(place.key, page);
      }
      row += Math.min(PAGE, place.stretch.count - place.offset) - place.within;
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #ask({ key, stretch, offset }: Place): Promise<void> {
    this.#pages.set(key, 'asked');
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break;
      this.#pages.delete(old);
    }
    try {
      const rows = await this.fetch({ from: stretch.from, to: stretch.to }, Math.min(PAGE, stretch.count - offset), offset, this.#stop.signal);
      if (this.#pages.get(key) === 'asked') this.#pages.set(key, rows);
      this.changed();
    } catch (e) {
      this.#pages.delete(key);
      if (!this.#stop.signal.aborted) this.failed(e);
    }
  }

  #place(row: number): Place | null {
    const stretch = stretchOf(this.#plan, row);
    if (!stretch) return null;
    const page = Math.floor((row - stretch.first) / PAGE);
    return { stretch, key: `${this.#plans}/${stretch.first}/${page}`, offset: page * PAGE, within: row - stretch.first - page * PAGE };
  }
}

interface Place {
  stretch: Stretch;
  key: string;
  offset: number;
  within: number;
}

import { ApiError, ask, isAbort } from '../api/connection';
import { EventParser, readEvents } from '../api/events';
import type { LogRecord } from '../api/lines';

/** Records that are kept; older ones make room. */
export const KEPT = 10_000;
const SHOWN_EVERY_MS = 100;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** A live tail that is joined again by itself where it broke off, and knows what it has not shown. */
export class Tail {
  records = $state.raw<LogRecord[]>([]);
  state = $state<'joining' | 'live' | 'away'>('joining');
  error = $state<ApiError | null>(null);
  paused = $state(false);
  /** Since the start. */
  seen = $state(0);
  /** Left out by the server, because this page was too slow. */
  skipped = $state(0);
  /** Came while it was paused, and will be shown. */
  waiting = $state(0);
  /** Made room, shown or not. */
  dropped = $state(0);
  rate = $state(0);

  readonly #stop = new AbortController();
  readonly #events = new EventParser();
  #pending: LogRecord[] = [];
  #timer = 0;
  #lastSeen = 0;
  #lastTime = performance.now();

  constructor(
    readonly query: string,
    readonly since: string,
  ) {}

  start(): void {
    this.#timer = window.setInterval(() => this.#show(), SHOWN_EVERY_MS);
    void this.#follow();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  clear(): void {
    this.records = [];
  }

  async #follow(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!this.#stop.signal.aborted) {
      try {
        const cursor = this.#events.id;
        const answer = await ask('/api/v1/tail', { query: this.query || '*', since: cursor ? undefined : this.since }, this.#stop.signal, cursor ? { 'Last-Event-ID': cursor } : {});
        this.state = 'live';
        this.error = null;
        wait = FIRST_WAIT_MS;
        for await (const events of readEvents(answer, this.#events.joined())) for (const event of events) this.#take(event.event, event.data);
      } catch (e) {
        if (isAbort(e) || this.#stop.signal.aborted) return;
        this.error = e instanceof ApiError ? e : new ApiError('the connection broke off', 0);
        // What is wrong with the query stays wrong.
        if (this.error.status >= 400 && this.error.status < 500 && this.error.status !== 429) {
          this.state = 'away';
          return;
        }
      }
      this.state = 'away';
      await new Promise((done) => setTimeout(done, wait));
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    }
  }

  #take(event: string, data: string): void {
    if (event === 'record') {
      this.#pending.push(JSON.parse(data) as LogRecord);
      if (this.#pending.length > KEPT) {
        this.#pending.shift();
        this.dropped++;
      }
      this.seen++;
    } else if (event === 'skipped') this.skipped += (JSON.parse(data) as { skipped: number }).skipped;
  }

  #show(): void {
    const now = performance.now();
    if (now - this.#lastTime >= 1000) {
      this.rate = ((this.seen - this.#lastSeen) * 1000) / (now - this.#lastTime);
      [this.#lastSeen, this.#lastTime] = [this.seen, now];
    }
    this.waiting = this.paused ? this.#pending.length : 0;
    if (this.paused || this.#pending.length === 0) return;
    const all = [...this.records, ...this.#pending];
    this.#pending = [];
    if (all.length > KEPT) this.dropped += all.length - KEPT;
    this.records = all.slice(-KEPT);
  }
}

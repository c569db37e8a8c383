import { ApiError, isAbort } from '../api/connection';
import { readRecords, type LogRecord } from '../api/lines';
import { everything, facets, hits, newest, type Facet, type Span } from '../api/logsql';
import { filterOf, hasPipes, narrowed } from '../query/compose';
import { RowPages, PAGE } from '../rows/pages';
import { bucketsOf, stretches, totalOf, type Bucket } from '../rows/plan';
import { timeFilter } from '../time/filter';
import { resolved, type TimeRange } from '../time/range';
import { stepFor, stepText } from '../time/steps';

const DAY = 86_400_000;
const BUCKETS = 120;
const FACET_VALUES = 8;
/** Rows of a computed result that are kept. */
const MOST_COMPUTED = 100_000;
const BOUNDS_KEPT_MS = 30_000;

let bounds: { at: number; span: Span } | null = null;

/** A search under way and what it has found: rows, histogram and facets come each in their own time. */
export class Searching {
  error = $state<ApiError | null>(null);
  /** Rows that can be scrolled to. */
  total = $state(0);
  /** The number is what is known so far. */
  counting = $state(true);
  loading = $state(true);
  cut = $state(false);
  buckets = $state.raw<Bucket[]>([]);
  step = $state(0);
  span = $state.raw<Span>(null);
  facets = $state.raw<Facet[] | null>(null);
  /** Rises whenever rows have come. */
  version = $state(0);
  milliseconds = $state<number | null>(null);
  computed: boolean;
  columns = $state.raw<string[]>([]);

  readonly #stop = new AbortController();
  readonly #pages: RowPages;
  #first: LogRecord[] = [];

  constructor(
    readonly query: string,
    readonly range: TimeRange,
    now: number,
  ) {
    this.computed = hasPipes(query);
    this.span = resolved(range, now);
    this.#pages = new RowPages(
      (span, limit, offset, signal) => newest(narrowed(this.query, timeFilter(span!)), this.span, limit, offset, signal),
      () => this.version++,
      (e) => this.#fail(e),
    );
  }

  /** The query as it is asked: everything, where nothing was typed. */
  get asked(): string {
    return this.query.trim() === '' ? '*' : this.query;
  }

  start(): void {
    const began = performance.now();
    const rows = this.computed ? this.#compute(began) : this.#findFirst(began);
    void rows.then((fine) => {
      if (fine && !this.computed) {
        void this.#findFacets();
        void this.#findHits();
      }
    });
  }

  stop(): void {
    this.#stop.abort();
    this.#pages.close();
  }

  row(index: number): LogRecord | undefined {
    return this.#first[index] ?? (this.computed ? undefined : this.#pages.at(index));
  }

  need(first: number, end: number): void {
    if (!this.computed) this.#pages.need(Math.max(first, this.#first.length), end);
  }

  async #findFirst(began: number): Promise<boolean> {
    try {
      this.#first = await newest(this.asked, this.span, PAGE, 0, this.#stop.signal);
      this.total = Math.max(this.total, this.#first.length);
      if (this.#first.length < PAGE) this.counting = false;
      this.loading = false;
      this.version++;
      this.milliseconds = performance.now() - began;
      return true;
    } catch (e) {
      this.#fail(e);
      return false;
    }
  }

  async #compute(began: number): Promise<boolean> {
    try {
      const answer = await everything(this.asked, this.span, this.#stop.signal);
      for await (const records of readRecords(answer)) {
        this.#first.push(...records.slice(0, MOST_COMPUTED - this.#first.length));
        const known = new Set(this.columns);
        for (const record of records.slice(0, 100)) for (const name of Object.keys(record)) known.add(name);
        if (known.size > this.columns.length) this.columns = [...known];
        this.total = this.#first.length;
        this.version++;
        this.milliseconds ??= performance.now() - began;
        if (this.total >= MOST_COMPUTED) {
          this.cut = true;
          break;
        }
      }
      this.milliseconds ??= performance.now() - began;
      this.counting = false;
      this.loading = false;
      return true;
    } catch (e) {
      this.#fail(e);
      return false;
    }
  }

  async #findHits(): Promise<void> {
    try {
      let span = await this.#looked();
      for (let finer = 0; span && finer < 3; finer++) {
        const step = stepFor(span.to - span.from, BUCKETS);
        const buckets = bucketsOf(await hits(this.asked, span, stepText(step), this.#stop.signal));
        const used = buckets.length === 0 ? null : { from: buckets[0]!.time, to: Math.min(span.to, buckets.at(-1)!.time + step) };
        // All time: cut to what there is, and look closer where that is little.
        if (this.range.kind === 'all' && used && stepFor(used.to - used.from, BUCKETS) < step) {
          span = used;
          continue;
        }
        this.#plan(buckets, step, this.range.kind === 'all' && used ? used : span);
        break;
      }
      this.counting = false;
    } catch (e) {
      this.#fail(e);
    }
  }

  #plan(buckets: Bucket[], step: number, span: { from: number; to: number }): void {
    const plan = stretches(buckets, step, PAGE);
    this.#pages.plan = plan;
    this.step = step;
    this.buckets = buckets;
    this.span = span;
    this.total = Math.max(this.#first.length, totalOf(plan));
    this.version++;
  }

  /** The range, or all up to the newest record that was found: what comes later must not move the rows. */
  async #looked(): Promise<Span> {
    if (this.span) return this.span;
    const newestTime = Date.parse(this.#first[0]?.['_time'] ?? '');
    if (Number.isNaN(newestTime)) return null;
    const to = newestTime + 1;
    if (this.#first.length < PAGE) return { from: Math.min(to - 1, Date.parse(this.#first.at(-1)!['_time']!)), to };
    const known = await this.#bounds();
    return known && known.from < to ? { from: known.from, to } : null;
  }

  /** From the first day to the last of which there is anything. */
  async #bounds(): Promise<Span> {
    if (bounds && Date.now() - bounds.at < BOUNDS_KEPT_MS) return bounds.span;
    const days = bucketsOf(await hits('*', null, stepText(DAY), this.#stop.signal));
    const span = days.length === 0 ? null : { from: days[0]!.time, to: days.at(-1)!.time + DAY };
    bounds = { at: Date.now(), span };
    return span;
  }

  async #findFacets(): Promise<void> {
    try {
      this.facets = await facets(filterOf(this.asked), this.span, FACET_VALUES, this.#stop.signal);
    } catch (e) {
      this.facets = [];
      if (!(e instanceof ApiError && e.status === 503)) this.#fail(e);
    }
  }

  #fail(e: unknown): void {
    if (this.#stop.signal.aborted || isAbort(e)) return;
    this.loading = false;
    this.counting = false;
    this.error = e instanceof ApiError ? e : new ApiError(String(e), 0);
  }
}

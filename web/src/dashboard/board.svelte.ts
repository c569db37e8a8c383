import { ApiError, askJson, isAbort } from '../api/connection';
import { hits, statsRange, stats, type Sample, type Series, type Span } from '../api/logsql';
import type { Line } from '../charts/line';
import { narrowed } from '../query/compose';
import { bucketsOf, type Bucket } from '../rows/plan';
import { timeFilter } from '../time/filter';
import { resolved, type TimeRange } from '../time/range';
import { stepFor, stepText } from '../time/steps';

const BUCKETS = 90;
const DAY = 86_400_000;
const GROUPS = 12;

export interface Share {
  name: string;
  hits: number;
}

export interface StoreState {
  records: number;
  bytes: number;
}

/** The dashboard of a range of time: each part is asked for by itself and comes when it comes. */
export class Board {
  span = $state.raw<{ from: number; to: number } | null>(null);
  step = $state(0);
  traffic = $state.raw<Line[] | null>(null);
  statuses = $state.raw<Line[] | null>(null);
  latency = $state.raw<Line[] | null>(null);
  sections = $state.raw<Share[] | null>(null);
  hosts = $state.raw<Share[] | null>(null);
  errors = $state.raw<Share[] | null>(null);
  total = $state<number | null>(null);
  failed = $state<number | null>(null);
  clients = $state<number | null>(null);
  store = $state.raw<StoreState | null>(null);
  error = $state<ApiError | null>(null);
  /** The field that times requests; null where none does. */
  timed = $state<string | null>(null);

  readonly #stop = new AbortController();

  constructor(
    readonly query: string,
    readonly range: TimeRange,
  ) {}

  stop(): void {
    this.#stop.abort();
  }

  async start(now: number): Promise<void> {
    const signal = this.#stop.signal;
    void this.#try(async () => {
      const status = await askJson<{ store: StoreState }>('/status', {}, signal);
      this.store = status.store;
    });
    await this.#try(async () => {
      const span = resolved(this.range, now) ?? (await this.#bounds());
      if (!span) {
        this.total = 0;
        return;
      }
      this.step = stepFor(span.to - span.from, BUCKETS);
      this.span = span;
      const query = this.query.trim() || '*';
      await Promise.all([this.#traffic(query, span), this.#tops(query, span), this.#statuses(query, span), this.#latency(query, span)]);
    });
  }

  async #traffic(query: string, span: Span): Promise<void> {
    const found = bucketsOf(await hits(query, span, stepText(this.step), this.#stop.signal));
    this.total = found.reduce((sum, bucket) => sum + bucket.count, 0);
    this.traffic = [{ name: 'records', points: found.map(({ time, count }: Bucket) => ({ time, value: count })) }];
  }

  async #statuses(query: string, span: { from: number; to: number }): Promise<void> {
    await this.#try(async () => {
      const asked = `${narrowed(query, 'status:*')} | stats count() if (status:range[200, 300)) as 2xx, count() if (status:range[300, 400)) as 3xx, count() if (status:range[400, 500)) as 4xx, count() if (status:range[500, 600)) as 5xx`;
      this.statuses = lines(await statsRange(asked, span, stepText(this.step), this.#stop.signal));
      this.failed = this.statuses.filter((line) => line.name === '5xx').flatMap((line) => line.points).reduce((sum, point) => sum + point.value, 0);
    });
  }

  async #latency(query: string, span: { from: number; to: number }): Promise<void> {
    await this.#try(async () => {
      for (const field of ['duration', 'latency', 'request_time']) {
        const asked = `${narrowed(query, `${field}:*`)} | stats quantile(0.5, ${field}) as median, quantile(0.9, ${field}) as p90, quantile(0.99, ${field}) as p99`;
        const found = lines(await statsRange(asked, span, stepText(this.step), this.#stop.signal));
        if (found.some((line) => line.points.length > 0)) {
          this.timed = field;
          this.latency = found;
          return;
        }
      }
      this.latency = [];
    });
  }

  async #tops(query: string, span: { from: number; to: number }): Promise<void> {
    const within = narrowed(query, timeFilter(span));
    const top = async (filter: string, field: string) => shares(await stats(`${filter} | stats by (${field}) count() as hits | sort by (hits desc) | limit ${GROUPS}`, this.#stop.signal), field);
    await Promise.all([
      this.#try(async () => {
        this.sections = await top(within, 'section');
      }),
      this.#try(async () => {
        this.errors = await top(narrowed(within, '(level:in(error, fatal) or status:>=500)'), 'file_path');
      }),
      this.#try(async () => {
        this.hosts = await top(within, 'file_path');
      }),
      this.#try(async () => {
        const found = await stats(`${within} | stats count_uniq(host) as clients`, this.#stop.signal);
        this.clients = Number(found[0]?.value[1] ?? 0);
      }),
    ]);
  }

  async #bounds(): Promise<{ from: number; to: number } | null> {
    let found: Span = null;
    for (let step = DAY; ; step = stepFor(found.to - found.from, BUCKETS)) {
      const used = bucketsOf(await hits(this.query.trim() || '*', found, stepText(step), this.#stop.signal));
      if (used.length === 0) return found;
      const next: { from: number; to: number } = { from: used[0]!.time, to: used.at(-1)!.time + step };
      if (found && next.to - next.from >= found.to - found.from) return next;
      found = next;
    }
  }

  async #try(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (e) {
      if (isAbort(e) || this.#stop.signal.aborted) return;
      this.error = e instanceof ApiError ? e : new ApiError(String(e), 0);
    }
  }
}

export function lines(series: Series[]): Line[] {
  return series.map(({ metric, values }) => ({
    name: metric['__name__'] ?? '',
    points: values.map(([time, value]) => ({ time: time * 1000, value: Number(value) })).filter((point) => Number.isFinite(point.value)),
  }));
}

export function shares(samples: Sample[], field: string): Share[] {
  return samples
    .map(({ metric, value }) => ({ name: metric[field] ?? '', hits: Number(value[1]) }))
    .filter((share) => share.name !== '')
    .sort((a, b) => b.hits - a.hits);
}

import { askJson, submit } from './connection';

export interface AlertSegment {
  segment: string;
  state: string;
  since: string;
  value: string | null;
}

export interface AlertEntry {
  alert: string;
  metric: string | null;
  /** `firing`, `pending`, `ok`, or `-` before it was evaluated. */
  state: string;
  rule: string;
  severity: string;
  trouble?: string;
  evaluated?: string;
  silent_until?: string;
  segments: AlertSegment[];
}

export interface Alert extends AlertEntry {
  statistic: string;
  window: number | null;
  above: number | null;
  below: number | null;
  recover_below: number | null;
  recover_above: number | null;
  for: number;
  no_data: number | null;
  against_yesterday: boolean;
  per_segment: boolean;
  labels: Record<string, string>;
  title: string;
  value_name: string | null;
  samples: number;
  notify: string[];
  configured: boolean;
  created: string;
}

/** What an alert did. */
export interface Signal {
  time: string;
  segment: string;
  /** `firing`, `recovered`, `pending`, `calmed`, `told`. */
  kind: string;
  value: string | null;
  cause: string;
  episode: number;
  message: string;
  settled: boolean;
}

/** What an alert would have done, and the curve that it looks at. Times of points are seconds since 1970. */
export interface AlertPreview {
  history: Signal[];
  from: number;
  to: number;
  step: number;
  segments: { segment: string; points: [number, number][] }[];
  other_segments: number;
}

export interface Metric {
  metric: string;
  statistic: string;
  property: string | null;
  filter: string;
  period: number;
  refresh: number;
  segments: string[];
  top: number;
  lateness: number;
  configured: boolean;
  created: string;
  complete: boolean;
}

export interface Observations {
  observations: { time: string; segment: string; value: number | null }[];
  /** Seconds. */
  step: number;
  other_segments: number;
  final_until?: string;
}

export interface Silence {
  alert: string;
  why: string;
  by?: string;
  until: string;
}

export interface Source {
  source: string;
  state: string;
  trouble?: string;
  since?: string;
  lag: number;
  lines: number;
  records: number;
  process: number;
}

export interface Agent {
  id: string;
  host: string;
  last_seen: string;
  batches: number;
  records: number;
  bytes: number;
}

export interface Sources {
  sources: Source[];
  all: number;
  hindered: number;
  lag: number;
  agents: Agent[];
}

export interface Stream {
  stream: string;
  fields: Record<string, string>;
  records: number;
  rate: number;
  last?: string;
  lag?: number;
  trouble?: string;
}

export interface Group extends Omit<Stream, 'stream' | 'fields'> {
  group: string;
  match: string;
  streams: number;
}

export interface Store {
  store: string;
  records: number;
  blocks: number;
  damaged_blocks: number;
  oldest?: string;
  newest?: string;
  days: number;
  segments: number;
  segment_bytes: number;
  catalog_bytes: number;
  raw_bytes: number;
  raw_bytes_estimated: boolean;
  small_blocks: number;
  compacted_at?: string;
  retain_seconds?: number;
  retain_bytes?: number;
  dropped_records: number;
  dropped_bytes: number;
  quarantined_files: number;
  quarantine_bytes: number;
  disk_free_bytes?: number;
  disk_bytes?: number;
  trouble?: string;
  columns?: { name: string; bytes: number; blocks: number }[];
}

export type Body = Record<string, unknown>;

const ROOT = '/api/v1';
const at = (kind: string, id: string, more = '') => `${ROOT}/${kind}/${encodeURIComponent(id)}${more}`;

interface Range {
  start?: string;
  end?: string;
}

export const alerts = {
  list: async (signal?: AbortSignal) => askJson<{ alerts: AlertEntry[]; evaluated?: string }>(`${ROOT}/alerts`, {}, signal),
  get: (id: string, signal?: AbortSignal) => askJson<Alert>(at('alerts', id), {}, signal),
  history: async (id: string, limit: number, signal?: AbortSignal) => (await askJson<{ history: Signal[] }>(at('alerts', id, '/history'), { limit }, signal)).history,
  silences: async (signal?: AbortSignal) => (await askJson<{ silences: Silence[] }>(`${ROOT}/silences`, {}, signal)).silences,
  notifiers: async (signal?: AbortSignal) => (await askJson<{ notifiers: { notifier: string; type: string }[] }>(`${ROOT}/notifiers`, {}, signal)).notifiers,
  create: (body: Body) => submit<Alert>('POST', `${ROOT}/alerts`, body),
  change: (id: string, body: Body) => submit<Alert>('PUT', at('alerts', id), body),
  remove: (id: string) => submit('DELETE', at('alerts', id)),
  silence: (id: string, body: Body) => submit('POST', at('alerts', id, '/silence'), body),
  lift: (id: string) => submit('DELETE', at('alerts', id, '/silence')),
  test: async (id: string) => (await submit<{ notifiers: { notifier: string; told: boolean; problem?: string }[] }>('POST', at('alerts', id, '/test'), {}))!.notifiers,
  preview: async (body: Body, points: number, range: Range, signal?: AbortSignal) =>
    (await submit<AlertPreview>('POST', `${ROOT}/alerts/preview?${new URLSearchParams({ points: String(points), ...range })}`, body, signal))!,
};

export const metrics = {
  list: async (signal?: AbortSignal) => (await askJson<{ metrics: Metric[] }>(`${ROOT}/metrics`, {}, signal)).metrics,
  get: (id: string, signal?: AbortSignal) => askJson<Metric>(at('metrics', id), {}, signal),
  observations: (id: string, points: number, range: Range, signal?: AbortSignal) => askJson<Observations>(at('metrics', id, '/observations'), { points, ...range }, signal),
  create: (body: Body) => submit<Metric>('POST', `${ROOT}/metrics`, body),
  change: (id: string, body: Body) => submit<Metric>('PUT', at('metrics', id), body),
  remove: (id: string) => submit<{ note?: string }>('DELETE', at('metrics', id)),
  preview: async (body: Body, points: number, range: Range, signal?: AbortSignal) =>
    (await submit<Observations>('POST', `${ROOT}/metrics/preview?${new URLSearchParams({ points: String(points), ...range })}`, body, signal))!,
};

export const sources = (signal?: AbortSignal) => askJson<Sources>(`${ROOT}/sources`, {}, signal);
export const streams = async (signal?: AbortSignal) => (await askJson<{ streams: Stream[] }>(`${ROOT}/streams`, {}, signal)).streams;
export const groups = async (signal?: AbortSignal) => (await askJson<{ groups: Group[] }>(`${ROOT}/groups`, {}, signal)).groups;
export const store = (signal?: AbortSignal) => askJson<Store>(`${ROOT}/store`, { columns: 1 }, signal);

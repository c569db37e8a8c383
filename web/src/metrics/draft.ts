import type { Body, Metric, Observations } from '../api/resources';
import type { Line } from '../charts/line';
import { numeric } from '../text/numbers';

/** A metric as somebody writes it: every field is a text, empty where nothing is said. */
export interface MetricDraft {
  id: string;
  filter: string;
  stat: string;
  prop: string;
  period: string;
  segments: string;
  top: string;
  lateness: string;
  refresh: string;
}

export const STATISTICS = ['count', 'sum', 'avg', 'min', 'max', 'median', 'p90', 'p95', 'p99', 'stddev', 'variance', 'distinct'];

export function newDraft(): MetricDraft {
  return { id: '', filter: '', stat: 'count', prop: '', period: '60', segments: '', top: '', lateness: '', refresh: '' };
}

export function draftOf(metric: Metric): MetricDraft {
  return {
    id: metric.metric,
    filter: metric.filter === '*' ? '' : metric.filter,
    stat: metric.statistic,
    prop: metric.property ?? '',
    period: String(metric.period),
    segments: metric.segments.join(', '),
    top: String(metric.top),
    lateness: String(metric.lateness),
    refresh: metric.refresh === metric.period ? '' : String(metric.refresh),
  };
}

/** As the API takes it. */
export function bodyOf(draft: MetricDraft): Body {
  const segments = draft.segments.split(',').map((field) => field.trim()).filter((field) => field !== '');
  const phi = /^quantile\(([\d.]+)\)$/.exec(draft.stat.trim())?.[1];
  return {
    id: draft.id.trim(),
    filter: draft.filter.trim() || '*',
    stat: phi === undefined ? draft.stat.trim() : 'quantile',
    quantile: phi === undefined ? undefined : Number(phi),
    property: draft.prop.trim() || undefined,
    period: numeric(draft.period),
    segments: segments.length > 0 ? segments : undefined,
    top: numeric(draft.top),
    lateness: numeric(draft.lateness),
    refresh: numeric(draft.refresh),
  };
}

/** A preview needs no name yet. */
export function previewBody(draft: MetricDraft): Body {
  const body = bodyOf(draft);
  return { ...body, id: body['id'] === '' ? 'preview' : body['id'] };
}

/** A line per segment, by name: so it keeps its colour. */
export function linesOf(found: Observations, name: string): Line[] {
  const lines = new Map<string, Line>();
  for (const { time, segment, value } of found.observations) {
    let line = lines.get(segment);
    if (!line) lines.set(segment, (line = { name: segment === '' ? name : segment, points: [] }));
    if (value !== null) line.points.push({ time: Date.parse(time), value });
  }
  return [...lines.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Where no record was, it counted or summed 0; of the others nothing is known. */
export function isZeroWithoutRecords(statistic: string): boolean {
  return statistic === 'count' || statistic === 'sum';
}

export function describe(metric: Metric): string {
  const what = metric.property ? `${metric.statistic} of ${metric.property}` : metric.statistic;
  return `${what} of ${metric.filter} per ${metric.period} s${metric.segments.length > 0 ? `, by ${metric.segments.join(', ')}` : ''}`;
}

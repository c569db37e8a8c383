import { ask, askJson } from './connection';
import { allRecords, type LogRecord } from './lines';

/** Between two times in milliseconds; null: all that there is. */
export type Span = { from: number; to: number } | null;

export interface Hits {
  fields: Record<string, string>;
  timestamps: string[];
  values: number[];
  total: number;
}

export interface ValueHits {
  value: string;
  hits: number;
}

export interface Facet {
  field_name: string;
  values: { field_value: string; hits: number }[];
}

export interface Series {
  metric: Record<string, string>;
  values: [number, string][];
}

export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

export function spanParameters(span: Span): { start?: string; end?: string } {
  return span ? { start: new Date(span.from).toISOString(), end: new Date(span.to).toISOString() } : {};
}

/** The newest records, newest first. */
export async function newest(query: string, span: Span, limit: number, offset: number, signal?: AbortSignal): Promise<LogRecord[]> {
  return allRecords(await ask('/select/logsql/query', { query, limit, offset: offset || undefined, ...spanParameters(span) }, signal));
}

/** Everything, as it comes: oldest first, or as the query's pipes have it. */
export function everything(query: string, span: Span, signal?: AbortSignal): Promise<Response> {
  return ask('/select/logsql/query', { query, ...spanParameters(span) }, signal);
}

export async function hits(query: string, span: Span, step: string, signal?: AbortSignal): Promise<Hits[]> {
  return (await askJson<{ hits: Hits[] }>('/select/logsql/hits', { query, step, ...spanParameters(span) }, signal)).hits;
}

export async function facets(query: string, span: Span, limit: number, signal?: AbortSignal): Promise<Facet[]> {
  return (await askJson<{ facets: Facet[] }>('/select/logsql/facets', { query, limit, keep_const_fields: 1, ...spanParameters(span) }, signal)).facets;
}

export async function fieldNames(query: string, span: Span, signal?: AbortSignal): Promise<ValueHits[]> {
  return (await askJson<{ values: ValueHits[] }>('/select/logsql/field_names', { query, ...spanParameters(span) }, signal)).values;
}

export async function fieldValues(query: string, field: string, filter: string, limit: number, span: Span, signal?: AbortSignal): Promise<ValueHits[]> {
  const parameters = { query, field, limit, filter: filter || undefined, ...spanParameters(span) };
  return (await askJson<{ values: ValueHits[] }>('/select/logsql/field_values', parameters, signal)).values;
}

export async function statsRange(query: string, span: { from: number; to: number }, step: string, signal?: AbortSignal): Promise<Series[]> {
  return (await askJson<{ data: { result: Series[] } }>('/select/logsql/stats_query_range', { query, step, ...spanParameters(span) }, signal)).data.result;
}

/** Statistics of a span: the range is part of the query, as `time` says only where it ends. */
export async function stats(query: string, signal?: AbortSignal): Promise<Sample[]> {
  return (await askJson<{ data: { result: Sample[] } }>('/select/logsql/stats_query', { query }, signal)).data.result;
}

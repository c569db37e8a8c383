import { resolved, type TimeRange } from './range';

/** As the API takes it; nothing for all time. */
export function rangeParameters(range: TimeRange, now: number): { start?: string; end?: string } {
  const span = resolved(range, now);
  return span ? { start: new Date(span.from).toISOString(), end: new Date(span.to).toISOString() } : {};
}

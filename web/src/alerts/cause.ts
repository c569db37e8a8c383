import type { Alert, Metric, Signal } from '../api/resources';
import { narrowed } from '../query/compose';
import { fieldName, quoted } from '../query/quoting';
import type { TimeRange } from '../time/range';

/** The records that made an alert fire: those of its metric within the window before. */
export function causeOf(alert: Alert, metric: Metric, signal: Signal): { query: string; range: TimeRange } {
  const time = Date.parse(signal.time);
  const length = signal.cause === 'no-data' && alert.no_data !== null ? alert.no_data : (alert.window ?? metric.period);
  // Of several fields nobody can tell whose comma it is.
  const isOne = signal.segment !== '' && signal.segment !== 'other' && metric.segments.length === 1;
  const query = isOne ? narrowed(metric.filter, `${fieldName(metric.segments[0]!)}:=${quoted(signal.segment)}`) : metric.filter;
  return { query: query === '*' ? '' : query, range: { kind: 'between', from: time - length * 1000, to: time } };
}

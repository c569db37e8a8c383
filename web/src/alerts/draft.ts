import type { Alert, Body } from '../api/resources';
import { numeric } from '../text/numbers';

/** An alert as somebody writes it: every field is a text, empty where nothing is said. */
export interface AlertDraft {
  id: string;
  metric: string;
  statistic: string;
  window: string;
  condition: 'above' | 'below' | 'none';
  threshold: string;
  recover: string;
  for: string;
  no_data: string;
  yesterday: boolean;
  per_segment: boolean;
  severity: string;
  title: string;
  value_name: string;
  labels: string;
  samples: string;
  notify: string[];
}

export const STATISTICS = ['avg', 'min', 'max', 'sum', 'last'];
export const SEVERITIES = ['info', 'warning', 'critical'];

export function newDraft(metric: string): AlertDraft {
  return {
    id: '', metric, statistic: 'sum', window: '', condition: 'above', threshold: '', recover: '', for: '', no_data: '', yesterday: false, per_segment: false, severity: 'warning', title: '', value_name: '', labels: '',
    samples: '3', notify: [],
  };
}

/** What is usual is left empty, so that it follows what it is taken from. */
export function draftOf(alert: Alert): AlertDraft {
  const text = (value: number | null) => (value === null ? '' : String(value));
  const isBelow = alert.below !== null;
  const threshold = isBelow ? alert.below : alert.above;
  const recover = isBelow ? alert.recover_above : alert.recover_below;
  return {
    id: alert.alert,
    metric: alert.metric ?? '',
    statistic: alert.statistic,
    window: text(alert.window),
    condition: isBelow ? 'below' : alert.above === null ? 'none' : 'above',
    threshold: text(threshold),
    recover: recover === threshold ? '' : text(recover),
    for: alert.for === 0 ? '' : text(alert.for),
    no_data: text(alert.no_data),
    yesterday: alert.against_yesterday,
    per_segment: alert.per_segment,
    severity: alert.severity,
    title: alert.title === alert.alert ? '' : alert.title,
    value_name: alert.value_name === alert.metric ? '' : (alert.value_name ?? ''),
    labels: Object.entries(alert.labels).map(([name, value]) => `${name}=${value}`).join(', '),
    samples: String(alert.samples),
    notify: alert.notify,
  };
}

/** As the API takes it. */
export function bodyOf(draft: AlertDraft): Body {
  const bound = draft.condition === 'none' ? undefined : numeric(draft.threshold);
  const recover = draft.condition === 'none' ? undefined : numeric(draft.recover);
  return {
    id: draft.id.trim(),
    metric: draft.metric,
    statistic: draft.statistic,
    window: numeric(draft.window),
    above: draft.condition === 'above' ? bound : undefined,
    below: draft.condition === 'below' ? bound : undefined,
    recover_below: draft.condition === 'above' ? recover : undefined,
    recover_above: draft.condition === 'below' ? recover : undefined,
    for: numeric(draft.for),
    no_data: numeric(draft.no_data),
    compare: draft.yesterday ? 'yesterday' : undefined,
    per_segment: draft.per_segment || undefined,
    severity: draft.severity,
    labels: labelsOf(draft.labels),
    title: draft.title.trim() || undefined,
    value_name: draft.value_name.trim() || undefined,
    samples: numeric(draft.samples),
    notify: draft.notify.length > 0 ? draft.notify : undefined,
  };
}

/** `team=web, tier=1` as an object. */
function labelsOf(text: string): Record<string, string> | undefined {
  const pairs = text.split(',').map((pair) => pair.trim()).filter((pair) => pair !== '');
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(pairs.map((pair) => (pair.includes('=') ? [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()] : [pair, ''])));
}

/** A preview needs no name yet. */
export function previewBody(draft: AlertDraft): Body {
  const body = bodyOf(draft);
  return { ...body, id: body['id'] === '' ? 'preview' : body['id'], notify: undefined };
}

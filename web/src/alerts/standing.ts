import type { AlertEntry, AlertPreview, Signal } from '../api/resources';
import type { Standing } from '../parts/StateMark.svelte';
import type { Line } from '../charts/line';

const WORDS: Record<string, [Standing, string]> = { firing: ['firing', 'Firing'], pending: ['pending', 'Pending'], ok: ['ok', 'OK'], '-': ['unknown', 'Not evaluated yet'] };

export function standingOf(alert: AlertEntry): { standing: Standing; word: string } {
  if (alert.trouble) return { standing: 'unknown', word: 'Cannot be evaluated' };
  const [standing, word] = WORDS[alert.state] ?? ['unknown', alert.state];
  return { standing, word };
}

const KINDS: Record<string, [Standing, string]> = {
  firing: ['firing', 'Fired'],
  recovered: ['ok', 'Recovered'],
  pending: ['pending', 'Pending'],
  calmed: ['ok', 'Calmed down'],
  told: ['firing', 'Told later'],
};

export function markOf(kind: string): { standing: Standing; word: string } {
  const [standing, word] = KINDS[kind] ?? ['unknown', kind];
  return { standing, word };
}

/** Worst first, then by name. */
export function byUrgency(alerts: AlertEntry[]): AlertEntry[] {
  const order = ['firing', 'pending', '-', 'ok'];
  return [...alerts].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.alert.localeCompare(b.alert));
}

/** From a firing to its recovery, or to the end of what was looked at. */
export function firings(history: Signal[], end: number): { from: number; to: number }[] {
  const open = new Map<string, number>();
  const found: { from: number; to: number }[] = [];
  for (const signal of history) {
    const time = Date.parse(signal.time);
    if (signal.kind === 'firing') open.set(signal.segment, time);
    else if (signal.kind === 'recovered') {
      const from = open.get(signal.segment);
      if (from !== undefined) found.push({ from, to: time });
      open.delete(signal.segment);
    }
  }
  for (const from of open.values()) found.push({ from, to: Math.max(from, end) });
  return found;
}

/** A line per segment, by name: so it keeps its colour. */
export function curves(preview: AlertPreview, name: string): Line[] {
  const lines = preview.segments.map(({ segment, points }) => ({ name: segment === '' ? name : segment, points: points.map(([second, value]) => ({ time: second * 1000, value })) }));
  return lines.sort((a, b) => a.name.localeCompare(b.name));
}

/** Which records are looked at. Times are milliseconds since 1970; `to` is not part of it. */
export type TimeRange = { kind: 'all' } | { kind: 'last'; text: string; ms: number } | { kind: 'between'; from: number; to: number };

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

export const PRESETS = ['5m', '15m', '1h', '6h', '24h', '7d', '30d'];

export const ALL: TimeRange = { kind: 'all' };

/** `15m` or `2d12h` in milliseconds; null where it is none. */
export function duration(text: string): number | null {
  let ms = 0;
  const rest = text.trim().replace(/(\d+(?:\.\d+)?)(ms|[smhdw])/g, (_, n: string, unit: string) => {
    ms += Number(n) * (unit === 'ms' ? 1 : UNITS[unit]!);
    return '';
  });
  return rest === '' && ms > 0 ? ms : null;
}

/** As it stands in an address: `all`, `15m`, or two times with `..` between them. */
export function rangeText(range: TimeRange): string {
  if (range.kind === 'all') return 'all';
  if (range.kind === 'last') return range.text;
  return `${new Date(range.from).toISOString()}..${new Date(range.to).toISOString()}`;
}

/** Reads what `rangeText` writes; anything else is null. */
export function parseRange(text: string): TimeRange | null {
  if (text === 'all') return ALL;
  const between = /^(.+)\.\.(.+)$/.exec(text);
  if (between) {
    const [from, to] = [Date.parse(between[1]!), Date.parse(between[2]!)];
    return from < to ? { kind: 'between', from, to } : null;
  }
  const ms = duration(text);
  return ms === null ? null : { kind: 'last', text: text.trim(), ms };
}

/** The range as times; `all` has none. */
export function resolved(range: TimeRange, now: number): { from: number; to: number } | null {
  if (range.kind === 'all') return null;
  return range.kind === 'last' ? { from: now - range.ms, to: now } : { from: range.from, to: range.to };
}

/** What a person reads: `last 15 min` or the two times. */
export function rangeLabel(range: TimeRange, time: (ms: number) => string): string {
  if (range.kind === 'all') return 'All time';
  if (range.kind === 'last') return `Last ${range.text.replace(/(\d)([a-z])/g, '$1 $2').replace(/ m\b/g, ' min')}`;
  return `${time(range.from)} – ${time(range.to)}`;
}

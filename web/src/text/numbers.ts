const WHOLE = new Intl.NumberFormat('en-US');

/** 1234567 as 1,234,567. */
export function count(n: number): string {
  return WHOLE.format(n);
}

/** 1234567 as 1.23 M, for places with little room. */
export function short(n: number): string {
  if (!Number.isFinite(n)) return '–';
  const size = Math.abs(n);
  for (const [limit, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const) {
    if (size >= limit) return `${digits(n / limit)} ${unit}`;
  }
  return size === 0 || size >= 1 ? digits(n) : n.toPrecision(2);
}

/** 31800000 as 31.8 MB. */
export function bytes(n: number): string {
  for (const [limit, unit] of [[1e12, 'TB'], [1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']] as const) {
    if (n >= limit) return `${digits(n / limit)} ${unit}`;
  }
  return `${n} B`;
}

/** Seconds as 12 s, 3 min, 5 h, 2 d. */
export function span(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${digits(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${digits(seconds / 3600)} h`;
  return `${digits(seconds / 86400)} d`;
}

/** A number where it is one: what is none is told by the server, in its words. */
export function numeric(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function digits(n: number): string {
  const size = Math.abs(n);
  return Number(n.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)).toString();
}

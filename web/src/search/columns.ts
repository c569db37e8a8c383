import type { LogRecord } from '../api/lines';

/** The columns of a list where none were chosen: the message says the most. */
export const USUAL = ['_time', '_msg'];

/** The columns with one more before the last, or without it; empty where that makes the usual ones. */
export function toggled(columns: string[], field: string): string[] {
  const next = columns.includes(field) ? columns.filter((one) => one !== field) : [...columns.slice(0, -1), field, ...columns.slice(-1)];
  return next.join() === USUAL.join() ? [] : next;
}

/** Widths in characters; the last column takes what is left. */
export function template(columns: string[], rows: (LogRecord | undefined)[], time: number): string {
  return columns
    .map((column, i) => {
      if (i === columns.length - 1) return 'minmax(120px, 1fr)';
      if (column === '_time') return `${time + 2}ch`;
      let widest = column.length;
      for (const row of rows) widest = Math.max(widest, row?.[column]?.length ?? 0);
      return `${Math.min(44, widest) + 2}ch`;
    })
    .join(' ');
}

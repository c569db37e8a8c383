import { tokens, unquoted } from './tokens';

/** What may be completed where the cursor stands; `start` to `end` is what a choice replaces. */
export type Completion =
  | { kind: 'field'; prefix: string; start: number; end: number }
  | { kind: 'value'; field: string; prefix: string; start: number; end: number }
  | { kind: 'pipe'; prefix: string; start: number; end: number };

export const PIPES: Record<string, string> = {
  stats: 'stats by (…) count() — statistics per group',
  top: 'top 10 by (…) — most frequent values',
  sort: 'sort by (… desc) — order of rows',
  fields: 'fields a, b — only these fields',
  delete: 'delete a, b — without these fields',
  limit: 'limit 100 — the first rows',
  uniq: 'uniq by (…) — distinct values',
  filter: 'filter … — rows that match',
  rename: 'rename a as b — another name',
  copy: 'copy a as b — a second name',
  field_names: 'field_names — the names of the fields',
  field_values: 'field_values a — the values of a field',
  first: 'first 10 by (…)',
  last: 'last 10 by (…)',
  unpack_json: 'unpack_json from a — fields of a JSON object',
  unpack_logfmt: 'unpack_logfmt from a — fields of key=value pairs',
  offset: 'offset 100 — all but the first rows',
};

/** What the query could go on with at the cursor; null within comments and numbers, and where nothing is known. */
export function completionAt(query: string, cursor: number): Completion | null {
  const before = tokens(query.slice(0, cursor));
  const last = before.at(-1);
  if (last?.kind === 'comment') return null;
  const touches = last !== undefined && last.end === cursor && (last.kind === 'word' || last.kind === 'string');
  if (touches && last.kind === 'string' && !last.open) return null;
  const whole = tokens(query).find((token) => token.start === last?.start);
  const start = touches ? last.start : cursor;
  const end = touches ? Math.max(cursor, whole?.end ?? cursor) : cursor;
  const prefix = touches ? unquoted(last.text) : '';
  const rest = touches ? before.slice(0, -1) : before;

  const marks: string[] = [];
  let at = rest.length - 1;
  let edge = start;
  while (at >= 0 && rest[at]!.kind === 'mark' && ':=!<>~'.includes(rest[at]!.text) && rest[at]!.end === edge) {
    marks.unshift(rest[at]!.text);
    edge = rest[at]!.start;
    at--;
  }
  const name = rest[at];
  if (marks.some((mark) => mark !== '!') && name && name.end === edge && (name.kind === 'word' || name.kind === 'string')) {
    return /^:?!?=?$/.test(marks.join('')) ? { kind: 'value', field: unquoted(name.text), prefix, start, end } : null;
  }
  const previous = rest.at(-1);
  if (previous?.kind === 'mark' && previous.text === '|') return { kind: 'pipe', prefix, start, end };
  if (last?.kind === 'string' && touches) return null;
  return { kind: 'field', prefix, start, end };
}

import { fieldName, valueText } from './quoting';
import { parts, tokens } from './tokens';

/** The filter of records whose field has exactly the value; of an empty value, those that lack the field. */
export function equals(field: string, value: string): string {
  if (field === '_stream' && value.startsWith('{')) return value;
  return value === '' ? `${fieldName(field)}:""` : `${fieldName(field)}:=${valueText(value)}`;
}

/** The query, of the records that have the value only. */
export function filterIn(query: string, field: string, value: string): string {
  return narrowed(query, equals(field, value), `!${equals(field, value)}`);
}

/** The query, without the records that have the value. */
export function filterOut(query: string, field: string, value: string): string {
  return narrowed(query, `!${equals(field, value)}`, equals(field, value));
}

/** The query with a clause more, before its pipes; the clause's opposite goes. */
export function narrowed(query: string, clause: string, opposite?: string): string {
  const { filter, pipes } = parts(query);
  let kept = filter;
  if (opposite) kept = withoutClause(kept, opposite);
  if (!clauses(kept).includes(clause)) {
    kept = kept === '' || kept === '*' ? clause : `${hasOr(kept) ? `(${kept})` : kept} ${clause}`;
  }
  return [kept, ...pipes].join(' | ');
}

/** The filter alone, `*` where there is none: what histogram and facets are asked with. */
export function filterOf(query: string): string {
  return parts(query).filter || '*';
}

/** Whether the query computes rows, instead of finding records. */
export function hasPipes(query: string): boolean {
  return parts(query).pipes.length > 0;
}

function withoutClause(filter: string, clause: string): string {
  if (hasOr(filter)) return filter;
  const kept = clauses(filter).filter((one) => one !== clause);
  return kept.length === clauses(filter).length ? filter : kept.join(' ') || '*';
}

/** Alternatives at the top level: what is added must hold for all of them. */
function hasOr(filter: string): boolean {
  let depth = 0;
  for (const token of tokens(filter)) {
    if (token.kind === 'mark') depth += '([{'.includes(token.text) ? 1 : ')]}'.includes(token.text) ? -1 : 0;
    if (depth === 0 && token.kind === 'word' && token.text.toLowerCase() === 'or') return true;
  }
  return false;
}

/** What stands between white space at the top level. */
function clauses(filter: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = -1;
  let end = -1;
  for (const token of tokens(filter)) {
    if (depth === 0 && start >= 0 && token.start > end) {
      found.push(filter.slice(start, end));
      start = -1;
    }
    if (start < 0) start = token.start;
    if (token.kind === 'mark') depth += '([{'.includes(token.text) ? 1 : ')]}'.includes(token.text) ? -1 : 0;
    end = token.end;
  }
  if (start >= 0) found.push(filter.slice(start, end));
  return found;
}

/** Words and phrases of the message that the query asks for, to be marked in what was found. */
export function soughtWords(query: string): string[] {
  const found: string[] = [];
  const all = tokens(filterOf(query));
  let depth = 0;
  all.forEach((token, i) => {
    const before = all[i - 1];
    const after = all[i + 1];
    if (token.kind === 'mark') depth += '[{'.includes(token.text) ? 1 : ']}'.includes(token.text) ? -1 : 0;
    if (depth !== 0 || (token.kind !== 'word' && token.kind !== 'string')) return;
    if (after && after.start === token.end && /[:=<>!~(]/.test(after.text)) return;
    if (before && before.end === token.start && /[:=<>!~-]/.test(before.text)) return;
    if (token.kind === 'word' && /^(and|or|not)$/i.test(token.text)) return;
    if (before?.text.toLowerCase() === 'not') return;
    const text = token.kind === 'word' ? token.text : token.text.slice(1, -1);
    if (text.length > 1 && !text.startsWith('-')) found.push(text);
  });
  return found;
}

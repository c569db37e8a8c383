import { tokens } from './tokens';

export interface Painted {
  text: string;
  kind: 'plain' | 'field' | 'string' | 'pipe' | 'word' | 'comment';
  /** A mistake is here. */
  place: boolean;
}

/** The query in coloured pieces, together exactly its text; `position` marks the piece that is wrong, or a place at the end. */
export function painted(query: string, position: number | null): Painted[] {
  const found: Painted[] = [];
  const all = tokens(query);
  let at = 0;
  const add = (start: number, end: number, kind: Painted['kind']) => {
    if (start > at) found.push({ text: query.slice(at, start), kind: 'plain', place: false });
    found.push({ text: query.slice(start, end), kind, place: position !== null && position >= start && position < end });
    at = end;
  };
  all.forEach((token, i) => {
    const next = all[i + 1];
    const touched = next !== undefined && next.start === token.end;
    if (token.kind === 'string') add(token.start, token.end, touched && next.text === ':' ? 'field' : 'string');
    else if (token.kind === 'comment') add(token.start, token.end, 'comment');
    else if (token.kind === 'mark') add(token.start, token.end, token.text === '|' ? 'pipe' : 'plain');
    else if (touched && /[:=<>]/.test(next.text)) add(token.start, token.end, 'field');
    else if (/^(and|or|not)$/i.test(token.text) || all[i - 1]?.text === '|') add(token.start, token.end, 'word');
    else add(token.start, token.end, 'plain');
  });
  if (at < query.length) found.push({ text: query.slice(at), kind: 'plain', place: false });
  if (position !== null && !found.some((piece) => piece.place)) {
    if (position >= query.trimEnd().length) found.push({ text: ' ', kind: 'plain', place: true });
    else {
      let start = 0;
      for (const piece of found) {
        piece.place = position >= start && position < start + piece.text.length;
        start += piece.text.length;
      }
    }
  }
  return found;
}

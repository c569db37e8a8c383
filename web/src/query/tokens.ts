/** A piece of a query. `text` is what stands there, quotes included; `start` and `end` count UTF-16 units. */
export interface Token {
  kind: 'word' | 'string' | 'mark' | 'comment';
  text: string;
  start: number;
  end: number;
  /** A quote that is not closed. */
  open?: boolean;
}

const WORD = /[^\s"'`()[\]{}|,:=!<>~*#]/;

/** Pieces of a query, however wrong it is: white space aside, nothing is left out. */
export function tokens(query: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const c = query[at]!;
    const start = at;
    if (/\s/.test(c)) {
      at++;
      continue;
    }
    if (c === '"' || c === "'" || c === '`') {
      at++;
      while (at < query.length && query[at] !== c) at += query[at] === '\\' && c !== '`' ? 2 : 1;
      const open = at >= query.length;
      at = Math.min(query.length, at + 1);
      found.push({ kind: 'string', text: query.slice(start, at), start, end: at, ...(open ? { open } : {}) });
    } else if (c === '#' && (start === 0 || /\s/.test(query[start - 1]!))) {
      while (at < query.length && query[at] !== '\n') at++;
      found.push({ kind: 'comment', text: query.slice(start, at), start, end: at });
    } else if (WORD.test(c)) {
      while (at < query.length && WORD.test(query[at]!)) at++;
      found.push({ kind: 'word', text: query.slice(start, at), start, end: at });
    } else {
      at++;
      found.push({ kind: 'mark', text: c, start, end: at });
    }
  }
  return found;
}

/** The filter of a query and its pipes, each without the bar before it. */
export function parts(query: string): { filter: string; pipes: string[] } {
  const bars: number[] = [];
  let depth = 0;
  for (const token of tokens(query)) {
    if (token.kind !== 'mark') continue;
    if ('([{'.includes(token.text)) depth++;
    else if (')]}'.includes(token.text)) depth = Math.max(0, depth - 1);
    else if (token.text === '|' && depth === 0) bars.push(token.start);
  }
  const ends = [...bars, query.length];
  return {
    filter: query.slice(0, ends[0]).trim(),
    pipes: bars.map((bar, i) => query.slice(bar + 1, ends[i + 1]).trim()),
  };
}

/** What a string token means; a word is itself. */
export function unquoted(text: string): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'" && quote !== '`') return text;
  const inner = text.slice(1, text.length > 1 && text.endsWith(quote) ? -1 : undefined);
  if (quote === '`') return inner;
  return inner.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([nrt\\"'`]))/gi, (_, x?: string, u?: string, c?: string) =>
    c ? ({ n: '\n', r: '\r', t: '\t' }[c] ?? c) : String.fromCharCode(parseInt((x ?? u)!, 16)),
  );
}

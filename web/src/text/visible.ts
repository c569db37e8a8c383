/** A piece of a text: as it is, or the escape of a character that would not show, or would change what does. */
export interface Piece {
  text: string;
  kind: 'plain' | 'escape' | 'found';
}

// Control characters, marks that turn the direction of writing, and what takes no room.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\t\n]/;
const UNSEEN_ALL = new RegExp(UNSEEN, 'g');

export function escapeOf(character: string): string {
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e', '\0': '\\0' }[character];
  if (named) return named;
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** One line of text in which nothing is hidden. */
export function visible(text: string): string {
  return UNSEEN.test(text) ? text.replace(UNSEEN_ALL, escapeOf) : text;
}

/** The text in pieces; with `multiline`, newlines and tabs stay what they are. At most `limit` characters are looked at. */
export function pieces(text: string, words: string[] = [], multiline = false, limit = Infinity): Piece[] {
  const shown = text.length > limit ? text.slice(0, limit) : text;
  const found: Piece[] = [];
  let plain = 0;
  for (const match of shown.matchAll(UNSEEN_ALL)) {
    if (multiline && (match[0] === '\n' || match[0] === '\t')) continue;
    if (match.index > plain) marked(shown.slice(plain, match.index), words, found);
    found.push({ text: escapeOf(match[0]), kind: 'escape' });
    plain = match.index + 1;
  }
  if (plain < shown.length) marked(shown.slice(plain), words, found);
  if (shown.length < text.length) found.push({ text: '…', kind: 'escape' });
  return found;
}

function marked(text: string, words: string[], into: Piece[]): void {
  let at = 0;
  while (words.length > 0 && at < text.length) {
    let next = -1;
    let length = 0;
    for (const word of words) {
      const place = text.indexOf(word, at);
      if (place >= 0 && (next < 0 || place < next)) [next, length] = [place, word.length];
    }
    if (next < 0 || length === 0) break;
    if (next > at) into.push({ text: text.slice(at, next), kind: 'plain' });
    into.push({ text: text.slice(next, next + length), kind: 'found' });
    at = next + length;
  }
  if (at < text.length) into.push({ text: text.slice(at), kind: 'plain' });
}

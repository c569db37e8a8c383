const PLAIN = /^[\p{L}\p{N}_][\p{L}\p{N}_.\-/]*$/u;
const RESERVED = new Set(['and', 'or', 'not', 'in', 'by', 'if']);

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !RESERVED.has(text.toLowerCase());
}

/** The text in double quotes, so that the language reads exactly it. */
export function quoted(text: string): string {
  const escaped = text.replace(/[\\"\u0000-\u001f\u007f]/g, (c) => {
    if (c === '\\' || c === '"') return `\\${c}`;
    if (c === '\n') return '\\n';
    if (c === '\r') return '\\r';
    if (c === '\t') return '\\t';
    return `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}

/** A field's name as a query writes it. */
export function fieldName(name: string): string {
  return isPlain(name) ? name : quoted(name);
}

/** A value as a query writes it. */
export function valueText(value: string): string {
  return isPlain(value) ? value : quoted(value);
}

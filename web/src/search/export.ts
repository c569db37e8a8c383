import { ask } from '../api/connection';
import { readRecords, type LogRecord } from '../api/lines';
import { spanParameters, type Span } from '../api/logsql';

export type ExportForm = 'jsonl' | 'raw' | 'csv';

/** What a download holds at most, as the browser keeps all of it until it is written. */
export const MOST_EXPORTED = 500_000;

/** A value as a field of CSV (RFC 4180). A leading = + - @ would be a formula to a spreadsheet: it gets an apostrophe. */
export function csvField(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function formatted(records: LogRecord[], form: ExportForm, columns: string[]): string {
  if (form === 'jsonl') return records.map((record) => `${JSON.stringify(record)}\n`).join('');
  if (form === 'raw') return records.map((record) => `${record['_msg'] ?? ''}\n`).join('');
  return records.map((record) => `${columns.map((column) => csvField(record[column] ?? '')).join(',')}\r\n`).join('');
}

/** Fetches all that the query finds and gives it to the browser as a file. Returns how many records it has. */
export async function download(query: string, span: Span, form: ExportForm, columns: string[], signal: AbortSignal, progress: (n: number) => void): Promise<number> {
  const answer = await ask('/select/logsql/query', { query, ...spanParameters(span) }, signal);
  const pieces: string[] = form === 'csv' ? [`${columns.map(csvField).join(',')}\r\n`] : [];
  let n = 0;
  for await (const records of readRecords(answer)) {
    const wanted = records.slice(0, MOST_EXPORTED - n);
    pieces.push(formatted(wanted, form, columns));
    n += wanted.length;
    progress(n);
    if (n >= MOST_EXPORTED) break;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(pieces, { type: 'application/octet-stream' }));
  link.download = `puppylog.${form === 'raw' ? 'log' : form}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return n;
}

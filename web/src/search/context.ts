import { everything, newest } from '../api/logsql';
import { readRecords, type LogRecord } from '../api/lines';
import { equals } from '../query/compose';
import { quoted } from '../query/quoting';

/** Records on either side of it that are shown. */
export const AROUND = 60;
const MOST_OF_TRACE = 5000;

export interface Around {
  records: LogRecord[];
  /** Which of them it is; -1 where it is gone. */
  at: number;
}

/** What a record is shown among: its file's records, or its stream's. */
export function placeOf(record: LogRecord): string {
  if (record['file_path']) return equals('file_path', record['file_path']);
  return record['_stream'] ? equals('_stream', record['_stream']) : '*';
}

async function first(query: string, most: number, signal: AbortSignal): Promise<LogRecord[]> {
  const found: LogRecord[] = [];
  for await (const records of readRecords(await everything(query, null, signal))) {
    found.push(...records);
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

/** The records before and after one, oldest first. */
export async function around(record: LogRecord, signal: AbortSignal): Promise<Around> {
  const place = placeOf(record);
  const time = record['_time']!;
  const [before, same, after] = await Promise.all([
    newest(`${place} _time:<${time}`, null, AROUND, 0, signal),
    first(`${place} _time:[${time}, ${time}]`, 1000, signal),
    first(`${place} _time:>${time} | limit ${AROUND}`, AROUND, signal),
  ]);
  const records = [...before.reverse(), ...same, ...after];
  const text = JSON.stringify(record);
  return { records, at: records.findIndex((one) => JSON.stringify(one) === text) };
}

/** Every record of a trace, in time order. */
export function trace(id: string, signal: AbortSignal): Promise<LogRecord[]> {
  return first(`trace_id:=${quoted(id)}`, MOST_OF_TRACE, signal);
}

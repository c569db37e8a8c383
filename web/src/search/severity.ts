import type { LogRecord } from '../api/lines';

export type Severity = 'error' | 'warn' | 'info' | 'debug' | 'none';

/** How loud a record is: by its level, else by its HTTP status. */
export function severityOf(record: LogRecord): Severity {
  const level = (record['level'] ?? '').toLowerCase();
  if (/^(error|fatal|crit|alert|emerg|panic)/.test(level)) return 'error';
  if (level.startsWith('warn')) return 'warn';
  if (/^(info|notice)/.test(level)) return 'info';
  if (/^(debug|trace)/.test(level)) return 'debug';
  const status = record['status'] ?? '';
  if (/^5\d\d$/.test(status)) return 'error';
  if (/^4\d\d$/.test(status)) return 'warn';
  return 'none';
}

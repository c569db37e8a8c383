const two = (n: number) => String(n).padStart(2, '0');

function shifted(ms: number, utc: boolean): Date {
  return utc ? new Date(ms) : new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
}

/** 2026-08-01 15:59:59, in UTC or the browser's zone. */
export function dateTime(ms: number, utc: boolean): string {
  return Number.isFinite(ms) ? shifted(ms, utc).toISOString().slice(0, 19).replace('T', ' ') : '–';
}

/** A record's time with the digits of seconds that it has. */
export function recordTime(text: string, utc: boolean): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return text;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return dateTime(ms, utc) + (fraction ? `.${fraction.slice(0, 6)}` : '');
}

/** As `<input type="datetime-local">` writes and reads it. */
export function inputTime(ms: number, utc: boolean): string {
  return shifted(ms, utc).toISOString().slice(0, 19);
}

export function parseInputTime(text: string, utc: boolean): number {
  return Date.parse(utc && text !== '' ? `${text}Z` : text);
}

/** Labels of a time axis whose ticks are `step` apart. */
export function axisTime(ms: number, step: number, utc: boolean): string {
  const at = shifted(ms, utc);
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  if (step >= 86_400_000 || clock === '00:00') return at.toISOString().slice(5, 10);
  return step < 60_000 ? `${clock}:${two(at.getUTCSeconds())}` : clock;
}

/** Seconds as somebody would write them: 90 s, 5m, 2h. */
export function secondsText(seconds: number): string {
  for (const [length, unit] of [[86_400, 'd'], [3_600, 'h'], [60, 'min']] as const) if (seconds >= length && seconds % length === 0) return `${seconds / length} ${unit}`;
  return `${seconds} s`;
}

/** A line of a chart. Times are milliseconds since 1970. */
export interface Line {
  name: string;
  points: { time: number; value: number }[];
}

/** Colours that can be told apart in both themes; names of design/tokens.css. */
export const LINE_COLOURS = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6', '--line-7', '--line-8'];

/** From the first point to the end of the last one's step; null where there is none. */
export function spanOf(lines: Line[], step: number): { from: number; to: number } | null {
  const times = lines.flatMap((line) => line.points.map((point) => point.time));
  if (times.length === 0) return null;
  return { from: times.reduce((a, b) => Math.min(a, b)), to: times.reduce((a, b) => Math.max(a, b)) + step };
}

/** The times that are in one of the spans, each once. */
export function together(spans: { from: number; to: number }[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else found.push({ ...span });
  }
  return found;
}

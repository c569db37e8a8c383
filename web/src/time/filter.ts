/** The filter of a span of time; its end is not part of it. */
export function timeFilter(span: { from: number; to: number }): string {
  return `_time:[${new Date(span.from).toISOString()}, ${new Date(span.to).toISOString()})`;
}

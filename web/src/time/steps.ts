/** Widths of buckets that a clock's face knows, in milliseconds. */
const STEPS = [
  1, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000,
  10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000, 2_592_000_000,
];

/** The narrowest width that cuts the span into at most so many buckets. */
export function stepFor(span: number, buckets: number): number {
  return STEPS.find((step) => span / step <= buckets) ?? Math.ceil(span / buckets / 86_400_000) * 86_400_000;
}

/** The width as the API takes it. */
export function stepText(step: number): string {
  return step % 1000 === 0 ? `${step / 1000}s` : `${step}ms`;
}

/** The beginning of the bucket that a time lies in. */
export function bucketOf(time: number, step: number): number {
  return Math.floor(time / step) * step;
}

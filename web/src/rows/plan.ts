import type { Hits } from '../api/logsql';

/** Consecutive buckets of the histogram, newest first: rows `first` to `first + count` of the list. */
export interface Stretch {
  from: number;
  to: number;
  first: number;
  count: number;
}

/** Records of a bucket, by the bucket's beginning in milliseconds. */
export interface Bucket {
  time: number;
  count: number;
}

export function bucketsOf(hits: Hits[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const group of hits) {
    group.timestamps.forEach((text, i) => {
      const time = Date.parse(text);
      counts.set(time, (counts.get(time) ?? 0) + (group.values[i] ?? 0));
    });
  }
  return [...counts].map(([time, count]) => ({ time, count })).sort((a, b) => a.time - b.time);
}

/** Cuts a list of records into stretches of time that hold about `size` of them, so that each row can be asked for without those before it. */
export function stretches(buckets: Bucket[], step: number, size: number): Stretch[] {
  const found: Stretch[] = [];
  let first = 0;
  let open: Stretch | null = null;
  for (let i = buckets.length - 1; i >= 0; i--) {
    const { time, count } = buckets[i]!;
    if (count === 0) continue;
    if (open && open.count + count <= size) {
      open.from = time;
      open.count += count;
    } else {
      open = { from: time, to: time + step, first, count };
      found.push(open);
    }
    first += count;
  }
  return found;
}

/** The stretch that a row lies in. */
export function stretchOf(plan: Stretch[], row: number): Stretch | null {
  let [low, high] = [0, plan.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = plan[middle]!;
    if (row < at.first) high = middle - 1;
    else if (row >= at.first + at.count) low = middle + 1;
    else return at;
  }
  return null;
}

export function totalOf(plan: Stretch[]): number {
  const last = plan.at(-1);
  return last ? last.first + last.count : 0;
}

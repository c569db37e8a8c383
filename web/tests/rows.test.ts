import { expect, test } from 'vitest';
import type { LogRecord } from '../src/api/lines';
import { PAGE, RowPages } from '../src/rows/pages';
import { bucketsOf, stretches, stretchOf, totalOf } from '../src/rows/plan';
import { ScrollWindow, TALLEST } from '../src/rows/window';

const BUCKETS = Array.from({ length: 50 }, (_, i) => ({ time: i * 1000, count: (i * 37) % 900 }));

test('every row lies in exactly one stretch, and the newest comes first', () => {
  const plan = stretches(BUCKETS, 1000, PAGE);
  expect(totalOf(plan)).toBe(BUCKETS.reduce((sum, bucket) => sum + bucket.count, 0));
  let row = 0;
  for (const stretch of plan) {
    expect(stretch.first).toBe(row);
    expect(stretchOf(plan, row)).toBe(stretch);
    expect(stretchOf(plan, row + stretch.count - 1)).toBe(stretch);
    row += stretch.count;
  }
  expect(stretchOf(plan, row)).toBeNull();
  expect(plan[0]!.to).toBe(50_000);
  expect(plan.every((stretch, i) => i === 0 || stretch.to <= plan[i - 1]!.from)).toBe(true);
});

test('hits of several groups count as one', () => {
  const at = '1970-01-01T00:00:01Z';
  expect(bucketsOf([{ fields: { a: '1' }, timestamps: [at], values: [2], total: 2 }, { fields: { a: '2' }, timestamps: [at], values: [3], total: 3 }])).toEqual([{ time: 1000, count: 5 }]);
});

test('each row is asked for once, wherever it is scrolled to, and is the one that it should be', async () => {
  const total = BUCKETS.reduce((sum, bucket) => sum + bucket.count, 0);
  const plan = stretches(BUCKETS, 1000, PAGE);
  const asked: string[] = [];
  const pages = new RowPages(
    async (span, limit, offset) => {
      asked.push(JSON.stringify([span, offset]));
      const first = plan.find((stretch) => stretch.from === span!.from)!.first + offset;
      return Array.from({ length: limit }, (_, i): LogRecord => ({ n: String(first + i) }));
    },
    () => {},
    (e) => {
      throw e;
    },
  );
  pages.plan = plan;
  for (const row of [0, total - 40, 5000, 5010, 900]) {
    pages.need(row, row + 40);
    pages.need(row, row + 40);
    await new Promise((done) => setTimeout(done));
    for (let i = row; i < Math.min(total, row + 40); i++) expect(pages.at(i)?.['n']).toBe(String(i));
  }
  expect(new Set(asked).size).toBe(asked.length);
});

test('an answer to an earlier plan is not shown in a later one', async () => {
  let answer: (rows: LogRecord[]) => void = () => {};
  const pages = new RowPages(() => new Promise((done) => (answer = done)), () => {}, () => {});
  pages.plan = [{ from: 0, to: 1, first: 0, count: 10 }];
  pages.need(0, 10);
  pages.plan = [{ from: 5, to: 6, first: 0, count: 10 }];
  answer([{ n: 'old' }]);
  await new Promise((done) => setTimeout(done));
  expect(pages.at(0)).toBeUndefined();
});

function windowOf(rows: number): ScrollWindow {
  const view = new ScrollWindow();
  view.rows = rows;
  view.rowHeight = 24;
  view.viewHeight = 600;
  return view;
}

test('a short list scrolls by pixels', () => {
  const view = windowOf(1000);
  view.scrolled(2400);
  expect([view.first, view.shown, view.spacer]).toEqual([100, 26, 24_000]);
});

test('a list of ten million rows reaches its first and its last row, and a turn of the wheel moves by its pixels', () => {
  const view = windowOf(10_000_000);
  expect(view.spacer).toBe(TALLEST);
  view.scrolled(TALLEST - 600);
  expect(view.first + view.shown).toBe(10_000_000);
  view.scrolled(TALLEST / 2);
  const before = view.top;
  expect(Math.abs(view.first - 5_000_000)).toBeLessThan(1000);
  view.scrolled(TALLEST / 2 + 120);
  expect(view.top - before).toBe(120);
  view.settled(view.scrollTop);
  expect(view.top - before).toBe(120);
  view.scrolled(0);
  expect(view.first).toBe(0);
});

test('a row is revealed with as little movement as will do', () => {
  const view = windowOf(10_000_000);
  view.reveal(9_999_999);
  expect(view.first + view.shown).toBe(10_000_000);
  view.reveal(9_999_990);
  expect(view.top).toBe(10_000_000 * 24 - 600);
  view.reveal(0);
  expect(view.top).toBe(0);
});

import { describe, expect, test } from 'vitest';
import { inputTime, parseInputTime, recordTime } from '../src/time/clock';
import { timeFilter } from '../src/time/filter';
import { duration, parseRange, rangeText, resolved } from '../src/time/range';
import { stepFor, stepText } from '../src/time/steps';

describe('ranges', () => {
  test.each([['5m', 300_000], ['2d12h', 216_000_000], ['90s', 90_000], ['1.5h', 5_400_000], ['500ms', 500], ['', null], ['abc', null], ['5', null], ['0s', null]])('%s is %s ms', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  test.each(['all', '15m', '2015-05-17T10:00:00.000Z..2015-05-18T00:00:00.000Z'])('%s is read as it is written', (text) => {
    expect(rangeText(parseRange(text)!)).toBe(text);
  });

  test.each(['x..y', '2015-05-18T00:00:00Z..2015-05-17T00:00:00Z', '..', '5 minutes'])('%s is none', (text) => {
    expect(parseRange(text)).toBeNull();
  });

  test('the last hour ends now', () => {
    expect(resolved(parseRange('1h')!, 10_000_000)).toEqual({ from: 6_400_000, to: 10_000_000 });
    expect(resolved(parseRange('all')!, 10_000_000)).toBeNull();
  });
});

test('steps are those of a clock, and not too many', () => {
  for (const span of [1, 1000, 60_000, 3_600_000, 86_400_000, 31_536_000_000, 1e13]) expect(span / stepFor(span, 120)).toBeLessThanOrEqual(120);
  expect(stepText(stepFor(86_400_000, 120))).toBe('900s');
  expect(stepText(5)).toBe('5ms');
});

test('times keep the digits that they have', () => {
  expect(recordTime('2015-05-17T10:05:03.123456789Z', true)).toBe('2015-05-17 10:05:03.123456');
  expect(recordTime('not a time', true)).toBe('not a time');
  expect(parseInputTime(inputTime(1_431_857_103_000, true), true)).toBe(1_431_857_103_000);
  expect(parseInputTime(inputTime(1_431_857_103_000, false), false)).toBe(1_431_857_103_000);
  expect(timeFilter({ from: 0, to: 1500 })).toBe('_time:[1970-01-01T00:00:00.000Z, 1970-01-01T00:00:01.500Z)');
});

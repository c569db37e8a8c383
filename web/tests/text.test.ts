import { expect, test } from 'vitest';
import type { LogRecord } from '../src/api/lines';
import { csvField, formatted } from '../src/search/export';
import { addressText, readAddress, type Address } from '../src/state/address';
import { short } from '../src/text/numbers';
import { pieces, visible } from '../src/text/visible';

test('nothing in a line is hidden', () => {
  expect(visible('a\u001b[31mb\0\n\t\u202e\u0085')).toBe('a\\e[31mb\\0\\n\\t\\u202e\\x85');
  expect(pieces('a\nb\u0007', [], true)).toEqual([{ text: 'a\nb', kind: 'plain' }, { text: '\\x07', kind: 'escape' }]);
});

test('words are marked where they are', () => {
  expect(pieces('an error, an error', ['error'])).toEqual([
    { text: 'an ', kind: 'plain' },
    { text: 'error', kind: 'found' },
    { text: ', an ', kind: 'plain' },
    { text: 'error', kind: 'found' },
  ]);
});

test.each<Address>([
  { view: 'search', query: '', range: { kind: 'all' }, columns: [], oldestFirst: false, item: '', mode: 'show' },
  { view: 'live', query: 'a:"b & c=d | #x"', range: { kind: 'last', text: '2h30m', ms: 9_000_000 }, columns: ['_time', 'a,b', 'ü %'], oldestFirst: true, item: '', mode: 'show' },
  { view: 'alerts', query: '', range: { kind: 'last', text: '1h', ms: 3_600_000 }, columns: [], oldestFirst: false, item: 'a.b&c', mode: 'edit' },
  { view: 'dashboard', query: 'x', range: { kind: 'between', from: 1000, to: 2000 }, columns: [], oldestFirst: false, item: '', mode: 'show' },
])('an address reads back as what was shown: %j', (address) => {
  const text = new URL(addressText(address), 'http://x');
  expect(readAddress(text.pathname, text.search)).toEqual(address);
});

test('an address that nobody wrote is the search for everything', () => {
  expect(readAddress('/what', '?time=never&columns=,,&order=up')).toEqual({ view: 'search', query: '', range: { kind: 'all' }, columns: [], oldestFirst: false, item: '', mode: 'show' });
});

test.each([['plain', 'plain'], ['a,b', '"a,b"'], ['say "x"', '"say ""x"""'], ['a\nb', '"a\nb"'], ['=1+1', "'=1+1"], ['-5.2', '-5.2'], ['@x', "'@x"]])('%j is %j in CSV', (value, expected) => {
  expect(csvField(value)).toBe(expected);
});

test('an export has every record', () => {
  const records: LogRecord[] = [{ _msg: 'a', x: '1' }, { _msg: 'b' }];
  expect(formatted(records, 'csv', ['x', '_msg'])).toBe('1,a\r\n,b\r\n');
  expect(formatted(records, 'raw', [])).toBe('a\nb\n');
  expect(formatted(records, 'jsonl', [])).toBe('{"_msg":"a","x":"1"}\n{"_msg":"b"}\n');
});

test.each([[0, '0'], [999, '999'], [1234, '1.23 k'], [2_000_000, '2 M'], [0.123, '0.12']])('%d is shown as %s', (n, expected) => {
  expect(short(n)).toBe(expected);
});

import { describe, expect, test } from 'vitest';
import { completionAt } from '../src/query/completion';
import { painted } from '../src/query/painting';
import { parts, tokens, unquoted } from '../src/query/tokens';

describe('completion', () => {
  test.each([
    ['sta', { kind: 'field', prefix: 'sta', start: 0, end: 3 }],
    ['error sta', { kind: 'field', prefix: 'sta', start: 6, end: 9 }],
    ['status:', { kind: 'value', field: 'status', prefix: '', start: 7, end: 7 }],
    ['status:=40', { kind: 'value', field: 'status', prefix: '40', start: 8, end: 10 }],
    ['!status:40', { kind: 'value', field: 'status', prefix: '40', start: 8, end: 10 }],
    ['route:"/a b', { kind: 'value', field: 'route', prefix: '/a b', start: 6, end: 11 }],
    ['"odd name":x', { kind: 'value', field: 'odd name', prefix: 'x', start: 11, end: 12 }],
    ['status:>=5', null],
    ['a | st', { kind: 'pipe', prefix: 'st', start: 4, end: 6 }],
    ['a # com', null],
    ['"closed"', null],
  ])('%s ⇶ %j', (query, expected) => {
    expect(completionAt(query, query.length)).toEqual(expected);
  });
});

test('pipes are found outside of quotes and parentheses only', () => {
  expect(parts('a:~"x|y" (b | c) | top 3 by (d) | limit 1')).toEqual({ filter: 'a:~"x|y" (b | c)', pipes: ['top 3 by (d)', 'limit 1'] });
});

test.each(['', 'a', '"open', 'a | "b\\', "it's | x", 'status > 500', '((', 'a\u0000b ]'])('%j is painted as exactly itself, and taken apart without an end', (query) => {
  expect(painted(query, null).map((piece) => piece.text).join('')).toBe(query);
  expect(tokens(query).every((token) => query.slice(token.start, token.end) === token.text)).toBe(true);
});

test('the wrong place is marked, also behind the end', () => {
  expect(painted('status > 500', 7).filter((piece) => piece.place).map((piece) => piece.text)).toEqual(['>']);
  expect(painted('status:', 7).at(-1)).toEqual({ text: ' ', kind: 'plain', place: true });
});

test('quotes are taken off as the language does', () => {
  expect(unquoted('"a\\"b\\n\\x41"')).toBe('a"b\nA');
  expect(unquoted('`a\\n`')).toBe('a\\n');
});

import { describe, expect, test } from 'vitest';
import { equals, filterIn, filterOut, filterOf, hasPipes, narrowed, soughtWords } from '../src/query/compose';

describe('filter in and out', () => {
  test.each([
    ['', 'status', '404', 'status:=404'],
    ['*', 'status', '404', 'status:=404'],
    ['error', 'status', '404', 'error status:=404'],
    ['a or b', 'status', '404', '(a or b) status:=404'],
    ['(a or b)', 'status', '404', '(a or b) status:=404'],
    ['error | stats count()', 'status', '404', 'error status:=404 | stats count()'],
    ['user_agent:"a | b"', 'status', '404', 'user_agent:"a | b" status:=404'],
    ['status:=404', 'status', '404', 'status:=404'],
    ['x !status:=404', 'status', '404', 'x status:=404'],
    ['*', 'route', '/a?b=c', 'route:="/a?b=c"'],
    ['*', 'route', '/a/b', 'route:="/a/b"'],
    ['*', 'referrer', 'say "hi" \\ there', 'referrer:="say \\"hi\\" \\\\ there"'],
    ['*', 'text', 'a\nb\tc\u001b[31m', 'text:="a\\nb\\tc\\x1b[31m"'],
    ['*', 'odd name', 'or', '"odd name":="or"'],
    ['*', 'user', '', 'user:""'],
    ['*', '_stream', '{app="a"}', '{app="a"}'],
    ['*', 'city', 'Zürich', 'city:=Zürich'],
  ])('%s in %s=%j ⇶ %s', (query, field, value, expected) => {
    expect(filterIn(query, field, value)).toBe(expected);
  });

  test.each([
    ['', '!status:=404'],
    ['error', 'error !status:=404'],
    ['status:=404', '!status:=404'],
    ['x status:=404 y', 'x y !status:=404'],
    ['a or status:=404', '(a or status:=404) !status:=404'],
  ])('%s without it ⇶ %s', (query, expected) => {
    expect(filterOut(query, 'status', '404')).toBe(expected);
  });

  test('a value that looks like a pipe or a comment stays a value', () => {
    expect(filterOf(filterIn('*', 'a', 'x | stats # y'))).toBe('a:="x | stats # y"');
    expect(hasPipes(filterIn('*', 'a', 'x | stats'))).toBe(false);
  });

  test('what is added stands before the pipes', () => {
    expect(narrowed('| stats count()', 'a:b')).toBe('a:b | stats count()');
    expect(equals('a.b', 'c')).toBe('a.b:=c');
  });
});

describe('words that are marked', () => {
  test.each([
    ['error "cannot open" status:>=500', ['error', 'cannot open']],
    ['not error -warn !info', []],
    ['{app="x"} level:error', []],
    ['* | stats by (x) count()', []],
  ])('%s ⇶ %j', (query, expected) => {
    expect(soughtWords(query)).toEqual(expected);
  });
});

import { expect, test } from 'vitest';
import { EventParser } from '../src/api/events';
import { LineSplitter } from '../src/api/lines';

const STREAM = ': alive\n\nid: 1-1\nevent: record\ndata: {"_msg":"ä\\u0000"}\n\nid: 1-2\r\nevent: record\r\ndata: {"_msg":\r\ndata: "two"}\r\n\r\nevent: skipped\ndata:{"skipped":12}\n\ndata\n\nid: 9\rdata: x\r\r';

test('events are the same however the bytes were cut', () => {
  const whole = new EventParser();
  const expected = whole.push(STREAM);
  expect(expected.map((event) => [event.event, event.data, event.id])).toEqual([
    ['record', '{"_msg":"ä\\u0000"}', '1-1'],
    ['record', '{"_msg":\n"two"}', '1-2'],
    ['skipped', '{"skipped":12}', '1-2'],
    ['message', '', '1-2'],
    ['message', 'x', '9'],
  ]);
  for (let size = 1; size < 20; size++) {
    const parser = new EventParser();
    const found = [];
    for (let at = 0; at < STREAM.length; at += size) found.push(...parser.push(STREAM.slice(at, at + size)));
    expect(found).toEqual(expected);
  }
});

test('what a broken connection left is forgotten, the cursor is not', () => {
  const parser = new EventParser();
  parser.push('id: 7-1\ndata: a\n\nid: 7-2\ndata: half');
  expect(parser.joined().push('data: b\n\n')).toEqual([{ event: 'message', data: 'b', id: '7-1' }]);
});

test('lines are whole however the bytes were cut, also within a character', () => {
  const bytes = new TextEncoder().encode('{"a":"ä€😀"}\n{"b":2}\nlast');
  for (let size = 1; size < 9; size++) {
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.slice(at, at + size)));
    lines.push(splitter.end());
    expect(lines).toEqual(['{"a":"ä€😀"}', '{"b":2}', 'last']);
  }
});

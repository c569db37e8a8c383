import { expect, test } from 'vitest';
import type { Alert, Metric, Signal } from '../src/api/resources';
import { ApiError, mistakesOf } from '../src/api/connection';
import { bodyOf, draftOf, newDraft } from '../src/alerts/draft';
import { causeOf } from '../src/alerts/cause';
import { firings } from '../src/alerts/standing';
import { together } from '../src/charts/line';
import { bodyOf as metricBody, draftOf as metricDraft } from '../src/metrics/draft';

const ALERT: Alert = {
  alert: 'busy', metric: 'hits', state: 'ok', rule: '', severity: 'critical', segments: [], statistic: 'sum', window: 60, above: 10, below: null, recover_below: 10, recover_above: null, for: 0, no_data: null,
  against_yesterday: false, per_segment: true, labels: { team: 'web', tier: '1' }, title: 'busy', value_name: 'hits', samples: 3, notify: ['ops'], configured: false, created: '2026-01-01T00:00:00Z',
};
const METRIC: Metric = { metric: 'hits', statistic: 'quantile(0.42)', property: 'bytes', filter: 'a or b', period: 10, refresh: 10, segments: ['user'], top: 1000, lateness: 60, configured: false, created: '', complete: true };

const given = (body: object) => JSON.parse(JSON.stringify(body));
const signal = (time: number, kind: string, segment = '', cause = 'threshold'): Signal => ({ time: new Date(time).toISOString(), kind, segment, value: '1', cause, episode: 1, message: '', settled: true });

test('an alert that is edited and not changed is sent as it was, without what follows from the rest', () => {
  expect(given(bodyOf(draftOf(ALERT)))).toEqual({ id: 'busy', metric: 'hits', statistic: 'sum', window: 60, above: 10, per_segment: true, severity: 'critical', labels: { team: 'web', tier: '1' }, samples: 3, notify: ['ops'] });
  expect(given(bodyOf(draftOf({ ...ALERT, above: null, recover_below: null, below: -5, recover_above: 0, against_yesterday: true })))).toMatchObject({ below: -5, recover_above: 0, compare: 'yesterday' });
});

test('what is no number is sent as it was written, for the server to tell', () => {
  expect(given(bodyOf({ ...newDraft('hits'), id: ' x ', threshold: '1,5', window: '5m', for: ' 30 ' }))).toMatchObject({ id: 'x', above: '1,5', window: '5m', for: 30 });
  expect(given(metricBody(metricDraft(METRIC)))).toEqual({ id: 'hits', filter: 'a or b', stat: 'quantile', quantile: 0.42, property: 'bytes', period: 10, segments: ['user'], top: 1000, lateness: 60 });
});

test('mistakes are told at their members, by their name or by their line', () => {
  const body = { id: 'x', skipped: undefined, metric: 'y', window: 'z' };
  const error = new ApiError('all', 400, undefined, undefined, [{ message: 'expected a duration', line: 4 }, { message: 'metric: there is none' }, { message: 'no bound', line: 1 }, { message: 'too long', line: 4 }]);
  expect(mistakesOf(error, body)).toEqual({ window: 'expected a duration; too long', metric: 'there is none', '': 'no bound' });
  expect(mistakesOf(new ApiError('busy', 400), body)).toEqual({ '': 'busy' });
});

test('the lines that caused it are those of its window and segment', () => {
  expect(causeOf(ALERT, METRIC, signal(100_000, 'firing', '<b>"'))).toEqual({ query: '(a or b) user:="<b>\\""', range: { kind: 'between', from: 40_000, to: 100_000 } });
  expect(causeOf({ ...ALERT, no_data: 30 }, { ...METRIC, filter: '*' }, signal(100_000, 'firing', '', 'no-data'))).toEqual({ query: '', range: { kind: 'between', from: 70_000, to: 100_000 } });
});

test('a firing lasts to its recovery, each segment by itself, and to the end without one', () => {
  const history = [signal(1000, 'firing', 'a'), signal(2000, 'firing', 'b'), signal(3000, 'recovered', 'a'), signal(4000, 'calmed', 'c'), signal(9000, 'firing', 'a')];
  const spans = firings(history, 10_000);
  expect(spans).toEqual([{ from: 1000, to: 3000 }, { from: 2000, to: 10_000 }, { from: 9000, to: 10_000 }]);
  expect(together(spans)).toEqual([{ from: 1000, to: 10_000 }]);
  expect(together([{ from: 5, to: 6 }, { from: 1, to: 2 }])).toEqual([{ from: 1, to: 2 }, { from: 5, to: 6 }]);
});

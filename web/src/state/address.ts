import { ALL, parseRange, rangeText, type TimeRange } from '../time/range';

export const VIEWS = ['search', 'live', 'dashboard', 'alerts', 'charts', 'sources', 'storage'] as const;
export type View = (typeof VIEWS)[number];

/** Of those that look at records: what they were asked last stands in the address. */
const ASKED: readonly View[] = ['search', 'live', 'dashboard'];
const TIMED: readonly View[] = [...ASKED, 'alerts', 'charts'];

const MODES = ['show', 'edit', 'new'] as const;
export type Mode = (typeof MODES)[number];

/** What a link to the page says. */
export interface Address {
  view: View;
  query: string;
  range: TimeRange;
  /** Empty: the usual ones. */
  columns: string[];
  oldestFirst: boolean;
  /** The alert or metric that is looked at; empty: the list of them. */
  item: string;
  mode: Mode;
}

export function readAddress(path: string, search: string): Address {
  const name = path.replace(/^\/|\/$/g, '');
  const given = new URLSearchParams(search);
  return {
    view: VIEWS.find((view) => view === name) ?? 'search',
    query: given.get('q') ?? '',
    range: parseRange(given.get('time') ?? 'all') ?? ALL,
    columns: (given.get('columns') ?? '').split(',').filter((column) => column !== '').map(decodeURIComponent),
    oldestFirst: given.get('order') === 'oldest',
    item: given.get('id') ?? '',
    mode: MODES.find((mode) => mode === given.get('do')) ?? 'show',
  };
}

/** Reads back as the same; what is usual, or nothing to the view, is left out. */
export function addressText(address: Address): string {
  const given = new URLSearchParams();
  const isAsked = ASKED.includes(address.view);
  if (address.query !== '' && isAsked) given.set('q', address.query);
  if (address.range.kind !== 'all' && TIMED.includes(address.view)) given.set('time', rangeText(address.range));
  // A name may have a comma in it.
  if (address.columns.length > 0 && isAsked) given.set('columns', address.columns.map(encodeURIComponent).join(','));
  if (address.oldestFirst && isAsked) given.set('order', 'oldest');
  if (address.item !== '') given.set('id', address.item);
  if (address.mode !== 'show') given.set('do', address.mode);
  return `/${address.view}${given.size > 0 ? `?${given}` : ''}`;
}

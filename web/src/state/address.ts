import { ALL, parseRange, rangeText, type TimeRange } from '../time/range';

export const VIEWS = ['search', 'live', 'dashboard'] as const;
export type View = (typeof VIEWS)[number];

/** What a link to the page says. */
export interface Address {
  view: View;
  query: string;
  range: TimeRange;
  /** Empty: the usual ones. */
  columns: string[];
  oldestFirst: boolean;
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
  };
}

/** Reads back as the same; what is usual is left out. */
export function addressText(address: Address): string {
  const given = new URLSearchParams();
  if (address.query !== '') given.set('q', address.query);
  if (address.range.kind !== 'all') given.set('time', rangeText(address.range));
  // A name may have a comma in it.
  if (address.columns.length > 0) given.set('columns', address.columns.map(encodeURIComponent).join(','));
  if (address.oldestFirst) given.set('order', 'oldest');
  return `/${address.view}${given.size > 0 ? `?${given}` : ''}`;
}

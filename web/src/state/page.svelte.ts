import { addressText, readAddress, type Address } from './address';

/** What the page shows: always what its address says. */
export const page = $state<{ address: Address }>({ address: readAddress(location.pathname, location.search) });

export function listen(): void {
  addEventListener('popstate', () => {
    page.address = readAddress(location.pathname, location.search);
  });
}

/** Shows something else. While somebody types, the entry in the history is replaced. */
export function go(change: Partial<Address>, replace = false): void {
  const next = { ...$state.snapshot(page.address), ...change } as Address;
  const text = addressText(next);
  if (text !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState'](null, '', text);
  page.address = next;
}

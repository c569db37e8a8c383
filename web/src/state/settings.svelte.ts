export type Theme = 'system' | 'light' | 'dark';

const kept = (name: string) => localStorage.getItem(`puppylog-${name}`);

/** What this browser remembers of its user's choices. */
export const settings = $state({
  theme: (['light', 'dark'].find((theme) => theme === kept('theme')) ?? 'system') as Theme,
  utc: kept('zone') === 'utc',
  facets: kept('facets') !== 'closed',
});

const system = matchMedia('(prefers-color-scheme: dark)');

/** Bound to what is drawn, not styled: charts take their colours from here. */
export const look = $state({ dark: system.matches });

function apply(): void {
  look.dark = settings.theme === 'system' ? system.matches : settings.theme === 'dark';
  document.documentElement.dataset.theme = look.dark ? 'dark' : 'light';
}

export function setTheme(theme: Theme): void {
  settings.theme = theme;
  localStorage.setItem('puppylog-theme', theme);
  apply();
}

export function setUtc(utc: boolean): void {
  settings.utc = utc;
  localStorage.setItem('puppylog-zone', utc ? 'utc' : 'local');
}

export function setFacets(open: boolean): void {
  settings.facets = open;
  localStorage.setItem('puppylog-facets', open ? 'open' : 'closed');
}

export function startLook(): void {
  system.addEventListener('change', apply);
  apply();
}

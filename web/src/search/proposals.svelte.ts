import { fieldNames, fieldValues } from '../api/logsql';
import { completionAt, PIPES, type Completion } from '../query/completion';
import { fieldName, valueText } from '../query/quoting';
import { short } from '../text/numbers';
import { visible } from '../text/visible';

export interface Proposal {
  label: string;
  note: string;
  /** What is written in place of what was typed. */
  text: string;
  /** Further proposals follow at once: a field's values. */
  more: boolean;
}

const MOST = 12;
const WAIT_MS = 60;
/** Values are counted over everything that is stored: the rows of what was typed come first. */
const VALUES_WAIT_MS = 250;
const NAMES_KEPT_MS = 60_000;

let names: { at: number; found: Promise<{ value: string; hits: number }[]> } | null = null;

function knownNames(): Promise<{ value: string; hits: number }[]> {
  if (!names || Date.now() - names.at > NAMES_KEPT_MS) {
    names = { at: Date.now(), found: fieldNames('*', null) };
    names.found.catch(() => (names = null));
  }
  return names.found;
}

/** What the query could go on with, asked for while somebody types. */
export class Proposals {
  items = $state.raw<Proposal[]>([]);
  chosen = $state(-1);
  #at: Completion | null = null;
  #stop: AbortController | null = null;

  async look(query: string, cursor: number, asked = false): Promise<void> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    const at = completionAt(query, cursor);
    if (!at || (at.kind === 'field' && at.prefix === '' && !asked)) {
      this.close();
      return;
    }
    await new Promise((done) => setTimeout(done, at.kind === 'value' ? VALUES_WAIT_MS : WAIT_MS));
    if (stop.signal.aborted) return;
    try {
      const items = await find(at, stop.signal);
      if (stop.signal.aborted) return;
      this.#at = at;
      this.items = items.some((item) => item.text !== query.slice(at.start, at.end)) ? items : [];
      // Of a value, typing on and Enter must search for what was typed.
      this.chosen = at.kind === 'value' && at.prefix === '' ? -1 : asked && items.length > 0 ? 0 : -1;
    } catch {
      this.close();
    }
  }

  move(by: number): void {
    const n = this.items.length;
    this.chosen = (this.chosen + by + n + (this.chosen < 0 && by < 0 ? 1 : 0)) % n;
  }

  taken(query: string, index: number): { query: string; cursor: number; more: boolean } | null {
    const item = this.items[index];
    if (!item || !this.#at) return null;
    const before = query.slice(0, this.#at.start) + item.text;
    const after = query.slice(this.#at.end).replace(item.more ? /^:/ : /^(?!)/, '');
    return { query: before + after, cursor: before.length, more: item.more };
  }

  close(): void {
    this.#stop?.abort();
    this.items = [];
    this.chosen = -1;
  }

  closeSoon(): void {
    setTimeout(() => this.close(), 150);
  }
}

async function find(at: Completion, signal: AbortSignal): Promise<Proposal[]> {
  if (at.kind === 'pipe') {
    return Object.entries(PIPES)
      .filter(([name]) => name.startsWith(at.prefix))
      .map(([name, what]) => ({ label: name, note: what.split(' — ').at(-1)!, text: `${name} `, more: false }));
  }
  if (at.kind === 'field') {
    const low = at.prefix.toLowerCase();
    const found = (await knownNames()).filter(({ value }) => value.toLowerCase().includes(low));
    found.sort((a, b) => Number(b.value.toLowerCase().startsWith(low)) - Number(a.value.toLowerCase().startsWith(low)) || b.hits - a.hits);
    return found.slice(0, MOST).map(({ value, hits }) => ({ label: visible(value), note: short(hits), text: `${fieldName(value)}:`, more: true }));
  }
  const found = await fieldValues('*', at.field, at.prefix, MOST, null, signal);
  return found
    .filter(({ value }) => value !== '')
    .map(({ value, hits }) => ({ label: visible(value), note: short(hits), text: `${valueText(value)} `, more: false }));
}

import { ApiError, mistakesOf } from '../api/connection';
import type { Body } from '../api/resources';

/** A form that is being sent: what is refused, by the name of the member, and what else went wrong. */
export class Saving {
  busy = $state(false);
  error = $state('');
  refused = $state.raw<Record<string, string>>({});

  /** What was refused is being changed. */
  changed(): void {
    this.refused = {};
  }

  /** True where it was taken; otherwise the first field that is wrong has the focus. */
  async send(body: Body, send: () => Promise<unknown>, isNew: boolean, form: HTMLFormElement | undefined): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = '';
    try {
      await send();
      return true;
    } catch (e) {
      this.busy = false;
      if (e instanceof ApiError && e.status === 400) this.refused = mistakesOf(e, body);
      else if (e instanceof ApiError && e.status === 409 && isNew) this.refused = { id: e.message };
      else this.error = e instanceof Error ? e.message : String(e);
      requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return false;
    }
  }
}

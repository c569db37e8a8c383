import { onMount } from 'svelte';
import { isAbort } from '../api/connection';

/** What a view reads when it opens, broken off when it closes. */
export function whenOpened(read: (stop: AbortSignal) => Promise<void>, failed: (message: string) => void): void {
  onMount(() => {
    const stop = new AbortController();
    read(stop.signal).catch((e: unknown) => {
      if (!isAbort(e)) failed(e instanceof Error ? e.message : String(e));
    });
    return () => stop.abort();
  });
}

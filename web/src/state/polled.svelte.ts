import { ApiError, isAbort } from '../api/connection';

/** What the server says, asked again and again while the page is seen. What was told last stays while an answer is away. */
export class Polled<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);

  #stop = new AbortController();
  #timer = 0;

  constructor(
    readonly ask: (signal: AbortSignal) => Promise<T>,
    readonly everyMs: number,
  ) {}

  start(): this {
    void this.again();
    return this;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  /** Asks now; what is under way is forgotten. */
  async again(): Promise<void> {
    this.stop();
    const stop = (this.#stop = new AbortController());
    try {
      if (!document.hidden || this.value === null) {
        const value = await this.ask(stop.signal);
        if (stop.signal.aborted) return;
        this.value = value;
        this.error = null;
      }
    } catch (e) {
      if (stop.signal.aborted || isAbort(e)) return;
      this.error = e instanceof ApiError ? e : new ApiError(String(e), 0);
    }
    this.#timer = window.setTimeout(() => void this.again(), this.everyMs);
  }
}

/** Browsers give up on elements of some 16 million pixels; a longer list is scrolled through by proportion. */
export const TALLEST = 6_000_000;

/**
 * Which rows of a long list are seen. The scrollbar belongs to an element of at most TALLEST pixels. While that is the list's own height, they move
 * together; in a longer list, small movements move by pixels and jumps by proportion.
 */
export class ScrollWindow {
  rows = 0;
  rowHeight = 24;
  viewHeight = 0;
  /** Pixels of the whole list above the view. */
  top = 0;
  #scrolled = 0;

  get height(): number {
    return this.rows * this.rowHeight;
  }

  /** Of the element that is scrolled. */
  get spacer(): number {
    return Math.min(this.height, TALLEST);
  }

  get #furthest(): number {
    return Math.max(0, this.height - this.viewHeight);
  }

  get #furthestScroll(): number {
    return Math.max(0, this.spacer - this.viewHeight);
  }

  get first(): number {
    return Math.floor(this.top / this.rowHeight);
  }

  /** Rows that are at least partly seen. */
  get shown(): number {
    return Math.max(0, Math.min(this.rows - this.first, Math.ceil(this.viewHeight / this.rowHeight) + 1));
  }

  /** The scrollbar was moved. */
  scrolled(to: number): void {
    const moved = to - this.#scrolled;
    this.#scrolled = to;
    if (this.height <= TALLEST) this.top = to;
    else if (to <= 0) this.top = 0;
    else if (to >= this.#furthestScroll - 1) this.top = this.#furthest;
    else if (Math.abs(moved) <= this.viewHeight * 2) this.top += moved;
    else this.top = (to / this.#furthestScroll) * this.#furthest;
    this.#clamp();
  }

  /** Where the scrollbar belongs for what is shown. */
  get scrollTop(): number {
    if (this.height <= TALLEST) return this.top;
    return this.#furthest === 0 ? 0 : (this.top / this.#furthest) * this.#furthestScroll;
  }

  /** The scrollbar was put where `scrollTop` says; nothing else moves. */
  settled(at: number): void {
    this.#scrolled = at;
  }

  /** Moves as little as makes the row seen whole. */
  reveal(row: number): void {
    const [start, end] = [row * this.rowHeight, (row + 1) * this.rowHeight];
    if (start < this.top) this.top = start;
    else if (end > this.top + this.viewHeight) this.top = end - this.viewHeight;
    this.#clamp();
  }

  #clamp(): void {
    this.top = Math.min(this.#furthest, Math.max(0, this.top));
  }
}
